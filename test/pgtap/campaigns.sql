-- Boost campaigns: what they may be, what is charged to the last cent and in which order it is refused, credits, days, the ledger
-- that only grows, what proves it, and who is named in it.
\set QUIET on
SET client_min_messages = warning;
SET timezone = 'UTC';
BEGIN;
SELECT no_plan();
CREATE ROLE ea_tap_c_owner;
CREATE ROLE ea_tap_c_reads;
CREATE ROLE ea_tap_c_records;
CREATE ROLE ea_tap_c_operates;
CALL explore_analytics.install('ea_tap_c_owner');
SELECT explore_analytics.grant_access(r, m) FROM (VALUES ('ea_tap_c_reads'::name, 'read'), ('ea_tap_c_records', 'record'), ('ea_tap_c_operates', 'operate')) g(r, m) \g /dev/null
INSERT INTO explore_content (id, creator_id) VALUES (1, 10), (2, 20);
INSERT INTO explore_feed_sessions (id, user_id) VALUES (501, 41), (502, NULL), (503, NULL);
CREATE FUNCTION pg_temp.id(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$SELECT lpad(n::text, 32, '0')::uuid$$;
-- A letter a call, i or c; what each was told.
CREATE FUNCTION pg_temp.run(campaign bigint, letters text, first int DEFAULT 1) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  told text;
  all_told text := '';
BEGIN
  FOR n IN 1 .. length(letters) LOOP
    SELECT status || ' ' INTO told FROM charge_boost(campaign, pg_temp.id(first + n), CASE substr(letters, n, 1) WHEN 'i' THEN 'impression' ELSE 'click' END);
    all_told := all_told || told;
  END LOOP;
  RETURN rtrim(all_told);
END $$;
CREATE FUNCTION pg_temp.spent(campaign bigint) RETURNS text LANGUAGE sql AS $$SELECT spend || ' of ' || budget FROM explore_boost_campaigns WHERE campaign_id = campaign$$;
CREATE FUNCTION pg_temp.faults() RETURNS bigint LANGUAGE sql AS $$SELECT count(*) FROM explore_analytics.boost_faults()$$;

-- To the cent.
SELECT create_boost_campaign(1, 250, 'ZAR', 0.01, 0.10) AS c \gset
SELECT is((SELECT array_agg(DISTINCT x.status || ' ' || x.amount) FROM generate_series(1, 20000) n, charge_boost(:c, pg_temp.id(n), 'impression') x), '{charged 0.01}', '20000 impressions');
SELECT is((SELECT array_agg(DISTINCT x.status || ' ' || x.amount) FROM generate_series(20001, 20500) n, charge_boost(:c, pg_temp.id(n), 'click') x), '{charged 0.10}', 'and 500 clicks');
SELECT is(pg_temp.spent(:c), '250.00 of 250', 'are 250.00');
SELECT results_eq($$SELECT * FROM charge_boost(currval('explore_boost_campaigns_campaign_id_seq'), pg_temp.id(30000), 'impression')$$, $$VALUES ('budget', 0::numeric, 0.00::numeric)$$, 'not a cent more');
SELECT create_boost_campaign(1, 1.00, 'ZAR', .03) AS c \gset
SELECT is((SELECT string_agg(status || ' ' || n, ', ' ORDER BY status DESC) FROM (SELECT x.status, count(*) AS n FROM generate_series(1, 50) n, charge_boost(:c, pg_temp.id(n), 'impression') x GROUP BY 1) s), 'charged 33, budget 17', 'floor(budget / price)');
SELECT is(pg_temp.spent(:c), '0.99 of 1.00', '.01 is left');
SELECT create_boost_campaign(1, .25, 'USD', .01, .10) AS c \gset
SELECT is(pg_temp.run(:c, 'icciciciiii'), 'charged charged charged charged budget charged budget charged charged budget budget', 'impressions fit where clicks do not');
SELECT is(pg_temp.spent(:c), '0.25 of 0.25', 'all of it');
SELECT create_boost_campaign(1, 0.000007, 'XTS', 0.000003) AS c \gset
SELECT is(pg_temp.run(:c, 'iiii'), 'charged charged budget budget', 'millionths');
SELECT create_boost_campaign(1, 999999999999999.999999, 'XTS', 999999999999999.999999, 0) AS c \gset
SELECT is(pg_temp.run(:c, 'icic'), 'charged charged budget charged', 'the largest, and free clicks');
SELECT is(pg_temp.spent(:c), '999999999999999.999999 of 999999999999999.999999', 'nothing is rounded');
SELECT create_boost_campaign(1, 0, 'ZAR') AS c \gset
SELECT is(pg_temp.run(:c, 'iic'), 'charged charged charged', 'no budget, and nothing to pay');
SELECT is(pg_temp.spent(:c), '0 of 0', 'nothing spent');

-- What a campaign is.
SELECT create_boost_campaign(2, 10, 'EUR', 0.5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) AS c \gset
SELECT row_eq(format('SELECT content_id, creator_id, budget, currency, cost_per_impression, cost_per_click, starts_at, ends_at, daily_budget, time_zone, holdout_percent, conversion, conversion_value, within, created_at, stopped_at, spend FROM explore_boost_campaigns WHERE campaign_id = %s', :c),
  ROW(2::bigint, 20::bigint, 10::numeric, 'EUR'::text, 0.5::numeric, 0::numeric, now(), NULL::timestamptz, NULL::numeric, 'UTC'::text, 0::float8, 'click'::text, NULL::numeric, '7 days'::interval, now(), NULL::timestamptz, 0::numeric), 'NULL is the default');
UPDATE explore_content SET creator_id = 21 WHERE id = 2;
SELECT is((SELECT creator_id FROM explore_boost_campaigns WHERE campaign_id = :c), 20::bigint, 'who pays is who was the creator then');
SELECT throws_ok(format('SELECT create_boost_campaign(%s)', a), s, m, a) FROM (VALUES
  ('NULL, 1, ''ZAR''', '22004', 'content_id must not be null'), ('0, 1, ''ZAR''', '22023', 'content_id must be positive, not 0'), ('99, 1, ''ZAR''', '23503', 'content 99 does not exist'),
  ('1, NULL, ''ZAR''', '22023', 'budget must not be null'), ('1, -1, ''ZAR''', '22023', 'budget must be 0 or more, not -1'), ('1, ''NaN'', ''ZAR''', '22023', 'budget must be 0 or more, not NaN'), ('1, ''Infinity'', ''ZAR''', '22023', 'budget must be 0 or more, not Infinity'),
  ('1, 0.0000001, ''ZAR''', '22023', 'budget has more than 6 decimals: 0.0000001'), ('1, 1000000000000000, ''ZAR''', '22003', 'budget is too large: 1000000000000000'),
  ('1, 1, NULL', '22023', 'currency must not be null'), ('1, 1, ''zar''', '22023', 'currency "zar" is unknown'), ('1, 1, ''''', '22023', 'currency "" is unknown'), ('1, 1, ''ZARR''', '22023', 'currency "ZARR" is unknown'), ('1, 1, ''ZÄR''', '22023', 'currency "ZÄR" is unknown'), ('1, 1, E''ZA\n''', '22023', E'currency "ZA\n" is unknown'),
  ('1, 1, ''ZAR'', -0.1', '22023', 'cost_per_impression must be 0 or more, not -0.1'), ('1, 1, ''ZAR'', 1.0000001', '22023', 'cost_per_impression has more than 6 decimals: 1.0000001'), ('1, 1, ''ZAR'', 0, ''-Infinity''', '22023', 'cost_per_click must be 0 or more, not -Infinity'),
  ('1, 1, ''ZAR'', starts_at => ''1999-12-31 23:59:59.999999Z''', '22023', 'starts_at is before 2000: 1999-12-31 23:59:59.999999+00'), ('1, 1, ''ZAR'', starts_at => ''infinity''', '22008', 'starts_at must be finite'), ('1, 1, ''ZAR'', ends_at => ''-infinity''', '22008', 'ends_at must be finite'), ('1, 1, ''ZAR'', starts_at => ''2025-01-02Z'', ends_at => ''2025-01-02Z''', '22023', 'ends_at 2025-01-02 00:00:00+00 is not after starts_at 2025-01-02 00:00:00+00'),
  ('1, 1, ''ZAR'', daily_budget => -1', '22023', 'daily_budget must be 0 or more, not -1'), ('1, 1, ''ZAR'', time_zone => ''Mars''', '22023', 'time zone "Mars" is unknown'), ('1, 1, ''ZAR'', time_zone => ''FOO+3''', '22023', 'time zone "FOO+3" is unknown'),
  ('1, 1, ''ZAR'', holdout_percent => 50.01', '22023', 'holdout_percent must be from 0 to 50, not 50.01'), ('1, 1, ''ZAR'', holdout_percent => -1', '22023', 'holdout_percent must be from 0 to 50, not -1'), ('1, 1, ''ZAR'', holdout_percent => ''NaN''', '22023', 'holdout_percent must be from 0 to 50, not NaN'),
  ('1, 1, ''ZAR'', conversion => ''buy''', '22023', 'conversion "buy" is unknown'), ('1, 1, ''ZAR'', conversion_value => -1', '22023', 'conversion_value must be 0 or more, not -1'), ('1, 1, ''ZAR'', within => ''0 s''', '22023', 'within must be longer than nothing')) e(a, s, m);
SELECT lives_ok($$SELECT create_boost_campaign(1, 1.0000000, 'ZAR')$$, 'zeros are no decimals');

-- The statuses, and which comes first. All hold at once of the last campaign.
SELECT create_boost_campaign(1, 1, 'ZAR', 0.40, 0.10, starts_at => now() - interval '10 days', ends_at => now() - interval '1 day', daily_budget => 0.50, holdout_percent => 50) AS c \gset
CREATE TABLE explore_analytics.ea_tap_held AS SELECT u, experiment_bucket('boost:' || :c, u::text) < 0.5 AS held FROM generate_series(1, 200) u;
SELECT min(u) FILTER (WHERE held) AS held, min(u) FILTER (WHERE NOT held) AS shown, max(u) FILTER (WHERE NOT held) AS excluded FROM explore_analytics.ea_tap_held \gset
DROP TABLE explore_analytics.ea_tap_held;
SELECT explore_analytics.exclude_traffic(user_id => :excluded), explore_analytics.exclude_traffic(session_id => 503) \g /dev/null
SELECT is((SELECT status FROM charge_boost(:c, pg_temp.id(x.n), x.kind, x.u, charged_at => now() - x.age)), x.wanted, x.what) FROM (VALUES
  (1, 'impression', :shown, interval '2 days', 'charged', 'the first'), (1, 'click', :excluded, interval '1 hour', 'duplicate', 'duplicate comes before all else'),
  (2, 'impression', :excluded, '1 day', 'outside', 'the end is not in it'), (3, 'impression', :excluded, '10 days 1 us', 'outside', 'nor what is before'), (4, 'impression', :excluded, '2 days', 'excluded', 'excluded comes before money'),
  (5, 'impression', :held, '2 days', 'daily_budget', 'the day comes before the arm'), (6, 'click', :held, '2 days', 'held_out', 'a click still fits the day'), (6, 'impression', :shown, '3 days', 'duplicate', 'a ghost is one, too'),
  (7, 'impression', :shown, '10 days', 'charged', 'another day, the first moment'), (8, 'impression', :held, '4 days', 'budget', 'the budget comes before the arm'), (9, 'impression', :shown, '2 days', 'daily_budget', 'the day comes before the budget'),
  (10, 'click', :shown, '2 days', 'charged', 'a click fits both'), (11, 'click', :held, '4 days', 'held_out', 'and is held out')) x(n, kind, u, age, wanted, what);
SELECT results_eq(format('SELECT entry, kind, amount, count(*) FROM explore_boost_ledger WHERE campaign_id = %s GROUP BY 1, 2, 3 ORDER BY 1, 2', :c), $$VALUES ('charge', 'click', 0.10, 1::bigint), ('charge', 'impression', 0.40, 2), ('ghost', 'click', 0, 2)$$, 'refusals store nothing');
SELECT is(pg_temp.spent(:c), '0.90 of 1', 'ghosts pay nothing');
SELECT is((SELECT charge_boost(:c, pg_temp.id(20), 'click', session_id => 503, charged_at => now() - interval '5 days'))::text, '(excluded,0,0.10)', 'a visitor is excluded by session');
SELECT explore_analytics.restore_traffic(user_id => :excluded), explore_analytics.restore_traffic(session_id => 503) \g /dev/null
SELECT stop_boost_campaign(:c);
SELECT is((SELECT status FROM charge_boost(:c, pg_temp.id(30), 'click', :shown, charged_at => now() - interval '2 days')), 'outside', 'stopped, for what was before as well');
SELECT is((SELECT status FROM charge_boost(:c, pg_temp.id(1), 'click', :shown)), 'duplicate', 'a duplicate for ever');
UPDATE explore_boost_campaigns SET stopped_at = now() - interval '3 days' WHERE campaign_id = :c;
SELECT stop_boost_campaign(:c);
SELECT is((SELECT stopped_at FROM explore_boost_campaigns WHERE campaign_id = :c), now() - interval '3 days', 'the first stop counts');
SELECT create_boost_campaign(1, 1, 'ZAR', 0.40, starts_at => now() + interval '1 s') AS c \gset
SELECT is(pg_temp.run(:c, 'i'), 'outside', 'not begun');

-- An event belongs to its campaign; a session's user, the identity, and nobody.
SELECT create_boost_campaign(1, 100, 'ZAR', 1, holdout_percent => 50) AS c \gset
SELECT is((SELECT count(DISTINCT status) FROM generate_series(1, 3) n, charge_boost(:c, pg_temp.id(1), 'impression')), 1::bigint, 'a function that depends on nothing is called once');
SELECT is((SELECT array_agg(status ORDER BY n) FROM generate_series(1, 3) n, LATERAL (SELECT (charge_boost(:c, pg_temp.id(2 + 0 * n), 'impression')).status) x), '{charged,duplicate,duplicate}', 'the same event thrice in one statement');
SELECT FROM charge_boost(:c, pg_temp.id(50), 'impression', session_id => 501) a1 \g /dev/null
SELECT is((SELECT user_id || ' ' || session_id FROM explore_boost_ledger WHERE campaign_id = :c AND event_id = pg_temp.id(50)), '41 501', 'the session''s user');
SET LOCAL explore_analytics.user_id = '42';
SELECT FROM charge_boost(:c, pg_temp.id(51), 'impression') a1, charge_boost(:c, pg_temp.id(52), 'impression', 43, 501) a2 \g /dev/null
RESET explore_analytics.user_id;
SELECT results_eq(format('SELECT user_id, session_id FROM explore_boost_ledger WHERE campaign_id = %s AND event_id IN (pg_temp.id(51), pg_temp.id(52)) ORDER BY event_id', :c), 'VALUES (42::bigint, NULL::bigint), (43, 501)', 'the identity; who is given');
SELECT is((SELECT array_agg(DISTINCT status) FROM generate_series(100, 140) n, charge_boost(:c, pg_temp.id(n), 'impression')), '{charged}', 'nobody is never held out');
SELECT is_empty(format($$SELECT u, x.status FROM generate_series(1, 100) u, charge_boost(%1$s, pg_temp.id(1000 + u), 'click', u) x
  WHERE (x.status = 'held_out') <> (experiment_bucket('boost:%1$s', u::text) < 0.5) OR x.status NOT IN ('held_out', 'charged') OR x.amount <> 0$$, :c), 'held out by the bucket of the user');
SELECT is((SELECT status = 'held_out' FROM charge_boost(:c, pg_temp.id(2000), 'click', session_id => 502)), experiment_bucket('boost:' || :c, '502') < 0.5, 'or of the session');
SELECT throws_ok(format('SELECT charge_boost(%s)', a), s, m, a) FROM (VALUES
  ('NULL, pg_temp.id(1), ''click''', '22004', 'campaign_id must not be null'), ('0, pg_temp.id(1), ''click''', '22023', 'campaign_id must be positive, not 0'), ('999999, pg_temp.id(1), ''click''', 'P0002', 'boost campaign 999999 does not exist'),
  (:c || ', NULL, ''click''', '22004', 'event_id must not be null'), (:c || ', pg_temp.id(1), NULL', '22023', 'kind must not be null'), (:c || ', pg_temp.id(1), ''view''', '22023', 'kind "view" is unknown'),
  (:c || ', pg_temp.id(1), ''click'', 0', '22023', 'user_id must be positive, not 0'), (:c || ', pg_temp.id(1), ''click'', NULL, -1', '22023', 'session_id must be positive, not -1'), (:c || ', pg_temp.id(1), ''click'', NULL, 999', '23503', 'session 999 does not exist'),
  (:c || ', pg_temp.id(1), ''click'', charged_at => ''infinity''', '22008', 'charged_at must be finite')) e(a, s, m);
SELECT throws_ok(format('SELECT charge_boost(%s, pg_temp.id(1), ''click'', charged_at => clock_timestamp() + interval ''1 minute'')', :c), '22023', NULL, 'the future');
SELECT lives_ok(format('SELECT charge_boost(%s, pg_temp.id(3000), ''click'', charged_at => clock_timestamp())', :c), 'later than the transaction began is not');

-- Rolled back: not there.
SELECT create_boost_campaign(1, 1, 'ZAR', 0.5, daily_budget => 0.5) AS c \gset
SAVEPOINT s;
SELECT is(pg_temp.run(:c, 'ii'), 'charged daily_budget', 'charged');
ROLLBACK TO s;
SELECT is(pg_temp.spent(:c) || (SELECT count(*) FROM explore_boost_ledger WHERE campaign_id = :c) || (SELECT count(*) FROM explore_analytics.boost_days WHERE campaign_id = :c), '0 of 100', 'a savepoint takes it all back');
SELECT is(pg_temp.run(:c, 'ii'), 'charged daily_budget', 'and it is charged again');

-- Days of the campaign's zone: 23 hours on 30 March 2025 in Madrid, 25 on 26 October.
SELECT create_boost_campaign(1, 100, 'ZAR', 1, starts_at => '2025-01-01Z', daily_budget => 2, time_zone => 'Europe/Madrid') AS c \gset
SELECT is((SELECT string_agg(status, ' ' ORDER BY n) FROM (VALUES (1, '2025-03-29 22:59:59.999999Z'::timestamptz), (2, '2025-03-29 23:00Z'), (3, '2025-03-30 21:59:59.999999Z'), (4, '2025-03-30 12:00Z'), (5, '2025-03-30 22:00Z'), (6, '2025-10-25 21:59:59Z'),
  (7, '2025-10-25 22:00Z'), (8, '2025-10-26 22:59:59.999999Z'), (9, '2025-10-26 00:30Z'), (10, '2025-10-26 23:00Z')) t(n, at), LATERAL charge_boost(:c, pg_temp.id(n), 'impression', charged_at => t.at)),
  'charged charged charged daily_budget charged charged charged charged daily_budget charged', 'the days of clocks that change');
SELECT results_eq(format('SELECT day, charged FROM explore_analytics.boost_days WHERE campaign_id = %s ORDER BY 1', :c), $$VALUES ('2025-03-29'::date, 1::numeric), ('2025-03-30', 2), ('2025-03-31', 1), ('2025-10-25', 1), ('2025-10-26', 2), ('2025-10-27', 1)$$, 'late ones count for their own day');
SELECT is(credit_boost(:c, pg_temp.id(3)), 1::numeric, 'a credit');
SELECT is((SELECT status FROM charge_boost(:c, pg_temp.id(11), 'impression', charged_at => '2025-03-30 12:00Z')), 'daily_budget', 'does not free the day');

-- Central Europe has summer time in July, though CET is also an abbreviation of one without.
SELECT create_boost_campaign(1, 100, 'ZAR', 1, starts_at => '2025-01-01Z', daily_budget => 2, time_zone => 'CET') AS c \gset
SELECT is((SELECT string_agg(status, ' ' ORDER BY n) FROM (VALUES (1, '2025-07-01 22:30Z'::timestamptz), (2, '2025-07-02 21:59Z'), (3, '2025-07-02 12:00Z'), (4, '2025-07-02 22:00Z'), (5, '2025-01-01 23:00Z')) t(n, at), LATERAL charge_boost(:c, pg_temp.id(n), 'impression', charged_at => t.at)),
  'charged charged daily_budget charged charged', 'a zone with the name of an abbreviation');
SELECT results_eq(format('SELECT day, charged FROM explore_analytics.boost_days WHERE campaign_id = %s ORDER BY 1', :c), $$VALUES ('2025-01-02'::date, 1::numeric), ('2025-07-02', 2), ('2025-07-03', 1)$$, 'its days');
SELECT is_empty('SELECT * FROM explore_analytics.boost_faults()', 'which the proof has, too');

-- Credits.
SELECT create_boost_campaign(1, 1, 'ZAR', 0.40, 0.05, holdout_percent => 50) AS c \gset
SELECT is(pg_temp.run(:c, 'iic'), 'charged charged charged', 'charged');
SELECT is((SELECT credit_boost(:c, pg_temp.id(2), reason => 'fraud')), 0.40, 'turned round');
SELECT is((SELECT credit_boost(:c, pg_temp.id(2))), 0::numeric, 'once');
SELECT is((SELECT status FROM charge_boost(:c, pg_temp.id(2), 'impression')), 'duplicate', 'and its event stays known');
SELECT is(pg_temp.spent(:c), '0.45 of 1', 'the budget is free again');
SELECT row_eq(format('SELECT entry, kind, amount, user_id, session_id, charged_at, reason FROM explore_boost_ledger WHERE campaign_id = %s AND event_id = pg_temp.id(2) AND entry = ''credit''', :c),
  ROW('credit'::text, 'impression'::text, -0.40::numeric, NULL::bigint, NULL::bigint, now(), 'fraud'::text), 'dated now');
SELECT is(credit_boost(:c, amount => 0.25, reason => 'goodwill'), 0.25, 'money alone');
SELECT throws_ok(format('SELECT credit_boost(%s, pg_temp.id(3))', :c), '22023', format('a credit of 0.40 is more than the 0.20 that boost campaign %s has spent', :c), 'not over what is spent');
SELECT is(credit_boost(:c, amount => 0.20), 0.20, 'all of the rest');
SELECT is(pg_temp.spent(:c), '0.00 of 1', 'nothing is left to credit');
SELECT is((SELECT count(*) FROM explore_boost_ledger WHERE campaign_id = :c AND kind IS NULL), 2::bigint, 'of no kind');
SELECT min(u) AS held FROM generate_series(1, 100) u WHERE experiment_bucket('boost:' || :c, u::text) < 0.5 \gset
SELECT is((SELECT status FROM charge_boost(:c, pg_temp.id(60), 'impression', :held)) || credit_boost(:c, pg_temp.id(60)) || credit_boost(:c, pg_temp.id(60)), 'held_out00', 'who was held out leaves the arm');
SELECT is((SELECT count(*) FROM explore_boost_ledger WHERE campaign_id = :c AND event_id = pg_temp.id(60)), 2::bigint, 'by an entry');
SELECT throws_ok(format('SELECT credit_boost(%s)', a), s, m, a) FROM (VALUES
  ('NULL, pg_temp.id(1)', '22004', 'campaign_id must not be null'), ('999999, pg_temp.id(1)', 'P0002', 'boost campaign 999999 does not exist'), (:c || ', NULL', '22023', 'event_id and amount must not both be null'),
  (:c || ', pg_temp.id(1), 1', '22023', 'event_id and amount exclude each other'), (:c || ', pg_temp.id(99)', 'P0002', format('boost campaign %s was not charged for event 00000000-0000-0000-0000-000000000099', :c)),
  (:c || ', NULL, 0', '22023', 'amount must be more than 0'), (:c || ', NULL, -1', '22023', 'amount must be 0 or more, not -1'), (:c || ', NULL, 0.0000001', '22023', 'amount has more than 6 decimals: 0.0000001'), (:c || ', NULL, 1e15', '22003', 'amount is too large: 1000000000000000')) e(a, s, m);
SELECT throws_ok('SELECT ' || a, s, m, a) FROM (VALUES
  ('set_boost_budget(NULL, 1)', '22004', 'campaign_id must not be null'), ('set_boost_budget(999999, 1)', 'P0002', 'boost campaign 999999 does not exist'), ('set_boost_budget(1, NULL)', '22023', 'budget must not be null'),
  ('set_boost_budget(1, ''NaN'')', '22023', 'budget must be 0 or more, not NaN'), ('stop_boost_campaign(NULL)', '22004', 'campaign_id must not be null'), ('stop_boost_campaign(999999)', 'P0002', 'boost campaign 999999 does not exist')) e(a, s, m);
SELECT create_boost_campaign(1, 1, 'ZAR', 0.40) AS c \gset
SELECT is(pg_temp.run(:c, 'iii'), 'charged charged budget', 'spent');
SELECT throws_ok(format('SELECT set_boost_budget(%s, 0.79)', :c), '22023', format('budget 0.79 is less than the 0.80 that boost campaign %s has spent', :c));
SELECT lives_ok(format('SELECT set_boost_budget(%s, 0.80)', :c)) UNION ALL SELECT is(pg_temp.run(:c, 'i', 10), 'budget', 'no more');
SELECT lives_ok(format('SELECT set_boost_budget(%s, 1.20)', :c)) UNION ALL SELECT is(pg_temp.run(:c, 'ii', 20), 'charged budget', 'one more');

-- Random sequences, against the ledger in plain SQL.
SELECT setseed(0.5) \g /dev/null
CREATE TEMP TABLE told AS
WITH made AS MATERIALIZED (SELECT k, create_boost_campaign(1, round((random() * 3)::numeric, 2), 'ZAR', round((random() * 0.05)::numeric, 3), round((random() * 0.2)::numeric, 2), starts_at => '2025-01-01Z',
  daily_budget => CASE WHEN k % 2 = 0 THEN round(random()::numeric, 2) END, time_zone => (ARRAY['UTC', 'Asia/Kolkata', 'America/New_York'])[1 + k % 3], holdout_percent => (k % 4) * 10) AS c FROM generate_series(1, 12) k)
SELECT c, n, CASE WHEN random() < 0.7 THEN 'impression' ELSE 'click' END AS kind, pg_temp.id(floor(random() * 300)::int) AS event, 1 + floor(random() * 50)::bigint AS u,
  '2025-03-01Z'::timestamptz + floor(random() * 5 * 86400) * interval '1 s' AS at, NULL::text AS status, NULL::numeric AS amount FROM made, generate_series(1, 250) n;
DO $$
DECLARE
  r record;
BEGIN
  FOR r IN SELECT * FROM told ORDER BY n, c LOOP
    UPDATE told t SET status = x.status, amount = x.amount FROM charge_boost(r.c, r.event, r.kind, r.u, charged_at => r.at) x WHERE (t.n, t.c) = (r.n, r.c);
    IF r.n % 40 = 0 THEN PERFORM credit_boost(r.c, l.event_id) FROM (SELECT l.event_id FROM explore_boost_ledger l WHERE l.campaign_id = r.c AND l.entry <> 'credit' ORDER BY l.event_id OFFSET r.n / 40 LIMIT 1) l; END IF;
  END LOOP;
END $$;
SELECT cmp_ok((SELECT count(DISTINCT status) FROM told), '>=', 5::bigint, 'all sorts happened');
SELECT is_empty($$SELECT c.campaign_id, c.spend, sum(l.amount) FROM explore_boost_campaigns c LEFT JOIN explore_boost_ledger l USING (campaign_id) GROUP BY c.campaign_id HAVING c.spend <> coalesce(sum(l.amount), 0) OR c.spend < 0 OR c.spend > c.budget$$, 'what is spent is the sum of the ledger');
SELECT is_empty($$SELECT c, event FROM told t JOIN explore_boost_campaigns m ON m.campaign_id = c GROUP BY c, event HAVING count(*) FILTER (WHERE t.status IN ('charged', 'held_out')) > 1$$, 'an event is charged once');
SELECT set_eq($$SELECT c, event, kind, amount, u, at FROM told WHERE status IN ('charged', 'held_out')$$, $$SELECT campaign_id, event_id, kind, amount, user_id, charged_at FROM explore_boost_ledger WHERE entry <> 'credit' AND campaign_id IN (SELECT c FROM told)$$, 'the ledger has what was told');
SELECT is_empty($$SELECT c, n FROM told t JOIN explore_boost_campaigns m ON m.campaign_id = c WHERE (status = 'charged' AND amount <> CASE kind WHEN 'click' THEN m.cost_per_click ELSE m.cost_per_impression END) OR (status <> 'charged' AND amount <> 0)$$, 'at its price');
SELECT bag_eq($$SELECT campaign_id, day, charged FROM explore_analytics.boost_days WHERE campaign_id IN (SELECT c FROM told)$$, $$SELECT campaign_id, (charged_at AT TIME ZONE time_zone)::date, sum(amount) FROM explore_boost_ledger JOIN explore_boost_campaigns USING (campaign_id)
  WHERE daily_budget IS NOT NULL AND entry = 'charge' AND amount > 0 AND campaign_id IN (SELECT c FROM told) GROUP BY 1, 2$$, 'the days are the ledger''s');
SELECT is_empty($$SELECT c, n FROM (SELECT t.*, m.daily_budget, m.budget, CASE kind WHEN 'click' THEN m.cost_per_click ELSE m.cost_per_impression END AS price, m.time_zone,
    sum(t.amount) FILTER (WHERE t.status = 'charged') OVER (PARTITION BY c, (t.at AT TIME ZONE m.time_zone)::date ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM told t JOIN explore_boost_campaigns m ON m.campaign_id = c) x
  WHERE status = 'daily_budget' AND coalesce(before, 0) + price <= daily_budget OR status IN ('charged', 'held_out') AND coalesce(before, 0) + price > daily_budget$$, 'a day is full when the price does not fit, and not before');
SELECT is(pg_temp.faults(), 0::bigint, 'the proof finds nothing');

-- Append only: for the owner, in whatever mode of replication; and nobody else reaches the tables.
SET LOCAL ROLE ea_tap_c_owner;
SELECT throws_ok(q, '42501', NULL, 'owner: ' || q) FROM unnest(ARRAY['UPDATE explore_boost_ledger SET amount = amount + 1', 'UPDATE explore_boost_ledger SET user_id = 7', 'UPDATE explore_boost_ledger SET user_id = NULL, reason = ''x''', 'UPDATE explore_boost_ledger SET charged_at = charged_at + interval ''1 us''', 'UPDATE explore_boost_ledger SET amount = amount * 1.0 WHERE amount > 0',
  'UPDATE explore_boost_ledger SET event_id = gen_random_uuid(), user_id = NULL', 'DELETE FROM explore_boost_ledger', 'DELETE FROM explore_boost_ledger WHERE false', 'TRUNCATE explore_boost_ledger', 'MERGE INTO explore_boost_ledger l USING (SELECT 1) x(n) ON true WHEN MATCHED THEN DELETE',
  'INSERT INTO explore_boost_ledger (campaign_id, event_id, entry, kind, amount, charged_at) SELECT campaign_id, event_id, entry, kind, amount, charged_at FROM explore_boost_ledger LIMIT 1 ON CONFLICT (campaign_id, event_id, entry) DO UPDATE SET amount = 7']) q;
RESET ROLE;
SET LOCAL session_replication_role = replica;
SELECT throws_ok(q, '42501', NULL, 'replica: ' || q) FROM unnest(ARRAY['UPDATE explore_boost_ledger SET amount = amount + 1', 'DELETE FROM explore_boost_ledger', 'TRUNCATE explore_boost_ledger']) q;
RESET session_replication_role;
SELECT lives_ok('UPDATE explore_boost_ledger SET user_id = NULL, session_id = NULL WHERE user_id = 43', 'who it was may go');
SELECT throws_ok(format('INSERT INTO explore_boost_ledger (campaign_id, event_id, entry, kind, amount, charged_at) VALUES (1, gen_random_uuid(), %s, now())', v), '23514', NULL, v) FROM unnest('{"''charge'', NULL, 1","''charge'', ''view'', 1","''charge'', ''click'', -1","''ghost'', ''click'', 1","''credit'', ''click'', 1","''refund'', ''click'', 1"}'::text[]) v;
SELECT throws_ok('UPDATE explore_boost_campaigns SET spend = ' || v, '23514', NULL, 'spend ' || v) FROM unnest('{-1,budget + 1,''NaN'',''Infinity''}'::text[]) v;
CREATE FUNCTION pg_temp.as_role(role name, query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('SET LOCAL ROLE %I', role);
  EXECUTE query;
  RESET ROLE;
  RETURN 'done';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE;
END $$;
SELECT is(pg_temp.as_role(r, q), CASE WHEN r = 'ea_tap_c_records' AND q LIKE '%boost%(%' THEN 'done' ELSE '42501' END, r || ': ' || q)
FROM unnest('{ea_tap_c_reads,ea_tap_c_records,ea_tap_c_operates}'::name[]) r, unnest(ARRAY['SELECT create_boost_campaign(1, 1, ''ZAR'')', format('SELECT charge_boost(%s, gen_random_uuid(), ''click'')', :c), format('SELECT set_boost_budget(%s, 5)', :c), format('SELECT credit_boost(%s, amount => 0.000001)', :c), format('SELECT stop_boost_campaign(%s)', :c),
  'TABLE explore_boost_campaigns', 'TABLE explore_boost_ledger', 'TABLE explore_analytics.boost_days', 'INSERT INTO explore_boost_ledger SELECT', 'UPDATE explore_boost_campaigns SET spend = 0']) q;
SELECT is(pg_temp.faults(), 0::bigint, 'all is good after that');

-- Damage of every kind is found, by verify() and health_check().
ALTER TABLE explore_boost_ledger DISABLE TRIGGER USER;
ALTER TABLE explore_boost_ledger DROP CONSTRAINT explore_boost_ledger_amounts;
ALTER TABLE explore_boost_campaigns DROP CONSTRAINT explore_boost_campaigns_spend;
SELECT create_boost_campaign(1, 10, 'ZAR', 1, 2, daily_budget => 4, holdout_percent => 50) AS c \gset
SELECT min(u) AS held FROM generate_series(1, 100) u WHERE experiment_bucket('boost:' || :c, u::text) < 0.5 \gset
SELECT is(pg_temp.run(:c, 'ic'), 'charged charged', 'three of four');
SELECT is((charge_boost(:c, pg_temp.id(9), 'click', :held)).status, 'daily_budget', 'which is as much as fits');
SELECT is(credit_boost(:c, pg_temp.id(2)), 1::numeric, 'one of it turned round');
SELECT is((charge_boost(:c, pg_temp.id(10), 'impression', :held)).status, 'held_out', 'a ghost');
CREATE FUNCTION pg_temp.found(damage text, c bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  told text;
BEGIN
  EXECUTE replace(damage, '{c}', c::text);
  SELECT string_agg(v.problem, '; ') || CASE WHEN (SELECT h.status FROM explore_analytics.health_check() h WHERE h.check_name = 'boost_money') = 'FAIL' THEN '' ELSE ' UNHEARD' END INTO told
  FROM explore_analytics.verify() v WHERE v.scope = 'campaign' AND v.id = c;
  RAISE EXCEPTION 'x' USING DETAIL = coalesce(told, 'nothing');
EXCEPTION WHEN raise_exception THEN
  GET STACKED DIAGNOSTICS told = PG_EXCEPTION_DETAIL;
  RETURN told;
END $$;
SELECT is(pg_temp.found('SELECT 1', :c), 'nothing', 'not damaged') UNION ALL
SELECT is(pg_temp.found(d, :c), w, d) FROM (VALUES
  ('UPDATE explore_boost_campaigns SET spend = 2.5 WHERE campaign_id = {c}', 'spend 2.5 is not the 2 of the ledger'),
  ('UPDATE explore_boost_campaigns SET budget = 1 WHERE campaign_id = {c}', 'spend 2 is not from 0 to the budget 1'),
  ('UPDATE explore_boost_ledger SET amount = 1.5 WHERE campaign_id = {c} AND entry = ''ghost'' ', 'event 00000000-0000-0000-0000-000000000010 was held out, and has money; spend 2 is not the 3.5 of the ledger'),
  ('UPDATE explore_boost_ledger SET amount = -2 WHERE campaign_id = {c} AND entry = ''credit''', 'event 00000000-0000-0000-0000-000000000002 was credited more than it cost; spend 2 is not the 1 of the ledger'),
  ('UPDATE explore_boost_ledger SET amount = -0.5 WHERE campaign_id = {c} AND entry = ''credit''', 'event 00000000-0000-0000-0000-000000000002 was credited less than it cost; spend 2 is not the 2.5 of the ledger'),
  ('DELETE FROM explore_boost_ledger WHERE campaign_id = {c} AND entry = ''charge'' AND kind = ''impression''', '3 noted for day ' || current_date || ' is not the 2 of the ledger; event 00000000-0000-0000-0000-000000000002 was credited, and not charged; spend 2 is not the 1 of the ledger'),
  ('UPDATE explore_boost_ledger SET entry = ''ghost'' WHERE campaign_id = {c} AND entry = ''charge'' AND kind = ''click''', '3 noted for day ' || current_date || ' is not the 1 of the ledger; event 00000000-0000-0000-0000-000000000003 was held out, and has money'),
  ('INSERT INTO explore_boost_ledger (campaign_id, event_id, entry, kind, amount, charged_at) VALUES ({c}, pg_temp.id(3), ''ghost'', ''click'', 0, now())', 'event 00000000-0000-0000-0000-000000000003 is there 2 times UNHEARD'),
  ('UPDATE explore_boost_ledger SET amount = 3 WHERE campaign_id = {c} AND entry = ''charge'' AND kind = ''click''', '3 noted for day ' || current_date || ' is not the 4 of the ledger; event 00000000-0000-0000-0000-000000000003 was charged something else than the price; spend 2 is not the 3 of the ledger'),
  ('UPDATE explore_analytics.boost_days SET charged = 2 WHERE campaign_id = {c}', '2 noted for day ' || current_date || ' is not the 3 of the ledger'),
  ('DELETE FROM explore_analytics.boost_days WHERE campaign_id = {c}', '0 noted for day ' || current_date || ' is not the 3 of the ledger'),
  ('INSERT INTO explore_analytics.boost_days VALUES ({c}, ''2000-01-01'', 1)', '1 noted for day 2000-01-01 is not the 0 of the ledger'),
  ('UPDATE explore_boost_campaigns SET daily_budget = 2 WHERE campaign_id = {c}', '3 charged for day ' || current_date || ' is more than the daily budget 2'),
  ('UPDATE explore_boost_campaigns SET time_zone = ''Mars/Olympus'' WHERE campaign_id = {c}', 'its days cannot be told: the server does not know time zone Mars/Olympus'),
  ('DELETE FROM explore_boost_campaigns WHERE campaign_id = {c}', 'the ledger has entries of a campaign that does not exist')) x(d, w);
SET LOCAL datestyle = 'SQL, DMY';
SELECT is(pg_temp.found('DELETE FROM explore_analytics.boost_days WHERE campaign_id = {c}', :c), '0 noted for day ' || to_char(now(), 'YYYY-MM-DD') || ' is not the 3 of the ledger', 'a day looks the same to everybody');
SET LOCAL datestyle = 'ISO, MDY';
-- What nobody has charged for a month is the night's, whether it has an end or not.
INSERT INTO explore_boost_campaigns (content_id, creator_id, budget, currency, created_at, starts_at, ends_at, spend) VALUES (1, 10, 5, 'ZAR', now() - interval '90 days', now() - interval '90 days', NULL, 1) RETURNING campaign_id AS old \gset
SELECT is((SELECT count(*) FROM explore_analytics.boost_faults()) || ' ' || (SELECT count(*) FROM explore_analytics.boost_faults(now() - interval '31 days')) || ' ' || (SELECT count(*) FROM explore_analytics.boost_faults(now() - interval '100 days')), '1 0 1', 'since when');
UPDATE explore_boost_campaigns SET spend = 0 WHERE campaign_id = :old;
ALTER TABLE explore_boost_ledger ENABLE ALWAYS TRIGGER explore_analytics_append_only, ENABLE ALWAYS TRIGGER explore_analytics_forget_only;

-- Who is named: handed over, and taken out, and the money stays.
SELECT create_boost_campaign(1, 100, 'ZAR', 1) AS c \gset
INSERT INTO explore_feed_sessions (id, user_id) VALUES (601, 71), (602, 72), (603, NULL);
SELECT FROM charge_boost(:c, pg_temp.id(1), 'impression', 71) a1, charge_boost(:c, pg_temp.id(2), 'impression', session_id => 601) a2, charge_boost(:c, pg_temp.id(3), 'impression', 72, 601) a3, charge_boost(:c, pg_temp.id(4), 'impression', 72, 602) a4, charge_boost(:c, pg_temp.id(5), 'impression', session_id => 603) a5 \g /dev/null
UPDATE explore_feed_sessions SET user_id = 71 WHERE id = 603;
SELECT is((SELECT string_agg((b ->> 'eventId')::uuid::text || ' ' || (b ->> 'entry') || ' ' || (b ->> 'kind') || ' ' || coalesce(b ->> 'sessionId', '-') || ' ' || (b ->> 'campaignId' = :c::text), ', ' ORDER BY b ->> 'eventId') FROM jsonb_array_elements(explore_analytics.export_viewer(71) -> 'boosts') b WHERE b ->> 'campaignId' = :c::text),
  '00000000-0000-0000-0000-000000000001 charge impression - true, 00000000-0000-0000-0000-000000000002 charge impression 601 true, 00000000-0000-0000-0000-000000000005 charge impression 603 true', 'what was charged for a viewer');
SELECT is(explore_analytics.export_viewer(7999) -> 'boosts', '[]', 'of nobody there is nothing');
SELECT is(explore_analytics.forget_viewer(71), 0::bigint, 'forgotten');
SELECT results_eq(format('SELECT event_id, user_id, session_id, amount FROM explore_boost_ledger WHERE campaign_id = %s ORDER BY 1', :c), $$SELECT pg_temp.id(n), u::bigint, s::bigint, 1::numeric FROM (VALUES (1, NULL, NULL), (2, NULL, NULL), (3, 72, NULL), (4, 72, 602), (5, NULL, NULL)) v(n, u, s)$$, 'the ledger says nothing of the viewer any more');
SELECT is(pg_temp.spent(:c), '5 of 100', 'and the money stays');
SELECT is((SELECT status FROM charge_boost(:c, pg_temp.id(1), 'impression', 71)), 'duplicate', 'so does the event');
-- Also where somebody has added a column that the server computes.
ALTER TABLE explore_boost_ledger ADD COLUMN known boolean GENERATED ALWAYS AS (user_id IS NOT NULL) STORED, ADD COLUMN note text DEFAULT 'x';
SELECT lives_ok('SELECT explore_analytics.forget_viewer(72)', 'forgotten beside a generated column');
SELECT results_eq(format('SELECT event_id, user_id, session_id, amount, known, note FROM explore_boost_ledger WHERE campaign_id = %s ORDER BY 1', :c), $$SELECT pg_temp.id(n), NULL::bigint, NULL::bigint, 1::numeric, false, 'x' FROM generate_series(1, 5) n$$, 'which is computed anew');
SELECT throws_ok(q, '42501', NULL, 'beside a generated column: ' || q) FROM unnest(ARRAY['UPDATE explore_boost_ledger SET amount = 7', 'UPDATE explore_boost_ledger SET user_id = 7', 'UPDATE explore_boost_ledger SET user_id = NULL, note = ''y''']) q;
SELECT is(pg_temp.faults(), 0::bigint, 'and the proof holds');

SET LOCAL transaction_read_only = on;
SELECT throws_ok('SELECT ' || q, '25006', NULL, q) FROM unnest(ARRAY[format('charge_boost(%s, pg_temp.id(1), ''click'')', :c), format('set_boost_budget(%s, 1)', :c), format('stop_boost_campaign(%s)', :c), format('credit_boost(%s, amount => 1)', :c), 'create_boost_campaign(1, 1, ''ZAR'')']) q;
SELECT * FROM finish();
ROLLBACK;
