-- A call of every routine of the extension, taken from the catalogue, with valid arguments by name and type:
-- a new routine is called without a change here, or noticed because no argument is known for it.
-- Every call is fully qualified and passes every argument with its type: what runs besides is our doing.
CREATE SCHEMA torture;
GRANT USAGE ON SCHEMA torture TO PUBLIC;

-- One row a routine: schema, name, kind, and its arguments in order.
CREATE VIEW torture.routine AS
SELECT p.oid, n.nspname AS schema, p.proname AS name, p.prokind AS kind, p.prolang = 13 AS in_c,
       p.oid::pg_catalog.regprocedure::pg_catalog.text AS signature,
       ARRAY(SELECT t FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY u(t, i) ORDER BY i) AS types,
       p.provariadic <> 0 AS variadic,
       ARRAY(SELECT coalesce(p.proargnames[i], '') FROM generate_series(1, p.pronargs) i) AS names,
       EXISTS (SELECT FROM unnest(p.proargtypes::oid[]) t WHERE t IN ('internal'::regtype, 'cstring'::regtype)) OR p.prorettype IN ('trigger'::regtype)
         -- Kept for dumps of older versions; a step of attach_partition(), which is called.
         OR p.prosrc = 'ea_retired' OR p.proname = 'attach_month' AS not_for_sql
FROM pg_extension e
JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e' AND d.classid = 'pg_proc'::regclass
JOIN pg_proc p ON p.oid = d.objid
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE e.extname = 'explore_analytics';
GRANT SELECT ON torture.routine TO PUBLIC;

-- An expression for an argument, or NULL when none is known: texts have a meaning, which only the name tells.
CREATE FUNCTION torture.value_of(routine text, argument text, type oid) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN argument = 'argument' THEN 'NULL::pg_catalog.text'
    WHEN type = 'text'::regtype THEN quote_literal(CASE
      WHEN routine = 'jobs' OR argument IN ('rescore', 'refresh', 'schedule') THEN '* * * * *'
      ELSE CASE argument
        WHEN 'metric' THEN 'views' WHEN 'period' THEN 'week' WHEN 'bucket' THEN 'day' WHEN 'time_zone' THEN 'Asia/Dubai' WHEN 'baseline' THEN 'category' WHEN 'peers' THEN 'category' WHEN 'dimension' THEN 'gender' WHEN 'name' THEN 'savers'
        WHEN 'on_error' THEN 'skip' WHEN 'engagement_type' THEN 'view' WHEN 'may' THEN 'read' WHEN 'wanted' THEN 'explore_content'
        WHEN 'body' THEN '[{"contentId": 1, "engagementType": "view", "userId": 5, "sessionId": 1, "createdAt": "2025-03-01T00:00:00Z"}, {"contentId": 99, "engagementType": "view"}]'
        WHEN 'prefix' THEN 'torture' WHEN 'constraint_name' THEN 'explore_content_ids_positive' WHEN 'step' THEN 'make_partitions'
        WHEN 'statement' THEN 'SELECT 1' WHEN 'definition' THEN 'CHECK (id > 0)' WHEN 'role' THEN 'torture_app'
        WHEN 'of_relation' THEN 'rollup_totals' WHEN 'lost' THEN 'rollup_totals is missing'
        WHEN 'method' THEN CASE routine WHEN 'p_adjust' THEN 'holm' WHEN 'experiment_results' THEN 'welch' ELSE 'ses' END WHEN 'correction' THEN 'bh'
        WHEN 'conversion' THEN 'click' WHEN 'model' THEN CASE routine WHEN 'attribution_weights' THEN 'time_decay' ELSE 'markov' END WHEN 'key' THEN 'source'
        WHEN 'experiment' THEN 'savers' WHEN 'variant' THEN 'save' WHEN 'unit' THEN '1001' WHEN 'seed' THEN 'a seed'
        WHEN 'mode' THEN 'once' WHEN 'scope' THEN 'any' WHEN 'currency' THEN 'ZAR' WHEN 'kind' THEN CASE routine WHEN 'charge_boost' THEN 'click' ELSE 'recurring' END WHEN 'action' THEN 'try' WHEN 'subject' THEN 'a subject' WHEN 'detail' THEN 'a detail' WHEN 'reason' THEN 'a reason' END END) || '::pg_catalog.text'
    WHEN type = 'name'::regtype THEN quote_literal(CASE argument WHEN 'owner' THEN 'torture_owner' ELSE 'torture_app' END) || '::pg_catalog.name'
    WHEN type = 'regclass'::regtype THEN (SELECT quote_literal(format('%I.%I', n.nspname, CASE routine WHEN 'drop_partition' THEN 'explore_engagements' ELSE 'explore_content' END)) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'explore_analytics') || '::pg_catalog.regclass'
    -- put_identity() has given one, which would keep the role from what it may.
    WHEN routine IN ('metric_series', 'metric_trend', 'metric_forecast', 'live_metrics', 'viewer_retention', 'viewer_lifecycle', 'stickiness', 'funnel', 'attribution', 'boost_revenue', 'audience_breakdown', 'set_identity') AND argument = 'creator_id' THEN 'NULL::pg_catalog.int8'
    WHEN routine IN ('exclude_traffic', 'restore_traffic') AND argument = 'session_id' THEN 'NULL::pg_catalog.int8'    -- one of the two
    -- A visitor's, who logs in with the first call.
    WHEN routine = 'identify_session' AND argument = 'session_id' THEN quote_literal(3) || '::pg_catalog.int8'
    WHEN type IN ('int8'::regtype, 'int4'::regtype, 'int2'::regtype) THEN quote_literal(CASE argument WHEN 'completions' THEN 0 WHEN 'upto' THEN -1 WHEN 'season' THEN 2 WHEN 'min_group' THEN 5 WHEN 'min_peers' THEN 5 ELSE 1 END) || '::pg_catalog.' || t.typname
    WHEN type IN ('float8'::regtype, 'numeric'::regtype) THEN quote_literal(CASE WHEN argument IN ('level', 'power', 'alpha', 'beta', 'gamma', 'coverage', 'winsorize') THEN '0.5' ELSE '1.5' END) || '::pg_catalog.' || t.typname
    WHEN type = 'bool'::regtype THEN quote_literal((argument <> 'drop_data')::text) || '::pg_catalog.bool'
    WHEN type = 'jsonb'::regtype THEN quote_literal(CASE argument
        WHEN 'engagements' THEN '[{"contentId": 1, "engagementType": "view", "userId": 5, "sessionId": 1, "watchTime": 1.5, "completed": true, "createdAt": "2025-03-01T00:00:00Z"}, {"contentId": 99, "engagementType": "view"}, {"contentId": 1, "engagementType": "save", "userId": 5}, {"contentId": 1, "engagementType": "complete", "userId": 5, "sessionId": 1}, 7]'
        WHEN 'entry' THEN '{"login": "torture_app", "creator_id": 1, "role": "torture_app", "action": "try"}'
        WHEN 'paths' THEN '[{"path": ["a", "b"], "conversions": 2, "nulls": 1}, {"path": ["b"], "conversions": 1}]'
        WHEN 'rule' THEN '{"all": [{"did": "save", "atLeast": 1}, {"not": {"attribute": "country", "is": "AE"}}]}'
        ELSE '{"country": "AE", "shoe": "left"}' END) || '::pg_catalog.jsonb'
    WHEN type = 'timestamptz'::regtype THEN quote_literal(CASE
        WHEN argument IN ('start_date', 'from_time') THEN '2025-03-01 00:00+00' WHEN argument IN ('ended_at', 'ends_at') THEN '2100-01-01 00:00+00' ELSE '2025-04-01 00:00+00' END)
        || '::pg_catalog.timestamptz'
    WHEN type = 'date'::regtype THEN quote_literal(CASE argument WHEN 'to_date' THEN '2025-05-01' ELSE '2025-03-01' END) || '::pg_catalog.date'
    WHEN type = 'date[]'::regtype THEN quote_literal('{2025-03-01,2025-03-02}') || '::pg_catalog._date'
    WHEN type = 'interval'::regtype THEN quote_literal(CASE argument WHEN 'keep' THEN '100 years' ELSE '1 hour' END) || '::pg_catalog.interval'
    WHEN type = 'uuid'::regtype THEN CASE routine WHEN 'charge_boost' THEN quote_literal('00000000-0000-0000-0000-000000000001') ELSE 'NULL' END || '::pg_catalog.uuid'
    WHEN type = 'bytea'::regtype THEN 'pg_catalog.decode(' || quote_literal('0000000000000000') || ', ' || quote_literal('hex') || ')'
    WHEN type = 'int8[]'::regtype THEN quote_literal('{1,2}') || '::pg_catalog._int8'
    WHEN type = 'text[]'::regtype THEN quote_literal(CASE argument WHEN 'may' THEN '{read,record}' WHEN 'metrics' THEN '{any_save,total_watch_time,click_rate}' ELSE '{view,save}' END) || '::pg_catalog._text'
    WHEN type = 'timestamptz[]'::regtype THEN quote_literal('{2025-03-01 00:00+00,2025-03-02 00:00+00}') || '::pg_catalog._timestamptz'
    WHEN type = 'bool[]'::regtype THEN quote_literal('{true,false}') || '::pg_catalog._bool'
    WHEN type = 'float8[]'::regtype THEN quote_literal(CASE argument WHEN 'weights' THEN CASE routine WHEN 'define_experiment' THEN '{0.25,0.75}' ELSE '{1,2}' END WHEN 'p_values' THEN '{0.01,0.5}' ELSE '{1,2,3,4,5,6,7,8}' END) || '::pg_catalog._float8'
    WHEN t.typname = 'engagement_type' THEN quote_literal('view') || '::' || ours
    WHEN t.typname = 'engagement_summary' THEN quote_literal(v.summary) || '::' || ours
    WHEN t.typname = 'viewer_set' THEN quote_literal(v.viewers) || '::' || ours
  END
  FROM pg_type t, (SELECT format('%I.%I', n.nspname, t.typname) AS ours FROM pg_namespace n, pg_type t WHERE t.oid = type AND n.oid = t.typnamespace) o,
    -- One completed view of viewer 7.
    (VALUES ('5QEAAAEAAQAAAAAA3AsBAQIBDg==', '5gEAAAEO')) v(summary, viewers)
  WHERE t.oid = type
$$;

-- The call of one routine, or NULL when an argument is not known. `replaced` stands for the argument of that number.
CREATE FUNCTION torture.call_of(routine oid, number integer DEFAULT NULL, replaced text DEFAULT NULL) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN a.list IS NULL THEN NULL
      WHEN r.kind = 'p' THEN format('CALL %I.%I(%s)', r.schema, r.name, a.list)
      WHEN r.kind = 'a' THEN format('SELECT %I.%I(%s) FROM (VALUES (%s)) v(%s)', r.schema, r.name, a.passed, a.list, a.columns)
      ELSE format('SELECT * FROM %I.%I(%s) f', r.schema, r.name, a.list) END
  FROM torture.routine r,
    LATERAL (SELECT CASE WHEN count(*) = count(v) THEN coalesce(string_agg(v, ', ' ORDER BY i), '') END AS list,
                    coalesce(string_agg('a' || i, ', ' ORDER BY i), '') AS columns,
                    coalesce(string_agg(CASE WHEN r.variadic AND i = cardinality(r.types) THEN 'VARIADIC ' ELSE '' END || 'a' || i, ', ' ORDER BY i), '') AS passed
             FROM (SELECT i, CASE WHEN i = number THEN replaced ELSE torture.value_of(r.name, r.names[i], r.types[i]) END AS v
                   FROM generate_series(1, cardinality(r.types)) i) x) a
  WHERE r.oid = routine
$$;

-- Everything a role may call, one statement a line, with the errors that are as good as an answer behind "-- may".
CREATE FUNCTION torture.calls(caller name, home text) RETURNS SETOF text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  super boolean := (SELECT rolsuper FROM pg_roles WHERE rolname = caller);
  item record;
BEGIN
  FOR item IN
    SELECT r.*, torture.call_of(r.oid) AS call FROM torture.routine r
    WHERE NOT r.not_for_sql AND has_function_privilege(caller, r.oid, 'EXECUTE') AND has_schema_privilege(caller, r.schema, 'USAGE')
      AND (super OR r.name !~ '^install')
      AND r.name !~ '^(uninstall|release|put_aside)'
    ORDER BY r.name, r.signature
  LOOP
    IF item.call IS NULL THEN
      RAISE EXCEPTION 'no arguments are known for %: teach torture.value_of() in security_calls.sql', item.signature;
    END IF;
    IF item.name = 'run_forever' THEN
      RETURN NEXT 'SET statement_timeout = 700;';
      RETURN NEXT item.call || '; -- may 57014';
      RETURN NEXT 'RESET statement_timeout;';
    ELSE
      RETURN NEXT item.call || ';' || CASE
        WHEN item.name IN ('schedule_jobs', 'unschedule_jobs', 'require_cron') THEN ' -- may 55000 42501'
        WHEN item.name = 'install_table' THEN ' -- may 42P07'
        WHEN item.name = 'drop_partition' THEN ' -- may 55000'   -- retention has taken nothing over
        WHEN item.name ~ '_step$' THEN ' -- may 0A000'
        WHEN item.name = 'my_analytics_dashboard' THEN ' -- may 22004'
        WHEN item.name IN ('cohort', 'cohort_metrics') THEN ' -- may 42704 42501'    -- defined later, or somebody else's
        WHEN item.name = 'experiment_results' THEN ' -- may P0002'    -- where nobody has defined one
        WHEN item.name IN ('assign_variant', 'record_exposure') THEN ' -- may P0002 23503'    -- defined later; the session is gone with its user
        WHEN item.name IN ('charge_boost', 'set_boost_budget', 'stop_boost_campaign') THEN ' -- may P0002 23503'    -- where nobody has made one; the session is gone with its user
        WHEN item.name = 'campaign_analytics' THEN ' -- may P0002 42501'    -- somebody else's, or none
        WHEN item.name = 'credit_boost' THEN ' -- may P0002 22023'    -- nothing is spent
        WHEN item.name = 'identify_session' THEN ' -- may P0002'    -- gone with its user by forget_viewer()
        WHEN NOT super AND item.name = 'define_cohort' THEN ' -- may 42501'
        WHEN NOT super AND item.name IN ('grant_access', 'make_partitions', 'attach_partition', 'create_roles') THEN ' -- may 42501'
        ELSE '' END;
    END IF;
  END LOOP;
  -- Through views, types' texts and tables.
  FOR item IN SELECT c.oid::regclass AS relation FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE c.relkind IN ('v', 'm') AND (n.nspname = 'explore_analytics' OR n.nspname = home AND c.relname LIKE 'explore\_%')
                AND has_table_privilege(caller, c.oid, 'SELECT') ORDER BY 1 LOOP
    RETURN NEXT format('TABLE %s;', item.relation);
  END LOOP;
  FOR item IN SELECT r.name, r.schema, torture.value_of('', '', t.oid) AS value FROM torture.routine r JOIN pg_type t ON t.typoutput = r.oid AND t.typtype = 'b' LOOP
    RETURN NEXT format('SELECT %s;', item.value);
  END LOOP;
  IF has_table_privilege(caller, format('%I.explore_content', home)::regclass, 'INSERT') THEN
    RETURN NEXT format('INSERT INTO %I.explore_content (creator_id, title) VALUES (2, ''three'');', home);
    RETURN NEXT format('INSERT INTO %I.explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (1, 5, ''view'', ''2025-03-03 00:00+00''), (1, 6, ''skip'', ''2024-03-03 00:00+00'');', home);
    RETURN NEXT format('TRUNCATE %I.explore_engagements; -- may 0A000', home);
    RETURN NEXT 'CALL explore_analytics.refresh(''0''::pg_catalog.int8);';
  END IF;
  -- What pg_cron would run, in a path that is not ours.
  IF super THEN
    FOR item IN SELECT command FROM explore_analytics.jobs('0 * * * *', '* * * * *') LOOP
      RETURN NEXT item.command || ';' || CASE WHEN strpos(item.command, ' cron.') > 0 THEN ' -- may 42P01' ELSE '' END;
    END LOOP;
    -- put_aside() is a part of uninstall(), which wants to be the first to call it.
    FOR item IN SELECT torture.call_of(r.oid) AS call FROM torture.routine r WHERE r.name ~ '^(uninstall|release)' ORDER BY r.name DESC LOOP
      RETURN NEXT item.call || ';';
    END LOOP;
    RETURN NEXT 'CALL explore_analytics.install(''torture_owner''::pg_catalog.name);';
  END IF;
END $$;
