// Bounds at every look, chances, sizes and adjusted p values, beside published numbers.
#include "core/stat/decision.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "core/bytes/error.hpp"
#include "core/stat/distributions.hpp"

namespace ea::core {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
std::pmr::memory_resource* const kMemory = std::pmr::new_delete_resource();

#define EXPECT_CLOSE(got, wanted) EXPECT_NEAR(got, wanted, std::fabs(wanted) * 1e-9)

TEST(ConfidenceSequence, IsThatOfGrowthBook) {
  // gbstats, test_sequential_test_runs: -0.55844, 1.56516, p 1.
  const SequentialTest test = confidence_sequence(0.5033610858562358, 0.33341221464, 6461, 0.05, 1000);
  EXPECT_NEAR(test.bounds.lower, -0.55844, 5e-6);
  EXPECT_NEAR(test.bounds.upper, 1.56516, 5e-6);
  EXPECT_EQ(test.p_value, 1);
  const SequentialTest other = confidence_sequence(0.025, 0.01, 4000, 0.05, 5000);
  EXPECT_CLOSE(other.bounds.lower, -0.005403737125);
  EXPECT_CLOSE(other.bounds.upper, 0.05540373712);
  EXPECT_CLOSE(other.p_value, 0.182229075);
}

TEST(ConfidenceSequence, AgreesWithItsPValue) {
  // Where a bound is 0, the p value is alpha.
  for (double alpha : {0.2, 0.05, 1e-4, 1e-9})
    for (std::int64_t n : {10LL, 1000LL, 1'000'000LL, 1'000'000'000'000LL}) {
      const double half = confidence_sequence(0, 1, n, alpha, 5000).bounds.upper;
      EXPECT_CLOSE(confidence_sequence(half, 1, n, alpha, 5000).p_value, alpha);
      EXPECT_GT(half, normal_exceeded(alpha / 2));    // wider than of one look
    }
}

TEST(ConfidenceSequence, KeepsItsDigitsAtTheEnds) {
  // By 80 digits: alpha so near 1 that r is nearly 0. Where r cannot be told from infinity the bounds say nothing.
  EXPECT_CLOSE(confidence_sequence(0, 1.9023365063029075e-06, 2, 0.9999999999, 5000).bounds.upper, 6.728464990936683e-05);
  const SequentialTest endless = confidence_sequence(1, 1, INT64_MAX, 0.05, 1e-300);
  EXPECT_EQ(endless.bounds.upper, kInfinity);
  EXPECT_EQ(endless.p_value, 1);
}

TEST(ConfidenceSequence, HoldsAtEveryLook) {
  // 2,000 experiments without a difference, 400 looks each: a test of one look would be wrong in half of them.
  std::mt19937_64 random(4711);
  std::normal_distribution<double> unit;
  int wrong = 0, wrong_once = 0;
  for (int trial = 0; trial < 2000; trial++) {
    double sum = 0;
    bool left = false, left_once = false;
    for (std::int64_t n = 25; n <= 10'000; n += 25) {
      sum += 5 * unit(random);    // of 25 units of variance 1
      const double mean = sum / (double)n, se = 1 / std::sqrt((double)n);
      left = left || confidence_sequence(mean, se, n, 0.05, 5000).p_value < 0.05;
      left_once = left_once || normal_two_sided(mean / se) < 0.05;
    }
    wrong += left;
    wrong_once += left_once;
  }
  EXPECT_LT(wrong, 100);
  EXPECT_GT(wrong_once, 600);
}

TEST(ChanceToBeat, IsThatOfANormal) {
  // R: pnorm(2.5), 0.01 * dnorm(2.5) - 0.025 * pnorm(-2.5), 0.025 + c(-1, 1) * qnorm(0.975) * 0.01.
  const ChanceToBeat chance = chance_to_beat(0.025, 0.01, 0.95);
  EXPECT_CLOSE(chance.chance, 0.993790334674224);
  EXPECT_CLOSE(chance.expected_loss, 2.0041371791282e-05);
  EXPECT_CLOSE(chance.bounds.lower, 0.0054003601545995);
  EXPECT_CLOSE(chance.bounds.upper, 0.0445996398454005);
  // The unit normal loss (Raiffa and Schlaifer 1961, table II): L(0) = .3989, L(1) = .08332, L(-1) = 1.08332.
  EXPECT_NEAR(chance_to_beat(0, 1, 0.95).expected_loss, 0.3989, 5e-5);
  EXPECT_NEAR(chance_to_beat(1, 1, 0.95).expected_loss, 0.08332, 5e-6);
  EXPECT_NEAR(chance_to_beat(-1, 1, 0.95).expected_loss, 1.08332, 5e-6);
  EXPECT_EQ(chance_to_beat(0, 1, 0.95).chance, 0.5);
  EXPECT_GE(chance_to_beat(37, 1, 0.95).expected_loss, 0);
  EXPECT_TRUE(std::isnan(chance_to_beat(1, 0, 0.95).chance));
}

TEST(SampleSize, IsThatOfPowerPropTest) {
  // The examples of R's power.prop.test: n = 76.7; and others by it, 120.47 and 33478.25.
  EXPECT_EQ(sample_size_of_proportions(0.50, 0.75, 0.90, 0.05), 77);
  EXPECT_EQ(sample_size_of_proportions(0.75, 0.50, 0.90, 0.05), 77);
  EXPECT_EQ(sample_size_of_proportions(0.15, 0.30, 0.80, 0.05), 121);
  EXPECT_EQ(sample_size_of_proportions(0.10, 0.11, 0.95, 0.01), 33479);
  EXPECT_EQ(sample_size_of_proportions(0.3, 0.3, 0.8, 0.05), std::nullopt);
}

TEST(SampleSize, IsThatOfTwoMeans) {
  // Lehr's rule (van Belle 2008): 16 / d^2, exactly 15.698; Cohen 1988, d = 0.5: 63 by the normal distribution, 64 by t.
  EXPECT_EQ(sample_size_of_means(0, 1, 1, 0.8, 0.05), 16);
  EXPECT_EQ(sample_size_of_means(0, 0.5, 1, 0.8, 0.05), 63);
  EXPECT_EQ(sample_size_of_means(0, 1, 1, 0.9, 0.05), 22);
  EXPECT_EQ(sample_size_of_means(10, 10.5, 4, 0.8, 0.05), 252);
  EXPECT_EQ(sample_size_of_means(1, 1, 1, 0.8, 0.05), std::nullopt);
  EXPECT_EQ(sample_size_of_means(1, 2, 0, 0.8, 0.05), std::nullopt);
  EXPECT_EQ(sample_size_of_means(0, 1000, 1, 0.8, 0.05), 1);
  EXPECT_THROW(sample_size_of_means(0, 1e-9, 1e9, 0.8, 0.05), Error);
  EXPECT_THROW(sample_size_of_means(0, 1, 1, 0.8, 5e-324), Error);    // half of it is 0: not one unit
}

std::vector<double> adjusted(std::vector<double> p, const char* correction) {
  p_adjust(p, *find_correction(correction), kMemory);
  return p;
}

void expect_close(const std::vector<double>& got, const std::vector<double>& wanted) {
  ASSERT_EQ(got.size(), wanted.size());
  for (std::size_t i = 0; i < got.size(); i++) EXPECT_NEAR(got[i], wanted[i], 1e-9) << i;
}

TEST(PAdjust, IsThatOfBenjaminiAndHochberg) {
  // Their example of 1995, on thrombolysis: 15 p values, of which 4 are found at 0.05 and Bonferroni finds 3.
  const std::vector<double> p = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1};
  const std::vector<double> bh = adjusted(p, "bh"), bonferroni = adjusted(p, "bonferroni");
  EXPECT_EQ(std::count_if(bh.begin(), bh.end(), [](double value) { return value <= 0.05; }), 4);
  EXPECT_EQ(std::count_if(bonferroni.begin(), bonferroni.end(), [](double value) { return value <= 0.05; }), 3);
  expect_close(bh, {0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.06385714286, 0.06385714286, 0.0645, 0.0765, 0.486, 0.5811818182, 0.714875, 0.7532307692, 0.8132142857, 1});
  expect_close(adjusted(p, "holm"), {0.0015, 0.0056, 0.0247, 0.114, 0.2211, 0.278, 0.278, 0.278, 0.3213, 1, 1, 1, 1, 1, 1});
  expect_close(adjusted(p, "none"), p);
}

TEST(PAdjust, KeepsPlaces) {
  // R: p.adjust(c(0.04, 0.01, 0.03, 0.01), "holm") and "BH".
  expect_close(adjusted({0.04, 0.01, 0.03, 0.01}, "holm"), {0.06, 0.04, 0.06, 0.04});
  expect_close(adjusted({0.04, 0.01, 0.03, 0.01}, "bh"), {0.04, 0.02, 0.04, 0.02});
  expect_close(adjusted({0.04, 0.01, 0.03, 0.01}, "bonferroni"), {0.16, 0.04, 0.12, 0.04});
  expect_close(adjusted({}, "holm"), {});
  expect_close(adjusted({0.7}, "bh"), {0.7});
  EXPECT_EQ(find_correction("BH"), std::nullopt);
  EXPECT_EQ(find_correction("fdr"), std::nullopt);
}

TEST(Decision, RefusesWhatHasNoMeaning) {
  for (double bad : {0.0, 1.0, -1.0, kNan}) {
    EXPECT_THROW(confidence_sequence(1, 1, 10, bad, 5000), Error);
    EXPECT_THROW(chance_to_beat(1, 1, bad), Error);
    EXPECT_THROW(sample_size_of_proportions(0.1, 0.2, bad, 0.05), Error);
    EXPECT_THROW(sample_size_of_means(0.1, 0.2, 1, 0.8, bad), Error);
  }
  for (double bad : {-1.0, kNan, kInfinity}) {
    EXPECT_THROW(confidence_sequence(1, bad, 10, 0.05, 5000), Error);
    EXPECT_THROW(confidence_sequence(1, 1, 10, 0.05, bad), Error);
    EXPECT_THROW(chance_to_beat(1, bad, 0.95), Error);
    EXPECT_THROW(sample_size_of_means(0, 1, bad, 0.8, 0.05), Error);
    EXPECT_THROW(sample_size_of_proportions(bad, 0.5, 0.8, 0.05), Error);
    EXPECT_THROW(adjusted({0.5, bad}, "holm"), Error);
    EXPECT_THROW(adjusted({0.5, bad}, "none"), Error);
  }
  EXPECT_THROW(confidence_sequence(1, 1, -1, 0.05, 5000), Error);
  EXPECT_THROW(confidence_sequence(1, 1, 1, 0.05, 0), Error);
  EXPECT_TRUE(std::isnan(confidence_sequence(1, 1, 0, 0.05, 5000).p_value));
  EXPECT_TRUE(std::isnan(confidence_sequence(1, 0, 5, 0.05, 5000).bounds.lower));
}

}  // namespace
}  // namespace ea::core
