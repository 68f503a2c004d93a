#include "core/stat/quantiles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/stat/arguments.hpp"

namespace ea::core {

double quantile(std::span<double> values, double fraction) {
  require_probability(fraction, "fraction");
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  for (double value : values) require_finite(value, "a value");
  const double place = fraction * (double)(values.size() - 1);
  const auto low = values.begin() + (std::ptrdiff_t)place;
  std::nth_element(values.begin(), low, values.end());
  if (low + 1 == values.end()) return *low;
  const double high = *std::min_element(low + 1, values.end());
  return std::lerp(*low, high, place - std::floor(place));
}

double median(std::span<double> values) { return quantile(values, 0.5); }

double percentile(std::span<const double> values, double value) {
  require_finite(value, "a value");
  double twice = 0;
  for (double other : values) twice += (require_finite(other, "a value") < value) + (other <= value);
  return 50 * twice / (double)values.size();
}

}  // namespace ea::core
