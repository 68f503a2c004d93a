// compare_periods: a metric in a range, and in as long a range before.
#include "access/home.hpp"
#include "ask/period.hpp"
#include "ask/series_arguments.hpp"
#include "core/stat/tests.hpp"
#include "pg/barrier.hpp"
#include "pg/rows.hpp"

namespace {

using namespace ea;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kLevel = 0.95;    // of bounds that nobody asks for
constexpr int kMostDays = 36525;

enum { kBefore, kNow, kPeriods };

// Days of 24 hours, from the start of each period on: the samples by which the two differ or do not. What is left of a last
// day is in none.
class Days {
 public:
  Days(const pg::Range& before, const pg::Range& now) : days_((int)Min((now.to - now.from) / USECS_PER_DAY, kMostDays + 1)) {
    if (!enough()) return;
    const int count = 2 * days_ + 2;
    Datum* starts = static_cast<Datum*>(palloc(sizeof(Datum) * count));
    for (int i = 0; i <= days_; i++) {
      starts[i] = TimestampTzGetDatum(before.from + i * USECS_PER_DAY);
      starts[days_ + 1 + i] = TimestampTzGetDatum(now.from + i * USECS_PER_DAY);
    }
    bounds_ = {starts, count, {before.from, now.to}};
    for (double*& values : values_) values = static_cast<double*>(palloc(sizeof(double) * days_));
  }
  bool enough() const { return days_ >= 2 && days_ <= kMostDays; }
  const rollup::Bounds& bounds() const { return bounds_; }

  // Bucket i of the bounds; the one in the middle is between the periods.
  void add(int i, double value) {
    if (i == days_) return;
    const int period = i < days_ ? kBefore : kNow;
    values_[period][counts_[period]++] = value;
  }
  double p_value() const {
    core::Sample samples[kPeriods];
    for (int period : {kBefore, kNow}) {
      if (counts_[period] < 2) return kNan;
      samples[period] = core::sample_of({values_[period], (size_t)counts_[period]});
    }
    return core::welch_test(samples[kBefore], samples[kNow], kLevel).p_value;
  }

 private:
  int days_;
  rollup::Bounds bounds_{};
  double* values_[kPeriods] = {};
  int counts_[kPeriods] = {};
};

struct Answer {
  double current, previous, p_value;
};

// A rate is a proportion of views, as long as no view counts twice.
double p_value_of_rates(core::Metric metric, const core::Header* headers) {
  core::Proportion proportions[kPeriods];
  for (int period : {kBefore, kNow}) {
    proportions[period] = {*core::rate_events(metric, headers[period]), headers[period].counters.views};
    if (proportions[period].successes > proportions[period].n) return kNan;
  }
  return core::two_proportion_test(proportions[kBefore], proportions[kNow], kLevel).p_value;
}

Answer answer_of_summaries(const pg::Home& home, const rollup::Key& key, core::Metric metric, const rollup::Bounds& periods, Days& days) {
  core::Header headers[kPeriods];
  rollup::for_each_bucket(home, key, periods, [&](int i, rollup::SummarySink& sink) { headers[i] = sink.header(); });
  Answer answer{core::metric_value(metric, headers[kNow]), core::metric_value(metric, headers[kBefore]), kNan};
  if (core::rate_events(metric, headers[kNow])) {
    answer.p_value = p_value_of_rates(metric, headers);
  } else if (days.enough()) {
    rollup::for_each_bucket(home, key, days.bounds(), [&](int i, rollup::SummarySink& sink) {
      const core::Header header = sink.header();
      if (header.counters.views > 0 || !core::is_of_views(metric)) days.add(i, core::metric_value(metric, header));
    });
    answer.p_value = days.p_value();
  }
  return answer;
}

Answer answer(pg::Query& query, const rollup::Scope& scope, rollup::SeriesMetric metric, const pg::Range& before, const pg::Range& now) {
  Datum ends[] = {TimestampTzGetDatum(before.from), TimestampTzGetDatum(now.from), TimestampTzGetDatum(now.to)};
  const rollup::Bounds periods{ends, (int)lengthof(ends), {before.from, now.to}};
  Days days(before, now);
  if (metric.kind == rollup::SeriesMetric::of_summary) return answer_of_summaries(query.home(), scope.key(), metric.metric, periods, days);
  const double* values = rollup::bucket_values(query, scope, metric, periods);
  Answer answer{values[kNow], values[kBefore], kNan};
  if (days.enough()) {
    values = rollup::bucket_values(query, scope, metric, days.bounds());
    for (int i = 0; i < days.bounds().buckets(); i++) days.add(i, values[i]);
    answer.p_value = days.p_value();
  }
  return answer;
}

}  // namespace

EA_FUNCTION(ea_compare_periods) {
  const pg::Home home = access::installed_home(fcinfo);
  const rollup::SeriesMetric metric = rollup::series_metric_argument(fcinfo, 0);
  const pg::Range now = pg::range_argument(fcinfo, 1);
  const rollup::Scope scope = rollup::scope_argument(fcinfo, home, 3);
  const pg::Range before = rollup::range_before(now);
  pg::Rows rows(fcinfo);
  pg::Query query(home);
  const Answer found = answer(query, scope, metric, before, now);
  rows.float8_value(found.current)
      .float8_value(found.previous)
      .float8_or_null(core::change_percent(found.current, found.previous))
      .float8_or_null(found.p_value)
      .end_row();
  query.finish();
  return (Datum)0;
}
