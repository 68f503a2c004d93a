#include "ask/period.hpp"

namespace ea::rollup {

namespace {
constexpr Period kPeriods[] = {
    {"day", USECS_PER_DAY}, {"week", 7 * USECS_PER_DAY}, {"month", 30 * USECS_PER_DAY}, {"all", 0}};
}

Period period_argument(FunctionCallInfo fcinfo, int i, const char* otherwise) {
  const char* name = pg::text_argument(fcinfo, i, otherwise);
  if (!name) name = "NULL";
  for (const Period& period : kPeriods)
    if (strcmp(name, period.name) == 0) return period;
  pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "period", name),
                          "period is day, week, month or all."));
}

pg::Range period_range(FunctionCallInfo fcinfo, int i, const Period& period) {
  if (period.microseconds == 0) return {};
  const bool now = PG_ARGISNULL(i);
  const TimestampTz as_of = now ? GetCurrentTransactionStartTimestamp() : PG_GETARG_TIMESTAMPTZ(i);
  if (TIMESTAMP_NOT_FINITE(as_of))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "as_of must be finite"),
                            "Pass NULL for now."));
  pg::Range range = period_before(period, as_of);
  if (now) range.to = pg::Range{}.to;
  return range;
}

pg::Range period_before(const Period& period, TimestampTz as_of) {
  const pg::Range range{as_of - period.microseconds, as_of};
  if (!IS_VALID_TIMESTAMP(range.from))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "as_of %s is too early", timestamptz_to_str(as_of)),
                            "The period before it begins before the calendar does."));
  return range;
}

}  // namespace ea::rollup
