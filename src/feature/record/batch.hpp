// A batch of items between its reading, from jsonb or from text, and its answer.
#pragma once

#include "access/writer_limits.hpp"
#include "feature/record/store_batch.hpp"

namespace ea::record {

constexpr int kMaxItems = 10000;

int sqlstate_of(const core::ItemFault& fault);
// Of an item that was not stored: unknown content or session.
core::ItemFault fault_of(char verdict, int64 content, int64 session);

// Argument i, on_error: whether the first fault is raised.
bool aborts(FunctionCallInfo fcinfo, int i);

class Batch {
 public:
  // Refuses too many items, and whom only his role's limit concerns if he has sent too many already.
  explicit Batch(int64 received);

  int received() const { return received_; }
  TimestampTz now() const { return now_; }
  void add(int index, const core::EventRow& row, Datum metadata, bool has_metadata);
  void reject(int index, const core::ItemFault& fault) { faults_[index] = fault; }

  // Stores what was added and returns the row of the answer.
  Datum record(FunctionCallInfo fcinfo, const pg::Home& home, bool abort);

 private:
  int received_;
  TimestampTz now_;
  access::WriterLimits limits_;
  Items items_;                // those added
  int* index_of_;              // their places among all
  core::ItemFault* faults_;    // of every item
};

}  // namespace ea::record
