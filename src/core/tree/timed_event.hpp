// An event with its time, as far as summaries need it, and the order it has among others.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <tuple>

#include "core/value/counters.hpp"

namespace ea::core {

struct TimedEvent {
  std::int64_t at;  // microseconds since 2000-01-01 UTC
  Event event;
};

using TimedEvents = std::span<const TimedEvent>;

// Drops what no summary looks at: who did anything but view, and completed on other types. Events that
// count the same become the same.
inline TimedEvent normalized(TimedEvent e) noexcept {
  e.event.has_viewer = e.event.counts_viewer();
  if (!e.event.has_viewer) e.event.viewer = 0;
  e.event.completed = e.event.completed && e.event.type == Engagement::view;
  return e;
}

inline auto order_of(const TimedEvent& e) noexcept {
  return std::tuple(e.at, e.event.type, e.event.has_viewer, e.event.viewer, e.event.completed,
                    e.event.watch_time_ms);
}

inline bool operator==(const TimedEvent& a, const TimedEvent& b) noexcept {
  return order_of(a) == order_of(b);
}
inline auto operator<=>(const TimedEvent& a, const TimedEvent& b) noexcept {
  return order_of(a) <=> order_of(b);
}

}  // namespace ea::core
