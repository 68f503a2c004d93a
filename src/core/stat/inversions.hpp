// How many pairs of a list stand in the wrong order, by merging.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <vector>

namespace ea::core {

class Inversions {
 public:
  explicit Inversions(std::pmr::memory_resource* memory) : merged_(memory) {}

  // Pairs of which the later one is less. Leaves the values in ascending order.
  std::int64_t count(std::pmr::vector<double>& values);

 private:
  std::pmr::vector<double> merged_;
};

}  // namespace ea::core
