// Forecasts of a series of numbers at equal distances.
#pragma once

#include <memory_resource>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/forecast/smoothing.hpp"

namespace ea::core {

// Simpler ones first.
enum class ForecastMethod { naive, seasonal_naive, ses, holt, holt_winters_additive, holt_winters_multiplicative, automatic };

std::optional<ForecastMethod> find_forecast_method(std::string_view name);
const char* forecast_method_name(ForecastMethod method);
bool is_seasonal(ForecastMethod method);

struct ForecastQuestion {
  int horizon = 1;
  ForecastMethod method = ForecastMethod::automatic;
  int season = 1;                           // points; 1: there is none
  SmoothingConstants given{};               // from 0 to 1, NaN: the best
  bool measured = false;                    // whether the error of the method is asked for; automatic knows it anyway
  void (*poll)() = [] {};                   // called once in a pass over the series; what it throws ends the forecast
};

struct Forecast {
  explicit Forecast(std::pmr::memory_resource* memory) : mean(memory), standard_error(memory), fit(memory) {}

  ForecastMethod method = ForecastMethod::naive;    // that was used: a simpler one where the series allows no other
  std::pmr::vector<double> mean, standard_error;    // a step each; errors are NaN where there is no residual to tell them by
  SmoothingFit fit;                                 // of the smoothing methods
  // Mean absolute scaled error (Hyndman and Koehler 2006) of forecasting the last points from those before, as many as
  // the horizon and at most half of the series; NaN where it was not measured, or where nothing changes.
  double scaled_error;
};

// An empty series has an empty forecast. Errc::invalid_argument where anything is not finite, or out of its range.
Forecast forecast(std::span<const double> series, const ForecastQuestion& question, std::pmr::memory_resource* memory);

}  // namespace ea::core
