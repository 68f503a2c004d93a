#include "keep/boost_proof.hpp"

namespace ea::rollup {

namespace {

// From the ledger alone, in words of SQL that charging shares none of. Prices never change, so every amount is known. Each
// campaign is proven by itself, so that what others have in the ledger is not read; single events only where nothing is given
// as a time, for that costs the more the longer a campaign has run.
pg::Statement find_faults(
    "/* explore_analytics: proof of boost campaigns */ WITH RECURSIVE campaign AS MATERIALIZED ("
    "  SELECT c.* FROM {s}.explore_boost_campaigns c WHERE $1 IS NULL OR c.created_at >= $1"
    "    OR EXISTS (SELECT FROM {s}.explore_boost_ledger l WHERE l.campaign_id = c.campaign_id AND l.charged_at >= $1)"
    "), total AS ("
    "  SELECT c.campaign_id, c.spend, c.budget, coalesce(l.amount, 0) AS amount, l.entries FROM campaign c,"
    "    LATERAL (SELECT sum(l.amount) AS amount, count(*) AS entries FROM {s}.explore_boost_ledger l WHERE l.campaign_id = c.campaign_id) l"
    "), day AS ("
    "  SELECT c.campaign_id, c.daily_budget, to_char(d.day, 'YYYY-MM-DD') AS day, d.charged, d.noted, d.entries FROM campaign c, LATERAL ("
    "    SELECT coalesce(l.day, d.day) AS day, coalesce(l.charged, 0) AS charged, coalesce(d.charged, 0) AS noted, coalesce(l.entries, 0) AS entries"
    "    FROM (SELECT explore_analytics.local_day(l.charged_at, c.time_zone) AS day, sum(l.amount) AS charged, count(*) AS entries FROM {s}.explore_boost_ledger l"
    "          WHERE l.campaign_id = c.campaign_id AND l.entry = 'charge' AND c.daily_budget IS NOT NULL GROUP BY 1) l"
    "    FULL JOIN (SELECT d.day, d.charged FROM explore_analytics.boost_days d WHERE d.campaign_id = c.campaign_id) d ON d.day = l.day) d"
    "  WHERE explore_analytics.local_day(now(), c.time_zone) IS NOT NULL"
    "), event AS ("
    "  SELECT c.campaign_id, e.* FROM campaign c, LATERAL (SELECT l.event_id, count(*) AS entries, count(*) FILTER (WHERE l.entry <> 'credit') AS times, sum(l.amount) AS amount,"
    "    bool_or(l.entry = 'ghost' AND l.amount <> 0) AS paid_ghost,"
    "    bool_or(l.entry = 'charge' AND l.amount IS DISTINCT FROM CASE l.kind WHEN 'click' THEN c.cost_per_click WHEN 'impression' THEN c.cost_per_impression END) AS strange,"
    "    bool_and(l.entry = 'credit' AND l.kind IS NOT NULL) AS lost, bool_or(l.entry = 'credit' AND l.kind IS NOT NULL) AS turned"
    "    FROM {s}.explore_boost_ledger l WHERE l.campaign_id = c.campaign_id GROUP BY l.event_id) e WHERE $1 IS NULL"
    "), charged AS ("    // hops along the key
    "  (SELECT l.campaign_id FROM {s}.explore_boost_ledger l ORDER BY l.campaign_id LIMIT 1)"
    "  UNION ALL SELECT (SELECT l.campaign_id FROM {s}.explore_boost_ledger l WHERE l.campaign_id > x.campaign_id ORDER BY l.campaign_id LIMIT 1) FROM charged x WHERE x.campaign_id IS NOT NULL"
    ") SELECT f.campaign_id, f.problem, f.entries FROM ("
    "  SELECT t.campaign_id, format('spend %s is not the %s of the ledger', t.spend, t.amount) AS problem, t.entries FROM total t WHERE t.spend <> t.amount"
    "  UNION ALL SELECT t.campaign_id, format('spend %s is not from 0 to the budget %s', t.spend, t.budget), t.entries FROM total t WHERE t.spend < 0 OR t.spend > t.budget"
    "  UNION ALL SELECT c.campaign_id, format('its days cannot be told: the server does not know time zone %s', c.time_zone), 0 FROM campaign c"
    "    WHERE c.daily_budget IS NOT NULL AND explore_analytics.local_day(now(), c.time_zone) IS NULL"
    "  UNION ALL SELECT d.campaign_id, format('%s noted for day %s is not the %s of the ledger', d.noted, d.day, d.charged), d.entries FROM day d WHERE d.noted <> d.charged"
    "  UNION ALL SELECT d.campaign_id, format('%s charged for day %s is more than the daily budget %s', d.charged, d.day, d.daily_budget), d.entries FROM day d WHERE d.charged > d.daily_budget"
    "  UNION ALL SELECT e.campaign_id, format('event %s %s', e.event_id, CASE WHEN e.paid_ghost THEN 'was held out, and has money' WHEN e.times > 1 THEN 'is there ' || e.times || ' times'"
    "      WHEN e.lost THEN 'was credited, and not charged' WHEN e.strange THEN 'was charged something else than the price'"
    "      WHEN e.amount < 0 THEN 'was credited more than it cost' ELSE 'was credited less than it cost' END), e.entries"
    "  FROM event e WHERE e.paid_ghost OR e.times > 1 OR e.lost OR e.strange OR (e.times > 0 AND e.amount < 0) OR (e.turned AND e.amount <> 0)"
    "  UNION ALL SELECT x.campaign_id, 'the ledger has entries of a campaign that does not exist', (SELECT count(*) FROM {s}.explore_boost_ledger l WHERE l.campaign_id = x.campaign_id)"
    "  FROM charged x WHERE x.campaign_id IS NOT NULL AND NOT EXISTS (SELECT FROM {s}.explore_boost_campaigns c WHERE c.campaign_id = x.campaign_id)"
    ") f ORDER BY f.campaign_id, f.problem COLLATE \"C\"",
    {TIMESTAMPTZOID}, CURSOR_OPT_CUSTOM_PLAN);

}  // namespace

uint64 find_boost_faults(pg::Query& query, pg::Optional<TimestampTz> since) {
  return query.read(find_faults, pg::Parameters().add(since.given, TimestampTzGetDatum(since.value)));
}

}  // namespace ea::rollup
