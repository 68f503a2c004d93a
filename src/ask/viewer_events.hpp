// Events that come in any order, given back viewer by viewer. In memory as long as a hash table of the server's may be, and in
// temporary files beyond.
#pragma once

#include <span>
#include <tuple>

#include "core/loop/pulse.hpp"
#include "core/value/counters.hpp"
#include "pg/array.hpp"
#include "pg/guard.hpp"

namespace ea::rollup {

struct WalkEvent {
  TimestampTz at;
  int64 id, content, session;    // session 0: none
  core::Engagement type;
  bool completed;
  int32 watch_time_ms;

  // By (at, id); where ids were given twice, what else there is keeps answers the same whatever order rows lie in.
  bool operator<(const WalkEvent& other) const {
    return at != other.at ? at < other.at : std::tie(id, type, content, session) < std::tie(other.id, other.type, other.content, other.session);
  }
};

// One after the other, of one viewer, by (at, id). They are the visitor's to change.
using VisitViewer = void (*)(void* with, int64 viewer, std::span<WalkEvent> events);

class ViewerEvents {
 public:
  ViewerEvents() : ViewerEvents(get_hash_memory_limit()) {}
  explicit ViewerEvents(Size memory) : ViewerEvents(memory, 0) {}

  void add(int64 viewer, const WalkEvent& event) { add({viewer, event}); }
  // Once, when all are in; viewers come in no order.
  void for_each(VisitViewer visit, void* with);

 private:
  static constexpr int kChunk = 256;    // records
  static constexpr int kMostPartitions = 128;
  struct Record {
    int64 viewer;
    WalkEvent event;
  };
  static constexpr Size kChunkSize = kChunk * sizeof(Record);
  // Of viewers whose hashes begin alike: records in a file, and those that came since in memory.
  struct Partition {
    pg::Array<Record*> chunks;
    int64 count;
    BufFile* file;
    int64 written;
    int64 viewer;    // of the first one
    bool mixed;      // others are of other viewers

    Record& operator[](int64 i) const { return chunks[i / kChunk][i % kChunk]; }
  };

  ViewerEvents(Size memory, int depth);
  std::span<Partition> partitions() const { return {partitions_, (size_t)1 << bits_}; }
  void add(const Record& record);
  void grow(Partition& partition);
  // The rest is called in our context, and visits in the one outside.
  void add_chunk(Partition& partition);
  void release(Partition& partition);
  void free_all();
  void write_all();
  void walk_written(Partition& partition, MemoryContext outside);
  void walk_written_viewer(Partition& partition, MemoryContext outside);
  void walk(const Partition& partition, MemoryContext outside);
  void visit(int64 viewer, MemoryContext outside);

  MemoryContext context_;
  Size memory_, used_ = 0;
  int depth_, bits_;    // of a hash that tell partitions apart, and as many for each depth before them
  Partition* partitions_;
  pg::Array<Record*> free_;
  pg::Array<WalkEvent> events_;    // of the viewer that is visited
  VisitViewer visit_ = nullptr;
  void* with_ = nullptr;
  core::Pulse pulse_{pg::poll};
};

}  // namespace ea::rollup
