-- What health_check() says of pg_cron's jobs: missing, off, of a role that is gone, failing, silent. All of it in one
-- transaction of pg_cron's own database that is rolled back, so that nothing stays and no job runs.
\set QUIET 1
SELECT coalesce(nullif(current_setting('cron.database_name', true), ''), current_database()) AS cron_database \gset
\c :cron_database
SET client_min_messages = warning;
SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_cron') AND NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'explore_analytics') AS possible \gset
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
\if :possible
SELECT plan(53);
CREATE SCHEMA "Health of jobs";
CREATE EXTENSION explore_analytics SCHEMA "Health of jobs";

SELECT is(explore_analytics.schedule_gap(schedule), gap::interval, 'the gap of ' || schedule)
FROM (VALUES ('* * * * *', '1 minute'), ('*/10 * * * *', '10 minutes'), ('*/0 * * * *', '1 minute'), ('0 * * * *', '1 hour'), ('0,30 * * * *', '1 hour'), ('  7   4 * * * ', '1 day'),
  ('0 */6 * * *', '6 hours'), ('0 8-18 * * *', '1 day'), ('0 4 * * 1', '7 days'), ('0 4 1 * *', '31 days'), ('0 4 1 1 *', '1 year'),
  ('30 seconds', '30 seconds'), ('@reboot', '31 days'), ('', '31 days')) v(schedule, gap);

CREATE ROLE health_jobs_role LOGIN;
CREATE ROLE health_jobs_gone LOGIN;
CREATE TEMP VIEW finding AS SELECT * FROM explore_analytics.health_check();
CREATE FUNCTION pg_temp.shows(wanted text, as_status text, like_detail text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT alike(status || ': ' || detail, as_status || ': ' || like_detail, wanted || ' is ' || as_status) FROM finding WHERE check_name = wanted
$$;
CREATE FUNCTION pg_temp.well(wanted text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT is((SELECT status || ': ' || detail FROM finding WHERE check_name = wanted AND status <> 'OK'), NULL, wanted || ' is OK')
$$;
CREATE FUNCTION pg_temp.fix(wanted text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT line FROM finding, regexp_split_to_table(fix, E'\n') line WHERE check_name = wanted
$$;
SELECT is((SELECT string_agg(check_name, ', ') FROM finding WHERE status <> 'OK' AND check_name NOT IN ('server_release', 'scheduler')), 'installed, jobs', 'before install(): that, and no jobs');
CALL explore_analytics.install();
SELECT pg_temp.well('scheduler');
SELECT pg_temp.shows('jobs', 'WARN', 'not scheduled, or not active: explore_analytics:check ledger, explore_analytics:compact,%');
SELECT pg_temp.well('jobs_silent');

-- Somebody's own schedules stay as they are.
SELECT cron.schedule('explore_analytics:rescore', '15 3 * * *', format('SELECT %I.batch_update_engagement_scores()', explore_analytics.home())) AS job \gset
SELECT is(pg_temp.fix('jobs'), 'SELECT * FROM explore_analytics.schedule_jobs(rescore => ''15 3 * * *'', refresh => ''* * * * *'');', 'the fix of jobs keeps the schedule of the rescore');
SELECT pg_temp.fix('jobs') \gexec
SELECT pg_temp.well('jobs');
SELECT is((SELECT schedule FROM cron.job WHERE jobname = 'explore_analytics:rescore'), '15 3 * * *', 'so it does');
SELECT cron.alter_job(:job, active => false) \g /dev/null
SELECT pg_temp.shows('jobs', 'WARN', 'not scheduled, or not active: explore_analytics:rescore');
SELECT pg_temp.fix('jobs') \gexec
SELECT pg_temp.well('jobs');

-- A rescore that is scheduled daily may be a day old.
INSERT INTO "Health of jobs".explore_engagements (content_id, engagement_type) VALUES (1, 'view');
INSERT INTO explore_analytics.rescores VALUES (-1, now() - interval '2 days', 0);
SELECT pg_temp.well('rescore');
UPDATE explore_analytics.rescores SET rescored_at = now() - interval '4 days';
SELECT pg_temp.shows('rescore', 'WARN', '%every 86400 s');

-- Silence: of a job that is due each minute, also when it has never run, but not right after it was scheduled; of a
-- daily one after days.
SELECT pg_temp.well('jobs_silent');
INSERT INTO cron.job_run_details (jobid, database, username, command, status, return_message, start_time, end_time)
SELECT jobid, database, username, command, 'succeeded', '1 row', now() - interval '2 minutes', now() FROM cron.job WHERE jobname = 'explore_analytics:idle sessions';
SELECT pg_temp.well('jobs_silent');
UPDATE cron.job_run_details SET start_time = now() - interval '5 minutes' WHERE command LIKE '%close_idle_sessions%';
SELECT pg_temp.shows('jobs_silent', 'WARN', 'explore_analytics:refresh has not started for 3%s');
SELECT matches(pg_temp.fix('jobs_silent'), '^SELECT pg_terminate_backend\(\d+\);$|^systemctl restart postgresql$', 'pg_cron is started anew');
DELETE FROM cron.job_run_details WHERE command LIKE '%close_idle_sessions%';
INSERT INTO cron.job_run_details (jobid, database, username, command, status, return_message, start_time, end_time)
SELECT jobid, database, username, command, 'succeeded', '1 row', now() - interval '1 minute', now() - interval '30 s' FROM cron.job WHERE jobname LIKE 'explore\_analytics:%';
SELECT pg_temp.well('jobs_silent');
CREATE TEMP VIEW runs AS SELECT d.*, j.jobname FROM cron.job_run_details d JOIN cron.job j USING (jobid);
UPDATE cron.job_run_details SET start_time = now() - interval '5 minutes' WHERE runid IN (SELECT runid FROM runs WHERE jobname LIKE '%:refresh');
SELECT pg_temp.shows('jobs_silent', 'WARN', 'explore_analytics:refresh has not started for 3%s');
UPDATE cron.job_run_details SET status = 'running', end_time = NULL WHERE runid IN (SELECT runid FROM runs WHERE jobname LIKE '%:refresh');
SELECT pg_temp.well('jobs_silent');
UPDATE cron.job_run_details SET status = 'succeeded', start_time = now() - interval '1 hour' WHERE runid IN (SELECT runid FROM runs WHERE jobname LIKE '%:refresh');
SELECT pg_temp.shows('jobs_silent', 'FAIL', 'explore_analytics:refresh has not started for 36%s');
UPDATE cron.job_run_details SET start_time = now() WHERE runid IN (SELECT runid FROM runs WHERE jobname LIKE '%:refresh');

-- Failures: one of the refresh is a warning, three are not, and one of a nightly job is not either.
SELECT pg_temp.well('job_runs');
CREATE FUNCTION pg_temp.fails(which text, message text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO cron.job_run_details (jobid, database, username, command, status, return_message, start_time, end_time)
  SELECT jobid, database, username, command, 'failed', message, now(), now() FROM cron.job WHERE jobname = 'explore_analytics:' || which
$$;
SELECT pg_temp.fails('refresh', E'ERROR:  a transaction that began before this refresh is still writing\nDETAIL:  x') \g /dev/null
SELECT pg_temp.shows('job_runs', 'WARN', 'explore_analytics:refresh failed: ERROR:  a transaction that began before this refresh is still writing');
SELECT is(pg_temp.fix('job_runs'), 'CALL explore_analytics.refresh(1000);', 'it may be run by hand');
SELECT pg_temp.fails('refresh', 'again'), pg_temp.fails('refresh', 'again') \g /dev/null
SELECT pg_temp.shows('job_runs', 'FAIL', 'explore_analytics:refresh failed: again');
DELETE FROM cron.job_run_details WHERE status = 'failed';
SELECT pg_temp.fails('check ledger', 'ERROR:  rollups hold 2 events') \g /dev/null
SELECT pg_temp.shows('job_runs', 'FAIL', 'explore_analytics:check ledger failed: ERROR:  rollups hold 2 events');

-- A role sees its own jobs, and others' with the policies that the fix makes.
SELECT explore_analytics.grant_access('health_jobs_role', 'operate') \g /dev/null
CREATE TEMP TABLE said (fix text);
GRANT INSERT ON said TO health_jobs_role;
SET ROLE health_jobs_role;
INSERT INTO said SELECT fix FROM explore_analytics.health_check() WHERE check_name = 'jobs';
RESET ROLE;
SELECT is(fix, 'GRANT USAGE ON SCHEMA cron TO health_jobs_role;', 'without USAGE it is told to get it') FROM said;
SELECT fix FROM said \gexec
TRUNCATE said;
SET ROLE health_jobs_role;
INSERT INTO said SELECT line FROM explore_analytics.health_check(), regexp_split_to_table(fix, E'\n') line WHERE check_name = 'jobs';
RESET ROLE;
SELECT is(count(*), 2::bigint, 'it is told of two policies') FROM said;
SELECT fix FROM said \gexec
SET ROLE health_jobs_role;
SELECT string_agg(status, ' ' ORDER BY check_name) AS seen FROM explore_analytics.health_check() WHERE check_name IN ('jobs', 'job_runs') \gset
SELECT count(*) AS others FROM cron.job WHERE jobname NOT LIKE 'explore\_analytics:%' \gset
RESET ROLE;
SELECT is(:'seen' || ' ' || :others, 'FAIL OK 0', 'with them it sees our jobs and their runs, and nobody else''s');

-- Owners.
SELECT pg_temp.well('job_owners');
UPDATE cron.job SET username = 'health_jobs_role' WHERE jobname LIKE '%:compact';
ALTER ROLE health_jobs_role NOLOGIN;
SELECT pg_temp.shows('job_owners', 'FAIL', 'jobs belong to role health_jobs_role, which cannot log in');
SELECT pg_temp.fix('job_owners') \gexec
SELECT pg_temp.well('job_owners');
UPDATE cron.job SET username = 'health_jobs_gone' WHERE jobname LIKE '%:compact';
DROP ROLE health_jobs_gone;
SELECT pg_temp.shows('job_owners', 'FAIL', 'jobs belong to role health_jobs_gone, which does not exist');
SELECT pg_temp.fix('job_owners') \gexec
SELECT pg_temp.well('job_owners');
SELECT pg_temp.well('jobs');

-- Two roles that schedule them make everything run twice; one of the two will do, and the one that is off does no harm.
CREATE ROLE health_jobs_other LOGIN;
GRANT USAGE ON SCHEMA cron TO health_jobs_other;
SELECT explore_analytics.grant_access('health_jobs_other', 'operate') \g /dev/null
SET ROLE health_jobs_other;
SELECT count(*) FROM explore_analytics.schedule_jobs() \g /dev/null
RESET ROLE;
SELECT is((SELECT count(*) FROM cron.job WHERE jobname LIKE 'explore\_analytics:%' AND database = current_database()), 16::bigint, 'sixteen jobs');
SELECT pg_temp.shows('jobs', 'WARN', 'scheduled more than once: explore_analytics:check ledger by %, health_jobs_other; explore_analytics:compact by %');
SELECT pg_temp.fix('jobs') \gexec
SELECT pg_temp.well('jobs');
SELECT is((SELECT count(DISTINCT jobname) FROM cron.job WHERE jobname LIKE 'explore\_analytics:%' AND database = current_database() AND active), 8::bigint, 'eight jobs, each once');
SELECT is((SELECT count(*) FROM cron.job WHERE jobname LIKE 'explore\_analytics:%' AND database = current_database()), 8::bigint, 'and no other');
SET ROLE health_jobs_other;
SELECT count(*) FROM explore_analytics.schedule_jobs() \g /dev/null
RESET ROLE;
SELECT count(cron.alter_job(jobid, active => false)) FROM cron.job WHERE username = 'health_jobs_other' \g /dev/null
SELECT pg_temp.well('jobs');
SELECT * FROM finish();
\else
SELECT plan(1);
SELECT skip('pg_cron is not installed here, or the extension is', 1);
SELECT * FROM finish();
\endif
ROLLBACK;
