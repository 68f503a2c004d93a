-- Lifecycle of the platform: who is new, stays, comes back and goes, 13 weeks
--@ask plain duckdb
WITH active AS (
  SELECT DISTINCT coalesce(user_id, -session_id) AS viewer, date_trunc('week', created_at AT TIME ZONE 'UTC') AS week FROM {plain}.events
  WHERE engagement_type = 'view' AND (user_id IS NOT NULL OR session_id IS NOT NULL) AND created_at < :series_end::timestamptz
), step AS (
  SELECT week, lag(week) OVER own AS earlier, lead(week) OVER own AS later FROM active WINDOW own AS (PARTITION BY viewer ORDER BY week)
), change AS (
  SELECT week, CASE WHEN earlier IS NULL THEN 1 ELSE 0 END AS fresh, CASE WHEN earlier = week - interval '7 days' THEN 1 ELSE 0 END AS stayed,
    CASE WHEN earlier < week - interval '7 days' THEN 1 ELSE 0 END AS came_back, 0 AS went FROM step
  UNION ALL SELECT week + interval '7 days', 0, 0, 0, -1 FROM step WHERE later IS NULL OR later > week + interval '7 days'
)
SELECT week::date, sum(fresh)::bigint, sum(stayed)::bigint, sum(came_back)::bigint, sum(went)::bigint FROM change
WHERE week + interval '7 days' <= :series_end::timestamptz AT TIME ZONE 'UTC' AND week >= date_trunc('week', :series_end::timestamptz AT TIME ZONE 'UTC') - interval '84 days'
GROUP BY week ORDER BY week;
--@ask ours
SELECT (bucket_start AT TIME ZONE 'UTC')::date, new_viewers, returning_viewers, resurrecting_viewers, dormant_viewers
FROM viewer_lifecycle((date_trunc('week', :series_end::timestamptz AT TIME ZONE 'UTC') - interval '84 days') AT TIME ZONE 'UTC', date_trunc('week', :series_end::timestamptz AT TIME ZONE 'UTC') AT TIME ZONE 'UTC', 'week') ORDER BY bucket_start;
