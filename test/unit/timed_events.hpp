// Events in time, of every shape a log or a tree of buckets may meet.
#pragma once

#include "bucket_store.hpp"
#include "core/tree/bucket.hpp"
#include "support.hpp"

namespace ea::test {

inline core::TimedEvent view(std::int64_t at, std::int64_t viewer = 1, std::int32_t watch_time_ms = 0, bool completed = false) {
  return {at, {core::Engagement::view, true, viewer, watch_time_ms, completed}};
}

inline core::TimedEvent random_timed(Random& random, std::int64_t at) {
  core::TimedEvent e{at, random_event(random, 1 + static_cast<std::int64_t>(random() % 500))};
  if (random() % 4 == 0) e.event.watch_time_ms = 0;
  return core::normalized(e);
}

// Normalized, not in order, ties among them. Scattered over decades on both sides of 2000, in bursts
// of any length, within a minute, at few times, around the borders of buckets, at the ends of time, or
// all of these.
inline constexpr int kTimeShapes = 7;

inline Events random_events(Random& random, int shape, std::size_t n) {
  using core::kDay;
  const auto below = [&](std::int64_t limit) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(limit));
  };
  const std::int64_t units[] = {1, 1000, 1000000};
  const std::int64_t unit = units[below(3)];
  const auto anywhere = [&] { return (below(20'000 * kDay) - 8'000 * kDay) / unit * unit; };
  Events events;
  const auto add = [&](std::int64_t at) { events.push_back(random_timed(random, at)); };
  switch (shape) {
    case 0:
      while (events.size() < n) add(anywhere());
      break;
    case 1:
      while (events.size() < n) {
        const std::int64_t start = anywhere(), length = 1 + below(std::int64_t{1} << (12 + below(36)));
        for (std::int64_t left = below(static_cast<std::int64_t>(n)); left >= 0 && events.size() < n; --left) {
          add((start + below(length)) / unit * unit);
        }
      }
      break;
    case 2: {
      const std::int64_t start = anywhere();
      while (events.size() < n) add((start + below(core::kMinute)) / unit * unit);
      break;
    }
    case 3: {
      std::int64_t times[7];
      for (std::int64_t& at : times) at = anywhere();
      times[0] = times[1] + unit;
      while (events.size() < n) add(times[below(7)]);
      break;
    }
    case 4: {
      const std::int64_t start = anywhere();
      while (events.size() < n) {
        const std::int64_t width = core::kWidths[1 + below(core::kLevels - 1)];
        add((core::floor_divide(start, width) + below(4) - 1) * width + below(3) - 1);
      }
      break;
    }
    case 5:
      while (events.size() < n) {
        const std::int64_t reach = 1 + below(std::int64_t{1} << below(62));
        add(random() % 2 == 0 ? kMin + below(reach) : kMax - 1 - below(reach));
      }
      break;
    default:
      for (int part = 0; part < 3; ++part) {
        const Events more = random_events(random, static_cast<int>(below(kTimeShapes - 1)), n / 3);
        events.insert(events.end(), more.begin(), more.end());
      }
  }
  return events;
}

inline Events sorted(Events events) {
  std::sort(events.begin(), events.end());
  return events;
}

inline Buffer encode(const Events& ascending) {
  Buffer out(core::event_log_size(ascending));
  core::write_event_log(ascending, out);
  return out;
}

inline Events events_of(core::Bytes log) {
  core::EventLogReader reader(log);
  Events events;
  for (core::TimedEvent e; reader.next(&e);) events.push_back(e);
  EXPECT_EQ(events.size(), reader.count());
  return events;
}

}  // namespace ea::test
