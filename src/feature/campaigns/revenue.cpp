// boost_revenue: what boost campaigns have brought in, by the buckets of a time zone.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "ask/local_buckets.hpp"
#include "ask/series_arguments.hpp"
#include "pg/barrier.hpp"
#include "pg/rows.hpp"
#include "store/campaigns.hpp"

namespace {

using namespace ea;

#define EA_ENTRIES \
  " FROM {s}.explore_boost_ledger l JOIN {s}.explore_boost_campaigns c ON c.campaign_id = l.campaign_id" \
  " WHERE l.charged_at >= $1 AND l.charged_at < $2 AND ($3 IS NULL OR c.creator_id = $3)"

pg::Statement span_of_entries("/* explore_analytics: boost_revenue */ SELECT min(l.charged_at), max(l.charged_at)" EA_ENTRIES, {TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

// Currencies are never added up.
pg::Statement revenue_by_bucket(
    "/* explore_analytics: boost_revenue */ SELECT ($4)[b], ($4)[b + 1], currency, charges, credits, charges - credits FROM ("
    "  SELECT width_bucket(l.charged_at, $4) AS b, c.currency,"
    "         coalesce(sum(l.amount) FILTER (WHERE l.entry = 'charge'), 0) AS charges, coalesce(-sum(l.amount) FILTER (WHERE l.entry = 'credit'), 0) AS credits"
    EA_ENTRIES " GROUP BY 1, 2) bucket ORDER BY b, currency COLLATE \"C\"",
    {TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID, TIMESTAMPTZARRAYOID}, CURSOR_OPT_CUSTOM_PLAN);

}  // namespace

EA_FUNCTION(ea_boost_revenue) {
  const pg::Home home = access::installed_home(fcinfo);
  const pg::Range range = pg::range_argument(fcinfo, 0);
  const core::LocalUnit unit = rollup::unit_argument(fcinfo, 2, "month");
  const char* zone = rollup::zone_argument(fcinfo, 3);
  pg::Optional<int64> creator = pg::optional_id(fcinfo, 4, "creator_id");
  if (creator.given) access::authorize_creator(home, creator.value);
  else creator = access::restricted_to(home);
  (void)rollup::campaigns_table(home);    // are there, and have their columns
  (void)rollup::ledger_table(home);
  pg::Rows rows(fcinfo);
  pg::Query query(home);
  query.read(span_of_entries, pg::Parameters().range(range).id(creator));
  if (!query.is_null(0, 1)) {
    const pg::Range entries = {DatumGetTimestampTz(query.value(0, 1)), DatumGetTimestampTz(query.value(0, 2)) + 1};
    pg::Array<Datum> bounds = rollup::local_buckets(zone, unit, entries);
    const Datum list = PointerGetDatum(construct_array(bounds.begin(), (int)bounds.size(), TIMESTAMPTZOID, sizeof(TimestampTz), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
    rows.add_all(query, query.read(revenue_by_bucket, pg::Parameters().range(range).id(creator).add(list)));
  }
  query.finish();
  return (Datum)0;
}
