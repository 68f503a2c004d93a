#include "keep/identify.hpp"

#include <algorithm>

#include "keep/exclude.hpp"
#include "keep/refresh.hpp"
#include "keep/stored_buckets.hpp"
#include "keep/turns.hpp"
#include "keep/viewer_traces.hpp"
#include "pg/guard.hpp"
#include "store/contents.hpp"
#include "store/epoch.hpp"
#include "store/raw_horizon.hpp"
#include "store/stored_views.hpp"
#include "store/visitors.hpp"

namespace ea::rollup {

namespace {

constexpr long kPauseUs = 5000;

// Whether anything may have to move: anonymous raw rows of the session, or what retention has taken over of it.
pg::Statement look_at_session(
    "/* explore_analytics: identify_session */ SELECT s.user_id,"
    "  EXISTS (SELECT FROM {s}.explore_engagements e WHERE e.session_id = s.id AND e.user_id IS NULL)"
    "  OR EXISTS (SELECT FROM explore_analytics.session_rollups r WHERE r.session_id = s.id)"
    " FROM {s}.explore_feed_sessions s WHERE s.id = $1",
    {INT8OID});

// Whoever changes the session's row may go on to record in the session, so it is not waited for here.
pg::Statement keep_row(
    "/* explore_analytics: identify_session */ SELECT FROM {s}.explore_feed_sessions s WHERE s.id = $1 FOR NO KEY UPDATE SKIP LOCKED", {INT8OID});

pg::Statement give_user(
    "/* explore_analytics: identify_session */ UPDATE {s}.explore_feed_sessions s SET user_id = $2 WHERE s.id = $1 AND s.user_id IS NULL",
    {INT8OID, INT8OID});

// In the order in which recording locks them. Of two that become one: a complete that waits for its completed view goes on
// waiting, and both are remembered for as long as the younger one.
pg::Statement move_viewings(
    "/* explore_analytics: identify_session */ WITH moved AS ("
    "  DELETE FROM explore_analytics.viewing_keys v WHERE v.session_id = $1 AND v.viewer_key = -$1"
    "  RETURNING v.session_id, v.content_id, v.by_complete, v.completions, v.seen"
    ") INSERT INTO explore_analytics.viewing_keys AS v (session_id, content_id, viewer_key, by_complete, completions, seen)"
    " SELECT session_id, content_id, $2, by_complete, completions, seen FROM moved ORDER BY content_id"
    " ON CONFLICT (session_id, content_id, viewer_key) DO UPDATE SET by_complete = v.by_complete OR excluded.by_complete,"
    "  completions = 2, seen = greatest(v.seen, excluded.seen)",
    {INT8OID, INT8OID});

// As recording stores saves, see there.
#define EA_SAVE(moved) \
  "  INSERT INTO {s}.explore_saved_properties AS s (user_id, content_id, saved_at)" \
  "  SELECT n.user_id, n.content_id, n.created_at FROM (" \
  "    SELECT DISTINCT ON (m.user_id, m.content_id) m.user_id, m.content_id, m.created_at FROM " moved " m" \
  "    WHERE m.engagement_type = 'save' AND m.user_id IS NOT NULL AND EXISTS (SELECT FROM {s}.explore_content c WHERE c.id = m.content_id)" \
  "    ORDER BY m.user_id, m.content_id, m.created_at) n" \
  "  WHERE coalesce((SELECT k.saved_at > n.created_at FROM {s}.explore_saved_properties k" \
  "    WHERE k.user_id = n.user_id AND k.content_id = n.content_id), true)" \
  "  ORDER BY n.user_id, n.content_id" \
  "  ON CONFLICT (user_id, content_id) DO UPDATE SET saved_at = excluded.saved_at WHERE s.saved_at > excluded.saved_at"

// The rows keep their epoch: the rollups change in the same transaction. With the key that the rollups have, and the one that
// each row has now.
pg::Statement move_events(
    "/* explore_analytics: identify_session */ WITH moved AS MATERIALIZED ("
    "  UPDATE {s}.explore_engagements e SET user_id = $2 WHERE e.session_id = $1 AND e.user_id IS NULL"
    "  RETURNING e.content_id, e.created_at, e.engagement_type, e.watch_time_ms, e.completed, e.epoch, e.user_id"
    "), saved AS ("
    EA_SAVE("moved")
    ") SELECT content_id, created_at, engagement_type, -$1, watch_time_ms, completed, epoch, coalesce(user_id, -$1) FROM moved",
    {INT8OID, INT8OID});

// Of a visitor who is excluded, whose events stay set aside: saves are the user's whether these count or not.
pg::Statement save_set_aside(
    "/* explore_analytics: identify_session */ WITH aside AS MATERIALIZED ("
    "  SELECT $2 AS user_id, x.content_id, x.created_at, x.engagement_type FROM {s}.explore_excluded_engagements x"
    "  WHERE coalesce(x.user_id, -x.session_id) = -$1"
    ")" EA_SAVE("aside"),
    {INT8OID, INT8OID});

// A trigger of somebody's may have kept rows as they were. Not by the index on epoch, which the planner would take beside that
// on sessions where it has no statistics yet.
pg::Statement any_left(
    "/* explore_analytics: identify_session */ SELECT FROM {s}.explore_engagements e"
    " WHERE e.session_id = $1 AND e.user_id IS NULL AND e.epoch + 0 <= $2 LIMIT 1",
    {INT8OID, INT8OID});

pg::Statement contents_taken_over(
    "/* explore_analytics: identify_session */ SELECT r.viewed FROM explore_analytics.session_rollups r WHERE r.session_id = $1", {INT8OID});

// Contents that have come, gone or moved since the last refresh: whose their events are in the rollups, 0 for nobody's; or that
// the notes do not tell. By the rule of keep/creator_changes.cpp.
pg::Statement noted_holders(
    "/* explore_analytics: identify_session */ SELECT k.content_id, coalesce(max(k.creator_id) FILTER (WHERE k.creator_id <> k.now), 0),"
    "  bool_or(k.creator_id = 0)"
    "  OR count(*) FILTER (WHERE k.creator_id <> k.now) > CASE WHEN k.now = 0 OR bool_or(k.creator_id = k.now) THEN 1 ELSE 0 END"
    " FROM ("
    "  SELECT n.content_id, n.creator_id, coalesce(c.creator_id, 0) AS now"
    "  FROM explore_analytics.creator_changes n LEFT JOIN {s}.explore_content c ON c.id = n.content_id"
    "  WHERE n.creator_id = 0 OR n.content_id = ANY ($1)"
    "  GROUP BY 1, 2, 3 HAVING n.creator_id = 0 OR count(*) % 2 = 1) k"
    " GROUP BY k.content_id, k.now ORDER BY k.content_id",
    {INT8ARRAYOID});

// Whoever remembers what the rollups hold hears of it.
pg::Statement touch_state("/* explore_analytics: identify_session */ UPDATE explore_analytics.rollup_state SET low = low", {});

[[noreturn]] void no_session(int64 session) {
  pg::raise(pg::with_hint(pg::failure(ERRCODE_NO_DATA_FOUND, "session %lld does not exist", (long long)session),
                          "create_session() returns the id of a new session."));
}

[[noreturn]] void not_in_time(int64 session, const char* told) {
  pg::Failure failure = pg::failure(ERRCODE_LOCK_NOT_AVAILABLE, "session %lld could not be given its user in time", (long long)session);
  strlcpy(failure.detail, told, sizeof failure.detail);
  pg::raise(pg::with_hint(failure, "Nothing was changed. Who records in this session, or writes the rollups, has not ended yet: call again later; "
                                   "lock_timeout says how long to wait."));
}

// Does what may wait for others, by calls of the server alone. Of two that wait for one another one gives up: somebody may have
// changed the session's row, or saved the same, and then recorded in the session.
template <class Work>
void in_time(int64 session, Work&& work) {
  char told[256] = "";
  try {
    pg::guard(work);
  } catch (const pg::ServerError& error) {
    if (error.data->sqlerrcode != ERRCODE_LOCK_NOT_AVAILABLE && error.data->sqlerrcode != ERRCODE_T_R_DEADLOCK_DETECTED) throw;
    strlcpy(told, error.data->message, sizeof told);
  }
  if (told[0] != 0) not_in_time(session, told);
}

struct Session {
  bool has_user;
  bool has_traces;
};

Session look(pg::Query& query, int64 session, int64 user) {
  if (query.write_by_indexes(look_at_session, pg::Parameters().id(session)) == 0) no_session(session);
  const bool has_user = !query.is_null(0, 1);
  if (has_user && query.int64_at(0, 1) != user)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "session %lld has another user", (long long)session),
                            "A session has one user for good: create_session() opens another one."));
  return {has_user, DatumGetBool(query.value(0, 2)) || is_excluded(query, -session)};
}

void give(pg::Query& query, int64 session, int64 user) {
  uint64 given = 0;
  in_time(session, [&] { given = query.write(give_user, pg::Parameters().id(session).id(user)); });
  if (given > 0) return;
  // Somebody else has meanwhile, by plain SQL, or a trigger of somebody's does not let it be.
  if (!look(query, session, user).has_user)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_TRIGGERED_ACTION_EXCEPTION, "a trigger keeps session %lld from getting its user", (long long)session),
                            "Look at the triggers of explore_feed_sessions."));
}

// Views of months without raw rows: sessions that did something then have a row that says on which contents.
int64 add_views_taken_over(pg::Query& query, int64 session, int64 user, Traces* traces) {
  const TimestampTz horizon = raw_horizon(GetActiveSnapshot());
  if (TIMESTAMP_IS_NOBEGIN(horizon) || query.read(contents_taken_over, pg::Parameters().id(session)) == 0) return 0;
  const AscendingIds contents = sorted_ids(query.value(0, 1));
  pg::Array<StoredView> views;
  find_views_of(GetActiveSnapshot(), -session, contents, horizon, &views);
  return add_old_views(views, user, traces);
}

// By the ids of the rollups of a kind, without those that have none; in order.
template <class IdOf>
pg::Array<Replacement> replacements(const Traces& traces, IdOf&& id_of) {
  pg::Array<Replacement> changes;
  for (const Trace& t : traces.list) changes.append({id_of(t.content), t.event, inherited(t.event, t.heir)});
  std::sort(changes.begin(), changes.end(), [](const Replacement& a, const Replacement& b) { return a.id != b.id ? a.id < b.id : a.before < b.before; });
  return changes;
}

// Creators hold what they held at the last refresh. False where nobody knows who held what.
bool holders_of(pg::Query& query, const AscendingIds& contents, Owners* holders) {
  *holders = owners_of(query.home(), GetActiveSnapshot(), contents);
  const uint64 noted = query.read(noted_holders, pg::Parameters().add(id_array(contents)));
  if (noted == 0) return true;
  if (has_older_layout(GetActiveSnapshot())) return false;
  Owners result;
  uint64 next = 0;
  const auto note_noted = [&](int64 upto) {
    for (; next < noted && query.int64_at(next, 1) <= upto; next++) result.list.append({query.int64_at(next, 1), query.int64_at(next, 2)});
  };
  for (uint64 i = 0; i < noted; i++)
    if (DatumGetBool(query.value(i, 3))) return false;
  for (const Owned& owned : holders->list) {
    note_noted(owned.content);
    if (result.list.empty() || result.list[result.list.size() - 1].content != owned.content) result.list.append(owned);
  }
  note_noted(PG_INT64_MAX);
  *holders = result;
  return true;
}

// Most visitors log in soon: their events lie in what refreshes have left beside the buckets, and stay there.
void replace_in_rollups(const Traces& traces, const Owners& holders, const pg::Array<int64>& gone, int64 low) {
  StoredBuckets stored(low);
  const auto replace = [&](ScopeKind scope, pg::Array<Replacement> changes) {
    if (!changes.empty()) stored.replace(scope, &changes, gone.begin(), (int)gone.size());
  };
  replace(ScopeKind::content, replacements(traces, [](int64 content) { return content; }));
  Traces of_creators;
  for (const Trace& t : traces.list)
    if (holders.creator_of(t.content) != 0) of_creators.list.append(t);
  replace(ScopeKind::creator, replacements(of_creators, [&](int64 content) { return holders.creator_of(content); }));
  replace(ScopeKind::platform, replacements(traces, [](int64) { return 0; }));
  stored.close();
}

int64 move_all(pg::Query& query, int64 session, int64 user, int64 low) {
  uint64 moved = 0;
  in_time(session, [&] {
    query.write(move_viewings, pg::Parameters().id(session).id(user));
    if (is_excluded(query, -session)) query.write(save_set_aside, pg::Parameters().id(session).id(user));
    moved = query.write_by_indexes(move_events, pg::Parameters().id(session).id(user));
  });
  Traces traces;
  for (uint64 i = 0; i < moved; i++) {
    Trace trace;
    const int64 heir = query.int64_at(i, 8);
    // Nobody is told of what is no view.
    if (heir == -session || !trace_of(query, i, low, &trace) || !trace.event.event.has_viewer) continue;
    trace.stays = true;
    trace.heir = heir;
    traces.list.append(trace);
  }
  traces.sort();
  PushActiveSnapshot(GetTransactionSnapshot());
  int64 events = (int64)moved + add_views_taken_over(query, session, user, &traces);
  if (!traces.list.empty()) {
    pg::Array<int64> gone;
    if (query.read_by_indexes(any_left, pg::Parameters().id(session).id(low)) == 0) gone.append(-session);
    AscendingIds contents;
    for (const Trace& t : traces.list) contents.append(t.content);
    make_ascending(&contents);
    query.write(touch_state, pg::Parameters());
    Owners holders;
    if (holders_of(query, contents, &holders))
      replace_in_rollups(traces, holders, gone, low);
    else
      change_in_rollups(query, "identify", traces, gone, low);
  }
  PopActiveSnapshot();
  return events;
}

}  // namespace

int64 identify(pg::Query& query, int64 session, int64 user) {
  query.limit_lock_waits(writers_timeout());
  // The rollups come first: a refresh that has them may be waiting for somebody who has recorded something and now waits for
  // this session.
  int64 low = 0;
  bool in_hand = false;
  Session found = look(query, session, user);
  const TimestampTz start = GetCurrentTimestamp();
  for (;;) {
    if (found.has_traces && !in_hand) {
      in_time(session, [&] {
        stand_behind_refresh();
        (void)lock_rollups(query, true, &low);
        note_login_has_rollups();
      });
      in_hand = true;
    }
    bool claimed = false;
    in_time(session, [&] { claimed = claim_visitor(session, writers_timeout()); });
    if (!claimed) not_in_time(session, "A transaction that records in many sessions has not ended.");
    found = look(query, session, user);
    const bool ready = in_hand || !found.has_traces;
    if (ready && (found.has_user || query.write(keep_row, pg::Parameters().id(session)) > 0)) break;
    unclaim_visitor(session);
    if (!ready) continue;
    if (GetCurrentTimestamp() - start >= writers_timeout() * INT64CONST(1000)) not_in_time(session, "A transaction that has changed its row has not ended.");
    CHECK_FOR_INTERRUPTS();
    pg_usleep(kPauseUs);
  }
  if (found.has_traces) {
    const int64 events = move_all(query, session, user, low);
    in_time(session, [&] { exclude_session(query, session, user, low); });
    found = look(query, session, user);
    if (!found.has_user) give(query, session, user);
    return events;
  }
  if (found.has_user) return 0;
  current_epoch();    // an erasure of the user waits for it, as for a session that is created
  in_time(session, [&] { query.write(move_viewings, pg::Parameters().id(session).id(user)); });
  give(query, session, user);
  return 0;
}

}  // namespace ea::rollup
