// Buckets and variants, against the vectors that the SDKs of GrowthBook are tested with, and against a hash written otherwise.
#include "core/experiments/bucket.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "core/bytes/error.hpp"

namespace ea::core {
namespace {

double bucket(std::string_view seed, std::string_view unit) { return experiment_bucket(UnitHash().add(seed), unit); }
int variant(std::string_view seed, std::string_view unit, const std::vector<double>& weights, double coverage) {
  return choose_variant(bucket(seed, unit), weights, coverage);
}

// As JavaScript computes it: numbers are doubles, operators on bits take them modulo 2^32 and give signed ones.
std::uint32_t hash_in_doubles(const std::u16string& text) {
  const auto bits = [](double number) { return static_cast<std::int32_t>(static_cast<std::uint32_t>(static_cast<std::int64_t>(number))); };
  const auto shifted = [&](double number, int by) { return static_cast<double>(static_cast<std::int32_t>(static_cast<std::uint32_t>(bits(number)) << by)); };
  double value = 2166136261.0;
  for (const char16_t unit : text) {
    value = bits(value) ^ static_cast<std::int32_t>(unit);
    value += shifted(value, 1) + shifted(value, 4) + shifted(value, 7) + shifted(value, 8) + shifted(value, 24);
  }
  return static_cast<std::uint32_t>(bits(value));
}

std::string in_utf8(const std::u32string& text) {
  std::string out;
  const auto add = [&](char32_t byte) { out += static_cast<char>(byte); };
  for (const char32_t c : text) {
    if (c < 0x80) add(c);
    else if (c < 0x800) add(0xC0 | c >> 6), add(0x80 | (c & 0x3F));
    else if (c < 0x10000) add(0xE0 | c >> 12), add(0x80 | (c >> 6 & 0x3F)), add(0x80 | (c & 0x3F));
    else add(0xF0 | c >> 18), add(0x80 | (c >> 12 & 0x3F)), add(0x80 | (c >> 6 & 0x3F)), add(0x80 | (c & 0x3F));
  }
  return out;
}

TEST(ExperimentBucket, HasThePublishedValues) {
  EXPECT_EQ(bucket("seed", "a"), 0.0505);
  EXPECT_EQ(bucket("seed", "b"), 0.2696);
  EXPECT_EQ(bucket("foo", "ab"), 0.2575);
  EXPECT_EQ(bucket("foo", "def"), 0.2019);
  EXPECT_EQ(bucket("89123klj", "8952klfjas09ujkasdf"), 0.124);
  EXPECT_EQ(bucket("90850943850283058242805", "123"), 0.7516);
  EXPECT_EQ(bucket("()**(%$##$%#$#", "___)((*\":&"), 0.0128);
}

TEST(ExperimentBucket, HashesWholeUtf16Units) {
  std::mt19937 random(1);
  for (int round = 0; round < 20000; round++) {
    std::u32string text;
    std::u16string units;
    for (int length = static_cast<int>(random() % 12); length > 0; length--) {
      static constexpr char32_t kMost[] = {0x7F, 0xFF, 0x7FF, 0xFFFF, 0x10FFFF};
      const char32_t c = random() % (kMost[random() % 5] + 1);
      if (c >= 0xD800 && c < 0xE000) continue;
      text += c;
      if (c < 0x10000) {
        units += static_cast<char16_t>(c);
      } else {
        units += static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10));
        units += static_cast<char16_t>(0xDC00 + ((c - 0x10000) & 0x3FF));
      }
    }
    ASSERT_EQ(UnitHash().add(in_utf8(text)).value(), hash_in_doubles(units)) << round;
  }
}

TEST(ExperimentBucket, TakesTextInPieces) {
  EXPECT_EQ(UnitHash().add("se").add("").add("ed").value(), UnitHash().add("seed").value());
  EXPECT_EQ(bucket("feed-", "rank1001"), bucket("feed-rank", "1001"));    // as the SDK: the two are one text
}

TEST(ExperimentBucket, RefusesWhatIsNotUtf8) {
  using namespace std::string_view_literals;
  for (const std::string_view text : {"\x80"sv, "\xC1\x80"sv, "\xC3"sv, "\xC3\x28"sv, "\xE0\x80\x80"sv, "\xED\xA0\x80"sv, "\xE4\xBD"sv, "\xF0\x80\x80\x80"sv,
                                      "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "ab\xFFzz"sv})
    EXPECT_THROW(UnitHash().add(text), Error) << text;
  EXPECT_NO_THROW(UnitHash().add("\0"sv));
}

TEST(ChooseVariant, HasThePublishedUnits) {
  const std::vector<double> weights{.2, .3, .5};
  const struct {
    const char* unit;
    double bucket;
    int covered, whole;
  } units[] = {{"1001", 0.7343, -1, 2}, {"1002", 0.4963, -1, 1}, {"1003", 0.0258, 0, 0}, {"1004", 0.0154, 0, 0}, {"1005", 0.948, -1, 2},
               {"1006", 0.2026, 1, 1},  {"1007", 0.1197, -1, 0}, {"1008", 0.8195, -1, 2}, {"1011", 0.6837, -1, 2}, {"1013", 0.6173, -1, 2}};
  for (const auto& u : units) {
    EXPECT_EQ(bucket("feed-rank", u.unit), u.bucket) << u.unit;
    EXPECT_EQ(variant("feed-rank", u.unit, weights, .2), u.covered) << u.unit;
    EXPECT_EQ(variant("feed-rank", u.unit, weights, 1), u.whole) << u.unit;
  }
}

TEST(ChooseVariant, HasThePublishedRanges) {
  const auto choose = [](double bucket, const std::vector<double>& weights, double coverage) { return choose_variant(bucket, weights, coverage); };
  const std::vector<double> halves{.5, .5};
  for (const auto& [at, expected] : {std::pair(0.0, 0), {.2, 0}, {.4, 0}, {.5, 1}, {.6, 1}, {.8, 1}}) EXPECT_EQ(choose(at, halves, 1), expected) << at;
  for (const auto& [at, expected] : {std::pair(.2, 0), {.25, -1}, {.4, -1}, {.5, 1}, {.6, 1}, {.75, -1}, {.8, -1}}) EXPECT_EQ(choose(at, halves, .5), expected) << at;
  EXPECT_EQ(choose(.5, {.5, 0, .5}, 1), 2);    // a range of nothing
  EXPECT_EQ(choose(0, halves, 0), -1);
  EXPECT_EQ(choose(.5, halves, 0), -1);
  // [0, .04) [.2, .26) [.5, .6), as doubles have it: .2 * .2 is a little more than .04.
  for (const auto& [at, expected] : {std::pair(.0399, 0), {.04, 0}, {.0401, -1}, {.2, 1}, {.2599, 1}, {.26, -1}, {.5, 2}, {.5999, 2}, {.6, -1}})
    EXPECT_EQ(choose(at, {.2, .3, .5}, .2), expected) << at;
  EXPECT_EQ(choose(.9998, {.4, .5999}, 1), 1);
  EXPECT_EQ(choose(.9999, {.4, .5999}, 1), -1);
}

// Whoever is assigned at some coverage stays there as it grows, and at 1 everybody is assigned.
TEST(ChooseVariant, StaysAsCoverageGrows) {
  std::mt19937 random(2);
  for (int round = 0; round < 40; round++) {
    std::vector<double> weights;
    double sum = 0;
    for (int n = 2 + static_cast<int>(random() % 99); n > 0; n--) sum += weights.emplace_back(static_cast<double>(random() % 1000));
    if (sum == 0) continue;
    for (double& weight : weights) weight /= sum;
    std::vector<int> before(10000, -1);
    for (const double coverage : {0.0, .001, .1, .25, .5, .7, .9999, 1.0}) {
      for (int b = 0; b < 10000; b++) {
        const int now = choose_variant(b / 10000.0, weights, coverage);
        if (before[static_cast<std::size_t>(b)] != -1) {
          ASSERT_EQ(now, before[static_cast<std::size_t>(b)]);
        }
        before[static_cast<std::size_t>(b)] = now;
      }
    }
    EXPECT_EQ(std::count(before.begin(), before.end(), -1), 0);
  }
}

}  // namespace
}  // namespace ea::core
