// What numbers may be. Each check gives the number back, and names it where it complains.
#pragma once

#include <cmath>

#include "core/bytes/error.hpp"

namespace ea::core {

inline double require_finite(double value, const char* name) {
  if (!std::isfinite(value)) throw Error(Errc::invalid_argument, "%s must be finite, not %g", name, value);
  return value;
}
inline double require_not_negative(double value, const char* name) {
  if (!(require_finite(value, name) >= 0)) throw Error(Errc::invalid_argument, "%s must not be negative, not %g", name, value);
  return value;
}
inline double require_positive(double value, const char* name) {
  if (!(require_finite(value, name) > 0)) throw Error(Errc::invalid_argument, "%s must be positive, not %g", name, value);
  return value;
}
inline double require_count(double value, const char* name) { return require_not_negative(value, name); }
// Strictly between 0 and 1.
inline double require_fraction(double value, const char* name) {
  if (!(value > 0 && value < 1)) throw Error(Errc::invalid_argument, "%s must be between 0 and 1, not %g", name, value);
  return value;
}
// 0 and 1 included.
inline double require_probability(double value, const char* name) {
  if (!(value >= 0 && value <= 1)) throw Error(Errc::invalid_argument, "%s must be from 0 to 1, not %g", name, value);
  return value;
}

}  // namespace ea::core
