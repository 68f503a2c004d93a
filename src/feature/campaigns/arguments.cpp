#include "feature/campaigns/arguments.hpp"

#include "pg/numeric.hpp"

namespace ea::campaigns {

namespace {

constexpr int64 kTooMuch = INT64CONST(1000000000000000);

const char* shown(Numeric amount) {
  const char* text = pg::text_of(amount);
  return pnstrdup(text, Min(strlen(text), (Size)60));
}

void check(Numeric amount, const char* name) {
  if (numeric_is_nan(amount) || numeric_is_inf(amount) || DatumGetBool(DirectFunctionCall2(numeric_lt, NumericGetDatum(amount), NumericGetDatum(int64_to_numeric(0)))))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "%s must be 0 or more, not %s", name, shown(amount)), "Amounts are of the campaign's currency."));
  if (DatumGetBool(DirectFunctionCall2(numeric_ge, NumericGetDatum(amount), NumericGetDatum(int64_to_numeric(kTooMuch)))))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "%s is too large: %s", name, shown(amount)), "Amounts are less than 10^15."));
  if (DatumGetInt32(DirectFunctionCall1(numeric_min_scale, NumericGetDatum(amount))) > 6)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "%s has more than 6 decimals: %s", name, shown(amount)), "Round it: money is counted exactly."));
}

}  // namespace

Numeric money_argument(FunctionCallInfo fcinfo, int i, const char* name, Numeric otherwise) {
  if (PG_ARGISNULL(i)) return otherwise;
  const Numeric amount = PG_GETARG_NUMERIC(i);
  check(amount, name);
  return amount;
}

Numeric required_money(FunctionCallInfo fcinfo, int i, const char* name) {
  const Numeric amount = money_argument(fcinfo, i, name, nullptr);
  if (!amount) pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "%s must not be null", name), "Pass an amount of the campaign's currency."));
  return amount;
}

}  // namespace ea::campaigns
