#include "pg/index_scan.hpp"

#include "pg/served.hpp"

extern "C" {
#include "catalog/pg_opclass.h"
}

namespace ea::pg {

namespace {

// %s in a hint is the index.
[[noreturn]] void unusable(Relation index, const char* what, const char* hint) {
  const char* name = full_name(RelationGetRelid(index));
  raise(with_hint(failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "index %s %s", name, what), hint, name));
}

}  // namespace

bool is_too_young(const FormData_pg_index* form, const HeapTupleData* tuple) {
  return form->indcheckxmin && !TransactionIdPrecedes(HeapTupleHeaderGetXmin(tuple->t_data), TransactionXmin);
}

// Whether btrees of its type have the class when they say nothing of it.
static bool is_default_class(Oid operator_class) {
  HeapTuple tuple = SearchSysCache1(CLAOID, ObjectIdGetDatum(operator_class));
  if (!HeapTupleIsValid(tuple)) return false;
  const bool so = ((Form_pg_opclass)GETSTRUCT(tuple))->opcdefault;
  ReleaseSysCache(tuple);
  return so;
}

// Whether the index sorts each of its first columns as btrees do that say nothing of it.
static bool ascends(HeapTuple index, int columns) {
  bool null;
  const auto* options = (const int2vector*)DatumGetPointer(SysCacheGetAttr(INDEXRELID, index, Anum_pg_index_indoption, &null));
  const auto* classes = (const oidvector*)DatumGetPointer(SysCacheGetAttr(INDEXRELID, index, Anum_pg_index_indclass, &null));
  bool so = true;
  for (int i = 0; i < columns; i++) so = so && (options->values[i] & INDOPTION_DESC) == 0 && is_default_class(classes->values[i]);
  return so;
}

// Whether a row has an entry for certain where the column is not null.
static bool has_all_but_nulls(HeapTuple index, AttrNumber column) {
  bool whole;
  const Datum predicate = SysCacheGetAttr(INDEXRELID, index, Anum_pg_index_indpred, &whole);
  if (whole) return true;
  const auto* condition = static_cast<const NullTest*>(stringToNode(TextDatumGetCString(predicate)));
  if (!IsA(condition, NullTest) || condition->nulltesttype != IS_NOT_NULL || !IsA(condition->arg, Var)) return false;
  return reinterpret_cast<const Var*>(condition->arg)->varattno == column;
}

static Oid find_index(Relation table, std::initializer_list<AttrNumber> columns, bool nulls) {
  Oid found = InvalidOid;
  List* indexes = RelationGetIndexList(table);
  ListCell* cell;
  foreach (cell, indexes) {
    HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(cell)));
    if (!HeapTupleIsValid(tuple)) continue;
    const auto* form = (Form_pg_index)GETSTRUCT(tuple);
    bool fits = form->indisvalid && form->indnkeyatts >= (int)columns.size() && !is_too_young(form, tuple) &&
                (heap_attisnull(tuple, Anum_pg_index_indpred, nullptr) || (!nulls && has_all_but_nulls(tuple, *columns.begin())));
    int i = 0;
    for (AttrNumber column : columns) fits = fits && form->indkey.values[i++] == column;
    fits = fits && ascends(tuple, (int)columns.size());
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

Oid find_index(Relation table, std::initializer_list<AttrNumber> columns) { return find_index(table, columns, true); }
Oid find_index_without_nulls(Relation table, AttrNumber column) { return find_index(table, {column}, false); }

void IndexScan::begin(Relation table, const Table& wanted, Snapshot snapshot) {
  require_readable(table, wanted.rollup);
  places_.find(table, wanted);
  table_ = table;
  index_ = nullptr;
  own_table_ = false;
  map_ = InvalidBuffer;
  snapshot_ = snapshot;
  context_ = CurrentMemoryContext;
  slot_ = table_slot_create(table_, nullptr);
  index_scan_ = nullptr;
  table_scan_ = nullptr;
  key_count_ = 0;
  open_keys_ = -1;
  backward_ = entries_ = false;
}

void IndexScan::begin_own(const Table& table, Snapshot snapshot) {
  begin(table_open(table.oid, AccessShareLock), table, snapshot);
  own_table_ = true;
}

void IndexScan::use(Oid index) {
  if (OidIsValid(index)) index_ = index_open(index, AccessShareLock);
}

void IndexScan::open(const Table& table, Snapshot snapshot) { begin_own(table, snapshot); }

void IndexScan::open(const Table& table, const Index& index, Snapshot snapshot) {
  begin_own(table, snapshot);
  // By name, now that the table is locked: an index made anew meanwhile has another oid.
  const Oid oid = get_relname_relid(index.name, RelationGetNamespace(table_));
  if (!OidIsValid(oid))
    raise(with_hint(failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "index %s of table %s does not exist", index.name, full_name(table.oid)),
                    "Run: CALL explore_analytics.install();"));
  use(oid);
  check(index);
}

void IndexScan::open_by(Relation table, const Table& wanted, int column, Snapshot snapshot) {
  begin(table, wanted, snapshot);
  use(find_index(table, {places_[column]}));
}

void IndexScan::open_by(const Table& table, int column, Snapshot snapshot) {
  begin_own(table, snapshot);
  use(find_index(table_, {places_[column]}));
}

void IndexScan::open_found(const Table& table, Oid index, Snapshot snapshot) {
  begin_own(table, snapshot);
  use(index);
}

// An index of that name may be half made, somebody's, or of another table.
void IndexScan::check(const Index& wanted) const {
  const FormData_pg_index* form = index_->rd_index;
  bool fits = form->indrelid == RelationGetRelid(table_) && form->indislive && index_->rd_rel->relam == BTREE_AM_OID &&
              wanted.partial == !heap_attisnull(index_->rd_indextuple, Anum_pg_index_indpred, nullptr);
  for (int i = 0; fits && i < Index::kMostColumns && wanted.columns[i] != 0; i++) {
    const bool descending = wanted.columns[i] < 0;
    fits = i < form->indnkeyatts && form->indkey.values[i] == places_[descending ? -wanted.columns[i] : wanted.columns[i]] &&
           descending == ((index_->rd_indoption[i] & INDOPTION_DESC) != 0);
  }
  if (!fits) unusable(index_, "is not the one that install() makes", "Drop it and run: CALL explore_analytics.install();");
  if (!form->indisvalid) unusable(index_, "is not valid", "Run: REINDEX INDEX %s;");
  if (is_too_young(form, index_->rd_indextuple)) unusable(index_, "is younger than this transaction", "Begin a new transaction.");
}

IndexScan& IndexScan::where(int column, StrategyNumber strategy, RegProcedure procedure, Datum value) {
  Assert(key_count_ < kMaxKeys);
  ScanKeyData& key = keys_[key_count_++];
  ScanKeyInit(&key, index_ ? (AttrNumber)column : places_[column], strategy, procedure, value);
  if (index_) key.sk_collation = index_->rd_indcollation[column - 1];
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
      index_scan_->xs_want_itup = entries_;
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

bool IndexScan::next_entry(int64* key) {
  MemoryContext outside = MemoryContextSwitchTo(context_);
  const bool found = index_getnext_tid(index_scan_, ForwardScanDirection) != nullptr;
  MemoryContextSwitchTo(outside);
  bool null;
  if (found) *key = DatumGetInt64(index_getattr(index_scan_->xs_itup, 1, index_scan_->xs_itupdesc, &null));
  return found;
}

bool IndexScan::any() {
  if (!index_) return next();
  MemoryContext outside = MemoryContextSwitchTo(context_);
  bool found = false;
  while (const ItemPointer tid = found ? nullptr : index_getnext_tid(index_scan_, ForwardScanDirection))
    found = VM_ALL_VISIBLE(table_, ItemPointerGetBlockNumber(tid), &map_) || index_fetch_heap(index_scan_, slot_);
  MemoryContextSwitchTo(outside);
  return found;
}

int64 IndexScan::int64_at(int column) const {
  bool null;
  return DatumGetInt64(slot_getattr(slot_, places_[column], &null));
}

int32 IndexScan::int32_at(int column) const {
  bool null;
  return DatumGetInt32(slot_getattr(slot_, places_[column], &null));
}

int16 IndexScan::int16_at(int column) const {
  bool null;
  return DatumGetInt16(slot_getattr(slot_, places_[column], &null));
}

void IndexScan::close() {
  if (BufferIsValid(map_)) ReleaseBuffer(map_);
  ExecDropSingleTupleTableSlot(slot_);
  if (index_scan_) index_endscan(index_scan_);
  if (table_scan_) table_endscan(table_scan_);
  if (index_) index_close(index_, AccessShareLock);
  if (own_table_) table_close(table_, AccessShareLock);
  table_ = nullptr;
}

}  // namespace ea::pg
