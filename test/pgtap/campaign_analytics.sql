-- What boost campaigns have cost and done: worked numbers, windows, credits, ghosts, ranges, statuses, currencies, buckets, who may ask, retention.
-- Whether lift is fair is the simulation's business, and many campaigns at random the oracle's.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION explore_analytics;
\set family ca
\ir include/callers.sql
SELECT explore_analytics.ensure_partitions('2025-02-01', '2025-04-30') \g /dev/null
SELECT no_plan();

INSERT INTO explore_content (id, creator_id) SELECT n, 6 + n FROM generate_series(1, 9) n;
CREATE FUNCTION pg_temp.id(name text) RETURNS uuid LANGUAGE sql AS $$ SELECT md5(name)::uuid $$;
-- A campaign that was created some time ago, and entries of it as charge_boost() writes them: ghost says whether the viewer is held out.
CREATE FUNCTION pg_temp.campaign(content bigint, budget numeric, currency text = 'ZAR', impression numeric = 0.01, click numeric = 0.10, holdout float8 = 0, value numeric = NULL, within interval = '7 days', conversion text = 'click', starts timestamptz = '2025-03-01', ends timestamptz = NULL)
RETURNS bigint LANGUAGE sql AS $$ SELECT create_boost_campaign(content, budget, currency, impression, click, starts, ends, holdout_percent => holdout, conversion => conversion, conversion_value => value, within => within) $$;
CREATE FUNCTION pg_temp.enter(campaign bigint, name text, viewer bigint, at timestamptz, kind text = 'impression', ghost boolean = false) RETURNS void LANGUAGE sql AS $$
  WITH entry AS (INSERT INTO explore_boost_ledger (campaign_id, event_id, entry, kind, amount, user_id, session_id, charged_at)
    SELECT campaign_id, pg_temp.id(name), CASE WHEN ghost THEN 'ghost' ELSE 'charge' END, kind, CASE WHEN ghost THEN 0 WHEN kind = 'click' THEN cost_per_click ELSE cost_per_impression END,
           CASE WHEN viewer > 0 THEN viewer END, CASE WHEN viewer < 0 THEN -viewer END, at FROM explore_boost_campaigns WHERE campaign_id = campaign RETURNING amount)
  UPDATE explore_boost_campaigns c SET spend = spend + amount FROM entry WHERE campaign_id = campaign
$$;
CREATE FUNCTION pg_temp.credited(campaign bigint, name text, at timestamptz) RETURNS void LANGUAGE sql AS $$
  WITH entry AS (INSERT INTO explore_boost_ledger (campaign_id, event_id, entry, kind, amount, charged_at)
    SELECT campaign_id, event_id, 'credit', kind, - amount, at FROM explore_boost_ledger WHERE campaign_id = campaign AND event_id = pg_temp.id(name) RETURNING amount)
  UPDATE explore_boost_campaigns c SET spend = spend + amount FROM entry WHERE campaign_id = campaign
$$;
CREATE FUNCTION pg_temp.did(content bigint, viewer bigint, kind text, at timestamptz, session bigint = NULL) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at) VALUES (content, CASE WHEN viewer > 0 THEN viewer END, coalesce(session, CASE WHEN viewer < 0 THEN -viewer END), kind::engagement_type, at)
$$;
CREATE FUNCTION pg_temp.told(campaign bigint, columns text, arguments text = '') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  answer text;
BEGIN
  EXECUTE format('SELECT concat_ws('' '', %s) FROM campaign_analytics(%s%s)', columns, campaign, arguments) INTO STRICT answer;
  RETURN answer;
END $$;
CREATE FUNCTION pg_temp.near(got float8, wanted float8) RETURNS boolean LANGUAGE sql AS $$ SELECT abs(got - wanted) <= 1e-9 * greatest(abs(wanted), 1) $$;

-- ---------------------------------------------------------------------------------------------------
-- Worked numbers
-- ---------------------------------------------------------------------------------------------------
-- 20,000 impressions and 500 clicks.
SELECT pg_temp.campaign(1, 1000) AS prices \gset
INSERT INTO explore_boost_ledger (campaign_id, event_id, entry, kind, amount, charged_at)
SELECT :prices, pg_temp.id('p' || n), 'charge', CASE WHEN n <= 20000 THEN 'impression' ELSE 'click' END, CASE WHEN n <= 20000 THEN 0.01 ELSE 0.10 END, '2025-03-02' FROM generate_series(1, 20500) n;
UPDATE explore_boost_campaigns SET spend = 250 WHERE campaign_id = :prices;
SELECT is(pg_temp.told(:prices, 'spend, currency, budget, budget_left, impressions, clicks, click_rate, viewers'), '250.00 ZAR 1000 750 20000 500 2.5 0', 'an impression for 0.01, a click for 0.10');
-- 100,000 impressions, 400 clicks, 500 spent.
SELECT pg_temp.campaign(2, 500, 'ZAR', 0.005, 0, value => 70) AS worth \gset
INSERT INTO explore_boost_ledger (campaign_id, event_id, entry, kind, amount, user_id, charged_at)
SELECT :worth, pg_temp.id('w' || n), 'charge', CASE WHEN n <= 100000 THEN 'impression' ELSE 'click' END, CASE WHEN n <= 100000 THEN 0.005 ELSE 0 END, 1 + n % 10000, '2025-03-02' FROM generate_series(1, 100400) n;
UPDATE explore_boost_campaigns SET spend = 500 WHERE campaign_id = :worth;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 2, n, t::engagement_type, '2025-03-03' FROM (SELECT n, 'view' AS t FROM generate_series(1, 8000) n UNION ALL SELECT n, 'click' FROM generate_series(1, 25) n) e;
SELECT results_eq(format('SELECT status, spend, impressions, clicks, click_rate, viewers, views, conversions, cost_per_mille, cost_per_click, cost_per_view, cost_per_conversion, roas FROM campaign_analytics(%s)', :worth),
  $$VALUES ('exhausted', 500.000, 100000::bigint, 400::bigint, 0.4::float8, 10000::bigint, 8000::bigint, 25::bigint, 5::numeric, 1.25, 0.0625, 20::numeric, 3.5)$$, 'what a campaign costs, and what comes of it');
-- 20,000 reached, of whom 400 converted, and 5,000 held out, of whom 75 did.
SELECT pg_temp.campaign(3, 500, holdout => 20, impression => 0.01) AS lifted \gset
INSERT INTO explore_boost_ledger (campaign_id, event_id, entry, kind, amount, user_id, charged_at)
SELECT :lifted, pg_temp.id('l' || n), CASE WHEN n > 20000 THEN 'ghost' ELSE 'charge' END, 'impression', CASE WHEN n > 20000 THEN 0 ELSE 0.01 END, n, '2025-03-02' FROM generate_series(1, 25000) n;
UPDATE explore_boost_campaigns SET spend = 200 WHERE campaign_id = :lifted;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 3, n, 'click', '2025-03-03' FROM generate_series(1, 25000) n WHERE n <= 400 OR n BETWEEN 20001 AND 20075;
SELECT is(pg_temp.told(:lifted, 'viewers, held_out, conversions, impressions, spend'), '20000 5000 400 20000 200.00', 'who was reached, and who was held out');
SELECT ok(pg_temp.near(incremental_conversions, 100) AND abs(incremental_lower - 16.17599454) < 1e-7 AND abs(incremental_upper - 172.7619887) < 1e-6 AND abs(lift_percent - 33.33333333) < 1e-7 AND abs(p_value - 0.02054367284) < 1e-10 AND srm_p_value = 1,
  format('lift: %s [%s, %s] %s %s %s', incremental_conversions, incremental_lower, incremental_upper, lift_percent, p_value, srm_p_value)) FROM campaign_analytics(:lifted);
SELECT is(pg_temp.told(:lifted, 'incremental_conversions, incremental_lower, lift_percent, p_value, srm_p_value, viewers', $$, as_of => '2025-03-08 23:59:59.999999'$$), '20000', 'no window is over: no lift, but viewers');
SELECT is(pg_temp.told(:lifted, 'incremental_conversions, viewers', $$, as_of => '2025-03-09'$$), '100 20000', 'a window is over when it ends');
-- Without statistics, and of little memory.
SET work_mem = '64kB';
SELECT is(pg_temp.told(:lifted, 'incremental_conversions, viewers'), '100 20000', 'in temporary files');
RESET work_mem;

-- ---------------------------------------------------------------------------------------------------
-- Windows
-- ---------------------------------------------------------------------------------------------------
SELECT pg_temp.campaign(4, 10, within => '1 day', conversion => 'save', holdout => 50) AS w \gset
SELECT pg_temp.enter(:w, 'a1', 1, '2025-03-10 12:00'), pg_temp.enter(:w, 'a2', 1, '2025-03-11 18:00'), pg_temp.enter(:w, 'b', -31, '2025-03-10 12:00'), pg_temp.enter(:w, 'c', 2, '2025-03-10 12:00', ghost => true) \g /dev/null
SELECT pg_temp.did(4, 1, 'view', '2025-03-10 11:59:59.999999'), pg_temp.did(4, 1, 'view', '2025-03-10 12:00'), pg_temp.did(4, 1, 'view', '2025-03-11 11:59:59.999999'), pg_temp.did(4, 1, 'view', '2025-03-11 12:00'), pg_temp.did(4, 1, 'save', '2025-03-11 12:00'),
       pg_temp.did(5, 1, 'view', '2025-03-10 13:00') \g /dev/null
SELECT is(pg_temp.told(:w, 'viewers, views, conversions, held_out'), '2 2 0 1', 'from the first impression on, up to the end of its window, of this content');
SELECT pg_temp.did(4, 1, 'save', '2025-03-10 13:00'), pg_temp.did(4, 1, 'save', '2025-03-10 14:00'), pg_temp.did(4, 1, 'click', '2025-03-10 14:00') \g /dev/null
SELECT is(pg_temp.told(:w, 'views, conversions'), '2 1', 'a viewer converts once, by the type that the campaign says');
-- A visitor who logs in is the user from then on, here as in the events, and is counted once.
INSERT INTO explore_feed_sessions (id, session_start) VALUES (31, '2025-03-10 12:00');
SELECT pg_temp.did(4, -31, 'view', '2025-03-10 12:30'), pg_temp.did(4, 900, 'view', '2025-03-10 12:40', 31), pg_temp.did(4, 900, 'save', '2025-03-10 12:41', 31), pg_temp.did(4, 31, 'view', '2025-03-10 12:45') \g /dev/null
SELECT is(pg_temp.told(:w, 'viewers, views, conversions'), '2 3 1', 'a visitor is a session; users in it, and a user of the same number, are somebody else');
SELECT is(identify_session(31, 900), 1::bigint, 'the visitor logs in');
SELECT is(pg_temp.told(:w, 'viewers, views, conversions'), '2 4 2', 'and is the user, whose events are theirs');
BEGIN;
SELECT pg_temp.enter(:w, 'd', 900, '2025-03-10 12:35') \g /dev/null
SELECT is(pg_temp.told(:w, 'viewers, views, conversions'), '2 4 2', 'reached as both, and counted once');
SELECT explore_analytics.exclude_traffic(900) \g /dev/null
SELECT is(pg_temp.told(:w, 'viewers, views, conversions'), '1 2 1', 'excluded, the user is nobody that was reached');
ROLLBACK;
SELECT pg_temp.did(4, 2, 'save', '2025-03-10 12:41'), pg_temp.did(4, 2, 'view', '2025-03-10 12:41') \g /dev/null
SELECT is(pg_temp.told(:w, 'views, conversions'), '4 2', 'what the held out do is not what the campaign did');
SELECT is(pg_temp.told(:w, 'incremental_conversions, lift_percent'), '0 0', 'two of two, and one of one');
SELECT is((SELECT ARRAY[p_value IS NULL, incremental_lower IS NOT NULL] FROM campaign_analytics(:w)), '{t,t}', 'no variance: no p value');
-- Without viewer.
SELECT pg_temp.enter(:w, 'nobody', NULL, '2025-03-10 12:00') \g /dev/null
SELECT is(pg_temp.told(:w, 'impressions, viewers'), '4 2', 'an impression of nobody is charged, and no viewer');

-- ---------------------------------------------------------------------------------------------------
-- Credits
-- ---------------------------------------------------------------------------------------------------
SELECT pg_temp.credited(:w, 'a1', '2025-03-20') \g /dev/null
SELECT is(pg_temp.told(:w, 'impressions, spend, viewers, views, conversions'), '3 0.03 2 2 1', 'the first that is not credited begins the window');
SELECT is(pg_temp.told(:w, 'impressions, spend, viewers', $$, '2025-03-10', '2025-03-20'$$), '4 0.04 2', 'a credit is of its own day');
SELECT is(pg_temp.told(:w, 'impressions, spend, viewers, click_rate, cost_per_mille', $$, '2025-03-20', '2025-03-21'$$), '-1 -0.01 0 0 10.000000', 'which has nothing else');
SELECT pg_temp.credited(:w, 'c', '2025-03-20') \g /dev/null
SELECT is(pg_temp.told(:w, 'impressions, held_out, srm_p_value'), '3 0', 'a ghost that is credited leaves its arm, and no impression');
SELECT credit_boost(:w, amount => 0.005, reason => 'goodwill') \g /dev/null
SELECT is(pg_temp.told(:w, 'impressions, viewers, spend, budget_left'), '3 2 0.025 9.975', 'money alone');
SELECT credit_boost(:w, event_id => pg_temp.id('nobody')) \g /dev/null
SELECT is(pg_temp.told(:w, 'impressions, viewers, spend, budget_left'), '2 2 0.015 9.985', 'by the function itself');

-- ---------------------------------------------------------------------------------------------------
-- Excluded traffic
-- ---------------------------------------------------------------------------------------------------
-- 2,000 people of whom every fifth clicks whatever happens, and 200 bots who never do: a fifth of both is held out, nothing has an effect.
INSERT INTO explore_content (id, creator_id) VALUES (10, 16);
SELECT pg_temp.campaign(10, 100, holdout => 20) AS bots \gset
CREATE TEMP TABLE impression AS
SELECT 'x' || n AS name, 40000 + n AS viewer, n / 5 % 5 = 0 AS held, n % 5 = 0 AS clicks, false AS bot FROM generate_series(1, 2000) n
UNION ALL SELECT 'y' || n, CASE WHEN n <= 190 THEN 50000 + n ELSE - 50000 - n END, n % 5 = 0, false, true FROM generate_series(1, 200) n;
SELECT pg_temp.enter(:bots, name, viewer, '2025-03-10', ghost => held) FROM impression \g /dev/null
SELECT pg_temp.did(10, viewer, 'click', '2025-03-11') FROM impression WHERE clicks \g /dev/null
SELECT pg_temp.did(10, viewer, 'view', '2025-03-11') FROM impression WHERE bot AND viewer % 2 = 0 \g /dev/null
SELECT is(pg_temp.told(:bots, 'viewers, held_out, views, conversions, impressions, spend, lift_percent, srm_p_value'), '1760 440 80 320 1760 17.60 0 1', 'bots, as long as they count');
SELECT sum(explore_analytics.exclude_traffic(CASE WHEN viewer > 0 THEN viewer END, CASE WHEN viewer < 0 THEN - viewer END, 'a script')) FROM impression WHERE bot \g /dev/null
SELECT is(pg_temp.told(:bots, 'viewers, held_out, views, conversions, lift_percent, srm_p_value'), '1600 400 0 320 0 1', 'excluded viewers are in no arm');
SELECT is(pg_temp.told(:bots, 'impressions, spend, budget_left'), '1760 17.60 82.40', 'what they were charged stays charged, until it is credited');
SELECT sum(credit_boost(:bots, pg_temp.id(name))) FROM impression WHERE bot AND NOT held \g /dev/null
SELECT is(pg_temp.told(:bots, 'viewers, held_out, impressions, spend, lift_percent, srm_p_value'), '1600 400 1600 16.00 0 1', 'charges credited, ghosts not: both arms are clean all the same');
SELECT explore_analytics.restore_traffic(50000 + n) FROM generate_series(1, 10) n \g /dev/null
SELECT is(pg_temp.told(:bots, 'viewers, held_out, lift_percent IS NULL'), '1600 402 f', 'brought back, a viewer is in the arm again, but for what was credited');
SELECT sum(credit_boost(:bots, pg_temp.id(name))) FROM impression WHERE bot \g /dev/null
SELECT is(pg_temp.told(:bots, 'viewers, held_out, lift_percent, srm_p_value'), '1600 400 0 1', 'credited in both arms');
-- An answer that got lost: turned round, and asked for again.
SELECT pg_temp.campaign(10, 0.01, holdout => 50) AS lost \gset
SELECT min(n) FILTER (WHERE experiment_bucket('boost:' || :'lost', n::text) >= 0.5) AS shown, min(n) FILTER (WHERE experiment_bucket('boost:' || :'lost', n::text) < 0.5) AS held FROM generate_series(1, 100) n \gset
SELECT is((SELECT string_agg(status || ' ' || amount, ', ' ORDER BY n) FROM (SELECT n, (charge_boost(:lost, pg_temp.id('lost'), 'impression', v)).* FROM (VALUES (1, :shown), (2, :shown)) c(n, v)) c), 'charged 0.01, duplicate 0', 'a retry is not told what was');
SELECT is((SELECT string_agg(status || ' ' || amount, ', ' ORDER BY n) FROM (SELECT n, (charge_boost(:lost, pg_temp.id('lost ghost'), 'impression', v)).* FROM (VALUES (1, :held), (2, :held)) c(n, v)) c), 'budget 0, budget 0', 'nothing is left for others');
SELECT is(credit_boost(:lost, pg_temp.id('lost')), 0.01, 'turned round');
SELECT is((SELECT status || ' ' || amount || ' ' || budget_left FROM charge_boost(:lost, pg_temp.id('lost again'), 'impression', :shown)), 'charged 0.01 0.00', 'and charged by a new id');
SELECT is(pg_temp.told(:lost, 'impressions, viewers, spend'), '1 1 0.01', 'once in all');

-- ---------------------------------------------------------------------------------------------------
-- Ranges
-- ---------------------------------------------------------------------------------------------------
SELECT pg_temp.campaign(5, 10, within => '1 day', holdout => 10) AS r \gset
SELECT pg_temp.enter(:r, 'r1', 1, '2025-03-10'), pg_temp.enter(:r, 'r2', 1, '2025-03-12'), pg_temp.enter(:r, 'r3', 2, '2025-03-12', 'click'), pg_temp.enter(:r, 'r4', 3, '2025-03-14'), pg_temp.enter(:r, 'r5', 4, '2025-03-10', ghost => true),
       pg_temp.did(5, 1, 'view', '2025-03-12 01:00'), pg_temp.did(5, 2, 'view', '2025-03-12 01:00') \g /dev/null
SELECT is(pg_temp.told(:r, 'impressions, clicks, viewers, views, held_out', ', ' || arguments), wanted, arguments) FROM (VALUES
  ('NULL, NULL', '3 1 2 1 1'), ($$'2025-03-10', '2025-03-12'$$, '1 0 1 1 1'), ($$'2025-03-10 00:00:00.000001', '2025-03-12 00:00:00.000001'$$, '1 1 1 1 0'), ($$end_date => '2025-03-10'$$, '0 0 0 0 0'), ($$'2025-03-14'$$, '1 0 1 0 0'),
  ($$'2025-03-10', '2025-03-10'$$, '0 0 0 0 0')) v(arguments, wanted);
SELECT is((SELECT to_jsonb(a) - ARRAY['campaign_id', 'status', 'currency', 'budget', 'spend', 'budget_left'] FROM campaign_analytics(:r, '2025-01-01', '2025-01-02') a),
  (SELECT jsonb_object_agg(k, CASE WHEN k IN ('impressions', 'clicks', 'viewers', 'views', 'conversions', 'held_out') THEN to_jsonb(0) ELSE 'null' END) FROM unnest('{impressions,clicks,click_rate,viewers,views,conversions,cost_per_mille,cost_per_click,cost_per_view,cost_per_conversion,roas,held_out,incremental_conversions,incremental_lower,incremental_upper,lift_percent,p_value,srm_p_value}'::text[]) k),
  'over 0 all is NULL');
SELECT is(pg_temp.told(:r, 'viewers, held_out, incremental_conversions, incremental_lower, incremental_upper, lift_percent, p_value, srm_p_value', $$, '2025-03-12'$$), '2 0', 'with one kind alone there is no lift');
SELECT ok((SELECT lift_percent IS NULL AND incremental_conversions = 0 AND srm_p_value < 1 FROM campaign_analytics(:r)), 'nobody of the held out has converted: no lift in percent');

-- ---------------------------------------------------------------------------------------------------
-- Statuses
-- ---------------------------------------------------------------------------------------------------
SELECT pg_temp.campaign(6, 0.05, impression => 0.03, click => 0.10, starts => '2025-03-01', ends => '2025-04-01') AS s \gset
SELECT is(pg_temp.told(:s, 'status', format(', as_of => %L', at)), wanted, format('%s at %s', wanted, at)) FROM (VALUES
  ('2025-02-28 23:59:59.999999', 'scheduled'), ('2025-03-01', 'running'), ('2025-03-31 23:59:59.999999', 'running'), ('2025-04-01', 'ended')) v(at, wanted);
SELECT pg_temp.enter(:s, 's1', 1, '2025-03-02') \g /dev/null
SELECT is(pg_temp.told(:s, 'status, budget_left', format(', as_of => %L', at)), wanted || ' 0.02', format('0.02 are left at %s', at)) FROM (VALUES ('2025-02-01', 'scheduled'), ('2025-03-02', 'exhausted'), ('2025-04-01', 'ended')) v(at, wanted);
SELECT set_boost_budget(:s, 0.06) \g /dev/null
SELECT is(pg_temp.told(:s, 'status', $$, as_of => '2025-03-02'$$), 'running', 'one price fits again');
UPDATE explore_boost_campaigns SET stopped_at = '2025-03-05' WHERE campaign_id = :s;
SELECT is(pg_temp.told(:s, 'status', format(', as_of => %L', at)), wanted, format('stopped on the 5th: %s at %s', wanted, at)) FROM (VALUES ('2025-03-04 23:59:59.999999', 'running'), ('2025-03-05', 'stopped'), ('2025-05-01', 'stopped')) v(at, wanted);
SELECT pg_temp.campaign(6, 0, impression => 0, click => 0) AS free \gset
SELECT is(pg_temp.told(:free, 'status, budget'), 'running 0', 'what costs nothing is never exhausted');
SELECT stop_boost_campaign(:free) \g /dev/null
SELECT is(pg_temp.told(:free, 'status'), 'stopped', 'by the function itself');
SELECT pg_temp.campaign(6, 0, impression => 0, click => 0.01) AS clicks \gset
SELECT is(pg_temp.told(:clicks, 'status'), 'exhausted', 'a price of 0 does not keep it running');

-- ---------------------------------------------------------------------------------------------------
-- Money that does not divide
-- ---------------------------------------------------------------------------------------------------
SELECT pg_temp.campaign(7, 999999999999999, impression => 123456789012345.123456, click => 0) AS m \gset
SELECT pg_temp.enter(:m, 'm' || n, n, '2025-03-02', CASE WHEN n > 1 THEN 'click' ELSE 'impression' END) FROM generate_series(1, 4) n \g /dev/null
SELECT is((SELECT ARRAY[cost_per_click, cost_per_mille] FROM campaign_analytics(:m)), ARRAY[41152263004115.041152, 123456789012345123.456000], 'six decimals of large amounts, too');

-- ---------------------------------------------------------------------------------------------------
-- Revenue
-- ---------------------------------------------------------------------------------------------------
SELECT pg_temp.campaign(8, 100, 'USD', 0.5, 1) AS u, pg_temp.campaign(8, 100, 'EUR', 0.25, 1) AS e \gset
SELECT pg_temp.enter(:u, 'u1', 1, '2025-02-28 23:59:59.999999'), pg_temp.enter(:u, 'u2', 1, '2025-03-01'), pg_temp.enter(:u, 'u3', 1, '2025-03-30 00:30', 'click'), pg_temp.enter(:u, 'u4', 1, '2025-03-30 01:30'), pg_temp.enter(:e, 'e1', 1, '2025-03-30 21:59:59'),
       pg_temp.enter(:e, 'e2', 1, '2025-03-30 22:00'), pg_temp.credited(:u, 'u2', '2025-04-02') \g /dev/null
SELECT results_eq('SELECT * FROM boost_revenue(creator_id => 14)', $$VALUES
  ('2025-02-01 00:00+00'::timestamptz, '2025-03-01 00:00+00'::timestamptz, 'USD', 0.5, 0::numeric, 0.5), ('2025-03-01', '2025-04-01', 'EUR', 0.50, 0, 0.50), ('2025-03-01', '2025-04-01', 'USD', 2.0, 0, 2.0), ('2025-04-01', '2025-05-01', 'USD', 0, 0.5, -0.5)$$, 'by months of UTC: currencies apart, credits where they are dated, no month without entries');
SELECT results_eq($$SELECT * FROM boost_revenue('2025-03-30', '2025-04-01', 'day', 'Europe/Madrid', 14)$$, $$VALUES
  ('2025-03-29 23:00+00'::timestamptz, '2025-03-30 22:00+00'::timestamptz, 'EUR', 0.25, 0::numeric, 0.25), ('2025-03-29 23:00', '2025-03-30 22:00', 'USD', 1.5, 0, 1.5), ('2025-03-30 22:00', '2025-03-31 22:00', 'EUR', 0.25, 0, 0.25)$$, 'a day of 23 hours');
SELECT results_eq($$SELECT bucket_start, bucket_end, revenue FROM boost_revenue('2025-03-30', '2025-03-30 02:00', 'hour', 'Europe/Madrid', 14)$$, $$VALUES ('2025-03-30 00:00+00'::timestamptz, '2025-03-30 01:00+00'::timestamptz, 1::numeric), ('2025-03-30 01:00', '2025-03-30 02:00', 0.5)$$, 'hours on both sides of a clock that is set forward');
SELECT results_eq($$SELECT DISTINCT bucket_start FROM boost_revenue('2025-03-20', '2025-03-31', 'week', creator_id => 14)$$, $$VALUES ('2025-03-24 00:00+00'::timestamptz)$$, 'weeks begin on Mondays');
SELECT is_empty($$SELECT * FROM boost_revenue('2025-03-02', '2025-03-29', creator_id => 14)$$, 'nothing in the range');
SELECT is_empty($$SELECT * FROM boost_revenue('2025-03-01', '2025-03-01')$$, 'nor in an empty one');
SELECT results_eq($$SELECT currency, sum(charges), sum(credits), sum(revenue) FROM boost_revenue() GROUP BY 1 ORDER BY 1$$,
  $$SELECT currency, sum(amount) FILTER (WHERE entry <> 'credit'), coalesce(-sum(amount) FILTER (WHERE entry = 'credit'), 0), sum(amount) FROM explore_boost_ledger JOIN explore_boost_campaigns USING (campaign_id) GROUP BY 1 ORDER BY 1$$, 'all in all the sums of the ledger');
SELECT results_eq($$SELECT currency, sum(revenue) FROM boost_revenue() GROUP BY 1 ORDER BY 1$$, $$SELECT currency, sum(spend) FROM explore_boost_campaigns WHERE spend > 0 GROUP BY 1 ORDER BY 1$$, 'which are what campaigns have spent');
-- Who pays is who did when the campaign was made.
UPDATE explore_content SET creator_id = 99 WHERE id = 8;
SELECT is((SELECT count(*) FROM boost_revenue(creator_id => 99)), 0::bigint, 'a content that changes hands takes no campaign along');

-- ---------------------------------------------------------------------------------------------------
-- Who may ask
-- ---------------------------------------------------------------------------------------------------
SELECT is(pg_temp.answer(('ea_tap_ca_' || role)::name, format('SELECT impressions FROM public.campaign_analytics(%s)', campaign), identity), wanted, format('%s as %s about campaign %s', role, identity, campaign)) FROM (VALUES
  ('owner', :u, '', '(2)'), ('analyst', :u, '', '(2)'), ('reader', :u, '14', '(2)'), ('reader', :u, '99', '42501 permission denied for boost campaign ' || :u), ('reader', 123456789, '14', '42501 permission denied for boost campaign 123456789'),
  ('reader', :u, '', '42501 permission denied without an identity'), ('analyst', 123456789, '', 'P0002 boost campaign 123456789 does not exist'), ('writer', :u, '14', '42501 permission denied for function campaign_analytics'), ('nobody', :u, '14', '42501 permission denied for function campaign_analytics')) v(role, campaign, identity, wanted);
SELECT is(pg_temp.answer(('ea_tap_ca_' || role)::name, format('SELECT sum(revenue) FROM public.boost_revenue(''2025-02-01'', ''2025-04-01'', creator_id => %L) WHERE currency = ''EUR''', creator), identity), wanted, format('%s as %s about the revenue of %s', role, identity, creator)) FROM (VALUES
  ('analyst', NULL, '', '(0.50)'), ('reader', NULL, '14', '(0.50)'), ('reader', '14', '14', '(0.50)'), ('reader', NULL, '7', '()'), ('reader', '14', '7', '42501 permission denied for creator 14'), ('reader', NULL, '', '42501 permission denied without an identity'),
  ('writer', NULL, '14', '42501 permission denied for function boost_revenue')) v(role, creator, identity, wanted);

-- ---------------------------------------------------------------------------------------------------
-- Errors, retention
-- ---------------------------------------------------------------------------------------------------
SELECT is((pg_temp.failure('SELECT * FROM ' || query)).state, wanted, query) FROM (VALUES
  ('campaign_analytics(NULL)', '22004'), ('campaign_analytics(0)', '22023'), ('campaign_analytics(123456789)', 'P0002'), ($$campaign_analytics(1, '2025-03-14', '2025-03-10')$$, '22023'), ($$boost_revenue('2025-03-14', '2025-03-10')$$, '22023'), ($$campaign_analytics(1, '-infinity')$$, '22008'), ($$campaign_analytics(1, as_of => 'infinity')$$, '22008'),
  ($$boost_revenue(bucket => 'year')$$, '22023'), ($$boost_revenue(time_zone => 'Mars')$$, '22023'), ($$boost_revenue(end_date => 'infinity')$$, '22008'), ('boost_revenue(creator_id => -1)', '22023')) v(query, wanted);
SELECT results_eq('SELECT * FROM boost_revenue(NULL, NULL, NULL, NULL, NULL)', 'SELECT * FROM boost_revenue()', 'NULL is the default');
SELECT pg_temp.did(9, 1, 'view', '2025-02-20 12:00') \g /dev/null
SELECT pg_temp.campaign(9, 10, starts => '2025-02-01', within => '30 days') AS old \gset
SELECT pg_temp.enter(:old, 'o1', 1, '2025-02-20'), pg_temp.enter(:old, 'o2', 1, '2025-03-01'), pg_temp.enter(:old, 'o3', NULL, '2025-02-10'), pg_temp.did(9, 1, 'view', '2025-03-01') \g /dev/null
SELECT is(pg_temp.told(:old, 'impressions, viewers, views'), '3 1 2', 'before retention');
CALL explore_analytics.refresh();
CALL explore_analytics.apply_retention(now() - timestamptz '2025-03-10');
SELECT is(state || ' ' || message, '55000 campaigns can be asked about from 2025-03-01 00:00:00+00 on: raw events before it are gone', 'the first time that can be asked') FROM pg_temp.failure(format('SELECT * FROM campaign_analytics(%s)', :old));
SELECT is((pg_temp.failure(format($$SELECT * FROM campaign_analytics(%s, '2025-02-20')$$, :old))).state, '55000', 'a window that begins before it');
SELECT is(pg_temp.told(:old, 'impressions, viewers, views', $$, '2025-03-01'$$), '1 1 1', 'that time');
SELECT is(pg_temp.told(:old, 'impressions, viewers', $$, end_date => '2025-02-20'$$), '1 0', 'an impression of nobody needs no events');
SELECT is((SELECT sum(charges) FROM boost_revenue('2025-02-01', '2025-03-01', creator_id => 15)), 0.02, 'money does not depend on events');
SELECT explore_analytics.forget_viewer(1) \g /dev/null
SELECT is((SELECT sum(charges) FROM boost_revenue('2025-02-01', '2025-03-01', creator_id => 15)), 0.02, 'nor on who it was');
SELECT * FROM finish();

DROP OWNED BY ea_tap_ca_reader, ea_tap_ca_analyst, ea_tap_ca_writer;
DROP EXTENSION explore_analytics CASCADE;
DROP OWNED BY ea_tap_ca_owner CASCADE;
DROP ROLE ea_tap_ca_owner, ea_tap_ca_reader, ea_tap_ca_analyst, ea_tap_ca_writer, ea_tap_ca_nobody;
