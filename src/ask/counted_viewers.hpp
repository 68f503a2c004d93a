// How often viewers were seen, by each of several who count: in work_mem, and in temporary files beyond. What does not fit is
// parted by a hash, and each part is counted by itself, so that a sighting is written as often as parts are parted again.
#pragma once

#include "core/cohort/viewer_counts.hpp"
#include "pg/memory.hpp"
#include "pg/temporary_file.hpp"

namespace ea::rollup {

class CountedViewers {
 public:
  CountedViewers();

  void see(int32 counter, int64 viewer) { see(counter, viewer, parts_, 0); }

  // Once, when all are in: calls f(counter, viewer, count) for each, in no order.
  template <class F>
  void for_each(F&& f) {
    emit_ = [](void* with, int32 counter, int64 viewer, uint32 count) { (*static_cast<std::remove_reference_t<F>*>(with))(counter, viewer, count); };
    with_ = &f;
    finish(parts_, 0);
  }

 private:
  struct Sighting {
    int64 viewer;
    int64 counter;
  };
  struct Part {
    BufFile* file;    // null: none of it
    int64 count;
  };

  void see(int32 counter, int64 viewer, Part* parts, int depth) {
    const uint64 hash = core::ViewerCounts::hash(counter, viewer);
    if (!counts_.see(counter, viewer, hash)) put_aside(parts[hash << depth * bits_ >> (64 - bits_)], {viewer, counter});
  }
  Part* new_parts() const;
  void put_aside(Part& part, const Sighting& sighting);
  void finish(Part* parts, int depth);

  pg::TemporaryFiles files_;
  MemoryContext context_;
  pg::Resource memory_;
  core::ViewerCounts counts_;
  int bits_;    // of a hash that tell parts apart, and as many for each depth before them
  Part* parts_;
  void (*emit_)(void* with, int32 counter, int64 viewer, uint32 count) = nullptr;
  void* with_ = nullptr;
};

}  // namespace ea::rollup
