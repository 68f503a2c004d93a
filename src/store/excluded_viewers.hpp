// Viewers who do not count, as whoever records looks them up: without a lock and in no snapshot, since an exclusion must be
// heeded as soon as it is committed, and may be under way.
//
// Who takes a viewer out, or brings one back, has the rollups, so that nobody else ends an epoch meanwhile. First it writes the
// viewer's row, with the epoch E that is current then, and ends that epoch; then it waits for whoever may write events of
// epochs up to E; then it moves the events. Who records takes an epoch first and then looks here. So there are three cases:
//   the row is not there yet, or not changed yet: the epoch is one up to E, and the other waits until this transaction ends.
//   it is being changed, and the epoch is one up to E: likewise, and what holds is what held before.
//   it is being changed, and the epoch is a later one: how that ends must be waited for.
// Whoever changes it several times in one transaction has an epoch for each; what counts is the first.
#pragma once

#include "pg/home.hpp"
#include "pg/index_scan.hpp"

namespace ea::rollup {

// False in a database that install() has not brought over yet.
bool has_excluded_viewers(const pg::Home& home);

// As the snapshot sees it: for who does not record. Where nobody can be excluded, nobody is.
bool is_excluded(int64 viewer, Snapshot snapshot);

class ExcludedViewers {
 public:
  // For a caller who holds that epoch.
  explicit ExcludedViewers(int64 epoch) : epoch_(epoch) {}
  ExcludedViewers(const ExcludedViewers&) = delete;

  // False, and nothing to close, where there is nobody.
  bool open();
  // Whether the viewer is one; false where that is being changed by changer(), which must end first.
  bool find(int64 viewer, bool* excluded);
  // Of the excluded viewer who was found last; null where none was given.
  text* reason() const { return reason_; }
  TransactionId changer() const { return changer_; }
  void close();

 private:
  const int64 epoch_;
  Relation list_ = nullptr;
  SnapshotData dirty_;
  pg::IndexScan scan_;
  text* reason_ = nullptr;
  TransactionId changer_ = InvalidTransactionId;
};

}  // namespace ea::rollup
