// Reading rollups: what is stored of one video, creator or the platform within a range, up to the
// snapshot's watermark.
#pragma once

#include "core/bucket.hpp"
#include "pg/index_scan.hpp"
#include "rollup/sink.hpp"
#include "rollup/tables.hpp"

namespace ea::rollup {

class Reader {
 public:
  explicit Reader(Snapshot snapshot);

  // False when nothing at all is stored of the key, in any range.
  bool read(const Key& key, const core::Span& range, Sink& sink);
  // Only the buckets below the total, which is a summary and not inside the range.
  void read_buckets(const Key& key, const core::Span& range, Sink& sink);
  // Only what a refresh has left beside the buckets.
  void read_deltas(const Key& key, const core::Span& range, Sink& sink);
  // The times of the first and the last event stored of a key; false when there is none.
  bool extent(const Key& key, TimestampTz* first, TimestampTz* last);
  void close();

 private:
  TimestampTz edge(const Key& key, bool last);
  bool read_total(const Key& key, const core::Span& range, Sink& sink, bool* descend);

  pg::IndexScan& scan(pg::IndexScan& scan, Oid table, Oid key);
  pg::IndexScan& totals();
  pg::IndexScan& buckets();
  pg::IndexScan& deltas();

  Snapshot snapshot_;
  MemoryContext context_;
  pg::IndexScan totals_, buckets_, deltas_;
};

// Feeds the events of a stored log that lie in the range.
void feed_log(Datum log, const core::Span& range, Sink& sink);

}  // namespace ea::rollup
