#include "core/experiments/moments.hpp"

#include <cfloat>
#include <cmath>
#include <limits>

#include "core/bytes/error.hpp"

namespace ea::core {

namespace {

#ifdef __SIZEOF_FLOAT128__
__extension__ using Real = __float128;
#else
static_assert(LDBL_MANT_DIG >= 113);
using Real = long double;
#endif

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// What is left of terms that cancel each other: a rounding of 2^-113 in each of a handful of steps is below this part of them.
constexpr Real kNoise = 1e-30;

Real magnitude(Real x) { return x < 0 ? -x : x; }

// A sum of terms of either sign that is 0 where only roundings are left of them.
class Remainder {
 public:
  Remainder& add(Real term) {
    value_ += term;
    terms_ += magnitude(term);
    return *this;
  }
  Real value() const { return magnitude(value_) <= kNoise * terms_ ? 0 : value_; }

 private:
  Real value_ = 0, terms_ = 0;
};

void add_to(Moments::Stored& sum, Moments::Sum what) {
  if (__builtin_add_overflow(sum, what, &sum)) [[unlikely]] throw Error(Errc::out_of_range, "a sum over the units of an experiment exceeds 128 bits");
}

// n p - s t, of which nothing is negative: exact as long as the products fit.
Real distance(Moments::Sum n, Moments::Sum p, Moments::Sum s, Moments::Sum t) {
  Moments::Sum first, second;
  if (!__builtin_mul_overflow(n, p, &first) && !__builtin_mul_overflow(s, t, &second)) return (Real)(first - second);
  return Remainder().add((Real)n * (Real)p).add(-(Real)s * (Real)t).value();
}

// Of one side: means and second moments of y, and of x before. Those of a ratio are of y = (M - R D) / mean D, by the delta
// method, whose mean is 0 and stands for R; likewise x. A base of 0 leaves nothing to divide by.
struct Side {
  Real n, mean_y = 0, mean_x = 0;
  Real yy = 0, xy = 0, xx = 0;
  bool has_y = true, has_x = true;

  Side(const UnitMetric& metric, const Moments& m) : n((Real)m.units()) {
    if (metric.kind == UnitMetricKind::ratio)
      take_ratios(m);
    else
      take_values(m, metric.kind == UnitMetricKind::any ? n : n - 1);
  }

  // Of c y - theta x.
  Real variance(Real c, Real theta) const { return Remainder().add(c * c * yy).add(-2 * c * theta * xy).add(theta * theta * xx).value(); }

 private:
  void take_values(const Moments& m, Real divisor) {
    const auto second = [&](Moments::Number i, Moments::Number j) { return distance(m.units(), m.products(i, j), m.sum(i), m.sum(j)) / n / divisor; };
    mean_y = (Real)m.sum(Moments::after) / n;
    mean_x = (Real)m.sum(Moments::before) / n;
    yy = second(Moments::after, Moments::after);
    xy = second(Moments::after, Moments::before);
    xx = second(Moments::before, Moments::before);
  }

  void take_ratios(const Moments& m) {
    const Real d = (Real)m.sum(Moments::after_base), dx = (Real)m.sum(Moments::before_base);
    has_y = d != 0;
    has_x = dx != 0;
    if (has_y) mean_y = (Real)m.sum(Moments::after) / d;
    if (has_x) mean_x = (Real)m.sum(Moments::before) / dx;
    // Of M - R D and another such: their means are 0.
    const auto second = [&](Moments::Number a, Moments::Number a_base, Real r, Moments::Number b, Moments::Number b_base, Real s) {
      const auto p = [&](Moments::Number i, Moments::Number j) { return (Real)m.products(i, j); };
      return Remainder().add(p(a, b)).add(-s * p(a, b_base)).add(-r * p(a_base, b)).add(r * s * p(a_base, b_base)).value() / (n - 1);
    };
    const Real of_y = d / n, of_x = dx / n;
    if (has_y) yy = second(Moments::after, Moments::after_base, mean_y, Moments::after, Moments::after_base, mean_y) / of_y / of_y;
    if (has_x) xx = second(Moments::before, Moments::before_base, mean_x, Moments::before, Moments::before_base, mean_x) / of_x / of_x;
    if (has_y && has_x) xy = second(Moments::after, Moments::after_base, mean_y, Moments::before, Moments::before_base, mean_x) / of_y / of_x;
  }
};

// cov(y, x) / var(x): of values, of both sides as one; of ratios, of their sums. 0 where it is not defined.
Real theta_of(const UnitMetric& metric, const Moments& a, const Moments& b, const Side& of_a, const Side& of_b) {
  if (metric.kind == UnitMetricKind::ratio) {
    const Real variance = of_a.xx + of_b.xx;
    if (!of_a.has_y || !of_b.has_y || !of_a.has_x || !of_b.has_x || variance == 0) return 0;
    const Real theta = Remainder().add(of_a.xy).add(of_b.xy).value() / variance;
    return magnitude(theta) < (Real)1e-8 ? 0 : theta;    // no ratio is adjusted by so little
  }
  Moments both = a;
  both.merge(b);
  const Side one(metric, both);
  return one.xx == 0 ? 0 : one.xy / one.xx;
}

Real shown(const UnitMetric& metric, Real value) { return value * (Real)metric.times / (Real)metric.over; }

}  // namespace

void Moments::add(const UnitValues& unit) {
  const std::int64_t numbers[kNumbers] = {unit.after.value, unit.before.value, unit.after.base, unit.before.base};
  units_++;
  for (int i = 0; i < kNumbers; i++) {
    if (numbers[i] == 0) continue;
    add_to(sums_[i], numbers[i]);
    for (int j = 0; j <= i; j++) add_to(products_[place(i, j)], (Sum)numbers[i] * numbers[j]);
  }
}

void Moments::merge(const Moments& other) {
  units_ += other.units_;
  for (int i = 0; i < kNumbers; i++) {
    add_to(sums_[i], other.sums_[i]);
    for (int j = 0; j <= i; j++) add_to(products_[place(i, j)], other.products_[place(i, j)]);
  }
}

double mean_of(const UnitMetric& metric, const Moments& variant) {
  if (variant.units() == 0) return kNan;
  const Real base = metric.kind == UnitMetricKind::ratio ? (Real)variant.sum(Moments::after_base) : (Real)variant.units();
  return base == 0 ? 0 : (double)shown(metric, (Real)variant.sum(Moments::after) / base);
}

Estimate estimate(const UnitMetric& metric, const Moments& a, const Moments& b, bool adjusted) {
  const Side of_a(metric, a), of_b(metric, b);
  const Real theta = adjusted ? theta_of(metric, a, b, of_a, of_b) : 0;
  const Real variance_a = of_a.variance(1, theta), variance_b = of_b.variance(1, theta);
  const Real square = variance_a / of_a.n + variance_b / of_b.n, unadjusted = of_a.yy / of_a.n + of_b.yy / of_b.n;
  const Real diff = Remainder().add(of_b.mean_y).add(-of_a.mean_y).add(-theta * of_b.mean_x).add(theta * of_a.mean_x).value();
  const double scale = metric.times / metric.over;
  Estimate result{};
  result.diff = (double)shown(metric, diff);
  result.se = std::sqrt((double)shown(metric, shown(metric, square)));
  result.theta = (double)theta;
  result.variance_reduction = unadjusted == 0 ? kNan : (double)(1 - square / unadjusted);
  result.variance_a = (double)variance_a * scale * scale;
  result.variance_b = (double)variance_b * scale * scale;
  result.zero_variance = of_a.yy == 0 || of_b.yy == 0 || variance_a == 0 || variance_b == 0;
  if (of_a.mean_y == 0) {
    result.lift = result.lift_se = kNan;
    return result;
  }
  // What is before has no part in the mean by which is divided; in a ratio's, that of b is what the lift makes of it.
  const Real lift = diff / of_a.mean_y, c = metric.kind == UnitMetricKind::ratio ? 1 + lift : of_b.mean_y / of_a.mean_y;
  result.lift = (double)lift;
  result.lift_se = std::sqrt((double)((variance_b / of_b.n + of_a.variance(c, theta) / of_a.n) / of_a.mean_y / of_a.mean_y));
  return result;
}

}  // namespace ea::core
