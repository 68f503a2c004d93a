#include "core/set/few_keys.hpp"

#include <random>
#include <set>

#include "support.hpp"

namespace ea::core {
namespace {

std::set<std::int64_t> keys_of(const FewKeys& keys) {
  std::set<std::int64_t> all;
  keys.for_each([&](std::int64_t key) { EXPECT_TRUE(all.insert(key).second) << key; });
  EXPECT_EQ(all.size(), keys.size());
  return all;
}

TEST(FewKeys, holds_each_key_once) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 2000; ++round) {
    // Neighbours, multiples of a power of two, and any.
    const int kind = round % 3;
    const std::int64_t start = static_cast<std::int64_t>(random());
    FewKeys keys;
    std::set<std::int64_t> expected;
    const std::size_t wanted = random() % (FewKeys::kMost + 1);
    while (expected.size() < wanted) {
      const auto at = static_cast<std::int64_t>(random() % (2 * wanted));
      const std::int64_t key = kind == 0 ? at - 60 : kind == 1 ? static_cast<std::int64_t>(static_cast<std::uint64_t>(at) << 56) ^ at : start ^ at;
      EXPECT_TRUE(keys.insert(key));
      expected.insert(key);
      EXPECT_EQ(keys.size(), expected.size());
    }
    EXPECT_EQ(keys_of(keys), expected);
  }
}

TEST(FewKeys, refuses_what_has_no_room_and_stays_as_it_was) {
  FewKeys keys;
  std::set<std::int64_t> expected;
  for (std::int64_t key = 0; expected.size() < FewKeys::kMost; key -= 1'000'003) {
    EXPECT_TRUE(keys.insert(key));
    expected.insert(key);
  }
  EXPECT_FALSE(keys.insert(1));
  EXPECT_TRUE(keys.insert(*expected.begin()));
  EXPECT_EQ(keys_of(keys), expected);
}

}  // namespace
}  // namespace ea::core
