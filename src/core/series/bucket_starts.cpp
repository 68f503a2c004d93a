#include "core/series/bucket_starts.hpp"

namespace ea::core {

namespace {

constexpr std::int64_t kHour = 3600LL * 1'000'000;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kWeek = 7 * kDay;
constexpr std::int64_t kFirstMonday = 2 * kDay;    // 2000-01-03

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0); }
std::int64_t round_down(std::int64_t a, std::int64_t b) { return floor_div(a, b) * b; }

// Days from 2000-01-01 to the first of a month that is counted from March of year 0: the year then ends with its
// leap day.
std::int64_t days_before_month(std::int64_t month) {
  const std::int64_t year = floor_div(month, 12);
  return year * 365 + floor_div(year, 4) - floor_div(year, 100) + floor_div(year, 400) + ((month - year * 12) * 153 + 2) / 5 - 730'425;
}

// The month of a day.
std::int64_t month_of(std::int64_t day) {
  // 400 years are 4800 months and 146,097 days: this is at most one month off.
  std::int64_t month = floor_div((day + 730'425) * 4800, 146'097);
  while (days_before_month(month) > day) month--;
  while (days_before_month(month + 1) <= day) month++;
  return month;
}

// The start of the unit that holds a local time.
std::int64_t start_of(LocalUnit unit, std::int64_t local) {
  switch (unit) {
    case LocalUnit::hour: return round_down(local, kHour);
    case LocalUnit::day: return round_down(local, kDay);
    case LocalUnit::week: return round_down(local - kFirstMonday, kWeek) + kFirstMonday;
    case LocalUnit::month: break;
  }
  return days_before_month(month_of(floor_div(local, kDay))) * kDay;
}

// The start of the unit after one that starts there.
std::int64_t following(LocalUnit unit, std::int64_t start) {
  switch (unit) {
    case LocalUnit::hour: return start + kHour;
    case LocalUnit::day: return start + kDay;
    case LocalUnit::week: return start + kWeek;
    case LocalUnit::month: break;
  }
  return days_before_month(month_of(start / kDay) + 1) * kDay;
}

// The first start at or after a local time.
std::int64_t start_from(LocalUnit unit, std::int64_t local) {
  const std::int64_t start = start_of(unit, local);
  return start == local ? start : following(unit, start);
}

}  // namespace

std::optional<LocalUnit> find_local_unit(std::string_view name) {
  if (name == "hour") return LocalUnit::hour;
  if (name == "day") return LocalUnit::day;
  if (name == "week") return LocalUnit::week;
  if (name == "month") return LocalUnit::month;
  return {};
}

BucketStarts::BucketStarts(LocalUnit unit, std::span<const ClockChange> changes)
    : unit_(unit), changes_(changes), wanted_(start_from(unit, changes[0].at + changes[0].ahead)) {}

std::int64_t BucketStarts::next() {
  for (;;) {
    const bool last = current_ + 1 == changes_.size();
    const std::int64_t start = wanted_ - changes_[current_].ahead;
    if (last || start < changes_[current_ + 1].at) {
      wanted_ = following(unit_, wanted_);
      return start;
    }
    const ClockChange& change = changes_[++current_];
    const std::int64_t local = change.at + change.ahead;
    if (unit_ == LocalUnit::hour && change.ahead < changes_[current_ - 1].ahead) {
      wanted_ = start_from(unit_, local);
    } else if (local > wanted_) {
      wanted_ = following(unit_, start_of(unit_, local));
      return change.at;
    }
  }
}

}  // namespace ea::core
