// Where the logs of several keys wait together. A refresh that brings little to each of many keys writes rows of
// rollup_deltas that hold the logs of many keys (core/tree/event_shelf.hpp): of all keys of a scope, or of those whose ids
// begin alike when they are hashed. These shelves come in levels, each cut into parts by the next one; compactions move
// what has gathered on a shelf to smaller ones, and at last to rows of single keys. Each log keeps its epoch on the way. As
// a refresh writes to one level, and all of a shelf moves at once, the rows of a shelf differ in the highest epoch of
// their logs, which is theirs.
#pragma once

#include "store/tables.hpp"

// Tests make them small, so that few events fill shelves of every level.
#ifndef EA_SHELF_BYTES
#define EA_SHELF_BYTES 1300
#define EA_SHELF_ROWS 32
#endif

namespace ea::rollup {

inline constexpr int kShelfLevels = 4;

namespace shelves {
inline constexpr int kBits[kShelfLevels] = {0, 6, 9, 12};
// In the column of ids, below all that keys have; from the highest level on.
inline constexpr int64 kLowest = std::numeric_limits<int64>::min() + 1;
inline constexpr int64 kFirst[kShelfLevels + 1] = {kLowest, kLowest + 1, kLowest + 65, kLowest + 577, kLowest + 4673};
}  // namespace shelves

// A row has about so many bytes at most, so that it stays in one piece and is quickly looked through; so many rows may lie
// on a shelf before a compaction moves them; a log that is longer has a row of its own.
inline constexpr int64 kShelfRowBytes = EA_SHELF_BYTES, kShelfRows = EA_SHELF_ROWS, kShelvedLogBytes = 400;

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

// The first level, from one on, on whose shelves so many bytes find room, those that come from a shelf of the level
// `above` if there is one; kShelfLevels where there is none.
inline int level_for(int64 bytes, int from, int above = 0) {
  int level = from;
  while (level < kShelfLevels && bytes > kShelfRowBytes << (shelves::kBits[level] - shelves::kBits[above])) level++;
  return level;
}

}  // namespace ea::rollup
