#include "rollup/reader.hpp"

#include "core/bucket_cover.hpp"
#include "core/event_log.hpp"

namespace ea::rollup {

void feed_log(Datum log, const core::Span& range, Sink& sink) {
  struct varlena* flat = PG_DETOAST_DATUM_PACKED(log);
  core::for_each_event(pg::bytes_of(flat), range.from, range.to,
                       [&](const core::TimedEvent& e) { sink.event(e.event); });
  if (flat != (struct varlena*)DatumGetPointer(log)) pfree(flat);
}

Reader::Reader(Snapshot snapshot) {
  const Tables& t = tables();
  totals_.open(t.totals, t.totals_key, snapshot);
  buckets_.open(t.buckets, t.buckets_key, snapshot);
  deltas_.open(t.deltas, t.deltas_key, snapshot);
}

void Reader::close() {
  totals_.close();
  buckets_.close();
  deltas_.close();
}

bool Reader::read_total(const Key& key, const core::Span& range, Sink& sink, bool* descend) {
  totals_.equal(totals::key::id, key.id).equal_int2(totals::key::scope, (int16)key.scope).start();
  if (!totals_.next()) return false;
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
  bool descend = false;
  // Whatever is stored of a key began with its total.
  if (!read_total(key, range, sink, &descend)) return false;
  read_deltas(key, range, sink);
  if (descend && range.from < range.to) read_buckets(key, range, sink);
  return true;
}

void Reader::read_buckets(const Key& key, const core::Span& range, Sink& sink) {
  core::BucketCover cover(range);
  cover.descend({0, 0});
  while (cover.next_level()) {
    for (int i = 0; i < cover.range_count(); i++) {
      buckets_.equal(buckets::key::id, key.id)
          .equal_int2(buckets::key::scope, (int16)key.scope)
          .equal_int2(buckets::key::level, (int16)cover.level())
          .at_least(buckets::key::number, cover.range(i).first)
          .at_most(buckets::key::number, cover.range(i).last)
          .start();
      while (buckets_.next()) {
        const core::Bucket bucket{cover.level(), buckets_.int64_at(buckets::number)};
        bool null;
        const Datum log = buckets_.value(buckets::events, &null);
        if (!null)
          feed_log(log, range, sink);
        else if (cover.inside(bucket))
          sink.summary(buckets_.value(buckets::summary, &null));
        else
          cover.descend(bucket);
      }
    }
  }
}

void Reader::read_deltas(const Key& key, const core::Span& range, Sink& sink) {
  deltas_.equal(deltas::key::id, key.id).equal_int2(deltas::key::scope, (int16)key.scope).start();
  while (deltas_.next()) {
    const core::Span held{deltas_.int64_at(deltas::first_at), deltas_.int64_at(deltas::last_at) + 1};
    if (!range.meets(held)) continue;
    bool null;
    feed_log(deltas_.value(deltas::events, &null), range, sink);
  }
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
    buckets_.equal(buckets::key::id, key.id)
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
  totals_.equal(totals::key::id, key.id).equal_int2(totals::key::scope, (int16)key.scope).start();
  if (!totals_.next()) return false;
  bool null;
  const Datum log = totals_.value(totals::events, &null);
  *first = null ? edge(key, false) : edge_of_log(log, false);
  *last = null ? edge(key, true) : edge_of_log(log, true);
  deltas_.equal(deltas::key::id, key.id).equal_int2(deltas::key::scope, (int16)key.scope).start();
  while (deltas_.next()) {
    *first = Min(*first, deltas_.int64_at(deltas::first_at));
    *last = Max(*last, deltas_.int64_at(deltas::last_at));
  }
  return true;
}

}  // namespace ea::rollup
