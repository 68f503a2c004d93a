// Sets of viewers in the making, many at a time: in work_mem, and in a temporary file beyond.
#pragma once

#include "core/set/viewer_set.hpp"
#include "pg/memory.hpp"
#include "pg/temporary_file.hpp"

namespace ea::rollup {

class ViewerSets {
 public:
  explicit ViewerSets(int64 count);

  void insert(int64 number, int64 viewer) {
    set(number).insert(viewer);
    if (++inserted_ % kOften == 0) keep_within_memory();
  }
  void merge(int64 number, const core::ViewerSet& viewers) {    // settled
    set(number).merge(viewers);
    keep_within_memory();
  }

  // After all have come in, as often as it is wanted: one of them, settled. It lives in the context that is current if it had
  // to be put together, and else as long as this.
  const core::ViewerSet& read(int64 number);
  void close();

 private:
  static constexpr int64 kOften = 256;
  // What a set had in memory when that was full, and where the same is of before then.
  struct Written {
    int fileno;    // -1: nothing
    off_t offset;
    Size size;
  };

  core::ViewerSet& set(int64 number);
  void keep_within_memory() {
    if (MemoryContextMemAllocated(context_, false) > limit_) write_all();
  }
  void write_all();

  pg::TemporaryFiles files_;
  MemoryContext context_;
  pg::Resource memory_;
  int64 count_, inserted_ = 0;
  Size limit_;
  core::ViewerSet** sets_;    // null: nobody in memory
  Written* written_;          // last
  BufFile* file_ = nullptr;
};

}  // namespace ea::rollup
