#include "core/stat/tests.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/stat/arguments.hpp"
#include "core/stat/distributions.hpp"

namespace ea::core {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double z_of(double level) { return normal_within(require_fraction(level, "level")); }

void require(const Proportion& proportion) {
  require_count((double)proportion.successes, "successes");
  if (proportion.successes > proportion.n)
    throw Error(Errc::invalid_argument, "successes must not be more than n, %lld of %lld", (long long)proportion.successes, (long long)proportion.n);
}

void require(const Sample& sample) {
  require_count((double)sample.n, "n");
  require_finite(sample.mean, "mean");
  require_not_negative(sample.variance, "variance");
}

// How far the bounds of Wilson lie below and above the proportion, of at least one trial. Rationalized: of many trials or
// rare failures the differences of bounds and proportion would have few digits.
struct Margins {
  double below, above;
};
Margins wilson_margins(Proportion of, double z) {
  const double n = (double)of.n, x = (double)of.successes, y = (double)(of.n - of.successes), square = z * z;
  const double wide = square + z * std::sqrt(square + 4 * x * (y / n));
  return {x == 0 ? 0 : x / n * (wide / (2 * x + wide)), y == 0 ? 0 : y / n * (wide / (2 * y + wide))};
}

// b - a from one fraction, since two that are nearly equal leave few digits.
double difference(Proportion a, Proportion b) {
  __extension__ using Wide = __int128;
  return (double)((Wide)b.successes * a.n - (Wide)a.successes * b.n) / ((double)a.n * (double)b.n);
}

}  // namespace

Interval wilson_interval(Proportion of, double level) {
  const double z = z_of(level);
  require(of);
  if (of.n == 0) return {kNan, kNan};
  // Rationalized, so that bounds near 0 keep their digits and are 0 and 1 where nothing or all succeeded.
  const double n = (double)of.n, x = (double)of.successes, y = (double)(of.n - of.successes), square = z * z;
  const double root = z * std::sqrt(square + 4 * x * (y / n));
  return {x == 0 ? 0 : 2 * x * (x / n) / (2 * x + square + root), y == 0 ? 1 : (2 * x + square + root) / (2 * (n + square))};
}

Sample sample_of(std::span<const double> values) {
  Sample sample{(std::int64_t)values.size(), 0, 0};
  const double n = (double)values.size();
  for (double value : values) sample.mean += require_finite(value, "a value");
  sample.mean /= n;
  double deviations = 0;    // of which the squares would be too large by what rounding took from the mean
  for (double value : values) {
    const double deviation = value - sample.mean;
    deviations += deviation;
    sample.variance += deviation * deviation;
  }
  sample.variance = values.size() < 2 ? kNan : std::max(0.0, (sample.variance - deviations * deviations / n) / (n - 1));
  sample.mean += deviations / n;
  return sample;
}

WelchTest welch_test(Sample a, Sample b, double level) {
  require(a);
  require(b);
  require_fraction(level, "level");
  const double of_a = a.variance / (double)a.n, of_b = b.variance / (double)b.n, variance = of_a + of_b;
  if (a.n < 2 || b.n < 2 || !(variance > 0)) return {kNan, kNan, kNan, kNan, {kNan, kNan}, kNan};
  const double diff = b.mean - a.mean, se = std::sqrt(variance), t = diff / se;
  // By shares of the variance, whose squares neither vanish nor overflow.
  const double share_a = of_a / variance, share_b = of_b / variance;
  const double df = 1 / (share_a * share_a / (double)(a.n - 1) + share_b * share_b / (double)(b.n - 1));
  const double half = t_within(level, df) * se;
  return {diff, se, t, df, {diff - half, diff + half}, t_two_sided(t, df)};
}

TwoProportionTest two_proportion_test(Proportion a, Proportion b, double level) {
  const double z_of_level = z_of(level);
  require(a);
  require(b);
  if (a.n == 0 || b.n == 0) return {kNan, {kNan, kNan}, kNan, kNan};
  const Margins of_a = wilson_margins(a, z_of_level), of_b = wilson_margins(b, z_of_level);
  const double n_a = (double)a.n, n_b = (double)b.n, diff = difference(a, b);
  const double pooled = ((double)a.successes + (double)b.successes) / (n_a + n_b);
  const double failed = ((double)(a.n - a.successes) + (double)(b.n - b.successes)) / (n_a + n_b);
  const double z = pooled > 0 && failed > 0 ? diff / std::sqrt(pooled * failed * (1 / n_a + 1 / n_b)) : kNan;
  return {diff, {diff - std::hypot(of_b.below, of_a.above), diff + std::hypot(of_b.above, of_a.below)}, z, normal_two_sided(z)};
}

ChiSquaredTest srm_test(std::span<const std::int64_t> observed, std::span<const double> weights) {
  if (observed.empty()) throw Error(Errc::invalid_argument, "observed must not be empty");
  if (!weights.empty() && weights.size() != observed.size())
    throw Error(Errc::invalid_argument, "observed and weights must be as many, not %zu and %zu", observed.size(), weights.size());
  double units = 0, weight = 0;
  int positive = 0;
  for (std::size_t i = 0; i < observed.size(); i++) {
    const double w = weights.empty() ? 1 : require_not_negative(weights[i], "a weight");
    units += require_count((double)observed[i], "a count");
    weight += w;
    positive += w > 0;
  }
  if (!(weight > 0) || std::isinf(weight)) throw Error(Errc::invalid_argument, "weights must have a finite sum above 0, not %g", weight);
  const double df = positive - 1;
  if (units == 0) return {0, df, 1};
  double chi2 = 0;
  for (std::size_t i = 0; i < observed.size(); i++) {
    const double expected = units * ((weights.empty() ? 1 : weights[i]) / weight), off = (double)observed[i] - expected;
    if (expected > 0)
      chi2 += off * (off / expected);
    else if (observed[i] > 0)
      chi2 = kInfinity;
  }
  if (std::isinf(chi2)) return {kInfinity, df, 0};
  return {chi2, df, df == 0 ? 1 : chi_squared_above(chi2, df)};
}

}  // namespace ea::core
