// Reading what refreshes have left beside the buckets: the logs of one key, or of all keys of a kind, whether they lie in
// rows of their own or on shelves (store/shelves.hpp).
#pragma once

#include <algorithm>

#include "core/tree/bucket.hpp"
#include "core/tree/event_log.hpp"
#include "core/tree/event_shelf.hpp"
#include "pg/array.hpp"
#include "pg/index_scan.hpp"
#include "pg/varlena.hpp"
#include "store/shelves.hpp"

namespace ea::rollup {

// What one refresh has left of one key.
struct DeltaLog {
  int64 id;
  int64 epoch;
  core::Bytes log;
};

// Calls f(DeltaLog) for each log in the bytes of a row with this id, of one key or, without, of all.
template <class F>
void each_log(core::Bytes bytes, int64 id, int64 epoch, const int64* only, F&& f) {
  if (!core::is_event_shelf(bytes)) {
    if (is_shelf(id)) throw core::Error(core::Errc::invalid_binary, "no logs of several keys on a shelf");
    f(DeltaLog{id, epoch, bytes});
    return;
  }
  core::EventShelfReader shelf(bytes);
  for (core::ShelvedLog shelved; shelf.next(&shelved);) {
    if (only && shelved.id > *only) break;
    if (shelved.age > (uint64)epoch) throw core::Error(core::Errc::invalid_binary, "event log older than every epoch");
    if (!only || shelved.id == *only) f(DeltaLog{shelved.id, (int64)((uint64)epoch - shelved.age), shelved.log});
  }
}

// The row that a scan of the table stands at.
template <class F>
void each_log_of_row(const pg::IndexScan& scan, const int64* only, F&& f) {
  bool null;
  const Datum stored = scan.value(deltas::events, &null);
  struct varlena* flat = PG_DETOAST_DATUM_PACKED(stored);
  each_log(pg::bytes_of(flat), scan.int64_at(deltas::id), scan.int64_at(deltas::epoch), only, f);
  if (flat != (struct varlena*)DatumGetPointer(stored)) pfree(flat);
}

// Where the logs of a key may be: in rows of its own, then on its shelf of each level.
inline constexpr int kDeltaPlaces = 1 + kShelfLevels;
inline void start_deltas(pg::IndexScan& scan, const Key& key, int place) {
  scan.equal(deltas::key::id, place == 0 ? key.id : shelf_of(place - 1, key.id)).equal_int2(deltas::key::scope, (int16)key.scope).start();
}
inline int places_of(const Key& key) { return key.id > 0 ? kDeltaPlaces : 1; }    // the platform's logs have rows of their own

// The shelves on which logs of some keys may be, ascending.
inline pg::Array<int64> shelves_of(const pg::Array<int64>& ids) {
  pg::Array<int64> places;
  for (int level = 0; level < kShelfLevels; level++)
    for (const int64 id : ids) places.append(shelf_of(level, id));
  std::sort(places.begin(), places.end());
  places.shorten(std::unique(places.begin(), places.end()) - places.begin());
  return places;
}

class Deltas {
 public:
  bool is_open() const { return scan_.is_open(); }
  void open(Snapshot snapshot) { scan_.open(tables().deltas, tables().deltas_key, snapshot); }
  void close() { scan_.close(); }

  // Calls f(DeltaLog) for each log of the key that may have events in the range, in no order.
  template <class F>
  void for_each(const Key& key, const core::Span& range, F&& f) {
    for (int place = 0; place < places_of(key); place++) {
      start_deltas(scan_, key, place);
      while (scan_.next())
        if (range.meets({scan_.int64_at(deltas::first_at), scan_.int64_at(deltas::last_at) + 1})) each_log_of_row(scan_, &key.id, f);
    }
  }

  // All of them, in the order of refreshes.
  template <class F>
  void for_each_in_order(const Key& key, F&& f) {
    pg::Array<DeltaLog> logs;
    for_each(key, {}, [&](const DeltaLog& log) { logs.append(kept(log)); });
    std::stable_sort(logs.begin(), logs.end(), [](const DeltaLog& a, const DeltaLog& b) { return a.epoch < b.epoch; });
    for (const DeltaLog& log : logs) {
      f(log);
      pfree(const_cast<std::byte*>(log.log.data()));
    }
    logs.release();
  }

  static DeltaLog kept(DeltaLog log) {
    std::byte* bytes = static_cast<std::byte*>(palloc(Max(log.log.size(), (size_t)1)));
    memcpy(bytes, log.log.data(), log.log.size());
    log.log = {bytes, log.log.size()};
    return log;
  }

 private:
  pg::IndexScan scan_;
};

// Whether the table is mostly pages without rows: a large refresh has been compacted, and what came later lies behind it.
inline bool deltas_are_sparse() {
  constexpr BlockNumber kFewPages = 64;
  const Relation table = table_open(tables().deltas.oid, AccessShareLock);
  const BlockNumber pages = RelationGetNumberOfBlocks(table);
  const double rows = table->rd_rel->reltuples;    // at the last VACUUM; negative before the first
  table_close(table, AccessShareLock);
  return pages > kFewPages && rows >= 0 && rows < pages;
}

// Calls f(DeltaLog) for the logs of all keys of a kind that refreshes after an epoch have left, in no order, until it
// returns false.
template <class F>
void each_delta_of(Snapshot snapshot, ScopeKind scope, int64 after, F&& f) {
  pg::IndexScan scan;
  if (deltas_are_sparse()) {
    scan.open(tables().deltas, tables().deltas_key, snapshot);
    scan.equal_int2(deltas::key::scope, (int16)scope).start();
  } else {
    scan.open(tables().deltas, snapshot);
    scan.equal_int2(deltas::scope, (int16)scope).above(deltas::epoch, after).start();
  }
  bool more = true;
  while (more && scan.next()) {
    CHECK_FOR_INTERRUPTS();
    each_log_of_row(scan, nullptr, [&](const DeltaLog& log) { more = more && (log.epoch <= after || f(log)); });
  }
  scan.close();
}
inline constexpr int64 kAllEpochs = std::numeric_limits<int64>::min();

// The same of some keys (ids ascending), that may have events in the range: each shelf is looked through once.
template <class F>
void each_delta_of(Snapshot snapshot, ScopeKind scope, const pg::Array<int64>& ids, const core::Span& range, F&& f) {
  pg::Array<int64> places = shelves_of(ids);    // below all ids
  for (const int64 id : ids) places.append(id);
  pg::IndexScan scan;
  scan.open(tables().deltas, tables().deltas_key, snapshot);
  bool more = true;
  for (int64 i = 0; more && i < places.size(); i++) {
    CHECK_FOR_INTERRUPTS();
    scan.equal(deltas::key::id, places[i]).equal_int2(deltas::key::scope, (int16)scope).start();
    while (more && scan.next()) {
      if (!range.meets({scan.int64_at(deltas::first_at), scan.int64_at(deltas::last_at) + 1})) continue;
      each_log_of_row(scan, nullptr, [&](const DeltaLog& log) {
        more = more && (!std::binary_search(ids.begin(), ids.end(), log.id) || f(log));
      });
    }
  }
  scan.close();
  places.release();
}

}  // namespace ea::rollup
