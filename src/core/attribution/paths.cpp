#include "core/attribution/paths.hpp"

#include <algorithm>
#include <cmath>

namespace ea::core {

void PathCredits::Sum::add(double number) {
  const double grown = sum + number;
  lost += std::abs(sum) >= std::abs(number) ? (sum - grown) + number : (number - grown) + sum;
  sum = grown;
}

PathCredits::PathCredits(AttributionModel model, std::size_t keys, std::pmr::memory_resource* memory)
    : model_(model), credits_(keys, memory), effects_(keys, memory), chain_(memory), distinct_(memory), ages_(memory), weights_(memory) {
  if (model != AttributionModel::markov) return;
  while (chain_.keys() < keys) chain_.add_key();
}

void PathCredits::add(std::span<const std::uint32_t> path, double conversions, double nulls, Pulse& pulse) {
  if (path.empty()) {
    untouched_.add(conversions);
    return;
  }
  touched_.add(conversions);
  if (model_ == AttributionModel::markov) {
    if (conversions + nulls == 0) return;
    chain_.starts(path.front(), conversions + nulls);
    for (std::size_t i = 1; i < path.size(); i++) {
      pulse();
      chain_.goes(path[i - 1], path[i], conversions + nulls);
    }
    chain_.converts(path.back(), conversions);
    chain_.ends(path.back(), nulls);
    return;
  }
  if (model_ == AttributionModel::shapley) {
    distinct_.assign(path.begin(), path.end());
    sort(std::span(distinct_), pulse, std::less<>());
    distinct_.erase(std::unique(distinct_.begin(), distinct_.end()), distinct_.end());
    path = distinct_;
  }
  ages_.assign(path.size(), 0);
  weights_.resize(path.size());
  weigh_touches(model_, ages_, 1, weights_);
  for (std::size_t i = 0; i < path.size(); i++) {
    pulse();
    credits_[path[i]].add(conversions * weights_[i]);
  }
}

void PathCredits::finish(Pulse& pulse) {
  if (model_ != AttributionModel::markov) return;
  chain_.removal_effects(effects_, pulse);
  double sum = 0;
  for (const double effect : effects_) sum += effect;
  if (sum == 0) return;
  for (std::size_t key = 0; key < credits_.size(); key++) credits_[key].add(touched_.value() * (effects_[key] / sum));
}

}  // namespace ea::core
