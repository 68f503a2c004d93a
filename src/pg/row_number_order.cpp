#include "pg/row_number_order.hpp"

#include "pg/postgres.hpp"

namespace ea::pg {

namespace {

const char* view_name = nullptr;
set_rel_pathlist_hook_type earlier_hook = nullptr;

const Expr* column_of(const Query* query, const Expr* column) {
  const TargetEntry* entry = get_tle_by_resno(query->targetList, ((const Var*)column)->varattno);
  return entry ? entry->expr : nullptr;
}

// Whether the rows of a path come by ascending `value`: they do from the node that counts them off, and neither what
// leaves some out nor a nested loop, which repeats those of its outer side, changes their order.
bool ascends(const Path* path, const Expr* value) {
  while (value) {
    if (IsA(path, ProjectionPath)) {
      path = ((const ProjectionPath*)path)->subpath;
    } else if (IsA(path, LimitPath)) {
      path = ((const LimitPath*)path)->subpath;
    } else if (IsA(path, NestPath)) {
      path = ((const NestPath*)path)->jpath.outerjoinpath;
    } else if (IsA(path, SubqueryScanPath)) {
      if (!IsA(value, Var) || ((const Var*)value)->varlevelsup != 0 || ((const Var*)value)->varno != (int)path->parent->relid || ((const Var*)value)->varattno <= 0) return false;
      value = column_of(path->parent->subroot->parse, value);
      path = ((const SubqueryScanPath*)path)->subpath;
    } else if (IsA(path, WindowAggPath)) {
      const WindowClause* window = ((const WindowAggPath*)path)->winclause;
      const auto* number = (const WindowFunc*)value;
      return IsA(value, WindowFunc) && number->winfnoid == F_ROW_NUMBER && number->winref == window->winref && window->partitionClause == NIL;
    } else {
      return false;
    }
  }
  return false;
}

// The column of the relation that the query wants its rows to ascend by; null when it is none.
const Expr* wanted_order(const PlannerInfo* root, const RelOptInfo* rel) {
  if (root->query_pathkeys == NIL) return nullptr;
  const PathKey* first = linitial_node(PathKey, root->query_pathkeys);
  if (first->pk_opfamily != INTEGER_BTREE_FAM_OID || !is_ascending(first)) return nullptr;
  ListCell* cell;
  foreach (cell, first->pk_eclass->ec_members) {
    const Expr* member = lfirst_node(EquivalenceMember, cell)->em_expr;
    if (IsA(member, Var) && ((const Var*)member)->varno == (int)rel->relid && ((const Var*)member)->varattno > 0 && !may_be_nulled((const Var*)member)) return member;
  }
  return nullptr;
}

bool is_the_view(const RangeTblEntry* entry) {
  if (entry->rtekind != RTE_SUBQUERY || !OidIsValid(view_of(entry))) return false;
  const char* name = get_rel_name(view_of(entry));
  return name && strcmp(name, view_name) == 0;
}

void add_ordered_paths(PlannerInfo* root, RelOptInfo* rel, Index index, RangeTblEntry* entry) {
  if (earlier_hook) earlier_hook(root, rel, index, entry);
  const Expr* wanted = wanted_order(root, rel);
  if (!wanted || rel->reloptkind != RELOPT_BASEREL || !is_the_view(entry)) return;
  List* ordered = NIL;
  ListCell* cell;
  foreach (cell, rel->pathlist) {
    const Path* path = (const Path*)lfirst(cell);
    if (!IsA(path, SubqueryScanPath) || !ascends(path, wanted)) continue;
    SubqueryScanPath* copy = makeNode(SubqueryScanPath);
    *copy = *(const SubqueryScanPath*)path;
    copy->path.pathkeys = list_make1(linitial(root->query_pathkeys));
    ordered = lappend(ordered, copy);
  }
  foreach (cell, ordered) add_path(rel, (Path*)lfirst(cell));
}

}  // namespace

void order_by_row_number(const char* view) {
  if (view_name) return;    // loaded once more after an error
  view_name = view;
  earlier_hook = set_rel_pathlist_hook;
  set_rel_pathlist_hook = add_ordered_paths;
}

}  // namespace ea::pg
