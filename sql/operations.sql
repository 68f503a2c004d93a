-- Jobs and access: without pg_cron in this database the error says how to get it; keys are pruned by age.
SET timezone = 'UTC';
\set VERBOSITY terse

CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE FUNCTION pg_temp.state(query text, OUT state text, OUT names_pg_cron boolean, OUT hint_has_the_line boolean) LANGUAGE plpgsql AS $$
DECLARE
  hint text;
BEGIN
  EXECUTE query;
  state := 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  state := SQLSTATE;
  names_pg_cron := SQLERRM LIKE '%pg\_cron%';
  -- Where pg_cron runs in another database, the line to run there; else the lines of postgresql.conf.
  hint_has_the_line := hint LIKE '%cron.schedule\_in\_database(%' || current_database() || '%'
    OR hint LIKE '%shared\_preload\_libraries = ''pg\_cron''%cron.database\_name = ''' || current_database() || '''%CREATE EXTENSION pg\_cron%';
END $$;
SELECT count(*) AS pg_cron FROM pg_extension WHERE extname = 'pg_cron';
SELECT call, s.* FROM (VALUES ('schedule_jobs()'), ('schedule_jobs(''*/15 * * * *'')'), ('schedule_jobs(rescore => NULL, refresh => NULL)'), ('unschedule_jobs()')) v(call), pg_temp.state('SELECT explore_analytics.' || call) s;

-- What a job calls may be called again and again.
SELECT explore_analytics.ensure_partitions() AS partitions, close_idle_sessions() AS closed, explore_analytics.prune_keys() AS pruned;

-- Keys are remembered for explore_analytics.dedup_horizon, 30 days, at least: what is older goes, what is younger stays.
SHOW explore_analytics.dedup_horizon;
INSERT INTO explore_content (id, creator_id) VALUES (7001, 7901);
INSERT INTO explore_feed_sessions (id, session_start) VALUES (7501, '2024-01-01'), (7502, '2024-01-01');
SELECT recorded FROM record_engagement_batch('[
  {"contentId": 7001, "engagementType": "view", "eventId": "70000000-0000-4000-8000-000000000001"}, {"contentId": 7001, "engagementType": "view", "eventId": "70000000-0000-4000-8000-000000000002"},
  {"contentId": 7001, "engagementType": "complete", "sessionId": 7501}, {"contentId": 7001, "engagementType": "complete", "sessionId": 7502}]');
UPDATE explore_analytics.event_keys SET seen = now() - CASE event_id WHEN '70000000-0000-4000-8000-000000000001' THEN interval '31 days' ELSE interval '29 days' END;
UPDATE explore_analytics.viewing_keys SET seen = now() - CASE session_id WHEN 7501 THEN interval '31 days' ELSE interval '29 days' END;
SELECT explore_analytics.prune_keys() AS pruned;
SELECT explore_analytics.prune_keys() AS again;
SELECT record_engagement(7001, 'view', event_id => '70000000-0000-4000-8000-000000000001') AS forgotten, record_engagement(7001, 'view', event_id => '70000000-0000-4000-8000-000000000002') AS remembered,
       record_engagement(7001, 'complete', session_id => 7501) AS viewing_forgotten, record_engagement(7001, 'complete', session_id => 7502) AS viewing_remembered;

-- Access is for known roles and of four kinds.
SELECT call, pg_temp.refused('SELECT explore_analytics.grant_access(' || call || ')') FROM (VALUES ('''regress_explore_nobody'', ''read'''), ('current_user, ''write'''), ('current_user, ''Read'''), ('current_user, ''deliver'''), ('NULL, ''read'''), ('current_user, NULL')) v(call);
-- The setting is an id or empty, and only for those who may set it.
SELECT value, pg_temp.refused(format('SET LOCAL explore_analytics.user_id = %L', value)) FROM (VALUES ('7'), (''), ('0'), ('-1'), ('7x'), ('9223372036854775808')) v(value);
SET client_min_messages = warning;
DROP ROLE IF EXISTS regress_explore_app;
RESET client_min_messages;
CREATE ROLE regress_explore_app;
SELECT explore_analytics.grant_access('regress_explore_app', 'record');
SET ROLE regress_explore_app;
SELECT record_engagement(7001, 'view', user_id => 7201);
SELECT call, pg_temp.refused(call) FROM (VALUES ('SET LOCAL explore_analytics.user_id = ''8'''), ('SELECT platform_summary()'), ('SELECT batch_update_engagement_scores()'),
  ('SELECT explore_analytics.prune_keys()'), ('SELECT count(*) FROM explore_engagements'), ('DELETE FROM explore_engagements'), ('SELECT count(*) FROM explore_platform_daily')) v(call);
RESET ROLE;
-- operate runs every job and reads nothing.
SELECT explore_analytics.grant_access('regress_explore_app', 'operate');
SET ROLE regress_explore_app;
SELECT batch_update_engagement_scores() > 0 AS rescored, close_idle_sessions() AS closed, explore_analytics.ensure_partitions() AS partitions, explore_analytics.prune_keys() AS pruned;
SELECT s.* FROM pg_temp.state('SELECT explore_analytics.schedule_jobs()') s;
SELECT pg_temp.refused('SELECT views(platform_summary())');
RESET ROLE;
DROP OWNED BY regress_explore_app;
DROP ROLE regress_explore_app;

-- Nothing stays behind.
DELETE FROM explore_engagements WHERE content_id = 7001;
DELETE FROM explore_content WHERE id = 7001;
DELETE FROM explore_feed_sessions WHERE id IN (7501, 7502);
DELETE FROM explore_analytics.event_keys;
DELETE FROM explore_analytics.viewing_keys;
SELECT batch_update_engagement_scores(), (SELECT count(*) FROM explore_engagements) AS events, (SELECT count(*) FROM explore_content) AS contents, (SELECT count(*) FROM explore_feed_sessions) AS sessions;
