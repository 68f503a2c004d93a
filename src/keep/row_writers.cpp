#include "keep/row_writers.hpp"

#include "pg/array.hpp"

namespace ea::rollup {

namespace {

// Of those in $1, or of all. A writer keeps this lock until it ends; VACUUM and ANALYZE have another one.
pg::Statement writers(
    "/* explore_analytics: forget_viewer */ SELECT l.virtualtransaction, l.pid, x.gid,"
    " extract(epoch FROM clock_timestamp() - coalesce(x.prepared, a.xact_start))::bigint"
    " FROM pg_catalog.pg_locks l"
    " LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid"
    " LEFT JOIN pg_catalog.pg_locks t ON l.pid IS NULL AND t.pid IS NULL AND t.locktype = 'transactionid' AND t.virtualtransaction = l.virtualtransaction"
    " LEFT JOIN pg_catalog.pg_prepared_xacts x ON x.transaction = t.transactionid"
    " WHERE l.locktype = 'relation' AND l.mode = 'RowExclusiveLock' AND l.granted AND l.pid IS DISTINCT FROM pg_backend_pid()"
    " AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())"
    " AND l.relation = ANY ($2) AND ($1 IS NULL OR l.virtualtransaction = ANY ($1)) ORDER BY 4 DESC NULLS FIRST",
    {TEXTARRAYOID, OIDARRAYOID}, CURSOR_OPT_CUSTOM_PLAN);

Datum tables_of(const pg::Home& home) {
  Datum oids[4];
  int count = 0;
  for (const char* table : {"explore_feed_sessions", "explore_saved_properties", "explore_viewers", "explore_exposures"})
    oids[count++] = ObjectIdGetDatum(get_relname_relid(table, home.schema));    // of an older layout none has the last one
  return PointerGetDatum(construct_array(oids, count, OIDOID, sizeof(Oid), true, TYPALIGN_INT));
}

Datum names_of(const pg::Query& query, uint64 rows) {
  pg::Array<Datum> names;
  for (uint64 i = 0; i < rows; i++) names.append(query.value(i, 1));
  return PointerGetDatum(construct_array(names.begin(), (int)rows, TEXTOID, -1, false, TYPALIGN_INT));
}

[[noreturn]] void give_up(const pg::Query& query, const char* what, const char* hint) {
  pg::Failure failure = pg::failure(ERRCODE_LOCK_NOT_AVAILABLE, "a transaction that began before this %s is still writing", what);
  char age[64] = "";
  if (!query.is_null(0, 4)) snprintf(age, sizeof age, ", open for %lld s", (long long)DatumGetInt64(query.value(0, 4)));
  if (!query.is_null(0, 3))
    snprintf(failure.detail, sizeof failure.detail, "Prepared transaction \"%.100s\"%s.", TextDatumGetCString(query.value(0, 3)), age);
  else if (!query.is_null(0, 2))
    snprintf(failure.detail, sizeof failure.detail, "Process %d%s.", DatumGetInt32(query.value(0, 2)), age);
  pg::raise(pg::with_hint(failure, "%s", hint));
}

}  // namespace

void wait_for_row_writers(pg::Query& query, int timeout_ms, const char* what, const char* hint) {
  const TimestampTz start = GetCurrentTimestamp();
  long pause_us = 200;
  const Datum tables = tables_of(query.home());
  uint64 left = query.read(writers, pg::Parameters().null().add(tables));
  while (left > 0) {
    CHECK_FOR_INTERRUPTS();
    if ((GetCurrentTimestamp() - start) / 1000 >= timeout_ms) give_up(query, what, hint);
    pg_usleep(pause_us);
    if (pause_us < 10000) pause_us += pause_us / 2;
    left = query.read(writers, pg::Parameters().add(names_of(query, left)).add(tables));
  }
}

}  // namespace ea::rollup
