#include "pg/row_update.hpp"

#include "pg/index_entry.hpp"
#include "pg/index_scan.hpp"
#include "pg/plain_insert.hpp"

namespace ea::pg {

namespace {

// Foreign keys look at rows whose keys change, and once more at rows that this transaction has written before.
bool is_trigger_idle(const Trigger& trigger, Oid idle, bool fresh_rows) {
  if (!TRIGGER_FOR_UPDATE(trigger.tgtype) || trigger.tgenabled == TRIGGER_DISABLED) return true;
  if (!TRIGGER_FOR_ROW(trigger.tgtype)) return false;
  if (trigger.tgisinternal && trigger.tgconstraint) {
    const int kind = RI_FKey_trigger_type(trigger.tgfoid);
    return kind == RI_TRIGGER_PK || (kind == RI_TRIGGER_FK && !fresh_rows);
  }
  return TRIGGER_FOR_AFTER(trigger.tgtype) && OidIsValid(idle) && trigger.tgfoid == idle;
}

bool are_triggers_idle(Relation table, Oid idle) {
  const bool fresh_rows = TransactionIdIsValid(GetTopTransactionIdIfAny());
  for (int i = 0; table->trigdesc && i < table->trigdesc->numtriggers; i++)
    if (!is_trigger_idle(table->trigdesc->triggers[i], idle, fresh_rows)) return false;
  return true;
}

bool references_others_by(Relation table, const Bitmapset* changed) {
  ListCell* cell;
  foreach (cell, RelationGetFKeyList(table)) {
    const auto* key = lfirst_node(ForeignKeyCacheInfo, cell);
    for (int i = 0; key->conrelid == RelationGetRelid(table) && i < key->nkeys; i++)
      if (bms_is_member(key->conkey[i] - FirstLowInvalidHeapAttributeNumber, changed)) return true;
  }
  return false;
}

Bitmapset* columns_of_key(const IndexInfo* index) {
  Bitmapset* columns = nullptr;
  for (int i = 0; i < index->ii_NumIndexKeyAttrs; i++)
    if (index->ii_IndexAttrNumbers[i] != 0) columns = bms_add_member(columns, index->ii_IndexAttrNumbers[i] - FirstLowInvalidHeapAttributeNumber);
  pull_varattnos((Node*)index->ii_Expressions, 1, &columns);
  return columns;
}

}  // namespace

bool RowUpdate::open(const Table& wanted, Oid idle) {
  *this = RowUpdate();
  Assert(wanted.columns.size() <= (size_t)kMostColumns);
  table_ = table_open(wanted.oid, RowExclusiveLock);
  const FormData_pg_class* form = table_->rd_rel;
  columns_ = (int)wanted.columns.size();
  int unique = 0;
  bool plain = form->relkind == RELKIND_RELATION && !form->relhassubclass && !form->relispartition && is_plain(table_, &unique) &&
               are_triggers_idle(table_, idle) && is_granted(table_, ACL_SELECT | ACL_UPDATE) && find_places(table_, wanted, places_, false);
  // What refers to the whole row, as column 0, depends on each of them.
  Bitmapset* changed = bms_make_singleton(0 - FirstLowInvalidHeapAttributeNumber);
  for (int c = 0; plain && c < columns_; c++) {
    floats_[c] = wanted.columns[c].type == FLOAT8OID;
    if (c > 0) changed = bms_add_member(changed, places_[c] - FirstLowInvalidHeapAttributeNumber);
  }
  if (!plain || references_others_by(table_, changed)) {
    table_close(table_, NoLock);
    table_ = nullptr;
    return false;
  }
  checked_ = RelationGetDescr(table_)->constr != nullptr;
  state_ = CreateExecutorState();
  info_ = makeNode(ResultRelInfo);
  InitResultRelInfo(info_, table_, 0, nullptr, 0);
  ExecOpenIndices(info_, false);
  changed_indexes_ = static_cast<bool*>(palloc0(sizeof(bool) * (Size)Max(info_->ri_NumIndices, 1)));
  for (int i = 0; i < info_->ri_NumIndices; i++) {
    const IndexInfo* index = info_->ri_IndexRelationInfo[i];
    const Bitmapset* key = columns_of_key(index);
    changed_indexes_[i] = bms_overlap(key, changed);
    // A key that stays needs no look whether it is unique.
    Bitmapset* condition = nullptr;
    pull_varattnos((Node*)index->ii_Predicate, 1, &condition);
    if (index->ii_Unique) plain = plain && info_->ri_IndexRelationDescs[i]->rd_index->indimmediate && !changed_indexes_[i] && !bms_overlap(condition, changed);
  }
  found_ = table_slot_create(table_, nullptr);
  slots_ = static_cast<TupleTableSlot**>(palloc0(sizeof(TupleTableSlot*) * kAtOnce));
  values_ = static_cast<Datum*>(palloc(sizeof(Datum) * (Size)form->relnatts));
  nulls_ = static_cast<bool*>(palloc(sizeof(bool) * (Size)form->relnatts));
  if (plain) return true;
  close();
  return false;
}

Oid RowUpdate::index() const { return find_index(table_, {places_[0]}); }

bool RowUpdate::differs(TupleTableSlot* row, const Datum* values, int count) {
  for (int c = 1; c <= count; c++) {
    bool null;
    const Datum stored = slot_getattr(row, places_[c], &null);
    const Datum value = values[c - 1];
    if (null || (floats_[c] ? float8_ne(DatumGetFloat8(stored), DatumGetFloat8(value)) : stored != value)) return true;
  }
  return false;
}

bool RowUpdate::write(TupleTableSlot* row, const Datum* values) {
  CHECK_FOR_INTERRUPTS();
  if (!written_) {
    PreventCommandIfReadOnly("UPDATE");
    CheckCmdReplicaIdentity(table_, CMD_UPDATE);
    written_ = true;
  }
  bool done = put(row, values, false) == TM_Ok;
  if (!done && lock(row)) {
    const TM_Result result = put(found_, values, true);
    if (result != TM_Ok)
      raise(failure(ERRCODE_INTERNAL_ERROR, "a locked row of \"%s\" cannot be changed: %d", RelationGetRelationName(table_), (int)result));
    done = true;
  }
  ExecClearTuple(found_);
  ResetPerTupleExprContext(state_);
  return done;
}

TupleTableSlot* RowUpdate::changed_row(TupleTableSlot* row, const Datum* values) {
  slot_getallattrs(row);
  for (int i = 0; i < row->tts_tupleDescriptor->natts; i++) values_[i] = row->tts_values[i], nulls_[i] = row->tts_isnull[i] || TupleDescAttr(row->tts_tupleDescriptor, i)->attisdropped;
  for (int c = 1; c < columns_; c++) values_[places_[c] - 1] = values[c - 1], nulls_[places_[c] - 1] = false;
  TupleTableSlot*& slot = slots_[count_];
  MemoryContext outside = MemoryContextSwitchTo(state_->es_query_cxt);
  if (!slot) slot = MakeSingleTupleTableSlot(RelationGetDescr(table_), &TTSOpsHeapTuple);
  ExecStoreHeapTuple(heap_form_tuple(slot->tts_tupleDescriptor, values_, nulls_), slot, true);
  MemoryContextSwitchTo(outside);
  slot->tts_tableOid = RelationGetRelid(table_);
  return slot;
}

TM_Result RowUpdate::put(TupleTableSlot* row, const Datum* values, bool wait) {
  TupleTableSlot* slot = changed_row(row, values);
  if (checked_) ExecConstraints(info_, slot, state_);
  ItemPointerData tid = row->tts_tid;
  Entries entries;
  const TM_Result result = update_row(table_, &tid, slot, GetActiveSnapshot(), wait, &entries);
  if (result != TM_Ok) return result;
  if (entries == Entries::of_summaries) insert_entries(&slot, 1, true);
  if (entries == Entries::of_all) {
    Assert(count_ == 0 || command_ == GetCurrentCommandId(false));
    command_ = GetCurrentCommandId(false);
    if (++count_ == kAtOnce) flush();
  }
  return result;
}

// The newest version, into found_, unless that is not to be had at once.
bool RowUpdate::lock(TupleTableSlot* row) {
  ItemPointerData tid = row->tts_tid;
  const bool one_snapshot = IsolationUsesXactSnapshot();
  TM_FailureData failure;
  const TM_Result result = table_tuple_lock(table_, &tid, GetActiveSnapshot(), found_, GetCurrentCommandId(true), LockTupleNoKeyExclusive, LockWaitSkip,
                                            one_snapshot ? 0 : TUPLE_LOCK_FLAG_FIND_LAST_VERSION, &failure);
  switch (result) {
    case TM_Ok: {
      bool null, null_found;
      const Datum key = slot_getattr(row, places_[0], &null), key_found = slot_getattr(found_, places_[0], &null_found);
      return null == null_found && key == key_found;
    }
    case TM_WouldBlock: return false;
    case TM_Updated:
    case TM_Deleted:
      if (!one_snapshot) return false;
      raise(pg::failure(ERRCODE_T_R_SERIALIZATION_FAILURE, "could not serialize access due to concurrent %s", result == TM_Updated ? "update" : "delete"));
    default: raise(pg::failure(ERRCODE_INTERNAL_ERROR, "a row of \"%s\" cannot be locked: %d", RelationGetRelationName(table_), (int)result));
  }
}

void RowUpdate::insert_entries(TupleTableSlot** rows, int count, bool of_summaries) {
  for (int i = 0; i < info_->ri_NumIndices; i++) pg::insert_entries(info_, i, of_summaries, !changed_indexes_[i], rows, count, state_);
}

void RowUpdate::flush() {
  Assert(count_ == 0 || command_ == GetCurrentCommandId(false));
  if (count_ > 0) insert_entries(slots_, count_, false);
  for (int i = 0; i < count_; i++) ExecClearTuple(slots_[i]);
  count_ = 0;
}

void RowUpdate::close() {
  flush();
  ExecDropSingleTupleTableSlot(found_);
  for (int i = 0; i < kAtOnce && slots_[i]; i++) ExecDropSingleTupleTableSlot(slots_[i]);
  ExecCloseIndices(info_);
  FreeExecutorState(state_);
  if (written_) CommandCounterIncrement();
  // The lock is kept to the end of the transaction: whoever makes an index concurrently waits by it for the rows.
  table_close(table_, NoLock);
  table_ = nullptr;
}

}  // namespace ea::pg
