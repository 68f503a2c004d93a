// Rows of sessions, which an app may lock in any order.
#pragma once

#include "pg/statement.hpp"

namespace ea::rollup {

// Locks them for changes, whoever has the rollups in hand: in short tries that give all of them back; 55P03 when somebody
// keeps one of them. `ids` is a bigint[].
void lock_sessions(pg::Query& query, Datum ids);

}  // namespace ea::rollup
