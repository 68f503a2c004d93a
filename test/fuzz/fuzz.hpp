// What the fuzz targets share. A broken property stops the fuzzer.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory_resource>
#include <vector>

#include "core/bytes/codec.hpp"

namespace ea::fuzz {

using Buffer = std::vector<std::byte>;

inline void require(bool property) {
  if (!property) std::abort();
}

inline bool same(core::Bytes a, core::Bytes b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

// Gives out a small multiple of the input and no more: what hostile bytes may cost. Reading one
// value takes at most 16 times its size; the properties checked on the side hold many sets at once.
class Budget : public std::pmr::memory_resource {
 public:
  Budget(std::size_t input, std::size_t times) : left_(times * input + 4096) {}

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    require(bytes <= left_);
    left_ -= bytes;
    return std::pmr::new_delete_resource()->allocate(bytes, alignment);
  }
  void do_deallocate(void* p, std::size_t bytes, std::size_t alignment) override {
    left_ += bytes;
    std::pmr::new_delete_resource()->deallocate(p, bytes, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }

  std::size_t left_;
};

}  // namespace ea::fuzz
