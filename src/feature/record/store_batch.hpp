// Where checked events are stored: straight, where the tables want nothing but rows, or else by a statement. Both do the same.
#pragma once

#include "core/intake/event.hpp"
#include "pg/args.hpp"
#include "pg/home.hpp"

namespace ea::record {

// Checked items, in the order of their arrival.
struct Items {
  int count = 0;
  core::EventRow* rows;
  Datum* metadata;
  bool* has_metadata;

  explicit Items(int capacity);    // in the current context
  void add(const core::EventRow& row, Datum metadata, bool has_metadata);
};

// What became of an item: stored, or 'c' unknown content, 's' unknown session, 'd' duplicate.
using Verdict = char;
inline constexpr Verdict kStored = 0;

// Stores them; the verdict of each, and how many were not stored.
int store(const pg::Home& home, const Items& items, Verdict* verdicts);

// The two ways. Both find out first whether one of the viewers is being excluded or brought back by somebody of whom the caller,
// who holds the epoch, is not one to be waited for: then nothing is stored.
enum class Stored {
  done,
  impossible,    // this way
  wait,          // until `changer` has ended
};
Stored store_straight(const pg::Home& home, const Items& items, pg::Optional<int64> me, int64 epoch, Verdict* verdicts, TransactionId* changer);
Stored store_by_statement(const pg::Home& home, const Items& items, pg::Optional<int64> me, int64 epoch, Verdict* verdicts, TransactionId* changer);

}  // namespace ea::record
