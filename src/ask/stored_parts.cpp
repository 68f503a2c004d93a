#include "ask/stored_parts.hpp"

#include "core/tree/bucket_parts.hpp"
#include "core/tree/bucket_tree.hpp"

namespace ea::rollup {

namespace {

// So many that leave are worth no look at how many contents there are.
constexpr int64 kFewEvents = 32;
// Where there are more than were expected, as many times more are looked for.
constexpr int64 kMoreEvents = 8;
// So few are read whatever the range is, and what is found out of them is kept.
constexpr int64 kEventsToKeep = core::kMaxLogEvents;
// More are not held in memory.
constexpr int64 kMostEvents = 100000;

}  // namespace

StoredParts::StoredParts(const pg::Home& home, Snapshot snapshot, Reader& reader, const Key& key, const core::Span& whole,
                         int64 ranges)
    : home_(home), snapshot_(snapshot), reader_(reader), key_(key), whole_(whole) {
  keys_.append(key);
  if (key.scope != ScopeKind::creator) return;
  const CreatorMoves moves = moves_of_creator(home, snapshot, key.id);
  if (moves.known && !moves.gone.empty()) departures_ = departures_of(moves, ranges);
  if (!moves.known || (!moves.gone.empty() && !departures_))
    answer_from_contents();
  else
    for (const int64 content : moves.came) keys_.append({ScopeKind::content, content});
}

// Null where the contents that are left tell sooner: each of them is asked about each range, which takes about as long as
// looking for what one event leaves behind.
Departures* StoredParts::departures_of(const CreatorMoves& moves, int64 ranges) {
  Departures* departures = new (palloc(sizeof(Departures))) Departures(snapshot_, key_);
  Departures::Found found = Departures::Found::all;
  if (!departures->recall(moves)) found = find_departures(moves.gone, ranges, *departures);
  if (found == Departures::Found::all && !few_contents(departures->count(whole_), ranges)) return departures;
  departures->close();
  return nullptr;
}

bool StoredParts::few_contents(int64 events, int64 ranges) {
  const int64 few = events / ranges;
  return events > kFewEvents && contents_of_creator(home_, snapshot_, key_.id, few).size() <= few;
}

Departures::Found StoredParts::find_departures(const AscendingIds& gone, int64 ranges, Departures& departures) {
  // Not all events are counted: how many there are is seen when they are read, a few first.
  const auto count = [&](const core::Span& range) {
    CounterSink sink;
    for (const int64 content : gone) reader_.read({ScopeKind::content, content}, range, sink);
    return (int64)core::least_events(sink.counters());
  };
  Departures::Found found = Departures::Found::too_many;
  if (count({}) <= kEventsToKeep) found = departures.find_to_keep(gone);
  if (found != Departures::Found::too_many) return found;
  const int64 events = count(whole_);
  for (int64 most = Max(events, kFewEvents); found == Departures::Found::too_many && events <= kMostEvents; most *= kMoreEvents) {
    most = Min(most, kMostEvents);
    if (few_contents(most, ranges)) break;
    found = departures.find(gone, whole_, most);
    if (most == kMostEvents) break;
  }
  return found;
}

void StoredParts::answer_from_contents() {
  close();
  keys_.clear();
  for (const int64 content : contents_of_creator(home_, snapshot_, key_.id)) keys_.append({ScopeKind::content, content});
}

void StoredParts::add_to(Sink& sink, const core::Span& range) {
  if (departures_ && !departures_->read(reader_, range, sink)) answer_from_contents();
  for (int64 i = departures_ ? 1 : 0; i < keys_.size(); i++) reader_.read(keys_[i], range, sink);
}

bool StoredParts::extent(TimestampTz* first, TimestampTz* last) {
  if (departures_ && !whole_.contains(core::Span{})) answer_from_contents();
  bool found = departures_ && departures_->edge({}, false, first) && departures_->edge({}, true, last);
  for (int64 i = departures_ ? 1 : 0; i < keys_.size(); i++) {
    TimestampTz from, to;
    if (!reader_.extent(keys_[i], &from, &to)) continue;
    *first = found ? Min(*first, from) : from;
    *last = found ? Max(*last, to) : to;
    found = true;
  }
  return found;
}

void StoredParts::find_other_days() {
  if (!departures_) return;
  for (const int64 day : departures_->days()) {
    const core::Span span{core::border_of(kDayLevel, day), core::border_of(kDayLevel, day + 1)};
    if (!whole_.meets(span)) continue;
    SummarySink sink;
    TimestampTz at;
    const bool any = departures_->edge(span, false, &at);
    if (any && !departures_->read(reader_, span, sink)) {
      other_days_.clear();
      answer_from_contents();
      return;
    }
    other_days_.append({day, any ? sink.finish() : 0});
  }
}

void StoredParts::close() {
  if (departures_) departures_->close();
  departures_ = nullptr;
}

}  // namespace ea::rollup
