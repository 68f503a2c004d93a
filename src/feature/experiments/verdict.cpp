#include "feature/experiments/verdict.hpp"

#include <algorithm>
#include <cmath>

#include "core/stat/decision.hpp"
#include "core/stat/distributions.hpp"

namespace ea::experiments {

namespace {

constexpr std::int64_t kSmall = 100;    // units a side, under which normal approximations are doubtful
constexpr double kAnyLevel = 0.5;       // of bounds that nobody looks at

core::Interval around(double middle, double half) { return {middle - half, middle + half}; }

// Quantiles go by alpha itself: 1 - alpha would lose the digits of a small one.
void judge_by_welch(Verdict& v, const core::Estimate& e, std::int64_t n_a, std::int64_t n_b, double alpha) {
  const core::WelchTest test = core::welch_test({n_a, 0, e.variance_a}, {n_b, e.diff, e.variance_b}, kAnyLevel);    // sees the difference alone
  const double t = core::t_exceeded(alpha / 2, test.df);
  v.bounds = around(e.diff, t * e.se);
  v.p_value = test.p_value;
  v.lift_bounds = around(e.lift, t * e.lift_se);
}

void judge_at_every_look(Verdict& v, const core::Estimate& e, std::int64_t n, const Inference& how) {
  const core::SequentialTest test = core::confidence_sequence(e.diff, e.se, n, how.alpha, how.tuning);
  v.bounds = test.bounds;
  v.p_value = test.p_value;
  if (!std::isnan(e.lift)) v.lift_bounds = core::confidence_sequence(e.lift, e.lift_se, n, how.alpha, how.tuning).bounds;
}

void judge_by_bayes(Verdict& v, const core::Estimate& e, double alpha) {
  const core::ChanceToBeat beat = core::chance_to_beat(e.diff, e.se, kAnyLevel);
  const double z = core::normal_exceeded(alpha / 2);
  v.bounds = around(e.diff, z * e.se);
  v.chance = beat.chance;
  v.expected_loss = beat.expected_loss;
  v.lift_bounds = around(e.lift, z * e.lift_se);
}

}  // namespace

Verdict judge(const core::UnitMetric& metric, const core::Moments& control, const core::Moments& variant, const Inference& how) {
  Verdict v;
  const std::int64_t n_a = control.units(), n_b = variant.units();
  v.small_sample = std::min(n_a, n_b) < kSmall;
  v.too_few_units = std::min(n_a, n_b) < 2;
  if (v.too_few_units) return v;
  const core::Estimate e = core::estimate(metric, control, variant, how.cuped);
  v.diff = e.diff;
  v.lift = e.lift;
  v.no_history = how.cuped && e.theta == 0;
  v.zero_variance = e.zero_variance;
  if (v.zero_variance) return v;
  if (how.cuped) {
    v.theta = e.theta;
    v.variance_reduction = e.variance_reduction;
  }
  switch (how.method) {
    case Method::welch: judge_by_welch(v, e, n_a, n_b, how.alpha); break;
    case Method::sequential: judge_at_every_look(v, e, n_a + n_b, how); break;
    case Method::bayes: judge_by_bayes(v, e, how.alpha); break;
  }
  return v;
}

}  // namespace ea::experiments
