#include "core/set/roaring.hpp"

#include "support.hpp"

namespace ea::core {
namespace {

using test::Buffer;
using test::code_of;
using test::encode;
using test::kMax;
using test::kMin;
using test::make_set;
using test::memory;
using test::Model;
using test::model_of;

Buffer write(const ViewerSet& set) {
  Buffer out(roaring_size(set));
  to_roaring(set, out);
  return out;
}

TEST(Roaring, known_bytes) {
  EXPECT_EQ(test::to_hex(write(make_set(Model{}))), "0000000000000000");
  EXPECT_EQ(test::to_hex(write(make_set({5}))),
            test::to_hex(test::from_hex("0100000000000000 00000000 3a300000 01000000 "
                                        "0000 0000 10000000 0500")));
  // Negative keys stand last; a run of three is shorter than an array of three only beyond two.
  EXPECT_EQ(test::to_hex(write(make_set({-1, 7, 8, 9}))),
            test::to_hex(test::from_hex(
                "0200000000000000 00000000 3b300000 01 0000 0200 0100 0700 0200 "
                "ffffffff 3a300000 01000000 ffff 0000 10000000 ffff")));
}

TEST(Roaring, round_trip) {
  test::Random random(31);
  for (int round = 0; round < 5; ++round) {
    for (int shape = 0; shape < test::kShapes; ++shape) {
      const Model model = test::random_keys(random, shape);
      const ViewerSet set = make_set(model);
      const Buffer bytes = write(set);
      const ViewerSet read = from_roaring(bytes, memory());
      ASSERT_EQ(model_of(read), model);
      ASSERT_EQ(encode(read), encode(set));
      ASSERT_EQ(write(read), bytes);
    }
  }
}

TEST(Roaring, reads_forms_it_would_not_write) {
  // 65,536 keys as a bitmap; an empty part in front; consecutive keys as an array.
  Buffer full = test::from_hex("0200000000000000 00000000 3a300000 00000000 "
                               "01000000 3a300000 02000000 0000 ffff 0100 0100 18000000 18200000");
  full.resize(full.size() + 8192, std::byte{0xFF});
  for (const std::byte b : test::from_hex("0300 0400")) full.push_back(b);
  const ViewerSet set = from_roaring(full, memory());
  EXPECT_EQ(set.cardinality(), 65538U);
  EXPECT_TRUE(set.contains((std::int64_t{1} << 32) + 65536 + 4));
  EXPECT_LT(write(set).size(), 60U);
}

TEST(Roaring, refuses_hostile_bytes) {
  const char* const bad[] = {
      "",
      "01000000000000",                                                          // cut
      "ffffffffffffffff",                                                        // parts missing
      "0000000000000000 00",                                                     // a byte too many
      "0100000000000000 00000000 39300000 01000000 0000 0000 10000000 0500",     // cookie
      "0100000000000000 00000000 3a300000 01000100 0000 0000 10000000 0500",     // containers
      "0100000000000000 00000000 3a300000 01000000 0000 0000 11000000 0500",     // offset
      "0100000000000000 00000000 3a300000 01000000 0000 0100 10000000 0500",     // count
      "0100000000000000 00000000 3a300000 01000000 0000 0100 10000000 0500 0500",  // twice
      "0100000000000000 00000000 3a300000 02000000 00000000 00000000 18000000 1a000000 05000500",
      "0200000000000000 00000000 3a300000 00000000 00000000 3a300000 00000000",  // same part
      "0100000000000000 00000000 3b300000 01 0000 0200 0100 0700 0300",          // count of a run
      "0100000000000000 00000000 3b300000 03 0000 0200 0100 0700 0200",          // stray flag
      "0100000000000000 00000000 3b300000 01 0000 0200 0000",                    // no runs
      "0100000000000000 00000000 3b300000 01 0000 0200 0200 0700 0000 0800 0100",  // touching
      "0100000000000000 00000000 3b300000 01 0000 0200 0100 ffff 0200",          // beyond
  };
  for (const char* hex : bad) {
    const Buffer bytes = test::from_hex(hex);
    EXPECT_EQ(code_of([&] { from_roaring(bytes, memory()); }), Errc::invalid_binary) << hex;
  }
}

TEST(Roaring, damaged_bytes_are_refused_or_a_set) {
  test::Random random(32);
  for (int shape = 0; shape < test::kShapes; ++shape) {
    const Buffer bytes = write(make_set(test::random_keys(random, shape)));
    test::torment(bytes, random, [&](const Buffer& damaged) {
      test::Meter meter;
      const ViewerSet set = from_roaring(damaged, &meter);
      EXPECT_LE(meter.peak(), 16 * damaged.size());
      // Foreign forms are legal, so the bytes may differ; the set may not.
      ASSERT_EQ(from_roaring(write(set), &meter), set);
      ASSERT_EQ(decode_viewer_set(encode(set), &meter), set);
    });
  }
}

TEST(Roaring, refuses_to_write_what_cannot_be_stored) {
  // Each of these keys takes 22 bytes in this format.
  test::Meter meter;
  SetParts parts(&meter);
  parts.loose.resize(49'000'000);
  for (std::size_t i = 0; i < parts.loose.size(); ++i) {
    parts.loose[i] = static_cast<std::int64_t>(i) << 32;
  }
  const ViewerSet set = ViewerSet::from_parts(std::move(parts));
  EXPECT_EQ(code_of([&] { roaring_size(set); }), Errc::too_large);
}

TEST(Roaring, extremes) {
  const ViewerSet set = make_set({kMin, -1, 0, kMax});
  EXPECT_EQ(model_of(from_roaring(write(set), memory())), (Model{kMin, -1, 0, kMax}));
  Buffer room(roaring_size(set) + 1);
  EXPECT_EQ(code_of([&] { to_roaring(set, room); }), Errc::contradiction);
}

}  // namespace
}  // namespace ea::core
