// What one can see at a moment: two moments at which the same rows are visible are found to be the same, mostly, and others
// never are. For what is looked up once and kept while a statement runs.
#pragma once

#include "pg/array.hpp"

namespace ea::pg {

class Sight {
 public:
  // Whether what the active snapshot sees is what it saw the last time; remembers it otherwise, in the given context.
  bool is_unchanged(MemoryContext context);

 private:
  struct Moment {
    LocalTransactionId transaction;
    uint64 rollbacks;               // of savepoints: they take back what was seen, and no counter with it
    TransactionId xmin, xmax;
    uint32 running;
    int32 subtransactions;
    CommandId command;
    bool overflowed, recovering;

    bool operator==(const Moment&) const = default;
  };

  Moment moment_{};
  Array<TransactionId> running_;    // of the snapshot, then its subtransactions
};

}  // namespace ea::pg
