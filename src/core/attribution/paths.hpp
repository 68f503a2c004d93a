// What keys get of the conversions of paths that somebody has counted.
#pragma once

#include "core/attribution/markov_chain.hpp"
#include "core/attribution/model.hpp"

namespace ea::core {

class PathCredits {
 public:
  // Any model but time_decay. Too many keys for it: too_large.
  PathCredits(AttributionModel model, std::size_t keys, std::pmr::memory_resource* memory);

  // So many journeys along a path of keys that converted, and that came to nothing. What the pulse throws ends it.
  void add(std::span<const std::uint32_t> path, double conversions, double nulls, Pulse& pulse);
  // Once, when all are in.
  void finish(Pulse& pulse);

  double conversions(std::size_t key) const { return credits_[key].value(); }
  double removal_effect(std::size_t key) const { return effects_[key]; }    // of markov
  double untouched() const { return untouched_.value(); }                   // conversions along no key

 private:
  // Of Neumaier: what a sum has lost is kept beside it.
  struct Sum {
    double sum = 0, lost = 0;
    void add(double number);
    double value() const { return sum + lost; }
  };

  AttributionModel model_;
  std::pmr::vector<Sum> credits_;
  std::pmr::vector<double> effects_;
  Sum touched_, untouched_;
  MarkovChain chain_;
  std::pmr::vector<std::uint32_t> distinct_;    // of the path at hand
  std::pmr::vector<std::uint64_t> ages_;
  std::pmr::vector<double> weights_;
};

}  // namespace ea::core
