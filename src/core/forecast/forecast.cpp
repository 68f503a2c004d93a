#include "core/forecast/forecast.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "core/bytes/error.hpp"

namespace ea::core {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Method {
  const char* name;
  SmoothingModel smoothing;
};
constexpr Method kMethods[] = {{"naive", {}},
                               {"seasonal_naive", {}},
                               {"ses", {}},
                               {"holt", {.trend = true}},
                               {"holt_winters_additive", {.trend = true, .seasonal = Seasonal::additive}},
                               {"holt_winters_multiplicative", {.trend = true, .seasonal = Seasonal::multiplicative}},
                               {"auto", {}}};

using Series = std::span<const double>;

void require(Series series, const ForecastQuestion& question) {
  for (double value : series)
    if (!std::isfinite(value)) throw Error(Errc::invalid_argument, "series must be finite, not %g", value);
  if (question.horizon < 1) throw Error(Errc::invalid_argument, "horizon must be positive, not %d", question.horizon);
  if (question.season < 1 || (question.season == 1 && is_seasonal(question.method)))
    throw Error(Errc::invalid_argument, "season must be at least 2 points, not %d", question.season);
  for (double constant : {question.given.alpha, question.given.beta, question.given.gamma})
    if (constant < 0 || constant > 1) throw Error(Errc::invalid_argument, "smoothing constants must be from 0 to 1, not %g", constant);
}

// The method, or the next simpler one that this series allows.
ForecastMethod possible(ForecastMethod method, Series series, int season) {
  const std::size_t n = series.size();
  switch (method) {
    case ForecastMethod::holt_winters_multiplicative:
      if (!std::all_of(series.begin(), series.end(), [](double value) { return value > 0; })) method = ForecastMethod::holt_winters_additive;
      [[fallthrough]];
    case ForecastMethod::holt_winters_additive:
      if (n / 2 >= (std::size_t)season) return method;    // two whole seasons
      [[fallthrough]];
    case ForecastMethod::seasonal_naive: return n >= (std::size_t)season ? ForecastMethod::seasonal_naive : ForecastMethod::naive;
    case ForecastMethod::holt:
      if (n >= 3) return method;
      [[fallthrough]];
    case ForecastMethod::ses: return n >= 2 ? ForecastMethod::ses : ForecastMethod::naive;
    default: return ForecastMethod::naive;
  }
}

// The last value, or that of a season ago; errors as of a random walk (Hyndman and Athanasopoulos 2021, 5.5).
void repeat(Series series, int season, Forecast* forecast) {
  const std::size_t n = series.size(), m = (std::size_t)season;
  double squares = 0;
  for (std::size_t i = m; i < n; i++) squares += (series[i] - series[i - m]) * (series[i] - series[i - m]);
  const double variance = n > m ? squares / (double)(n - m) : kNan;
  for (std::size_t h = 0; h < forecast->mean.size(); h++) {
    forecast->mean[h] = series[n - m + h % m];
    forecast->standard_error[h] = std::sqrt(variance * (double)(h / m + 1));
  }
}

SmoothingModel model_of(ForecastMethod method, int season) {
  SmoothingModel model = kMethods[(int)method].smoothing;
  model.season = season;
  return model;
}

void project(const SmoothingModel& model, Forecast* forecast) {
  const SmoothingState& state = forecast->fit.state;
  const std::size_t m = state.season.size();
  for (std::size_t h = 0; h < forecast->mean.size(); h++) {
    const double line = state.level + (double)(h + 1) * state.trend, figure = m == 0 ? 0 : state.season[h % m];
    forecast->mean[h] = model.seasonal == Seasonal::multiplicative ? line * figure : line + figure;
  }
}

// The weights of the errors of h steps are 1 and, of that j steps before, alpha (1 + j beta), and gamma (1 - alpha) more
// whole seasons before (Yar and Chatfield 1990); multiplied by what the season is to that of then, where it is a factor
// (Chatfield and Yar 1991).
void spread(const SmoothingModel& model, void (*poll)(), Forecast* forecast) {
  const SmoothingFit& fit = forecast->fit;
  const auto [alpha, beta, gamma] = fit.constants;
  const bool multiplied = model.seasonal == Seasonal::multiplicative;
  const std::size_t steps = forecast->mean.size(), m = fit.state.season.size();
  std::pmr::vector<double> weights(steps, forecast->mean.get_allocator()), figures(multiplied ? steps : 0, forecast->mean.get_allocator());
  for (std::size_t j = 0; j < steps; j++) weights[j] = j == 0 ? 1 : alpha * (1 + (double)j * beta) + (m > 0 && j % m == 0 ? gamma * (1 - alpha) : 0);
  for (std::size_t h = 0; h < figures.size(); h++) figures[h] = fit.state.season[h % m];
  double squares = 0;
  for (std::size_t h = 0; h < steps; h++) {
    poll();
    squares += weights[h] * weights[h];
    double relative = squares;
    if (multiplied) {
      relative = 0;
      for (std::size_t j = 0; j <= h; j++) {
        const double part = weights[j] * (figures[h] / figures[h - j]);
        relative += part * part;
      }
    }
    forecast->standard_error[h] = std::sqrt(fit.residual_variance * relative);
  }
}

// Without the standard errors of a smoothing method, which a trial has no use for.
Forecast forecast_by(ForecastMethod method, Series series, const ForecastQuestion& question, int steps, std::pmr::memory_resource* memory) {
  Forecast result(memory);
  result.method = method;
  result.scaled_error = kNan;
  result.mean.resize((std::size_t)steps);
  result.standard_error.resize((std::size_t)steps);
  if (method == ForecastMethod::naive || method == ForecastMethod::seasonal_naive) {
    repeat(series, method == ForecastMethod::naive ? 1 : question.season, &result);
  } else {
    const SmoothingModel model = model_of(method, question.season);
    result.fit = fit_smoothing(series, model, question.given, question.poll, memory);
    project(model, &result);
  }
  return result;
}

double mean_absolute_step(Series series, std::size_t season) {
  if (series.size() <= season) season = 1;
  double sum = 0;
  for (std::size_t i = season; i < series.size(); i++) sum += std::fabs(series[i] - series[i - season]);
  return series.size() > season ? sum / (double)(series.size() - season) : 0;
}

// A series that is parted into what is known, and what is forecast from it to see how well that goes.
class Trial {
 public:
  Trial(Series series, const ForecastQuestion& question, std::pmr::memory_resource* memory)
      : known_(series.first(series.size() - std::min((std::size_t)question.horizon, series.size() / 2))),
        held_out_(series.subspan(known_.size())), question_(question), memory_(memory) {}

  // The mean absolute error; infinite where the method cannot be tried.
  double error(ForecastMethod method) const {
    if (held_out_.empty() || possible(method, known_, question_.season) != method) return kInfinity;
    const Forecast tried = forecast_by(method, known_, question_, (int)held_out_.size(), memory_);
    double sum = 0;
    for (std::size_t i = 0; i < held_out_.size(); i++) sum += std::fabs(held_out_[i] - tried.mean[i]);
    return std::isfinite(sum) ? sum / (double)held_out_.size() : kInfinity;
  }

  double scaled(double error) const {
    const double scale = mean_absolute_step(known_, (std::size_t)question_.season);
    return std::isfinite(error) && scale > 0 ? error / scale : kNan;
  }

 private:
  Series known_, held_out_;
  const ForecastQuestion& question_;
  std::pmr::memory_resource* memory_;
};

}  // namespace

std::optional<ForecastMethod> find_forecast_method(std::string_view name) {
  for (const Method& method : kMethods)
    if (name == method.name) return (ForecastMethod)(&method - kMethods);
  return {};
}

const char* forecast_method_name(ForecastMethod method) { return kMethods[(int)method].name; }

bool is_seasonal(ForecastMethod method) {
  return method == ForecastMethod::seasonal_naive || kMethods[(int)method].smoothing.seasonal != Seasonal::none;
}

Forecast forecast(Series given, const ForecastQuestion& question, std::pmr::memory_resource* memory) {
  require(given, question);
  if (given.empty()) return Forecast(memory);
  // Every method follows a change of the unit; a power of two changes no digit, and squares then neither vanish nor overflow.
  double greatest = 0;
  for (double value : given) greatest = std::max(greatest, std::fabs(value));
  const int exponent = greatest > 0 ? std::ilogb(greatest) : 0;
  std::pmr::vector<double> series(given.begin(), given.end(), memory);
  for (double& value : series) value = std::ldexp(value, -exponent);

  const Trial trial(series, question, memory);
  ForecastMethod method = question.method;
  double error = kNan;
  if (method == ForecastMethod::automatic) {
    method = possible(ForecastMethod::naive, series, question.season);
    error = trial.error(method);
    for (int i = (int)ForecastMethod::seasonal_naive; i < (int)ForecastMethod::automatic; i++) {
      const auto candidate = (ForecastMethod)i;
      // What is possible on a part may not be so for the whole: a point that is held out may be 0.
      if ((question.season == 1 && is_seasonal(candidate)) || possible(candidate, series, question.season) != candidate) continue;
      const double tried = trial.error(candidate);
      if (tried < error) error = tried, method = candidate;
    }
  }
  method = possible(method, series, question.season);
  if (question.measured && question.method != ForecastMethod::automatic) error = trial.error(method);

  Forecast result = forecast_by(method, series, question, question.horizon, memory);
  if (method != ForecastMethod::naive && method != ForecastMethod::seasonal_naive) spread(model_of(method, question.season), question.poll, &result);
  result.scaled_error = trial.scaled(error);
  for (std::size_t h = 0; h < result.mean.size(); h++) {
    result.mean[h] = std::ldexp(result.mean[h], exponent);
    result.standard_error[h] = std::ldexp(result.standard_error[h], exponent);
    if (!std::isfinite(result.mean[h])) throw Error(Errc::out_of_range, "forecast is out of range");
  }
  // The fit stays readable in the unit of the series.
  for (double* of_level : {&result.fit.state.level, &result.fit.state.trend}) *of_level = std::ldexp(*of_level, exponent);
  if (method != ForecastMethod::holt_winters_multiplicative)
    for (double& figure : result.fit.state.season) figure = std::ldexp(figure, exponent);
  result.fit.squared_error = std::ldexp(result.fit.squared_error, 2 * exponent);
  result.fit.residual_variance = std::ldexp(result.fit.residual_variance, 2 * exponent);
  return result;
}

}  // namespace ea::core
