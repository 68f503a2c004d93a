// Where values lie among others.
#pragma once

#include <span>

namespace ea::core {

// Linear between two values, as percentile_cont and type 7 of Hyndman and Fan 1996; NaN of none. Reorders the values.
double quantile(std::span<double> values, double fraction);
double median(std::span<double> values);

// 100 * (below + equal / 2) / count, in percent; NaN among none.
double percentile(std::span<const double> values, double value);

}  // namespace ea::core
