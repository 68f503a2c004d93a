// Btrees in which many keys are about to be looked for. A search goes from one address to the next, and each that is not in
// the processor's cache keeps it waiting; here all keys take their steps together, so that these waits are one. Nothing but
// time depends on it.
#pragma once

#include "pg/postgres.hpp"

namespace ea::pg {

// How many keys at a time: what is fetched for them is to stay in the cache until it is used.
inline constexpr int kLookAhead = 64;

// Keys in ascending order, at most kLookAhead: values of the index's first column, and of its second one if that matters.
void look_ahead(Relation index, const Datum* first, const Datum* second, int count);

}  // namespace ea::pg
