#include "pg/table_writer.hpp"

namespace ea::pg {

void TableWriter::open(Oid table) {
  *this = TableWriter();
  table_ = table_open(table, RowExclusiveLock);
  if (table_->rd_rel->relkind != RELKIND_RELATION)
    raise(failure(ERRCODE_WRONG_OBJECT_TYPE, "relation \"%s\" is not an ordinary table", RelationGetRelationName(table_)));
  state_ = CreateExecutorState();
  info_ = makeNode(ResultRelInfo);
  InitResultRelInfo(info_, table_, 0, nullptr, 0);
  ExecOpenIndices(info_, false);
  context_ = CurrentMemoryContext;
  buffer_context_ = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics rows", ALLOCSET_DEFAULT_SIZES);
}

TupleTableSlot* TableWriter::row() {
  TupleTableSlot*& slot = slots_[buffered_];
  if (!slot) {
    MemoryContext outside = MemoryContextSwitchTo(context_);
    slot = MakeSingleTupleTableSlot(RelationGetDescr(table_), table_slot_callbacks(table_));
    MemoryContextSwitchTo(outside);
  }
  if (column_ == 0) ExecClearTuple(slot);
  return slot;
}

TableWriter& TableWriter::add(Datum value) {
  TupleTableSlot* slot = row();
  Form_pg_attribute attribute = TupleDescAttr(slot->tts_tupleDescriptor, column_);
  MemoryContext outside = MemoryContextSwitchTo(buffer_context_);
  slot->tts_values[column_] = datumCopy(value, attribute->attbyval, attribute->attlen);
  MemoryContextSwitchTo(outside);
  slot->tts_isnull[column_++] = false;
  if (attribute->attlen == -1) buffered_bytes_ += VARSIZE_ANY(DatumGetPointer(value));
  return *this;
}

TableWriter& TableWriter::null() {
  TupleTableSlot* slot = row();
  slot->tts_values[column_] = 0;
  slot->tts_isnull[column_++] = true;
  return *this;
}

void TableWriter::end_row() {
  ExecStoreVirtualTuple(slots_[buffered_]);
  column_ = 0;
  rows_++;
  if (++buffered_ == kBuffered || buffered_bytes_ > kBufferedBytes) flush();
}

void TableWriter::remove(const ItemPointerData& tid) {
  ItemPointerData copy = tid;
  simple_heap_delete(table_, &copy);
  changed_ = true;
}

void TableWriter::flush() {
  if (buffered_ > 0) {
    // The executor's memory for each row is given back at once.
    MemoryContext outside = MemoryContextSwitchTo(GetPerTupleMemoryContext(state_));
    table_multi_insert(table_, slots_, buffered_, GetCurrentCommandId(true), 0, nullptr);
    for (int i = 0; i < buffered_; i++)
      if (info_->ri_NumIndices > 0) list_free(insert_index_entries(info_, slots_[i], state_));
    MemoryContextSwitchTo(outside);
    ResetPerTupleExprContext(state_);
    for (int i = 0; i < buffered_; i++) ExecClearTuple(slots_[i]);
    MemoryContextReset(buffer_context_);
    bytes_ += (int64)buffered_bytes_;
    buffered_ = 0;
    buffered_bytes_ = 0;
    changed_ = true;
  }
  if (changed_) CommandCounterIncrement();
  changed_ = false;
}

void TableWriter::close() {
  flush();
  for (TupleTableSlot* slot : slots_)
    if (slot) ExecDropSingleTupleTableSlot(slot);
  ExecCloseIndices(info_);
  FreeExecutorState(state_);
  MemoryContextDelete(buffer_context_);
  // The lock is kept to the end of the transaction: whoever makes an index concurrently waits by it for the rows.
  table_close(table_, NoLock);
}

}  // namespace ea::pg
