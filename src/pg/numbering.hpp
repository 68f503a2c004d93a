// Values by numbers from 0 on, in the order in which they come first. Ids that are small, as most are that a table has counted
// up, are found without a hash.
#pragma once

#include <bit>
#include <string_view>
#include <type_traits>

#include "core/set/key_hash.hpp"
#include "pg/array.hpp"
#include "pg/error.hpp"

namespace ea::pg {

template <class Value>
class Numbering {
 public:
  Numbering() : context_(CurrentMemoryContext) {}

  uint32 number_of(const Value& value) {
    if (!values_.empty() && values_[last_] == value) return last_;
    if constexpr (std::is_same_v<Value, int64>)
      if (is_small(value)) return last_ = small_number_of((uint64)value);
    if ((uint64)values_.size() * 2 >= room_) grow();
    uint64 at = hash(value) & (room_ - 1);
    while (places_[at] != 0 && values_[places_[at] - 1] != value) at = (at + 1) & (room_ - 1);
    if (places_[at] == 0) places_[at] = append(value);
    return last_ = places_[at] - 1;
  }
  const Array<Value>& values() const { return values_; }

 private:
  static uint64 hash(int64 value) { return core::hash_of(value); }
  static uint64 hash(std::string_view value) { return DatumGetUInt32(hash_any((const unsigned char*)value.data(), (int)value.size())); }
  static int64 kept(int64 value) { return value; }
  static std::string_view kept(std::string_view value) { return {pnstrdup(value.data(), value.size()), value.size()}; }

  static bool is_small(int64 value) { return (uint64)value < kSmall; }
  static bool is_small(std::string_view) { return false; }

  uint32 small_number_of(uint64 value) {
    if (value >= small_room_) {
      const uint64 room = std::bit_ceil(Max(value + 1, (uint64)1024));
      auto* grown = static_cast<uint32*>(MemoryContextAllocExtended(context_, room * sizeof(uint32), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO));
      if (small_) {
        memcpy(grown, small_, small_room_ * sizeof(uint32));
        pfree(small_);
      }
      small_ = grown;
      small_room_ = room;
    }
    if (small_[value] == 0) small_[value] = append((int64)value);
    return small_[value] - 1;
  }

  uint32 append(const Value& value) {
    MemoryContext outside = MemoryContextSwitchTo(context_);
    values_.append(kept(value));
    MemoryContextSwitchTo(outside);
    if (values_.size() == PG_UINT32_MAX) raise(failure(ERRCODE_PROGRAM_LIMIT_EXCEEDED, "more than %u values are asked for", PG_UINT32_MAX));
    return (uint32)values_.size();
  }

  void grow() {
    room_ = Max(room_ * 2, (uint64)256);
    if (places_) pfree(places_);
    places_ = static_cast<uint32*>(MemoryContextAllocExtended(context_, room_ * sizeof(uint32), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO));
    for (int64 i = 0; i < values_.size(); i++) {
      if (is_small(values_[i])) continue;
      uint64 at = hash(values_[i]) & (room_ - 1);
      while (places_[at] != 0) at = (at + 1) & (room_ - 1);
      places_[at] = (uint32)i + 1;
    }
  }

  static constexpr uint64 kSmall = (uint64)1 << 18;

  MemoryContext context_;
  uint32* small_ = nullptr;     // numbers from 1, by value; 0: has none
  uint64 small_room_ = 0;
  Array<Value> values_;
  uint32* places_ = nullptr;    // of values, counted from 1; open addressing, at most half full
  uint64 room_ = 0;
  uint32 last_ = 0;
};

}  // namespace ea::pg
