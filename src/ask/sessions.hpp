// Sessions of a creator or the platform by when they started: from rollups, what is noted of sessions since the last
// refresh, and the tail; or, where rollups cannot tell, from the raw rows.
#pragma once

#include <span>

#include "ask/departure_facts.hpp"
#include "ask/reader.hpp"
#include "pg/statement.hpp"
#include "store/contents.hpp"
#include "store/sessions.hpp"
#include "store/span.hpp"

namespace ea::rollup {

struct SessionNumbers {
  int64 sessions = 0, ended = 0;
  int64 microseconds = 0;                          // of those that have ended and are not long
  pg::Array<int64> long_ones;                      // how long each of the others was
};

// Asked for any number of ranges within `whole`.
class SessionQuestion {
 public:
  SessionQuestion(const pg::Home& home, pg::Optional<int64> creator, const core::Span& whole);
  bool can_tell() const { return can_tell_; }     // else nothing of the following may be called
  SessionNumbers in(const core::Span& range);
  void close();

 private:
  enum class Kind : uint8 { entry, change, tail };
  // Something that happened to a session, in the order in which the tree would have it.
  struct Event {
    SessionStep step;
    Kind kind;
    pg::Optional<bool> touched;       // of a change, where looking at the range would not tell
    core::TimedEvent before;          // of a change, if there was one
    bool had_before, has_now;
  };
  struct Long {
    int64 session, start, length;
  };

  void read_deltas();
  // Of creators whose contents have moved: the sessions that have touched those by events that are refreshed. False when
  // these are so many that the raw rows tell sooner.
  bool read_moved(const CreatorMoves& moves);
  bool find_moved(const CreatorMoves& moves);
  void read_changes(const core::Span& whole, bool strangers);
  void read_tail_of_creator();
  void read_long_ones(const core::Span& whole);
  void add_unchanged();
  void find_touched(const AscendingIds& unclear, pg::Array<int64>* touched);
  void look_up(pg::Array<int64>& sessions, pg::Array<int64>* touched);
  void follow(const core::Span& range, const core::ViewerSet& stored, SessionNumbers* numbers, pg::Array<int64>* in, pg::Array<int64>* out) const;

  const pg::Home& home_;
  pg::Optional<int64> creator_;
  Key key_;
  Snapshot snapshot_;
  int64 low_;
  Reader reader_;
  bool can_tell_ = true;
  SessionChanges changes_;
  SessionFacts moved_;          // of those that have touched what came or went
  FactsOrigin origin_;
  bool has_learnt_ = false;
  pg::Array<Event> events_;     // by session, then in order
  pg::Array<Long> long_;        // by session
};

struct SessionMetrics {
  double average_seconds;    // of those that have ended
  int64 sessions;
};
// One answer for each of the ranges.
void session_metrics(const pg::Home& home, pg::Optional<int64> creator, std::span<const pg::Range> ranges, SessionMetrics* answers);

}  // namespace ea::rollup
