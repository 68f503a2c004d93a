#include "ask/reader.hpp"

#include "core/tree/bucket_cover.hpp"
#include "core/tree/event_log.hpp"

namespace ea::rollup {

void feed_log(Datum log, const core::Span& range, Sink& sink) {
  struct varlena* flat = PG_DETOAST_DATUM_PACKED(log);
  sink.log(pg::bytes_of(flat), range);
  if (flat != (struct varlena*)DatumGetPointer(log)) pfree(flat);
}

void check_epoch(int64 epoch, int64 watermark) {
  if (epoch > watermark)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "rollups of epoch %lld are ahead of the watermark %lld",
                                        (long long)epoch, (long long)watermark),
                            "They were restored without it. Run: SELECT explore_analytics.rebuild();"));
}

// Many questions end at the first table: the others are opened when they are needed.
Reader::Reader(Snapshot snapshot, int64 watermark) : snapshot_(snapshot), watermark_(watermark), context_(CurrentMemoryContext) {}

pg::IndexScan& Reader::scan(pg::IndexScan& scan, const pg::Table& table, const pg::Index& key) {
  if (!scan.is_open()) {
    MemoryContext outside = MemoryContextSwitchTo(context_);
    scan.open(table, key, snapshot_);
    MemoryContextSwitchTo(outside);
  }
  return scan;
}

pg::IndexScan& Reader::totals() { return scan(totals_, tables().totals, tables().totals_key); }
pg::IndexScan& Reader::buckets() { return scan(buckets_, tables().buckets, tables().buckets_key); }
Deltas& Reader::deltas() {
  if (!deltas_.is_open()) {
    MemoryContext outside = MemoryContextSwitchTo(context_);
    deltas_.open(snapshot_);
    MemoryContextSwitchTo(outside);
  }
  return deltas_;
}

void Reader::close() {
  for (pg::IndexScan* scan : {&totals_, &buckets_})
    if (scan->is_open()) scan->close();
  if (deltas_.is_open()) deltas_.close();
}

bool Reader::read_total(const Key& key, const core::Span& range, Sink& sink, bool* descend) {
  totals().equal(totals::key::id, key.id).equal_int2(totals::key::scope, (int16)key.scope).start();
  if (!totals_.next()) return false;
  check_epoch(totals_.int64_at(totals::epoch), watermark_);
  bool null;
  const Datum log = totals_.value(totals::events, &null);
  if (!null) {
    feed_log(log, range, sink);
    return true;
  }
  if (range.contains(core::Span{}))
    sink.summary(totals_.value(totals::summary, &null));
  else
    *descend = true;
  return true;
}

bool Reader::read(const Key& key, const core::Span& range, Sink& sink) {
  // Whatever is stored of a key began with its total.
  if (!read_tree(key, range, sink)) return false;
  read_deltas(key, range, sink);
  return true;
}

bool Reader::read_tree(const Key& key, const core::Span& range, Sink& sink) {
  bool descend = false;
  if (!read_total(key, range, sink, &descend)) return false;
  if (descend && range.from < range.to) read_buckets(key, range, sink);
  return true;
}

bool Reader::known_as_cut(const core::Bucket& bucket) const {
  return cut_[bucket.level][0] == bucket.number || cut_[bucket.level][1] == bucket.number;
}

void Reader::remember_cut(const core::Bucket& bucket) {
  if (known_as_cut(bucket)) return;
  cut_[bucket.level][0] = cut_[bucket.level][1];
  cut_[bucket.level][1] = bucket.number;
}

void Reader::read_buckets(const Key& key, const core::Span& range, Sink& sink) {
  if (key.scope != cut_key_.scope || key.id != cut_key_.id) {
    cut_key_ = key;
    for (auto& numbers : cut_) numbers[0] = numbers[1] = std::numeric_limits<int64>::min() + 1;   // none
  }
  core::BucketCover cover(range);
  cover.descend({0, 0});
  while (cover.next_level()) {
    for (int i = 0; i < cover.range_count(); i++) {
      auto [first, last] = cover.range(i);
      const auto skip = [&](int64 number) {
        const core::Bucket bucket{cover.level(), number};
        if (cover.inside(bucket) || !known_as_cut(bucket)) return false;
        cover.descend(bucket);
        return true;
      };
      while (first <= last && skip(first)) first++;
      while (first < last && skip(last)) last--;
      if (first > last) continue;
      buckets().equal(buckets::key::id, key.id)
          .equal_int2(buckets::key::scope, (int16)key.scope)
          .equal_int2(buckets::key::level, (int16)cover.level())
          .at_least(buckets::key::number, first)
          .at_most(buckets::key::number, last)
          .start();
      while (buckets_.next()) {
        const core::Bucket bucket{cover.level(), buckets_.int64_at(buckets::number)};
        bool has_no_log, has_no_summary = true;
        const Datum log = buckets_.value(buckets::events, &has_no_log);
        const Datum summary = cover.inside(bucket) ? buckets_.value(buckets::summary, &has_no_summary) : 0;
        if (!has_no_summary) {
          sink.summary(summary);
        } else if (!has_no_log) {
          feed_log(log, range, sink);
        } else {
          cover.descend(bucket);
          remember_cut(bucket);
        }
      }
    }
  }
}

void Reader::read_deltas(const Key& key, const core::Span& range, Sink& sink) {
  deltas().for_each(key, range, [&](const DeltaLog& log) { sink.log(log.log, range); });
}

namespace {

TimestampTz edge_of_log(Datum log, bool last) {
  core::EventLogReader reader(pg::bytes_of(PG_DETOAST_DATUM_PACKED(log)));
  core::TimedEvent event{};
  while (reader.next(&event) && last) {
  }
  return event.at;
}

}  // namespace

// The outermost bucket of each level lies in the outermost one of the level above, down to a log.
TimestampTz Reader::edge(const Key& key, bool last) {
  for (int level = 1; level < core::kLevels; level++) {
    buckets().equal(buckets::key::id, key.id)
        .equal_int2(buckets::key::scope, (int16)key.scope)
        .equal_int2(buckets::key::level, (int16)level)
        .start(last);
    if (!buckets_.next()) break;
    bool null;
    const Datum log = buckets_.value(buckets::events, &null);
    if (!null) return edge_of_log(log, last);
  }
  pg::raise(pg::failure(ERRCODE_DATA_CORRUPTED, "rollups of id %lld end without a log", (long long)key.id));
}

bool Reader::extent(const Key& key, TimestampTz* first, TimestampTz* last) {
  totals().equal(totals::key::id, key.id).equal_int2(totals::key::scope, (int16)key.scope).start();
  if (!totals_.next()) return false;
  bool null;
  const Datum log = totals_.value(totals::events, &null);
  *first = null ? edge(key, false) : edge_of_log(log, false);
  *last = null ? edge(key, true) : edge_of_log(log, true);
  deltas().for_each(key, {}, [&](const DeltaLog& log) {
    core::EventLogReader reader(log.log);
    for (core::TimedEvent event; reader.next(&event);) {
      *first = Min(*first, event.at);
      *last = Max(*last, event.at);
    }
  });
  return true;
}

}  // namespace ea::rollup
