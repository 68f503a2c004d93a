// What happens in a journey.
#pragma once

#include <compare>
#include <cstdint>

namespace ea::core {

struct Moment {
  std::int64_t at, id;
  auto operator<=>(const Moment&) const = default;
};

struct Touch {
  Moment when;
  std::uint32_t key;    // numbered from 0
};

}  // namespace ea::core
