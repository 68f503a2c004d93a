#include "store/epoch.hpp"

#include "pg/index_scan.hpp"
#include "store/tables.hpp"

namespace ea::rollup {

namespace {

constexpr int kDefaultTimeout = 2000;

// The sequence's row is the same for all snapshots, and read without the privileges of nextval().
int64 read_sequence(Oid sequence) {
  Relation relation = relation_open(sequence, AccessShareLock);
  if (relation->rd_rel->relkind != RELKIND_SEQUENCE)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_WRONG_OBJECT_TYPE, "relation %s is not a sequence", pg::full_name(sequence)),
                            "Rename it and run: CALL explore_analytics.install();"));
  // A crash would set it back below the watermark, and events of such epochs count nowhere.
  if (!RelationIsPermanent(relation))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_FEATURE_NOT_SUPPORTED, "sequence %s would be set back by a crash", pg::full_name(sequence)),
                            "Run: ALTER SEQUENCE %s SET LOGGED;", pg::full_name(sequence)));
  Buffer buffer = ReadBuffer(relation, 0);
  LockBuffer(buffer, BUFFER_LOCK_SHARE);
  Page page = BufferGetPage(buffer);
  auto* tuple = (HeapTupleHeader)PageGetItem(page, PageGetItemId(page, FirstOffsetNumber));
  auto* data = (Form_pg_sequence_data)((char*)tuple + tuple->t_hoff);
  const int64 value = data->is_called ? data->last_value : data->last_value - 1;
  UnlockReleaseBuffer(buffer);
  relation_close(relation, AccessShareLock);
  return value;
}

struct {
  LocalTransactionId transaction = InvalidLocalTransactionId;
  Oid sequence = InvalidOid;
  int64 epoch = 0;
} mine;

bool is_mine() { return mine.transaction == pg::local_transaction() && LocalTransactionIdIsValid(mine.transaction); }

}  // namespace

LOCKTAG epoch_lock(Oid sequence, int64 epoch) {
  LOCKTAG tag;
  SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, sequence, (uint32)epoch, kEpochLockClass);
  return tag;
}

int writers_timeout() { return LockTimeout > 0 ? LockTimeout : kDefaultTimeout; }

int64 latest_epoch() { return read_sequence(tables().sequence); }

bool epoch_in_use() { return is_mine(); }

int64 current_epoch() {
  if (is_mine()) return mine.epoch;
  const Oid sequence = epoch_sequence();
  ResourceOwner outside = CurrentResourceOwner;
  for (;;) {
    CHECK_FOR_INTERRUPTS();
    const int64 epoch = read_sequence(sequence);
    const LOCKTAG tag = epoch_lock(sequence, epoch);
    // The lock must outlive a savepoint that is rolled back.
    CurrentResourceOwner = TopTransactionResourceOwner;
    const LockAcquireResult got = LockAcquire(&tag, ShareLock, false, true);
    CurrentResourceOwner = outside;
    // Refused only by a refresh of version 0.1.0, which has started a new epoch before it asked.
    if (got == LOCKACQUIRE_NOT_AVAIL) continue;
    // Look again: between reading and locking the epoch may have ended.
    if (read_sequence(sequence) == epoch) {
      mine.transaction = pg::local_transaction();
      mine.sequence = sequence;
      mine.epoch = epoch;
      return epoch;
    }
    CurrentResourceOwner = TopTransactionResourceOwner;
    LockRelease(&tag, ShareLock, false);
    CurrentResourceOwner = outside;
  }
}

void release_epoch() {
  if (!is_mine()) return;
  const LOCKTAG tag = epoch_lock(mine.sequence, mine.epoch);
  ResourceOwner outside = CurrentResourceOwner;
  CurrentResourceOwner = TopTransactionResourceOwner;
  LockRelease(&tag, ShareLock, false);
  CurrentResourceOwner = outside;
  mine.transaction = InvalidLocalTransactionId;
}

void no_state() {
  pg::raise(pg::with_hint(pg::failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "explore_analytics.rollup_state has lost its row"),
                          "Run: CALL explore_analytics.install(); it empties the rollups, and the next refresh fills them again."));
}

RollupVersion rollup_version(Snapshot snapshot) {
  RollupVersion version{};
  pg::IndexScan scan;
  scan.open(tables().state, snapshot);
  scan.start();
  if (!scan.next()) no_state();
  bool copied;
  const HeapTuple row = ExecFetchSlotHeapTuple(scan.row(), false, &copied);
  version = {tables().state.oid, scan.tid(), HeapTupleHeaderGetRawXmin(row->t_data), scan.int64_at(state::low)};
  if (copied) heap_freetuple(row);
  scan.close();
  return version;
}

int64 watermark(Snapshot snapshot) {
  pg::IndexScan scan;
  scan.open(tables().state, snapshot);
  scan.start();
  // Without the row nobody knows how far the rollups reach: any answer could count events twice.
  if (!scan.next()) no_state();
  const int64 low = scan.int64_at(state::low);
  scan.close();
  return low;
}

}  // namespace ea::rollup
