#include "core/set/viewer_set.hpp"

#include <algorithm>

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

TEST(ViewerSet, empty) {
  ViewerSet set(memory());
  EXPECT_TRUE(set.settled());
  EXPECT_EQ(set.cardinality(), 0U);
  EXPECT_FALSE(set.contains(0));
  EXPECT_TRUE(set.contains_all(set));
  std::int64_t key;
  EXPECT_FALSE(ViewerSet::Cursor(set).next(&key));
  EXPECT_EQ(test::to_hex(encode(set)), "e601000000");
  EXPECT_EQ(set, decode_viewer_set(encode(set), memory()));
}

TEST(ViewerSet, keys_of_every_kind) {
  for (const std::int64_t key : {kMin, kMin + 1, std::int64_t{-65536}, std::int64_t{-1},
                                 std::int64_t{0}, std::int64_t{1}, std::int64_t{65535}, kMax}) {
    const ViewerSet set = make_set({key});
    EXPECT_EQ(set.cardinality(), 1U);
    EXPECT_TRUE(set.contains(key));
    EXPECT_FALSE(set.contains(key ^ 1));
    EXPECT_EQ(model_of(decode_viewer_set(encode(set), memory())), Model{key});
  }
  const ViewerSet both = make_set({kMax, kMin});
  EXPECT_EQ(model_of(decode_viewer_set(encode(both), memory())), (Model{kMin, kMax}));
}

// If one of these fails, stored values can no longer be read: add a version, keep the old one.
TEST(ViewerSet, golden_bytes) {
  EXPECT_EQ(test::to_hex(encode(make_set({5}))), "e6010000010a");
  EXPECT_EQ(test::to_hex(encode(make_set({-3, 1, 2, 300}))),
            test::to_hex(test::from_hex("e6010000 04 05 03 00 a902")));
  EXPECT_EQ(test::to_hex(encode(make_set({kMin, kMax}))),
            test::to_hex(test::from_hex("e6010000 02 ffffffffffffffffff01 feffffffffffffffff01")));
  Model run;
  for (std::int64_t i = -70; i < 70000; ++i) run.insert(i);
  // 70,070 keys; range -1: one run from 65466 of 70 keys; 0: all; 1: the first 4464.
  EXPECT_EQ(test::to_hex(encode(make_set(run))),
            test::to_hex(test::from_hex("e6010000 b6a304 01 02 baff 4500 00 02 0000 ffff "
                                        "00 02 0000 6f11")));
  Model even;
  for (std::int64_t i = 0; i < 65; ++i) even.insert(2 * i);
  Buffer array = test::from_hex("e6010000 41 00 8002");
  for (int i = 0; i < 65; ++i) {
    array.push_back(static_cast<std::byte>(2 * i));
    array.push_back(std::byte{0});
  }
  EXPECT_EQ(test::to_hex(encode(make_set(even))), test::to_hex(array));
  Model bitmap;
  for (std::int64_t i = 0; i < 65536; i += 2) bitmap.insert(i);
  Buffer words = test::from_hex("e6010000 808002 00 fdff07");
  words.resize(words.size() + 8192, std::byte{0x55});
  EXPECT_EQ(test::to_hex(encode(make_set(bitmap))), test::to_hex(words));
}

TEST(ViewerSet, is_read_only_when_settled) {
  ViewerSet set(memory());
  set.insert(1);
  EXPECT_FALSE(set.settled());
  EXPECT_EQ(code_of([&] { set.cardinality(); }), Errc::contradiction);
  EXPECT_EQ(code_of([&] { set.contains(1); }), Errc::contradiction);
  EXPECT_EQ(code_of([&] { make_set({2}).merge(set); }), Errc::contradiction);
  EXPECT_EQ(code_of([&] { ViewerSet::Cursor cursor(set); }), Errc::contradiction);
  set.settle();
  EXPECT_EQ(set.cardinality(), 1U);
}

TEST(ViewerSet, moves_with_its_memory) {
  ViewerSet a = make_set({1, 2, 3});
  ViewerSet b(std::move(a));
  EXPECT_EQ(b.cardinality(), 3U);
  test::Meter other;
  {
    ViewerSet c(&other);
    c.insert(9);
    c.settle();
    c = std::move(b);
    EXPECT_EQ(model_of(c), (Model{1, 2, 3}));
    c = ViewerSet(&other);
    c.insert(4);
    c.settle();
    EXPECT_EQ(model_of(c), Model{4});
    EXPECT_GT(other.held(), 0U);
  }
  EXPECT_EQ(other.held(), 0U);
}

TEST(ViewerSet, merges_itself_and_payloads) {
  ViewerSet set = make_set({1, 70000});
  set.merge(set);
  EXPECT_EQ(set.cardinality(), 2U);
  const Buffer value = encode(make_set({-1, 1}));
  set.merge(Bytes(value).subspan(4));
  set.settle();
  EXPECT_EQ(model_of(set), (Model{-1, 1, 70000}));
  EXPECT_EQ(code_of([&] { set.merge(Bytes(value).subspan(3)); }), Errc::invalid_binary);
  EXPECT_EQ(model_of(set), (Model{-1, 1, 70000}));
}

// However late in the payload the damage is.
TEST(ViewerSet, a_refused_merge_changes_nothing) {
  Model keys, others;
  for (std::int64_t i = 0; i < 40000; ++i) keys.insert(3 * i);
  for (std::int64_t i = 0; i < 60000; ++i) others.insert(5 * i + 1);
  others.insert({kMin, kMax});
  ViewerSet set = make_set(keys);
  const Buffer before = encode(set);
  const Buffer value = encode(make_set(others));
  const Bytes payload = Bytes(value).subspan(4);
  for (const std::size_t cut : {std::size_t{1}, std::size_t{3}, payload.size() / 2}) {
    EXPECT_EQ(code_of([&] { set.merge(payload.first(payload.size() - cut)); }),
              Errc::invalid_binary);
    set.settle();
    EXPECT_TRUE(encode(set) == before);
  }
  set.merge(payload);
  set.settle();
  keys.merge(others);
  EXPECT_EQ(model_of(set), keys);
}

// A new chunk takes in the loose keys of its range, and lies between older ones.
TEST(ViewerSet, chunks_arrive_in_any_order) {
  Model keys;
  ViewerSet sum(memory());
  for (const std::int64_t range : {5, 1, 9, 3, 7, -2, 4}) {
    Model part{-1, 65536 * range + 40000, 65536 * 8 + range, 65536 * (range + 1) - 1};
    for (std::int64_t i = 0; i < 3000; ++i) part.insert(65536 * range + (range % 2 + 1) * i);
    sum.merge(make_set(part));
    sum.insert(65536 * 4 + range);
    keys.insert(65536 * 4 + range);
    keys.merge(part);
  }
  sum.settle();
  EXPECT_EQ(model_of(sum), keys);
  EXPECT_TRUE(encode(sum) == encode(make_set(keys)));
}

// Every form beside every other: a bitmap, runs, loose keys, none; in one range and in neighbours.
TEST(ViewerSet, counts_what_two_share) {
  const auto every = [](std::int64_t from, std::int64_t to, std::int64_t step) {
    Model keys;
    for (std::int64_t key = from; key < to; key += step) keys.insert(key);
    return keys;
  };
  const auto with = [](Model a, const Model& b) {
    a.insert(b.begin(), b.end());
    return a;
  };
  const std::vector<Model> models = {
      {},
      {-1, 0, 63, 64, 65535, 65536},
      every(0, 65536, 2),                                       // bitmaps
      every(1, 65536, 2),
      every(0, 200000, 3),
      every(0, 65536, 1),                                       // one run
      with(every(1000, 9000, 1), every(9001, 60000, 1)),        // runs with a gap of one key
      with(every(64, 128, 1), every(65472, 65536, 1)),          // loose, on the ends of words
      with(every(-70000, -60000, 1), every(65535, 75000, 1)),
      every(0, 65536, 100),                                     // loose, much shorter than the next
      every(0, 60000000, 65),
      every(-400000000, 400000000, 65536 * 3),
      with(every(0, 65536, 1), every(300000000, 300100000, 7)),
      {kMin, kMax},
      with(every(kMin, kMin + 5000, 1), {kMax - 1, kMax}),
  };
  // Built from keys, ranges are bitmaps; read from bytes, some are runs.
  std::vector<ViewerSet> built, read;
  for (const Model& model : models) {
    built.push_back(make_set(model));
    read.push_back(decode_viewer_set(encode(built.back()), memory()));
  }
  const auto has_runs = [](const ViewerSet& set) {
    const auto chunks = set.view().chunks;
    return std::any_of(chunks.begin(), chunks.end(), [](const Chunk& c) { return !c.is_bitmap(); });
  };
  EXPECT_GE(std::count_if(read.begin(), read.end(), has_runs), 5);
  for (std::size_t i = 0; i < models.size(); ++i) {
    for (std::size_t j = 0; j < models.size(); ++j) {
      std::uint64_t common = 0;
      for (const std::int64_t key : models[i]) common += models[j].count(key);
      for (const ViewerSet* a : {&built[i], &read[i]}) {
        for (const ViewerSet* b : {&built[j], &read[j]}) {
          ASSERT_EQ(ViewerSet::intersection_count(*a, *b), common) << i << " and " << j;
        }
      }
    }
  }
  ViewerSet open = make_set({1});
  open.insert(2);
  EXPECT_THROW(ViewerSet::intersection_count(open, built[1]), Error);
}

TEST(ViewerSet, cardinality_needs_only_a_prefix) {
  test::Random random(3);
  for (int shape = 0; shape < test::kShapes; ++shape) {
    const Model keys = test::random_keys(random, shape);
    const Buffer value = encode(make_set(keys));
    EXPECT_EQ(encoded_cardinality(Bytes(value).first(std::min<std::size_t>(value.size(), 16))),
              keys.size());
  }
}

TEST(ViewerSet, refuses_wrong_headers) {
  const Buffer good = encode(make_set({1}));
  validate_viewer_set(good);
  for (std::size_t i = 0; i < 4; ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      Buffer bad = good;
      bad[i] ^= std::byte{1} << bit;
      EXPECT_EQ(code_of([&] { validate_viewer_set(bad); }), Errc::invalid_binary);
      EXPECT_EQ(code_of([&] { decode_viewer_set(bad, memory()); }), Errc::invalid_binary);
      EXPECT_EQ(code_of([&] { encoded_cardinality(bad); }), Errc::invalid_binary);
    }
  }
}

TEST(ViewerSet, refuses_forms_a_writer_would_not_choose) {
  const char* const bad[] = {
      "02 02 ffffffffffffffffff01",              // second key beyond int64
      "02 feffffffffffffffff01 00",              // likewise, by one
      "41",                                      // many keys, no container
      "41 00 02 0000 3f00",                      // 64 keys claimed as 65
      "42 00 02 0000 4000",                      // 65 keys claimed as 66
      "41 00 06 0000 1f00 2000 2000",            // runs that touch
      "41 00 06 1000 1f00 0000 2000",            // runs out of order
      "41 00 02 ffff 4000",                      // a run beyond its range
      "41 00 03 0000 4000",                      // unknown kind
      "41 80808080808040 02 0000 4000",          // range beyond 48 bits
      "8201 feffffffffff3f 02 0000 4000 00 02 0000 4000",  // second range beyond 48 bits
      "41 00 02 0000 4000 00",                   // a byte too many
  };
  for (const char* hex : bad) {
    const Buffer payload = test::from_hex(hex);
    EXPECT_EQ(code_of([&] { ViewerSet::read_payload(payload, memory()); }), Errc::invalid_binary)
        << hex;
  }
  EXPECT_EQ(ViewerSet::read_payload(test::from_hex("41 00 02 0000 4000"), memory()).cardinality(),
            65U);

  // 65 consecutive keys as an array, and a sparse range as a bitmap.
  Buffer array = test::from_hex("41 00 8002");
  for (int i = 0; i < 65; ++i) {
    array.push_back(static_cast<std::byte>(i));
    array.push_back(std::byte{0});
  }
  EXPECT_EQ(code_of([&] { ViewerSet::read_payload(array, memory()); }), Errc::invalid_binary);
  Buffer bitmap = test::from_hex("8001 00 fd03");
  for (int i = 0; i < 128; ++i) bitmap.push_back(std::byte{1});
  bitmap.resize(bitmap.size() + 8192 - 128);
  EXPECT_EQ(code_of([&] { ViewerSet::read_payload(bitmap, memory()); }), Errc::invalid_binary);
}

// A few bytes may claim 65,536 keys each; reading and merging them must not blow them up.
TEST(ViewerSet, hostile_runs_take_little_memory) {
  constexpr std::uint64_t kRanges = 20000;
  for (const unsigned length : {65536U, 1023U, 500U, 20U, 9U}) {
    Buffer payload(16 + 6 * kRanges);
    Writer writer(payload);
    writer.varint(kRanges * length);
    for (std::uint64_t i = 0; i < kRanges; ++i) {
      writer.u8(0);
      writer.u8(2);
      writer.u16(0);
      writer.u16(static_cast<std::uint16_t>(length - 1));
    }
    payload.resize(payload.size() - writer.remaining());
    test::Meter meter;
    const ViewerSet set = ViewerSet::read_payload(payload, &meter);
    EXPECT_EQ(set.cardinality(), kRanges * length);
    EXPECT_LT(meter.peak(), 16 * payload.size());
    ViewerSet sum(&meter);
    sum.merge(payload);
    sum.merge(payload);
    sum.settle();
    EXPECT_EQ(sum, set);
    const ViewerSet united = ViewerSet::unite(set, sum, &meter);
    const ViewerSet common = ViewerSet::intersect(set, sum, &meter);
    EXPECT_EQ(ViewerSet::subtract(united, common, &meter).cardinality(), 0U);
    EXPECT_LT(meter.peak(), 128 * payload.size());  // five sets and their room to grow
  }
}

}  // namespace
}  // namespace ea::core
