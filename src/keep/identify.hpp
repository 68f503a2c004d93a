// Gives a session its user: what its anonymous visitor did becomes the user's, in raw rows and rollups at once.
#pragma once

#include "pg/statement.hpp"

namespace ea::rollup {

// In the caller's transaction, which is READ COMMITTED. Returns how many events have become the user's: raw rows, and views of
// months without raw rows. Waits for recordings in this session and for whoever has the rollups in hand: 55P03.
int64 identify(pg::Query& query, int64 session, int64 user);

}  // namespace ea::rollup
