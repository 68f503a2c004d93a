// Where keys go in tables of our own, by a hash of which every bit depends on every bit of the key (the finalizer of MurmurHash3).
#pragma once

#include "pg/postgres.hpp"

namespace ea::pg {

inline uint64 hash_of(int64 key) {
  uint64 h = (uint64)key;
  h = (h ^ (h >> 33)) * 0xff51afd7ed558ccd;
  h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53;
  return h ^ (h >> 33);
}

}  // namespace ea::pg
