// What procedures that end transactions share.
#pragma once

#include "keep/refresh.hpp"
#include "pg/args.hpp"
#include "pg/transactions.hpp"

namespace ea::rollup {

// 25001 unless the procedure may end transactions; 25006 where nothing may be written.
void require_top_level(FunctionCallInfo fcinfo, const char* name);

// One refresh. Says when another session is busy; a blocked one leaves its failure, recorded.
Outcome refresh_once(FunctionCallInfo fcinfo, pg::Transactions& transactions, int64 min_rows, pg::Failure* blocked, int64* rows);

}  // namespace ea::rollup
