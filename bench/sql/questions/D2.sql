-- The month of the creator, sessions included
--@ask plain
SELECT e.views, e.viewers, e.watch_time, s.duration, s.sessions, 100 * e.completions / nullif(e.views, 0), e.engagements
FROM (
  SELECT count(*) FILTER (WHERE engagement_type = 'view') AS views,
    count(DISTINCT coalesce(user_id, -session_id)) FILTER (WHERE engagement_type = 'view') AS viewers,
    sum(watch_time_ms)::float8 / 1000 AS watch_time,
    count(*) FILTER (WHERE engagement_type = 'complete' OR engagement_type = 'view' AND completed)::float8 AS completions,
    count(*) FILTER (WHERE engagement_type IN ('save', 'share', 'click')) AS engagements
  FROM {plain}.events
  WHERE content_id IN (SELECT id FROM {plain}.content WHERE creator_id = :creator::bigint)
    AND created_at >= :month_start::timestamptz AND created_at < :month_end::timestamptz) AS e,
  (SELECT count(*) AS sessions, avg(extract(epoch FROM session_end - session_start)) FILTER (WHERE session_end IS NOT NULL)::float8 AS duration
   FROM {plain}.sessions
   WHERE session_start >= :month_start::timestamptz AND session_start < :month_end::timestamptz
     AND id IN (SELECT session_id FROM {plain}.events WHERE content_id IN (SELECT id FROM {plain}.content WHERE creator_id = :creator::bigint))) AS s;
--@ask ours
SELECT total_views, total_unique_viewers, total_watch_time, average_session_duration, total_sessions, average_completion_rate, total_engagements
FROM aggregated_metrics('month', :creator, :month_end);
