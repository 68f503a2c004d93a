-- Every function and view for every kind of role; what an owner without superuser can do; an identity
-- sees of its own content exactly what an analyst sees of it.
\set QUIET on
SET client_min_messages = warning;
BEGIN;

CREATE ROLE tap_owner;
CREATE ROLE tap_read;
CREATE ROLE tap_analyse;
CREATE ROLE tap_record;
CREATE ROLE tap_operate;
CREATE ROLE tap_define;
CREATE ROLE tap_none;
CREATE ROLE tap_gateway;
CREATE ROLE tap_later;
CALL explore_analytics.install('tap_owner');

INSERT INTO explore_content (id, creator_id, title) VALUES (1, 7, 'one of 7'), (2, 7, 'two of 7'), (3, 8, 'one of 8');
INSERT INTO explore_discovery_videos (id, content_id, duration_ms) VALUES (11, 1, 10000), (12, 2, 20000), (13, 3, 5000);
INSERT INTO explore_feed_sessions (id, user_id, session_start) VALUES (101, 7, now() - interval '1 day'), (102, 8, now() - interval '1 day'), (103, NULL, now() - interval '3 days');
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
SELECT 1 + n % 3, 1 + n % 5, 101 + n % 2, 'view', 100 * n, n % 2 = 0, now() - n * interval '1 hour' FROM generate_series(1, 60) n;
SELECT FROM batch_update_engagement_scores();
SELECT FROM charge_boost(create_boost_campaign(1, 9, 'ZAR', 1), gen_random_uuid(), 'impression');

-- The owner grants.
SET LOCAL ROLE tap_owner;
SELECT FROM explore_analytics.grant_access('tap_read', 'read');
SELECT FROM explore_analytics.grant_access('tap_analyse', 'analyse');
SELECT FROM explore_analytics.grant_access('tap_record', 'record');
SELECT FROM explore_analytics.grant_access('tap_operate', 'operate');
SELECT FROM explore_analytics.grant_access('tap_define', 'define');
RESET ROLE;
SET LOCAL ROLE tap_define;
SELECT FROM define_cohort('of tap_define', '{"did": "view"}');
SELECT FROM define_experiment('results of tap_define', '{a,b}');
SELECT FROM define_experiment('defined', '{a,b}');
RESET ROLE;
SET LOCAL ROLE tap_owner;
RESET ROLE;
GRANT tap_read, tap_record TO tap_gateway;
GRANT SET ON PARAMETER explore_analytics.user_id TO tap_gateway;

-- What a call as a role raises, or 'allowed'; undone afterwards.
CREATE TYPE pg_temp.outcome AS (state text, words text);
CREATE FUNCTION pg_temp.as_role(role text, call text, me text DEFAULT '') RETURNS pg_temp.outcome LANGUAGE plpgsql AS $$
DECLARE
  result pg_temp.outcome;
  hint text;
BEGIN
  BEGIN
    PERFORM set_config('explore_analytics.user_id', me, true);
    PERFORM set_config('role', role, true);
    EXECUTE call;
    RAISE EXCEPTION USING ERRCODE = 'UT001';
  EXCEPTION
    WHEN SQLSTATE 'UT001' THEN
      result.state := 'allowed';
    WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS result.state := RETURNED_SQLSTATE, result.words := MESSAGE_TEXT, hint := PG_EXCEPTION_HINT;
      result.words := result.words || ' / ' || coalesce(hint, '');
  END;
  RETURN result;
END $$;
-- The rows of a query as a role.
CREATE FUNCTION pg_temp.seen(role text, query text, me text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
BEGIN
  PERFORM set_config('explore_analytics.user_id', me, true);
  PERFORM set_config('role', role, true);
  EXECUTE format('SELECT coalesce(string_agg(x::text, E''\n''), '''') FROM (%s) x', query) INTO result;
  PERFORM set_config('role', 'none', true);
  PERFORM set_config('explore_analytics.user_id', '', true);
  RETURN result;
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE;
END $$;

-- Every door with its grant. The list is written here; doors() is held against it below.
CREATE TEMPORARY TABLE door (n serial, call text, may text);
INSERT INTO door (call, may) VALUES
  ($$SELECT * FROM record_engagement_batch('[{"contentId": 1, "engagementType": "save", "userId": 5, "sessionId": 101, "eventId": "00000000-0000-4000-8000-00000000000a"}]')$$, 'record'),
  ($$SELECT * FROM record_engagement_body('[{"contentId": 1, "engagementType": "save", "userId": 5, "sessionId": 101, "eventId": "00000000-0000-4000-8000-00000000000c"}]')$$, 'record'),
  ($$SELECT record_engagement(1, 'view', 5, 101, 1.5, true, now(), '00000000-0000-4000-8000-00000000000b', '{}')$$, 'record'),
  ($$SELECT create_session(5, '{"country": "AE"}')$$, 'record'),
  ($$SELECT identify_session(101, 7)$$, 'record'),
  ($$SELECT close_session(101)$$, 'record'),
  ($$SELECT content_summary(1)$$, 'read'),
  ($$SELECT creator_summary(7)$$, 'read'),
  ($$SELECT platform_summary()$$, 'read'),
  ($$SELECT * FROM video_analytics(11)$$, 'read'),
  ($$SELECT * FROM videos_analytics()$$, 'read'),
  ($$SELECT * FROM creator_analytics(7)$$, 'read'),
  ($$SELECT * FROM session_analytics(101)$$, 'read'),
  ($$SELECT * FROM aggregated_metrics('week')$$, 'read'),
  ($$SELECT creator_dashboard(7)$$, 'read'),
  ($$SELECT my_analytics_dashboard()$$, 'read'),
  ($$SELECT * FROM metric_series('views')$$, 'read'),
  ($$SELECT * FROM top_videos()$$, 'read'),
  ($$SELECT * FROM live_metrics()$$, 'read'),
  ($$SELECT concurrent_viewers()$$, 'read'),
  ($$SELECT * FROM trending_content()$$, 'read'),
  ($$SELECT * FROM funnel('{view}')$$, 'read'), ($$SELECT * FROM attribution('view')$$, 'read'), ('SELECT * FROM campaign_analytics(1)', 'read'), ('SELECT * FROM boost_revenue()', 'read'),
  ($$SELECT * FROM metric_trend('views')$$, 'read'),
  ($$SELECT * FROM viewer_retention('2025-01-01', '2025-01-05')$$, 'read'), ($$SELECT * FROM viewer_lifecycle('2025-01-01', '2025-01-05')$$, 'read'), ($$SELECT * FROM stickiness()$$, 'read'),
  ($$SELECT * FROM metric_forecast('views', '2025-01-01', '2025-01-05')$$, 'read'),
  ($$SELECT * FROM compare_video(11)$$, 'read'), ($$SELECT * FROM benchmark_creator(7, end_date => '2025-01-05')$$, 'read'), ('SELECT * FROM suspicious_viewers()', 'analyse'), ('SELECT * FROM suspicious_viewers()', 'operate'),
  ($$SELECT * FROM audience_breakdown('gender')$$, 'read'),
  ($$SELECT * FROM retention_curve(11)$$, 'read'),
  ($$SELECT * FROM compare_periods('views', '2025-01-01', '2025-01-05')$$, 'read'),
  ($$SELECT define_cohort('another', '{"did": "save"}')$$, 'define'),
  ($$SELECT cohort('of tap_define')$$, 'define'),
  ($$SELECT define_experiment('another', '{a,b}')$$, 'define'),
  ($$SELECT assign_variant('defined', '1')$$, 'record'), ($$SELECT assign_variant('defined', '1')$$, 'analyse'),
  ($$SELECT record_exposure('defined', 5)$$, 'record'),
  ($$SELECT create_boost_campaign((SELECT 1), 1, 'ZAR')$$, 'record'), ($$SELECT charge_boost(1, gen_random_uuid(), 'click')$$, 'record'), ($$SELECT set_boost_budget(1, 2)$$, 'record'), ($$SELECT credit_boost(1, amount => 0.000001)$$, 'record'), ($$SELECT stop_boost_campaign(1)$$, 'record'),
  ('SELECT * FROM explore_analytics.boost_faults()', 'operate'),
  ($$SELECT * FROM cohort_metrics('of tap_define')$$, 'define'),
  ($$SELECT * FROM experiment_results('results of tap_define', '{views}')$$, 'analyse'),
  ($$SELECT * FROM explore_video_daily$$, 'read'),
  ($$SELECT * FROM explore_creator_daily$$, 'read'),
  ($$SELECT * FROM explore_platform_daily$$, 'read'),
  ($$SELECT * FROM explore_leaderboard$$, 'read'),
  ($$SELECT close_idle_sessions()$$, 'operate'),
  ($$SELECT batch_update_engagement_scores(true)$$, 'operate'),
  ($$SELECT explore_analytics.ensure_partitions('2024-01-01', '2024-02-01')$$, 'operate'),
  ($$SELECT explore_analytics.prune_keys()$$, 'operate'),
  ($$SELECT explore_analytics.schedule_jobs()$$, 'operate'),
  ($$SELECT explore_analytics.unschedule_jobs()$$, 'operate'),
  ($$CALL explore_analytics.refresh()$$, 'operate'),
  ($$CALL explore_analytics.compact()$$, 'operate'),
  ($$CALL explore_analytics.run_forever()$$, 'operate'),
  ($$SELECT * FROM explore_analytics.verify()$$, 'operate'),
  ($$SELECT explore_analytics.rebuild()$$, 'operate'),
  ($$SELECT * FROM explore_analytics.check_ledger()$$, 'operate'),
  ($$SELECT explore_analytics.require_good_ledger()$$, 'operate'),
  ($$SELECT * FROM explore_analytics.health_check()$$, 'operate'),
  ($$SELECT * FROM explore_analytics.owner_checks('1 hour')$$, 'operate'),
  ($$CALL explore_analytics.apply_retention('20 years')$$, 'operate'),
  ($$SELECT explore_analytics.forget_viewer(4711)$$, 'operate'),
  ($$SELECT explore_analytics.exclude_traffic(4712)$$, 'operate'),
  ($$SELECT explore_analytics.restore_traffic(4712)$$, 'operate'),
  ($$SELECT explore_analytics.export_viewer(4711)$$, 'operate'),
  ($$SELECT * FROM explore_analytics.older_views('{4711}')$$, 'operate'),
  ($$SELECT * FROM explore_analytics.rollup_status$$, 'operate'),
  ($$SELECT * FROM explore_analytics.refresh_progress$$, 'operate'),
  ($$SELECT * FROM explore_analytics.epoch_holders$$, 'operate'),
  ($$SELECT explore_analytics.grant_access('tap_later', 'read')$$, 'owner'),
  ($$SELECT explore_analytics.grant_access('tap_later', 'analyse')$$, 'owner'),
  ($$SELECT explore_analytics.grant_access('tap_later', 'record')$$, 'owner'),
  ($$SELECT explore_analytics.grant_access('tap_later', 'operate')$$, 'owner'),
  ($$SELECT explore_analytics.grant_access('tap_later', 'define')$$, 'owner'),
  ($$CALL explore_analytics.install()$$, 'owner'),
  ($$CALL explore_analytics.uninstall()$$, 'owner'),
  ($$CALL explore_analytics.uninstall(true)$$, 'owner');
-- my_analytics_dashboard() needs a current creator, and who may only read needs one for everything; without pg_cron here the jobs come
-- as far as saying so, and procedures that end transactions as far as saying that they cannot, here.
CREATE TEMPORARY TABLE reach AS
SELECT d.*, r.role, pg_temp.as_role(r.role, d.call, CASE WHEN d.call LIKE '%my_analytics%' THEN '7' ELSE '' END) AS o,
       CASE WHEN r.role = 'tap_read' AND d.may = 'read' AND d.call !~ 'my_analytics|daily|leaderboard' THEN '42501'
            WHEN r.role = 'tap_owner' OR r.role = 'tap_' || d.may OR r.role IN ('tap_analyse', 'tap_define') AND d.may IN ('read', 'analyse')
              OR d.call LIKE '%assign_variant%' AND r.role IN ('tap_record', 'tap_analyse', 'tap_define')
              OR d.call LIKE '%suspicious_viewers%' AND r.role IN ('tap_operate', 'tap_analyse', 'tap_define')
            THEN CASE WHEN d.call LIKE '%schedule_jobs()' THEN '55000' WHEN d.call ~ '(refresh|compact|run_forever|apply_retention)\(' THEN '25001' ELSE 'allowed' END ELSE '42501' END AS wanted
FROM door d, unnest(ARRAY['tap_none', 'tap_read', 'tap_analyse', 'tap_record', 'tap_operate', 'tap_define', 'tap_owner']) r(role);
-- Not granted to anybody: all relations but the views, wherever they come from.
CREATE TEMPORARY TABLE sealed AS
SELECT c.oid, c.oid::regclass AS name, c.relkind FROM pg_class c
WHERE c.relnamespace IN ('public'::regnamespace, 'explore_analytics'::regnamespace) AND c.relkind IN ('r', 'p', 'm', 'S')
  AND c.oid NOT IN (SELECT objid FROM pg_depend WHERE classid = 'pg_class'::regclass AND deptype = 'e');
CREATE TEMPORARY TABLE scope (n serial, query text);
INSERT INTO scope (query) VALUES
  ('SELECT * FROM videos_analytics(creator_id => %s)'), ('SELECT * FROM top_videos(creator_id => %s)'), ('SELECT creator_summary(%s)'),
  ('SELECT * FROM creator_analytics(%s)'), ($$SELECT * FROM aggregated_metrics('month', %s)$$), ('SELECT creator_dashboard(%s)'),
  ($$SELECT * FROM metric_series('views', creator_id => %s)$$), ($$SELECT * FROM metric_series('sessions', creator_id => %s)$$),
  ($$SELECT * FROM metric_series('new_viewers', creator_id => %s)$$), ('SELECT * FROM live_metrics(creator_id => %s)'), ($$SELECT * FROM metric_trend('views', creator_id => %s)$$),
  ($$SELECT * FROM viewer_retention('2025-01-01', '2025-01-05', 'day', creator_id => %s)$$), ($$SELECT * FROM viewer_lifecycle('2025-01-01', '2025-01-05', creator_id => %s)$$), ('SELECT * FROM stickiness(creator_id => %s)'), ($$SELECT * FROM funnel('{view}', creator_id => %s)$$), ($$SELECT * FROM attribution('view', '{view,save}', creator_id => %s)$$), ('SELECT * FROM boost_revenue(creator_id => %s)'),
  ($$SELECT * FROM metric_forecast('views', '2025-01-01', '2025-01-05', creator_id => %s)$$), ($$SELECT * FROM compare_periods('views', '2025-01-01', '2025-01-05', %s)$$), ($$SELECT * FROM benchmark_creator(%s, end_date => '2025-01-05')$$),
  ('SELECT * FROM explore_video_daily WHERE creator_id = %s ORDER BY day, content_id'),
  ('SELECT * FROM explore_creator_daily WHERE creator_id = %s ORDER BY day'), ('SELECT * FROM explore_leaderboard WHERE creator_id = %s ORDER BY rank');

SELECT plan((SELECT count(*)::int FROM reach) + (SELECT count(*)::int FROM scope) + 50);

SELECT is((r.o).state, r.wanted, format('%s: %s', r.role, left(r.call, 90))) FROM reach r ORDER BY r.n, r.role;
SELECT bag_eq($$SELECT p.proname::text, replace(d.may, 'privacy', 'operate') FROM explore_analytics.doors() d JOIN pg_proc p ON p.oid = d.signature$$,
  $$SELECT (regexp_match(call, '([a-z_]+)\('))[1], may FROM door WHERE may <> 'owner' AND call LIKE '%(%'
    UNION ALL VALUES ('daily_numbers', 'read'), ('active_days', 'read'), ('tail_days', 'read'), ('day_summary', 'read')  -- for the daily views; readers cannot name them$$, 'doors() lists these functions with these grants');

-- Pure functions are for everybody.
SELECT is((pg_temp.as_role('tap_none', call)).state, 'allowed', 'without a grant: ' || call)
FROM unnest(ARRAY[$$SELECT views(engagement_agg('view', 1, 5, true))$$, $$SELECT unique_viewers(rollup(s)) FROM (SELECT engagement_agg('view', 1, 5, true) AS s) x$$,
  $$SELECT cardinality(viewer_set_agg(5::bigint) | from_roaring(to_roaring(viewer_set_agg(6::bigint))))$$,
  $$SELECT engagement_score(10::bigint, 1::bigint, 1::bigint, 1::bigint, 1::bigint, 1::bigint)$$, $$SELECT current_creator_id()$$]) call;

-- ---------------------------------------------------------------------------------------------------
-- Nothing behind the door is granted to anybody
-- ---------------------------------------------------------------------------------------------------
SELECT cmp_ok((SELECT count(*) FROM sealed), '>=', 21::bigint, 'tables, partitions, keys, materialized view and sequences found');
SELECT is_empty($$SELECT s.name, a.grantee::regrole FROM sealed s JOIN pg_class c ON c.oid = s.oid, aclexplode(c.relacl) a WHERE a.grantee <> c.relowner$$,
  'no table, partition, key table, materialized view or sequence is granted to anybody');
SELECT is_empty($$SELECT s.name, a.attname FROM sealed s JOIN pg_attribute a ON a.attrelid = s.oid WHERE a.attacl IS NOT NULL$$, 'nor a column of one');
SELECT is_empty(format($$SELECT name FROM sealed WHERE CASE WHEN relkind = 'S' THEN has_sequence_privilege(%L, oid, 'USAGE, SELECT, UPDATE')
    ELSE has_any_column_privilege(%1$L, oid, 'SELECT, INSERT, UPDATE, REFERENCES') OR has_table_privilege(%1$L, oid, 'DELETE, TRUNCATE, TRIGGER') END$$, role),
  role || ' has no right on any of them')
FROM unnest(ARRAY['tap_none', 'tap_read', 'tap_analyse', 'tap_record', 'tap_operate', 'tap_define', 'tap_gateway']) role;
SELECT is_empty($$SELECT name FROM (VALUES ('explore_video_daily'), ('explore_creator_daily'), ('explore_platform_daily'), ('explore_leaderboard')) v(name)
  WHERE has_table_privilege('tap_read', name, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')$$, 'read is only to read the BI views');
SELECT is_empty($$SELECT name FROM (VALUES ('rollup_status'), ('refresh_progress'), ('epoch_holders')) v(name)
  WHERE has_table_privilege('tap_operate', 'explore_analytics.' || name, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')$$, 'operate is only to read the status views');
SELECT is_empty(format($$SELECT name FROM (VALUES ('explore_video_daily'), ('explore_creator_daily'), ('explore_platform_daily'), ('explore_leaderboard')) v(name)
  WHERE has_any_column_privilege(%L, name, 'SELECT, INSERT, UPDATE, REFERENCES')$$, role), role || ' has no right on the BI views')
FROM unnest(ARRAY['tap_none', 'tap_record', 'tap_operate']) role;

-- ---------------------------------------------------------------------------------------------------
-- Own content: the numbers are those that an analyst gets
-- ---------------------------------------------------------------------------------------------------
SELECT is(pg_temp.seen('tap_read', format(query, 7), '7'), pg_temp.seen('tap_analyse', format(query, 7)), 'own: ' || query) FROM scope ORDER BY n;
SELECT is(pg_temp.seen('tap_read', 'SELECT * FROM videos_analytics()', '7'), pg_temp.seen('tap_analyse', 'SELECT * FROM videos_analytics(creator_id => 7)'), 'videos_analytics(): own');
SELECT is(pg_temp.seen('tap_read', 'SELECT * FROM top_videos()', '7'), pg_temp.seen('tap_analyse', 'SELECT * FROM top_videos(creator_id => 7)'), 'top_videos(): own');
SELECT is(pg_temp.seen('tap_read', 'SELECT * FROM creator_analytics()', '8'), pg_temp.seen('tap_analyse', 'SELECT * FROM creator_analytics(8)'), 'creator_analytics(): the current creator');
SELECT is(pg_temp.seen('tap_read', 'SELECT my_analytics_dashboard()', '8'), pg_temp.seen('tap_analyse', 'SELECT creator_dashboard(8)'), 'my_analytics_dashboard(): the current creator');
SELECT is(pg_temp.seen('tap_read', 'SELECT * FROM explore_video_daily ORDER BY day, content_id', '7'),
          pg_temp.seen('tap_analyse', 'SELECT * FROM explore_video_daily WHERE creator_id = 7 ORDER BY day, content_id'), 'explore_video_daily: own');
SELECT is(pg_temp.seen('tap_read', 'SELECT * FROM explore_leaderboard ORDER BY rank', '7'),
          pg_temp.seen('tap_analyse', 'SELECT * FROM explore_leaderboard WHERE creator_id = 7 ORDER BY rank'), 'explore_leaderboard: own');
SELECT is(pg_temp.seen('tap_read', 'SELECT * FROM explore_platform_daily', '7'), '', 'explore_platform_daily: nothing');
-- Somebody else's, in words and all.
SELECT is(pg_temp.as_role('tap_read', format(call, id), '7'),
          ROW('42501', format('permission denied for %s %s / Only the content of the session''s own creator is visible, see current_creator_id().', what, id))::pg_temp.outcome,
          format('refused, %s: %s', CASE WHEN id = 999 THEN 'unknown' ELSE 'somebody else''s' END, format(call, id)))
FROM (VALUES ('SELECT * FROM video_analytics(%s)', 'video', 13), ('SELECT content_summary(%s)', 'content', 3), ('SELECT * FROM creator_analytics(%s)', 'creator', 8),
             ('SELECT * FROM session_analytics(%s)', 'session', 102)) c(call, what, theirs), LATERAL unnest(ARRAY[theirs, 999]) id;
-- A condition of the reader's, as cheap as can be, never sees other rows.
CREATE FUNCTION public.tap_peek(bigint) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$
BEGIN
  IF $1 = 8 THEN RAISE EXCEPTION 'peeked' USING ERRCODE = 'UT002'; END IF;
  RETURN true;
END $$;
SELECT is((pg_temp.as_role('tap_read', format('SELECT * FROM %s WHERE tap_peek(creator_id)', view), '7')).state, 'allowed', 'no peeking through ' || view)
FROM unnest(ARRAY['explore_video_daily', 'explore_creator_daily', 'explore_leaderboard']) view;
SELECT is(pg_temp.seen(role, 'SELECT video_id FROM videos_analytics()', '7'), E'(11)\n(12)\n(13)', role || ' sees all, with any identity') FROM unnest(ARRAY['tap_owner', 'tap_analyse']) role;
SELECT is(pg_temp.seen('tap_read', 'SELECT count(*) FROM explore_video_daily'), '(0)', 'without one, who may only read sees nothing');

-- ---------------------------------------------------------------------------------------------------
-- What is done by a role without superuser is really done
-- ---------------------------------------------------------------------------------------------------
SET LOCAL ROLE tap_gateway;
SET LOCAL explore_analytics.user_id = '7';
SET LOCAL ROLE tap_record;
SELECT is(record_engagement(3, 'save'), 'recorded', 'record: an engagement is recorded');
RESET ROLE;
SET LOCAL explore_analytics.user_id = '';
SELECT results_eq('SELECT user_id FROM explore_saved_properties WHERE content_id = 3', ARRAY[7::bigint], 'record: the user is the current user');
SET LOCAL ROLE tap_operate;
SELECT is(batch_update_engagement_scores(), 1::bigint, 'operate: rescore');
RESET ROLE;
SET LOCAL ROLE tap_owner;
SELECT is(batch_update_engagement_scores(true), 0::bigint, 'the owner: rescore, nothing is left to do');
SELECT is(explore_analytics.ensure_partitions('2023-05-01', '2023-06-30'), 2, 'the owner: partitions');
SELECT lives_ok($$SELECT explore_analytics.grant_access('tap_later', may) FROM unnest(ARRAY['read', 'analyse', 'record', 'operate', 'define']) may$$, 'the owner: grants');
RESET ROLE;
SELECT is_empty($$SELECT n, call FROM door WHERE may <> 'owner' AND (pg_temp.as_role('tap_later', call, '7')).state = '42501' AND call !~ 'schedule_jobs|of tap_define'$$,
  'the owner: what was granted works');
SELECT results_eq($$SELECT pg_get_userbyid(relowner), relacl IS NULL, count(*) FROM pg_class WHERE relname LIKE 'explore\_engagements\_2023\_0_' GROUP BY 1, 2$$,
  $$VALUES ('tap_owner'::name, true, 2::bigint)$$, 'the owner: partitions belong to the owner and are granted to nobody');

SELECT * FROM finish();
ROLLBACK;
