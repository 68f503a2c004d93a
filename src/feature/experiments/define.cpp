// define_experiment.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "feature/experiments/definition.hpp"
#include "pg/barrier.hpp"
#include "pg/index_scan.hpp"
#include "pg/numbers.hpp"
#include "pg/older_snapshots.hpp"
#include "pg/wait_point.hpp"
#include "store/epoch.hpp"

namespace {

using namespace ea;

constexpr int kFewest = 2, kMost = 100;      // variants
constexpr double kTolerance = 1e-6;
constexpr int64 kSlice = 200;                // milliseconds

pg::Statement write_definition(
    "/* explore_analytics: define_experiment */ INSERT INTO explore_analytics.experiments AS x (name, variants, weights, seed, coverage, alpha, tuning)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO UPDATE SET variants = excluded.variants, weights = excluded.weights,"
    " seed = excluded.seed, coverage = excluded.coverage, alpha = excluded.alpha, tuning = excluded.tuning, defined_at = excluded.defined_at",
    {TEXTOID, TEXTARRAYOID, FLOAT8ARRAYOID, TEXTOID, FLOAT8OID, FLOAT8OID, FLOAT8OID});

[[noreturn]] void refuse(const pg::Failure& failure, const char* hint) { pg::raise(pg::with_hint(failure, "%s", hint)); }

// So much of what was given, in whole characters.
const char* shown(const char* text) { return pnstrdup(text, (Size)pg_mbcliplen(text, (int)strlen(text), 60)); }

void check_name(const char* name, const char* what) {
  const int length = pg_mbstrlen(name);
  if (length < 1 || length >= NAMEDATALEN)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, *name ? "%s \"%s\" is too long" : "%s must not be empty", what, shown(name)),
                            "A name has 1 to %d characters.", NAMEDATALEN - 1));
}

void take_variants(FunctionCallInfo fcinfo, rollup::Experiment* experiment) {
  constexpr const char* kHint = "Pass an array of 2 to 100 names, first the control, such as '{control,treatment}'.";
  if (PG_ARGISNULL(1)) refuse(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "variants must not be null"), kHint);
  Datum* items;
  bool* nulls;
  deconstruct_array(pg::list_argument(fcinfo, 1, "variants"), TEXTOID, -1, false, TYPALIGN_INT, &items, &nulls, &experiment->count);
  if (experiment->count < kFewest || experiment->count > kMost)
    refuse(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "variants must be %d to %d, not %d", kFewest, kMost, experiment->count), kHint);
  auto** variants = static_cast<const char**>(palloc(sizeof(char*) * (Size)experiment->count));
  for (int i = 0; i < experiment->count; i++) {
    if (nulls[i]) refuse(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "variants must not contain null"), kHint);
    variants[i] = TextDatumGetCString(items[i]);
    check_name(variants[i], "variant");
    for (int j = 0; j < i; j++)
      if (strcmp(variants[i], variants[j]) == 0) refuse(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "variant \"%s\" is there twice", shown(variants[i])), kHint);
  }
  experiment->variants = variants;
}

void take_weights(FunctionCallInfo fcinfo, rollup::Experiment* experiment) {
  constexpr const char* kHint = "Pass a share for each variant, such as '{0.9,0.1}', or leave weights out for equal ones.";
  auto* weights = static_cast<double*>(palloc(sizeof(double) * (Size)experiment->count));
  experiment->weights = weights;
  if (PG_ARGISNULL(2)) {
    std::fill_n(weights, experiment->count, 1.0 / experiment->count);
    return;
  }
  const std::span<const double> given = pg::float8_list(fcinfo, 2, "weights");
  if ((int)given.size() != experiment->count)
    refuse(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "weights must be as many as variants, %d, not %d", experiment->count, (int)given.size()), kHint);
  double sum = 0;
  for (const double weight : given) {
    if (!(weight >= 0) || std::isinf(weight)) refuse(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "weights must be 0 or more, not %g", weight), kHint);
    sum += weight;
  }
  if (std::fabs(sum - 1) > kTolerance) refuse(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "weights must sum to 1, not %.9g", sum), kHint);
  std::copy(given.begin(), given.end(), weights);
}

rollup::Experiment wanted_experiment(FunctionCallInfo fcinfo, const char* name) {
  rollup::Experiment experiment{};
  take_variants(fcinfo, &experiment);
  take_weights(fcinfo, &experiment);
  experiment.seed = pg::text_argument(fcinfo, 3, name);
  if (!*experiment.seed) refuse(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "seed must not be empty"), "Leave it out for the name.");
  (void)pg::as_utf8(experiment.seed);
  experiment.coverage = pg::float8_argument(fcinfo, 4, 1);
  if (!(experiment.coverage >= 0 && experiment.coverage <= 1))
    refuse(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "coverage must be from 0 to 1, not %g", experiment.coverage), "It is the share of units that take part.");
  experiment.alpha = pg::float8_argument(fcinfo, 5, 0.05);
  if (!(experiment.alpha > 0 && experiment.alpha < 1))
    refuse(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "alpha must be between 0 and 1, not %g", experiment.alpha), "It is the chance of a false alarm, such as 0.05.");
  experiment.tuning = pg::float8_argument(fcinfo, 6, 5000);
  if (!(experiment.tuning > 0) || std::isinf(experiment.tuning))
    refuse(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "tuning must be positive, not %g", experiment.tuning), "It is the number of units at which sequential results are sharpest.");
  return experiment;
}

// What differs and may not once there is an exposure; null: nothing.
const char* frozen_difference(const rollup::Experiment& old, const rollup::Experiment& wanted) {
  bool same = old.count == wanted.count;
  for (int i = 0; same && i < old.count; i++) same = strcmp(old.variants[i], wanted.variants[i]) == 0;
  if (!same) return "variants";
  if (!std::equal(old.weights, old.weights + old.count, wanted.weights)) return "weights";
  if (strcmp(old.seed, wanted.seed) != 0) return "seed";
  if (old.alpha != wanted.alpha) return "alpha";
  if (old.tuning != wanted.tuning) return "tuning";
  return wanted.coverage < old.coverage ? "coverage" : nullptr;
}

// As of now, whatever the transaction's snapshot is.
bool has_exposures(const pg::Table& table, const char* name) {
  PushActiveSnapshot(GetLatestSnapshot());
  pg::IndexScan scan;
  scan.open_by(table, rollup::exposures::experiment, GetActiveSnapshot());
  scan.where(scan.key(rollup::exposures::experiment), BTEqualStrategyNumber, F_TEXTEQ, CStringGetTextDatum(name)).start();
  const bool any = scan.any();
  scan.close();
  PopActiveSnapshot();
  return any;
}

void require_no_exposures(const pg::Table& table, const char* name, const char* what) {
  if (has_exposures(table, name))
    refuse(pg::failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "experiment \"%s\" has exposures: its %s can no longer %s", name, what, strcmp(what, "coverage") == 0 ? "shrink" : "change"),
           "Its coverage may grow. For anything else define an experiment of another name.");
}

// Claims the experiment, in writers_timeout() from the start on: waits for holders to end, a while for each, as they may let go
// before; `look` is called each time.
template <class Look>
void claim_in_time(const char* name, TimestampTz start, bool (*claim)(const char*, VirtualTransactionId*), const char* held_for, Look&& look) {
  VirtualTransactionId holder;
  while (!claim(name, &holder)) {
    look();
    CHECK_FOR_INTERRUPTS();
    const int64 left = rollup::writers_timeout() - (GetCurrentTimestamp() - start) / 1000;
    if (left <= 0) {
      pg::Failure failure = pg::failure(ERRCODE_LOCK_NOT_AVAILABLE, "a transaction that %s experiment \"%s\" has not ended", held_for, name);
      const PGPROC* process = VirtualTransactionIdIsValid(holder) ? pg::process_of(holder) : nullptr;
      if (process) snprintf(failure.detail, sizeof failure.detail, "Process %d.", process->pid);
      refuse(failure, "Nothing was changed. End that transaction, or call again; lock_timeout says how long to wait.");
    }
    if (VirtualTransactionIdIsValid(holder))
      (void)pg::wait_for_end(holder, Min(left, kSlice));
    else
      pg_usleep(1000);
  }
}

Datum array_of_texts(const rollup::Experiment& experiment) {
  auto* items = static_cast<Datum*>(palloc(sizeof(Datum) * (Size)experiment.count));
  for (int i = 0; i < experiment.count; i++) items[i] = CStringGetTextDatum(experiment.variants[i]);
  return PointerGetDatum(construct_array(items, experiment.count, TEXTOID, -1, false, TYPALIGN_INT));
}

Datum array_of_numbers(const rollup::Experiment& experiment) {
  auto* items = static_cast<Datum*>(palloc(sizeof(Datum) * (Size)experiment.count));
  for (int i = 0; i < experiment.count; i++) items[i] = Float8GetDatum(experiment.weights[i]);
  return PointerGetDatum(construct_array(items, experiment.count, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

}  // namespace

EA_FUNCTION(ea_define_experiment) {
  const pg::Home home = access::installed_home(fcinfo);
  experiments::require_all_viewers(home);
  const char* name = experiments::name_argument(fcinfo, 0, "name");
  check_name(name, "name");
  const rollup::Experiment wanted = wanted_experiment(fcinfo, name);
  const pg::Table exposures = rollup::exposures_table(home);
  PreventCommandIfReadOnly("define_experiment()");

  const TimestampTz start = GetCurrentTimestamp();
  claim_in_time(name, start, rollup::claim_definition, "defines", [] {});
  PushActiveSnapshot(GetLatestSnapshot());
  rollup::Experiment old{};
  const bool known = rollup::look_up_experiment(name, GetActiveSnapshot(), &old);
  PopActiveSnapshot();
  if (known) {
    const char* difference = frozen_difference(old, wanted);
    if (!difference && wanted.coverage == old.coverage) PG_RETURN_VOID();
    if (difference) {
      const auto look = [&] { require_no_exposures(exposures, name, difference); };
      look();
      pg::wait_point(30);
      // Whoever is storing the first one has read the definition that there is.
      claim_in_time(name, start, rollup::claim_experiment, "records an exposure to", look);
      look();
    }
  }
  pg::Query query(home);
  query.write(write_definition, pg::Parameters().text(name).add(array_of_texts(wanted)).add(array_of_numbers(wanted)).text(wanted.seed)
                                    .add(Float8GetDatum(wanted.coverage)).add(Float8GetDatum(wanted.alpha)).add(Float8GetDatum(wanted.tuning)));
  query.finish();
  PG_RETURN_VOID();
}
