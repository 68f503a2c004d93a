// Which variant a unit is assigned: a hash of the experiment's seed and the unit gives one of 10,000 buckets, and each variant
// has a range of them. The same numbers, to the last bit, as GrowthBook's JavaScript SDK with hashVersion 2, so that an app can
// assign by itself.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace ea::core {

// 32-bit FNV-1a over the UTF-16 code units of text in UTF-8, each taken whole. A text may come in pieces.
class UnitHash {
 public:
  UnitHash& add(std::string_view utf8);
  std::uint32_t value() const { return value_; }

 private:
  void add_unit(std::uint32_t unit) { value_ = (value_ ^ unit) * 16777619u; }

  std::uint32_t value_ = 2166136261u;
};

// In [0, 1), a multiple of 1/10,000; `seeded` has the seed already.
double experiment_bucket(UnitHash seeded, std::string_view unit);

// The variant i with start_i <= bucket < start_i + coverage * weight_i, where start_i is the sum of the weights before; -1
// outside of all of them.
int choose_variant(double bucket, std::span<const double> weights, double coverage);

}  // namespace ea::core
