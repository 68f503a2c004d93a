#include "ask/whole_days.hpp"

namespace ea::rollup {

void check_whole_days(const pg::Range& range, int days) {
  const auto is_midnight = [](TimestampTz at) { return at % USECS_PER_DAY == 0; };
  if ((!TIMESTAMP_IS_NOBEGIN(range.from) && !is_midnight(range.from)) || TIMESTAMP_IS_NOEND(range.to) || !is_midnight(range.to) ||
      range.to > GetCurrentTransactionStartTimestamp())
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "peers of other creators are compared over whole days"),
                            "Begin and end at midnights of UTC, today's at the latest: end_date => date_trunc('day', now(), 'UTC')."));
  if (!TIMESTAMP_IS_NOBEGIN(range.from) && range.to - range.from < days * USECS_PER_DAY)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "peers of other creators are compared over %d days or more, not %lld", days,
                                        (long long)((range.to - range.from) / USECS_PER_DAY)),
                            "Begin earlier, or leave start_date open."));
}

}  // namespace ea::rollup
