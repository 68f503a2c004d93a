-- The role of the exporter, with the least it needs. Run it in the database of the feed as a superuser, after
-- install(); for another name: psql -v role=... -f role.sql
\if :{?role}
\else
\set role prometheus
\endif
SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') AS new_role,
       EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_cron') AS has_cron,
       'explore_analytics ' || :'role' AS policy \gset
\if :new_role
CREATE ROLE :"role" LOGIN;
\endif
-- How long other sessions' transactions have lasted.
GRANT pg_read_all_stats TO :"role";
GRANT USAGE ON SCHEMA explore_analytics TO :"role";
GRANT SELECT ON explore_analytics.rollup_status, explore_analytics.epoch_holders TO :"role";
GRANT EXECUTE ON FUNCTION explore_analytics.health_check(), explore_analytics.owner_checks(interval) TO :"role";
-- pg_cron shows a role its own jobs; of others' it shows these.
\if :has_cron
GRANT USAGE ON SCHEMA cron TO :"role";
DROP POLICY IF EXISTS :"policy" ON cron.job_run_details;
DROP POLICY IF EXISTS :"policy" ON cron.job;
CREATE POLICY :"policy" ON cron.job FOR SELECT TO :"role" USING (jobname LIKE 'explore\_analytics:%');
CREATE POLICY :"policy" ON cron.job_run_details FOR SELECT TO :"role" USING (jobid IN (SELECT jobid FROM cron.job));
\endif
