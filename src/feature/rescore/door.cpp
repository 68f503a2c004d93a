// batch_update_engagement_scores: what rollups say of each content, written back to its rows.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "pg/barrier.hpp"
#include "pg/job_log.hpp"

namespace {

using namespace ea;

// Writes only what differs. A content counts when its own row or its video's row changed. Looked at are
// contents with new events and videos never scored; all contents when $1 or when the rollups say so.
pg::Statement rescore(
    "/* explore_analytics: batch_update_engagement_scores */ "
    "WITH touched AS MATERIALIZED ("
    "  SELECT CASE WHEN NOT $1 THEN explore_analytics.contents_to_rescore() END AS ids"
    "), wanted AS MATERIALIZED ("
    "  SELECT CASE WHEN t.ids IS NOT NULL THEN"
    "    t.ids || ARRAY(SELECT v.content_id FROM {s}.explore_discovery_videos v WHERE v.scored_at IS NULL) END AS ids FROM touched t"
    "), number AS MATERIALIZED ("
    "  SELECT c.id AS content_id, coalesce(n.views, 0) AS views, coalesce(n.watch_time_ms, 0) AS watch_time_ms,"
    "    coalesce(n.completion_rate, 0) AS completion_rate, coalesce(n.engagement_score, 0) AS score,"
    "    coalesce(n.saves, 0) AS saves, coalesce(n.shares, 0) AS shares, coalesce(n.clicks, 0) AS clicks"
    "  FROM {s}.explore_content c"
    "  LEFT JOIN explore_analytics.content_counters((SELECT ids FROM wanted), NULL, NULL) n ON n.content_id = c.id"
    "  WHERE n.content_id IS NOT NULL OR (SELECT ids IS NULL FROM wanted)"
    "), changed AS MATERIALIZED ("
    "  SELECT n.* FROM number n JOIN {s}.explore_content c ON c.id = n.content_id"
    "  LEFT JOIN {s}.explore_discovery_videos v ON v.content_id = n.content_id"
    "  WHERE (c.view_count, c.engagement_score) IS DISTINCT FROM (n.views, n.score)"
    "     OR (v.id IS NOT NULL AND (v.total_views, v.total_watch_time_ms, v.completion_rate, v.save_count, v.share_count, v.click_count)"
    "         IS DISTINCT FROM (n.views, n.watch_time_ms, n.completion_rate, n.saves, n.shares, n.clicks))"
    "), content AS ("
    "  UPDATE {s}.explore_content c SET view_count = n.views, engagement_score = n.score FROM changed n"
    "  WHERE c.id = n.content_id AND (c.view_count, c.engagement_score) IS DISTINCT FROM (n.views, n.score)"
    "), video AS ("
    "  UPDATE {s}.explore_discovery_videos v SET total_views = n.views, total_watch_time_ms = n.watch_time_ms,"
    "    completion_rate = n.completion_rate, save_count = n.saves, share_count = n.shares, click_count = n.clicks, scored_at = now()"
    "  FROM changed n WHERE v.content_id = n.content_id"
    ") SELECT (SELECT count(*) FROM changed), (SELECT s.low FROM explore_analytics.rollup_state s)",
    {BOOLOID}, CURSOR_OPT_CUSTOM_PLAN);

pg::Statement forget_rescores("/* explore_analytics: batch_update_engagement_scores */ DELETE FROM explore_analytics.rescores", {});
pg::Statement note_rescore(
    "/* explore_analytics: batch_update_engagement_scores */ INSERT INTO explore_analytics.rescores VALUES ($1, now(), $2)",
    {INT8OID, INT8OID});

// One rescore at a time, so that two never wait for each other's rows.
pg::Statement rescore_lock(
    "/* explore_analytics: batch_update_engagement_scores */ "
    "SELECT pg_advisory_xact_lock('explore_analytics.leaderboard'::regclass::oid::bigint)",
    {});

pg::Statement refresh_leaderboard(
    "/* explore_analytics: leaderboard */ REFRESH MATERIALIZED VIEW CONCURRENTLY explore_analytics.leaderboard", {});

}  // namespace

EA_FUNCTION(ea_batch_update_engagement_scores) {
  const pg::Home home = access::installed_home(fcinfo);
  const pg::JobLog log;
  pg::Query query(home);
  query.write(rescore_lock, pg::Parameters());
  const bool everything = pg::bool_argument(fcinfo, 0, false);
  query.write(rescore, pg::Parameters().add(BoolGetDatum(everything)));
  const int64 changed = query.int64_at(0, 1), low = query.int64_at(0, 2);
  query.write(forget_rescores, pg::Parameters());
  query.write(note_rescore, pg::Parameters().id(low).id(changed));
  query.write(refresh_leaderboard, pg::Parameters());
  query.finish();
  log.write("batch_update_engagement_scores low=%lld everything=%s changed=%lld", (long long)low, everything ? "true" : "false", (long long)changed);
  PG_RETURN_INT64(changed);
}
