#include "pg/older_snapshots.hpp"

namespace ea::pg {

namespace {

constexpr int kNotVacuum = PROC_IS_AUTOVACUUM | PROC_IN_VACUUM;
constexpr int64 kSlice = 1000;     // milliseconds after which to look whether it has a newer snapshot

VirtualTransactionId* with_snapshot_upto(TransactionId limit, int* count) {
  return GetCurrentVirtualXIDs(limit, true, false, kNotVacuum, count);
}

bool reported_upto(TransactionId xmin, TransactionId limit) {
  return TransactionIdIsValid(xmin) && TransactionIdPrecedesOrEquals(xmin, limit);
}

// Standbys with hot_standby_feedback: through their slot, or through their sender.
bool standby_upto(TransactionId limit) {
  TransactionId slots, catalog;
  ProcArrayGetReplicationSlotXmin(&slots, &catalog);
  if (reported_upto(slots, limit)) return true;
  for (int i = 0; i < max_wal_senders; i++) {
    WalSnd* sender = &WalSndCtl->walsnds[i];
    SpinLockAcquire(&sender->mutex);
    const int pid = sender->pid;
    SpinLockRelease(&sender->mutex);
    const PGPROC* process = pid ? BackendPidGetProc(pid) : nullptr;
    if (process && !OidIsValid(process->databaseId) && reported_upto(process->xmin, limit)) return true;
  }
  return false;
}

}  // namespace

bool wait_for_end(const VirtualTransactionId& transaction, int64 timeout_ms) {
  MemoryContext context = CurrentMemoryContext;
  ResourceOwner owner = CurrentResourceOwner;
  char milliseconds[32];
  snprintf(milliseconds, sizeof milliseconds, "%d", (int)timeout_ms);
  volatile bool ended = true;
  BeginInternalSubTransaction(nullptr);
  PG_TRY();
  {
    set_config_option("lock_timeout", milliseconds, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_LOCAL, true, 0, false);
    VirtualXactLock(transaction, true);
    RollbackAndReleaseCurrentSubTransaction();     // and the setting with it
    MemoryContextSwitchTo(context);
    CurrentResourceOwner = owner;
  }
  PG_CATCH();
  {
    MemoryContextSwitchTo(context);
    ErrorData* error = CopyErrorData();
    FlushErrorState();
    RollbackAndReleaseCurrentSubTransaction();
    MemoryContextSwitchTo(context);
    CurrentResourceOwner = owner;
    if (error->sqlerrcode != ERRCODE_LOCK_NOT_AVAILABLE) ReThrowError(error);
    FreeErrorData(error);
    ended = false;
  }
  PG_END_TRY();
  return ended;
}

OlderSnapshots::OlderSnapshots() {
  limit_ = XidFromFullTransactionId(ReadNextFullTransactionId());
  TransactionIdRetreat(limit_);
  list_ = with_snapshot_upto(limit_, &count_);
}

// A snapshot with a low xmin that was taken later belongs to another transaction, and is new.
bool OlderSnapshots::find_one() {
  int now;
  VirtualTransactionId* still = with_snapshot_upto(limit_, &now);
  for (int i = 0; i < count_; i++)
    for (int j = 0; j < now; j++)
      if (VirtualTransactionIdEquals(list_[i], still[j])) {
        const PGPROC* process = process_of(still[j]);
        found_ = still[j];
        pid_ = process ? process->pid : 0;
        pfree(still);
        return true;
      }
  pfree(still);
  SetInvalidVirtualTransactionId(found_);
  pid_ = 0;
  return standby_upto(limit_);
}

bool OlderSnapshots::wait(int64 timeout_ms) {
  const TimestampTz start = GetCurrentTimestamp();
  while (find_one()) {
    CHECK_FOR_INTERRUPTS();
    // Two that wait like this must not wait for each other.
    InvalidateCatalogSnapshot();
    const int64 left = timeout_ms - (GetCurrentTimestamp() - start) / 1000;
    if (left <= 0) return false;
    if (VirtualTransactionIdIsValid(found_))
      wait_for_end(found_, Min(left, kSlice));
    else
      pg_usleep(20000);
  }
  return true;
}

void OlderSnapshots::describe(char* words, Size size) const {
  if (pid_ != 0)
    snprintf(words, size, "Process %d still reads with a snapshot from before.", pid_);
  else
    strlcpy(words, "A standby or a replication slot still holds rows from before.", size);
}

}  // namespace ea::pg
