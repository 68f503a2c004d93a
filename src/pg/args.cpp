#include "pg/args.hpp"

namespace ea::pg {

bool is_time_zone(const char* name) {
  // A POSIX string has an offset, so a digit; few names of zones do.
  if (strpbrk(name, "0123456789") && pg_strncasecmp(name, "Etc/GMT", 7) != 0) {
    bool known = false;
    for (const char* zone : {"EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT", "GMT0", "GMT+0", "GMT-0"})
      known |= pg_strcasecmp(name, zone) == 0;
    if (!known) return false;
  }
  return *name && pg_tzset(name);
}

int64 microseconds_of(const Interval* interval) {
  __int128 span = (__int128)(interval->month / MONTHS_PER_YEAR) * (int64)(DAYS_PER_YEAR * SECS_PER_DAY) * USECS_PER_SEC;
  span += (__int128)((interval->month % MONTHS_PER_YEAR) * DAYS_PER_MONTH + (int64)interval->day) * USECS_PER_DAY + interval->time;
  return (int64)Min(Max(span, (__int128)PG_INT64_MIN), (__int128)PG_INT64_MAX);
}

int64 span_argument(FunctionCallInfo fcinfo, int i, int64 otherwise, const char* name) {
  if (PG_ARGISNULL(i)) return otherwise;
  const int64 span = microseconds_of(PG_GETARG_INTERVAL_P(i));
  if (span <= 0)
    raise(with_hint(failure(ERRCODE_INVALID_PARAMETER_VALUE, "%s must be longer than nothing", name), "Pass an interval such as '1 hour'."));
  return span;
}

Range range_argument(FunctionCallInfo fcinfo, int i) {
  Range range;
  if (!PG_ARGISNULL(i)) range.from = PG_GETARG_TIMESTAMPTZ(i);
  if (!PG_ARGISNULL(i + 1)) range.to = PG_GETARG_TIMESTAMPTZ(i + 1);
  if ((!PG_ARGISNULL(i) && TIMESTAMP_NOT_FINITE(range.from)) ||
      (!PG_ARGISNULL(i + 1) && TIMESTAMP_NOT_FINITE(range.to)))
    raise(with_hint(failure(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "a range cannot end at infinity"),
                    "Pass NULL for an unbounded start_date or end_date."));
  if (range.from > range.to) {
    const char* from = pstrdup(timestamptz_to_str(range.from));   // it answers in one static buffer
    raise(with_hint(failure(ERRCODE_INVALID_PARAMETER_VALUE, "end_date %s is before start_date %s",
                            timestamptz_to_str(range.to), from),
                    "A range is half open: start_date <= t < end_date."));
  }
  return range;
}

}  // namespace ea::pg
