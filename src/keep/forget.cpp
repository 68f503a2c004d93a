#include "keep/forget.hpp"

#include <algorithm>

#include "keep/blocker.hpp"
#include "keep/end_epoch.hpp"
#include "keep/refresh.hpp"
#include "keep/row_writers.hpp"
#include "keep/session_rollups.hpp"
#include "keep/session_locks.hpp"
#include "keep/viewer_traces.hpp"
#include "pg/progress.hpp"
#include "store/campaigns.hpp"
#include "store/contents.hpp"
#include "store/epoch.hpp"
#include "store/excluded_viewers.hpp"
#include "store/experiments.hpp"
#include "store/raw_horizon.hpp"
#include "store/scope.hpp"
#include "store/stored_views.hpp"

namespace ea::rollup {

namespace {

pg::Statement find_sessions(
    "/* explore_analytics: forget_viewer */ SELECT coalesce(array_agg(s.id), '{}') FROM {s}.explore_feed_sessions s WHERE s.user_id = $1",
    {INT8OID});

pg::Statement remove_sessions("/* explore_analytics: forget_viewer */ DELETE FROM {s}.explore_feed_sessions s WHERE s.user_id = $1 RETURNING s.id", {INT8OID});
pg::Statement remove_folded("/* explore_analytics: forget_viewer */ DELETE FROM explore_analytics.session_rollups r WHERE r.session_id = ANY ($1)", {INT8ARRAYOID});

// What looks for events of a viewer is planned with indexes preferred: the planner takes the summaries of viewers for an index
// that leads everywhere, since neighbouring events have nothing in common, and may rather read all events.

// Creators that other sessions touch by events of the viewer's.
pg::Statement touches_to_go(
    "/* explore_analytics: forget_viewer */ WITH mine AS MATERIALIZED ("
    "  SELECT e.content_id, e.session_id, e.epoch, e.engagement_type FROM {s}.explore_engagements e WHERE e.user_id = $1"
    ") SELECT DISTINCT c.creator_id, e.session_id FROM mine e JOIN {s}.explore_content c ON c.id = e.content_id"
    " WHERE e.session_id IS NOT NULL AND e.session_id <> ALL ($2) AND e.epoch <= $3 AND " EA_COUNTED " ORDER BY 1, 2",
    {INT8OID, INT8ARRAYOID, INT8OID}, CURSOR_OPT_CUSTOM_PLAN);
pg::Statement remove_notes("/* explore_analytics: forget_viewer */ DELETE FROM explore_analytics.session_changes n WHERE n.session_id = ANY ($1)", {INT8ARRAYOID});

// Raw rows of the viewer, and the anonymous ones of the viewer's sessions ($2); their event ids; and their
// numbers in the ledger, which has none of partitions that retention has taken over.
pg::Statement remove_events(
    "/* explore_analytics: forget_viewer */ WITH gone AS MATERIALIZED ("
    "  DELETE FROM {s}.explore_engagements e WHERE e.user_id = $1 OR (e.user_id IS NULL AND e.session_id = ANY ($2))"
    "  RETURNING e.content_id, e.created_at, e.engagement_type, " EA_VIEWER_KEY " AS viewer_key, e.watch_time_ms, e.completed,"
    "    e.epoch, e.event_id"
    "), keys AS ("
    "  DELETE FROM explore_analytics.event_keys k USING gone g WHERE k.event_id = g.event_id"
    "), counted AS ("
    "  SELECT l.high, count(*) AS events FROM gone e CROSS JOIN LATERAL ("
    "    SELECT r.high FROM explore_analytics.rollup_ledger r WHERE r.high >= e.epoch ORDER BY r.high LIMIT 1) l"
    "  WHERE " EA_COUNTED EA_NOT_TAKEN_OVER " GROUP BY l.high"
    "), ledger AS ("
    "  UPDATE explore_analytics.rollup_ledger l SET event_count = l.event_count - c.events FROM counted c WHERE l.high = c.high"
    ") SELECT content_id, created_at, engagement_type, viewer_key, watch_time_ms, completed, epoch FROM gone",
    {INT8OID, INT8ARRAYOID}, CURSOR_OPT_CUSTOM_PLAN);

// Locked in the order in which recording locks them.
pg::Statement remove_traces(
    "/* explore_analytics: forget_viewer */ WITH viewing AS MATERIALIZED ("
    "  SELECT v.session_id, v.content_id, v.viewer_key FROM explore_analytics.viewing_keys v WHERE v.viewer_key = ANY ($2)"
    "  ORDER BY v.session_id, v.content_id, v.viewer_key FOR UPDATE"
    "), viewings AS ("
    "  DELETE FROM explore_analytics.viewing_keys v USING viewing w"
    "  WHERE (v.session_id, v.content_id, v.viewer_key) = (w.session_id, w.content_id, w.viewer_key)"
    "), saved AS ("
    "  DELETE FROM {s}.explore_saved_properties p WHERE p.user_id = $1"
    ") DELETE FROM {s}.explore_viewers v WHERE v.user_id = $1",
    {INT8OID, INT8ARRAYOID});

// An anonymous visitor's stay with the session that has logged in since.
pg::Statement remove_exposures("/* explore_analytics: forget_viewer */ DELETE FROM {s}.explore_exposures x WHERE x.viewer_key = ANY ($1) RETURNING 1",
                                {INT8ARRAYOID}, CURSOR_OPT_CUSTOM_PLAN);

// What was set aside of them, and that they were set aside; also of visitors who have logged in as the user ($2), and whose
// sessions are gone.
pg::Statement remove_excluded(
    "/* explore_analytics: forget_viewer */ WITH gone AS ("
    "  DELETE FROM {s}.explore_excluded_engagements x WHERE coalesce(x.user_id, -x.session_id) ="
    "    ANY ($1 || ARRAY(SELECT v.viewer_key FROM explore_analytics.excluded_viewers v WHERE v.heir = $2)) RETURNING x.event_id"
    "), keys AS ("
    "  DELETE FROM explore_analytics.event_keys k USING gone g WHERE k.event_id = g.event_id"
    "), listed AS ("
    "  DELETE FROM explore_analytics.excluded_viewers v WHERE v.viewer_key = ANY ($1) OR v.heir = $2"
    ") SELECT FROM gone",
    {INT8ARRAYOID, INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

// Money stays. Of somebody else's entry in a session of the viewer's the session goes alone.
pg::Statement blank_entries(
    "/* explore_analytics: forget_viewer */ UPDATE {s}.explore_boost_ledger l SET user_id = CASE WHEN l.user_id = $1 THEN NULL ELSE l.user_id END, session_id = NULL"
    " WHERE l.user_id = $1 OR l.session_id = ANY ($2) RETURNING 1",
    {INT8OID, INT8ARRAYOID}, CURSOR_OPT_CUSTOM_PLAN);

pg::Statement rescore_all(
    "/* explore_analytics: forget_viewer */ UPDATE explore_analytics.rollup_state SET rescore_all = low", {});

constexpr const char* kBlocked = "Nothing was removed. End that transaction, or call again; lock_timeout says how long to wait.";

pg::Array<int64> ids_of(const pg::Query& query, uint64 rows) {
  pg::Array<int64> ids;
  for (uint64 i = 0; i < rows; i++) ids.append(query.int64_at(i, 1));
  return ids;
}

}  // namespace

Forgotten forget(pg::Query& query, int64 user) {
  Forgotten result;
  int64 low;
  lock_rollups(query, true, &low);
  // Who writes about the viewer must be seen by what follows: who records, and who inserts rows without events.
  show_progress("forget", "waiting for writers", 0, 0);
  const int64 high = end_epoch();
  int64 waited_ms = 0;
  if (!wait_for_epochs(low, high, writers_timeout(), &waited_ms))
    pg::raise(blocked_by_writer(query, high, "erasure", kBlocked));
  wait_for_row_writers(query, writers_timeout() - (int)waited_ms, "erasure", kBlocked);

  show_progress("forget", "raw rows", 0, 0);
  query.write(find_sessions, pg::Parameters().id(user));
  lock_sessions(query, query.copy_out(query.value(0, 1)));
  const bool sessions_kept = OidIsValid(tables().session_changes.oid);
  // What others have noted need not go at once.
  with_sessions(query, low, [&](SessionRollups& rollups) { rollups.bring_in(low, false); });
  const pg::Array<int64> sessions = ids_of(query, query.write(remove_sessions, pg::Parameters().id(user)));
  result.sessions = sessions.size();
  pg::Array<TouchingSession> touching;
  if (sessions_kept) {
    // What is read here is as the rollups have it from now on, whatever becomes of these sessions meanwhile.
    with_sessions(query, low, [&](SessionRollups& rollups) {
      rollups.bring_in(low, true);
      touching = rollups.sessions_of(query, query.read_by_indexes(touches_to_go, pg::Parameters().id(user).add(id_array(sessions)).id(low)));
    });
    query.write(remove_notes, pg::Parameters().add(id_array(sessions)));
  }
  query.write(remove_folded, pg::Parameters().add(id_array(sessions)));
  pg::Array<int64> viewers;
  for (int64 session : sessions) viewers.append(-session);
  viewers.append(user);
  std::sort(viewers.begin(), viewers.end());
  query.write(remove_traces, pg::Parameters().id(user).add(id_array(viewers)));
  if (has_exposures_table(query.home())) result.exposures = (int64)query.write_by_indexes(remove_exposures, pg::Parameters().add(id_array(viewers)));
  if (has_excluded_viewers(query.home())) result.events = (int64)query.write_by_indexes(remove_excluded, pg::Parameters().add(id_array(viewers)).id(user));
  if (has_ledger_table(query.home())) result.boosts = (int64)query.write_by_indexes(blank_entries, pg::Parameters().id(user).add(id_array(sessions)));
  const uint64 removed = query.write_by_indexes(remove_events, pg::Parameters().id(user).add(id_array(sessions)));
  result.events += (int64)removed;
  Traces traces = traces_of(query, removed, low);
  with_sessions(query, low, [&](SessionRollups& rollups) { rollups.take_out(touching, low); });

  query.write(rescore_all, pg::Parameters());
  PushActiveSnapshot(GetTransactionSnapshot());
  const TimestampTz horizon = raw_horizon(GetActiveSnapshot());
  if (!TIMESTAMP_IS_NOBEGIN(horizon)) {
    show_progress("forget", "months without raw rows", 0, 0);
    pg::Array<StoredView> views;
    find_stored_views(GetActiveSnapshot(), viewers, horizon, &views);
    result.kept_views = add_old_views(views, 0, &traces);
  }
  change_in_rollups(query, "forget", traces, viewers, low);
  PopActiveSnapshot();
  return result;
}

}  // namespace ea::rollup
