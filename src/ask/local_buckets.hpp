// The hours, days, weeks and months of a time zone.
#pragma once

#include "core/series/bucket_starts.hpp"
#include "pg/args.hpp"
#include "pg/array.hpp"

namespace ea::rollup {

// Ascending starts of the buckets that meet a range without open ends, and the end of the last one. `zone` is known to be one.
// 54000 for more than a million buckets, 22008 at the ends of the calendar.
pg::Array<Datum> local_buckets(const char* zone, core::LocalUnit unit, const pg::Range& range);

}  // namespace ea::rollup
