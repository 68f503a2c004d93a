#include "core/cohort/viewer_counts.hpp"

#include <algorithm>

namespace ea::core {

ViewerCounts::ViewerCounts(std::pmr::memory_resource* memory, std::size_t most)
    : most_(std::max(most, kFewest)), places_(2 * kFewest, Place{}, memory) {}

void ViewerCounts::make_room() {
  std::pmr::vector<Place> before(places_.size() * 2, Place{}, places_.get_allocator());
  before.swap(places_);
  for (const Place& place : before)
    if (place.count != 0) find(place.counter, place.viewer, hash(place.counter, place.viewer)) = place;
}

void ViewerCounts::clear() {
  std::fill(places_.begin(), places_.end(), Place{});
  count_ = 0;
}

}  // namespace ea::core
