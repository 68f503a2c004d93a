#include "core/attribution/model.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace ea::core {

namespace {

constexpr std::string_view kNames[] = {"first", "last", "linear", "position", "time_decay", "shapley", "markov"};

}  // namespace

std::optional<AttributionModel> find_attribution_model(std::string_view name) {
  const auto place = std::find(std::begin(kNames), std::end(kNames), name);
  if (place == std::end(kNames)) return std::nullopt;
  return static_cast<AttributionModel>(place - std::begin(kNames));
}

double decayed(std::uint64_t older, double half_life) { return std::exp2(-static_cast<double>(older) / half_life); }

void weigh_touches(AttributionModel model, std::span<const std::uint64_t> ages, double half_life, std::span<double> weights) {
  const std::size_t touches = ages.size();
  if (touches == 0) return;
  std::fill(weights.begin(), weights.end(), 0.0);
  switch (model) {
    case AttributionModel::first: weights.front() = 1; return;
    case AttributionModel::last: weights.back() = 1; return;
    case AttributionModel::position:
      if (touches < 3) break;
      std::fill(weights.begin(), weights.end(), kBetween / static_cast<double>(touches - 2));
      weights.front() = weights.back() = kAtEitherEnd;
      return;
    case AttributionModel::time_decay: {
      // Against the newest one, which counts 1 whatever its age: so nothing but what is far behind it vanishes.
      double sum = 0;
      for (std::size_t i = 0; i < touches; i++) sum += weights[i] = decayed(ages[i] - ages.back(), half_life);
      for (double& weight : weights) weight /= sum;
      return;
    }
    default: break;
  }
  std::fill(weights.begin(), weights.end(), 1 / static_cast<double>(touches));
}

}  // namespace ea::core
