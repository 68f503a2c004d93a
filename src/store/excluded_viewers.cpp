#include "store/excluded_viewers.hpp"

#include "pg/array.hpp"

namespace ea::rollup {

namespace {

namespace column {
inline constexpr int viewer_key = 1, reason = 2, epoch = 3;
}
constexpr pg::Column kExcludedViewers[] = {{"viewer_key", INT8OID}, {"reason", TEXTOID, false}, {"epoch", INT8OID}};

Oid list() { return get_relname_relid("excluded_viewers", get_namespace_oid("explore_analytics", false)); }

}  // namespace

bool has_excluded_viewers(const pg::Home& home) { return OidIsValid(list()) && OidIsValid(get_relname_relid("explore_excluded_engagements", home.schema)); }

bool is_excluded(int64 viewer, Snapshot snapshot) {
  const pg::Table table{list(), kExcludedViewers};
  if (!OidIsValid(table.oid)) return false;
  pg::IndexScan scan;
  scan.open_by(table, column::viewer_key, snapshot);
  scan.equal(scan.key(column::viewer_key), viewer).start();
  const bool any = scan.any();
  scan.close();
  return any;
}

bool ExcludedViewers::open() {
  const pg::Table table{list(), kExcludedViewers};
  if (!OidIsValid(table.oid)) return false;
  // Most databases have nobody in it, and recording is to cost nothing there.
  list_ = table_open(table.oid, AccessShareLock);
  if (RelationGetNumberOfBlocks(list_) == 0) {
    table_close(list_, AccessShareLock);
    return false;
  }
  InitDirtySnapshot(dirty_);
  scan_.open_by(list_, table, column::viewer_key, &dirty_);
  return true;
}

void ExcludedViewers::close() {
  scan_.close();
  table_close(list_, AccessShareLock);
}

bool ExcludedViewers::find(int64 viewer, bool* excluded) {
  bool before = false;
  int64 since = 0;
  pg::Array<int64> changes;    // the epochs of rows that are being written
  changer_ = InvalidTransactionId;
  reason_ = nullptr;
  scan_.equal(scan_.key(column::viewer_key), viewer).start();
  while (scan_.next()) {
    if (TransactionIdIsValid(dirty_.xmin)) {
      changer_ = dirty_.xmin;
      changes.append(scan_.int64_at(column::epoch));
      continue;
    }
    bool none;
    const Datum reason = scan_.value(column::reason, &none);
    before = true;
    since = scan_.int64_at(column::epoch);
    reason_ = none ? nullptr : DatumGetTextPCopy(reason);
    if (TransactionIdIsValid(dirty_.xmax) && !TransactionIdIsValid(changer_)) changer_ = dirty_.xmax;
  }
  *excluded = before;
  if (changes.empty()) return !TransactionIdIsValid(changer_);
  // Of several changes all but the first may be rolled back to a savepoint. One of the reason leaves the epoch as it was.
  int64 upto = PG_INT64_MAX;
  for (const int64 change : changes)
    if (!before || change != since) upto = Min(upto, change);
  if (epoch_ <= upto) changer_ = InvalidTransactionId;
  return !TransactionIdIsValid(changer_);
}

}  // namespace ea::rollup
