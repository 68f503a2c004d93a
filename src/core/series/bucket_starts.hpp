// Starts of the local hours, days, weeks and months of a zone, from the changes of its clock.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ea::core {

enum class LocalUnit { hour, day, week, month };

std::optional<LocalUnit> find_local_unit(std::string_view name);

// Times are microseconds since 2000-01-01 00:00, of UTC or of the local clock.
// From `at` on the clock shows UTC + ahead.
struct ClockChange {
  std::int64_t at, ahead;
};

// A day, week or month starts when the clock first shows it, an hour each time that the clock shows a full hour;
// where the clock is set forward over a start, then. So what the clock passes over has no bucket, an hour that it
// shows twice is two buckets, and of a day that it leaves and comes back to, the second part belongs to the next.
class BucketStarts {
 public:
  // `changes` ascend, each differs from the one before; starts are given from the first one on. It is none of the
  // clock's, and what was before it is not known: for that the clock needs as long as it may have been set back.
  BucketStarts(LocalUnit unit, std::span<const ClockChange> changes);

  // Ascending, without end.
  std::int64_t next();

 private:
  LocalUnit unit_;
  std::span<const ClockChange> changes_;
  std::size_t current_ = 0;
  std::int64_t wanted_;    // the local time at which the next bucket starts
};

}  // namespace ea::core
