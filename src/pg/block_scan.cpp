#include "pg/block_scan.hpp"

#include "pg/index_scan.hpp"
#include "pg/served.hpp"

namespace ea::pg {

namespace {

// Of a family of operators that compare times as btrees do: minmax, and minmax-multi.
bool compares_times(Oid family) {
  const auto is = [&](StrategyNumber strategy, RegProcedure procedure) {
    const Oid found = get_opfamily_member(family, TIMESTAMPTZOID, TIMESTAMPTZOID, strategy);
    return OidIsValid(found) && get_opcode(found) == procedure;
  };
  return is(BTGreaterEqualStrategyNumber, F_TIMESTAMPTZ_GE) && is(BTLessStrategyNumber, F_TIMESTAMPTZ_LT);
}

// A BRIN index of all rows that begins with the column; invalid when there is none.
Oid find_brin(Relation table, AttrNumber column) {
  Oid result = InvalidOid;
  List* indexes = RelationGetIndexList(table);
  ListCell* cell;
  foreach (cell, indexes) {
    Relation index = index_open(lfirst_oid(cell), AccessShareLock);
    const FormData_pg_index* form = index->rd_index;
    if (index->rd_rel->relam == BRIN_AM_OID && form->indisvalid && form->indkey.values[0] == column && !is_too_young(form, index->rd_indextuple) &&
        heap_attisnull(index->rd_indextuple, Anum_pg_index_indpred, nullptr) && compares_times(index->rd_opfamily[0]))
      result = lfirst_oid(cell);
    index_close(index, AccessShareLock);
    if (OidIsValid(result)) break;
  }
  list_free(indexes);
  return result;
}

}  // namespace

void BlockScan::open(Relation table, const Table& wanted, int column, TimestampTz from, TimestampTz to, Snapshot snapshot) {
  require_readable(table, wanted.rollup);
  places_.find(table, wanted);
  table_ = table;
  snapshot_ = snapshot;
  context_ = CurrentMemoryContext;
  column_ = column;
  from_ = from;
  to_ = to;
  slot_ = table_slot_create(table, nullptr);
  scan_ = nullptr;
  next_run_ = 0;
  rows_ = 0;
  runs_.clear();
  // Neither the blocks nor the index tell a serializable transaction which rows it would have read.
  PredicateLockRelation(table, snapshot);
  const Oid index = find_brin(table, places_[column]);
  by_blocks_ = table->rd_tableam->scan_set_tidrange != nullptr;
  if (!by_blocks_)
    runs_.append({0, 0});
  else if (OidIsValid(index))
    find_blocks(index);
  else if (const BlockNumber blocks = RelationGetNumberOfBlocks(table); blocks > 0)
    runs_.append({0, blocks - 1});
}

void BlockScan::find_blocks(Oid oid) {
  Relation index = index_open(oid, AccessShareLock);
  ScanKeyData keys[2];
  ScanKeyInit(&keys[0], 1, BTGreaterEqualStrategyNumber, F_TIMESTAMPTZ_GE, TimestampTzGetDatum(from_));
  ScanKeyInit(&keys[1], 1, BTLessStrategyNumber, F_TIMESTAMPTZ_LT, TimestampTzGetDatum(to_));
  for (ScanKeyData& key : keys) key.sk_subtype = TIMESTAMPTZOID;
  IndexScanDesc scan = begin_bitmap_scan(index, snapshot_, lengthof(keys));
  index_rescan(scan, keys, lengthof(keys), nullptr, 0);
  TIDBitmap* bitmap = tbm_create((long)work_mem * 1024, nullptr);
  index_getbitmap(scan, bitmap);
  index_endscan(scan);
  for_each_block(bitmap, [&](BlockNumber block) {
    if (!runs_.empty() && runs_[runs_.size() - 1].last + 1 == block)
      runs_[runs_.size() - 1].last = block;
    else
      runs_.append({block, block});
  });
  tbm_free(bitmap);
  index_close(index, AccessShareLock);
}

bool BlockScan::next_row() {
  const auto found = [&] {
    return by_blocks_ ? table_scan_getnextslot_tidrange(scan_, ForwardScanDirection, slot_) : table_scan_getnextslot(scan_, ForwardScanDirection, slot_);
  };
  while (!scan_ || !found()) {
    if (scan_) table_endscan(scan_);
    scan_ = nullptr;
    if (next_run_ == runs_.size()) return false;
    const Run& run = runs_[next_run_++];
    if (!by_blocks_) {
      scan_ = table_beginscan(table_, snapshot_, 0, nullptr);
      continue;
    }
    ItemPointerData first, last;
    ItemPointerSet(&first, run.first, FirstOffsetNumber);
    ItemPointerSet(&last, run.last, MaxOffsetNumber);
    scan_ = table_beginscan_tidrange(table_, snapshot_, &first, &last);
  }
  return true;
}

bool BlockScan::next() {
  MemoryContext outside = MemoryContextSwitchTo(context_);
  bool found;
  while ((found = next_row())) {
    if ((++rows_ & 0x3FFF) == 0) CHECK_FOR_INTERRUPTS();
    const TimestampTz at = int64_at(column_);
    if (at >= from_ && at < to_) break;
  }
  MemoryContextSwitchTo(outside);
  return found;
}

void BlockScan::close() {
  if (scan_) table_endscan(scan_);
  ExecDropSingleTupleTableSlot(slot_);
  runs_.release();
}

bool partition_may_hold(Relation parent, PartitionDesc partitions, int partition, const char* column, TimestampTz from, TimestampTz to) {
  const PartitionKey key = RelationGetPartitionKey(parent);
  const PartitionBoundInfo bounds = partitions->boundinfo;
  if (key->strategy != PARTITION_STRATEGY_RANGE || key->partnatts != 1 || key->parttypid[0] != TIMESTAMPTZOID ||
      !compares_times(key->partopfamily[0]) || key->partattrs[0] != get_attnum(RelationGetRelid(parent), column) || partition == bounds->default_index)
    return true;
  // Between each two bounds lies what the index of the upper one says.
  const auto bound = [&](int i) {
    switch (bounds->kind[i][0]) {
      case PARTITION_RANGE_DATUM_MINVALUE: return (TimestampTz)DT_NOBEGIN;
      case PARTITION_RANGE_DATUM_MAXVALUE: return (TimestampTz)DT_NOEND;
      case PARTITION_RANGE_DATUM_VALUE: break;
    }
    return DatumGetTimestampTz(bounds->datums[i][0]);
  };
  for (int i = 0; i < bounds->ndatums; i++)
    if (bounds->indexes[i] == partition) return bound(i) > from && (i == 0 || bound(i - 1) < to);
  return true;
}

}  // namespace ea::pg
