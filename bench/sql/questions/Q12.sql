-- Creator, 90 days one by one, UTC
--@ask plain duckdb
SELECT extract(epoch FROM date_trunc('day', created_at AT TIME ZONE 'UTC'))::bigint AS day,
  count(DISTINCT coalesce(user_id, -session_id)) AS unique_viewers
FROM {plain}.events
WHERE engagement_type = 'view' AND coalesce(user_id, session_id) IS NOT NULL
  AND content_id IN (SELECT id FROM {plain}.content WHERE creator_id = :creator::bigint)
  AND created_at >= :series_start::timestamptz AND created_at < :series_end::timestamptz
GROUP BY 1 ORDER BY 1;
--@ask ours
SELECT extract(epoch FROM bucket_start AT TIME ZONE 'UTC')::bigint, value
FROM metric_series('unique_viewers', :series_start, :series_end, 'day', 'UTC', creator_id => :creator) WHERE value > 0;
