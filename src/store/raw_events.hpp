// Raw events, sorted by whose they are and then by time: what buckets are made from.
#pragma once

#include "core/tree/timed_event.hpp"
#include "pg/statement.hpp"
#include "store/tables.hpp"

namespace ea::rollup {

struct RawSelection {
  int64 above = -1;                     // epochs in (above, upto]
  int64 upto = 0;
  pg::Range range;
  pg::Optional<Datum> only;             // bigint[] of contents or creators
  pg::Optional<Datum> without;          // bigint[] of contents or creators
};

// Events by whose they are and then by time, normalized.
class EventSource {
 public:
  virtual bool next(int64* id, core::TimedEvent* event) = 0;

 protected:
  ~EventSource() = default;
};

// In the active snapshot, sorted by the server, which may spill. Unknown content counts for itself and the
// platform.
class RawEvents final : public EventSource {
 public:
  RawEvents(pg::Query& query, ScopeKind scope, const RawSelection& selection);
  bool next(int64* id, core::TimedEvent* event) override;
  void close();

 private:
  pg::Cursor cursor_;
  uint64 row_ = 0, rows_ = 0;
};

}  // namespace ea::rollup
