-- Between CREATE EXTENSION and install(): values and aggregates work, what needs tables says what to do.
SET timezone = 'UTC';
\set VERBOSITY terse
CREATE EXTENSION explore_analytics;

-- Nothing but the extension is there: no relation in its schemas.
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'explore_analytics' OR (n.nspname = 'public' AND c.relname LIKE 'explore%');
SELECT enum_range(NULL::engagement_type);

-- Values need no tables.
SELECT engagement_score(10, 4, 1, 1, 1, 1), views(s), unique_viewers(s) FROM
  (SELECT engagement_agg('view', v, 1000, true) AS s FROM generate_series(1, 3) v) x;
SELECT cardinality(viewer_set_agg(v)) FROM generate_series(1, 3) v;
SELECT current_creator_id() IS NULL AS nobody, explore_analytics.version() <> '' AS has_version;

-- Every function that needs them raises 55000, before it looks at its arguments, with the call to make.
DO $$
DECLARE
  call text;
  hint text;
BEGIN
  FOREACH call IN ARRAY ARRAY[
    'SELECT record_engagement_batch(''[]'')', 'SELECT record_engagement_body(''[]'')', 'SELECT record_engagement(1, ''view'')', 'SELECT create_session()', 'SELECT close_session(1)',
    'SELECT close_idle_sessions()', 'SELECT content_summary(1)', 'SELECT creator_summary(1)', 'SELECT platform_summary()',
    'SELECT video_analytics(1)', 'SELECT video_analytics(NULL)', 'SELECT videos_analytics()', 'SELECT creator_analytics(1)', 'SELECT creator_analytics()',
    'SELECT session_analytics(1)', 'SELECT aggregated_metrics(''day'')', 'SELECT creator_dashboard(1)', 'SELECT my_analytics_dashboard()',
    'SELECT metric_series(''views'')', 'SELECT top_videos()', 'SELECT batch_update_engagement_scores()',
    'SELECT explore_analytics.ensure_partitions(''2024-01-01'', ''2024-02-01'')', 'SELECT explore_analytics.prune_keys()',
    'SELECT explore_analytics.schedule_jobs()', 'CALL explore_analytics.uninstall()', 'CALL explore_analytics.uninstall(true)'] LOOP
    BEGIN
      EXECUTE call;
      RAISE NOTICE '%: accepted', call;
    EXCEPTION WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
      RAISE NOTICE '%: % %', call, SQLSTATE,
        CASE WHEN hint ~ 'CALL explore_analytics\.install\(\)' THEN 'with the hint' ELSE SQLERRM END;
    END;
  END LOOP;
END $$;

-- Whatever else reads or writes the tables does the same, here with NULLs.
DO $$
DECLARE
  door record;
BEGIN
  FOR door IN SELECT d.signature, p.pronargs, p.oid FROM explore_analytics.doors() d JOIN pg_proc p ON p.oid = d.signature
              WHERE p.prokind = 'f' AND p.proname NOT IN ('health_check', 'owner_checks') LOOP
    BEGIN
      EXECUTE format('SELECT %s(%s)', door.oid::regproc,
        (SELECT string_agg('NULL::' || format_type(t, NULL), ', ' ORDER BY o) FROM pg_proc p, unnest(p.proargtypes) WITH ORDINALITY a(t, o) WHERE p.oid = door.oid));
      RAISE NOTICE '%: accepted', door.signature;
    EXCEPTION
      WHEN object_not_in_prerequisite_state THEN NULL;
      WHEN OTHERS THEN RAISE NOTICE '%: % %', door.signature, SQLSTATE, SQLERRM;
    END;
  END LOOP;
END $$;
-- The first call of whoever wonders raises nothing, and tells.
SELECT check_name, status, detail, fix FROM explore_analytics.health_check() WHERE check_name = 'installed';
-- So do procedures that end transactions.
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
CALL explore_analytics.run_forever();
-- It made nothing on the way.
SELECT count(*) FROM pg_class WHERE relname LIKE 'explore\_%' AND relkind IN ('r', 'p', 'v', 'm');
