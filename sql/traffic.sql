-- Traffic that should not count.
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';
\set VERBOSITY terse
INSERT INTO explore_content (id, creator_id, title) VALUES (4901, 4991, 'Traffic one'), (4902, 4991, 'Traffic two');
INSERT INTO explore_feed_sessions (id, session_start) VALUES (4911, '2024-05-10 10:00+00');
-- Some events are in the rollups, some not yet.
SELECT record_engagement(4901, 'view', user_id => 4921, watch_time => 5, created_at => '2024-05-10 10:01+00') AS bot,
       record_engagement(4901, 'view', user_id => 4922, watch_time => 7, created_at => '2024-05-10 10:01+00') AS other,
       record_engagement(4902, 'view', session_id => 4911, created_at => '2024-05-10 10:02+00') AS visitor;
CALL explore_analytics.refresh();
SELECT record_engagement(4902, 'save', user_id => 4921, created_at => '2024-05-10 10:03+00') AS bot;
CREATE VIEW traffic_numbers AS SELECT total_views, unique_viewers, total_watch_time, total_saves FROM creator_analytics(4991);
TABLE traffic_numbers;

SELECT explore_analytics.exclude_traffic(4921, reason => 'a bot') AS moved;
TABLE traffic_numbers;
SELECT record_engagement(4902, 'view', user_id => 4921, watch_time => 9, event_id => '49000000-0000-4000-8000-000000000001', created_at => '2024-05-10 10:04+00') AS first,
       record_engagement(4902, 'view', user_id => 4921, watch_time => 9, event_id => '49000000-0000-4000-8000-000000000001', created_at => '2024-05-10 10:04+00') AS again;
SELECT explore_analytics.exclude_traffic(session_id => 4911) AS moved, explore_analytics.exclude_traffic(session_id => 4911) AS again;
TABLE traffic_numbers;
SELECT content_id, user_id, session_id, engagement_type, watch_time_ms, created_at, reason FROM explore_excluded_engagements WHERE content_id IN (4901, 4902) ORDER BY created_at, id;
SELECT viewer_key, reason FROM explore_analytics.excluded_viewers WHERE abs(viewer_key) BETWEEN 4900 AND 4999 ORDER BY viewer_key;
SELECT count(*) AS differences FROM explore_analytics.verify();

SELECT explore_analytics.restore_traffic(4921) AS moved, explore_analytics.restore_traffic(4921) AS again, explore_analytics.restore_traffic(session_id => 4911) AS visitor;
TABLE traffic_numbers;
CALL explore_analytics.refresh();
TABLE traffic_numbers;
SELECT count(*) AS differences FROM explore_analytics.verify();
SELECT count(*) AS differences FROM explore_analytics.check_ledger();

SELECT explore_analytics.exclude_traffic();
SELECT explore_analytics.exclude_traffic(4921, 4911);
SELECT explore_analytics.restore_traffic(0);

-- A visitor who has logged in counts as the user.
SELECT explore_analytics.exclude_traffic(session_id => 4911) AS moved;
SELECT identify_session(4911, 4923) AS moved, identify_session(4911, 4923) AS again;
SELECT explore_analytics.exclude_traffic(session_id => 4911) AS moved;
SELECT explore_analytics.restore_traffic(session_id => 4911) AS moved;
SELECT explore_analytics.exclude_traffic(4923) AS moved, explore_analytics.restore_traffic(4923) AS back;

DROP VIEW traffic_numbers;
SELECT explore_analytics.forget_viewer(4921) + explore_analytics.forget_viewer(4922) AS forgotten;
DELETE FROM explore_engagements WHERE content_id IN (4901, 4902);
DELETE FROM explore_feed_sessions WHERE id = 4911;
DELETE FROM explore_content WHERE id IN (4901, 4902);
SELECT explore_analytics.rebuild('2024-05-10', '2024-05-11') >= 0 AS rebuilt;
