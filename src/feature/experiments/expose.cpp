// record_exposure: who is shown what, once and for the first time.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "access/session_owner.hpp"
#include "access/writer_limits.hpp"
#include "feature/experiments/definition.hpp"
#include "pg/barrier.hpp"
#include "pg/key_table.hpp"
#include "store/epoch.hpp"

namespace {

using namespace ea;

struct Exposure {
  const char* experiment;
  int64 viewer;
  const char* variant;
  TimestampTz at;
};

// For tables that want more than rows, and for snapshots older than the latest, which may not see the row that is there.
pg::Statement find_exposure(
    "/* explore_analytics: record_exposure */ SELECT FROM {s}.explore_exposures x"
    " WHERE x.experiment = $1 AND x.viewer_key = $2 AND x.variant = $3 AND x.exposed_at <= $4",
    {TEXTOID, INT8OID, TEXTOID, TIMESTAMPTZOID});
pg::Statement write_exposure(
    "/* explore_analytics: record_exposure */ INSERT INTO {s}.explore_exposures AS x (experiment, viewer_key, variant, exposed_at)"
    " VALUES ($1, $2, $3, $4) ON CONFLICT (experiment, viewer_key, variant) DO UPDATE SET exposed_at = excluded.exposed_at"
    " WHERE x.exposed_at > excluded.exposed_at",
    {TEXTOID, INT8OID, TEXTOID, TIMESTAMPTZOID});

TimestampTz time_argument(FunctionCallInfo fcinfo, int i) {
  const TimestampTz now = GetCurrentTransactionStartTimestamp();
  const TimestampTz at = PG_ARGISNULL(i) ? now : PG_GETARG_TIMESTAMPTZ(i);
  if (TIMESTAMP_NOT_FINITE(at))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "exposed_at must be finite"), "Leave it out for now."));
  if (at < 0)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "exposed_at is before 2000: %s", timestamptz_to_str(at)), "Check the clock of the device."));
  if (at > now && at - now > USECS_PER_DAY)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "exposed_at is more than a day ahead: %s", timestamptz_to_str(at)),
                            "Check the clock of the device."));
  return at;
}

// What is there and no later is only looked at: no lock, nothing in the log.
bool store_straight(const pg::Table& table, const Exposure& exposure, bool* stored) {
  pg::KeyTable exposures;
  if (!exposures.open(table, 3)) return false;
  const Datum row[] = {CStringGetTextDatum(exposure.experiment), Int64GetDatum(exposure.viewer), CStringGetTextDatum(exposure.variant), TimestampTzGetDatum(exposure.at)};
  const auto is_earlier = [&] { return exposure.at < DatumGetTimestampTz(exposures.found(rollup::exposures::exposed_at)); };
  const bool known = exposures.see(row);
  *stored = !known || is_earlier();
  while (*stored && !exposures.claim(row, !known)) {
    *stored = is_earlier();
    if (!*stored || !exposures.lock_found()) continue;
    *stored = is_earlier();    // as it is now that nobody else changes it
    if (*stored) exposures.replace_found(row);
    break;
  }
  exposures.close();
  return true;
}

bool store(const pg::Home& home, const pg::Table& table, const Exposure& exposure) {
  bool stored = false;
  if (!IsolationUsesXactSnapshot()) {
    Oid user;
    int security;
    GetUserIdAndSecContext(&user, &security);
    SetUserIdAndSecContext(home.owner, security | SECURITY_LOCAL_USERID_CHANGE);
    PushActiveSnapshot(GetTransactionSnapshot());
    const bool possible = store_straight(table, exposure, &stored);
    PopActiveSnapshot();
    if (stored) CommandCounterIncrement();
    SetUserIdAndSecContext(user, security);
    if (possible) return stored;
  }
  const pg::Parameters parameters = pg::Parameters().text(exposure.experiment).id(exposure.viewer).text(exposure.variant).time(exposure.at);
  pg::Query query(home);
  stored = query.read(find_exposure, parameters) == 0 && query.write(write_exposure, parameters) != 0;
  query.finish();
  return stored;
}

}  // namespace

EA_FUNCTION(ea_record_exposure) {
  const pg::Home home = access::installed_home(fcinfo);
  const char* name = experiments::name_argument(fcinfo, 0, "experiment");
  pg::Optional<int64> user = pg::optional_id(fcinfo, 1, "user_id");
  const pg::Optional<int64> session = pg::optional_id(fcinfo, 2, "session_id");
  const char* given = pg::text_argument(fcinfo, 3, nullptr);
  const TimestampTz at = time_argument(fcinfo, 4);
  if (!user.given && !session.given) user = access::current_identity();
  if (!user.given && !session.given)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_NULL_VALUE_NOT_ALLOWED, "user_id and session_id must not both be null"), "An exposure is somebody's: pass the user, or the session of an anonymous visitor."));
  const pg::Table table = rollup::exposures_table(home);
  PreventCommandIfReadOnly("record_exposure()");
  core::EventRow charged;
  charged.session_id = session.value;
  access::WriterLimits().charge(1, &charged, 1);

  rollup::current_epoch();    // an erasure waits for it
  rollup::hold_experiment(name);
  PushActiveSnapshot(GetLatestSnapshot());
  const rollup::Experiment experiment = rollup::find_experiment(name, GetActiveSnapshot());
  const pg::Optional<int64> owner = session.given ? access::user_of_session(home, session.value) : pg::Optional<int64>();
  PopActiveSnapshot();
  if (!user.given) user = owner.given ? owner : access::current_identity();
  const int64 viewer = user.given ? user.value : -session.value;

  int chosen = 0;
  if (given) {
    while (chosen < experiment.count && strcmp(experiment.variants[chosen], given) != 0) chosen++;
    if (chosen == experiment.count)
      pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "variant", given), "Pass one of those that the experiment was defined with, or leave it out."));
  } else {
    char unit[24];
    const int length = pg_lltoa(viewer < 0 ? -viewer : viewer, unit);
    chosen = experiments::assigned(experiments::seeded(experiment.seed), {unit, (size_t)length}, experiments::weights_of(experiment), experiment.coverage);
  }
  if (chosen < 0 || !store(home, table, {name, viewer, experiment.variants[chosen], at})) rollup::release_experiment(name);
  if (chosen < 0) PG_RETURN_NULL();
  PG_RETURN_TEXT_P(cstring_to_text(experiment.variants[chosen]));
}
