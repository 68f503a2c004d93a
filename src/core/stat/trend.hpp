// Whether a series goes up or down, and how fast. What is not defined is NaN.
#pragma once

#include <memory_resource>
#include <span>

namespace ea::core {

struct LinearFit {
  double slope, intercept, r2, p_value;    // of the slope: Student's t with n - 2
};
// Least squares. Under two distinct x all is NaN; r2 without variance of y; the p value under three points.
LinearFit linear_fit(std::span<const double> x, std::span<const double> y);

// Sen 1968: the median of the slopes between all points with distinct x, in n log n steps times the digits of a double;
// points in any order. Exact, unless x or y lie many powers of ten apart. NaN where there is no such pair.
double sen_slope(std::span<const double> x, std::span<const double> y, std::pmr::memory_resource* memory);

struct MannKendall {
  double s, variance, z, p_value;
};
// Mann 1945, Kendall 1975: with the variance corrected for ties, and for continuity. n log n.
MannKendall mann_kendall(std::span<const double> series, std::pmr::memory_resource* memory);

}  // namespace ea::core
