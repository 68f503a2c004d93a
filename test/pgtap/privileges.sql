-- Who may ask, and what about: every door without a grant, every relation, what an identity sees.
-- Everything belongs to a role without special rights.
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
-- What an interrupted run left behind.
DO $$
DECLARE
  role regrole;
BEGIN
  FOR role IN SELECT oid FROM pg_roles WHERE rolname LIKE 'ea\_tap\_%' AND rolname NOT LIKE 'ea\_tap\_i\_%' LOOP
    EXECUTE format('DROP OWNED BY %s CASCADE', role);
    EXECUTE format('DROP ROLE %s', role);
  END LOOP;
END $$;
CREATE ROLE ea_tap_owner;
CREATE ROLE ea_tap_reader;
CREATE ROLE ea_tap_analyst;
CREATE ROLE ea_tap_recorder;
CREATE ROLE ea_tap_operator;
CREATE ROLE ea_tap_definer;
CREATE ROLE ea_tap_nobody;
CREATE ROLE ea_tap_gateway;
CREATE EXTENSION explore_analytics;
CALL explore_analytics.install('ea_tap_owner');
SELECT explore_analytics.grant_access(role, may) FROM (VALUES ('ea_tap_reader'::name, 'read'), ('ea_tap_analyst', 'analyse'), ('ea_tap_recorder', 'record'),
  ('ea_tap_operator', 'operate'), ('ea_tap_definer', 'define'), ('ea_tap_gateway', 'read'), ('ea_tap_gateway', 'record')) g(role, may) \g /dev/null
GRANT SET ON PARAMETER explore_analytics.user_id TO ea_tap_gateway;

-- Creator 1 has contents 1 and 3, creator 2 has content 2; ids of videos are those of contents.
INSERT INTO explore_content (id, creator_id, title) VALUES (1, 1, 'mine'), (2, 2, 'theirs'), (3, 1, 'also mine');
INSERT INTO explore_discovery_videos (id, content_id) VALUES (1, 1), (2, 2), (3, 3);
INSERT INTO explore_feed_sessions (id, user_id) VALUES (901, 1), (902, 2), (903, NULL);
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms)
SELECT 1 + n % 3, n, 901 + n % 3, 'view', 1000 FROM generate_series(1, 60) n;
SELECT batch_update_engagement_scores() \g /dev/null
SELECT FROM charge_boost(create_boost_campaign(1, 9, 'ZAR', 1), gen_random_uuid(), 'impression') \g /dev/null
SET ROLE ea_tap_definer;
SELECT define_cohort('of the definer', '{"did": "view"}'), define_experiment('defined', '{a,b}') \g /dev/null
SELECT define_experiment('results of the definer', '{a,b}') \g /dev/null
RESET ROLE;

BEGIN;
SELECT no_plan();
-- Runs a query as a role, with an identity if given; what came of it: "rows: n", or SQLSTATE and message.
CREATE FUNCTION pg_temp.attempt(role name, query text, identity text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  n bigint;
  told text;
  hint text;
BEGIN
  BEGIN
    IF identity IS NOT NULL THEN PERFORM set_config('explore_analytics.user_id', identity, true); END IF;
    PERFORM set_config('role', role, true);
    EXECUTE query;
    GET DIAGNOSTICS n = ROW_COUNT;
    PERFORM set_config('role', 'none', true);
    RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = 'rows: ' || n;       -- undo everything
  EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    told := CASE WHEN SQLSTATE = 'ZZ001' THEN SQLERRM ELSE concat_ws(' ', SQLSTATE, SQLERRM, '(' || nullif(hint, '') || ')') END;
  END;
  RETURN told;
END $$;
-- The same for one value.
CREATE FUNCTION pg_temp.answer(role name, query text, identity text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  told text;
BEGIN
  BEGIN
    IF identity IS NOT NULL THEN PERFORM set_config('explore_analytics.user_id', identity, true); END IF;
    PERFORM set_config('role', role, true);
    EXECUTE query INTO told;
    PERFORM set_config('role', 'none', true);
    RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = coalesce(told, 'null');
  EXCEPTION WHEN OTHERS THEN
    told := CASE WHEN SQLSTATE = 'ZZ001' THEN SQLERRM ELSE SQLSTATE || ' ' || SQLERRM END;
  END;
  RETURN told;
END $$;

-- ---------------------------------------------------------------------------------------------------
-- Every door, for every kind of role
-- ---------------------------------------------------------------------------------------------------
CREATE TEMP TABLE door (n int GENERATED ALWAYS AS IDENTITY, may text, query text);
INSERT INTO door (may, query) VALUES
  ('record', $$SELECT record_engagement_batch('[{"contentId": 1, "engagementType": "view"}]')$$), ('record', $$SELECT record_engagement(1, 'view')$$),
  ('record', $$SELECT record_engagement_body('[{"contentId": 1, "engagementType": "view"}]')$$), ('record', 'SELECT create_session()'), ('record', 'SELECT close_session(901)'), ('record', 'SELECT identify_session(901, 1)'),
  ('operate', 'SELECT close_idle_sessions()'), ('operate', 'SELECT batch_update_engagement_scores(true)'),
  ('operate', $$SELECT explore_analytics.ensure_partitions('2001-01-01', '2001-02-01')$$), ('operate', 'SELECT explore_analytics.prune_keys()'),
  ('operate', 'SELECT * FROM explore_analytics.health_check()'), ('operate', 'SELECT explore_analytics.schedule_jobs()'), ('operate', 'SELECT explore_analytics.unschedule_jobs()'),
  ('read', 'SELECT content_summary(1)'), ('read', 'SELECT creator_summary(1)'), ('read', 'SELECT platform_summary()'),
  ('read', 'SELECT * FROM video_analytics(1)'), ('read', 'SELECT * FROM videos_analytics()'), ('read', 'SELECT * FROM creator_analytics(1)'),
  ('read', 'SELECT * FROM session_analytics(901)'), ('read', $$SELECT * FROM aggregated_metrics('all')$$), ('read', 'SELECT creator_dashboard(1)'),
  ('read', $$SELECT my_analytics_dashboard()$$), ('read', $$SELECT * FROM metric_series('views')$$), ('read', 'SELECT * FROM top_videos()'),
  ('read', 'SELECT * FROM live_metrics()'), ('read', 'SELECT concurrent_viewers()'), ('read', 'SELECT * FROM trending_content()'), ('read', $$SELECT * FROM metric_trend('views')$$), ('read', $$SELECT * FROM funnel('{view}')$$), ('read', 'SELECT * FROM attribution()'), ('read', 'SELECT * FROM campaign_analytics(1)'), ('read', 'SELECT * FROM boost_revenue()'), ('read', 'SELECT * FROM viewer_retention()'), ('read', 'SELECT * FROM viewer_lifecycle()'), ('read', 'SELECT * FROM stickiness()'), ('read', $$SELECT * FROM metric_forecast('views', '2025-01-01', '2025-01-02')$$),
  ('define', $$SELECT define_cohort('another', '{"did": "save"}')$$), ('define', $$SELECT cohort('of the definer')$$), ('define', $$SELECT * FROM cohort_metrics('of the definer')$$),
  ('define', $$SELECT define_experiment('another', '{a,b}')$$), ('record', $$SELECT record_exposure('defined', 1)$$), ('record', $$SELECT create_boost_campaign(1, 1, 'ZAR')$$), ('record', $$SELECT charge_boost(1, gen_random_uuid(), 'click')$$), ('record', 'SELECT set_boost_budget(1, 2)'), ('record', 'SELECT credit_boost(1, amount => 0.01)'), ('record', 'SELECT stop_boost_campaign(1)'), ('operate', 'SELECT * FROM explore_analytics.boost_faults()'), ('assign', $$SELECT assign_variant('defined', '1')$$),
  ('analyse', $$SELECT * FROM experiment_results('results of the definer', '{views}')$$),
  ('suspect', 'SELECT * FROM suspicious_viewers()'), ('read', $$SELECT * FROM benchmark_creator(1, end_date => '2025-03-02')$$),
  ('read', 'SELECT * FROM compare_video(1)'), ('read', $$SELECT * FROM audience_breakdown('gender')$$), ('read', $$SELECT * FROM compare_periods('views', '2025-03-01', '2025-03-02')$$),
  ('read', 'SELECT * FROM explore_video_daily'), ('read', 'SELECT * FROM explore_creator_daily'), ('read', 'SELECT * FROM explore_platform_daily'), ('read', 'SELECT * FROM explore_leaderboard');

-- Who records assigns, and who analyses; who operates looks for bots, and who analyses.
SELECT CASE WHEN d.may = r.may OR r.may = 'define' AND d.may IN ('read', 'analyse') OR r.may = 'read' AND d.may = 'analyse' OR d.may = 'assign' AND r.may IN ('record', 'read', 'define') OR d.may = 'suspect' AND r.may IN ('operate', 'read', 'define')
            THEN unalike(pg_temp.attempt(r.role, d.query), '42501%', format('a role that may %s: %s', CASE r.may WHEN 'read' THEN 'analyse' ELSE r.may END, d.query))
            ELSE alike(pg_temp.attempt(r.role, d.query), '42501 permission denied%', format('a role that may %s is refused: %s', CASE r.may WHEN 'read' THEN 'analyse' ELSE r.may END, d.query)) END
FROM door d, (VALUES (1, 'ea_tap_analyst'::name, 'read'), (2, 'ea_tap_recorder', 'record'), (3, 'ea_tap_operator', 'operate'), (4, 'ea_tap_nobody', 'nothing'), (5, 'ea_tap_definer', 'define')) r(n, role, may) ORDER BY r.n, d.n;
-- What comes instead of a refusal is an answer, except where this database lacks pg_cron or a creator is missing.
SELECT matches(pg_temp.attempt(CASE may WHEN 'read' THEN 'ea_tap_analyst' WHEN 'analyse' THEN 'ea_tap_analyst' WHEN 'suspect' THEN 'ea_tap_analyst' WHEN 'record' THEN 'ea_tap_recorder' WHEN 'assign' THEN 'ea_tap_recorder' WHEN 'define' THEN 'ea_tap_definer' ELSE 'ea_tap_operator' END, query),
  CASE WHEN query LIKE '%schedule_jobs%' THEN '^55000 ' WHEN query LIKE '%my_analytics%' THEN '^22004 ' ELSE '^rows: ' END, 'the answer of: ' || query) FROM door ORDER BY n;

-- Read alone is held to an identity: without one it is an error, or no rows, which says what to do.
SELECT is(pg_temp.attempt('ea_tap_reader', query), CASE WHEN query LIKE '%my_analytics%' THEN '22004 no creator given and no current creator (Pass creator_id, or set explore_analytics.user_id.)' WHEN query ~ 'daily|leaderboard' THEN 'rows: 0'
  ELSE '42501 permission denied without an identity (A gateway sets explore_analytics.user_id; a login is given one by explore_analytics.set_identity(). Roles with grant_access(role, ''analyse'') see everything.)' END, 'read without an identity: ' || query)
FROM door WHERE may = 'read' ORDER BY n;

-- Administration is for the owner and superusers.
SELECT alike(pg_temp.attempt(role, query), '42501 %', role || ' is refused: ' || query)
FROM unnest(ARRAY['ea_tap_reader', 'ea_tap_analyst', 'ea_tap_recorder', 'ea_tap_operator', 'ea_tap_definer', 'ea_tap_nobody', 'ea_tap_gateway']::name[]) role,
     unnest(ARRAY['CALL explore_analytics.install()', 'CALL explore_analytics.uninstall(true)', $$SELECT explore_analytics.grant_access('ea_tap_nobody', 'read')$$,
       $$SELECT explore_analytics.in_home('SELECT 1')$$, $$SELECT explore_analytics.as_owner('postgres', 'make_partitions')$$, $$SELECT explore_analytics.make_partitions('2001-01-01', '2001-01-01')$$,
       'SELECT explore_analytics.content_summaries(NULL, NULL, NULL)']) query;
-- Whatever else is or comes to be in that schema is PUBLIC's only if listed here.
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p WHERE pronamespace = 'explore_analytics'::regnamespace AND proname NOT IN ('sees_all', 'may_read', 'version', 'metric_value', 'home', 'jobs', 'require_cron', 'require_installed', 'current_epoch',
    'checks', 'checks_of_rollups', 'checks_of_tables', 'checks_of_jobs', 'schedule_gap', 'run_checks', 'rate_limit_counters', 'is_counted', 'layout_version')
  AND (proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl) WHERE grantee = 0))$$, 'no function of schema explore_analytics is PUBLIC''s');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'explore_analytics'
  WHERE pronamespace = 'public'::regnamespace AND provolatile <> 'i' AND proname NOT IN ('current_creator_id', 'bar', 'shade', 'sparkline') AND (proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl) WHERE grantee = 0))$$,
  'no function that looks beyond its arguments is PUBLIC''s');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p WHERE prosecdef AND pronamespace IN ('public'::regnamespace, 'explore_analytics'::regnamespace)
  AND NOT coalesce(array_to_string(proconfig, ',') LIKE '%search_path=%', false)$$, 'SECURITY DEFINER only with a fixed search_path');

-- ---------------------------------------------------------------------------------------------------
-- Tables, partitions and what stands behind the views are granted to nobody
-- ---------------------------------------------------------------------------------------------------
CREATE TEMP VIEW base AS
SELECT c.oid, c.oid::regclass::text AS name, c.relkind FROM pg_class c
WHERE c.relkind IN ('r', 'p', 'm', 'S') AND (c.relnamespace = 'explore_analytics'::regnamespace OR c.relnamespace = 'public'::regnamespace AND c.relname LIKE 'explore\_%');
SELECT cmp_ok((SELECT count(*)::int FROM base), '>=', 20, 'the base relations were found');
SELECT is_empty($$SELECT name, a.grantee::regrole FROM base JOIN pg_class c USING (oid), aclexplode(coalesce(relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner))) a
  WHERE a.grantee <> relowner$$, 'no relation but the views is granted to anybody');
SELECT is_empty($$SELECT name FROM base JOIN pg_class c USING (oid) WHERE relowner <> 'ea_tap_owner'::regrole$$, 'all of them belong to the owner given to install()');
SELECT is_empty(format($$SELECT name FROM base WHERE relkind <> 'S' AND pg_temp.attempt(%L, 'SELECT * FROM ' || name) !~ '^42501 '$$, role), role || ' cannot select from any base relation')
FROM unnest(ARRAY['ea_tap_reader', 'ea_tap_analyst', 'ea_tap_recorder', 'ea_tap_operator', 'ea_tap_nobody', 'ea_tap_gateway']::name[]) role;
SELECT alike(pg_temp.attempt(role, query), '42501 %', role || ' is refused: ' || query)
FROM unnest(ARRAY['ea_tap_recorder', 'ea_tap_operator', 'ea_tap_gateway']::name[]) role,
     unnest(ARRAY[$$INSERT INTO explore_engagements (content_id, engagement_type) VALUES (1, 'view')$$, 'DELETE FROM explore_engagements', 'UPDATE explore_content SET creator_id = 1',
       'TRUNCATE explore_engagements', $$SELECT setval('explore_engagements_id_seq', 1)$$, 'DROP TABLE explore_viewers', 'ALTER TABLE explore_content DISABLE TRIGGER ALL',
       'DROP INDEX explore_content_best']) query;
-- A partition that comes later is no exception.
SELECT explore_analytics.ensure_partitions('2002-03-01', '2002-03-01') AS made \gset
SELECT is((SELECT relowner::regrole::text || coalesce(relacl::text, '') FROM pg_class WHERE oid = 'explore_engagements_2002_03'::regclass), 'ea_tap_owner', 'a later partition belongs to the owner and is granted to nobody');

-- ---------------------------------------------------------------------------------------------------
-- Identity
-- ---------------------------------------------------------------------------------------------------
SELECT is(pg_temp.answer('ea_tap_reader', 'SELECT current_creator_id()'), 'null', 'nobody by default');
SELECT is(pg_temp.answer('ea_tap_reader', 'SELECT current_creator_id()', '1'), '1', 'the setting is the identity');
SELECT is(pg_temp.answer('ea_tap_gateway', $$SELECT set_config('explore_analytics.user_id', '2', true) || ':' || current_creator_id()$$), '2:2', 'a gateway with GRANT SET ON PARAMETER can');
CREATE SCHEMA ea_tap_evil AUTHORIZATION ea_tap_reader;

-- With an identity: one's own content, whatever function one calls. {id}: somebody else's, or unknown.
CREATE TEMP TABLE question (n int GENERATED ALWAYS AS IDENTITY, query text);
INSERT INTO question (query) VALUES ('SELECT * FROM video_analytics({id})'), ('SELECT content_summary({id})'), ('SELECT creator_summary({id})'), ('SELECT * FROM creator_analytics({id})'),
  ($$SELECT * FROM aggregated_metrics('all', {id})$$), ('SELECT creator_dashboard({id})'), ($$SELECT * FROM metric_series('views', content_id => {id})$$),
  ($$SELECT * FROM metric_series('sessions', creator_id => {id})$$), ($$SELECT * FROM metric_series('new_viewers', creator_id => {id})$$),
  ('SELECT * FROM top_videos(creator_id => {id})'), ('SELECT * FROM videos_analytics(creator_id => {id})'), ('SELECT * FROM videos_analytics(ARRAY[1, {id}], creator_id => {id})'),
  ($$SELECT * FROM benchmark_creator({id}, end_date => '2025-03-02')$$), ('SELECT * FROM compare_video({id})'), ('SELECT concurrent_viewers({id})'), ('SELECT * FROM live_metrics(1, creator_id => {id})'), ('SELECT * FROM live_metrics(1, content_id => {id})'), ($$SELECT * FROM metric_trend('views', content_id => {id})$$),
  ($$SELECT * FROM metric_trend('sessions', creator_id => {id})$$), ($$SELECT * FROM metric_forecast('views', '2025-01-01', '2025-01-02', horizon => 1, creator_id => {id})$$), ($$SELECT * FROM compare_periods('new_viewers', '2025-01-01', '2025-01-02', {id})$$),
  ($$SELECT * FROM viewer_retention('2025-01-01', '2025-01-02', 'day', periods => 1, creator_id => {id})$$), ($$SELECT * FROM viewer_lifecycle('2025-01-01', '2025-01-02', creator_id => {id})$$), ('SELECT * FROM stickiness(creator_id => {id})'), ($$SELECT * FROM funnel('{view}', creator_id => {id})$$), ($$SELECT * FROM attribution('view', creator_id => {id})$$), ('SELECT * FROM boost_revenue(creator_id => {id})'),
  ($$SELECT * FROM audience_breakdown('gender', content_id => {id})$$), ($$SELECT * FROM audience_breakdown('gender', creator_id => {id})$$);
SELECT alike(pg_temp.attempt(role, replace(query, '{id}', '2'), '1'), '42501 permission denied for%', role || ' as creator 1, about 2: ' || query)
FROM question, unnest(ARRAY['ea_tap_reader', 'ea_tap_gateway']::name[]) role ORDER BY role, n;
SELECT is(replace(pg_temp.attempt('ea_tap_reader', replace(query, '{id}', '777'), '1'), '777', '2'), pg_temp.attempt('ea_tap_reader', replace(query, '{id}', '2'), '1'), 'the same words about what does not exist: ' || query) FROM question ORDER BY n;
SELECT is(replace(pg_temp.attempt('ea_tap_reader', 'SELECT * FROM session_analytics(777)', '1'), '777', '902'), pg_temp.attempt('ea_tap_reader', 'SELECT * FROM session_analytics(902)', '1'), 'the same words about sessions');
SELECT alike(pg_temp.attempt('ea_tap_reader', query, '1'), '42501 permission denied for%', 'as creator 1: ' || query)
FROM unnest(ARRAY['SELECT * FROM session_analytics(902)', 'SELECT * FROM session_analytics(903)', 'SELECT platform_summary()', $$SELECT * FROM aggregated_metrics('day')$$, $$SELECT * FROM metric_series('views')$$,
  'SELECT * FROM live_metrics()', $$SELECT * FROM metric_trend('views')$$, $$SELECT * FROM metric_forecast('views')$$, $$SELECT * FROM compare_periods('views', '2025-01-01', '2025-01-02')$$]) query;
SELECT is(pg_temp.attempt('ea_tap_reader', replace(query, '{id}', '1'), '1'), 'rows: ' || CASE WHEN query ~ 'top_videos|videos_analytics\(c' THEN 2 WHEN query ~ 'compare_video' THEN 19 WHEN query ~ 'audience_breakdown' THEN 0 ELSE 1 END, 'as creator 1, about oneself: ' || query)
FROM question WHERE query !~ 'series' ORDER BY n;
SELECT is(pg_temp.answer('ea_tap_reader', query, '1'), wanted, 'as creator 1: ' || query) FROM (VALUES
  ('SELECT creator_id FROM creator_analytics()', '1'),
  ($$SELECT string_agg(content_id::text, ',' ORDER BY content_id) FROM videos_analytics()$$, '1,3'),
  ($$SELECT string_agg(content_id::text, ',' ORDER BY content_id) FROM videos_analytics(ARRAY[1, 2, 777])$$, '1'),
  ($$SELECT string_agg(content_id::text, ',' ORDER BY content_id) FROM top_videos('views', n => 100)$$, '1,3'),
  ($$SELECT string_agg(DISTINCT content_id::text, ',') FROM explore_video_daily$$, '1,3'),
  ($$SELECT string_agg(DISTINCT creator_id::text, ',') FROM explore_creator_daily$$, '1'),
  ('SELECT count(*) FROM explore_platform_daily', '0'),
  ($$SELECT string_agg(content_id::text, ',' ORDER BY content_id) FROM explore_leaderboard$$, '1,3'),
  ($$SELECT my_analytics_dashboard('all') -> 'overview' ->> 'totalVideos'$$, '2'),
  ($$SELECT string_agg(content_id::text, ',' ORDER BY content_id) FROM trending_content()$$, '1,3'), ($$SELECT viewers FROM funnel('{view}')$$, '40'), ($$SELECT sum(conversions) FROM attribution('view', lookback => '1000 years')$$, '40'), ('SELECT concurrent_viewers()', '40'), ('SELECT concurrent_viewers(3)', '20'),
  ('SELECT user_id FROM session_analytics(901)', '1')) q(query, wanted);
SELECT is(pg_temp.answer('ea_tap_analyst', query, identity), wanted, 'an analyst sees everything, with the identity ' || coalesce(identity, 'of nobody') || ': ' || query) FROM unnest(ARRAY[NULL, '1']) identity, (VALUES
  ($$SELECT string_agg(content_id::text, ',' ORDER BY content_id) FROM videos_analytics()$$, '1,2,3'),
  ($$SELECT string_agg(DISTINCT content_id::text, ',') FROM explore_video_daily$$, '1,2,3'),
  ('SELECT sum(views) FROM explore_platform_daily', '60'),
  ($$SELECT string_agg(content_id::text, ',' ORDER BY content_id) FROM trending_content()$$, '1,2,3'), ($$SELECT viewers FROM funnel('{view}')$$, '60'), ($$SELECT sum(conversions) FROM attribution('view')$$, '60'), ('SELECT concurrent_viewers()', '60'),
  ('SELECT user_id FROM session_analytics(902)', '2'), ('SELECT creator_id FROM creator_analytics(2)', '2')) q(query, wanted);
SELECT is(pg_temp.answer(role, query, '1'), wanted, role || ' sees everything, identity or not: ' || query)
FROM (VALUES ('ea_tap_owner'::name), (current_user)) r(role), (VALUES
  ($$SELECT string_agg(content_id::text, ',' ORDER BY content_id) FROM videos_analytics()$$, '1,2,3'), ('SELECT views(platform_summary())', '60'),
  ('SELECT content_id FROM video_analytics(2)', '2'), ('SELECT sum(views) FROM explore_platform_daily', '60')) q(query, wanted);
-- Recording on behalf of somebody: the identity is the viewer unless the item names one.
SELECT is(pg_temp.answer('ea_tap_gateway', $$WITH r AS MATERIALIZED (SELECT record_engagement(2, 'view') AS r) SELECT r FROM r$$, '55'), 'recorded', 'an identity may record on anybody''s content');
SELECT is((SELECT count(*)::int FROM explore_engagements), 60, 'nothing of all these attempts remained');

-- Objects of the caller's own in the path of names: the answer must not change.
SET LOCAL ROLE ea_tap_reader;
CREATE FUNCTION ea_tap_evil.views(engagement_summary) RETURNS bigint LANGUAGE sql AS 'SELECT -1::bigint';
CREATE FUNCTION ea_tap_evil.current_creator_id() RETURNS bigint LANGUAGE sql AS 'SELECT 2::bigint';
CREATE FUNCTION ea_tap_evil.yes(bigint, bigint) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR ea_tap_evil.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = ea_tap_evil.yes);
CREATE TEMP TABLE explore_content (id bigint, creator_id bigint, title text);
CREATE TEMP TABLE explore_discovery_videos (id bigint, content_id bigint);
CREATE TEMP TABLE explore_engagements (content_id bigint, user_id bigint, session_id bigint, engagement_type engagement_type, watch_time_ms int, completed boolean, created_at timestamptz);
INSERT INTO explore_content VALUES (2, 1, 'mine now');
INSERT INTO explore_engagements VALUES (1, 5, 5, 'view', 1, true, now());
-- It would see what a plan of a view filters away, if the view let it.
CREATE FUNCTION ea_tap_evil.peek(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS
  $$BEGIN PERFORM set_config('ea_tap.seen', concat(current_setting('ea_tap.seen', true), '|', $1), true); RETURN true; END$$;
RESET ROLE;
SELECT is(pg_temp.answer('ea_tap_reader', format($$SELECT set_config('search_path', 'ea_tap_evil, pg_temp, public, pg_catalog', true) || (%s)$$, query), '1'), 'ea_tap_evil, pg_temp, public, pg_catalog' || wanted, 'with traps in the search path: ' || query) FROM (VALUES
  ('SELECT total_views FROM public.video_analytics(1)', '20'), ($$SELECT string_agg(content_id::text, ',') FROM public.videos_analytics()$$, '1,3'),
  ('SELECT total_videos FROM public.creator_analytics()', '2'), ($$SELECT string_agg(DISTINCT views::text, ',') FROM public.explore_video_daily$$, '20'),
  ($$SELECT sum(value) FROM public.metric_series('views', creator_id => 1)$$, '40'), ('SELECT sum(views) FROM public.live_metrics(creator_id => 1)', '40'), ('SELECT public.concurrent_viewers()', '40'),
  ($$SELECT string_agg(content_id::text || title, ',' ORDER BY rank) FROM public.trending_content()$$, '1mine,3also mine'), ($$SELECT value FROM public.compare_video(1) WHERE metric = 'views'$$, '20'), ($$SELECT current_value FROM public.compare_periods('views', now() - interval '1 day', now() + interval '1 day', 1)$$, '40')) q(query, wanted);
SELECT alike(pg_temp.attempt('ea_tap_reader', $$SELECT set_config('search_path', 'ea_tap_evil, pg_temp, public, pg_catalog', true); SELECT * FROM public.video_analytics(2)$$, '1'), '42501 %', 'with traps in the search path the door stays shut');
SELECT is(pg_temp.answer('ea_tap_reader', format($$WITH q AS MATERIALIZED (SELECT count(*) FROM public.%s WHERE ea_tap_evil.peek(%s))
    SELECT (SELECT string_agg(DISTINCT seen, ',') FROM unnest(string_to_array(current_setting('ea_tap.seen', true), '|')) seen WHERE seen <> '') FROM q$$, relation, col), '1'), wanted, 'a function in WHERE sees only rows that one may see: ' || relation)
FROM (VALUES ('explore_video_daily', 'title', 'also mine,mine'), ('explore_leaderboard', 'title', 'also mine,mine'), ('explore_creator_daily', 'creator_id::text', '1'), ('explore_platform_daily', 'day::text', 'null')) v(relation, col, wanted);
SELECT * FROM finish();
ROLLBACK;

DROP OWNED BY ea_tap_reader, ea_tap_analyst, ea_tap_recorder, ea_tap_operator, ea_tap_gateway;
DROP EXTENSION explore_analytics CASCADE;
DROP OWNED BY ea_tap_owner CASCADE;
DROP ROLE ea_tap_owner, ea_tap_reader, ea_tap_analyst, ea_tap_recorder, ea_tap_operator, ea_tap_nobody, ea_tap_gateway;
