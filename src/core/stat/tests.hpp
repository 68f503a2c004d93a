// Tests of two groups, a the control: diff is b - a. What is not defined is NaN; arguments without meaning are
// Errc::invalid_argument.
#pragma once

#include <cstdint>
#include <span>

namespace ea::core {

struct Interval {
  double lower, upper;
};

struct Proportion {
  std::int64_t successes, n;
};

// Wilson 1927: the score interval of a proportion; NaN without trials.
Interval wilson_interval(Proportion of, double level);

struct Sample {
  std::int64_t n;
  double mean, variance;    // with n - 1
};
// Of some values: both NaN of none, the variance of one.
Sample sample_of(std::span<const double> values);

struct WelchTest {
  double diff, se, t, df;
  Interval bounds;
  double p_value;
};
// Welch 1947: means of two samples whose variances may differ. All is NaN under two units a side, or without variance.
WelchTest welch_test(Sample a, Sample b, double level);

struct TwoProportionTest {
  double diff;
  Interval bounds;
  double z, p_value;
};
// z of the pooled proportion, NaN where all or none succeeded; bounds by method 10 of Newcombe 1998.
TwoProportionTest two_proportion_test(Proportion a, Proportion b, double level);

struct ChiSquaredTest {
  double chi2, df, p_value;
};
// Pearson 1900, by which a sample ratio mismatch shows: counts beside weights, equal ones where none are given.
ChiSquaredTest srm_test(std::span<const std::int64_t> observed, std::span<const double> weights);

}  // namespace ea::core
