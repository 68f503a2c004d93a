#include "access/session_owner.hpp"

#include "access/raw_tables.hpp"
#include "pg/index_scan.hpp"

namespace ea::access {

pg::Optional<int64> user_of_session(const pg::Home& home, int64 session) {
  pg::IndexScan scan;
  scan.open_by(sessions_table(home), sessions::id, GetActiveSnapshot());
  scan.equal(scan.key(sessions::id), session).start();
  if (!scan.next())
    pg::raise(pg::with_hint(pg::failure(ERRCODE_FOREIGN_KEY_VIOLATION, "session %lld does not exist", (long long)session), "Create it first."));
  bool null;
  const Datum user = scan.value(sessions::user_id, &null);
  scan.close();
  return {!null, null ? 0 : DatumGetInt64(user)};
}

}  // namespace ea::access
