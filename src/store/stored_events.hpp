// The events behind rollups, one by one: logs of buckets and deltas.
#pragma once

#include "core/tree/bucket.hpp"
#include "core/tree/event_log.hpp"
#include "pg/index_scan.hpp"
#include "pg/varlena.hpp"
#include "store/deltas.hpp"

namespace ea::rollup {

// Starts a scan of the buckets of one level that a range meets.
inline void start_buckets(pg::IndexScan& scan, const Key& key, int level, const core::Span& range) {
  const core::Span everything;
  scan.equal(buckets::key::id, key.id)
      .equal_int2(buckets::key::scope, (int16)key.scope)
      .equal_int2(buckets::key::level, (int16)level)
      .at_least(buckets::key::number, range.from == everything.from ? range.from : core::bucket_number(level, range.from))
      .at_most(buckets::key::number, range.to == everything.to ? range.to : core::bucket_number(level, range.to - 1))
      .start();
}

class StoredEvents {
 public:
  explicit StoredEvents(Snapshot snapshot) : snapshot_(snapshot), context_(CurrentMemoryContext) {
    const Tables& t = tables();
    totals_.open(t.totals, t.totals_key, snapshot);
    buckets_.open(t.buckets, t.buckets_key, snapshot);
    deltas_.open(snapshot);
  }
  void close() {
    totals_.close();
    buckets_.close();
    deltas_.close();
    for (pg::IndexScan& scan : levels_)
      if (scan.is_open()) scan.close();
  }

  // Calls f(TimedEvent) for each event of the key in the range, in no order, until f calls stop(): after the log that it is
  // in, none is read.
  template <class F>
  void for_each(const Key& key, const core::Span& range, F&& f) {
    stopped_ = false;
    totals_.equal(totals::key::id, key.id).equal_int2(totals::key::scope, (int16)key.scope).start();
    if (!totals_.next()) return;
    if (!open_log(totals_, totals::events, range, f)) each_bucket(key, range, core::kLevels, f);
    each_delta(key, range, f);
  }

  void stop() { stopped_ = true; }

  // The same without deltas, and of all time.
  template <class F>
  void for_each_in_tree(const Key& key, F&& f) {
    const core::Span everything;
    totals_.equal(totals::key::id, key.id).equal_int2(totals::key::scope, (int16)key.scope).start();
    if (totals_.next() && !open_log(totals_, totals::events, everything, f)) each_bucket(key, everything, core::kLevels, f);
  }
  // Calls f(DeltaLog) for the logs beside the tree, in the order of their refreshes.
  template <class F>
  void for_each_delta(const Key& key, F&& f) {
    deltas_.for_each_in_order(key, f);
  }

  // The same for events in logs of the levels above `level` and in deltas.
  template <class F>
  void for_each_above(const Key& key, int level, F&& f) {
    const core::Span everything;
    totals_.equal(totals::key::id, key.id).equal_int2(totals::key::scope, (int16)key.scope).start();
    if (!totals_.next()) return;
    if (!open_log(totals_, totals::events, everything, f)) each_bucket(key, everything, level, f);
    each_delta(key, everything, f);
  }

  // The same for events in buckets, in order of time.
  template <class F>
  void for_each_in_order(const Key& key, const core::Span& range, F&& f) {
    totals_.equal(totals::key::id, key.id).equal_int2(totals::key::scope, (int16)key.scope).start();
    if (totals_.next() && !open_log(totals_, totals::events, range, f)) below(key, {0, 0}, range, f);
  }

  // And for those in deltas.
  template <class F>
  void each_delta(const Key& key, const core::Span& range, F&& f) {
    deltas_.for_each(key, range, [&](const DeltaLog& log) {
      CHECK_FOR_INTERRUPTS();
      if (!stopped_) core::for_each_event(log.log, range.from, range.to, f);
    });
  }

 private:
  template <class F>
  void below(const Key& key, const core::Bucket& bucket, const core::Span& range, F&& f) {
    CHECK_FOR_INTERRUPTS();
    const int level = bucket.level + 1;
    if (level == core::kLevels) return;    // a damaged row, of which verify() tells
    const core::Span inside = core::span_of(bucket);
    pg::IndexScan& scan = levels_[bucket.level];
    if (!scan.is_open()) {
      MemoryContext outside = MemoryContextSwitchTo(context_);
      scan.open(tables().buckets, tables().buckets_key, snapshot_);
      MemoryContextSwitchTo(outside);
    }
    start_buckets(scan, key, level, {Max(inside.from, range.from), Min(inside.to, range.to)});
    while (scan.next())
      if (!open_log(scan, buckets::events, range, f)) below(key, {level, scan.int64_at(buckets::number)}, range, f);
  }

  template <class F>
  static bool open_log(const pg::IndexScan& scan, int column, const core::Span& range, F&& f) {
    bool null;
    const Datum log = scan.value(column, &null);
    if (null) return false;
    struct varlena* flat = PG_DETOAST_DATUM_PACKED(log);
    core::for_each_event(pg::bytes_of(flat), range.from, range.to, f);
    if (flat != (struct varlena*)DatumGetPointer(log)) pfree(flat);
    return true;
  }

  template <class F>
  void each_bucket(const Key& key, const core::Span& range, int end_level, F&& f) {
    bool cut = true;    // there is more below
    for (int level = 1; level < end_level && cut && !stopped_; level++) {
      start_buckets(buckets_, key, level, range);
      cut = false;
      while (!stopped_ && buckets_.next()) {
        CHECK_FOR_INTERRUPTS();
        cut = !open_log(buckets_, buckets::events, range, f) || cut;
      }
    }
  }

  Snapshot snapshot_;
  MemoryContext context_;      // that was current at the start
  bool stopped_ = false;
  pg::IndexScan totals_, buckets_;
  Deltas deltas_;
  pg::IndexScan levels_[core::kLevels - 1];    // opened when they are needed
};

}  // namespace ea::rollup
