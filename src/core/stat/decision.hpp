// What an experiment needs beside its tests: bounds that hold at every look, the chance that b is better, how many units,
// and p values of many questions. What is not defined is NaN.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <span>
#include <string_view>

#include "core/stat/tests.hpp"

namespace ea::core {

struct SequentialTest {
  Interval bounds;
  double p_value;
};
// The asymptotic confidence sequence of Waudby-Smith et al. 2021 (arXiv:2103.06476); n of both sides.
SequentialTest confidence_sequence(double diff, double se, std::int64_t n, double alpha, double tuning);

struct ChanceToBeat {
  double chance, expected_loss;
  Interval bounds;
};
// Of a normal estimate under a flat prior.
ChanceToBeat chance_to_beat(double diff, double se, double level);

// Units a side. Of two proportions, as R's power.prop.test, or of two means with a common variance; none where the
// means are equal or nothing varies.
std::optional<std::int64_t> sample_size_of_proportions(double a, double b, double power, double alpha);
std::optional<std::int64_t> sample_size_of_means(double a, double b, double variance, double power, double alpha);

enum class Correction { holm, bh, bonferroni, none };
std::optional<Correction> find_correction(std::string_view name);
// In place, as R's p.adjust.
void p_adjust(std::span<double> p_values, Correction correction, std::pmr::memory_resource* memory);

}  // namespace ea::core
