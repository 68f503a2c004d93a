-- Jobs run inside the database by pg_cron; every name starts with explore_analytics:. Their role's search path
-- is its own, so nothing is left to it, nor to a namesake that takes fewer arguments.
CREATE OR REPLACE FUNCTION explore_analytics.jobs(rescore text, refresh text)
RETURNS TABLE (job_name text, schedule text, command text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT 'explore_analytics:' || j.name, j.schedule, replace(j.command, '{s}', quote_ident(explore_analytics.home()))
  FROM (VALUES
    ('rescore', rescore, 'SELECT {s}.batch_update_engagement_scores(false)'),
    ('refresh', refresh, 'CALL explore_analytics.refresh(1000)'),
    ('compact', '23 * * * *', 'CALL explore_analytics.compact()'),
    ('check ledger', '7 4 * * *', 'SELECT explore_analytics.require_good_ledger()'),
    ('partitions', '17 3 * * *', 'SELECT explore_analytics.ensure_partitions()'),
    ('idle sessions', '*/10 * * * *', 'SELECT {s}.close_idle_sessions(''30 minutes''::pg_catalog.interval)'),
    ('prune keys', '37 3 * * *', 'SELECT explore_analytics.prune_keys()'),
    ('prune job log', '57 3 * * *', 'DELETE FROM cron.job_run_details WHERE end_time OPERATOR(pg_catalog.<) (pg_catalog.now() OPERATOR(pg_catalog.-) ''7 days''::pg_catalog.interval)')
  ) AS j(name, schedule, command)
$$;
COMMENT ON FUNCTION explore_analytics.jobs(text, text) IS 'Internal: the jobs that schedule_jobs() keeps in pg_cron.';

CREATE OR REPLACE FUNCTION explore_analytics.require_cron() RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  cron_database text;
BEGIN
  IF EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_cron') THEN
    IF NOT has_schema_privilege('cron', 'USAGE') THEN
      RAISE EXCEPTION 'permission denied for schema cron' USING ERRCODE = 'insufficient_privilege',
        HINT = format('pg_cron grants its own access: GRANT USAGE ON SCHEMA cron TO %I;', current_user);
    END IF;
    RETURN;
  END IF;
  BEGIN
    cron_database := current_setting('cron.database_name', true);   -- set wherever pg_cron is loaded
  EXCEPTION WHEN insufficient_privilege THEN
    cron_database := NULL;
  END;
  IF cron_database <> current_database() THEN
    RAISE EXCEPTION 'pg_cron runs in database "%", not in "%"', cron_database, current_database()
      USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = format('In that database run: SELECT cron.schedule_in_database(''explore_analytics:rescore'', ''0 * * * *'', %L, %L);',
                          format('SELECT %I.batch_update_engagement_scores(false)', explore_analytics.home()), current_database());
  END IF;
  RAISE EXCEPTION 'pg_cron is not installed in this database'
    USING ERRCODE = 'object_not_in_prerequisite_state',
          HINT = format(E'In postgresql.conf set\n  shared_preload_libraries = ''pg_cron''\n  cron.database_name = ''%s''\n  cron.use_background_workers = on\nrestart, and run: CREATE EXTENSION pg_cron;',
                        current_database());
END $$;
COMMENT ON FUNCTION explore_analytics.require_cron() IS 'Internal: error 55000 with the configuration lines unless pg_cron is installed here.';

CREATE OR REPLACE FUNCTION explore_analytics.schedule_jobs(rescore text DEFAULT '0 * * * *', refresh text DEFAULT '* * * * *')
RETURNS TABLE (job_name text, schedule text, command text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  item record;
BEGIN
  PERFORM explore_analytics.require_installed();
  PERFORM explore_analytics.require_cron();
  FOR item IN SELECT * FROM explore_analytics.jobs(coalesce(schedule_jobs.rescore, '0 * * * *'), coalesce(schedule_jobs.refresh, '* * * * *')) LOOP
    BEGIN
      -- The name is the key: scheduling again replaces.
      EXECUTE 'SELECT cron.schedule($1, $2, $3)' USING item.job_name, item.schedule, item.command;
    EXCEPTION WHEN invalid_parameter_value OR syntax_error OR invalid_text_representation OR raise_exception OR internal_error THEN
      RAISE EXCEPTION 'invalid schedule: "%"', left(item.schedule, 60) USING ERRCODE = 'invalid_parameter_value',
        DETAIL = left(SQLERRM, 200), HINT = 'Use cron syntax, for example 0 * * * * for every full hour.';
    END;
    job_name := item.job_name; schedule := item.schedule; command := item.command;
    RETURN NEXT;
  END LOOP;
END $$;
COMMENT ON FUNCTION explore_analytics.schedule_jobs(text, text) IS
  'Schedules with pg_cron: the rescore and the refresh of rollups (cron syntax, GMT; a refresh with fewer than 1000 new events waits), compaction every hour, the nightly check of the ledger, partitions ahead, closing of idle sessions, pruning of keys and of the job log. Safe to call again: the same names are replaced. Returns the jobs. Without pg_cron: error 55000.';

CREATE OR REPLACE FUNCTION explore_analytics.unschedule_jobs() RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  removed integer;
BEGIN
  PERFORM explore_analytics.require_cron();
  EXECUTE 'SELECT count(cron.unschedule(j.jobid)) FROM cron.job j WHERE starts_with(j.jobname, ''explore_analytics:'') AND j.database = current_database()'
    INTO removed;
  RETURN removed;
END $$;
COMMENT ON FUNCTION explore_analytics.unschedule_jobs() IS 'Removes our jobs from pg_cron and returns how many there were. Without pg_cron: error 55000.';
