#include "feature/viewer_retention/question.hpp"

namespace ea::viewers {

namespace {

// No bucket is longer.
constexpr int64 kLongest[] = {2 * USECS_PER_HOUR, 2 * USECS_PER_DAY, 8 * USECS_PER_DAY, 32 * USECS_PER_DAY};

// Where so many buckets behind a time have ended, at the latest; no later than as_of.
TimestampTz reach(const BucketQuestion& question, TimestampTz from, int buckets) {
  TimestampTz end;
  if (__builtin_add_overflow(from, buckets * kLongest[(int)question.unit], &end)) return Max(from, question.as_of.at);
  return Max(from, Min(end, question.as_of.at));
}

}  // namespace

Buckets buckets_of(const pg::Home& home, const BucketQuestion& question, int more) {
  Buckets result;
  result.limit = question.limit();
  result.range = question.range;
  const bool open_end = TIMESTAMP_IS_NOEND(result.range.to);
  if (open_end) result.range.to = question.as_of.end();
  if (TIMESTAMP_IS_NOBEGIN(result.range.from) && !rollup::close_range_by_events(home, question.key, &result.range)) return result;
  if (result.range.from >= result.range.to) return result;
  result.bounds = rollup::local_buckets(question.zone, question.unit, {result.range.from, reach(question, result.range.to, more)});
  while (result.count < result.known() && result.start(result.count) < result.range.to) result.count++;
  // What clocks ahead of ours have sent belongs to the bucket that is going on.
  if (open_end && !question.bounded) result.range.to = result.start(result.count);
  const pg::Array<Datum> before = rollup::local_buckets(question.zone, question.unit, {result.start(0) - 1, result.start(0)});
  result.before = DatumGetTimestampTz(before[0]);
  return result;
}

}  // namespace ea::viewers
