#include "ask/forecast_steps.hpp"

#include "core/stat/arguments.hpp"
#include "core/stat/distributions.hpp"
#include "pg/memory.hpp"
#include "pg/numbers.hpp"

namespace ea::rollup {

namespace {
constexpr int kMostSteps = 10'000;
}

core::ForecastMethod forecast_method_argument(FunctionCallInfo fcinfo, int i) {
  const char* method = pg::text_argument(fcinfo, i, "auto");
  const std::optional<core::ForecastMethod> found = core::find_forecast_method(method);
  if (!found)
    pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "method", method),
                            "method is naive, seasonal_naive, ses, holt, holt_winters_additive, holt_winters_multiplicative or auto."));
  return *found;
}

int horizon_argument(FunctionCallInfo fcinfo, int i, int otherwise) {
  const int32 horizon = PG_ARGISNULL(i) ? otherwise : PG_GETARG_INT32(i);
  if (horizon < 1 || horizon > kMostSteps)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "horizon must be from 1 to %d, not %d", kMostSteps, horizon),
                            "It is the number of steps to forecast."));
  return horizon;
}

ForecastSteps forecast_steps(std::span<const double> series, const core::ForecastQuestion& question, double level, const char* hint) {
  if (series.size() > kMostPoints)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_PROGRAM_LIMIT_EXCEEDED, "series of %zu points is longer than %d", series.size(), kMostPoints),
                            "Pass the newest points, or sums of several."));
  ForecastSteps result{{}, question.method, std::numeric_limits<double>::quiet_NaN()};
  auto* steps = static_cast<ForecastStep*>(palloc(sizeof(ForecastStep) * (size_t)question.horizon));
  size_t count = 0;
  pg::with_advice(hint, [&] {
    const double z = core::normal_within(core::require_fraction(level, "level"));
    pg::Resource memory(CurrentMemoryContext);
    const core::Forecast forecast = core::forecast(series, question, &memory);
    if (forecast.mean.empty()) return;
    result.method = forecast.method;
    result.scaled_error = forecast.scaled_error;
    for (; count < forecast.mean.size(); count++) {
      const double mean = forecast.mean[count], half = z * forecast.standard_error[count];
      steps[count] = {mean, mean - half, mean + half};
    }
  });
  result.steps = pg::Array<ForecastStep>(steps, (int64)count);
  if (result.method != question.method && question.method != core::ForecastMethod::automatic)
    pg::notice(pg::with_hint(pg::failure(0, "forecast by %s, because the series does not allow %s", core::forecast_method_name(result.method), core::forecast_method_name(question.method)),
                             "seasonal_naive wants one season, ses two points, holt three, Holt-Winters two whole seasons, and all above 0 where the season is multiplicative."));
  return result;
}

}  // namespace ea::rollup
