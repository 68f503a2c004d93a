// Tests of two groups and of counts, beside published numbers. Where they are printed with few digits, R 4.2 gave the rest.
#include "core/stat/tests.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <initializer_list>
#include <limits>
#include <vector>

#include "core/bytes/error.hpp"
#include "core/stat/distributions.hpp"

namespace ea::core {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

#define EXPECT_CLOSE(got, wanted) EXPECT_NEAR(got, wanted, std::fabs(wanted) * 1e-9)

TEST(Distributions, AreThoseOfTables) {
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7: tables of the normal, of t and of chi-squared.
  EXPECT_NEAR(normal_below(1) - 0.5, 0.34134, 5e-6);
  EXPECT_NEAR(t_exceeded(0.025, 10), 2.228, 5e-4);
  EXPECT_NEAR(t_exceeded(0.001, 1), 318.313, 5e-3);
  EXPECT_NEAR(t_exceeded(0.05, 100), 1.660, 5e-4);
  EXPECT_NEAR(chi_squared_above(3.841, 1), 0.05, 5e-5);
  EXPECT_NEAR(chi_squared_above(149.449, 100), 0.001, 5e-6);
  EXPECT_CLOSE(normal_exceeded(0.025), 1.95996398454005405);
}

TEST(Distributions, KeepTheDigitsOfSmallTails) {
  // R: pnorm(20, lower = FALSE), 2 * pt(50, 10, lower = FALSE), pnorm(-8), pchisq(1000, 1, lower = FALSE).
  EXPECT_CLOSE(normal_above(20), 2.7536241186062337e-89);
  EXPECT_CLOSE(t_two_sided(50, 10), 2.47431032930269e-13);
  EXPECT_CLOSE(normal_below(-8), 6.22096057427178e-16);
  EXPECT_CLOSE(chi_squared_above(1000, 1), 1.79583278480034e-219);
  EXPECT_CLOSE(t_two_sided(1e-3, 1e18), normal_two_sided(1e-3));
  EXPECT_EQ(t_two_sided(kInfinity, 3), 0);
  EXPECT_EQ(chi_squared_above(kInfinity, 3), 0);
}

TEST(Distributions, KeepTheDigitsOfSmallLevels) {
  // sqrt(2) erfinv(1e-9), and 1e-9 by twice the density of t with 5 degrees of freedom at 0; by 50 digits.
  EXPECT_CLOSE(normal_within(1e-9), 1.2533141373155003e-09);
  EXPECT_CLOSE(normal_within(0.95), 1.95996398454005405);
  EXPECT_CLOSE(t_within(1e-9, 5), 1.3171527620701362e-09);
  EXPECT_CLOSE(t_within(1.1e-6, 5) / 1.1, t_within(0.9e-6, 5) / 0.9);
  EXPECT_CLOSE(t_within(0.95, 10), t_exceeded(0.025, 10));
}

TEST(Distributions, AreNothingOutsideOfTheirDomain) {
  for (double bad : {t_two_sided(kNan, 3), t_two_sided(1, 0), t_two_sided(1, -1), t_exceeded(0, 3), t_exceeded(1, 3), t_exceeded(kNan, 3),
                     chi_squared_above(-1, 3), chi_squared_above(1, 0), normal_exceeded(0), normal_exceeded(1), normal_exceeded(-1),
                     normal_within(0), normal_within(1), t_within(0, 3), t_within(1, 3), t_within(kNan, 3), t_within(1e-9, 0)})
    EXPECT_TRUE(std::isnan(bad));
}

TEST(WilsonInterval, IsThatOfNewcombe) {
  // Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
  struct {
    Proportion of;
    Interval wanted;
  } cases[] = {{{81, 263}, {0.2553, 0.3662}}, {{15, 148}, {0.0624, 0.1605}}, {{0, 20}, {0, 0.1611}}, {{1, 29}, {0.0061, 0.1718}}};
  for (const auto& [of, wanted] : cases) {
    const Interval bounds = wilson_interval(of, 0.95);
    EXPECT_NEAR(bounds.lower, wanted.lower, 5e-5);
    EXPECT_NEAR(bounds.upper, wanted.upper, 5e-5);
  }
  // R: prop.test(81, 263, correct = FALSE)$conf.int.
  EXPECT_CLOSE(wilson_interval({81, 263}, 0.95).lower, 0.255288519878274);
  EXPECT_CLOSE(wilson_interval({81, 263}, 0.95).upper, 0.366209576982800);
}

TEST(WilsonInterval, IsExactAtTheEdges) {
  EXPECT_EQ(wilson_interval({0, 7}, 0.95).lower, 0);
  EXPECT_EQ(wilson_interval({7, 7}, 0.95).upper, 1);
  EXPECT_TRUE(std::isnan(wilson_interval({0, 0}, 0.95).lower));
  // One in 10^18: half of z^2 more on either side than the normal approximation would have.
  const Interval rare = wilson_interval({1, 1'000'000'000'000'000'000}, 0.95);
  EXPECT_CLOSE(rare.lower * rare.upper, 1e-36);    // the product of the roots of the quadratic equation
  for (std::int64_t x = 0; x <= 40; x++) {
    const Interval a = wilson_interval({x, 40}, 0.9), b = wilson_interval({40 - x, 40}, 0.9);
    EXPECT_NEAR(a.lower, 1 - b.upper, 1e-15);
    EXPECT_LE(a.lower, (double)x / 40);
    EXPECT_GE(a.upper, (double)x / 40);
  }
}

TEST(SampleOf, IsMeanAndVariance) {
  const Sample sample = sample_of(std::vector<double>{2, 4, 4, 4, 5, 5, 7, 9});
  EXPECT_EQ(sample.n, 8);
  EXPECT_EQ(sample.mean, 5);
  EXPECT_CLOSE(sample.variance, 32.0 / 7);
  const Sample pair = sample_of(std::vector<double>{-1, 2});
  EXPECT_EQ(pair.mean, 0.5);
  EXPECT_EQ(pair.variance, 4.5);
}

TEST(SampleOf, KeepsTheDigitsOfSmallDifferences) {
  // The differences of 1e9 + {4, 7, 13, 16} are those of {4, 7, 13, 16}: their variance is 30.
  const Sample far = sample_of(std::vector<double>{1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16});
  EXPECT_EQ(far.mean, 1e9 + 10);
  EXPECT_EQ(far.variance, 30);
  // 0, 1 and 2, three, three and one of seven: the mean is rounded.
  std::vector<double> many;
  for (int i = 0; i < 700; i++) many.push_back(1e12 + i % 7 / 3);
  const Sample sample = sample_of(many);
  EXPECT_CLOSE(sample.variance, 700.0 * (24.0 / 49) / 699);
}

TEST(SampleOf, OfEqualOnesDoesNotVary) {
  for (double value : {0.0, 0.1, 100.0 / 3, -7e300}) {
    const Sample sample = sample_of(std::vector<double>(11, value));
    EXPECT_CLOSE(sample.mean, value);
    EXPECT_EQ(sample.variance, 0) << value;
  }
}

TEST(SampleOf, OfNoneOrOneIsNoVariance) {
  const Sample none = sample_of({});
  EXPECT_EQ(none.n, 0);
  EXPECT_TRUE(std::isnan(none.mean));
  EXPECT_TRUE(std::isnan(none.variance));
  const Sample one = sample_of(std::vector<double>{42});
  EXPECT_EQ(one.n, 1);
  EXPECT_EQ(one.mean, 42);
  EXPECT_TRUE(std::isnan(one.variance));
  EXPECT_THROW(sample_of(std::vector<double>{1, kNan}), Error);
  EXPECT_THROW(sample_of(std::vector<double>{kInfinity}), Error);
}

TEST(WilsonInterval, IsNothingOrOneAtAnyLevel) {
  for (double level : {1e-300, 1e-17, 1 - 0x1p-53}) {
    EXPECT_EQ(wilson_interval({0, 7}, level).lower, 0);
    EXPECT_EQ(wilson_interval({7, 7}, level).upper, 1);
  }
  EXPECT_CLOSE(wilson_interval({0, 3902}, 1e-9).upper, 4.0256184694897407e-22);    // z^2 / (n + z^2)
}

TEST(WelchTest, IsThatOfTwoDrugsForSleep) {
  // Student 1908; R: t.test(extra ~ group, data = sleep) prints t = -1.8608, df = 17.776, p-value = 0.07939 for a - b.
  const WelchTest test = welch_test({10, 0.75, 3.20055555555555556}, {10, 2.33, 4.009}, 0.95);
  EXPECT_CLOSE(test.diff, 1.58);
  EXPECT_CLOSE(test.se, 0.849091017238762);
  EXPECT_CLOSE(test.t, 1.8608134674868531);
  EXPECT_CLOSE(test.df, 17.7764735161784984);
  EXPECT_CLOSE(test.p_value, 0.0793941401873582);
  EXPECT_CLOSE(test.bounds.lower, -0.2054832307117102);
  EXPECT_CLOSE(test.bounds.upper, 3.3654832307117104);
}

TEST(WelchTest, IsThatOfAnExperiment) {
  // GrowthBook's gbstats, test_two_sided_ttest_absolute: 0.29, 0.12478, p 0.02016, 0.04538 to 0.53462.
  const WelchTest test = welch_test({3407, 0.41, 15.21}, {3461, 0.7, 38.44}, 0.95);
  EXPECT_NEAR(test.se, 0.12478, 5e-6);
  EXPECT_NEAR(test.p_value, 0.02016, 5e-6);
  EXPECT_NEAR(test.bounds.lower, 0.04538, 5e-6);
  EXPECT_NEAR(test.bounds.upper, 0.53462, 5e-6);
}

TEST(WelchTest, NeedsTwoUnitsAndVariance) {
  EXPECT_TRUE(std::isnan(welch_test({1, 1, 0}, {10, 2, 1}, 0.95).diff));
  EXPECT_TRUE(std::isnan(welch_test({10, 1, 0}, {10, 2, 0}, 0.95).p_value));
  // Variance of one side suffices: the degrees of freedom are its own.
  EXPECT_CLOSE(welch_test({10, 1, 0}, {6, 2, 1}, 0.95).df, 5.0);
  EXPECT_CLOSE(welch_test({10, 1, 1e-300}, {10, 2, 1e-300}, 0.95).df, 18.0);
}

TEST(TwoProportionTest, IsThatOfNewcombe) {
  // Newcombe 1998, Statistics in Medicine 17:873, table II, method 10: (a) to (h).
  struct {
    Proportion a, b;
    Interval wanted;
  } cases[] = {{{48, 80}, {56, 70}, {0.0524, 0.3339}}, {{3, 10}, {9, 10}, {0.1705, 0.8090}}, {{2, 7}, {6, 7}, {0.0582, 0.8062}},
               {{0, 29}, {5, 56}, {-0.0381, 0.1926}}, {{0, 20}, {0, 10}, {-0.1611, 0.2775}}, {{0, 10}, {0, 10}, {-0.2775, 0.2775}},
               {{0, 20}, {10, 10}, {0.6791, 1}}, {{0, 10}, {10, 10}, {0.6075, 1}}};
  for (const auto& [a, b, wanted] : cases) {
    const TwoProportionTest test = two_proportion_test(a, b, 0.95);
    EXPECT_NEAR(test.bounds.lower, wanted.lower, 5e-5) << a.successes << "/" << a.n;
    EXPECT_NEAR(test.bounds.upper, wanted.upper, 5e-5) << a.successes << "/" << a.n;
  }
}

TEST(TwoProportionTest, KeepsTheDigitsOfSmallDifferences) {
  // By 80 digits: one failure in 266 billion beside none in 1244 billion, and two thirds that differ by 2e-9.
  const TwoProportionTest rare = two_proportion_test({266'285'785'685, 266'285'785'686}, {1'243'793'240'297, 1'243'793'240'297}, 0.999999);
  EXPECT_CLOSE(rare.diff, 3.755363799925784e-12);
  EXPECT_CLOSE(rare.bounds.lower, -1.5818496147557616e-11);
  EXPECT_CLOSE(rare.bounds.upper, 9.722449590047878e-11);
  EXPECT_CLOSE(rare.z, 2.1612256034960438);
  EXPECT_CLOSE(rare.p_value, 0.03067791655049484);
  const TwoProportionTest near = two_proportion_test({207'378'371'427, 707'589'219'012}, {949'103'528'235, 3'238'406'278'237}, 0.5);
  EXPECT_CLOSE(near.diff, 1.8789651467952333e-09);
  EXPECT_CLOSE(near.z, 0.0031457168290721384);
}

TEST(TwoProportionTest, IsThePooledZ) {
  // Fleiss 1981, smokers among patients, in the examples of R's prop.test: X-squared of the last two hospitals is z^2.
  const TwoProportionTest test = two_proportion_test({129, 136}, {70, 82}, 0.95);
  EXPECT_CLOSE(test.z * test.z, 5.78719866037125021);
  EXPECT_CLOSE(test.p_value, 0.0161432937786357);
  EXPECT_LT(test.z, 0);
  // statsmodels, proportions_ztest.
  EXPECT_CLOSE(two_proportion_test({12, 99}, {5, 83}, 0.95).p_value, 0.1591812918);
  // Nobody: bounds, but no z.
  EXPECT_TRUE(std::isnan(two_proportion_test({0, 10}, {0, 10}, 0.95).z));
  EXPECT_TRUE(std::isnan(two_proportion_test({10, 10}, {7, 7}, 0.95).p_value));
  EXPECT_TRUE(std::isnan(two_proportion_test({0, 0}, {1, 2}, 0.95).diff));
}

TEST(SrmTest, IsPearsonsChiSquared) {
  // Mendel's peas, 9:3:3:1 (R: chisq.test(c(315, 108, 101, 32), p = c(9, 3, 3, 1) / 16)).
  const std::vector<std::int64_t> peas = {315, 108, 101, 32};
  const ChiSquaredTest mendel = srm_test(peas, std::vector<double>{9, 3, 3, 1});
  EXPECT_CLOSE(mendel.chi2, 0.470023980815348);
  EXPECT_EQ(mendel.df, 3);
  EXPECT_CLOSE(mendel.p_value, 0.925425895103616);
  // From the examples of R's chisq.test, p to be scaled.
  const std::vector<std::int64_t> counts = {89, 37, 30, 28, 2};
  EXPECT_CLOSE(srm_test(counts, std::vector<double>{40, 20, 20, 15, 5}).chi2, 9.99014336917563);
  EXPECT_CLOSE(srm_test(counts, std::vector<double>{40, 20, 20, 15, 5}).p_value, 0.0405940433447812);
  // Kohavi, Tang and Xu 2020, chapter 3: 821,588 and 815,482 users, p under 1 in 500,000.
  const ChiSquaredTest split = srm_test(std::vector<std::int64_t>{821'588, 815'482}, {});
  EXPECT_CLOSE(split.chi2, 22.77436884);
  EXPECT_CLOSE(split.p_value, 1.821792873e-06);
}

TEST(SrmTest, KnowsItsEdges) {
  using Counts = std::vector<std::int64_t>;
  using Weights = std::vector<double>;
  EXPECT_EQ(srm_test(Counts{0, 0}, {}).p_value, 1);
  EXPECT_EQ(srm_test(Counts{0, 0}, {}).df, 1);
  EXPECT_EQ(srm_test(Counts{5}, {}).p_value, 1);
  EXPECT_EQ(srm_test(Counts{5}, {}).df, 0);
  EXPECT_EQ(srm_test(Counts{5, 0, 5}, Weights{1, 0, 1}).df, 1);
  EXPECT_EQ(srm_test(Counts{5, 0, 5}, Weights{1, 0, 1}).p_value, 1);
  EXPECT_EQ(srm_test(Counts{5, 1, 5}, Weights{1, 0, 1}).chi2, kInfinity);
  EXPECT_EQ(srm_test(Counts{5, 1}, Weights{1, 0}).p_value, 0);
}

TEST(Tests, RefuseWhatHasNoMeaning) {
  EXPECT_THROW(wilson_interval({3, 2}, 0.95), Error);
  EXPECT_THROW(wilson_interval({-1, 2}, 0.95), Error);
  EXPECT_THROW(wilson_interval({0, -1}, 0.95), Error);
  for (double level : {0.0, 1.0, -0.5, 95.0, kNan}) {
    EXPECT_THROW(wilson_interval({1, 2}, level), Error);
    EXPECT_THROW(welch_test({2, 0, 1}, {2, 0, 1}, level), Error);
    EXPECT_THROW(two_proportion_test({1, 2}, {1, 2}, level), Error);
  }
  EXPECT_THROW(welch_test({2, kNan, 1}, {2, 0, 1}, 0.95), Error);
  EXPECT_THROW(welch_test({2, 0, -1}, {2, 0, 1}, 0.95), Error);
  EXPECT_THROW(welch_test({-2, 0, 1}, {2, 0, 1}, 0.95), Error);
  EXPECT_THROW(welch_test({2, 0, 1}, {2, kInfinity, 1}, 0.95), Error);
  EXPECT_THROW(srm_test({}, {}), Error);
  const std::vector<std::int64_t> counts = {1, 2};
  for (const std::vector<double>& weights : {std::vector<double>{1}, {0, 0}, {1, -1}, {1, kNan}, {1, kInfinity}}) EXPECT_THROW(srm_test(counts, weights), Error);
  EXPECT_THROW(srm_test(std::vector<std::int64_t>{1, -2}, {}), Error);
}

}  // namespace
}  // namespace ea::core
