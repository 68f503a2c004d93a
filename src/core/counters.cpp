#include "core/counters.hpp"

#include "core/error.hpp"

namespace ea::core {

namespace {

std::int64_t sum(std::int64_t a, std::int64_t b, const char* what) {
  std::int64_t result;
  if (__builtin_add_overflow(a, b, &result)) [[unlikely]] {
    throw Error(Errc::out_of_range, "number of %s exceeds 64 bits", what);
  }
  return result;
}

}  // namespace

void Counters::add(const Event& event) {
  if (event.watch_time_ms < 0) [[unlikely]] {
    throw Error(Errc::invalid_argument, "watch time must not be negative: %d ms",
                static_cast<int>(event.watch_time_ms));
  }
  Counters next = *this;
  next.watch_time_ms = sum(watch_time_ms, event.watch_time_ms, "milliseconds watched");
  switch (event.type) {
    case Engagement::view:
      next.views = sum(views, 1, "views");
      // Never more than views, so it cannot overflow before they do; checked all the same.
      if (!event.has_viewer) next.unidentified_views = sum(unidentified_views, 1, "views");
      if (event.completed) next.completions = sum(completions, 1, "completions");
      break;
    case Engagement::save: next.saves = sum(saves, 1, "saves"); break;
    case Engagement::share: next.shares = sum(shares, 1, "shares"); break;
    case Engagement::click: next.clicks = sum(clicks, 1, "clicks"); break;
    case Engagement::skip: next.skips = sum(skips, 1, "skips"); break;
    case Engagement::complete: next.completions = sum(completions, 1, "completions"); break;
    case Engagement::impression: next.impressions = sum(impressions, 1, "impressions"); break;
    default:
      throw Error(Errc::invalid_argument, "unknown engagement type %u",
                  static_cast<unsigned>(event.type));
  }
  *this = next;
}

void Counters::merge(const Counters& other) {
  Counters next;
  next.views = sum(views, other.views, "views");
  next.unidentified_views = sum(unidentified_views, other.unidentified_views, "views");
  next.completions = sum(completions, other.completions, "completions");
  next.saves = sum(saves, other.saves, "saves");
  next.shares = sum(shares, other.shares, "shares");
  next.clicks = sum(clicks, other.clicks, "clicks");
  next.skips = sum(skips, other.skips, "skips");
  next.impressions = sum(impressions, other.impressions, "impressions");
  next.watch_time_ms = sum(watch_time_ms, other.watch_time_ms, "milliseconds watched");
  *this = next;
}

void Counters::subtract(const Counters& part) {
  const auto less = [](std::int64_t all, std::int64_t some, const char* what) {
    if (some > all) throw Error(Errc::inconsistent, "more %s to take away than there are", what);
    return all - some;
  };
  Counters next;
  next.views = less(views, part.views, "views");
  next.unidentified_views = less(unidentified_views, part.unidentified_views, "views");
  next.completions = less(completions, part.completions, "completions");
  next.saves = less(saves, part.saves, "saves");
  next.shares = less(shares, part.shares, "shares");
  next.clicks = less(clicks, part.clicks, "clicks");
  next.skips = less(skips, part.skips, "skips");
  next.impressions = less(impressions, part.impressions, "impressions");
  next.watch_time_ms = less(watch_time_ms, part.watch_time_ms, "milliseconds watched");
  *this = next;
}

std::int64_t Counters::total_engagements() const {
  return sum(sum(saves, shares, "engagements"), clicks, "engagements");
}

}  // namespace ea::core
