-- What somebody has made the tables of boost campaigns want besides rows is done by charge_boost(), too.
\set QUIET on
SET client_min_messages = warning;
SET timezone = 'UTC';
BEGIN;
SELECT no_plan();
CALL explore_analytics.install();
INSERT INTO explore_content (id, creator_id, title) VALUES (1, 10, 'a');
SELECT create_boost_campaign(1, 100, 'ZAR', 1, daily_budget => 50) AS c \gset
CREATE FUNCTION pg_temp.id(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT lpad(n::text, 32, '0')::uuid $$;
CREATE FUNCTION pg_temp.charge(n int, viewer bigint DEFAULT 5) RETURNS text LANGUAGE plpgsql AS $$
DECLARE r record;
BEGIN
  SELECT * INTO r FROM charge_boost((SELECT max(campaign_id) FROM explore_boost_campaigns), pg_temp.id(n), 'impression', viewer);
  RETURN r.status || ' ' || r.amount || ' ' || r.budget_left;
END $$;
CREATE TABLE told (what text);
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$ BEGIN INSERT INTO told VALUES (TG_TABLE_NAME || ' ' || TG_OP); RETURN coalesce(new, old); END $$;
CREATE FUNCTION pg_temp.told() RETURNS text LANGUAGE sql AS $$ SELECT string_agg(what, ', ' ORDER BY what COLLATE "C") FROM told $$;

SELECT is(pg_temp.charge(1), 'charged 1 99', 'nothing is in the way');
SELECT is(pg_temp.charge(2), 'charged 1 98', 'and the next time neither');

CREATE TRIGGER t AFTER INSERT ON explore_boost_ledger FOR EACH ROW EXECUTE FUNCTION tell();
CREATE TRIGGER t BEFORE UPDATE ON explore_boost_campaigns FOR EACH ROW EXECUTE FUNCTION tell();
CREATE TRIGGER t AFTER INSERT OR UPDATE ON explore_analytics.boost_days FOR EACH ROW EXECUTE FUNCTION tell();
SELECT is(pg_temp.charge(3), 'charged 1 97', 'with triggers');
SELECT ok(pg_temp.told() LIKE '%boost_days UPDATE%explore_boost_campaigns UPDATE%explore_boost_ledger INSERT%', 'which fire');
TRUNCATE told;
DROP TRIGGER t ON explore_boost_ledger;
DROP TRIGGER t ON explore_boost_campaigns;
SELECT is(pg_temp.charge(4), 'charged 1 96', 'with a trigger on days alone');
SELECT ok(pg_temp.told() LIKE '%boost_days UPDATE%', 'which fires');
DROP TRIGGER t ON explore_analytics.boost_days;
TRUNCATE told;
SELECT is(pg_temp.charge(5), 'charged 1 95', 'without triggers');
SELECT is(pg_temp.told(), NULL, 'of which none is left');

-- Whoever keeps the ledger from taking an entry keeps the campaign from being charged for it.
CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER t BEFORE INSERT ON explore_boost_ledger FOR EACH ROW EXECUTE FUNCTION swallow();
SELECT throws_ok($$SELECT pg_temp.charge(90)$$, '27000', NULL, 'nothing is charged past the ledger');
SELECT throws_ok(format($$SELECT credit_boost(%s, amount => 1)$$, :c), '27000', NULL, 'nor credited');
DROP TRIGGER t ON explore_boost_ledger;
SELECT is((SELECT spend FROM explore_boost_campaigns WHERE campaign_id = :c), 5::numeric, 'and nothing is spent by it');

ALTER TABLE explore_boost_ledger ADD by_itself int DEFAULT 42, ADD CONSTRAINT nobody_of_66 CHECK (user_id IS DISTINCT FROM 66);
SELECT is(pg_temp.charge(6), 'charged 1 94', 'with a column more');
SELECT is((SELECT by_itself FROM explore_boost_ledger WHERE event_id = pg_temp.id(6)), 42, 'which has its default');
SELECT throws_ok('SELECT pg_temp.charge(7, 66)', '23514', NULL, 'a constraint is checked, by the statement');
ALTER TABLE explore_boost_ledger DROP by_itself;
SELECT throws_ok('SELECT pg_temp.charge(7, 66)', '23514', NULL, 'and without one');
SELECT throws_ok('SELECT pg_temp.charge(7, 66)', '23514', NULL, 'and again');
SELECT is(pg_temp.charge(7), 'charged 1 93', 'nothing of it is left');
ALTER TABLE explore_boost_ledger DROP CONSTRAINT nobody_of_66;
SELECT is(pg_temp.charge(8, 66), 'charged 1 92', 'nor of a constraint that is gone');

-- In a session that has prepared for the tables as they were.
CREATE INDEX spends ON explore_boost_campaigns (spend);
CREATE INDEX amounts ON explore_boost_ledger (amount, user_id) WHERE user_id > 70;
SELECT is(pg_temp.charge(9, 71) || pg_temp.charge(10, 70), 'charged 1 91charged 1 90', 'with indexes more');
SET LOCAL enable_seqscan = off;
SET LOCAL enable_bitmapscan = off;
SELECT is((SELECT string_agg(spend::text, ',') FROM explore_boost_campaigns WHERE spend > 9), '10', 'which find the campaign');
SELECT is((SELECT string_agg(event_id::text, ',') FROM explore_boost_ledger WHERE amount > 0 AND user_id > 70), pg_temp.id(9)::text, 'and the entry');
RESET enable_seqscan;
RESET enable_bitmapscan;
DROP INDEX spends, amounts;
CREATE INDEX blocks ON explore_boost_ledger USING brin (charged_at);
SELECT is(pg_temp.charge(11), 'charged 1 89', 'with an index that is no btree');

ALTER TABLE explore_boost_ledger ALTER recorded_at SET DEFAULT '2001-02-03Z';
SELECT is(pg_temp.charge(12), 'charged 1 88', 'with another default');
SELECT is((SELECT recorded_at FROM explore_boost_ledger WHERE event_id = pg_temp.id(12)), '2001-02-03Z'::timestamptz, 'which counts');
ALTER TABLE explore_boost_ledger ALTER recorded_at SET DEFAULT now();

SAVEPOINT before;
SELECT is(pg_temp.charge(13), 'charged 1 87', 'charged');
ROLLBACK TO before;
SELECT is(pg_temp.charge(13), 'charged 1 87', 'taken back, and charged');
SELECT is((SELECT spend || ' ' || (SELECT charged FROM explore_analytics.boost_days d WHERE d.campaign_id = c.campaign_id) || ' ' || (SELECT count(*) FROM explore_boost_ledger l WHERE l.campaign_id = c.campaign_id)
  FROM explore_boost_campaigns c WHERE campaign_id = :c), '13 13 13', 'spend, day and ledger');
SELECT is_empty('SELECT * FROM explore_analytics.boost_faults()', 'and the proof holds');
SELECT * FROM finish();
ROLLBACK;
