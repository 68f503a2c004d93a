// From where on the raw table is complete: retention has taken over what was before.
#pragma once

#include "pg/args.hpp"

namespace ea::rollup {

// Raw events before this time may be gone, and only rollups have them all; from it on the raw table has every
// event. DT_NOBEGIN when nothing was taken over. As the snapshot sees it: whoever waited for the lock of
// lock_rollups() needs one taken after that.
TimestampTz raw_horizon(Snapshot snapshot);

// 55000 where the range begins before the horizon in the active snapshot, for those who need raw events of all of it.
void require_raw_events(const pg::Range& range, const char* hint);

// Whether something is kept in session_rollups: what sessions did before the horizon.
bool has_session_rollups();

}  // namespace ea::rollup
