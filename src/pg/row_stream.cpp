#include "pg/row_stream.hpp"

#include "pg/barrier.hpp"

namespace ea::pg {

namespace {

const StreamedFunction* streamed = nullptr;
set_rel_pathlist_hook_type earlier_hook = nullptr;

// A node of the executor. The server allocates none of its own for it.
struct Scan {
  CustomScanState node;    // first
  SetExprState* call;
  bool varies;                 // the arguments may be others with the next scan
  MemoryContext context;       // of the stream
  RowStream* stream;
  bool ended;
  // From the second scan with the same arguments on rows are kept, as the server does from the first one on.
  bool again;
  Tuplestorestate* kept;
  TupleTableSlot* kept_row;
};

Node* create(CustomScan*);

CustomScanMethods scan_methods = {.CustomName = nullptr, .CreateCustomScanState = create};

FuncExpr* function_of(const CustomScanState* node) { return linitial_node(FuncExpr, ((const CustomScan*)node->ss.ps.plan)->custom_exprs); }

bool has_parameter(Node* node, void*) {
  if (node && IsA(node, Param)) return ((const Param*)node)->paramkind == PARAM_EXEC;
  return node && walk_expression(node, has_parameter, nullptr);
}

void begin(CustomScanState* node, EState* state, int) {
  Scan* scan = (Scan*)node;
  FuncExpr* function = function_of(node);
  scan->varies = has_parameter((Node*)function, nullptr);
  // Asks whether the function may be called, as the server's scan does.
  scan->call = ExecInitTableFunctionResult((Expr*)function, node->ss.ps.ps_ExprContext, &node->ss.ps);
  scan->context = AllocSetContextCreate(state->es_query_cxt, "explore_analytics rows", ALLOCSET_DEFAULT_SIZES);
}

void open(Scan* scan) {
  FunctionCallInfo call = scan->call->fcinfo;
  ListCell* cell;
  int i = 0;
  foreach (cell, scan->call->args) {
    call->args[i].value = ExecEvalExprSwitchContext((ExprState*)lfirst(cell), scan->node.ss.ps.ps_ExprContext, &call->args[i].isnull);
    i++;
  }
  MemoryContext outside = MemoryContextSwitchTo(scan->context);
  PushActiveSnapshot(scan->node.ss.ps.state->es_snapshot);
  contained([&] { scan->stream = streamed->open(call, scan->node.ss.ss_ScanTupleSlot->tts_isnull); });
  PopActiveSnapshot();
  MemoryContextSwitchTo(outside);
}

void close(Scan* scan) {
  if (scan->stream) contained([&] { scan->stream->close(); });
  scan->stream = nullptr;
  scan->ended = false;
  MemoryContextReset(scan->context);
}

bool read(Scan* scan, TupleTableSlot* slot) {
  ExecClearTuple(slot);
  if (scan->ended) return false;
  if (!scan->stream) open(scan);
  contained([&] { scan->ended = !scan->stream->next(slot->tts_values); });
  if (!scan->ended) ExecStoreVirtualTuple(slot);
  return !scan->ended;
}

void keep_all(Scan* scan, TupleTableSlot* slot) {
  MemoryContext outside = MemoryContextSwitchTo(scan->node.ss.ps.state->es_query_cxt);
  scan->kept_row = MakeSingleTupleTableSlot(slot->tts_tupleDescriptor, &TTSOpsMinimalTuple);
  scan->kept = tuplestore_begin_heap(false, false, work_mem);
  MemoryContextSwitchTo(outside);
  while (read(scan, slot)) tuplestore_puttupleslot(scan->kept, slot);
  close(scan);
}

void forget_kept(Scan* scan) {
  if (!scan->kept) return;
  ExecDropSingleTupleTableSlot(scan->kept_row);
  tuplestore_end(scan->kept);
  scan->kept = nullptr;
}

TupleTableSlot* next_row(ScanState* node) {
  Scan* scan = (Scan*)node;
  TupleTableSlot* slot = node->ss_ScanTupleSlot;
  if (!scan->again) {
    (void)read(scan, slot);
    return slot;
  }
  if (!scan->kept) keep_all(scan, slot);
  if (!tuplestore_gettupleslot(scan->kept, true, false, scan->kept_row)) return ExecClearTuple(slot);
  return ExecCopySlot(slot, scan->kept_row);
}

// Where rows are looked at again: not ours, but those of a query beside it.
bool next_row_again(ScanState* node, TupleTableSlot*) { return !TupIsNull(next_row(node)); }

TupleTableSlot* execute(CustomScanState* node) { return ExecScan(&node->ss, next_row, next_row_again); }

void end(CustomScanState* node) {
  close((Scan*)node);
  forget_kept((Scan*)node);
}

void scan_again(CustomScanState* node) {
  Scan* scan = (Scan*)node;
  if (scan->varies && node->ss.ps.chgParam) {
    forget_kept(scan);
    scan->again = false;
  } else if (scan->kept) {
    tuplestore_rescan(scan->kept);
  } else {
    scan->again = scan->again || scan->stream;
  }
  close(scan);
  ExecScanReScan(&node->ss);
}

void explain(CustomScanState* node, List* ancestors, ExplainState* state) {
  if (!state->verbose) return;
  List* context = set_deparse_context_plan(state->deparse_cxt, node->ss.ps.plan, ancestors);
  ExplainPropertyText("Function Call", deparse_expression((Node*)function_of(node), context, true, false), state);
}

CustomExecMethods exec_methods = {.CustomName = nullptr, .BeginCustomScan = begin, .ExecCustomScan = execute,
                                        .EndCustomScan = end, .ReScanCustomScan = scan_again, .ExplainCustomScan = explain};

Node* create(CustomScan*) {
  Scan* scan = (Scan*)newNode(sizeof(Scan), T_CustomScanState);
  scan->node.methods = &exec_methods;
  return (Node*)scan;
}

Node* call_of(const RangeTblEntry* entry) { return linitial_node(RangeTblFunction, entry->functions)->funcexpr; }

Plan* make_plan(PlannerInfo* root, RelOptInfo* rel, CustomPath* path, List* columns, List* conditions, List*) {
  CustomScan* plan = makeNode(CustomScan);
  plan->scan.plan.targetlist = columns;
  plan->scan.plan.qual = extract_actual_clauses(conditions, false);
  plan->flags = path->flags;
  plan->custom_exprs = list_make1(call_of(planner_rt_fetch(rel->relid, root)));
  const TupleDesc row = get_expr_result_tupdesc((Node*)linitial(plan->custom_exprs), false);
  for (int i = 0; i < row->natts; i++) {
    const FormData_pg_attribute* column = TupleDescAttr(row, i);
    Var* var = makeVar((int)rel->relid, (AttrNumber)(i + 1), column->atttypid, column->atttypmod, column->attcollation, 0);
    plan->custom_scan_tlist = lappend(plan->custom_scan_tlist, makeTargetEntry((Expr*)var, (AttrNumber)(i + 1), pstrdup(NameStr(column->attname)), false));
  }
  plan->methods = &scan_methods;
  return &plan->scan.plan;
}

CustomPathMethods path_methods = {.CustomName = nullptr, .PlanCustomPath = make_plan};

// What has the name may be somebody's: it is the address that counts.
bool is_streamed(const RangeTblEntry* entry) {
  if (entry->rtekind != RTE_FUNCTION || entry->funcordinality || list_length(entry->functions) != 1 || !IsA(call_of(entry), FuncExpr)) return false;
  const Oid function = ((const FuncExpr*)call_of(entry))->funcid;
  const char* name = get_func_name(function);
  if (!name || strcmp(name, streamed->name) != 0) return false;
  FmgrInfo info;
  fmgr_info(function, &info);
  if (info.fn_addr != streamed->function) return false;
  const TupleDesc row = get_expr_result_tupdesc(call_of(entry), true);
  bool fits = row && row->natts == streamed->columns;
  for (int i = 0; fits && i < row->natts; i++) fits = TupleDescAttr(row, i)->attbyval;
  return fits;
}

// A row as one value, which the server makes for its own scans only.
bool reads_whole_row(const RelOptInfo* rel) {
  Bitmapset* columns = nullptr;
  pull_varattnos((Node*)rel->reltarget->exprs, rel->relid, &columns);
  pull_varattnos((Node*)extract_actual_clauses(rel->baserestrictinfo, false), rel->relid, &columns);
  return bms_is_member(InvalidAttrNumber - FirstLowInvalidHeapAttributeNumber, columns);
}

// With the same rows in the same order, it costs what the server's scan is thought to; except that a scan again is not
// thought to be cheap, since the first of them is none. Left to the server's scan are queries that lock rows, which are looked
// at again by themselves; what looks out to other relations of the query, which changes with every row; and what is volatile,
// which a scan again must not ask for again.
void stream(PlannerInfo* root, RelOptInfo* rel, Index index, RangeTblEntry* entry) {
  if (earlier_hook) earlier_hook(root, rel, index, entry);
  if (rel->reloptkind != RELOPT_BASEREL || root->rowMarks != NIL || !bms_is_empty(rel->lateral_relids) || !is_streamed(entry) ||
      contain_volatile_functions(call_of(entry)) || reads_whole_row(rel))
    return;
  ListCell* cell;
  foreach (cell, rel->pathlist) {
    const Path* path = (const Path*)lfirst(cell);
    if (path->pathtype != T_FunctionScan) continue;
    CustomPath* own = makeNode(CustomPath);
    own->path = *path;
    own->path.type = T_CustomPath;
    own->path.pathtype = T_CustomScan;
    own->flags = CUSTOMPATH_SUPPORT_PROJECTION;
    own->methods = &path_methods;
    lfirst(cell) = own;
  }
}

}  // namespace

StreamedFunction::StreamedFunction(const char* name, PGFunction function, int columns, Open open) : name(name), function(function), columns(columns), open(open) {
  Assert(!streamed);    // there is one
  streamed = this;
}

void plan_streams() {
  if (scan_methods.CustomName) return;    // loaded once more after an error
  for (const char** name : {&scan_methods.CustomName, &exec_methods.CustomName, &path_methods.CustomName}) *name = streamed->name;
  RegisterCustomScanMethods(&scan_methods);
  earlier_hook = set_rel_pathlist_hook;
  set_rel_pathlist_hook = stream;
}

}  // namespace ea::pg
