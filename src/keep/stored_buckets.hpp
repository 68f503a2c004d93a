// Writing rollups: the buckets of one key after another, as core's tree wants them, and deltas. For a
// caller who holds the watermark's row lock, so that nobody else writes them. Calls that take or give events throw
// where the server raises: the caller may hold vectors of them. The others raise.
#pragma once

#include "core/tree/bucket_tree.hpp"
#include "keep/delta_rows.hpp"
#include "pg/index_scan.hpp"
#include "pg/table_writer.hpp"
#include "store/sessions.hpp"

namespace ea::rollup {

class StoredBuckets final : public core::BucketStore {
 public:
  // Rows written say that they changed in `epoch`.
  explicit StoredBuckets(int64 epoch, DeltaRows::Rows rows = DeltaRows::Rows::own);

  // Adds events, sorted by time, to the buckets of a key; what the calls for one key bring may not
  // exceed what fits into memory, the key may come again.
  void insert(const Key& key, core::TimedEvents events);
  // The same, and those that wait as deltas; if there are any.
  void insert_with_deltas(const Key& key, core::TimedEvents events, DeltaRows::Which which);
  bool exists(const Key& key);
  // Whether a change of the key's buckets by these events, in order of time, writes about so many bytes at most: those of
  // the summaries and logs on their ways, which stay closed.
  bool rewrites_at_most(const Key& key, core::TimedEvents events, int64 bytes);
  // Sorted and normalized; one of several of a key goes into a row of its own.
  void put_delta(const Key& key, core::TimedEvents events, DeltaRows::Rows rows = DeltaRows::Rows::shared);
  void put_shelves() { deltas_.put_shelves(); }               // those that wait to share rows
  // DeltaRows::move_down(), from the highest level on.
  int64 move_shelves(bool everything, int64 most);
  // Puts what waits to share rows, and moves what that makes too many: at most about so many logs.
  void finish_shelves(int64 most);
  // Appends all events stored of a key, in no order, as of the last renew().
  void append_events(const Key& key, std::pmr::vector<core::TimedEvent>* events);
  // Removes all rows of the key, deltas too.
  void remove(const Key& key);
  // DeltaRows::take_down(): for who changes many keys, whose deltas are then in rows of their own, or removes them.
  void take_down(ScopeKind scope, const pg::Array<int64>& ids, DeltaRows::Taken taken = DeltaRows::Taken::to_own_rows);
  // Sessions: appends what is in the deltas of a key, step by step, and removes them.
  void take_session_deltas(const Key& key, DeltaRows::Which which, pg::Array<SessionStep>* steps);
  // Which of some sessions (ascending) are in the tree of a key.
  void find_sessions(const Key& key, const pg::Array<int64>& sessions, pg::Array<int64>* found);
  // Takes sessions out of a key, which has no deltas, and adds others.
  void change_sessions(const Key& key, core::TimedEvents removed, core::TimedEvents added);
  void append_deltas(const Key& key, std::pmr::vector<core::TimedEvent>* events);    // of rows of its own, sorted; they stay
  // Appends the events of the deltas of a key, sorted, and removes them: of all, or of those with fewer events than
  // `smaller_than` and those of the epoch, which those to be put will have.
  void take_deltas(const Key& key, std::pmr::vector<core::TimedEvent>* events, DeltaRows::Which which,
                   int64 smaller_than = std::numeric_limits<int64>::max());
  // Takes events away from a key, deltas too, and adds others (core::BucketTree::change); no view of the viewers `gone` is left.
  void change(const Key& key, core::TimedEvents removed, core::TimedEvents added, DeltaRows::Which which, const int64* gone = nullptr, int gone_count = 0);
  // DeltaRows::replace(), and of what is not found there in the trees; no view of `gone` is left.
  void replace(ScopeKind scope, pg::Array<Replacement>* changes, const int64* gone, int gone_count);
  void renew();      // makes all that was written visible to the calls that follow
  void close();

  int64 rows() const { return totals_.rows() + buckets_.rows() + deltas_.rows(); }
  int64 bytes() const { return totals_.bytes() + buckets_.bytes() + deltas_.bytes(); }

  // core::BucketStore
  bool take(const core::Bucket& bucket, core::BucketValue* value) override;
  bool look(const core::Bucket& bucket, core::BucketValue* value) override;
  void put(const core::Bucket& bucket, const core::BucketValue& value, const core::Counters& counters) override;
  void children(const core::Bucket& bucket, std::pmr::vector<std::int64_t>* numbers) override;
  std::size_t log_events(const core::Bucket& bucket) override;

 private:
  void open_scans();
  void close_scans();
  pg::IndexScan& find(const Key& key, const core::Bucket& bucket);
  int64 rewritten_bytes(const Key& key, const core::Bucket& bucket, core::TimedEvents events, int64 limit);
  bool read(const core::Bucket& bucket, core::BucketValue* value, bool remove);
  void change_tree(const Key& key, core::TimedEvents removed, core::TimedEvents added, const int64* gone, int gone_count);
  void append_log(pg::IndexScan& scan, int column, std::pmr::vector<core::TimedEvent>* events);
  void append_logs(pg::IndexScan& scan, int column, const Key& key, std::pmr::vector<core::TimedEvent>* events);

  int64 epoch_;
  Key key_{ScopeKind::platform, -1};
  Snapshot snapshot_;
  pg::IndexScan total_scan_, bucket_scan_;
  pg::TableWriter totals_, buckets_;
  DeltaRows deltas_;
  MemoryContext context_;          // that was current at the start
  MemoryContext value_context_;    // of the bucket last taken
  MemoryContext work_context_;     // of one insert
  bool dirty_ = false;             // something of key_ was written and is not visible yet
};

}  // namespace ea::rollup
