#include "pg/index_entry.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "pg/look_ahead.hpp"

namespace ea::pg {

bool form_entry(ResultRelInfo* table, int number, bool of_summaries, TupleTableSlot* row, EState* state, Datum* values, bool* nulls) {
  IndexInfo* index = table->ri_IndexRelationInfo[number];
  if (!index->ii_ReadyForInserts || (of_summaries && !is_summary(index))) return false;
  ExprContext* context = GetPerTupleExprContext(state);
  context->ecxt_scantuple = row;
  if (index->ii_Predicate) {
    if (!index->ii_PredicateState) index->ii_PredicateState = ExecPrepareQual(index->ii_Predicate, state);
    if (!ExecQual(index->ii_PredicateState, context)) return false;
  }
  FormIndexDatum(index, row, state, values, nulls);
  return true;
}

namespace {

struct Place {
  double key;
  int row;
};

// Neighbours of large numbers may be taken for equal: that costs time only.
double sort_key(TupleTableSlot* row, AttrNumber column, Oid type) {
  bool null;
  const Datum value = slot_getattr(row, column, &null);
  if (null) return std::numeric_limits<double>::infinity();
  const double key = type == INT8OID ? (double)DatumGetInt64(value) : DatumGetFloat8(value);
  return std::isnan(key) ? std::numeric_limits<double>::infinity() : key;
}

}  // namespace

void insert_entries(ResultRelInfo* table, int number, bool of_summaries, bool unchanged, TupleTableSlot** rows, int count, EState* state) {
  Relation index = table->ri_IndexRelationDescs[number];
  IndexInfo* info = table->ri_IndexRelationInfo[number];
  auto* order = static_cast<Place*>(palloc(sizeof(Place) * (Size)count));
  const AttrNumber first = info->ii_IndexAttrNumbers[0];
  const Oid type = first > 0 ? TupleDescAttr(RelationGetDescr(table->ri_RelationDesc), first - 1)->atttypid : InvalidOid;
  const bool sorted = index->rd_rel->relam == BTREE_AM_OID && (type == INT8OID || type == FLOAT8OID);
  for (int n = 0; n < count; n++) order[n] = {sorted ? sort_key(rows[n], first, type) : 0, n};
  if (sorted) std::sort(order, order + count, [](const Place& a, const Place& b) { return a.key != b.key ? a.key < b.key : a.row < b.row; });
  // Of the keys that stand in columns; a third one matters too little.
  const AttrNumber second = info->ii_NumIndexKeyAttrs > 1 ? info->ii_IndexAttrNumbers[1] : (AttrNumber)0;
  const auto look_ahead_from = [&](int n) {
    Datum firsts[kLookAhead], seconds[kLookAhead];
    int found = 0;
    for (bool null = false; n < count && found < kLookAhead; n++) {
      TupleTableSlot* row = rows[order[n].row];
      firsts[found] = slot_getattr(row, first, &null);
      if (null) break;
      seconds[found++] = second > 0 ? slot_getattr(row, second, &null) : 0;
    }
    look_ahead(index, firsts, second > 0 ? seconds : nullptr, found);
  };
  Datum values[INDEX_MAX_KEYS];
  bool nulls[INDEX_MAX_KEYS];
  MemoryContext outside = MemoryContextSwitchTo(GetPerTupleMemoryContext(state));
  for (int n = 0; n < count; n++) {
    CHECK_FOR_INTERRUPTS();
    if (sorted && n % kLookAhead == 0) look_ahead_from(n);
    TupleTableSlot* row = rows[order[n].row];
    if (form_entry(table, number, of_summaries, row, state, values, nulls))
      index_insert(index, values, nulls, &row->tts_tid, table->ri_RelationDesc, UNIQUE_CHECK_NO, unchanged, info);
    ResetPerTupleExprContext(state);
  }
  MemoryContextSwitchTo(outside);
  pfree(order);
}

}  // namespace ea::pg
