// Memory that runs out at the n-th allocation, for every n a scenario reaches: bad_alloc comes out,
// and everything that was taken is given back.
#include <array>

#include "core/set/roaring.hpp"
#include "failing_memory.hpp"
#include "support.hpp"

namespace ea::test {
namespace {

struct Inputs {
  Buffer dense, scattered, roaring;
};

Inputs make_inputs() {
  Random random(7);
  core::Summary dense(memory()), scattered(memory());
  for (int i = 0; i < 40'000; i++) dense.add({core::Engagement::view, true, static_cast<std::int64_t>(random() % 90'000), 1, false});
  for (int i = 0; i < 3'000; i++) scattered.add({core::Engagement::view, true, static_cast<std::int64_t>(random()), 1, true});
  dense.settle();
  scattered.settle();
  Buffer roaring(core::roaring_size(dense.viewers()));
  core::to_roaring(dense.viewers(), roaring);
  return {encode(dense), encode(scattered), roaring};
}

// Every operation that allocates.
void scenario(const Inputs& inputs, std::pmr::memory_resource* memory) {
  core::Summary sum(memory);
  for (int i = 0; i < 5'000; i++) sum.add({core::Engagement::view, true, i * 7919LL % 100'003, 1, false});
  sum.merge(inputs.scattered);
  sum.merge(inputs.dense);
  const core::Summary other = core::Summary::decode(inputs.dense, memory);
  sum.merge(other);
  sum.settle();
  const core::ViewerSet roaring = core::from_roaring(inputs.roaring, memory);
  const core::ViewerSet both = core::ViewerSet::intersect(sum.viewers(), roaring, memory);
  const core::ViewerSet all = core::ViewerSet::unite(both, sum.viewers(), memory);
  const core::ViewerSet rest = core::ViewerSet::subtract(all, roaring, memory);
  Buffer out(core::viewer_set_size(rest));
  core::encode_viewer_set(rest, out);
  EXPECT_EQ(core::decode_viewer_set(out, memory).cardinality(), rest.cardinality());
}

TEST(Allocation, FailureAtEveryPointIsCleanedUp) {
  const Inputs inputs = make_inputs();
  std::size_t failures = 0;
  for (std::size_t n = 0; n <= 2'000; n++) {
    FailingMemory memory(n);
    try {
      scenario(inputs, &memory);
      ASSERT_FALSE(memory.failed()) << "bad_alloc was swallowed at allocation " << n;
    } catch (const std::bad_alloc&) {
      failures++;
    }
    ASSERT_EQ(memory.held(), 0u) << "kept after a failure at allocation " << n;
    if (!memory.failed()) break;   // the whole scenario fits into n allocations
  }
  EXPECT_GT(failures, 25u);
}

}  // namespace
}  // namespace ea::test
