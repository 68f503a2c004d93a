-- Every function that reads or writes the tables, and what a role must be granted to call it. privacy: what
-- reaches single viewers; grant_access(role, 'operate') gives it, create_roles() gives it to nobody.
CREATE OR REPLACE FUNCTION explore_analytics.doors()
RETURNS TABLE (signature regprocedure, may text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH door(name, may) AS (VALUES
    ('record_engagement_batch', 'record'), ('record_engagement_body', 'record'), ('record_engagement', 'record'),
    ('create_session', 'record'), ('close_session', 'record'), ('identify_session', 'record'), ('close_idle_sessions', 'operate'),
    ('content_summary', 'read'), ('creator_summary', 'read'), ('platform_summary', 'read'),
    ('video_analytics', 'read'), ('videos_analytics', 'read'), ('creator_analytics', 'read'),
    ('session_analytics', 'read'), ('aggregated_metrics', 'read'), ('creator_dashboard', 'read'),
    ('my_analytics_dashboard', 'read'), ('metric_series', 'read'), ('top_videos', 'read'),
    ('live_metrics', 'read'), ('concurrent_viewers', 'read'), ('trending_content', 'read'),
    ('metric_trend', 'read'), ('metric_forecast', 'read'), ('compare_video', 'read'), ('compare_periods', 'read'),
    ('benchmark_creator', 'read'),
    ('viewer_retention', 'read'), ('viewer_lifecycle', 'read'), ('stickiness', 'read'),
    ('retention_curve', 'read'), ('audience_breakdown', 'read'),
    ('define_cohort', 'define'), ('cohort', 'define'), ('cohort_metrics', 'define'),
    ('create_boost_campaign', 'record'), ('set_boost_budget', 'record'), ('stop_boost_campaign', 'record'), ('charge_boost', 'record'), ('credit_boost', 'record'),
    ('define_experiment', 'define'), ('record_exposure', 'record'), ('assign_variant', 'record'), ('assign_variant', 'analyse'),
    ('experiment_results', 'analyse'),
    ('suspicious_viewers', 'analyse'), ('suspicious_viewers', 'operate'),
    ('funnel', 'read'), ('attribution', 'read'),
    ('campaign_analytics', 'read'), ('boost_revenue', 'read'),
    ('batch_update_engagement_scores', 'operate'), ('ensure_partitions', 'operate'),
    ('prune_keys', 'operate'), ('schedule_jobs', 'operate'), ('unschedule_jobs', 'operate'),
    ('daily_numbers', 'read'), ('active_days', 'read'), ('tail_days', 'read'), ('day_summary', 'read'),
    ('refresh', 'operate'), ('compact', 'operate'), ('run_forever', 'operate'),
    ('verify', 'operate'), ('rebuild', 'operate'), ('check_ledger', 'operate'), ('boost_faults', 'operate'),
    ('require_good_ledger', 'operate'), ('apply_retention', 'operate'), ('health_check', 'operate'), ('owner_checks', 'operate'),
    ('exclude_traffic', 'operate'), ('restore_traffic', 'operate'),
    ('forget_viewer', 'privacy'), ('export_viewer', 'privacy'), ('older_views', 'privacy'))
  SELECT p.oid::regprocedure, door.may
  FROM door
  JOIN pg_proc p ON p.proname = door.name
  JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
  WHERE e.extname = 'explore_analytics'
$$;
COMMENT ON FUNCTION explore_analytics.doors() IS 'Every function that reads or writes the tables, with the grant it needs: read, record, operate, define or privacy.';

CREATE OR REPLACE FUNCTION explore_analytics.grant_doors(role name, may text[]) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item record;
  fresh integer := 0;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = grant_doors.role) THEN
    RAISE EXCEPTION 'role "%" does not exist', role USING ERRCODE = 'undefined_object', HINT = 'Create the role first.';
  END IF;
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', explore_analytics.home(), role);
  -- analyse is a right, and no door.
  FOR item IN SELECT d.signature, has_function_privilege(role, d.signature, 'EXECUTE') AS had
              FROM (SELECT * FROM explore_analytics.doors() UNION ALL SELECT 'explore_analytics.sees_every_creator()'::regprocedure, 'analyse') d(signature, may)
              WHERE d.may = ANY (grant_doors.may) LOOP
    EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO %I', item.signature, role);
    fresh := fresh + (NOT item.had)::integer;
  END LOOP;
  IF 'operate' = ANY (may) THEN
    EXECUTE format('GRANT USAGE ON SCHEMA explore_analytics TO %I', role);
  END IF;
  FOR item IN SELECT r.relation, has_table_privilege(grant_doors.role, r.relation, 'SELECT') AS had FROM explore_analytics.relations() r
              WHERE r.role = 'view' AND 'read' = ANY (may) OR r.role = 'status' AND 'operate' = ANY (may) LOOP
    EXECUTE format('GRANT SELECT ON %s TO %I', item.relation, role);
    fresh := fresh + (NOT item.had)::integer;
  END LOOP;
  RETURN fresh;
END $$;
COMMENT ON FUNCTION explore_analytics.grant_doors(name, text[]) IS 'Internal: grants the doors and views of some kinds, and the right of analysts; returns how many of them are new to the role.';

-- What grant_access() gives, in kinds of doors; the roles of create_roles() have the same.
CREATE OR REPLACE FUNCTION explore_analytics.layout_access()
RETURNS TABLE (may text, doors text[])
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES ('read', '{read}'::text[]), ('analyse', '{read,analyse}'), ('record', '{record}'), ('operate', '{operate,privacy}'), ('define', '{read,analyse,define}')
$$;
COMMENT ON FUNCTION explore_analytics.layout_access() IS 'What grant_access() may be asked for, with the grants of doors() that it gives.';

CREATE OR REPLACE FUNCTION explore_analytics.grant_access(role name, may text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  doors text[] := (SELECT a.doors FROM explore_analytics.layout_access() a WHERE a.may = grant_access.may);
BEGIN
  IF role IS NULL OR may IS NULL THEN
    RAISE EXCEPTION 'role and may must not be null' USING ERRCODE = 'null_value_not_allowed',
      HINT = 'For example grant_access(''app'', ''record'').';
  END IF;
  IF doors IS NULL THEN
    RAISE EXCEPTION 'unknown access "%"', left(may, 60) USING ERRCODE = 'invalid_parameter_value',
      HINT = 'may is one of ' || (SELECT string_agg(a.may, ', ') FROM explore_analytics.layout_access() a) || '.';
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = grant_access.role) THEN
    RAISE EXCEPTION 'role "%" does not exist', role USING ERRCODE = 'undefined_object', HINT = 'Create the role first.';
  END IF;
  PERFORM explore_analytics.require_installed();
  -- A GRANT that one may not give is only a warning to the server.
  IF NOT has_table_privilege('explore_analytics.audit_log', 'INSERT')
     OR EXISTS (SELECT FROM (SELECT d.signature FROM explore_analytics.doors() d UNION ALL SELECT 'explore_analytics.sees_every_creator()'::regprocedure) d
                WHERE NOT has_function_privilege(d.signature, 'EXECUTE WITH GRANT OPTION')) THEN
    RAISE EXCEPTION 'permission denied to grant access' USING ERRCODE = 'insufficient_privilege',
      HINT = 'Ask a superuser or the owner of the tables.';
  END IF;
  PERFORM explore_analytics.grant_doors(role, doors);
  PERFORM explore_analytics.audit('grant_access', role, may);
END $$;
COMMENT ON FUNCTION explore_analytics.grant_access(name, text) IS
  'Lets a role read (analytics functions and BI views: of the creator it is by its identity, and nothing without one), analyse (the same of every creator), record (recording functions and sessions), operate (rescore, rollups, partitions, jobs, viewers'' rights) or define (what analyse gives, and cohorts of one''s own). Tables are granted to nobody. Logged in audit_log. Unknown access: error 22023; unknown role: 42704.';
