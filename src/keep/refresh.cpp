#include "keep/refresh.hpp"

#include <algorithm>

#include "keep/blocker.hpp"
#include "keep/creator_changes.hpp"
#include "keep/end_epoch.hpp"
#include "keep/fresh_events.hpp"
#include "keep/job_failures.hpp"
#include "keep/session_rollups.hpp"
#include "keep/turns.hpp"
#include "pg/job_log.hpp"
#include "pg/progress.hpp"
#include "pg/wait_point.hpp"
#include "store/contents.hpp"
#include "store/epoch.hpp"
#include "store/tables.hpp"
#include "store/tail.hpp"

namespace ea::rollup {

namespace {

pg::Statement lock_free_state(
    "/* explore_analytics: refresh */ SELECT low FROM explore_analytics.rollup_state FOR UPDATE SKIP LOCKED", {});
pg::Statement lock_state(
    "/* explore_analytics: refresh */ SELECT low FROM explore_analytics.rollup_state FOR UPDATE", {});
pg::Statement any_state("/* explore_analytics: refresh */ SELECT 1 FROM explore_analytics.rollup_state", {});

pg::Statement move_watermark(
    "/* explore_analytics: refresh */ UPDATE explore_analytics.rollup_state SET low = $1,"
    " rescore_all = CASE WHEN $2 THEN $1 ELSE rescore_all END, refreshed_at = clock_timestamp(), sessions_made = $3, session_strangers = $4",
    {INT8OID, BOOLOID, BOOLOID, BOOLOID});
// Until install() has brought the tables over.
pg::Statement older_move_watermark(
    "/* explore_analytics: refresh */ UPDATE explore_analytics.rollup_state SET low = $1,"
    " rescore_all = CASE WHEN $2 THEN $1 ELSE rescore_all END, refreshed_at = clock_timestamp()",
    {INT8OID, BOOLOID});

pg::Statement write_ledger(
    "/* explore_analytics: refresh */ INSERT INTO explore_analytics.rollup_ledger"
    " (low, high, event_count, finished_at, waited_ms, took_ms, rollup_rows, rollup_bytes)"
    " VALUES ($1, $2, $3, clock_timestamp(), $4, $5, $6, $7)",
    {INT8OID, INT8OID, INT8OID, INT8OID, INT8OID, INT8OID, INT8OID});

// Told at commit to whoever listens, with the new watermark: numbers have moved. Recording says nothing, as transactions that
// do commit one after the other.
constexpr const char* kChannel = "explore_live";

// A listener that stays in its transaction keeps the server's one queue from being emptied. Once that is full, by whatever is
// told, whoever has something to tell fails at commit: no refresh is given up for a hint.
constexpr double kNearlyFull = 0.9;

void tell_listeners(int64 watermark) {
  if (DatumGetFloat8(OidFunctionCall0(F_PG_NOTIFICATION_QUEUE_USAGE)) > kNearlyFull) return;
  char payload[MAXINT8LEN + 1];
  pg_lltoa(watermark, payload);
  Async_Notify(kChannel, payload);
}

// So many logs leave full shelves with one refresh, which must not take long.
constexpr int64 kLogsPerRefresh = 10000;

// Whether a refresh is worth it, as of now. What has failed before is over where there is nothing to do.
bool has_fresh_rows(pg::Query& query, int64 min_rows, int64* low) {
  PushActiveSnapshot(GetTransactionSnapshot());
  *low = watermark(GetActiveSnapshot());
  const auto waits = [&](int64 rows) {
    return tail_has(query.home(), GetActiveSnapshot(), *low, rows) || count_session_changes(GetActiveSnapshot(), rows) >= rows;
  };
  // Questions about a creator whose contents have changed wait for it.
  const bool enough = waits(min_rows) || changes_wait(GetActiveSnapshot());
  const bool none = !enough && (min_rows == 1 || !waits(1));
  PopActiveSnapshot();
  if (none) note_success(query, "refresh");
  return enough;
}

}  // namespace

bool lock_rollups(pg::Query& query, bool wait, int64* low) {
  (void)tables();    // 55000 where they are not what we write
  if (query.write(wait ? lock_state : lock_free_state, pg::Parameters()) > 0) {
    *low = query.int64_at(0, 1);
    return true;
  }
  if (query.write(any_state, pg::Parameters()) == 0) no_state();
  if (wait) return lock_rollups(query, wait, low);    // the row was put there while we waited
  Turn turn;
  if (!turn.begin()) return false;
  bool got;
  do got = query.write(lock_free_state, pg::Parameters()) > 0;
  while (!got && turn.lasts());
  if (got) *low = query.int64_at(0, 1);
  turn.end();
  return got;
}

Refreshed refresh(const pg::Home& home, int64 min_rows) {
  Refreshed result;
  const pg::JobLog log;
  // As the owner and no further: a deferred trigger of the owner's would run at the end of the transaction, as whoever
  // refreshes, which may be a superuser.
  pg::Query query(home, true);
  // Looked at before anything is locked: who finds nothing to do writes nothing, not even that it was here.
  if (min_rows > 0 && !has_fresh_rows(query, min_rows, &result.low)) {
    query.finish();
    return result;
  }
  if (!lock_rollups(query, false, &result.low)) {
    query.finish();
    result.outcome = Outcome::busy;
    return result;
  }
  pg::wait_point(1);
  show_progress("refresh", "waiting for writers", 0, 0);
  result.high = end_epoch();
  if (result.high <= result.low)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                                        "sequence explore_analytics.epoch_seq is at %lld, behind the watermark %lld",
                                        (long long)result.high, (long long)result.low),
                            "It was set back. Run: CALL explore_analytics.install(); SELECT explore_analytics.rebuild();"));
  pg::wait_point(2);
  if (!wait_for_epochs(result.low, result.high, writers_timeout(), &result.waited_ms))
    pg::raise(blocked_by_writer(query, result.high, "refresh",
                                "Answers stay exact. End that transaction, or refresh again later; lock_timeout says how long to wait."));

  pg::wait_point(3);
  // From here on no row of epochs up to `high` can appear. One snapshot for all that follows.
  PushActiveSnapshot(GetTransactionSnapshot());
  show_progress("refresh", "reading", 0, 0);
  FreshEvents fresh(query, result.low, result.high);
  StoredBuckets stored(result.high, DeltaRows::Rows::shared);
  CreatorChanges changed(home, GetActiveSnapshot());
  const bool late = changed.find(stored);
  show_progress("refresh", "moves", 0, 0);
  changed.move(stored);
  result.rows = fresh.store(stored, ScopeKind::content);
  pg::wait_point(4);
  if (!changed.all_creators()) fresh.store(stored, ScopeKind::creator, changed.creators());
  changed.rebuild(stored);
  fresh.store(stored, ScopeKind::platform);
  const bool with_sessions = OidIsValid(tables().session_changes.oid);
  SessionsKept sessions;
  if (with_sessions) {
    show_progress("refresh", "sessions", 0, 0);
    SessionRollups rollups(query, stored);
    rollups.refresh(fresh, result.low, result.high, changed);
    sessions = rollups.state();
  }
  stored.finish_shelves(kLogsPerRefresh);
  stored.close();
  const int64 rollup_rows = stored.rows(), rollup_bytes = stored.bytes();
  PopActiveSnapshot();

  pg::wait_point(5);
  const pg::Parameters moved = pg::Parameters().id(result.high).add(BoolGetDatum(late));
  if (with_sessions)
    query.write(move_watermark, pg::Parameters(moved).add(BoolGetDatum(sessions.made)).add(BoolGetDatum(sessions.strangers)));
  else
    query.write(older_move_watermark, moved);
  result.took_ms = log.took_ms();
  query.write(write_ledger, pg::Parameters().id(result.low).id(result.high).id(result.rows).id(result.waited_ms)
                                .id(result.took_ms).id(rollup_rows).id(rollup_bytes));
  note_success(query, "refresh");
  if (result.rows > 0) tell_listeners(result.high);
  pg::wait_point(6);
  query.finish();
  result.outcome = Outcome::done;
  pg::log_line("refresh low=%lld high=%lld events=%lld waited_ms=%lld took_ms=%lld rollup_rows=%lld rollup_bytes=%lld",
               (long long)result.low, (long long)result.high, (long long)result.rows, (long long)result.waited_ms,
               (long long)result.took_ms, (long long)rollup_rows, (long long)rollup_bytes);
  return result;
}

}  // namespace ea::rollup
