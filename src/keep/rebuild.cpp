#include "keep/rebuild.hpp"

#include <algorithm>

#include "keep/creator_changes.hpp"
#include "keep/event_groups.hpp"
#include "keep/refresh.hpp"
#include "keep/session_rollups.hpp"
#include "keep/verify.hpp"
#include "pg/job_log.hpp"
#include "pg/memory.hpp"
#include "pg/progress.hpp"
#include "store/contents.hpp"
#include "store/raw_horizon.hpp"
#include "store/scope.hpp"
#include "store/span.hpp"
#include "store/stored_events.hpp"

namespace ea::rollup {

namespace {

constexpr ScopeKind kScopes[] = {ScopeKind::content, ScopeKind::creator, ScopeKind::platform};

pg::Statement remove_totals("/* explore_analytics: rebuild */ DELETE FROM explore_analytics.rollup_totals", {});
pg::Statement remove_buckets("/* explore_analytics: rebuild */ DELETE FROM explore_analytics.rollup_buckets", {});
pg::Statement remove_deltas("/* explore_analytics: rebuild */ DELETE FROM explore_analytics.rollup_deltas", {});

// One row in place of all: what rollups now hold. Of a part only the difference is known, so that rows
// lost elsewhere still show.
pg::Statement ledger_sum("/* explore_analytics: rebuild */ SELECT coalesce(sum(event_count), 0)::bigint FROM explore_analytics.rollup_ledger", {});
pg::Statement remove_ledger("/* explore_analytics: rebuild */ DELETE FROM explore_analytics.rollup_ledger", {});
pg::Statement restart_ledger(
    "/* explore_analytics: rebuild */ INSERT INTO explore_analytics.rollup_ledger"
    " SELECT -1, s.low, $1, clock_timestamp(), 0, $2, $3, $4 FROM explore_analytics.rollup_state s WHERE s.low >= 0",
    {INT8OID, INT8OID, INT8OID, INT8OID});
pg::Statement raw_count(
    "/* explore_analytics: rebuild */ SELECT count(*) FROM {s}.explore_engagements e WHERE e.epoch <= $1 AND " EA_COUNTED EA_NOT_TAKEN_OVER, {INT8OID});
pg::Statement rescore_all("/* explore_analytics: rebuild */ UPDATE explore_analytics.rollup_state SET rescore_all = low", {});

// A fingerprint of any number of events that does not depend on their order. Two sums of hashes: that a
// changed set of events keeps both is not going to happen.
struct Fingerprint {
  int64 id;
  uint64 count = 0, first = 0, second = 0;

  explicit Fingerprint(int64 id) : id(id) {}
  void add(const core::TimedEvent& e) {
    const uint64 parts[] = {(uint64)e.at, (uint64)e.event.viewer, (uint64)e.event.watch_time_ms,
                            (uint64)e.event.type | (uint64)e.event.completed << 8 | (uint64)e.event.has_viewer << 9};
    const auto* bytes = reinterpret_cast<const unsigned char*>(parts);
    count++;
    first += DatumGetUInt64(hash_any_extended(bytes, sizeof parts, 1));
    second += DatumGetUInt64(hash_any_extended(bytes, sizeof parts, 2));
  }
  bool same(const Fingerprint& other) const { return count == other.count && first == other.first && second == other.second; }
};

using Fingerprints = pg::Array<Fingerprint>;    // by id

const Fingerprint* find(const Fingerprints& list, int64 id) {
  const Fingerprint* place = std::lower_bound(list.begin(), list.end(), id, [](const Fingerprint& f, int64 i) { return f.id < i; });
  return place != list.end() && place->id == id ? place : nullptr;
}

RawSelection selection(int64 low, const pg::Range& range) {
  RawSelection chosen;
  chosen.above = std::numeric_limits<int64>::min();
  chosen.upto = low;
  chosen.range = range;
  return chosen;
}

Fingerprints raw_fingerprints(pg::Query& query, ScopeKind scope, const RawSelection& chosen) {
  Fingerprints result;
  RawEvents events(query, scope, chosen);
  int64 id;
  core::TimedEvent event;
  while (events.next(&id, &event)) {
    if (result.empty() || result[result.size() - 1].id != id) result.append(Fingerprint(id));
    result[result.size() - 1].add(event);
  }
  events.close();
  return result;
}

// Keys of which the raw rows and the rollups differ in the range, or all there are, ascending; and by how many
// events.
AscendingIds differing_keys(Snapshot snapshot, ScopeKind scope, const core::Span& range, bool all, const AscendingIds& skipped, const Fingerprints& raw,
                   int64* difference) {
  Fingerprints stored;
  MemoryContext outside = CurrentMemoryContext;
  MemoryContext context = AllocSetContextCreate(outside, "explore_analytics key", ALLOCSET_DEFAULT_SIZES);
  StoredEvents events(snapshot);
  pg::IndexScan scan;
  scan.open(tables().totals, snapshot);
  scan.equal_int2(totals::scope, (int16)scope).start();
  while (scan.next()) {
    const int64 id = scan.int64_at(totals::id);
    if (std::binary_search(skipped.begin(), skipped.end(), id)) continue;
    Fingerprint& print = stored.append(Fingerprint(id));
    MemoryContextSwitchTo(context);
    events.for_each({scope, id}, range, [&](const core::TimedEvent& e) { print.add(e); });
    MemoryContextSwitchTo(outside);
    MemoryContextReset(context);
  }
  scan.close();
  events.close();
  MemoryContextDelete(context);
  for (const Fingerprint& print : raw) *difference += (int64)print.count;
  for (const Fingerprint& print : stored) *difference -= (int64)print.count;
  std::sort(stored.begin(), stored.end(), [](const Fingerprint& a, const Fingerprint& b) { return a.id < b.id; });
  AscendingIds result;
  for (const Fingerprint& print : stored) {
    const Fingerprint* found = find(raw, print.id);
    if (all || !print.same(found ? *found : Fingerprint(0))) result.append(print.id);
  }
  for (const Fingerprint& print : raw)
    if (!find(stored, print.id)) result.append(print.id);
  std::sort(result.begin(), result.end());
  return result;
}

// Collects events of one key and brings them into its buckets in portions.
class Refill {
 public:
  Refill(StoredBuckets& stored, const Key& key) : stored_(stored), key_(key) {}
  void add(const core::TimedEvent& event) {
    events_.append(event);
    if (events_.size() == kMaxGroup) flush();
  }
  void flush() {
    std::sort(events_.begin(), events_.end());
    stored_.insert(key_, core::TimedEvents(events_.begin(), (size_t)events_.size()));
    events_.clear();
  }

 private:
  StoredBuckets& stored_;
  Key key_;
  pg::Array<core::TimedEvent> events_;
};

// Old events outside the range and raw ones inside it. Returns how many more events there are now.
int64 rebuild_scope(pg::Query& query, StoredBuckets& stored, ScopeKind scope, const pg::Range& range, bool all, const AscendingIds& skipped, int64 low) {
  const core::Span span = span_of(range);
  RawSelection chosen = selection(low, range);
  if (!skipped.empty()) chosen.without = {true, id_array(skipped)};
  int64 difference = 0;
  const AscendingIds keys = differing_keys(GetActiveSnapshot(), scope, span, all, skipped, raw_fingerprints(query, scope, chosen), &difference);
  if (keys.empty()) return difference;
  chosen.only = {true, id_array(keys)};
  StoredEvents old(GetActiveSnapshot());    // sees the rows that are taken away below
  RawEvents raw(query, scope, chosen);
  int64 raw_id;
  core::TimedEvent raw_event;
  bool more = raw.next(&raw_id, &raw_event);
  MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics rebuild", ALLOCSET_DEFAULT_SIZES);
  for (int64 i = 0; i < keys.size(); i++) {
    CHECK_FOR_INTERRUPTS();
    const Key key{scope, keys[i]};
    MemoryContext outside = MemoryContextSwitchTo(context);
    stored.remove(key);
    Refill refill(stored, key);
    old.for_each(key, {}, [&](const core::TimedEvent& e) {
      if (!span.contains(e.at)) refill.add(e);
    });
    MemoryContextSwitchTo(outside);
    for (; more && raw_id == key.id; more = raw.next(&raw_id, &raw_event)) {
      MemoryContextSwitchTo(context);
      refill.add(raw_event);
      MemoryContextSwitchTo(outside);
    }
    MemoryContextSwitchTo(context);
    refill.flush();
    MemoryContextSwitchTo(outside);
    MemoryContextReset(context);
    if (i % 100 == 0) show_progress("rebuild", "keys", i, keys.size());
  }
  raw.close();
  old.close();
  return difference;
}

// Whose sessions differ from the raw rows.
class DifferingSessions final : public Findings {
 public:
  void add(const char* scope, int64 id, const core::Span&, const char*, pg::Optional<int64>, int64) override {
    if (id == 0)
      platform = true;
    else
      creators.append(id);
  }
  bool platform = false;
  AscendingIds creators;
};

// Which sessions a change of events has touched, no range tells: all are looked at, and those made anew that differ.
void rebuild_sessions(pg::Query& query, StoredBuckets& stored, int64 low, bool from_raw) {
  SessionRollups noted(query, stored);
  if (from_raw || !noted.state().made) {
    noted.rebuild(low);
    noted.note_state();
    return;
  }
  noted.bring_in(low, false);
  noted.note_state();
  stored.renew();
  // The rows of the moment of which the notes were, with what was done here: what is noted since waits for the next refresh.
  PushCopiedSnapshot(GetActiveSnapshot());
  UpdateActiveSnapshotCommandId();
  DifferingSessions differing;
  verify_sessions(query.home(), {}, differing);
  SessionRollups sessions(query, stored);
  make_ascending(&differing.creators);
  if (differing.platform) sessions.rebuild_platform();
  if (!differing.creators.empty()) sessions.rebuild_creators(low, differing.creators);
  sessions.note_state();
  PopActiveSnapshot();
}

TimestampTz fresh_horizon() {
  PushActiveSnapshot(GetTransactionSnapshot());
  const TimestampTz horizon = raw_horizon(GetActiveSnapshot());
  PopActiveSnapshot();
  return horizon;
}

// What the raw table can speak about.
pg::Range after_horizon(pg::Range range, TimestampTz horizon) {
  if (range.to <= horizon)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "raw events before %s are dropped, rollups are their only copy",
                                        timestamptz_to_str(horizon)),
                            "Rebuild what came after it. What is recorded now counts, however old it is."));
  if (range.from < horizon) {
    pg::notice(pg::failure(0, "raw events before %s are dropped: rollups of that time stay as they are", timestamptz_to_str(horizon)));
    range.from = horizon;
  }
  return range;
}

}  // namespace

int64 rebuild(const pg::Home& home, const pg::Range& asked) {
  const pg::JobLog log;
  pg::Query query(home);
  int64 low;
  lock_rollups(query, true, &low);
  query.sort_in_maintenance_memory();
  show_progress("rebuild", "reading", 0, 0);
  const bool everything = span_of(asked).contains(core::Span{});
  const pg::Range range = after_horizon(asked, fresh_horizon());
  const bool from_raw = everything && TIMESTAMP_IS_NOBEGIN(range.from);
  if (from_raw)
    for (pg::Statement* statement : {&remove_totals, &remove_buckets, &remove_deltas}) query.write(*statement, pg::Parameters());
  PushActiveSnapshot(GetTransactionSnapshot());
  StoredBuckets stored(low);
  CreatorChanges noted(home, GetActiveSnapshot());
  int64 events = 0;
  if (from_raw) {
    for (ScopeKind scope : kScopes) events = store_events("rebuild", query, stored, scope, selection(low, range));
  } else {
    noted.find(stored);
    noted.distrust();
    if (everything) noted.distrust_all();
    rebuild_scope(query, stored, ScopeKind::content, range, everything, {}, low);
    if (!noted.all_creators()) rebuild_scope(query, stored, ScopeKind::creator, range, false, noted.creators(), low);
    noted.rebuild(stored);
    events = rebuild_scope(query, stored, ScopeKind::platform, range, everything, {}, low);
  }
  if (OidIsValid(tables().session_changes.oid)) {
    show_progress("rebuild", "sessions", 0, 0);
    rebuild_sessions(query, stored, low, from_raw);
  }
  stored.close();
  const int64 rows = stored.rows(), bytes = stored.bytes();
  PopActiveSnapshot();
  if (everything && !from_raw) {
    query.write(raw_count, pg::Parameters().id(low));
    events = query.int64_at(0, 1);
  } else if (!everything) {
    query.write(ledger_sum, pg::Parameters());
    events += query.int64_at(0, 1);
  }
  query.write(remove_ledger, pg::Parameters());
  query.write(restart_ledger, pg::Parameters().id(events).id(log.took_ms()).id(rows).id(bytes));
  query.write(rescore_all, pg::Parameters());
  query.finish();
  log.write("rebuild low=%lld everything=%s events=%lld rollup_rows=%lld rollup_bytes=%lld", (long long)low, everything ? "true" : "false",
            (long long)events, (long long)rows, (long long)bytes);
  return rows;
}

}  // namespace ea::rollup
