// Random sets of every shape against std::set, and damaged bytes against the readers.
#include <algorithm>
#include <iterator>

#include "core/set/viewer_set.hpp"
#include "support.hpp"

namespace ea::core {
namespace {

using test::Buffer;
using test::encode;
using test::make_set;
using test::memory;
using test::Model;
using test::model_of;

template <class Operation>
Model combine(const Model& a, const Model& b, Operation operation) {
  Model out;
  operation(a.begin(), a.end(), b.begin(), b.end(), std::inserter(out, out.end()));
  return out;
}

class SetProperty : public ::testing::TestWithParam<int> {
 protected:
  test::Random random_{static_cast<std::uint64_t>(GetParam()) + 17};
};

TEST_P(SetProperty, behaves_like_a_model) {
  const Model model = test::random_keys(random_, GetParam());
  const ViewerSet set = make_set(model);
  EXPECT_EQ(set.cardinality(), model.size());
  EXPECT_EQ(model_of(set), model);

  ViewerSet::Cursor cursor(set);
  for (const std::int64_t expected : model) {
    std::int64_t key = ~expected;
    ASSERT_TRUE(cursor.next(&key));
    ASSERT_EQ(key, expected);
  }
  std::int64_t key;
  EXPECT_FALSE(cursor.next(&key));
  EXPECT_FALSE(cursor.next(&key));

  for (const std::int64_t one : model) {
    for (const std::int64_t flip : {0LL, 1LL, 1LL << 16, 1LL << 40}) {
      const std::int64_t probe = one ^ flip;
      ASSERT_EQ(set.contains(probe), model.count(probe) == 1);
    }
  }
}

TEST_P(SetProperty, bytes_are_canonical) {
  const Model model = test::random_keys(random_, GetParam());
  const ViewerSet set = make_set(model);
  const Buffer value = encode(set);
  validate_viewer_set(value);
  EXPECT_EQ(encoded_cardinality(value), model.size());
  const ViewerSet read = decode_viewer_set(value, memory());
  EXPECT_EQ(read, set);
  EXPECT_EQ(model_of(read), model);
  EXPECT_EQ(encode(read), value);

  // The same keys by another way, held in other forms: ascending, and as a sum of parts.
  ViewerSet ascending(memory()), sum(memory());
  for (const std::int64_t key : model) ascending.insert(key);
  ascending.settle();
  EXPECT_EQ(encode(ascending), value);
  for (int part = 0; part < 4; ++part) {
    ViewerSet some(memory());
    for (const std::int64_t key : model) {
      if (((key >> 14) & 3) == part || random_() % 8 == 0) some.insert(key);
    }
    some.settle();
    if (part % 2 == 0) {
      sum.merge(some);
    } else {
      sum.merge(Bytes(encode(some)).subspan(4));
    }
  }
  sum.settle();
  EXPECT_EQ(encode(sum), value);
  EXPECT_EQ(sum, ascending);
}

TEST_P(SetProperty, algebra) {
  for (int other = 0; other < test::kShapes; ++other) {
    Model x = test::random_keys(random_, GetParam());
    const Model y = test::random_keys(random_, other);
    // Sets that share keys say more than sets that do not.
    for (const std::int64_t key : y) {
      if (random_() % 3 == 0) x.insert(key);
    }
    const ViewerSet built_a = make_set(x), built_b = make_set(y);
    const ViewerSet read_a = decode_viewer_set(encode(built_a), memory());
    const ViewerSet read_b = decode_viewer_set(encode(built_b), memory());
    for (const ViewerSet* pa : {&built_a, &read_a}) {
      for (const ViewerSet* pb : {&built_b, &read_b}) {
        const ViewerSet &a = *pa, &b = *pb;
        const ViewerSet both = ViewerSet::unite(a, b, memory());
        const ViewerSet common = ViewerSet::intersect(a, b, memory());
        const ViewerSet rest = ViewerSet::subtract(a, b, memory());
        const auto unite = [](auto... args) { return std::set_union(args...); };
        const auto intersect = [](auto... args) { return std::set_intersection(args...); };
        const auto subtract = [](auto... args) { return std::set_difference(args...); };
        ASSERT_EQ(model_of(both), combine(x, y, unite));
        ASSERT_EQ(model_of(common), combine(x, y, intersect));
        ASSERT_EQ(model_of(rest), combine(x, y, subtract));
        ASSERT_EQ(both.cardinality(), model_of(both).size());
        ASSERT_EQ(ViewerSet::intersection_count(a, b), combine(x, y, intersect).size());
        ASSERT_EQ(encode(both), encode(make_set(model_of(both))));
        ASSERT_EQ(encode(common), encode(make_set(model_of(common))));
        ASSERT_EQ(encode(rest), encode(make_set(model_of(rest))));

        ASSERT_TRUE(both.contains_all(a) && both.contains_all(b));
        ASSERT_TRUE(a.contains_all(common) && b.contains_all(common) && a.contains_all(rest));
        ASSERT_EQ(a.contains_all(b), std::includes(x.begin(), x.end(), y.begin(), y.end()));
        ASSERT_EQ(b.contains_all(a), std::includes(y.begin(), y.end(), x.begin(), x.end()));
        ASSERT_EQ(a == b, x == y);
        ASSERT_EQ(common.contains_all(both), x == y);

        ViewerSet sum = ViewerSet::unite(a, ViewerSet(memory()), memory());
        ASSERT_EQ(sum, a);
        sum.insert(42);
        sum.merge(b);
        sum.insert(43);
        sum.settle();
        Model expected = combine(x, y, unite);
        expected.insert({42, 43});
        ASSERT_EQ(model_of(sum), expected);
        ASSERT_EQ(sum.cardinality(), expected.size());
      }
    }
  }
}

// Equal but for one key, in every form.
TEST_P(SetProperty, sees_a_single_difference) {
  const Model model = test::random_keys(random_, GetParam());
  if (model.empty()) return;
  const ViewerSet set = make_set(model);
  for (int i = 0; i < 20; ++i) {
    auto victim = model.begin();
    std::advance(victim, static_cast<std::ptrdiff_t>(random_() % model.size()));
    Model changed = model;
    changed.erase(*victim);
    const ViewerSet less = make_set(changed);
    EXPECT_FALSE(less == set);
    EXPECT_FALSE(less.contains_all(set));
    EXPECT_TRUE(set.contains_all(less));
    EXPECT_EQ(model_of(ViewerSet::subtract(set, less, memory())), Model{*victim});
    EXPECT_NE(encode(less), encode(set));
    changed.insert(*victim ^ (std::int64_t{1} << 50));
    const ViewerSet other = make_set(changed);
    if (other.cardinality() == set.cardinality() && changed != model) {
      EXPECT_FALSE(other == set);
    }
  }
}

TEST_P(SetProperty, damaged_bytes_are_refused_or_canonical) {
  for (int round = 0; round < 3; ++round) {
    const Buffer value = encode(make_set(test::random_keys(random_, GetParam())));
    test::torment(value, random_, [](const Buffer& damaged) {
      bool valid = false;
      try {
        validate_viewer_set(damaged);
        valid = true;
      } catch (const Error&) {
      }
      try {
        const ViewerSet set = decode_viewer_set(damaged, memory());
        EXPECT_TRUE(valid);
        EXPECT_EQ(encode(set), damaged);
      } catch (const Error&) {
        EXPECT_FALSE(valid);
        throw;
      }
    });
  }
}

TEST_P(SetProperty, decoding_takes_memory_in_proportion) {
  for (int round = 0; round < 5; ++round) {
    const Buffer value = encode(make_set(test::random_keys(random_, GetParam())));
    test::Meter meter;
    decode_viewer_set(value, &meter);
    EXPECT_LE(meter.peak(), 16 * value.size());
    EXPECT_EQ(meter.held(), 0U);
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, SetProperty, ::testing::Range(0, test::kShapes));

// Many merges into one set, of all sizes and kinds, with single inserts between them.
TEST(SetMerge, any_grouping_gives_the_same_bytes) {
  test::Random random(5);
  for (int round = 0; round < 3; ++round) {
    Model model;
    ViewerSet sum(memory());
    for (int i = 0; i < 60; ++i) {
      const Model part = test::random_keys(random, static_cast<int>(random() % test::kShapes));
      sum.merge(make_set(part));
      model.insert(part.begin(), part.end());
      const auto key = static_cast<std::int64_t>(random() % 200000);
      sum.insert(key);
      model.insert(key);
    }
    sum.settle();
    ASSERT_EQ(sum.cardinality(), model.size());
    ASSERT_EQ(model_of(sum), model);
    ASSERT_EQ(encode(sum), encode(make_set(model)));
  }
}

}  // namespace
}  // namespace ea::core
