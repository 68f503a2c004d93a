// Traffic that should not count: a viewer's events leave the raw table and the rollups for explore_excluded_engagements, and
// come back from there.
#pragma once

#include "pg/statement.hpp"

namespace ea::rollup {

// In the caller's transaction, which is READ COMMITTED. Both wait for transactions that are recording (store/excluded_viewers.hpp),
// and return how many events they have moved. `viewer` is a user, or minus a session.
struct Excluded {
  int64 events = 0;
  TimestampTz horizon = DT_NOBEGIN;    // what happened before stays, since its raw rows may be gone
};
Excluded exclude(pg::Query& query, int64 viewer, const char* reason);    // null: none, or the one that it has
int64 restore(pg::Query& query, int64 viewer);

// For a login, which has the rollups up to the epoch `low`: what has become a user's goes as well, if the user is excluded; and
// what was set aside of the visitor will be the user's when it comes back.
bool is_excluded(pg::Query& query, int64 viewer);
void exclude_session(pg::Query& query, int64 session, int64 user, int64 low);

}  // namespace ea::rollup
