// Contents that a creator has lost since the last refresh, while the creator's rollups still hold their events: what these
// hold without them. Each of these events is looked up; and of their viewers, whether another view stays: in the creator's
// deltas, then in the sets of buckets, where most are found in a few large ones. These grow with what the creator has. What
// was found out of few events is kept for the next question (departure_facts).
#pragma once

#include "ask/departure_facts.hpp"
#include "ask/reader.hpp"
#include "pg/array.hpp"
#include "store/contents.hpp"
#include "store/stored_events.hpp"

namespace ea::rollup {

class Departures {
 public:
  Departures(Snapshot snapshot, const Key& creator);

  enum class Found { all, too_many, not_held };
  // The contents' events in a range, within which all that follows is asked; none where there are more than `most`, or where
  // the creator's rollups do not hold them all, as after a move that nothing has noted.
  Found find(const AscendingIds& contents, const core::Span& whole, int64 most);
  // The same of all time, where an earlier question has found them; or, if it does, for later ones.
  bool recall(const CreatorMoves& moves);
  Found find_to_keep(const AscendingIds& contents);
  int64 count(const core::Span& range) const;
  // Adds what is left of the creator's events in a range. False, and nothing is added, when summaries do not hold what their
  // logs do.
  bool read(Reader& reader, const core::Span& range, Sink& sink);
  // When the first or the last of the events is that are left in a range; false when none is.
  bool edge(const core::Span& range, bool last, TimestampTz* at);
  // The days of events that leave, ascending, from 2000-01-01 on.
  AscendingIds days() const;
  void close();

 private:
  // Of whom a view leaves, and whether another one stays.
  struct Viewers {
    enum class State : char { unknown, stays, lost };
    AscendingIds ids;
    State* state;
    core::Span* other;  // of who stays: in this span there is another view, if it is not empty
    int64 unknown;      // of how many of them nothing was found yet
    int64* seen;        // in which look a viewer was met last
    int64 look = 0;

    explicit Viewers(core::TimedEvents leaving);
    int64 place_of(int64 id) const;    // -1: none of them
    void settle(int64 place, State known, const core::Span& where = {0, 0});
    void stays_by(const core::TimedEvent& e);
  };

  bool take_from(Reader& reader, const core::Span& range, core::TimedEvents leaving, Sink& sink);
  bool find_edge(const core::Span& range, bool last, TimestampTz* at);
  core::TimedEvents left_in_deltas(const core::Span& range);
  void open();
  void split();
  bool all_held();
  bool held_in_buckets(core::TimedEvents leaving);
  static bool held_in_log(Datum log, core::TimedEvents leaving);
  AscendingIds find_lost(const core::Span& range, core::TimedEvents leaving);
  void ask_facts(const core::Span& range, core::TimedEvents leaving, Viewers& viewers) const;
  void note_facts(const core::Span& range, core::TimedEvents leaving, const Viewers& viewers);
  void look_in_tree(const core::Span& range, Viewers& viewers);
  void look_below(const core::Bucket& bucket, const core::Span& range, Viewers& viewers, pg::Array<core::Bucket>* cut);
  void look_in_log(Datum log, const core::Span& range, Viewers& viewers);
  void look_in_summary(Datum summary, const core::Span& span, const pg::Array<int64>& asked, Viewers& viewers);
  bool edge_of_log(Datum log, const core::Span& range, bool last, TimestampTz* at) const;
  bool edge_below(const core::Bucket& bucket, const core::Span& range, bool last, TimestampTz* at);

  Snapshot snapshot_;
  Key key_;
  MemoryContext outside_;    // that was current at the start
  MemoryContext context_;    // of one question
  StoredEvents* stored_ = nullptr;      // with the following, opened when they are needed
  pg::IndexScan totals_, buckets_;
  DepartureFacts facts_;
  FactsOrigin origin_;
  bool keeps_ = false, has_learnt_ = false;    // facts; and some that are new
  // Those in buckets and those in deltas are all.
  bool is_split_ = false, has_deltas_ = false;
  pg::Array<core::TimedEvent> in_buckets_, in_deltas_;
};

}  // namespace ea::rollup
