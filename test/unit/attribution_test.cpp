// Credit for conversions: published numbers, and plain ways to the same ones.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/attribution/credits.hpp"
#include "core/attribution/paths.hpp"
#include "core/bytes/error.hpp"
#include "support.hpp"

namespace ea::core {
namespace {

using M = AttributionModel;
using Weights = std::vector<double>;
constexpr std::uint64_t kDay = 86400000000;

Pulse quiet([] {});

Weights weights(M model, std::vector<std::uint64_t> ages, double half_life = 7.0 * kDay) {
  Weights result(ages.size());
  weigh_touches(model, ages, half_life, result);
  return result;
}

void expect_near(const Weights& found, const Weights& wanted, double part = 1e-9) {
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); i++) EXPECT_NEAR(found[i], wanted[i], part * std::abs(wanted[i])) << i;
}

struct CountedPath {
  std::vector<std::uint32_t> keys;
  double conversions, nulls;
};

struct Answer {
  Weights conversions, effects;
  double untouched;
};

Answer ask(M model, std::size_t keys, const std::vector<CountedPath>& paths) {
  PathCredits credits(model, keys, test::memory());
  for (const CountedPath& path : paths) credits.add(path.keys, path.conversions, path.nulls, quiet);
  credits.finish(quiet);
  Answer answer{{}, {}, credits.untouched()};
  for (std::size_t key = 0; key < keys; key++) {
    answer.conversions.push_back(credits.conversions(key));
    answer.effects.push_back(credits.removal_effect(key));
  }
  return answer;
}

TEST(AttributionTest, NamesOfModels) {
  EXPECT_EQ(find_attribution_model("time_decay"), M::time_decay);
  EXPECT_EQ(find_attribution_model("markov"), M::markov);
  EXPECT_FALSE(find_attribution_model("Linear"));
  EXPECT_FALSE(find_attribution_model(""));
}

TEST(AttributionTest, PublishedTimeDecay) {
  const Weights found = weights(M::time_decay, {38 * kDay, 33 * kDay, 26 * kDay, 8 * kDay, 0});
  expect_near(found, {0.01459959797, 0.0239531328, 0.04790626561, 0.2847537484, 0.6287872552});
  const double rounded[] = {175, 290, 575, 3415, 7545};
  for (int i = 0; i < 5; i++) EXPECT_NEAR(found[i] * 12000, rounded[i], 5);
}

TEST(AttributionTest, Positions) {
  EXPECT_EQ(weights(M::position, {}), Weights{});
  EXPECT_EQ(weights(M::position, {5}), Weights{1});
  EXPECT_EQ(weights(M::position, {5, 4}), (Weights{.5, .5}));
  expect_near(weights(M::position, {5, 4, 3}), {.4, .2, .4});
  expect_near(weights(M::position, {5, 4, 3, 2, 1}), {.4, .2 / 3, .2 / 3, .2 / 3, .4});
  EXPECT_EQ(weights(M::first, {3, 2, 1}), (Weights{1, 0, 0}));
  EXPECT_EQ(weights(M::last, {3, 2, 1}), (Weights{0, 0, 1}));
  EXPECT_EQ(weights(M::linear, {3, 2}), (Weights{.5, .5}));
}

// However old all of them are, they are weighed against each other.
TEST(AttributionTest, OldTouchesKeepTheirShares) {
  expect_near(weights(M::time_decay, {1000000 * kDay + kDay, 1000000 * kDay}, 1.0 * kDay), {1.0 / 3, 2.0 / 3});
  expect_near(weights(M::time_decay, {kDay, 0}, 1.0), {0, 1});
  expect_near(weights(M::time_decay, {7, 7, 7}, 1e-3), {1.0 / 3, 1.0 / 3, 1.0 / 3});
}

TEST(AttributionTest, PublishedMarkov) {
  const Answer found = ask(M::markov, 3, {{{0, 1, 2}, 1, 0}, {{0}, 0, 1}, {{1, 2}, 0, 1}});
  expect_near(found.conversions, {.2, .4, .4});
  expect_near(found.effects, {.5, 1, 1});
}

// o, s, p, e
const std::vector<CountedPath> kPublished = {{{0, 1, 2}, 100, 0}, {{2, 3}, 200, 0}, {{1, 0, 1, 2}, 150, 0}, {{3}, 50, 0}};

TEST(AttributionTest, PublishedPaths) {
  expect_near(ask(M::first, 4, kPublished).conversions, {100, 150, 200, 50});
  expect_near(ask(M::last, 4, kPublished).conversions, {0, 0, 250, 250});
  expect_near(ask(M::linear, 4, kPublished).conversions, {70.83333333, 108.3333333, 170.8333333, 150}, 1e-9);
  expect_near(ask(M::position, 4, kPublished).conversions, {55, 95, 200, 150});
  expect_near(ask(M::shapley, 4, kPublished).conversions, {83.33333333, 83.33333333, 183.3333333, 150}, 1e-9);
  expect_near(ask(M::markov, 4, kPublished).conversions, {70.62146893, 112.9943503, 203.3898305, 112.9943503}, 1e-9);
}

TEST(AttributionTest, PathsWithoutTouchesAndWithoutConversions) {
  const Answer found = ask(M::markov, 3, {{{}, 7, 3}, {{0}, 0, 4}, {{1}, 0, 0}});
  EXPECT_EQ(found.untouched, 7);
  EXPECT_EQ(found.conversions, (Weights{0, 0, 0}));
  EXPECT_EQ(found.effects, (Weights{0, 0, 0}));
}

// A key that stays, and one that is met in vain only and yet leads on.
TEST(AttributionTest, MarkovLoopsAndByways) {
  expect_near(ask(M::markov, 2, {{{0, 0, 0, 1}, 3, 0}, {{1, 1}, 0, 3}}).effects, ask(M::markov, 2, {{{0, 1}, 3, 0}, {{1}, 0, 3}}).effects);
  const Answer found = ask(M::markov, 2, {{{0, 1}, 0, 1}, {{1}, 1, 0}});
  expect_near(found.effects, {.5, 1});
  // Who goes round and round converts in the end.
  std::vector<std::uint32_t> round;
  for (int i = 0; i < 200000; i++) round.push_back(i % 2);
  expect_near(ask(M::markov, 3, {{round, 1, 0}, {{2}, 1, 1}}).effects, {.5, .5, .5});
}

// The chance to convert by steps repeated until they change nothing, once with all keys and once without each.
TEST(AttributionTest, MarkovAgainstTakingKeysAway) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 30; round++) {
    const std::size_t keys = 1 + random() % 12;
    std::vector<CountedPath> paths;
    for (std::size_t i = 0; i < 3 + random() % 30; i++) {
      CountedPath path{{}, static_cast<double>(random() % 5), static_cast<double>(random() % 20)};
      for (std::size_t length = 1 + random() % 7; length-- > 0;) path.keys.push_back(static_cast<std::uint32_t>(random() % keys));
      paths.push_back(path);
    }
    const auto chance = [&](std::size_t without) {
      std::map<std::size_t, std::map<std::size_t, double>> counts;    // keys, then: start, conversion, null
      const std::size_t start = keys, converted = keys + 1, nothing = keys + 2;
      for (const CountedPath& path : paths) {
        std::size_t at = start;
        for (const std::uint32_t key : path.keys) counts[at][key] += path.conversions + path.nulls, at = key;
        counts[at][converted] += path.conversions;
        counts[at][nothing] += path.nulls;
      }
      std::vector<double> chances(keys + 3);
      chances[converted] = 1;
      for (int step = 0; step < 5000; step++)
        for (std::size_t state = 0; state <= start; state++) {
          if (state == without) continue;
          double sum = 0, all = 0;
          for (const auto& [to, count] : counts[state]) sum += count * chances[to], all += count;
          chances[state] = all > 0 ? sum / all : 0;
        }
      return chances[start];
    };
    const double all = chance(keys + 3);
    Weights wanted;
    for (std::size_t key = 0; key < keys; key++) wanted.push_back(all > 0 ? 1 - chance(key) / all : 0);
    const Answer found = ask(M::markov, keys, paths);
    for (std::size_t key = 0; key < keys; key++) EXPECT_NEAR(found.effects[key], wanted[key], 1e-9);
    double sum = std::accumulate(wanted.begin(), wanted.end(), 0.0), conversions = 0;
    for (const CountedPath& path : paths) conversions += path.conversions;
    for (std::size_t key = 0; key < keys; key++) EXPECT_NEAR(found.conversions[key], sum > 0 ? conversions * wanted[key] / sum : 0, 1e-7);
  }
}

// A thousand keys; some of them are taken away one by one, by plain elimination of what is left.
TEST(AttributionTest, MarkovOfAThousandKeys) {
  constexpr std::size_t kKeys = MarkovChain::kMostKeys;
  std::mt19937_64 random(2);
  MarkovChain chain(test::memory());
  while (chain.keys() < kKeys) chain.add_key();
  EXPECT_THROW(chain.add_key(), Error);
  std::vector<Weights> counts(kKeys, Weights(kKeys));
  Weights starts(kKeys), conversions(kKeys), leaving(kKeys);
  for (int i = 0; i < 60000; i++) {
    std::size_t at = random() % kKeys;
    chain.starts(at, 1), starts[at]++;
    for (std::size_t length = random() % 8; length-- > 0;) {
      const std::size_t to = random() % 4 ? random() % kKeys : random() % 20;
      chain.goes(at, to, 1), counts[at][to]++, leaving[at]++;
      at = to;
    }
    leaving[at]++;
    if (random() % 10 == 0) chain.converts(at, 1), conversions[at]++;
    else chain.ends(at, 1);
  }
  Weights effects(kKeys);
  chain.removal_effects(effects, quiet);
  const double all_starts = std::accumulate(starts.begin(), starts.end(), 0.0);
  const auto chance = [&](std::size_t without) {
    Weights chances(kKeys);
    for (double change = 1; change > 1e-16;) {
      change = 0;
      for (std::size_t i = 0; i < kKeys; i++) {
        if (i == without || leaving[i] == 0) continue;
        double sum = conversions[i];
        for (std::size_t j = 0; j < kKeys; j++) sum += counts[i][j] * chances[j];
        change = std::max(change, std::abs(sum / leaving[i] - chances[i]));
        chances[i] = sum / leaving[i];
      }
    }
    double sum = 0;
    for (std::size_t i = 0; i < kKeys; i++) sum += starts[i] * chances[i];
    return sum / all_starts;
  };
  const double all = chance(kKeys);
  for (const std::size_t key : {0, 1, 19, 20, 500, 999}) EXPECT_NEAR(effects[key], 1 - chance(key) / all, 1e-10) << key;
}

// What doubles do not hold is no answer.
TEST(AttributionTest, MarkovOfCountsBeyondMeasure) {
  EXPECT_THROW(ask(M::markov, 3, {{{0, 1}, 1e-310, 0}, {{1, 2}, 2, 9007199254740992}}), Error);
  const Answer found = ask(M::markov, 3, {{{0, 1}, 1e-200, 0}, {{1, 2}, 2, 9007199254740992}});
  expect_near(found.effects, {1e-200 / 9007199254740992, 1, 1});
}

TEST(AttributionTest, LongWorkCanBeEnded) {
  Pulse ending([] { throw std::runtime_error("ended"); });
  MarkovChain chain(test::memory());
  for (std::size_t i = 0; i < 600; i++) {
    chain.add_key();
    chain.starts(i, 1), chain.ends(i, 1);
    for (std::size_t j = 0; j < i; j++) chain.goes(i, j, 1), chain.goes(j, i, 1);
  }
  Weights effects(600);
  EXPECT_THROW(chain.removal_effects(effects, ending), std::runtime_error);
  std::vector<Touch> touches(100000, {{0, 0}, 0});
  Credits credits(M::time_decay, 1000, 1e9, 1, test::memory());
  EXPECT_THROW(credits.add(touches, std::vector<Moment>(10, {1, 1}), ending), std::runtime_error);
}

struct Journey {
  std::vector<Touch> touches;
  std::vector<Moment> conversions;
};

// As it is said: conversion by conversion, touch by touch.
std::vector<std::pair<double, std::int64_t>> credits_by_hand(M model, std::int64_t lookback, double half_life, std::size_t keys, const std::vector<Journey>& journeys) {
  std::vector<std::pair<double, std::int64_t>> result(keys);
  for (const Journey& journey : journeys)
    for (const Moment& conversion : journey.conversions) {
      std::vector<std::uint64_t> ages;
      std::vector<std::uint32_t> path;
      for (const Touch& touch : journey.touches)
        if (touch.when < conversion && conversion.at - touch.when.at <= lookback) ages.push_back(conversion.at - touch.when.at), path.push_back(touch.key);
      for (const std::uint32_t key : path) result[key].second++;
      if (model == M::shapley) {
        std::sort(path.begin(), path.end());
        path.erase(std::unique(path.begin(), path.end()), path.end());
        for (const std::uint32_t key : path) result[key].first += 1.0 / static_cast<double>(path.size());
        continue;
      }
      const Weights parts = weights(model, ages, half_life);
      for (std::size_t i = 0; i < path.size(); i++) result[path[i]].first += parts[i];
    }
  return result;
}

std::vector<Journey> random_journeys(std::mt19937_64& random, std::size_t keys) {
  std::vector<Journey> journeys(random() % 20);
  for (Journey& journey : journeys) {
    std::int64_t at = 0, id = 0;
    for (std::size_t events = random() % 40; events-- > 0;) {
      at += static_cast<std::int64_t>(random() % 3);
      id++;
      if (random() % 3) journey.touches.push_back({{at, id}, static_cast<std::uint32_t>(random() % keys)});
      if (random() % 3 == 0) journey.conversions.push_back({at, id});
    }
  }
  return journeys;
}

TEST(AttributionTest, JourneysAgainstEachConversionByItself) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 300; round++) {
    const std::size_t keys = 1 + random() % 6;
    const std::vector<Journey> journeys = random_journeys(random, keys);
    const std::int64_t lookback = static_cast<std::int64_t>(1 + random() % 20);
    for (const M model : {M::first, M::last, M::linear, M::position, M::time_decay, M::shapley}) {
      Credits credits(model, lookback, 2.5, keys, test::memory());
      for (const Journey& journey : journeys) credits.add(journey.touches, journey.conversions, quiet);
      credits.finish(quiet);
      const auto wanted = credits_by_hand(model, lookback, 2.5, keys, journeys);
      Units sum = 0;
      for (std::size_t key = 0; key < keys; key++) {
        EXPECT_NEAR(credits.keys()[key].conversions(), wanted[key].first, 1e-9);
        EXPECT_EQ(credits.keys()[key].touches, wanted[key].second);
        sum += credits.keys()[key].units;
      }
      EXPECT_TRUE(sum == kConversion * (credits.conversions() - credits.untouched()));
    }
  }
}

// A million touches of a million conversions, of which each takes a hundred thousand, or all before it; of a second's worth of
// decay nothing is left but the newest ones.
TEST(AttributionTest, TimeDecayOfOneWhoDoesEverything) {
  constexpr std::int64_t kEvents = 1000000;
  std::vector<Touch> touches;
  std::vector<Moment> conversions;
  for (std::int64_t i = 0; i < kEvents; i++) {
    touches.push_back({{2 * i, 2 * i}, static_cast<std::uint32_t>(i % 2)});
    conversions.push_back({2 * i + 1, 2 * i + 1});
  }
  for (const std::int64_t lookback : {std::int64_t{199999}, 2 * kEvents}) {
    for (const double half_life : {2.0, 1e18}) {
      Credits credits(M::time_decay, lookback, half_life, 2, test::memory());
      credits.add(touches, conversions, quiet);
      EXPECT_TRUE(credits.keys()[0].units + credits.keys()[1].units == kConversion * kEvents);
      // A touch weighs twice what the one before it does; the first conversion has but one.
      double even = half_life == 2.0 ? 0 : kEvents / 2.0;
      if (half_life == 2.0)
        for (std::int64_t i = 0; i < kEvents; i++) {
          const double last = 1 / (2 - std::ldexp(1.0, static_cast<int>(-std::min<std::int64_t>(i, 1000))));
          double part = 0, weight = last;
          for (std::int64_t j = i; j >= 0 && weight > 1e-17; j--, weight /= 2)
            if (j % 2 == 0) part += weight;
          even += part;
        }
      else
        for (std::int64_t i = 0; i < kEvents; i++) {
          const std::int64_t taken = std::min<std::int64_t>(i + 1, (lookback - 1) / 2 + 1), first = i + 1 - taken;
          even += static_cast<double>(i / 2 - (first + 1) / 2 + 1) / static_cast<double>(taken) - 0.5;
        }
      EXPECT_NEAR(credits.keys()[0].conversions(), even, 1e-9 * kEvents) << lookback << ' ' << half_life;
    }
  }
}

// Many touches at once long ago, which go one by one: what they weighed leaves no error with those that come after them.
TEST(AttributionTest, TimeDecayForgetsWhatHasGone) {
  std::vector<Touch> touches;
  std::vector<Moment> conversions;
  for (std::int64_t i = 0; i < 200000; i++) touches.push_back({{i, i}, 0});
  for (std::int64_t i = 0; i < 300000; i += 7) conversions.push_back({1000000 + i, i});
  touches.push_back({{1000000, -1}, 1});
  touches.push_back({{1000000, -1}, 2});
  Credits credits(M::time_decay, 1000000, 50000, 3, test::memory());
  credits.add(touches, conversions, quiet);
  double newest = 0;
  for (const Moment& conversion : conversions) {
    // The two weigh 1; those from the age of 1,000,000 on are a geometric sum.
    const double step = std::exp2(-1.0 / 50000);
    const std::int64_t first = conversion.at - 1000000, left = std::max<std::int64_t>(200000 - first, 0);
    newest += 1 / (2 + (left > 0 ? std::exp2(-(1000000.0 - 199999) / 50000) * (1 - std::pow(step, static_cast<double>(left))) / (1 - step) : 0));
  }
  EXPECT_NEAR(credits.keys()[1].conversions(), newest, 1e-9 * newest);
  EXPECT_NEAR(credits.keys()[2].conversions(), newest, 1e-9 * newest);
}

// Journeys one by one are paths that were counted.
TEST(AttributionTest, MarkovOfJourneysIsThatOfTheirPaths) {
  std::mt19937_64 random(4);
  for (int round = 0; round < 100; round++) {
    const std::size_t keys = 2 + random() % 5;
    const std::vector<Journey> journeys = random_journeys(random, keys);
    Credits credits(M::markov, 15, 1, keys, test::memory());
    std::vector<CountedPath> paths;
    for (const Journey& journey : journeys) {
      if (journey.conversions.empty()) {
        credits.add_vain(journey.touches, quiet);
        CountedPath path{{}, 0, 1};
        for (const Touch& touch : journey.touches) path.keys.push_back(touch.key);
        paths.push_back(path);
        continue;
      }
      credits.add(journey.touches, journey.conversions, quiet);
      for (const Moment& conversion : journey.conversions) {
        CountedPath path{{}, 1, 0};
        for (const Touch& touch : journey.touches)
          if (touch.when < conversion && conversion.at - touch.when.at <= 15) path.keys.push_back(touch.key);
        paths.push_back(path);
      }
    }
    credits.finish(quiet);
    const Answer wanted = ask(M::markov, keys, paths);
    Units sum = 0;
    for (std::size_t key = 0; key < keys; key++) {
      EXPECT_NEAR(credits.keys()[key].conversions(), wanted.conversions[key], 1e-9);
      sum += credits.keys()[key].units;
    }
    EXPECT_EQ(static_cast<double>(credits.untouched()), wanted.untouched);
    EXPECT_TRUE(sum == kConversion * (credits.conversions() - credits.untouched()));
  }
}

// Bits do not depend on the order, nor do many thirds lose anything.
TEST(AttributionTest, SumsAreExact) {
  Credits credits(M::linear, 100, 1, 3, test::memory());
  const std::vector<Touch> touches = {{{1, 1}, 0}, {{2, 2}, 1}, {{3, 3}, 2}};
  for (int i = 0; i < 300000; i++) credits.add(touches, std::vector<Moment>{{4, 4}}, quiet);
  for (const KeyCredit& key : credits.keys()) EXPECT_EQ(key.conversions(), 100000);
}

}  // namespace
}  // namespace ea::core
