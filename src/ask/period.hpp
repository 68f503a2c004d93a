// 'day', 'week', 'month', 'all': rolling periods before a moment.
#pragma once

#include "pg/args.hpp"

namespace ea::rollup {

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

}  // namespace ea::rollup
