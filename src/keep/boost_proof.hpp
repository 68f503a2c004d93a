// Whether the money of boost campaigns is what their ledger says.
#pragma once

#include "pg/statement.hpp"

namespace ea::rollup {

// Rows of campaign, problem and number of entries, one for each that is not right. Since a time: only of campaigns that were
// made, charged or credited since, and no single events. The caller knows that the tables are there.
uint64 find_boost_faults(pg::Query& query, pg::Optional<TimestampTz> since);

}  // namespace ea::rollup
