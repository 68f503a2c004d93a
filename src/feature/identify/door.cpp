// identify_session: a visitor logs in.
#include "access/home.hpp"
#include "access/writer_limits.hpp"
#include "keep/identify.hpp"
#include "pg/args.hpp"
#include "pg/barrier.hpp"

EA_FUNCTION(ea_identify_session) {
  using namespace ea;
  const pg::Home home = access::installed_home(fcinfo);
  const int64 session = pg::required_id(fcinfo, 0, "session_id");
  const int64 user = pg::required_id(fcinfo, 1, "user_id");
  if (IsolationUsesXactSnapshot())
    pg::raise(pg::with_hint(pg::failure(ERRCODE_ACTIVE_SQL_TRANSACTION, "identify_session() must run in a READ COMMITTED transaction"),
                            "An older snapshot would not see, and leave anonymous, what was recorded meanwhile."));
  PreventCommandIfReadOnly("identify_session()");
  access::WriterLimits().charge(1, nullptr, 0);
  pg::Query query(home);
  const int64 events = rollup::identify(query, session, user);
  query.finish();
  PG_RETURN_INT64(events);
}
