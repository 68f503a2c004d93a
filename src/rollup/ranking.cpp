#include "rollup/ranking.hpp"

#include <algorithm>

#include "pg/index_scan.hpp"
#include "rollup/many_contents.hpp"

namespace ea::rollup {

namespace {

constexpr int64 kTooManyBeside = 5000;

}  // namespace

bool candidates_by_score(const pg::Home& home, int n, int64 min_views, Ids* candidates) {
  Snapshot snapshot = GetActiveSnapshot();
  // Contents whose totals are not all of them are candidates whatever the index says.
  if (!contents_beside_totals(home, snapshot, kTooManyBeside, candidates)) return false;
  const Ids beside = *candidates;
  Ids best;
  int64 room = 0;
  pg::IndexScan scan;
  scan.open(tables().totals, tables().totals_best, snapshot);
  scan.start();
  bool positive = true;
  while (positive && best.count < n && scan.next()) {
    CHECK_FOR_INTERRUPTS();
    bool null;
    positive = DatumGetFloat8(scan.value(totals::score, &null)) > 0;
    const int64 id = scan.int64_at(totals::id);
    if (!positive || scan.int64_at(totals::views) < min_views) continue;
    if (std::binary_search(beside.ids, beside.ids + beside.count, id) || !content_exists(home, snapshot, id)) continue;
    append(best, room, id);
  }
  scan.close();
  if (best.count < n) return false;
  room = candidates->count;
  for (int i = 0; i < best.count; i++) append(*candidates, room, best.ids[i]);
  make_ascending(candidates);
  return true;
}

}  // namespace ea::rollup
