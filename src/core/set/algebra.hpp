// Union, intersection, difference and containment of two settled sets.
#pragma once

#include "core/set/parts.hpp"

namespace ea::core {

SetParts unite_sets(SetView a, SetView b, std::pmr::memory_resource* memory);
SetParts intersect_sets(SetView a, SetView b, std::pmr::memory_resource* memory);
SetParts subtract_sets(SetView a, SetView b, std::pmr::memory_resource* memory);
bool contains_set(SetView whole, SetView part);

}  // namespace ea::core
