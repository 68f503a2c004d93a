-- One session
--@ask plain duckdb
SELECT extract(epoch FROM s.session_end - s.session_start)::float8 AS duration,
  count(DISTINCT e.content_id) FILTER (WHERE engagement_type = 'view') AS videos_viewed,
  count(*) FILTER (WHERE engagement_type = 'complete' OR engagement_type = 'view' AND completed) AS completions,
  count(*) FILTER (WHERE engagement_type = 'save') AS saves,
  count(*) FILTER (WHERE engagement_type = 'share') AS shares,
  count(*) FILTER (WHERE engagement_type = 'click') AS clicks,
  sum(watch_time_ms)::float8 / 1000 / count(DISTINCT e.content_id) FILTER (WHERE engagement_type = 'view') AS average_watch_time,
  100 * (count(*) FILTER (WHERE engagement_type IN ('save', 'share', 'click')))::float8
    / count(DISTINCT e.content_id) FILTER (WHERE engagement_type = 'view') AS engagement_rate
FROM {plain}.sessions s JOIN {plain}.events e ON e.session_id = s.id
WHERE s.id = :session::bigint
GROUP BY s.session_start, s.session_end;
--@ask ours
SELECT duration, videos_viewed, completions, saves, shares, clicks, average_watch_time, engagement_rate
FROM session_analytics(:session);
