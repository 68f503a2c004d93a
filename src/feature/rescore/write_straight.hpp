// Numbers written to the rows of contents and videos without statements, where an UPDATE would do no more than that.
#pragma once

#include "pg/home.hpp"
#include "pg/index_scan.hpp"
#include "pg/row_update.hpp"
#include "store/contents.hpp"

namespace ea::rescore {

// Of contents in ascending order, from 1 on; 0 is what a content has of which nothing is known.
struct Numbers {
  enum Column { content, views, watch_time_ms, completion_rate, score, saves, shares, clicks };
  static constexpr int kColumns = 8;
  static constexpr bool is_float(int column) { return column == completion_rate || column == score; }

  Datum* columns[kColumns];
  int count = 0;
  int64 content_at(int place) const { return DatumGetInt64(columns[content][place]); }
};

struct Written {
  int64 changed = 0;             // contents
  rollup::AscendingIds busy;     // contents that somebody is changing
};

class StraightWriter {
 public:
  // False where statements have to do it.
  bool open(const pg::Home& home);
  // Contents above `after`, up to `upto`: those that numbers are known of, or all.
  void write(const Numbers& numbers, int64 after, int64 upto, bool everything, Written* written);
  void close();

 private:
  struct Rows;
  void look_at(Rows& contents, Rows& videos, int64 content, const Numbers& numbers, int place, Written* written);

  pg::Table content_table_, videos_table_;
  pg::RowUpdate contents_, videos_;
  Oid contents_index_ = InvalidOid, videos_index_ = InvalidOid;    // for all portions, whatever becomes of them meanwhile
};

}  // namespace ea::rescore
