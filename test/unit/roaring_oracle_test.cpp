// The portable format against libroaring, the reference for it.
#include <roaring/roaring64map.hh>

#include "core/set/roaring.hpp"
#include "support.hpp"

// Where newer ones have it; older ones have it without a namespace.
namespace roaring {}
using namespace roaring;

namespace ea::core {
namespace {

using test::Buffer;
using test::make_set;
using test::memory;
using test::Model;
using test::model_of;

Roaring64Map reference(const Model& model) {
  Roaring64Map map;
  for (const std::int64_t key : model) map.add(static_cast<std::uint64_t>(key));
  return map;
}

std::string bytes_of(const Roaring64Map& map) {
  std::string bytes(map.getSizeInBytes(), '\0');
  map.write(bytes.data());
  return bytes;
}

std::string ours(const ViewerSet& set) {
  std::string bytes(roaring_size(set), '\0');
  to_roaring(set, std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

TEST(RoaringOracle, writes_the_same_bytes_and_reads_both_ways) {
  test::Random random(41);
  for (int round = 0; round < 8; ++round) {
    for (int shape = 0; shape < test::kShapes; ++shape) {
      const Model model = test::random_keys(random, shape);
      const ViewerSet set = make_set(model);
      Roaring64Map map = reference(model);

      // Without runs, as most writers leave it.
      const std::string plain = bytes_of(map);
      ASSERT_EQ(model_of(from_roaring(std::as_bytes(std::span(plain)), memory())), model);

      map.runOptimize();
      ASSERT_EQ(ours(set), bytes_of(map));

      const std::string bytes = ours(set);
      const Roaring64Map read = Roaring64Map::readSafe(bytes.data(), bytes.size());
      ASSERT_EQ(read.cardinality(), model.size());
      for (const std::int64_t key : model) {
        ASSERT_TRUE(read.contains(static_cast<std::uint64_t>(key)));
      }
    }
  }
}

TEST(RoaringOracle, algebra_agrees) {
  test::Random random(42);
  for (int round = 0; round < 40; ++round) {
    const Model x = test::random_keys(random, static_cast<int>(random() % test::kShapes));
    Model y = test::random_keys(random, static_cast<int>(random() % test::kShapes));
    for (const std::int64_t key : x) {
      if (random() % 2 == 0) y.insert(key);
    }
    const ViewerSet a = make_set(x), b = make_set(y);
    const Roaring64Map p = reference(x), q = reference(y);
    const auto same = [](const ViewerSet& set, Roaring64Map map) {
      map.runOptimize();
      return ours(set) == bytes_of(map);
    };
    EXPECT_TRUE(same(ViewerSet::unite(a, b, memory()), p | q));
    EXPECT_EQ(ViewerSet::intersect(a, b, memory()).cardinality(), (p & q).cardinality());
    EXPECT_EQ(ViewerSet::subtract(a, b, memory()).cardinality(), (p - q).cardinality());
  }
}

}  // namespace
}  // namespace ea::core
