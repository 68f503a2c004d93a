#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "core/bytes/error.hpp"
#include "core/experiments/key_filter.hpp"
#include "core/experiments/moments.hpp"

namespace ea::core {
namespace {

UnitMetric metric(const char* name) { return *find_unit_metric(name); }

struct Unit {
  std::int64_t before, after, before_base = 0, after_base = 0;
};

Moments moments(const std::vector<Unit>& units) {
  Moments m;
  for (const Unit& u : units) m.add({{u.after, u.after_base}, {u.before, u.before_base}});
  return m;
}

void expect_near(double got, double wanted, double tolerance = 1e-12) {
  EXPECT_NEAR(got, wanted, tolerance * std::max(1.0, std::abs(wanted)));
}

// The estimate again, by textbook sums of deviations in long double.
struct Plain {
  bool any = false, ratio = false;

  static long double mean(const std::vector<long double>& v) {
    long double sum = 0;
    for (long double x : v) sum += x;
    return sum / (long double)v.size();
  }
  long double cov(const std::vector<long double>& u, const std::vector<long double>& v) const {
    const long double mu = mean(u), mv = mean(v);
    long double sum = 0;
    for (std::size_t i = 0; i < u.size(); i++) sum += (u[i] - mu) * (v[i] - mv);
    return sum / (long double)(any ? u.size() : u.size() - 1);
  }
  static std::vector<long double> part(const std::vector<Unit>& units, std::int64_t Unit::*member) {
    std::vector<long double> v;
    for (const Unit& u : units) v.push_back((long double)(u.*member));
    return v;
  }
  struct Side {
    std::vector<long double> y, x;
    long double mean_y, mean_x;
  };
  Side side(const std::vector<Unit>& units) const {
    Side s{part(units, &Unit::after), part(units, &Unit::before), 0, 0};
    s.mean_y = mean(s.y);
    s.mean_x = mean(s.x);
    if (!ratio) return s;
    const auto d = part(units, &Unit::after_base), dx = part(units, &Unit::before_base);
    s.mean_y /= mean(d);
    s.mean_x /= mean(dx);
    for (std::size_t i = 0; i < s.y.size(); i++) {
      s.y[i] = (s.y[i] - s.mean_y * d[i]) / mean(d);
      s.x[i] = (s.x[i] - s.mean_x * dx[i]) / mean(dx);
    }
    return s;
  }
  static std::vector<long double> mixed(const Side& s, long double c, long double theta) {
    std::vector<long double> v;
    for (std::size_t i = 0; i < s.y.size(); i++) v.push_back(c * s.y[i] - theta * s.x[i]);
    return v;
  }
  Estimate estimate(const std::vector<Unit>& of_a, const std::vector<Unit>& of_b, double scale) const {
    const Side a = side(of_a), b = side(of_b);
    long double theta;
    if (ratio) {
      theta = (cov(a.y, a.x) + cov(b.y, b.x)) / (cov(a.x, a.x) + cov(b.x, b.x));
    } else {
      std::vector<long double> y = a.y, x = a.x;
      y.insert(y.end(), b.y.begin(), b.y.end());
      x.insert(x.end(), b.x.begin(), b.x.end());
      theta = cov(y, x) / cov(x, x);
    }
    const auto variance = [&](const Side& s, long double c, long double t) {
      const auto v = mixed(s, c, t);
      return cov(v, v);
    };
    const long double na = of_a.size(), nb = of_b.size();
    const long double diff = b.mean_y - theta * b.mean_x - (a.mean_y - theta * a.mean_x), lift = diff / a.mean_y;
    const long double square = variance(b, 1, theta) / nb + variance(a, 1, theta) / na, plain = variance(b, 1, 0) / nb + variance(a, 1, 0) / na;
    const long double c = ratio ? 1 + lift : b.mean_y / a.mean_y;
    Estimate e{};
    e.diff = (double)(diff * scale);
    e.se = (double)(std::sqrt(square) * scale);
    e.theta = (double)theta;
    e.variance_reduction = (double)(1 - square / plain);
    e.lift = (double)lift;
    e.lift_se = (double)(std::sqrt(variance(b, 1, theta) / nb + variance(a, c, theta) / na) / a.mean_y);
    e.variance_a = (double)(variance(a, 1, theta) * scale * scale);
    e.variance_b = (double)(variance(b, 1, theta) * scale * scale);
    return e;
  }
};

void expect_same(const Estimate& got, const Estimate& wanted) {
  expect_near(got.diff, wanted.diff);
  expect_near(got.se, wanted.se);
  expect_near(got.theta, wanted.theta);
  expect_near(got.variance_reduction, wanted.variance_reduction);
  expect_near(got.lift, wanted.lift);
  expect_near(got.lift_se, wanted.lift_se);
  expect_near(got.variance_a, wanted.variance_a);
  expect_near(got.variance_b, wanted.variance_b);
}

const std::vector<Unit> kControl{{10000, 12000}, {8000, 9000}, {15000, 15000}, {3000, 5000}, {12000, 12000}, {7000, 6000}};
const std::vector<Unit> kTreatment{{9000, 13000}, {11000, 14000}, {4000, 8000}, {14000, 18000}, {6000, 9000}, {10000, 13000}};

TEST(UnitMetric, NamesAreThoseOfAccessorsAndOfAnything) {
  EXPECT_EQ(metric("any_save").kind, UnitMetricKind::any);
  EXPECT_EQ(metric("views").kind, UnitMetricKind::value);
  EXPECT_EQ(metric("unidentified_views").kind, UnitMetricKind::value);
  EXPECT_EQ(metric("total_engagements").kind, UnitMetricKind::value);
  EXPECT_EQ(metric("total_watch_time").kind, UnitMetricKind::value);
  EXPECT_EQ(metric("average_watch_time").kind, UnitMetricKind::ratio);
  EXPECT_EQ(metric("engagement_rate").kind, UnitMetricKind::ratio);
  for (const char* refused : {"unique_viewers", "engagement_score", "sessions", "new_viewers", "any_skip", "any_", "Views", "", "any_views"})
    EXPECT_FALSE(find_unit_metric(refused)) << refused;
}

TEST(UnitMetric, NamesThatAreKnownAreNamed) {
  const std::string_view names = kUnitMetricNames;
  int known = 0;
  for (std::size_t at = 0; at < names.size();) {
    const std::size_t end = std::min(names.find_first_of(", ", at), names.size());
    const std::string_view name = names.substr(at, end - at);
    if (!name.empty() && name != "and") {
      EXPECT_TRUE(find_unit_metric(name)) << name;
      known++;
    }
    at = end + 1;
  }
  EXPECT_EQ(known, kMetrics - 2 + 5);
}

TEST(UnitMetric, ValuesAreWholeNumbersOfTheUnit) {
  Counters c{};
  c.views = 3;
  c.completions = 2;
  c.saves = 4;
  c.shares = 1;
  c.clicks = 0;
  c.skips = 6;
  c.impressions = 9;
  c.watch_time_ms = 1234;
  const auto expect = [&](const char* name, std::int64_t value, std::int64_t base) {
    const UnitValue got = unit_value(metric(name), c);
    EXPECT_EQ(got.value, value) << name;
    EXPECT_EQ(got.base, base) << name;
  };
  expect("any_view", 1, 0);
  expect("any_save", 1, 0);
  expect("any_click", 0, 0);
  expect("any_completion", 1, 0);
  expect("saves", 4, 0);
  expect("impressions", 9, 0);
  expect("total_engagements", 5, 0);
  expect("total_watch_time", 1234, 0);
  expect("average_watch_time", 1234, 3);
  expect("completion_rate", 2, 3);
  expect("engagement_rate", 5, 3);
  expect("skip_rate", 6, 3);
}

TEST(Estimate, WorkedExampleWithHistory) {
  const UnitMetric m = metric("total_watch_time");
  const Moments a = moments(kControl), b = moments(kTreatment);
  expect_near(mean_of(m, a), 9.833333333, 1e-9);
  expect_near(mean_of(m, b), 12.5);
  const Estimate e = estimate(m, a, b, true);
  expect_near(e.diff, 2.821093319, 1e-9);
  expect_near(e.theta, 0.9265599117, 1e-9);
  expect_near(100 * e.variance_reduction, 94.13752745, 1e-9);
  expect_near(100 * e.lift, 28.6890846, 1e-9);
  expect_same(e, Plain().estimate(kControl, kTreatment, 0.001));
}

TEST(Estimate, WorkedExampleWithoutHistory) {
  const Estimate e = estimate(metric("total_watch_time"), moments(kControl), moments(kTreatment), false);
  expect_near(e.diff, 2.666666667, 1e-9);
  expect_near(100 * e.lift, 27.11864407, 1e-9);
  EXPECT_EQ(e.theta, 0);
  EXPECT_EQ(e.variance_reduction, 0);
}

std::vector<Unit> random_units(std::mt19937_64& random, int n, std::int64_t largest) {
  std::vector<Unit> units;
  const auto number = [&](std::int64_t most) { return std::uniform_int_distribution<std::int64_t>(0, most)(random); };
  for (int i = 0; i < n; i++) {
    const std::int64_t base = number(20), before_base = number(20), habit = number(largest);
    units.push_back({habit + number(largest), habit + number(largest), before_base, base});
  }
  return units;
}

TEST(Estimate, EqualsDeviationsFromTheMean) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 50; round++) {
    const auto a = random_units(random, 2 + round, 1000), b = random_units(random, 3 + 2 * round, 1500);
    expect_same(estimate(metric("views"), moments(a), moments(b), true), Plain().estimate(a, b, 1));
    if (round > 3) expect_same(estimate(metric("save_rate"), moments(a), moments(b), true), Plain{false, true}.estimate(a, b, 100));
    auto any_a = a, any_b = b;
    for (auto* side : {&any_a, &any_b})
      for (Unit& u : *side) u = {u.before > 900, u.after > 1000};
    if (round > 10) expect_same(estimate(metric("any_view"), moments(any_a), moments(any_b), true), Plain{true, false}.estimate(any_a, any_b, 100));
  }
}

TEST(Estimate, OrderOfUnitsIsNothing) {
  std::mt19937_64 random(11);
  auto a = random_units(random, 500, 1'000'000'000), b = random_units(random, 400, 1'000'000'000);
  for (const char* name : {"views", "average_watch_time"}) {
    const Estimate one = estimate(metric(name), moments(a), moments(b), true);
    std::shuffle(a.begin(), a.end(), random);
    std::shuffle(b.begin(), b.end(), random);
    const Estimate other = estimate(metric(name), moments(a), moments(b), true);
    EXPECT_EQ(one.se, other.se);
    EXPECT_EQ(one.diff, other.diff);
    EXPECT_EQ(one.theta, other.theta);
    EXPECT_EQ(one.lift_se, other.lift_se);
  }
}

// The mean is 10^15 standard deviations: squares of doubles would leave nothing of the variance.
TEST(Estimate, LargeNumbersKeepTheirDigits) {
  std::vector<Unit> small_a{{0, 1}, {3, 4}, {2, 7}}, small_b{{5, 9}, {1, 2}, {4, 4}, {2, 6}};
  auto a = small_a, b = small_b;
  for (auto* side : {&a, &b})
    for (Unit& u : *side) u = {u.before + 1'000'000'000'000'000, u.after + 1'000'000'000'000'000};
  const Estimate wanted = estimate(metric("views"), moments(small_a), moments(small_b), true);
  const Estimate got = estimate(metric("views"), moments(a), moments(b), true);
  EXPECT_DOUBLE_EQ(got.se, wanted.se);
  EXPECT_DOUBLE_EQ(got.diff, wanted.diff);
  EXPECT_DOUBLE_EQ(got.theta, wanted.theta);
}

// Products with the number of units exceed 128 bits.
TEST(Estimate, SoDoLargerOnes) {
  constexpr std::int64_t large = 900'000'000'000'000'000;
  std::vector<Unit> small_a{{0, 1}, {3, 4}, {2, 7}}, small_b{{5, 9}, {1, 2}, {4, 4}, {2, 6}};
  auto a = small_a, b = small_b;
  for (auto* side : {&a, &b})
    for (Unit& u : *side) u = {u.before * large, u.after * large};
  const Estimate wanted = estimate(metric("views"), moments(small_a), moments(small_b), true);
  const Estimate got = estimate(metric("views"), moments(a), moments(b), true);
  EXPECT_DOUBLE_EQ(got.se / large, wanted.se);
  EXPECT_DOUBLE_EQ(got.diff / large, wanted.diff);
  EXPECT_DOUBLE_EQ(got.theta, wanted.theta);
}

TEST(Estimate, MomentsNeedNoMoreThanEightBytesOfAlignment) {
  EXPECT_EQ(alignof(Moments), 8u);
  alignas(16) unsigned char room[sizeof(Moments) + 8];
  Moments* m = new (room + 8) Moments();
  m->add({{3, 2}, {5, 7}});
  m->merge(*m);
  EXPECT_EQ((std::int64_t)m->products(Moments::after, Moments::before), 30);
  EXPECT_EQ((std::int64_t)m->products(Moments::before_base, Moments::after_base), 28);
}

TEST(Estimate, TooLargeSumsAreRefused) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  Moments m;
  m.add({{most, 0}, {0, 0}});
  try {
    m.add({{most, 0}, {0, 0}});
    m.add({{most, 0}, {0, 0}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::out_of_range);
  }
}

TEST(Estimate, NothingThatVariesIsExactlyZero) {
  const std::vector<Unit> constant{{0, 7}, {0, 7}, {0, 7}}, varied{{0, 1}, {0, 2}};
  Estimate e = estimate(metric("views"), moments(constant), moments(varied), true);
  EXPECT_EQ(e.theta, 0);
  EXPECT_EQ(e.variance_a, 0);
  EXPECT_GT(e.variance_b, 0);
  EXPECT_EQ(e.diff, -5.5);
  // A ratio of 3/7 in each unit, and 3 sevenths of what was before: no double is that, and nothing is left of either.
  const std::vector<Unit> sevenths{{7, 3, 7, 7}, {14, 6, 14, 14}, {70, 30, 35, 70}}, others{{21, 9, 7, 21}, {7, 3, 7, 7}};
  e = estimate(metric("save_rate"), moments(sevenths), moments(others), true);
  EXPECT_EQ(e.variance_a, 0);
  EXPECT_EQ(e.variance_b, 0);
  EXPECT_EQ(e.diff, 0);
  EXPECT_TRUE(e.zero_variance);
  e = estimate(metric("views"), moments(sevenths), moments(others), true);
  EXPECT_TRUE(e.zero_variance);
  EXPECT_DOUBLE_EQ(e.theta, 3.0 / 7);
  EXPECT_EQ(e.se, 0);
  EXPECT_EQ(e.diff, 0);
  EXPECT_EQ(e.variance_reduction, 1);
}

// What was before varies where what was since does not: no error to go by, though one could be computed.
TEST(Estimate, HistoryAloneIsNoVariance) {
  const std::vector<Unit> nothing_yet{{1, 0}, {0, 0}, {0, 0}}, some{{1, 2}, {0, 0}, {2, 3}};
  Estimate e = estimate(metric("clicks"), moments(nothing_yet), moments(some), true);
  EXPECT_NE(e.theta, 0);
  EXPECT_GT(e.variance_a, 0);
  EXPECT_TRUE(e.zero_variance);
  EXPECT_TRUE(estimate(metric("clicks"), moments(some), moments(nothing_yet), true).zero_variance);
  EXPECT_TRUE(estimate(metric("clicks"), moments(nothing_yet), moments(some), false).zero_variance);
  EXPECT_FALSE(estimate(metric("clicks"), moments(some), moments(some), true).zero_variance);
  const std::vector<Unit> no_clicks{{1, 0, 2, 3}, {0, 0, 1, 1}, {0, 0, 4, 2}}, clicks{{1, 2, 3, 4}, {0, 0, 1, 1}, {2, 1, 4, 3}};
  e = estimate(metric("click_rate"), moments(no_clicks), moments(clicks), true);
  EXPECT_GT(e.variance_a, 0);
  EXPECT_TRUE(e.zero_variance);
}

TEST(Estimate, RatiosWithoutBase) {
  const UnitMetric m = metric("completion_rate");
  const std::vector<Unit> nobody{{0, 0}, {0, 0}}, some{{1, 1, 2, 2}, {0, 2, 1, 3}}, fresh{{0, 1, 0, 2}, {0, 2, 0, 3}};
  EXPECT_EQ(mean_of(m, moments(nobody)), 0);
  EXPECT_TRUE(std::isnan(mean_of(m, Moments())));
  EXPECT_EQ(mean_of(m, moments(some)), 60);
  Estimate e = estimate(m, moments(nobody), moments(some), true);
  EXPECT_EQ(e.theta, 0);
  EXPECT_EQ(e.variance_a, 0);
  EXPECT_EQ(e.diff, 60);
  EXPECT_TRUE(std::isnan(e.lift));
  // Where one side has nothing before, neither is adjusted.
  e = estimate(m, moments(fresh), moments(some), true);
  EXPECT_EQ(e.theta, 0);
  EXPECT_GT(e.variance_a, 0);
}

TEST(KeyFilter, LosesNobodyAndTellsMostOthers) {
  for (const std::size_t bytes : {std::size_t{1}, std::size_t{4096}, std::size_t{1} << 20}) {
    KeyFilter filter(std::pmr::new_delete_resource(), bytes);
    for (std::int64_t key = 1; key <= 20000; key++) filter.add(key % 3 ? key * 7 : -key * 7);
    filter.settle();
    int passed = 0;
    for (std::int64_t key = 1; key <= 20000; key++) {
      EXPECT_TRUE(filter.may_hold(key % 3 ? key * 7 : -key * 7));
      passed += filter.may_hold(key * 7 + 1);
    }
    EXPECT_LE(filter.bytes(), std::max<std::size_t>(bytes, 512));
    if (bytes == 1 << 20) {
      EXPECT_EQ(filter.bytes(), 65536u);
      EXPECT_LT(passed, 200);
    }
  }
}

}  // namespace
}  // namespace ea::core
