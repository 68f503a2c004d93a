-- Audience of the platform by country, 30 days
--@ask plain duckdb
SELECT coalesce(s.country, 'unknown') AS value, count(DISTINCT coalesce(e.user_id, -e.session_id)) FILTER (WHERE e.engagement_type = 'view') AS viewers,
  count(*) FILTER (WHERE e.engagement_type = 'view') AS views, round((sum(e.watch_time_ms) / 1000.0)::numeric, 3)::float8 AS watch_time
FROM {plain}.events e LEFT JOIN {plain}.sessions s ON s.id = e.session_id
WHERE e.created_at >= :month_start::timestamptz AND e.created_at < :month_end::timestamptz
GROUP BY 1 HAVING count(*) FILTER (WHERE e.engagement_type = 'view') > 0 ORDER BY 2 DESC, 1;
--@ask ours
SELECT value, viewers, views, round(watch_time::numeric, 3)::float8 FROM audience_breakdown('country', :month_start::timestamptz, :month_end::timestamptz, min_group => 1) WHERE views > 0 ORDER BY 2 DESC, 1;
