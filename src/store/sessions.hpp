// Sessions in the rollups: those of the platform, and those of each creator, which have an event on a content of theirs. They
// are kept in the tables and trees of events, an event for each session: a view at its start, completed when it has ended, its
// watch time how long it was, in microseconds; in a creator's tree each is there once, and the viewer is the
// session (session_key). Deltas also take
// out what was there: by the same event, as a skip.
//   rollup_state.sessions_made   whether they are there at all; else only the raw rows can tell
//   session_changes              what became of sessions since the last refresh, from which all answers go on
#pragma once

#include "access/raw_tables.hpp"
#include "core/bytes/codec.hpp"
#include "core/tree/timed_event.hpp"
#include "pg/array.hpp"
#include "pg/index_scan.hpp"
#include "store/tables.hpp"

namespace ea::rollup {

// Sums of those below fit into a summary. How long others were is asked of their rows (EA_LONG_SESSION).
inline constexpr int64 kLongSession = (int64)1000000 * 1000000;
#define EA_LONG_SESSION "s.session_end - s.session_start >= interval '1000000 seconds'"

struct SessionState {
  bool exists = false;
  bool ended = false;
  TimestampTz start = 0, end = 0;

  static SessionState of(TimestampTz start, bool ended, TimestampTz end) { return {true, ended, start, ended ? end : 0}; }
  bool operator==(const SessionState&) const = default;
};

// What stands for a session among viewers, as for one without a user (EA_VIEWER_KEY), and the other way round.
inline int64 session_key(int64 id_or_key) { return -id_or_key; }

core::TimedEvent session_entry(int64 session, const SessionState& state);    // session 0: of the platform
core::TimedEvent taken_out(core::TimedEvent entry);
inline bool takes_out(const core::TimedEvent& e) { return e.event.type == core::Engagement::skip; }

// The tables of an older layout have neither.
struct SessionsKept {
  bool made = false;
  bool strangers = false;     // events may name sessions that had no row at their refresh
};
SessionsKept sessions_kept(Snapshot snapshot);

// How each session was at the last refresh, and how it is now.
struct SessionChange {
  int64 session;
  SessionState before, now;
};

struct SessionChanges {
  pg::Array<SessionChange> list;    // by session, each once
  bool all = false;                 // any session may have changed

  const SessionChange* find(int64 session) const;
};
// Those that the snapshot sees; `all` beyond the limit too. `rows`: where they stand, for who holds a lock that keeps
// them there, and takes them away.
SessionChanges read_session_changes(Snapshot snapshot, int64 limit, pg::Array<ItemPointerData>* rows = nullptr);
// How much of the table a look at them reads, those included that are gone and not vacuumed.
int64 session_changes_pages();
int64 count_session_changes(Snapshot snapshot, int64 limit);

// How some sessions are: they are given in ascending order, and looked up at once.
class SessionRows {
 public:
  SessionRows(const pg::Home& home, Snapshot snapshot, const pg::Array<int64>& sessions);
  // Of one of them.
  const SessionState& of(int64 session) const;

 private:
  pg::Array<int64> sessions_;
  pg::Array<SessionState> states_;
};

// What happens to sessions of one creator, one step after another: what takes out comes first within a step.
struct SessionStep {
  int64 session;
  int64 step;
  core::TimedEvent entry;

  bool before(const SessionStep& other) const {
    if (session != other.session) return session < other.session;
    if (step != other.step) return step < other.step;
    return takes_out(entry) && !takes_out(other.entry);
  }
};
void append_steps(core::Bytes log, int64 step, pg::Array<SessionStep>* steps);

}  // namespace ea::rollup
