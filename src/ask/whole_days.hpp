// In which ranges a caller who sees only own numbers may ask about those of others.
#pragma once

#include "pg/args.hpp"

namespace ea::rollup {

// Days of UTC that are over, so that no two questions differ by an hour or a moment in which somebody's event falls; so many
// of them, or more. Else 22023.
void check_whole_days(const pg::Range& range, int days = 0);

}  // namespace ea::rollup
