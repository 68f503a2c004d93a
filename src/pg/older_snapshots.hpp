// Waiting until nobody can look at the database as it was before a transaction ended.
#pragma once

#include "pg/error.hpp"

namespace ea::pg {

// Whether the transaction ends in so much time. Waits in the queue of its lock, where others see whom we wait for and deadlocks
// are found.
bool wait_for_end(const VirtualTransactionId& transaction, int64 timeout_ms);

// The sessions of this database whose snapshot may be older than the transactions that have ended when it is
// made; and, as far as they report it, standbys and replication slots, which hold rows for others.
class OlderSnapshots {
 public:
  OlderSnapshots();

  // Waits until they have newer snapshots or none, at most so long; false when one of them still has its old
  // one. Call in a transaction that has no snapshot. Vacuum is not waited for: it answers no question.
  bool wait(int64 timeout_ms);

  // Who was in the way, in words, when wait() was in vain.
  void describe(char* words, Size size) const;

 private:
  bool find_one();

  TransactionId limit_;                 // a snapshot with a higher xmin is newer
  VirtualTransactionId* list_;
  int count_;
  int pid_ = 0;                         // of the one found last, 0: a standby or replication slot
  VirtualTransactionId found_;
};

}  // namespace ea::pg
