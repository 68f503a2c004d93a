#include "core/value/score.hpp"

#include "core/bytes/error.hpp"

namespace ea::core {

namespace {

void check_views(std::int64_t views) {
  if (views < 0) {
    throw Error(Errc::invalid_argument, "views must not be negative: %lld",
                static_cast<long long>(views));
  }
}

}  // namespace

double rate(std::int64_t part, std::int64_t views) {
  check_views(views);
  if (views == 0) return 0.0;
  return 100.0 * static_cast<double>(part) / static_cast<double>(views);
}

double engagement_score(std::int64_t views, std::int64_t completions, std::int64_t saves,
                        std::int64_t shares, std::int64_t clicks, std::int64_t skips) {
  check_views(views);
  if (views == 0) return 0.0;
  // 128 bits: six 64-bit counts with these weights cannot overflow them.
  __extension__ using Wide = __int128;
  const Wide points = Wide{40} * completions + Wide{30} * saves + Wide{20} * shares +
                      Wide{10} * clicks - Wide{20} * skips;
  const double score = static_cast<double>(points) / static_cast<double>(views);
  return score < 0.0 ? 0.0 : score > 100.0 ? 100.0 : score;
}

}  // namespace ea::core
