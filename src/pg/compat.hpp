// What differs between PostgreSQL 15 and 18: the only place that asks for the version. Included by
// postgres.hpp alone.
#pragma once

#if PG_VERSION_NUM >= 160000
extern "C" {
#include "utils/guc_tables.h"
#include "varatt.h"   // split off from postgres.h
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"   // split off from commands/explain.h
#include "commands/explain_state.h"
#endif
}
#else
// 15 exports nothing by itself when symbols are hidden.
#undef PGDLLEXPORT
#define PGDLLEXPORT __attribute__((visibility("default")))
#endif

namespace ea::pg {

inline LocalTransactionId local_transaction() {
#if PG_VERSION_NUM >= 170000
  return MyProc->vxid.lxid;
#else
  return MyProc->lxid;
#endif
}

inline PGPROC* process_of(const VirtualTransactionId& transaction) {
#if PG_VERSION_NUM >= 170000
  return ProcNumberGetProc(transaction.procNumber);
#else
  return BackendIdGetProc(transaction.backendId);
#endif
}

// Whether a setting that no library has defined was given a value. One that was only spoken of has none, which
// GetConfigOption no longer tells from an empty one.
inline bool has_text(const char* undefined_setting) {
#if PG_VERSION_NUM >= 160000
  const config_generic* setting = find_option(undefined_setting, false, true, ERROR);
  return setting && *reinterpret_cast<const config_string*>(setting)->variable;
#else
  return GetConfigOption(undefined_setting, true, false) != nullptr;
#endif
}

inline VirtualTransactionId transaction_of(const LockInstanceData& lock) {
#if PG_VERSION_NUM >= 170000
  return lock.vxid;
#else
  return {lock.backend, lock.lxid};
#endif
}

// A procedure is never outside of a transaction, where alone servers built with assertions allow it; after a commit
// nothing of the next transaction has been counted yet.
inline void hand_over_statistics() {
#ifdef USE_ASSERT_CHECKING
  if (IsTransactionOrTransactionBlock()) return;
#endif
  pgstat_report_stat(true);
}

// DROP DATABASE that was interrupted leaves a database that nobody can connect to.
inline bool is_half_dropped(const FormData_pg_database& database) { return database.datconnlimit == -2; }

inline bool may_execute(Oid function, Oid role) {
#if PG_VERSION_NUM >= 160000
  return object_aclcheck(ProcedureRelationId, function, role, ACL_EXECUTE) == ACLCHECK_OK;
#else
  return pg_proc_aclcheck(function, role, ACL_EXECUTE) == ACLCHECK_OK;
#endif
}

// Whether no row has a null there. Since 18 a constraint may be NOT VALID.
inline bool is_never_null(const FormData_pg_attribute& column) {
  bool valid = column.attnotnull;
#if PG_VERSION_NUM >= 180000
  HeapTuple constraint = valid ? findNotNullConstraintAttnum(column.attrelid, column.attnum) : nullptr;
  if (HeapTupleIsValid(constraint)) {
    valid = ((Form_pg_constraint)GETSTRUCT(constraint))->convalidated;
    heap_freetuple(constraint);
  }
#endif
  return valid;
}

inline IndexScanDesc begin_index_scan(Relation table, Relation index, Snapshot snapshot, int keys) {
#if PG_VERSION_NUM >= 180000
  return index_beginscan(table, index, snapshot, nullptr, keys, 0);
#else
  return index_beginscan(table, index, snapshot, keys, 0);
#endif
}

#if PG_VERSION_NUM >= 160000
using FileLocator = RelFileLocator;
inline FileLocator file_of(Relation relation) { return relation->rd_locator; }
inline bool is_same_file(const FileLocator& a, const FileLocator& b) { return RelFileLocatorEquals(a, b); }
#else
using FileLocator = RelFileNode;
inline FileLocator file_of(Relation relation) { return relation->rd_node; }
inline bool is_same_file(const FileLocator& a, const FileLocator& b) { return RelFileNodeEquals(a, b); }
#endif

// Pinned and locked; invalid of an empty index.
inline Buffer rightmost_leaf(Relation index) {
#if PG_VERSION_NUM >= 170000
  return _bt_get_endpoint(index, 0, true);
#else
  return _bt_get_endpoint(index, 0, true, nullptr);
#endif
}

// Whether rows that an old snapshot sees may be gone (old_snapshot_threshold).
inline bool loses_old_rows() {
#if PG_VERSION_NUM >= 170000
  return false;
#else
  return OldSnapshotThresholdActive();
#endif
}

inline List* insert_index_entries(ResultRelInfo* info, TupleTableSlot* slot, EState* state) {
#if PG_VERSION_NUM >= 160000
  return ExecInsertIndexTuples(info, slot, state, false, false, nullptr, NIL, false);
#else
  return ExecInsertIndexTuples(info, slot, state, false, false, nullptr, NIL);
#endif
}

// A range table of one relation, which rows are inserted into; it is opened as the first result.
inline ResultRelInfo* open_result(EState* state, Relation table) {
  RangeTblEntry* entry = makeNode(RangeTblEntry);
  entry->rtekind = RTE_RELATION;
  entry->relid = RelationGetRelid(table);
  entry->relkind = table->rd_rel->relkind;
  entry->rellockmode = RowExclusiveLock;
#if PG_VERSION_NUM >= 160000
  List* permissions = NIL;
  addRTEPermissionInfo(&permissions, entry)->requiredPerms = ACL_INSERT;
#if PG_VERSION_NUM >= 180000
  ExecInitRangeTable(state, list_make1(entry), permissions, bms_make_singleton(1));
#else
  ExecInitRangeTable(state, list_make1(entry), permissions);
#endif
#else
  entry->requiredPerms = ACL_INSERT;
  ExecInitRangeTable(state, list_make1(entry));
#endif
  ResultRelInfo* info = makeNode(ResultRelInfo);
  ExecInitResultRelation(state, info, 1);
  return info;
}

inline TupleConversionMap* map_to_partition([[maybe_unused]] EState* state, ResultRelInfo* partition) {
#if PG_VERSION_NUM >= 160000
  return ExecGetRootToChildMap(partition, state);
#else
  return partition->ri_RootToPartitionMap;
#endif
}

inline Oid identity_sequence(Relation table, AttrNumber column) {
#if PG_VERSION_NUM >= 170000
  return getIdentitySequence(table, column, true);
#else
  return getIdentitySequence(RelationGetRelid(table), column, true);
#endif
}

inline bool walk_expression(Node* node, bool (*walker)(Node*, void*), void* context) {
#if PG_VERSION_NUM >= 160000
  return expression_tree_walker(node, walker, context);
#else
  return expression_tree_walker(node, reinterpret_cast<bool (*)()>(reinterpret_cast<void*>(walker)), context);
#endif
}

inline bool walk_query(Query* query, bool (*walker)(Node*, void*), void* context, int flags = 0) {
#if PG_VERSION_NUM >= 160000
  return query_tree_walker(query, walker, context, flags);
#else
  return query_tree_walker(query, reinterpret_cast<bool (*)()>(reinterpret_cast<void*>(walker)), context, flags);
#endif
}

// The view that a subquery of the range table stands for; invalid when it was written out.
inline Oid view_of(const RangeTblEntry* entry) {
#if PG_VERSION_NUM >= 160000
  return entry->relid;
#else
  // As what was OLD in the rule of the view.
  if (entry->subquery->rtable == NIL) return InvalidOid;
  const RangeTblEntry* first = linitial_node(RangeTblEntry, entry->subquery->rtable);
  return first->rtekind == RTE_RELATION && first->relkind == RELKIND_VIEW ? first->relid : InvalidOid;
#endif
}

// Whether an outer join below may have put a null in its place.
inline bool may_be_nulled([[maybe_unused]] const Var* column) {
#if PG_VERSION_NUM >= 160000
  return !bms_is_empty(column->varnullingrels);
#else
  return false;
#endif
}

inline bool is_ascending(const PathKey* key) {
#if PG_VERSION_NUM >= 180000
  return key->pk_cmptype == COMPARE_LT;
#else
  return key->pk_strategy == BTLessStrategyNumber;
#endif
}

// Which indexes want an entry for the new version of the row.
enum class Entries { none, of_summaries, of_all };
inline TM_Result update_row(Relation table, ItemPointer old_row, TupleTableSlot* slot, Snapshot snapshot, bool wait, Entries* entries) {
  TM_FailureData failure;
  LockTupleMode lock;
#if PG_VERSION_NUM >= 160000
  TU_UpdateIndexes indexes;
  const TM_Result result = table_tuple_update(table, old_row, slot, GetCurrentCommandId(true), snapshot, InvalidSnapshot, wait, &failure, &lock, &indexes);
  *entries = indexes == TU_All ? Entries::of_all : indexes == TU_Summarizing ? Entries::of_summaries : Entries::none;
#else
  bool indexes;
  const TM_Result result = table_tuple_update(table, old_row, slot, GetCurrentCommandId(true), snapshot, InvalidSnapshot, wait, &failure, &lock, &indexes);
  *entries = indexes ? Entries::of_all : Entries::none;
#endif
  return result;
}

inline bool is_summary([[maybe_unused]] const IndexInfo* index) {
#if PG_VERSION_NUM >= 160000
  return index->ii_Summarizing;
#else
  return false;
#endif
}

inline IndexScanDesc begin_bitmap_scan(Relation index, Snapshot snapshot, int keys) {
#if PG_VERSION_NUM >= 180000
  return index_beginscan_bitmap(index, snapshot, nullptr, keys);
#else
  return index_beginscan_bitmap(index, snapshot, keys);
#endif
}

// Exactly so many bytes of a temporary file; error where it has fewer.
inline void read_exactly(BufFile* file, void* bytes, size_t size) {
#if PG_VERSION_NUM >= 160000
  BufFileReadExact(file, bytes, size);
#else
  if (BufFileRead(file, bytes, size) != size) ereport(ERROR, (errcode_for_file_access(), errmsg("could not read from temporary file")));
#endif
}

// The next of sorted numbers; false when there is none.
inline bool next_number(Tuplesortstate* sort, Datum* number, bool* null) {
#if PG_VERSION_NUM >= 160000
  return tuplesort_getdatum(sort, true, false, number, null, nullptr);
#else
  return tuplesort_getdatum(sort, true, number, null, nullptr);
#endif
}

// Calls f(block) for each block of a bitmap, ascending.
template <class F>
void for_each_block(TIDBitmap* bitmap, F&& f) {
#if PG_VERSION_NUM >= 180000
  TBMPrivateIterator* iterator = tbm_begin_private_iterate(bitmap);
  for (TBMIterateResult result; tbm_private_iterate(iterator, &result);) f(result.blockno);
  tbm_end_private_iterate(iterator);
#else
  TBMIterator* iterator = tbm_begin_iterate(bitmap);
  while (const TBMIterateResult* result = tbm_iterate(iterator)) f(result->blockno);
  tbm_end_iterate(iterator);
#endif
}

}  // namespace ea::pg
