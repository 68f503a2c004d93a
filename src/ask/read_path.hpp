// The one read path: every number comes from a summary that is made here, from rollups up to the
// watermark and raw rows above it, in the snapshot of the caller, who has been through the door.
#pragma once

#include "ask/reader.hpp"
#include "ask/stored_parts.hpp"
#include "pg/statement.hpp"
#include "store/contents.hpp"
#include "store/span.hpp"
#include "store/tail.hpp"

namespace ea::rollup {

// One video, creator or the platform, asked for about so many ranges: the tail is read once, for all
// ranges within `whole`.
class Question {
 public:
  Question(const pg::Home& home, const Key& key, const core::Span& whole, int64 ranges = 1);
  void add_to(Sink& sink, const core::Span& range);
  // The first and the last event, of all time; false when there is none.
  bool extent(pg::Range* extent);
  void close();

 private:
  void add_raw(Sink& sink, const core::Span& range);

  const pg::Home& home_;
  Key key_;
  Snapshot snapshot_;
  int64 low_;
  Reader reader_;
  bool known_ = true;           // the content exists
  StoredParts* parts_ = nullptr;
  AscendingIds contents_;
  Tail tail_;
  bool by_time_ = false;        // the tail is: for many ranges, each of which would pass all of it
};

// One summary, flat. An unknown id: the empty one.
Datum summary(const pg::Home& home, const Key& key, const pg::Range& range);
// Its numbers alone, which may leave the set of viewers unopened.
core::Header header(const pg::Home& home, const Key& key, const pg::Range& range);

}  // namespace ea::rollup
