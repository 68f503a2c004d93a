// From where on the raw table is complete: retention has taken over what was before.
#pragma once

#include "pg/statement.hpp"

namespace ea::rollup {

// Raw events before this time may be gone, and only rollups have them all; from it on the raw table has every
// event. DT_NOBEGIN when nothing was taken over. As the active snapshot sees it: whoever waited for the lock
// of lock_rollups() needs a snapshot taken after that.
TimestampTz raw_horizon(pg::Query& query);

// Whether something is kept in session_rollups: what sessions did before the horizon.
bool has_session_rollups();

}  // namespace ea::rollup
