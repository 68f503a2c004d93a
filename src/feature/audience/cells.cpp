#include "feature/audience/cells.hpp"

#include "pg/error.hpp"
#include "store/scope.hpp"

namespace ea::audience {

namespace {

// $1, $2 the range, $3 content, $4 creator, $5 by day, $6 the content that is asked about, $7 the year. Added up before profiles
// and sessions are looked at: an app has fewer of them than events.
#define EA_ABOUT "($6 IS NULL OR e.content_id = $6)"
#define EA_COUNTING "(e.engagement_type IN ('view', 'complete') OR e.watch_time_ms > 0)"
#define EA_CELLS(entity)                                                                                                  \
  "(SELECT " entity " AS entity, " EA_VIEWER_KEY " AS viewer,"                                                            \
  " CASE WHEN $5 THEN (e.created_at AT TIME ZONE 'UTC')::date - '2000-01-01'::date END AS day,"                           \
  " count(*) FILTER (WHERE " EA_ABOUT ") AS events,"                                                                      \
  " count(*) FILTER (WHERE e.engagement_type = 'view' AND " EA_ABOUT ") AS views,"                                        \
  " count(*) FILTER (WHERE (e.engagement_type = 'complete' OR e.engagement_type = 'view' AND e.completed) AND " EA_ABOUT ") AS completions," \
  " coalesce(sum(e.watch_time_ms) FILTER (WHERE " EA_ABOUT "), 0) AS watch_time_ms,"                                      \
  " count(*) FILTER (WHERE " EA_COUNTING " AND " EA_ABOUT ") AS counting,"                                                \
  " count(*) FILTER (WHERE $5 AND e.engagement_type = 'view' AND NOT " EA_ABOUT ") AS views_elsewhere,"                   \
  " count(*) FILTER (WHERE $5 AND " EA_COUNTING " AND NOT " EA_ABOUT ") AS counting_elsewhere"                            \
  " FROM {s}.explore_engagements e WHERE " EA_IN_RANGE("$1", "$2") " AND " EA_OF_SCOPE("$3", "$4") " AND " EA_COUNTED     \
  " GROUP BY 1, 2, 3) c"
#define EA_BREAKDOWN(value, cells, attributes)                                                                            \
  {"/* explore_analytics: audience_breakdown */ "                                                                         \
   "SELECT coalesce((" value ")::text, 'unknown') COLLATE \"C\", c.viewer, c.day, c.events, c.views, c.completions, c.watch_time_ms,"  \
   " c.counting, c.views_elsewhere, c.counting_elsewhere FROM " cells attributes " WHERE $7 IS NOT NULL ORDER BY 1, 2",   \
   {TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID, INT8OID, BOOLOID, INT8OID, INT8OID}, CURSOR_OPT_CUSTOM_PLAN | CURSOR_OPT_PARALLEL_OK}
// A visitor's key is no user's id.
#define EA_OF_VIEWERS(value) EA_BREAKDOWN(value, EA_CELLS("0"), " LEFT JOIN {s}.explore_viewers a ON a.user_id = c.viewer")
#define EA_OF_SESSIONS(value) EA_BREAKDOWN(value, EA_CELLS("e.session_id"), " LEFT JOIN {s}.explore_feed_sessions a ON a.id = c.entity")

pg::Statement cells[kDimensions] = {
    EA_OF_VIEWERS(EA_AGE_GROUP("$7")),
    EA_OF_VIEWERS("a.gender"), EA_OF_VIEWERS("a.language"),
    EA_OF_SESSIONS("a.country"), EA_OF_SESSIONS("a.region"), EA_OF_SESSIONS("a.city"), EA_OF_SESSIONS("a.device_type"),
    EA_OF_SESSIONS("a.platform"), EA_OF_SESSIONS("a.app_version"), EA_OF_SESSIONS("a.traffic_source")};

}  // namespace

void each_cell(pg::Query& query, const CellQuestion& question, void (*f)(void* with, const Cell& cell), void* with) {
  const pg::Parameters parameters = pg::Parameters().range(question.range).id(question.content).id(question.creator)
      .add(BoolGetDatum(question.by_day)).id(question.about).id(question.year);
  query.each_row(cells[(int)question.dimension], parameters, [&](TupleTableSlot* row) {
    slot_getallattrs(row);
    const Datum* values = row->tts_values;
    const auto number = [&](int column) { return DatumGetInt64(values[column]); };
    f(with, {PG_DETOAST_DATUM_PACKED(values[0]), !row->tts_isnull[1], row->tts_isnull[1] ? 0 : number(1),
             row->tts_isnull[2] ? 0 : DatumGetInt32(values[2]), number(3), number(4), number(5), number(6), number(7), number(8), number(9)});
  });
}

}  // namespace ea::audience
