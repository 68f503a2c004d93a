// Who keeps an old epoch from ending.
#pragma once

#include "pg/statement.hpp"

namespace ea::rollup {

// Error 55P03 of a refresh or an erasure; its detail is the transaction that has held an epoch up to `high`
// for longest.
pg::Failure blocked_by_writer(pg::Query& query, int64 high, const char* what, const char* hint);

}  // namespace ea::rollup
