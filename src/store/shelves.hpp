// Where the logs of several keys wait together. A refresh that brings little to each of many keys writes rows of
// rollup_deltas that hold the logs of many keys (core/tree/event_shelf.hpp): of all keys of a scope, or of those whose ids
// begin alike when they are hashed. These shelves come in levels, each cut into parts by the next one; compactions move
// what has gathered on a shelf to smaller ones, and at last to rows of single keys. Each log keeps its epoch on the way. As
// a refresh writes to one level, and rows of a shelf move as they are, the oldest first, the rows of a shelf differ in the
// highest epoch of their logs, which is theirs. What a refresh leaves of a key stays together: one log, or, of a key that has
// more of them, each in a row of its own from the start; else a log that comes later could find its row's place taken.
#pragma once

#include "store/tables.hpp"

namespace ea::rollup {

inline constexpr int kShelfLevels = 4;

namespace shelves {
inline constexpr int kBits[kShelfLevels] = {0, 6, 9, 12};
// In the column of ids, below all that keys have; from the highest level on.
inline constexpr int64 kLowest = std::numeric_limits<int64>::min() + 1;
inline constexpr int64 kFirst[kShelfLevels + 1] = {kLowest, kLowest + 1, kLowest + 65, kLowest + 577, kLowest + 4673};
}  // namespace shelves

inline bool is_shelf(int64 id) { return id < shelves::kFirst[kShelfLevels]; }

// As every version has it that has written one.
inline int64 shelf_of(int level, int64 id) {
  uint64 hash = (uint64)id;
  hash = (hash ^ (hash >> 33)) * UINT64CONST(0xFF51AFD7ED558CCD);
  hash = (hash ^ (hash >> 33)) * UINT64CONST(0xC4CEB9FE1A85EC53);
  hash ^= hash >> 33;
  const int bits = shelves::kBits[level];
  return shelves::kFirst[level] + (bits == 0 ? 0 : (int64)(hash >> (64 - bits)));
}

}  // namespace ea::rollup
