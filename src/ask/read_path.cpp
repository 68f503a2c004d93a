#include "ask/read_path.hpp"

#include <algorithm>

#include "store/epoch.hpp"
#include "store/scope.hpp"

namespace ea::rollup {

namespace {

// Above so many rows that nobody has refreshed, the planner does better than we do.
constexpr int64 kLongTail = 20000;
constexpr int64 kLongPlatformTail = 200000;

// Raw rows above the watermark, planned for each call: only for tails that have grown long.
pg::Statement raw_contents(
    "/* explore_analytics: tail */ SELECT " EA_SUMMARY " FROM {s}.explore_engagements e"
    " WHERE e.content_id = ANY ($1) AND " EA_IN_RANGE("$2", "$3") " AND e.epoch > $4",
    {INT8ARRAYOID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

pg::Statement raw_extent(
    "/* explore_analytics: tail */ SELECT min(e.created_at), max(e.created_at) FROM {s}.explore_engagements e"
    " WHERE ($1 IS NULL OR e.content_id = ANY ($1)) AND e.epoch > $2 AND " EA_COUNTED,
    {INT8ARRAYOID, INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

pg::Statement raw_platform(
    "/* explore_analytics: tail */ SELECT " EA_SUMMARY " FROM {s}.explore_engagements e"
    " WHERE " EA_IN_RANGE("$1", "$2") " AND e.epoch > $3",
    {TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

void answer(const pg::Home& home, const Key& key, const pg::Range& range, Sink& sink) {
  Question question(home, key, span_of(range));
  question.add_to(sink, span_of(range));
  question.close();
}

}  // namespace

Question::Question(const pg::Home& home, const Key& key, const core::Span& whole, int64 ranges)
    : home_(home), key_(key), snapshot_(GetActiveSnapshot()), low_(watermark(snapshot_)), reader_(snapshot_, low_) {
  if (key.scope == ScopeKind::content) {
    known_ = content_exists(home, snapshot_, key.id);
    contents_ = AscendingIds(&key_.id, 1);
  }
  if (!known_) return;
  parts_ = new (palloc(sizeof(StoredParts))) StoredParts(home, snapshot_, reader_, key_, whole, ranges);
  if (key.scope == ScopeKind::creator) {
    tail_ = read_tail_of_creator(home, snapshot_, low_, key.id, whole, kLongTail);
    if (!tail_.complete) contents_ = contents_of_creator(home, snapshot_, key.id);
  } else {
    const bool platform = key.scope == ScopeKind::platform;
    tail_ = read_tail(home, snapshot_, low_, {platform, contents_.begin(), (int)contents_.size(), whole}, platform ? kLongPlatformTail : kLongTail);
  }
  by_time_ = ranges > 1;
  if (by_time_) std::sort(tail_.events, tail_.events + tail_.count, [](const TailEvent& a, const TailEvent& b) { return a.event.at < b.event.at; });
}

void Question::add_to(Sink& sink, const core::Span& range) {
  if (!known_ || range.from >= range.to) return;
  parts_->add_to(sink, range);
  if (!tail_.complete) {
    add_raw(sink, range);
    return;
  }
  const TailEvent *event = tail_.events, *end = event + tail_.count;
  if (by_time_) {
    const auto before = [](const TailEvent& e, TimestampTz at) { return e.event.at < at; };
    event = std::lower_bound(event, end, range.from, before);
    end = std::lower_bound(event, end, range.to, before);
  }
  for (; event != end; event++)
    if (range.contains(event->event.at)) sink.event(event->event.event);
}

bool Question::extent(pg::Range* extent) {
  bool found = false;
  const auto include = [&](TimestampTz first, TimestampTz last) {
    extent->from = found ? Min(extent->from, first) : first;
    extent->to = found ? Max(extent->to, last) : last;
    found = true;
  };
  TimestampTz first, last;
  if (!known_) return false;
  if (parts_->extent(&first, &last)) include(first, last);
  if (!tail_.complete) {
    pg::Query query(home_);
    query.read(raw_extent, pg::Parameters().add(key_.scope != ScopeKind::platform, id_array(contents_)).id(low_));
    if (!query.is_null(0, 1)) include(DatumGetTimestampTz(query.value(0, 1)), DatumGetTimestampTz(query.value(0, 2)));
    query.finish();
  }
  for (int64 i = 0; i < tail_.count; i++) include(tail_.events[i].event.at, tail_.events[i].event.at);
  return found;
}

void Question::add_raw(Sink& sink, const core::Span& range) {
  pg::Query query(home_);
  if (key_.scope == ScopeKind::platform)
    query.read(raw_platform, pg::Parameters().time(range.from).time(range.to).id(low_));
  else
    query.read(raw_contents, pg::Parameters().add(id_array(contents_)).time(range.from).time(range.to).id(low_));
  sink.summary(query.value(0, 1));
  query.finish();
}

void Question::close() {
  if (parts_) parts_->close();
  reader_.close();
}

Datum summary(const pg::Home& home, const Key& key, const pg::Range& range) {
  SummarySink sink;
  answer(home, key, range, sink);
  return sink.finish();
}

core::Header header(const pg::Home& home, const Key& key, const pg::Range& range) {
  SummarySink sink;
  answer(home, key, range, sink);
  return sink.header();
}

}  // namespace ea::rollup
