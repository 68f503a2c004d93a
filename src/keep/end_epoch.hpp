// Ending epochs (store/epoch.hpp), and the one session that does so for ever.
#pragma once

#include "pg/postgres.hpp"

namespace ea::rollup {

// Starts a new epoch and returns the one that has ended.
int64 end_epoch();

// Waits until nobody holds an epoch of (low, high]; false when `timeout_ms` have passed.
// explore_analytics.epoch_holders() tells who is in the way.
bool wait_for_epochs(int64 low, int64 high, int timeout_ms, int64* waited_ms);

// Whether this session may be the one that refreshes for ever: at most one at a time, until it ends.
bool become_runner();

}  // namespace ea::rollup
