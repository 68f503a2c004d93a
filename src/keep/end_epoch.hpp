// Ending epochs (store/epoch.hpp), and the one session that does so for ever.
#pragma once

#include "pg/postgres.hpp"

namespace ea::rollup {

// Starts a new epoch and returns the one that has ended.
int64 end_epoch();

// Waits until nobody may add rows of epochs (low, high] any more, which have ended; false when `timeout_ms` have
// passed. explore_analytics.epoch_holders tells who is in the way.
//
// It is enough to look once at who holds one of them, and to wait until those transactions have ended, however many
// epochs lie between. A writer takes the lock of the epoch that it has read, then reads it again, and lets go and starts
// over if it is another one by then; the new epoch was there before we looked. So whoever took such a lock before we
// looked is seen, and whoever takes one afterwards lets go of it.
bool wait_for_epochs(int64 low, int64 high, int timeout_ms, int64* waited_ms);

// The one session that refreshes for ever, through all of its transactions. Its lock is the session's and must be given
// back by hand: behind a pooler the session goes on long after whoever called has gone.
class Runner {
 public:
  bool begin();    // false when there is another one
  void end();
  bool is_of_this_install() const;    // its lock is named by a table that install() makes

 private:
  LOCKTAG lock_;
};

}  // namespace ea::rollup
