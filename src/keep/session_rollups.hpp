// Writing what rollups hold of sessions (store/sessions.hpp).
#pragma once

#include "keep/creator_changes.hpp"
#include "keep/fresh_events.hpp"
#include "keep/stored_buckets.hpp"
#include "pg/statement.hpp"
#include "store/raw_sessions.hpp"

namespace ea::rollup {

struct TouchingSession {
  Touch touch;
  SessionState state;
};

// For a caller who holds the watermark's row lock, in the active snapshot.
class SessionRollups {
 public:
  SessionRollups(pg::Query& query, StoredBuckets& stored);

  // What is noted of sessions, and the sessions of new events. `low`: events up to it have been brought in before.
  // Creators whose contents have moved lose and get the sessions of these; those that were made anew are made of the raw
  // rows up to `high`.
  void refresh(FreshEvents& fresh, int64 low, int64 high, const CreatorChanges& changed);
  // What is noted alone, of an erasure. `at_once`: into buckets, so that what goes leaves no trace beside them.
  void bring_in(int64 low, bool at_once);
  // Of an erasure, too: sessions with a row, as they are now, and later those of them that touch a creator no more.
  pg::Array<TouchingSession> sessions_of(const pg::Array<Touch>& touches);
  pg::Array<TouchingSession> sessions_of(const pg::Query& query, uint64 rows);    // of creators and sessions
  void take_out(const pg::Array<TouchingSession>& touching, int64 low);
  // The platform, creators, or all, from the raw rows.
  void rebuild_platform() { make_platform({}); }
  void rebuild_creators(int64 high, const AscendingIds& only) { make_creators(high, &only); }
  void rebuild(int64 high);
  // Writes down whether they are there; for where the watermark stays.
  void note_state();
  // Deltas of a key into its buckets, or into one delta.
  void compact(const Key& key, bool into_buckets, int64 low);

  const SessionsKept& state() const { return kept_; }
  bool has_mended() const { return mended_; }     // a key that was not what it should be

 private:
  struct Step {
    int64 creator;
    SessionStep step;
  };

  SessionChanges take_changes();
  void make_anew(int64 high);
  void change_platform(const SessionChanges& changes);
  void add_changes(const SessionChanges& changes, int64 low, const AscendingIds& without, pg::Array<Step>* steps);
  struct MovedTouch {
    int64 creator, session;
    bool comes;
  };
  bool find_moved(const CreatorChanges& changed, int64 low, const AscendingIds& anew, pg::Array<MovedTouch>* moved);
  void add_moved(const pg::Array<MovedTouch>& moved, const SessionChanges& changes, int64 low, pg::Array<Step>* steps);
  void store_with_touches(pg::Array<Step>& steps, FreshTouches&& touches);
  void make_creators(int64 high, const AscendingIds* only, const SessionChanges& later = {});
  void make_platform(const SessionChanges& later);
  void store_all(ScopeKind scope, RawSessions& sessions, const SessionChanges& later);
  void store_by_creator(pg::Array<Step>& steps);
  void store(const Key& key, pg::Array<SessionStep>& steps);
  void merge_or_mend(const Key& key, pg::Array<SessionStep>& steps);
  void mend(const Key& key);

  pg::Query& query_;
  StoredBuckets& stored_;
  Snapshot snapshot_;
  SessionsKept kept_;
  int64 upto_ = 0;              // events that the rollups hold when this is done
  bool mended_ = false;
  bool at_once_ = false;        // into buckets, however few
  bool in_refresh_ = false;     // whose epoch has no deltas yet
};

// Where they hold any, up to the watermark. In a snapshot of its own, so that it sees what was done before.
template <class Work>
void with_sessions(pg::Query& query, int64 low, Work&& work) {
  if (!OidIsValid(tables().session_changes.oid)) return;
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

}  // namespace ea::rollup
