// Tests and intervals: numbers in, a row of numbers out. Where a required argument is NULL, all of the row is.
#include "core/stat/tests.hpp"

#include "core/stat/decision.hpp"
#include "pg/barrier.hpp"
#include "pg/numbers.hpp"

namespace {

using namespace ea;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kLevel = 0.95;

constexpr const char* kCountsHint = "n counts trials, successes those that succeeded; level is between 0 and 1, such as 0.95.";

core::Proportion proportion(FunctionCallInfo fcinfo, int i) { return {PG_GETARG_INT64(i), PG_GETARG_INT64(i + 1)}; }
core::Sample sample(FunctionCallInfo fcinfo, int i) { return {PG_GETARG_INT64(i), PG_GETARG_FLOAT8(i + 1), PG_GETARG_FLOAT8(i + 2)}; }

}  // namespace

EA_FUNCTION(ea_wilson_interval) {
  core::Interval bounds{kNan, kNan};
  if (!pg::any_null(fcinfo, {0, 1}))
    pg::with_advice(kCountsHint, [&] { bounds = core::wilson_interval(proportion(fcinfo, 0), pg::float8_argument(fcinfo, 2, kLevel)); });
  return pg::float8_row(fcinfo, {bounds.lower, bounds.upper});
}

EA_FUNCTION(ea_welch_test) {
  core::WelchTest test{kNan, kNan, kNan, kNan, {kNan, kNan}, kNan};
  if (!pg::any_null(fcinfo, {0, 1, 2, 3, 4, 5}))
    pg::with_advice("n counts units, variance is that of a sample, as var_samp(); level is between 0 and 1, such as 0.95.",
                    [&] { test = core::welch_test(sample(fcinfo, 0), sample(fcinfo, 3), pg::float8_argument(fcinfo, 6, kLevel)); });
  return pg::float8_row(fcinfo, {test.diff, test.se, test.t, test.df, test.bounds.lower, test.bounds.upper, test.p_value});
}

EA_FUNCTION(ea_two_proportion_test) {
  core::TwoProportionTest test{kNan, {kNan, kNan}, kNan, kNan};
  if (!pg::any_null(fcinfo, {0, 1, 2, 3}))
    pg::with_advice(kCountsHint, [&] {
      test = core::two_proportion_test(proportion(fcinfo, 0), proportion(fcinfo, 2), pg::float8_argument(fcinfo, 4, kLevel));
    });
  return pg::float8_row(fcinfo, {test.diff, test.bounds.lower, test.bounds.upper, test.z, test.p_value});
}

EA_FUNCTION(ea_srm_test) {
  core::ChiSquaredTest test{kNan, kNan, kNan};
  if (!PG_ARGISNULL(0)) {
    const std::span<const int64> observed = pg::int8_list(fcinfo, 0, "observed");
    const bool weighted = !PG_ARGISNULL(1);
    const std::span<const double> weights = weighted ? pg::float8_list(fcinfo, 1, "weights") : std::span<const double>();
    constexpr const char* kHint = "observed has the units of each variant, weights its share of what was intended.";
    pg::with_advice(kHint, [&] {
      if (weighted && weights.empty()) throw core::Error(core::Errc::invalid_argument, "weights must not be empty");
      test = core::srm_test(observed, weights);
    });
  }
  return pg::float8_row(fcinfo, {test.chi2, test.df, test.p_value});
}

EA_FUNCTION(ea_confidence_sequence) {
  core::SequentialTest test{{kNan, kNan}, kNan};
  if (!pg::any_null(fcinfo, {0, 1, 2}))
    pg::with_advice("n counts the units of both sides; alpha is between 0 and 1, such as 0.05, tuning a number of units.", [&] {
      test = core::confidence_sequence(PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1), PG_GETARG_INT64(2),
                                       pg::float8_argument(fcinfo, 3, 0.05), pg::float8_argument(fcinfo, 4, 5000));
    });
  return pg::float8_row(fcinfo, {test.bounds.lower, test.bounds.upper, test.p_value});
}

EA_FUNCTION(ea_chance_to_beat) {
  core::ChanceToBeat chance{kNan, kNan, {kNan, kNan}};
  if (!pg::any_null(fcinfo, {0, 1}))
    pg::with_advice("se is the standard error of diff; level is between 0 and 1, such as 0.95.", [&] {
      chance = core::chance_to_beat(PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1), pg::float8_argument(fcinfo, 2, kLevel));
    });
  return pg::float8_row(fcinfo, {chance.chance, chance.expected_loss, chance.bounds.lower, chance.bounds.upper});
}

EA_FUNCTION(ea_sample_size) {
  std::optional<std::int64_t> units;
  if (!pg::any_null(fcinfo, {0, 1}))
    pg::with_advice("Without a variance the means are proportions, from 0 to 1; power and alpha are between 0 and 1, such as 0.8 and 0.05.", [&] {
      const double a = PG_GETARG_FLOAT8(0), b = PG_GETARG_FLOAT8(1);
      const double power = pg::float8_argument(fcinfo, 3, 0.8), alpha = pg::float8_argument(fcinfo, 4, 0.05);
      units = PG_ARGISNULL(2) ? core::sample_size_of_proportions(a, b, power, alpha)
                              : core::sample_size_of_means(a, b, PG_GETARG_FLOAT8(2), power, alpha);
    });
  if (!units) PG_RETURN_NULL();
  PG_RETURN_INT64(*units);
}
