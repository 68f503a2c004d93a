-- One session that has every plan saved lives through a new installation, a new extension and a renamed schema.
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';
\set VERBOSITY terse
SET client_min_messages = warning;

CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
-- Fills the tables from nothing and asks every function once; the numbers are the same whenever it works.
-- Its own statements are written anew each time, so that what is remembered is what the extension remembers.
CREATE FUNCTION pg_temp.work(n int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  answers text[] := '{}';
  answer text;
  query text;
BEGIN
  FOREACH query IN ARRAY ARRAY[
    'INSERT INTO explore_content (id, creator_id, title) VALUES (8001, 8901, ''Kept'') RETURNING id',
    'INSERT INTO explore_discovery_videos (id, content_id) VALUES (8101, 8001) RETURNING id',
    'INSERT INTO explore_feed_sessions (id, user_id, session_start) VALUES (8501, 8201, ''2024-08-01 10:00+00'') RETURNING id',
    'SELECT record_engagement(8001, ''view'', session_id => 8501, watch_time => 4, completed => true, created_at => ''2024-08-01 10:01+00'', event_id => ''80000000-0000-4000-8000-000000000001'')',
    'SELECT record_engagement(8001, ''complete'', session_id => 8501, created_at => ''2024-08-01 10:02+00'')',
    'SELECT recorded FROM record_engagement_batch(''[{"contentId": 8001, "engagementType": "save", "userId": 8202, "createdAt": "2024-08-01T11:00:00Z"}, {"contentId": 8001, "engagementType": "view", "eventId": "80000000-0000-4000-8000-000000000001"}]'')',
    'SELECT views(content_summary(8001))', 'SELECT unique_viewers(creator_summary(8901))', 'SELECT total_watch_time(platform_summary())',
    'SELECT average_engagement_score FROM video_analytics(8101)', 'SELECT count(*) FROM videos_analytics()', 'SELECT total_saves FROM creator_analytics(8901)',
    'SELECT duration FROM session_analytics(8501)', 'SELECT total_engagements FROM aggregated_metrics(''week'', 8901, ''2024-08-02'')', 'SELECT total_sessions FROM aggregated_metrics(''all'')',
    'SELECT creator_dashboard(8901, ''day'', ''2024-08-02'')#>>''{topPerformingVideos,0,title}''', 'SELECT value FROM metric_series(''views'', content_id => 8001)', 'SELECT sum(value) FROM metric_series(''sessions'')',
    'SELECT sum(value) FROM metric_series(''new_viewers'', creator_id => 8901)', 'SELECT value FROM top_videos()', 'SELECT close_session(8501, ''2024-08-01 10:10+00'')', 'SELECT close_idle_sessions()',
    'SELECT batch_update_engagement_scores()', 'SELECT view_count FROM explore_content', 'SELECT sum(unique_viewers) FROM explore_platform_daily', 'SELECT count(*) FROM explore_leaderboard',
    'SELECT explore_analytics.ensure_partitions(''2024-08-01'', ''2024-08-01'')', 'SELECT explore_analytics.prune_keys()', 'SELECT views(rollup(s)) FROM (SELECT engagement_agg(engagement_type, user_id, watch_time_ms, completed) AS s FROM explore_engagements) x'] LOOP
    EXECUTE query INTO answer;
    answers := answers || coalesce(answer, 'null');
  END LOOP;
  RETURN n || ': ' || array_to_string(answers, ' ');
EXCEPTION WHEN OTHERS THEN
  RETURN format('%s: %s %s in %s', n, SQLSTATE, SQLERRM, query);
END $$;
-- The functions' calls as a caller with plans of its own remembers them.
CREATE FUNCTION pg_temp.remembered() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN (SELECT total_views FROM video_analytics(8101)) || ' ' || (SELECT views(content_summary(8001))) || ' ' || (SELECT sum(value) FROM metric_series('views', content_id => 8001));
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE;
END $$;

SELECT pg_temp.work(1);
SELECT pg_temp.remembered(), pg_temp.remembered() AS again;

-- Every table dropped: 55000 again, until install() makes them anew.
DROP TABLE explore_content, explore_discovery_videos, explore_engagements, explore_feed_sessions, explore_saved_properties, explore_viewers, explore_exposures, explore_excluded_engagements, explore_boost_campaigns, explore_boost_ledger CASCADE;
SELECT pg_temp.remembered(), left(pg_temp.refused('SELECT platform_summary()'), 5) AS summary, left(pg_temp.refused('SELECT record_engagement(8001, ''view'')'), 5) AS record, left(pg_temp.refused('SELECT batch_update_engagement_scores()'), 5) AS rescore;
CALL explore_analytics.install();
-- What was remembered of the old events goes with them.
DELETE FROM explore_analytics.event_keys;
DELETE FROM explore_analytics.viewing_keys;
SELECT pg_temp.work(2);
SELECT pg_temp.remembered();
-- One table dropped.
DROP TABLE explore_saved_properties CASCADE;
SELECT pg_temp.refused('SELECT video_analytics(8101)');
CALL explore_analytics.install();
SELECT pg_temp.remembered();

-- uninstall and install.
CALL explore_analytics.uninstall(true);
SELECT pg_temp.remembered();
CALL explore_analytics.install();
SELECT pg_temp.work(3);

-- The extension dropped with all that hangs on it, the tables dropped, and both made anew: new types, new functions.
SELECT engagement_agg('view', 1, 1, true) IS NOT NULL AS old_label FROM generate_series(1, 1);
DROP EXTENSION explore_analytics CASCADE;
DROP TABLE explore_content, explore_discovery_videos, explore_engagements, explore_feed_sessions, explore_saved_properties, explore_viewers, explore_exposures, explore_excluded_engagements, explore_boost_campaigns, explore_boost_ledger CASCADE;
SELECT count(*) AS left_over FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname = 'explore_analytics' OR relname LIKE 'explore\_%';
SELECT left(pg_temp.refused('SELECT platform_summary()'), 5) AS state;
CREATE EXTENSION explore_analytics;
SELECT left(pg_temp.refused('SELECT platform_summary()'), 5) AS state;
CALL explore_analytics.install();
SELECT pg_temp.work(4);
SELECT pg_temp.remembered();

-- In a schema of its own, that is renamed while the session goes on.
CALL explore_analytics.uninstall(true);
DROP EXTENSION explore_analytics;
CREATE SCHEMA regress_explore_first;
CREATE EXTENSION explore_analytics SCHEMA regress_explore_first;
CALL explore_analytics.install();
SET search_path = regress_explore_first;
SELECT pg_temp.work(5);
SELECT count(*) AS in_public FROM pg_class WHERE relname LIKE 'explore\_%' AND relnamespace = 'public'::regnamespace;
ALTER SCHEMA regress_explore_first RENAME TO "Regress explore";
SET search_path = "Regress explore";
SELECT pg_temp.remembered();
SELECT total_views, total_watch_time FROM "Regress explore".video_analytics(8101);
SELECT record_engagement(8001, 'view', 8203, watch_time => 1, created_at => '2024-08-01 12:00+00'), views(content_summary(8001)), close_idle_sessions(), batch_update_engagement_scores() AS changed, explore_analytics.ensure_partitions('2024-07-01', '2024-09-01') AS made;
SELECT views FROM explore_video_daily WHERE content_id = 8001;
CALL explore_analytics.install();
CALL explore_analytics.uninstall(true);
CALL explore_analytics.install();
SELECT pg_temp.work(6);
-- Another schema takes the old name: it is not looked at.
CREATE SCHEMA regress_explore_first CREATE TABLE explore_engagements (id int);
SELECT pg_temp.remembered();
DROP SCHEMA regress_explore_first CASCADE;
-- The name goes to a new installation, while the old tables stay under another: they are not looked at either.
CALL explore_analytics.uninstall();
DROP EXTENSION explore_analytics;
ALTER SCHEMA "Regress explore" RENAME TO regress_explore_old;
CREATE SCHEMA "Regress explore";
CREATE EXTENSION explore_analytics SCHEMA "Regress explore";
CALL explore_analytics.install();
SELECT left(pg_temp.refused('SELECT video_analytics(8101)'), 5) AS not_found, views(platform_summary());
SELECT pg_temp.work(7);
DROP SCHEMA regress_explore_old CASCADE;
SELECT pg_temp.remembered();

-- Back to the beginning: in public, installed and empty.
CALL explore_analytics.uninstall(true);
DROP EXTENSION explore_analytics;
DROP SCHEMA "Regress explore";
RESET search_path;
CREATE EXTENSION explore_analytics;
CALL explore_analytics.install();
SELECT pg_temp.work(8);
DELETE FROM explore_engagements;
DELETE FROM explore_saved_properties;
DELETE FROM explore_discovery_videos;
DELETE FROM explore_content;
DELETE FROM explore_feed_sessions;
DELETE FROM explore_analytics.event_keys;
DELETE FROM explore_analytics.viewing_keys;
SELECT batch_update_engagement_scores(), views(platform_summary());
