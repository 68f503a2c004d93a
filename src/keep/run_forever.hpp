// Refreshing without end: by the procedure run_forever(), and by a background worker. A database has one of them at a time.
#pragma once

#include "keep/procedure.hpp"

namespace ea::rollup {

// Brings deltas into their buckets, `everything` or where it pays, in portions of a transaction each. An error is
// written down and returned.
ErrorData* compact_all(FunctionCallInfo fcinfo, pg::Transactions& transactions, bool everything);

// Until it is cancelled, or an error ends it that is not a matter of patience. False: another session does so already.
bool run_forever(FunctionCallInfo fcinfo, pg::Transactions& transactions, int64 pause_ms);

// The same in a background worker, which has begun: it goes on after errors, waits while a session runs run_forever(), and ends when what
// install() has made is gone.
[[noreturn]] void work_forever();

}  // namespace ea::rollup
