#include "pg/plain_insert.hpp"

#include "pg/relation_changes.hpp"

namespace ea::pg {

namespace {

struct {
  bool watched = false;
  uint64 changes = 0;
  struct {
    Oid table;
    PlainInsert answer;
  } known[64] = {};
} memory;

void forget(Datum, Oid relation) {
  memory.changes++;
  for (auto& entry : memory.known)
    if (!OidIsValid(relation) || entry.table == relation) entry.table = InvalidOid;
}

bool is_foreign(Oid function, void*) { return function >= FirstNormalObjectId; }

bool has_foreign_code(Node* node, void* context) {
  if (!node) return false;
  return IsA(node, CoerceToDomain) || check_functions_in_node(node, is_foreign, context) || walk_expression(node, has_foreign_code, context);
}

bool are_checks_plain(const TupleConstr* constraints) {
  for (int i = 0; i < constraints->num_check; i++)
    if (has_foreign_code((Node*)stringToNode(constraints->check[i].ccbin), nullptr)) return false;
  return true;
}

bool are_indexes_plain(Relation table, int* unique) {
  bool plain = true;
  List* indexes = RelationGetIndexList(table);
  ListCell* cell;
  foreach (cell, indexes) {
    Relation index = index_open(lfirst_oid(cell), AccessShareLock);
    if (index->rd_index->indisunique) ++*unique;
    for (int i = 0; i < index->rd_index->indnkeyatts; i++) plain = plain && index->rd_opfamily[i] < FirstNormalObjectId;
    plain = plain && !index->rd_index->indisexclusion && !has_foreign_code((Node*)RelationGetIndexExpressions(index), nullptr) &&
            !has_foreign_code((Node*)RelationGetIndexPredicate(index), nullptr);
    index_close(index, AccessShareLock);
  }
  list_free(indexes);
  return plain;
}

PlainInsert look_at(Relation table) {
  const TriggerDesc* triggers = table->trigdesc;
  PlainInsert answer;
  if (triggers && (triggers->trig_insert_before_row || triggers->trig_insert_after_row || triggers->trig_insert_instead_row ||
                   triggers->trig_insert_before_statement || triggers->trig_insert_after_statement))
    return answer;
  answer.possible = is_plain(table, &answer.unique_indexes);
  answer.checked = RelationGetDescr(table)->constr != nullptr;
  return answer;
}

bool wants_value(const FormData_pg_attribute* column) {
  return column->attnotnull || column->atthasdef || column->attidentity || get_typtype(column->atttypid) == TYPTYPE_DOMAIN;
}

}  // namespace

bool is_plain(Relation table, int* unique_indexes) {
  const FormData_pg_class* form = table->rd_rel;
  const bool partitioned = form->relkind == RELKIND_PARTITIONED_TABLE;
  if (!partitioned && (form->relkind != RELKIND_RELATION || form->relam != HEAP_TABLE_AM_OID)) return false;
  if (form->relrowsecurity || (table->rd_rules && table->rd_rules->numLocks > 0)) return false;
  const TupleConstr* constraints = RelationGetDescr(table)->constr;
  for (int i = 0; i < RelationGetNumberOfAttributes(table); i++)
    if (TupleDescAttr(RelationGetDescr(table), i)->attgenerated) return false;
  return (!constraints || are_checks_plain(constraints)) && are_indexes_plain(table, unique_indexes);
}

PlainInsert plain_insert(Relation table) {
  if (!memory.watched) {
    on_relation_change(forget);
    memory.watched = true;
  }
  const Oid oid = RelationGetRelid(table);
  auto& entry = memory.known[oid % lengthof(memory.known)];
  if (entry.table == oid) return entry.answer;
  const uint64 changes = memory.changes;
  const PlainInsert answer = look_at(table);
  // What changed meanwhile is looked at the next time.
  entry.table = changes == memory.changes ? oid : InvalidOid;
  entry.answer = answer;
  return answer;
}

bool is_granted(Relation table, AclMode privileges) {
  return !ExecutorCheckPerms_hook && pg_class_aclmask(RelationGetRelid(table), GetUserId(), privileges, ACLMASK_ALL) == privileges;
}

bool has_default(Relation table, AttrNumber column, Oid function) {
  const TupleConstr* constraints = RelationGetDescr(table)->constr;
  for (int i = 0; constraints && i < constraints->num_defval; i++) {
    if (constraints->defval[i].adnum != column) continue;
    const Node* expression = (Node*)stringToNode(constraints->defval[i].adbin);
    return IsA(expression, FuncExpr) && ((const FuncExpr*)expression)->funcid == function;
  }
  return false;
}

bool find_places(Relation table, const Table& wanted, AttrNumber* places, bool new_row) {
  TupleDesc descriptor = RelationGetDescr(table);
  for (size_t c = 0; c < wanted.columns.size(); c++) places[c] = InvalidAttrNumber;
  for (int i = 0; i < descriptor->natts; i++) {
    const FormData_pg_attribute* column = TupleDescAttr(descriptor, i);
    if (column->attisdropped) continue;
    size_t c = 0;
    while (c < wanted.columns.size() && strcmp(wanted.columns[c].name, NameStr(column->attname)) != 0) c++;
    if (c == wanted.columns.size()) {
      if (new_row && wants_value(column)) return false;
      continue;
    }
    const Oid type = wanted.columns[c].type == kOwnType ? wanted.own_type : wanted.columns[c].type;
    if (column->atttypid != type || column->atttypmod != -1) return false;
    places[c] = (AttrNumber)(i + 1);
  }
  for (size_t c = 0; c < wanted.columns.size(); c++)
    if (places[c] == InvalidAttrNumber) return false;
  return true;
}

}  // namespace ea::pg
