// Epochs: which rows may still be on their way. Every event carries the epoch that was current when its
// transaction first wrote one; the transaction holds a shared lock on that epoch until it ends. Refresh
// starts a new epoch, waits for the locks of the old ones, and then knows that no further row of theirs
// can appear.
#pragma once

#include "pg/home.hpp"

namespace ea::rollup {

// The epoch for rows of this transaction; takes the lock the first time. Never blocks.
int64 current_epoch();
// Whether this transaction holds an epoch.
bool epoch_in_use();

// The epoch that new transactions take, without taking it.
int64 latest_epoch();
// Starts a new epoch and returns the one that has ended.
int64 end_epoch();

// Waits until nobody holds an epoch of (low, high]; false when `timeout_ms` have passed.
// explore_analytics.epoch_holders() tells who is in the way.
bool wait_for_epochs(int64 low, int64 high, int timeout_ms, int64* waited_ms);

// Whether this session may be the one that refreshes for ever: at most one at a time, until it ends.
bool become_runner();

// All rows up to this epoch are in the rollups, as the snapshot sees it.
int64 watermark(Snapshot snapshot);
[[noreturn]] void no_state();

}  // namespace ea::rollup
