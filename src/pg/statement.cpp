#include "pg/statement.hpp"

#include "pg/barrier.hpp"

namespace ea::pg {

namespace {

const Fragment* fragment = nullptr;

char* replaced(const char* text, const char* mark, const char* by) {
  StringInfoData out;
  initStringInfo(&out);
  while (const char* found = strstr(text, mark)) {
    appendBinaryStringInfo(&out, text, (int)(found - text));
    appendStringInfoString(&out, by);
    text = found + strlen(mark);
  }
  appendStringInfoString(&out, text);
  return out.data;
}

// What run() returns, with indexes preferred by whatever it plans.
template <class Run>
auto by_indexes(Run&& run) {
  const int level = NewGUCNestLevel();
  set_config_option("enable_seqscan", "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
  const auto result = run();
  AtEOXact_GUC(true, level);
  return result;
}

Portal open_portal(const Home& home, Statement& statement, Parameters& parameters, bool read_only) {
  Assert(parameters.count() == statement.parameters());
  return SPI_cursor_open(nullptr, statement.plan(home), parameters.values(), parameters.nulls(), read_only);
}

// Our statements are fixed texts: what they do not find is missing, or of an older layout.
void say_what_is_missing(void*) {
  switch (geterrcode()) {
    case ERRCODE_UNDEFINED_TABLE:
    case ERRCODE_UNDEFINED_COLUMN:
    case ERRCODE_UNDEFINED_FUNCTION:
    case ERRCODE_UNDEFINED_OBJECT:
    case ERRCODE_DATATYPE_MISMATCH:
      errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE);
      errhint("The tables are not those of this version. Run: CALL explore_analytics.install();");
  }
}

// ON CONFLICT looks for a unique index when it is planned.
void say_no_key(void*) {
  if (geterrcode() != ERRCODE_INVALID_COLUMN_REFERENCE) return;
  errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE);
  errhint("A unique index is missing. Run: CALL explore_analytics.install();");
}

// As SPI does for what it runs by itself.
void say_statement(void* portal) { errcontext("SQL statement \"%s\"", ((Portal)portal)->sourceText); }

}  // namespace

Fragment::Fragment(const char* mark, uint64 (*revision)(const Home&), const char* (*text)()) : mark(mark), revision(revision), text(text) {
  fragment = this;
}

SPIPlanPtr Statement::plan(const Home& home) {
  if (!plan_) has_mark_ = strstr(text_, fragment->mark);
  const uint64 revision = has_mark_ ? fragment->revision(home) : 0;
  const bool kept = plan_ && strcmp(schema_, home.name) == 0 && revision_ == revision;
  if (kept && SPI_plan_is_valid(plan_)) return plan_;
  const char* text = has_mark_ ? replaced(text_, fragment->mark, fragment->text()) : text_;
  ErrorContextCallback missing = {error_context_stack, say_what_is_missing, nullptr};
  error_context_stack = &missing;
  SPIPlanPtr fresh = SPI_prepare_cursor(replaced(text, "{s}", quote_identifier(home.name)), parameters_, types_,
                                        cursor_options_ | CURSOR_OPT_PARALLEL_OK);
  error_context_stack = missing.previous;
  if (!fresh)
    raise(failure(ERRCODE_INTERNAL_ERROR, "could not prepare a statement: %s",
                  SPI_result_code_string(SPI_result)));
  if (kept) {
    // Tables have changed, and still have what it wants. The server makes it anew itself, for whoever may be running it, too.
    SPI_freeplan(fresh);
    return plan_;
  }
  SPI_keepplan(fresh);
  // The one before, if any, may be running further out. Neither schemas nor labels change often enough for it to matter.
  plan_ = fresh;
  strlcpy(schema_, home.name, sizeof schema_);
  revision_ = revision;
  return plan_;
}

void AsOwner::enter(const Home& home, bool restricted) {
  GetUserIdAndSecContext(&user_, &security_context_);
  guc_level_ = NewGUCNestLevel();
  SetUserIdAndSecContext(home.owner, security_context_ | SECURITY_LOCAL_USERID_CHANGE |
                                         (restricted ? SECURITY_RESTRICTED_OPERATION : 0));
  set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION,
                    GUC_ACTION_SAVE, true, 0, false);
  // Definitions are compared as the server writes them, and REFRESH ... CONCURRENTLY fails with it.
  if (quote_all_identifiers)
    set_config_option("quote_all_identifiers", "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
  // The costs of our functions would have the server compile statements that run for a millisecond.
  set_config_option("jit", "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

void AsOwner::leave() {
  AtEOXact_GUC(true, guc_level_);
  SetUserIdAndSecContext(user_, security_context_);
}

Query::Query(const Home& home, bool restricted) : home_(home), caller_(CurrentMemoryContext) {
  as_owner_.enter(home, restricted);
  SPI_connect();
}

uint64 Query::run(Statement& statement, Parameters& parameters, bool read_only) {
  Assert(parameters.count() == statement.parameters());
  if (SPI_tuptable) SPI_freetuptable(SPI_tuptable);
  SPIPlanPtr plan = statement.plan(home_);
  ErrorContextCallback missing = {error_context_stack, say_no_key, nullptr};
  error_context_stack = &missing;
  const int code = SPI_execute_plan(plan, parameters.values(), parameters.nulls(), read_only, 0);
  error_context_stack = missing.previous;
  if (code < 0)
    raise(failure(ERRCODE_INTERNAL_ERROR, "could not run a statement: %s",
                  SPI_result_code_string(code)));
  return SPI_processed;
}

uint64 Query::read(Statement& statement, Parameters parameters) {
  return run(statement, parameters, true);
}

uint64 Query::write(Statement& statement, Parameters parameters) {
  return run(statement, parameters, false);
}

uint64 Query::read_by_indexes(Statement& statement, Parameters parameters) {
  return by_indexes([&] { return run(statement, parameters, true); });
}

// A portal is planned when it is opened, and what writes runs when rows are fetched, in a snapshot of that moment.
uint64 Query::write_by_indexes(Statement& statement, Parameters parameters) {
  if (SPI_tuptable) SPI_freetuptable(SPI_tuptable);
  Portal portal = by_indexes([&] { return open_portal(home_, statement, parameters, false); });
  ErrorContextCallback context = {error_context_stack, say_statement, portal};
  error_context_stack = &context;
  SPI_cursor_fetch(portal, true, FETCH_ALL);
  error_context_stack = context.previous;
  const uint64 rows = SPI_processed;
  SPI_cursor_close(portal);
  CommandCounterIncrement();
  return rows;
}

namespace {

// Where the executor sends rows to. What is called for a row may throw, which goes no further.
struct RowReceiver {
  DestReceiver base;
  bool (*work)(void*, TupleTableSlot*);
  void* with;

  static bool receive(TupleTableSlot* row, DestReceiver* self) {
    RowReceiver* receiver = reinterpret_cast<RowReceiver*>(self);
    bool more = false;
    contained([&] { more = receiver->work(receiver->with, row); });
    return more;
  }
};

ParamListInfo list_of(const Statement& statement, const Parameters& parameters) {
  ParamListInfo list = makeParamList(parameters.count());
  for (int i = 0; i < parameters.count(); i++)
    list->params[i] = {parameters.values()[i], parameters.nulls()[i] == 'n', PARAM_FLAG_CONST, statement.type(i)};
  return list;
}

}  // namespace

void Query::each_row(Statement& statement, const Parameters& parameters, bool (*work)(void*, TupleTableSlot*), void* with) {
  Assert(parameters.count() == statement.parameters());
  RowReceiver receiver{{RowReceiver::receive, [](DestReceiver*, int, TupleDesc) {}, [](DestReceiver*) {}, [](DestReceiver*) {}, DestTuplestore}, work, with};
  SPIExecuteOptions options = {};
  options.params = list_of(statement, parameters);
  options.read_only = true;
  options.dest = &receiver.base;
  const int code = SPI_execute_plan_extended(statement.plan(home_), &options);
  if (code < 0)
    raise(failure(ERRCODE_INTERNAL_ERROR, "could not run a statement: %s", SPI_result_code_string(code)));
}

bool Query::is_null(uint64 row, int column) const {
  bool null;
  SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, &null);
  return null;
}

Datum Query::value(uint64 row, int column) const {
  bool null;
  return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, &null);
}

Datum Query::copy_out(Datum varlena) const {
  MemoryContext inside = MemoryContextSwitchTo(caller_);
  Datum copy = PointerGetDatum(PG_DETOAST_DATUM_COPY(varlena));
  MemoryContextSwitchTo(inside);
  return copy;
}

void Query::sort_in_maintenance_memory() {
  char kilobytes[32];
  snprintf(kilobytes, sizeof kilobytes, "%d", Max(work_mem, maintenance_work_mem));
  set_config_option("work_mem", kilobytes, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

void Query::limit_lock_waits(int milliseconds) {
  if (LockTimeout > 0) return;
  char value[32];
  snprintf(value, sizeof value, "%d", milliseconds);
  set_config_option("lock_timeout", value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

void Query::finish() {
  SPI_finish();
  as_owner_.leave();
}

void Cursor::open(Query& query, Statement& statement, Parameters parameters) {
  portal_ = open_portal(query.home(), statement, parameters, true);
}

void Cursor::open_by_indexes(Query& query, Statement& statement, Parameters parameters) {
  portal_ = by_indexes([&] { return open_portal(query.home(), statement, parameters, true); });
}

uint64 Cursor::fetch(long rows) {
  if (rows_) SPI_freetuptable(rows_);
  SPI_cursor_fetch(portal_, true, rows);
  rows_ = SPI_tuptable;
  SPI_tuptable = nullptr;    // Query would free it with its next statement
  return SPI_processed;
}

void Cursor::close() {
  if (rows_) SPI_freetuptable(rows_);
  SPI_cursor_close(portal_);
}

}  // namespace ea::pg
