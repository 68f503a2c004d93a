#include "core/value/counters.hpp"

#include "core/bytes/error.hpp"

namespace ea::core {

namespace {

struct Named {
  std::int64_t Counters::* counter;
  const char* what;    // in messages
};
constexpr Named kNamed[] = {
    {&Counters::views, "views"},   {&Counters::unidentified_views, "views"}, {&Counters::completions, "completions"},
    {&Counters::saves, "saves"},   {&Counters::shares, "shares"},            {&Counters::clicks, "clicks"},
    {&Counters::skips, "skips"},   {&Counters::impressions, "impressions"},  {&Counters::watch_time_ms, "milliseconds watched"},
};

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
    throw Error(Errc::invalid_argument, "watch time must not be negative: %lld ms",
                static_cast<long long>(event.watch_time_ms));
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
    case Engagement::progress: break;   // its watch time and nothing else
    default:
      throw Error(Errc::invalid_argument, "unknown engagement type %u",
                  static_cast<unsigned>(event.type));
  }
  *this = next;
}

void Counters::merge(const Counters& other) {
  Counters next;
  for (const auto& [counter, what] : kNamed) next.*counter = sum(this->*counter, other.*counter, what);
  *this = next;
}

void Counters::subtract(const Counters& part) {
  Counters next;
  for (const auto& [counter, what] : kNamed) {
    if (part.*counter > this->*counter) throw Error(Errc::inconsistent, "more %s to take away than there are", what);
    next.*counter = this->*counter - part.*counter;
  }
  *this = next;
}

std::int64_t Counters::total_engagements() const {
  return sum(sum(saves, shares, "engagements"), clicks, "engagements");
}

}  // namespace ea::core
