// charge_boost: before something is shown for money.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "access/session_owner.hpp"
#include "keep/boost.hpp"
#include "pg/barrier.hpp"
#include "pg/rows.hpp"
#include "store/epoch.hpp"

namespace {

using namespace ea;

bool is_click(FunctionCallInfo fcinfo, int i) {
  constexpr const char* kHint = "It is impression or click.";
  if (PG_ARGISNULL(i)) pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "kind must not be null"), kHint));
  const char* kind = text_to_cstring(PG_GETARG_TEXT_PP(i));
  if (strcmp(kind, "click") == 0) return true;
  if (strcmp(kind, "impression") == 0) return false;
  pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "kind", kind), kHint));
}

// Not ahead of now, which is later than the start of a transaction that has lasted a while.
TimestampTz time_argument(FunctionCallInfo fcinfo, int i) {
  const TimestampTz start = GetCurrentTransactionStartTimestamp();
  const TimestampTz at = PG_ARGISNULL(i) ? start : PG_GETARG_TIMESTAMPTZ(i);
  if (TIMESTAMP_NOT_FINITE(at)) pg::raise(pg::with_hint(pg::failure(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "charged_at must be finite"), "Leave it out for now."));
  if (at > start && at > GetCurrentTimestamp())
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "charged_at is in the future: %s", timestamptz_to_str(at)), "Leave it out for now, or check the clock."));
  return at;
}

}  // namespace

EA_FUNCTION(ea_charge_boost) {
  const pg::Home home = access::installed_home(fcinfo);
  const int64 campaign = pg::required_id(fcinfo, 0, "campaign_id");
  if (PG_ARGISNULL(1))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_NULL_VALUE_NOT_ALLOWED, "event_id must not be null"), "Pass an id of the app's for what is shown: with it a charge can be tried again."));
  rollup::BoostEvent event{};
  event.id = PG_GETARG_DATUM(1);
  event.click = is_click(fcinfo, 2);
  event.user = pg::optional_id(fcinfo, 3, "user_id");
  event.session = pg::optional_id(fcinfo, 4, "session_id");
  event.at = time_argument(fcinfo, 5);
  PreventCommandIfReadOnly("charge_boost()");
  const bool older = rollup::epoch_in_use();
  rollup::current_epoch();    // an erasure waits for it
  if (event.session.given) {
    PushActiveSnapshot(GetLatestSnapshot());
    const pg::Optional<int64> owner = access::user_of_session(home, event.session.value);
    if (!event.user.given) event.user = owner;
    PopActiveSnapshot();
  }
  if (!event.user.given) event.user = access::current_identity();
  pg::Rows rows(fcinfo);
  const rollup::Charge charge = rollup::charge(home, campaign, event);
  const bool stored = strcmp(charge.status, "charged") == 0 || strcmp(charge.status, "held_out") == 0;
  if (!stored && !older) rollup::release_epoch();    // a refresh does not wait for what is refused
  rows.text_value(charge.status).add(NumericGetDatum(charge.amount)).add(NumericGetDatum(charge.budget_left)).end_row();
  return (Datum)0;
}
