// Bars, shades and sparklines, character by character.
#include "core/picture/text_graphics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "core/bytes/error.hpp"

namespace ea::core {
namespace {

using Series = std::vector<std::optional<double>>;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kGreatest = std::numeric_limits<double>::max();
constexpr double kLeast = std::numeric_limits<double>::denorm_min();

std::string bar(double value, double max, int width, Glyphs glyphs = Glyphs::blocks) {
  return std::string(draw_bar(value, max, width, glyphs, std::pmr::new_delete_resource()));
}
std::string shade(double value, double max, int width, Glyphs glyphs = Glyphs::blocks) {
  return std::string(draw_shade(value, max, width, glyphs, std::pmr::new_delete_resource()));
}
std::string sparkline(const Series& series, Glyphs glyphs = Glyphs::blocks) {
  return std::string(draw_sparkline(series, glyphs, std::pmr::new_delete_resource()));
}
// Characters of UTF-8, all of which are one column here.
int columns(const std::string& text) {
  int count = 0;
  for (char c : text) count += ((unsigned char)c & 0xC0) != 0x80;
  return count;
}
std::string complaint(auto&& work) {
  try {
    work();
  } catch (const Error& error) {
    return (error.code() == Errc::invalid_argument ? "" : "another code: ") + std::string(error.what());
  }
  return "accepted";
}

TEST(Bar, HasEighthsOfAColumn) {
  const char* wanted[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
  for (int i = 0; i <= 8; i++) {
    EXPECT_EQ(bar(i, 8, 1), wanted[i]) << i;
    EXPECT_EQ(bar(8 + i, 16, 2), std::string("█") + wanted[i]) << i;
  }
  EXPECT_EQ(bar(3, 8, 4), "█▌  ");
  EXPECT_EQ(bar(0.3, 1, 10), "███       ");
}

TEST(Shade, IsOneOfFive) {
  const char* wanted[] = {" ", "░", "▒", "▓", "█"};
  const char* ascii[] = {" ", ".", "+", "*", "#"};
  for (int i = 0; i <= 4; i++) {
    EXPECT_EQ(shade(i, 4, 1), wanted[i]) << i;
    EXPECT_EQ(shade(i * 25, 100, 3), std::string(wanted[i]) + wanted[i] + wanted[i]) << i;
    EXPECT_EQ(shade(i, 4, 2, Glyphs::ascii), std::string(ascii[i]) + ascii[i]) << i;
  }
  EXPECT_EQ(shade(37.4, 100, 1), "░");
  EXPECT_EQ(shade(37.6, 100, 1), "▒");
}

TEST(Shade, TellsSomethingFromNothingAndNearlyAllFromAll) {
  EXPECT_EQ(shade(kLeast, kGreatest, 2), "░░");
  EXPECT_EQ(shade(99.999, 100, 2), "▓▓");
  EXPECT_EQ(shade(kGreatest, kLeast, 2), "██");
  EXPECT_EQ(shade(-1, 100, 2), "  ");
  EXPECT_EQ(shade(0, 0, 2), "  ");
  EXPECT_EQ(shade(1, 0, 2), "██");
}

TEST(Shade, RefusesWhatABarRefuses) {
  EXPECT_EQ(complaint([] { shade(kNan, 1, 1); }), "value must be finite, not nan");
  EXPECT_EQ(complaint([] { shade(1, kInfinity, 1); }), "max must be finite, not inf");
  EXPECT_EQ(complaint([] { shade(1, -1, 1); }), "max must not be negative, not -1");
  EXPECT_EQ(complaint([] { shade(1, 1, 0); }), "width must be from 1 to 1000, not 0");
  EXPECT_EQ(complaint([] { shade(1, 1, 1001); }), "width must be from 1 to 1000, not 1001");
  EXPECT_EQ(columns(shade(1, 1, 1000)), 1000);
}

TEST(Bar, HasHalvesInAscii) {
  EXPECT_EQ(bar(0, 4, 2, Glyphs::ascii), "  ");
  EXPECT_EQ(bar(1, 4, 2, Glyphs::ascii), "- ");
  EXPECT_EQ(bar(2, 4, 2, Glyphs::ascii), "# ");
  EXPECT_EQ(bar(3, 4, 2, Glyphs::ascii), "#-");
  EXPECT_EQ(bar(4, 4, 2, Glyphs::ascii), "##");
}

TEST(Bar, IsTheNearest) {
  // Steps of 1 / 80; the middle between two goes up.
  EXPECT_EQ(bar(2.49, 80, 10), bar(2, 80, 10));
  EXPECT_EQ(bar(2.5, 80, 10), bar(3, 80, 10));
  EXPECT_EQ(bar(3.49, 80, 10), bar(3, 80, 10));
}

TEST(Bar, HidesNothingAndReachesTheEndOnlyAtMax) {
  for (double little : {1e-9, 1e-300, kLeast}) {
    EXPECT_EQ(bar(little, 1, 3), "▏  ") << little;
    EXPECT_EQ(bar(1, std::min(1 / little, kGreatest), 3, Glyphs::ascii), "-  ") << little;
  }
  EXPECT_EQ(bar(0.9999999, 1, 3), "██▉");
  EXPECT_EQ(bar(0.9999999, 1, 3, Glyphs::ascii), "##-");
  EXPECT_EQ(bar(0.9999999, 1, 1, Glyphs::ascii), "-");
  EXPECT_EQ(bar(kLeast, kLeast * 2, 2), "█ ");
}

TEST(Bar, OutsideOfItsScaleIsEmptyOrFull) {
  for (double below : {0.0, -0.0, -1.0, -kGreatest}) EXPECT_EQ(bar(below, 5, 3), "   ") << below;
  for (double above : {5.0, 5.1, kGreatest}) EXPECT_EQ(bar(above, 5, 3), "███") << above;
  EXPECT_EQ(bar(0, 0, 3), "   ");
  EXPECT_EQ(bar(-1, 0, 3), "   ");
  EXPECT_EQ(bar(1, 0, 3), "███");
  EXPECT_EQ(bar(0, -0.0, 3), "   ");
}

TEST(Bar, IsAsWideAsItIsToldToBe) {
  for (int width : {1, 2, 3, 7, 20, 999, 1000})
    for (int i = -1; i <= 65; i++)
      for (Glyphs glyphs : {Glyphs::blocks, Glyphs::ascii}) ASSERT_EQ(columns(bar(i, 64, width, glyphs)), width) << width << ": " << i;
}

TEST(Bar, NeverShrinksWhereTheValueGrows) {
  for (Glyphs glyphs : {Glyphs::blocks, Glyphs::ascii}) {
    int before = -1;
    for (int i = 0; i <= 1000; i++) {
      // Filled, in eighths or halves of a column.
      const std::string drawn = bar(i, 1000, 10, glyphs);
      int filled = 0;
      for (std::size_t at = 0; at < drawn.size(); at++) {
        if (glyphs == Glyphs::ascii) filled += drawn[at] == '#' ? 2 : drawn[at] == '-';
        else if ((unsigned char)drawn[at] == 0xE2) filled += 0x90 - (unsigned char)drawn[at + 2];
      }
      ASSERT_GE(filled, before) << i;
      ASSERT_NEAR(filled, i * (glyphs == Glyphs::ascii ? 0.02 : 0.08), 1) << i;
      before = filled;
    }
    EXPECT_EQ(before, glyphs == Glyphs::ascii ? 20 : 80);
  }
}

TEST(Bar, Refuses) {
  EXPECT_EQ(complaint([] { bar(kNan, 1, 1); }), "value must be finite, not nan");
  EXPECT_EQ(complaint([] { bar(kInfinity, 1, 1); }), "value must be finite, not inf");
  EXPECT_EQ(complaint([] { bar(1, kNan, 1); }), "max must be finite, not nan");
  EXPECT_EQ(complaint([] { bar(1, -kInfinity, 1); }), "max must be finite, not -inf");
  EXPECT_EQ(complaint([] { bar(0, -0.5, 1); }), "max must not be negative, not -0.5");
  EXPECT_EQ(complaint([] { bar(0, 1, 0); }), "width must be from 1 to 1000, not 0");
  EXPECT_EQ(complaint([] { bar(0, 1, 1001); }), "width must be from 1 to 1000, not 1001");
  EXPECT_EQ(complaint([] { bar(0, 1, std::numeric_limits<int>::min()); }), "width must be from 1 to 1000, not -2147483648");
}

TEST(Sparkline, HasEightHeights) {
  EXPECT_EQ(sparkline({0, 1, 2, 3, 4, 5, 6, 7}), "▁▂▃▄▅▆▇█");
  EXPECT_EQ(sparkline({0, 1, 2, 3, 4, 5, 6, 7}, Glyphs::ascii), "_.:-=+*#");
  EXPECT_EQ(sparkline({0, 0.49, 0.5, 1.49, 1.5, 7}), "▁▁▂▂▃█");
}

TEST(Sparkline, IsDrawnFromZero) {
  EXPECT_EQ(sparkline({100, 99, 50, 1}), "██▅▁");
  EXPECT_EQ(sparkline({5}), "█");
  EXPECT_EQ(sparkline({5, 5, 5}), "███");
  EXPECT_EQ(sparkline({0, 0, 0}), "▁▁▁");
  EXPECT_EQ(sparkline({-0.0, 0.0}), "▁▁");
  // Below 0 the least is the ground; 0 is the ceiling where nothing is above it.
  EXPECT_EQ(sparkline({-7, 0, 7}), "▁▅█");
  EXPECT_EQ(sparkline({-7, -6, -1}), "▁▂▇");
  EXPECT_EQ(sparkline({-5, -5}), "▁▁");
}

TEST(Sparkline, LeavesASpaceForWhatIsMissing) {
  EXPECT_EQ(sparkline({std::nullopt, 1, std::nullopt, 0, std::nullopt}), " █ ▁ ");
  EXPECT_EQ(sparkline({std::nullopt, 1, std::nullopt, 0, std::nullopt}, Glyphs::ascii), " # _ ");
  EXPECT_EQ(sparkline({std::nullopt, std::nullopt}), "  ");
  EXPECT_EQ(sparkline({}), "");
}

TEST(Sparkline, ReachesToTheEndsOfDoubles) {
  EXPECT_EQ(sparkline({-kGreatest, 0, kGreatest}), "▁▅█");
  EXPECT_EQ(sparkline({0, kGreatest}), "▁█");
  EXPECT_EQ(sparkline({-kGreatest, 0}), "▁█");
  EXPECT_EQ(sparkline({0, kLeast}), "▁█");
  EXPECT_EQ(sparkline({-kGreatest, kLeast}), "▁█");
}

TEST(Sparkline, IsOneColumnAPoint) {
  Series series;
  for (int i = 0; i < 10'000; i++) series.push_back(i % 7 == 0 ? std::optional<double>() : i * 31 % 1000 - 300.5);
  for (Glyphs glyphs : {Glyphs::blocks, Glyphs::ascii}) EXPECT_EQ(columns(sparkline(series, glyphs)), 10'000);
}

TEST(Sparkline, Refuses) {
  EXPECT_EQ(complaint([] { sparkline({1, kNan}); }), "series must be finite, not nan");
  EXPECT_EQ(complaint([] { sparkline({-kInfinity, std::nullopt}); }), "series must be finite, not -inf");
}

}  // namespace
}  // namespace ea::core
