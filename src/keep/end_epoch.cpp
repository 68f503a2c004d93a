#include "keep/end_epoch.hpp"

#include "pg/array.hpp"
#include "store/epoch.hpp"
#include "store/tables.hpp"

namespace ea::rollup {

namespace {

// A lock's tag has the lower half of an epoch's bits. Where more epochs lie between than these can tell apart, it may
// belong to any of them.
bool is_between(uint32 tag, int64 low, int64 high) { return tag - (uint32)(low + 1) < (uint64)(high - low); }

// The transactions other than this one that hold an epoch of (low, high]; prepared ones too.
pg::Array<VirtualTransactionId> holders(int64 low, int64 high) {
  const LOCKTAG ours = epoch_lock(tables().sequence, 0);
  pg::Array<VirtualTransactionId> result;
  LockData* all = GetLockStatusData();
  for (int i = 0; i < all->nelements; i++) {
    const LockInstanceData& lock = all->locks[i];
    const LOCKTAG& tag = lock.locktag;
    if (tag.locktag_type != ours.locktag_type || tag.locktag_field4 != ours.locktag_field4) continue;
    if (tag.locktag_field1 != ours.locktag_field1 || tag.locktag_field2 != ours.locktag_field2) continue;
    if (lock.holdMask == 0 || lock.pid == MyProcPid || !is_between(tag.locktag_field3, low, high)) continue;
    // One without a transaction has ended, and only its locks are still there.
    const VirtualTransactionId holder = pg::transaction_of(lock);
    if (VirtualTransactionIdIsValid(holder)) result.append(holder);
  }
  pfree(all->locks);
  pfree(all);
  return result;
}

}  // namespace

int64 end_epoch() {
  const Oid sequence = tables().sequence;
  const int64 ended = latest_epoch();
  nextval_internal(sequence, false);
  return ended;
}

bool wait_for_epochs(int64 low, int64 high, int timeout_ms, int64* waited_ms) {
  const TimestampTz start = GetCurrentTimestamp();
  long pause_us = 200;
  for (const VirtualTransactionId& holder : holders(low, high)) {
    while (!VirtualXactLock(holder, false)) {
      CHECK_FOR_INTERRUPTS();
      *waited_ms = (GetCurrentTimestamp() - start) / 1000;
      if (*waited_ms >= timeout_ms) return false;
      pg_usleep(pause_us);
      if (pause_us < 10000) pause_us += pause_us / 2;
    }
  }
  *waited_ms = (GetCurrentTimestamp() - start) / 1000;
  return true;
}

bool Runner::begin() {
  SET_LOCKTAG_ADVISORY(lock_, MyDatabaseId, tables().sequence, 0, kEpochLockClass + 1);
  const LockAcquireResult got = LockAcquire(&lock_, ExclusiveLock, true, true);
  // Somebody called it from a procedure that it had called: the outer one goes on.
  if (got == LOCKACQUIRE_ALREADY_HELD) end();
  return got == LOCKACQUIRE_OK;
}

bool Runner::is_of_this_install() const { return lock_.locktag_field2 == tables().sequence; }

void Runner::end() { LockRelease(&lock_, ExclusiveLock, true); }

}  // namespace ea::rollup
