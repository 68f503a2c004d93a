-- Who sees what, how a viewer is forgotten, and what health_check() would mend.
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
CALL explore_analytics.create_roles('demo');
GRANT USAGE ON SCHEMA demo TO demo_reader;
CREATE FUNCTION demo.answer(identity bigint, question text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
BEGIN
  PERFORM set_config('explore_analytics.user_id', identity::text, true), set_config('role', 'demo_reader', true);
  EXECUTE question INTO result;
  PERFORM set_config('role', 'none', true);
  RETURN result;
EXCEPTION WHEN insufficient_privilege THEN
  RETURN SQLERRM;
END $$;
-- Looked at and undone, so that the rest of the demo has its viewer back.
CREATE FUNCTION demo.forget(viewer bigint, OUT events bigint, OUT viewers_before bigint, OUT viewers_after bigint, OUT ms float8, OUT differences bigint)
LANGUAGE plpgsql AS $$
DECLARE
  started timestamptz;
BEGIN
  viewers_before := unique_viewers(platform_summary());
  BEGIN
    started := clock_timestamp();
    events := explore_analytics.forget_viewer(viewer);
    ms := 1000 * extract(epoch FROM clock_timestamp() - started);
    viewers_after := unique_viewers(platform_summary());
    differences := (SELECT count(*) FROM explore_analytics.verify());
    RAISE EXCEPTION USING ERRCODE = 'DEMO1';
  EXCEPTION WHEN SQLSTATE 'DEMO1' THEN NULL;
  END;
END $$;
SELECT demo.recall('creator')::bigint AS creator,
  (SELECT c.creator_id FROM explore_content c WHERE c.creator_id <> demo.recall('creator')::bigint ORDER BY 1 LIMIT 1) AS other,
  (SELECT e.user_id FROM explore_engagements e WHERE e.user_id IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1) AS viewer \gset
SELECT '  as creator ' || :creator || ', about ' || who || ': ' || demo.answer(:creator, format('SELECT demo.num(total_views) || '' views'' FROM creator_analytics(%s)', who))
FROM unnest(ARRAY[:creator, :other]) WITH ORDINALITY w(who, n) ORDER BY n;
SELECT '  forget_viewer(' || :viewer || '): ' || demo.num(events) || ' events gone in ' || demo.num(ms) || ' ms, unique viewers '
  || demo.num(viewers_before) || ' before and ' || demo.num(viewers_after) || ' after, ' || demo.num(differences) || ' differences (undone here)'
FROM demo.forget(:viewer);
CREATE TEMP TABLE health AS SELECT * FROM explore_analytics.health_check();
SELECT '  health_check(): ' || string_agg(demo.num(n) || ' ' || status, ', ' ORDER BY status = 'OK' DESC, status)
FROM (SELECT status, count(*) AS n FROM health GROUP BY status) h;
SELECT '    ' || rpad(check_name, 18) || status || '  ' || detail || E'\n    ' || rpad('', 24) || split_part(fix, E'\n', 1) FROM health WHERE status <> 'OK';
