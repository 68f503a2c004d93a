// The one file that knows Boost.Math, of which the headers suffice.
#include "core/stat/distributions.hpp"

// Nothing is thrown and no handler called, neither of ours nor of another extension's: a fault is a NaN or an infinity.
#define BOOST_DISABLE_ASSERTS
#define BOOST_MATH_DOMAIN_ERROR_POLICY ignore_error
#define BOOST_MATH_POLE_ERROR_POLICY ignore_error
#define BOOST_MATH_OVERFLOW_ERROR_POLICY ignore_error
#define BOOST_MATH_UNDERFLOW_ERROR_POLICY ignore_error
#define BOOST_MATH_DENORM_ERROR_POLICY ignore_error
#define BOOST_MATH_EVALUATION_ERROR_POLICY ignore_error
#define BOOST_MATH_ROUNDING_ERROR_POLICY ignore_error
#define BOOST_MATH_INDETERMINATE_RESULT_ERROR_POLICY ignore_error
#define BOOST_MATH_PROMOTE_DOUBLE_POLICY false
#define BOOST_MATH_NO_LONG_DOUBLE_MATH_FUNCTIONS
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <limits>
#include <numbers>

namespace ea::core {

namespace {

using boost::math::complement;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// What quantiles are asked for: the ends are infinite.
bool inside(double probability) { return probability > 0 && probability < 1; }

}  // namespace

double normal_density(double z) { return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi); }
double normal_below(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }
double normal_above(double z) { return std::erfc(z / std::numbers::sqrt2) / 2; }
double normal_two_sided(double z) { return std::erfc(std::fabs(z) / std::numbers::sqrt2); }
double normal_exceeded(double probability) {
  return inside(probability) ? boost::math::quantile(complement(boost::math::normal(), probability)) : kNan;
}
double normal_within(double level) {
  if (!inside(level)) return kNan;
  return level < 0.5 ? std::numbers::sqrt2 * boost::math::erf_inv(level) : normal_exceeded((1 - level) / 2);
}

double t_two_sided(double t, double df) {
  if (std::isnan(t) || !(df > 0)) return kNan;
  if (std::isinf(t)) return 0;
  return 2 * boost::math::cdf(complement(boost::math::students_t(df), std::fabs(t)));
}
double t_exceeded(double probability, double df) {
  return inside(probability) && df > 0 ? boost::math::quantile(complement(boost::math::students_t(df), probability)) : kNan;
}
double t_within(double level, double df) {
  if (!inside(level) || !(df > 0)) return kNan;
  if (level > 1e-6) return t_exceeded((1 - level) / 2, df);
  return level / (2 * boost::math::pdf(boost::math::students_t(df), 0.0));    // so near 0 the density does not change
}

double chi_squared_above(double chi2, double df) {
  if (!(chi2 >= 0) || !(df > 0)) return kNan;
  return std::isinf(chi2) ? 0 : boost::math::cdf(complement(boost::math::chi_squared(df), chi2));
}

}  // namespace ea::core
