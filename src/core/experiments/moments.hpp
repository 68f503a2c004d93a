// Sums over the units of one variant, and what follows from those of two. Sums and sums of products are whole numbers of 128
// bits, exact, so that it does not matter in what order units come; what is made of them has 113 bits or more until it is
// shown, so that small differences of large numbers keep their digits.
#pragma once

#include <cstdint>

#include "core/experiments/unit_metric.hpp"

namespace ea::core {

// A unit's numbers since its exposure and before it.
struct UnitValues {
  UnitValue after, before;
};

class Moments {
 public:
  __extension__ using Sum = __int128;
  __extension__ typedef __int128 Stored __attribute__((aligned(8)));    // memory of the server's is aligned no further

  // Throws out_of_range rather than overflow.
  void add(const UnitValues& unit);
  void merge(const Moments& other);

  std::int64_t units() const { return units_; }

  // Places of the numbers of a unit.
  enum Number { after, before, after_base, before_base, kNumbers };
  Sum sum(Number i) const { return sums_[i]; }
  Sum products(Number i, Number j) const { return products_[place(i, j)]; }

 private:
  static constexpr int place(int i, int j) { return i < j ? place(j, i) : i * (i + 1) / 2 + j; }

  std::int64_t units_ = 0;
  Stored sums_[kNumbers] = {};
  Stored products_[kNumbers * (kNumbers + 1) / 2] = {};
};

// As it is shown: a mean per unit, or the ratio of the sums, 0 where its base is; NaN without units.
double mean_of(const UnitMetric& metric, const Moments& variant);

// diff is b - a, a the control, as shown; lift is diff over the mean of a, a fraction, NaN where that is 0. Standard errors
// and variances are of the adjusted numbers. Of at least two units a side.
struct Estimate {
  double diff, se;
  double lift, lift_se;
  double theta;                 // 0: not adjusted
  double variance_reduction;    // 1 - se^2 / se^2 unadjusted; NaN where that is 0
  double variance_a, variance_b;
  // Of a side, adjusted or not: where nobody has done it yet, what was before varies all the same, and its part alone would
  // make a standard error that is far too small.
  bool zero_variance;
};
// With `adjusted`, theta is estimated from what was before (CUPED: Deng, Xu, Kohavi and Walker 2013), else it is 0.
Estimate estimate(const UnitMetric& metric, const Moments& a, const Moments& b, bool adjusted);

}  // namespace ea::core
