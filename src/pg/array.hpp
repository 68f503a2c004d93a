// A growing list of plain values in the memory context that was current when it began to grow. It has no
// destructor: an error may skip it, and the context frees it.
#pragma once

#include <type_traits>

#include "pg/postgres.hpp"

namespace ea::pg {

template <class T>
class Array {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  Array() = default;
  Array(T* items, int64 count) : items_(items), count_(count), room_(count) {}    // takes them over

  T& append(const T& value) {
    if (count_ == room_) reserve(room_ ? room_ * 2 : 64);
    items_[count_] = value;
    return items_[count_++];
  }
  // Room for so many, and no more.
  void reserve(int64 room) {
    if (room <= room_) return;
    items_ = static_cast<T*>(items_ ? repalloc_huge(items_, (Size)room * sizeof(T)) : MemoryContextAllocHuge(CurrentMemoryContext, (Size)room * sizeof(T)));
    room_ = room;
  }
  void clear() { count_ = 0; }
  void release() {
    if (items_) pfree(items_);
    *this = Array();
  }
  void shorten(int64 count) { count_ = count; }

  int64 size() const { return count_; }
  bool empty() const { return count_ == 0; }
  T* begin() { return items_; }
  T* end() { return items_ + count_; }
  const T* begin() const { return items_; }
  const T* end() const { return items_ + count_; }
  T& operator[](int64 i) { return items_[i]; }
  const T& operator[](int64 i) const { return items_[i]; }

 private:
  T* items_ = nullptr;
  int64 count_ = 0, room_ = 0;
};

}  // namespace ea::pg
