#include "core/traffic/suspicion.hpp"

#include <algorithm>
#include <bit>

namespace ea::core {

namespace {

constexpr std::int64_t kMinute = 60'000'000, kHour = 60 * kMinute, kDay = 24 * kHour;

constexpr std::int64_t number_of(std::int64_t at, std::int64_t width) { return at / width - (at % width < 0); }

}  // namespace

void ViewerTraffic::add(std::int64_t at, Engagement type, std::int32_t watch_time_ms) {
  const std::int64_t day = number_of(at, kDay);
  if (events_++ == 0 || day != day_) hours_ = 0;
  day_ = day;
  hours_ |= 1u << (number_of(at, kHour) - day * 24);
  most_hours_ = std::max(most_hours_, std::popcount(hours_));
  if (type != Engagement::view) return;
  const std::int64_t minute = number_of(at, kMinute);
  if (views_++ == 0 || minute != minute_) in_minute_ = 0;
  minute_ = minute;
  peak_ = std::max(peak_, ++in_minute_);
  watched_ |= watch_time_ms > 0;
}

void ViewerTraffic::add_again(std::int64_t content, std::int64_t at, Engagement type) {
  const std::int64_t day = number_of(at, kDay);
  const bool another = contents_ == 0 || content != content_;
  contents_ += another;
  if (another || day != day_of_content_) in_day_ = 0;
  content_ = content;
  day_of_content_ = day;
  in_day_ += type == Engagement::view;
  most_in_day_ = std::max(most_in_day_, in_day_);
}

bool ViewerTraffic::has(Suspicion reason) const {
  switch (reason) {
    case Suspicion::rate: return peak_ > limits_.views_per_minute;
    case Suspicion::repeat: return most_in_day_ > limits_.views_of_content_per_day;
    case Suspicion::no_watch_time: return views_ >= kManyViews && !watched_;
    case Suspicion::always_on: return most_hours_ >= kManyHours;
  }
  return false;
}

bool ViewerTraffic::is_suspicious() const {
  for (int reason = 0; reason < kSuspicions; ++reason)
    if (has(static_cast<Suspicion>(reason))) return true;
  return false;
}

}  // namespace ea::core
