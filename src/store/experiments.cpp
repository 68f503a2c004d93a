#include "store/experiments.hpp"

#include "pg/index_scan.hpp"

namespace ea::rollup {

namespace {

namespace column {
enum : int { name = 1, variants, weights, seed, coverage, alpha, tuning, defined_at };
}
constexpr pg::Column kExperiments[] = {{"name", TEXTOID},     {"variants", TEXTARRAYOID}, {"weights", FLOAT8ARRAYOID}, {"seed", TEXTOID},
                                       {"coverage", FLOAT8OID}, {"alpha", FLOAT8OID},       {"tuning", FLOAT8OID},         {"defined_at", TIMESTAMPTZOID}};
constexpr pg::Index kByName = {"experiments_pkey", {column::name}};
constexpr pg::Column kExposures[] = {{"experiment", TEXTOID}, {"viewer_key", INT8OID}, {"variant", TEXTOID}, {"exposed_at", TIMESTAMPTZOID}};

// Beside those of epochs, visitors and turns, in the same place.
constexpr uint16 kExposureLockClass = 0xEE, kDefinitionLockClass = 0xEF;

// Two names with one lock wait for each other for nothing.
LOCKTAG lock_of(const char* name, uint16 lock_class) {
  const uint64 hash = hash_bytes_extended((const unsigned char*)name, (int)strlen(name), 0);
  LOCKTAG tag;
  SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, (uint32)(hash >> 32), (uint32)hash, lock_class);
  return tag;
}

bool claim(const char* name, uint16 lock_class, VirtualTransactionId* holder) {
  const LOCKTAG tag = lock_of(name, lock_class);
  if (LockAcquire(&tag, ExclusiveLock, false, true) != LOCKACQUIRE_NOT_AVAIL) return true;
  VirtualTransactionId* found = GetLockConflicts(&tag, ExclusiveLock, nullptr);
  *holder = found[0];    // the last one of the list is none
  pfree(found);
  return false;
}

Oid require_table(const char* table, Oid schema) {
  const Oid found = get_relname_relid(table, schema);
  if (!OidIsValid(found))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "table %s.%s does not exist", get_namespace_name(schema), table),
                            "The tables are not those of this version. Run: CALL explore_analytics.install();"));
  return found;
}

// Somebody may have written the row by hand.
[[noreturn]] void unusable(const char* name) {
  pg::raise(pg::with_hint(pg::failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "the row of experiment \"%s\" in explore_analytics.experiments is not a definition", name),
                          "Experiments are defined by define_experiment() alone."));
}

Experiment read(const pg::IndexScan& row, const char* name) {
  Experiment experiment{};
  bool null;
  const auto number = [&](int column) { return DatumGetFloat8(row.value(column, &null)); };
  Datum* items;
  bool* nulls;
  int count;
  deconstruct_array(DatumGetArrayTypePCopy(row.value(column::variants, &null)), TEXTOID, -1, false, TYPALIGN_INT, &items, &nulls, &count);
  experiment.count = count;
  auto** variants = static_cast<const char**>(palloc(sizeof(char*) * (Size)Max(count, 1)));
  for (int i = 0; i < count; i++) {
    if (nulls[i]) unusable(name);
    variants[i] = TextDatumGetCString(items[i]);
  }
  experiment.variants = variants;
  deconstruct_array(DatumGetArrayTypePCopy(row.value(column::weights, &null)), FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &items, &nulls, &count);
  auto* weights = static_cast<double*>(palloc(sizeof(double) * (Size)Max(count, 1)));
  for (int i = 0; i < count; i++) {
    if (nulls[i]) unusable(name);
    weights[i] = DatumGetFloat8(items[i]);
  }
  experiment.weights = weights;
  if (count != experiment.count || count < 1) unusable(name);
  experiment.seed = TextDatumGetCString(row.value(column::seed, &null));
  experiment.coverage = number(column::coverage);
  experiment.alpha = number(column::alpha);
  experiment.tuning = number(column::tuning);
  return experiment;
}

}  // namespace

bool look_up_experiment(const char* name, Snapshot snapshot, Experiment* experiment) {
  pg::IndexScan scan;
  scan.open({require_table("experiments", get_namespace_oid("explore_analytics", false)), kExperiments}, kByName, snapshot);
  scan.where(1, BTEqualStrategyNumber, F_TEXTEQ, CStringGetTextDatum(name)).start();
  const bool found = scan.next();
  if (found) *experiment = read(scan, name);
  scan.close();
  return found;
}

Experiment find_experiment(const char* name, Snapshot snapshot) {
  Experiment experiment{};
  if (!look_up_experiment(name, snapshot, &experiment)) unknown_experiment(name);
  return experiment;
}

void unknown_experiment(const char* name) {
  pg::raise(pg::with_hint(pg::failure(ERRCODE_NO_DATA_FOUND, "experiment \"%s\" does not exist", pnstrdup(name, (Size)pg_mbcliplen(name, (int)strlen(name), 60))),
                          "Make it with define_experiment(name, variants)."));
}

void hold_experiment(const char* name) {
  const LOCKTAG tag = lock_of(name, kExposureLockClass);
  (void)LockAcquire(&tag, ShareLock, false, false);
}
bool claim_experiment(const char* name, VirtualTransactionId* holder) { return claim(name, kExposureLockClass, holder); }
bool claim_definition(const char* name, VirtualTransactionId* holder) { return claim(name, kDefinitionLockClass, holder); }
void release_experiment(const char* name) {
  const LOCKTAG tag = lock_of(name, kExposureLockClass);
  LockRelease(&tag, ShareLock, false);
}

bool has_exposures_table(const pg::Home& home) {
  const Oid table = get_relname_relid("explore_exposures", home.schema);
  if (OidIsValid(table)) pg::require_columns({table, kExposures});
  return OidIsValid(table);
}

pg::Table exposures_table(const pg::Home& home) {
  const pg::Table table{require_table("explore_exposures", home.schema), kExposures};
  pg::require_columns(table);
  return table;
}

}  // namespace ea::rollup
