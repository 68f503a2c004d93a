// The keys of one range as runs, ascending and apart.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/set/bits.hpp"

namespace ea::core {

// A range is held as runs only if there are fewer: with more a bitmap is faster, and takes no more
// than eight times the memory.
inline constexpr std::size_t kMaxRuns = kWords / 4;

struct Run {
  std::uint32_t first;
  std::uint32_t end;  // behind the last key
};

// In one word, so that a chunk keeps runs where it would keep a bitmap.
constexpr std::uint64_t pack(Run run) noexcept { return std::uint64_t{run.end} << 32 | run.first; }
constexpr Run unpack(std::uint64_t word) noexcept {
  return {static_cast<std::uint32_t>(word), static_cast<std::uint32_t>(word >> 32)};
}
using Runs = std::span<const std::uint64_t>;

// Scratch paper for what two ranges of fewer than kMaxRuns runs can give.
class RunList {
 public:
  void append(Run run) noexcept {
    words_[stats_.runs++] = pack(run);
    stats_.count += run.end - run.first;
  }
  Runs runs() const noexcept { return {words_.data(), stats_.runs}; }
  BitStats stats() const noexcept { return stats_; }

 private:
  std::array<std::uint64_t, 2 * kMaxRuns> words_;
  BitStats stats_;
};

// The places where a key is inside and the one before is not, or the other way round.
class Edges {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  explicit Edges(Runs runs) noexcept : rest_(runs) { enter(); }

  std::uint32_t at() const noexcept { return at_; }
  bool inside() const noexcept { return inside_; }  // just before at()
  void step() noexcept {
    inside_ = !inside_;
    if (inside_) {
      at_ = end_;
    } else {
      enter();
    }
  }

 private:
  void enter() noexcept {
    if (rest_.empty()) {
      at_ = kNone;
      return;
    }
    const Run run = unpack(rest_.front());
    rest_ = rest_.subspan(1);
    at_ = run.first;
    end_ = run.end;
  }

  Runs rest_;
  std::uint32_t at_;
  std::uint32_t end_ = 0;
  bool inside_ = false;
};

// Behind every edge of either the result is inside or not, as the operation says.
template <class Operation>
void combine_runs(Runs a, Runs b, RunList& out) noexcept {
  Edges x(a), y(b);
  Run run{};
  bool inside = false;
  for (;;) {
    const std::uint32_t at = std::min(x.at(), y.at());
    if (at == Edges::kNone) return;
    if (x.at() == at) x.step();
    if (y.at() == at) y.step();
    if (keeps<Operation>(x.inside(), y.inside()) == inside) continue;
    inside = !inside;
    if (inside) {
      run.first = at;
    } else {
      run.end = at;
      out.append(run);
    }
  }
}

}  // namespace ea::core
