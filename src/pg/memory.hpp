// C++ containers on a server memory context: work_mem sees them, and an error frees them.
#pragma once

#include "pg/postgres.hpp"

namespace ea::pg {

class Resource final : public std::pmr::memory_resource {
 public:
  explicit Resource(MemoryContext context) : context_(context) {}

 private:
  void* do_allocate(size_t bytes, size_t alignment) override {
    if (alignment > MAXIMUM_ALIGNOF || bytes > MaxAllocHugeSize) throw std::bad_alloc();
    void* memory =
        MemoryContextAllocExtended(context_, bytes ? bytes : 1, MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM);
    if (!memory) throw std::bad_alloc();
    return memory;
  }
  void do_deallocate(void* memory, size_t, size_t) override { pfree(memory); }
  bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }

  MemoryContext context_;
};

}  // namespace ea::pg
