// Curves of views, beside sums in whole numbers.
#include "core/curve/watch_curve.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace ea::core {
namespace {

std::vector<double> curve_of(const std::vector<std::uint64_t>& views, std::uint64_t duration, std::size_t bins) {
  std::vector<WatchCurve::Bin> room(bins);
  WatchCurve curve(duration, room);
  for (const std::uint64_t view : views) curve.add(view);
  EXPECT_EQ(curve.views(), views.size());
  std::vector<double> ratios;
  curve.for_each([&](std::size_t bin, double ratio) {
    EXPECT_EQ(bin, ratios.size());
    ratios.push_back(ratio);
  });
  return ratios;
}

TEST(WatchCurve, WithoutViews) { EXPECT_EQ(curve_of({}, 1000, 3), (std::vector<double>{0, 0, 0})); }

TEST(WatchCurve, OneView) {
  EXPECT_EQ(curve_of({0}, 1000, 4), (std::vector<double>{0, 0, 0, 0}));
  EXPECT_EQ(curve_of({250}, 1000, 4), (std::vector<double>{1, 0, 0, 0}));
  EXPECT_EQ(curve_of({251}, 1000, 4), (std::vector<double>{1, 0.004, 0, 0}));
  EXPECT_EQ(curve_of({999}, 1000, 4), (std::vector<double>{1, 1, 1, 0.996}));
  EXPECT_EQ(curve_of({1000}, 1000, 4), (std::vector<double>{1, 1, 1, 1}));
  EXPECT_EQ(curve_of({2147483647}, 1000, 4), (std::vector<double>{1, 1, 1, 1}));
}

TEST(WatchCurve, MoreBinsThanMilliseconds) { EXPECT_EQ(curve_of({1, 2}, 2, 8), (std::vector<double>{1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5})); }

TEST(WatchCurve, EveryEndOfEveryView) {
  for (const std::uint64_t duration : {1u, 2u, 7u, 99u, 1000u, 46341u, 2147483647u}) {
    for (const std::uint64_t bins : {1u, 2u, 3u, 100u, 9999u, 10000u}) {
      const std::uint64_t steps = bins > 100 ? 23 : 997;
      for (std::uint64_t i = 0; i <= steps; ++i) {
        const std::uint64_t w = i * duration / steps;
        const std::vector<double> ratios = curve_of({w}, duration, bins);
        const std::uint64_t end = w * bins, bin = end / duration;
        for (const std::uint64_t at : {bin - 1, bin, bin + 1}) {
          if (at >= bins) continue;
          ASSERT_EQ(ratios[at], at < bin ? 1.0 : at > bin ? 0.0 : static_cast<double>(end % duration) / static_cast<double>(duration)) << w << ' ' << duration << ' ' << bins;
        }
      }
    }
  }
}

TEST(WatchCurve, MeanIsTheMeanShare) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 300; ++round) {
    const std::uint64_t duration = 1 + random() % (round % 3 == 0 ? 2147483647 : 60000), bins = 1 + random() % 300;
    std::vector<std::uint64_t> views(1 + random() % 2000);
    long double share = 0;
    for (std::uint64_t& view : views) {
      view = random() % (duration + duration / 2 + 1);
      share += std::min(view, duration);
    }
    share /= static_cast<long double>(duration) * views.size();
    long double mean = 0;
    double before = 1;
    for (const double ratio : curve_of(views, duration, bins)) {
      mean += ratio;
      EXPECT_LE(ratio, before);
      before = ratio;
    }
    EXPECT_NEAR(static_cast<double>(mean / bins), static_cast<double>(share), 1e-14);
  }
}

}  // namespace
}  // namespace ea::core
