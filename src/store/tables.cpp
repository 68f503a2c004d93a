#include "store/tables.hpp"

namespace ea::rollup {

namespace {

Tables known;
bool valid = false;
bool watching = false;

void forget(Datum, int, uint32) { valid = false; }

Oid require(const char* name, Oid schema) {
  const Oid oid = get_relname_relid(name, schema);
  if (!OidIsValid(oid))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                                        "explore_analytics is not installed in this database: relation explore_analytics.%s does not exist", name),
                            "Run: CALL explore_analytics.install();"));
  return oid;
}

}  // namespace

const Tables& tables() {
  if (valid) return known;
  if (!watching) {
    CacheRegisterSyscacheCallback(RELOID, forget, (Datum)0);
    watching = true;
  }
  const Oid schema = get_namespace_oid("explore_analytics", false);
  Tables fresh;
  fresh.state = require("rollup_state", schema);
  fresh.totals = require("rollup_totals", schema);
  fresh.totals_key = require("rollup_totals_pkey", schema);
  fresh.totals_best = require("rollup_totals_best", schema);
  fresh.totals_epoch = require("rollup_totals_epoch", schema);
  fresh.buckets = require("rollup_buckets", schema);
  fresh.buckets_key = require("rollup_buckets_pkey", schema);
  fresh.deltas = require("rollup_deltas", schema);
  fresh.deltas_key = require("rollup_deltas_pkey", schema);
  fresh.changes = require("creator_changes", schema);
  fresh.changes_key = require("creator_changes_creator", schema);
  fresh.rescores = require("rescores", schema);
  fresh.dropped = require("dropped_partitions", schema);
  fresh.sessions = require("session_rollups", schema);
  fresh.sequence = require("epoch_seq", schema);
  known = fresh;
  valid = true;
  return known;
}

}  // namespace ea::rollup
