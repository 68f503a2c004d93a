#include "core/value/working.hpp"

#include <algorithm>

#include "core/value/summary.hpp"
#include "support.hpp"

namespace ea::core {
namespace {

using test::Buffer;
using test::code_of;
using test::encode;
using test::kMax;
using test::memory;

Buffer fresh() {
  Buffer state(working::initial_size());
  working::init(state);
  return state;
}

// The aggregate as the server runs it. False when the state outgrew working bytes.
template <class Step>
bool put(Buffer& state, Step&& step) {
  for (;;) {
    const Buffer before = state;
    if (step(state) == working::Put::done) return true;
    EXPECT_EQ(state, before) << "full must change nothing";
    const std::size_t size = working::grown_size(state);
    EXPECT_GT(size, state.size());
    if (size > working::kMaxBytes) return false;
    Buffer bigger(size, std::byte{0xAA});
    working::grow(state, bigger);
    state = bigger;
  }
}

bool add(Buffer& state, const Event& event) {
  return put(state, [&](MutableBytes bytes) { return working::add(bytes, event); });
}
bool merge(Buffer& state, const Buffer& other) {
  return put(state, [&](MutableBytes bytes) { return working::merge(bytes, other); });
}

Buffer encode_state(const Buffer& state) {
  Buffer out(working::encoded_size(state));
  working::encode(state, out);
  return out;
}

TEST(Working, empty) {
  const Buffer state = fresh();
  EXPECT_TRUE(working::is_working(state));
  EXPECT_EQ(encode_state(state), encode(Summary(memory())));
  EXPECT_EQ(read_header(state), (Header{Counters{}, 0}));
  EXPECT_FALSE(working::is_working(encode(Summary(memory()))));
  EXPECT_FALSE(working::is_working({}));
  EXPECT_LE(working::initial_size() + 4, 128U);
}

TEST(Working, has_room_for_four_viewers_at_once) {
  Buffer state = fresh();
  for (std::int64_t key = 1; key <= 4; ++key) {
    EXPECT_EQ(working::add(state, {Engagement::view, true, -key, 1, false}), working::Put::done);
  }
}

TEST(Working, agrees_with_the_summary_after_every_event) {
  test::Random random(21);
  for (const std::int64_t viewers : {3, 40, 300, 2000}) {
    Buffer state = fresh();
    Summary summary(memory());
    for (int i = 0; i < 3000; ++i) {
      Event event = test::random_event(random, viewers);
      if (i % 100 == 0) event.viewer = i % 200 == 0 ? test::kMin : kMax;
      if (!add(state, event)) {
        EXPECT_GT(viewers, 900);
        break;
      }
      summary.add(event);
      summary.settle();
      if (i % 50 != 0) continue;
      ASSERT_EQ(encode_state(state), encode(summary));
      ASSERT_EQ(read_header(Bytes(state).first(std::min(kHeaderSlice, state.size()))),
                read_header(encode(summary)));
      ASSERT_EQ(encode(Summary::decode(state, memory())), encode(summary));
    }
  }
}

TEST(Working, any_grouping_gives_the_same_bytes) {
  test::Random random(22);
  for (int round = 0; round < 20; ++round) {
    Summary summary(memory());
    Buffer total = fresh();
    for (int part = 0; part < 6; ++part) {
      Buffer state = fresh();
      Summary piece(memory());
      for (std::uint64_t i = random() % 150; i > 0; --i) {
        const Event event = test::random_event(random, round < 10 ? 400 : 30);
        ASSERT_TRUE(add(state, event));
        piece.add(event);
        summary.add(event);
      }
      piece.settle();
      // Aggregate states and stored values, in both roles.
      ASSERT_TRUE(merge(total, random() % 2 == 0 ? state : encode(piece)));
      Summary from_state(memory());
      from_state.merge(Bytes(state));
      from_state.settle();
      ASSERT_EQ(encode(from_state), encode(piece));
    }
    summary.settle();
    ASSERT_EQ(encode_state(total), encode(summary));
  }
}

TEST(Working, merges_runs_and_refuses_what_is_too_large) {
  Summary runs(memory()), many(memory());
  for (std::int64_t i = 0; i < 500; ++i) runs.add({Engagement::view, true, i - 250, 1, false});
  for (std::int64_t i = 0; i < 70000; ++i) many.add({Engagement::view, true, i, 1, false});
  runs.settle();
  many.settle();
  Buffer state = fresh();
  ASSERT_TRUE(add(state, {Engagement::view, true, 100, 1, false}));
  ASSERT_TRUE(add(state, {Engagement::view, true, 10000, 1, false}));
  ASSERT_TRUE(merge(state, encode(runs)));
  EXPECT_EQ(read_header(state).unique_viewers, 501U);
  EXPECT_FALSE(merge(state, encode(many)));
  EXPECT_EQ(read_header(state).unique_viewers, 501U);
  Summary total = Summary::decode(state, memory());
  total.merge(many);
  total.settle();
  EXPECT_EQ(total.viewers().cardinality(), 70250U);
  const Buffer copy = state;
  ASSERT_TRUE(merge(state, copy));
  EXPECT_EQ(read_header(state).unique_viewers, 501U);
  EXPECT_EQ(read_header(state).counters.views, 1004);
}

TEST(Working, errors_change_nothing) {
  Summary huge(memory());
  huge.counters().saves = kMax;
  Buffer state = fresh();
  ASSERT_TRUE(merge(state, encode(huge)));
  const Buffer before = state;
  EXPECT_EQ(code_of([&] { add(state, {Engagement::save, true, 1, 0, false}); }),
            Errc::out_of_range);
  EXPECT_EQ(code_of([&] { merge(state, before); }), Errc::out_of_range);
  EXPECT_EQ(code_of([&] { add(state, {Engagement::view, true, 1, -5, false}); }),
            Errc::invalid_argument);
  Buffer damaged = encode(huge);
  damaged.pop_back();
  EXPECT_EQ(code_of([&] { merge(state, damaged); }), Errc::invalid_binary);
  EXPECT_EQ(state, before);
}

TEST(Working, refuses_states_that_are_none) {
  Buffer state = fresh();
  ASSERT_TRUE(add(state, {Engagement::view, true, 7, 1, false}));
  ASSERT_TRUE(add(state, {Engagement::view, true, 9, 1, false}));
  const Event event{Engagement::view, true, 8, 1, false};
  for (std::size_t n = 0; n < 80; ++n) {
    Buffer cut(state.begin(), state.begin() + static_cast<std::ptrdiff_t>(n));
    EXPECT_EQ(code_of([&] { working::add(cut, event); }), Errc::invalid_binary);
    EXPECT_EQ(code_of([&] { working::encoded_size(cut); }), Errc::invalid_binary);
    EXPECT_EQ(code_of([&] { read_header(cut); }), Errc::invalid_binary);
  }
  Buffer crowded = state;
  crowded[76] = std::byte{6};
  EXPECT_EQ(code_of([&] { working::add(crowded, event); }), Errc::invalid_binary);
  Buffer disorder = state;
  disorder[80] = std::byte{9};
  EXPECT_EQ(code_of([&] { working::encoded_size(disorder); }), Errc::invalid_binary);
  EXPECT_EQ(code_of([&] { Summary::decode(disorder, memory()); }), Errc::invalid_binary);
  Buffer canonical = encode(Summary(memory()));
  EXPECT_EQ(code_of([&] { working::add(canonical, event); }), Errc::invalid_binary);
  Buffer small(10), large(working::kMaxBytes + 1);
  EXPECT_EQ(code_of([&] { working::init(small); }), Errc::contradiction);
  EXPECT_EQ(code_of([&] { working::init(large); }), Errc::contradiction);
  EXPECT_EQ(code_of([&] { working::grow(state, small); }), Errc::contradiction);
}

TEST(Working, damaged_states_do_no_harm) {
  test::Random random(23);
  Buffer state = fresh();
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(add(state, test::random_event(random, 25)));
  test::torment(state, random, [&](const Buffer& damaged) {
    const Summary summary = Summary::decode(damaged, memory());
    if (working::is_working(damaged)) {
      EXPECT_EQ(encode_state(damaged), encode(summary));
    }
    Buffer target = fresh();
    EXPECT_TRUE(merge(target, damaged));
    EXPECT_EQ(encode_state(target), encode(summary));
  });
}

TEST(Working, does_not_depend_on_alignment) {
  Buffer room(working::initial_size() + 8);
  for (std::size_t shift = 0; shift < 8; ++shift) {
    const MutableBytes state = MutableBytes(room).subspan(shift, working::initial_size());
    working::init(state);
    EXPECT_EQ(working::add(state, {Engagement::view, true, 1, 1, true}), working::Put::done);
    Buffer out(working::encoded_size(state));
    working::encode(state, out);
    EXPECT_EQ(read_header(out).unique_viewers, 1U);
  }
}

}  // namespace
}  // namespace ea::core
