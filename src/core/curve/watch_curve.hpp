// How much of each part of a video its views have covered. A view of watch time w covers [0, least(w, duration)). Sums are of
// integers, in units of a millisecond over the number of bins, so that the bins' mean is the mean share watched.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

namespace ea::core {

class WatchCurve {
 public:
  struct Bin {
    std::uint64_t ended;      // views that have ended in it, not at its end
    std::uint64_t covered;    // how much of it these have covered
  };

  // `bins`: zeros, as many as there are to be.
  WatchCurve(std::uint64_t duration_ms, std::span<Bin> bins)
      : duration_(duration_ms), bins_(bins), per_unit_(1 / static_cast<double>(duration_ms)) {}

  void add(std::uint64_t watch_time_ms) {
    ++views_;
    if (watch_time_ms >= duration_) return;    // all of it
    const std::uint64_t end = watch_time_ms * bins_.size();
    // The quotient, give or take one: half the time of a division.
    std::uint64_t bin = static_cast<std::uint64_t>(static_cast<double>(end) * per_unit_);
    if (bin * duration_ > end) --bin;
    if (end - bin * duration_ >= duration_) ++bin;
    ++bins_[bin].ended;
    bins_[bin].covered += end - bin * duration_;
  }

  std::uint64_t views() const { return views_; }

  // Calls f(bin from 0, ratio) for each in turn.
  template <class F>
  void for_each(F&& f) const {
    std::uint64_t watching = views_;
    for (std::size_t i = 0; i < bins_.size(); ++i) {
      watching -= bins_[i].ended;
      f(i, ratio(watching, bins_[i].covered));
    }
  }

 private:
  // (watching * duration + covered) / (views * duration): the products may not fit into 64 bits.
  double ratio(std::uint64_t watching, std::uint64_t covered) const {
    if (views_ == 0) return 0;
    __extension__ using Wide = unsigned __int128;
    return static_cast<double>(Wide{watching} * duration_ + covered) / static_cast<double>(Wide{views_} * duration_);
  }

  std::uint64_t duration_;
  std::span<Bin> bins_;
  double per_unit_;
  std::uint64_t views_ = 0;
};

}  // namespace ea::core
