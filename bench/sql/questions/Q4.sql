-- Creator of about 200 videos, 30 days
--@ask plain duckdb
SELECT count(*) FILTER (WHERE engagement_type = 'view') AS views,
  count(DISTINCT coalesce(user_id, -session_id)) FILTER (WHERE engagement_type = 'view') AS unique_viewers,
  coalesce(sum(watch_time_ms), 0)::float8 / 1000 AS watch_time,
  count(*) FILTER (WHERE engagement_type = 'complete' OR engagement_type = 'view' AND completed) AS completions,
  count(*) FILTER (WHERE engagement_type = 'save') AS saves,
  count(*) FILTER (WHERE engagement_type = 'share') AS shares,
  count(*) FILTER (WHERE engagement_type = 'click') AS clicks
FROM {plain}.events
WHERE content_id IN (SELECT id FROM {plain}.content WHERE creator_id = :creator::bigint)
  AND created_at >= :month_start::timestamptz AND created_at < :month_end::timestamptz;
--@ask ours
SELECT views(s), unique_viewers(s), total_watch_time(s), completions(s), saves(s), shares(s), clicks(s)
FROM creator_summary(:creator, :month_start, :month_end) AS s;
