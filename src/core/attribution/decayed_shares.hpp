// Conversions shared out to touches in proportion to 2^(-age / half-life), in time that grows with both, and not with their
// product.
#pragma once

#include <cstddef>
#include <memory_resource>
#include <span>
#include <vector>

#include "core/attribution/touch.hpp"
#include "core/loop/pulse.hpp"

namespace ea::core {

// A conversion needs no more of its touches than the sum of what they weigh, and a touch no more than the sum of the parts of
// what it serves: both come from those of a neighbour. Nothing is ever taken out of a sum, which would leave its errors behind.
// So touches are parted at a place: those behind it serve all that comes, and when those before it have gone, it moves on.
class DecayedShares {
 public:
  DecayedShares(double half_life, std::pmr::memory_resource* memory) : half_life_(half_life), shares_(memory), sums_(memory), begun_(memory), ended_(memory) {}

  // A journey's touches, in their order.
  void begin(std::span<const Touch> touches);
  // A conversion that takes those from first to before end, of which there is one. Neither descends.
  void add(std::size_t first, std::size_t end, Pulse& pulse);
  // When all are in: what each touch gets.
  std::span<const double> finish(Pulse& pulse);

 private:
  double decay(std::size_t older, std::size_t newer) const;
  void settle(Pulse& pulse);

  double half_life_;
  std::span<const Touch> touches_;
  std::size_t first_ = 0, place_ = 0, end_ = 0;    // parted: [first_, place_) and [place_, end_)
  double newer_ = 0;                               // the sum behind the place, against the newest
  std::pmr::vector<double> shares_;
  std::pmr::vector<double> sums_;     // before the place: of all from each one on, against the last before it
  std::pmr::vector<double> begun_;    // parts of conversions that begin at a touch before the place, of the last before it
  std::pmr::vector<double> ended_;    // parts of the newest, which is behind it
};

}  // namespace ea::core
