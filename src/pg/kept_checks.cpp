#include "pg/kept_checks.hpp"

#include "pg/relation_changes.hpp"

namespace ea::pg {

namespace {

struct Kept {
  Oid table;
  EState* state;
  ResultRelInfo* info;
};

struct {
  bool watched = false;
  uint64 changes = 0;
  Kept kept[8] = {};
} memory;

// Freed by the next row: this one may be in use.
void forget(Datum, Oid relation) {
  memory.changes++;
  for (Kept& kept : memory.kept)
    if (!OidIsValid(relation) || kept.table == relation) kept.table = InvalidOid;
}

void begin(Kept& kept, Relation table) {
  if (kept.state) FreeExecutorState(kept.state);
  kept = {};
  MemoryContext outside = MemoryContextSwitchTo(TopMemoryContext);
  kept.state = CreateExecutorState();
  MemoryContextSwitchTo(kept.state->es_query_cxt);
  kept.info = makeNode(ResultRelInfo);
  InitResultRelInfo(kept.info, table, 0, nullptr, 0);
  MemoryContextSwitchTo(outside);
}

}  // namespace

void check_constraints(Relation table, TupleTableSlot* row) {
  if (!memory.watched) {
    on_relation_change(forget);
    memory.watched = true;
  }
  const Oid oid = RelationGetRelid(table);
  Kept& kept = memory.kept[oid % lengthof(memory.kept)];
  if (kept.table != oid) begin(kept, table);
  const uint64 changes = memory.changes;
  kept.table = InvalidOid;    // if an error ends it, what is prepared may be half of it
  kept.info->ri_RelationDesc = table;
  ExecConstraints(kept.info, row, kept.state);
  ResetPerTupleExprContext(kept.state);
  // What changed meanwhile is prepared anew the next time.
  if (changes == memory.changes) kept.table = oid;
}

}  // namespace ea::pg
