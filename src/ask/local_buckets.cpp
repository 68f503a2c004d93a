#include "ask/local_buckets.hpp"

#include "pg/memory.hpp"

namespace ea::rollup {

namespace {

constexpr int64 kMaxBuckets = 1000000;
// Longer than any bucket, and than the day by which a clock was ever set.
constexpr int64 kMargin = 40 * USECS_PER_DAY;
constexpr int64 kUnixEpoch = (int64)(POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY;

constexpr int64 seconds_of(core::LocalUnit unit) {
  switch (unit) {
    case core::LocalUnit::hour: return SECS_PER_HOUR;
    case core::LocalUnit::day: return SECS_PER_DAY;
    case core::LocalUnit::week: return 7 * SECS_PER_DAY;
    case core::LocalUnit::month: break;
  }
  return 30 * SECS_PER_DAY;
}

void check_range(core::LocalUnit unit, const pg::Range& range) {
  // In seconds: a difference of times can overflow.
  if (range.to / USECS_PER_SEC - range.from / USECS_PER_SEC > kMaxBuckets * seconds_of(unit))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_PROGRAM_LIMIT_EXCEEDED, "the range holds more than %lld buckets", (long long)kMaxBuckets),
                            "Ask for a shorter range or a larger bucket."));
  if (range.from < MIN_TIMESTAMP + 2 * kMargin || range.to > END_TIMESTAMP - 2 * kMargin) {
    const char* from = pstrdup(timestamptz_to_str(range.from));   // it answers in one static buffer
    pg::raise(pg::with_hint(pg::failure(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "no buckets from %s to %s", from, timestamptz_to_str(range.to)),
                            "The range reaches the end of the calendar; ask for a shorter one."));
  }
}

// How a zone's clock goes from one time to another.
pg::Array<core::ClockChange> clock_changes(const char* zone, int64 from, int64 to) {
  const pg_tz* tz = pg_tzset(zone);
  pg::Array<core::ClockChange> changes;
  pg_time_t time = from / USECS_PER_SEC + kUnixEpoch;
  long ahead, ahead_then;
  int summer, summer_then;
  pg_time_t change;
  int known = pg_next_dst_boundary(&time, &ahead, &summer, &change, &ahead_then, &summer_then, tz);
  changes.append({from, ahead * USECS_PER_SEC});
  while (known == 1) {
    CHECK_FOR_INTERRUPTS();
    const int64 at = (change - kUnixEpoch) * USECS_PER_SEC;
    if (at > to) break;
    if (ahead_then * USECS_PER_SEC != changes[changes.size() - 1].ahead) changes.append({at, ahead_then * USECS_PER_SEC});
    time = change + 1;    // at the last one of its table itself, the server sees none that follow
    known = pg_next_dst_boundary(&time, &ahead, &summer, &change, &ahead_then, &summer_then, tz);
  }
  return changes;
}

}  // namespace

pg::Array<Datum> local_buckets(const char* zone, core::LocalUnit unit, const pg::Range& range) {
  check_range(unit, range);
  pg::Array<core::ClockChange> changes = clock_changes(zone, range.from - kMargin, range.to + kMargin);
  core::BucketStarts starts(unit, {changes.begin(), (size_t)changes.size()});
  pg::Array<Datum> bounds;
  for (int64 start = std::numeric_limits<int64>::min(); start < range.to;) {
    if ((bounds.size() & 0x3FF) == 0) CHECK_FOR_INTERRUPTS();
    start = starts.next();
    if (start <= range.from) bounds.clear();
    bounds.append(TimestampTzGetDatum(start));
  }
  changes.release();
  return bounds;
}

}  // namespace ea::rollup
