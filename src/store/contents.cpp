#include "store/contents.hpp"

#include <algorithm>

#include "access/raw_tables.hpp"
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

// One by one in the order of the index, so that neighbours are on the page that was read last: what this costs depends on
// the contents that are asked for, and not on those that there are.
Owners owners_of(const pg::Home& home, Snapshot snapshot, const AscendingIds& contents) {
  Owners result;
  pg::IndexScan scan;
  scan.open_by(access::content_table(home), content::id, snapshot);
  for (const int64 id : contents) {
    CHECK_FOR_INTERRUPTS();
    scan.equal(scan.key(content::id), id).start();
    if (scan.next()) result.list.append({id, scan.int64_at(content::creator_id)});
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

bool creator_changed(Snapshot snapshot, int64 creator) {
  const Tables& t = tables();
  pg::IndexScan scan;
  scan.open(t.changes, t.changes_key, snapshot);
  bool changed = false;
  // 0 stands for all creators.
  for (const int64 id : {creator, (int64)0}) {
    scan.equal(1, id).start();
    changed = changed || scan.next();
  }
  scan.close();
  return changed;
}

}  // namespace ea::rollup
