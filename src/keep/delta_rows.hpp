// Writing deltas: logs of one key, or of several on a shelf (store/shelves.hpp). For StoredBuckets, whose scans see what
// was written before they were opened.
#pragma once

#include "core/tree/timed_event.hpp"
#include "pg/array.hpp"
#include "pg/guard.hpp"
#include "pg/table_writer.hpp"
#include "store/deltas.hpp"

namespace ea::rollup {

// An event of a key that becomes another one.
struct Replacement {
  int64 id;
  core::TimedEvent before, after;
  bool done = false;
};

class DeltaRows {
 public:
  // Whether what put() is given waits for put_shelves(), so that small logs of many keys share rows: for a refresh, which
  // brings all of one kind of scope, and then of the next. Of more keys than shelves hold each has a row of its own.
  enum class Rows { own, shared };
  // Which logs of a key are taken: on a shelf a key's logs lie among others', which are written again without them.
  enum class Which { own_rows, all };

  DeltaRows(int64 epoch, Rows rows);
  void begin() { writer_.open(tables().deltas); }
  void open(Snapshot snapshot) { scan_.open(tables().deltas, tables().deltas_key, snapshot); }
  void close_scan() { scan_.close(); }
  void flush();
  void close();      // what waits is put

  void put(const Key& key, core::TimedEvents events, Rows rows);      // sorted and normalized; throws
  void put_shelves();

  // Calls f(DeltaLog) for logs of the key and removes them: those in rows of their own with fewer events than
  // `smaller_than` or of the epoch, and with `all` those on shelves. Throws.
  template <class F>
  void take(const Key& key, Which which, int64 smaller_than, F&& f) {
    for (int place = 0; place < (which == Which::all ? places_of(key) : 1); place++) {
      pg::guard([&] { start_deltas(scan_, key, place); });
      while (next(place == 0 ? smaller_than : kAny)) {
        if (place == 0) {
          pg::guard([&] { writer_.remove(scan_.tid()); });
          each_log(bytes_, key.id, row_epoch_, &key.id, f);
        } else if (holds(key.id)) {
          each_log(bytes_, scan_.int64_at(deltas::id), row_epoch_, &key.id, f);
          take_off(key);
        }
      }
    }
  }
  // The same without removing them.
  template <class F>
  void for_each(const Key& key, Which which, F&& f) {
    for (int place = 0; place < (which == Which::all ? places_of(key) : 1); place++) {
      pg::guard([&] { start_deltas(scan_, key, place); });
      while (next(kAny)) each_log(bytes_, scan_.int64_at(deltas::id), row_epoch_, &key.id, f);
    }
  }

  // Takes the logs of some keys (ids ascending) off their shelves, to rows of the keys' own or for good: each row of a shelf
  // is written again once, and not for each key that is taken off it.
  enum class Taken { to_own_rows, away };
  void take_down(ScopeKind scope, const pg::Array<int64>& ids, Taken taken = Taken::to_own_rows);

  // Puts events in the place of others, as far as those are in logs beside the buckets, which stay where they are: keys of one
  // kind of scope, ids ascending, and of each id the events that become others in order.
  void replace(ScopeKind scope, pg::Array<Replacement>* changes);

  // Whether scans must be opened anew before more is taken: rows of shelves have been replaced.
  bool is_stale() const { return stale_; }
  // Moves what lies on shelves of a level to smaller ones or to rows of single keys: of those with many rows, or with
  // `everything` of all, straight to the latter. Stops after the row with which it has moved so many logs; returns how many
  // those are.
  int64 move_down(int level, bool everything, int64 most);
  // The same with those of a level that this writer has put rows on and that are full, whoever compacts.
  int64 move_full(int level, int64 most);

  int64 rows() const { return writer_.rows(); }
  int64 bytes() const { return writer_.bytes(); }

 private:
  static constexpr int64 kAny = std::numeric_limits<int64>::max();
  // A log with what its row tells of it.
  struct Piece {
    ScopeKind scope;
    int64 place;      // id of the row
    DeltaLog log;
    int64 first_at, last_at;
    int32 events;
  };
  struct Shelf {
    int64 id;
    ScopeKind scope;
    int64 rows;
  };
  static bool comes_before(const Piece& a, const Piece& b);
  static Piece piece_of(const Key& key, const DeltaLog& log);

  bool next(int64 smaller_than);
  bool holds(int64 id) const;
  bool replace_in_row(ScopeKind scope, pg::Array<Replacement>* changes);
  void take_off(const Key& key);
  pg::Array<Shelf> shelves_to_move(int level, bool everything);
  int64 move(const Shelf& shelf, int level, bool everything, int64 most);
  void note_written(int64 place, ScopeKind scope);
  void wait(const Piece& piece);
  void put_rows(const Piece* piece, const Piece* end);
  void put_row(const Piece* first, const Piece* end);

  int64 epoch_;
  const bool shared_;
  ScopeKind scope_ = ScopeKind::platform;    // of what was put last
  int64 scope_bytes_ = 0;                    // of its logs that wait or have waited
  bool stale_ = false;
  pg::IndexScan scan_;
  pg::TableWriter writer_;
  MemoryContext row_context_;      // of the row last read
  MemoryContext piece_context_;    // of what waits or moves
  MemoryContext written_context_;
  pg::Array<Piece> waiting_;
  pg::Array<Shelf> written_;       // put on shelves, each time
  core::Bytes bytes_;
  int64 row_epoch_ = 0;
};

}  // namespace ea::rollup
