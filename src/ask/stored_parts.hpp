// What rollups hold of a key as its contents are now, up to the snapshot's watermark: its own, and of a creator also those of
// contents that have come since the last refresh, without those that have gone.
#pragma once

#include "ask/departures.hpp"
#include "ask/reader.hpp"
#include "pg/home.hpp"
#include "store/contents.hpp"
#include "store/span.hpp"

namespace ea::rollup {

class StoredParts {
 public:
  // Asked for about so many ranges within `whole`.
  StoredParts(const pg::Home& home, Snapshot snapshot, Reader& reader, const Key& key, const core::Span& whole, int64 ranges = 1);

  void add_to(Sink& sink, const core::Span& range);
  // The first and the last event, of all time; false when there is none.
  bool extent(TimestampTz* first, TimestampTz* last);
  void close();

  // By UTC day: the keys whose days count, but for those days of the first to which something else applies.
  struct OtherDay {
    int64 day;
    Datum summary;    // 0: nothing is left of it
  };
  const pg::Array<OtherDay>& other_days() const { return other_days_; }
  const pg::Array<Key>& keys() const { return keys_; }
  void find_other_days();

 private:
  Departures* departures_of(const CreatorMoves& moves, int64 ranges);
  Departures::Found find_departures(const AscendingIds& gone, int64 ranges, Departures& departures);
  bool few_contents(int64 events, int64 ranges);
  void answer_from_contents();

  const pg::Home& home_;
  Snapshot snapshot_;
  Reader& reader_;
  Key key_;
  core::Span whole_;
  pg::Array<Key> keys_;                   // whose rollups make the answer
  Departures* departures_ = nullptr;      // from the key's own, the first
  pg::Array<OtherDay> other_days_;
};

}  // namespace ea::rollup
