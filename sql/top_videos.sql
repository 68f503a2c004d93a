-- top_videos: the best by a metric.
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';
\set VERBOSITY terse

CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

-- By hand: 5101 has 4 views, 1 completion, 2 saves: score (40 + 60) / 4 = 25, completion rate 25;
-- 5102 has 1 view, 1 save, 1 share: 50; 5103 has 2 views, 2 saves, 2 shares: 50; 5104 (no video) has 2 views, 2 saves, 2 shares: 50;
-- 5105 has none; 5106 of creator 5952 has 1 view, 1 completion: 40; 5107 of 5952 none.
INSERT INTO explore_content (id, creator_id, title) SELECT n, CASE WHEN n > 5105 THEN 5952 ELSE 5951 END, 'Content ' || n FROM generate_series(5101, 5107) n;
INSERT INTO explore_discovery_videos (id, content_id) SELECT n + 100, n FROM generate_series(5101, 5107) n WHERE n <> 5104;
INSERT INTO explore_engagements (content_id, engagement_type, completed, watch_time_ms, created_at)
SELECT content_id, type::engagement_type, completed, watch_time_ms, '2024-04-10 12:00+00' FROM (VALUES
  (5101, 'view', true, 9000, 1), (5101, 'view', false, 1000, 3), (5101, 'save', false, 0, 2), (5102, 'view', false, 500, 1), (5102, 'save', false, 0, 1), (5102, 'share', false, 0, 1),
  (5103, 'view', false, 100, 2), (5103, 'save', false, 0, 2), (5103, 'share', false, 0, 2), (5104, 'view', false, 100, 2), (5104, 'save', false, 0, 2), (5104, 'share', false, 0, 2),
  (5106, 'view', true, 700, 1), (5199, 'view', true, 700, 50)) v(content_id, type, completed, watch_time_ms, times), generate_series(1, times);
INSERT INTO explore_engagements (content_id, engagement_type, created_at) SELECT 5105, 'view', '2024-05-01 00:00+00' FROM generate_series(1, 6);

-- By score: equal ones by views, then by content id; without views last; no row of content 5199, which is unknown.
SELECT * FROM top_videos('engagement_score', '2024-04-01', '2024-05-01');
SELECT rank, content_id, value FROM top_videos(start_date => '2024-04-01', end_date => '2024-05-01', n => 2);
SELECT rank, content_id, value, views FROM top_videos(NULL, '2024-04-01', '2024-05-01', 5952, NULL, NULL);
-- By another metric; all time brings 5105 to the top.
SELECT rank, content_id, value FROM top_videos('views', n => 3);
SELECT rank, content_id, value FROM top_videos('total_watch_time', '2024-04-01', '2024-05-01', n => 3);
-- min_views leaves out what has fewer in the range.
SELECT rank, content_id, value, views FROM top_videos('completion_rate', '2024-04-01', '2024-05-01', min_views => 2);
SELECT count(*) FROM top_videos(min_views => 7);
SELECT count(*) FROM top_videos(creator_id => 5999);
-- Every metric is the accessor of the content's summary.
SELECT count(*) AS metrics, bool_and(value = wanted) AS as_accessor FROM (SELECT content_summary(5101, '2024-04-01', '2024-05-01') AS x OFFSET 0) c, LATERAL (VALUES
  ('views', views(x)::double precision), ('unique_viewers', unique_viewers(x)), ('unidentified_views', unidentified_views(x)), ('completions', completions(x)), ('saves', saves(x)),
  ('shares', shares(x)), ('clicks', clicks(x)), ('skips', skips(x)), ('impressions', impressions(x)), ('total_engagements', total_engagements(x)),
  ('total_watch_time', total_watch_time(x)), ('average_watch_time', average_watch_time(x)), ('completion_rate', completion_rate(x)), ('engagement_rate', engagement_rate(x)),
  ('save_rate', save_rate(x)), ('share_rate', share_rate(x)), ('click_rate', click_rate(x)), ('skip_rate', skip_rate(x)), ('engagement_score', engagement_score(x))) w(m, wanted),
  top_videos(m, '2024-04-01', '2024-05-01', 5951) t WHERE t.content_id = 5101;
SELECT call, pg_temp.refused('SELECT * FROM top_videos(' || call || ')') FROM (VALUES ('''likes'''), ('''sessions'''), ('''new_viewers'''), ('n => 0'), ('n => -1'), ('min_views => -1'),
  ('creator_id => 0'), ('''views'', ''2024-05-02'', ''2024-05-01'''), ('''views'', ''infinity''')) v(call);

-- Nothing stays behind.
DELETE FROM explore_engagements WHERE content_id BETWEEN 5101 AND 5199;
DELETE FROM explore_discovery_videos WHERE content_id BETWEEN 5101 AND 5199;
DELETE FROM explore_content WHERE id BETWEEN 5101 AND 5199;
SELECT (SELECT count(*) FROM explore_engagements) AS events, (SELECT count(*) FROM explore_content) AS contents;
