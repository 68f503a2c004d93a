// Compaction: deltas into the buckets they belong to.
#include <algorithm>

#include "keep/event_groups.hpp"
#include "keep/refresh.hpp"
#include "keep/session_rollups.hpp"
#include "pg/array.hpp"
#include "pg/memory.hpp"
#include "pg/progress.hpp"
#include "pg/wait_point.hpp"

namespace ea::rollup {

namespace {

// A key with deltas.
struct Waiting {
  Key key;
  int64 refreshes = 0, small = 0;      // deltas; of these, with few events
  int64 events = 0;
  TimestampTz last = 0;
  bool ripe = false;
};

// Few deltas with few events each are worth their place: readers pass them quickly.
constexpr int64 kManyDeltas = 32;

// So many logs leave their shelves in one transaction.
constexpr int64 kLogsPerTransaction = 100000;

// Many events, or many compared with what the buckets hold, or a total that is still a log.
bool is_ripe(pg::IndexScan& scan, const Waiting& waiting) {
  scan.equal(totals::key::id, waiting.key.id).equal_int2(totals::key::scope, (int16)waiting.key.scope).start();
  if (!scan.next()) return false;
  bool is_summary;
  (void)scan.value(totals::events, &is_summary);
  return waiting.events >= kWorthBuckets || waiting.events >= Max((int64)64, scan.int64_at(totals::views) / 8) || (!is_summary && waiting.refreshes >= 4);
}

// The next keys behind `after` of which something is to be done: their deltas go into the buckets, or those that are small
// become one. One pass in the order of the index.
pg::Array<Waiting> next_keys(Snapshot snapshot, const Key& after, int64 keys, bool everything) {
  pg::Array<Waiting> found;
  pg::IndexScan scan, of_totals;
  of_totals.open(tables().totals, tables().totals_key, snapshot);
  scan.open(tables().deltas, tables().deltas_key, snapshot);
  scan.at_least(deltas::key::id, Max(after.id, shelves::kFirst[kShelfLevels])).start();
  Waiting waiting;
  const auto close_group = [&] {
    if (waiting.refreshes == 0) return;
    waiting.ripe = everything || is_ripe(of_totals, waiting);
    if (waiting.ripe || waiting.small >= kManyDeltas) found.append(waiting);
  };
  while (found.size() < keys && scan.next()) {
    CHECK_FOR_INTERRUPTS();
    const Key key{(ScopeKind)scan.int16_at(deltas::scope), scan.int64_at(deltas::id)};
    if (key.id == after.id && key.scope <= after.scope) continue;
    if (waiting.refreshes == 0 || key.id != waiting.key.id || key.scope != waiting.key.scope) {
      close_group();
      waiting = Waiting{key};
      if (found.size() == keys) break;
    }
    const int64 events = scan.int32_at(deltas::event_count);
    waiting.refreshes++;
    waiting.small += events < kWorthBuckets;
    waiting.events += events;
    waiting.last = Max(waiting.last, scan.int64_at(deltas::last_at));
  }
  if (found.size() < keys) close_group();
  scan.close();
  of_totals.close();
  return found;
}

// What may be written to bring all of them into the buckets: so much for each; for the call that takes every key also a log
// for each while that is not much; anything when as many wait as may.
int64 budget(const Waiting& waiting, bool everything) {
  constexpr int64 kBytesForEach = 100, kLog = 1500, kLeast = 64 << 10, kMost = 1 << 20;
  if (waiting.events >= kMaxGroup) return std::numeric_limits<int64>::max();
  return Max(kBytesForEach * waiting.events, everything ? std::clamp(kLog * waiting.events, kLeast, kMost) : 0);
}

// Brings what waits into the buckets if that pays, without a look at the events if the way of the last one says no.
bool merge(StoredBuckets& stored, const Waiting& waiting, int64 bytes, MemoryContext context) {
  const core::TimedEvent last{waiting.last, {}};
  if (!stored.rewrites_at_most(waiting.key, core::TimedEvents(&last, 1), bytes)) return false;
  pg::Resource memory(context);
  std::pmr::vector<core::TimedEvent> events(&memory);
  stored.append_deltas(waiting.key, &events);
  if (!stored.rewrites_at_most(waiting.key, events, bytes)) return false;
  stored.insert_with_deltas(waiting.key, {}, DeltaRows::Which::own_rows);
  return true;
}

void gather_small(StoredBuckets& stored, const Waiting& waiting, MemoryContext context) {
  pg::Resource memory(context);
  std::pmr::vector<core::TimedEvent> events(&memory);
  stored.take_deltas(waiting.key, &events, DeltaRows::Which::all, kWorthBuckets);
  stored.put_delta(waiting.key, events);
}

// Refreshes of more than a week ago become one row: one a second would be half a million a week. In the order of epochs,
// which is that of time, they come first; a call takes so many of them, and where the second row is younger it reads no more.
pg::Statement fold_ledger(
    "/* explore_analytics: compact */ WITH old AS MATERIALIZED ("
    "  SELECT min(l.low) AS low, max(l.high) AS high, sum(l.event_count) AS events, sum(l.waited_ms) AS waited, sum(l.took_ms) AS took,"
    "    sum(l.rollup_rows) AS rows, sum(l.rollup_bytes) AS bytes"
    "  FROM (SELECT * FROM explore_analytics.rollup_ledger ORDER BY high LIMIT 20000) l"
    "  WHERE l.finished_at < now() - interval '7 days'"
    "    AND (SELECT s.finished_at < now() - interval '7 days' FROM explore_analytics.rollup_ledger s ORDER BY s.high OFFSET 1 LIMIT 1)"
    "  HAVING count(*) > 1"
    "), kept AS ("
    "  UPDATE explore_analytics.rollup_ledger l SET low = old.low, event_count = old.events, waited_ms = old.waited,"
    "    took_ms = old.took, rollup_rows = old.rows, rollup_bytes = old.bytes"
    "  FROM old WHERE l.high = old.high"
    ") DELETE FROM explore_analytics.rollup_ledger l USING old WHERE l.high < old.high",
    {});

}  // namespace

void compact(const pg::Home& home, int64 keys, bool everything, Compaction* compaction) {
  pg::Query query(home, true);
  int64 low;
  if (!lock_rollups(query, false, &low)) {
    query.finish();
    compaction->busy = true;
    compaction->more = false;
    return;
  }
  if (!compaction->shelves_done) {
    show_progress("compact", "shelves", 0, 0);
    PushActiveSnapshot(GetTransactionSnapshot());
    StoredBuckets above(low);
    compaction->shelves_done = above.move_shelves(everything, kLogsPerTransaction) < kLogsPerTransaction;
    above.close();
    PopActiveSnapshot();
    if (!compaction->shelves_done) {
      query.finish();
      compaction->more = true;
      return;
    }
  }
  show_progress("compact", "choosing", 0, 0);
  PushActiveSnapshot(GetTransactionSnapshot());
  const pg::Array<Waiting> found = next_keys(GetActiveSnapshot(), compaction->after, keys, everything);
  if (!found.empty()) {
    StoredBuckets stored(low);
    SessionRollups sessions(query, stored);
    MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics deltas", ALLOCSET_DEFAULT_SIZES);
    for (int64 i = 0; i < found.size(); i++) {
      CHECK_FOR_INTERRUPTS();
      const Waiting& waiting = found[i];
      if (is_of_sessions(waiting.key)) {
        MemoryContext outside = MemoryContextSwitchTo(context);
        sessions.compact(waiting.key, waiting.ripe, low);
        MemoryContextSwitchTo(outside);
      } else if (!(waiting.ripe && merge(stored, waiting, budget(waiting, everything), context)) && waiting.small >= kManyDeltas) {
        gather_small(stored, waiting, context);
      }
      MemoryContextReset(context);
      if (i % 1000 == 0) show_progress("compact", "keys", i, found.size());
    }
    if (sessions.has_mended()) sessions.note_state();
    stored.close();
    compaction->after = found[found.size() - 1].key;
  }
  PopActiveSnapshot();
  pg::wait_point(7);
  query.write(fold_ledger, pg::Parameters());
  query.finish();
  compaction->keys += found.size();
  compaction->more = found.size() == keys;
}

}  // namespace ea::rollup
