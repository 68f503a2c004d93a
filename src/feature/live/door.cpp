// live_metrics and concurrent_viewers: what is going on.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "ask/period.hpp"
#include "ask/series_arguments.hpp"
#include "pg/barrier.hpp"
#include "pg/rows.hpp"

namespace {

using namespace ea;

constexpr int kMostMinutes = 7 * HOURS_PER_DAY * MINS_PER_HOUR;

// The minutes of the clock up to the one that holds the last instant before the moment; of this one what came before it.
rollup::Bounds minutes_before(const rollup::Moment& as_of, int minutes) {
  const TimestampTz last = core::floor_divide(as_of.end() - 1, USECS_PER_MINUTE) * USECS_PER_MINUTE;
  const TimestampTz first = rollup::before(last, (minutes - 1) * USECS_PER_MINUTE);
  if (TIMESTAMP_IS_NOBEGIN(first))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "as_of %s is too early", timestamptz_to_str(as_of.at)),
                            "The minutes before it begin before the calendar does."));
  Datum* bounds = static_cast<Datum*>(palloc(sizeof(Datum) * (minutes + 1)));
  for (int i = 0; i <= minutes; i++) bounds[i] = TimestampTzGetDatum(first + i * USECS_PER_MINUTE);
  return {bounds, minutes + 1, {first, as_of.end()}};
}

}  // namespace

EA_FUNCTION(ea_live_metrics) {
  const pg::Home home = access::installed_home(fcinfo);
  const int32 minutes = PG_ARGISNULL(0) ? MINS_PER_HOUR : PG_GETARG_INT32(0);
  if (minutes < 1 || minutes > kMostMinutes)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "minutes must be from 1 to %d, not %d", kMostMinutes, minutes),
                            "metric_series() answers for longer ranges, by hour or day."));
  const rollup::Scope scope = rollup::scope_argument(fcinfo, home, 2, 1);
  const rollup::Bounds buckets = minutes_before(rollup::as_of_argument(fcinfo, 3), minutes);
  pg::Rows rows(fcinfo);
  rollup::for_each_bucket(home, scope.key(), buckets, [&](int i, rollup::SummarySink& sink) {
    const core::Header header = sink.header();
    rows.add(buckets.bounds[i])
        .int64_value(header.counters.views)
        .int64_value((int64)header.unique_viewers)
        .float8_value(core::seconds(header.counters.watch_time_ms))
        .end_row();
  });
  return (Datum)0;
}

EA_FUNCTION(ea_concurrent_viewers) {
  const pg::Home home = access::installed_home(fcinfo);
  const pg::Optional<int64> content = pg::optional_id(fcinfo, 0, "content_id");
  const int64 within = pg::span_argument(fcinfo, 1, 5 * USECS_PER_MINUTE, "within");
  const rollup::Moment as_of = rollup::as_of_argument(fcinfo, 2);
  pg::Range range{rollup::before(as_of.at, within), as_of.at};
  if (PG_ARGISNULL(2)) range.to = pg::Range{}.to;
  rollup::Key key{rollup::ScopeKind::platform, 0};
  if (content.given) {
    access::authorize_content(home, content.value);
    key = {rollup::ScopeKind::content, content.value};
  } else if (const pg::Optional<int64> me = access::restricted_to(home); me.given) {
    key = {rollup::ScopeKind::creator, me.value};
  }
  PG_RETURN_INT64((int64)rollup::header(home, key, range).unique_viewers);
}
