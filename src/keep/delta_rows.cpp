#include "keep/delta_rows.hpp"

#include <algorithm>
#include <tuple>

#include "pg/memory.hpp"

// Tests make them small, so that few events fill shelves of every level.
#ifndef EA_SHELF_BYTES
#define EA_SHELF_BYTES 1300
#endif
#ifndef EA_SHELF_ROWS
#define EA_SHELF_ROWS 16
#endif

namespace ea::rollup {

namespace {

// Logs of a row come to so many bytes at most on average, so that few rows are toasted and each is quickly looked through; a
// log that is longer than a quarter of that has a row of its own. So many rows may lie on a shelf before a compaction moves
// them, and so many before a refresh does that writes to it.
constexpr int64 kShelfRowBytes = EA_SHELF_BYTES, kShelvedLogBytes = Max(40, kShelfRowBytes / 4);
constexpr int64 kShelfRows = EA_SHELF_ROWS, kMostShelfRows = 4 * kShelfRows;

// So much is in memory of a log on its way from a shelf to a row of its key.
constexpr int64 kBytesOfLog = 512;

// The first level, from one on, on whose shelves so many bytes find room, those that come from a shelf of the level
// `above` if there is one; kShelfLevels where there is none.
int level_for(int64 bytes, int from, int above = 0) {
  int level = from;
  while (level < kShelfLevels && bytes > kShelfRowBytes << (shelves::kBits[level] - shelves::kBits[above])) level++;
  return level;
}

// The log with what becomes of its events; nothing if they are not among those.
core::Bytes replaced(const DeltaLog& log, pg::Array<Replacement>* changes) {
  Replacement* change = std::lower_bound(changes->begin(), changes->end(), log.id, [](const Replacement& r, int64 id) { return r.id < id; });
  const auto skip = [&](auto&& passed) {
    while (change < changes->end() && change->id == log.id && (change->done || passed(*change))) change++;
    return change < changes->end() && change->id == log.id;
  };
  if (!skip([](const Replacement&) { return false; })) return {};
  pg::Array<core::TimedEvent> events;
  bool any = false;
  core::EventLogReader reader(log.log);
  for (core::TimedEvent e; reader.next(&e);) {
    if (skip([&](const Replacement& r) { return r.before < e; }) && change->before == e) {
      change->done = any = true;
      e = change->after;
    }
    events.append(e);
  }
  core::MutableBytes written;
  if (any) {
    if (!std::is_sorted(events.begin(), events.end())) std::sort(events.begin(), events.end());
    const core::TimedEvents all(events.begin(), (size_t)events.size());
    const size_t size = core::event_log_size(all);
    written = {static_cast<std::byte*>(palloc(size)), size};
    core::write_event_log(all, written);
  }
  events.release();
  return written;
}

}  // namespace

DeltaRows::DeltaRows(int64 epoch, Rows rows)
    // Tables of an older layout are read by older versions, too.
    : epoch_(epoch), shared_(rows == Rows::shared && OidIsValid(tables().session_changes.oid)),
      row_context_(AllocSetContextCreate(CurrentMemoryContext, "explore_analytics delta", ALLOCSET_DEFAULT_SIZES)),
      piece_context_(AllocSetContextCreate(CurrentMemoryContext, "explore_analytics shelves", ALLOCSET_DEFAULT_SIZES)),
      written_context_(AllocSetContextCreate(CurrentMemoryContext, "explore_analytics shelves written", ALLOCSET_DEFAULT_SIZES)) {}

void DeltaRows::flush() {
  writer_.flush();
  stale_ = false;
}

void DeltaRows::close() {
  put_shelves();
  writer_.close();
  MemoryContextDelete(written_context_);
  MemoryContextDelete(row_context_);
  MemoryContextDelete(piece_context_);
}

bool DeltaRows::comes_before(const Piece& a, const Piece& b) {
  const auto key = [](const Piece& p) { return std::tuple(p.scope, p.place, p.log.id, p.log.epoch); };
  return key(a) < key(b);
}

DeltaRows::Piece DeltaRows::piece_of(const Key& key, const DeltaLog& log) {
  Piece piece{key.scope, key.id, log, 0, 0, 0};
  core::EventLogReader reader(log.log);
  for (core::TimedEvent e; reader.next(&e); piece.last_at = e.at)
    if (piece.events++ == 0) piece.first_at = e.at;
  return piece;
}

void DeltaRows::put(const Key& key, core::TimedEvents events, Rows rows) {
  const std::size_t size = core::event_log_size(events);
  std::byte* bytes = nullptr;
  pg::guard([&] { bytes = static_cast<std::byte*>(MemoryContextAllocHuge(piece_context_, Max(size, (size_t)1))); });
  core::write_event_log(events, {bytes, size});
  const Piece piece{key.scope, key.id, {key.id, epoch_, {bytes, size}}, events.front().at, events.back().at, (int32)events.size()};
  if (key.scope != scope_) {
    scope_ = key.scope;
    scope_bytes_ = 0;
  }
  if (shared_ && rows == Rows::shared && key.id > 0 && (int64)size <= kShelvedLogBytes && level_for(scope_bytes_, 0) < kShelfLevels) {
    wait(piece);
    return;
  }
  put_row(&piece, &piece + 1);
  pfree(bytes);
}

void DeltaRows::wait(const Piece& piece) {
  pg::guard([&] {
    MemoryContext outside = MemoryContextSwitchTo(piece_context_);
    waiting_.append(piece);
    MemoryContextSwitchTo(outside);
  });
  scope_bytes_ += (int64)piece.log.log.size();
  if (level_for(scope_bytes_, 0) < kShelfLevels) return;
  int64 others = waiting_.size();
  while (others > 0 && waiting_[others - 1].scope == scope_) others--;
  for (Piece* p = waiting_.begin() + others; p < waiting_.end(); p++) {
    put_row(p, p + 1);
    pfree(const_cast<std::byte*>(p->log.log.data()));
  }
  waiting_.shorten(others);
}

void DeltaRows::put_shelves() {
  const auto by_scope = [](const Piece& a, const Piece& b) { return a.scope < b.scope; };
  std::stable_sort(waiting_.begin(), waiting_.end(), by_scope);
  for (Piece *piece = waiting_.begin(), *end; piece < waiting_.end(); piece = end) {
    end = std::upper_bound(piece, waiting_.end(), *piece, by_scope);
    int64 bytes = 0;
    for (Piece* p = piece; p < end; p++) bytes += (int64)p->log.log.size();
    const int level = level_for(bytes, 0);
    if (end - piece > 1 && level < kShelfLevels)
      for (Piece* p = piece; p < end; p++) p->place = shelf_of(level, p->log.id);
    std::sort(piece, end, comes_before);
    put_rows(piece, end);
  }
  waiting_ = {};
  MemoryContextReset(piece_context_);
}

// Sorted.
void DeltaRows::put_rows(const Piece* piece, const Piece* end) {
  for (const Piece* next; piece < end; piece = next) {
    for (next = piece + 1; next < end && next->place == piece->place && next->scope == piece->scope;) next++;
    if (is_shelf(piece->place)) pg::guard([&] { note_written(piece->place, piece->scope); });
    put_row(piece, next);
  }
}

void DeltaRows::note_written(int64 place, ScopeKind scope) {
  MemoryContext outside = MemoryContextSwitchTo(written_context_);
  written_.append({place, scope, 0});
  MemoryContextSwitchTo(outside);
}

void DeltaRows::put_row(const Piece* first, const Piece* end) {
  int64 epoch = first->log.epoch, first_at = first->first_at, last_at = first->last_at, events = 0;
  for (const Piece* p = first; p < end; p++) {
    epoch = Max(epoch, p->log.epoch);
    first_at = Min(first_at, p->first_at);
    last_at = Max(last_at, p->last_at);
    events += p->events;
  }
  struct varlena* stored = nullptr;
  if (end - first == 1 && !is_shelf(first->place)) {
    stored = pg::new_varlena(first->log.log.size());
    memcpy(VARDATA(stored), first->log.log.data(), first->log.log.size());
  } else {
    pg::Resource memory(row_context_);
    std::pmr::vector<core::ShelvedLog> logs(&memory);
    for (const Piece* p = first; p < end; p++) logs.push_back({p->log.id, (uint64)epoch - (uint64)p->log.epoch, p->log.log});
    stored = pg::new_varlena(core::event_shelf_size(logs));
    core::write_event_shelf(logs, pg::mutable_bytes_of(stored));
  }
  pg::guard([&] {
    writer_.add(Int64GetDatum(first->place)).add(Int64GetDatum(epoch)).add(TimestampTzGetDatum(first_at)).add(TimestampTzGetDatum(last_at))
        .add(Int16GetDatum((int16)first->scope)).add(Int32GetDatum((int32)events)).add(PointerGetDatum(stored));
    writer_.end_row();
  });
  pfree(stored);
}

// To the next row of the scan that is to be read, and its bytes.
bool DeltaRows::next(int64 smaller_than) {
  bool more = true;
  pg::guard([&] {
    do more = scan_.next();
    while (more && scan_.int32_at(deltas::event_count) >= smaller_than && scan_.int64_at(deltas::epoch) != epoch_);
    if (!more) return;
    MemoryContextReset(row_context_);
    MemoryContext outside = MemoryContextSwitchTo(row_context_);
    bool null;
    row_epoch_ = scan_.int64_at(deltas::epoch);
    bytes_ = pg::bytes_of(PG_DETOAST_DATUM_COPY(scan_.value(deltas::events, &null)));
    MemoryContextSwitchTo(outside);
  });
  return more;
}

bool DeltaRows::holds(int64 id) const {
  bool found = false;
  each_log(bytes_, scan_.int64_at(deltas::id), row_epoch_, &id, [&](const DeltaLog&) { found = true; });
  return found;
}

// The row of a shelf becomes one of the other keys.
void DeltaRows::take_off(const Key& key) {
  stale_ = true;
  const int64 shelf = scan_.int64_at(deltas::id);
  pg::guard([&] { writer_.remove(scan_.tid()); });
  pg::Resource memory(row_context_);
  std::pmr::vector<Piece> others(&memory);
  each_log(bytes_, shelf, row_epoch_, nullptr, [&](const DeltaLog& log) {
    if (log.id == key.id) return;
    others.push_back(piece_of(key, log));
    others.back().place = shelf;
  });
  if (!others.empty()) put_row(others.data(), others.data() + others.size());
}

void DeltaRows::take_down(ScopeKind scope, const pg::Array<int64>& ids, Taken taken) {
  const int64 most = (int64)maintenance_work_mem * 1024 / kBytesOfLog;
  MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics taken down", ALLOCSET_DEFAULT_SIZES);
  const pg::Array<int64> places = shelves_of(ids);
  MemoryContext outside = MemoryContextSwitchTo(context);
  pg::Array<Piece> leaving, staying;
  const auto leaves = [&](const DeltaLog& log) { return std::binary_search(ids.begin(), ids.end(), log.id); };
  const auto put_leaving = [&] {
    std::sort(leaving.begin(), leaving.end(), comes_before);
    put_rows(leaving.begin(), leaving.end());
    leaving = staying = {};
    MemoryContextReset(context);
  };
  for (const int64 place : places) {
    scan_.equal(deltas::key::id, place).equal_int2(deltas::key::scope, (int16)scope).start();
    while (next(kAny)) {
      CHECK_FOR_INTERRUPTS();
      bool any = false;
      each_log(bytes_, place, row_epoch_, nullptr, [&](const DeltaLog& log) { any = any || leaves(log); });
      if (!any) continue;
      staying.clear();
      each_log(bytes_, place, row_epoch_, nullptr, [&](const DeltaLog& log) {
        if (leaves(log)) {
          if (taken == Taken::to_own_rows) leaving.append(piece_of({scope, log.id}, Deltas::kept(log)));
        } else {
          staying.append(piece_of({scope, log.id}, log));
          staying[staying.size() - 1].place = place;
        }
      });
      writer_.remove(scan_.tid());
      stale_ = true;
      if (!staying.empty()) put_row(staying.begin(), staying.end());
      if (leaving.size() >= most) put_leaving();
    }
  }
  put_leaving();
  MemoryContextSwitchTo(outside);
  MemoryContextDelete(context);
}

void DeltaRows::replace(ScopeKind scope, pg::Array<Replacement>* changes) {
  pg::Array<int64> ids;
  for (const Replacement& r : *changes)
    if (ids.empty() || ids[ids.size() - 1] != r.id) ids.append(r.id);
  pg::Array<int64> places = scope == ScopeKind::platform ? pg::Array<int64>() : shelves_of(ids);
  for (const int64 id : ids) places.append(id);
  int64 left = changes->size();
  for (int64 i = 0; i < places.size() && left > 0; i++) {
    scan_.equal(deltas::key::id, places[i]).equal_int2(deltas::key::scope, (int16)scope).start();
    while (left > 0 && scan_.next()) {
      CHECK_FOR_INTERRUPTS();
      const int64 first_at = scan_.int64_at(deltas::first_at), last_at = scan_.int64_at(deltas::last_at);
      const auto may_be_there = [&](const Replacement& r) { return !r.done && r.before.at >= first_at && r.before.at <= last_at; };
      if (std::none_of(changes->begin(), changes->end(), may_be_there) || !replace_in_row(scope, changes)) continue;
      left = std::count_if(changes->begin(), changes->end(), [](const Replacement& r) { return !r.done; });
    }
  }
  places.release();
  ids.release();
}

// In the row that the scan is at, which is written again as it was but for these events.
bool DeltaRows::replace_in_row(ScopeKind scope, pg::Array<Replacement>* changes) {
  MemoryContextReset(row_context_);
  MemoryContext outside = MemoryContextSwitchTo(row_context_);
  bool null, any = false;
  const int64 place = scan_.int64_at(deltas::id), epoch = scan_.int64_at(deltas::epoch);
  bytes_ = pg::bytes_of(PG_DETOAST_DATUM_PACKED(scan_.value(deltas::events, &null)));
  pg::Array<core::ShelvedLog> logs;
  each_log(bytes_, place, epoch, nullptr, [&](const DeltaLog& log) {
    const core::Bytes changed = replaced(log, changes);
    any = any || !changed.empty();
    logs.append({log.id, (uint64)epoch - (uint64)log.epoch, changed.empty() ? log.log : changed});
  });
  if (any) {
    const std::span<const core::ShelvedLog> all(logs.begin(), (size_t)logs.size());
    const bool shelf = core::is_event_shelf(bytes_);
    struct varlena* stored = pg::new_varlena(shelf ? core::event_shelf_size(all) : all[0].log.size());
    if (shelf)
      core::write_event_shelf(all, pg::mutable_bytes_of(stored));
    else
      memcpy(VARDATA(stored), all[0].log.data(), all[0].log.size());
    writer_.remove(scan_.tid());
    writer_.add(Int64GetDatum(place)).add(Int64GetDatum(epoch)).add(scan_.value(deltas::first_at, &null)).add(scan_.value(deltas::last_at, &null))
        .add(Int16GetDatum((int16)scope)).add(scan_.value(deltas::event_count, &null)).add(PointerGetDatum(stored));
    writer_.end_row();
    stale_ = true;
  }
  MemoryContextSwitchTo(outside);
  return any;
}

pg::Array<DeltaRows::Shelf> DeltaRows::shelves_to_move(int level, bool everything) {
  pg::Array<Shelf> found;
  scan_.at_least(deltas::key::id, shelves::kFirst[level]).at_most(deltas::key::id, shelves::kFirst[level + 1] - 1).start();
  Shelf shelf{0, ScopeKind::platform, 0};
  const auto finish = [&] {
    if (shelf.rows >= (everything ? 1 : kShelfRows)) found.append(shelf);
  };
  while (scan_.next()) {
    CHECK_FOR_INTERRUPTS();
    const int64 id = scan_.int64_at(deltas::id);
    const ScopeKind scope = (ScopeKind)scan_.int16_at(deltas::scope);
    if (shelf.rows == 0 || id != shelf.id || scope != shelf.scope) {
      finish();
      shelf = {id, scope, 0};
    }
    shelf.rows++;
  }
  finish();
  return found;
}

int64 DeltaRows::move_down(int level, bool everything, int64 most) {
  int64 moved = 0;
  pg::Array<Shelf> list = shelves_to_move(level, everything);
  for (int64 i = 0; i < list.size() && moved < most; i++) {
    CHECK_FOR_INTERRUPTS();
    moved += move(list[i], level, everything, most - moved);
  }
  list.release();
  return moved;
}

int64 DeltaRows::move_full(int level, int64 most) {
  int64 moved = 0;
  for (int64 i = 0; i < written_.size() && moved < most; i++) {
    const Shelf shelf = written_[i];
    if (shelf.id < shelves::kFirst[level] || shelf.id >= shelves::kFirst[level + 1]) continue;
    CHECK_FOR_INTERRUPTS();
    int64 rows = 0;
    scan_.equal(deltas::key::id, shelf.id).equal_int2(deltas::key::scope, (int16)shelf.scope).start();
    while (rows < kMostShelfRows && scan_.next()) rows++;
    if (rows == kMostShelfRows) moved += move(shelf, level, false, most - moved);
  }
  return moved;
}

int64 DeltaRows::move(const Shelf& shelf, int level, bool everything, int64 most) {
  pg::Array<Piece> pieces;
  int64 bytes = 0;
  scan_.equal(deltas::key::id, shelf.id).equal_int2(deltas::key::scope, (int16)shelf.scope).start();
  while (pieces.size() < most && next(kAny)) {
    CHECK_FOR_INTERRUPTS();
    writer_.remove(scan_.tid());
    each_log(bytes_, shelf.id, row_epoch_, nullptr, [&](const DeltaLog& log) {
      MemoryContext outside = MemoryContextSwitchTo(piece_context_);
      bytes += (int64)log.log.size();
      pieces.append(piece_of({shelf.scope, log.id}, Deltas::kept(log)));
      MemoryContextSwitchTo(outside);
    });
  }
  stale_ = true;
  std::sort(pieces.begin(), pieces.end(), comes_before);
  const int below = everything ? kShelfLevels : level_for(bytes, level + 1, level);
  for (Piece *piece = pieces.begin(), *end; piece < pieces.end(); piece = end) {
    int64 of_key = 0;
    for (end = piece; end < pieces.end() && end->log.id == piece->log.id; end++) of_key += (int64)end->log.log.size();
    if (below == kShelfLevels || of_key > kShelvedLogBytes) continue;
    for (Piece* p = piece; p < end; p++) p->place = shelf_of(below, p->log.id);
  }
  std::sort(pieces.begin(), pieces.end(), comes_before);
  put_rows(pieces.begin(), pieces.end());
  MemoryContextReset(piece_context_);
  return pieces.size();
}

}  // namespace ea::rollup
