// What one engagement adds, and the sums of many.
#pragma once

#include <cstdint>

namespace ea::core {

// In the order of the SQL enum engagement_type.
enum class Engagement : std::uint8_t { view, save, share, click, skip, complete, impression, progress };
inline constexpr int kEngagements = 8;

struct Event {
  Engagement type;
  bool has_viewer;
  std::int64_t viewer;  // any key, 0 too; looked at only when has_viewer
  std::int64_t watch_time_ms;
  bool completed;

  // A viewer is somebody with a view; who only saves or skips is none.
  bool counts_viewer() const noexcept { return type == Engagement::view && has_viewer; }
};

struct Counters {
  std::int64_t views{};
  std::int64_t unidentified_views{};
  std::int64_t completions{};
  std::int64_t saves{};
  std::int64_t shares{};
  std::int64_t clicks{};
  std::int64_t skips{};
  std::int64_t impressions{};
  std::int64_t watch_time_ms{};

  // Both throw out_of_range rather than overflow, and then leave everything as it was.
  void add(const Event& event);
  void merge(const Counters& other);

  // What is left without those of some of the events; throws inconsistent if they were not among them.
  void subtract(const Counters& part);

  std::int64_t total_engagements() const;  // saves + shares + clicks, checked

  bool operator==(const Counters&) const = default;
};

}  // namespace ea::core
