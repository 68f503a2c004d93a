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
  const std::int64_t watched = sum(watch_time_ms, event.watch_time_ms, "milliseconds watched");
  const auto count = [](std::int64_t& counter, const char* what) { counter = sum(counter, 1, what); };
  switch (event.type) {
    case Engagement::view: {
      // Never more than views, so it cannot overflow before they do; checked all the same.
      const std::int64_t unidentified = sum(unidentified_views, event.has_viewer ? 0 : 1, "views");
      const std::int64_t completed = sum(completions, event.completed ? 1 : 0, "completions");
      count(views, "views");
      unidentified_views = unidentified;
      completions = completed;
      break;
    }
    case Engagement::save: count(saves, "saves"); break;
    case Engagement::share: count(shares, "shares"); break;
    case Engagement::click: count(clicks, "clicks"); break;
    case Engagement::skip: count(skips, "skips"); break;
    case Engagement::complete: count(completions, "completions"); break;
    case Engagement::impression: count(impressions, "impressions"); break;
    case Engagement::progress: break;   // its watch time and nothing else
    default:
      throw Error(Errc::invalid_argument, "unknown engagement type %u",
                  static_cast<unsigned>(event.type));
  }
  watch_time_ms = watched;
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
