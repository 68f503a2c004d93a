// Planner support of daily_numbers(): conditions of the query that are on its rows become arguments of the call, so that
// what they leave out is not read. The conditions stay; arguments need only let through what they do.
#include "pg/barrier.hpp"

namespace {

using namespace ea;

// The arguments of daily_numbers(), from 0.
enum Argument { kScope, kDayFrom, kDayTo, kBucketFrom, kBucketTo, kDays, kOneId, kIds, kCreator, kArguments };
enum Column { kNone, kDay, kBucket, kId, kCreatorId };    // the first three as in its result

bool is_open(const List* arguments, Argument argument) {
  const Node* value = (const Node*)list_nth(arguments, argument);
  return IsA(value, Const) && ((const Const*)value)->constisnull;
}

class Conditions {
 public:
  Conditions(PlannerInfo* root, const FuncExpr* call) : root_(root), arguments_((List*)copyObjectImpl(call->args)) {
    ListCell* cell;
    int index = 0;
    foreach (cell, root->parse->rtable) {
      const RangeTblEntry* entry = lfirst_node(RangeTblEntry, cell);
      index++;
      if (entry->rtekind != RTE_FUNCTION || list_length(entry->functions) != 1) continue;
      const Node* function = linitial_node(RangeTblFunction, entry->functions)->funcexpr;
      if (!IsA(function, FuncExpr) || ((const FuncExpr*)function)->funcid != call->funcid) continue;
      call_ = call_ == 0 ? index : -1;    // of two calls we would not know which this is
    }
  }

  // The arguments, or null when no condition says more than they do.
  List* find() {
    if (call_ > 0) look_into((Node*)root_->parse->jointree);
    return found_ ? arguments_ : nullptr;
  }

 private:
  // Where a condition holds for every row of the whole; IN (SELECT ...) has become a join by now.
  void look_into(Node* join) {
    if (!join) return;
    if (IsA(join, FromExpr)) {
      ListCell* cell;
      take(((FromExpr*)join)->quals);
      foreach (cell, ((FromExpr*)join)->fromlist) look_into((Node*)lfirst(cell));
    } else if (IsA(join, JoinExpr) && ((JoinExpr*)join)->jointype != JOIN_FULL && ((JoinExpr*)join)->jointype != JOIN_RIGHT) {
      look_into(((JoinExpr*)join)->larg);
    }
  }

  void take(Node* condition) {
    if (!condition) return;
    ListCell* cell;
    if (IsA(condition, List)) {
      foreach (cell, (List*)condition) take((Node*)lfirst(cell));
    } else if (is_andclause(condition)) {
      foreach (cell, ((BoolExpr*)condition)->args) take((Node*)lfirst(cell));
    } else if (IsA(condition, OpExpr) && list_length(((OpExpr*)condition)->args) == 2) {
      const OpExpr* comparison = (const OpExpr*)condition;
      Node *left = (Node*)linitial(comparison->args), *right = (Node*)lsecond(comparison->args);
      if (column_of(left) != kNone)
        compare(column_of(left), comparison->opno, right);
      else if (column_of(right) != kNone && OidIsValid(get_commutator(comparison->opno)))
        compare(column_of(right), get_commutator(comparison->opno), left);
    } else if (IsA(condition, ScalarArrayOpExpr) && ((ScalarArrayOpExpr*)condition)->useOr) {
      const ScalarArrayOpExpr* any = (const ScalarArrayOpExpr*)condition;
      Node* array = (Node*)lsecond(any->args);
      const Column column = column_of((Node*)linitial(any->args));
      if (strategy_of(any->opno, column) != BTEqualStrategyNumber) return;
      if (column == kDay && exprType(array) == DATEARRAYOID) set(kDays, array);
      if (column == kId && exprType(array) == INT8ARRAYOID) set(kIds, array);
    }
  }

  Column column_of(Node* node) const {
    while (node && IsA(node, RelabelType)) node = (Node*)((RelabelType*)node)->arg;
    if (!node || !IsA(node, Var) || ((Var*)node)->varlevelsup != 0) return kNone;
    const Var* var = (const Var*)node;
    if (var->varno == call_) return var->varattno >= kDay && var->varattno <= kId ? (Column)var->varattno : kNone;
    RangeTblEntry* entry = (RangeTblEntry*)list_nth(root_->parse->rtable, var->varno - 1);
    // The view joins contents, and nothing else with creators.
    return entry->rtekind == RTE_RELATION && var->varattno > 0 && strcmp(get_rte_attribute_name(entry, var->varattno), "creator_id") == 0 ? kCreatorId : kNone;
  }

  static Oid type_of(Column column) { return column == kDay ? DATEOID : column == kBucket ? TIMESTAMPTZOID : INT8OID; }

  // As what a btree of the column knows the operator; 0: it does not.
  static int strategy_of(Oid op, Column column) {
    return column == kNone ? 0 : get_op_opfamily_strategy(op, lookup_type_cache(type_of(column), TYPECACHE_BTREE_OPFAMILY)->btree_opf);
  }

  void compare(Column column, Oid op, Node* value) {
    const bool number = type_of(column) == INT8OID;
    const int strategy = strategy_of(op, column);
    if (strategy == 0) return;
    if (number && (exprType(value) == INT4OID || exprType(value) == INT2OID))
      value = (Node*)makeFuncExpr(exprType(value) == INT4OID ? F_INT8_INT4 : F_INT8_INT2, INT8OID, list_make1(value), InvalidOid, InvalidOid, COERCE_IMPLICIT_CAST);
    if (exprType(value) != type_of(column)) return;
    const bool equal = strategy == BTEqualStrategyNumber;
    if (number) {
      if (equal) set(column == kId ? kOneId : kCreator, value);
      return;
    }
    if (equal || strategy >= BTGreaterEqualStrategyNumber) set(column == kDay ? kDayFrom : kBucketFrom, value);
    if (equal || strategy <= BTLessEqualStrategyNumber) set(column == kDay ? kDayTo : kBucketTo, value);
  }

  // The first condition on a bound; others only filter.
  void set(Argument argument, Node* value) {
    if (!is_open(arguments_, argument) || contain_volatile_functions(value) || contain_subplans(value)) return;
    for (Index level = 0; level < root_->query_level; level++)
      if (contain_vars_of_level(value, (int)level)) return;
    lfirst(list_nth_cell(arguments_, argument)) = copyObjectImpl(value);
    found_ = true;
  }

  PlannerInfo* root_;
  List* arguments_;
  int call_ = 0;
  bool found_ = false;
};

}  // namespace

EA_FUNCTION(ea_daily_conditions) {
  Node* request = (Node*)PG_GETARG_POINTER(0);
  if (!IsA(request, SupportRequestSimplify)) PG_RETURN_POINTER(nullptr);
  const SupportRequestSimplify* simplify = (const SupportRequestSimplify*)request;
  if (!simplify->root || list_length(simplify->fcall->args) != kArguments) PG_RETURN_POINTER(nullptr);
  for (int argument = kDayFrom; argument < kArguments; argument++)
    if (!is_open(simplify->fcall->args, (Argument)argument)) PG_RETURN_POINTER(nullptr);
  List* arguments = Conditions(simplify->root, simplify->fcall).find();
  if (!arguments) PG_RETURN_POINTER(nullptr);
  FuncExpr* call = makeNode(FuncExpr);
  *call = *simplify->fcall;
  call->args = arguments;
  PG_RETURN_POINTER(call);
}
