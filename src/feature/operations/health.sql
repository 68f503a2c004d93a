-- health_check(): every check once, in the order of checks(), and nothing raised whatever it finds. What looks into
-- the tables is done as their owner by owner_checks(); what the owner might not see, as the caller.
CREATE OR REPLACE FUNCTION explore_analytics.checks()
RETURNS TABLE (place bigint, check_name text, as_owner boolean, needs text, query text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT row_number() OVER (ORDER BY c.part, c.ordinality), c.check_name, c.as_owner, c.needs, c.query
  FROM (SELECT 1 AS part, r.* FROM explore_analytics.checks_of_rollups() WITH ORDINALITY r
        UNION ALL SELECT 2, j.* FROM explore_analytics.checks_of_jobs() WITH ORDINALITY j
        UNION ALL SELECT 3, t.* FROM explore_analytics.checks_of_tables() WITH ORDINALITY t) c
$$;
COMMENT ON FUNCTION explore_analytics.checks() IS 'Internal: the checks of health_check(), in their order: whether the owner of the tables asks, what has to be there (nothing, tables, cron), and the query.';

-- Runs checks as whoever calls. A check that fails is a finding, too.
CREATE OR REPLACE FUNCTION explore_analytics.run_checks(owners boolean, installed boolean, rescore_gap interval)
RETURNS TABLE (check_name text, status text, detail text, fix text)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  -- A caller need not even have USAGE on the home schema.
  events oid := CASE WHEN owners THEN to_regclass(format('%I.explore_engagements', explore_analytics.home())) END;
  rest regclass := (SELECT t.partdefid FROM pg_partitioned_table t WHERE t.partrelid = events AND t.partdefid <> 0);
  cron_here boolean := EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_cron');
  item record;
BEGIN
  FOR item IN SELECT c.check_name, c.needs, c.query FROM explore_analytics.checks() c
              WHERE c.as_owner = owners AND (installed OR c.needs <> 'tables') ORDER BY c.place LOOP
    check_name := item.check_name;
    IF item.needs = 'cron' AND NOT cron_here THEN
      status := 'OK'; detail := 'pg_cron is not installed in this database'; fix := NULL;
    ELSIF item.needs = 'cron' AND NOT has_schema_privilege('cron', 'USAGE') THEN
      status := 'WARN';
      detail := format('role %s may not look into schema cron', current_user);
      fix := format('GRANT USAGE ON SCHEMA cron TO %I;', current_user);
    ELSE
      BEGIN
        -- In one pass: a name may hold what looks like another mark.
        EXECUTE (SELECT string_agg(CASE m.part[1] WHEN '{s}' THEN quote_ident(explore_analytics.home()) WHEN '{e}' THEN coalesce(events, 0) || '::oid'
                   WHEN '{dq}' THEN coalesce(quote_literal(rest::text), '''''') WHEN '{d}' THEN coalesce(rest::text, '(SELECT now() AS created_at WHERE false)')
                   ELSE m.part[1] END, '' ORDER BY m.place)
                 FROM regexp_matches(item.query, '[{](?:s|e|dq|d)[}]|[^{]+|[{]', 'g') WITH ORDINALITY m(part, place))
          INTO status, detail, fix USING rescore_gap;
        fix := CASE WHEN status <> 'OK' THEN fix END;
      EXCEPTION
        WHEN insufficient_privilege THEN
          -- What the owner may not do keeps functions from working; install() grants it.
          status := CASE WHEN owners THEN 'FAIL' ELSE 'WARN' END;
          detail := CASE WHEN owners THEN format('role %s owns the tables, and lacks rights: ', current_user) ELSE '' END || SQLERRM;
          fix := CASE WHEN owners THEN 'CALL explore_analytics.install();' ELSE format('SELECT explore_analytics.grant_access(%L, ''operate'');', current_user) END;
        WHEN lock_not_available THEN
          status := 'WARN'; detail := 'somebody keeps a table locked: ' || SQLERRM;
          fix := 'SELECT pid, pg_blocking_pids(pid), query FROM pg_stat_activity WHERE wait_event_type = ''Lock'';';
        WHEN OTHERS THEN
          status := 'FAIL'; detail := format('the check itself fails: %s %s', SQLSTATE, SQLERRM);
          fix := 'CALL explore_analytics.install();';
      END;
    END IF;
    RETURN NEXT;
  END LOOP;
END $$;
COMMENT ON FUNCTION explore_analytics.run_checks(boolean, boolean, interval) IS 'Internal: runs the checks that the owner of the tables asks, or those that the caller does.';

CREATE OR REPLACE FUNCTION explore_analytics.owner_checks(rescore_gap interval)
  RETURNS TABLE (check_name text, status text, detail text, fix text)
  AS 'MODULE_PATHNAME', 'ea_owner_checks' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 20;
COMMENT ON FUNCTION explore_analytics.owner_checks(interval) IS 'Internal: the part of health_check() that looks into the tables, as their owner; one row that says so before install().';

CREATE OR REPLACE FUNCTION explore_analytics.health_check()
RETURNS TABLE (check_name text, status text, detail text, fix text)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 100000 ROWS 30 SET search_path = pg_catalog, pg_temp SET lock_timeout = '200ms' SET jit = off AS $$
#variable_conflict use_column
DECLARE
  rescore_gap interval := '1 hour';
  found jsonb;
BEGIN
  IF EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_cron') AND has_schema_privilege('cron', 'USAGE') THEN
    BEGIN
      EXECUTE 'SELECT coalesce(max(explore_analytics.schedule_gap(j.schedule)), $1) FROM cron.job j
               WHERE j.jobname = ''explore_analytics:rescore'' AND j.database = current_database()' INTO rescore_gap USING rescore_gap;
    EXCEPTION WHEN OTHERS THEN
      NULL;   -- the checks of jobs say what is wrong
    END;
  END IF;
  BEGIN
    found := (SELECT jsonb_agg(to_jsonb(o)) FROM explore_analytics.owner_checks(rescore_gap) o);
  EXCEPTION
    WHEN insufficient_privilege THEN
      -- The caller's rights, or those of the owner, as whom the checks are made.
      found := jsonb_build_array(CASE WHEN has_function_privilege('explore_analytics.owner_checks(interval)', 'EXECUTE')
        THEN jsonb_build_object('check_name', 'installed', 'status', 'FAIL', 'detail', 'the owner of the tables lacks rights: ' || SQLERRM, 'fix', 'CALL explore_analytics.install();')
        ELSE jsonb_build_object('check_name', 'installed', 'status', 'WARN', 'detail', SQLERRM, 'fix', format('SELECT explore_analytics.grant_access(%L, ''operate'');', current_user)) END);
    WHEN OTHERS THEN
      found := jsonb_build_array(jsonb_build_object('check_name', 'installed', 'status', 'FAIL', 'detail', format('%s %s', SQLSTATE, SQLERRM),
        'fix', 'CALL explore_analytics.install();'));
  END;
  RETURN QUERY
    SELECT f.check_name, f.status, f.detail, f.fix
    FROM (SELECT o.* FROM jsonb_to_recordset(found) AS o(check_name text, status text, detail text, fix text)
          UNION ALL
          SELECT * FROM explore_analytics.run_checks(false, jsonb_array_length(found) > 1, rescore_gap)) f
    JOIN explore_analytics.checks() c ON c.check_name = f.check_name ORDER BY c.place;
END $$;
COMMENT ON FUNCTION explore_analytics.health_check() IS
  'One row for each check: OK, WARN or FAIL, what was found, and the statement or line of configuration that mends it. Raises nothing and changes nothing; works before install(), without pg_cron, on a standby and in a read-only transaction. Counts the raw rows of the ledger, which is the costly part.';
