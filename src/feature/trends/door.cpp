// metric_trend and metric_forecast: where a series goes.
#include "access/home.hpp"
#include "ask/forecast_steps.hpp"
#include "ask/series_arguments.hpp"
#include "core/stat/trend.hpp"
#include "pg/barrier.hpp"
#include "pg/guard.hpp"
#include "pg/memory.hpp"
#include "pg/rows.hpp"

namespace {

using namespace ea;

constexpr double kLevel = 0.95;

// The whole buckets that the arguments from the first on are about: metric, range, bucket, zone.
rollup::SeriesQuestion question(FunctionCallInfo fcinfo, const pg::Home& home, int content, int creator) {
  rollup::SeriesQuestion question;
  question.metric = rollup::series_metric_argument(fcinfo, 0);
  question.range = pg::range_argument(fcinfo, 1);
  question.unit = rollup::unit_argument(fcinfo, 3);
  question.zone = rollup::zone_argument(fcinfo, 4);
  question.scope = rollup::scope_argument(fcinfo, home, content, creator);
  return question;
}

// Buckets until a series is expected to repeat itself.
int season_of(core::LocalUnit unit) {
  switch (unit) {
    case core::LocalUnit::hour: return 24;
    case core::LocalUnit::day: return 7;
    case core::LocalUnit::week: return 52;
    case core::LocalUnit::month: break;
  }
  return 12;
}

// No metric is negative, and a score has a most.
double possible(double value, rollup::SeriesMetric metric) {
  const bool score = metric.kind == rollup::SeriesMetric::of_summary && metric.metric == core::Metric::engagement_score;
  return std::isnan(value) ? value : std::clamp(value, 0.0, score ? 100.0 : std::numeric_limits<double>::max());
}

// Starts of as many buckets from a bound on.
pg::Array<Datum> buckets_from(TimestampTz bound, const rollup::SeriesQuestion& question, int count) {
  constexpr int64 kLongest[] = {2 * USECS_PER_HOUR, 2 * USECS_PER_DAY, 8 * USECS_PER_DAY, 32 * USECS_PER_DAY};
  pg::Array<Datum> starts = rollup::local_buckets(question.zone, question.unit, {bound, bound + count * kLongest[(int)question.unit]});
  starts.shorten(count);
  return starts;
}

struct Trend {
  core::LinearFit line;
  double sen_slope;
  core::MannKendall test;
};

const char* direction_of(const core::MannKendall& test, int n) {
  constexpr double kSignificant = 0.05;
  if (n < 2) return nullptr;
  if (std::isnan(test.p_value) || test.p_value >= kSignificant) return "flat";
  return test.s > 0 ? "up" : "down";
}

}  // namespace

EA_FUNCTION(ea_metric_trend) {
  const pg::Home home = access::installed_home(fcinfo);
  const rollup::SeriesQuestion asked = question(fcinfo, home, 5, 6);
  pg::Rows rows(fcinfo);
  pg::Query query(home);
  const rollup::Series series = rollup::whole_buckets(query, asked, rollup::kMostPoints);
  const int n = series.buckets.buckets();
  double* place = static_cast<double*>(palloc(sizeof(double) * Max(n, 1)));
  for (int i = 0; i < n; i++) place[i] = i;
  Trend trend;
  {
    pg::Resource memory(CurrentMemoryContext);
    const std::span<const double> x(place, n), y(series.values, n);
    trend = {core::linear_fit(x, y), core::sen_slope(x, y, &memory), core::mann_kendall(y, &memory)};
  }
  const char* direction = direction_of(trend.test, n);
  rows.int64_value(n)
      .float8_or_null(trend.line.slope).float8_or_null(trend.line.intercept).float8_or_null(trend.line.r2).float8_or_null(trend.line.p_value)
      .float8_or_null(trend.sen_slope).float8_or_null(trend.test.z).float8_or_null(trend.test.p_value)
      .add(direction != nullptr, direction ? CStringGetTextDatum(direction) : 0)
      .end_row();
  query.finish();
  return (Datum)0;
}

EA_FUNCTION(ea_metric_forecast) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  const pg::Home home = access::installed_home(fcinfo);
  const rollup::SeriesQuestion asked = question(fcinfo, home, 7, 8);
  core::ForecastQuestion wanted;
  wanted.horizon = rollup::horizon_argument(fcinfo, 5, 14);
  wanted.method = rollup::forecast_method_argument(fcinfo, 6);
  wanted.season = season_of(asked.unit);
  wanted.given = {kNan, kNan, kNan};
  wanted.measured = true;
  wanted.poll = pg::poll;
  pg::Rows rows(fcinfo);
  pg::Query query(home);
  const auto [buckets, values] = rollup::whole_buckets(query, asked, rollup::kMostPoints);
  if (buckets.buckets() > 0) {
    const pg::Array<Datum> starts = buckets_from(buckets.start(buckets.buckets()), asked, wanted.horizon);
    const rollup::ForecastSteps forecast = rollup::forecast_steps({values, (size_t)buckets.buckets()}, wanted, kLevel, "Ask for another range.");
    const char* method = core::forecast_method_name(forecast.method);
    for (int64 i = 0; i < forecast.steps.size(); i++) {
      const auto [mean, lower, upper] = forecast.steps[i];
      rows.add(starts[i])
          .float8_value(possible(mean, asked.metric))
          .float8_or_null(possible(lower, asked.metric))
          .float8_or_null(possible(upper, asked.metric))
          .text_value(method)
          .float8_or_null(forecast.scaled_error)
          .end_row();
    }
  }
  query.finish();
  return (Datum)0;
}
