// Reading rollups: what is stored of one video, creator or the platform within a range, up to the
// snapshot's watermark.
#pragma once

#include "core/tree/bucket.hpp"
#include "pg/index_scan.hpp"
#include "store/deltas.hpp"
#include "store/sink.hpp"

namespace ea::rollup {

class Reader {
 public:
  // Totals that were changed after the snapshot's watermark are refused: the tail would count them again.
  Reader(Snapshot snapshot, int64 watermark);

  // False when nothing at all is stored of the key, in any range.
  bool read(const Key& key, const core::Span& range, Sink& sink);
  // The same without what a refresh has left beside the buckets.
  bool read_tree(const Key& key, const core::Span& range, Sink& sink);
  // Calls f(DeltaLog) for each of these in the order of refreshes.
  template <class F>
  void for_each_delta(const Key& key, F&& f) {
    deltas().for_each_in_order(key, f);
  }
  // Only the buckets below the total, which is a summary and not inside the range.
  void read_buckets(const Key& key, const core::Span& range, Sink& sink);
  // Only what a refresh has left beside the buckets.
  void read_deltas(const Key& key, const core::Span& range, Sink& sink);
  // The times of the first and the last event stored of a key; false when there is none.
  bool extent(const Key& key, TimestampTz* first, TimestampTz* last);
  void close();

 private:
  TimestampTz edge(const Key& key, bool last);
  bool known_as_cut(const core::Bucket& bucket) const;
  void remember_cut(const core::Bucket& bucket);
  bool read_total(const Key& key, const core::Span& range, Sink& sink, bool* descend);

  pg::IndexScan& scan(pg::IndexScan& scan, const pg::Table& table, const pg::Index& key);
  pg::IndexScan& totals();
  pg::IndexScan& buckets();
  Deltas& deltas();

  Snapshot snapshot_;
  int64 watermark_;
  MemoryContext context_;
  pg::IndexScan totals_, buckets_;
  Deltas deltas_;
  // The last buckets of each level that were found to be cut further: neighbouring ranges meet them again.
  Key cut_key_{ScopeKind::platform, -1};
  int64 cut_[core::kLevels][2];
};

// 55000 when a total's epoch is above the watermark.
void check_epoch(int64 epoch, int64 watermark);

// Feeds the events of a stored log that lie in the range.
void feed_log(Datum log, const core::Span& range, Sink& sink);

}  // namespace ea::rollup
