#include "core/stat/inversions.hpp"

#include <algorithm>

namespace ea::core {

namespace {

constexpr std::size_t kRun = 16;    // sorted by insertion, which is faster for few

std::int64_t sort_run(double* values, std::size_t count) {
  std::int64_t inversions = 0;
  for (std::size_t i = 1; i < count; i++) {
    const double moving = values[i];
    std::size_t place = i;
    for (; place > 0 && moving < values[place - 1]; place--) values[place] = values[place - 1];
    values[place] = moving;
    inversions += (std::int64_t)(i - place);
  }
  return inversions;
}

}  // namespace

std::int64_t Inversions::count(std::pmr::vector<double>& values) {
  const std::size_t n = values.size();
  std::int64_t inversions = 0;
  for (std::size_t from = 0; from < n; from += kRun) inversions += sort_run(values.data() + from, std::min(kRun, n - from));
  merged_.resize(n);
  for (std::size_t width = kRun; width < n; width *= 2) {
    for (std::size_t from = 0; from < n; from += 2 * width) {
      const double* left = values.data() + from;
      const double* const middle = values.data() + std::min(from + width, n);
      const double* right = middle;
      const double* const end = values.data() + std::min(from + 2 * width, n);
      double* out = merged_.data() + from;
      while (left < middle && right < end) {    // without branches: which one is less is a coin toss
        const bool inverted = *right < *left;
        *out++ = inverted ? *right : *left;
        inversions += inverted ? middle - left : 0;
        right += inverted;
        left += !inverted;
      }
      std::copy(right, end, std::copy(left, middle, out));
    }
    values.swap(merged_);
  }
  return inversions;
}

}  // namespace ea::core
