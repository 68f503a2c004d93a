#include "store/contents.hpp"

#include <algorithm>

#include "access/raw_tables.hpp"
#include "pg/ascending.hpp"
#include "pg/index_scan.hpp"
#include "store/tables.hpp"

namespace ea::rollup {

namespace content = access::content;

void make_ascending(AscendingIds* list) {
  std::sort(list->begin(), list->end());
  list->shorten(std::unique(list->begin(), list->end()) - list->begin());
}

bool content_exists(const pg::Home& home, Snapshot snapshot, int64 id) {
  pg::IndexScan scan;
  scan.open_by(access::content_table(home), content::id, snapshot);
  scan.equal(scan.key(content::id), id).start();
  const bool found = scan.next();
  scan.close();
  return found;
}

Datum id_array(const AscendingIds& ids) {
  Datum* values = static_cast<Datum*>(palloc(sizeof(Datum) * Max(ids.size(), 1)));
  for (int64 i = 0; i < ids.size(); i++) values[i] = Int64GetDatum(ids[i]);
  return PointerGetDatum(construct_array(values, (int)ids.size(), INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

AscendingIds sorted_ids(Datum array) {
  Datum* values;
  bool* nulls;
  int count;
  deconstruct_array(DatumGetArrayTypeP(array), INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &values, &nulls, &count);
  AscendingIds result;
  for (int i = 0; i < count; i++)
    if (!nulls[i]) result.append(DatumGetInt64(values[i]));
  make_ascending(&result);
  return result;
}

AscendingIds contents_of_creator(const pg::Home& home, Snapshot snapshot, int64 creator, int64 most) {
  pg::IndexScan scan;
  scan.open_by(access::content_table(home), content::creator_id, snapshot);
  scan.equal(scan.key(content::creator_id), creator).start();
  AscendingIds result;
  while (result.size() <= most && scan.next()) result.append(scan.int64_at(content::id));
  scan.close();
  make_ascending(&result);
  return result;
}

int64 Owners::creator_of(int64 content) const {
  const Owned* place = std::lower_bound(list.begin(), list.end(), content, [](const Owned& o, int64 id) { return o.content < id; });
  return place != list.end() && place->content == content ? place->creator : 0;
}

// What this costs depends on the contents that are asked for, and not on those that there are.
Owners owners_of(const pg::Home& home, Snapshot snapshot, const AscendingIds& contents) {
  Owners result;
  pg::IndexScan scan;
  scan.open_by(access::content_table(home), content::id, snapshot);
  if (!scan.index()) {
    scan.start();
    while (scan.next()) {
      CHECK_FOR_INTERRUPTS();
      const int64 id = scan.int64_at(content::id);
      if (std::binary_search(contents.begin(), contents.end(), id)) result.list.append({id, scan.int64_at(content::creator_id)});
    }
    scan.close();
    std::sort(result.list.begin(), result.list.end(), [](const Owned& a, const Owned& b) { return a.content < b.content; });
    return result;
  }
  pg::Ascending rows(scan, content::id);
  for (const int64 id : contents) {
    CHECK_FOR_INTERRUPTS();
    if (rows.seek(id) && rows.at(id)) result.list.append({id, scan.int64_at(content::creator_id)});
  }
  scan.close();
  return result;
}

AscendingIds all_creators_known(const pg::Home& home, Snapshot snapshot) {
  AscendingIds result;
  pg::IndexScan scan;
  scan.open(access::content_table(home), snapshot);
  scan.start();
  while (scan.next()) result.append(scan.int64_at(content::creator_id));
  scan.close();
  scan.open(tables().totals, snapshot);
  scan.equal_int2(totals::scope, (int16)ScopeKind::creator).start();
  while (scan.next()) result.append(scan.int64_at(totals::id));
  scan.close();
  make_ascending(&result);
  return result;
}

AscendingIds changed_creators(const pg::Home& home, Snapshot snapshot) {
  AscendingIds result;
  pg::IndexScan scan;
  scan.open(tables().changes, snapshot);
  scan.start();
  while (scan.next()) result.append(scan.int64_at(changes::creator_id));
  scan.close();
  make_ascending(&result);
  if (!result.empty() && result[0] == 0) result = all_creators_known(home, snapshot);    // 0: all
  return result;
}

AscendingIds stored_ids(Snapshot snapshot, ScopeKind scope) {
  AscendingIds result;
  pg::IndexScan scan;
  scan.open(tables().totals, snapshot);
  scan.equal_int2(totals::scope, (int16)scope).start();
  while (scan.next()) result.append(scan.int64_at(totals::id));
  scan.close();
  std::sort(result.begin(), result.end());
  return result;
}

bool has_older_layout(Snapshot snapshot) {
  pg::IndexScan scan;
  scan.open(tables().state, snapshot);
  scan.start();
  const bool older = scan.next() && scan.int32_at(state::layout_version) < kNewestLayout;
  scan.close();
  return older;
}

namespace {

// What is noted of a creator: its contents, ascending, once for each note. False when all creators are noted.
bool noted_contents(Snapshot snapshot, int64 creator, pg::Array<int64>* contents) {
  pg::IndexScan scan;
  scan.open(tables().changes, tables().changes_key, snapshot);
  scan.equal(1, 0).start();
  const bool all = scan.next();
  scan.equal(1, creator).start();
  while (!all && scan.next()) contents->append(scan.int64_at(changes::content_id));
  scan.close();
  std::sort(contents->begin(), contents->end());
  return !all;
}

// Of which an odd number of notes tells that they came or went (keep/creator_changes.cpp), or any of an older library, and
// something is stored.
AscendingIds moved_contents(Snapshot snapshot, const pg::Array<int64>& noted) {
  AscendingIds moved;
  if (noted.empty()) return moved;
  const bool any = has_older_layout(snapshot);
  pg::IndexScan scan;
  scan.open(tables().totals, tables().totals_key, snapshot);
  for (int64 i = 0, end; i < noted.size(); i = end) {
    for (end = i; end < noted.size() && noted[end] == noted[i];) end++;
    if ((end - i) % 2 == 0 && !any) continue;
    scan.equal(totals::key::id, noted[i]).equal_int2(totals::key::scope, (int16)ScopeKind::content).start();
    if (scan.next()) moved.append(noted[i]);
  }
  scan.close();
  return moved;
}

}  // namespace

CreatorMoves moves_of_creator(const pg::Home& home, Snapshot snapshot, int64 creator) {
  CreatorMoves moves;
  pg::Array<int64> noted;
  moves.known = noted_contents(snapshot, creator, &noted);
  if (!moves.known) return moves;
  const AscendingIds moved = moved_contents(snapshot, noted);
  if (moved.empty()) return moves;
  moves.known = !has_older_layout(snapshot);
  const Owners owners = owners_of(home, snapshot, moved);
  for (const int64 content : moved) (owners.creator_of(content) == creator ? moves.came : moves.gone).append(content);
  return moves;
}

bool changes_wait(Snapshot snapshot) {
  constexpr int kManyNotes = 1000;
  int notes = 0;
  bool wait = false;
  pg::IndexScan scan, stored;
  scan.open(tables().changes, snapshot);
  stored.open(tables().totals, tables().totals_key, snapshot);
  scan.start();
  while (!wait && scan.next()) {
    stored.equal(totals::key::id, scan.int64_at(changes::content_id)).equal_int2(totals::key::scope, (int16)ScopeKind::content).start();
    wait = ++notes == kManyNotes || scan.int64_at(changes::creator_id) == 0 || stored.next();
  }
  scan.close();
  stored.close();
  return wait;
}

}  // namespace ea::rollup
