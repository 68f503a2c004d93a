#include "ask/viewer_events.hpp"

#include <bit>

#include "core/set/key_hash.hpp"
#include "pg/error.hpp"

namespace ea::rollup {

namespace {

// What walking takes of memory for a record, besides the record: its successor, and its share of groups and places.
constexpr Size kBeside = 4 * sizeof(uint32);

// Where the events of a viewer are, found by the viewer: open addressing, at most half full.
class ViewerGroups {
 public:
  struct Group {
    int64 viewer;
    uint32 first, last, count;    // records
  };

  ViewerGroups() : room_(1024), places_(static_cast<uint32*>(palloc0(room_ * sizeof(uint32)))) {}

  Group& find(int64 viewer, uint64 hash) {
    uint64 at = hash & (room_ - 1);
    for (; places_[at] != 0; at = (at + 1) & (room_ - 1))
      if (groups_[places_[at] - 1].viewer == viewer) return groups_[places_[at] - 1];
    groups_.append({viewer, 0, 0, 0});
    places_[at] = (uint32)groups_.size();
    if ((uint64)groups_.size() * 2 > room_) grow();
    return groups_[groups_.size() - 1];
  }
  const pg::Array<Group>& all() const { return groups_; }
  void release() {
    pfree(places_);
    groups_.release();
  }

 private:
  void grow() {
    pfree(places_);
    room_ *= 2;
    places_ = static_cast<uint32*>(palloc_extended(room_ * sizeof(uint32), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO));
    for (int64 i = 0; i < groups_.size(); i++) {
      uint64 at = core::hash_of(groups_[i].viewer) & (room_ - 1);
      while (places_[at] != 0) at = (at + 1) & (room_ - 1);
      places_[at] = (uint32)(i + 1);
    }
  }

  uint64 room_;
  uint32* places_;    // of groups, counted from 1
  pg::Array<Group> groups_;
};

}  // namespace

ViewerEvents::ViewerEvents(Size memory, int depth) : context_(AllocSetContextCreate(CurrentMemoryContext, "events of viewers", ALLOCSET_DEFAULT_SIZES)), memory_(memory), depth_(depth) {
  // A few chunks for each; where memory is so little that they are eight, it takes more than it may.
  const Size chunks = memory / (4 * kChunk * sizeof(Record));
  bits_ = std::bit_width(Min(Max(chunks, (Size)8), (Size)kMostPartitions)) - 1;
  partitions_ = static_cast<Partition*>(MemoryContextAllocZero(context_, sizeof(Partition) << bits_));
}

void ViewerEvents::add(const Record& record) {
  // Partitions are told apart by the first bits, places in a table by the last.
  Partition& partition = partitions_[core::hash_of(record.viewer) << depth_ * bits_ >> (64 - bits_)];
  if (partition.count == 0 && partition.written == 0)
    partition.viewer = record.viewer;
  else if (partition.viewer != record.viewer)
    partition.mixed = true;
  if (partition.count == partition.chunks.size() * kChunk) grow(partition);
  partition[partition.count++] = record;
}

void ViewerEvents::grow(Partition& partition) {
  MemoryContext outside = MemoryContextSwitchTo(context_);
  if (free_.empty() && used_ + kChunkSize > memory_ && used_ > 0) write_all();
  add_chunk(partition);
  MemoryContextSwitchTo(outside);
}

void ViewerEvents::add_chunk(Partition& partition) {
  if (free_.empty()) {
    partition.chunks.append(static_cast<Record*>(palloc(kChunkSize)));
    used_ += kChunkSize;
  } else {
    partition.chunks.append(free_[free_.size() - 1]);
    free_.shorten(free_.size() - 1);
  }
}

void ViewerEvents::release(Partition& partition) {
  for (Record* chunk : partition.chunks) free_.append(chunk);
  partition.chunks.release();
  partition.count = 0;
}

void ViewerEvents::free_all() {
  for (Record* chunk : free_) pfree(chunk);
  used_ -= free_.size() * kChunkSize;
  free_.clear();
}

void ViewerEvents::write_all() {
  for (Partition& partition : partitions()) {
    if (partition.count > 0 && !partition.file) partition.file = BufFileCreateTemp(false);
    for (int64 at = 0; at < partition.count; at += kChunk) {
      CHECK_FOR_INTERRUPTS();
      BufFileWrite(partition.file, &partition[at], Min(partition.count - at, (int64)kChunk) * sizeof(Record));
    }
    partition.written += partition.count;
    release(partition);
  }
}

void ViewerEvents::for_each(VisitViewer visit, void* with) {
  visit_ = visit;
  with_ = with;
  MemoryContext outside = MemoryContextSwitchTo(context_);
  bool written = false;
  for (const Partition& partition : partitions()) written |= partition.file != nullptr;
  if (written) {
    write_all();
    free_all();
  }
  for (Partition& partition : partitions()) {
    if (!written) walk(partition, outside);
    else if (partition.file) walk_written(partition, outside);
    release(partition);
  }
  MemoryContextSwitchTo(outside);
  MemoryContextDelete(context_);
}

void ViewerEvents::walk_written(Partition& partition, MemoryContext outside) {
  if (BufFileSeek(partition.file, 0, 0, SEEK_SET) != 0) pg::raise(pg::failure(ERRCODE_IO_ERROR, "could not rewind a temporary file"));
  const bool fits = (Size)partition.written * (sizeof(Record) + kBeside) <= memory_;
  if (!partition.mixed) {
    walk_written_viewer(partition, outside);
  } else if (fits || (depth_ + 2) * bits_ > 64) {    // there are no more bits than these
    while (partition.count < partition.written) {
      CHECK_FOR_INTERRUPTS();
      add_chunk(partition);
      const int64 records = Min(partition.written - partition.count, (int64)kChunk);
      pg::read_exactly(partition.file, partition.chunks[partition.chunks.size() - 1], records * sizeof(Record));
      partition.count += records;
    }
    walk(partition, outside);
  } else {
    free_all();
    ViewerEvents parts(memory_, depth_ + 1);
    Record* records = static_cast<Record*>(palloc(kChunkSize));
    for (int64 at = 0; at < partition.written; at += kChunk) {
      CHECK_FOR_INTERRUPTS();
      const int64 count = Min(partition.written - at, (int64)kChunk);
      pg::read_exactly(partition.file, records, count * sizeof(Record));
      for (int64 i = 0; i < count; i++) parts.add(records[i]);
    }
    pfree(records);
    MemoryContextSwitchTo(outside);
    parts.for_each(visit_, with_);
    MemoryContextSwitchTo(context_);
  }
  BufFileClose(partition.file);
}

// Who cannot be split may have more than there is memory for: it is taken once for each event.
void ViewerEvents::walk_written_viewer(Partition& partition, MemoryContext outside) {
  free_all();
  events_.release();
  events_.reserve(partition.written);
  Record* records = static_cast<Record*>(palloc(kChunkSize));
  for (int64 at = 0; at < partition.written; at += kChunk) {
    CHECK_FOR_INTERRUPTS();
    const int64 count = Min(partition.written - at, (int64)kChunk);
    pg::read_exactly(partition.file, records, count * sizeof(Record));
    for (int64 i = 0; i < count; i++) events_.append(records[i].event);
  }
  pfree(records);
  visit(partition.viewer, outside);
  events_.release();
}

// The events of each viewer are chained, in the order in which they came, and that is mostly theirs.
void ViewerEvents::walk(const Partition& partition, MemoryContext outside) {
  if (partition.count == 0) return;
  if (partition.count > PG_UINT32_MAX) pg::raise(pg::failure(ERRCODE_PROGRAM_LIMIT_EXCEEDED, "a viewer has more than %u events", PG_UINT32_MAX));
  uint32* next = static_cast<uint32*>(palloc_extended(partition.count * sizeof(uint32), MCXT_ALLOC_HUGE));
  ViewerGroups groups;
  uint32 most = 0;
  for (int64 i = 0; i < partition.count; i++) {
    pulse_();
    const int64 viewer = partition[i].viewer;
    ViewerGroups::Group& group = groups.find(viewer, core::hash_of(viewer));
    if (group.count++ == 0) group.first = (uint32)i;
    else next[group.last] = (uint32)i;
    group.last = (uint32)i;
    most = Max(most, group.count);
  }
  events_.reserve(most);
  for (const ViewerGroups::Group& group : groups.all()) {
    CHECK_FOR_INTERRUPTS();
    events_.clear();
    for (uint32 i = group.first, n = 0; n < group.count; i = next[i], n++) {
      pulse_();
      events_.append(partition[i].event);
    }
    visit(group.viewer, outside);
  }
  groups.release();
  pfree(next);
}

void ViewerEvents::visit(int64 viewer, MemoryContext outside) {
  const std::span<WalkEvent> events(events_.begin(), (size_t)events_.size());
  if (!std::is_sorted(events.begin(), events.end())) core::sort(events, pulse_, std::less<>());
  MemoryContextSwitchTo(outside);
  visit_(with_, viewer, events);
  MemoryContextSwitchTo(context_);
}

}  // namespace ea::rollup
