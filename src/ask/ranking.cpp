#include "ask/ranking.hpp"

#include <algorithm>

#include "store/deltas.hpp"
#include "store/epoch.hpp"
#include "store/tail.hpp"

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
    for (int64 i = 0; i < tail.count; i++) list_.append({tail.events[i].content, 1});
    each_delta_of(snapshot, ScopeKind::content, kAllEpochs, [&](const DeltaLog& log) {
      list_.append({log.id, (int64)core::EventLogReader(log.log).count()});
      return true;
    });
    std::sort(list_.begin(), list_.end(), [](const Beside& a, const Beside& b) { return a.content < b.content; });
    int64 kept = 0;
    for (const Beside& beside : list_) {
      if (kept > 0 && list_[kept - 1].content == beside.content)
        list_[kept - 1].events += beside.events;
      else
        list_[kept++] = beside;
    }
    list_.shorten(kept);
    return true;
  }

  Beside* find(int64 content) {
    Beside* place = std::lower_bound(list_.begin(), list_.end(), content, [](const Beside& b, int64 id) { return b.content < id; });
    return place != list_.end() && place->content == content ? place : nullptr;
  }
  pg::Array<Beside>& list() { return list_; }

 private:
  pg::Array<Beside> list_;
};

}  // namespace

bool candidates_by_score(const pg::Home& home, int n, int64 min_views, AscendingIds* candidates) {
  Snapshot snapshot = GetActiveSnapshot();
  BesideTotals beside;
  if (!beside.collect(home, snapshot)) return false;

  // Contents whose totals say all: the n best, straight from the index.
  double score = kBestScore;
  pg::IndexScan scan;
  scan.open(tables().totals, tables().totals_best, snapshot);
  scan.start();
  bool null;
  while (candidates->size() < n && scan.next()) {
    CHECK_FOR_INTERRUPTS();
    score = DatumGetFloat8(scan.value(totals::score, &null));
    if (score <= 0) break;
    const int64 id = scan.int64_at(totals::id);
    if (scan.int64_at(totals::views) < min_views || beside.find(id) || !content_exists(home, snapshot, id)) continue;
    candidates->append(id);
  }
  scan.close();
  if (candidates->size() < n) return false;

  // The others, unless even the best events could not bring them up to the worst of those.
  scan.open(tables().totals, tables().totals_key, snapshot);
  for (Beside& b : beside.list()) {
    scan.equal(totals::key::id, b.content).equal_int2(totals::key::scope, (int16)ScopeKind::content).start();
    if (!scan.next()) continue;
    const int64 views = scan.int64_at(totals::views);
    const double stored = DatumGetFloat8(scan.value(totals::score, &null));
    const double best = views == 0 ? kBestScore : stored + kMostPoints * (double)b.events / (double)views;
    if (best * (1 + 1e-9) < score) b.events = 0;    // with room for rounding
  }
  scan.close();
  for (const Beside& b : beside.list())
    if (b.events > 0) candidates->append(b.content);
  make_ascending(candidates);
  return true;
}

}  // namespace ea::rollup
