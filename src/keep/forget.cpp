#include "keep/forget.hpp"

#include <algorithm>

#include "keep/blocker.hpp"
#include "keep/creator_changes.hpp"
#include "keep/end_epoch.hpp"
#include "keep/refresh.hpp"
#include "keep/row_writers.hpp"
#include "keep/session_rollups.hpp"
#include "keep/session_locks.hpp"
#include "pg/array.hpp"
#include "pg/progress.hpp"
#include "store/contents.hpp"
#include "store/engagement_labels.hpp"
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

pg::Statement rescore_all(
    "/* explore_analytics: forget_viewer */ UPDATE explore_analytics.rollup_state SET rescore_all = low", {});

constexpr const char* kBlocked = "Nothing was removed. End that transaction, or call again; lock_timeout says how long to wait.";

// One event of the viewer in the rollups of a content: it goes, or stays without the viewer.
struct Trace {
  int64 content;
  core::TimedEvent event;
  bool stays = false;
};

core::TimedEvent without_viewer(core::TimedEvent e) {
  e.event.has_viewer = false;
  e.event.viewer = 0;
  return e;
}

bool before(const Trace& a, const Trace& b) { return a.content != b.content ? a.content < b.content : a.event < b.event; }

struct Traces {
  pg::Array<Trace> list;

  void sort() { std::sort(list.begin(), list.end(), before); }
  // Calls f(id, events that go, events that come in their place), both in order, for each group of traces with the same
  // id; those with 0 are left out.
  template <class IdOf, class F>
  void each_group(IdOf&& id_of, F&& f) const {
    pg::Array<Trace> parts;
    for (const Trace& t : list) parts.append({id_of(t.content), t.event, t.stays});
    std::sort(parts.begin(), parts.end(), before);
    pg::Array<core::TimedEvent> removed, added;
    for (int64 i = 0; i < parts.size(); i++) {
      if (parts[i].content != 0) removed.append(parts[i].event);
      if (parts[i].content != 0 && parts[i].stays) added.append(without_viewer(parts[i].event));
      if (removed.empty() || (i + 1 < parts.size() && parts[i + 1].content == parts[i].content)) continue;
      std::sort(added.begin(), added.end());
      f(parts[i].content, core::TimedEvents(removed.begin(), (size_t)removed.size()), core::TimedEvents(added.begin(), (size_t)added.size()));
      removed.clear();
      added.clear();
    }
  }
};

pg::Array<int64> ids_of(const pg::Query& query, uint64 rows) {
  pg::Array<int64> ids;
  for (uint64 i = 0; i < rows; i++) ids.append(query.int64_at(i, 1));
  return ids;
}

// What the statement has removed and the rollups hold.
void collect(const pg::Query& query, uint64 rows, int64 low, Traces* traces) {
  for (uint64 i = 0; i < rows; i++) {
    if (query.int64_at(i, 7) > low) continue;
    core::TimedEvent e{};
    if (!EngagementLabels::find(DatumGetObjectId(query.value(i, 3)), &e.event.type)) continue;
    e.at = DatumGetTimestampTz(query.value(i, 2));
    e.event.has_viewer = true;
    e.event.viewer = query.int64_at(i, 4);
    e.event.watch_time_ms = DatumGetInt32(query.value(i, 5));
    e.event.completed = DatumGetBool(query.value(i, 6));
    traces->list.append({query.int64_at(i, 1), core::normalized(e)});
  }
}

// Views whose raw rows went with their month: all that are stored from before the horizon and that no raw
// row has accounted for.
int64 add_old_views(Snapshot snapshot, const pg::Array<int64>& viewers, TimestampTz horizon, Traces* traces) {
  pg::Array<StoredView> views;
  find_stored_views(snapshot, viewers, horizon, &views);
  const int64 raw = traces->list.size();
  int64 kept = 0;
  for (int64 i = 0, j = 0; i < views.size(); i++) {
    const Trace view{views[i].content, views[i].event, true};
    while (j < raw && before(traces->list[j], view)) j++;
    if (j < raw && !before(view, traces->list[j])) {
      j++;
      continue;
    }
    traces->list.append(view);
    kept++;
  }
  traces->sort();
  return kept;
}

// In a snapshot of its own, so that it sees what was done before.
template <class Work>
void with_sessions(pg::Query& query, int64 low, Work&& work) {
  PushActiveSnapshot(GetTransactionSnapshot());
  StoredBuckets stored(low);
  SessionRollups sessions(query, stored);
  if (sessions.state().made) {
    work(sessions);
    sessions.note_state();
  }
  stored.close();
  PopActiveSnapshot();
}

void forget_in_rollups(pg::Query& query, const Traces& traces, const pg::Array<int64>& viewers, int64 low) {
  const pg::Home& home = query.home();
  StoredBuckets stored(low);
  CreatorChanges noted(home, GetActiveSnapshot());
  noted.find(stored);
  noted.move(stored);
  AscendingIds contents;
  for (const Trace& t : traces.list)
    if (contents.empty() || contents[contents.size() - 1] != t.content) contents.append(t.content);
  int64 done = 0;
  const auto forget = [&](ScopeKind scope, int64 id, core::TimedEvents removed, core::TimedEvents added) {
    CHECK_FOR_INTERRUPTS();
    stored.change({scope, id}, removed, added, DeltaRows::Which::own_rows, viewers.begin(), (int)viewers.size());
    if (done++ % 100 == 0) show_progress("forget", "keys", done, contents.size());
  };
  stored.take_down(ScopeKind::content, contents);
  traces.each_group([](int64 content) { return content; },
                    [&](int64 id, core::TimedEvents removed, core::TimedEvents added) { forget(ScopeKind::content, id, removed, added); });
  if (!noted.all_creators()) {
    // Creators that are made anew from their contents have nothing to forget.
    const Owners owners = owners_of(home, GetActiveSnapshot(), contents);
    const AscendingIds anew = noted.creators();
    const auto creator_to_change = [&](int64 content) {
      const int64 creator = owners.creator_of(content);
      return std::binary_search(anew.begin(), anew.end(), creator) ? 0 : creator;
    };
    AscendingIds creators;
    for (const int64 content : contents) creators.append(creator_to_change(content));
    make_ascending(&creators);
    stored.take_down(ScopeKind::creator, creators);
    traces.each_group(
        creator_to_change,
        [&](int64 id, core::TimedEvents removed, core::TimedEvents added) { forget(ScopeKind::creator, id, removed, added); });
  }
  noted.rebuild(stored);
  SessionRollups sessions(query, stored);
  if (sessions.state().made && noted.all_creators()) sessions.rebuild(low);
  if (sessions.state().made && !noted.all_creators() && !noted.changed().empty()) {
    // Creators are made of rows of this moment, so what is noted up to it must not come again.
    sessions.bring_in(low, true);
    sessions.rebuild_creators(low, noted.changed());
  }
  if (sessions.state().made) sessions.note_state();
  // Its key is 0, which a group may not have.
  traces.each_group([](int64) { return 1; }, [&](int64, core::TimedEvents removed, core::TimedEvents added) { forget(ScopeKind::platform, 0, removed, added); });
  stored.close();
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
  if (sessions_kept) with_sessions(query, low, [&](SessionRollups& rollups) { rollups.bring_in(low, false); });
  const pg::Array<int64> sessions = ids_of(query, query.write(remove_sessions, pg::Parameters().id(user)));
  result.sessions = sessions.size();
  pg::Array<TouchingSession> touching;
  if (sessions_kept) {
    // What is read here is as the rollups have it from now on, whatever becomes of these sessions meanwhile.
    with_sessions(query, low, [&](SessionRollups& rollups) {
      rollups.bring_in(low, true);
      pg::Array<Touch> touches;
      const uint64 found = query.read_by_indexes(touches_to_go, pg::Parameters().id(user).add(id_array(sessions)).id(low));
      for (uint64 i = 0; i < found; i++) touches.append({query.int64_at(i, 1), query.int64_at(i, 2)});
      touching = rollups.sessions_of(touches);
    });
    query.write(remove_notes, pg::Parameters().add(id_array(sessions)));
  }
  query.write(remove_folded, pg::Parameters().add(id_array(sessions)));
  pg::Array<int64> viewers;
  for (int64 session : sessions) viewers.append(-session);
  viewers.append(user);
  std::sort(viewers.begin(), viewers.end());
  query.write(remove_traces, pg::Parameters().id(user).add(id_array(viewers)));
  const uint64 removed = query.write_by_indexes(remove_events, pg::Parameters().id(user).add(id_array(sessions)));
  result.events = (int64)removed;
  Traces traces;
  collect(query, removed, low, &traces);
  traces.sort();
  if (sessions_kept) with_sessions(query, low, [&](SessionRollups& rollups) { rollups.take_out(touching, low); });

  query.write(rescore_all, pg::Parameters());
  PushActiveSnapshot(GetTransactionSnapshot());
  const TimestampTz horizon = raw_horizon(GetActiveSnapshot());
  if (!TIMESTAMP_IS_NOBEGIN(horizon)) {
    show_progress("forget", "months without raw rows", 0, 0);
    result.kept_views = add_old_views(GetActiveSnapshot(), viewers, horizon, &traces);
  }
  forget_in_rollups(query, traces, viewers, low);
  PopActiveSnapshot();
  return result;
}

}  // namespace ea::rollup
