// A few events in a row, packed: what a small bucket keeps instead of a summary, so that any part of it
// can be counted exactly.
//   u8 magic, u8 version, u8 unit, u8 reserve = 0
//   varint number of events
//   for each event, ascending:
//     varint time in units: the first as zigzag, then the distance to the one before
//     u8     type (3 bits, of which the eight types take every value), completed (8), has a viewer (16),
//            has a watch time (32)
//     zigzag viewer, varint watch_time_ms less 1: each only if the event has one
// Version 1 has viewers and completed on views alone, and watch times of 32 bits; version 2, of logs of sessions, has them
// on every type, and watch times of 63 bits. A log is of the first version that holds it.
// unit 0 is a microsecond, 1 a millisecond, 2 a second: the largest one that all times are multiples of.
// Normalized events in ascending order, so equal events are equal bytes.
#pragma once

#include "core/bytes/codec.hpp"
#include "core/tree/timed_event.hpp"

namespace ea::core {

inline constexpr std::uint8_t kEventLogMagic = 0xE7;
inline constexpr std::uint8_t kEventLogVersion = 1;
inline constexpr std::uint8_t kSessionLogVersion = 2;

// Both want normalized events in ascending order.
std::size_t event_log_size(TimedEvents events);
void write_event_log(TimedEvents events, MutableBytes out);  // out has exactly event_log_size bytes

// Reads front to back and believes nothing; malformed bytes throw invalid_binary.
class EventLogReader {
 public:
  explicit EventLogReader(Bytes log);
  std::uint64_t count() const noexcept { return count_; }
  bool next();  // false at the end, which is checked to be one
  const TimedEvent& current() const noexcept { return last_; }    // of the last next()
  bool next(TimedEvent* event) {
    if (!next()) return false;
    *event = last_;
    return true;
  }

 private:
  Reader reader_;
  std::uint8_t version_;
  bool of_sessions_ = false;     // an event so far is of no earlier version
  std::uint64_t count_;
  std::uint64_t read_ = 0;
  std::int64_t unit_ = 1;
  TimedEvent last_{};
};

// Calls f(TimedEvent) for events in [from, to).
template <class F>
void for_each_event(Bytes log, std::int64_t from, std::int64_t to, F&& f) {
  EventLogReader reader(log);
  while (reader.next()) {
    if (reader.current().at >= from && reader.current().at < to) f(reader.current());
  }
}

}  // namespace ea::core
