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

// The epoch that new transactions take, without taking it.
int64 latest_epoch();

// All rows up to this epoch are in the rollups, as the snapshot sees it.
int64 watermark(Snapshot snapshot);
[[noreturn]] void no_state();

}  // namespace ea::rollup
