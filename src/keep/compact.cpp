// Compaction: deltas into the buckets they belong to.
#include "keep/refresh.hpp"
#include "keep/session_rollups.hpp"
#include "pg/memory.hpp"
#include "pg/progress.hpp"
#include "pg/wait_point.hpp"

namespace ea::rollup {

namespace {

// Keys whose deltas are worth a change of the buckets: many events, or many compared with what the buckets
// hold, or a total that is still a log. Others only have their deltas made one, when they are many.
// $1: every key goes into its buckets.
pg::Statement ripe_keys(
    "/* explore_analytics: compact */ SELECT r.id, r.scope, r.ripe FROM ("
    "  SELECT d.id, d.scope, d.refreshes, $1 OR d.events >= 4000 OR d.events >= greatest(64, t.views / 8)"
    "    OR (t.events IS NOT NULL AND d.refreshes >= 4) AS ripe"
    "  FROM (SELECT id, scope, count(*) AS refreshes, sum(event_count) AS events"
    "        FROM explore_analytics.rollup_deltas GROUP BY id, scope) d"
    "  JOIN explore_analytics.rollup_totals t ON t.id = d.id AND t.scope = d.scope) r"
    " WHERE r.ripe OR r.refreshes >= 32 ORDER BY r.scope, r.id LIMIT $2",
    {BOOLOID, INT8OID});

// Refreshes of more than a week ago become one row: one a second would be half a million a week.
pg::Statement fold_ledger(
    "/* explore_analytics: compact */ WITH old AS MATERIALIZED ("
    "  SELECT min(low) AS low, max(high) AS high, sum(event_count) AS events, sum(waited_ms) AS waited, sum(took_ms) AS took,"
    "    sum(rollup_rows) AS rows, sum(rollup_bytes) AS bytes"
    "  FROM explore_analytics.rollup_ledger WHERE finished_at < now() - interval '7 days' HAVING count(*) > 1"
    "), kept AS ("
    "  UPDATE explore_analytics.rollup_ledger l SET low = old.low, event_count = old.events, waited_ms = old.waited,"
    "    took_ms = old.took, rollup_rows = old.rows, rollup_bytes = old.bytes"
    "  FROM old WHERE l.high = old.high"
    ") DELETE FROM explore_analytics.rollup_ledger l USING old WHERE l.high < old.high",
    {});

}  // namespace

int64 compact(const pg::Home& home, int64 keys, bool everything) {
  pg::Query query(home);
  int64 low;
  if (!lock_rollups(query, false, &low)) {
    query.finish();
    return -1;
  }
  show_progress("compact", "choosing", 0, 0);
  const uint64 found = query.write(ripe_keys, pg::Parameters().add(BoolGetDatum(everything)).id(keys));
  if (found > 0) {
    StoredBuckets stored(low);
    MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics deltas", ALLOCSET_DEFAULT_SIZES);
    for (uint64 i = 0; i < found; i++) {
      CHECK_FOR_INTERRUPTS();
      bool null;
      const Key key{(ScopeKind)DatumGetInt16(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2, &null)), query.int64_at(i, 1)};
      const bool ripe = DatumGetBool(query.value(i, 3));
      if (key.scope == ScopeKind::sessions || key.scope == ScopeKind::creator_sessions) {
        MemoryContext outside = MemoryContextSwitchTo(context);
        SessionRollups::compact(stored, key, ripe);
        MemoryContextSwitchTo(outside);
      } else {
        pg::Resource memory(context);
        std::pmr::vector<core::TimedEvent> events(&memory);
        stored.take_deltas(key, &events);
        if (ripe)
          stored.insert(key, events);
        else
          stored.put_delta(key, events);
      }
      MemoryContextReset(context);
      if (i % 1000 == 0) show_progress("compact", "keys", (int64)i, (int64)found);
    }
    stored.close();
  }
  pg::wait_point(7);
  query.write(fold_ledger, pg::Parameters());
  query.finish();
  return (int64)found;
}

}  // namespace ea::rollup
