#include "pg/table_writer.hpp"

#include "pg/served.hpp"

namespace ea::pg {

namespace {

const Column* find(Columns columns, const char* name) {
  for (const Column& column : columns)
    if (strcmp(column.name, name) == 0) return &column;
  return nullptr;
}

// Ours must take what we store, others must do without a value.
void require_no_wishes(Relation table, Columns columns) {
  for (int i = 0; i < RelationGetNumberOfAttributes(table); i++) {
    const FormData_pg_attribute* attribute = TupleDescAttr(RelationGetDescr(table), i);
    if (attribute->attisdropped) continue;
    const char *column = NameStr(attribute->attname), *name = RelationGetRelationName(table);
    const Column* ours = find(columns, column);
    if (ours && (attribute->attgenerated || (attribute->attnotnull && !ours->required)))
      raise(with_hint(failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "column %s of table %s does not take every value", column, name),
                      "Take the change of that column back."));
    if (!ours && (attribute->attnotnull || attribute->atthasdef || attribute->attidentity))
      raise(with_hint(failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "column %s of table %s is not ours, and wants a value", column, name),
                      "Run: ALTER TABLE %s DROP COLUMN %s;", full_name(RelationGetRelid(table)), quote_identifier(column)));
  }
}

}  // namespace

void TableWriter::open(const Table& table) {
  *this = TableWriter();
  table_ = table_open(table.oid, RowExclusiveLock);
  require_writable(table_);
  places_.find(table_, table);
  require_no_wishes(table_, table.columns);
  columns_ = (int)table.columns.size();
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
  if (column_ == 0) {
    ExecClearTuple(slot);
    memset(slot->tts_isnull, true, sizeof(bool) * (Size)slot->tts_tupleDescriptor->natts);
  }
  return slot;
}

int TableWriter::place() {
  if (column_ == columns_) raise(failure(ERRCODE_INTERNAL_ERROR, "a row of \"%s\" has more than %d columns", RelationGetRelationName(table_), columns_));
  return places_[++column_] - 1;
}

TableWriter& TableWriter::add(Datum value) {
  TupleTableSlot* slot = row();
  const int place = this->place();
  FormData_pg_attribute* attribute = TupleDescAttr(slot->tts_tupleDescriptor, place);
  MemoryContext outside = MemoryContextSwitchTo(buffer_context_);
  slot->tts_values[place] = datumCopy(value, attribute->attbyval, attribute->attlen);
  MemoryContextSwitchTo(outside);
  slot->tts_isnull[place] = false;
  if (attribute->attlen == -1) buffered_bytes_ += VARSIZE_ANY(DatumGetPointer(value));
  return *this;
}

TableWriter& TableWriter::null() {
  row();    // where all is null
  place();
  return *this;
}

void TableWriter::end_row() {
  if (column_ != columns_)
    raise(failure(ERRCODE_INTERNAL_ERROR, "a row of \"%s\" has %d columns of %d", RelationGetRelationName(table_), column_, columns_));
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
