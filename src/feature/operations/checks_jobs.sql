-- How far apart the runs of a cron schedule are at most, roughly: enough to tell that a job is silent.
CREATE OR REPLACE FUNCTION explore_analytics.schedule_gap(schedule text) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN f.seconds IS NOT NULL THEN make_interval(secs => f.seconds)
    WHEN cardinality(f.field) <> 5 THEN interval '31 days'
    WHEN f.field[4] <> '*' THEN interval '1 year'
    WHEN f.field[3] <> '*' THEN interval '31 days'
    WHEN f.field[5] <> '*' THEN interval '7 days'
    WHEN f.field[2] ~ '^[*]/[0-9]{1,2}$' THEN make_interval(hours => greatest(substr(f.field[2], 3)::integer, 1))
    WHEN f.field[2] <> '*' THEN interval '1 day'
    WHEN f.field[1] = '*' THEN interval '1 minute'
    WHEN f.field[1] ~ '^[*]/[0-9]{1,2}$' THEN make_interval(mins => greatest(substr(f.field[1], 3)::integer, 1))
    ELSE interval '1 hour' END
  FROM (SELECT regexp_split_to_array(trim(schedule), '[[:space:]]+') AS field,
          substring(schedule FROM '^[[:space:]]*([0-9]{1,9}) seconds?[[:space:]]*$')::double precision AS seconds) f
$$;
COMMENT ON FUNCTION explore_analytics.schedule_gap(text) IS 'Internal: the longest time between two runs of a cron schedule, roughly.';

-- Checks of what runs the jobs, as the caller: pg_cron shows a role its own jobs only. Placeholders as in
-- checks_rollups.sql; a check that needs cron is not asked where pg_cron is not.
CREATE OR REPLACE FUNCTION explore_analytics.checks_of_jobs()
RETURNS TABLE (check_name text, as_owner boolean, needs text, query text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  -- Who may not see settings or other sessions is not told that there are none.
  ('scheduler', false, 'nothing', $check$
    WITH x AS MATERIALIZED (
      SELECT (SELECT e.extversion FROM pg_extension e WHERE e.extname = 'pg_cron') AS here,
        (SELECT s.setting FROM pg_settings s WHERE s.name = 'cron.database_name') AS its_database,
        pg_has_role('pg_read_all_settings', 'USAGE') AND NOT EXISTS (SELECT FROM pg_settings s WHERE s.name = 'cron.database_name') AS not_loaded,
        pg_has_role('pg_read_all_stats', 'USAGE') AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.backend_type = 'pg_cron launcher') AS gone
    ), y AS (
      SELECT x.*, CASE WHEN x.here IS NOT NULL AND (x.not_loaded OR x.gone) AND NOT pg_is_in_recovery() THEN 'FAIL' ELSE 'OK' END AS status FROM x
    )
    SELECT y.status,
      CASE WHEN pg_is_in_recovery() THEN 'jobs run on the primary'
           WHEN y.here IS NULL AND y.its_database <> current_database() THEN format('pg_cron runs in database %s; its jobs cannot be seen from here', y.its_database)
           WHEN y.here IS NULL THEN 'pg_cron is not installed in this database; whatever runs the jobs instead cannot be seen from here'
           WHEN y.not_loaded THEN 'pg_cron is installed, but the server has not loaded it'
           WHEN y.gone THEN 'the launcher of pg_cron does not run'
           ELSE format('pg_cron %s', y.here) END,
      CASE WHEN y.status = 'OK' THEN NULL
           WHEN y.not_loaded THEN format(E'shared_preload_libraries = ''pg_cron''\ncron.database_name = %L\ncron.use_background_workers = on', current_database())
           ELSE 'systemctl restart postgresql' END
    FROM y$check$),

  -- Each name once: a second role that schedules them makes everything run twice.
  ('jobs', false, 'cron', $check$
    WITH known AS MATERIALIZED (
      SELECT w.job_name, count(j.jobid) AS known, count(j.jobid) FILTER (WHERE j.active) AS active, min(j.jobid) AS first,
        min(j.jobid) FILTER (WHERE j.active) AS kept, string_agg(j.username, ', ' ORDER BY j.jobid) FILTER (WHERE j.active) AS roles
      FROM explore_analytics.jobs('', '') w LEFT JOIN cron.job j ON j.jobname = w.job_name AND j.database = current_database() GROUP BY w.job_name
    ), x AS (
      SELECT count(*) AS jobs, count(*) FILTER (WHERE k.known = 0) AS missing,
        string_agg(k.job_name, ', ' ORDER BY k.job_name) FILTER (WHERE k.active = 0) AS idle,
        string_agg(format('%s by %s', k.job_name, k.roles), '; ' ORDER BY k.job_name) FILTER (WHERE k.active > 1) AS twice,
        string_agg(format('SELECT cron.alter_job(%s, active => true);', k.first), E'\n' ORDER BY k.first) FILTER (WHERE k.active = 0 AND k.known > 0) AS wake,
        row_security_active('cron.job') AND NOT EXISTS (SELECT FROM pg_policy p, unnest(p.polroles) r
          WHERE p.polrelid = 'cron.job'::regclass AND r <> 0 AND pg_has_role(r, 'USAGE')) AS hidden
      FROM known k
    ), y AS (
      SELECT x.*, (SELECT string_agg(format('SELECT cron.unschedule(%s);', j.jobid), E'\n' ORDER BY j.jobid) FROM known k
        JOIN cron.job j ON j.jobname = k.job_name AND j.database = current_database() AND j.active AND j.jobid <> k.kept WHERE k.active > 1) AS part
      FROM x
    )
    SELECT CASE WHEN y.idle IS NULL AND y.twice IS NULL THEN 'OK' ELSE 'WARN' END,
      CASE WHEN y.missing > 0 AND y.hidden THEN format('role %s sees no jobs of others, and of these none of its own: %s', current_user, y.idle)
           ELSE coalesce(concat_ws('; ', 'not scheduled, or not active: ' || y.idle, 'scheduled more than once: ' || y.twice), '') || CASE WHEN y.idle IS NULL AND y.twice IS NULL THEN format('%s are scheduled', y.jobs) ELSE '' END END,
      CASE WHEN y.missing > 0 AND y.hidden THEN format(E'CREATE POLICY %1$I ON cron.job FOR SELECT TO %2$I USING (jobname LIKE ''explore!_analytics:%%'' ESCAPE ''!'');\n'
             || 'CREATE POLICY %1$I ON cron.job_run_details FOR SELECT TO %2$I USING (jobid IN (SELECT jobid FROM cron.job));', 'explore_analytics ' || current_user, current_user)
           ELSE concat_ws(E'\n', CASE WHEN y.missing > 0 THEN format('SELECT * FROM explore_analytics.schedule_jobs(rescore => %L, refresh => %L);',
               coalesce((SELECT min(j.schedule) FROM cron.job j WHERE j.jobname = 'explore_analytics:rescore' AND j.database = current_database()), '0 * * * *'),
               coalesce((SELECT min(j.schedule) FROM cron.job j WHERE j.jobname = 'explore_analytics:refresh' AND j.database = current_database()), '* * * * *')) END, y.wake, y.part) END
    FROM y$check$),

  -- One job of a role that was dropped can stop all jobs of the server.
  ('job_owners', false, 'cron', $check$
    WITH bad AS (
      SELECT j.jobid, j.jobname, j.username, a.rolname IS NULL AS gone, NOT coalesce(a.rolcanlogin, true) AS locked_out
      FROM cron.job j LEFT JOIN pg_roles a ON a.rolname = j.username
      WHERE j.jobname LIKE 'explore!_analytics:%' ESCAPE '!' AND j.database = current_database() AND (a.rolname IS NULL OR NOT a.rolcanlogin)
    )
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'FAIL' END,
      CASE WHEN count(*) = 0 THEN 'every job belongs to a role that can log in'
           ELSE string_agg(DISTINCT format(CASE WHEN b.gone THEN 'jobs belong to role %s, which does not exist' ELSE 'jobs belong to role %s, which cannot log in' END, b.username), '; ') END,
      concat_ws(E'\n', string_agg(DISTINCT format('ALTER ROLE %I LOGIN;', b.username), E'\n') FILTER (WHERE b.locked_out),
        string_agg(format('SELECT cron.unschedule(%s);', b.jobid), E'\n' ORDER BY b.jobid) FILTER (WHERE b.gone),
        CASE WHEN bool_or(b.gone) THEN 'SELECT * FROM explore_analytics.schedule_jobs();' END)
    FROM bad b$check$),

  ('job_runs', false, 'cron', $check$
    WITH run AS MATERIALIZED (
      SELECT j.jobname, j.command, explore_analytics.schedule_gap(j.schedule) AS gap, d.status, d.return_message,
        row_number() OVER (PARTITION BY j.jobid ORDER BY d.runid DESC) AS place
      FROM cron.job j JOIN cron.job_run_details d ON d.jobid = j.jobid
      WHERE j.jobname LIKE 'explore!_analytics:%' ESCAPE '!' AND j.database = current_database() AND j.active AND d.status IN ('succeeded', 'failed')
    ), job AS (
      SELECT r.jobname, r.command, (array_agg(r.return_message ORDER BY r.place))[1] AS message,
        r.gap >= interval '1 hour' OR count(*) FILTER (WHERE r.status = 'failed') = 3 AS lasting
      FROM run r WHERE r.place <= 3 GROUP BY r.jobname, r.command, r.gap HAVING (array_agg(r.status ORDER BY r.place))[1] = 'failed'
    )
    SELECT CASE WHEN count(*) = 0 THEN 'OK' WHEN bool_or(j.lasting) THEN 'FAIL' ELSE 'WARN' END,
      CASE WHEN count(*) = 0 THEN 'the last run of every job succeeded, as far as it is known'
           ELSE string_agg(format('%s failed: %s', j.jobname, left(split_part(trim(j.message), E'\n', 1), 200)), '; ' ORDER BY j.jobname) END,
      string_agg(format('%s;', j.command), E'\n' ORDER BY j.jobname)
    FROM job j$check$),

  -- A job that runs keeps its next run from starting: it is not silent. The launcher starts anew when it is ended. One
  -- that has never run was there, for all we know, when a job that was scheduled after it ran first.
  ('jobs_silent', false, 'cron', $check$
    WITH job AS MATERIALIZED (
      SELECT j.jobid, j.jobname, explore_analytics.schedule_gap(j.schedule) AS gap
      FROM cron.job j WHERE j.jobname LIKE 'explore!_analytics:%' ESCAPE '!' AND j.database = current_database() AND j.active
    ), run AS MATERIALIZED (
      SELECT j.jobid, min(coalesce(d.start_time, d.end_time)) AS first, max(coalesce(d.start_time, d.end_time)) AS latest,
        bool_or(d.status IN ('starting', 'connecting', 'sending', 'running')) AS runs
      FROM job j JOIN cron.job_run_details d ON d.jobid = j.jobid GROUP BY j.jobid
    ), last AS (
      SELECT j.jobname, j.gap, clock_timestamp() - coalesce(r.latest, (SELECT min(o.first) FROM run o WHERE o.jobid > j.jobid)) AS age, coalesce(r.runs, false) AS runs
      FROM job j LEFT JOIN run r ON r.jobid = j.jobid
    ), silent AS (
      SELECT l.*, coalesce(l.age > 5 * l.gap + interval '5 minutes', false) AS long FROM last l
      WHERE NOT l.runs AND l.age > 2 * l.gap + interval '2 minutes'
    ), recorded AS (
      SELECT coalesce((SELECT s.setting::boolean FROM pg_settings s WHERE s.name = 'cron.log_run'), true) AS recorded
    )
    SELECT CASE WHEN pg_is_in_recovery() THEN 'OK' WHEN bool_or(s.long) THEN 'FAIL' WHEN NOT r.recorded OR count(s.jobname) > 0 THEN 'WARN' ELSE 'OK' END,
      CASE WHEN pg_is_in_recovery() THEN 'jobs run on the primary'
           WHEN NOT r.recorded THEN 'pg_cron does not record runs'
           WHEN count(s.jobname) = 0 THEN 'every job has started when it was due, as far as it is known'
           ELSE string_agg(format('%s has not started for %s s', s.jobname, extract(epoch FROM s.age)::bigint), '; ' ORDER BY s.jobname) END,
      CASE WHEN pg_is_in_recovery() THEN NULL WHEN NOT r.recorded THEN 'cron.log_run = on'
           WHEN count(s.jobname) > 0 THEN coalesce((SELECT format('SELECT pg_terminate_backend(%s);', a.pid) FROM pg_stat_activity a WHERE a.backend_type = 'pg_cron launcher'),
                                                   'systemctl restart postgresql') END
    FROM recorded r LEFT JOIN silent s ON r.recorded GROUP BY r.recorded$check$),

  -- Of the database, the server, and every role that may refresh.
  ('isolation', false, 'tables', $check$
    WITH bad AS (
      SELECT s.setrole, s.setdatabase, coalesce(a.rolname, '') AS role, split_part(c, '=', 1) AS name, split_part(c, '=', 2) AS value
      FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) c LEFT JOIN pg_roles a ON a.oid = s.setrole
      WHERE s.setdatabase IN (0, (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))
        AND c ~ '^(default_)?transaction_isolation=(serializable|repeatable read)$'
        AND (s.setrole = 0 OR has_function_privilege(s.setrole, 'explore_analytics.refresh(bigint)', 'EXECUTE'))
      UNION ALL
      SELECT NULL, NULL, NULL, s.name, s.reset_val FROM pg_settings s
      WHERE s.name = 'default_transaction_isolation' AND s.reset_val IN ('serializable', 'repeatable read')
        AND s.source IN ('configuration file', 'command line', 'environment variable')
    )
    SELECT CASE WHEN count(*) = 0 THEN 'OK' WHEN bool_and(b.setrole > 0) THEN 'WARN' ELSE 'FAIL' END,
      CASE WHEN count(*) = 0 THEN 'read committed, as refreshes want it'
           ELSE 'refreshes fail with 25001: ' || string_agg(format('%s is %s for %s', b.name, b.value, CASE WHEN b.setrole > 0 THEN 'role ' || b.role
             WHEN b.setdatabase > 0 THEN 'this database' ELSE 'the whole server' END), ', ' ORDER BY b.name, b.role, b.setdatabase) END,
      string_agg(CASE WHEN b.setrole > 0 AND b.setdatabase > 0 THEN format('ALTER ROLE %I IN DATABASE %I SET %s = ''read committed'';', b.role, current_database(), b.name)
                      WHEN b.setrole > 0 THEN format('ALTER ROLE %I SET %s = ''read committed'';', b.role, b.name)
                      WHEN b.setdatabase > 0 THEN format('ALTER DATABASE %I SET %s = ''read committed'';', current_database(), b.name)
                      WHEN b.setdatabase = 0 THEN format('ALTER ROLE ALL RESET %s;', b.name)
                      ELSE E'ALTER SYSTEM SET default_transaction_isolation = ''read committed'';\nSELECT pg_reload_conf();' END, E'\n' ORDER BY b.name, b.role, b.setdatabase)
    FROM bad b$check$),

  -- statement_timeout under ten minutes ends rescores and compactions of large sites, and run_forever() always;
  -- lock_timeout is how long a refresh waits for writers.
  ('timeouts', false, 'tables', $check$
    WITH given AS (
      SELECT s.setrole, s.setdatabase, coalesce(a.rolname, '') AS role, split_part(c, '=', 1) AS name, split_part(c, '=', 2) AS value
      FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) c LEFT JOIN pg_roles a ON a.oid = s.setrole
      WHERE s.setdatabase IN (0, (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))
        AND (s.setrole = 0 OR has_function_privilege(s.setrole, 'explore_analytics.refresh(bigint)', 'EXECUTE'))
      UNION ALL
      SELECT NULL, NULL, NULL, s.name, s.reset_val FROM pg_settings s WHERE s.source IN ('configuration file', 'command line', 'environment variable')
    ), timeout AS (
      SELECT g.*, n.ms FROM given g, regexp_match(g.value, '^[[:space:]]*([0-9]+(?:[.][0-9]+)?)[[:space:]]*(us|ms|s|min|h|d)?[[:space:]]*$') m,
        LATERAL (SELECT m[1]::numeric * CASE m[2] WHEN 'us' THEN 0.001 WHEN 's' THEN 1000 WHEN 'min' THEN 60000 WHEN 'h' THEN 3600000 WHEN 'd' THEN 86400000 ELSE 1 END AS ms) n
      WHERE g.name IN ('statement_timeout', 'transaction_timeout', 'lock_timeout')
    ), bad AS (
      SELECT t.* FROM timeout t
      WHERE t.ms > 0 AND CASE t.name WHEN 'lock_timeout' THEN t.ms < 100 OR t.ms > 60000 ELSE t.ms < 600000 END
    )
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'WARN' END,
      CASE WHEN count(*) = 0 THEN 'none would end a job'
           ELSE 'jobs may be ended, or wait too long: ' || string_agg(format('%s is %s for %s', b.name, b.value, CASE WHEN b.setrole > 0 THEN 'role ' || b.role
             WHEN b.setdatabase > 0 THEN 'this database' ELSE 'the whole server' END), ', ' ORDER BY b.name, b.role, b.setdatabase) END,
      string_agg(format(CASE WHEN b.setrole > 0 AND b.setdatabase > 0 THEN 'ALTER ROLE %2$I IN DATABASE %3$I SET %1$s = %4$L;'
                             WHEN b.setrole > 0 THEN 'ALTER ROLE %2$I SET %1$s = %4$L;' WHEN b.setdatabase > 0 THEN 'ALTER DATABASE %3$I SET %1$s = %4$L;'
                             WHEN b.setdatabase = 0 THEN 'ALTER ROLE ALL SET %1$s = %4$L;' ELSE E'ALTER SYSTEM SET %1$s = %4$L;\nSELECT pg_reload_conf();' END,
                        b.name, b.role, current_database(), CASE b.name WHEN 'lock_timeout' THEN '2s' ELSE '0' END), E'\n' ORDER BY b.name, b.role, b.setdatabase)
    FROM bad b$check$)
$$;
COMMENT ON FUNCTION explore_analytics.checks_of_jobs() IS 'Internal: the checks of health_check() about jobs and the settings they run with.';
