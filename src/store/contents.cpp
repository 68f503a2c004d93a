#include "store/contents.hpp"

#include <algorithm>

#include "pg/index_scan.hpp"
#include "store/tables.hpp"

namespace ea::rollup {

namespace {

struct ContentTable {
  Relation table;
  AttrNumber id, creator;

  explicit ContentTable(const pg::Home& home) {
    const Oid oid = get_relname_relid("explore_content", home.schema);
    table = table_open(oid, AccessShareLock);
    id = get_attnum(oid, "id");
    creator = get_attnum(oid, "creator_id");
  }
};

// A scan of the rows with column = value, through an index if there is one.
void scan_equal(pg::IndexScan& scan, Relation table, Snapshot snapshot, AttrNumber column, int64 value) {
  const Oid index = pg::find_index(table, {column});
  scan.open(table, index, snapshot);
  scan.equal(OidIsValid(index) ? 1 : column, value).start();
}

}  // namespace

void make_ascending(Ids* list) {
  std::sort(list->begin(), list->end());
  list->shorten(std::unique(list->begin(), list->end()) - list->begin());
}

bool content_exists(const pg::Home& home, Snapshot snapshot, int64 content) {
  const ContentTable contents(home);
  pg::IndexScan scan;
  scan_equal(scan, contents.table, snapshot, contents.id, content);
  const bool found = scan.next();
  scan.close();
  table_close(contents.table, AccessShareLock);
  return found;
}

Datum id_array(const Ids& ids) {
  Datum* values = static_cast<Datum*>(palloc(sizeof(Datum) * Max(ids.size(), 1)));
  for (int64 i = 0; i < ids.size(); i++) values[i] = Int64GetDatum(ids[i]);
  return PointerGetDatum(construct_array(values, (int)ids.size(), INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

Ids sorted_ids(Datum array) {
  Datum* values;
  bool* nulls;
  int count;
  deconstruct_array(DatumGetArrayTypeP(array), INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &values, &nulls, &count);
  Ids result;
  for (int i = 0; i < count; i++)
    if (!nulls[i]) result.append(DatumGetInt64(values[i]));
  make_ascending(&result);
  return result;
}

Ids contents_of_creator(const pg::Home& home, Snapshot snapshot, int64 creator) {
  const ContentTable contents(home);
  pg::IndexScan scan;
  scan_equal(scan, contents.table, snapshot, contents.creator, creator);
  Ids result;
  while (scan.next()) result.append(scan.int64_at(contents.id));
  scan.close();
  table_close(contents.table, AccessShareLock);
  make_ascending(&result);
  return result;
}

int64 Owners::creator_of(int64 content) const {
  const Owned* place = std::lower_bound(list.begin(), list.end(), content, [](const Owned& o, int64 id) { return o.content < id; });
  return place != list.end() && place->content == content ? place->creator : 0;
}

Owners owners_of(const pg::Home& home, Snapshot snapshot, const Ids& contents) {
  constexpr int kWorthWholeTable = 1000;
  const ContentTable table(home);
  Owners result;
  pg::IndexScan scan;
  if (contents.size() > kWorthWholeTable) {
    scan.open(table.table, InvalidOid, snapshot);
    scan.start();
    while (scan.next())
      if (std::binary_search(contents.begin(), contents.end(), scan.int64_at(table.id)))
        result.list.append({scan.int64_at(table.id), scan.int64_at(table.creator)});
    std::sort(result.list.begin(), result.list.end(), [](const Owned& a, const Owned& b) { return a.content < b.content; });
  } else {
    const Oid index = pg::find_index(table.table, {table.id});
    scan.open(table.table, index, snapshot);
    for (int64 i = 0; i < contents.size(); i++) {
      scan.equal(OidIsValid(index) ? 1 : table.id, contents[i]).start();
      if (scan.next()) result.list.append({contents[i], scan.int64_at(table.creator)});
    }
  }
  scan.close();
  table_close(table.table, AccessShareLock);
  return result;
}

Ids all_creators_known(const pg::Home& home, Snapshot snapshot) {
  const ContentTable contents(home);
  Ids result;
  pg::IndexScan scan;
  scan.open(contents.table, InvalidOid, snapshot);
  scan.start();
  while (scan.next()) result.append(scan.int64_at(contents.creator));
  scan.close();
  table_close(contents.table, AccessShareLock);
  scan.open(tables().totals, InvalidOid, snapshot);
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
