#include "keep/session_rollups.hpp"

#include <algorithm>

#include "keep/event_groups.hpp"
#include "keep/session_steps.hpp"
#include "pg/job_log.hpp"
#include "pg/progress.hpp"
#include "store/scope.hpp"

namespace ea::rollup {

namespace {

// The creators that the sessions $1 touch by events up to $2. Not by the index on epochs, in which nearly all events are
// such: without statistics the planner would read all of it.
pg::Statement touches_of(
    "/* explore_analytics: sessions */ SELECT e.session_id, c.creator_id FROM {s}.explore_engagements e"
    " JOIN {s}.explore_content c ON c.id = e.content_id WHERE e.session_id = ANY ($1) AND e.epoch + 0 <= $2 AND " EA_COUNTED
    " UNION SELECT r.session_id, c.creator_id FROM explore_analytics.session_rollups r CROSS JOIN LATERAL unnest(r.touched) t(content_id)"
    " JOIN {s}.explore_content c ON c.id = t.content_id WHERE r.session_id = ANY ($1)",
    {INT8ARRAYOID, INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

// Calls f(Touch) for each of them.
template <class F>
void each_touch_of(pg::Query& query, const AscendingIds& sessions, int64 upto, F&& f) {
  pg::Cursor cursor;
  cursor.open(query, touches_of, pg::Parameters().add(id_array(sessions)).id(upto));
  bool null;
  each_row_of(cursor, [&](const pg::Cursor& at, uint64 row) {
    return f(Touch{DatumGetInt64(at.value(row, 2, &null)), DatumGetInt64(at.value(row, 1, &null))}), true;
  });
}

#define EA_REMOVE_SESSIONS(table) "/* explore_analytics: sessions */ DELETE FROM explore_analytics." table " WHERE scope IN (3, 4)"
pg::Statement remove_totals(EA_REMOVE_SESSIONS("rollup_totals"), {});
pg::Statement remove_buckets(EA_REMOVE_SESSIONS("rollup_buckets"), {});
pg::Statement remove_deltas(EA_REMOVE_SESSIONS("rollup_deltas"), {});

pg::Statement update_state(
    "/* explore_analytics: sessions */ UPDATE explore_analytics.rollup_state SET sessions_made = $1, session_strangers = $2", {BOOLOID, BOOLOID});

constexpr Key kPlatform{ScopeKind::sessions, 0};

// So many are held in memory with all that is made of them.
int64 most_touches() {
  constexpr int64 kBytesOfTouch = 256;
  return (int64)maintenance_work_mem * 1024 / kBytesOfTouch;
}

pg::Array<core::TimedEvent> sorted(const pg::Array<SessionStep>& steps) {
  pg::Array<core::TimedEvent> entries;
  for (const SessionStep& s : steps) entries.append(s.entry);
  std::sort(entries.begin(), entries.end());
  return entries;
}

core::TimedEvents all(const pg::Array<core::TimedEvent>& events) { return {events.begin(), (size_t)events.size()}; }

void put_delta(StoredBuckets& stored, const Key& key, const pg::Array<SessionStep>& gone, const pg::Array<SessionStep>& fresh) {
  pg::Array<SessionStep> both;
  for (const SessionStep& s : gone) both.append(s);
  for (const SessionStep& s : fresh) both.append(s);
  if (both.empty()) return;
  pg::Array<core::TimedEvent> entries = sorted(both);
  stored.put_delta(key, all(entries));
  both.release();
  entries.release();
}

void merge(StoredBuckets& stored, const Key& key, pg::Array<SessionStep>& steps) {
  const NetSteps net(steps);
  pg::Array<SessionStep> gone, fresh;
  if (key.scope == ScopeKind::sessions) {
    gone = net.gone;
    fresh = net.fresh;
  } else {
    pg::Array<int64> sessions, there;
    for (const auto* list : {&net.gone, &net.fresh})
      for (const SessionStep& s : *list) sessions.append(s.session);
    make_ascending(&sessions);
    stored.find_sessions(key, sessions, &there);
    const auto is_there = [&](int64 session) { return std::binary_search(there.begin(), there.end(), session); };
    const auto goes = [&](int64 session) {
      const SessionStep* place = std::lower_bound(net.gone.begin(), net.gone.end(), session, [](const SessionStep& s, int64 id) { return s.session < id; });
      return place != net.gone.end() && place->session == session;
    };
    for (const SessionStep& s : net.gone)
      if (is_there(s.session)) gone.append(s);
    for (const SessionStep& s : net.fresh)
      if (!is_there(s.session) || goes(s.session)) fresh.append(s);
  }
  for (SessionStep& s : gone) s.entry.event.type = core::Engagement::view;
  const pg::Array<core::TimedEvent> old = sorted(gone), now = sorted(fresh);
  stored.change_sessions(key, all(old), all(now));
}

}  // namespace

SessionRollups::SessionRollups(pg::Query& query, StoredBuckets& stored)
    : query_(query), stored_(stored), snapshot_(GetActiveSnapshot()), kept_(sessions_kept(snapshot_)) {}

SessionChanges SessionRollups::take_changes() {
  // Of more than fit into memory everything is made anew.
  constexpr int64 kBytesOfNote = 256;    // in all that is made of it
  const int64 most = (int64)maintenance_work_mem * 1024 / kBytesOfNote;
  // Its lock is taken before they are read: what moves rows about, as VACUUM FULL does, would make others of them.
  pg::TableWriter writer;
  writer.open(tables().session_changes);
  pg::Array<ItemPointerData> rows;
  const SessionChanges changes = read_session_changes(snapshot_, most, &rows);
  for (const ItemPointerData& row : rows) writer.remove(row);
  rows.release();
  writer.close();
  return changes;
}

void SessionRollups::refresh(FreshEvents& fresh, int64 low, int64 high, const CreatorChanges& changed) {
  in_refresh_ = true;
  upto_ = high;
  const SessionChanges changes = take_changes();
  if (!kept_.made || changes.all || changed.all_creators()) {
    make_anew(high);
    return;
  }
  change_platform(changes);
  AscendingIds anew = changed.creators();
  pg::Array<MovedTouch> moved;
  if (!find_moved(changed, low, anew, &moved)) anew = changed.changed();
  if (!anew.empty()) make_creators(high, &anew);
  pg::Array<Step> steps;
  add_changes(changes, low, anew, &steps);
  add_moved(moved, changes, low, &steps);
  store_with_touches(steps, FreshTouches(fresh, anew));
}

void SessionRollups::bring_in(int64 low, bool at_once) {
  at_once_ = at_once;
  upto_ = low;
  const SessionChanges changes = take_changes();
  if (changes.all) {
    make_anew(low);
    return;
  }
  change_platform(changes);
  pg::Array<Step> steps;
  add_changes(changes, low, {}, &steps);
  store_by_creator(steps);
}

pg::Array<TouchingSession> SessionRollups::sessions_of(const pg::Query& query, uint64 rows) {
  pg::Array<Touch> touches;
  for (uint64 i = 0; i < rows; i++) touches.append({query.int64_at(i, 1), query.int64_at(i, 2)});
  return sessions_of(touches);
}

pg::Array<TouchingSession> SessionRollups::sessions_of(const pg::Array<Touch>& touches) {
  AscendingIds sessions;
  for (const Touch& t : touches) sessions.append(t.session);
  make_ascending(&sessions);
  const SessionRows rows(query_.home(), snapshot_, sessions);
  pg::Array<TouchingSession> touching;
  for (const Touch& t : touches) {
    const SessionState& state = rows.of(t.session);
    if (state.exists)
      touching.append({t, state});
    else
      kept_.strangers = true;
  }
  return touching;
}

void SessionRollups::take_out(const pg::Array<TouchingSession>& touching, int64 low) {
  AscendingIds sessions;
  for (const TouchingSession& t : touching) sessions.append(t.touch.session);
  if (sessions.empty()) return;
  make_ascending(&sessions);
  pg::Array<Touch> left;
  const uint64 found = query_.read(touches_of, pg::Parameters().add(id_array(sessions)).id(low));
  for (uint64 i = 0; i < found; i++) left.append({query_.int64_at(i, 2), query_.int64_at(i, 1)});
  std::sort(left.begin(), left.end(), comes_before);
  pg::Array<Step> steps;
  for (const auto& [touch, state] : touching)
    if (!std::binary_search(left.begin(), left.end(), touch, comes_before))
      steps.append({touch.creator, {touch.session, 0, taken_out(session_entry(touch.session, state))}});
  at_once_ = true;
  upto_ = low;
  store_by_creator(steps);
}

void SessionRollups::store_by_creator(pg::Array<Step>& steps) {
  std::sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.creator < b.creator; });
  if (!in_refresh_) {
    // A refresh takes deltas of few of them, if of any.
    AscendingIds creators;
    for (const Step& s : steps)
      if (creators.empty() || creators[creators.size() - 1] != s.creator) creators.append(s.creator);
    stored_.take_down(ScopeKind::creator_sessions, creators);
  }
  pg::Array<SessionStep> mine;
  for (int64 i = 0; i < steps.size(); i++) {
    mine.append(steps[i].step);
    if (i + 1 < steps.size() && steps[i + 1].creator == steps[i].creator) continue;
    CHECK_FOR_INTERRUPTS();
    store({ScopeKind::creator_sessions, steps[i].creator}, mine);
    mine.clear();
  }
}

void SessionRollups::change_platform(const SessionChanges& changes) {
  pg::Array<SessionStep> steps;
  for (const SessionChange& c : changes.list) {
    if (c.before.exists) steps.append({0, 0, taken_out(session_entry(0, c.before))});
    if (c.now.exists) steps.append({0, 0, session_entry(0, c.now)});
  }
  store(kPlatform, steps);
}

// Of sessions that had a row when their events were brought in, their creators have them; of others only strangers' may.
void SessionRollups::add_changes(const SessionChanges& changes, int64 low, const AscendingIds& without, pg::Array<Step>* steps) {
  AscendingIds sessions;
  for (const SessionChange& c : changes.list)
    if (c.before.exists || kept_.strangers) sessions.append(c.session);
  if (sessions.empty()) return;
  each_touch_of(query_, sessions, low, [&](const Touch& touch) {
    const auto [creator, session] = touch;
    const SessionChange& change = *changes.find(session);
    if (!change.now.exists) kept_.strangers = true;
    if (std::binary_search(without.begin(), without.end(), creator)) return;
    if (change.before.exists) steps->append({creator, {session, 0, taken_out(session_entry(session, change.before))}});
    if (change.now.exists) steps->append({creator, {session, 0, session_entry(session, change.now)}});
  });
}

// Which sessions have touched contents that a creator has lost or got; false when there are more than fit into memory.
bool SessionRollups::find_moved(const CreatorChanges& changed, int64 low, const AscendingIds& anew, pg::Array<MovedTouch>* moved) {
  const int64 most = most_touches();
  pg::Array<CreatorChanges::Move> moves;
  AscendingIds contents;
  for (const CreatorChanges::Move& move : changed.moves()) {
    if (std::binary_search(anew.begin(), anew.end(), move.creator)) continue;
    moves.append(move);
    contents.append(move.content);
  }
  if (moves.empty()) return true;
  make_ascending(&contents);
  std::sort(moves.begin(), moves.end(), [](const CreatorChanges::Move& a, const CreatorChanges::Move& b) { return a.content < b.content; });
  bool few = true;
  each_touch(query_, contents, low, [&](int64 content, int64 session) {
    const auto* move = std::lower_bound(moves.begin(), moves.end(), content, [](const CreatorChanges::Move& m, int64 id) { return m.content < id; });
    for (; move != moves.end() && move->content == content; move++) moved->append({move->creator, session, move->comes});
    few = moved->size() <= most;
    return few;
  });
  if (!few) moved->clear();
  return few;
}

// Who has touched a content that a creator has lost stays with the creator if another one of theirs was touched.
void SessionRollups::add_moved(const pg::Array<MovedTouch>& moved, const SessionChanges& changes, int64 low, pg::Array<Step>* steps) {
  if (moved.empty()) return;
  AscendingIds sessions;
  pg::Array<Touch> asked, now;    // of a session only creators that a content of theirs has moved from or to
  for (const MovedTouch& t : moved) sessions.append(t.session);
  for (const MovedTouch& t : moved) asked.append({t.creator, t.session});
  make_ascending(&sessions);
  std::sort(asked.begin(), asked.end(), comes_before);
  each_touch_of(query_, sessions, low, [&](const Touch& touch) {
    if (std::binary_search(asked.begin(), asked.end(), touch, comes_before)) now.append(touch);
  });
  std::sort(now.begin(), now.end(), comes_before);
  AscendingIds unchanged;
  for (const int64 session : sessions)
    if (!changes.find(session)) unchanged.append(session);
  const SessionRows rows(query_.home(), snapshot_, unchanged);
  for (const MovedTouch& t : moved) {
    const bool touches = std::binary_search(now.begin(), now.end(), Touch{t.creator, t.session}, comes_before);
    if (touches && !t.comes) continue;
    const SessionChange* change = changes.find(t.session);
    const SessionState& state = !change ? rows.of(t.session) : touches ? change->now : change->before;
    if (state.exists)
      steps->append({t.creator, {t.session, 0, touches ? session_entry(t.session, state) : taken_out(session_entry(t.session, state))}});
    else if (touches)
      kept_.strangers = true;
  }
}

// Some creators at a time, and each of them at one go, as deltas of one epoch have no order.
void SessionRollups::store_with_touches(pg::Array<Step>& steps, FreshTouches&& touches) {
  std::sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.creator < b.creator; });
  MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics touches", ALLOCSET_DEFAULT_SIZES);
  pg::Array<Touch> some;
  int64 taken = 0;
  const auto store_some = [&](int64 upto) {
    MemoryContext outside = MemoryContextSwitchTo(context);
    pg::Array<Step> theirs;
    for (; taken < steps.size() && steps[taken].creator <= upto; taken++) theirs.append(steps[taken]);
    for (const auto& [touch, state] : sessions_of(some)) theirs.append({touch.creator, {touch.session, 0, session_entry(touch.session, state)}});
    store_by_creator(theirs);
    MemoryContextSwitchTo(outside);
    MemoryContextReset(context);
    some.clear();
  };
  const int64 most = most_touches();
  for (Touch touch; touches.next(&touch); some.append(touch))
    if (some.size() >= most && some[some.size() - 1].creator != touch.creator) store_some(some[some.size() - 1].creator);
  store_some(std::numeric_limits<int64>::max());
  MemoryContextDelete(context);
}

void SessionRollups::store(const Key& key, pg::Array<SessionStep>& steps) {
  if (steps.empty()) return;
  const bool exists = stored_.exists(key), few = exists && !at_once_ && steps.size() < kWorthBuckets;
  if (few && in_refresh_) {
    const NetSteps net(steps);
    put_delta(stored_, key, net.gone, net.fresh);
    return;
  }
  pg::Array<SessionStep> waiting;
  // Others have none.
  if (exists) stored_.take_session_deltas(key, in_refresh_ ? DeltaRows::Which::all : DeltaRows::Which::own_rows, &waiting);
  constexpr int64 kLast = std::numeric_limits<int64>::max();
  for (const SessionStep& s : steps) waiting.append({s.session, kLast, s.entry});
  if (few) {
    // Deltas of one epoch have no order: the one of the refresh becomes one with these.
    const NetSteps net(waiting);
    put_delta(stored_, key, net.gone, net.fresh);
  } else {
    merge_or_mend(key, waiting);
  }
  waiting.release();
}

void SessionRollups::compact(const Key& key, bool into_buckets, int64 low) {
  upto_ = low;
  pg::Array<SessionStep> steps;
  stored_.take_session_deltas(key, DeltaRows::Which::all, &steps);
  if (into_buckets) {
    merge_or_mend(key, steps);
    return;
  }
  const NetSteps net(steps);
  put_delta(stored_, key, net.gone, net.fresh);
}

// One change that nobody noted, such as with triggers disabled, must not stop refreshes and compactions for good.
void SessionRollups::merge_or_mend(const Key& key, pg::Array<SessionStep>& steps) {
  try {
    merge(stored_, key, steps);
    return;
  } catch (const core::Error& error) {
    if (error.code() != core::Errc::inconsistent) throw;
  }
  mend(key);
}

// From the raw rows as they were at the notes that were taken last: those that still wait come later.
void SessionRollups::mend(const Key& key) {
  if (key.scope == ScopeKind::sessions)
    pg::log_line("sessions of the platform in the rollups differ from the raw rows and are made anew");
  else
    pg::log_line("sessions of creator %lld in the rollups differ from the raw rows and are made anew", (long long)key.id);
  PushCopiedSnapshot(GetActiveSnapshot());
  UpdateActiveSnapshotCommandId();
  const SessionChanges later = read_session_changes(GetActiveSnapshot(), std::numeric_limits<int64>::max());
  if (key.scope == ScopeKind::sessions) {
    make_platform(later);
  } else {
    AscendingIds creator;
    creator.append(key.id);
    make_creators(upto_, &creator, later);
  }
  PopActiveSnapshot();
  mended_ = true;
}

void SessionRollups::rebuild(int64 high) {
  take_changes();
  make_anew(high);
}

void SessionRollups::note_state() {
  query_.write(update_state, pg::Parameters().add(BoolGetDatum(kept_.made)).add(BoolGetDatum(kept_.strangers)));
}

void SessionRollups::make_anew(int64 high) {
  for (pg::Statement* statement : {&remove_totals, &remove_buckets, &remove_deltas}) query_.write(*statement, pg::Parameters());
  stored_.renew();
  kept_ = {true, false};
  rebuild_platform();
  make_creators(high, nullptr);
}

// In both, sessions of which is noted what comes later are as they were before.
void SessionRollups::make_platform(const SessionChanges& later) {
  stored_.remove(kPlatform);
  RawSessions sessions(query_);
  store_all(ScopeKind::sessions, sessions, later);
}

void SessionRollups::make_creators(int64 high, const AscendingIds* only, const SessionChanges& later) {
  if (only) stored_.take_down(ScopeKind::creator_sessions, *only, DeltaRows::Taken::away);
  if (only)
    for (const int64 creator : *only) stored_.remove({ScopeKind::creator_sessions, creator});
  query_.sort_in_maintenance_memory();
  RawSessions sessions(query_, high, only);
  store_all(ScopeKind::creator_sessions, sessions, later);
}

void SessionRollups::store_all(ScopeKind scope, RawSessions& sessions, const SessionChanges& later) {
  const bool platform = scope == ScopeKind::sessions;
  pg::Array<core::TimedEvent> entries;
  Key key{scope, 0};
  const auto flush = [&] {
    std::sort(entries.begin(), entries.end());
    if (!entries.empty()) stored_.change_sessions(key, {}, all(entries));
    entries.clear();
  };
  const auto add = [&](int64 creator, int64 session, const SessionState& state) {
    if (creator != key.id || entries.size() == kMaxGroup) flush();
    key.id = creator;
    if (state.exists)
      entries.append(session_entry(platform ? 0 : session, state));
    else if (!platform)
      kept_.strangers = true;
  };
  int64 creator, session;
  SessionState state;
  while (sessions.next(&creator, &session, &state)) {
    const SessionChange* change = later.find(session);
    add(creator, session, change ? change->before : state);
  }
  if (platform)
    for (const SessionChange& change : later.list)
      if (change.before.exists && !change.now.exists) add(0, change.session, change.before);
  flush();
  sessions.close();
}

}  // namespace ea::rollup
