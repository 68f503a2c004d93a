#include "pg/launcher.hpp"

#include "pg/array.hpp"
#include "pg/transactions.hpp"

namespace ea::pg {

namespace {

constexpr const char* kLibrary = "explore_analytics";
constexpr int64 kLookEvery = 5000;      // milliseconds between looks for databases without a worker
constexpr int64 kSoon = 10000;          // a worker that lasted longer than this is started again after it has ended,
constexpr int64 kLater = 60000;         // one that had nothing to do, or failed at once, after this
constexpr int64 kLeaveWithin = 1000;    // how long a worker keeps others from a database

struct {
  const char* setting;
  const char* name;
  const char* main;
  int milliseconds = 0;
} kind;

// Of the launcher: the databases there are.
struct Place {
  Oid database;
  char name[NAMEDATALEN];
  BackgroundWorkerHandle* worker;    // null: it has ended, or none has been started
  TimestampTz started, again;
  bool here;
};
Array<Place> places;

// Of a worker: what lasts longer than a transaction and no longer than a round.
MemoryContext round_context = nullptr;

void register_launcher() {
  if (IsBinaryUpgrade) return;
  BackgroundWorker worker = {};
  snprintf(worker.bgw_name, BGW_MAXLEN, "%s launcher", kLibrary);
  snprintf(worker.bgw_type, BGW_MAXLEN, "%s launcher", kLibrary);
  strlcpy(worker.bgw_library_name, kLibrary, sizeof worker.bgw_library_name);
  strlcpy(worker.bgw_function_name, "ea_launcher_main", sizeof worker.bgw_function_name);
  worker.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
  worker.bgw_start_time = BgWorkerStart_RecoveryFinished;    // on a standby: when it is promoted
  worker.bgw_restart_time = 5;
  RegisterBackgroundWorker(&worker);
}

void take_signals() {
  pqsignal(SIGHUP, SignalHandlerForConfigReload);
  pqsignal(SIGTERM, die);
  BackgroundWorkerUnblockSignals();
}

// What ALTER DATABASE ... SET has left in a list; false: nothing.
bool find_setting(Datum list, int* milliseconds) {
  Datum* items;
  int count;
  deconstruct_array(DatumGetArrayTypeP(list), TEXTOID, -1, false, TYPALIGN_INT, &items, nullptr, &count);
  const size_t length = strlen(kind.setting);
  bool found = false;
  for (int i = 0; i < count; i++) {
    const char* item = TextDatumGetCString(items[i]);
    if (pg_strncasecmp(item, kind.setting, length) != 0 || item[length] != '=') continue;
    (void)parse_int(item + length + 1, milliseconds, GUC_UNIT_MS, nullptr);
    found = true;
  }
  return found;
}

// As of now. The variable has what the setting of the database was when the worker connected, if it had one; once that is
// gone, only a new connection can tell what holds instead, and the worker ends.
int current_setting() {
  static bool had = false;
  bool has = false;
  int milliseconds = kind.milliseconds;
  Relation catalog = table_open(DbRoleSettingRelationId, AccessShareLock);
  ScanKeyData key[2];
  ScanKeyInit(&key[0], Anum_pg_db_role_setting_setdatabase, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(MyDatabaseId));
  ScanKeyInit(&key[1], Anum_pg_db_role_setting_setrole, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(InvalidOid));
  SysScanDesc scan = systable_beginscan(catalog, DbRoleSettingDatidRolidIndexId, true, nullptr, 2, key);
  while (HeapTuple tuple = systable_getnext(scan)) {
    bool null;
    const Datum list = heap_getattr(tuple, Anum_pg_db_role_setting_setconfig, RelationGetDescr(catalog), &null);
    if (!null) has = find_setting(list, &milliseconds) || has;
  }
  systable_endscan(scan);
  table_close(catalog, AccessShareLock);
  if (had && !has) end_worker("the setting of the database is gone");
  had = has;
  return milliseconds;
}

Place& place_of(const FormData_pg_database& database) {
  for (Place& place : places)
    if (place.database == database.oid) return place;
  return places.append({database.oid, {}, nullptr, 0, 0, false});
}

void look_for_databases() {
  for (Place& place : places) place.here = false;
  Relation catalog = table_open(DatabaseRelationId, AccessShareLock);
  TableScanDesc scan = table_beginscan_catalog(catalog, 0, nullptr);
  while (HeapTuple tuple = heap_getnext(scan, ForwardScanDirection)) {
    const auto& database = *(Form_pg_database)GETSTRUCT(tuple);
    if (!database.datallowconn || database.datistemplate || is_half_dropped(database)) continue;
    Place& place = place_of(database);
    place.here = true;
    strlcpy(place.name, NameStr(database.datname), NAMEDATALEN);
  }
  table_endscan(scan);
  table_close(catalog, AccessShareLock);
  int64 kept = 0;
  for (Place place : places)
    if (place.here || place.worker) places[kept++] = place;
  places.shorten(kept);
}

void start(Place& place) {
  BackgroundWorker worker = {};
  snprintf(worker.bgw_name, BGW_MAXLEN, "%s in %s", kind.name, place.name);
  strlcpy(worker.bgw_type, kind.name, BGW_MAXLEN);
  strlcpy(worker.bgw_library_name, kLibrary, sizeof worker.bgw_library_name);
  strlcpy(worker.bgw_function_name, kind.main, sizeof worker.bgw_function_name);
  worker.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
  worker.bgw_start_time = BgWorkerStart_RecoveryFinished;
  worker.bgw_restart_time = BGW_NEVER_RESTART;
  worker.bgw_main_arg = ObjectIdGetDatum(place.database);
  worker.bgw_notify_pid = MyProcPid;
  place.started = GetCurrentTimestamp();
  if (RegisterDynamicBackgroundWorker(&worker, &place.worker)) return;
  place.worker = nullptr;
  place.again = TimestampTzPlusMilliseconds(place.started, kLater);
  warning(with_hint(failure(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED, "no process is left for %s", worker.bgw_name), "Raise max_worker_processes."));
}

// One at a time: most find that they are not wanted and leave, and there may be more databases than processes.
void look_after_workers() {
  bool starting = false;
  const TimestampTz now = GetCurrentTimestamp();
  for (Place& place : places) {
    if (!place.worker) continue;
    pid_t pid;
    const BgwHandleStatus status = GetBackgroundWorkerPid(place.worker, &pid);
    starting = starting || status == BGWH_NOT_YET_STARTED;
    if (status != BGWH_STOPPED) continue;
    pfree(place.worker);
    place.worker = nullptr;
    place.again = TimestampTzPlusMilliseconds(now, TimestampDifferenceExceeds(place.started, now, kSoon) ? kSoon : kLater);
  }
  for (Place& place : places)
    if (!starting && place.here && !place.worker && place.again <= now) {
      start(place);
      starting = true;
    }
}

void end_workers(int, Datum) {
  for (const Place& place : places)
    if (place.worker) TerminateBackgroundWorker(place.worker);
}

}  // namespace

void launch_workers(const char* setting, const char* description, const char* name, const char* main) {
  kind.setting = setting;
  kind.name = name;
  kind.main = main;
  // ALTER DATABASE takes those settings only that a session could set.
  DefineCustomIntVariable(setting, description, "0: none. Counts only where the library is in shared_preload_libraries.",
                          &kind.milliseconds, 0, 0, 86400000, PGC_SUSET, GUC_UNIT_MS, nullptr, nullptr, nullptr);
  if (process_shared_preload_libraries_in_progress) register_launcher();
}

void begin_worker(Datum argument) {
  take_signals();
  BackgroundWorkerInitializeConnectionByOid(DatumGetObjectId(argument), InvalidOid, 0);
  for (const auto& [name, value] : {std::pair{"search_path", "pg_catalog, pg_temp"}, {"default_transaction_isolation", "read committed"},
                                    {"default_transaction_read_only", "off"}, {"transaction_timeout", "0"}, {"application_name", kind.name}})
    if (GetConfigOption(name, true, false)) SetConfigOption(name, value, PGC_SUSET, PGC_S_SESSION);
  round_context = AllocSetContextCreate(TopMemoryContext, "explore_analytics worker", ALLOCSET_DEFAULT_SIZES);
}

int begin_round() {
  SetCurrentStatementStartTimestamp();
  pgstat_report_activity(STATE_RUNNING, kind.name);
  StartTransactionCommand();
  MemoryContextSwitchTo(round_context);
  const int milliseconds = current_setting();
  if (milliseconds <= 0) end_worker("nobody asks for it");
  return milliseconds;
}

void end_round() {
  CommitTransactionCommand();
  MemoryContextReset(round_context);
  pgstat_report_stat(true);
  pgstat_report_activity(STATE_IDLE, nullptr);
}

void wait_between_rounds(int64 milliseconds) {
  LOCKTAG database;
  SET_LOCKTAG_OBJECT(database, InvalidOid, DatabaseRelationId, MyDatabaseId, 0);
  while (milliseconds > 0) {
    const int64 part = Min(milliseconds, kLeaveWithin);
    if (sleep(part)) return;    // its setting may have changed
    milliseconds -= part;
    // The lock that every connection takes for a moment: who connects now waits for the same command.
    if (LockAcquire(&database, RowExclusiveLock, true, true) == LOCKACQUIRE_NOT_AVAIL) end_worker("the database is wanted by somebody else");
    LockRelease(&database, RowExclusiveLock, true);
  }
}

void end_worker(const char* why) {
  ereport(DEBUG1, (errmsg_internal("%s ends: %s", MyBgworkerEntry->bgw_name, why)));
  proc_exit(0);
}

}  // namespace ea::pg

extern "C" PGDLLEXPORT void ea_launcher_main(Datum) {
  using namespace ea::pg;
  take_signals();
  BackgroundWorkerInitializeConnection(nullptr, nullptr, 0);
  before_shmem_exit(end_workers, (Datum)0);
  for (;;) {
    SetCurrentStatementStartTimestamp();
    pgstat_report_activity(STATE_RUNNING, "looking for databases with workers");
    StartTransactionCommand();
    (void)GetTransactionSnapshot();
    MemoryContextSwitchTo(TopMemoryContext);
    look_for_databases();
    look_after_workers();
    CommitTransactionCommand();
    pgstat_report_stat(false);
    pgstat_report_activity(STATE_IDLE, nullptr);
    if (!sleep(kLookEvery)) continue;
    // An administrator has just changed something.
    for (Place& place : places) place.again = 0;
  }
}
