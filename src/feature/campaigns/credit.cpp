// credit_boost: a charge turned round, or money alone given back.
#include "access/home.hpp"
#include "feature/campaigns/arguments.hpp"
#include "keep/boost.hpp"
#include "pg/barrier.hpp"

using namespace ea;

EA_FUNCTION(ea_credit_boost) {
  const pg::Home home = access::installed_home(fcinfo);
  const int64 campaign = pg::required_id(fcinfo, 0, "campaign_id");
  const Numeric amount = campaigns::money_argument(fcinfo, 2, "amount", nullptr);
  if (PG_ARGISNULL(1) == !amount)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, amount ? "event_id and amount exclude each other" : "event_id and amount must not both be null"),
                            "Pass the event_id of a charge to turn it round, or an amount of money."));
  if (amount && DatumGetBool(DirectFunctionCall2(numeric_eq, NumericGetDatum(amount), NumericGetDatum(int64_to_numeric(0)))))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "amount must be more than 0"), "It is what the campaign gets back."));
  const char* reason = pg::text_argument(fcinfo, 3, nullptr);
  PreventCommandIfReadOnly("credit_boost()");
  PG_RETURN_NUMERIC(amount ? rollup::credit_money(home, campaign, amount, reason) : rollup::credit_event(home, campaign, PG_GETARG_DATUM(1), reason));
}
