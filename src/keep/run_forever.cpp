#include "keep/run_forever.hpp"

#include "access/home.hpp"
#include "keep/end_epoch.hpp"
#include "pg/barrier.hpp"
#include "pg/job_log.hpp"
#include "pg/launcher.hpp"
#include "store/epoch.hpp"

namespace ea::rollup {

namespace {

constexpr int64 kKeysPerTransaction = 5000;

// Milliseconds between looks for deltas to compact, and so many events in one refresh that the next one should come
// sooner, because every question reads what is not refreshed.
constexpr int kCompactEvery = 5000;
constexpr int64 kManyRows = 200;
constexpr int64 kPauseAfterError = 5000;

class Rounds {
 public:
  // One refresh, and a compaction now and then. `pause_ms` becomes shorter while events pour in.
  ErrorData* next(FunctionCallInfo fcinfo, pg::Transactions& transactions, int64* pause_ms) {
    Refreshed refreshed;
    if (ErrorData* error = refresh_once(fcinfo, transactions, 1, &refreshed)) return error;
    if (refreshed.rows >= kManyRows) *pause_ms = Max(*pause_ms / 5, 1);
    // Without a refresh, by whomever, there is nothing new to compact, and to look for it would take locks.
    if (refreshed.low == compacted_low_ && refreshed.rows == 0) return nullptr;
    if (!TimestampDifferenceExceeds(compacted_at_, GetCurrentTimestamp(), kCompactEvery)) return nullptr;
    if (ErrorData* error = compact_all(fcinfo, transactions, false)) return error;
    compacted_at_ = GetCurrentTimestamp();
    compacted_low_ = refreshed.outcome == Outcome::done ? refreshed.high : refreshed.low;
    return nullptr;
  }

 private:
  TimestampTz compacted_at_ = 0;
  int64 compacted_low_ = -1;
};

bool installed() {
  if (!OidIsValid(get_extension_oid("explore_analytics", true))) return false;
  return access::missing_table(access::find_home(nullptr)) == nullptr;
}

}  // namespace

// Who looks often and finds little logs what it did only.
ErrorData* compact_all(FunctionCallInfo fcinfo, pg::Transactions& transactions, bool everything) {
  const pg::JobLog log;
  Compaction compaction;
  do {
    ErrorData* error = attempt(fcinfo, transactions, {"compact", "CALL explore_analytics.compact();"}, [&] {
      const pg::Home home = access::installed_home(fcinfo);
      compact(home, kKeysPerTransaction, everything, &compaction);
      if (compaction.busy || compaction.more) return;
      pg::Query query(home, true);
      note_success(query, "compact");
      query.finish();
    });
    if (error) return error;
    transactions.commit();
  } while (compaction.more);
  if (compaction.busy) pg::notice(pg::failure(0, "busy: another session is refreshing, compacting or rebuilding"));
  if (everything || compaction.keys > 0) log.write("compact keys=%lld", (long long)compaction.keys);
  return nullptr;
}

bool run_forever(FunctionCallInfo fcinfo, pg::Transactions& transactions, int64 pause_ms) {
  Runner runner;
  if (!runner.begin()) return false;
  MemoryContext round = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics run_forever", ALLOCSET_DEFAULT_SIZES);
  MemoryContextSwitchTo(round);
  pg::cleaned_up(
      [&] {
        Rounds rounds;
        for (;;) {
          int64 pause = pause_ms;
          if (ErrorData* error = rounds.next(fcinfo, transactions, &pause)) {
            if (error->sqlerrcode != ERRCODE_LOCK_NOT_AVAILABLE) pg::rethrow(error);
            pg::warn_of(error);
          }
          MemoryContextReset(round);
          transactions.wait(pause);
        }
      },
      [&] { runner.end(); });
  return true;
}

void work_forever() {
  Runner runner;
  Rounds rounds;
  bool alone = false;
  for (;;) {
    int64 pause = pg::begin_round();
    pg::Transactions transactions(pg::Transactions::worker);
    // What is wrong with the tables is a failure of the job, and may be mended.
    ErrorData* error = attempt(nullptr, transactions, {"refresh", "CALL explore_analytics.refresh();"}, [&] {
      if (!installed()) pg::end_worker("explore_analytics is not installed");
      if (alone && !runner.is_of_this_install()) pg::end_worker("the tables were made anew");
      if (!alone) alone = runner.begin();
    });
    if (!error && alone) error = rounds.next(nullptr, transactions, &pause);
    transactions.finish();
    if (error) {
      pg::warn_of(error);
      if (error->sqlerrcode != ERRCODE_LOCK_NOT_AVAILABLE) pause = Max(pause, kPauseAfterError);
    }
    pg::end_round();
    pg::wait_between_rounds(pause);
  }
}

}  // namespace ea::rollup
