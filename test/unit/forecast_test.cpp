// Forecasts beside published numbers. Where they are printed with few digits, R 4.2 gave the rest.
#include "core/forecast/forecast.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <iterator>
#include <limits>
#include <random>
#include <vector>

#include "core/bytes/error.hpp"
#include "core/stat/trend.hpp"
#include "failing_memory.hpp"
#include "published_series.hpp"

namespace ea::core {
namespace {

using Method = ForecastMethod;
using Numbers = std::vector<double>;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr SmoothingConstants kBest = {kNan, kNan, kNan};
std::pmr::memory_resource* const kMemory = std::pmr::new_delete_resource();

#define EXPECT_CLOSE(got, wanted, relative) EXPECT_NEAR(got, wanted, std::fabs(wanted) * (relative))

Forecast ask(std::span<const double> series, Method method, int season, int horizon, SmoothingConstants given = kBest) {
  return forecast(series, {.horizon = horizon, .method = method, .season = season, .given = given, .measured = true}, kMemory);
}

void expect_figures(const Forecast& forecast, const Numbers& wanted, double relative) {
  ASSERT_EQ(forecast.fit.state.season.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); i++) EXPECT_CLOSE(forecast.fit.state.season[i], wanted[i], relative) << i;
}

const Numbers kSingle = {71, 70, 69, 68, 64, 65, 72, 78, 75, 75, 75, 70};

TEST(Ses, IsThatOfNist) {
  // NIST/SEMATECH e-Handbook, 6.4.3.1: alpha 0.1, squared error 208.94 from rounded numbers; the next one is 71.50.
  const Forecast single = ask(kSingle, Method::ses, 1, 5, {0.1, kNan, kNan});
  EXPECT_NEAR(single.fit.squared_error, 208.94, 0.2);
  EXPECT_CLOSE(single.fit.squared_error, 208.818409705647, 1e-12);
  for (double mean : single.mean) EXPECT_NEAR(mean, 71.50, 5e-3);
  // 6.4.3.4: for the data of the next example the best alpha is 0.977, with a mean squared error of 8.8867 over 9 forecasts.
  const Forecast best = ask(Numbers{6.4, 5.6, 7.8, 8.8, 11.0, 11.6, 16.7, 15.3, 21.6, 22.4}, Method::ses, 1, 1);
  EXPECT_NEAR(best.fit.constants.alpha, 0.977, 0.03);
  EXPECT_LE(best.fit.squared_error / 9, 8.8868);
  EXPECT_NEAR(best.mean[0], 22.4, 0.05);
}

TEST(Holt, IsThatOfNist) {
  // 6.4.3.3: alpha 0.3623, trend 1.0. It begins with the level 6.4 and the trend 0.8, the mean of the first three
  // steps; so does a series with 5.6 before it. Forecasts 25.8, 28.7, 31.7, 34.6; mean squared error 3.7024, rounded.
  const Numbers series = {5.6, 6.4, 5.6, 7.8, 8.8, 11.0, 11.6, 16.7, 15.3, 21.6, 22.4};
  const Forecast twice = ask(series, Method::holt, 1, 4, {0.3623, 1, kNan});
  const double wanted[] = {25.8, 28.7, 31.7, 34.6};
  for (int i = 0; i < 4; i++) EXPECT_NEAR(twice.mean[i], wanted[i], 0.05);
  EXPECT_NEAR(twice.fit.squared_error / 9, 3.7024, 0.03);
}

TEST(Holt, IsThatOfR) {
  // HoltWinters(uspop, gamma = FALSE) and predict(..., 3, TRUE).
  const Forecast people = ask(test::kUsPopulation, Method::holt, 1, 3);
  EXPECT_LE(people.fit.squared_error, 299.582503147884 * (1 + 1e-9));
  EXPECT_NEAR(people.fit.constants.alpha, 1, 1e-6);
  EXPECT_NEAR(people.fit.constants.beta, 0.770906360037134, 1e-3);
  EXPECT_CLOSE(people.mean[2], 276.071307078214, 1e-4);
  const Forecast given = ask(test::kUsPopulation, Method::holt, 1, 3, {1, 0.770906360037134, kNan});
  const double upper[] = {235.201048317438, 267.462273459445, 301.171597026844};
  for (int i = 0; i < 3; i++) EXPECT_CLOSE(given.mean[i] + 1.95996398454005 * given.standard_error[i], upper[i], 1e-9);
}

TEST(Ses, IsThatOfTheNile) {
  // HoltWinters(Nile, gamma = FALSE, beta = FALSE) prints alpha 0.2465796, a 805.0389; predict(..., 3, TRUE).
  const Forecast nile = ask(test::kNile, Method::ses, 1, 3);
  EXPECT_LE(nile.fit.squared_error, 2038871.83288585 * (1 + 1e-9));
  EXPECT_NEAR(nile.fit.constants.alpha, 0.246557877458459, 1e-3);
  EXPECT_CLOSE(nile.mean[0], 805.038857706042, 1e-4);
  const Forecast given = ask(test::kNile, Method::ses, 1, 3, {0.246557877458459, kNan, kNan});
  const double lower[] = {523.481187342245, 515.049384691068, 506.855915238978};
  for (int i = 0; i < 3; i++) {
    EXPECT_CLOSE(given.mean[i], 805.038857706042, 1e-9);
    EXPECT_CLOSE(given.mean[i] - 1.95996398454005 * given.standard_error[i], lower[i], 1e-9);
  }
}

TEST(HoltWinters, IsThatOfAirPassengers) {
  // The examples of R's HoltWinters: a 469.3232206, b 3.0215391, alpha 0.2755925, beta 0.03269295, gamma 0.8707292.
  const Forecast given = ask(test::kAirPassengers, Method::holt_winters_multiplicative, 12, 3, {0.2755925, 0.03269295, 0.8707292});
  EXPECT_CLOSE(given.fit.state.level, 469.323222675055945, 1e-12);
  EXPECT_CLOSE(given.fit.state.trend, 3.021539132327870, 1e-11);
  expect_figures(given, {0.946461074440776, 0.882923923615814, 0.971736933015868, 1.030482493056311, 1.047688366364684, 1.180527224540274,
                         1.359077746882345, 1.333170560314544, 1.108338051370950, 0.986881284418930, 0.836133300506940, 0.920987661849186}, 1e-12);
  EXPECT_CLOSE(given.fit.squared_error, 16570.7778669573, 1e-12);
  const double published[] = {447.0559, 419.7123, 464.8671};    // predict(..., 3)
  for (int i = 0; i < 3; i++) EXPECT_NEAR(given.mean[i], published[i], 5e-5);
  const Forecast best = ask(test::kAirPassengers, Method::holt_winters_multiplicative, 12, 12);
  EXPECT_LE(best.fit.squared_error, 16570.777867);
  EXPECT_NEAR(best.fit.constants.alpha, 0.2755925, 1e-4);
  EXPECT_NEAR(best.fit.constants.beta, 0.03269295, 1e-4);
  EXPECT_NEAR(best.fit.constants.gamma, 0.8707292, 1e-4);
  EXPECT_CLOSE(best.fit.state.level, 469.3232206, 1e-4);
}

TEST(HoltWinters, IsThatOfCo2) {
  // The examples of R's HoltWinters: a 364.7616, b 0.1247, alpha 0.5126484, beta 0.0094, gamma 0.4729.
  const Forecast given = ask(test::kCo2, Method::holt_winters_additive, 12, 15, {0.51264844356417949, 0.00949766904602902, 0.47288678799481837});
  EXPECT_CLOSE(given.fit.state.level, 364.761623668986942, 1e-12);
  EXPECT_CLOSE(given.fit.state.trend, 0.124743804250424, 1e-10);
  expect_figures(given, {0.221527459955157, 0.955280060451292, 1.598474394862250, 2.875802915198292, 3.282008835347731, 2.440698989396283,
                         0.896943263584938, -1.379642761381644, -3.411237617243337, -3.257016264833655, -1.913485028617143, -0.584424985579845}, 1e-9);
  EXPECT_CLOSE(given.fit.squared_error, 43.1298613676973, 1e-11);
  const double upper[] = {365.710471195963, 366.644878367664, 367.482279745823, 368.949033473865, 369.540955415195, 368.882390219025, 367.518940382591,
                          365.420620448521, 363.565559606496, 363.894825944405, 365.412108916427, 366.913787778797, 367.935250110518, 368.838266794912, 369.650049073786};
  for (int i = 0; i < 15; i++) EXPECT_CLOSE(given.mean[i] + 1.95996398454005 * given.standard_error[i], upper[i], 1e-11) << i;
  const Forecast best = ask(test::kCo2, Method::holt_winters_additive, 12, 1);
  EXPECT_LE(best.fit.squared_error, 43.1298613676974);
  EXPECT_NEAR(best.fit.constants.alpha, 0.5126484, 1e-3);
}

TEST(HoltWinters, DecomposesOddSeasons) {
  // R: HoltWinters(ts(Nile, frequency = 7), 0.3, 0.1, 0.2, seasonal = ...).
  const Forecast added = ask(test::kNile, Method::holt_winters_additive, 7, 1, {0.3, 0.1, 0.2});
  EXPECT_CLOSE(added.fit.state.level, 787.77456711420405, 1e-12);
  EXPECT_CLOSE(added.fit.state.trend, -10.61039984804352, 1e-11);
  expect_figures(added, {54.55731779962244, -16.01270654324863, 8.13549346663153, 11.60373868269900, -52.13893407917624, -60.38667965532342, 6.33768214903943}, 1e-11);
  EXPECT_CLOSE(added.fit.squared_error, 3021646.757025, 1e-12);
  EXPECT_CLOSE(added.fit.residual_variance, 32830.3023241885, 1e-12);
  const Forecast multiplied = ask(test::kNile, Method::holt_winters_multiplicative, 7, 1, {0.3, 0.1, 0.2});
  EXPECT_CLOSE(multiplied.fit.state.level, 803.895397901223305, 1e-12);
  EXPECT_CLOSE(multiplied.fit.squared_error, 2887971.4029715, 1e-12);
  EXPECT_CLOSE(multiplied.fit.residual_variance, 31225.7469820869, 1e-12);
}

TEST(HoltWinters, FindsConstantsAsGoodAsThoseOfR) {
  // Short series whose squared error has several minima, or one behind a constant that changes nothing (the last). R:
  // HoltWinters(ts(series, frequency = season), ...)$SSE.
  struct {
    Method method;
    int season;
    Numbers series;
    double wanted;
  } cases[] = {
      {Method::holt, 1, {9.775, 8.86, 9.983, 12.73, 13.09, 12.78, 11.01, 10.99, 11.98, 13.81, 15.23, 14.75}, 23.635389},
      {Method::holt, 1, {8.123, 8.232, 8.295, 7.946, 7.038, 5.917, 5.877, 7.559, 8.717, 8.715, 7.645, 7.441, 6.618, 6.071}, 8.633648},
      {Method::holt_winters_additive, 5, {734300, 1078000, 1738000, 1938000, 1988000, 1640000, 1013000, 1105000, 952200, 797700, 579100, 511400}, 219186718155.066},
      {Method::holt_winters_additive, 3, {1046, 1049, 1197, 1194, 1068, 960.1, 1153, 1093, 1161, 1363, 1368, 1541, 1719, 1616, 1843,
                                          1615, 2265, 2149, 2162, 2201, 2430, 2163, 2102, 1979, 2119, 2294, 2209, 2606, 2869, 3119}, 1181904.84167648},
      {Method::holt_winters_multiplicative, 4, {1172000, 1166000, 787500, 1350000, 1361000, 1414000, 938100, 1613000, 1673000, 1651000, 1085000, 1818000}, 15715177696.9789},
      {Method::holt_winters_multiplicative, 5, {1047, 992.3, 1064, 1077, 1259, 1303, 1195, 1210, 1337, 1215, 1252, 1326}, 107060.891258845},
  };
  for (const auto& [method, season, series, wanted] : cases)
    EXPECT_LE(ask(series, method, season, 1).fit.squared_error, wanted * (1 + 1e-6)) << series[0];
}

TEST(HoltWinters, MultipliesErrorsByTheSeason) {
  // Chatfield and Yar 1991: one step has the variance of the residuals, h steps their weights, in the season of each.
  const Forecast forecast = ask(test::kAirPassengers, Method::holt_winters_multiplicative, 12, 14, {0.2755925, 0.03269295, 0.8707292});
  const auto& [alpha, beta, gamma] = forecast.fit.constants;
  EXPECT_CLOSE(forecast.standard_error[0], std::sqrt(forecast.fit.residual_variance), 1e-12);
  for (int h = 1; h <= 14; h++) {
    double sum = 0;
    for (int j = 0; j < h; j++) {
      const double weight = j == 0 ? 1 : alpha * (1 + j * beta) + (j % 12 == 0 ? gamma * (1 - alpha) : 0);
      const double part = weight * forecast.fit.state.season[(h - 1) % 12] / forecast.fit.state.season[(h - 1 - j) % 12];
      sum += part * part;
    }
    EXPECT_CLOSE(forecast.standard_error[h - 1], std::sqrt(sum * forecast.fit.residual_variance), 1e-12);
  }
}

TEST(Naive, RepeatsWithErrorsOfARandomWalk) {
  // Hyndman and Athanasopoulos 2021, 5.5: sigma sqrt(h), and sigma sqrt(k + 1) after k whole seasons.
  const Numbers series = {3, 5, 4, 8, 6};
  const Forecast last = ask(series, Method::naive, 1, 3);
  const double sigma = std::sqrt((4.0 + 1 + 16 + 4) / 4);
  for (int h = 1; h <= 3; h++) {
    EXPECT_EQ(last.mean[h - 1], 6);
    EXPECT_CLOSE(last.standard_error[h - 1], sigma * std::sqrt(h), 1e-12);
  }
  const Forecast seasonal = ask(series, Method::seasonal_naive, 2, 5);
  EXPECT_EQ(Numbers(seasonal.mean.begin(), seasonal.mean.end()), (Numbers{8, 6, 8, 6, 8}));
  const double of_season = std::sqrt((1.0 + 9 + 4) / 3);
  for (int h = 0; h < 5; h++) EXPECT_CLOSE(seasonal.standard_error[h], of_season * std::sqrt(h / 2 + 1), 1e-12);
}

TEST(ScaledError, IsThatOfHyndmanAndKoehler) {
  // By hand: 4 known, 2 held out; the naive forecast 8 misses 6 and 9 by 2 and 1, steps before it are 2, 1 and 4.
  EXPECT_CLOSE(ask(Numbers{3, 5, 4, 8, 6, 9}, Method::naive, 1, 2).scaled_error, 1.5 / (7.0 / 3), 1e-12);
  // Seasonal: 5 known, 2 held out; 8 and 6 miss 9 and 7 by 1, seasons before changed by 1, 3 and 2.
  EXPECT_CLOSE(ask(Numbers{3, 5, 4, 8, 6, 9, 7}, Method::seasonal_naive, 2, 2).scaled_error, 1.0 / 2, 1e-12);
  EXPECT_TRUE(std::isnan(ask(Numbers{3, 3, 3, 3}, Method::naive, 1, 1).scaled_error));
  EXPECT_TRUE(std::isnan(ask(Numbers{3}, Method::naive, 1, 1).scaled_error));
}

Numbers made(int n, int season, unsigned seed, double trend, double amplitude, double noise) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  Numbers series;
  for (int i = 0; i < n; i++) series.push_back(1000 + trend * i + amplitude * std::sin(2 * M_PI * i / season) + noise * normal(random));
  return series;
}

TEST(Automatic, IsNeverWorseThanSeasonalNaive) {
  for (unsigned seed = 1; seed <= 60; seed++) {
    const Numbers series = made(20 + (int)seed * 3, 7, seed, seed % 3 == 0 ? 0 : 2, seed % 2 == 0 ? 0 : 80, 10 + seed);
    for (int horizon : {1, 7, 14, 100}) {
      const Forecast best = ask(series, Method::automatic, 7, horizon);
      for (Method method : {Method::naive, Method::seasonal_naive, Method::ses, Method::holt, Method::holt_winters_additive, Method::holt_winters_multiplicative}) {
        const Forecast other = ask(series, method, 7, horizon);
        if (other.method == method && !std::isnan(other.scaled_error)) {
          EXPECT_LE(best.scaled_error, other.scaled_error) << seed << " " << forecast_method_name(method);
        }
        if (method == best.method) {
          EXPECT_EQ(best.mean, other.mean);
        }
      }
    }
  }
}

TEST(Automatic, TakesOnlyWhatTheWholeSeriesAllows) {
  // No views in the end: the season that multiplies has the least error before, but cannot be fitted to zeros.
  const Numbers ended = {7, 9, 9, 9, 10, 9, 8, 11, 9, 12, 6, 8, 9, 10, 9, 5, 8, 10, 9, 11, 7, 8, 0, 0, 0, 0, 0, 0, 0};
  const Forecast best = ask(ended, Method::automatic, 5, 14), last = ask(ended, Method::naive, 5, 14);
  EXPECT_LE(best.scaled_error, last.scaled_error);
  EXPECT_EQ(best.scaled_error, ask(ended, best.method, 5, 14).scaled_error);
}

TEST(Automatic, FindsWhatThereIs) {
  EXPECT_EQ(ask(test::kAirPassengers, Method::automatic, 12, 12).method, Method::holt_winters_multiplicative);
  EXPECT_LT(ask(made(90, 7, 1, 0, 200, 5), Method::automatic, 7, 14).scaled_error, 1.1);    // a season with little noise
  EXPECT_EQ(ask(Numbers(30, 5.0), Method::automatic, 7, 3).method, Method::naive);
  Numbers line;
  for (int i = 0; i < 30; i++) line.push_back(3 + 2 * i);
  const Forecast straight = ask(line, Method::automatic, 1, 5);
  EXPECT_EQ(straight.method, Method::holt);
  for (int h = 0; h < 5; h++) EXPECT_CLOSE(straight.mean[h], 3 + 2.0 * (30 + h), 1e-9);
}

TEST(Forecast, FallsBackOnWhatTheSeriesAllows) {
  const Numbers week = {5, 3, 8, 1, 9, 2, 7};
  EXPECT_TRUE(ask({}, Method::automatic, 7, 3).mean.empty());
  EXPECT_EQ(ask(Numbers{4}, Method::automatic, 7, 3).method, Method::naive);
  EXPECT_EQ(ask(Numbers{4}, Method::holt, 1, 3).mean[2], 4);
  EXPECT_TRUE(std::isnan(ask(Numbers{4}, Method::holt, 1, 3).standard_error[0]));
  EXPECT_EQ(ask(Numbers{4, 5}, Method::holt, 1, 3).method, Method::ses);
  EXPECT_EQ(ask(Numbers{4, 5, 6}, Method::holt, 1, 3).method, Method::holt);
  EXPECT_EQ(ask(week, Method::holt_winters_additive, 7, 3).method, Method::seasonal_naive);
  EXPECT_EQ(ask(week, Method::holt_winters_additive, 8, 3).method, Method::naive);
  EXPECT_EQ(ask(week, Method::holt_winters_multiplicative, 3, 3).method, Method::holt_winters_multiplicative);
  for (double bad : {0.0, -1.0}) {
    Numbers not_positive = week;
    not_positive[4] = bad;
    EXPECT_EQ(ask(not_positive, Method::holt_winters_multiplicative, 3, 3).method, Method::holt_winters_additive);
  }
  // Nothing varies: the errors are 0, and so are the bounds.
  for (Method method : {Method::naive, Method::seasonal_naive, Method::ses, Method::holt, Method::holt_winters_additive, Method::holt_winters_multiplicative}) {
    const Forecast constant = ask(Numbers(30, 12.5), method, 7, 20);
    EXPECT_EQ(constant.method, method);
    for (int h = 0; h < 20; h++) {
      EXPECT_NEAR(constant.mean[h], 12.5, 1e-12);
      EXPECT_NEAR(constant.standard_error[h], 0, 1e-12);
    }
  }
}

TEST(Forecast, FollowsAChangeOfTheUnit) {
  const Numbers series = made(60, 7, 3, 2, 100, 20);
  for (double unit : {0x1p-900, 0x1p900}) {
    Numbers scaled = series;
    for (double& value : scaled) value *= unit;
    for (Method method : {Method::automatic, Method::holt_winters_multiplicative}) {
      const Forecast a = ask(series, method, 7, 10), b = ask(scaled, method, 7, 10);
      EXPECT_EQ(a.method, b.method);
      for (int h = 0; h < 10; h++) {
        EXPECT_EQ(a.mean[h] * unit, b.mean[h]);
        EXPECT_EQ(a.standard_error[h] * unit, b.standard_error[h]);
      }
    }
  }
  EXPECT_THROW(ask(Numbers{0, 1e308, 1.7e308}, Method::holt, 1, 5, {1, 1, kNan}), Error);    // beyond the last double
}

TEST(Forecast, RefusesWhatHasNoMeaning) {
  const Numbers series = {1, 2, 3};
  EXPECT_THROW(ask(Numbers{1, kNan}, Method::naive, 1, 1), Error);
  EXPECT_THROW(ask(Numbers{1, kInfinity}, Method::automatic, 1, 1), Error);
  EXPECT_THROW(ask(series, Method::naive, 1, 0), Error);
  EXPECT_THROW(ask(series, Method::naive, 0, 1), Error);
  EXPECT_THROW(ask(series, Method::seasonal_naive, 1, 1), Error);
  for (double bad : {-0.1, 1.1, kInfinity}) {
    EXPECT_THROW(ask(series, Method::ses, 1, 1, {bad, kNan, kNan}), Error);
    EXPECT_THROW(ask(series, Method::ses, 1, 1, {0.5, bad, kNan}), Error);
    EXPECT_THROW(ask(series, Method::ses, 1, 1, {0.5, 0.5, bad}), Error);
  }
}

TEST(Forecast, CanBeEnded) {
  // Between two polls lies one pass over the series, or one step of the horizon.
  static int polls;
  const Numbers series = made(2000, 7, 3, 2, 100, 20);
  ForecastQuestion question{.horizon = 1000, .method = Method::holt_winters_multiplicative, .season = 7, .given = kBest, .poll = [] { polls++; }};
  forecast(series, question, kMemory);
  const int all = polls;
  EXPECT_GT(all, 1200);
  question.poll = [] { if (--polls == 0) throw 57014; };
  for (int after : {1, 100, all - 1}) {
    polls = after;
    test::FailingMemory memory(1'000'000);
    EXPECT_THROW(forecast(series, question, &memory), int);
    EXPECT_EQ(memory.held(), 0U);
  }
}

TEST(Forecast, GivesBackWhatItTookWhenMemoryRunsOut) {
  const Numbers series = made(60, 7, 3, 2, 100, 20);
  std::size_t n = 0;
  for (bool failed = true; failed; n++) {
    test::FailingMemory memory(n);
    try {
      forecast(series, {.horizon = 10, .season = 7, .given = kBest}, &memory);
      sen_slope(series, series, &memory);
      mann_kendall(series, &memory);
    } catch (const std::bad_alloc&) {
    }
    EXPECT_EQ(memory.held(), 0U) << n;
    failed = memory.failed();
  }
  EXPECT_GT(n, 30U);
}

TEST(Forecast, KnowsItsMethodsByName) {
  for (const char* name : {"naive", "seasonal_naive", "ses", "holt", "holt_winters_additive", "holt_winters_multiplicative", "auto"})
    EXPECT_STREQ(forecast_method_name(find_forecast_method(name).value()), name);
  for (const char* name : {"", "Naive", "arima", "holt_winters"}) EXPECT_FALSE(find_forecast_method(name));
}

}  // namespace
}  // namespace ea::core
