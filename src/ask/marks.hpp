// Ids that were met, told apart by their last bits: what was not met is mostly known not to have been, and never the other way
// round. So it may spare work, and decides nothing.
#pragma once

#include <bit>

#include "pg/postgres.hpp"

namespace ea::rollup {

class Marks {
 public:
  explicit Marks(Size bytes) : context_(CurrentMemoryContext), words_(std::bit_floor(Min(Max(bytes, kLeast), kMost) / sizeof(uint64))) {}

  void add(int64 id) {
    if (!bits_) bits_ = static_cast<uint64*>(MemoryContextAllocZero(context_, words_ * sizeof(uint64)));
    bits_[place_of(id)] |= bit_of(id);
  }
  bool may_have(int64 id) const { return bits_ && (bits_[place_of(id)] & bit_of(id)); }
  void release() {
    if (bits_) pfree(bits_);
    bits_ = nullptr;
  }

 private:
  static constexpr Size kLeast = 64 << 10, kMost = 8 << 20;    // the most are 67 million ids, and soon zeroed

  uint64 place_of(int64 id) const { return (uint64)id >> 6 & (words_ - 1); }
  static uint64 bit_of(int64 id) { return (uint64)1 << (id & 63); }

  MemoryContext context_;
  uint64 words_;    // a power of two
  uint64* bits_ = nullptr;    // once there is one
};

}  // namespace ea::rollup
