#include "access/ownership.hpp"

#include "access/raw_tables.hpp"
#include "pg/index_scan.hpp"

namespace ea::access {

namespace {

// The bigint in a column of the row of that id, which is the first column; 0: none.
int64 look_up(const pg::Table& table, int64 id, int wanted) {
  pg::IndexScan scan;
  scan.open_by(table, 1, GetActiveSnapshot());
  scan.equal(scan.key(1), id).start();
  const int64 found = scan.next() ? scan.int64_at(wanted) : 0;
  scan.close();
  return found;
}

}  // namespace

int64 creator_of_content(const pg::Home& home, int64 content) { return look_up(content_table(home), content, content::creator_id); }

int64 creator_of_video(const pg::Home& home, int64 video) {
  const int64 content = look_up(videos_table(home), video, videos::content_id);
  return content ? creator_of_content(home, content) : 0;
}

}  // namespace ea::access
