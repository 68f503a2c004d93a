#include "core/tree/event_log.hpp"

#include <iterator>

namespace ea::core {

namespace {

constexpr std::int64_t kUnits[] = {1, 1000, 1000000};

constexpr std::uint8_t kTypeBits = 7;
static_assert(kEngagements == kTypeBits + 1, "all types have their bits, and all bits a type");
constexpr std::uint8_t kCompleted = 8;
constexpr std::uint8_t kHasViewer = 16;
constexpr std::uint8_t kHasWatchTime = 32;
constexpr std::uint8_t kKnownBits = kTypeBits | kCompleted | kHasViewer | kHasWatchTime;

std::uint8_t unit_of(TimedEvents events) {
  std::uint8_t unit = std::size(kUnits) - 1;
  for (const TimedEvent& e : events) {
    while (e.at % kUnits[unit] != 0) --unit;
    if (unit == 0) break;
  }
  return unit;
}

bool is_of_sessions(const Event& event) {
  return event.watch_time_ms > INT32_MAX || (event.type != Engagement::view && (event.completed || event.has_viewer));
}

std::uint8_t version_of(TimedEvents events) {
  for (const TimedEvent& e : events) {
    if (is_of_sessions(e.event)) return kSessionLogVersion;
  }
  return kEventLogVersion;
}

// As unsigned: a log may reach from one end of time to the other.
std::uint64_t distance(const TimedEvent& a, const TimedEvent& b) {
  return static_cast<std::uint64_t>(b.at) - static_cast<std::uint64_t>(a.at);
}

std::size_t size_of_event(const Event& event) {
  return 1 + (event.has_viewer ? varint_size(zigzag_encode(event.viewer)) : 0) +
         (event.watch_time_ms > 0 ? varint_size(static_cast<std::uint64_t>(event.watch_time_ms - 1)) : 0);
}

[[noreturn]] void malformed(const char* what) { throw Error(Errc::invalid_binary, "event log with %s", what); }

}  // namespace

std::size_t event_log_size(TimedEvents events) {
  const std::int64_t unit = kUnits[unit_of(events)];
  std::size_t size = 4 + varint_size(events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    size += i == 0 ? varint_size(zigzag_encode(events[0].at / unit))
                   : varint_size(distance(events[i - 1], events[i]) / static_cast<std::uint64_t>(unit));
    size += size_of_event(events[i].event);
  }
  return checked_size(size);
}

void write_event_log(TimedEvents events, MutableBytes out) {
  const std::uint8_t unit_code = unit_of(events);
  const std::int64_t unit = kUnits[unit_code];
  Writer writer(out);
  writer.u8(kEventLogMagic);
  writer.u8(version_of(events));
  writer.u8(unit_code);
  writer.u8(0);
  writer.varint(events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (i == 0) {
      writer.zigzag(events[0].at / unit);
    } else {
      if (events[i] < events[i - 1]) throw Error(Errc::contradiction, "event log not in order");
      writer.varint(distance(events[i - 1], events[i]) / static_cast<std::uint64_t>(unit));
    }
    const Event& event = events[i].event;
    writer.u8(static_cast<std::uint8_t>(static_cast<std::uint8_t>(event.type) | (event.completed ? kCompleted : 0) |
                                        (event.has_viewer ? kHasViewer : 0) |
                                        (event.watch_time_ms > 0 ? kHasWatchTime : 0)));
    if (event.has_viewer) writer.zigzag(event.viewer);
    if (event.watch_time_ms > 0) writer.varint(static_cast<std::uint64_t>(event.watch_time_ms - 1));
  }
  writer.expect_full();
}

EventLogReader::EventLogReader(Bytes log) : reader_(log) {
  if (reader_.u8() != kEventLogMagic) malformed("a wrong first byte");
  version_ = reader_.u8();
  if (version_ != kEventLogVersion && version_ != kSessionLogVersion) malformed("an unknown version");
  const std::uint8_t unit = reader_.u8();
  if (unit >= std::size(kUnits)) malformed("an unknown unit of time");
  unit_ = kUnits[unit];
  if (reader_.u8() != 0) malformed("reserved bits set");
  count_ = reader_.varint();
}

bool EventLogReader::next() {
  const bool of_sessions = version_ == kSessionLogVersion;
  if (read_ == count_) {
    reader_.expect_end();
    if (of_sessions && !of_sessions_) malformed("a later version than it needs");
    return false;
  }
  std::int64_t at;
  bool same_time = false;
  if (read_ == 0) {
    if (__builtin_mul_overflow(reader_.zigzag(), unit_, &at)) malformed("a time out of range");
  } else {
    const std::uint64_t step = reader_.varint();
    same_time = step == 0;
    std::uint64_t microseconds;
    if (__builtin_mul_overflow(step, static_cast<std::uint64_t>(unit_), &microseconds) ||
        __builtin_add_overflow(last_.at, microseconds, &at)) {
      malformed("a time out of range");
    }
  }
  const std::uint8_t bits = reader_.u8();
  if ((bits & ~kKnownBits) != 0) malformed("an unknown kind of event");
  Event event{static_cast<Engagement>(bits & kTypeBits), (bits & kHasViewer) != 0, 0, 0, (bits & kCompleted) != 0};
  if (!of_sessions && event.type != Engagement::view && (event.completed || event.has_viewer)) malformed("a viewer of no view");
  if (event.has_viewer) event.viewer = reader_.zigzag();
  if ((bits & kHasWatchTime) != 0) {
    const std::uint64_t watch = reader_.varint();
    if (watch >= static_cast<std::uint64_t>(of_sessions ? INT64_MAX : INT32_MAX)) malformed("a watch time out of range");
    event.watch_time_ms = static_cast<std::int64_t>(watch + 1);
  }
  if (of_sessions) of_sessions_ = of_sessions_ || is_of_sessions(event);
  const TimedEvent e{at, event};
  if (same_time && e < last_) malformed("events out of order");
  last_ = e;
  ++read_;
  return true;
}

}  // namespace ea::core
