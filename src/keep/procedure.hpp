// What procedures that end transactions share.
#pragma once

#include "keep/job_failures.hpp"
#include "keep/refresh.hpp"

namespace ea::rollup {

// What is the caller's to mend: 25001 unless the procedure may end transactions; 25006 where nothing may be written;
// 55000 before install().
void require_top_level(FunctionCallInfo fcinfo, const char* name);

// One refresh, committed. Says when another session is busy. An error is written down and returned.
ErrorData* refresh_once(FunctionCallInfo fcinfo, pg::Transactions& transactions, int64 min_rows, Refreshed* refreshed);

}  // namespace ea::rollup
