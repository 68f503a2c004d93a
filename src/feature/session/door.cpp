// Feed sessions: create, close, and what happened in one.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "access/writer_limits.hpp"
#include "pg/barrier.hpp"
#include "pg/job_log.hpp"
#include "pg/jsonb.hpp"
#include "pg/rows.hpp"
#include "store/epoch.hpp"
#include "store/raw_horizon.hpp"
#include "store/scope.hpp"

namespace {

using namespace ea;

pg::Statement insert_session(
    "/* explore_analytics: create_session */ "
    "INSERT INTO {s}.explore_feed_sessions"
    " (user_id, device_type, platform, app_version, country, region, city, traffic_source, attributes)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8,"
    "  $9 - '{deviceType,platform,appVersion,country,region,city,trafficSource}'::text[]) RETURNING id",
    {INT8OID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, JSONBOID});

// An end of close_idle_sessions() is provisional for as long as it is the session's end: the app may have set another.
#define EA_PROVISIONAL "s.session_end = s.idle_end"

// Tables of 0.1.0 have no idle_end before install() brings them over, and the app must go on meanwhile: no end is
// provisional then.
#define EA_NEVER "false"

// A session that is open ends; one with a provisional end ends later than that and than events since then, or stays as it is.
// $2 NULL: now.
#define EA_END_SESSION(provisional, more)                                                                 \
  "/* explore_analytics: close_session */ "                                                               \
  "UPDATE {s}.explore_feed_sessions s SET session_end = coalesce($2, greatest(now(), s.session_start))" more \
  " WHERE s.id = $1 AND (s.session_end IS NULL AND coalesce($2 >= s.session_start, true)"                 \
  "   OR " provisional " AND coalesce($2, now()) > greatest(s.session_end,"                               \
  "     (SELECT max(e.created_at) FROM {s}.explore_engagements e WHERE e.session_id = s.id AND e.created_at > s.session_end)))"

#define EA_SESSION_LENGTH(provisional)                                                                    \
  "/* explore_analytics: close_session */ "                                                               \
  "SELECT s.session_end IS NOT NULL, extract(epoch FROM greatest(s.session_end,"                          \
  "   CASE WHEN " provisional " THEN (SELECT max(e.created_at) FROM {s}.explore_engagements e"            \
  "     WHERE e.session_id = s.id AND e.created_at > s.session_end) END) - s.session_start)::double precision" \
  " FROM {s}.explore_feed_sessions s WHERE s.id = $1"

pg::Statement end_session(EA_END_SESSION(EA_PROVISIONAL, ", idle_end = NULL"), {INT8OID, TIMESTAMPTZOID});
pg::Statement older_end_session(EA_END_SESSION(EA_NEVER, ""), {INT8OID, TIMESTAMPTZOID});
pg::Statement session_length(EA_SESSION_LENGTH(EA_PROVISIONAL), {INT8OID});
pg::Statement older_session_length(EA_SESSION_LENGTH(EA_NEVER), {INT8OID});

// How far an earlier run has looked, in epochs. The row is locked: runs come one after the other.
pg::Statement begin_idle_run(
    "/* explore_analytics: close_idle_sessions */ "
    "INSERT INTO explore_analytics.idle_runs AS r (low) VALUES (-1) ON CONFLICT (only_row) DO UPDATE SET low = r.low"
    " RETURNING least(r.low, (SELECT w.low FROM explore_analytics.rollup_state w))",
    {});

// s: sessions that are open and had no event for so long, and the end that they get. Events before the start do not matter.
#define EA_IDLE                                                                                           \
  "SELECT s.id, greatest(s.session_start, n.last_event) AS ended_at FROM {s}.explore_feed_sessions s, LATERAL (" \
  "   SELECT greatest((SELECT max(e.created_at) FROM {s}.explore_engagements e WHERE e.session_id = s.id AND e.created_at > s.session_start)," \
  "     (SELECT r.last_at FROM explore_analytics.session_rollups r WHERE r.session_id = s.id)) AS last_event OFFSET 0) n" \
  " WHERE s.session_end IS NULL AND s.session_start < now() - $1 AND coalesce(n.last_event < now() - $1, true)"

// $1 how long, $2 up to which epoch events were looked at. late: events since then, which move the ends of an earlier run.
// A session that is busy is left to the next run, which then looks at the same events again.
pg::Statement end_idle_sessions(
    "/* explore_analytics: close_idle_sessions */ "
    "WITH late AS MATERIALIZED (SELECT e.session_id AS id, max(e.created_at) AS last_event FROM {s}.explore_engagements e"
    "   WHERE e.epoch > $2 AND e.session_id IS NOT NULL GROUP BY e.session_id"
    "), ended AS MATERIALIZED ("
    "  SELECT s.id, late.last_event AS ended_at FROM {s}.explore_feed_sessions s JOIN late ON late.id = s.id"
    "  WHERE s.id = ANY (ARRAY(SELECT late.id FROM late)) AND " EA_PROVISIONAL " AND late.last_event > s.session_end"
    "  UNION ALL " EA_IDLE
    "), free AS MATERIALIZED (SELECT s.id FROM {s}.explore_feed_sessions s WHERE s.id = ANY (ARRAY(SELECT ended.id FROM ended))"
    "    AND (s.session_end IS NULL OR " EA_PROVISIONAL ") FOR NO KEY UPDATE SKIP LOCKED"
    "), changed AS (UPDATE {s}.explore_feed_sessions s SET session_end = ended.ended_at, idle_end = ended.ended_at FROM ended"
    "   WHERE s.id = ANY (ARRAY(SELECT free.id FROM free)) AND ended.id = s.id RETURNING s.id"
    "), looked AS (UPDATE explore_analytics.idle_runs r SET low = w.low FROM explore_analytics.rollup_state w"
    "   WHERE (SELECT count(*) FROM ended) = (SELECT count(*) FROM changed)"
    ") SELECT count(*) FROM changed",
    {INTERVALOID, INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

pg::Statement older_end_idle_sessions(
    "/* explore_analytics: close_idle_sessions */ WITH ended AS (" EA_IDLE "), changed AS ("
    "  UPDATE {s}.explore_feed_sessions s SET session_end = ended.ended_at FROM ended"
    "  WHERE s.id = ended.id AND s.session_end IS NULL RETURNING s.id) SELECT count(*) FROM changed",
    {INTERVALOID});

// n: the session's events, with their summary, their contents and the last of them.
#define EA_SESSION_NUMBERS(provisional, numbers)                                                                    \
  "/* explore_analytics: session_analytics */ "                                                         \
  "SELECT s.id, s.user_id,"                                                                             \
  "  extract(epoch FROM CASE WHEN s.session_end IS NULL OR " provisional                                 \
  "    THEN greatest(s.session_end, n.last_event, s.session_start) ELSE s.session_end END - s.session_start)::double precision," \
  "  n.contents, {s}.completions(n.summary), {s}.saves(n.summary), {s}.shares(n.summary), {s}.clicks(n.summary),"        \
  "  CASE WHEN n.contents = 0 THEN 0 ELSE {s}.total_watch_time(n.summary) / n.contents END,"            \
  "  CASE WHEN n.contents = 0 THEN 0 ELSE 100.0::double precision * {s}.total_engagements(n.summary) / n.contents END"    \
  " FROM {s}.explore_feed_sessions s, LATERAL (" numbers ") n WHERE s.id = $1 AND ($2 IS NULL OR s.user_id = $2)"

#define EA_NUMBERS                                                                                        \
  "SELECT count(DISTINCT e.content_id) FILTER (WHERE e.engagement_type = 'view') AS contents, max(e.created_at) AS last_event, " EA_SUMMARY " AS summary" \
  " FROM {s}.explore_engagements e WHERE e.session_id = s.id"

// With what session_rollups keeps of raw events that are gone.
#define EA_NUMBERS_OF_ALL_TIME                                                                            \
  "SELECT w.contents + coalesce(cardinality(r.viewed), 0) AS contents, greatest(w.last_event, r.last_at) AS last_event," \
  "   CASE WHEN r.summary IS NULL THEN w.summary ELSE r.summary OPERATOR({s}.+) w.summary END AS summary" \
  " FROM (SELECT s.id) o LEFT JOIN explore_analytics.session_rollups r ON r.session_id = o.id, LATERAL (" \
  "   SELECT count(DISTINCT e.content_id) FILTER (WHERE e.engagement_type = 'view' AND (r.viewed IS NULL OR e.content_id <> ALL (r.viewed))) AS contents," \
  "     max(e.created_at) AS last_event, " EA_SUMMARY " AS summary"                                       \
  "   FROM {s}.explore_engagements e WHERE e.session_id = o.id" EA_NOT_TAKEN_OVER ") w"

pg::Statement session_numbers(EA_SESSION_NUMBERS(EA_PROVISIONAL, EA_NUMBERS), {INT8OID, INT8OID});
pg::Statement session_numbers_of_all_time(EA_SESSION_NUMBERS(EA_PROVISIONAL, EA_NUMBERS_OF_ALL_TIME), {INT8OID, INT8OID});
pg::Statement older_session_numbers(EA_SESSION_NUMBERS(EA_NEVER, EA_NUMBERS_OF_ALL_TIME), {INT8OID, INT8OID});

// Whether install() has brought the tables over.
bool knows_idle_ends(const pg::Home& home) {
  return get_attnum(get_relname_relid("explore_feed_sessions", home.schema), "idle_end") != InvalidAttrNumber;
}

[[noreturn]] void no_session(int64 session) {
  pg::raise(pg::with_hint(pg::failure(ERRCODE_NO_DATA_FOUND, "session %lld does not exist", (long long)session),
                          "create_session() returns the id of a new session."));
}

}  // namespace

EA_FUNCTION(ea_create_session) {
  const pg::Home home = access::installed_home(fcinfo);
  pg::Optional<int64> user = pg::optional_id(fcinfo, 0, "user_id");
  if (!user.given) user = access::current_identity();
  Datum attributes = PG_ARGISNULL(1) ? DirectFunctionCall1(jsonb_in, CStringGetDatum("{}")) : PG_GETARG_DATUM(1);
  JsonbContainer* object = &DatumGetJsonbP(attributes)->root;
  if (!JsonContainerIsObject(object))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "attributes is not a JSON object"),
                            "For example {\"deviceType\": \"phone\", \"country\": \"AE\"}."));
  pg::Parameters parameters;
  parameters.id(user);
  for (const char* key : {"deviceType", "platform", "appVersion", "country", "region", "city", "trafficSource"}) {
    const char* text = pg::text_field(object, key);
    if (!text && pg::has_value(object, key))
      pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "attribute %s is not a text", key),
                              "Nested values belong under keys of your own."));
    parameters.add(text != nullptr, text ? CStringGetTextDatum(text) : 0);
  }
  parameters.add(attributes);
  access::WriterLimits().charge(1, nullptr, 0);
  rollup::current_epoch();    // an erasure waits for it, as for recorded events
  pg::Query query(home);
  query.write(insert_session, parameters);
  const int64 id = query.int64_at(0, 1);
  query.finish();
  PG_RETURN_INT64(id);
}

EA_FUNCTION(ea_close_session) {
  const pg::Home home = access::installed_home(fcinfo);
  const int64 session = pg::required_id(fcinfo, 0, "session_id");
  if (!PG_ARGISNULL(1) && TIMESTAMP_NOT_FINITE(PG_GETARG_TIMESTAMPTZ(1)))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "ended_at must be finite"), "Leave it out for now."));
  const bool older = !knows_idle_ends(home);
  pg::Query query(home);
  // The default, now(), may lie before the start of a session that a younger transaction opened.
  const bool given = !PG_ARGISNULL(1) && PG_GETARG_TIMESTAMPTZ(1) != GetCurrentTransactionStartTimestamp();
  query.write(older ? older_end_session : end_session, pg::Parameters().id(session).add(given, PG_GETARG_DATUM(1)));
  // Looked up anew: a concurrent close may have come first, and then its end counts.
  if (query.write(older ? older_session_length : session_length, pg::Parameters().id(session)) == 0) no_session(session);
  if (!DatumGetBool(query.value(0, 1)))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "ended_at %s is before the start of session %lld",
                                        timestamptz_to_str(PG_GETARG_TIMESTAMPTZ(1)), (long long)session),
                            "Leave it out for now."));
  const double duration = DatumGetFloat8(query.value(0, 2));
  query.finish();
  PG_RETURN_FLOAT8(duration);
}

EA_FUNCTION(ea_close_idle_sessions) {
  const pg::Home home = access::installed_home(fcinfo);
  Datum idle = PG_ARGISNULL(0) ? DirectFunctionCall3(interval_in, CStringGetDatum("30 minutes"),
                                                     ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1))
                               : PG_GETARG_DATUM(0);
  const Interval* length = DatumGetIntervalP(idle);
  if (length->time < 0 || length->day < 0 || length->month < 0)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "idle must not be negative"),
                            "For example interval '30 minutes'."));
  const pg::JobLog log;
  pg::Query query(home);
  if (knows_idle_ends(home)) {
    query.write(begin_idle_run, pg::Parameters());
    const int64 low = query.int64_at(0, 1);
    query.write_by_indexes(end_idle_sessions, pg::Parameters().add(idle).id(low));
  } else {
    query.write_by_indexes(older_end_idle_sessions, pg::Parameters().add(idle));
  }
  const int64 closed = query.int64_at(0, 1);
  query.finish();
  log.write("close_idle_sessions closed=%lld", (long long)closed);
  PG_RETURN_INT64(closed);
}

EA_FUNCTION(ea_session_analytics) {
  const pg::Home home = access::installed_home(fcinfo);
  const int64 session = pg::required_id(fcinfo, 0, "session_id");
  const pg::Optional<int64> me = access::restricted_to(home);
  pg::Statement& numbers = !knows_idle_ends(home)             ? older_session_numbers
                           : rollup::has_session_rollups() ? session_numbers_of_all_time
                                                           : session_numbers;
  pg::Rows rows(fcinfo);
  pg::Query query(home);
  const uint64 found = query.read(numbers, pg::Parameters().id(session).id(me));
  if (found == 0 && me.given) access::not_yours("session", session);
  if (found == 0) no_session(session);
  rows.add_all(query, found);
  query.finish();
  return (Datum)0;
}
