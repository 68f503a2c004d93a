// Sessions as the raw rows have them: those of the platform, or those of creators; what rollups of them are made from.
#pragma once

#include "pg/statement.hpp"
#include "store/contents.hpp"
#include "store/sessions.hpp"

namespace ea::rollup {

// In the active snapshot, by creator and then by start.
class RawSessions {
 public:
  // Of the platform, whose creator is 0.
  explicit RawSessions(pg::Query& query);
  // Of creators, by events up to an epoch; of all where `only` is null. A session that has no row is one, too.
  RawSessions(pg::Query& query, int64 upto, const AscendingIds* only);

  bool next(int64* creator, int64* session, SessionState* state);
  void close() { cursor_.close(); }

 private:
  pg::Cursor cursor_;
  uint64 row_ = 0, rows_ = 0;
};

// Sessions with an event up to an epoch on one of some contents, whether or not they have a row.
AscendingIds sessions_touching(pg::Query& query, const AscendingIds& contents, int64 upto);

}  // namespace ea::rollup
