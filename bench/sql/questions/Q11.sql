-- Weekly retention of new viewers, 13 weeks
--@ask plain duckdb
WITH active AS (
  SELECT coalesce(user_id, -session_id) AS viewer, date_trunc('week', created_at AT TIME ZONE 'UTC') AS week, min(created_at) AS first_at FROM {plain}.events
  WHERE engagement_type = 'view' AND (user_id IS NOT NULL OR session_id IS NOT NULL) AND created_at < :series_end::timestamptz GROUP BY 1, 2
), newcomer AS (
  SELECT viewer, min(week) AS week FROM active GROUP BY viewer HAVING min(first_at) >= :series_start::timestamptz
)
SELECT n.week::date AS cohort, a.week::date - n.week::date AS days, count(*) AS retained
FROM newcomer n JOIN active a ON a.viewer = n.viewer
WHERE a.week + interval '7 days' <= :series_end::timestamptz AT TIME ZONE 'UTC' AND a.week < n.week + interval '91 days' GROUP BY 1, 2 ORDER BY 1, 2;
--@ask ours
SELECT (cohort AT TIME ZONE 'UTC')::date, period * 7, retained
FROM viewer_retention(:series_start::timestamptz, :series_end::timestamptz, 'week', 'UTC', 13, as_of => :series_end::timestamptz) WHERE retained > 0 ORDER BY cohort, period;
