// What the units of two variants say about a metric, by one of three methods.
#pragma once

#include "core/experiments/moments.hpp"
#include "core/stat/tests.hpp"

namespace ea::experiments {

enum class Method { sequential, welch, bayes };

struct Inference {
  Method method;
  bool cuped;
  double alpha, tuning;
};

// Fractions, and the metric's unit; what is not said is NaN.
struct Verdict {
  static constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

  double diff = kNan;
  core::Interval bounds{kNan, kNan};
  double p_value = kNan;
  double lift = kNan;
  core::Interval lift_bounds{kNan, kNan};
  double chance = kNan, expected_loss = kNan;
  double theta = kNan, variance_reduction = kNan;
  bool no_history = false, small_sample = false, too_few_units = false, zero_variance = false;
};

Verdict judge(const core::UnitMetric& metric, const core::Moments& control, const core::Moments& variant, const Inference& how);

}  // namespace ea::experiments
