// What of a viewer's events hardly anybody does by hand.
#pragma once

#include <cstdint>

#include "core/value/counters.hpp"

namespace ea::core {

inline constexpr int kSuspicions = 4;
// In the order in which they are told.
enum class Suspicion { rate, repeat, no_watch_time, always_on };
inline constexpr const char* kSuspicionNames[kSuspicions] = {"rate", "repeat", "no_watch_time", "always_on"};

struct TrafficLimits {
  std::int64_t views_per_minute, views_of_content_per_day;    // that raise no suspicion yet
};
inline constexpr std::int64_t kManyViews = 100;    // all of which without watch time are suspicious
inline constexpr int kManyHours = 20;              // of a day, with events in each

// One viewer, whose events are gone through twice. Times are microseconds; minutes, hours and days those of UTC.
class ViewerTraffic {
 public:
  explicit ViewerTraffic(const TrafficLimits& limits) : limits_(limits) {}

  // Each event, in order of time.
  void add(std::int64_t at, Engagement type, std::int32_t watch_time_ms);
  // Each event again, in order of content and time.
  void add_again(std::int64_t content, std::int64_t at, Engagement type);

  std::int64_t events() const { return events_; }
  std::int64_t views() const { return views_; }
  std::int64_t peak_per_minute() const { return peak_; }
  std::int64_t contents() const { return contents_; }
  bool has(Suspicion reason) const;
  bool is_suspicious() const;

 private:
  TrafficLimits limits_;
  std::int64_t events_ = 0, views_ = 0, peak_ = 0, contents_ = 0;
  bool watched_ = false;
  std::int64_t minute_ = 0, in_minute_ = 0;    // the latest one, and the views in it
  std::int64_t day_ = 0;                       // the latest one, and its hours with events
  std::uint32_t hours_ = 0;
  int most_hours_ = 0;
  std::int64_t content_ = 0, day_of_content_ = 0, in_day_ = 0, most_in_day_ = 0;    // of the second time
};

}  // namespace ea::core
