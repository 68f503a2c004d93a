// The portable Roaring 64-bit format: how other systems read and write our sets. Keys travel as
// two's complement, so that negative keys stand after the positive ones.
#pragma once

#include <cstddef>
#include <memory_resource>

#include "core/set/viewer_set.hpp"

namespace ea::core {

std::size_t roaring_size(const ViewerSet& set);
// out must have exactly roaring_size bytes.
void to_roaring(const ViewerSet& set, MutableBytes out);
// Believes nothing: orders, counts, offsets and lengths are all checked.
ViewerSet from_roaring(Bytes bytes, std::pmr::memory_resource* memory);

}  // namespace ea::core
