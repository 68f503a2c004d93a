// Where keys go in tables of our own, by a hash of which every bit depends on every bit of the key (the finalizer of MurmurHash3).
#pragma once

#include <cstdint>

namespace ea::core {

inline std::uint64_t hash_of(std::int64_t key) {
  auto h = static_cast<std::uint64_t>(key);
  h = (h ^ h >> 33) * 0xFF51AFD7ED558CCDu;
  h = (h ^ h >> 33) * 0xC4CEB9FE1A85EC53u;
  return h ^ h >> 33;
}

}  // namespace ea::core
