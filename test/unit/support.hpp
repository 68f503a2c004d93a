// What the unit tests share: sets as models, keys of every shape, values as bytes.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory_resource>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/set/viewer_set.hpp"
#include "core/value/summary.hpp"

namespace ea::test {

using Model = std::set<std::int64_t>;
using Buffer = std::vector<std::byte>;
using Random = std::mt19937_64;

inline constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

// What the server does with text in UTF-8.
inline int clip_utf8(const char* text, int size, int limit) {
  if (size <= limit) return size;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) limit--;
  return limit;
}

// Counts what is held and the most that ever was.
class Meter : public std::pmr::memory_resource {
 public:
  std::size_t held() const { return held_; }
  std::size_t peak() const { return peak_; }

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    held_ += bytes;
    if (held_ > peak_) peak_ = held_;
    return std::pmr::new_delete_resource()->allocate(bytes, alignment);
  }
  void do_deallocate(void* p, std::size_t bytes, std::size_t alignment) override {
    held_ -= bytes;
    std::pmr::new_delete_resource()->deallocate(p, bytes, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }

  std::size_t held_ = 0;
  std::size_t peak_ = 0;
};

std::pmr::memory_resource* memory();

Buffer bytes(std::initializer_list<int> values);
Buffer from_hex(std::string_view hex);
std::string to_hex(core::Bytes value);

core::ViewerSet make_set(const Model& keys);
core::ViewerSet make_set(std::initializer_list<std::int64_t> keys);
Model model_of(const core::ViewerSet& set);
Buffer encode(const core::ViewerSet& set);
Buffer encode(const core::Summary& summary);

// Keys of one of kShapes shapes: clustered, scattered, in runs, at the edges of int64, mixed.
inline constexpr int kShapes = 9;
Model random_keys(Random& random, int shape);

core::Event random_event(Random& random, std::int64_t viewers);

// Runs the statement and returns the code of the Error it throws; fails if it throws none.
template <class F>
core::Errc code_of(F&& f) {
  try {
    f();
  } catch (const core::Error& error) {
    EXPECT_NE(error.what()[0], '\0');
    return error.code();
  }
  ADD_FAILURE() << "no error was thrown";
  return core::Errc{-1};
}

// Every prefix, and every byte changed in some bits (in values over 1,000 bytes a sample of both),
// is either refused as invalid or handled by `accept`, which checks what came out.
template <class F>
void torment(const Buffer& value, Random& random, F&& accept) {
  const std::size_t step = value.size() < 1000 ? 1 : value.size() / 500;
  const auto attempt = [&](const Buffer& damaged) {
    try {
      accept(damaged);
    } catch (const core::Error& error) {
      EXPECT_EQ(error.code(), core::Errc::invalid_binary) << error.what();
    }
  };
  for (std::size_t n = 0; n < value.size(); n += step) {
    // An allocation of its own, so that the sanitizer sees a read past the end.
    attempt(Buffer(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(n)));
  }
  for (std::size_t i = 0; i < value.size(); i += step) {
    for (int change = 0; change < 10; ++change) {
      Buffer damaged = value;
      damaged[i] ^= change < 8 ? std::byte{1} << change
                               : static_cast<std::byte>(random() % 255 + 1);
      attempt(damaged);
    }
  }
  Buffer longer = value;
  longer.push_back(std::byte{0});
  attempt(longer);
}

}  // namespace ea::test
