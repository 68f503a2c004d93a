#include "pg/single_row.hpp"

#include "pg/plain_insert.hpp"
#include "pg/relation_changes.hpp"

namespace ea::pg {

namespace {

SingleRow* all = nullptr;
bool watched = false;
uint64 changes = 0;

// Of other kinds some keep something from row to row, which ends with the statement.
bool are_indexes_simple(const ResultRelInfo* info) {
  for (int i = 0; i < info->ri_NumIndices; i++) {
    const Relation index = info->ri_IndexRelationDescs[i];
    if (index->rd_rel->relam != BTREE_AM_OID || !index->rd_index->indimmediate) return false;
  }
  return true;
}

}  // namespace

SingleRow::SingleRow() : next_(all) { all = this; }

// What was prepared is freed when it is prepared again: it may be in use.
void SingleRow::forget(Datum, Oid relation) {
  changes++;
  for (SingleRow* row = all; row; row = row->next_)
    if (!OidIsValid(relation) || row->of_ == relation) row->of_ = InvalidOid;
}

bool SingleRow::fits(const Table& wanted, int now) {
  const FormData_pg_class* form = table_->rd_rel;
  return form->relkind == RELKIND_RELATION && !form->relhassubclass && !form->relispartition && plain_insert(table_).possible && (now || !table_->trigdesc) &&
         find_places(table_, wanted, places_, now != 0) && (!now || has_default(table_, places_[now - 1], F_NOW));
}

bool SingleRow::prepare(const Table& wanted, int now) {
  if (state_) FreeExecutorState(state_);
  state_ = nullptr;
  if (!fits(wanted, now)) return false;
  MemoryContext outside = MemoryContextSwitchTo(TopMemoryContext);
  state_ = CreateExecutorState();
  MemoryContextSwitchTo(state_->es_query_cxt);
  info_ = makeNode(ResultRelInfo);
  InitResultRelInfo(info_, table_, 0, nullptr, 0);
  ExecOpenIndices(info_, false);
  const bool simple = are_indexes_simple(info_);
  indexes_ = static_cast<Oid*>(palloc(sizeof(Oid) * (Size)Max(info_->ri_NumIndices, 1)));
  for (int i = 0; i < info_->ri_NumIndices; i++) {
    indexes_[i] = RelationGetRelid(info_->ri_IndexRelationDescs[i]);
    index_close(info_->ri_IndexRelationDescs[i], NoLock);
  }
  MemoryContextSwitchTo(outside);
  return simple;
}

bool SingleRow::open(const Table& wanted, int now) {
  Assert(wanted.columns.size() <= (size_t)Places::kMost);
  if (!watched) on_relation_change(forget);
  watched = true;
  table_ = table_open(wanted.oid, RowExclusiveLock);
  changes_ = changes;
  columns_ = (int)wanted.columns.size();
  const bool prepared = of_ == wanted.oid;
  of_ = InvalidOid;
  if ((!prepared && !prepare(wanted, now)) || !is_granted(table_, now ? ACL_INSERT : ACL_SELECT | ACL_UPDATE)) {
    table_close(table_, NoLock);
    return false;
  }
  info_->ri_RelationDesc = table_;
  for (int i = 0; i < info_->ri_NumIndices; i++) info_->ri_IndexRelationDescs[i] = index_open(indexes_[i], RowExclusiveLock);
  slot_ = MakeSingleTupleTableSlot(RelationGetDescr(table_), &TTSOpsVirtual);
  slot_->tts_tableOid = wanted.oid;
  return true;
}

void SingleRow::set(int column, Datum value, bool null) {
  slot_->tts_values[places_[column - 1] - 1] = value;
  slot_->tts_isnull[places_[column - 1] - 1] = null;
}

void SingleRow::check() {
  ExecStoreVirtualTuple(slot_);
  if (RelationGetDescr(table_)->constr) ExecConstraints(info_, slot_, state_);
}

void SingleRow::insert(const Datum* values, const bool* nulls) {
  memset(slot_->tts_isnull, true, sizeof(bool) * (Size)slot_->tts_tupleDescriptor->natts);
  for (int column = 1; column <= columns_; column++) set(column, values[column - 1], nulls[column - 1]);
  check();
  table_tuple_insert(table_, slot_, GetCurrentCommandId(true), 0, nullptr);
  if (info_->ri_NumIndices > 0) list_free(insert_index_entries(info_, slot_, state_));
  ResetPerTupleExprContext(state_);
}

void SingleRow::change(TupleTableSlot* row, int column, Datum value) {
  slot_getallattrs(row);
  const int columns = slot_->tts_tupleDescriptor->natts;
  memcpy(slot_->tts_values, row->tts_values, sizeof(Datum) * (Size)columns);
  memcpy(slot_->tts_isnull, row->tts_isnull, sizeof(bool) * (Size)columns);
  for (int i = 0; i < columns; i++) slot_->tts_isnull[i] = slot_->tts_isnull[i] || TupleDescAttr(slot_->tts_tupleDescriptor, i)->attisdropped;
  set(column, value, false);
  check();
  CheckCmdReplicaIdentity(table_, CMD_UPDATE);
  ItemPointerData place = row->tts_tid;
  Entries entries;
  const TM_Result result = update_row(table_, &place, slot_, GetActiveSnapshot(), true, &entries);
  if (result != TM_Ok) raise(failure(ERRCODE_INTERNAL_ERROR, "a locked row of \"%s\" cannot be changed: %d", RelationGetRelationName(table_), (int)result));
  if (entries == Entries::of_all) list_free(insert_index_entries(info_, slot_, state_));
  ResetPerTupleExprContext(state_);
}

void SingleRow::close() {
  ExecDropSingleTupleTableSlot(slot_);
  for (int i = 0; i < info_->ri_NumIndices; i++) index_close(info_->ri_IndexRelationDescs[i], NoLock);
  if (changes == changes_) of_ = RelationGetRelid(table_);
  // The lock is kept to the end of the transaction: whoever makes an index concurrently waits by it for the rows.
  table_close(table_, NoLock);
}

}  // namespace ea::pg
