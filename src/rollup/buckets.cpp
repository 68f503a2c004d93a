#include "rollup/buckets.hpp"

#include "rollup/scope.hpp"

namespace ea::rollup {

namespace {

// $1 content, $2 creator, $3 and $4 the range, $5 the bounds.
#define EA_EVENTS "{s}.explore_engagements e WHERE " EA_IN_RANGE("$3", "$4") " AND " EA_OF_SCOPE("$1", "$2")
#define EA_SESSIONS                                                                    \
  "{s}.explore_feed_sessions s WHERE s.session_start >= $3 AND s.session_start < $4"   \
  " AND (($1 IS NULL AND $2 IS NULL) OR s.id IN ("                                     \
  "SELECT e.session_id FROM {s}.explore_engagements e WHERE " EA_OF_SCOPE("$1", "$2") "))"

constexpr std::initializer_list<Oid> kScope = {INT8OID, INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID};
constexpr std::initializer_list<Oid> kScopeAndBounds = {INT8OID, INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID,
                                                        TIMESTAMPTZARRAYOID};

pg::Statement event_extent(
    "/* explore_analytics: metric_series */ SELECT min(e.created_at), max(e.created_at) FROM " EA_EVENTS, kScope,
    CURSOR_OPT_CUSTOM_PLAN);

pg::Statement session_extent(
    "/* explore_analytics: metric_series */ SELECT min(s.session_start), max(s.session_start) FROM " EA_SESSIONS, kScope,
    CURSOR_OPT_CUSTOM_PLAN);

pg::Statement summaries(
    "/* explore_analytics: metric_series */ SELECT width_bucket(e.created_at, $5), " EA_SUMMARY " FROM " EA_EVENTS
    " GROUP BY 1",
    kScopeAndBounds, CURSOR_OPT_CUSTOM_PLAN);

pg::Statement sessions(
    "/* explore_analytics: metric_series */ SELECT width_bucket(s.session_start, $5), count(*) FROM " EA_SESSIONS
    " GROUP BY 1",
    kScopeAndBounds, CURSOR_OPT_CUSTOM_PLAN);

// All history decides who is new, then the range chooses.
pg::Statement new_viewers(
    "/* explore_analytics: metric_series */ SELECT width_bucket(f.first_view, $5), count(*)"
    " FROM (SELECT min(e.created_at) AS first_view FROM {s}.explore_engagements e"
    "       WHERE e.engagement_type = 'view' AND " EA_VIEWER_KEY " IS NOT NULL AND " EA_OF_SCOPE("$1", "$2")
    "       GROUP BY " EA_VIEWER_KEY ") f"
    " WHERE f.first_view >= $3 AND f.first_view < $4 GROUP BY 1",
    kScopeAndBounds, CURSOR_OPT_CUSTOM_PLAN);

pg::Parameters parameters(const Scope& scope, const pg::Range& range) {
  return pg::Parameters().id(scope.content).id(scope.creator).range(range);
}

bool close_range(pg::Query& query, pg::Statement& extent, const Scope& scope, pg::Range* range) {
  query.read(extent, parameters(scope, *range));
  if (query.is_null(0, 1)) return false;
  if (TIMESTAMP_IS_NOBEGIN(range->from)) range->from = DatumGetTimestampTz(query.value(0, 1));
  if (TIMESTAMP_IS_NOEND(range->to)) range->to = DatumGetTimestampTz(query.value(0, 2)) + 1;
  return true;
}

}  // namespace

bool close_range_by_events(pg::Query& query, const Scope& scope, pg::Range* range) {
  return close_range(query, event_extent, scope, range);
}

bool close_range_by_sessions(pg::Query& query, const Scope& scope, pg::Range* range) {
  return close_range(query, session_extent, scope, range);
}

uint64 bucket_summaries(pg::Query& query, Datum bounds, const Scope& scope, pg::Range range) {
  return query.read(summaries, parameters(scope, range).add(bounds));
}

uint64 bucket_sessions(pg::Query& query, Datum bounds, const Scope& scope, pg::Range range) {
  return query.read(sessions, parameters(scope, range).add(bounds));
}

uint64 bucket_new_viewers(pg::Query& query, Datum bounds, const Scope& scope, pg::Range range) {
  return query.read(new_viewers, parameters(scope, range).add(bounds));
}

}  // namespace ea::rollup
