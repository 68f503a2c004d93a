// Journeys as a Markov chain of the first order: from a start over keys to a conversion or to nothing. What a key is worth is
// what is lost without it, when whoever comes to it goes nowhere.
#pragma once

#include <cstddef>
#include <memory_resource>
#include <span>
#include <vector>

#include "core/loop/pulse.hpp"

namespace ea::core {

class MarkovChain {
 public:
  static constexpr std::size_t kMostKeys = 1000;

  explicit MarkovChain(std::pmr::memory_resource* memory) : steps_(memory), starts_(memory), conversions_(memory), ends_(memory) {}

  // Numbered from 0; too_large beyond the most.
  std::size_t add_key();
  std::size_t keys() const { return starts_.size(); }

  // So many journeys that begin at a key, go from one to another, convert or end after it. Whatever comes to a key goes on.
  void starts(std::size_t key, double journeys) { starts_[key] += journeys; }
  void goes(std::size_t from, std::size_t to, double journeys) { steps_[from * room_ + to] += journeys; }
  void converts(std::size_t key, double journeys) { conversions_[key] += journeys; }
  void ends(std::size_t key, double journeys) { ends_[key] += journeys; }

  // For each key 1 - P(conversion without it) / P(conversion), 0 where nothing converts. What the pulse throws ends it.
  void removal_effects(std::span<double> effects, Pulse& pulse) const;

 private:
  std::size_t room_ = 0;                // of rows and columns
  std::pmr::vector<double> steps_;      // row by row
  std::pmr::vector<double> starts_, conversions_, ends_;
};

}  // namespace ea::core
