-- Stored scores, the leaderboard, and the daily views.
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';
\set VERBOSITY terse

-- 6001 has 12 views, 3 completions, 4 saves, 2 shares, 1 click and 18 s: score (120 + 120 + 40 + 10) / 12.
-- 6002 has 10 views and 5 completions: score 20; 6003 (no video) the same; 6004 has 9 views; 6005 none; 6006 has 11 views and 22 skips: score 0.
INSERT INTO explore_content (id, creator_id, title, category, area, updated_at) SELECT n, CASE WHEN n < 6004 THEN 6901 ELSE 6902 END, 'Content ' || n, 'villa', 'Marina', '2024-01-01' FROM generate_series(6001, 6006) n;
INSERT INTO explore_discovery_videos (id, content_id) SELECT n + 100, n FROM generate_series(6001, 6006) n WHERE n <> 6003;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, completed, watch_time_ms, created_at)
SELECT content_id, 6200 + g, type::engagement_type, completed, watch_time_ms, '2024-07-01 12:00+00'::timestamptz + make_interval(hours => g) FROM (VALUES
  (6001, 'view', true, 1500, 3), (6001, 'view', false, 1500, 9), (6001, 'save', true, 0, 4), (6001, 'share', false, 0, 2), (6001, 'click', false, 0, 1), (6001, 'impression', false, 0, 30),
  (6002, 'view', true, 100, 5), (6002, 'view', false, 100, 5), (6003, 'view', true, 200, 5), (6003, 'view', false, 200, 5),
  (6004, 'view', true, 100, 9), (6006, 'view', false, 100, 11), (6006, 'skip', false, 0, 22), (6099, 'view', true, 100, 20)) v(content_id, type, completed, watch_time_ms, times), generate_series(1, times) g;

-- All but 6005, whose stored numbers are right as they are. Nothing is new for a second run, whatever it looks at.
SELECT batch_update_engagement_scores() AS changed;
SELECT batch_update_engagement_scores() AS again, batch_update_engagement_scores(everything => true) AS everything, batch_update_engagement_scores(NULL) AS by_default;
SELECT id, view_count, engagement_score, updated_at FROM explore_content ORDER BY id;
SELECT id, content_id, total_views, total_watch_time_ms, completion_rate, save_count, share_count, click_count, scored_at IS NOT NULL AS scored FROM explore_discovery_videos ORDER BY id;
-- They are the numbers of all time of video_analytics.
SELECT count(*), bool_and((v.total_views, v.total_watch_time_ms, v.completion_rate, v.save_count, v.share_count, v.click_count, c.view_count, c.engagement_score)
  = (a.total_views, round(a.total_watch_time * 1000), a.completion_rate, a.saves, a.shares, a.clicks, a.total_views, a.average_engagement_score)) AS same
FROM explore_discovery_videos v JOIN explore_content c ON c.id = v.content_id, video_analytics(v.id) a;

-- The leaderboard: at least 10 views; by score, views, content id. 6004 has 9, though the best score.
SELECT rank, content_id, video_id, creator_id, title, views, completion_rate, engagement_score, scored_at IS NOT NULL AS scored FROM explore_leaderboard;
-- It shows the last rescore: a 10th view brings 6004 in with the next one, and only 6004 has changed.
INSERT INTO explore_engagements (content_id, engagement_type, completed) VALUES (6004, 'view', true);
SELECT count(*) FROM explore_leaderboard WHERE content_id = 6004;
SELECT batch_update_engagement_scores() AS changed;
SELECT rank, content_id, views, engagement_score FROM explore_leaderboard ORDER BY rank LIMIT 2;
-- What is taken away or written over is corrected; a video row that comes later is filled.
UPDATE explore_content SET view_count = 99 WHERE id = 6005;
UPDATE explore_discovery_videos SET click_count = 5 WHERE content_id = 6002;
INSERT INTO explore_discovery_videos (id, content_id) VALUES (6103, 6003);
DELETE FROM explore_engagements WHERE content_id = 6006 AND engagement_type = 'skip';
DELETE FROM explore_engagements WHERE content_id = 6006 AND user_id = 6201;
SELECT batch_update_engagement_scores() AS changed;
SELECT batch_update_engagement_scores() AS again;
SELECT id, view_count FROM explore_content WHERE id IN (6005, 6006) ORDER BY id;
SELECT content_id, total_views, click_count FROM explore_discovery_videos WHERE content_id IN (6002, 6003) ORDER BY content_id;
-- In one transaction with new events, too; a rollback takes it all back.
BEGIN;
INSERT INTO explore_engagements (content_id, engagement_type) SELECT 6005, 'view' FROM generate_series(1, 10);
SELECT batch_update_engagement_scores() AS changed;
SELECT count(*) FROM explore_leaderboard WHERE content_id = 6005;
ROLLBACK;
SELECT view_count FROM explore_content WHERE id = 6005;
SELECT pg_get_indexdef('explore_content_best'::regclass);
DELETE FROM explore_engagements WHERE content_id BETWEEN 6001 AND 6099;

-- Daily views: days of UTC, days without events left out. By hand: content 6001 on 1 July 4 views by 6201 (twice), 6202 and a visitor,
-- 4 s, 1 completion, 1 save: (40 + 30) / 4; on 2 July 1 view by 6201.
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, completed, watch_time_ms, created_at) VALUES
  (6001, 6201, NULL, 'view', true, 1000, '2024-07-01 00:00+00'), (6001, 6202, NULL, 'view', false, 500, '2024-07-01 10:00+00'), (6001, 6201, NULL, 'view', false, 500, '2024-07-01 11:00+00'),
  (6001, NULL, 6501, 'view', false, 2000, '2024-07-01 23:59:59.999999+00'), (6001, 6202, NULL, 'save', true, 0, '2024-07-01 12:00+00'), (6001, 6202, NULL, 'impression', false, 0, '2024-07-01 09:00+00'),
  (6001, 6201, NULL, 'view', false, 3000, '2024-07-02 00:00+00'), (6001, 6201, NULL, 'skip', false, 0, '2024-07-02 00:01+00'),
  (6002, 6201, NULL, 'view', false, 1000, '2024-07-01 10:00+00'), (6002, 6201, NULL, 'share', false, 0, '2024-07-01 10:00+00'), (6002, 6201, NULL, 'click', false, 0, '2024-07-01 10:00+00'),
  (6004, 6203, NULL, 'complete', false, 0, '2024-07-01 10:00+00'), (6003, 6203, NULL, 'view', false, 0, '2024-07-04 10:00+00'), (6099, 6299, NULL, 'view', true, 7000, '2024-07-02 10:00+00');
\x
SELECT * FROM explore_video_daily WHERE content_id = 6001 ORDER BY day;
\x
SELECT day, video_id, content_id, creator_id, views, unique_viewers, watch_time, completion_rate, engagement_rate, engagement_score FROM explore_video_daily ORDER BY day, content_id;
-- Of a creator the viewers are counted once over the contents, and the rates are pooled; a completion without a view gives no rate.
SELECT day, creator_id, views, unique_viewers, watch_time, completions, completion_rate, saves, save_rate, shares, clicks, skips, impressions, engagement_rate, engagement_score FROM explore_creator_daily ORDER BY day, creator_id;
-- The platform counts content 6099, too, which has no row.
SELECT day, bucket, views, unique_viewers, watch_time, completions, completion_rate, saves, save_rate, shares, clicks, skips, impressions, engagement_rate, engagement_score FROM explore_platform_daily ORDER BY day;
-- Each view says what the functions say; days are those of UTC in any session.
SET timezone = 'Asia/Kolkata';
SELECT count(*) AS rows, count(*) FILTER (WHERE (d.views, d.unique_viewers, d.watch_time, d.completion_rate, d.engagement_score) = (views(s), unique_viewers(s), total_watch_time(s), completion_rate(s), engagement_score(s))) AS same
FROM explore_video_daily d, content_summary(d.content_id, d.day::timestamp AT TIME ZONE 'UTC', (d.day + 1)::timestamp AT TIME ZONE 'UTC') s;
SELECT count(*) AS rows, count(*) FILTER (WHERE (d.views, d.unique_viewers, d.watch_time, d.completion_rate, d.engagement_score) = (views(s), unique_viewers(s), total_watch_time(s), completion_rate(s), engagement_score(s))) AS same
FROM explore_creator_daily d, creator_summary(d.creator_id, d.bucket, d.bucket + interval '24 hours') s;
SELECT count(*) AS rows, count(*) FILTER (WHERE (d.views, d.unique_viewers, d.watch_time, d.completion_rate, d.engagement_score) = (views(s), unique_viewers(s), total_watch_time(s), completion_rate(s), engagement_score(s))) AS same
FROM explore_platform_daily d, platform_summary(d.bucket, d.bucket + interval '24 hours') s;
SET timezone = 'UTC';
-- Every relation and every column is described (the server's own of a sequence cannot be); unique_viewers of the daily views warns.
SELECT r.relation, a.attname FROM explore_analytics.relations() r JOIN pg_attribute a ON a.attrelid = r.relation
WHERE r.role <> 'partition' AND r.kind <> 'SEQUENCE' AND a.attnum > 0 AND NOT a.attisdropped AND (col_description(a.attrelid, a.attnum) IS NULL OR obj_description(r.relation, 'pg_class') IS NULL);
SELECT attrelid::regclass AS view, obj_description(attrelid, 'pg_class') ~* 'unique_viewers.*not be added' AS relation_warns, col_description(attrelid, attnum) ~* 'not add' AS column_warns
FROM pg_attribute WHERE attname = 'unique_viewers' AND attrelid IN ('explore_video_daily'::regclass, 'explore_creator_daily'::regclass, 'explore_platform_daily'::regclass) ORDER BY 1;
SELECT relname, reloptions FROM pg_class WHERE relname IN ('explore_video_daily', 'explore_creator_daily', 'explore_platform_daily', 'explore_leaderboard') ORDER BY relname;

-- Nothing stays behind, nor on the leaderboard.
DELETE FROM explore_engagements WHERE content_id BETWEEN 6001 AND 6099;
DELETE FROM explore_discovery_videos WHERE content_id BETWEEN 6001 AND 6099;
DELETE FROM explore_content WHERE id BETWEEN 6001 AND 6099;
SELECT batch_update_engagement_scores(), (SELECT count(*) FROM explore_engagements) AS events, (SELECT count(*) FROM explore_content) AS contents;
SELECT count(*) FROM explore_leaderboard;
