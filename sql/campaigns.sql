-- Boost campaigns: charges to the last cent, refusals, days, credits and the ledger. Every edge is in test/pgtap/campaigns.sql.
SET timezone = 'UTC';
\pset null '-'
BEGIN;
INSERT INTO explore_content (id, creator_id) VALUES (7701, 7710);
INSERT INTO explore_feed_sessions (id, user_id) VALUES (7751, 7761), (7752, NULL);
CREATE FUNCTION pg_temp.event(n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$SELECT lpad(n::text, 32, '0')::uuid$$;

-- Prices of .01 and .10 from .25: an impression still fits where a click does not.
SELECT create_boost_campaign(7701, .25, 'USD', .01, .10, starts_at => '2025-03-01Z') AS c \gset
SELECT n, kind, x.* FROM unnest(string_to_array('i c c i c i c i i i i', ' ')) WITH ORDINALITY k(letter, n), LATERAL (SELECT CASE letter WHEN 'i' THEN 'impression' ELSE 'click' END AS kind) t,
  charge_boost(:c, pg_temp.event(n::int), kind, charged_at => '2025-03-02Z'::timestamptz + n * interval '1 second') x ORDER BY n;
-- Any number of calls: as many are charged as the budget pays for.
SELECT create_boost_campaign(7701, 1.00, 'ZAR', .03) AS c \gset
SELECT x.status, count(*), sum(x.amount), min(x.budget_left) FROM generate_series(1, 50) n, charge_boost(:c, pg_temp.event(n), 'impression') x GROUP BY 1 ORDER BY 1;
SELECT credit_boost(:c, pg_temp.event(1), reason => 'a robot') AS credited, credit_boost(:c, pg_temp.event(1)) AS again, credit_boost(:c, amount => 0.5) AS money;
SELECT status, budget_left FROM charge_boost(:c, pg_temp.event(1), 'impression');
SELECT status, budget_left FROM charge_boost(:c, pg_temp.event(101), 'impression');
SELECT set_boost_budget(:c, 0.50);
SELECT stop_boost_campaign(:c);
SELECT status, budget_left FROM charge_boost(:c, pg_temp.event(102), 'impression');

-- A day of 23 hours, a holdout, and who it was.
SELECT create_boost_campaign(7701, 10, 'EUR', 1, starts_at => '2025-03-01Z', daily_budget => 2, time_zone => 'Europe/Madrid') AS c \gset
SELECT n, at, x.status, x.budget_left FROM (VALUES (1, '2025-03-29 22:59:59Z'::timestamptz), (2, '2025-03-29 23:00Z'), (3, '2025-03-30 21:59:59Z'), (4, '2025-03-30 12:00Z'), (5, '2025-03-30 22:00Z')) t(n, at),
  charge_boost(:c, pg_temp.event(n), 'impression', session_id => 7750 + 1 + n % 2, charged_at => at) x ORDER BY n;
SELECT day, charged FROM explore_analytics.boost_days WHERE campaign_id = :c ORDER BY 1;
SELECT event_id, entry, kind, amount, user_id, session_id, charged_at FROM explore_boost_ledger WHERE campaign_id = :c ORDER BY 1;
SELECT b ->> 'eventId' AS event, b ->> 'entry' AS entry, b ->> 'sessionId' AS session FROM jsonb_array_elements(explore_analytics.export_viewer(7761) -> 'boosts') b ORDER BY 1;
SELECT explore_analytics.forget_viewer(7761);
SELECT event_id, user_id, session_id, amount FROM explore_boost_ledger WHERE campaign_id = :c ORDER BY 1;
SELECT * FROM explore_analytics.boost_faults();

-- The ledger grows, and that is all.
SAVEPOINT kept;
UPDATE explore_boost_ledger SET amount = 0;
ROLLBACK TO kept;
DELETE FROM explore_boost_ledger;
ROLLBACK TO kept;
SELECT create_boost_campaign(7701, 0.0000001, 'ZAR');
ROLLBACK TO kept;
SELECT credit_boost(:c, amount => -1);
ROLLBACK;
