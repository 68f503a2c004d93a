// forget_viewer and export_viewer: what there is about a viewer, taken away or handed over. Both leave an
// entry in the audit log.
#include "access/home.hpp"
#include "ask/cohorts_of_viewer.hpp"
#include "keep/forget.hpp"
#include "pg/args.hpp"
#include "pg/barrier.hpp"
#include "pg/job_log.hpp"
#include "pg/rows.hpp"
#include "store/campaigns.hpp"
#include "store/contents.hpp"
#include "store/excluded_viewers.hpp"
#include "store/experiments.hpp"
#include "store/raw_horizon.hpp"
#include "store/scope.hpp"
#include "store/stored_views.hpp"

namespace {

using namespace ea;

pg::Statement write_log(
    "/* explore_analytics: audit */ INSERT INTO explore_analytics.audit_log (role, action, subject, row_count, detail)"
    " VALUES ($1, $2, explore_analytics.viewer_digest($3), $4, $5)",
    {NAMEOID, TEXTOID, INT8OID, INT8OID, TEXTOID});

void audit(pg::Query& query, const char* role, const char* action, int64 user, int64 rows, const char* detail) {
  pg::Parameters parameters;
  parameters.add(DirectFunctionCall1(namein, CStringGetDatum(role)));
  query.write(write_log, parameters.text(action).id(user).id(rows).add(detail != nullptr, detail ? CStringGetTextDatum(detail) : 0));
}

// A number beyond 2^53 - 1 would be rounded by clients.
#define EA_JSON_ID(id) "CASE WHEN " id " > 9007199254740991 THEN to_jsonb((" id ")::text) ELSE to_jsonb(" id ") END"

// The viewer's, and those of the viewer's sessions before somebody logged in.
pg::Statement exposures_of(
    "/* explore_analytics: export_viewer */ SELECT coalesce(jsonb_agg(jsonb_build_object('experiment', x.experiment, 'variant', x.variant, 'exposedAt', x.exposed_at)"
    " ORDER BY x.exposed_at, x.experiment COLLATE \"C\", x.variant COLLATE \"C\"), '[]') FROM {s}.explore_exposures x"
    " WHERE x.viewer_key = ANY (array_append(ARRAY(SELECT -s.id FROM {s}.explore_feed_sessions s WHERE s.user_id = $1), $1))",
    {INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

// The viewer's, and those of the viewer's sessions before somebody logged in, whether their rows are still there or not: that
// they do not count, and what was set aside.
#define EA_VIEWERS_OF "ANY (ARRAY(SELECT $1 UNION SELECT -s.id FROM {s}.explore_feed_sessions s WHERE s.user_id = $1"\
  " UNION SELECT h.viewer_key FROM explore_analytics.excluded_viewers h WHERE h.heir = $1))"
pg::Statement excluded_of(
    "/* explore_analytics: export_viewer */ SELECT"
    " (SELECT coalesce(jsonb_agg(jsonb_build_object('sessionId', CASE WHEN v.viewer_key < 0 THEN " EA_JSON_ID("-v.viewer_key") " END,"
    "     'reason', v.reason, 'excludedAt', v.excluded_at) ORDER BY v.viewer_key DESC), '[]')"
    "   FROM explore_analytics.excluded_viewers v WHERE v.viewer_key = " EA_VIEWERS_OF "),"
    " (SELECT coalesce(jsonb_agg(jsonb_build_object('contentId', " EA_JSON_ID("x.content_id") ", 'engagementType', x.engagement_type,"
    "     'sessionId', " EA_JSON_ID("x.session_id") ", 'watchTime', x.watch_time_ms / 1000.0::double precision, 'completed', x.completed,"
    "     'createdAt', x.created_at, 'eventId', x.event_id, 'metadata', x.metadata, 'reason', x.reason, 'excludedAt', x.excluded_at)"
    "     ORDER BY x.created_at, x.id, x.excluded_at), '[]')"
    "   FROM {s}.explore_excluded_engagements x WHERE coalesce(x.user_id, -x.session_id) = " EA_VIEWERS_OF "),"
    " (SELECT count(*) FROM {s}.explore_excluded_engagements x WHERE coalesce(x.user_id, -x.session_id) = " EA_VIEWERS_OF ")",
    {INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

// What boost campaigns were charged for the viewer, and where the viewer was held out.
pg::Statement boosts_of(
    "/* explore_analytics: export_viewer */ SELECT coalesce(jsonb_agg(jsonb_build_object('campaignId', " EA_JSON_ID("l.campaign_id") ", 'eventId', l.event_id, 'entry', l.entry, 'kind', l.kind,"
    " 'sessionId', " EA_JSON_ID("l.session_id") ", 'chargedAt', l.charged_at) ORDER BY l.charged_at, l.campaign_id, l.event_id), '[]') FROM {s}.explore_boost_ledger l"
    " WHERE l.user_id = $1 OR (l.user_id IS NULL AND l.session_id = ANY (ARRAY(SELECT s.id FROM {s}.explore_feed_sessions s WHERE s.user_id = $1)))",
    {INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

// $1: the viewer, $2: the cohorts, $3: the exposures, $4: that the viewer is excluded, $5: events that are, $6: the boosts. Of months without raw rows the
// rollups know the views.
pg::Statement everything_about(
    "/* explore_analytics: export_viewer */ "
    "WITH session AS MATERIALIZED (SELECT s.* FROM {s}.explore_feed_sessions s WHERE s.user_id = $1),"
    " event AS (SELECT e.* FROM {s}.explore_engagements e"
    "   WHERE e.user_id = $1 OR (e.user_id IS NULL AND e.session_id = ANY (ARRAY(SELECT s.id FROM session s)))) "
    "SELECT jsonb_build_object("
    " 'userId', " EA_JSON_ID("$1") ", 'exportedAt', now(),"
    " 'profile', (SELECT jsonb_build_object('birthYear', v.birth_year, 'gender', v.gender, 'country', v.country, 'region', v.region,"
    "     'city', v.city, 'language', v.language, 'createdAt', v.created_at) FROM {s}.explore_viewers v WHERE v.user_id = $1),"
    " 'sessions', coalesce((SELECT jsonb_agg(jsonb_build_object('sessionId', " EA_JSON_ID("s.id") ", 'sessionStart', s.session_start,"
    "     'sessionEnd', s.session_end, 'deviceType', s.device_type, 'platform', s.platform, 'appVersion', s.app_version,"
    "     'country', s.country, 'region', s.region, 'city', s.city, 'trafficSource', s.traffic_source, 'attributes', s.attributes)"
    "     ORDER BY s.session_start, s.id) FROM session s), '[]'),"
    " 'engagements', coalesce((SELECT jsonb_agg(jsonb_build_object('contentId', " EA_JSON_ID("e.content_id") ", 'engagementType', e.engagement_type,"
    "     'sessionId', " EA_JSON_ID("e.session_id") ", 'watchTime', e.watch_time_ms / 1000.0::double precision, 'completed', e.completed,"
    "     'createdAt', e.created_at, 'eventId', e.event_id, 'metadata', e.metadata)"
    "     ORDER BY e.created_at, e.id) FROM event e), '[]'),"
    " 'olderViews', coalesce((SELECT jsonb_agg(jsonb_build_object('contentId', " EA_JSON_ID("o.content_id") ", 'watchTime', o.watch_time_ms / 1000.0::double precision,"
    "     'completed', o.completed, 'createdAt', o.created_at) ORDER BY o.created_at, o.content_id)"
    "     FROM (SELECT v.content_id, v.created_at, v.viewer_key, v.watch_time_ms, v.completed"
    "             FROM explore_analytics.older_views(array_append(ARRAY(SELECT -s.id FROM session s), $1)) v"
    "           EXCEPT ALL SELECT e.content_id, e.created_at, " EA_VIEWER_KEY ", e.watch_time_ms, e.completed"
    "             FROM event e WHERE e.engagement_type = 'view') o), '[]'),"
    " 'savedProperties', coalesce((SELECT jsonb_agg(jsonb_build_object('contentId', " EA_JSON_ID("p.content_id") ", 'savedAt', p.saved_at)"
    "     ORDER BY p.saved_at, p.content_id) FROM {s}.explore_saved_properties p WHERE p.user_id = $1), '[]'),"
    " 'cohorts', to_jsonb($2), 'exposures', $3, 'excluded', $4, 'excludedEngagements', $5, 'boosts', $6)"
    " , (SELECT count(*) FROM event)",
    {INT8OID, TEXTARRAYOID, JSONBOID, JSONBOID, JSONBOID, JSONBOID}, CURSOR_OPT_CUSTOM_PLAN);

}  // namespace

EA_FUNCTION(ea_forget_viewer) {
  const pg::Home home = access::installed_home(fcinfo);
  const int64 user = pg::required_id(fcinfo, 0, "user_id");
  if (IsolationUsesXactSnapshot())
    pg::raise(pg::with_hint(pg::failure(ERRCODE_ACTIVE_SQL_TRANSACTION, "forget_viewer() must run in a READ COMMITTED transaction"),
                            "An older snapshot would not see, and not remove, what was recorded meanwhile."));
  const char* role = GetUserNameFromId(GetUserId(), false);
  const pg::JobLog log;
  pg::Query query(home);
  const rollup::Forgotten forgotten = rollup::forget(query, user);
  char detail[128];
  snprintf(detail, sizeof detail, "sessions=%lld exposures=%lld kept_views=%lld", (long long)forgotten.sessions, (long long)forgotten.exposures,
           (long long)forgotten.kept_views);
  audit(query, role, "forget_viewer", user, forgotten.events, detail);
  query.finish();
  log.write("forget_viewer events=%lld sessions=%lld exposures=%lld boosts=%lld kept_views=%lld", (long long)forgotten.events, (long long)forgotten.sessions,
            (long long)forgotten.exposures, (long long)forgotten.boosts, (long long)forgotten.kept_views);
  PG_RETURN_INT64(forgotten.events);
}

EA_FUNCTION(ea_export_viewer) {
  const pg::Home home = access::installed_home(fcinfo);
  const int64 user = pg::required_id(fcinfo, 0, "user_id");
  const char* role = GetUserNameFromId(GetUserId(), false);
  pg::Query query(home);
  const Datum cohorts = rollup::cohorts_of_viewer(query, user);
  const Datum none = DirectFunctionCall1(jsonb_in, CStringGetDatum("[]"));
  Datum exposures = none, excluded = none, excluded_events = none, boosts = none;
  int64 excluded_count = 0;
  if (rollup::has_exposures_table(home)) {
    query.read_by_indexes(exposures_of, pg::Parameters().id(user));
    exposures = query.copy_out(query.value(0, 1));
  }
  if (rollup::has_excluded_viewers(home)) {
    query.read_by_indexes(excluded_of, pg::Parameters().id(user));
    excluded = query.copy_out(query.value(0, 1));
    excluded_events = query.copy_out(query.value(0, 2));
    excluded_count = query.int64_at(0, 3);
  }
  if (rollup::has_ledger_table(home)) {
    query.read_by_indexes(boosts_of, pg::Parameters().id(user));
    boosts = query.copy_out(query.value(0, 1));
  }
  query.read_by_indexes(everything_about, pg::Parameters().id(user).add(cohorts).add(exposures).add(excluded).add(excluded_events).add(boosts));    // as keep/forget.cpp does for events
  const Datum result = query.copy_out(query.value(0, 1));
  audit(query, role, "export_viewer", user, query.int64_at(0, 2) + excluded_count, nullptr);
  query.finish();
  PG_RETURN_DATUM(result);
}

EA_FUNCTION(ea_older_views) {
  access::installed_home(fcinfo);
  if (PG_ARGISNULL(0))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_NULL_VALUE_NOT_ALLOWED, "viewer_keys must not be null"), "Pass a bigint[] of viewer keys."));
  const rollup::AscendingIds viewers = rollup::sorted_ids(PG_GETARG_DATUM(0));
  pg::Rows rows(fcinfo);
  const TimestampTz horizon = rollup::raw_horizon(GetActiveSnapshot());
  pg::Array<rollup::StoredView> views;
  if (!TIMESTAMP_IS_NOBEGIN(horizon)) rollup::find_stored_views(GetActiveSnapshot(), viewers, horizon, &views);
  for (const rollup::StoredView& view : views)
    rows.int64_value(view.content).add(TimestampTzGetDatum(view.event.at)).int64_value(view.event.event.viewer)
        .add(Int32GetDatum((int32)view.event.event.watch_time_ms)).add(BoolGetDatum(view.event.event.completed)).end_row();
  return (Datum)0;
}
