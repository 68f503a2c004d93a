#include "core/forecast/smoothing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/forecast/dual.hpp"

namespace ea::core {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The series from the first point that is forecast, and what is known before it.
struct Start {
  explicit Start(std::pmr::memory_resource* memory) : state(memory) {}

  SmoothingState state;
  std::span<const double> rest;
};

// Classical decomposition of the first two seasons (Kendall and Stuart 1983): the trend is a moving average over one
// season, level and slope are those of a line through it, counted from the first average, and a season's figure is the
// mean of what the trend leaves of it, adjusted so that figures have the mean 0 or 1.
void decompose(std::span<const double> series, SmoothingModel model, SmoothingState* state) {
  const int m = model.season, half = m / 2, averages = 2 * m - 2 * half;
  const bool multiplied = model.seasonal == Seasonal::multiplicative;
  double window = 0;
  for (int i = 0; i < m; i++) window += series[i];
  double mean = 0, slope = 0, squares = 0;
  state->season.assign(m, 0);
  for (int k = 0; k < averages; k++) {
    const int at = half + k;
    double trend = window / m;
    if (k + m < 2 * m) {
      const double before = window;
      window += series[k + m] - series[k];
      if (m % 2 == 0) trend = (before + window) / 2 / m;    // two windows, so that their centre is a point
    }
    const double left = multiplied ? series[at] / trend : series[at] - trend;
    const double place = k - (averages - 1) / 2.0;
    mean += trend / averages;
    slope += place * trend;
    squares += place * place;
    // The one position that an odd season has twice is that of the first and the last average.
    state->season[at % m] += averages > m && (k == 0 || k == m) ? left / 2 : left;
  }
  state->trend = slope / squares;
  state->level = mean - state->trend * ((averages - 1) / 2.0 + 1);
  double of_all = 0;
  for (double figure : state->season) of_all += figure / m;
  for (double& figure : state->season) figure = multiplied ? figure / of_all : figure - of_all;
}

Start start_of(std::span<const double> series, SmoothingModel model, std::pmr::memory_resource* memory) {
  Start start(memory);
  if (model.seasonal != Seasonal::none) {
    decompose(series, model, &start.state);
    start.rest = series.subspan(model.season);
  } else if (model.trend) {
    start.state.level = series[1];
    start.state.trend = series[1] - series[0];
    start.rest = series.subspan(2);
  } else {
    start.state.level = series[0];
    start.rest = series.subspan(1);
  }
  return start;
}

// Runs through the points and gives the error of each one-step forecast. `season` begins with the figures, and ends with the
// new ones, the next point's at the place that is returned.
template <class Number, class Each>
std::size_t run(std::span<const double> series, SmoothingModel model, const Number (&constants)[3], Number* level, Number* trend,
                std::span<Number> season, Each each) {
  const Number &alpha = constants[0], &beta = constants[1], &gamma = constants[2];
  const Number keep_level = 1.0 - alpha, keep_trend = 1.0 - beta, keep_season = 1.0 - gamma;
  const bool multiplied = model.seasonal == Seasonal::multiplicative;
  std::size_t next = 0;
  for (double x : series) {
    const Number expected = *level + *trend;
    Number smoothed;
    if (model.seasonal == Seasonal::none) {
      each(x - expected);
      smoothed = alpha * x + keep_level * expected;
    } else {
      Number& figure = season[next];
      each(multiplied ? x - expected * figure : x - (expected + figure));
      smoothed = alpha * (multiplied ? x / figure : x - figure) + keep_level * expected;
      figure = gamma * (multiplied ? x / smoothed : x - smoothed) + keep_season * figure;
      if (++next == season.size()) next = 0;
    }
    if (model.trend) *trend = beta * (smoothed - *level) + keep_trend * *trend;
    *level = smoothed;
  }
  return next;
}

// Least squares of up to three constants between 0 and 1: from several points of a coarse grid, from R's start and from
// corners, down by a quasi-Newton method within bounds. The derivatives come with the errors.
class Search {
 public:
  Search(const Start& start, SmoothingModel model, SmoothingConstants given, void (*poll)(), std::pmr::memory_resource* memory)
      : start_(start), model_(model), given_{{given.alpha, given.beta, given.gamma}, kInfinity}, poll_(poll), figures_(memory), dual_figures_(memory) {
    for (int i = 0; i < 3; i++)
      if (std::isnan(given_.at[i])) wanted_[count_++] = i;
  }

  SmoothingConstants best() {
    Point best = given_;
    if (count_ > 0) {
      Point starts[kStarts];
      promising(starts);
      // Where a series leads is found on its beginning.
      const Series all = start_.rest, beginning = all.first(std::min(all.size(), std::max(kEnough, 2 * start_.state.season.size())));
      for (Point& point : starts) {
        descend(beginning, kRoughly, &point);
        if (beginning.size() < all.size()) point.error = error_at(all, point.at);
        if (point.error < best.error || &point == starts) best = point;
      }
      descend(all, kLittle, &best);
      // A level that stays as it is hides the constant of the trend, one that follows every point that of the season: which
      // way out there is can be seen from either end of what is hidden.
      const int hidden = best.at[0] == 0 ? 1 : 2;
      if (std::isnan(given_.at[0]) && std::isnan(given_.at[hidden]) && (best.at[0] == 0 || best.at[0] == 1))
        for (double end : {0.0, 1.0}) {
          Point other = best;
          other.at[hidden] = end;
          descend(all, kLittle, &other);
          if (other.error < best.error) best = other;
        }
    }
    return {best.at[0], best.at[1], best.at[2]};
  }

 private:
  using Series = std::span<const double>;
  static constexpr double kGrid[] = {0.02, 0.1, 0.3, 0.6, 0.9, 0.99};
  static constexpr int kSteps = std::size(kGrid), kCorners = 2, kStarts = kSteps + kCorners + 1;
  static constexpr std::size_t kEnough = 1000;
  static constexpr double kLittle = 1e-11, kRoughly = 1e-6;    // by how much of the error a last step falls
  struct Point {
    double at[3];
    double error;
  };
  struct Slope {    // of half the squared error: its gradient, and its curvature but for second derivatives of the errors
    double error = 0;
    double gradient[3] = {}, curvature[3][3] = {};
  };

  double error_at(Series series, const double (&at)[3]) {
    poll_();
    figures_.assign(start_.state.season.begin(), start_.state.season.end());
    double level = start_.state.level, trend = start_.state.trend, sum = 0;
    run<double>(series, model_, at, &level, &trend, figures_, [&](double error) { sum += error * error; });
    return std::isfinite(sum) ? sum : kInfinity;
  }

  Slope slope_at(Series series, const double (&at)[3]) {
    poll_();
    Dual constants[3] = {at[0], at[1], at[2]};
    if (count_ > 0) constants[wanted_[0]].by_first = 1;
    if (count_ > 1) constants[wanted_[1]].by_second = 1;
    if (count_ > 2) constants[wanted_[2]].by_third = 1;
    dual_figures_.assign(start_.state.season.begin(), start_.state.season.end());
    Dual level(start_.state.level), trend(start_.state.trend);
    Slope slope;
    run<Dual>(series, model_, constants, &level, &trend, dual_figures_, [&](const Dual& error) {
      const auto [value, first, second, third] = error;
      slope.error += value * value;
      slope.gradient[0] += value * first;
      slope.gradient[1] += value * second;
      slope.gradient[2] += value * third;
      slope.curvature[0][0] += first * first;
      slope.curvature[1][0] += second * first;
      slope.curvature[1][1] += second * second;
      slope.curvature[2][0] += third * first;
      slope.curvature[2][1] += third * second;
      slope.curvature[2][2] += third * third;
    });
    for (int i = 0; i < 3; i++)
      for (int j = 0; j < i; j++) slope.curvature[j][i] = slope.curvature[i][j];
    if (!std::isfinite(slope.error)) slope.error = kInfinity;
    return slope;
  }

  // Of a grid the best for each value of the first constant, the best corners, and R's start.
  void promising(Point (&starts)[kStarts]) {
    const Series series = start_.rest.first(std::min(start_.rest.size(), std::max(kEnough / 2, start_.state.season.size())));
    std::fill(starts, starts + kStarts, given_);
    int points = 1;
    for (int i = 0; i < count_; i++) points *= kSteps;
    for (int number = 0; number < points; number++) {
      Point point = given_;
      for (int i = 0, rest = number; i < count_; i++, rest /= kSteps) point.at[wanted_[i]] = kGrid[rest % kSteps];
      point.error = error_at(series, point.at);
      if (number < kSteps || point.error < starts[number % kSteps].error) starts[number % kSteps] = point;
    }
    for (int number = 0; number < 1 << count_; number++) {
      Point corner = given_;
      for (int i = 0; i < count_; i++) corner.at[wanted_[i]] = number >> i & 1;
      corner.error = error_at(series, corner.at);
      for (int place = kSteps; place < kSteps + kCorners; place++)
        if (number == 0 || corner.error < starts[place].error) std::swap(corner, starts[place]);
    }
    for (int i = 0; i < count_; i++) starts[kStarts - 1].at[wanted_[i]] = wanted_[i] == 0 ? 0.3 : 0.1;
  }

  void descend(Series series, double little, Point* point) {
    constexpr int kMost = 200;
    Slope slope = slope_at(series, point->at);
    double damping = 1e-3;
    for (int step = 0; step < kMost && damping < 1e12; step++) {
      Point trial = *point;
      if (!move(slope, damping, &trial)) break;
      if (!(error_at(series, trial.at) < slope.error)) {    // which costs less than the slope
        damping *= 10;
        continue;
      }
      Slope there = slope_at(series, trial.at);
      const bool last = slope.error - there.error <= little * slope.error;
      update(slope, *point, trial, &there);
      *point = trial;
      slope = there;
      damping = std::max(damping / 10, 1e-9);
      if (last) break;
    }
    point->error = slope.error;
  }

  // The curvature at the new point is that at the old one, corrected by what the gradient has changed (Broyden, Fletcher,
  // Goldfarb and Shanno 1970): the second derivatives that are missing at the start come by and by.
  void update(const Slope& old, const Point& from, const Point& to, Slope* there) const {
    double step[3] = {}, change[3] = {}, bent[3] = {}, along = 0, curved = 0;
    for (int i = 0; i < count_; i++) {
      step[i] = to.at[wanted_[i]] - from.at[wanted_[i]];
      change[i] = there->gradient[i] - old.gradient[i];
    }
    for (int i = 0; i < count_; i++)
      for (int j = 0; j < count_; j++) bent[i] += old.curvature[i][j] * step[j];
    for (int i = 0; i < count_; i++) {
      along += change[i] * step[i];
      curved += bent[i] * step[i];
    }
    if (!(along > 0) || !(curved > 0)) return;    // not convex there: begin anew
    for (int i = 0; i < count_; i++)
      for (int j = 0; j < count_; j++)
        there->curvature[i][j] = old.curvature[i][j] + change[i] * change[j] / along - bent[i] * bent[j] / curved;
  }

  // One step of the constants that are free to take it: not those at a bound beyond which the error falls. False where
  // there is nowhere to go.
  bool move(const Slope& slope, double damping, Point* point) const {
    int free[3], n = 0;
    for (int i = 0; i < count_; i++) {
      const double at = point->at[wanted_[i]], gradient = slope.gradient[i];
      if (!(slope.curvature[i][i] > 0) || (at <= 0 && gradient > 0) || (at >= 1 && gradient < 0)) continue;
      free[n++] = i;
    }
    // Cholesky, of the curvature with a greater diagonal: never singular, and what changes nothing does not take all of the step.
    double greatest = 0;
    for (int i = 0; i < n; i++) greatest = std::max(greatest, slope.curvature[free[i]][free[i]]);
    double factor[3][3], step[3];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = slope.curvature[free[i]][free[j]];
        if (i == j) sum += damping * std::max(sum, 1e-6 * greatest);
        for (int k = 0; k < j; k++) sum -= factor[i][k] * factor[j][k];
        factor[i][j] = i == j ? std::sqrt(std::max(sum, std::numeric_limits<double>::min())) : sum / factor[j][j];
      }
      step[i] = -slope.gradient[free[i]];
      for (int k = 0; k < i; k++) step[i] -= factor[i][k] * step[k];
      step[i] /= factor[i][i];
    }
    bool moved = false;
    for (int i = n - 1; i >= 0; i--) {
      for (int k = i + 1; k < n; k++) step[i] -= factor[k][i] * step[k];
      step[i] /= factor[i][i];
      double& at = point->at[wanted_[free[i]]];
      const double to = std::clamp(at + step[i], 0.0, 1.0);
      moved = moved || to != at;
      at = to;
    }
    return moved;
  }

  const Start& start_;
  SmoothingModel model_;
  Point given_;
  void (*poll_)();
  int wanted_[3] = {}, count_ = 0;    // which constants
  std::pmr::vector<double> figures_;
  std::pmr::vector<Dual> dual_figures_;
};

}  // namespace

SmoothingFit fit_smoothing(std::span<const double> series, SmoothingModel model, SmoothingConstants given, void (*poll)(), std::pmr::memory_resource* memory) {
  if (!model.trend) given.beta = 0;
  if (model.seasonal == Seasonal::none) given.gamma = 0;
  Start start = start_of(series, model, memory);
  SmoothingFit fit(memory);
  fit.constants = Search(start, model, given, poll, memory).best();
  const double constants[3] = {fit.constants.alpha, fit.constants.beta, fit.constants.gamma};
  SmoothingState& state = fit.state = std::move(start.state);
  double mean = 0, squares = 0, count = 0;
  const std::size_t next = run<double>(start.rest, model, constants, &state.level, &state.trend, state.season, [&](double error) {
    fit.squared_error += error * error;
    const double off = error - mean;    // Welford 1962
    mean += off / ++count;
    squares += off * (error - mean);
  });
  std::rotate(state.season.begin(), state.season.begin() + (std::ptrdiff_t)next, state.season.end());
  fit.residual_variance = count > 1 ? squares / (count - 1) : kNan;
  return fit;
}

}  // namespace ea::core
