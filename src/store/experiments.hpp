// Where experiments and their exposures are kept, and how a definition is read.
#pragma once

#include "pg/columns.hpp"
#include "pg/home.hpp"

namespace ea::rollup {

// As define_experiment() has stored it. What it points to lies in the memory context in which it was read.
struct Experiment {
  int count;                      // of variants; the first is the control
  const char* const* variants;
  const double* weights;          // as many, which sum to 1
  const char* seed;
  double coverage, alpha, tuning;
};

// False where there is none of that name, as the snapshot sees it. Error 55000 where the table is missing or not what it was.
bool look_up_experiment(const char* name, Snapshot snapshot, Experiment* experiment);
// P0002 where there is none.
Experiment find_experiment(const char* name, Snapshot snapshot);
[[noreturn]] void unknown_experiment(const char* name);

// Who stores an exposure holds its experiment until the transaction ends, together with others; who changes a definition that
// has no exposure has it alone. So a definition that somebody was assigned by stays, whatever is committed first. Before the
// snapshot in which the definition is read.
void hold_experiment(const char* name);
void release_experiment(const char* name);      // by who has stored nothing
// A claim does not wait in the queue of the lock, where whoever came later would stand behind it: false where somebody else
// holds it, or does so no longer (then no holder is told).
bool claim_experiment(const char* name, VirtualTransactionId* holder);
// One definer after the other, until the transaction ends.
bool claim_definition(const char* name, VirtualTransactionId* holder);

// Columns of explore_exposures by their numbers, and the table: units are told apart by viewer_key, in whatever variant.
namespace exposures {
inline constexpr int experiment = 1, viewer_key = 2, variant = 3, exposed_at = 4;
}
// False where the table is missing, as before install() has brought a database over; error 55000 where a column is not what it was.
bool has_exposures_table(const pg::Home& home);
// 55000 also where it is missing.
pg::Table exposures_table(const pg::Home& home);

}  // namespace ea::rollup
