#include "ask/departures.hpp"

#include <algorithm>

#include "core/tree/bucket_parts.hpp"
#include "core/tree/event_log.hpp"
#include "core/value/summary_format.hpp"
#include "pg/memory.hpp"

namespace ea::rollup {

namespace {

core::TimedEvents all(const pg::Array<core::TimedEvent>& events) { return {events.begin(), (size_t)events.size()}; }

core::TimedEvents within(core::TimedEvents events, const core::Span& range) {
  const auto first = std::partition_point(events.begin(), events.end(), [&](const core::TimedEvent& e) { return e.at < range.from; });
  const auto end = std::partition_point(first, events.end(), [&](const core::TimedEvent& e) { return e.at < range.to; });
  return events.subspan((size_t)(first - events.begin()), (size_t)(end - first));
}

core::Span meet(const core::Span& a, const core::Span& b) { return {Max(a.from, b.from), Min(a.to, b.to)}; }

}  // namespace

Departures::Departures(Snapshot snapshot, const Key& creator)
    : snapshot_(snapshot), key_(creator), outside_(CurrentMemoryContext),
      context_(AllocSetContextCreate(CurrentMemoryContext, "explore_analytics departures", ALLOCSET_DEFAULT_SIZES)) {}

void Departures::open() {
  if (stored_) return;
  MemoryContext inside = MemoryContextSwitchTo(outside_);
  totals_.open(tables().totals, tables().totals_key, snapshot_);
  buckets_.open(tables().buckets, tables().buckets_key, snapshot_);
  stored_ = new (palloc(sizeof(StoredEvents))) StoredEvents(snapshot_);
  MemoryContextSwitchTo(inside);
}

void Departures::close() {
  if (keeps_ && has_learnt_) keep_facts(origin_, facts_);
  if (stored_) {
    stored_->close();
    totals_.close();
    buckets_.close();
  }
  MemoryContextDelete(context_);
}

bool Departures::recall(const CreatorMoves& moves) {
  origin_ = {rollup_version(snapshot_), key_.id, moves.came, moves.gone};
  keeps_ = recall_facts(origin_, &facts_);
  return keeps_;
}

Departures::Found Departures::find_to_keep(const AscendingIds& contents) {
  const Found found = find(contents, {}, kMostKept);
  keeps_ = has_learnt_ = found == Found::all;
  return found;
}

Departures::Found Departures::find(const AscendingIds& contents, const core::Span& whole, int64 most) {
  open();
  facts_.leaving.clear();
  facts_.list.clear();
  bool few = true;
  for (int64 i = 0; few && i < contents.size(); i++)
    stored_->for_each({ScopeKind::content, contents[i]}, whole, [&](const core::TimedEvent& e) {
      few = few && facts_.leaving.size() < most;
      if (few)
        facts_.leaving.append(e);
      else
        stored_->stop();
    });
  if (!few) return Found::too_many;
  std::sort(facts_.leaving.begin(), facts_.leaving.end());
  for (const core::TimedEvent& e : facts_.leaving) facts_.list.append(DepartureFact::nothing_of(e));
  return facts_.leaving.empty() || all_held() ? Found::all : Found::not_held;
}

// An event is in a delta of the content's and in a bucket of the creator's, or the other way round: equal ones are the same.
void Departures::split() {
  if (is_split_) return;
  is_split_ = true;
  open();
  MemoryContext inside = MemoryContextSwitchTo(outside_);
  pg::Array<core::TimedEvent> equal;
  stored_->each_delta(key_, {}, [&](const core::TimedEvent& e) {
    has_deltas_ = true;
    if (std::binary_search(facts_.leaving.begin(), facts_.leaving.end(), e)) equal.append(e);
  });
  std::sort(equal.begin(), equal.end());
  const core::TimedEvent* next = equal.begin();
  for (const core::TimedEvent& e : facts_.leaving) {
    while (next != equal.end() && *next < e) next++;
    const bool in_delta = next != equal.end() && *next == e;
    (in_delta ? in_deltas_ : in_buckets_).append(e);
    if (in_delta) next++;
  }
  equal.release();
  MemoryContextSwitchTo(inside);
}

int64 Departures::count(const core::Span& range) const { return (int64)within(all(facts_.leaving), range).size(); }

// Counters are subtracted unseen: of an event that is not there they would be too small.
bool Departures::all_held() {
  split();
  if (in_buckets_.empty()) return true;
  totals_.equal(totals::key::id, key_.id).equal_int2(totals::key::scope, (int16)key_.scope).start();
  if (!totals_.next()) return false;
  bool null;
  const Datum log = totals_.value(totals::events, &null);
  return null ? held_in_buckets(all(in_buckets_)) : held_in_log(log, all(in_buckets_));
}

// In the one log on the way down to each. What is above is not looked at: the search begins on the level of the log before,
// where most are found, and goes on from there.
bool Departures::held_in_buckets(core::TimedEvents leaving) {
  int level = core::kLevels / 2;
  while (!leaving.empty()) {
    CHECK_FOR_INTERRUPTS();
    const TimestampTz at = leaving.front().at;
    size_t held = 0;
    for (int above = 0, below = core::kLevels; held == 0;) {
      if (above + 1 == below) return false;
      level = std::clamp(level, above + 1, below - 1);
      start_buckets(buckets_, key_, level, {at, at + 1});
      if (!buckets_.next()) {
        below = level--;
        continue;
      }
      bool null;
      const Datum log = buckets_.value(buckets::events, &null);
      if (null) {
        above = level++;
        continue;
      }
      const core::TimedEvents mine = within(leaving, core::span_of({level, core::bucket_number(level, at)}));
      if (!held_in_log(log, mine)) return false;
      held = mine.size();
    }
    leaving = leaving.subspan(held);
  }
  return true;
}

bool Departures::held_in_log(Datum log, core::TimedEvents leaving) {
  auto next = leaving.begin();
  struct varlena* flat = PG_DETOAST_DATUM_PACKED(log);
  core::for_each_event(pg::bytes_of(flat), leaving.front().at, leaving.back().at + 1, [&](const core::TimedEvent& e) {
    if (next != leaving.end() && *next == e) ++next;
  });
  if (flat != (struct varlena*)DatumGetPointer(log)) pfree(flat);
  return next == leaving.end();
}

AscendingIds Departures::days() const {
  AscendingIds days;
  for (const core::TimedEvent& e : facts_.leaving) {
    const int64 day = core::floor_divide(e.at, core::kDay);
    if (days.empty() || days[days.size() - 1] != day) days.append(day);
  }
  return days;
}

bool Departures::read(Reader& reader, const core::Span& range, Sink& sink) {
  const core::TimedEvents leaving = within(all(facts_.leaving), range);
  if (leaving.empty()) {
    reader.read(key_, range, sink);
    return true;
  }
  MemoryContext outside = MemoryContextSwitchTo(context_);
  const bool read = take_from(reader, range, leaving, sink);
  MemoryContextSwitchTo(outside);
  MemoryContextReset(context_);
  return read;
}

bool Departures::take_from(Reader& reader, const core::Span& range, core::TimedEvents leaving, Sink& sink) {
  const AscendingIds lost = find_lost(range, leaving);
  SummarySink own;
  reader.read(key_, range, own);
  try {
    own.take_out(core::counters_of(leaving), lost);
  } catch (const core::Error& error) {
    if (error.code() != core::Errc::inconsistent) throw;
    return false;
  }
  sink.summary(own.finish());
  return true;
}

core::TimedEvents Departures::left_in_deltas(const core::Span& range) {
  pg::Array<core::TimedEvent> left;
  split();
  if (!has_deltas_) return {};
  stored_->each_delta(key_, range, [&](const core::TimedEvent& e) { left.append(e); });
  std::sort(left.begin(), left.end());
  const core::TimedEvents leaving = within(all(in_deltas_), range);
  left.shorten(core::without(left.begin(), left.end(), leaving) - left.begin());
  return all(left);
}

Departures::Viewers::Viewers(core::TimedEvents leaving) {
  for (const core::TimedEvent& e : leaving)
    if (e.event.counts_viewer()) ids.append(e.event.viewer);
  make_ascending(&ids);
  unknown = ids.size();
  const Size room = (Size)Max(ids.size(), 1);
  state = static_cast<State*>(palloc0(room * sizeof(State)));
  other = static_cast<core::Span*>(palloc0(room * sizeof(core::Span)));
  seen = static_cast<int64*>(palloc0(room * sizeof(int64)));
}

int64 Departures::Viewers::place_of(int64 id) const {
  const int64* place = std::lower_bound(ids.begin(), ids.end(), id);
  return place != ids.end() && *place == id ? place - ids.begin() : -1;
}

void Departures::Viewers::settle(int64 place, State known, const core::Span& where) {
  if (place < 0 || state[place] != State::unknown) return;
  state[place] = known;
  other[place] = where;
  unknown--;
}

void Departures::Viewers::stays_by(const core::TimedEvent& e) {
  if (e.event.counts_viewer()) settle(place_of(e.event.viewer), State::stays, {e.at, e.at + 1});
}

AscendingIds Departures::find_lost(const core::Span& range, core::TimedEvents leaving) {
  AscendingIds lost;
  Viewers viewers(leaving);
  ask_facts(range, leaving, viewers);
  if (viewers.unknown > 0) {
    for (const core::TimedEvent& e : left_in_deltas(range)) viewers.stays_by(e);
    if (viewers.unknown > 0) look_in_tree(range, viewers);
    note_facts(range, leaving, viewers);
  }
  for (int64 i = 0; i < viewers.ids.size(); i++)
    if (viewers.state[i] != Viewers::State::stays) lost.append(viewers.ids[i]);
  return lost;
}

void Departures::ask_facts(const core::Span& range, core::TimedEvents leaving, Viewers& viewers) const {
  const DepartureFact* fact = facts_.list.begin() + (leaving.data() - facts_.leaving.begin());
  for (const core::TimedEvent& e : leaving) {
    if (e.event.counts_viewer() && fact->stays_in(range)) viewers.settle(viewers.place_of(e.event.viewer), Viewers::State::stays);
    if (e.event.counts_viewer() && fact->lost_in(range)) viewers.settle(viewers.place_of(e.event.viewer), Viewers::State::lost);
    fact++;
  }
}

void Departures::note_facts(const core::Span& range, core::TimedEvents leaving, const Viewers& viewers) {
  DepartureFact* fact = facts_.list.begin() + (leaving.data() - facts_.leaving.begin());
  for (const core::TimedEvent& e : leaving) {
    const int64 place = e.event.counts_viewer() ? viewers.place_of(e.event.viewer) : -1;
    if (place >= 0 && viewers.state[place] == Viewers::State::stays)
      fact->note_other(e.at, viewers.other[place]);
    else if (place >= 0)
      fact->note_none(range);
    fact++;
  }
  has_learnt_ = true;
}

// Level by level, so that most are found in the sets of larger buckets: further down only where a view leaves of somebody of
// whom no other was found, and where the range cuts.
void Departures::look_in_tree(const core::Span& range, Viewers& viewers) {
  totals_.equal(totals::key::id, key_.id).equal_int2(totals::key::scope, (int16)key_.scope).start();
  if (!totals_.next()) return;
  bool null;
  const Datum log = totals_.value(totals::events, &null);
  if (!null) {
    look_in_log(log, range, viewers);
    return;
  }
  pg::Array<core::Bucket> buckets, below;
  buckets.append({0, 0});
  while (!buckets.empty() && viewers.unknown > 0) {
    below.clear();
    for (const core::Bucket& bucket : buckets) look_below(bucket, range, viewers, &below);
    std::swap(buckets, below);
  }
}

void Departures::look_below(const core::Bucket& bucket, const core::Span& range, Viewers& viewers, pg::Array<core::Bucket>* cut) {
  CHECK_FOR_INTERRUPTS();
  const core::Span inside = meet(core::span_of(bucket), range);
  const core::TimedEvents leaving = within(all(in_buckets_), inside);
  // About whom the buckets below can tell more: of a bucket whose set was looked at, those of whom a view leaves there. Nobody
  // has looked at the set of all time: somebody's view may leave a delta, while another one is in a bucket.
  pg::Array<int64> asked, elsewhere;
  viewers.look++;
  const auto ask = [&](int64 place) {
    if (place < 0 || viewers.state[place] != Viewers::State::unknown || viewers.seen[place] == viewers.look) return;
    viewers.seen[place] = viewers.look;
    asked.append(place);
  };
  if (bucket.level > 0 && range.contains(core::span_of(bucket)))
    for (const core::TimedEvent& e : leaving) ask(e.event.counts_viewer() ? viewers.place_of(e.event.viewer) : -1);
  else
    for (int64 i = 0; i < viewers.ids.size(); i++) ask(i);
  if (asked.empty()) return;
  const int level = core::level_below(bucket);
  start_buckets(buckets_, key_, level, inside);
  while (buckets_.next()) {
    const core::Bucket child{level, buckets_.int64_at(buckets::number)};
    const core::Span part = meet(core::span_of(child), range);
    bool null;
    const Datum log = buckets_.value(buckets::events, &null);
    if (!null) {
      look_in_log(log, part, viewers);
      continue;
    }
    if (!range.contains(core::span_of(child))) {
      cut->append(child);
      continue;
    }
    viewers.look++;
    bool further = false;
    for (const core::TimedEvent& e : within(leaving, part)) {
      const int64 place = e.event.counts_viewer() ? viewers.place_of(e.event.viewer) : -1;
      if (place < 0 || viewers.state[place] != Viewers::State::unknown) continue;
      viewers.seen[place] = viewers.look;
      further = true;
    }
    elsewhere.clear();
    for (const int64 place : asked)
      if (viewers.state[place] == Viewers::State::unknown && viewers.seen[place] != viewers.look) elsewhere.append(place);
    if (!elsewhere.empty()) look_in_summary(buckets_.value(buckets::summary, &null), core::span_of(child), elsewhere, viewers);
    if (further) cut->append(child);
  }
  asked.release();
  elsewhere.release();
}

void Departures::look_in_log(Datum log, const core::Span& range, Viewers& viewers) {
  const core::TimedEvents leaving = within(all(in_buckets_), range);
  auto next = leaving.begin();
  struct varlena* flat = PG_DETOAST_DATUM_PACKED(log);
  core::for_each_event(pg::bytes_of(flat), range.from, range.to, [&](const core::TimedEvent& e) {
    if (next != leaving.end() && *next == e)
      ++next;
    else
      viewers.stays_by(e);
  });
  if (flat != (struct varlena*)DatumGetPointer(log)) pfree(flat);
}

void Departures::look_in_summary(Datum summary, const core::Span& span, const pg::Array<int64>& asked, Viewers& viewers) {
  struct varlena* flat = PG_DETOAST_DATUM_PACKED(summary);
  const core::CanonicalSummary stored = core::read_canonical(pg::bytes_of(flat));
  if (stored.header.unique_viewers > 0) {
    pg::Resource memory(CurrentMemoryContext);
    const core::ViewerSet set = core::ViewerSet::read_payload(stored.viewers, &memory);
    for (const int64 place : asked)
      if (set.contains(viewers.ids[place])) viewers.settle(place, Viewers::State::stays, span);
  }
  if (flat != (struct varlena*)DatumGetPointer(summary)) pfree(flat);
}

bool Departures::edge_of_log(Datum log, const core::Span& range, bool last, TimestampTz* at) const {
  pg::Array<core::TimedEvent> left;
  struct varlena* flat = PG_DETOAST_DATUM_PACKED(log);
  core::for_each_event(pg::bytes_of(flat), range.from, range.to, [&](const core::TimedEvent& e) { left.append(e); });
  left.shorten(core::without(left.begin(), left.end(), within(all(in_buckets_), range)) - left.begin());
  if (!left.empty()) *at = left[last ? left.size() - 1 : 0].at;
  return !left.empty();
}

// From one side to the other: what is looked at in vain holds nothing but events that leave.
bool Departures::edge_below(const core::Bucket& bucket, const core::Span& range, bool last, TimestampTz* at) {
  CHECK_FOR_INTERRUPTS();
  const int level = core::level_below(bucket);
  pg::Array<int64> numbers;
  start_buckets(buckets_, key_, level, meet(core::span_of(bucket), range));
  while (buckets_.next()) numbers.append(buckets_.int64_at(buckets::number));
  if (last) std::reverse(numbers.begin(), numbers.end());
  for (const int64 number : numbers) {
    const core::Bucket child{level, number};
    const core::Span part = meet(core::span_of(child), range);
    start_buckets(buckets_, key_, level, part);
    if (!buckets_.next()) continue;
    bool null;
    const Datum log = buckets_.value(buckets::events, &null);
    if (null ? edge_below(child, range, last, at) : edge_of_log(log, part, last, at)) return true;
  }
  return false;
}

bool Departures::edge(const core::Span& range, bool last, TimestampTz* at) {
  MemoryContext outside = MemoryContextSwitchTo(context_);
  const bool found = find_edge(range, last, at);
  MemoryContextSwitchTo(outside);
  MemoryContextReset(context_);
  return found;
}

bool Departures::find_edge(const core::Span& range, bool last, TimestampTz* at) {
  split();
  bool found = false, null;
  totals_.equal(totals::key::id, key_.id).equal_int2(totals::key::scope, (int16)key_.scope).start();
  if (totals_.next()) {
    const Datum log = totals_.value(totals::events, &null);
    found = null ? edge_below({0, 0}, range, last, at) : edge_of_log(log, range, last, at);
  }
  const core::TimedEvents beside = left_in_deltas(range);
  if (beside.empty()) return found;
  const TimestampTz other = last ? beside.back().at : beside.front().at;
  *at = !found ? other : last ? Max(*at, other) : Min(*at, other);
  return true;
}

}  // namespace ea::rollup
