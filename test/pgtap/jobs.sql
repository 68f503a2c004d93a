-- Jobs where pg_cron is: scheduled once, runnable as they are written, replaced and removed by name. All of
-- it in one transaction of pg_cron's own database that is rolled back, so that nothing stays and no job runs.
\set QUIET 1
SELECT coalesce(nullif(current_setting('cron.database_name', true), ''), current_database()) AS cron_database \gset
\c :cron_database
SET client_min_messages = warning;
SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_cron') AND NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'explore_analytics') AS possible \gset
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
\if :possible
SELECT plan(26);
CREATE SCHEMA "Jobs of the feed";
CREATE EXTENSION explore_analytics SCHEMA "Jobs of the feed";
SELECT throws_ok('SELECT explore_analytics.schedule_jobs()', '55000', NULL, 'before install() nothing is scheduled');
CALL explore_analytics.install();
SELECT cron.schedule('explore_analytic', '1 1 1 1 *', 'SELECT 1') AS other \gset
SELECT cron.schedule('somebody else''s', '1 1 1 1 *', 'SELECT 1') AS other \gset
CREATE TEMP VIEW ours AS SELECT jobid, jobname, schedule, command, database, username, active FROM cron.job WHERE jobname LIKE 'explore\_analytics:%' AND database = current_database();

CREATE TEMP TABLE told AS SELECT * FROM explore_analytics.schedule_jobs();
SELECT cmp_ok((SELECT count(*)::int FROM told), '>=', 4, 'jobs are scheduled');
SELECT bag_eq('SELECT job_name, schedule, command FROM told', 'SELECT jobname, schedule, command FROM ours', 'what schedule_jobs() says is what pg_cron has');
SELECT is_empty('SELECT * FROM ours WHERE NOT active OR username <> current_user', 'they are active and the caller''s');
SELECT is((SELECT schedule FROM ours WHERE command LIKE '%batch_update_engagement_scores%'), '0 * * * *', 'the rescore is hourly by default');
SELECT is((SELECT count(*)::int FROM ours WHERE command ~ c), 1, 'one job does ' || c) FROM unnest(ARRAY['batch_update_engagement_scores', 'refresh\(1000\)', 'compact\(\)', 'require_good_ledger\(\)', 'ensure_partitions', 'close_idle_sessions', 'prune_keys', 'job_run_details']) c;
-- Every command runs by itself, whatever the search path of the job's session. Those that end transactions cannot
-- run inside one: rollups.sql has pg_cron run the refresh.
CREATE FUNCTION pg_temp.runs(command text) RETURNS text LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  EXECUTE command;
  RETURN 'runs';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT is((SELECT string_agg(DISTINCT pg_temp.runs(command), ', ') FROM ours WHERE command NOT LIKE 'CALL %'), 'runs', 'every command runs with an empty search path');
SELECT is((SELECT array_agg(left(pg_temp.runs(command), 5) || command ORDER BY command) FROM ours WHERE command LIKE 'CALL %'),
  ARRAY['25001CALL explore_analytics.compact()', '25001CALL explore_analytics.refresh(1000)'], 'compact and refresh come as far as saying that they end transactions');

CREATE TEMP TABLE before AS SELECT jobid, jobname FROM ours;
CREATE TEMP TABLE again AS SELECT * FROM explore_analytics.schedule_jobs('*/15 * * * *');
SELECT set_eq('SELECT jobid, jobname FROM ours', 'SELECT jobid, jobname FROM before', 'scheduled again: the same jobs');
SELECT is((SELECT schedule FROM ours WHERE command LIKE '%batch_update_engagement_scores%'), '*/15 * * * *', 'with the new schedule');
SELECT is((SELECT schedule FROM ours WHERE command LIKE '%refresh%'), '* * * * *', 'the refresh stays at every minute');
SELECT explore_analytics.schedule_jobs(refresh => '*/5 * * * *') AS told \g /dev/null
SELECT is((SELECT schedule FROM ours WHERE command LIKE '%refresh%'), '*/5 * * * *', 'unless it is told otherwise');
SELECT lives_ok('SELECT explore_analytics.schedule_jobs(NULL, NULL)', 'NULL is the default');
SELECT is((SELECT schedule FROM ours WHERE command LIKE '%batch_update_engagement_scores%'), '0 * * * *', 'which is hourly');
SELECT throws_ok($$SELECT explore_analytics.schedule_jobs('every now and then')$$, '22023', NULL, 'what is no schedule is refused');
SELECT is((SELECT explore_analytics.unschedule_jobs()), (SELECT count(*)::int FROM told), 'unscheduled: as many as there were');
SELECT is((SELECT (SELECT count(*) FROM ours) + explore_analytics.unschedule_jobs())::int, 0, 'then there are none, and none to unschedule');
SELECT explore_analytics.schedule_jobs() AS told \g /dev/null
CALL explore_analytics.uninstall();
SELECT is((SELECT count(*)::int FROM ours), 0, 'uninstall() takes the jobs along');
SELECT is((SELECT count(*)::int FROM cron.job WHERE jobname IN ('explore_analytic', 'somebody else''s')), 2, 'jobs of others stay');
SELECT * FROM finish();
\else
SELECT plan(1);
SELECT skip('pg_cron is not installed here, or the extension is', 1);
SELECT * FROM finish();
\endif
ROLLBACK;
