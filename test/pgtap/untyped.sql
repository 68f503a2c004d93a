-- Drivers send parameters without types, and NULL for what the caller left out: both mean the same as
-- the plain call. Every function of the API is taken from the catalog, so a new one takes part by itself.
\set QUIET on
SET client_min_messages = warning;
BEGIN;

-- ---------------------------------------------------------------------------------------------------
-- Some data: two creators, three videos, two sessions, fixed events
-- ---------------------------------------------------------------------------------------------------
INSERT INTO explore_content (id, creator_id, title) VALUES (1, 7, 'one'), (2, 7, 'two'), (3, 8, 'three');
INSERT INTO explore_discovery_videos (id, content_id, duration_ms) VALUES (11, 1, 10000), (12, 2, 20000), (13, 3, NULL);
INSERT INTO explore_feed_sessions (id, user_id, session_start, session_end) VALUES
  (101, 5, now() - interval '2 hours', now() - interval '1 hour'), (102, NULL, now() - interval '3 days', NULL);
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
SELECT 1 + n % 3, CASE WHEN n % 4 > 0 THEN 1 + n % 9 END, CASE WHEN n % 4 = 0 THEN 102 WHEN n % 5 = 0 THEN 101 END,
       (ARRAY['view', 'view', 'view', 'save', 'share', 'click', 'skip', 'complete', 'impression', 'progress'])[1 + n % 10]::engagement_type,
       100 * n, n % 2 = 0, now() - n * interval '17 hours'
FROM generate_series(1, 180) n;
SET LOCAL explore_analytics.user_id = '7';
SELECT define_cohort('untyped', '{"did": "view"}'), define_experiment('untyped', '{a,b}'), create_boost_campaign(1, 5, 'ZAR', 1) AS campaign \gset
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 1, 901, 'view', '2025-03-03 10:00' FROM generate_series(1, 31);    -- too many for a minute
SELECT FROM charge_boost(:campaign, '00000000-0000-0000-0000-000000000007', 'click') a, charge_boost(:campaign, '00000000-0000-0000-0000-000000000008', 'impression') b \g /dev/null

-- ---------------------------------------------------------------------------------------------------
-- The API: plain functions and aggregates, with a value for each argument
-- ---------------------------------------------------------------------------------------------------
CREATE TEMPORARY TABLE internal (name name);
INSERT INTO internal VALUES ('engagement_agg_step'), ('engagement_summary_step'), ('engagement_summary_final'), ('engagement_summary_add'),
  ('engagement_summary_in'), ('engagement_summary_out'), ('engagement_summary_recv'), ('engagement_summary_send'),
  ('engagement_score_step'), ('engagement_score_final'), ('viewer_set_agg_step'), ('viewer_set_agg_final'),
  ('viewer_set_in'), ('viewer_set_out'), ('viewer_set_recv'), ('viewer_set_send'), ('viewer_set_union'), ('viewer_set_intersection'),
  ('window_funnel_step'), ('window_funnel_combine'), ('window_funnel_serialize'), ('window_funnel_deserialize'), ('window_funnel_final'),
  ('viewer_set_difference'), ('viewer_set_contains'), ('viewer_set_has'), ('viewer_set_eq');
CREATE TEMPORARY TABLE api AS
SELECT p.oid, p.oid::regprocedure::text AS signature, n.nspname, p.proname, p.prokind, p.pronargs, p.pronargdefaults, p.proretset, p.proargtypes, p.proargnames,
       quote_ident(n.nspname) || '.' || quote_ident(p.proname) AS called
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid AND e.extname = 'explore_analytics'
WHERE p.prokind IN ('f', 'a')
  AND (n.nspname = 'public' AND p.proname NOT IN (SELECT name FROM internal)
       OR n.nspname = 'explore_analytics' AND p.proname IN ('schedule_jobs', 'unschedule_jobs', 'grant_access', 'set_identity', 'ensure_partitions',
          'verify', 'rebuild', 'health_check', 'forget_viewer', 'export_viewer'));
CREATE TEMPORARY TABLE value (name text, literal text);
INSERT INTO value VALUES
  ('content_id', '1'), ('video_id', '11'), ('start_date', '''2025-03-01'''), ('end_date', '''2025-03-08'''), ('creator_id', '7'), ('session_id', '101'), ('period', '''week'''), ('metric', '''views'''), ('peers', '''platform'''), ('min_peers', '1'), ('max_views_per_minute', '3'), ('max_same_content_per_day', '5'), ('dimension', '''gender'''),
  ('engagement_type', '''view'''), ('engagements', '''[{"contentId": 1, "engagementType": "view", "watchTime": 1.5}, {"contentId": 99, "engagementType": "view"}]'''),
  ('body', '''[{"contentId": 1, "engagementType": "view", "watchTime": 1.5}, {"contentId": 99, "engagementType": "view"}]'''),
  ('role', '''untyped_reader'''), ('login', '''untyped_reader'''), ('may', '''read'''), ('user_id', '5'), ('summary', '(SELECT platform_summary()::text)'),
  ('viewers', '(SELECT viewers(platform_summary())::text)'), ('roaring', '(SELECT to_roaring(viewers(platform_summary()))::text)'),
  ('views', '10'), ('completions', '4'), ('saves', '3'), ('shares', '2'), ('clicks', '1'), ('skips', '0'),
  ('viewer_key', '-3'), ('successes', '7'), ('n', '9'), ('n_a', '9'), ('n_b', '9'), ('successes_a', '3'), ('successes_b', '5'), ('mean_a', '0.1'), ('mean_b', '0.2'), ('variance_a', '1'), ('variance_b', '2'),
  ('diff', '0.5'), ('se', '0.2'), ('observed', '''{5,7}'''), ('p_values', '''{0.01,0.04}'''), ('series', '''{3,5,4,8}'''), ('value', '3'), ('max', '8'), ('horizon', '2'), ('steps', '''{view,save}'''), ('model', '''linear'''), ('touched_at', '''{2025-03-01,2025-03-02}'''), ('converted_at', '''2025-03-08'''), ('paths', '''[{"path": ["a"], "conversions": 1}]'''), ('within', '''1 hour'''), ('mode', ''''''), ('at', '''2025-03-01'''), ('conditions', 'true'), ('name', '''untyped'''), ('rule', '''{"did": "save", "atLeast": 2}'''), ('metrics', '''{views,save_rate}'''), ('experiment', '''untyped'''), ('variant', '''b'''), ('variants', '''{a,b}'''), ('weights', '''{0.4,0.6}'''), ('seed', '''seed'''), ('unit', '''1001'''), ('coverage', '1'), ('tuning', '1000'), ('exposed_at', '''2025-03-01'''), ('watch_time_ms', '1500'), ('completed', 'true'),
  ('campaign_id', '(SELECT max(campaign_id) FROM explore_boost_campaigns)'), ('budget', '9.5'), ('currency', '''ZAR'''), ('event_id', '''00000000-0000-0000-0000-000000000008'''), ('kind', '''click''');
CREATE ROLE untyped_reader;

CREATE TEMPORARY TABLE optional AS
SELECT a AS f, a.signature, a.proname, n, a.proargnames[n] AS name
FROM api a, generate_series(1, a.pronargs) n WHERE n > a.pronargs - a.pronargdefaults AND proname NOT IN ('schedule_jobs', 'credit_boost');
SELECT plan(1 + api + 1 + (api - 3) + 1 + optional + 2 * with_optional + 3)
FROM (SELECT count(*)::int AS api, (count(*) FILTER (WHERE pronargdefaults > 0 AND proname NOT IN ('schedule_jobs', 'credit_boost')))::int AS with_optional FROM api) a,
     (SELECT count(*)::int AS optional FROM optional) o;
SELECT cmp_ok((SELECT count(*) FROM api), '>=', 52::bigint, 'the API is found in the catalog');

-- ---------------------------------------------------------------------------------------------------
-- PREPARE without types finds the function and its types
-- ---------------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.prepared_types(which oid) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  f record;
  types text;
BEGIN
  SELECT * INTO f FROM api WHERE oid = which;
  EXECUTE format('PREPARE untyped AS SELECT %s%s(%s)%s', CASE WHEN f.proretset THEN '* FROM ' ELSE '' END, f.called,
    (SELECT string_agg('$' || n, ', ' ORDER BY n) FROM generate_series(1, f.pronargs) n), '');
  SELECT array_to_string(s.parameter_types, ', ') INTO types FROM pg_prepared_statements s WHERE s.name = 'untyped';
  DEALLOCATE untyped;
  RETURN types;
END $$;
SELECT is(pg_temp.prepared_types(oid), array_to_string(proargtypes::oid[]::regtype[], ', '), 'PREPARE without types: ' || signature)
FROM api WHERE proname NOT IN ('cardinality', 'window_funnel') ORDER BY signature;
-- The last of its arguments stands for any number.
SELECT is(pg_temp.prepared_types(oid), 'interval, text, timestamp with time zone, boolean', 'PREPARE without types: ' || signature) FROM api WHERE proname = 'window_funnel';
-- pg_catalog has one of that name for arrays, so this one cannot be told without a type.
SELECT throws_ok('PREPARE untyped AS SELECT cardinality($1)', '42725', NULL, 'cardinality($1) is ambiguous with that of arrays');
PREPARE typed AS SELECT cardinality($1::viewer_set);
SELECT is((SELECT parameter_types FROM pg_prepared_statements WHERE name = 'typed'), ARRAY['viewer_set'::regtype], 'cardinality($1::viewer_set) is not');

-- Literals without a type behave the same; every function can be executed this way.
CREATE FUNCTION pg_temp.value_of(f api, n int) RETURNS text LANGUAGE sql AS $$
  SELECT coalesce((SELECT v.literal FROM value v WHERE v.name = coalesce(nullif((f).proargnames[n], ''),
    CASE ((f).proargtypes::oid[])[n - 1 + array_lower((f).proargtypes::oid[], 1)]::regtype::text WHEN 'engagement_summary' THEN 'summary' WHEN 'engagement_type' THEN 'engagement_type' END)), 'NULL')
$$;
CREATE FUNCTION pg_temp.call(f api, arguments text) RETURNS text LANGUAGE sql AS $$
  SELECT format('SELECT %s%s(%s)%s', CASE WHEN (f).proretset THEN 'x::text FROM ' ELSE '' END, (f).called, arguments, CASE WHEN (f).proretset THEN ' x' ELSE '' END)
$$;
SELECT lives_ok(pg_temp.call(a, coalesce((SELECT string_agg(CASE WHEN v LIKE '(SELECT%' THEN v || '::' || t ELSE v END, ', ' ORDER BY n)
    FROM (SELECT n, CASE WHEN n > a.pronargs - a.pronargdefaults THEN 'NULL' ELSE pg_temp.value_of(a, n) END AS v, (a.proargtypes::oid[])[n - 1 + array_lower(a.proargtypes::oid[], 1)]::regtype::text AS t
          FROM generate_series(1, a.pronargs) n) x), '')),
  'executed, NULL for what is optional: ' || signature)
FROM api a WHERE proname NOT IN ('schedule_jobs', 'unschedule_jobs', 'forget_viewer', 'credit_boost') ORDER BY signature;
-- Of somebody who has nothing to forget.
SELECT lives_ok('SELECT explore_analytics.forget_viewer(''4711'')', 'executed: forget_viewer(bigint)');

-- ---------------------------------------------------------------------------------------------------
-- NULL is the default: each optional argument in turn, and all of them
-- ---------------------------------------------------------------------------------------------------
-- What a call returns and what it leaves behind, without ids handed out by sequences; undone afterwards.
CREATE FUNCTION pg_temp.outcome(call text, name name) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
  line text;
BEGIN
  BEGIN
    FOR line IN EXECUTE call LOOP
      result := concat_ws(E'\n', result, CASE WHEN name IN ('create_session', 'create_boost_campaign') THEN 'an id' ELSE line END);
    END LOOP;
    -- verify() has nothing to say about good rollups.
    result := coalesce(result, CASE WHEN name = 'verify' THEN 'no row' END) || (SELECT coalesce(string_agg((to_jsonb(e) - 'id')::text, E'\n' ORDER BY e.id), '') FROM explore_engagements e)
      || (SELECT string_agg((to_jsonb(s) - CASE WHEN s.id IN (101, 102) THEN '' ELSE 'id' END)::text, E'\n' ORDER BY s.id) FROM explore_feed_sessions s)
      || (SELECT string_agg(c::text, E'\n' ORDER BY c.id) FROM explore_content c)
      || (SELECT string_agg((to_jsonb(c) - 'campaign_id')::text, E'\n' ORDER BY c.campaign_id) FROM explore_boost_campaigns c)
      || (SELECT count(*) FROM pg_inherits WHERE inhparent = 'explore_engagements'::regclass);
    RAISE EXCEPTION USING ERRCODE = 'UT001';
  EXCEPTION WHEN SQLSTATE 'UT001' THEN
    RETURN result;
  END;
END $$;
CREATE FUNCTION pg_temp.required(f api) RETURNS text LANGUAGE sql AS $$
  SELECT coalesce(string_agg(pg_temp.value_of(f, n), ', ' ORDER BY n), '') FROM generate_series(1, (f).pronargs - (f).pronargdefaults) n
$$;
SELECT cmp_ok((SELECT count(*) FROM optional), '>=', 49::bigint, 'optional arguments found');
SELECT isnt(pg_temp.outcome(pg_temp.call(a, pg_temp.required(a)), a.proname), NULL, 'called with what is required only: ' || signature)
FROM api a WHERE pronargdefaults > 0 AND proname NOT IN ('schedule_jobs', 'credit_boost') ORDER BY signature;
SELECT is(pg_temp.outcome(pg_temp.call(f, concat_ws(', ', nullif(pg_temp.required(f), ''), name || ' => NULL')), proname),
          pg_temp.outcome(pg_temp.call(f, pg_temp.required(f)), proname), format('%s: %s => NULL is its default', signature, name))
FROM optional ORDER BY signature, n;
SELECT is(pg_temp.outcome(pg_temp.call(a, concat_ws(', ', nullif(pg_temp.required(a), ''), repeat('NULL, ', pronargdefaults - 1) || 'NULL')), proname),
          pg_temp.outcome(pg_temp.call(a, pg_temp.required(a)), proname), signature || ': NULL for all that is optional')
FROM api a WHERE pronargdefaults > 0 AND proname NOT IN ('schedule_jobs', 'credit_boost') ORDER BY signature;

-- Procedures: a literal without a type.
SELECT lives_ok('CALL explore_analytics.install(NULL)', 'install(NULL)');
SELECT lives_ok('CALL explore_analytics.uninstall(NULL)', 'uninstall(NULL)');
SELECT has_table('public', 'explore_content', 'uninstall(NULL) keeps the data: the default is false');

SELECT * FROM finish();
ROLLBACK;
