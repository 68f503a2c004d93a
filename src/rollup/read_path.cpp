#include "rollup/read_path.hpp"

namespace ea::rollup {

namespace {

#define EA_AGG                                                                             \
  "{s}.engagement_agg(e.engagement_type, coalesce(e.user_id, -e.session_id), e.watch_time_ms, " \
  "e.completed)"
// An event of content that has no row counts for the platform only.
#define EA_OF_CONTENT(parameter) \
  "e.content_id IN (SELECT c.id FROM {s}.explore_content c WHERE c.id = " parameter ")"
#define EA_OF_CREATOR(parameter) \
  "e.content_id IN (SELECT c.id FROM {s}.explore_content c WHERE c.creator_id = " parameter ")"

pg::Statement content_statement(
    "/* explore_analytics: content_summary */ SELECT " EA_AGG " FROM {s}.explore_engagements e"
    " WHERE " EA_OF_CONTENT("$1") " AND e.created_at >= $2 AND e.created_at < $3",
    {INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID});

pg::Statement creator_statement(
    "/* explore_analytics: creator_summary */ SELECT " EA_AGG " FROM {s}.explore_engagements e"
    " WHERE " EA_OF_CREATOR("$1") " AND e.created_at >= $2 AND e.created_at < $3",
    {INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID});

pg::Statement platform_statement(
    "/* explore_analytics: platform_summary */ SELECT " EA_AGG " FROM {s}.explore_engagements e"
    " WHERE e.created_at >= $1 AND e.created_at < $2",
    {TIMESTAMPTZOID, TIMESTAMPTZOID});

pg::Statement all_contents_statement(
    "/* explore_analytics: content_summaries */ SELECT s.content_id, s.summary FROM (SELECT e.content_id, " EA_AGG
    " AS summary FROM {s}.explore_engagements e WHERE e.created_at >= $1 AND e.created_at < $2 GROUP BY e.content_id) s"
    " JOIN {s}.explore_content c ON c.id = s.content_id",
    {TIMESTAMPTZOID, TIMESTAMPTZOID});

pg::Statement contents_statement(
    "/* explore_analytics: content_summaries */ SELECT s.content_id, s.summary FROM (SELECT e.content_id, " EA_AGG
    " AS summary FROM {s}.explore_engagements e WHERE e.content_id = ANY ($1) AND e.created_at >= $2 AND e.created_at < $3"
    " GROUP BY e.content_id) s JOIN {s}.explore_content c ON c.id = s.content_id",
    {INT8ARRAYOID, TIMESTAMPTZOID, TIMESTAMPTZOID});

// Planned for each call, so that the conditions of scopes that are not asked for fold away.
pg::Statement bucket_statement(
    "/* explore_analytics: bucket_summaries */ SELECT width_bucket(e.created_at, $1), " EA_AGG
    " FROM {s}.explore_engagements e WHERE e.created_at >= $2 AND e.created_at < $3"
    " AND ($4 IS NULL OR " EA_OF_CONTENT("$4") ") AND ($5 IS NULL OR " EA_OF_CREATOR("$5") ") GROUP BY 1",
    {TIMESTAMPTZARRAYOID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID, INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

Datum single(pg::Query& query, pg::Statement& statement, const pg::Parameters& parameters) {
  query.read(statement, parameters);
  return query.copy_out(query.value(0, 1));
}

}  // namespace

Datum content_summary(pg::Query& query, int64 content, pg::Range range) {
  return single(query, content_statement, pg::Parameters().id(content).range(range));
}

Datum creator_summary(pg::Query& query, int64 creator, pg::Range range) {
  return single(query, creator_statement, pg::Parameters().id(creator).range(range));
}

Datum platform_summary(pg::Query& query, pg::Range range) {
  return single(query, platform_statement, pg::Parameters().range(range));
}

uint64 content_summaries(pg::Query& query, bool given, Datum contents, pg::Range range) {
  if (!given) return query.read(all_contents_statement, pg::Parameters().range(range));
  return query.read(contents_statement, pg::Parameters().add(contents).range(range));
}

uint64 bucket_summaries(pg::Query& query, Datum bounds, pg::Range range, pg::Optional<int64> content,
                        pg::Optional<int64> creator) {
  return query.read(bucket_statement, pg::Parameters().add(bounds).range(range).id(content).id(creator));
}

}  // namespace ea::rollup
