// Lines, slopes and ranks, beside published numbers and beside all pairs.
#include "core/stat/trend.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "core/bytes/error.hpp"
#include "core/stat/quantiles.hpp"
#include "published_series.hpp"

namespace ea::core {
namespace {

using Numbers = std::vector<double>;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
std::pmr::memory_resource* const kMemory = std::pmr::new_delete_resource();

#define EXPECT_CLOSE(got, wanted) EXPECT_NEAR(got, wanted, std::fabs(wanted) * 1e-9)

Numbers places(std::size_t count) {
  Numbers x(count);
  std::iota(x.begin(), x.end(), 0);
  return x;
}

double slope_of_all_pairs(const Numbers& x, const Numbers& y) {
  Numbers slopes;
  for (std::size_t i = 0; i < x.size(); i++)
    for (std::size_t j = i + 1; j < x.size(); j++)
      if (x[i] != x[j]) slopes.push_back((y[j] - y[i]) / (x[j] - x[i]));
  return median(slopes);
}

TEST(LinearFit, IsTheCertifiedOneOfNorris) {
  // NIST Statistical Reference Datasets, Norris: calibration of ozone monitors; certified values.
  const Numbers y = {0.1, 338.8, 118.1, 888, 9.2, 228.1, 668.5, 998.5, 449.1, 778.9, 559.2, 0.3, 0.1, 778.1, 668.8, 339.3, 448.9, 10.8,
                     557.7, 228.3, 998, 888.8, 119.6, 0.3, 0.6, 557.6, 339.3, 888, 998.5, 778.9, 10.2, 117.6, 228.9, 668.4, 449.2, 0.2};
  const Numbers x = {0.2, 337.4, 118.2, 884.6, 10.1, 226.5, 666.3, 996.3, 448.6, 777, 558.2, 0.4, 0.6, 775.5, 666.9, 338, 447.5, 11.6,
                     556, 228.1, 995.8, 887.6, 120.2, 0.3, 0.3, 556.8, 339.1, 887.2, 999, 779, 11.1, 118.3, 229.2, 669.1, 448.9, 0.5};
  const LinearFit fit = linear_fit(x, y);
  EXPECT_NEAR(fit.slope, 1.00211681802045, 1e-13);
  EXPECT_NEAR(fit.intercept, -0.262323073774029, 1e-12);
  EXPECT_NEAR(fit.r2, 0.999993745883712, 1e-14);
  EXPECT_CLOSE(fit.p_value, 4.65404085247356e-90);    // R: summary(lm(y ~ x))
}

TEST(LinearFit, IsThatOfAnscombesQuartet) {
  // Anscombe 1973, the first: y = 3 + 0.5 x, r2 = 0.667; R: p-value 0.00217.
  const Numbers x = {10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5}, y = {8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68};
  const LinearFit fit = linear_fit(x, y);
  EXPECT_CLOSE(fit.slope, 0.50009090909090914);
  EXPECT_CLOSE(fit.intercept, 3.00009090909090892);
  EXPECT_CLOSE(fit.r2, 0.66654245950877489);
  EXPECT_CLOSE(fit.p_value, 0.00216962887307879);
}

TEST(LinearFit, KnowsItsEdges) {
  EXPECT_TRUE(std::isnan(linear_fit({}, {}).slope));
  EXPECT_TRUE(std::isnan(linear_fit(Numbers{1}, Numbers{2}).slope));
  EXPECT_TRUE(std::isnan(linear_fit(Numbers{1, 1}, Numbers{2, 3}).slope));
  EXPECT_EQ(linear_fit(Numbers{1, 2}, Numbers{2, 4}).slope, 2);
  EXPECT_TRUE(std::isnan(linear_fit(Numbers{1, 2}, Numbers{2, 4}).p_value));
  EXPECT_EQ(linear_fit(Numbers{1, 2, 3}, Numbers{5, 5, 5}).slope, 0);
  EXPECT_TRUE(std::isnan(linear_fit(Numbers{1, 2, 3}, Numbers{5, 5, 5}).r2));
  EXPECT_EQ(linear_fit(Numbers{0, 1, 2}, Numbers{1, 3, 5}).p_value, 0);
  EXPECT_THROW(linear_fit(Numbers{1, 2}, Numbers{1}), Error);
  EXPECT_THROW(linear_fit(Numbers{1, kNan}, Numbers{1, 2}), Error);
  EXPECT_THROW(linear_fit(Numbers{1, 2}, Numbers{1, kInfinity}), Error);
}

TEST(LinearFit, FollowsAChangeOfTheUnit) {
  const Numbers x = {10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5}, y = {8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68};
  const LinearFit fit = linear_fit(x, y);
  for (double of_x : {0x1p-1000, 0x1p-300, 0x1p600, 0x1p1000})
    for (double of_y : {0x1p-1000, 0x1p-600, 0x1p300, 0x1p1000}) {
      Numbers far_x = x, far_y = y;
      for (double& value : far_x) value *= of_x;
      for (double& value : far_y) value *= of_y;
      if (of_y / of_x > 0x1p1020) {
        EXPECT_THROW(linear_fit(far_x, far_y), Error);
        continue;
      }
      const LinearFit far = linear_fit(far_x, far_y);
      EXPECT_EQ(far.slope, fit.slope * (of_y / of_x));
      EXPECT_EQ(far.intercept, fit.intercept * of_y);
      EXPECT_EQ(far.r2, fit.r2);
      EXPECT_EQ(far.p_value, fit.p_value);
    }
}

TEST(LinearFit, KeepsTheDigitsOfASmallR2) {
  // By fractions: x from -2 to 2, y = (1, -1, 0, -1, 1) + x / 2^30: r2 = 10 / (10 + 4 * 2^60).
  const double slope = 0x1p-30;
  const LinearFit fit = linear_fit(Numbers{-2, -1, 0, 1, 2}, Numbers{1 - 2 * slope, -1 - slope, 0, -1 + slope, 1 + 2 * slope});
  EXPECT_CLOSE(fit.slope, slope);
  EXPECT_CLOSE(fit.r2, 10 / (10 + 0x1p62));
}

TEST(SenSlope, IsThatOfSen) {
  // Sen 1968, J. Am. Stat. Assoc. 63:1379, section 6: the estimate is 4.
  EXPECT_EQ(sen_slope(Numbers{1, 2, 3, 4, 10, 12, 18}, Numbers{9, 15, 19, 20, 45, 55, 78}, kMemory), 4);
  // The Nile: -2.6 a year (R, the median over all pairs).
  EXPECT_CLOSE(sen_slope(places(100), Numbers(std::begin(test::kNile), std::end(test::kNile)), kMemory), -2.6);
}

TEST(SenSlope, IsTheMedianOverAllPairs) {
  std::mt19937_64 random(1968);
  for (std::size_t n : {2, 3, 10, 65, 400, 1000, 2500})
    for (int kind = 0; kind < 6; kind++) {
      Numbers x = places(n), y(n);
      for (std::size_t i = 0; i < n; i++) {
        const double noise = std::uniform_real_distribution<>(-1, 1)(random);
        if (kind == 3) x[i] = std::floor((double)i / 3);    // times that are equal
        switch (kind) {
          case 0: y[i] = noise * 1000; break;
          case 1: y[i] = (double)(random() % 4); break;                                 // many slopes are 0
          case 2: y[i] = 1e6 + (double)i / 3 + (random() % 50 ? 0 : noise * 1e5); break;    // nearly all are 1/3
          case 3: y[i] = 0.001 * (double)i + noise; break;
          case 4: y[i] = (double)(i / 2); break;
          case 5: y[i] = std::ldexp(noise, (int)(random() % 200) - 100); break;
        }
      }
      if (kind == 3 && n <= 3) continue;    // all at one time
      const double wanted = slope_of_all_pairs(x, y);
      EXPECT_NEAR(sen_slope(x, y, kMemory), wanted, std::fabs(wanted) * 1e-9) << n << " points of kind " << kind;
    }
}

TEST(SenSlope, IsTheSameFarFromZero) {
  // Hours in seconds since 1970, and sums that hardly change.
  for (unsigned seed = 1; seed <= 3; seed++) {
    std::mt19937_64 random(seed);
    Numbers x(1500), y(1500);
    for (std::size_t i = 0; i < x.size(); i++) {
      x[i] = 1.7e9 + 3600 * (double)i;
      y[i] = 1e14 + std::uniform_real_distribution<>(-2, 2)(random);
    }
    EXPECT_CLOSE(sen_slope(x, y, kMemory), slope_of_all_pairs(x, y)) << seed;
  }
}

TEST(SenSlope, KnowsItsEdges) {
  EXPECT_TRUE(std::isnan(sen_slope({}, {}, kMemory)));
  EXPECT_TRUE(std::isnan(sen_slope(Numbers{1}, Numbers{1}, kMemory)));
  EXPECT_TRUE(std::isnan(sen_slope(Numbers{1, 1}, Numbers{1, 5}, kMemory)));
  EXPECT_EQ(sen_slope(places(3), Numbers{7, 7, 7}, kMemory), 0);
  EXPECT_CLOSE(sen_slope(Numbers{0, 1e300}, Numbers{-1e300, 1e300}, kMemory), 2.0);
  EXPECT_CLOSE(sen_slope(Numbers{0, 1e-300}, Numbers{0, 3e-300}, kMemory), 3.0);
  EXPECT_THROW(sen_slope(Numbers{1, 2}, Numbers{1, kNan}, kMemory), Error);
}

TEST(SenSlope, TakesTenThousandPoints) {
  // 50 million pairs: as long as this takes would be noticed.
  std::mt19937_64 random(10'000);
  Numbers y(10'000), counts(10'000);
  for (std::size_t i = 0; i < y.size(); i++) {
    y[i] = 0.25 * (double)i + 500 * std::uniform_real_distribution<>(-1, 1)(random);
    counts[i] = (double)(random() % 100);
  }
  EXPECT_NEAR(sen_slope(places(y.size()), y, kMemory), 0.25, 0.005);
  EXPECT_NEAR(sen_slope(places(y.size()), counts, kMemory), 0, 1e-3);
}

TEST(MannKendall, IsThatOfAnExampleByHand) {
  // J. Little, College of the Holy Cross, "A Mann-Kendall example by hand": S = 54, one tie, Z = 2.9058.
  const Numbers series = {12.9, 14.8, 13.2, 15.7, 13.8, 15.6, 12.9, 11.0, 17.3, 15.9, 19.0, 18.3, 20.1, 21.7};
  const MannKendall test = mann_kendall(series, kMemory);
  EXPECT_EQ(test.s, 54);
  EXPECT_CLOSE(test.variance, 14.0 * 13 * 33 / 18 - 1);
  EXPECT_NEAR(test.z, 2.9058, 5e-5);
}

TEST(MannKendall, IsKendallsTest) {
  // Hollander and Wolfe 1973, p. 187 (R's cor.test): lightness of tuna and its quality, by lightness; T = 26 of 36 pairs.
  const MannKendall tuna = mann_kendall(Numbers{2.5, 4.0, 2.6, 3.6, 2.8, 3.1, 5.2, 5.0, 3.8}, kMemory);
  EXPECT_EQ(tuna.s, 26 - 10);
  EXPECT_EQ(tuna.variance, 92);
  EXPECT_CLOSE(tuna.p_value, 0.117850895021365);
  // R: cor.test(1:100, Nile, method = "kendall", exact = FALSE, continuity = TRUE): many ties.
  const MannKendall nile = mann_kendall(test::kNile, kMemory);
  EXPECT_EQ(nile.s, -1387);
  EXPECT_CLOSE(nile.z, -4.12806652284410);
  EXPECT_CLOSE(nile.p_value, 3.65826292166434e-05);
}

TEST(MannKendall, CountsAsAllPairsDo) {
  std::mt19937_64 random(1945);
  for (std::size_t n : {1, 2, 15, 16, 17, 33, 100, 1000}) {
    Numbers series(n);
    for (double& value : series) value = (double)(random() % (n + 1) / 2);
    double s = 0;
    for (std::size_t i = 0; i < n; i++)
      for (std::size_t j = i + 1; j < n; j++) s += (series[j] > series[i]) - (series[j] < series[i]);
    EXPECT_EQ(mann_kendall(series, kMemory).s, s) << n;
  }
  EXPECT_TRUE(std::isnan(mann_kendall({}, kMemory).z));
  EXPECT_TRUE(std::isnan(mann_kendall(Numbers{1}, kMemory).p_value));
  EXPECT_TRUE(std::isnan(mann_kendall(Numbers{2, 2, 2}, kMemory).z));
  EXPECT_EQ(mann_kendall(Numbers{1, 3, 2, 2}, kMemory).s, 1);
  EXPECT_EQ(mann_kendall(Numbers{1, 3, 2, 2}, kMemory).z, 0);
  EXPECT_THROW(mann_kendall(Numbers{1, kNan}, kMemory), Error);
}

TEST(Quantiles, AreThoseOfPercentileCont) {
  // R: quantile(c(15, 4, 7.5, 21, 9, 7.5, 12.25)), type 7; the percentiles are those of compare_video.
  Numbers values = {15, 4, 7.5, 21, 9, 7.5, 12.25};
  EXPECT_EQ(quantile(values, 0.25), 7.5);
  EXPECT_EQ(quantile(values, 0.75), 13.625);
  EXPECT_EQ(quantile(values, 0), 4);
  EXPECT_EQ(quantile(values, 1), 21);
  EXPECT_EQ(median(values), 9);
  Numbers even = {3, 1, 2, 10};
  EXPECT_EQ(median(even), 2.5);
  EXPECT_TRUE(std::isnan(median({})));
  EXPECT_CLOSE(percentile(values, 7.5), 100 * 2 / 7.0);
  EXPECT_EQ(percentile(values, 3), 0);
  EXPECT_EQ(percentile(values, 22), 100);
  EXPECT_TRUE(std::isnan(percentile({}, 1)));
  EXPECT_THROW(quantile(values, 1.5), Error);
  EXPECT_THROW(percentile(values, kNan), Error);
  values[0] = kInfinity;
  EXPECT_THROW(median(values), Error);
}

}  // namespace
}  // namespace ea::core
