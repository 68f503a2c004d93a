#include "ask/series.hpp"

#include "ask/sessions.hpp"
#include "store/raw_horizon.hpp"
#include "store/scope.hpp"

namespace ea::rollup {

namespace {

// $1 content, $2 creator, $3 and $4 the range, $5 the bounds.
#define EA_SESSIONS(more)                                                              \
  "{s}.explore_feed_sessions s WHERE s.session_start >= $3 AND s.session_start < $4"   \
  " AND (($1 IS NULL AND $2 IS NULL) OR s.id IN ("                                     \
  "SELECT e.session_id FROM {s}.explore_engagements e WHERE " EA_COUNTED " AND " EA_OF_SCOPE("$1", "$2") more "))"

#define EA_EXTENT(more) \
  "/* explore_analytics: metric_series */ SELECT min(s.session_start), max(s.session_start) FROM " EA_SESSIONS(more)
#define EA_COUNTS(more) \
  "/* explore_analytics: metric_series */ SELECT width_bucket(s.session_start, $5), count(*) FROM " EA_SESSIONS(more) " GROUP BY 1"

constexpr std::initializer_list<Oid> kExtentTypes = {INT8OID, INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID};
constexpr std::initializer_list<Oid> kCountTypes = {INT8OID, INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZARRAYOID};

// Of raw events, and of all time: where nothing was dropped, nothing more is planned.
pg::Statement session_extent(EA_EXTENT(""), kExtentTypes, CURSOR_OPT_CUSTOM_PLAN);
pg::Statement session_extent_of_all_time(EA_EXTENT(EA_OR_DROPPED("$1", "$2")), kExtentTypes, CURSOR_OPT_CUSTOM_PLAN);
pg::Statement sessions(EA_COUNTS(""), kCountTypes, CURSOR_OPT_CUSTOM_PLAN);
pg::Statement sessions_of_all_time(EA_COUNTS(EA_OR_DROPPED("$1", "$2")), kCountTypes, CURSOR_OPT_CUSTOM_PLAN);

// An open range begins at the first of what it is about, but not before 2000: of one forgotten row from before
// that rule a series would be as long as history.
void close(pg::Range* range, TimestampTz first, TimestampTz last) {
  constexpr TimestampTz k2000 = 0;
  if (TIMESTAMP_IS_NOBEGIN(range->from)) range->from = std::max(first, k2000);
  if (TIMESTAMP_IS_NOEND(range->to)) range->to = last + 1;
}

bool close_range_by_sessions(pg::Query& query, const Scope& scope, pg::Range* range) {
  query.read(has_session_rollups() ? session_extent_of_all_time : session_extent, pg::Parameters().id(scope.content).id(scope.creator).range(*range));
  if (query.is_null(0, 1)) return false;
  close(range, DatumGetTimestampTz(query.value(0, 1)), DatumGetTimestampTz(query.value(0, 2)));
  return true;
}

// Narrows open ends of a range to the first and last event of the scope, or start of a session; false when there is none.
bool close_range(pg::Query& query, const SeriesQuestion& question, pg::Range* range) {
  if (!TIMESTAMP_IS_NOBEGIN(range->from) && !TIMESTAMP_IS_NOEND(range->to)) return true;
  if (question.metric.kind == SeriesMetric::sessions) return close_range_by_sessions(query, question.scope, range);
  return close_range_by_events(query.home(), question.scope.key(), range);
}

// All history decides who is new: those whom a bucket adds to the viewers of all time before it.
void bucket_new_viewers(const pg::Home& home, const Key& key, const Bounds& buckets, double* values) {
  Question question(home, key, {std::numeric_limits<int64>::min(), buckets.range.to}, buckets.count);
  SummarySink everybody;
  question.add_to(everybody, {std::numeric_limits<int64>::min(), buckets.range.from});
  uint64 before = everybody.header().unique_viewers;
  for (int i = 0; i + 1 < buckets.count; i++) {
    CHECK_FOR_INTERRUPTS();
    question.add_to(everybody, buckets.bucket(i));
    const uint64 now = everybody.header().unique_viewers;
    values[i] = (double)(now - before);
    before = now;
  }
  question.close();
}

// False where only the raw rows can tell.
bool bucket_kept_sessions(const pg::Home& home, const Scope& scope, const Bounds& buckets, double* values) {
  if (scope.content.given) return false;
  SessionQuestion question(home, scope.creator, span_of(buckets.range));
  const bool told = question.can_tell();
  MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics bucket", ALLOCSET_DEFAULT_SIZES);
  MemoryContext outside = MemoryContextSwitchTo(context);
  for (int i = 0; told && i + 1 < buckets.count; i++) {
    CHECK_FOR_INTERRUPTS();
    values[i] = (double)question.in(buckets.bucket(i)).sessions;
    MemoryContextReset(context);
  }
  MemoryContextSwitchTo(outside);
  question.close();
  MemoryContextDelete(context);
  return told;
}

void bucket_sessions(pg::Query& query, const Scope& scope, const Bounds& buckets, double* values) {
  if (bucket_kept_sessions(query.home(), scope, buckets, values)) return;
  ArrayType* bounds = construct_array(buckets.bounds, buckets.count, TIMESTAMPTZOID, sizeof(TimestampTz), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
  const uint64 found = query.read(
      has_session_rollups() ? sessions_of_all_time : sessions,
      pg::Parameters().id(scope.content).id(scope.creator).range(buckets.range).add(PointerGetDatum(bounds)));
  for (uint64 i = 0; i < found; i++) values[DatumGetInt32(query.value(i, 1)) - 1] = (double)query.int64_at(i, 2);
}

}  // namespace

bool close_range_by_events(const pg::Home& home, const Key& key, pg::Range* range) {
  Question question(home, key, {});
  pg::Range extent;
  const bool found = question.extent(&extent);
  question.close();
  if (!found) return false;
  close(range, extent.from, extent.to);
  return true;
}

double* bucket_values(pg::Query& query, const Scope& scope, SeriesMetric metric, const Bounds& buckets) {
  double* values = static_cast<double*>(palloc0(sizeof(double) * Max(buckets.count, 1)));
  const auto take = [&](int i, SummarySink& sink) { values[i] = core::metric_value(metric.metric, sink.header()); };
  switch (metric.kind) {
    case SeriesMetric::of_summary: for_each_bucket(query.home(), scope.key(), buckets, take); break;
    case SeriesMetric::sessions: bucket_sessions(query, scope, buckets, values); break;
    case SeriesMetric::new_viewers: bucket_new_viewers(query.home(), scope.key(), buckets, values); break;
  }
  return values;
}

Series series(pg::Query& query, const SeriesQuestion& question) {
  Series result;
  pg::Range range = question.range;
  if (!close_range(query, question, &range) || range.from >= range.to) return result;
  pg::Array<Datum> bounds = local_buckets(question.zone, question.unit, range);
  result.buckets = {bounds.begin(), (int)bounds.size(), range};
  result.values = bucket_values(query, question.scope, question.metric, result.buckets);
  return result;
}

Series whole_buckets(pg::Query& query, const SeriesQuestion& question, int most) {
  Series result;
  pg::Range range = question.range;
  if (!close_range(query, question, &range)) return result;
  // What is to come is in no bucket that is over: one event of a far time must not make more buckets than there may be.
  const TimestampTz now = GetCurrentTransactionStartTimestamp(), end = Min(question.range.to, now);
  range.to = Min(range.to, now);
  if (range.from >= range.to) return result;
  pg::Array<Datum> bounds = local_buckets(question.zone, question.unit, range);
  int first = 0, count = (int)bounds.size();
  while (first < count && DatumGetTimestampTz(bounds[first]) < question.range.from) first++;
  while (count > first && DatumGetTimestampTz(bounds[count - 1]) > end) count--;
  if (count - first < 2) return result;
  if (count - first - 1 > most)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_PROGRAM_LIMIT_EXCEEDED, "the range holds %d buckets, more than %d", count - first - 1, most),
                            "Ask for a shorter range or a larger bucket."));
  result.buckets = {bounds.begin() + first, count - first, {}};
  result.buckets.range = {result.buckets.start(0), result.buckets.start(count - first - 1)};
  result.values = bucket_values(query, question.scope, question.metric, result.buckets);
  return result;
}

}  // namespace ea::rollup
