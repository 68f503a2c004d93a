#include "core/stat/decision.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/stat/arguments.hpp"
#include "core/stat/distributions.hpp"

namespace ea::core {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// What is a whole number but for rounding stays one.
std::int64_t rounded_up(double n) {
  const double whole = std::ceil(n * (1 - 1e-12));
  if (!(whole < 0x1p63)) throw Error(Errc::out_of_range, "sample size is more than a bigint holds");
  return std::max<std::int64_t>(1, (std::int64_t)whole);
}

double z_above(double alpha) { return normal_exceeded(require_fraction(alpha, "alpha") / 2); }
double z_below(double power) { return -normal_exceeded(require_fraction(power, "power")); }
double square(double x) { return x * x; }

}  // namespace

SequentialTest confidence_sequence(double diff, double se, std::int64_t n, double alpha, double tuning) {
  require_finite(diff, "diff");
  require_not_negative(se, "se");
  require_count((double)n, "n");
  require_fraction(alpha, "alpha");
  require_positive(tuning, "tuning");
  if (n == 0 || se == 0) return {{kNan, kNan}, kNan};
  const double spread = (double)n * ((-2 * std::log(alpha) + std::log1p(-2 * std::log(alpha))) / tuning), ratio = 1 + 1 / spread, grown = std::log1p(spread) / 2;
  const double half = se * std::sqrt(2 * ratio * (grown - std::log(alpha)));
  return {{diff - half, diff + half}, std::min(1.0, std::exp(grown - square(diff / se) / 2 / ratio))};
}

ChanceToBeat chance_to_beat(double diff, double se, double level) {
  require_finite(diff, "diff");
  require_not_negative(se, "se");
  const double half = normal_within(require_fraction(level, "level")) * se, z = diff / se;
  if (se == 0) return {kNan, kNan, {kNan, kNan}};
  return {normal_below(z), std::max(0.0, se * normal_density(z) - diff * normal_above(z)), {diff - half, diff + half}};
}

std::optional<std::int64_t> sample_size_of_proportions(double a, double b, double power, double alpha) {
  require_probability(a, "a proportion");
  require_probability(b, "a proportion");
  const double sum = a + b, at_null = z_above(alpha) * std::sqrt(sum * (1 - sum / 2));
  const double otherwise = z_below(power) * std::sqrt(a * (1 - a) + b * (1 - b));
  if (a == b) return {};
  return rounded_up(square(std::max(at_null + otherwise, 0.0) / (b - a)));
}

std::optional<std::int64_t> sample_size_of_means(double a, double b, double variance, double power, double alpha) {
  require_finite(a, "a mean");
  require_finite(b, "a mean");
  require_not_negative(variance, "variance");
  const double z = std::max(z_above(alpha) + z_below(power), 0.0);    // NaN stays
  if (a == b || variance == 0) return {};
  return rounded_up(2 * square(z * (std::sqrt(variance) / (b - a))));
}

std::optional<Correction> find_correction(std::string_view name) {
  if (name == "holm") return Correction::holm;
  if (name == "bh") return Correction::bh;
  if (name == "bonferroni") return Correction::bonferroni;
  if (name == "none") return Correction::none;
  return {};
}

void p_adjust(std::span<double> p_values, Correction correction, std::pmr::memory_resource* memory) {
  for (double p : p_values) require_probability(p, "a p value");
  const double n = (double)p_values.size();
  if (correction == Correction::none) return;
  if (correction == Correction::bonferroni) {
    for (double& p : p_values) p = std::min(1.0, n * p);
    return;
  }
  std::pmr::vector<double*> ascending(memory);
  ascending.reserve(p_values.size());
  for (double& p : p_values) ascending.push_back(&p);
  std::sort(ascending.begin(), ascending.end(), [](const double* a, const double* b) { return *a < *b; });
  if (correction == Correction::holm) {
    double greatest = 0;    // step down: no p value is less than one before it
    for (std::size_t i = 0; i < ascending.size(); i++) *ascending[i] = greatest = std::max(greatest, std::min(1.0, (n - (double)i) * *ascending[i]));
  } else {
    double least = 1;       // step up
    for (std::size_t i = ascending.size(); i > 0; i--) *ascending[i - 1] = least = std::min(least, n / (double)i * *ascending[i - 1]);
  }
}

}  // namespace ea::core
