#include "keep/retention.hpp"

#include "keep/refresh.hpp"
#include "keep/session_locks.hpp"
#include "keep/verify.hpp"
#include "pg/job_log.hpp"
#include "pg/progress.hpp"
#include "pg/wait_point.hpp"
#include "store/excluded_viewers.hpp"
#include "store/raw_horizon.hpp"
#include "store/scope.hpp"

namespace ea::rollup {

namespace {

pg::Statement partition_key(
    "/* explore_analytics: apply_retention */ SELECT FROM pg_catalog.pg_partitioned_table p"
    " WHERE p.partrelid = $1 AND pg_catalog.replace(pg_catalog.pg_get_partkeydef(p.partrelid), '\"', '') = 'RANGE (created_at)'",
    {OIDOID});

// One dropped by hand meanwhile is gone as well.
pg::Statement forget_missing(
    "/* explore_analytics: apply_retention */ UPDATE explore_analytics.dropped_partitions d SET dropped_at = clock_timestamp()"
    " WHERE d.dropped_at IS NULL AND d.partition_name NOT IN (SELECT p.partition_name FROM explore_analytics.raw_partitions() p)",
    {});

#define EA_PARTITIONS(condition)                                                                        \
  "/* explore_analytics: apply_retention */ SELECT p.relation::oid, p.range_start, p.range_end, p.partition_name" \
  " FROM explore_analytics.raw_partitions() p LEFT JOIN explore_analytics.dropped_partitions d"         \
  "   ON d.partition_name = p.partition_name AND d.dropped_at IS NULL"                                  \
  " WHERE p.range_end <= $1 AND " condition " ORDER BY p.range_start"

#define EA_LATER_EVENTS                                                                                 \
  "EXISTS (SELECT FROM {s}.explore_engagements e WHERE e.created_at >= p.range_start AND e.created_at < p.range_end AND e.epoch > d.epoch)"

pg::Statement to_take(EA_PARTITIONS("(d.epoch IS NULL OR " EA_LATER_EVENTS ")"), {TIMESTAMPTZOID}, CURSOR_OPT_CUSTOM_PLAN);
pg::Statement to_drop(EA_PARTITIONS("d.epoch IS NOT NULL"), {TIMESTAMPTZOID}, CURSOR_OPT_CUSTOM_PLAN);

pg::Statement taken_upto(
    "/* explore_analytics: apply_retention */ SELECT d.epoch FROM explore_analytics.dropped_partitions d"
    " WHERE d.partition_name = $1 AND d.dropped_at IS NULL",
    {TEXTOID});

pg::Statement still_there(
    "/* explore_analytics: apply_retention */ SELECT FROM explore_analytics.raw_partitions() p WHERE p.relation = $1 AND p.partition_name = $2",
    {REGCLASSOID, TEXTOID});

// A transaction with an older snapshot that rebuilds is refused, as after a refresh.
pg::Statement touch_state("/* explore_analytics: apply_retention */ UPDATE explore_analytics.rollup_state SET low = low", {});

#define EA_TAKEN "e.created_at >= $1 AND e.created_at < $2 AND e.epoch > $3 AND e.epoch <= $4"

// Sessions of the rows of `source`, added to what is kept of them.
#define EA_FOLD_SESSIONS(source)                                                                        \
  "INSERT INTO explore_analytics.session_rollups AS r (session_id, last_at, summary, viewed, touched)"  \
  " SELECT e.session_id, max(e.created_at),"                                                                            \
  "   {s}.engagement_agg(e.engagement_type, NULL::bigint, e.watch_time_ms, e.completed) FILTER (WHERE " EA_COUNTED ")," \
  "   coalesce(array_agg(DISTINCT e.content_id) FILTER (WHERE e.engagement_type = 'view'), '{}'),"          \
  "   coalesce(array_agg(DISTINCT e.content_id) FILTER (WHERE " EA_COUNTED "), '{}')"                          \
  " FROM " source " AND e.session_id IS NOT NULL GROUP BY e.session_id"                                 \
  " ON CONFLICT (session_id) DO UPDATE SET last_at = greatest(r.last_at, excluded.last_at),"            \
  "   summary = r.summary OPERATOR({s}.+) excluded.summary,"                                            \
  "   viewed = ARRAY(SELECT pg_catalog.unnest(r.viewed) UNION SELECT pg_catalog.unnest(excluded.viewed) ORDER BY 1)," \
  "   touched = ARRAY(SELECT pg_catalog.unnest(r.touched) UNION SELECT pg_catalog.unnest(excluded.touched) ORDER BY 1)" \
  " RETURNING r.session_id, r.last_at"

// Ends that close_idle_sessions() gave move to the last of these events, which its next run would not find.
#define EA_ENDS_TO_MOVE                                                                                 \
  "SELECT array_agg(s.id) FROM folded f JOIN {s}.explore_feed_sessions s ON s.id = f.session_id"        \
  " WHERE s.session_end = s.idle_end AND s.session_end < f.last_at"

// The ledger counts raw rows that are there. `counts` has (epoch, events).
#define EA_REDUCE_LEDGER(counts)                                                                        \
  "UPDATE explore_analytics.rollup_ledger l SET event_count = l.event_count - g.events"                 \
  " FROM (SELECT o.high, sum(n.events) AS events FROM " counts " n"                                     \
  "       JOIN explore_analytics.rollup_ledger o ON n.epoch > o.low AND n.epoch <= o.high GROUP BY o.high) g" \
  " WHERE l.high = g.high"

constexpr std::initializer_list<Oid> kTakenTypes = {TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID, INT8OID};

pg::Statement fold_sessions(
    "/* explore_analytics: apply_retention */ WITH folded AS (" EA_FOLD_SESSIONS("{s}.explore_engagements e WHERE " EA_TAKEN) ") " EA_ENDS_TO_MOVE,
    kTakenTypes, CURSOR_OPT_CUSTOM_PLAN);

pg::Statement move_ends(
    "/* explore_analytics: apply_retention */ UPDATE {s}.explore_feed_sessions s SET session_end = r.last_at, idle_end = r.last_at"
    " FROM explore_analytics.session_rollups r"
    " WHERE s.id = ANY ($1) AND r.session_id = s.id AND s.session_end = s.idle_end AND s.session_end < r.last_at",
    {INT8ARRAYOID});

pg::Statement reduce_ledger(
    "/* explore_analytics: apply_retention */ WITH counted AS MATERIALIZED ("
    "  SELECT e.epoch, count(*) AS events FROM {s}.explore_engagements e WHERE " EA_TAKEN " AND " EA_COUNTED " GROUP BY e.epoch"
    "), reduced AS (" EA_REDUCE_LEDGER("counted") ") SELECT coalesce(sum(c.events), 0)::bigint FROM counted c",
    kTakenTypes, CURSOR_OPT_CUSTOM_PLAN);

// A month that was made again after it was dropped has late events: they add up.
pg::Statement note_partition(
    "/* explore_analytics: apply_retention */ INSERT INTO explore_analytics.dropped_partitions AS d"
    " (partition_name, range_start, range_end, epoch, event_count) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (partition_name) DO UPDATE SET range_start = least(d.range_start, excluded.range_start),"
    "  range_end = greatest(d.range_end, excluded.range_end), epoch = excluded.epoch,"
    "  event_count = d.event_count + excluded.event_count, dropped_at = NULL",
    {TEXTOID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID, INT8OID});

pg::Statement drop_partition("/* explore_analytics: apply_retention */ SELECT explore_analytics.drop_partition($1, $2)", {REGCLASSOID, INT8OID});

pg::Statement note_drop(
    "/* explore_analytics: apply_retention */ UPDATE explore_analytics.dropped_partitions SET dropped_at = clock_timestamp()"
    " WHERE partition_name = $1 RETURNING event_count",
    {TEXTOID});

pg::Statement audit(
    "/* explore_analytics: apply_retention */ INSERT INTO explore_analytics.audit_log (role, action, subject, row_count, detail)"
    " VALUES ($1, 'apply_retention', $2, $3, $4)",
    {NAMEOID, TEXTOID, INT8OID, TEXTOID});

// In the default partition alone: partitions are dropped whole.
pg::Statement any_late(
    "/* explore_analytics: apply_retention */ SELECT p.partdefid::regclass::text FROM pg_catalog.pg_partitioned_table p WHERE p.partrelid = $1"
    " AND EXISTS (SELECT FROM {s}.explore_engagements e WHERE e.created_at < $2 AND e.epoch <= $3 AND e.tableoid = p.partdefid)",
    {OIDOID, TIMESTAMPTZOID, INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

pg::Statement remove_late(
    "/* explore_analytics: apply_retention */ WITH gone AS ("
    "  DELETE FROM {s}.explore_engagements e WHERE e.created_at < $2 AND e.epoch <= $3"
    "  AND e.tableoid = (SELECT p.partdefid FROM pg_catalog.pg_partitioned_table p WHERE p.partrelid = $1)"
    "  RETURNING e.session_id, e.content_id, e.engagement_type, e.watch_time_ms, e.completed, e.created_at, e.epoch"
    "), folded AS (" EA_FOLD_SESSIONS("gone e WHERE true")
    "), counted AS MATERIALIZED (SELECT e.epoch, count(*) AS events FROM gone e WHERE " EA_COUNTED " GROUP BY e.epoch"
    "), reduced AS (" EA_REDUCE_LEDGER("counted") ") SELECT (" EA_ENDS_TO_MOVE "), coalesce(sum(c.events), 0)::bigint FROM counted c",
    {OIDOID, TIMESTAMPTZOID, INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

// Nothing of them is in the rollups, so that they would be kept for ever.
pg::Statement remove_excluded(
    "/* explore_analytics: apply_retention */ WITH gone AS ("
    "  DELETE FROM {s}.explore_excluded_engagements x WHERE x.created_at < $1 RETURNING 1"
    ") SELECT count(*) FROM gone",
    {TIMESTAMPTZOID}, CURSOR_OPT_CUSTOM_PLAN);

constexpr const char* kCommand = "retention";

// Keeps the first finding and counts them.
class FirstFinding final : public Findings {
 public:
  void add(const char* scope, int64 id, const core::Span& span, const char* problem, pg::Optional<int64> stored, int64 raw) override {
    if (count++ > 0) return;
    const core::Span all;
    const char* when = span.from == all.from ? "all time" : pstrdup(timestamptz_to_str(span.from));
    if (stored.given)
      snprintf(first, sizeof first, "First: %s %lld, %s: %s, stored %lld, raw %lld.", scope, (long long)id, when, problem,
               (long long)stored.value, (long long)raw);
    else
      snprintf(first, sizeof first, "First: %s %lld, %s: %s.", scope, (long long)id, when, problem);
  }

  int64 count = 0;
  char first[256] = {};
};

// After a drop nothing could be proved or mended any more.
void require_proof(const pg::Home& home, const pg::Range& range, bool summaries) {
  FirstFinding finding;
  verify(home, range, summaries, finding);
  if (finding.count == 0) return;
  pg::Failure failure = pg::failure(ERRCODE_DATA_CORRUPTED, "rollups and raw events before %s differ (%lld findings)",
                                    timestamptz_to_str(range.to), (long long)finding.count);
  strlcpy(failure.detail, finding.first, sizeof failure.detail);
  pg::raise(pg::with_hint(failure, "Nothing of that time was dropped. SELECT * FROM explore_analytics.verify() shows where, "
                                   "SELECT explore_analytics.rebuild() makes rollups what the raw events say."));
}

Partitions list(pg::Query& query, pg::Statement& statement, TimestampTz cutoff, MemoryContext context) {
  Partitions result;
  const uint64 found = query.write(statement, pg::Parameters().time(cutoff));
  result.list = static_cast<Partition*>(MemoryContextAlloc(context, Max(found, 1) * sizeof(Partition)));
  for (uint64 i = 0; i < found; i++) {
    Partition& p = result.list[result.count++];
    p.relation = DatumGetObjectId(query.value(i, 1));
    p.from = DatumGetTimestampTz(query.value(i, 2));
    p.to = DatumGetTimestampTz(query.value(i, 3));
    strlcpy(p.name, TextDatumGetCString(query.value(i, 4)), sizeof p.name);
  }
  return result;
}

// True, and the epoch, when it is taken over and not dropped.
bool is_taken(pg::Query& query, const Partition& partition, int64* epoch) {
  const bool taken = query.write(taken_upto, pg::Parameters().text(partition.name)) > 0;
  *epoch = taken ? query.int64_at(0, 1) : std::numeric_limits<int64>::min();
  return taken;
}

// Another session may have dropped it; with the lock of the rollups, none does.
bool is_there(pg::Query& query, const Partition& partition) {
  return query.write(still_there, pg::Parameters().add(ObjectIdGetDatum(partition.relation)).text(partition.name)) > 0;
}

// Of the sessions in the first column of what was found.
void move_ends_of(pg::Query& query) {
  if (query.is_null(0, 1)) return;
  const Datum sessions = query.copy_out(query.value(0, 1));
  lock_sessions(query, sessions);
  query.write(move_ends, pg::Parameters().add(sessions));
}

Datum name_of(const char* role) {
  Name name = static_cast<Name>(palloc0(NAMEDATALEN));
  namestrcpy(name, role);
  return NameGetDatum(name);
}

}  // namespace

void require_partitions(const pg::Home& home) {
  pg::Query query(home);
  if (query.write(partition_key, pg::Parameters().add(ObjectIdGetDatum(home.events))) == 0)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "explore_engagements is not partitioned by range of created_at"),
                            "Retention drops whole partitions. DELETE old rows and rebuild() their time, which takes their numbers too, or keep them."));
  query.finish();
}

Partitions partitions_to_take(const pg::Home& home, TimestampTz cutoff) {
  MemoryContext context = CurrentMemoryContext;
  pg::Query query(home);
  query.write(forget_missing, pg::Parameters());
  const Partitions result = list(query, to_take, cutoff, context);
  query.finish();
  return result;
}

Partitions partitions_to_drop(const pg::Home& home, TimestampTz cutoff) {
  MemoryContext context = CurrentMemoryContext;
  pg::Query query(home);
  const Partitions result = list(query, to_drop, cutoff, context);
  query.finish();
  return result;
}

void take_over(const pg::Home& home, const Partition& partition, bool summaries) {
  pg::Query query(home);
  int64 low, above;
  show_progress(kCommand, "waiting for rollups", 0, 0);
  lock_rollups(query, true, &low);
  if (!is_there(query, partition)) {
    query.finish();
    return;
  }
  query.write(touch_state, pg::Parameters());
  show_progress(kCommand, "verifying", 0, 0);
  // Of a time that is complete, up to the end of the partition: rows of the default partition too.
  PushActiveSnapshot(GetTransactionSnapshot());
  const TimestampTz horizon = raw_horizon(GetActiveSnapshot());
  require_proof(home, {partition.to > horizon ? horizon : partition.from, partition.to}, summaries);
  PopActiveSnapshot();
  show_progress(kCommand, "folding sessions", 0, 0);
  query.sort_in_maintenance_memory();
  is_taken(query, partition, &above);
  const auto taken = [&] { return pg::Parameters().time(partition.from).time(partition.to).id(above).id(low); };
  query.write(fold_sessions, taken());
  move_ends_of(query);
  query.write(reduce_ledger, taken());
  const int64 events = query.int64_at(0, 1);
  query.write(note_partition, pg::Parameters().text(partition.name).time(partition.from).time(partition.to).id(low).id(events));
  pg::wait_point(8);
  query.finish();
}

bool drop(const pg::Home& home, const Partition& partition, const char* role) {
  pg::Query query(home);
  int64 low, epoch;
  show_progress(kCommand, "waiting for rollups", 0, 0);
  lock_rollups(query, true, &low);
  if (!is_taken(query, partition, &epoch) || !is_there(query, partition)) {
    query.finish();
    return true;
  }
  show_progress(kCommand, "dropping", 0, 0);
  query.write(drop_partition, pg::Parameters().add(ObjectIdGetDatum(partition.relation)).id(epoch));
  if (!DatumGetBool(query.value(0, 1))) {
    query.finish();
    return false;
  }
  query.write(note_drop, pg::Parameters().text(partition.name));
  const int64 events = query.int64_at(0, 1);
  char detail[128];
  snprintf(detail, sizeof detail, "dropped partition, epochs up to %lld", (long long)epoch);
  query.write(audit, pg::Parameters().add(name_of(role)).text(partition.name).id(events).text(detail));
  pg::wait_point(9);
  query.finish();
  pg::log_line("apply_retention partition=%s events=%lld epoch=%lld", partition.name, (long long)events, (long long)epoch);
  return true;
}

int64 clear_late(const pg::Home& home, const char* role) {
  pg::Query query(home);
  int64 low, events = 0;
  show_progress(kCommand, "late events", 0, 0);
  lock_rollups(query, true, &low);
  PushActiveSnapshot(GetTransactionSnapshot());
  const TimestampTz horizon = raw_horizon(GetActiveSnapshot());
  const auto late = [&] { return pg::Parameters().add(ObjectIdGetDatum(home.events)).time(horizon).id(low); };
  if (!TIMESTAMP_IS_NOBEGIN(horizon) && query.read(any_late, late()) > 0) {
    const char* name = TextDatumGetCString(query.value(0, 1));
    require_proof(home, {DT_NOBEGIN, horizon}, false);
    query.sort_in_maintenance_memory();
    query.write(remove_late, late());
    events = query.int64_at(0, 2);
    move_ends_of(query);
    query.write(audit, pg::Parameters().add(name_of(role)).text(name).id(events).text("deleted late events of dropped partitions"));
    pg::log_line("apply_retention partition=%s late_events=%lld", name, (long long)events);
  }
  PopActiveSnapshot();
  if (!TIMESTAMP_IS_NOBEGIN(horizon) && has_excluded_viewers(home)) {
    query.write(remove_excluded, pg::Parameters().time(horizon));
    const int64 excluded = query.int64_at(0, 1);
    if (excluded > 0) {
      query.write(audit, pg::Parameters().add(name_of(role)).text("explore_excluded_engagements").id(excluded).text("deleted excluded events of dropped partitions"));
      pg::log_line("apply_retention excluded_events=%lld", (long long)excluded);
      pg::notice(pg::with_hint(pg::failure(ERRCODE_SUCCESSFUL_COMPLETION, "%lld excluded events from before %s are deleted", (long long)excluded, timestamptz_to_str(horizon)),
                               "restore_traffic() cannot bring them back."));
    }
  }
  query.finish();
  return events;
}

}  // namespace ea::rollup
