// Series over time: what a scope (one content, one creator, or the platform when neither is given) holds
// in each bucket between two bounds.
#pragma once

#include "ask/read_path.hpp"
#include "core/value/metric.hpp"

namespace ea::rollup {

struct Scope {
  pg::Optional<int64> content;
  pg::Optional<int64> creator;
};

// Ascending bounds; bucket i lies between bounds i and i + 1, as far as the range reaches.
struct Bounds {
  Datum* bounds;
  int count;
  pg::Range range;

  core::Span bucket(int i) const {
    return {Max(DatumGetTimestampTz(bounds[i]), range.from), Min(DatumGetTimestampTz(bounds[i + 1]), range.to)};
  }
};

// Narrows open ends of a range to the first and last event of the scope; false when there is none.
bool close_range_by_events(const pg::Home& home, const Key& key, pg::Range* range);
// The same by the starts of sessions.
bool close_range_by_sessions(pg::Query& query, const Scope& scope, pg::Range* range);

// Each writes one value for each bucket.
void bucket_metrics(const pg::Home& home, const Key& key, core::Metric metric, const Bounds& buckets, double* values);
void bucket_new_viewers(const pg::Home& home, const Key& key, const Bounds& buckets, double* values);   // first view ever
void bucket_sessions(pg::Query& query, const Scope& scope, const Bounds& buckets, double* values);        // started

}  // namespace ea::rollup
