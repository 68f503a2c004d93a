// The last keys of tables' indexes, looked at without opening either: for reading many tables of which few have what is
// looked for. Opening a table and an index, with a lock on each, costs some ten times what a look at a page does.
#pragma once

#include "pg/array.hpp"

namespace ea::pg {

// Where the last key of an index stands is remembered by the process. What is said of a table is exact:
// docs/architecture.md, "Tables that are passed by". Whoever asks holds a lock on the partitioned table that it is a part of.
class LastKeys {
 public:
  // Before the tables are asked for, for each question.
  void begin(Snapshot snapshot);
  // Whether it is certain that no row of the table which the snapshot sees has a greater key. False when nothing is
  // remembered. `place`: of the table among those that are asked for.
  bool none_above(int place, Oid table, int64 key);
  // For a table and an index that are open, if nothing is remembered that holds: the index is one of all rows, and begins
  // with a bigint that is never null.
  void remember(int place, Relation table, Relation index);

 private:
  // A page by where it was last seen in memory: it is taken from there, or not at all.
  struct SeenPage {
    FileLocator file;
    BlockNumber block;
    Buffer buffer;
    bool pin() const { return ReadRecentBuffer(file, MAIN_FORKNUM, block, buffer); }
  };
  struct CatalogPage {
    SeenPage page;
    XLogRecPtr lsn;      // as of now
  };
  struct Known {
    Oid table = InvalidOid, index = InvalidOid;
    SeenPage end;        // the rightmost leaf; of an empty index, its first page
    XLogRecPtr end_lsn;  // of that page, when the last key was read; none when it has none to tell
    int64 last_key;
    uint64 moment = 0;   // of which it is the last key
    int64 catalog_page;  // that has the row of the index in pg_class
    XLogRecPtr catalog_lsn;    // of that page, when it told where the index is
  };

  // What decides which rows a transaction sees that has written none.
  struct Moment {
    TransactionId xmin = InvalidTransactionId, xmax = InvalidTransactionId;
    uint32 running = 0;
    int32 subtransactions = 0;
    bool recovery = false;
    bool operator==(const Moment&) const = default;
  };

  bool is_same_moment(Snapshot snapshot);
  bool holds(int place, Oid table) const;
  int64 catalog_page_of(const SeenPage& page, XLogRecPtr lsn);
  static void forget(Datum self, Oid relation);

  Array<Known> known_;
  Array<CatalogPage> catalog_;
  Moment moment_;
  Array<TransactionId> running_;    // at that moment, subtransactions behind the others
  uint64 moments_ = 1;              // how many there were
  uint64 heard_ = 0;     // of changes, whatever relation they are about
  bool watching_ = false;
  bool usable_ = false;
};

}  // namespace ea::pg
