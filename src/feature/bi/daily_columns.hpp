// The columns of daily_numbers(), the numbers among them in the order of layout_daily_numbers(); from 0, as bits of the
// argument that says which are read.
#pragma once

namespace ea::bi {

enum DailyColumn {
  kNone = -1,
  kDay,
  kBucket,
  kId,
  kViews,
  kUniqueViewers,
  kWatchTime,
  kCompletions,
  kCompletionRate,
  kSaves,
  kSaveRate,
  kShares,
  kClicks,
  kSkips,
  kImpressions,
  kEngagementRate,
  kEngagementScore,
  kDailyColumns
};

}  // namespace ea::bi
