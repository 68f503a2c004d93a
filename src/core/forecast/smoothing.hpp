// Exponential smoothing as R's HoltWinters has it (Holt 1957, Winters 1960): recursion, start values, and constants that
// make the squared error of the one-step forecasts least.
#pragma once

#include <memory_resource>
#include <span>
#include <vector>

namespace ea::core {

enum class Seasonal { none, additive, multiplicative };

struct SmoothingModel {
  bool trend = false;
  Seasonal seasonal = Seasonal::none;
  int season = 1;          // points
};

// Each from 0 to 1; what a model does not have is 0. NaN: wanted.
struct SmoothingConstants {
  double alpha, beta, gamma;    // of level, trend and season
};

struct SmoothingState {
  explicit SmoothingState(std::pmr::memory_resource* memory) : season(memory) {}

  double level = 0, trend = 0;
  std::pmr::vector<double> season;    // of the next point first
};

struct SmoothingFit {
  explicit SmoothingFit(std::pmr::memory_resource* memory) : state(memory) {}

  SmoothingConstants constants{};
  SmoothingState state;             // after the last point
  double squared_error = 0;         // sum over the one-step forecasts
  double residual_variance = 0;     // theirs about their mean, with n - 1; NaN of one
};

// A series that is long enough: one point and one more for a trend, or two seasons. What should be multiplied is positive.
// `poll` is called before each pass over the series; what it throws ends the search.
SmoothingFit fit_smoothing(std::span<const double> series, SmoothingModel model, SmoothingConstants given, void (*poll)(), std::pmr::memory_resource* memory);

}  // namespace ea::core
