#include "rollup/read_path.hpp"

#include "rollup/scope.hpp"

namespace ea::rollup {

namespace {

pg::Statement content_statement(
    "/* explore_analytics: content_summary */ SELECT " EA_SUMMARY " FROM {s}.explore_engagements e"
    " WHERE " EA_OF_CONTENT("$1") " AND " EA_IN_RANGE("$2", "$3"),
    {INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID});

pg::Statement creator_statement(
    "/* explore_analytics: creator_summary */ SELECT " EA_SUMMARY " FROM {s}.explore_engagements e"
    " WHERE " EA_OF_CREATOR("$1") " AND " EA_IN_RANGE("$2", "$3"),
    {INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID});

pg::Statement platform_statement(
    "/* explore_analytics: platform_summary */ SELECT " EA_SUMMARY " FROM {s}.explore_engagements e"
    " WHERE " EA_IN_RANGE("$1", "$2"),
    {TIMESTAMPTZOID, TIMESTAMPTZOID});

pg::Statement all_contents_statement(
    "/* explore_analytics: content_summaries */ SELECT s.content_id, s.summary FROM (SELECT e.content_id, " EA_SUMMARY
    " AS summary FROM {s}.explore_engagements e WHERE " EA_IN_RANGE("$1", "$2") " GROUP BY e.content_id) s"
    " JOIN {s}.explore_content c ON c.id = s.content_id",
    {TIMESTAMPTZOID, TIMESTAMPTZOID});

pg::Statement contents_statement(
    "/* explore_analytics: content_summaries */ SELECT s.content_id, s.summary FROM (SELECT e.content_id, " EA_SUMMARY
    " AS summary FROM {s}.explore_engagements e WHERE e.content_id = ANY ($1) AND " EA_IN_RANGE("$2", "$3")
    " GROUP BY e.content_id) s JOIN {s}.explore_content c ON c.id = s.content_id",
    {INT8ARRAYOID, TIMESTAMPTZOID, TIMESTAMPTZOID});

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

}  // namespace ea::rollup
