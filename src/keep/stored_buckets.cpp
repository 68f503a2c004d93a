#include "keep/stored_buckets.hpp"

#include <algorithm>

#include "core/tree/bucket_parts.hpp"
#include "core/tree/event_log.hpp"
#include "core/value/metric.hpp"
#include "core/value/summary_format.hpp"
#include "pg/guard.hpp"
#include "pg/memory.hpp"
#include "pg/varlena.hpp"
#include "store/stored_events.hpp"

namespace ea::rollup {

namespace {

constexpr int64 kAnyEvents = std::numeric_limits<int64>::max();

void append(core::Bytes log, std::pmr::vector<core::TimedEvent>* events) {
  core::EventLogReader reader(log);
  for (core::TimedEvent e; reader.next(&e);) events->push_back(e);
}

}  // namespace

StoredBuckets::StoredBuckets(int64 epoch, DeltaRows::Rows rows) : epoch_(epoch), deltas_(epoch, rows), context_(CurrentMemoryContext) {
  const Tables& t = tables();
  totals_.open(t.totals);
  buckets_.open(t.buckets);
  deltas_.begin();
  value_context_ = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics bucket", ALLOCSET_DEFAULT_SIZES);
  work_context_ = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics tree", ALLOCSET_DEFAULT_SIZES);
  open_scans();
}

void StoredBuckets::open_scans() {
  const Tables& t = tables();
  MemoryContext outside = MemoryContextSwitchTo(context_);
  // Newer than any statement's: it sees what this transaction has just written.
  snapshot_ = RegisterSnapshot(GetLatestSnapshot());
  total_scan_.open(t.totals, t.totals_key, snapshot_);
  bucket_scan_.open(t.buckets, t.buckets_key, snapshot_);
  deltas_.open(snapshot_);
  MemoryContextSwitchTo(outside);
}

void StoredBuckets::close_scans() {
  total_scan_.close();
  bucket_scan_.close();
  deltas_.close_scan();
  UnregisterSnapshot(snapshot_);
}

void StoredBuckets::renew() {
  totals_.flush();
  buckets_.flush();
  deltas_.flush();
  close_scans();
  open_scans();
  dirty_ = false;
}

void StoredBuckets::close() {
  close_scans();
  totals_.close();
  buckets_.close();
  deltas_.close();
  MemoryContextDelete(value_context_);
  MemoryContextDelete(work_context_);
}

bool StoredBuckets::exists(const Key& key) {
  total_scan_.equal(totals::key::id, key.id).equal_int2(totals::key::scope, (int16)key.scope).start();
  return total_scan_.next();
}

void StoredBuckets::insert(const Key& key, core::TimedEvents events) {
  const bool again = key.scope == key_.scope && key.id == key_.id;
  if (again && dirty_) pg::guard([&] { renew(); });
  key_ = key;
  {
    pg::Resource memory(work_context_);
    core::BucketTree(*this, &memory).insert(events);
  }
  MemoryContextReset(work_context_);
  dirty_ = true;
}

void StoredBuckets::insert_with_deltas(const Key& key, core::TimedEvents events, DeltaRows::Which which) {
  pg::Resource memory(context_);    // insert() empties its own
  std::pmr::vector<core::TimedEvent> all(events.begin(), events.end(), &memory);
  take_deltas(key, &all, which);
  if (!all.empty()) insert(key, all);
}

pg::IndexScan& StoredBuckets::find(const Key& key, const core::Bucket& bucket) {
  pg::IndexScan& scan = bucket.level == 0 ? total_scan_ : bucket_scan_;
  if (bucket.level == 0)
    scan.equal(totals::key::id, key.id).equal_int2(totals::key::scope, (int16)key.scope).start();
  else
    scan.equal(buckets::key::id, key.id)
        .equal_int2(buckets::key::scope, (int16)key.scope)
        .equal_int2(buckets::key::level, (int16)bucket.level)
        .equal(buckets::key::number, bucket.number)
        .start();
  return scan;
}

bool StoredBuckets::read(const core::Bucket& bucket, core::BucketValue* value, bool remove) {
  bool found = false;
  pg::guard([&] {
    CHECK_FOR_INTERRUPTS();
    MemoryContext outside = MemoryContextSwitchTo(value_context_);
    MemoryContextReset(value_context_);
    pg::IndexScan& scan = find(key_, bucket);
    if (scan.next()) {
      found = true;
      bool null;
      Datum stored = scan.value(bucket.level == 0 ? totals::events : buckets::events, &null);
      value->is_log = !null;
      if (null) stored = scan.value(bucket.level == 0 ? totals::summary : buckets::summary, &null);
      value->bytes = pg::bytes_of((struct varlena*)PG_DETOAST_DATUM_COPY(stored));
      if (remove) (bucket.level == 0 ? totals_ : buckets_).remove(scan.tid());
    }
    MemoryContextSwitchTo(outside);
  });
  return found;
}

bool StoredBuckets::rewrites_at_most(const Key& key, core::TimedEvents events, int64 bytes) {
  bool so = false;
  pg::guard([&] { so = rewritten_bytes(key, {0, 0}, events, bytes) <= bytes; });
  return so;
}

// Stops when it has more than the limit.
int64 StoredBuckets::rewritten_bytes(const Key& key, const core::Bucket& bucket, core::TimedEvents events, int64 limit) {
  constexpr int64 kRow = 128;    // of a row and its place in the index, about
  pg::IndexScan& scan = find(key, bucket);
  if (!scan.next()) return kRow;
  bool is_summary;
  Datum stored = scan.value(bucket.level == 0 ? totals::events : buckets::events, &is_summary);
  if (is_summary) {
    bool null;
    stored = scan.value(bucket.level == 0 ? totals::summary : buckets::summary, &null);
  }
  int64 bytes = kRow + (int64)toast_raw_datum_size(stored);
  if (!is_summary || bucket.level + 1 == core::kLevels) return bytes;
  core::for_each_child(bucket, events, core::time_of, [&](const core::Bucket& child, core::TimedEvents part) {
    if (bytes <= limit) bytes += rewritten_bytes(key, child, part, limit - bytes);
  });
  return bytes;
}

bool StoredBuckets::take(const core::Bucket& bucket, core::BucketValue* value) { return read(bucket, value, true); }
bool StoredBuckets::look(const core::Bucket& bucket, core::BucketValue* value) { return read(bucket, value, false); }

void StoredBuckets::put(const core::Bucket& bucket, const core::BucketValue& value, const core::Counters& counters) {
  const double score = core::engagement_score(counters);
  pg::guard([&] {
    struct varlena* bytes = pg::varlena_of(value.bytes);
    struct varlena* beside = value.summary.empty() ? nullptr : pg::varlena_of(value.summary);
    pg::TableWriter& out = bucket.level == 0 ? totals_ : buckets_;
    out.add(Int64GetDatum(key_.id));
    if (bucket.level == 0)
      out.add(Int64GetDatum(epoch_)).add(Int64GetDatum(counters.views)).add(Float8GetDatum(score))
          .add(Int16GetDatum((int16)key_.scope));
    else
      out.add(Int64GetDatum(bucket.number)).add(Int16GetDatum((int16)key_.scope)).add(Int16GetDatum((int16)bucket.level));
    if (!value.is_log)
      out.add(PointerGetDatum(bytes)).null();
    else if (beside)
      out.add(PointerGetDatum(beside)).add(PointerGetDatum(bytes));
    else
      out.null().add(PointerGetDatum(bytes));
    out.end_row();
    pfree(bytes);
    if (beside) pfree(beside);
  });
}

void StoredBuckets::children(const core::Bucket& bucket, std::pmr::vector<std::int64_t>* numbers) {
  const int level = core::level_below(bucket);
  bool more = true;
  pg::guard([&] { start_buckets(bucket_scan_, key_, level, core::span_of(bucket)); });
  for (;;) {
    int64 number = 0;
    pg::guard([&] {
      more = bucket_scan_.next();
      if (more) number = bucket_scan_.int64_at(buckets::number);
    });
    if (!more) return;
    numbers->push_back(number);
  }
}

std::size_t StoredBuckets::log_events(const core::Bucket& bucket) {
  core::Bytes bytes;
  bool null = true;
  pg::guard([&] {
    MemoryContext outside = MemoryContextSwitchTo(value_context_);
    MemoryContextReset(value_context_);
    pg::IndexScan& scan = find(key_, bucket);
    Datum log = 0;
    if (scan.next()) log = scan.value(buckets::events, &null);
    if (!null) bytes = pg::bytes_of((struct varlena*)PG_DETOAST_DATUM_COPY(log));
    MemoryContextSwitchTo(outside);
  });
  return null ? 0 : (std::size_t)core::EventLogReader(bytes).count();
}

void StoredBuckets::change(const Key& key, core::TimedEvents removed, core::TimedEvents added, DeltaRows::Which which, const int64* gone, int gone_count) {
  if (removed.empty()) {
    insert(key, added);
    return;
  }
  insert_with_deltas(key, {}, which);
  if (key.scope == key_.scope && key.id == key_.id && dirty_) pg::guard([&] { renew(); });
  change_tree(key, removed, added, gone, gone_count);
}

void StoredBuckets::change_tree(const Key& key, core::TimedEvents removed, core::TimedEvents added, const int64* gone, int gone_count) {
  key_ = key;
  dirty_ = true;
  {
    pg::Resource memory(work_context_);
    core::ViewerSet set(&memory);
    for (int i = 0; i < gone_count; i++) set.insert(gone[i]);
    set.settle();
    core::BucketTree(*this, &memory).change(removed, added, set);
  }
  MemoryContextReset(work_context_);
}

void StoredBuckets::replace(ScopeKind scope, pg::Array<Replacement>* changes, const int64* gone, int gone_count) {
  if (dirty_ || deltas_.is_stale()) renew();
  deltas_.replace(scope, changes);
  pg::Array<core::TimedEvent> removed, added;
  for (int64 i = 0; i < changes->size(); i++) {
    const Replacement& r = (*changes)[i];
    if (!r.done) removed.append(r.before);
    if (!r.done) added.append(r.after);
    if (removed.empty() || (i + 1 < changes->size() && (*changes)[i + 1].id == r.id)) continue;
    CHECK_FOR_INTERRUPTS();
    std::sort(added.begin(), added.end());
    change_tree({scope, r.id}, {removed.begin(), (size_t)removed.size()}, {added.begin(), (size_t)added.size()}, gone, gone_count);
    removed.clear();
    added.clear();
  }
  removed.release();
  added.release();
}

void StoredBuckets::take_down(ScopeKind scope, const pg::Array<int64>& ids, DeltaRows::Taken taken) {
  if (deltas_.is_stale()) renew();
  deltas_.take_down(scope, ids, taken);
}

void StoredBuckets::take_session_deltas(const Key& key, DeltaRows::Which which, pg::Array<SessionStep>* steps) {
  // In the order of refreshes: an epoch is a step.
  if (deltas_.is_stale()) renew();
  deltas_.take(key, which, kAnyEvents, [&](const DeltaLog& log) { append_steps(log.log, log.epoch, steps); });
}

void StoredBuckets::find_sessions(const Key& key, const pg::Array<int64>& sessions, pg::Array<int64>* found) {
  const auto is_asked_for = [&](int64 session) { return std::binary_search(sessions.begin(), sessions.end(), session); };
  if (key.scope == key_.scope && key.id == key_.id && dirty_) renew();
  total_scan_.equal(totals::key::id, key.id).equal_int2(totals::key::scope, (int16)key.scope).start();
  if (!total_scan_.next()) return;
  bool null;
  Datum stored = total_scan_.value(totals::events, &null);
  if (!null) {
    core::EventLogReader log(pg::bytes_of(PG_DETOAST_DATUM_PACKED(stored)));
    for (core::TimedEvent e; log.next(&e);)
      if (is_asked_for(session_key(e.event.viewer))) found->append(session_key(e.event.viewer));
    std::sort(found->begin(), found->end());
    return;
  }
  stored = total_scan_.value(totals::summary, &null);
  const core::Bytes bytes = pg::bytes_of(PG_DETOAST_DATUM_PACKED(stored));
  const core::CanonicalSummary summary = core::read_canonical(bytes);
  if (summary.header.unique_viewers == 0) return;
  {
    pg::Resource memory(work_context_);
    const core::ViewerSet set = core::ViewerSet::read_payload(summary.viewers, &memory);
    for (const int64 session : sessions)
      if (set.contains(session_key(session))) pg::guard([&] { found->append(session); });
  }
  MemoryContextReset(work_context_);
}

void StoredBuckets::change_sessions(const Key& key, core::TimedEvents removed, core::TimedEvents added) {
  if (dirty_) renew();
  // Each is in a tree once.
  pg::Array<int64> gone;
  for (const core::TimedEvent& e : removed)
    if (e.event.has_viewer) gone.append(e.event.viewer);
  change_tree(key, removed, added, gone.begin(), (int)gone.size());
  gone.release();
}

void StoredBuckets::put_delta(const Key& key, core::TimedEvents events, DeltaRows::Rows rows) {
  deltas_.put(key, events, rows);
  dirty_ = true;
}

int64 StoredBuckets::move_shelves(bool everything, int64 most) {
  int64 moved = 0;
  for (int level = 0; level < kShelfLevels && moved < most; level++) {
    moved += deltas_.move_down(level, everything, most - moved);
    if (deltas_.is_stale()) renew();
  }
  return moved;
}

void StoredBuckets::finish_shelves(int64 most) {
  deltas_.put_shelves();
  for (int level = 0; level < kShelfLevels && most > 0; level++) {
    if (deltas_.is_stale()) renew();
    most -= deltas_.move_full(level, most);
  }
}

// The log in a column of the scan's row, if there is one.
void StoredBuckets::append_log(pg::IndexScan& scan, int column, std::pmr::vector<core::TimedEvent>* events) {
  core::Bytes bytes;
  bool null = false;
  pg::guard([&] {
    MemoryContextReset(value_context_);
    MemoryContext outside = MemoryContextSwitchTo(value_context_);
    const Datum log = scan.value(column, &null);
    if (!null) bytes = pg::bytes_of((struct varlena*)PG_DETOAST_DATUM_COPY(log));
    MemoryContextSwitchTo(outside);
  });
  if (!null) append(bytes, events);
}

void StoredBuckets::append_logs(pg::IndexScan& scan, int column, const Key& key, std::pmr::vector<core::TimedEvent>* events) {
  bool more = true;
  pg::guard([&] { scan.equal(1, key.id).equal_int2(2, (int16)key.scope).start(); });
  for (;;) {
    pg::guard([&] { more = scan.next(); });
    if (!more) return;
    append_log(scan, column, events);
  }
}

void StoredBuckets::append_events(const Key& key, std::pmr::vector<core::TimedEvent>* events) {
  append_logs(total_scan_, totals::events, key, events);
  append_logs(bucket_scan_, buckets::events, key, events);
  deltas_.for_each(key, DeltaRows::Which::all, [&](const DeltaLog& log) { append(log.log, events); });
}

void StoredBuckets::append_deltas(const Key& key, std::pmr::vector<core::TimedEvent>* events) {
  deltas_.for_each(key, DeltaRows::Which::own_rows, [&](const DeltaLog& log) { append(log.log, events); });
  std::sort(events->begin(), events->end());
}

void StoredBuckets::take_deltas(const Key& key, std::pmr::vector<core::TimedEvent>* events, DeltaRows::Which which, int64 smaller_than) {
  if (deltas_.is_stale()) pg::guard([&] { renew(); });
  deltas_.take(key, which, smaller_than, [&](const DeltaLog& log) { append(log.log, events); });
  std::sort(events->begin(), events->end());
}

void StoredBuckets::remove(const Key& key) {
  if (dirty_ || deltas_.is_stale()) renew();
  deltas_.take(key, DeltaRows::Which::all, kAnyEvents, [](const DeltaLog&) {});
  bucket_scan_.equal(buckets::key::id, key.id).equal_int2(buckets::key::scope, (int16)key.scope).start();
  while (bucket_scan_.next()) buckets_.remove(bucket_scan_.tid());
  total_scan_.equal(totals::key::id, key.id).equal_int2(totals::key::scope, (int16)key.scope).start();
  while (total_scan_.next()) totals_.remove(total_scan_.tid());
  dirty_ = true;
  key_ = key;
}

}  // namespace ea::rollup
