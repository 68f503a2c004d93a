// forecast: the next steps of a series, with prediction intervals.
#include "ask/forecast_steps.hpp"
#include "pg/barrier.hpp"
#include "pg/guard.hpp"
#include "pg/numbers.hpp"
#include "pg/rows.hpp"

namespace {

using namespace ea;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

constexpr const char* kHint =
    "series has finite numbers at equal distances; alpha, beta and gamma are from 0 to 1, level is between 0 and 1, such as 0.95.";
constexpr const char* kSeasonHint = "season is the number of points until it repeats: 7 for days of a week, 12 for months of a year.";

core::ForecastQuestion question(FunctionCallInfo fcinfo) {
  core::ForecastQuestion question;
  question.poll = pg::poll;
  question.method = rollup::forecast_method_argument(fcinfo, 2);
  question.horizon = rollup::horizon_argument(fcinfo, 1, 0);
  if (!PG_ARGISNULL(3)) {
    question.season = PG_GETARG_INT32(3);
    if (question.season < 2)
      pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "season must be at least 2 points, not %d", question.season), kSeasonHint));
  } else if (core::is_seasonal(question.method)) {
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "%s wants a season", core::forecast_method_name(question.method)), kSeasonHint));
  }
  question.given = {pg::float8_argument(fcinfo, 4, kNan), pg::float8_argument(fcinfo, 5, kNan), pg::float8_argument(fcinfo, 6, kNan)};
  for (int i = 4; i < 7; i++)    // NaN is what core calls a constant that is wanted
    if (!PG_ARGISNULL(i) && std::isnan(PG_GETARG_FLOAT8(i)))
      pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "smoothing constants must be from 0 to 1, not nan"), "NULL lets the best be found."));
  return question;
}

}  // namespace

EA_FUNCTION(ea_forecast) {
  pg::Rows rows(fcinfo);
  if (pg::any_null(fcinfo, {0, 1})) return (Datum)0;
  const core::ForecastQuestion asked = question(fcinfo);
  const rollup::ForecastSteps forecast =
      rollup::forecast_steps(pg::float8_list(fcinfo, 0, "series"), asked, pg::float8_argument(fcinfo, 7, 0.95), kHint);
  for (int64 i = 0; i < forecast.steps.size(); i++) {
    const auto [mean, lower, upper] = forecast.steps[i];
    rows.add(Int32GetDatum((int32)i + 1)).float8_value(mean).float8_or_null(lower).float8_or_null(upper).end_row();
  }
  return (Datum)0;
}
