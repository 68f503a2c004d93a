// What is asked: a scope, a range in local buckets, a moment up to which views count.
#pragma once

#include "ask/period.hpp"
#include "ask/series.hpp"
#include "feature/viewer_retention/viewers.hpp"

namespace ea::viewers {

struct BucketQuestion {
  rollup::Key key;
  pg::Range range;             // as given
  core::LocalUnit unit;
  const char* zone;
  rollup::Moment as_of;
  bool bounded;                // as_of was given: no view from it on counts

  TimestampTz limit() const { return bounded ? as_of.end() : pg::Range{}.to; }
};

// Buckets that meet the range, the first and the last cut by it.
struct Buckets {
  pg::Array<Datum> bounds;     // of whole buckets; further ones may follow those that meet the range
  int count = 0;               // that meet the range
  pg::Range range;             // without open ends
  TimestampTz limit;

  TimestampTz before = 0;      // where the bucket before the first one starts

  int known() const { return Max((int)bounds.size() - 1, 0); }
  TimestampTz start(int i) const { return DatumGetTimestampTz(bounds[i]); }
  core::Span whole(int i) const { return {start(i), Min(start(i + 1), limit)}; }
  core::Span cut(int i) const { return {Max(start(i), range.from), Min(Min(start(i + 1), range.to), limit)}; }
  bool is_cut(int i) const { return cut(i).from != whole(i).from || cut(i).to != whole(i).to; }
};

// With so many more behind them as begin before as_of. An open start is the first event, an open end as_of, or of now the end
// of its bucket. None where nothing is left of the range.
Buckets buckets_of(const pg::Home& home, const BucketQuestion& question, int more = 0);

struct Matrix {
  static constexpr int64 kNotOver = -1;
  Buckets buckets;
  int64* sizes = nullptr;      // of the cohorts, one a bucket
  int64* retained = nullptr;   // cohort by cohort, so many periods each
};
enum class Cohorts { first_time, recurring };
Matrix retention_matrix(const pg::Home& home, const BucketQuestion& question, int periods, Cohorts kind);

struct Lifecycle {
  int64 fresh, returning, resurrecting, dormant;
};
// One for each bucket.
Lifecycle* lifecycle(const pg::Home& home, const rollup::Key& key, const Buckets& buckets);

struct Stickiness {
  int64 day, week, month;
};
Stickiness stickiness(const pg::Home& home, const BucketQuestion& question);

}  // namespace ea::viewers
