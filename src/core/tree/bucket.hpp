// Buckets of time in levels: level 0 is all time, and each bucket of a level is cut into those of the
// next. The widths are multiples of one another, begin at 2000-01-01 UTC, and contain the quarter of an
// hour, of which every time zone in use since 1972 is a multiple away from UTC.
#pragma once

#include <cstdint>
#include <limits>

#include "core/bytes/error.hpp"

namespace ea::core {

inline constexpr int kLevels = 10;
inline constexpr std::int64_t kMinute = 60'000'000;
inline constexpr std::int64_t kHour = 60 * kMinute;
inline constexpr std::int64_t kDay = 24 * kHour;

// Microseconds; all time has no width.
inline constexpr std::int64_t kWidths[kLevels] = {0,        64 * kDay, 16 * kDay, 4 * kDay,   kDay,
                                                  6 * kHour, kHour,     15 * kMinute, 5 * kMinute, kMinute};

struct Bucket {
  int level;
  std::int64_t number;  // 0 on level 0; else of the bucket that begins at 2000-01-01: 0

  bool operator==(const Bucket&) const = default;
};

// Of the buckets that one is cut into. Nothing is below the last level; who looks there has read a damaged row.
inline int level_below(const Bucket& bucket) {
  if (bucket.level + 1 < kLevels) return bucket.level + 1;
  throw Error(Errc::inconsistent, "a bucket of the last level has a summary");
}

// [from, to); the limits of the type stand for no limit.
struct Span {
  std::int64_t from = std::numeric_limits<std::int64_t>::min();
  std::int64_t to = std::numeric_limits<std::int64_t>::max();

  bool contains(std::int64_t at) const noexcept { return at >= from && at < to; }
  bool contains(const Span& other) const noexcept { return from <= other.from && other.to <= to; }
  bool meets(const Span& other) const noexcept { return from < other.to && other.from < to; }
};

constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) noexcept {
  return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

constexpr std::int64_t bucket_number(int level, std::int64_t at) noexcept {
  return level == 0 ? 0 : floor_divide(at, kWidths[level]);
}

// Where a bucket begins; the limit of the type for one that begins beyond it.
inline std::int64_t border_of(int level, std::int64_t number) noexcept {
  std::int64_t at;
  if (!__builtin_mul_overflow(number, kWidths[level], &at)) return at;
  return number < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
}

inline Span span_of(const Bucket& bucket) noexcept {
  if (bucket.level == 0) return {};
  return {border_of(bucket.level, bucket.number), border_of(bucket.level, bucket.number + 1)};
}

}  // namespace ea::core
