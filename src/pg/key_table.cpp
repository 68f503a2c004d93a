#include "pg/key_table.hpp"

#include "pg/index_entry.hpp"
#include "pg/kept_checks.hpp"
#include "pg/look_ahead.hpp"
#include "pg/plain_insert.hpp"

namespace ea::pg {

namespace {

RegProcedure equality(Oid type) {
  switch (type) {
    case INT8OID: return F_INT8EQ;
    case DATEOID: return F_DATE_EQ;
    case UUIDOID: return F_UUID_EQ;
    case TEXTOID: return F_TEXTEQ;
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
      plain.unique_indexes != 1 || table_->trigdesc || !is_granted(table_, ACL_INSERT | ACL_SELECT | ACL_UPDATE) || !find_places(table_, wanted, places_)) {
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
  slot_ = MakeSingleTupleTableSlot(RelationGetDescr(table_), &TTSOpsVirtual);
  if (unique_ >= 0) return true;
  close();
  return false;
}

void KeyTable::look_ahead(const Datum* first, const Datum* second, int count) {
  pg::look_ahead(info_->ri_IndexRelationDescs[unique_], first, second, count);
}

// What columns the list does not have stay as they are.
void KeyTable::fill(const Datum* row) {
  for (int c = 0; c < columns_; c++) {
    slot_->tts_values[places_[c] - 1] = row[c];
    slot_->tts_isnull[places_[c] - 1] = false;
  }
  ExecStoreVirtualTuple(slot_);
}

void KeyTable::check() {
  if (!checked_) return;
  slot_->tts_tableOid = RelationGetRelid(table_);
  check_constraints(table_, slot_);
}

void KeyTable::end_scan() {
  ExecClearTuple(found_);
  if (scan_) index_endscan(scan_);
  scan_ = nullptr;
}

void KeyTable::set_keys(ScanKeyData* keys, const Datum* row) const {
  for (int k = 0; k < keys_; k++) {
    ScanKeyInit(&keys[k], (AttrNumber)(k + 1), BTEqualStrategyNumber, equal_[k], row[key_of_[k]]);
    keys[k].sk_collation = info_->ri_IndexRelationDescs[unique_]->rd_indcollation[k];
  }
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

// Leaves the row that is there in found_, and no page pinned: who takes keys waits for others.
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
    if (!TransactionIdIsValid(other)) {
      ExecMaterializeSlot(found_);
      index_rescan(scan_, keys, keys_, nullptr, 0);
      return true;
    }
    // It is being inserted, or deleted: that transaction's end decides.
    end_claims();
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
bool KeyTable::insert_entries(IndexUniqueCheck unique, bool of_summaries) {
  Datum values[INDEX_MAX_KEYS];
  bool nulls[INDEX_MAX_KEYS];
  for (int step = -1; step < info_->ri_NumIndices; step++) {
    if (step == unique_) continue;
    const int i = step < 0 ? unique_ : step;
    if (!form_entry(info_, i, of_summaries, slot_, state_, values, nulls)) continue;
    const bool alone = index_insert(info_->ri_IndexRelationDescs[i], values, nulls, &slot_->tts_tid, table_, i == unique_ ? unique : UNIQUE_CHECK_NO, false,
                                    info_->ri_IndexRelationInfo[i]);
    if (i == unique_ && unique == UNIQUE_CHECK_PARTIAL && !alone) return false;
  }
  return true;
}

// Speculatively, as ON CONFLICT does it. Of a row that was deleted in the usual way others would still wait for this
// transaction's end, and two that have both tried a third one's key would wait for each other.
bool KeyTable::insert(const Datum* row) {
  ExecClearTuple(slot_);
  memset(slot_->tts_isnull, true, sizeof(bool) * (Size)slot_->tts_tupleDescriptor->natts);
  fill(row);
  check();
  if (token_ == 0) token_ = SpeculativeInsertionLockAcquire(GetCurrentTransactionId());
  table_tuple_insert_speculative(table_, slot_, GetCurrentCommandId(true), 0, nullptr, token_);
  const bool alone = insert_entries(UNIQUE_CHECK_PARTIAL);
  table_tuple_complete_speculative(table_, slot_, token_, alone);
  if (!alone) end_claims();
  ResetPerTupleExprContext(state_);
  return alone;
}

bool KeyTable::claim(const Datum* row, bool expected_new) {
  if (expected_new && insert(row)) return true;
  while (!look_for(row))
    if (insert(row)) return true;
  return false;
}

void KeyTable::end_claims() {
  if (token_ != 0) SpeculativeInsertionLockRelease(GetCurrentTransactionId());
  token_ = 0;
}

Datum KeyTable::found(int column) {
  bool null;
  return slot_getattr(found_, places_[column - 1], &null);
}

bool KeyTable::lock_found() {
  ItemPointerData tid = found_->tts_tid;
  end_scan();
  end_claims();
  TM_FailureData told;
  const TM_Result result = table_tuple_lock(table_, &tid, GetActiveSnapshot(), found_, GetCurrentCommandId(true), LockTupleNoKeyExclusive, LockWaitBlock, 0, &told);
  if (result == TM_Ok) return true;
  // Of the command that asks: its snapshot does not see what the command has stored.
  if (result == TM_Invisible || result == TM_SelfModified)
    raise(with_hint(failure(ERRCODE_CARDINALITY_VIOLATION, "a row of \"%s\" cannot be changed a second time by one command", RelationGetRelationName(table_)),
                    "Store it and change it in two statements."));
  if (result != TM_Updated && result != TM_Deleted)
    raise(failure(ERRCODE_INTERNAL_ERROR, "a row of \"%s\" cannot be locked: %d", RelationGetRelationName(table_), (int)result));
  return false;
}

void KeyTable::replace_found(const Datum* row) {
  slot_getallattrs(found_);
  ExecClearTuple(slot_);
  memcpy(slot_->tts_values, found_->tts_values, sizeof(Datum) * (Size)slot_->tts_tupleDescriptor->natts);
  memcpy(slot_->tts_isnull, found_->tts_isnull, sizeof(bool) * (Size)slot_->tts_tupleDescriptor->natts);
  fill(row);
  check();
  CheckCmdReplicaIdentity(table_, CMD_UPDATE);
  Entries entries;
  const TM_Result result = update_row(table_, &found_->tts_tid, slot_, GetActiveSnapshot(), true, &entries);
  if (result != TM_Ok) raise(failure(ERRCODE_INTERNAL_ERROR, "a locked row of \"%s\" cannot be changed: %d", RelationGetRelationName(table_), (int)result));
  if (entries != Entries::none) insert_entries(UNIQUE_CHECK_YES, entries == Entries::of_summaries);
}

void KeyTable::close() {
  end_scan();
  end_claims();
  ExecDropSingleTupleTableSlot(found_);
  ExecDropSingleTupleTableSlot(slot_);
  ExecCloseIndices(info_);
  FreeExecutorState(state_);
  table_close(table_, NoLock);
  table_ = nullptr;
}

}  // namespace ea::pg
