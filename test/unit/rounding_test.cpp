#include "core/stat/rounding.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ea::core {
namespace {

TEST(Rounding, DigitsAreSignificantOnes) {
  EXPECT_EQ(to_digits(13.625, 3), 13.6);
  EXPECT_EQ(to_digits(7.125, 3), 7.13);
  EXPECT_EQ(to_digits(-7.125, 3), -7.13);
  EXPECT_EQ(to_digits(999.6, 3), 1000.0);
  EXPECT_EQ(to_digits(123456, 3), 123000.0);
  EXPECT_EQ(to_digits(0.00123456, 3), 0.00123);
  EXPECT_EQ(to_digits(100, 3), 100.0);
  EXPECT_EQ(to_digits(0, 3), 0.0);
  EXPECT_TRUE(std::isnan(to_digits(std::numeric_limits<double>::quiet_NaN(), 3)));
}

TEST(Rounding, MarksAreTheNearestOnes) {
  EXPECT_DOUBLE_EQ(to_mark(10.4, 0), 10);
  EXPECT_DOUBLE_EQ(to_mark(19.6, 0), 20);
  EXPECT_DOUBLE_EQ(to_mark(21.1, 0), 22);
  EXPECT_DOUBLE_EQ(to_mark(48.6, 0), 48);
  EXPECT_DOUBLE_EQ(to_mark(49.1, 0), 50);
  EXPECT_DOUBLE_EQ(to_mark(52.6, 0), 55);
  EXPECT_DOUBLE_EQ(to_mark(99.2, 0), 100);
  EXPECT_DOUBLE_EQ(to_mark(123456, 0), 120000);
  EXPECT_DOUBLE_EQ(to_mark(7.5, 0), 7.5);
  EXPECT_DOUBLE_EQ(to_mark(12, 5), 10);
  EXPECT_DOUBLE_EQ(to_mark(13, 5), 15);
  EXPECT_DOUBLE_EQ(to_mark(2, 5), 0);
  EXPECT_DOUBLE_EQ(to_mark(97, 5), 95);
  EXPECT_EQ(to_mark(0, 5), 0.0);
}

// The promise: what has the same mark lies further apart than one percent to either side, and counts are never alone.
TEST(Rounding, AMarkTellsTwoPercentAtBest) {
  for (const double least : {0.0, 5.0}) {
    for (double from = least == 0 ? 0.001 : 10; from < 1e7;) {
      double to = from;
      const double mark = to_mark(from, least);
      while (to_mark(to * 1.0001, least) == mark) to *= 1.0001;
      ASSERT_LT(from, 1e8);
      if (from > 0.0011 && from > least * 3) {
        EXPECT_GT((to - from) / (to + from), 0.0199) << from << " " << to;
      }
      from = to * 1.0001;
    }
  }
  for (int count = 0; count < 2000; ++count) {
    int same = 0;
    for (int other = 0; other < 3000; ++other) same += to_mark(count, 5) == to_mark(other, 5);
    EXPECT_GE(same, 3) << count;
  }
}

}  // namespace
}  // namespace ea::core
