#include "feature/viewer_retention/question.hpp"

namespace ea::viewers {

// Each longer range goes on from the shorter one.
Stickiness stickiness(const pg::Home& home, const BucketQuestion& asked) {
  constexpr int kWeek = 7, kMonth = 30;
  const TimestampTz last = asked.as_of.end() - 1;
  const pg::Array<Datum> bounds = rollup::local_buckets(asked.zone, core::LocalUnit::day, {last - 2 * kMonth * USECS_PER_DAY, last + 1});
  const int64 day = bounds.size() - 2;
  const auto start = [&](int before) { return DatumGetTimestampTz(bounds[day - before]); };
  rollup::Question question(home, asked.key, {start(kMonth - 1), asked.limit()}, 3);
  rollup::SummarySink sink;
  Stickiness result;
  question.add_to(sink, {start(0), asked.limit()});
  result.day = (int64)sink.header().unique_viewers;
  question.add_to(sink, {start(kWeek - 1), start(0)});
  result.week = (int64)sink.header().unique_viewers;
  question.add_to(sink, {start(kMonth - 1), start(kWeek - 1)});
  result.month = (int64)sink.header().unique_viewers;
  question.close();
  return result;
}

}  // namespace ea::viewers
