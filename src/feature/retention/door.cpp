// apply_retention: drops old partitions of raw events, step by step, each step a transaction.
#include "access/home.hpp"
#include "keep/procedure.hpp"
#include "keep/retention.hpp"
#include "pg/barrier.hpp"
#include "pg/older_snapshots.hpp"
#include "pg/progress.hpp"

namespace {

using namespace ea;

// Milliseconds to wait for older snapshots where lock_timeout is off, and how often late events may come in
// between.
constexpr int kDefaultTimeout = 30000;
constexpr int kRounds = 10;

TimestampTz cutoff_argument(FunctionCallInfo fcinfo) {
  if (PG_ARGISNULL(0))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_NULL_VALUE_NOT_ALLOWED, "keep must not be null"), "For example interval '13 months'."));
  const TimestampTz now = GetCurrentTransactionStartTimestamp();
  const TimestampTz cutoff = DatumGetTimestampTz(DirectFunctionCall2(timestamptz_mi_interval, TimestampTzGetDatum(now), PG_GETARG_DATUM(0)));
  if (pg::interval_milliseconds(PG_GETARG_INTERVAL_P(0)) <= 0 || cutoff >= now)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "keep must be positive"), "For example interval '13 months'."));
  return cutoff;
}

// Until nobody's snapshot is older than what was committed before. No more than a look when there is none.
void wait_for_readers(const pg::Home& home) {
  pg::OlderSnapshots older;
  pg::Query query(home);
  rollup::show_progress("retention", "waiting for readers", 0, 0);
  const bool good = older.wait(LockTimeout > 0 ? LockTimeout : kDefaultTimeout);
  query.finish();
  if (good) return;
  pg::Failure failure = pg::failure(ERRCODE_LOCK_NOT_AVAILABLE, "a transaction that began before its raw events could be dropped is still reading");
  older.describe(failure.detail, sizeof failure.detail);
  pg::raise(pg::with_hint(failure, "Answers stay exact. End that transaction, or call apply_retention() again later; lock_timeout says how long to wait."));
}

// Each call does one transaction of it.
class Retention {
 public:
  explicit Retention(FunctionCallInfo fcinfo)
      : fcinfo_(fcinfo), cutoff_(cutoff_argument(fcinfo)), role_(GetUserNameFromId(GetUserId(), false)),
        call_(psprintf("CALL explore_analytics.apply_retention(%s);",
                       quote_literal_cstr(DatumGetCString(DirectFunctionCall1(interval_out, PG_GETARG_DATUM(0)))))) {}

  void apply() {
    rollup::require_partitions(access::installed_home(fcinfo_));
    for (int round = 0;; round++) {
      rollup::Refreshed refreshed;
      if (ErrorData* error = rollup::refresh_once(fcinfo_, transactions_, 0, &refreshed)) pg::rethrow(error);
      if (refreshed.outcome != rollup::Outcome::done) return;
      take_over();
      if (drop(round)) break;
    }
    step([&](const pg::Home& home) {
      rollup::clear_late(home, role_);
      pg::Query query(home);
      rollup::note_success(query, kName);
      query.finish();
    });
  }
  void finish() { transactions_.finish(); }

 private:
  static constexpr const char* kName = "apply_retention";

  template <class Work>
  void step(Work&& work) {
    ErrorData* error = rollup::attempt(fcinfo_, transactions_, {kName, call_}, [&] {
      const pg::Home home = access::installed_home(fcinfo_);
      work(home);
    });
    if (error) pg::rethrow(error);
    transactions_.commit();
  }

  void take_over() {
    rollup::Partitions fresh;
    step([&](const pg::Home& home) { fresh = rollup::partitions_to_take(home, cutoff_); });
    // A reader who stays too long is found here, before anything is changed.
    if (fresh.count > 0) step(wait_for_readers);
    for (int i = 0; i < fresh.count; i++) {
      step([&](const pg::Home& home) { rollup::take_over(home, fresh.list[i], !proved_); });
      proved_ = true;
    }
  }

  // False when events have come in that must be taken over first.
  bool drop(int round) {
    rollup::Partitions taken;
    step([&](const pg::Home& home) { taken = rollup::partitions_to_drop(home, cutoff_); });
    if (taken.count == 0) return true;
    step(wait_for_readers);
    bool dropped = true;
    for (int i = 0; dropped && i < taken.count; i++)
      step([&](const pg::Home& home) {
        dropped = rollup::drop(home, taken.list[i], role_);
        if (!dropped && round == kRounds)
          pg::raise(pg::with_hint(pg::failure(ERRCODE_LOCK_NOT_AVAILABLE, "events keep coming into partition %s", taken.list[i].name),
                                  "Answers stay exact. Call apply_retention() again later."));
      });
    return dropped;
  }

  FunctionCallInfo fcinfo_;
  TimestampTz cutoff_;
  const char* role_;
  const char* call_;
  pg::Transactions transactions_;
  bool proved_ = false;
};

}  // namespace

EA_FUNCTION(ea_apply_retention) {
  rollup::require_top_level(fcinfo, "apply_retention()");
  Retention retention(fcinfo);
  retention.apply();
  retention.finish();
  return (Datum)0;
}
