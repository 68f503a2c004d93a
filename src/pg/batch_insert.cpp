#include "pg/batch_insert.hpp"

#include "pg/index_entry.hpp"
#include "pg/plain_insert.hpp"
#include "pg/relation_changes.hpp"

namespace ea::pg {

namespace {

// What was found out about the table, as of the last look.
struct {
  bool watched = false;
  uint64 changes = 0;
  Oid table = InvalidOid;
  bool fits = false;
  Oid sequence = InvalidOid;
  AttrNumber places[BatchInsert::kMostColumns] = {};
} known;

void forget(Datum, Oid relation) {
  known.changes++;
  if (!OidIsValid(relation) || relation == known.table) known.table = InvalidOid;
}

// Every row has a partition, and that is found by one column.
bool is_routed_by(Relation table, AttrNumber column) {
  const PartitionKey key = RelationGetPartitionKey(table);
  if (table->rd_rel->relispartition || key->partnatts != 1 || key->partattrs[0] != column || key->partopfamily[0] >= FirstNormalObjectId) return false;
  const PartitionDesc partitions = RelationGetPartitionDesc(table, true);
  if (partitions->nparts == 0 || !partition_bound_has_default(partitions->boundinfo)) return false;
  for (int i = 0; i < partitions->nparts; i++)
    if (!partitions->is_leaf[i]) return false;
  return true;
}

bool look_at(Relation table, const BatchInsert::Target& target) {
  if (table->rd_rel->relkind != RELKIND_PARTITIONED_TABLE || !plain_insert(table).possible || !find_places(table, target.table, known.places)) return false;
  const AttrNumber identity = known.places[target.identity - 1];
  if (!TupleDescAttr(RelationGetDescr(table), identity - 1)->attidentity) return false;
  known.sequence = identity_sequence(table, identity);
  return OidIsValid(known.sequence) && has_default(table, known.places[target.computed - 1], target.default_function()) &&
         is_routed_by(table, known.places[target.routed_by - 1]);
}

bool fits(Relation table, const BatchInsert::Target& target) {
  if (!known.watched) {
    on_relation_change(forget);
    known.watched = true;
  }
  if (known.table == RelationGetRelid(table)) return known.fits;
  const uint64 changes = known.changes;
  known.table = InvalidOid;    // also if an error ends the look
  known.fits = look_at(table, target);
  known.table = changes == known.changes ? RelationGetRelid(table) : InvalidOid;
  return known.fits;
}

}  // namespace

bool BatchInsert::open(const Target& target) {
  *this = BatchInsert();
  target_ = target;
  table_ = table_open(target.table.oid, RowExclusiveLock);
  if (!fits(table_, target) || !is_granted(table_, ACL_INSERT)) {
    table_close(table_, NoLock);
    return false;
  }
  memcpy(places_, known.places, sizeof places_);
  sequence_ = known.sequence;
  state_ = CreateExecutorState();
  ResultRelInfo* info = open_result(state_, table_);
  node_ = makeNode(ModifyTableState);
  node_->ps.state = state_;
  node_->operation = CMD_INSERT;
  node_->mt_nrels = 1;
  node_->resultRelInfo = info;
  node_->rootResultRelInfo = info;
  routing_ = ExecSetupPartitionTupleRouting(state_, table_);
  row_ = MakeSingleTupleTableSlot(RelationGetDescr(table_), &TTSOpsVirtual);
  memset(row_->tts_isnull, true, sizeof(bool) * (Size)row_->tts_tupleDescriptor->natts);
  ExecStoreVirtualTuple(row_);
  return true;
}

BatchInsert& BatchInsert::set(int column, Datum value) {
  row_->tts_values[places_[column - 1] - 1] = value;
  row_->tts_isnull[places_[column - 1] - 1] = false;
  return *this;
}

BatchInsert& BatchInsert::null(int column) {
  row_->tts_isnull[places_[column - 1] - 1] = true;
  return *this;
}

int BatchInsert::route(Datum key) {
  set(target_.routed_by, key);
  ResultRelInfo* info = ExecFindPartition(node_, node_->rootResultRelInfo, routing_, row_, state_);
  ResetPerTupleExprContext(state_);
  for (int i = 0; i < count_; i++)
    if (partitions_[i].info == info) return i;
  const PlainInsert plain = plain_insert(info->ri_RelationDesc);
  if (info->ri_FdwRoutine || !plain.possible || plain.unique_indexes > 0) return -1;
  if (count_ == room_) {
    room_ = room_ ? room_ * 2 : 4;
    const Size size = sizeof(Partition) * (Size)room_;
    partitions_ = static_cast<Partition*>(partitions_ ? repalloc(partitions_, size) : palloc(size));
  }
  partitions_[count_] = {info, map_to_partition(state_, info), CreateTupleDescCopy(RelationGetDescr(info->ri_RelationDesc)), plain.checked,
                         static_cast<TupleTableSlot**>(palloc(sizeof(TupleTableSlot*) * kAtOnce)), 0, 0};
  return count_++;
}

void BatchInsert::add(int number) {
  set(target_.identity, Int64GetDatum(nextval_internal(sequence_, false)));
  Partition& partition = partitions_[number];
  if (partition.count == partition.made) partition.slots[partition.made++] = MakeSingleTupleTableSlot(partition.descriptor, &TTSOpsVirtual);
  TupleTableSlot* slot = partition.slots[partition.count++];
  if (partition.map) {
    execute_attr_map_slot(partition.map->attrMap, row_, slot);
  } else {
    const Size columns = (Size)partition.descriptor->natts;
    ExecClearTuple(slot);
    memcpy(slot->tts_values, row_->tts_values, sizeof(Datum) * columns);
    memcpy(slot->tts_isnull, row_->tts_isnull, sizeof(bool) * columns);
    ExecStoreVirtualTuple(slot);
  }
  if (partition.count == kAtOnce) flush(partition);
}

void BatchInsert::flush(Partition& partition) {
  if (partition.count == 0) return;
  Relation table = partition.info->ri_RelationDesc;
  for (int n = 0; partition.checked && n < partition.count; n++) {
    partition.slots[n]->tts_tableOid = RelationGetRelid(table);
    ExecConstraints(partition.info, partition.slots[n], state_);
    ResetPerTupleExprContext(state_);
  }
  MemoryContext outside = MemoryContextSwitchTo(GetPerTupleMemoryContext(state_));
  table_multi_insert(table, partition.slots, partition.count, GetCurrentCommandId(true), 0, nullptr);
  MemoryContextSwitchTo(outside);
  ResetPerTupleExprContext(state_);
  for (int i = 0; i < partition.info->ri_NumIndices; i++) insert_entries(partition.info, i, false, false, partition.slots, partition.count, state_);
  partition.count = 0;
}

void BatchInsert::close() {
  for (int i = 0; i < count_; i++) {
    flush(partitions_[i]);
    for (int n = 0; n < partitions_[i].made; n++) ExecDropSingleTupleTableSlot(partitions_[i].slots[n]);
  }
  ExecDropSingleTupleTableSlot(row_);
  ExecResetTupleTable(state_->es_tupleTable, false);    // slots of partitions whose columns stand elsewhere
  ExecCleanupTupleRouting(node_, routing_);
  ExecCloseResultRelations(state_);
  ExecCloseRangeTableRelations(state_);
  FreeExecutorState(state_);
  table_close(table_, NoLock);
}

}  // namespace ea::pg
