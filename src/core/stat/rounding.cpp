#include "core/stat/rounding.hpp"

#include <algorithm>
#include <cmath>

namespace ea::core {

namespace {

int exponent_of(double value) { return (int)std::floor(std::log10(std::fabs(value))); }

}  // namespace

double to_digits(double value, int digits) {
  if (value == 0 || !std::isfinite(value)) return value;
  const int shift = digits - 1 - exponent_of(value);
  const double scale = std::pow(10.0, std::abs(shift));
  return shift >= 0 ? std::round(value * scale) / scale : std::round(value / scale) * scale;
}

double to_mark(double value, double least) {
  if (value == 0 || !std::isfinite(value)) return value;
  const double unit = std::pow(10.0, exponent_of(value) - 1);
  const double lead = std::fabs(value) / unit;
  const double step = std::max((lead < 20 ? 1 : lead < 50 ? 2 : 5) * unit, least);
  return std::round(value / step) * step;
}

}  // namespace ea::core
