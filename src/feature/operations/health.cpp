// The part of health_check() that looks into the tables, as their owner.
#include "access/home.hpp"
#include "pg/barrier.hpp"
#include "pg/rows.hpp"

using namespace ea;

namespace {

pg::Statement run_checks(
    "/* explore_analytics: health_check */ SELECT check_name, status, detail, fix FROM explore_analytics.run_checks(true, true, $1)",
    {INTERVALOID});

}  // namespace

// Whoever asks before install() wants to be told what to do, not an error.
EA_FUNCTION(ea_owner_checks) {
  const pg::Home home = access::find_home(fcinfo);
  pg::Rows rows(fcinfo);
  if (const char* missing = access::missing_table(home)) {
    // Tables that uninstall() left are adopted for the role they belong to.
    const char* owner = OidIsValid(home.owner) ? GetUserNameFromId(home.owner, true) : nullptr;
    rows.text_value("installed").text_value("FAIL").text_value(psprintf("table %s does not exist", missing))
        .text_value(psprintf("CALL explore_analytics.install(%s);", owner ? quote_literal_cstr(owner) : "")).end_row();
    return (Datum)0;
  }
  pg::Query query(home);
  rows.add_all(query, query.read(run_checks, pg::Parameters().add(!PG_ARGISNULL(0), PG_GETARG_DATUM(0))));
  query.finish();
  return (Datum)0;
}
