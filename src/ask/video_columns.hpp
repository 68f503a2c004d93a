// The numbers of video_analytics(), from total_views on, for whatever they are asked of.
#pragma once

#include "core/value/metric.hpp"
#include "pg/rows.hpp"

namespace ea::rollup {

inline pg::Rows& add_video_numbers(pg::Rows& rows, const core::Header& header) {
  const core::Counters& c = header.counters;
  return rows.int64_value(c.views)
      .int64_value((int64)header.unique_viewers)
      .float8_value(core::seconds(c.watch_time_ms))
      .float8_value(core::average_watch_time(c))
      .float8_value(core::rate(c.completions, c.views))
      .int64_value(c.completions)
      .int64_value(c.saves)
      .int64_value(c.shares)
      .int64_value(c.clicks)
      .int64_value(c.skips)
      .float8_value(core::rate(c.total_engagements(), c.views))
      .float8_value(core::engagement_score(c));
}

}  // namespace ea::rollup
