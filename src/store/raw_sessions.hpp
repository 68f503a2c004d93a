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

// Calls f(cursor, row) for each row of a cursor and closes it, until it returns false: no more is read then.
template <class F>
void each_row_of(pg::Cursor cursor, F&& f) {
  constexpr long kFetched = 5000;
  bool more = true;
  while (const uint64 rows = more ? cursor.fetch(kFetched) : 0)
    for (uint64 i = 0; more && i < rows; i++) more = f(cursor, i);
  cursor.close();
}

pg::Cursor open_touches(pg::Query& query, const AscendingIds& contents, int64 upto);
// Calls f(content, session) for each pair of some contents and sessions that an event up to an epoch has made, once, whether
// or not the session has a row, until it returns false.
template <class F>
void each_touch(pg::Query& query, const AscendingIds& contents, int64 upto, F&& f) {
  bool null;
  each_row_of(open_touches(query, contents, upto),
                [&](const pg::Cursor& at, uint64 row) { return f(DatumGetInt64(at.value(row, 1, &null)), DatumGetInt64(at.value(row, 2, &null))); });
}

pg::Cursor open_touching_events(pg::Query& query, const AscendingIds& contents, int64 upto);
// Calls f(session) for each of these events, so that a session may come often, until it returns false: no more is read then.
template <class F>
void each_touching_event(pg::Query& query, const AscendingIds& contents, int64 upto, F&& f) {
  bool null;
  each_row_of(open_touching_events(query, contents, upto), [&](const pg::Cursor& at, uint64 row) { return f(DatumGetInt64(at.value(row, 1, &null))); });
}

}  // namespace ea::rollup
