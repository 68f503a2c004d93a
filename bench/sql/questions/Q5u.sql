-- Platform, 30 days to the microsecond
--@ask plain duckdb
SELECT count(*) FILTER (WHERE engagement_type = 'view') AS views,
  count(DISTINCT coalesce(user_id, -session_id)) FILTER (WHERE engagement_type = 'view') AS unique_viewers,
  coalesce(sum(watch_time_ms), 0)::float8 / 1000 AS watch_time,
  count(*) FILTER (WHERE engagement_type = 'complete' OR engagement_type = 'view' AND completed) AS completions,
  count(*) FILTER (WHERE engagement_type = 'save') AS saves,
  count(*) FILTER (WHERE engagement_type = 'share') AS shares,
  count(*) FILTER (WHERE engagement_type = 'click') AS clicks
FROM {plain}.events
WHERE created_at >= :rolling_start::timestamptz AND created_at < :rolling_end::timestamptz;
--@ask ours
SELECT views(s), unique_viewers(s), total_watch_time(s), completions(s), saves(s), shares(s), clicks(s)
FROM platform_summary(:rolling_start, :rolling_end) AS s;
