#include "access/ownership.hpp"

#include "pg/index_scan.hpp"

namespace ea::access {

namespace {

// The bigint `wanted` of the row of that id; 0: none.
int64 look_up(const pg::Home& home, const char* table_name, int64 id, const char* wanted) {
  const Oid oid = get_relname_relid(table_name, home.schema);
  Relation table = table_open(oid, AccessShareLock);
  const AttrNumber key = get_attnum(oid, "id");
  const Oid index = pg::find_index(table, {key});
  pg::IndexScan scan;
  scan.open(table, index, GetActiveSnapshot());
  scan.equal(OidIsValid(index) ? 1 : key, id).start();
  const int64 found = scan.next() ? scan.int64_at(get_attnum(oid, wanted)) : 0;
  scan.close();
  table_close(table, AccessShareLock);
  return found;
}

}  // namespace

int64 creator_of_content(const pg::Home& home, int64 content) { return look_up(home, "explore_content", content, "creator_id"); }

int64 creator_of_video(const pg::Home& home, int64 video) {
  const int64 content = look_up(home, "explore_discovery_videos", video, "content_id");
  return content ? creator_of_content(home, content) : 0;
}

}  // namespace ea::access
