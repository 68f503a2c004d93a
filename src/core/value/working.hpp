// The aggregate's transition value while it is small: flat bytes, changed in place, never stored.
#pragma once

#include <cstddef>

#include "core/bytes/codec.hpp"
#include "core/value/counters.hpp"

namespace ea::core::working {

// Above this a group is worth a Summary of its own.
inline constexpr std::size_t kMaxBytes = 8192;

std::size_t initial_size();
void init(MutableBytes bytes);  // makes an empty state of bytes.size() bytes
bool is_working(Bytes bytes);   // false for anything else, however short

enum class Put {
  done,
  full,  // nothing was changed: grow and retry, or go to a Summary when grown_size > kMaxBytes
};

Put add(MutableBytes bytes, const Event& event);
Put merge(MutableBytes bytes, Bytes encoded_or_working);

std::size_t grown_size(Bytes bytes);
void grow(Bytes old, MutableBytes bigger);

// The canonical form, the same bytes a Summary would give.
std::size_t encoded_size(Bytes bytes);
void encode(Bytes bytes, MutableBytes out);  // out must have exactly encoded_size bytes

}  // namespace ea::core::working
