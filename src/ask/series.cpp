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

bool close_range_by_sessions(pg::Query& query, const Scope& scope, pg::Range* range) {
  query.read(has_session_rollups() ? session_extent_of_all_time : session_extent, pg::Parameters().id(scope.content).id(scope.creator).range(*range));
  if (query.is_null(0, 1)) return false;
  close(range, DatumGetTimestampTz(query.value(0, 1)), DatumGetTimestampTz(query.value(0, 2)));
  return true;
}

void bucket_metrics(const pg::Home& home, const Key& key, core::Metric metric, const Bounds& buckets, double* values) {
  Question question(home, key, span_of(buckets.range), buckets.count);
  MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics bucket", ALLOCSET_DEFAULT_SIZES);
  MemoryContext outside = MemoryContextSwitchTo(context);
  for (int i = 0; i + 1 < buckets.count; i++) {
    CHECK_FOR_INTERRUPTS();
    SummarySink sink;
    question.add_to(sink, buckets.bucket(i));
    values[i] = core::metric_value(metric, sink.header());
    MemoryContextReset(context);
  }
  MemoryContextSwitchTo(outside);
  question.close();
  MemoryContextDelete(context);
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

namespace {

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

}  // namespace

void bucket_sessions(pg::Query& query, const Scope& scope, const Bounds& buckets, double* values) {
  if (bucket_kept_sessions(query.home(), scope, buckets, values)) return;
  ArrayType* bounds = construct_array(buckets.bounds, buckets.count, TIMESTAMPTZOID, sizeof(TimestampTz), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
  const uint64 found = query.read(
      has_session_rollups() ? sessions_of_all_time : sessions,
      pg::Parameters().id(scope.content).id(scope.creator).range(buckets.range).add(PointerGetDatum(bounds)));
  for (uint64 i = 0; i < found; i++) values[DatumGetInt32(query.value(i, 1)) - 1] = (double)query.int64_at(i, 2);
}

}  // namespace ea::rollup
