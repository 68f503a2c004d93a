-- Errors of operation: not installed, no pg_cron, tables that do not fit, roles, partitions, the setting;
-- and the CHECKs that COPY and UPDATE meet. Nothing is stored or changed by any of them.
\set QUIET on
SET client_min_messages = warning;
BEGIN;

INSERT INTO explore_content (id, creator_id, title) VALUES (1, 7, 'one'), (2, 7, 'two'), (3, 8, 'three');
INSERT INTO explore_discovery_videos (id, content_id, duration_ms) VALUES (11, 1, 10000), (12, 2, 20000), (13, 3, NULL);
INSERT INTO explore_feed_sessions (id, user_id, session_start) VALUES (101, 5, now() - interval '1 day');
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms)
SELECT 1 + n % 3, 1 + n % 5, 'view', n FROM generate_series(1, 30) n;
SELECT record_engagement(1, 'save', 5, event_id => '00000000-0000-4000-8000-000000000001') \g /dev/null
CREATE ROLE errors_reader;

-- ---------------------------------------------------------------------------------------------------
-- What a call raises, and whether anything is different afterwards
-- ---------------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.contents() RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' | ',
    (SELECT concat(count(*), md5(string_agg(x::text, ',' ORDER BY x::text))) FROM explore_content x),
    (SELECT concat(count(*), md5(string_agg(x::text, ',' ORDER BY x::text))) FROM explore_discovery_videos x),
    (SELECT concat(count(*), md5(string_agg(x::text, ',' ORDER BY x::text))) FROM explore_feed_sessions x),
    (SELECT concat(count(*), md5(string_agg(x::text, ',' ORDER BY x::text))) FROM explore_engagements x),
    (SELECT concat(count(*), md5(string_agg(x::text, ',' ORDER BY x::text))) FROM explore_saved_properties x),
    (SELECT concat(count(*), md5(string_agg(x::text, ',' ORDER BY x::text))) FROM explore_viewers x),
    (SELECT concat(count(*), md5(string_agg(x::text, ',' ORDER BY x::text))) FROM explore_exposures x),
    (SELECT concat(count(*), md5(string_agg(x::text, ',' ORDER BY x::text))) FROM explore_excluded_engagements x),
    (SELECT concat(count(*), md5(string_agg(x::text, ',' ORDER BY x::text))) FROM explore_analytics.excluded_viewers x), (SELECT concat(count(*), md5(string_agg(x::text, ',' ORDER BY x::text))) FROM explore_boost_campaigns x), (SELECT count(*) FROM explore_boost_ledger),
    (SELECT concat(count(*), md5(string_agg(x::text, ',' ORDER BY x::text))) FROM explore_analytics.event_keys x),
    (SELECT concat(count(*), md5(string_agg(x::text, ',' ORDER BY x::text))) FROM explore_analytics.viewing_keys x),
    (SELECT count(*) FROM explore_leaderboard),
    (SELECT concat(count(*), md5(string_agg(concat(relname, relkind, relacl), ',' ORDER BY oid))) FROM pg_class
     WHERE relnamespace IN ('public'::regnamespace, 'explore_analytics'::regnamespace)))
$$;
CREATE TYPE pg_temp.raised AS (state text, message text, hint text, changed boolean);
CREATE FUNCTION pg_temp.try(call text) RETURNS pg_temp.raised LANGUAGE plpgsql AS $$
DECLARE
  result pg_temp.raised;
  before text := pg_temp.contents();
BEGIN
  BEGIN
    EXECUTE call;
    result.state := 'no error';
  EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS result.state := RETURNED_SQLSTATE, result.message := MESSAGE_TEXT, result.hint := PG_EXCEPTION_HINT;
  END;
  result.changed := pg_temp.contents() <> before;
  RETURN result;
END $$;

-- names: what the message has to contain. hint: what the hint has to contain; NULL: the server's own error.
CREATE TEMPORARY TABLE bad (n serial, call text, state text, names text, hint text DEFAULT '');
INSERT INTO bad (call, state, names, hint) VALUES
  ($$SELECT explore_analytics.grant_access('errors_reader', 'write')$$, '22023', 'write', 'operate'),
  ($$SELECT explore_analytics.grant_access('errors_reader', '')$$, '22023', '""', 'operate'),
  ($$SELECT explore_analytics.grant_access('errors_reader', 'deliver')$$, '22023', 'deliver', 'may is one of read, analyse, record, operate, define.'),
  ($$SELECT explore_analytics.grant_access('errors_reader', 'Read')$$, '22023', 'Read', 'may is one of read, analyse, record, operate, define.'),
  ($$SELECT explore_analytics.ensure_partitions('2026-03-01', '2026-02-01')$$, '22023', '2026-02-01', ''),
  ($$SELECT explore_analytics.ensure_partitions('1900-01-01', '2026-02-01')$$, '22023', '1900-01-01', ''),
  ($$SELECT explore_analytics.grant_access('nobody of that name', 'read')$$, '42704', 'nobody of that name', ''),
  ($$CALL explore_analytics.install('nobody of that name')$$, '42704', 'nobody of that name', ''),
  ($$SELECT explore_analytics.ensure_partitions('-infinity', '2026-02-01')$$, '22008', 'finite', ''),
  ($$SELECT explore_analytics.ensure_partitions('2026-02-01', 'infinity')$$, '22008', 'finite', ''),
  -- What an update brought has not been handed to the owner yet.
  ($$CALL explore_analytics.install('errors_reader'); CREATE FUNCTION explore_analytics.of_an_update() RETURNS int LANGUAGE sql AS 'SELECT 1';
     ALTER EXTENSION explore_analytics ADD FUNCTION explore_analytics.of_an_update();
     REVOKE EXECUTE ON FUNCTION explore_analytics.of_an_update() FROM PUBLIC; SET LOCAL ROLE errors_reader; CALL explore_analytics.install()$$, '42501', 'this version', 'a superuser calls it once'),
  ($$UPDATE explore_analytics.rollup_state SET layout_version = 99; CALL explore_analytics.install()$$, '55000', '99', 'ALTER EXTENSION'),
  -- What a statement of ours does not find: the tables are of another version, or somebody changed them.
  ($$ALTER TABLE explore_feed_sessions RENAME app_version TO version_of_app; SELECT create_session(1)$$, '55000', 'app_version', 'install()'),
  ($$SELECT create_session(1); ALTER TABLE explore_feed_sessions RENAME app_version TO version_of_app; SELECT create_session(1)$$, '55000', 'app_version', 'install()'),
  ($$ALTER TABLE explore_saved_properties RENAME TO saved_properties; SELECT explore_analytics.export_viewer(1)$$, '55000', 'explore_saved_properties', 'install()'),
  ($$ALTER TABLE explore_boost_campaigns RENAME TO campaigns; SELECT charge_boost(1, gen_random_uuid(), 'click')$$, '55000', 'explore_boost_campaigns', 'install()'),
  ($$ALTER TABLE explore_boost_ledger RENAME TO ledger; SELECT charge_boost(create_boost_campaign((SELECT min(id) FROM explore_content), 1, 'ZAR'), gen_random_uuid(), 'click')$$, '55000', 'explore_boost_ledger', 'install()'),
  ($$ALTER TABLE explore_exposures RENAME TO exposures; SELECT record_exposure('x', 1)$$, '55000', 'explore_exposures', 'install()'),
  ($$ALTER TABLE explore_analytics.experiments RENAME TO trials; SELECT assign_variant('x', '1')$$, '55000', 'experiments', 'install()'),
  ($$SELECT explore_analytics.grant_access(NULL, 'read')$$, '22004', 'role', ''),
  ($$SELECT explore_analytics.grant_access('errors_reader', NULL)$$, '22004', 'may', ''),
  -- 23514: plain INSERT and COPY,
  ($$INSERT INTO explore_engagements (content_id, engagement_type) VALUES (0, 'view')$$, '23514', '', NULL),
  ($$INSERT INTO explore_engagements (content_id, engagement_type) VALUES (-1, 'view')$$, '23514', '', NULL),
  ($$INSERT INTO explore_engagements (content_id, user_id, engagement_type) VALUES (1, 0, 'view')$$, '23514', '', NULL),
  ($$INSERT INTO explore_engagements (content_id, session_id, engagement_type) VALUES (1, -3, 'view')$$, '23514', '', NULL),
  ($$INSERT INTO explore_engagements (id, content_id, engagement_type) VALUES (0, 1, 'view')$$, '23514', '', NULL),
  ($$INSERT INTO explore_engagements (content_id, engagement_type, watch_time_ms) VALUES (1, 'view', -1)$$, '23514', '', NULL),
  ($$INSERT INTO explore_engagements (content_id, engagement_type, created_at) VALUES (1, 'view', 'infinity')$$, '23514', '', NULL),
  ($$INSERT INTO explore_engagements (content_id, engagement_type, created_at) VALUES (1, 'view', '-infinity')$$, '23514', '', NULL),
  ($$COPY explore_engagements (content_id, engagement_type, watch_time_ms) FROM PROGRAM 'echo "1,view,5"; echo "1,view,-1"' (FORMAT csv)$$, '23514', '', NULL),
  ($$COPY explore_engagements (content_id, engagement_type, created_at) FROM PROGRAM 'echo "1,view,infinity"' (FORMAT csv)$$, '23514', '', NULL),
  ($$UPDATE explore_engagements SET watch_time_ms = -5$$, '23514', '', NULL),
  ($$SET LOCAL explore_analytics.user_id = '0'$$, '22023', 'user_id', NULL),
  ($$SET LOCAL explore_analytics.user_id = '-7'$$, '22023', 'user_id', NULL),
  ($$SET LOCAL explore_analytics.user_id = 'me'$$, '22023', 'user_id', NULL),
  ($$SET LOCAL explore_analytics.user_id = '9223372036854775808'$$, '22023', 'user_id', NULL);
-- Not installed: every door, after uninstall().
CREATE TEMPORARY TABLE door_call (n serial, call text);
INSERT INTO door_call (call) VALUES
  ($$SELECT record_engagement_batch('[]')$$), ($$SELECT record_engagement_body('[]')$$), ($$SELECT record_engagement(1, 'view')$$), ($$SELECT create_session()$$), ($$SELECT close_session(101)$$),
  ($$SELECT close_idle_sessions()$$), ($$SELECT content_summary(1)$$), ($$SELECT creator_summary(7)$$), ($$SELECT platform_summary()$$),
  ($$SELECT * FROM video_analytics(11)$$), ($$SELECT * FROM videos_analytics()$$), ($$SELECT * FROM creator_analytics(7)$$), ($$SELECT * FROM session_analytics(101)$$),
  ($$SELECT * FROM aggregated_metrics('day')$$), ($$SELECT creator_dashboard(7)$$), ($$SELECT my_analytics_dashboard()$$), ($$SELECT * FROM metric_series('views')$$),
  ($$SELECT * FROM top_videos()$$), ($$SELECT * FROM live_metrics()$$), ($$SELECT concurrent_viewers()$$), ($$SELECT * FROM trending_content()$$), ($$SELECT * FROM metric_trend('views')$$), ($$SELECT * FROM metric_forecast('views')$$),
  ($$SELECT * FROM retention_curve(11)$$), ($$SELECT * FROM audience_breakdown('gender')$$), ($$SELECT * FROM funnel('{view}')$$), ($$SELECT * FROM attribution()$$), ($$SELECT * FROM campaign_analytics(1)$$), ($$SELECT * FROM boost_revenue()$$), ($$SELECT * FROM viewer_retention()$$), ($$SELECT * FROM viewer_lifecycle()$$), ($$SELECT * FROM stickiness()$$),
  ($$SELECT * FROM experiment_results('x', '{views}')$$),
  ('SELECT * FROM benchmark_creator(7)'), ('SELECT * FROM suspicious_viewers()'),
  ($$SELECT * FROM compare_video(11)$$), ($$SELECT * FROM compare_periods('views', '2025-03-01', '2025-03-02')$$), ($$SELECT define_cohort('x', '{"did": "view"}')$$), ($$SELECT cohort('x')$$), ($$SELECT define_experiment('x', '{a,b}')$$), ($$SELECT assign_variant('x', '1')$$), ($$SELECT record_exposure('x', 1)$$), ($$SELECT create_boost_campaign(1, 1, 'ZAR')$$), ($$SELECT set_boost_budget(1, 1)$$), ($$SELECT stop_boost_campaign(1)$$), ($$SELECT charge_boost(1, gen_random_uuid(), 'click')$$), ($$SELECT credit_boost(1, amount => 1)$$), ($$SELECT explore_analytics.boost_faults()$$), ($$SELECT * FROM cohort_metrics('x')$$), ($$SELECT batch_update_engagement_scores()$$), ($$SELECT explore_analytics.ensure_partitions()$$),
  ($$SELECT explore_analytics.prune_keys()$$), ($$SELECT * FROM explore_analytics.schedule_jobs()$$), ($$SELECT explore_analytics.grant_access('errors_reader', 'read')$$),
  ($$CALL explore_analytics.uninstall()$$);

SELECT plan((SELECT (count(*) + count(hint))::int FROM bad) + 2 * (SELECT count(*)::int FROM door_call) + 9);

SELECT is(t.state || CASE WHEN t.changed THEN ' and something was changed' ELSE '' END
            || CASE WHEN t.message IS NULL OR position(lower(names) IN lower(t.message)) > 0 THEN '' ELSE format(' and the message does not name %s: %s', names, t.message) END
            || CASE WHEN t.message ~ '^[A-Z][a-z]|[^.]\.$' THEN format(' and the message is not in the style: %s', t.message) ELSE '' END,
          b.state, format('%s: %s', b.state, left(b.call, 150)))
FROM bad b, LATERAL (SELECT (pg_temp.try(b.call)).* OFFSET 0) t ORDER BY b.n;
SELECT ok(coalesce(t.hint, '') <> '' AND position(b.hint IN t.hint) > 0, format('a hint%s: %s', ' with ' || nullif(b.hint, ''), left(b.call, 150)))
FROM bad b, LATERAL (SELECT (pg_temp.try(b.call)).* OFFSET 0) t WHERE b.hint IS NOT NULL ORDER BY b.n;

-- ---------------------------------------------------------------------------------------------------
-- pg_cron, and not installed
-- ---------------------------------------------------------------------------------------------------
CREATE TEMPORARY TABLE cron AS
SELECT name, t.* FROM unnest(ARRAY['schedule_jobs', 'unschedule_jobs']) name, LATERAL (SELECT (pg_temp.try(format('SELECT explore_analytics.%s()', name))).* OFFSET 0) t;
SELECT is(state, '55000', name || '() without pg_cron in this database') FROM cron ORDER BY name;
SELECT ok(CASE WHEN current_setting('shared_preload_libraries') ~ 'pg_cron' AND current_setting('cron.database_name', true) <> current_database()
               THEN hint LIKE '%cron.schedule_in_database(%batch_update_engagement_scores(false)%' || quote_literal(current_database()) || '%'
               ELSE hint LIKE '%shared_preload_libraries%pg_cron%cron.database_name%' || current_database() || '%CREATE EXTENSION pg_cron%' END,
          name || '(): the hint has the lines') FROM cron ORDER BY name;

CREATE FUNCTION pg_temp.raises(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  state text;
  hint text;
BEGIN
  EXECUTE call;
  RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state := RETURNED_SQLSTATE, hint := PG_EXCEPTION_HINT;
  RETURN concat(state, CASE WHEN hint LIKE '%CALL explore_analytics.install()%' THEN ' with the hint' END);
END $$;
SAVEPOINT installed;
CALL explore_analytics.uninstall();
SELECT is(pg_temp.raises(call), '55000 with the hint', 'after uninstall(): ' || call) FROM door_call ORDER BY n;
ROLLBACK TO installed;

CALL explore_analytics.uninstall(true);
SELECT is(pg_temp.raises(call), '55000 with the hint', 'not installed: ' || call) FROM door_call ORDER BY n;

-- A table that does not fit: 42P07, the column named, nothing changed.
CREATE FUNCTION pg_temp.relations() RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(format('%s %s %s', c.oid::regclass, attname, atttypid::regtype), ',' ORDER BY c.oid, attnum)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace IN ('public'::regnamespace, 'explore_analytics'::regnamespace) AND attnum > 0
$$;
CREATE TABLE explore_feed_sessions (id bigint, user_id bigint, session_start date);
CREATE TEMPORARY TABLE before AS SELECT pg_temp.relations() AS relations;
SELECT throws_ok('CALL explore_analytics.install()', '42P07', NULL, 'a column of another type: 42P07');
SELECT throws_like('CALL explore_analytics.install()', '%session_start%', 'a column of another type: the column is named');
SELECT is(pg_temp.relations(), relations, 'a column of another type: nothing is changed') FROM before;
DROP TABLE explore_feed_sessions;
CREATE VIEW explore_viewers AS SELECT 1 AS user_id;
SELECT throws_ok('CALL explore_analytics.install()', '42P07', NULL, 'a view of that name: 42P07');
DROP VIEW explore_viewers;
SELECT lives_ok('CALL explore_analytics.install()', 'without them it is installed');

SELECT * FROM finish();
ROLLBACK;
