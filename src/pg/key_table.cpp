#include "pg/key_table.hpp"

#include "pg/plain_insert.hpp"

namespace ea::pg {

namespace {

constexpr int kAtOnce = 1000;

RegProcedure equality(Oid type) {
  switch (type) {
    case INT8OID: return F_INT8EQ;
    case UUIDOID: return F_UUID_EQ;
    default: return InvalidOid;
  }
}

}  // namespace

bool KeyTable::open(const Table& wanted, int keys) {
  *this = KeyTable();
  if (!OidIsValid(wanted.oid)) return false;
  table_ = table_open(wanted.oid, RowExclusiveLock);
  const PlainInsert plain = plain_insert(table_);
  if (table_->rd_rel->relkind != RELKIND_RELATION || table_->rd_rel->relhassubclass || table_->rd_rel->relispartition || !plain.possible ||
      plain.unique_indexes != 1 || !find_places(table_, wanted, places_)) {
    table_close(table_, NoLock);
    table_ = nullptr;
    return false;
  }
  checked_ = plain.checked;
  columns_ = (int)wanted.columns.size();
  keys_ = keys;
  state_ = CreateExecutorState();
  info_ = makeNode(ResultRelInfo);
  InitResultRelInfo(info_, table_, 0, nullptr, 0);
  ExecOpenIndices(info_, false);
  for (int i = 0; i < info_->ri_NumIndices; i++) {
    const FormData_pg_index* form = info_->ri_IndexRelationDescs[i]->rd_index;
    if (!form->indisunique) continue;
    const IndexInfo* index = info_->ri_IndexRelationInfo[i];
    bool fits = form->indisvalid && form->indimmediate && form->indnkeyatts == keys && !index->ii_Predicate && !index->ii_Expressions &&
                info_->ri_IndexRelationDescs[i]->rd_rel->relam == BTREE_AM_OID;
    for (int k = 0; fits && k < keys; k++) {
      int column = 0;
      while (column < keys && places_[column] != form->indkey.values[k]) column++;
      fits = column < keys;
      if (!fits) break;
      key_of_[k] = column;
      equal_[k] = equality(wanted.columns[column].type);
      fits = RegProcedureIsValid(equal_[k]);
    }
    if (fits) unique_ = i;
  }
  found_ = table_slot_create(table_, nullptr);
  slot_ = new_slot();
  if (unique_ >= 0) return true;
  close();
  return false;
}

TupleTableSlot* KeyTable::new_slot() { return MakeSingleTupleTableSlot(RelationGetDescr(table_), &TTSOpsVirtual); }

TupleTableSlot* KeyTable::fill(TupleTableSlot* slot, const Datum* row) {
  ExecClearTuple(slot);
  memset(slot->tts_isnull, true, sizeof(bool) * (Size)slot->tts_tupleDescriptor->natts);
  for (int c = 0; c < columns_; c++) {
    slot->tts_values[places_[c] - 1] = row[c];
    slot->tts_isnull[places_[c] - 1] = false;
  }
  ExecStoreVirtualTuple(slot);
  return slot;
}

void KeyTable::check(TupleTableSlot* slot) {
  if (!checked_) return;
  slot->tts_tableOid = RelationGetRelid(table_);
  ExecConstraints(info_, slot, state_);
}

void KeyTable::end_scan() {
  ExecClearTuple(found_);
  if (scan_) index_endscan(scan_);
  scan_ = nullptr;
}

void KeyTable::set_keys(ScanKeyData* keys, const Datum* row) const {
  for (int k = 0; k < keys_; k++) ScanKeyInit(&keys[k], (AttrNumber)(k + 1), BTEqualStrategyNumber, equal_[k], row[key_of_[k]]);
}

bool KeyTable::see(const Datum* row) {
  end_scan();
  ScanKeyData keys[kMostColumns];
  set_keys(keys, row);
  IndexScanDesc scan = begin_index_scan(table_, info_->ri_IndexRelationDescs[unique_], GetActiveSnapshot(), keys_);
  index_rescan(scan, keys, keys_, nullptr, 0);
  const bool there = index_getnext_slot(scan, ForwardScanDirection, found_);
  index_endscan(scan);
  return there;
}

// Leaves the row that is there in found_.
bool KeyTable::look_for(const Datum* row) {
  ScanKeyData keys[kMostColumns];
  set_keys(keys, row);
  for (;;) {
    CHECK_FOR_INTERRUPTS();
    if (!scan_) {
      InitDirtySnapshot(dirty_);
      scan_ = begin_index_scan(table_, info_->ri_IndexRelationDescs[unique_], &dirty_, keys_);
    }
    index_rescan(scan_, keys, keys_, nullptr, 0);
    if (!index_getnext_slot(scan_, ForwardScanDirection, found_)) return false;
    const TransactionId other = TransactionIdIsValid(dirty_.xmin) ? dirty_.xmin : dirty_.xmax;
    if (!TransactionIdIsValid(other)) return true;
    // It is being inserted, or deleted: that transaction's end decides. No page stays pinned meanwhile.
    const TransactionId inserter = dirty_.xmin;
    const uint32 token = dirty_.speculativeToken;
    ItemPointerData tid = found_->tts_tid;
    end_scan();
    if (TransactionIdIsValid(inserter) && token)
      SpeculativeInsertionWait(inserter, token);
    else
      XactLockTableWait(other, table_, &tid, XLTW_InsertIndex);
  }
}

// False if somebody else's row with that key may be there; then the other indexes have no entry.
bool KeyTable::insert_entries(TupleTableSlot* slot, IndexUniqueCheck unique) {
  Datum values[INDEX_MAX_KEYS];
  bool nulls[INDEX_MAX_KEYS];
  ExprContext* context = GetPerTupleExprContext(state_);
  context->ecxt_scantuple = slot;
  for (int step = -1; step < info_->ri_NumIndices; step++) {
    if (step == unique_) continue;
    const int i = step < 0 ? unique_ : step;
    IndexInfo* info = info_->ri_IndexRelationInfo[i];
    if (!info->ii_ReadyForInserts) continue;
    if (info->ii_Predicate) {
      if (!info->ii_PredicateState) info->ii_PredicateState = ExecPrepareQual(info->ii_Predicate, state_);
      if (!ExecQual(info->ii_PredicateState, context)) continue;
    }
    FormIndexDatum(info, slot, state_, values, nulls);
    const bool alone = index_insert(info_->ri_IndexRelationDescs[i], values, nulls, &slot->tts_tid, table_, i == unique_ ? unique : UNIQUE_CHECK_NO, false, info);
    if (i == unique_ && unique == UNIQUE_CHECK_PARTIAL && !alone) return false;
  }
  return true;
}

// A row whose key somebody else has inserted at the same moment.
void KeyTable::withdraw(TupleTableSlot* slot) {
  ItemPointerData tid = slot->tts_tid;
  CommandCounterIncrement();
  simple_heap_delete(table_, &tid);
  CommandCounterIncrement();
}

bool KeyTable::claim(const Datum* row) {
  while (!look_for(row)) {
    check(fill(slot_, row));
    table_tuple_insert(table_, slot_, GetCurrentCommandId(true), 0, nullptr);
    if (insert_entries(slot_, UNIQUE_CHECK_PARTIAL)) return true;
    withdraw(slot_);
  }
  return false;
}

// Rows are stored together, and claimed by their entries in the index, one after the other. Where the first one is there
// already, the others are looked for before, so that a batch that is sent again leaves no dead rows.
void KeyTable::claim(const Datum* rows, int count, bool* claimed) {
  const int most = Min(count, kAtOnce);
  auto** slots = static_cast<TupleTableSlot**>(palloc(sizeof(TupleTableSlot*) * (Size)most));
  auto* row_of = static_cast<int*>(palloc(sizeof(int) * (Size)most));
  int made = 0;
  for (int done = 0; done < count;) {
    const int end = Min(count, done + most);
    int fresh = 0;
    bool sent_again = false;
    for (int i = done; i < end; i++) {
      claimed[i] = !((i == done || sent_again) && look_for(rows + (Size)i * columns_));
      if (i == done) sent_again = !claimed[i];
      if (!claimed[i]) continue;
      if (fresh == made) slots[made++] = new_slot();
      check(fill(slots[fresh], rows + (Size)i * columns_));
      row_of[fresh++] = i;
    }
    end_scan();
    if (fresh > 0) table_multi_insert(table_, slots, fresh, GetCurrentCommandId(true), 0, nullptr);
    for (int n = 0; n < fresh; n++) {
      CHECK_FOR_INTERRUPTS();
      if (insert_entries(slots[n], UNIQUE_CHECK_PARTIAL)) continue;
      withdraw(slots[n]);
      claimed[row_of[n]] = claim(rows + (Size)row_of[n] * columns_);
    }
    done = end;
  }
  for (int n = 0; n < made; n++) ExecDropSingleTupleTableSlot(slots[n]);
}

Datum KeyTable::found(int column) {
  bool null;
  return slot_getattr(found_, places_[column - 1], &null);
}

bool KeyTable::lock_found() {
  ItemPointerData tid = found_->tts_tid;
  end_scan();
  TM_FailureData failure;
  const TM_Result result = table_tuple_lock(table_, &tid, GetActiveSnapshot(), found_, GetCurrentCommandId(true), LockTupleNoKeyExclusive, LockWaitBlock, 0, &failure);
  if (result == TM_Ok) return true;
  if (result != TM_Updated && result != TM_Deleted)
    raise(pg::failure(ERRCODE_INTERNAL_ERROR, "a row of \"%s\" cannot be locked: %d", RelationGetRelationName(table_), (int)result));
  return false;
}

void KeyTable::replace_found(const Datum* row) {
  slot_getallattrs(found_);
  ExecClearTuple(slot_);
  memcpy(slot_->tts_values, found_->tts_values, sizeof(Datum) * (Size)slot_->tts_tupleDescriptor->natts);
  memcpy(slot_->tts_isnull, found_->tts_isnull, sizeof(bool) * (Size)slot_->tts_tupleDescriptor->natts);
  for (int c = 0; c < columns_; c++) slot_->tts_values[places_[c] - 1] = row[c];
  ExecStoreVirtualTuple(slot_);
  check(slot_);
  if (update_row(table_, &found_->tts_tid, slot_, GetActiveSnapshot())) insert_entries(slot_, UNIQUE_CHECK_YES);
}

void KeyTable::close() {
  end_scan();
  ExecDropSingleTupleTableSlot(found_);
  ExecDropSingleTupleTableSlot(slot_);
  ExecCloseIndices(info_);
  FreeExecutorState(state_);
  table_close(table_, NoLock);
  table_ = nullptr;
}

}  // namespace ea::pg
