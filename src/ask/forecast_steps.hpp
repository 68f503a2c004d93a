// Forecasts as rows: what those of a series and of a metric share.
#pragma once

#include "core/forecast/forecast.hpp"
#include "pg/array.hpp"

namespace ea::rollup {

inline constexpr int kMostPoints = 100'000;

core::ForecastMethod forecast_method_argument(FunctionCallInfo fcinfo, int i);    // NULL: auto
int horizon_argument(FunctionCallInfo fcinfo, int i, int otherwise);

struct ForecastStep {
  double mean, lower, upper;    // bounds are NaN where there is nothing to tell them by
};
struct ForecastSteps {
  pg::Array<ForecastStep> steps;    // none of an empty series
  core::ForecastMethod method;      // that was used: where the series allows no other a simpler one, which a notice says
  double scaled_error;
};
// `hint` goes with whatever the core refuses.
ForecastSteps forecast_steps(std::span<const double> series, const core::ForecastQuestion& question, double level, const char* hint);

}  // namespace ea::rollup
