-- The two tables of docs/security.md, enforced: every function and relation of the extension, for every kind of
-- role; and probes, run as a client would run them, none of which may show a value of somebody else's.
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
\set password explore
\getenv password PGPASSWORD
\set page `cat docs/security.md`
-- What an interrupted run left behind.
DO $$
DECLARE
  role regrole;
BEGIN
  FOR role IN SELECT oid FROM pg_roles WHERE rolname LIKE 'ea\_tap\_m\_%' LOOP
    EXECUTE format('DROP OWNED BY %s CASCADE', role);
    EXECUTE format('DROP ROLE %s', role);
  END LOOP;
END $$;
CREATE EXTENSION explore_analytics;
CALL explore_analytics.install();
CALL explore_analytics.create_roles('ea_tap_m');
-- A reader of the map, one by a setting, one without an identity; a gateway; one of each other kind.
CREATE ROLE ea_tap_m_one LOGIN PASSWORD :'password' IN ROLE ea_tap_m_reader;
CREATE ROLE ea_tap_m_set LOGIN PASSWORD :'password';
CREATE ROLE ea_tap_m_nobody LOGIN PASSWORD :'password' IN ROLE ea_tap_m_reader;
CREATE ROLE ea_tap_m_gateway LOGIN NOINHERIT PASSWORD :'password' IN ROLE ea_tap_m_reader, ea_tap_m_analyst;
CREATE ROLE ea_tap_m_sees LOGIN PASSWORD :'password' IN ROLE ea_tap_m_analyst;
CREATE ROLE ea_tap_m_writes LOGIN PASSWORD :'password' IN ROLE ea_tap_m_writer;
CREATE ROLE ea_tap_m_works LOGIN PASSWORD :'password' IN ROLE ea_tap_m_job;
CREATE ROLE ea_tap_m_owns LOGIN PASSWORD :'password' IN ROLE ea_tap_m_owner;
CREATE ROLE ea_tap_m_none LOGIN PASSWORD :'password';
SELECT explore_analytics.grant_access('ea_tap_m_set', 'read'), explore_analytics.set_identity('ea_tap_m_one', 7100001), explore_analytics.set_identity('ea_tap_m_sees', 7100001) \g /dev/null
ALTER ROLE ea_tap_m_set SET explore_analytics.user_id = '7100001';
GRANT SET ON PARAMETER explore_analytics.user_id TO ea_tap_m_gateway;
CREATE SCHEMA ea_tap_m_own;
GRANT ALL ON SCHEMA ea_tap_m_own TO PUBLIC;

-- ---------------------------------------------------------------------------------------------------
-- Canaries. k is the creator: 7k0000k; contents 7kk000n, videos 7kk001n, viewers 8k, sessions 86k.
-- ---------------------------------------------------------------------------------------------------
INSERT INTO explore_content (id, creator_id, title, category, area)
SELECT 7000000 + k * 110000 + n, 7000000 + k * 100001, format('canary-%s-%s', word, n), 'category-' || word, 'area-' || word
FROM (VALUES (1, 'one'), (2, 'two'), (3, 'three')) c(k, word), generate_series(1, 2) n;
INSERT INTO explore_discovery_videos (id, content_id, duration_ms) SELECT id + 10, id, 10000 FROM explore_content;
INSERT INTO explore_feed_sessions (id, user_id, session_start, session_end)
SELECT 8600000 + k * 10000 + 1, 7000000 + k * 100001, '2025-03-01 10:00+00', '2025-03-01 10:00+00'::timestamptz + k * 1000 * interval '1 second' FROM generate_series(1, 3) k;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at)
SELECT 7000000 + k * 110000 + 1 + n % 2, 8000000 + k * 100000 + n, 8600000 + k * 10000 + 1, 'view', CASE WHEN n = 1 THEN watched ELSE 0 END, '2025-03-01 10:00+00'
FROM (VALUES (1, 31, 1000), (2, 1237, 271828182), (3, 1361, 314159265)) c(k, views, watched), generate_series(1, views) n;   -- 2629 in all, and 3 below
INSERT INTO explore_saved_properties (user_id, content_id) VALUES (8200001, 7220001);
INSERT INTO explore_viewers (user_id, city) VALUES (8200001, 'canary-two-city'), (8300001, 'canary-three-city');
SELECT charge_boost(create_boost_campaign(7000000 + k * 110000 + 1, 1000000, 'ZAR', price, starts_at => '2025-03-01 10:00+00'), gen_random_uuid(), 'impression', 8000000 + k * 100000 + 1, charged_at => '2025-03-01 10:00+00')
FROM (VALUES (1, 1), (2, 271828.182), (3, 314159.265)) c(k, price) \g /dev/null
SELECT batch_update_engagement_scores() \g /dev/null
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at)
SELECT 7000000 + k * 110000 + 1, 8000000 + k * 100000 + 5, 8600000 + k * 10000 + 1, 'save', '2025-03-01 11:00+00' FROM generate_series(1, 3) k;   -- of the tail
ANALYZE;
-- Own ids and numbers count where nothing may be seen at all; sums of the platform, except where the server itself counts rows.
CREATE FUNCTION public.canaries(output text, body text, of_whom text) RETURNS text[] LANGUAGE sql AS $$
  SELECT array_agg(DISTINCT c.found[1]) FROM regexp_matches(output,
    '(canary-(?:two|three)|(?:category|area)-(?:two|three)|271828|314159|58598[78]|\m(?:1237|1361|7200002|7300003|7[23][23]00[01]\d|8[23]0[01]\d{3}|86[23]0001'
    || CASE of_whom WHEN 'others' THEN '|2629|2632)\M)' WHEN 'counted' THEN ')\M)' ELSE '|2629|2632|7100001|71100[01]\d|81000\d\d|8610001)\M|canary-one|(?:category|area)-one)' END, 'g') c(found)
  WHERE strpos(body, c.found[1]) = 0
$$;

-- ---------------------------------------------------------------------------------------------------
-- The probes
-- ---------------------------------------------------------------------------------------------------
CREATE TABLE reading (call text, function text, about text);
INSERT INTO reading
SELECT replace(call, '#', k::text), substring(call FROM '^[a-z_]+'), CASE k WHEN 1 THEN 'own' ELSE 'others' END
FROM unnest(ARRAY['video_analytics(7##0011)', 'content_summary(7##0001)', 'creator_summary(7#0000#)', 'creator_analytics(7#0000#)', 'creator_dashboard(7#0000#, ''all'')', 'session_analytics(86#0001)',
  'aggregated_metrics(''all'', 7#0000#)', 'top_videos(''views'', creator_id => 7#0000#)', 'videos_analytics(creator_id => 7#0000#)', 'metric_series(''total_watch_time'', creator_id => 7#0000#)',
  'metric_series(''views'', ''2025-03-01'', ''2025-03-02'', ''hour'', content_id => 7##0001)', 'video_analytics(7##0001)',
  'benchmark_creator(7#0000#, ''views'', ''2025-02-01'', ''2025-03-08'')', 'compare_video(7##0012)', 'compare_periods(''views'', ''2025-03-01'', ''2025-03-02'', 7#0000#)', 'metric_trend(''views'', ''2025-03-01'', ''2025-03-03'', creator_id => 7#0000#)', 'metric_forecast(''views'', ''2025-03-01'', ''2025-03-02'', horizon => 1, creator_id => 7#0000#)',
  'viewer_retention(''2025-03-01'', ''2025-03-03'', ''day'', creator_id => 7#0000#)', 'viewer_lifecycle(''2025-03-01'', ''2025-03-03'', creator_id => 7#0000#)', 'stickiness(''2025-03-02'', creator_id => 7#0000#)', 'funnel(''{view,save}'', creator_id => 7#0000#)', 'attribution(''view'', ''{view,save}'', model => ''markov'', creator_id => 7#0000#)', 'boost_revenue(creator_id => 7#0000#)',
  'audience_breakdown(''gender'', ''2025-03-01'', ''2025-03-02'', creator_id => 7#0000#)', 'audience_breakdown(''gender'', ''2025-03-01'', ''2025-03-02'', content_id => 7##0001)',
  'live_metrics(1, 7#0000#, as_of => ''2025-03-01 10:01'')', 'concurrent_viewers(7##0001)']) call, generate_series(1, 3) k
WHERE NOT (k = 1 AND call = 'video_analytics(7##0001)');   -- of a content's id: the hint must not name the video
INSERT INTO reading VALUES ('live_metrics(1, as_of => ''2025-03-01 10:01'')', 'live_metrics', 'platform'), ('compare_periods(''views'', ''2025-03-01'', ''2025-03-02'')', 'compare_periods', 'platform'), ('metric_trend(''views'', ''2025-03-01'', ''2025-03-03'')', 'metric_trend', 'platform'),
  ('metric_forecast(''views'', ''2025-03-01'', ''2025-03-02'', horizon => 1)', 'metric_forecast', 'platform'), ('concurrent_viewers(as_of => ''2025-03-01 10:01'')', 'concurrent_viewers', 'list'), ('viewer_retention(''2025-03-01'', ''2025-03-03'', ''day'')', 'viewer_retention', 'list'),
  ('viewer_lifecycle(''2025-03-01'', ''2025-03-03'')', 'viewer_lifecycle', 'list'), ('stickiness(''2025-03-02'')', 'stickiness', 'list'), ('trending_content(as_of => ''2025-03-01 12:00'')', 'trending_content', 'list'), ('funnel(''{view}'')', 'funnel', 'list'), ('attribution(''view'')', 'attribution', 'list'), ('boost_revenue()', 'boost_revenue', 'list'), ('attribution(''view'', key => ''creator'')', 'attribution', 'list'), ('audience_breakdown(''gender'', ''2025-03-01'', ''2025-03-02'')', 'audience_breakdown', 'list'),
  ('platform_summary()', 'platform_summary', 'platform'), ('aggregated_metrics(''all'')', 'aggregated_metrics', 'platform'), ('metric_series(''total_watch_time'')', 'metric_series', 'platform'),
  ('videos_analytics()', 'videos_analytics', 'list'), ('videos_analytics(ARRAY[7110011, 7220011, 7330012])', 'videos_analytics', 'list'), ('top_videos(''total_watch_time'', n => 100)', 'top_videos', 'list'),
  ('creator_analytics()', 'creator_analytics', 'list'), ('creator_dashboard(period => ''all'')', 'creator_dashboard', 'list'), ('my_analytics_dashboard(''all'')', 'my_analytics_dashboard', 'list'),
  ('explore_video_daily', 'explore_video_daily', 'list'), ('explore_creator_daily', 'explore_creator_daily', 'list'), ('explore_platform_daily', 'explore_platform_daily', 'platform'), ('explore_leaderboard', 'explore_leaderboard', 'list');
CREATE TABLE form (form text, body text);
INSERT INTO form VALUES ('select', 'SELECT * FROM {c};'), ('copy', 'COPY (SELECT * FROM {c}) TO STDOUT;'), ('explain', 'EXPLAIN (ANALYZE, VERBOSE, SETTINGS) SELECT * FROM {c};'),
  ('cursor', 'BEGIN; DECLARE c CURSOR WITH HOLD FOR SELECT * FROM {c}; COMMIT; FETCH ALL FROM c; CLOSE ALL;'), ('prepared', 'PREPARE p AS SELECT * FROM {c}; EXECUTE p; EXECUTE p; DEALLOCATE ALL;'),
  ('kept', 'CREATE TEMP TABLE kept{n} AS SELECT * FROM {c}; TABLE kept{n}; DROP TABLE IF EXISTS kept{n};');
-- {v}: a BI view, {c}: a column that it has; {parallel}: the setting that forces parallel plans.
SELECT CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'force_parallel_mode' ELSE 'debug_parallel_query' END AS parallel_mode \gset
CREATE TABLE view_trick (body text);
INSERT INTO view_trick VALUES ('SELECT count(*) FROM {v} WHERE pg_temp.peek({c}::text);'), ('SELECT 1 FROM {v} v JOIN pg_namespace n ON pg_temp.peek(v.{c}::text) LIMIT 1;'), ('SELECT 1 FROM {v} ORDER BY pg_temp.peek({c}::text);'),
  ('SELECT 1 FROM {v} v, LATERAL (SELECT pg_temp.peek(v.{c}::text)) x;'), ('SELECT count(*) FILTER (WHERE pg_temp.peek({c}::text)) FROM {v};'), ('SELECT * FROM {v} WHERE {c}::text::date IS NOT NULL AND {c}::text::json IS NULL;'),
  ('SELECT 1 FROM {v} WHERE 1 / (length({c}::text) - length({c}::text)) > 0;'), ('CREATE OR REPLACE VIEW ea_tap_m_own.v{n} AS SELECT * FROM {v}; SELECT * FROM ea_tap_m_own.v{n};'),
  ('CREATE FUNCTION ea_tap_m_own.f{n}() RETURNS SETOF {v} LANGUAGE sql STABLE AS ''SELECT * FROM {v}''; SELECT * FROM ea_tap_m_own.f{n}();'),
  ('CREATE FUNCTION ea_tap_m_own.f{n}() RETURNS text LANGUAGE plpgsql SECURITY DEFINER PARALLEL SAFE AS ''BEGIN RETURN (SELECT string_agg(v::text, $x$,$x$) FROM {v} v); END''; SET {parallel} = on; SELECT ea_tap_m_own.f{n}(); RESET {parallel};'),
  ('CREATE TEMP TABLE t{n} (a text); MERGE INTO t{n} USING {v} v ON t{n}.a = v::text WHEN NOT MATCHED THEN INSERT VALUES (v::text); TABLE t{n};'), ('CREATE TEMP TABLE i{n} (a text); INSERT INTO i{n} SELECT v::text FROM {v} v RETURNING *;'),
  ('SELECT v FROM {v} v; SELECT DISTINCT {c} FROM {v}; SELECT min({c}), max({c}) FROM {v};'), ('SELECT * FROM {v} FOR UPDATE; UPDATE {v} SET {c} = {c} RETURNING *; DELETE FROM {v} RETURNING *;'),
  ('EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM {v} WHERE pg_temp.peek({c}::text);'), ('SET enable_seqscan = off; SET enable_nestloop = off; SELECT * FROM {v} WHERE pg_temp.peek({c}::text); RESET ALL;'),
  ('SELECT (SELECT string_agg(w::text, '' '') FROM {v} w WHERE w.{c} >= v.{c}) FROM {v} v;'), ('SET client_min_messages = debug5; SET debug_print_plan = on; SELECT * FROM {v}; RESET client_min_messages; RESET debug_print_plan;'),
  ('CREATE TEMP TABLE explore_content (id bigint, creator_id bigint, title text); INSERT INTO explore_content VALUES (7220001, 7100001, ''x''); SET search_path = pg_temp, public; SELECT * FROM {v}; RESET ALL; DROP TABLE pg_temp.explore_content;');
UPDATE view_trick SET body = replace(body, '{parallel}', :'parallel_mode');
-- {s}: a function that it would be good not to learn from.
CREATE TABLE catalog_trick (body text);
INSERT INTO catalog_trick SELECT format('TABLE pg_catalog.%I;', relname) FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'v' AND relname IN ('pg_stats_ext', 'pg_stats_ext_exprs', 'pg_stat_user_tables', 'pg_stat_user_indexes', 'pg_statio_user_tables',
  'pg_stat_user_functions', 'pg_stat_activity', 'pg_stat_progress_analyze', 'pg_stat_progress_copy', 'pg_stat_progress_vacuum', 'pg_stat_progress_create_index', 'pg_locks', 'pg_sequences', 'pg_prepared_statements', 'pg_cursors', 'pg_prepared_xacts',
  'pg_matviews', 'pg_views', 'pg_rules', 'pg_publication_tables', 'pg_stat_xact_user_tables', 'pg_stat_database', 'pg_user', 'pg_shadow', 'pg_file_settings', 'pg_shmem_allocations', 'pg_backend_memory_contexts');
INSERT INTO catalog_trick VALUES ('SELECT * FROM pg_stats WHERE schemaname <> ''pg_catalog'';'), ('TABLE pg_statistic;'), ('TABLE pg_statistic_ext_data;'), ('TABLE pg_authid;'), ('TABLE pg_largeobject;'), ('TABLE pg_user_mappings;'), ('SELECT c.* FROM pg_class c WHERE relname ~ ''explore|rollup|leaderboard'';'), ('SELECT * FROM pg_db_role_setting;'),
  ('SELECT currval(''explore_content_id_seq'');'), ('SELECT lastval();'), ('SELECT pg_sequence_last_value(''explore_content_id_seq''::regclass);'), ('TABLE explore_content_id_seq;'), ('SELECT nextval(''explore_feed_sessions_id_seq'');'),
  ('SELECT pg_relation_size(''explore_content''), pg_total_relation_size(''explore_engagements'');'), ('SELECT * FROM pg_partition_tree(''explore_engagements'');'), ('SELECT pg_get_viewdef(''explore_video_daily'');'), ('SELECT obj_description(''explore_content''::regclass);'),
  ('SELECT pg_read_file(''postgresql.auto.conf'');'), ('SELECT pg_ls_waldir();'), ('COPY explore_content TO ''/tmp/ea_tap_m_copied'';'), ('COPY explore_content TO PROGRAM ''cat'';'), ('COPY (SELECT 1) TO PROGRAM ''cat'';'), ('SELECT * FROM pg_stat_get_activity(NULL);'),
  ('SELECT * FROM pg_logical_slot_peek_changes(''x'', NULL, NULL);'), ('CREATE STATISTICS s{n} ON id, creator_id FROM explore_content;'), ('CREATE INDEX ON explore_content (title);'), ('CREATE TRIGGER t BEFORE INSERT ON explore_content EXECUTE FUNCTION suppress_redundant_updates_trigger();'),
  ('CREATE RULE r AS ON SELECT TO explore_video_daily DO INSTEAD TABLE explore_content;'), ('CREATE PUBLICATION p{n} FOR TABLE explore_content;'), ('CREATE POLICY p ON explore_content USING (true);'), ('CREATE TABLE ea_tap_m_own.c{n} (LIKE explore_content INCLUDING ALL); CREATE TABLE ea_tap_m_own.d{n} () INHERITS (explore_content);'),
  ('CREATE TABLE ea_tap_m_own.r{n} (c bigint REFERENCES explore_content (id));'), ('LOCK TABLE explore_content IN ACCESS SHARE MODE;'), ('ANALYZE VERBOSE explore_content;'), ('VACUUM VERBOSE explore_content;'), ('REINDEX INDEX explore_content_best;'), ('CLUSTER explore_content;'),
  ('SELECT * FROM video_analytics(''7220001''::text);'), ('SELECT * FROM metric_series(''views'', content_id => 7220001, creator_id => 7200002);'), ('SELECT * FROM videos_analytics(''{7220011,x}'');'), ('SELECT * FROM top_videos(''canary'', creator_id => 7200002);'),
  ('DO $$BEGIN PERFORM * FROM video_analytics(7220011); EXCEPTION WHEN OTHERS THEN RAISE NOTICE ''%'', SQLERRM; END$$;'), ('SELECT views(platform_summary()), viewer_keys(viewers(platform_summary()));'), ('SELECT viewer_keys(viewers(creator_summary(7200002)));'), ('SELECT * FROM session_analytics(8620001);'),
  ('SELECT explore_analytics.day_summary(2::smallint, 7220001, ''2025-03-01'', NULL);'), ('SELECT * FROM explore_analytics.tail_days(0::smallint);'), ('SELECT * FROM explore_analytics.content_summaries(NULL, NULL, NULL);'), ('SELECT * FROM explore_analytics.active_days();'),
  ('CREATE AGGREGATE ea_tap_m_own.a{n}(smallint, bigint, timestamptz, engagement_summary) (SFUNC = explore_analytics.day_summary, STYPE = smallint);'), ('CREATE OPERATOR ea_tap_m_own.### (LEFTARG = smallint, RIGHTARG = bigint, FUNCTION = explore_analytics.tail_days);'),
  ('SET client_min_messages = debug5; SET debug_print_plan = on; SET debug_print_rewritten = on; SELECT * FROM videos_analytics(); SELECT * FROM creator_analytics(7200002); RESET ALL;'), ('SET log_statement_stats = on; SET auto_explain.log_min_duration = 0; LOAD ''auto_explain'';');

-- The gateway's connections: what was made ready as an analyst, without being run, is a reader's afterwards.
CREATE TABLE across_trick (body text);
INSERT INTO across_trick
SELECT replace(replace(trick, '{c}', r.call), '{r}', 'RESET ROLE; SET ROLE ea_tap_m_reader; BEGIN; SET LOCAL ROLE NONE; SET LOCAL explore_analytics.user_id = ''7100001''; SET LOCAL ROLE ea_tap_m_reader;')
FROM reading r, unnest(ARRAY['SET ROLE ea_tap_m_analyst; PREPARE p AS SELECT * FROM {c}; {r} EXECUTE p; EXECUTE p; COMMIT; RESET ROLE; DEALLOCATE ALL;',
  E'SET ROLE ea_tap_m_analyst; PREPARE p AS SELECT * FROM {c};\n\\o /dev/null\nEXECUTE p; EXECUTE p; EXECUTE p; EXECUTE p; EXECUTE p; EXECUTE p;\n\\o\n{r} EXECUTE p; COMMIT; RESET ROLE; DEALLOCATE ALL;',
  'BEGIN; SET LOCAL ROLE ea_tap_m_analyst; DECLARE c CURSOR FOR SELECT * FROM {c}; SET LOCAL ROLE NONE; SET LOCAL explore_analytics.user_id = ''7100001''; SET LOCAL ROLE ea_tap_m_reader; FETCH ALL FROM c; ROLLBACK;',
  'BEGIN; SET LOCAL explore_analytics.user_id = ''7100001''; SET LOCAL ROLE ea_tap_m_reader; SELECT * FROM {c}; ROLLBACK;', 'SELECT * FROM {c};', 'SET ROLE ea_tap_m_reader; SELECT * FROM {c}; RESET ROLE;']) trick
WHERE r.call IN ('video_analytics(7220011)', 'platform_summary()', 'videos_analytics()', 'top_videos(''total_watch_time'', n => 100)', 'explore_video_daily', 'explore_creator_daily', 'explore_platform_daily', 'explore_leaderboard');
-- Even a cursor that was read in part: the daily views ask again when the role has changed.
INSERT INTO across_trick
SELECT format(E'BEGIN; SET LOCAL ROLE ea_tap_m_analyst; DECLARE c CURSOR FOR SELECT * FROM %s;\n\\o /dev/null\nFETCH 1 FROM c;\n\\o\nSET LOCAL ROLE NONE; SET LOCAL explore_analytics.user_id = ''7100001''; SET LOCAL ROLE ea_tap_m_reader; FETCH ALL FROM c; ROLLBACK;', v)
FROM unnest(ARRAY['explore_video_daily', 'explore_creator_daily', 'explore_platform_daily']) v;

CREATE TABLE public.planned (n int GENERATED ALWAYS AS IDENTITY, who text, login text, setup text DEFAULT '', body text, of_whom text, form text, function text, about text);
INSERT INTO planned (who, login, body, of_whom, form, function, about)
SELECT 'reader', 'ea_tap_m_one', replace(f.body, '{c}', r.call), 'others', f.form, r.function, r.about FROM reading r, form f
UNION ALL
SELECT w.who, w.login, replace(f.body, '{c}', r.call), CASE w.who WHEN 'set' THEN 'others' WHEN 'analyst' THEN 'nobody''s' ELSE 'anybody''s' END, f.form, r.function, r.about
FROM (VALUES ('set', 'ea_tap_m_set'), ('nobody', 'ea_tap_m_nobody'), ('analyst', 'ea_tap_m_sees'), ('writer', 'ea_tap_m_writes'), ('job', 'ea_tap_m_works'), ('everybody', 'ea_tap_m_none')) w(who, login), reading r, form f WHERE f.form = 'select'
UNION ALL
SELECT 'reader', 'ea_tap_m_one', replace(replace(t.body, '{v}', v.v), '{c}', v.c), 'others', 'trick', v.v, NULL
FROM (VALUES ('explore_video_daily', 'title'), ('explore_creator_daily', 'creator_id'), ('explore_platform_daily', 'views'), ('explore_leaderboard', 'title')) v(v, c), view_trick t
UNION ALL
SELECT 'reader', 'ea_tap_m_one', body, 'counted', 'catalog', NULL, NULL FROM catalog_trick
UNION ALL
SELECT w.who, w.login, format(q, r.relation), 'anybody''s', 'raw', r.relation::text, NULL
FROM (VALUES ('reader', 'ea_tap_m_one'), ('writer', 'ea_tap_m_writes'), ('job', 'ea_tap_m_works'), ('analyst', 'ea_tap_m_sees')) w(who, login), unnest(ARRAY['SELECT * FROM %s;', 'COPY %s TO STDOUT;', 'EXPLAIN ANALYZE SELECT FROM %s; DELETE FROM %1$s RETURNING *;']) WITH ORDINALITY q(q, place),
     explore_analytics.relations() r WHERE r.role NOT IN ('view', 'status') AND (w.who = 'reader' OR q.place = 1)
UNION ALL
SELECT 'gateway', 'ea_tap_m_gateway', body, 'others', 'across', NULL, NULL FROM across_trick
UNION ALL
SELECT 'writer', 'ea_tap_m_writes', body, 'anybody''s', 'record', NULL, NULL FROM unnest(ARRAY['SELECT record_engagement(7220001, ''view'', 8200001, 8620001);', 'SELECT record_engagement(7229999, ''view'');',
  'SELECT * FROM record_engagement_batch(''[{"contentId": 7220001, "engagementType": "save", "sessionId": 8620001}, {"contentId": 7229999, "engagementType": "view"}, {"contentId": 7220001, "engagementType": "x"}]'');', 'SELECT create_session() > 8600000;', 'SELECT identify_session(8629999, 8200001);',
  'SELECT * FROM record_engagement_body(''[{"contentId": 7220001, "engagementType": "save", "sessionId": 8620001}, {"contentId": 7229999, "engagementType": "view"}]'');']) body
UNION ALL
SELECT 'job', 'ea_tap_m_works', body, 'anybody''s', 'operate', NULL, NULL FROM unnest(ARRAY['SELECT batch_update_engagement_scores();', 'SELECT close_idle_sessions();', 'SELECT * FROM explore_analytics.verify();', 'SELECT * FROM explore_analytics.check_ledger();', 'SELECT explore_analytics.ensure_partitions();',
  'SELECT explore_analytics.prune_keys();', 'TABLE explore_analytics.refresh_progress;', 'TABLE explore_analytics.epoch_holders;', 'CALL explore_analytics.refresh();', 'CALL explore_analytics.compact();']) body;
-- Each login has one connection, but probes that change the session's settings are alone.
CREATE TABLE public.probe AS
SELECT p.n, CASE WHEN row_number() OVER (PARTITION BY p.login ORDER BY p.n) = 1 THEN p.login END AS login, '' AS options,
       E'SET client_min_messages = notice; SET search_path = public;\nCREATE OR REPLACE FUNCTION pg_temp.peek(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$BEGIN RAISE NOTICE ''peeked at %'', $1; RETURN true; END$$;\n'
       || replace(p.body, '{n}', p.n::text) || E'\nROLLBACK;' AS body
FROM (SELECT row_number() OVER (ORDER BY login, n)::int AS n, login, body FROM planned) p;
CREATE TABLE public.expected AS SELECT row_number() OVER (ORDER BY login, n)::int AS n, who, body, of_whom, form, function, about FROM planned;
\ir include/sessions.sql

BEGIN;
SELECT no_plan();
CREATE TEMP TABLE result AS
SELECT e.*, h.shown, h.told, canaries(h.shown || ' ' || regexp_replace(h.told, 'psql:<stdin>:\d+:', '', 'g'), e.body, e.of_whom) AS seen, h.told ~ '42501' AS refused
FROM expected e JOIN heard h USING (n);
SELECT is_empty($$SELECT who, form, body, seen FROM result WHERE seen IS NOT NULL AND of_whom <> 'nobody''s'$$, 'no probe shows a canary');
SELECT is_empty($$SELECT who, body FROM result WHERE told = 'no connection'$$, 'all of them were run');
SELECT cmp_ok((SELECT count(*)::int FROM result WHERE of_whom <> 'nobody''s'), '>=', 300, 'they are many');
SELECT is_empty($$SELECT who, body, told FROM result WHERE told ~ '(XX000|58P01|57P0|server closed|08006)'$$, 'none of them breaks anything');
-- The canaries are there to be seen: an analyst sees them in the very same answers, and the forms work.
SELECT is_empty($$SELECT body, told FROM result WHERE who = 'analyst' AND form = 'select' AND about <> 'own' AND function !~ 'creator_analytics|dashboard|content_summary|creator_summary|platform_summary' AND body !~ '7(22|33)0001\)'
  AND canaries(shown, body, 'others') IS NULL$$, 'an analyst sees them, with an identity');
SELECT is_empty($$SELECT form, about, function FROM result WHERE who IN ('reader', 'set') AND form IN ('select', 'copy', 'explain', 'cursor', 'prepared', 'kept') AND about IN ('own', 'list') AND (refused OR shown = '')$$, 'a reader gets its own answers in every form');
SELECT ok(bool_and(shown ~ '7110002'), 'what an analyst has begun to read is read on as a reader') FROM result WHERE body ~ 'FETCH 1' AND body ~ 'video_daily';
SELECT cmp_ok((SELECT count(*)::int FROM result WHERE form = 'trick' AND told ~ 'peeked at (canary-one|7100001)'), '>=', 18, 'functions in conditions did see what is there');
SELECT is_empty($$SELECT n FROM result WHERE form = 'across' AND body ~ 'videos_analytics|video_daily' AND body !~ '^S[^;]*(FROM [a-z_]+(\(\))?|reader);|FETCH 1' AND shown !~ '711001|canary-one'$$, 'what was made ready as an analyst runs as a reader');

-- ---------------------------------------------------------------------------------------------------
-- The tables of the documentation
-- ---------------------------------------------------------------------------------------------------
CREATE TEMP TABLE doc AS
SELECT heading, cells[2] AS what, role, btrim(cells[2 + place]) AS value
FROM (SELECT split_part(section, E'\n', 1) AS heading, regexp_split_to_array(line, '\|') AS cells
      FROM regexp_split_to_table(:'page', '\n## ') section, regexp_split_to_table(section, '\n') line WHERE section ~ '^(Function|Relation) by role\n' AND line LIKE '| %' AND line NOT LIKE '| Function |%' AND line NOT LIKE '| Relation |%') t,
     unnest(ARRAY['everybody', 'reader', 'analyst', 'writer', 'job', 'owner']) WITH ORDINALITY r(role, place);
CREATE TEMP TABLE said AS
SELECT heading, role, value, CASE WHEN what ~ '^ *every other' THEN 'other ' || CASE WHEN what ~ 'schema `explore_analytics`' THEN 'explore_analytics' ELSE 'public' END ELSE name.m[1] END AS name
FROM doc LEFT JOIN LATERAL regexp_matches(what, '`([a-z_.]+)`', 'g') name(m) ON what !~ '^ *every other';
SELECT cmp_ok((SELECT count(*)::int FROM said), '>=', 250, 'the tables were read');
SELECT is_empty($$SELECT * FROM said WHERE value NOT IN ('all', 'own', 'yes', 'none', '-') OR value IS NULL$$, 'their words are known');
SELECT is_empty($$SELECT heading, name, role FROM said GROUP BY 1, 2, 3 HAVING count(*) > 1$$, 'nothing is in them twice');

CREATE TEMP TABLE login (role text, login name);
INSERT INTO login VALUES ('everybody', 'ea_tap_m_none'), ('reader', 'ea_tap_m_one'), ('analyst', 'ea_tap_m_sees'), ('writer', 'ea_tap_m_writes'), ('job', 'ea_tap_m_works'), ('owner', 'ea_tap_m_owns');
CREATE TEMP TABLE member AS
SELECT p.oid, p.proname, n.nspname, p.provolatile, CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || p.proname AS name
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'explore_analytics';
SELECT is_empty($$SELECT name FROM said WHERE heading LIKE 'Function%' AND name NOT LIKE 'other %' EXCEPT SELECT name FROM member$$, 'every function in the table exists');
SELECT is_empty($$
  SELECT m.oid::regprocedure, s.role, s.value, 'EXECUTE: ' || x.may FROM member m
  JOIN said s ON s.heading LIKE 'Function%' AND s.name = CASE WHEN m.name IN (SELECT name FROM said) THEN m.name ELSE 'other ' || m.nspname END
  JOIN login l USING (role), LATERAL (SELECT has_function_privilege(l.login, m.oid, 'EXECUTE') AND has_schema_privilege(l.login, m.nspname, 'USAGE') AS may) x
  WHERE x.may <> (s.value <> '-') AND NOT (m.name = 'platform_summary' AND s.role = 'reader') AND NOT (m.name = 'explore_analytics.create_roles' AND s.role = 'owner')$$, 'each role may call the functions that the table says, and no others');
SELECT is_empty($$SELECT name FROM member WHERE nspname = 'public' AND provolatile <> 'i' AND name NOT IN (SELECT name FROM said)$$, 'whatever looks beyond its arguments is in the table by name');
SELECT is_empty($$SELECT l.role, f FROM login l, unnest(ARRAY['explore_analytics.sees_every_creator()']::regprocedure[]) f
  WHERE has_function_privilege(l.login, f, 'EXECUTE') <> (l.role IN ('owner', 'analyst'))$$, 'only analyst and owner have a right to see more');
-- What came of calling them. An answer about others is refused, or leaves them out.
SELECT is_empty($$
  SELECT r.who, r.body, s.value, r.shown, r.told FROM result r JOIN said s ON s.name = r.function AND s.role = r.who WHERE r.form = 'select'
  AND CASE s.value WHEN '-' THEN NOT r.refused OR r.shown <> '' WHEN 'none' THEN r.refused OR r.shown <> '' WHEN 'all' THEN r.refused OR r.shown = '' AND r.body !~ 'video_analytics\(7(22|33)0001\)'
    WHEN 'own' THEN r.refused <> (r.about IN ('others', 'platform') AND r.body !~ 'daily|leaderboard') OR r.refused AND r.shown <> '' ELSE true END$$, 'what the table says about answers is so');
SELECT cmp_ok((SELECT count(*)::int FROM result r JOIN said s ON s.name = r.function AND s.role = r.who WHERE r.form = 'select'), '>=', 200, 'and was tried');
SELECT is_empty($$SELECT body, shown, told FROM result WHERE who = 'nobody' AND NOT (shown = '' AND (refused OR told ~ '22004' AND body ~ '(analytics|dashboard)\((period)?' OR body ~ 'daily|leaderboard'))$$, 'a reader without an identity gets nothing');
SELECT is_empty($$SELECT who, form, body, shown, told FROM result WHERE form IN ('record', 'operate') AND refused$$, 'writer and job can work');
-- Relations.
SELECT is_empty($$SELECT name FROM said WHERE heading LIKE 'Relation%' AND name NOT LIKE 'other %' AND to_regclass(name) IS NULL$$, 'every relation in the table exists');
SELECT is_empty($$
  SELECT c.oid::regclass, s.role, s.value, x.may FROM pg_class c
  JOIN said s ON s.heading LIKE 'Relation%' AND s.name = CASE WHEN c.oid::regclass::text IN (SELECT name FROM said) THEN c.oid::regclass::text ELSE 'other public' END
  JOIN login l USING (role), LATERAL (SELECT CASE c.relkind WHEN 'S' THEN has_sequence_privilege(l.login, c.oid, 'USAGE, SELECT, UPDATE') ELSE has_table_privilege(l.login, c.oid, 'SELECT') OR has_any_column_privilege(l.login, c.oid, 'SELECT') END
      OR CASE WHEN c.relkind = 'S' OR s.role = 'owner' THEN false ELSE has_table_privilege(l.login, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') OR has_any_column_privilege(l.login, c.oid, 'INSERT, UPDATE, REFERENCES') END AS may) x
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND (c.relnamespace = 'explore_analytics'::regnamespace OR c.relnamespace = 'public'::regnamespace AND c.relname ~ '^explore_') AND x.may <> (s.value <> '-')$$, 'each role has a right on the relations that the table says, and on no others');
SELECT is_empty($$SELECT who, body, shown, told FROM result WHERE form = 'raw' AND NOT (refused AND shown = '')$$, 'nobody reads what is behind the door');
SELECT diag(format('RESULT access probes=%s canaries_seen=%s', count(*), coalesce(sum(cardinality(seen)), 0))) FROM result WHERE of_whom <> 'nobody''s';
SELECT * FROM finish();
ROLLBACK;

DROP TABLE probe, heard, planned, expected, reading, form, view_trick, catalog_trick, across_trick;
DROP OWNED BY ea_tap_m_one, ea_tap_m_set, ea_tap_m_nobody, ea_tap_m_gateway, ea_tap_m_sees, ea_tap_m_writes, ea_tap_m_works, ea_tap_m_owns, ea_tap_m_none CASCADE;
DROP EXTENSION explore_analytics CASCADE;
DROP OWNED BY ea_tap_m_owner, ea_tap_m_writer, ea_tap_m_reader, ea_tap_m_analyst, ea_tap_m_job CASCADE;
DROP ROLE ea_tap_m_one, ea_tap_m_set, ea_tap_m_nobody, ea_tap_m_gateway, ea_tap_m_sees, ea_tap_m_writes, ea_tap_m_works, ea_tap_m_owns, ea_tap_m_none, ea_tap_m_owner, ea_tap_m_writer, ea_tap_m_reader, ea_tap_m_analyst, ea_tap_m_job;
