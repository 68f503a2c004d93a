#include "core/attribution/decayed_shares.hpp"

#include "core/attribution/model.hpp"

namespace ea::core {

double DecayedShares::decay(std::size_t older, std::size_t newer) const {
  return decayed(static_cast<std::uint64_t>(touches_[newer].when.at) - static_cast<std::uint64_t>(touches_[older].when.at), half_life_);
}

void DecayedShares::begin(std::span<const Touch> touches) {
  touches_ = touches;
  first_ = place_ = end_ = 0;
  shares_.assign(touches.size(), 0);
  sums_.assign(touches.size(), 0);
  begun_.assign(touches.size(), 0);
  ended_.assign(touches.size(), 0);
}

void DecayedShares::add(std::size_t first, std::size_t end, Pulse& pulse) {
  if (first >= place_) {
    settle(pulse);
    first_ = first;
    place_ = end_ = end;
    newer_ = 0;
    double sum = 0;
    for (std::size_t i = end; i-- > first;) {
      pulse();
      sums_[i] = sum += decay(i, end - 1);
    }
  }
  for (; end_ < end; end_++) {
    pulse();
    newer_ = newer_ * decay(end_ - 1, end_) + 1;
  }
  const double older = decay(place_ - 1, end - 1), part = 1 / (sums_[first] * older + newer_);
  begun_[first] += part * older;
  if (end > place_) ended_[end - 1] += part;
}

// What touches before the place get comes from conversions that begin before them, and behind it from those that end after them.
void DecayedShares::settle(Pulse& pulse) {
  double part = 0;
  for (std::size_t i = first_; i < place_; i++) {
    pulse();
    part += begun_[i];
    shares_[i] += part * decay(i, place_ - 1);
  }
  part = 0;
  for (std::size_t i = end_; i-- > place_;) {
    pulse();
    if (i + 1 < end_) part *= decay(i, i + 1);
    shares_[i] += part += ended_[i];
  }
}

std::span<const double> DecayedShares::finish(Pulse& pulse) {
  settle(pulse);
  return shares_;
}

}  // namespace ea::core
