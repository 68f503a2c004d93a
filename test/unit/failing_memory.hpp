// Memory that runs out at the n-th allocation, and how much of it is held.
#pragma once

#include <cstddef>
#include <memory_resource>
#include <new>

namespace ea::test {

class FailingMemory : public std::pmr::memory_resource {
 public:
  explicit FailingMemory(std::size_t fail_at) : left_(fail_at) {}
  std::size_t held() const { return held_; }
  bool failed() const { return failed_; }

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    if (left_ == 0) {
      failed_ = true;
      throw std::bad_alloc();
    }
    --left_;
    void* p = std::pmr::new_delete_resource()->allocate(bytes, alignment);
    held_ += bytes;
    return p;
  }
  void do_deallocate(void* p, std::size_t bytes, std::size_t alignment) override {
    held_ -= bytes;
    std::pmr::new_delete_resource()->deallocate(p, bytes, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }

  std::size_t left_;
  std::size_t held_ = 0;
  bool failed_ = false;
};

}  // namespace ea::test
