#include "store/sessions.hpp"

#include <algorithm>
#include <tuple>

#include "core/tree/event_log.hpp"
#include "pg/ascending.hpp"

namespace ea::rollup {

core::TimedEvent session_entry(int64 session, const SessionState& state) {
  core::TimedEvent e{};
  e.at = state.start;
  e.event.type = core::Engagement::view;
  e.event.has_viewer = session != 0;
  e.event.viewer = session_key(session);
  const int64 length = (int64)((uint64)state.end - (uint64)state.start);
  e.event.completed = state.ended && length >= 0 && length < kLongSession;
  e.event.watch_time_ms = e.event.completed ? length : 0;
  return e;
}

core::TimedEvent taken_out(core::TimedEvent entry) {
  entry.event.type = core::Engagement::skip;
  return entry;
}

SessionsKept sessions_kept(Snapshot snapshot) {
  SessionsKept kept;
  const Tables& t = tables();
  if (!OidIsValid(t.session_state.oid)) return kept;
  pg::IndexScan scan;
  scan.open(t.session_state, snapshot);
  scan.start();
  if (scan.next()) {
    bool null;
    kept.made = DatumGetBool(scan.value(session_state::made, &null));
    kept.strangers = DatumGetBool(scan.value(session_state::strangers, &null));
  }
  scan.close();
  return kept;
}

namespace {

struct Note {
  int64 session;
  SessionState state;
  int sign;
};

SessionState state_at(const pg::IndexScan& scan, int start_column, int end_column) {
  bool missing, open;
  const Datum start = scan.value(start_column, &missing), end = scan.value(end_column, &open);
  return missing ? SessionState{} : SessionState::of(DatumGetTimestampTz(start), !open, open ? 0 : DatumGetTimestampTz(end));
}

bool less(const Note& a, const Note& b) {
  const auto key = [](const Note& n) { return std::tuple(n.session, n.state.start, n.state.ended, n.state.end, n.sign); };
  return key(a) < key(b);
}

// What one change has made another has changed: of all that is noted of a session, the first state and the last are left.
void settle(pg::Array<Note>& notes, SessionChanges* changes) {
  std::sort(notes.begin(), notes.end(), less);
  for (int64 i = 0; i < notes.size();) {
    SessionChange change{notes[i].session, {}, {}};
    int befores = 0, nows = 0;
    while (i < notes.size() && notes[i].session == change.session) {
      const Note& note = notes[i];
      int sum = 0;
      for (; i < notes.size() && notes[i].session == note.session && notes[i].state == note.state; i++) sum += notes[i].sign;
      if (sum < 0) change.before = note.state;
      if (sum > 0) change.now = note.state;
      befores += sum < 0 ? -sum : 0;
      nows += sum > 0 ? sum : 0;
    }
    changes->all = changes->all || befores > 1 || nows > 1;
    if (befores + nows > 0) changes->list.append(change);
  }
}

}  // namespace

const SessionChange* SessionChanges::find(int64 session) const {
  const SessionChange* place = std::lower_bound(list.begin(), list.end(), session, [](const SessionChange& c, int64 id) { return c.session < id; });
  return place != list.end() && place->session == session ? place : nullptr;
}

SessionChanges read_session_changes(Snapshot snapshot, int64 limit, pg::Array<ItemPointerData>* rows) {
  SessionChanges changes;
  pg::Array<Note> notes;
  pg::IndexScan scan;
  scan.open(tables().session_changes, snapshot);
  scan.start();
  for (int64 seen = 0; scan.next(); seen++) {
    if ((seen & 0x3FF) == 0) CHECK_FOR_INTERRUPTS();
    const int64 session = scan.int64_at(session_changes::session_id);
    const SessionState before = state_at(scan, session_changes::old_start, session_changes::old_end);
    const SessionState now = state_at(scan, session_changes::new_start, session_changes::new_end);
    if (rows) rows->append(scan.tid());
    changes.all = changes.all || session == 0 || seen == limit;
    if (changes.all) {
      if (rows) continue;
      break;
    }
    if (before.exists) notes.append({session, before, -1});
    if (now.exists) notes.append({session, now, 1});
  }
  scan.close();
  if (!changes.all) settle(notes, &changes);
  notes.release();
  return changes;
}

int64 session_changes_pages() {
  const Relation table = table_open(tables().session_changes.oid, AccessShareLock);
  const int64 pages = RelationGetNumberOfBlocks(table);
  table_close(table, AccessShareLock);
  return pages;
}

int64 count_session_changes(Snapshot snapshot, int64 limit) {
  if (!OidIsValid(tables().session_changes.oid)) return 0;
  int64 count = 0;
  pg::IndexScan scan;
  scan.open(tables().session_changes, snapshot);
  scan.start();
  while (count < limit && scan.next()) count++;
  scan.close();
  return count;
}

SessionRows::SessionRows(const pg::Home& home, Snapshot snapshot, const pg::Array<int64>& sessions) : sessions_(sessions) {
  for (int64 i = 0; i < sessions.size(); i++) states_.append({});
  if (sessions.empty()) return;
  pg::IndexScan scan;
  scan.open_by(access::sessions_table(home), access::sessions::id, snapshot);
  const auto read = [&](SessionState& state) {
    bool open;
    const Datum end = scan.value(access::sessions::session_end, &open);
    state = SessionState::of(scan.int64_at(access::sessions::session_start), !open, open ? 0 : DatumGetTimestampTz(end));
  };
  if (scan.index()) {
    pg::AscendingEntries entries(scan);
    for (int64 i = 0; i < sessions.size(); i++) {
      CHECK_FOR_INTERRUPTS();
      if (entries.find(sessions[i])) read(states_[i]);
    }
  } else {
    scan.start();
    while (scan.next()) {
      CHECK_FOR_INTERRUPTS();
      const int64 id = scan.int64_at(access::sessions::id);
      const int64* place = std::lower_bound(sessions_.begin(), sessions_.end(), id);
      if (place != sessions_.end() && *place == id) read(states_[place - sessions_.begin()]);
    }
  }
  scan.close();
}

const SessionState& SessionRows::of(int64 session) const {
  const int64* place = std::lower_bound(sessions_.begin(), sessions_.end(), session);
  Assert(place != sessions_.end() && *place == session);
  return states_[place - sessions_.begin()];
}

void append_steps(core::Bytes log, int64 step, pg::Array<SessionStep>* steps) {
  core::EventLogReader reader(log);
  for (core::TimedEvent e; reader.next(&e);) steps->append({session_key(e.event.viewer), step, e});
}

}  // namespace ea::rollup
