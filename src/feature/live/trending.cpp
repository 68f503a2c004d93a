// trending_content: what draws attention now, an event counting the less the older it is.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "ask/period.hpp"
#include "pg/barrier.hpp"
#include "pg/rows.hpp"
#include "store/contents.hpp"
#include "store/engagement_labels.hpp"
#include "store/epoch.hpp"
#include "store/events_between.hpp"
#include "store/raw_horizon.hpp"
#include "store/scope.hpp"
#include "store/span.hpp"
#include "store/stored_events.hpp"
#include "store/tail.hpp"

namespace {

using namespace ea;

// Through their index.
pg::Statement events_of_some(
    "/* explore_analytics: trending_content */ SELECT e.content_id, e.engagement_type, e.created_at FROM {s}.explore_engagements e"
    " WHERE " EA_IN_RANGE("$1", "$2") " AND e.content_id = ANY ($3)",
    {TIMESTAMPTZOID, TIMESTAMPTZOID, INT8ARRAYOID}, CURSOR_OPT_CUSTOM_PLAN);
pg::Statement titles(
    "/* explore_analytics: trending_content */ SELECT c.id, c.title FROM {s}.explore_content c WHERE c.id = ANY ($1)",
    {INT8ARRAYOID});

// In the order of core::Engagement; 0: not scored.
constexpr double kWeights[core::kEngagements] = {1, 3, 4, 3, -1, 2, 0, 0};

struct Score {
  int64 content;    // 0: an empty place
  double score, lost;    // what rounding took from the sum: in which order events lie must not show in its last digit

  void add(double points) {
    const double sum = score + points, part = sum - score;
    lost += (score - (sum - part)) + (points - part);
    score = sum;
  }
  bool operator<(const Score& other) const { return score != other.score ? score < other.score : content > other.content; }
};

// Scores by content: open addressing, at most half full.
class Scores {
  static constexpr uint64 kMix = 0x9E3779B97F4A7C15;    // 2^64 over the golden ratio: neighbours lie far apart

 public:
  Scores() : context_(CurrentMemoryContext), room_(1024), list_(make(room_)) {}

  void add(int64 content, double points) {
    Score& place = find(content);
    if (place.content == 0) {
      place.content = content;
      place.score = points;
      if (++count_ * 2 > room_) grow();
    } else {
      place.add(points);
    }
  }
  // All of them, the best one at the front of a heap.
  std::span<Score> heap() {
    Score* end = std::remove_if(list_, list_ + room_, [](const Score& s) { return s.content == 0; });
    for (Score* score = list_; score < end; score++) score->score += score->lost;
    std::make_heap(list_, end);
    return {list_, end};
  }

 private:
  Score* make(uint64 room) const {
    return static_cast<Score*>(MemoryContextAllocExtended(context_, room * sizeof(Score), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO));
  }
  Score& find(int64 content) const {
    uint64 at = ((uint64)content * kMix >> 32) & (room_ - 1);
    while (list_[at].content != 0 && list_[at].content != content) at = (at + 1) & (room_ - 1);
    return list_[at];
  }
  void grow() {
    Score* old = list_;
    const uint64 before = room_;
    room_ *= 2;
    list_ = make(room_);
    for (uint64 i = 0; i < before; i++)
      if (old[i].content != 0) find(old[i].content) = old[i];
    pfree(old);
  }

  MemoryContext context_;
  uint64 room_, count_ = 0;
  Score* list_;
};

// Events by the raw table, and those before its horizon by what the rollups have of each content, and what has come since.
class Events {
 public:
  Events(const pg::Home& home, const pg::Range& range, const rollup::AscendingIds* only)
      : home_(home), snapshot_(GetActiveSnapshot()), only_(only), raw_(range), stored_(range) {
    raw_.from = Max(range.from, rollup::raw_horizon(snapshot_));
    stored_.to = Min(range.to, raw_.from);
  }

  // Calls f(content, type, at) for each, in no order.
  template <class F>
  void for_each(pg::Query& query, F&& f) {
    if (raw_.from < raw_.to) each_raw(query, f);
    if (stored_.from < stored_.to) each_stored(f);
  }

 private:
  template <class F>
  void each_raw(pg::Query& query, F&& f) {
    const auto labelled = [&](int64 content, Datum label, TimestampTz at) {
      core::Engagement type;
      if (rollup::EngagementLabels::find(DatumGetObjectId(label), &type)) f(content, type, at);
    };
    if (only_) {
      query.each_row(events_of_some, pg::Parameters().range(raw_).add(rollup::id_array(*only_)), [&](TupleTableSlot* row) {
        slot_getallattrs(row);
        labelled(DatumGetInt64(row->tts_values[0]), row->tts_values[1], DatumGetTimestampTz(row->tts_values[2]));
      });
      return;
    }
    namespace events = access::events;
    rollup::EventsBetween(home_, snapshot_, raw_).for_each([&](const pg::BlockScan& event) {
      bool null;
      labelled(event.int64_at(events::content_id), event.value(events::type, &null), event.int64_at(events::created_at));
    });
  }

  template <class F>
  void each_stored(F&& f) {
    rollup::TailFilter filter;
    filter.all = only_ == nullptr;
    if (only_) filter.contents = only_->begin(), filter.count = (int)only_->size();
    filter.range = rollup::span_of(stored_);
    const rollup::Tail tail = rollup::read_tail(home_, snapshot_, rollup::watermark(snapshot_), filter, PG_INT64_MAX);
    for (int64 i = 0; i < tail.count; i++) f(tail.events[i].content, tail.events[i].event.event.type, tail.events[i].event.at);

    const rollup::AscendingIds stored = only_ ? *only_ : rollup::stored_ids(snapshot_, rollup::ScopeKind::content);
    rollup::StoredEvents events(snapshot_);
    for (const int64 content : stored) {
      CHECK_FOR_INTERRUPTS();
      events.for_each({rollup::ScopeKind::content, content}, rollup::span_of(stored_), [&](const core::TimedEvent& e) { f(content, e.event.type, e.at); });
    }
    events.close();
  }

  const pg::Home& home_;
  Snapshot snapshot_;
  const rollup::AscendingIds* only_;
  pg::Range raw_, stored_;
};

// The best, as many of them as have a row. Where many have none, twice as many are looked up each time.
void add_best(pg::Rows& rows, pg::Query& query, std::span<Score> heap, int n) {
  int64 rank = 0;
  uint64 asked = 0;
  while (!heap.empty() && rank < n) {
    const uint64 portion = Min(heap.size(), Max((uint64)(n - rank), asked));
    asked += portion;
    rollup::AscendingIds ids;
    for (uint64 i = 0; i < portion; i++) {
      std::pop_heap(heap.data(), heap.data() + heap.size() - i);
      ids.append(heap[heap.size() - 1 - i].content);
    }
    rollup::make_ascending(&ids);
    const uint64 found = query.read(titles, pg::Parameters().add(rollup::id_array(ids)));
    struct Title { int64 content; uint64 row; };
    pg::Array<Title> by_content;
    for (uint64 row = 0; row < found; row++) by_content.append({query.int64_at(row, 1), row});
    const auto before = [](const Title& a, const Title& b) { return a.content < b.content; };
    std::sort(by_content.begin(), by_content.end(), before);
    for (uint64 i = 0; i < portion && rank < n; i++) {
      const Score& best = heap[heap.size() - 1 - i];
      const Title* title = std::lower_bound(by_content.begin(), by_content.end(), Title{best.content, 0}, before);
      if (title == by_content.end() || title->content != best.content) continue;
      rows.int64_value(++rank).int64_value(best.content)
          .add(!query.is_null(title->row, 2), query.value(title->row, 2))
          .float8_value(best.score).end_row();
    }
    heap = heap.first(heap.size() - portion);
  }
}

}  // namespace

EA_FUNCTION(ea_trending_content) {
  const pg::Home home = access::installed_home(fcinfo);
  const int64 within = pg::span_argument(fcinfo, 0, USECS_PER_DAY, "within");
  const double half_life = (double)pg::span_argument(fcinfo, 1, 6 * USECS_PER_HOUR, "half_life");
  const int32 n = PG_ARGISNULL(2) ? 20 : PG_GETARG_INT32(2);
  if (n <= 0)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "n must be positive, not %d", n),
                            "It is the number of rows wanted."));
  const rollup::Moment as_of = rollup::as_of_argument(fcinfo, 3);
  const pg::Range range{rollup::before(as_of.at, within), as_of.end()};
  const pg::Optional<int64> me = access::restricted_to(home);
  rollup::AscendingIds own;
  if (me.given) own = rollup::contents_of_creator(home, GetActiveSnapshot(), me.value);
  pg::Rows rows(fcinfo);
  pg::Query query(home);
  Scores scores;
  Events(home, range, me.given ? &own : nullptr).for_each(query, [&](int64 content, core::Engagement type, TimestampTz at) {
    if (const double weight = kWeights[(int)type]; weight != 0) scores.add(content, weight * std::exp2((double)(at - as_of.at) / half_life));
  });
  add_best(rows, query, scores.heap(), n);
  query.finish();
  return (Datum)0;
}
