// Planner support of daily_numbers(): conditions of the query that are on its rows become arguments of the call, so that
// what they leave out is not read. The conditions stay; arguments need only let through what they do. So do the columns
// that the query reads, so that others are not made.
#include "access/home.hpp"
#include "feature/bi/daily_columns.hpp"
#include "pg/barrier.hpp"

namespace {

using namespace ea;

// The arguments of daily_numbers(), from 0.
enum Argument { kScope, kDayFrom, kDayTo, kBucketFrom, kBucketTo, kDays, kOneId, kIds, kCreator, kColumns, kArguments };
using namespace bi;
using Column = DailyColumn;
constexpr Column kCreatorId = kDailyColumns;    // of the contents beside it

bool is_open(const List* arguments, Argument argument) {
  const Node* value = (const Node*)list_nth(arguments, argument);
  return IsA(value, Const) && ((const Const*)value)->constisnull;
}

struct Calls {
  Oid function;
  int count;
};

// Of a query, without those inside of it, which are planned by themselves.
bool count_calls(Node* node, void* calls) {
  if (!node || IsA(node, Query)) return false;
  if (IsA(node, FuncExpr) && ((const FuncExpr*)node)->funcid == ((Calls*)calls)->function) ((Calls*)calls)->count++;
  return pg::walk_expression(node, count_calls, calls);
}

// The columns of one relation that a query reads, as bits from 0.
class ColumnsRead {
 public:
  static constexpr int32 kAll = -1;

  static int32 of(PlannerInfo* root, int relation) {
    ColumnsRead read(root->parse, relation);
    (void)pg::walk_query(root->parse, look, &read, QTW_IGNORE_JOINALIASES);
    (void)look((Node*)root->append_rel_list, &read);    // what stands for the columns of a UNION ALL
    return read.columns_;
  }

 private:
  ColumnsRead(const Query* query, int relation) : query_(query), relation_(relation) {}

  static bool look(Node* node, void* context) {
    auto* read = (ColumnsRead*)context;
    if (!node) return false;
    if (IsA(node, Query)) {
      read->level_++;
      (void)pg::walk_query((Query*)node, look, context, QTW_IGNORE_JOINALIASES);
      read->level_--;
    } else if (IsA(node, Var)) {
      read->take((const Var*)node);
    } else {
      return pg::walk_expression(node, look, context);
    }
    return false;
  }

  // Which columns a join has does not matter, but a reference to it may be one to a column of ours; so may one to the row.
  void take(const Var* var) {
    if (var->varlevelsup != level_ || columns_ == kAll) return;
    if (var->varno > 0 && var->varno <= (int)list_length(query_->rtable) && rt_fetch(var->varno, query_->rtable)->rtekind == RTE_JOIN)
      columns_ = kAll;
    else if ((int)var->varno == relation_)
      columns_ = var->varattno > 0 ? columns_ | 1 << (var->varattno - 1) : kAll;
  }

  const Query* query_;
  int relation_;
  Index level_ = 0;
  int32 columns_ = 0;
};

class Conditions {
 public:
  Conditions(FunctionCallInfo fcinfo, PlannerInfo* root, const FuncExpr* call) : root_(root), arguments_((List*)copyObjectImpl(call->args)) {
    ListCell* cell;
    int index = 0;
    foreach (cell, root->parse->rtable) {
      const RangeTblEntry* entry = lfirst_node(RangeTblEntry, cell);
      index++;
      if (entry->rtekind != RTE_FUNCTION || list_length(entry->functions) != 1) continue;
      const Node* function = linitial_node(RangeTblFunction, entry->functions)->funcexpr;
      if (!IsA(function, FuncExpr) || ((const FuncExpr*)function)->funcid != call->funcid) continue;
      // What numbers the rows counts those that are left out, too.
      if (!entry->funcordinality) call_ = index;
    }
    // Of two calls, wherever they are, we would not know which this is.
    Calls calls{call->funcid, 0};
    (void)pg::walk_query(root->parse, count_calls, &calls);
    if (calls.count != 1) call_ = 0;
    contents_table_ = get_relname_relid("explore_content", access::find_home(fcinfo).schema);
  }

  // The arguments, or null when no condition says more than they do.
  List* find() {
    if (call_ > 0) {
      read_columns();
      if (has_bounds()) return found_ ? arguments_ : nullptr;
      look_into((Node*)root_->parse->jointree, &Conditions::find_contents);
      look_into((Node*)root_->parse->jointree, &Conditions::take);
    }
    return found_ ? arguments_ : nullptr;
  }

 private:
  // Where a condition holds for every row of the whole; IN (SELECT ...) has become a join by now.
  using Look = void (Conditions::*)(Node* condition);

  void look_into(Node* join, Look look) {
    if (!join) return;
    if (IsA(join, FromExpr)) {
      ListCell* cell;
      each(((FromExpr*)join)->quals, look);
      foreach (cell, ((FromExpr*)join)->fromlist) look_into((Node*)lfirst(cell), look);
    } else if (IsA(join, JoinExpr) && ((JoinExpr*)join)->jointype != JOIN_FULL && ((JoinExpr*)join)->jointype != JOIN_RIGHT) {
      if (((JoinExpr*)join)->jointype == JOIN_INNER) {
        each(((JoinExpr*)join)->quals, look);
        look_into(((JoinExpr*)join)->rarg, look);
      }
      look_into(((JoinExpr*)join)->larg, look);
    }
  }

  void each(Node* condition, Look look) {
    if (!condition) return;
    ListCell* cell;
    if (IsA(condition, List)) {
      foreach (cell, (List*)condition) each((Node*)lfirst(cell), look);
    } else if (is_andclause(condition)) {
      foreach (cell, ((BoolExpr*)condition)->args) each((Node*)lfirst(cell), look);
    } else {
      (this->*look)(condition);
    }
  }

  // Whose creators are those of the rows: the contents that are joined by their id with the numbers of contents.
  void find_contents(Node* condition) {
    const Node* scope = (const Node*)list_nth(arguments_, kScope);
    if (!IsA(scope, Const) || ((const Const*)scope)->constisnull || DatumGetInt16(((const Const*)scope)->constvalue) != 2) return;
    if (!IsA(condition, OpExpr) || list_length(((OpExpr*)condition)->args) != 2 || strategy_of(((OpExpr*)condition)->opno, kId) != BTEqualStrategyNumber) return;
    Node *left = (Node*)linitial(((OpExpr*)condition)->args), *right = (Node*)lsecond(((OpExpr*)condition)->args);
    for (Node* side : {left, right}) {
      const Node* other = side == left ? right : left;
      if (column_of(other) == kId && is_of_contents(side, "id")) contents_ = ((const Var*)side)->varno;
    }
  }

  bool is_of_contents(const Node* node, const char* column) const {
    if (!IsA(node, Var) || ((const Var*)node)->varlevelsup != 0 || ((const Var*)node)->varattno <= 0) return false;
    RangeTblEntry* entry = (RangeTblEntry*)list_nth(root_->parse->rtable, ((const Var*)node)->varno - 1);
    return entry->rtekind == RTE_RELATION && entry->relid == contents_table_ && strcmp(get_rte_attribute_name(entry, ((const Var*)node)->varattno), column) == 0;
  }

  void take(Node* condition) {
    if (IsA(condition, OpExpr) && list_length(((OpExpr*)condition)->args) == 2) {
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

  Column column_of(const Node* node) const {
    while (node && IsA(node, RelabelType)) node = (const Node*)((const RelabelType*)node)->arg;
    if (!node || !IsA(node, Var) || ((Var*)node)->varlevelsup != 0) return kNone;
    const Var* var = (const Var*)node;
    if (var->varno == call_) return var->varattno > kDay && var->varattno <= kId + 1 ? (Column)(var->varattno - 1) : kNone;
    return (int)var->varno == contents_ && is_of_contents(node, "creator_id") ? kCreatorId : kNone;
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

  // What is pulled up after we were first asked reads no more.
  void read_columns() {
    if (!is_open(arguments_, kColumns)) return;
    const int32 columns = ColumnsRead::of(root_, call_);
    if (columns == ColumnsRead::kAll) return;
    lfirst(list_nth_cell(arguments_, kColumns)) = makeConst(INT4OID, -1, InvalidOid, sizeof(int32), Int32GetDatum(columns), false, true);
    found_ = true;
  }

  bool has_bounds() const {
    for (int argument = kDayFrom; argument <= kCreator; argument++)
      if (!is_open(arguments_, (Argument)argument)) return true;
    return false;
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
  int call_ = 0, contents_ = 0;
  Oid contents_table_ = InvalidOid;
  bool found_ = false;
};

}  // namespace

EA_FUNCTION(ea_daily_conditions) {
  Node* request = (Node*)PG_GETARG_POINTER(0);
  if (!IsA(request, SupportRequestSimplify)) PG_RETURN_POINTER(nullptr);
  const SupportRequestSimplify* simplify = (const SupportRequestSimplify*)request;
  if (!simplify->root || list_length(simplify->fcall->args) != kArguments) PG_RETURN_POINTER(nullptr);
  List* arguments = Conditions(fcinfo, simplify->root, simplify->fcall).find();
  if (!arguments) PG_RETURN_POINTER(nullptr);
  FuncExpr* call = makeNode(FuncExpr);
  *call = *simplify->fcall;
  call->args = arguments;
  PG_RETURN_POINTER(call);
}
