#include "core/stat/trend.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <tuple>
#include <vector>

#include "core/stat/arguments.hpp"
#include "core/stat/distributions.hpp"
#include "core/stat/inversions.hpp"

namespace ea::core {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

void require_points(std::span<const double> x, std::span<const double> y) {
  if (x.size() != y.size()) throw Error(Errc::invalid_argument, "x and y must be as many, not %zu and %zu", x.size(), y.size());
  for (double value : x) require_finite(value, "x");
  for (double value : y) require_finite(value, "y");
}

// The power of two that brings all values below 2: dividing by it is exact, and then nothing overflows.
int exponent_of(std::span<const double> values) {
  double greatest = 0;
  for (double value : values) greatest = std::max(greatest, std::fabs(value));
  return greatest > 0 ? std::ilogb(greatest) : 0;
}

// Values divided by a power of two, as distances from their mean.
class Centred {
 public:
  explicit Centred(std::span<const double> values) : values_(values), exponent_(exponent_of(values)) {
    const double n = (double)values.size();
    double sum = 0, rest = 0;
    for (std::size_t i = 0; i < values.size(); i++) sum += at(i);
    mean_ = sum / n;
    for (std::size_t i = 0; i < values.size(); i++) rest += at(i);    // what rounding took
    mean_ += rest / n;
  }

  double at(std::size_t i) const { return std::ldexp(values_[i], -exponent_) - mean_; }
  double mean() const { return mean_; }
  int exponent() const { return exponent_; }

 private:
  std::span<const double> values_;
  int exponent_;
  double mean_ = 0;
};

// Doubles in their order as integers, so that halving an interval of them ends after 64 times.
std::int64_t order_of(double value) {
  const auto bits = std::bit_cast<std::int64_t>(value + 0.0);
  return bits < 0 ? std::numeric_limits<std::int64_t>::min() - bits : bits;
}
double at_order(std::int64_t order) {
  return std::bit_cast<double>(order < 0 ? std::numeric_limits<std::int64_t>::min() - order : order);
}

// The slopes of all pairs in their order, without making them: seen along a slope s, points y - s * x are out of order
// where the slope between two of them is less.
class Slopes {
 public:
  Slopes(std::span<const double> x, std::span<const double> y, std::pmr::memory_resource* memory)
      : points_(memory), keys_(memory), inversions_(memory), found_(memory) {
    points_.reserve(x.size());
    const int of_x = exponent_of(x), of_y = exponent_of(y);
    exponent_ = of_y - of_x;
    for (std::size_t i = 0; i < x.size(); i++) points_.push_back({std::ldexp(x[i], -of_x), std::ldexp(y[i], -of_y), 0});
    // Among equal x in the order of y, whatever the slope: never out of order.
    std::sort(points_.begin(), points_.end(), [](const Point& a, const Point& b) { return a.x < b.x || (a.x == b.x && a.y < b.y); });
    const auto n = (std::int64_t)points_.size();
    count_ = n * (n - 1) / 2;
    for (std::int64_t i = 0, equal = 0; i < n; i++) {
      equal = i > 0 && points_[i].x == points_[i - 1].x ? equal + 1 : 0;
      count_ -= equal;
    }
    if (n == 0) return;
    for (const Point& point : points_) keys_.push_back(point.y);
    std::nth_element(keys_.begin(), keys_.begin() + n / 2, keys_.end());
    middle_ = {points_[n / 2].x, keys_[n / 2], 0};
  }

  std::int64_t count() const { return count_; }

  // The middle one, or the mean of the two.
  double median() { return std::ldexp(count_ % 2 ? at(count_ / 2) : std::midpoint(at(count_ / 2 - 1), at(count_ / 2)), exponent_); }

 private:
  // The slope of a rank from 0.
  double at(std::int64_t rank) {
    const auto few = std::max<std::int64_t>(1 << 18, 4 * (std::int64_t)points_.size());
    std::int64_t low = order_of(-std::numeric_limits<double>::max()), high = order_of(std::numeric_limits<double>::infinity());
    std::int64_t below_low = 0, below_high = count_;
    const auto width = [&] { return (std::uint64_t)high - (std::uint64_t)low; };    // of more than an int64_t at first
    while (below_high - below_low > few && width() > kNear) {
      const std::int64_t middle = low + (std::int64_t)(width() / 2);
      const std::int64_t below = below_slope(at_order(middle));
      (below > rank ? high : low) = middle;
      (below > rank ? below_high : below_low) = below;
    }
    gather(at_order(low), at_order(high), 2 * (std::size_t)few);
    if (found_.empty()) return at_order(low);    // as near as rounding lets them be told apart
    const auto wanted = std::clamp<std::int64_t>(rank - below_low, 0, (std::int64_t)found_.size() - 1);
    std::nth_element(found_.begin(), found_.begin() + wanted, found_.end());
    return found_[wanted];
  }

  struct Point {
    double x, y, key;
  };
  // Many may be equal: of the 2^52 doubles between one power of two and the next this many are as good as one.
  static constexpr std::int64_t kNear = 1 << 16;

  // From the middle of the points: far from it, as times since 1970 are, rounding would put them out of order.
  double key(const Point& point, double slope) const {
    return std::isinf(slope) ? -point.x : (point.y - middle_.y) - slope * (point.x - middle_.x);
  }

  std::int64_t below_slope(double slope) {
    keys_.clear();
    for (const Point& point : points_) keys_.push_back(key(point, slope));
    return inversions_.count(keys_);
  }

  // Slopes from low to high: of the points in their order along low, those that are out of order along high. Insertion
  // sort meets each of them once.
  void gather(double low, double high, std::size_t most) {
    found_.clear();
    std::pmr::vector<Point> sorted(points_, points_.get_allocator());
    for (Point& point : sorted) point.key = key(point, low);
    std::sort(sorted.begin(), sorted.end(), [](const Point& a, const Point& b) { return std::tie(a.key, a.x, a.y) < std::tie(b.key, b.x, b.y); });
    for (Point& point : sorted) point.key = key(point, high);
    for (std::size_t i = 1; i < sorted.size(); i++) {
      const Point moving = sorted[i];
      std::size_t place = i;
      for (; place > 0 && moving.key < sorted[place - 1].key; place--) {
        const Point& passed = sorted[place - 1];
        if (moving.x != passed.x) found_.push_back((moving.y - passed.y) / (moving.x - passed.x));
        if (found_.size() == most) return;
        sorted[place] = passed;
      }
      sorted[place] = moving;
    }
  }

  std::pmr::vector<Point> points_;
  std::pmr::vector<double> keys_;
  Inversions inversions_;
  std::pmr::vector<double> found_;
  Point middle_{};
  std::int64_t count_;
  int exponent_;
};

}  // namespace

LinearFit linear_fit(std::span<const double> x, std::span<const double> y) {
  require_points(x, y);
  if (x.empty()) return {kNan, kNan, kNan, kNan};
  const Centred from_x(x), from_y(y);
  double xx = 0, xy = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); i++) {
    const double dx = from_x.at(i), dy = from_y.at(i);
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  if (!(xx > 0)) return {kNan, kNan, kNan, kNan};
  const double rise = xy / xx, slope = std::ldexp(rise, from_y.exponent() - from_x.exponent());
  const double intercept = std::ldexp(from_y.mean() - rise * from_x.mean(), from_y.exponent());
  if (!std::isfinite(slope) || !std::isfinite(intercept)) throw Error(Errc::out_of_range, "linear fit is out of range");
  if (!(yy > 0)) return {slope, intercept, kNan, kNan};
  // From the residuals, of which a good fit has few, and what is explained, of which a bad one has: both keep their digits.
  double residuals = 0;
  for (std::size_t i = 0; i < x.size(); i++) {
    const double off = from_y.at(i) - rise * from_x.at(i);
    residuals += off * off;
  }
  const double explained = rise * xy, df = (double)x.size() - 2;
  return {slope, intercept, explained / (explained + residuals), df > 0 ? t_two_sided(rise / std::sqrt(residuals / df / xx), df) : kNan};
}

double sen_slope(std::span<const double> x, std::span<const double> y, std::pmr::memory_resource* memory) {
  require_points(x, y);
  Slopes slopes(x, y, memory);
  return slopes.count() > 0 ? slopes.median() : kNan;
}

MannKendall mann_kendall(std::span<const double> series, std::pmr::memory_resource* memory) {
  for (double value : series) require_finite(value, "a value");
  std::pmr::vector<double> values(series.begin(), series.end(), memory);
  const double n = (double)values.size();
  const std::int64_t descents = Inversions(memory).count(values);
  std::int64_t pairs = (std::int64_t)values.size() * ((std::int64_t)values.size() - 1) / 2;
  double variance = n * (n - 1) * (2 * n + 5);
  for (auto from = values.begin(); from != values.end();) {
    const auto to = std::upper_bound(from, values.end(), *from);
    const std::int64_t ties = to - from;
    pairs -= ties * (ties - 1) / 2;
    variance -= (double)ties * (double)(ties - 1) * (double)(2 * ties + 5);
    from = to;
  }
  const double s = (double)(pairs - 2 * descents);
  variance /= 18;
  if (!(variance > 0)) return {s, variance, kNan, kNan};
  const double z = (s - (double)((s > 0) - (s < 0))) / std::sqrt(variance);
  return {s, variance, z, normal_two_sided(z)};
}

}  // namespace ea::core
