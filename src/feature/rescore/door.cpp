// batch_update_engagement_scores: what rollups say of each content, written back to its rows.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "pg/barrier.hpp"
#include "pg/job_log.hpp"
#include "store/tables.hpp"

namespace {

using namespace ea;

// Milliseconds to wait for each lock, of tables and of the leaderboard, where lock_timeout is off.
constexpr int kLockTimeout = 10000;

// Writes only what differs. A content counts when its own row or its video's row changed. Looked at are
// contents with new events, those left out the last time and videos never scored; all contents when $1 or when
// the rollups say so. Rows that somebody else is changing are left out and returned: whoever waits for one row
// with others in hand can be part of a deadlock, and of no use to the app.
#define EA_RESCORE(left_out)                                                                                               \
  "/* explore_analytics: batch_update_engagement_scores */ "                                                               \
  "WITH touched AS MATERIALIZED ("                                                                                         \
  "  SELECT CASE WHEN NOT $1 THEN explore_analytics.contents_to_rescore() END AS ids"                                      \
  "), wanted AS MATERIALIZED ("                                                                                            \
  "  SELECT CASE WHEN t.ids IS NOT NULL THEN"                                                                              \
  "    t.ids || ARRAY(SELECT v.content_id FROM {s}.explore_discovery_videos v WHERE v.scored_at IS NULL)"                  \
  "      " left_out " END AS ids FROM touched t"                                                                           \
  "), number AS MATERIALIZED ("                                                                                            \
  "  SELECT c.id AS content_id, coalesce(n.views, 0) AS views, coalesce(n.watch_time_ms, 0) AS watch_time_ms,"             \
  "    coalesce(n.completion_rate, 0) AS completion_rate, coalesce(n.engagement_score, 0) AS score,"                       \
  "    coalesce(n.saves, 0) AS saves, coalesce(n.shares, 0) AS shares, coalesce(n.clicks, 0) AS clicks"                    \
  "  FROM {s}.explore_content c"                                                                                           \
  "  LEFT JOIN explore_analytics.content_counters((SELECT ids FROM wanted), NULL, NULL) n ON n.content_id = c.id"          \
  "  WHERE n.content_id IS NOT NULL OR (SELECT ids IS NULL FROM wanted)"                                                   \
  "), content_differs AS MATERIALIZED ("                                                                                   \
  "  SELECT n.* FROM number n JOIN {s}.explore_content c ON c.id = n.content_id"                                           \
  "  WHERE (c.view_count, c.engagement_score) IS DISTINCT FROM (n.views, n.score)"                                         \
  "), video_differs AS MATERIALIZED ("                                                                                     \
  "  SELECT n.*, v.id FROM number n JOIN {s}.explore_discovery_videos v ON v.content_id = n.content_id"                    \
  "  WHERE (v.total_views, v.total_watch_time_ms, v.completion_rate, v.save_count, v.share_count, v.click_count)"          \
  "     IS DISTINCT FROM (n.views, n.watch_time_ms, n.completion_rate, n.saves, n.shares, n.clicks)"                       \
  "), content_free AS MATERIALIZED ("                                                                                      \
  "  SELECT c.id FROM {s}.explore_content c WHERE c.id IN (SELECT d.content_id FROM content_differs d)"                    \
  "  ORDER BY c.id FOR NO KEY UPDATE SKIP LOCKED"                                                                          \
  "), video_free AS MATERIALIZED ("                                                                                        \
  "  SELECT v.id FROM {s}.explore_discovery_videos v WHERE v.id IN (SELECT d.id FROM video_differs d)"                     \
  "  ORDER BY v.id FOR NO KEY UPDATE SKIP LOCKED"                                                                          \
  "), content AS ("                                                                                                        \
  "  UPDATE {s}.explore_content c SET view_count = n.views, engagement_score = n.score"                                    \
  "  FROM content_differs n JOIN content_free f ON f.id = n.content_id WHERE c.id = f.id RETURNING c.id"                   \
  "), video AS ("                                                                                                          \
  "  UPDATE {s}.explore_discovery_videos v SET total_views = n.views, total_watch_time_ms = n.watch_time_ms,"              \
  "    completion_rate = n.completion_rate, save_count = n.saves, share_count = n.shares, click_count = n.clicks, scored_at = now()" \
  "  FROM video_differs n JOIN video_free f ON f.id = n.id WHERE v.id = f.id RETURNING v.content_id"                       \
  ") SELECT (SELECT count(*) FROM (SELECT id FROM content UNION SELECT content_id FROM video) u),"                         \
  "  (SELECT s.low FROM explore_analytics.rollup_state s),"                                                                \
  "  ARRAY(SELECT d.content_id FROM content_differs d WHERE d.content_id NOT IN (SELECT id FROM content_free)"             \
  "        UNION SELECT d.content_id FROM video_differs d WHERE d.id NOT IN (SELECT id FROM video_free) ORDER BY 1)"

pg::Statement rescore(EA_RESCORE("|| ARRAY(SELECT pg_catalog.unnest(r.busy) FROM explore_analytics.rescores r)"), {BOOLOID}, CURSOR_OPT_CUSTOM_PLAN);
pg::Statement note_rescore(
    "/* explore_analytics: batch_update_engagement_scores */ INSERT INTO explore_analytics.rescores (low, rescored_at, changed, busy)"
    " VALUES ($1, now(), $2, $3) ON CONFLICT (only_row) DO UPDATE"
    " SET low = excluded.low, rescored_at = excluded.rescored_at, changed = excluded.changed, busy = excluded.busy",
    {INT8OID, INT8OID, INT8ARRAYOID});

// Tables that install() has not brought over know no contents that were left out: then the rescore before this one stays
// the last, and the next one looks at all that has come since.
pg::Statement older_rescore(EA_RESCORE(""), {BOOLOID}, CURSOR_OPT_CUSTOM_PLAN);
pg::Statement older_note_rescore(
    "/* explore_analytics: batch_update_engagement_scores */ WITH gone AS (DELETE FROM explore_analytics.rescores WHERE $3 = '{}')"
    " INSERT INTO explore_analytics.rescores (low, rescored_at, changed) SELECT $1, now(), $2 WHERE $3 = '{}'",
    {INT8OID, INT8OID, INT8ARRAYOID});

// One rescore at a time: the second counts only what is left to change. Nothing is held while it waits.
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
  query.limit_lock_waits(kLockTimeout);
  const bool everything = pg::bool_argument(fcinfo, 0, false);
  const bool older = get_attnum(rollup::tables().rescores.oid, "busy") == InvalidAttrNumber;
  query.write(older ? older_rescore : rescore, pg::Parameters().add(BoolGetDatum(everything)));
  const int64 changed = query.int64_at(0, 1), low = query.int64_at(0, 2);
  const Datum busy = datumCopy(query.value(0, 3), false, -1);
  const int left_out = ArrayGetNItems(ARR_NDIM(DatumGetArrayTypeP(busy)), ARR_DIMS(DatumGetArrayTypeP(busy)));
  query.write(older ? older_note_rescore : note_rescore, pg::Parameters().id(low).id(changed).add(busy));
  query.write(refresh_leaderboard, pg::Parameters());
  query.finish();
  if (left_out > 0)
    pg::notice(pg::with_hint(pg::failure(0, "%d contents were left out, because somebody is changing them", left_out), "The next call looks at them again."));
  log.write("batch_update_engagement_scores low=%lld everything=%s changed=%lld busy=%d", (long long)low, everything ? "true" : "false",
            (long long)changed, left_out);
  PG_RETURN_INT64(changed);
}
