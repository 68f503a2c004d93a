-- Rollups and who may do what about them: operators refresh, compact, verify, rebuild and look at the status
-- views, and that is all; readers and writers see none of the tables; pg_cron runs the refresh.
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
-- What an interrupted run left behind.
DO $$
DECLARE
  role regrole;
BEGIN
  FOR role IN SELECT oid FROM pg_roles WHERE rolname LIKE 'ea\_rollup\_%' LOOP
    EXECUTE format('DROP OWNED BY %s CASCADE', role);
    EXECUTE format('DROP ROLE %s', role);
  END LOOP;
END $$;
CREATE ROLE ea_rollup_operator;
CREATE ROLE ea_rollup_reader;
CREATE ROLE ea_rollup_recorder;
CREATE ROLE ea_rollup_writer;
CREATE ROLE ea_rollup_nobody;
SELECT explore_analytics.grant_access('ea_rollup_operator', 'operate') \g /dev/null
SELECT explore_analytics.grant_access('ea_rollup_reader', 'read') \g /dev/null
SELECT explore_analytics.grant_access('ea_rollup_recorder', 'record') \g /dev/null
GRANT INSERT (content_id, user_id, engagement_type, watch_time_ms, created_at) ON explore_engagements TO ea_rollup_writer;
INSERT INTO explore_content (id, creator_id, title) VALUES (1, 7, 'one of 7'), (2, 8, 'one of 8');
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 1 + n % 2, n, 'view', '2025-03-01 00:00+00'::timestamptz + n * interval '1 hour' FROM generate_series(1, 300) n;

-- ---------------------------------------------------------------------------------------------------
-- pg_cron: the job runs while the other tests do
-- ---------------------------------------------------------------------------------------------------
SELECT current_database() AS here, coalesce(nullif(current_setting('cron.database_name', true), ''), current_database()) AS cron_database \gset
\c :cron_database
SET client_min_messages = warning;
SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_cron') AS cron \gset
\if :cron
SELECT count(cron.unschedule(jobid)) AS left_behind FROM cron.job WHERE jobname LIKE 'ea\_rollup%' \gset
SELECT cron.schedule_in_database('ea_rollup refresh', '* * * * *', 'CALL explore_analytics.refresh(1000)', :'here') AS job \gset
\endif
\c :here
SET client_min_messages = warning;
SET timezone = 'UTC';

SELECT plan(3 + 13 * 5 + 3 + 3 * 5 + 11 + 8 + 5 + 8 + 7 + 5 + 5);

-- What a statement raises as a role; undone.
CREATE FUNCTION pg_temp.attempt(role name, query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('role', role, true);
  EXECUTE query;
  RAISE EXCEPTION USING ERRCODE = 'UT001';
EXCEPTION
  WHEN SQLSTATE 'UT001' THEN RETURN 'allowed';
  WHEN OTHERS THEN RETURN SQLSTATE;
END $$;
CREATE TEMP TABLE stored AS SELECT format('explore_analytics.%I', relation_name) AS name FROM explore_analytics.layout_rollups() UNION ALL SELECT 'explore_analytics.epoch_seq';
SELECT is((SELECT count(*)::int FROM stored), 13, 'the tables of the rollups and the sequence');
SELECT is_empty($$SELECT s.name, a.grantee FROM stored s JOIN pg_class c ON c.oid = s.name::regclass, aclexplode(c.relacl) a WHERE a.grantee <> c.relowner$$, 'are granted to nobody');
SELECT is_empty($$SELECT s.name, a.attname FROM stored s JOIN pg_attribute a ON a.attrelid = s.name::regclass WHERE a.attacl IS NOT NULL$$, 'nor are columns of them');
SELECT is(pg_temp.attempt(role, 'SELECT * FROM ' || name), '42501', role || ' does not see ' || name)
FROM stored, unnest(ARRAY['ea_rollup_reader', 'ea_rollup_recorder', 'ea_rollup_operator', 'ea_rollup_writer', 'ea_rollup_nobody']::name[]) role;
SELECT is(pg_temp.attempt('ea_rollup_operator', q), '42501', 'an operator may not: ' || q)
FROM unnest(ARRAY['DELETE FROM explore_analytics.rollup_ledger', 'SELECT nextval(''explore_analytics.epoch_seq'')', 'SELECT setval(''explore_analytics.epoch_seq'', 1)']) q;
SELECT is(pg_temp.attempt(role, 'SELECT * FROM explore_analytics.' || name), CASE role WHEN 'ea_rollup_operator' THEN 'allowed' ELSE '42501' END, role || ': ' || name)
FROM unnest(ARRAY['rollup_status', 'refresh_progress', 'epoch_holders']) name,
     unnest(ARRAY['ea_rollup_reader', 'ea_rollup_recorder', 'ea_rollup_operator', 'ea_rollup_writer', 'ea_rollup_nobody']::name[]) role;

-- ---------------------------------------------------------------------------------------------------
-- What an operator may do
-- ---------------------------------------------------------------------------------------------------
SET ROLE ea_rollup_operator;
CALL explore_analytics.refresh();
\set state :SQLSTATE
RESET ROLE;
SELECT is(:'state'::text, '00000', 'an operator refreshes');
SELECT is((SELECT tail_events FROM explore_analytics.rollup_status), 0::bigint, 'and it is done');
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (1, 1, 'view', '2025-03-01 00:00+00');
SET ROLE ea_rollup_operator;
CALL explore_analytics.refresh(2);
SELECT tail_events FROM explore_analytics.rollup_status \gset
CALL explore_analytics.refresh(1);
CALL explore_analytics.compact();
\set state :SQLSTATE
RESET ROLE;
SELECT is(:tail_events, 1, 'with two events asked for, one waits');
SELECT is(:'state'::text, '00000', 'an operator compacts');
SELECT is((SELECT (tail_events, delta_events) FROM explore_analytics.rollup_status), ROW(0::bigint, 0::bigint), 'and it is done, too');
SET ROLE ea_rollup_operator;
SELECT count(*) AS found FROM explore_analytics.verify() \gset
SELECT explore_analytics.rebuild() AS written \gset
\set state :SQLSTATE
\set ON_ERROR_STOP off
\set VERBOSITY sqlstate
INSERT INTO explore_engagements (content_id, engagement_type) VALUES (1, 'view');
\set insert_state :SQLSTATE
SET statement_timeout = '400ms';
\o /dev/null
CALL explore_analytics.run_forever('50 milliseconds');
\o
\set runner_state :SQLSTATE
\set VERBOSITY default
\set ON_ERROR_STOP on
RESET statement_timeout;
RESET ROLE;
SELECT is(:found, 0, 'an operator verifies');
SELECT is(:'state'::text, '00000', 'an operator rebuilds');
SELECT cmp_ok(:written, '>', 3, 'and that writes rollups');
SELECT is(:'insert_state'::text, '42501', 'an operator does not write events');
SELECT is(:'runner_state'::text, '57014', 'an operator runs run_forever(), until cancelled');
SELECT is(pg_temp.attempt('ea_rollup_operator', 'SELECT * FROM explore_analytics.check_ledger(); SELECT explore_analytics.require_good_ledger()'), 'allowed', 'an operator checks the ledger');
SELECT is(pg_temp.attempt('ea_rollup_operator', q), '42501', 'an operator may not: ' || q)
FROM unnest(ARRAY['SELECT platform_summary()', 'SELECT * FROM top_videos()', 'SELECT * FROM explore_creator_daily', 'SELECT record_engagement(1, ''view'')', 'SELECT count(*) FROM explore_engagements',
  'SELECT count(*) FROM explore_content', 'CALL explore_analytics.uninstall()', 'SELECT explore_analytics.grant_access(''ea_rollup_nobody'', ''operate'')']) q;
SELECT is((SELECT string_agg(DISTINCT pg_temp.attempt(role, q), ',') FROM unnest(ARRAY['ea_rollup_reader', 'ea_rollup_recorder', 'ea_rollup_writer', 'ea_rollup_nobody']::name[]) role), '42501', 'nobody else may: ' || q)
FROM unnest(ARRAY['CALL explore_analytics.refresh()', 'CALL explore_analytics.compact()', 'SELECT * FROM explore_analytics.verify()', 'SELECT explore_analytics.rebuild()', 'SELECT * FROM explore_analytics.check_ledger()']) q;

-- ---------------------------------------------------------------------------------------------------
-- Writers: an INSERT of one's own needs nothing but INSERT
-- ---------------------------------------------------------------------------------------------------
SET ROLE ea_rollup_writer;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (2, 901, 'view', '2025-03-02 00:00+00');
\set state :SQLSTATE
COPY explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at) FROM stdin;
2	902	view	5	2025-03-02 00:00+00
2	903	save	5	2025-03-02 00:00+00
\.
\set copy_state :SQLSTATE
RESET ROLE;
SELECT is(:'state'::text, '00000', 'a role with INSERT on columns inserts');
SELECT is(:'copy_state'::text, '00000', 'and copies');
SELECT is(has_schema_privilege('ea_rollup_writer', 'explore_analytics', 'USAGE'), false, 'without any right on schema explore_analytics');
SELECT is((SELECT count(*)::int FROM explore_engagements e, explore_analytics.rollup_status s WHERE e.user_id BETWEEN 901 AND 903 AND e.epoch = s.epoch), 3, 'its rows have the current epoch');
SELECT is((SELECT tail_events FROM explore_analytics.rollup_status), 3::bigint, 'and are news to the rollups');
SELECT is(pg_temp.attempt('ea_rollup_writer', q), '42501', 'it may not: ' || q)
FROM unnest(ARRAY['INSERT INTO explore_engagements (content_id, engagement_type, epoch) VALUES (1, ''view'', 0)', 'SELECT explore_analytics.current_epoch()', 'SELECT epoch FROM explore_engagements']) q;
-- Content, too: the notes about creators are the extension's affair.
GRANT INSERT (id, creator_id), UPDATE (creator_id), DELETE, SELECT (id) ON explore_content TO ea_rollup_writer;
SET ROLE ea_rollup_writer;
INSERT INTO explore_content (id, creator_id) VALUES (3, 9);
\set insert_state :SQLSTATE
UPDATE explore_content SET creator_id = 9 WHERE id = 2;
\set update_state :SQLSTATE
RESET ROLE;
SELECT is(ARRAY[:'insert_state', :'update_state'], ARRAY['00000', '00000'], 'who writes contents needs nothing but that');
SELECT is(views(creator_summary(9)), 152::bigint, 'and numbers follow at once');
SET ROLE ea_rollup_writer;
DELETE FROM explore_content WHERE id = 3;
\set delete_state :SQLSTATE
RESET ROLE;
SELECT is(:'delete_state'::text, '00000', 'also to delete them');
SELECT is((SELECT count(*)::int FROM pg_trigger WHERE tgname LIKE 'explore\_analytics\_%' AND tgenabled NOT IN ('A', 'R')), 0, 'our triggers also fire where replication applies changes');
SELECT is((SELECT count(*)::int FROM pg_trigger WHERE tgrelid = 'explore_engagements'::regclass AND tgtype & 4 = 4), 0, 'no trigger fires on INSERT of events');
SELECT is((SELECT count(*)::int FROM explore_analytics.verify()), 0, 'verify() finds nothing');
SELECT is((SELECT count(*)::int FROM explore_analytics.check_ledger()), 0, 'check_ledger() neither');

-- ---------------------------------------------------------------------------------------------------
-- Comments say what one has to know
-- ---------------------------------------------------------------------------------------------------
SELECT matches(obj_description(f::regprocedure, 'pg_proc'), words, f || ': its comment')
FROM (VALUES ('explore_analytics.refresh(bigint)', 'min_rows.*55P03.*busy.*25001.*25006'), ('explore_analytics.compact()', '25001'), ('explore_analytics.run_forever(interval)', '22023'),
  ('explore_analytics.verify(timestamptz,timestamptz)', 'no row'), ('explore_analytics.rebuild(timestamptz,timestamptz)', 'same transaction')) c(f, words);

-- ---------------------------------------------------------------------------------------------------
-- What pg_cron did
-- ---------------------------------------------------------------------------------------------------
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 1, n, 'view', '2025-03-03 00:00+00' FROM generate_series(1, 1000) n;
SELECT low, tail_events FROM explore_analytics.rollup_status \gset before_
SELECT cmp_ok(:before_tail_events, '>=', 1000, 'a thousand events are waiting');
\if :cron
DO $$
BEGIN
  -- Until the next full minute; five, if the machine is slow.
  FOR i IN 1 .. 3000 LOOP
    EXIT WHEN (SELECT tail_events = 0 FROM explore_analytics.rollup_status);
    PERFORM pg_sleep(0.1);
  END LOOP;
END $$;
SELECT results_eq('SELECT tail_events, low > ' || :'before_low' || ', failed_at FROM explore_analytics.rollup_status', 'VALUES (0::bigint, true, NULL::timestamptz)', 'pg_cron runs CALL explore_analytics.refresh(1000)');
\else
SELECT skip('pg_cron is not there', 1);
\endif
SELECT is((SELECT count(*)::int FROM explore_analytics.verify()), 0, 'verify() finds nothing after it');
SELECT is(views(platform_summary()), (SELECT count(*) FROM explore_engagements WHERE engagement_type = 'view'), 'the numbers are those of the raw rows');
SELECT is((SELECT array_agg(command ORDER BY command) FROM explore_analytics.jobs('0 * * * *', '* * * * *') WHERE job_name ~ ':(refresh|compact|check ledger)$'),
  ARRAY['CALL explore_analytics.compact()', 'CALL explore_analytics.refresh(1000)', 'SELECT explore_analytics.require_good_ledger()'], 'the jobs of the rollups');

SELECT * FROM finish();
\if :cron
\c :cron_database
SELECT cron.unschedule(:job) AS gone \gset
DELETE FROM cron.job_run_details WHERE jobid = :job;
\c :here
\endif
DROP OWNED BY ea_rollup_operator, ea_rollup_reader, ea_rollup_recorder, ea_rollup_writer CASCADE;
DROP ROLE ea_rollup_operator, ea_rollup_reader, ea_rollup_recorder, ea_rollup_writer, ea_rollup_nobody;
