// The best contents of all time by engagement score, from the index that keeps totals in that order.
#pragma once

#include "pg/home.hpp"
#include "store/contents.hpp"

namespace ea::rollup {

// Ids of contents that have a row and at least `min_views` views, among them the n best by score, views
// and id as of this snapshot; false when the index cannot tell: the tail is long, or fewer than n contents
// score above 0 by their totals alone.
bool candidates_by_score(const pg::Home& home, int n, int64 min_views, AscendingIds* candidates);

}  // namespace ea::rollup
