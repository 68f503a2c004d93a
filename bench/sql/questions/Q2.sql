-- Median video, all time
--@ask plain duckdb
SELECT count(*) FILTER (WHERE engagement_type = 'view') AS views,
  count(DISTINCT coalesce(user_id, -session_id)) FILTER (WHERE engagement_type = 'view') AS unique_viewers,
  coalesce(sum(watch_time_ms), 0)::float8 / 1000 AS watch_time,
  count(*) FILTER (WHERE engagement_type = 'complete' OR engagement_type = 'view' AND completed) AS completions,
  count(*) FILTER (WHERE engagement_type = 'save') AS saves,
  count(*) FILTER (WHERE engagement_type = 'share') AS shares,
  count(*) FILTER (WHERE engagement_type = 'click') AS clicks
FROM {plain}.events
WHERE content_id = :median_content::bigint;
--@ask ours
SELECT total_views, unique_viewers, total_watch_time, completions, saves, shares, clicks
FROM video_analytics(:median_video);
