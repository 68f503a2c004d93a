// Moments, and rolling periods before them: 'day', 'week', 'month', 'all'.
#pragma once

#include "pg/args.hpp"

namespace ea::rollup {

struct Moment {
  TimestampTz at;
  bool now;    // of the running transaction, whose rows count: they bear this very time

  TimestampTz end() const { return now ? at + 1 : at; }    // what came before, and of now the moment itself
};

// Argument i: NULL, and now() itself, are now. Infinite: error 22008.
Moment as_of_argument(FunctionCallInfo fcinfo, int i);

// The same moment so long before, a positive number of microseconds; DT_NOBEGIN where the calendar does not reach.
TimestampTz before(TimestampTz at, int64 microseconds);

struct Period {
  const char* name;
  int64 microseconds;   // 0: all time
};

// Argument i; `otherwise` when NULL (null: required). Another name: error 22023.
Period period_argument(FunctionCallInfo fcinfo, int i, const char* otherwise);

// The last `period` before as_of (argument i). as_of NULL: before now, with no upper bound, so that
// the rows of the running transaction count. 'all': everything.
pg::Range period_range(FunctionCallInfo fcinfo, int i, const Period& period);

// The last `period` before a moment; not for 'all'.
pg::Range period_before(const Period& period, TimestampTz as_of);

// As long a range that ends where this one starts. An open one: error 22023.
pg::Range range_before(const pg::Range& range);

}  // namespace ea::rollup
