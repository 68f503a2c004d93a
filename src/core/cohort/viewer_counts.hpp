// How often viewers were seen, by each of several who count: as many of them as there is memory for.
#pragma once

#include <cstdint>
#include <limits>
#include <memory_resource>
#include <vector>

#include "core/set/key_hash.hpp"

namespace ea::core {

class ViewerCounts {
 public:
  static constexpr std::size_t kFewest = 128;

  // `most` is about how many are counted at once, each in two places of 16 bytes; no fewer than kFewest.
  ViewerCounts(std::pmr::memory_resource* memory, std::size_t most);

  // Every bit depends on every bit of the key. Places are told by the last bits: parts are to be told by the first.
  static std::uint64_t hash(std::int32_t counter, std::int64_t viewer) noexcept {
    return hash_of(static_cast<std::int64_t>(static_cast<std::uint64_t>(viewer) + static_cast<std::uint64_t>(counter) * 0x9E3779B97F4A7C15u));
  }

  // False when there is no place for one that has not been seen: to be counted another time, as often as it is seen.
  bool see(std::int32_t counter, std::int64_t viewer, std::uint64_t hash) {
    Place* place = &find(counter, viewer, hash);
    if (place->count == 0) {
      if (count_ == most_) return false;
      if (++count_ * 2 > places_.size()) {
        make_room();
        place = &find(counter, viewer, hash);
      }
      *place = {viewer, counter, 0};
    }
    if (place->count != std::numeric_limits<std::uint32_t>::max()) ++place->count;
    return true;
  }

  // Calls f(counter, viewer, count) for each.
  template <class F>
  void for_each(F&& f) const {
    for (const Place& place : places_)
      if (place.count != 0) f(place.counter, place.viewer, place.count);
  }

  void clear();
  // There is a place for everybody from now on.
  void lift_limit() noexcept { most_ = std::numeric_limits<std::size_t>::max(); }

 private:
  struct Place {
    std::int64_t viewer;
    std::int32_t counter;
    std::uint32_t count;    // 0: an empty place
  };

  Place& find(std::int32_t counter, std::int64_t viewer, std::uint64_t hash) noexcept {
    std::size_t at = static_cast<std::size_t>(hash) & (places_.size() - 1);
    while (places_[at].count != 0 && (places_[at].viewer != viewer || places_[at].counter != counter)) at = (at + 1) & (places_.size() - 1);
    return places_[at];
  }
  void make_room();

  std::size_t most_, count_ = 0;
  std::pmr::vector<Place> places_;
};

}  // namespace ea::core
