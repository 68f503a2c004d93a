// Epochs: which rows may still be on their way. Every event carries the epoch that was current when its
// transaction first wrote one; the transaction holds a shared lock on that epoch until it ends. Refresh
// starts a new epoch, waits for the locks of the old ones (keep/end_epoch.hpp), and then knows that no
// further row of theirs can appear.
#pragma once

#include "pg/home.hpp"

namespace ea::rollup {

// SQL's own advisory functions use 1 and 2 in this place.
inline constexpr uint16 kEpochLockClass = 0xEA;
LOCKTAG epoch_lock(Oid sequence, int64 epoch);

// The epoch for rows of this transaction; takes the lock the first time. Never blocks.
int64 current_epoch();
// Whether this transaction holds an epoch.
bool epoch_in_use();
// Lets go of it, for a caller who has taken it and written nothing since.
void release_epoch();

// Milliseconds to wait for writers: lock_timeout, or 2 s where that is off.
int writers_timeout();

// The epoch that new transactions take, without taking it.
int64 latest_epoch();

// All rows up to this epoch are in the rollups, as the snapshot sees it.
int64 watermark(Snapshot snapshot);

// Which events the rollups hold, as the snapshot sees it: whoever brings some in or takes some out puts a new row in the place
// of the watermark's, in the same transaction. A compaction does not, since it only moves them.
struct RollupVersion {
  Oid table;
  ItemPointerData row;
  TransactionId made_by;
  int64 low;

  bool operator==(const RollupVersion& other) const {
    return table == other.table && ItemPointerEquals(const_cast<ItemPointer>(&row), const_cast<ItemPointer>(&other.row)) &&
           made_by == other.made_by && low == other.low;
  }
};
RollupVersion rollup_version(Snapshot snapshot);
[[noreturn]] void no_state();

}  // namespace ea::rollup
