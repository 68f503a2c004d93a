// forecast: the next steps of a series, with prediction intervals.
#include "core/forecast/forecast.hpp"

#include "core/stat/arguments.hpp"
#include "core/stat/distributions.hpp"
#include "pg/barrier.hpp"
#include "pg/guard.hpp"
#include "pg/memory.hpp"
#include "pg/numbers.hpp"
#include "pg/rows.hpp"

namespace {

using namespace ea;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr int32 kMostSteps = 10'000;
constexpr size_t kMostPoints = 100'000;

constexpr const char* kHint =
    "series has finite numbers at equal distances; alpha, beta and gamma are from 0 to 1, level is between 0 and 1, such as 0.95.";
constexpr const char* kSeasonHint = "season is the number of points until it repeats: 7 for days of a week, 12 for months of a year.";

core::ForecastQuestion question(FunctionCallInfo fcinfo) {
  core::ForecastQuestion question;
  const char* method = pg::text_argument(fcinfo, 2, "auto");
  const std::optional<core::ForecastMethod> found = core::find_forecast_method(method);
  if (!found)
    pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "method", method),
                            "method is naive, seasonal_naive, ses, holt, holt_winters_additive, holt_winters_multiplicative or auto."));
  question.method = *found;
  question.poll = pg::poll;
  question.horizon = PG_GETARG_INT32(1);
  if (question.horizon < 1 || question.horizon > kMostSteps)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "horizon must be from 1 to %d, not %d", kMostSteps, question.horizon),
                            "It is the number of steps to forecast."));
  if (!PG_ARGISNULL(3)) {
    question.season = PG_GETARG_INT32(3);
    if (question.season < 2)
      pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "season must be at least 2 points, not %d", question.season), kSeasonHint));
  } else if (core::is_seasonal(question.method)) {
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "%s wants a season", method), kSeasonHint));
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
  const std::span<const double> series = pg::float8_list(fcinfo, 0, "series");
  if (series.size() > kMostPoints)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_PROGRAM_LIMIT_EXCEEDED, "series of %zu points is longer than %zu", series.size(), kMostPoints),
                            "Pass the newest points, or sums of several."));
  struct Step {
    double mean, half;
  };
  auto* steps = static_cast<Step*>(palloc(sizeof(Step) * (size_t)asked.horizon));
  size_t count = 0;
  core::ForecastMethod used = asked.method;
  pg::with_advice(kHint, [&] {
    const double z = core::normal_within(core::require_fraction(pg::float8_argument(fcinfo, 7, 0.95), "level"));
    pg::Resource memory(CurrentMemoryContext);
    const core::Forecast forecast = core::forecast(series, asked, &memory);
    if (forecast.mean.empty()) return;
    used = forecast.method;
    for (; count < forecast.mean.size(); count++) steps[count] = {forecast.mean[count], z * forecast.standard_error[count]};
  });
  if (used != asked.method && asked.method != core::ForecastMethod::automatic)
    pg::notice(pg::with_hint(pg::failure(0, "forecast by %s, because the series does not allow %s", core::forecast_method_name(used), core::forecast_method_name(asked.method)),
                             "seasonal_naive wants one season, ses two points, holt three, Holt-Winters two whole seasons, and all above 0 where the season is multiplicative."));
  for (size_t i = 0; i < count; i++) {
    const auto& [mean, half] = steps[i];
    rows.add(Int32GetDatum((int32)i + 1)).float8_value(mean);
    rows.add(!std::isnan(half), Float8GetDatum(mean - half)).add(!std::isnan(half), Float8GetDatum(mean + half)).end_row();
  }
  return (Datum)0;
}
