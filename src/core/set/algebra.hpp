// Union, intersection, difference and containment of two settled sets, and how many keys they share.
#pragma once

#include "core/set/parts.hpp"

namespace ea::core {

SetParts unite_sets(SetView a, SetView b, std::pmr::memory_resource* memory);
SetParts intersect_sets(SetView a, SetView b, std::pmr::memory_resource* memory);
SetParts subtract_sets(SetView a, SetView b, std::pmr::memory_resource* memory);
bool contains_set(SetView whole, SetView part);
// The cardinality of the intersection, which is not made.
std::uint64_t intersection_count(SetView a, SetView b);

}  // namespace ea::core
