// C++ containers on a server memory context: work_mem sees them, and an error frees them.
#pragma once

#include "pg/postgres.hpp"

namespace ea::pg {

#ifdef EA_FAULT_INJECTION
// A build for tests: the setting explore_analytics.fail_allocation = n lets the n-th allocation from
// now on fail (0: none).
inline int fail_allocation = 0;
inline bool allocation_fails() { return fail_allocation > 0 && --fail_allocation == 0; }
#else
constexpr bool allocation_fails() { return false; }
#endif

// Null when there is no memory; never raises.
inline void* try_allocate(MemoryContext context, size_t bytes, int flags = 0) {
  return allocation_fails() ? nullptr : MemoryContextAllocExtended(context, bytes, flags | MCXT_ALLOC_NO_OOM);
}

class Resource final : public std::pmr::memory_resource {
 public:
  explicit Resource(MemoryContext context) : context_(context) {}

 private:
  void* do_allocate(size_t bytes, size_t alignment) override {
    if (alignment > MAXIMUM_ALIGNOF || bytes > MaxAllocHugeSize) throw std::bad_alloc();
    void* memory = try_allocate(context_, bytes ? bytes : 1, MCXT_ALLOC_HUGE);
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
