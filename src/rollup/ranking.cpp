#include "rollup/ranking.hpp"

#include <algorithm>

#include "pg/index_scan.hpp"
#include "rollup/epoch.hpp"
#include "rollup/tables.hpp"
#include "rollup/tail.hpp"

namespace ea::rollup {

namespace {

constexpr int64 kLongTail = 20000;
constexpr double kBestScore = 100;
constexpr double kMostPoints = 40;       // that one event can bring

// A content with events beside its total, and how many.
struct Beside {
  int64 content;
  int64 events;
};

class BesideTotals {
 public:
  // False when the tail is too long to be read here.
  bool collect(const pg::Home& home, Snapshot snapshot) {
    TailFilter filter;
    filter.all = true;
    const Tail tail = read_tail(home, snapshot, watermark(snapshot), filter, kLongTail);
    if (!tail.complete) return false;
    for (int64 i = 0; i < tail.count; i++) add(tail.events[i].content, 1);
    pg::IndexScan scan;
    scan.open(tables().deltas, InvalidOid, snapshot);
    scan.equal_int2(deltas::scope, (int16)ScopeKind::content).start();
    bool null;
    while (scan.next())
      add(scan.int64_at(deltas::id), DatumGetInt32(scan.value(deltas::event_count, &null)));
    scan.close();
    std::sort(list_, list_ + count_, [](const Beside& a, const Beside& b) { return a.content < b.content; });
    int64 kept = 0;
    for (int64 i = 0; i < count_; i++) {
      if (kept > 0 && list_[kept - 1].content == list_[i].content)
        list_[kept - 1].events += list_[i].events;
      else
        list_[kept++] = list_[i];
    }
    count_ = kept;
    return true;
  }

  Beside* find(int64 content) const {
    Beside* place = std::lower_bound(list_, list_ + count_, content, [](const Beside& b, int64 id) { return b.content < id; });
    return place != list_ + count_ && place->content == content ? place : nullptr;
  }
  Beside* begin() const { return list_; }
  Beside* end() const { return list_ + count_; }

 private:
  void add(int64 content, int64 events) {
    if (count_ == room_) {
      room_ = room_ ? room_ * 2 : 256;
      const Size bytes = (Size)room_ * sizeof(Beside);
      list_ = static_cast<Beside*>(list_ ? repalloc_huge(list_, bytes) : palloc(bytes));
    }
    list_[count_++] = {content, events};
  }

  Beside* list_ = nullptr;
  int64 count_ = 0, room_ = 0;
};

}  // namespace

bool candidates_by_score(const pg::Home& home, int n, int64 min_views, Ids* candidates) {
  Snapshot snapshot = GetActiveSnapshot();
  BesideTotals beside;
  if (!beside.collect(home, snapshot)) return false;

  // Contents whose totals say all: the n best, straight from the index.
  int64 room = 0;
  double score = kBestScore;
  pg::IndexScan scan;
  scan.open(tables().totals, tables().totals_best, snapshot);
  scan.start();
  bool null;
  while (candidates->count < n && scan.next()) {
    CHECK_FOR_INTERRUPTS();
    score = DatumGetFloat8(scan.value(totals::score, &null));
    if (score <= 0) break;
    const int64 id = scan.int64_at(totals::id);
    if (scan.int64_at(totals::views) < min_views || beside.find(id) || !content_exists(home, snapshot, id)) continue;
    append(*candidates, room, id);
  }
  scan.close();
  if (candidates->count < n) return false;

  // The others, unless even the best events could not bring them up to the worst of those.
  scan.open(tables().totals, InvalidOid, snapshot);
  scan.equal_int2(totals::scope, (int16)ScopeKind::content).start();
  while (beside.begin() != beside.end() && scan.next()) {
    Beside* found = beside.find(scan.int64_at(totals::id));
    if (!found) continue;
    const int64 views = scan.int64_at(totals::views);
    const double stored = DatumGetFloat8(scan.value(totals::score, &null));
    const double best = views == 0 ? kBestScore : stored + kMostPoints * (double)found->events / (double)views;
    if (best * (1 + 1e-9) < score) found->events = 0;    // with room for rounding
  }
  scan.close();
  for (const Beside& b : beside)
    if (b.events > 0) append(*candidates, room, b.content);
  make_ascending(candidates);
  return true;
}

}  // namespace ea::rollup
