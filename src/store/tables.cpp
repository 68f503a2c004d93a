#include "store/tables.hpp"

#include "access/home.hpp"
#include "pg/relation_changes.hpp"

namespace ea::rollup {

namespace {

constexpr pg::Column kState[] = {{"low", INT8OID}, {"rescore_all", INT8OID}, {"layout_version", INT4OID}};
constexpr pg::Column kTotals[] = {{"id", INT8OID}, {"epoch", INT8OID}, {"views", INT8OID}, {"score", FLOAT8OID}, {"scope", INT2OID},
                                  {"summary", pg::kOwnType, false}, {"events", BYTEAOID, false}};
constexpr pg::Column kBuckets[] = {{"id", INT8OID}, {"bucket", INT8OID}, {"scope", INT2OID}, {"level", INT2OID},
                                   {"summary", pg::kOwnType, false}, {"events", BYTEAOID, false}};
constexpr pg::Column kDeltas[] = {{"id", INT8OID}, {"epoch", INT8OID}, {"first_at", TIMESTAMPTZOID}, {"last_at", TIMESTAMPTZOID},
                                  {"scope", INT2OID}, {"event_count", INT4OID}, {"events", BYTEAOID}};
constexpr pg::Column kChanges[] = {{"creator_id", INT8OID}, {"content_id", INT8OID}};
constexpr pg::Column kRescores[] = {{"low", INT8OID}};
constexpr pg::Column kDropped[] = {{"range_end", TIMESTAMPTZOID}};

constexpr pg::Column kSessionState[] = {{"sessions_made", BOOLOID}, {"session_strangers", BOOLOID}};
constexpr pg::Column kSessionChanges[] = {{"session_id", INT8OID}, {"old_start", TIMESTAMPTZOID, false}, {"old_end", TIMESTAMPTZOID, false},
                                          {"new_start", TIMESTAMPTZOID, false}, {"new_end", TIMESTAMPTZOID, false}};

constexpr pg::Table Tables::*kAll[] = {&Tables::state, &Tables::totals, &Tables::buckets, &Tables::deltas, &Tables::changes, &Tables::rescores, &Tables::dropped, &Tables::sessions, &Tables::session_changes, &Tables::session_state};

Tables known;
bool valid = false;
Oid sequence = InvalidOid;     // may be known while a table is missing
uint64 heard = 0;              // of changes, whatever relation they are about
bool watching = false;

void forget(Datum, Oid relation) {
  heard++;
  if (!OidIsValid(relation) || relation == sequence) sequence = InvalidOid;
  bool ours = !OidIsValid(relation) || relation == known.sequence;
  for (const auto table : kAll) ours = ours || relation == (known.*table).oid;
  if (ours) valid = false;
}

void watch() {
  if (watching) return;
  pg::on_relation_change(forget);
  watching = true;
}

Oid require(const char* name, Oid schema) {
  const Oid oid = get_relname_relid(name, schema);
  if (!OidIsValid(oid))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                                        "explore_analytics is not installed in this database: relation explore_analytics.%s does not exist", name),
                            "Run: CALL explore_analytics.install();"));
  return oid;
}

Tables look_up() {
  const Oid schema = get_namespace_oid("explore_analytics", false);
  const Oid summary = access::own_type(access::extension_schema(), "engagement_summary");
  const auto table = [&](const char* name, pg::Columns columns) { return pg::Table{require(name, schema), columns, summary, true}; };
  Tables t;
  t.state = table("rollup_state", kState);
  t.totals = table("rollup_totals", kTotals);
  t.buckets = table("rollup_buckets", kBuckets);
  t.deltas = table("rollup_deltas", kDeltas);
  t.changes = table("creator_changes", kChanges);
  t.rescores = table("rescores", kRescores);
  t.dropped = table("dropped_partitions", kDropped);
  t.sessions = table("session_rollups", {});
  t.sequence = require("epoch_seq", schema);
  const Oid session_changes = get_relname_relid("session_changes", schema);
  if (OidIsValid(session_changes)) {
    t.session_changes = pg::Table{session_changes, kSessionChanges, summary, true};
    t.session_state = pg::Table{t.state.oid, kSessionState, summary, true};
  }
  return t;
}

// Whether there is a row to tell. As of now and not of the caller's snapshot: it is about the tables, which are not
// versioned either.
bool check_layout(const pg::Table& state) {
  Snapshot now = RegisterSnapshot(GetCatalogSnapshot(state.oid));
  pg::IndexScan scan;
  scan.open(state, now);
  scan.start();
  const bool told = scan.next();
  const int version = told ? scan.int32_at(state::layout_version) : kNewestLayout;
  scan.close();
  UnregisterSnapshot(now);
  if (version < kOldestLayout || version > kNewestLayout)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "the tables of explore_analytics have layout %d, the library knows %d to %d",
                                        version, kOldestLayout, kNewestLayout),
                            version > kNewestLayout ? "They were made by a newer version. Install its package, then: ALTER EXTENSION explore_analytics UPDATE;"
                                                     : "Run: CALL explore_analytics.install();"));
  return told;
}

}  // namespace

const Tables& tables() {
  if (valid) return known;
  watch();
  const uint64 before = heard;
  known = look_up();
  // What changed meanwhile is looked up the next time.
  const bool told = check_layout(known.state);
  for (const auto table : kAll)
    if (OidIsValid((known.*table).oid)) pg::require_columns(known.*table);
  valid = told && heard == before;
  return known;
}

Oid epoch_sequence() {
  if (OidIsValid(sequence)) return sequence;
  watch();
  const uint64 before = heard;
  const Oid found = require("epoch_seq", get_namespace_oid("explore_analytics", false));
  if (heard == before) sequence = found;
  return found;
}

}  // namespace ea::rollup
