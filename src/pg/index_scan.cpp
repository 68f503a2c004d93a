#include "pg/index_scan.hpp"

namespace ea::pg {

Oid find_index(Relation table, std::initializer_list<AttrNumber> columns) {
  Oid found = InvalidOid;
  List* indexes = RelationGetIndexList(table);
  ListCell* cell;
  foreach (cell, indexes) {
    HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(cell)));
    if (!HeapTupleIsValid(tuple)) continue;
    const auto* form = (Form_pg_index)GETSTRUCT(tuple);
    bool fits = form->indisvalid && form->indnkeyatts >= (int)columns.size() &&
                heap_attisnull(tuple, Anum_pg_index_indpred, nullptr);
    // Built over rows that had been changed in place: older snapshots may miss the versions they see.
    if (form->indcheckxmin && !TransactionIdPrecedes(HeapTupleHeaderGetXmin(tuple->t_data), TransactionXmin)) fits = false;
    int i = 0;
    for (AttrNumber column : columns) fits = fits && form->indkey.values[i++] == column;
    ReleaseSysCache(tuple);
    if (!fits) continue;
    HeapTuple relation = SearchSysCache1(RELOID, ObjectIdGetDatum(lfirst_oid(cell)));
    const bool btree = HeapTupleIsValid(relation) && ((Form_pg_class)GETSTRUCT(relation))->relam == BTREE_AM_OID;
    if (HeapTupleIsValid(relation)) ReleaseSysCache(relation);
    if (!btree) continue;
    found = lfirst_oid(cell);
    break;
  }
  list_free(indexes);
  return found;
}

void IndexScan::open(Oid table, Oid index, Snapshot snapshot) {
  open(table_open(table, AccessShareLock), index, snapshot);
  own_table_ = true;
}

void IndexScan::open(Relation table, Oid index, Snapshot snapshot) {
  // Anything else has no table access method behind it.
  if (table->rd_rel->relkind != RELKIND_RELATION)
    raise(with_hint(failure(ERRCODE_WRONG_OBJECT_TYPE, "relation \"%s\" is not an ordinary table", RelationGetRelationName(table)),
                    "Events may be partitioned into ordinary tables; every other table must be one."));
  table_ = table;
  own_table_ = false;
  index_ = OidIsValid(index) ? index_open(index, AccessShareLock) : nullptr;
  snapshot_ = snapshot;
  context_ = CurrentMemoryContext;
  slot_ = table_slot_create(table_, nullptr);
  index_scan_ = nullptr;
  table_scan_ = nullptr;
  key_count_ = 0;
  open_keys_ = -1;
}

IndexScan& IndexScan::where(int column, StrategyNumber strategy, RegProcedure procedure, Datum value) {
  Assert(key_count_ < kMaxKeys);
  ScanKeyInit(&keys_[key_count_++], (AttrNumber)column, strategy, procedure, value);
  return *this;
}

void IndexScan::start(bool backward) {
  backward_ = backward;
  MemoryContext outside = MemoryContextSwitchTo(context_);
  if (!index_) {
    if (table_scan_) table_endscan(table_scan_);
    table_scan_ = table_beginscan(table_, snapshot_, key_count_, keys_);
  } else {
    if (index_scan_ && open_keys_ != key_count_) {
      index_endscan(index_scan_);
      index_scan_ = nullptr;
    }
    if (!index_scan_) {
      index_scan_ = begin_index_scan(table_, index_, snapshot_, key_count_);
      open_keys_ = key_count_;
    }
    index_rescan(index_scan_, keys_, key_count_, nullptr, 0);
  }
  key_count_ = 0;
  MemoryContextSwitchTo(outside);
}

bool IndexScan::next() {
  const ScanDirection direction = backward_ ? BackwardScanDirection : ForwardScanDirection;
  MemoryContext outside = MemoryContextSwitchTo(context_);
  const bool found = index_ ? index_getnext_slot(index_scan_, direction, slot_)
                            : table_scan_getnextslot(table_scan_, direction, slot_);
  MemoryContextSwitchTo(outside);
  return found;
}

int64 IndexScan::int64_at(AttrNumber column) const {
  bool null;
  return DatumGetInt64(slot_getattr(slot_, column, &null));
}

int16 IndexScan::int16_at(AttrNumber column) const {
  bool null;
  return DatumGetInt16(slot_getattr(slot_, column, &null));
}

void IndexScan::close() {
  ExecDropSingleTupleTableSlot(slot_);
  if (index_scan_) index_endscan(index_scan_);
  if (table_scan_) table_endscan(table_scan_);
  if (index_) index_close(index_, AccessShareLock);
  if (own_table_) table_close(table_, AccessShareLock);
  table_ = nullptr;
}

}  // namespace ea::pg
