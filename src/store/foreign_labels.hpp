// Labels that somebody has added to engagement_type. Their events count as nothing, everywhere: in SQL by EA_COUNTED
// (scope.hpp), in scans by EngagementLabels::find().
#pragma once

#include "pg/home.hpp"

namespace ea::rollup {

// Whether there are any; without them nothing need be asked of each event.
bool has_foreign_labels(const pg::Home& home);

}  // namespace ea::rollup
