// Who is writing what is known of viewers beside their events: sessions, saves, profiles and exposures. Plain SQL may
// write them in transactions that hold no epoch.
#pragma once

#include "pg/statement.hpp"

namespace ea::rollup {

// Waits for the transactions that have written one of these tables and not ended; for those that begin to
// write meanwhile it does not. After timeout_ms error 55P03, with the hint.
void wait_for_row_writers(pg::Query& query, int timeout_ms, const char* what, const char* hint);

}  // namespace ea::rollup
