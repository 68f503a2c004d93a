// The two formulas every rate and score comes from.
#pragma once

#include <cstdint>

namespace ea::core {

// Percent, not clamped; 0 without views. Negative views: invalid_argument.
double rate(std::int64_t part, std::int64_t views);

// 0..100; 0 without views. The numerator is exact and there is one division, so that the result is
// the same double on every path. Negative views: invalid_argument.
double engagement_score(std::int64_t views, std::int64_t completions, std::int64_t saves,
                        std::int64_t shares, std::int64_t clicks, std::int64_t skips);

}  // namespace ea::core
