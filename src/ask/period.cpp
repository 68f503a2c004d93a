#include "ask/period.hpp"

namespace ea::rollup {

namespace {
constexpr Period kPeriods[] = {
    {"day", USECS_PER_DAY}, {"week", 7 * USECS_PER_DAY}, {"month", 30 * USECS_PER_DAY}, {"all", 0}};
}

Moment as_of_argument(FunctionCallInfo fcinfo, int i) {
  const TimestampTz now = GetCurrentTransactionStartTimestamp();
  if (PG_ARGISNULL(i)) return {now, true};
  const TimestampTz at = PG_GETARG_TIMESTAMPTZ(i);
  if (TIMESTAMP_NOT_FINITE(at))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "as_of must be finite"),
                            "Pass NULL for now."));
  return {at, at == now};
}

TimestampTz before(TimestampTz at, int64 microseconds) {
  TimestampTz result;
  return __builtin_sub_overflow(at, microseconds, &result) || !IS_VALID_TIMESTAMP(result) ? DT_NOBEGIN : result;
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
  pg::Range range = period_before(period, as_of_argument(fcinfo, i).at);
  if (PG_ARGISNULL(i)) range.to = pg::Range{}.to;
  return range;
}

pg::Range period_before(const Period& period, TimestampTz as_of) {
  const pg::Range range{as_of - period.microseconds, as_of};
  if (!IS_VALID_TIMESTAMP(range.from))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "as_of %s is too early", timestamptz_to_str(as_of)),
                            "The period before it begins before the calendar does."));
  return range;
}

pg::Range range_before(const pg::Range& range) {
  if (TIMESTAMP_IS_NOBEGIN(range.from) || TIMESTAMP_IS_NOEND(range.to))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "nothing is before an open range"),
                            "Pass both start_date and end_date."));
  int64 length;
  const bool too_long = __builtin_sub_overflow(range.to, range.from, &length);
  const pg::Range result{too_long ? DT_NOBEGIN : before(range.from, length), range.from};
  if (TIMESTAMP_IS_NOBEGIN(result.from))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "start_date %s is too early", timestamptz_to_str(range.from)),
                            "The range before it begins before the calendar does."));
  return result;
}

}  // namespace ea::rollup
