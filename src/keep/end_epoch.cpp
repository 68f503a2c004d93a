#include "keep/end_epoch.hpp"

#include "store/epoch.hpp"
#include "store/tables.hpp"

namespace ea::rollup {

int64 end_epoch() {
  const Oid sequence = tables().sequence;
  const int64 ended = latest_epoch();
  nextval_internal(sequence, false);
  return ended;
}

bool wait_for_epochs(int64 low, int64 high, int timeout_ms, int64* waited_ms) {
  const Oid sequence = tables().sequence;
  const TimestampTz start = GetCurrentTimestamp();
  long pause_us = 200;
  for (int64 epoch = low + 1; epoch <= high;) {
    CHECK_FOR_INTERRUPTS();
    const LOCKTAG tag = epoch_lock(sequence, epoch);
    const bool free = LockAcquire(&tag, ExclusiveLock, false, true) != LOCKACQUIRE_NOT_AVAIL;
    *waited_ms = (GetCurrentTimestamp() - start) / 1000;
    if (free) {
      // Nobody can take an ended epoch any more: the lock has done its work.
      LockRelease(&tag, ExclusiveLock, false);
      epoch++;
      continue;
    }
    if (*waited_ms >= timeout_ms) return false;
    pg_usleep(pause_us);
    if (pause_us < 10000) pause_us += pause_us / 2;
  }
  return true;
}

bool become_runner() {
  LOCKTAG tag;
  SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, tables().sequence, 0, kEpochLockClass + 1);
  const LockAcquireResult got = LockAcquire(&tag, ExclusiveLock, true, true);
  // A session that was interrupted still holds it, once.
  if (got == LOCKACQUIRE_ALREADY_HELD) LockRelease(&tag, ExclusiveLock, true);
  return got != LOCKACQUIRE_NOT_AVAIL;
}

}  // namespace ea::rollup
