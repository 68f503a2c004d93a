#include "core/value/summary.hpp"

#include <algorithm>

#include "core/value/working.hpp"
#include "support.hpp"

namespace ea::core {
namespace {

using test::Buffer;
using test::code_of;
using test::encode;
using test::kMax;
using test::memory;

Summary summary_of(const std::vector<Event>& events) {
  Summary summary(memory());
  for (const Event& event : events) summary.add(event);
  summary.settle();
  return summary;
}

std::vector<Event> random_events(test::Random& random, std::size_t n, std::int64_t viewers) {
  std::vector<Event> events(n);
  for (Event& event : events) event = test::random_event(random, viewers);
  return events;
}

TEST(Summary, empty) {
  const Buffer value = encode(Summary(memory()));
  EXPECT_EQ(test::to_hex(value), "e501000000000000000000000000");
  EXPECT_EQ(read_header(value), (Header{Counters{}, 0}));
  validate_summary(value);
  EXPECT_EQ(encode(Summary::decode(value, memory())), value);
}

// If this fails, stored values can no longer be read: add a version, keep the old one.
TEST(Summary, golden_bytes) {
  const Summary summary = summary_of({{Engagement::view, true, 5, 1000, true},
                                      {Engagement::view, true, -1, 128, false},
                                      {Engagement::view, false, 0, 0, false},
                                      {Engagement::save, true, 9, 0, false},
                                      {Engagement::share, true, 9, 0, false},
                                      {Engagement::click, true, 9, 0, false},
                                      {Engagement::skip, true, 9, 0, false},
                                      {Engagement::impression, true, 9, 0, false},
                                      {Engagement::complete, true, 9, 0, false}});
  const Buffer golden = test::from_hex("e5010000 03 01 02 01 01 01 01 01 e808 02 01 03 02 01 05");
  EXPECT_EQ(test::to_hex(encode(summary)), test::to_hex(golden));
  const Summary read = Summary::decode(golden, memory());
  EXPECT_EQ(read.counters(), summary.counters());
  EXPECT_EQ(read.viewers(), summary.viewers());
}

TEST(Summary, only_views_make_viewers) {
  Summary summary(memory());
  for (int type = 1; type < kEngagements; ++type) {
    summary.add({static_cast<Engagement>(type), true, type, 10, true});
  }
  summary.add({Engagement::view, false, 99, 10, false});
  summary.settle();
  EXPECT_EQ(summary.viewers().cardinality(), 0U);
  EXPECT_EQ(summary.counters().unidentified_views, 1);
  summary.add({Engagement::view, true, 0, 10, false});
  summary.settle();
  EXPECT_TRUE(summary.viewers().contains(0));
}

TEST(Summary, header_fits_its_slice) {
  Summary summary(memory());
  summary.counters() = {kMax, kMax - 3, kMax, kMax, kMax, kMax, kMax, kMax, kMax};
  for (const std::int64_t key : {1, 2, 3}) summary.viewers().insert(key);
  summary.settle();
  const Buffer value = encode(summary);
  const Header header = read_header(Bytes(value).first(std::min(kHeaderSlice, value.size())));
  EXPECT_EQ(header, (Header{summary.counters(), 3}));
  EXPECT_LE(value.size(), kHeaderSlice);
  validate_summary(value);
}

TEST(Summary, errors_change_nothing) {
  Summary summary(memory());
  summary.counters() = {kMax, kMax, 0, 0, 0, 0, 0, 0, 0};
  const Event view{Engagement::view, true, 1, 0, false};
  EXPECT_EQ(code_of([&] { summary.add(view); }), Errc::out_of_range);
  const Summary one = summary_of({view});
  EXPECT_EQ(code_of([&] { summary.merge(one); }), Errc::out_of_range);
  EXPECT_EQ(code_of([&] { summary.merge(Bytes(encode(one))); }), Errc::out_of_range);
  Buffer damaged = encode(one);
  damaged.pop_back();
  EXPECT_EQ(code_of([&] { summary.merge(Bytes(damaged)); }), Errc::invalid_binary);
  summary.settle();
  EXPECT_EQ(summary.counters().views, kMax);
  EXPECT_EQ(summary.viewers().cardinality(), 0U);
}

TEST(Summary, does_not_write_what_it_would_not_read) {
  Summary summary(memory());
  summary.viewers().insert(1);
  summary.settle();
  EXPECT_EQ(code_of([&] { summary.encoded_size(); }), Errc::contradiction);
  summary.counters().views = -1;
  EXPECT_EQ(code_of([&] { summary.encoded_size(); }), Errc::contradiction);
  summary.counters().views = 1;
  const std::size_t size = summary.encoded_size();
  Buffer large(size + 1), small(size - 1);
  EXPECT_EQ(code_of([&] { summary.encode(large); }), Errc::contradiction);
  EXPECT_EQ(code_of([&] { summary.encode(small); }), Errc::contradiction);
}

TEST(Summary, refuses_lies_and_strangers) {
  const char* const bad[] = {
      "",
      "e5",
      "e6010000 00000000000000000000",                    // not a summary
      "e5020000 00000000000000000000",                    // another version
      "e5010200 00000000000000000000",                    // unknown flag
      "e5010100 00000000000000000000",                    // working flag
      "e5010001 00000000000000000000",                    // reserve
      "e5010000 000000000000000000",                      // too short
      "e5010000 00000000000000000000 00",                 // too long
      "e5010000 00000000000000000000 010100",             // an empty section
      "e5010000 ffffffffffffffffff01 000000000000000000", // negative
      "e5010000 00010000000000000000",                    // unidentified without views
      "e5010000 01000000000000000000",                    // an identified view without viewer
      "e5010000 00000000000000000001 010202 01",          // a viewer without views
      "e5010000 02000000000000000001",                    // the set is missing
      "e5010000 02000000000000000001 02 02 0102",         // unknown section
      "e5010000 02000000000000000001 01 02 0102 02 01 00",  // unknown section behind
      "e5010000 02000000000000000002 01 02 0102",         // another cardinality
      "e5010000 02000000000000000001 01 03 020200",       // likewise
      "e5010000 02000000000000000001 01 03 0102 00",      // section too long
      "e5010000 02000000000000000001 01 00",              // section of no bytes
      "e5010000 02000000000000000001 01 ffffffffffffffffff01 0102",
  };
  for (const char* hex : bad) {
    const Buffer value = test::from_hex(hex);
    EXPECT_EQ(code_of([&] { validate_summary(value); }), Errc::invalid_binary) << hex;
    if (working::is_working(value)) continue;
    EXPECT_EQ(code_of([&] { Summary::decode(value, memory()); }), Errc::invalid_binary) << hex;
    Buffer state(working::initial_size());
    working::init(state);
    EXPECT_EQ(code_of([&] { working::merge(state, value); }), Errc::invalid_binary) << hex;
  }
  validate_summary(test::from_hex("e5010000 02000000000000000001 01 02 0102"));
  Buffer state(working::initial_size());
  working::init(state);
  EXPECT_EQ(code_of([&] { validate_summary(state); }), Errc::invalid_binary);
}

TEST(Summary, any_grouping_gives_the_same_bytes) {
  test::Random random(11);
  for (const std::int64_t viewers : {1, 50, 3000, 100000}) {
    const std::vector<Event> events = random_events(random, 5000, viewers);
    const Buffer serial = encode(summary_of(events));
    validate_summary(serial);
    for (int round = 0; round < 5; ++round) {
      std::vector<Event> shuffled = events;
      std::shuffle(shuffled.begin(), shuffled.end(), random);
      Summary total(memory());
      for (std::size_t i = 0; i < shuffled.size();) {
        const std::size_t n = std::min<std::size_t>(1 + random() % 1500, shuffled.size() - i);
        const auto begin = shuffled.begin() + static_cast<std::ptrdiff_t>(i);
        const Summary part = summary_of({begin, begin + static_cast<std::ptrdiff_t>(n)});
        if (random() % 2 == 0) {
          total.merge(part);
        } else {
          total.merge(Bytes(encode(part)));
        }
        i += n;
      }
      total.settle();
      ASSERT_EQ(encode(total), serial);
    }
    EXPECT_EQ(encode(Summary::decode(serial, memory())), serial);
    EXPECT_EQ(read_header(Bytes(serial).first(std::min(kHeaderSlice, serial.size()))).counters,
              summary_of(events).counters());
  }
}

TEST(Summary, damaged_bytes_are_refused_or_canonical) {
  test::Random random(12);
  for (const std::int64_t viewers : {1, 4, 40, 100, 5000}) {
    const Buffer value = encode(summary_of(random_events(random, 1500, viewers)));
    test::torment(value, random, [](const Buffer& damaged) {
      // Bytes with a working flag are legal to decode, and never to store.
      const Summary summary = Summary::decode(damaged, memory());
      if (working::is_working(damaged)) return;
      EXPECT_EQ(encode(summary), damaged);
      validate_summary(damaged);
      EXPECT_EQ(read_header(damaged).unique_viewers, summary.viewers().cardinality());
    });
  }
}

}  // namespace
}  // namespace ea::core
