// Contents that a creator has lost since the last refresh, while the creator's rollups still hold their events: what these
// hold without them. What it costs depends on these events, and not on how many others there are.
#pragma once

#include "ask/reader.hpp"
#include "pg/array.hpp"
#include "store/contents.hpp"
#include "store/stored_events.hpp"

namespace ea::rollup {

class Departures {
 public:
  Departures(Snapshot snapshot, const Key& creator);

  // The contents' events in a range, within which all that follows is asked. False when there are more than `most`.
  bool find(const AscendingIds& contents, const core::Span& whole, int64 most);
  // Adds what is left of the creator's events in a range. False, and nothing is added, when the creator's rollups do not
  // hold all that is to leave them.
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

  core::TimedEvents left_in_deltas(const core::Span& range);
  bool find_lost(const core::Span& range, core::TimedEvents leaving, AscendingIds* lost);
  bool look_in_tree(const core::Span& range, Viewers& viewers);
  bool look_below(const core::Bucket& bucket, const core::Span& range, Viewers& viewers, pg::Array<core::Bucket>* cut);
  bool look_in_log(Datum log, const core::Span& range, Viewers& viewers);
  void look_in_summary(Datum summary, const pg::Array<int64>& asked, Viewers& viewers);
  bool edge_of_log(Datum log, const core::Span& range, bool last, TimestampTz* at) const;
  bool edge_below(const core::Bucket& bucket, const core::Span& range, bool last, TimestampTz* at);

  Key key_;
  StoredEvents stored_;
  pg::IndexScan totals_, buckets_;
  // In order; those in buckets and those in deltas are all.
  pg::Array<core::TimedEvent> leaving_, in_buckets_, in_deltas_;
  bool has_deltas_ = false;
};

}  // namespace ea::rollup
