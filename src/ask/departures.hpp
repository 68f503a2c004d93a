// Contents that a creator has lost since the last refresh, while the creator's rollups still hold their events: what these
// hold without them. Each of these events is looked up; and of their viewers, whether another view stays: in the creator's
// deltas, then in the sets of buckets, where most are found in a few large ones. These grow with what the creator has.
#pragma once

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
    AscendingIds ids;
    bool* stay;
    int64 unknown;      // for how many of them none was found yet
    int64* seen;        // in which look a viewer was met last
    int64 look = 0;

    explicit Viewers(core::TimedEvents leaving);
    int64 place_of(int64 id) const;    // -1: none of them
    void stays(int64 place);
  };

  bool take_from(Reader& reader, const core::Span& range, core::TimedEvents leaving, Sink& sink);
  bool find_edge(const core::Span& range, bool last, TimestampTz* at);
  core::TimedEvents left_in_deltas(const core::Span& range);
  bool all_held();
  bool held_below(const core::Bucket& bucket, core::TimedEvents leaving);
  static bool held_in_log(Datum log, core::TimedEvents leaving);
  AscendingIds find_lost(const core::Span& range, core::TimedEvents leaving);
  void look_in_tree(const core::Span& range, Viewers& viewers);
  void look_below(const core::Bucket& bucket, const core::Span& range, Viewers& viewers, pg::Array<core::Bucket>* cut);
  void look_in_log(Datum log, const core::Span& range, Viewers& viewers);
  void look_in_summary(Datum summary, const pg::Array<int64>& asked, Viewers& viewers);
  bool edge_of_log(Datum log, const core::Span& range, bool last, TimestampTz* at) const;
  bool edge_below(const core::Bucket& bucket, const core::Span& range, bool last, TimestampTz* at);

  Key key_;
  StoredEvents stored_;
  pg::IndexScan totals_, buckets_;
  // In order; those in buckets and those in deltas are all.
  pg::Array<core::TimedEvent> leaving_, in_buckets_, in_deltas_;
  bool has_deltas_ = false;
  MemoryContext context_;    // of one question
};

}  // namespace ea::rollup
