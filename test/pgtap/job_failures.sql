-- Every failure of a procedure leaves nothing but its record, which the next success removes; the error is the one that
-- came up. What functions cannot write down, pg_cron's log has (health_jobs.sql).
\set QUIET 1
SET client_min_messages = error;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(40);
CREATE TEMP VIEW failed AS SELECT job || ' ' || failure_code || ': ' || failure AS what FROM explore_analytics.job_failures ORDER BY job;
CREATE FUNCTION pg_temp.check(wanted text) RETURNS text LANGUAGE sql AS $$ SELECT status || ': ' || detail || coalesce(' -> ' || fix, '') FROM explore_analytics.health_check() WHERE check_name = wanted $$;
INSERT INTO explore_content (id, creator_id) VALUES (1, 1);
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 1, i, 'view', '2025-01-01 00:00+00'::timestamptz + i * interval '1 hour' FROM generate_series(1, 200) i;
CALL explore_analytics.refresh();
SELECT is_empty('TABLE failed', 'no failure yet');
SELECT is(pg_temp.check('failed_jobs'), 'OK: none of compact() and apply_retention()', 'says health_check()');
\set ON_ERROR_STOP off

-- A refresh that the server stops, at its very end.
INSERT INTO explore_engagements (content_id, user_id, engagement_type) VALUES (1, 1, 'view');
ALTER TABLE explore_analytics.rollup_ledger ADD CONSTRAINT broken CHECK (event_count <> 1) NOT VALID;
SELECT low, clock_timestamp() AS since FROM explore_analytics.rollup_state \gset
CALL explore_analytics.refresh();
SELECT is(:'LAST_ERROR_SQLSTATE' || ' ' || :'LAST_ERROR_MESSAGE', '23514 new row for relation "rollup_ledger" violates check constraint "broken"', 'a refresh fails');
SELECT results_eq('TABLE failed', ARRAY['refresh 23514: new row for relation "rollup_ledger" violates check constraint "broken"'], 'that is written down');
SELECT is((SELECT failure_code FROM explore_analytics.rollup_status WHERE failed_at >= :'since' AND failed_at <= now()), '23514', 'rollup_status tells');
SELECT is(pg_temp.check('last_refresh'), 'WARN: a refresh failed with 23514, and none has succeeded since then: new row for relation "rollup_ledger" violates check constraint "broken" -> CALL explore_analytics.refresh();', 'so does health_check()');
SELECT is((SELECT low FROM explore_analytics.rollup_state), :low::bigint, 'nothing else is left of it');
SELECT is(views(platform_summary()), 201::bigint, 'answers are right');
CALL explore_analytics.refresh(1000);
SELECT isnt_empty('TABLE failed', 'one that has too little to do is no success');
ALTER TABLE explore_analytics.rollup_ledger DROP CONSTRAINT broken;
CALL explore_analytics.refresh();
SELECT is_empty('TABLE failed', 'the next success removes it');
SELECT is((SELECT (failed_at, failure, failure_code)::text FROM explore_analytics.rollup_status), '(,,)', 'from rollup_status, too');
-- Where nothing waits, one that finds nothing to do is a success.
ALTER TABLE explore_analytics.rollup_ledger ADD CONSTRAINT broken CHECK (event_count <> 0) NOT VALID;
CALL explore_analytics.refresh();
SELECT results_eq('SELECT left(what, 13) FROM failed', ARRAY['refresh 23514'], 'a refresh fails that has no events');
CALL explore_analytics.refresh(1);
SELECT is_empty('TABLE failed', 'one that looks first and finds none removes it');
CALL explore_analytics.refresh();
CALL explore_analytics.refresh(1000);
SELECT is_empty('TABLE failed', 'however many it asks for');
ALTER TABLE explore_analytics.rollup_ledger DROP CONSTRAINT broken;

-- One that is cancelled; and one that our own code stops.
INSERT INTO explore_engagements (content_id, user_id, engagement_type) SELECT 1, i, 'view' FROM generate_series(1, 50) i;
CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$;
CREATE TRIGGER slow BEFORE INSERT ON explore_analytics.rollup_ledger FOR EACH ROW EXECUTE FUNCTION public.slow();
SET statement_timeout = '500ms';
CALL explore_analytics.refresh();
RESET statement_timeout;
SELECT is(:'LAST_ERROR_SQLSTATE'::text, '57014', 'a refresh is cancelled');
SELECT results_eq('TABLE failed', ARRAY['refresh 57014: canceling statement due to statement timeout'], 'that is written down');
DROP TRIGGER slow ON explore_analytics.rollup_ledger;
DROP FUNCTION public.slow();
UPDATE explore_analytics.rollup_totals SET summary = NULL, events = '\xff' WHERE scope = 2;
INSERT INTO explore_engagements (content_id, user_id, engagement_type) SELECT 1, i, 'view' FROM generate_series(1, 5000) i;
CALL explore_analytics.refresh();
SELECT is(:'LAST_ERROR_SQLSTATE'::text, '22P03', 'a refresh meets bytes that are no log');
SELECT is((SELECT left(what, 13) FROM failed), 'refresh 22P03', 'that is written down');
SELECT explore_analytics.rebuild() \g /dev/null
CALL explore_analytics.refresh();
SELECT is_empty('TABLE failed', 'after a rebuild it goes on');

-- One that waits in vain says for whom.
BEGIN;
INSERT INTO explore_engagements (content_id, user_id, engagement_type) VALUES (1, 1, 'view');
PREPARE TRANSACTION 'forgotten';
SET lock_timeout = '10ms';
CALL explore_analytics.refresh();
SELECT results_eq('SELECT left(what, 51) FROM failed', ARRAY['refresh 55P03: Prepared transaction "forgotten", op'], 'a refresh that gave up names the writer');
-- What is the caller's to mend is not a failure of the job.
BEGIN;
CALL explore_analytics.refresh();
ROLLBACK;
CALL explore_analytics.refresh(-1);
SELECT results_eq('SELECT left(what, 13) FROM failed', ARRAY['refresh 55P03'], 'nor does one that cannot begin overwrite it');
RESET lock_timeout;
ROLLBACK PREPARED 'forgotten';
CALL explore_analytics.refresh();

-- Compaction.
INSERT INTO explore_engagements (content_id, user_id, engagement_type) SELECT 1, i, 'view' FROM generate_series(1, 20) i;
CALL explore_analytics.refresh();
UPDATE explore_analytics.rollup_deltas SET events = '\xff' WHERE scope = 2;
CALL explore_analytics.compact();
SELECT is(:'LAST_ERROR_SQLSTATE'::text, '22P03', 'a compaction fails');
SELECT is((SELECT left(what, 13) FROM failed), 'compact 22P03', 'that is written down');
SELECT alike(pg_temp.check('failed_jobs'), 'FAIL: compact failed with 22P03, and has not succeeded since then: % -> CALL explore_analytics.compact();', 'health_check() tells, and what to call');
SELECT cmp_ok((SELECT count(*) FROM explore_analytics.rollup_deltas), '>', 0::bigint, 'deltas are still there');
SELECT is((SELECT failed_at FROM explore_analytics.rollup_status), NULL, 'the refresh is well');
SELECT explore_analytics.rebuild() \g /dev/null
CALL explore_analytics.compact();
SELECT is_empty('TABLE failed', 'the next one succeeds');
SELECT is(pg_temp.check('failed_jobs'), 'OK: none of compact() and apply_retention()', 'health_check() is content');

-- Retention, and the refresh within it.
SELECT explore_analytics.ensure_partitions('2025-01-01', '2025-01-01') \g /dev/null
DELETE FROM explore_engagements WHERE user_id = 7 AND created_at < '2025-02-01';
CALL explore_analytics.apply_retention(now() - '2025-03-01 00:00+00');
SELECT is(:'LAST_ERROR_SQLSTATE'::text, 'XX001', 'retention finds that rollups and events differ');
SELECT alike((SELECT what FROM failed), 'apply_retention XX001: rollups and raw events before % differ (3 findings)', 'that is written down');
SELECT alike(pg_temp.check('failed_jobs'), 'FAIL: apply_retention failed with XX001% -> CALL explore_analytics.apply_retention(''% days %'');', 'with the call to make again');
SELECT explore_analytics.rebuild() \g /dev/null
SELECT fix AS again FROM explore_analytics.health_check() WHERE check_name = 'failed_jobs' \gset
:again
SELECT is_empty('TABLE failed', 'made again it succeeds');
SELECT is((SELECT count(*) FROM explore_engagements WHERE created_at < '2025-02-01'), 0::bigint, 'and drops the month');
ALTER TABLE explore_analytics.rollup_ledger ADD CONSTRAINT broken CHECK (low < 0) NOT VALID;
CALL explore_analytics.apply_retention(now() - '2025-03-01 00:00+00');
SELECT is((SELECT left(what, 13) FROM failed), 'refresh 23514', 'it begins with a refresh, which fails for itself');

-- run_forever() ends with the error, and an operator who owns nothing leaves the record, too.
CREATE ROLE job_failures_operator;
SELECT explore_analytics.grant_access('job_failures_operator', 'operate') \g /dev/null
DELETE FROM explore_analytics.job_failures;
INSERT INTO explore_engagements (content_id, user_id, engagement_type) VALUES (1, 1, 'view');
SET ROLE job_failures_operator;
SET statement_timeout = '60s';
CALL explore_analytics.run_forever('1 millisecond');
RESET ROLE;
RESET statement_timeout;
SELECT is(:'LAST_ERROR_SQLSTATE'::text, '23514', 'run_forever() ends');
SELECT is((SELECT left(what, 13) FROM failed), 'refresh 23514', 'and that is written down');
-- Where the record cannot be written the error is still the first one.
DELETE FROM explore_analytics.job_failures;
ALTER TABLE explore_analytics.job_failures ADD CONSTRAINT broken CHECK (false) NOT VALID;
CALL explore_analytics.refresh();
SELECT is(:'LAST_ERROR_MESSAGE'::text, 'new row for relation "rollup_ledger" violates check constraint "broken"', 'without a record the error is the same');
SELECT is_empty('TABLE failed', 'of which nothing is written down');
ALTER TABLE explore_analytics.job_failures DROP CONSTRAINT broken;
ALTER TABLE explore_analytics.rollup_ledger DROP CONSTRAINT broken;
CALL explore_analytics.refresh();
SELECT is(:'SQLSTATE'::text, '00000', 'the session goes on');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'and rollups are right');
SELECT * FROM finish();
