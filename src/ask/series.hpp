// Series over time: what a scope (one content, one creator, or the platform when neither is given) holds
// in each bucket between two bounds.
#pragma once

#include "ask/local_buckets.hpp"
#include "ask/read_path.hpp"
#include "core/value/metric.hpp"

namespace ea::rollup {

struct Scope {
  pg::Optional<int64> content;
  pg::Optional<int64> creator;

  Key key() const {
    if (content.given) return {ScopeKind::content, content.value};
    return {creator.given ? ScopeKind::creator : ScopeKind::platform, creator.value};
  }
};

struct SeriesMetric {
  enum Kind { of_summary, sessions, new_viewers } kind;    // sessions that started, viewers with their first view ever
  core::Metric metric;                                     // of a summary
};

// Ascending bounds; bucket i lies between bounds i and i + 1, as far as the range reaches.
struct Bounds {
  Datum* bounds;
  int count;
  pg::Range range;

  int buckets() const { return Max(count - 1, 0); }
  TimestampTz start(int i) const { return DatumGetTimestampTz(bounds[i]); }
  core::Span bucket(int i) const { return {Max(start(i), range.from), Min(start(i + 1), range.to)}; }
};

// Calls f(i, SummarySink&) for each bucket, in a memory context that lasts for this one.
template <class F>
void for_each_bucket(const pg::Home& home, const Key& key, const Bounds& buckets, F&& f) {
  Question question(home, key, span_of(buckets.range), buckets.count);
  MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics bucket", ALLOCSET_DEFAULT_SIZES);
  MemoryContext outside = MemoryContextSwitchTo(context);
  for (int i = 0; i < buckets.buckets(); i++) {
    CHECK_FOR_INTERRUPTS();
    SummarySink sink;
    question.add_to(sink, buckets.bucket(i));
    f(i, sink);
    MemoryContextReset(context);
  }
  MemoryContextSwitchTo(outside);
  question.close();
  MemoryContextDelete(context);
}

// One value for each bucket.
double* bucket_values(pg::Query& query, const Scope& scope, SeriesMetric metric, const Bounds& buckets);

struct SeriesQuestion {
  Scope scope;
  SeriesMetric metric;
  core::LocalUnit unit;
  const char* zone;
  pg::Range range;     // open ends: from the first, to the last that there is of the metric
};

struct Series {
  Bounds buckets{};    // none, where the range is empty, or open and without events
  double* values = nullptr;
};

// Narrows open ends of a range to the first (not before 2000) and last event; false when there is none.
bool close_range_by_events(const pg::Home& home, const Key& key, pg::Range* range);

// Every bucket that meets the range.
Series series(pg::Query& query, const SeriesQuestion& question);

// Only those that lie in the range as a whole, and are over now: part of a bucket is no value to go by. Before the first and
// behind the last event of an open range nothing is missing. 54000 where they are more than `most`.
Series whole_buckets(pg::Query& query, const SeriesQuestion& question, int most);

}  // namespace ea::rollup
