#include "core/tree/event_log.hpp"

#include "timed_events.hpp"

namespace ea::core {
namespace {

using test::Buffer;
using test::code_of;
using test::encode;
using test::Events;
using test::events_of;
using test::from_hex;
using test::kMax;
using test::kMin;
using test::Random;
using test::sorted;
using test::view;

Errc refusal(std::string_view hex) {
  return code_of([&] { events_of(from_hex(hex)); });
}

std::uint8_t unit_of(const Buffer& log) { return std::to_integer<std::uint8_t>(log[2]); }

TEST(EventLog, BytesAreTheseAndNoOthers) {
  const Events events = {view(-2000, 42, 90000, true), {-2000, {Engagement::save, false, 0, 0, false}}, view(1000, -1)};
  EXPECT_EQ(test::to_hex(encode(events)), test::to_hex(from_hex("e7 01 01 00 03"
                                                                "03 38 54 8fbf05"
                                                                "00 01"
                                                                "03 10 01")));
  EXPECT_EQ(test::to_hex(encode(Events{})), "e701020000");
}

TEST(EventLog, RoundTripInAnyOrderOfInsertion) {
  Random random(1);
  for (int trial = 0; trial < 300; ++trial) {
    SCOPED_TRACE(trial);
    Events events = test::random_events(random, trial % test::kTimeShapes, random() % 300);
    // Some of them twice.
    for (std::size_t i = 0, n = events.size(); i < n; i += 1 + random() % 9) events.push_back(events[random() % n]);
    const Buffer log = encode(sorted(events));
    std::shuffle(events.begin(), events.end(), random);
    EXPECT_EQ(encode(sorted(events)), log);
    const Events ascending = sorted(events);
    EXPECT_EQ(events_of(log), ascending);
    EventLogReader reader(log);
    EXPECT_EQ(reader.count(), events.size());
  }
}

TEST(EventLog, EveryFieldSurvives) {
  const std::int64_t times[] = {kMin, kMin + 1, -1'000'000, -1, 0, 1, 999, 1'000'000, kMax - 1, kMax};
  const std::int64_t viewers[] = {kMin, -65, -64, -1, 0, 1, 63, 64, kMax};
  const std::int32_t watch_times[] = {0, 1, 2, 128, 129, 90000, INT32_MAX - 1, INT32_MAX};
  Events all;
  for (const std::int64_t at : times) {
    for (int type = 0; type < kEngagements; ++type) {
      for (const std::int64_t viewer : viewers) {
        for (const std::int32_t watch_time : watch_times) {
          for (int flags = 0; flags < 4; ++flags) {
            const TimedEvent e = normalized({at, {static_cast<Engagement>(type), flags % 2 != 0, viewer, watch_time, flags / 2 != 0}});
            all.push_back(e);
            const Events one = {e};
            const Events read = events_of(encode(one));
            ASSERT_EQ(read.size(), 1U);
            ASSERT_EQ(read[0].at, e.at);
            ASSERT_EQ(read[0].event.type, e.event.type);
            ASSERT_EQ(read[0].event.has_viewer, e.event.has_viewer);
            ASSERT_EQ(read[0].event.viewer, e.event.viewer);
            ASSERT_EQ(read[0].event.watch_time_ms, watch_time);
            ASSERT_EQ(read[0].event.completed, e.event.completed);
          }
        }
      }
    }
  }
  all = sorted(all);
  EXPECT_EQ(events_of(encode(all)), all);
  // From one end of time to the other in one step.
  const Events ends = {view(kMin), view(kMax)};
  EXPECT_EQ(events_of(encode(ends)), ends);
}

TEST(EventLog, SessionsAreOfVersionTwoAndOthersAreNot) {
  const auto version_of = [](const Events& events) { return std::to_integer<std::uint8_t>(encode(events)[1]); };
  const TimedEvent gone{0, {Engagement::skip, true, -7, 5'000'000'000, true}}, anonymous{0, {Engagement::skip, false, 0, 3, false}};
  const TimedEvent shortest{0, {Engagement::view, true, -7, INT32_MAX, true}}, longer{0, {Engagement::view, true, -7, INT32_MAX + std::int64_t{1}, true}};
  EXPECT_EQ(version_of({shortest, anonymous}), 1);
  EXPECT_EQ(version_of({longer}), 2);
  EXPECT_EQ(version_of({gone}), 2);
  const TimedEvent longest{kMax, {Engagement::view, true, kMin, kMax, true}};
  const Events all = sorted({shortest, longer, gone, anonymous, longest});
  EXPECT_EQ(events_of(encode(all)), all);
  EXPECT_EQ(events_of(from_hex("e7020000 01 02 3c 0d ffffffff07")).size(), 1U);
  EXPECT_EQ(refusal("e7020000 01 02 38 0d feffffff07"), Errc::invalid_binary) << "no session";
  EXPECT_EQ(refusal("e7020000 00"), Errc::invalid_binary) << "no session";
  EXPECT_EQ(refusal("e7010000 01 02 3c 0d ffffffff07"), Errc::invalid_binary);
  EXPECT_EQ(events_of(from_hex("e7020000 01 02 20 feffffffffffffff7f"))[0].event.watch_time_ms, kMax);
  EXPECT_EQ(refusal("e7020000 01 02 20 ffffffffffffffff7f"), Errc::invalid_binary) << "watch time";
  EXPECT_EQ(refusal("e7020000 01 02 40"), Errc::invalid_binary) << "unknown bit";
}

TEST(EventLog, TheUnitIsTheLargestThatFits) {
  const auto unit = [](std::initializer_list<std::int64_t> times) {
    Events events;
    for (const std::int64_t at : times) events.push_back(view(at));
    const Buffer log = encode(sorted(events));
    EXPECT_EQ(events_of(log), sorted(events));
    return unit_of(log);
  };
  EXPECT_EQ(unit({}), 2);
  EXPECT_EQ(unit({0}), 2);
  EXPECT_EQ(unit({1'000'000}), 2);
  EXPECT_EQ(unit({-3'000'000, -1'000'000, 0, 5'000'000}), 2);
  EXPECT_EQ(unit({999'000}), 1);
  EXPECT_EQ(unit({1'000'000, 2'000'000, 2'001'000}), 1);
  EXPECT_EQ(unit({-1'000, 0}), 1);
  EXPECT_EQ(unit({-1}), 0);
  EXPECT_EQ(unit({1'000'000, 2'000'000, 2'000'001}), 0);
  EXPECT_EQ(unit({-1'000'001, 1'000, 1'000'000}), 0);
  EXPECT_EQ(unit({kMin, kMax}), 0);
  EXPECT_EQ(unit({kMin / 1000 * 1000, kMax / 1000 * 1000}), 1);
  EXPECT_EQ(unit({kMin / 1'000'000 * 1'000'000, kMax / 1'000'000 * 1'000'000}), 2);

  Random random(2);
  const std::int64_t units[] = {1, 1000, 1000000};
  for (int trial = 0; trial < 200; ++trial) {
    Events events = sorted(test::random_events(random, trial % test::kTimeShapes, 1 + random() % 20));
    std::uint8_t largest = 2;
    while (std::any_of(events.begin(), events.end(), [&](const TimedEvent& e) { return e.at % units[largest] != 0; })) --largest;
    EXPECT_EQ(unit_of(encode(events)), largest);
  }
}

TEST(EventLog, EventsThatCountTheSameAreTheSame) {
  Random random(3);
  for (int trial = 0; trial < 3000; ++trial) {
    const TimedEvent raw{0, test::random_event(random, 5)};
    const TimedEvent e = normalized(raw);
    EXPECT_EQ(normalized(e), e);
    Summary before(test::memory()), after(test::memory());
    before.add(raw.event);
    after.add(e.event);
    before.settle();
    after.settle();
    ASSERT_EQ(before.counters(), after.counters());
    ASSERT_TRUE(before.viewers() == after.viewers());
    // Whatever of it is not counted makes no difference.
    TimedEvent other = raw;
    if (!other.event.counts_viewer()) other.event.viewer += 7;
    if (other.event.type != Engagement::view) {
      other.event.completed = !other.event.completed;
      other.event.has_viewer = !other.event.has_viewer;
    }
    ASSERT_EQ(normalized(other), e);
    ASSERT_EQ(encode(Events{normalized(other)}), encode(Events{e}));
  }
}

TEST(EventLog, AnOrderThatTellsAllEventsApart) {
  const TimedEvent ascending[] = {view(-1, 9, 9, true), {0, {Engagement::view, false, 0, 5, true}},
                                  view(0, -1), view(0, 1, 0), view(0, 1, 7), view(0, 1, 3, true), view(0, 2),
                                  {0, {Engagement::save, false, 0, 0, false}}, view(1, -9)};
  for (std::size_t i = 0; i < std::size(ascending); ++i) {
    for (std::size_t k = 0; k < std::size(ascending); ++k) {
      EXPECT_EQ(ascending[i] < ascending[k], i < k) << i << " " << k;
      EXPECT_EQ(ascending[i] == ascending[k], i == k) << i << " " << k;
    }
  }
}

TEST(EventLog, WriterRefusesAnotherOrderAndWrongRoom) {
  const Events wrong = {view(5), view(4)};
  EXPECT_EQ(code_of([&] { encode(wrong); }), Errc::contradiction);
  const Events wrong_tie = {view(5, 2), view(5, 1)};
  EXPECT_EQ(code_of([&] { encode(wrong_tie); }), Errc::contradiction);
  const Events events = {view(5), view(6)};
  for (const int difference : {-1, 1}) {
    Buffer room(event_log_size(events) + static_cast<std::size_t>(difference));
    EXPECT_EQ(code_of([&] { write_event_log(events, room); }), Errc::contradiction);
  }
}

TEST(EventLog, ARangeIsHalfOpen) {
  const Buffer log = encode(Events{view(kMin), view(-5), view(0), view(0, 2), view(1), view(kMax - 1)});
  const auto count = [&](std::int64_t from, std::int64_t to) {
    int n = 0;
    for_each_event(log, from, to, [&](const TimedEvent& e) {
      EXPECT_TRUE(e.at >= from && e.at < to);
      ++n;
    });
    return n;
  };
  EXPECT_EQ(count(kMin, kMax), 6);
  EXPECT_EQ(count(0, 1), 2);
  EXPECT_EQ(count(-5, 0), 1);
  EXPECT_EQ(count(-4, 0), 0);
  EXPECT_EQ(count(0, 0), 0);
  EXPECT_EQ(count(1, 0), 0);
  EXPECT_EQ(count(-4, 2), 3);
  EXPECT_EQ(count(kMin, -5), 1);
  EXPECT_EQ(count(2, kMax), 1);
}

TEST(EventLog, TheEndIsReachedOnceAndLeavesTheLastEvent) {
  const Buffer log = encode(Events{view(3, 4, 5, true)});
  EventLogReader reader(log);
  TimedEvent e{};
  ASSERT_TRUE(reader.next(&e));
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(reader.next(&e));
    EXPECT_EQ(e, view(3, 4, 5, true));
  }
}

TEST(EventLog, RefusesEveryBrokenHeader) {
  EXPECT_EQ(events_of(from_hex("e701020000")).size(), 0U);
  EXPECT_EQ(refusal("e601020000"), Errc::invalid_binary);
  EXPECT_EQ(refusal("e700020000"), Errc::invalid_binary);
  EXPECT_EQ(refusal("e703020000"), Errc::invalid_binary);
  EXPECT_EQ(refusal("e701030000"), Errc::invalid_binary);
  EXPECT_EQ(refusal("e701ff0000"), Errc::invalid_binary);
  EXPECT_EQ(refusal("e701020100"), Errc::invalid_binary);
  EXPECT_EQ(refusal("e701028000"), Errc::invalid_binary);
}

TEST(EventLog, RefusesEveryBrokenEvent) {
  EXPECT_EQ(events_of(from_hex("e7010000 01 02 01")).size(), 1U);
  EXPECT_EQ(events_of(from_hex("e7010000 01 02 07"))[0].event.type, Engagement::progress);
  EXPECT_EQ(refusal("e7010000 01 02 40"), Errc::invalid_binary) << "unknown bit";
  EXPECT_EQ(refusal("e7010000 01 02 80"), Errc::invalid_binary) << "unknown bit";
  for (int type = 1; type < kEngagements; ++type) {
    const std::string start = "e7010000 01 02 ", digit(1, static_cast<char>('0' + type));
    EXPECT_EQ(events_of(from_hex(start + "0" + digit)).size(), 1U);
    EXPECT_EQ(refusal(start + "1" + digit + "02"), Errc::invalid_binary) << "viewer of type " << type;
    EXPECT_EQ(refusal(start + "0" + "89abcdef"[type]), Errc::invalid_binary) << "completed of type " << type;
  }
  EXPECT_EQ(events_of(from_hex("e7010000 01 02 20 feffffff07"))[0].event.watch_time_ms, INT32_MAX);
  EXPECT_EQ(refusal("e7010000 01 02 20 ffffffff07"), Errc::invalid_binary) << "watch time";
  EXPECT_EQ(refusal("e7010000 01 02 20 ffffffffffffffffff01"), Errc::invalid_binary) << "watch time";
}

TEST(EventLog, RefusesAnotherOrder) {
  EXPECT_EQ(events_of(from_hex("e7010000 02 02 1002 00 1004")).size(), 2U);
  EXPECT_EQ(events_of(from_hex("e7010000 02 02 1004 00 1004")).size(), 2U);
  EXPECT_EQ(refusal("e7010000 02 02 1004 00 1002"), Errc::invalid_binary) << "viewers";
  EXPECT_EQ(refusal("e7010000 02 02 01 00 00"), Errc::invalid_binary) << "types";
  EXPECT_EQ(refusal("e7010000 02 02 08 00 00"), Errc::invalid_binary) << "completed";
  EXPECT_EQ(refusal("e7010000 02 02 2001 00 2000"), Errc::invalid_binary) << "watch times";
  EXPECT_EQ(events_of(from_hex("e7010000 02 02 01 01 00")).size(), 2U);
  // Only the time before decides, not the event before the first one, which is none.
  EXPECT_EQ(events_of(from_hex("e7010000 01 03 00"))[0].at, -2);
}

TEST(EventLog, RefusesTimesBeyondTheType) {
  EXPECT_EQ(events_of(from_hex("e7010000 01 ffffffffffffffffff01 00"))[0].at, kMin);
  EXPECT_EQ(events_of(from_hex("e7010000 02 ffffffffffffffffff01 00 ffffffffffffffffff01 00"))[1].at, kMax);
  EXPECT_EQ(refusal("e7010000 02 feffffffffffffffff01 00 01 00"), Errc::invalid_binary) << "kMax + 1";
  EXPECT_EQ(refusal("e7010000 02 02 00 ffffffffffffffffff01 00"), Errc::invalid_binary) << "1 + 2^64 - 1";
  EXPECT_EQ(refusal("e7010100 01 feffffffffffffffff01 00"), Errc::invalid_binary) << "kMax * 1000";
  EXPECT_EQ(refusal("e7010200 01 ffffffffffffffffff01 00"), Errc::invalid_binary) << "kMin * 1000000";
  EXPECT_EQ(refusal("e7010100 02 00 00 ffffffffffffffffff01 00"), Errc::invalid_binary) << "(2^64 - 1) * 1000";
  // 2^61 * 1000 is 0 modulo 2^64: a product that wraps around must not pass.
  EXPECT_EQ(refusal("e7010100 02 00 00 808080808080808020 00"), Errc::invalid_binary);
}

TEST(EventLog, RefusesNumbersThatAreNotInTheirShortestForm) {
  EXPECT_EQ(refusal("e7010000 8100 02 00"), Errc::invalid_binary) << "count";
  EXPECT_EQ(refusal("e7010000 01 8200 00"), Errc::invalid_binary) << "time";
  EXPECT_EQ(refusal("e7010000 02 02 00 8100 00"), Errc::invalid_binary) << "distance";
  EXPECT_EQ(refusal("e7010000 01 02 10 8200"), Errc::invalid_binary) << "viewer";
  EXPECT_EQ(refusal("e7010000 01 02 20 8000"), Errc::invalid_binary) << "watch time";
  EXPECT_EQ(refusal("e7010000 01 ffffffffffffffffff02 00"), Errc::invalid_binary) << "more than 64 bits";
}

TEST(EventLog, RefusesACountThatIsNotTheContents) {
  EXPECT_EQ(refusal("e7010000 01"), Errc::invalid_binary);
  EXPECT_EQ(refusal("e7010000 02 02 00"), Errc::invalid_binary);
  EXPECT_EQ(refusal("e7010000 ffffffffffffffffff01"), Errc::invalid_binary);
  EXPECT_EQ(refusal("e7010000 ffffffffffffffffff01 02 00"), Errc::invalid_binary);
  EXPECT_EQ(refusal("e7010000 00 02 00"), Errc::invalid_binary) << "fewer";
  EXPECT_EQ(refusal("e7010000 01 02 00 00 00"), Errc::invalid_binary) << "fewer";
}

TEST(EventLog, EveryPrefixAndEveryByteTooManyIsRefused) {
  Random random(4);
  for (int shape = 0; shape < test::kTimeShapes; ++shape) {
    const Buffer log = encode(sorted(test::random_events(random, shape, 40)));
    for (std::size_t n = 0; n < log.size(); ++n) {
      const Buffer prefix(log.begin(), log.begin() + static_cast<std::ptrdiff_t>(n));
      ASSERT_EQ(code_of([&] { events_of(prefix); }), Errc::invalid_binary) << n;
    }
    for (const int extra : {0, 1, 0x80, 0xFF}) {
      Buffer longer = log;
      longer.push_back(static_cast<std::byte>(extra));
      EXPECT_EQ(code_of([&] { events_of(longer); }), Errc::invalid_binary);
      EXPECT_EQ(code_of([&] { for_each_event(longer, 0, 0, [](const TimedEvent&) {}); }), Errc::invalid_binary);
    }
  }
}

TEST(EventLog, DamageIsRefusedOrIsAnotherLog) {
  Random random(5);
  for (int trial = 0; trial < 21; ++trial) {
    const Buffer log = encode(sorted(test::random_events(random, trial % test::kTimeShapes, random() % 60)));
    test::torment(log, random, [&](const Buffer& damaged) {
      const Events events = events_of(damaged);
      EXPECT_TRUE(std::is_sorted(events.begin(), events.end()));
      if (damaged[1] == std::byte{kEventLogVersion}) {
        for (const TimedEvent& e : events) ASSERT_EQ(normalized(e), e);
      }
      const Buffer again = encode(events);
      ASSERT_EQ(events_of(again), events);
      // The reader takes times in a smaller unit than the writer would.
      ASSERT_TRUE(again == damaged || unit_of(damaged) < unit_of(again));
    });
  }
}

}  // namespace
}  // namespace ea::core
