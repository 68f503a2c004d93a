-- Audience of a creator by age, 30 days
--@ask plain duckdb
SELECT coalesce(CASE WHEN v.birth_year IS NULL THEN 'unknown' WHEN year - v.birth_year < 13 THEN 'under 13' WHEN year - v.birth_year < 18 THEN '13-17' WHEN year - v.birth_year < 25 THEN '18-24' WHEN year - v.birth_year < 35 THEN '25-34'
    WHEN year - v.birth_year < 45 THEN '35-44' WHEN year - v.birth_year < 55 THEN '45-54' WHEN year - v.birth_year < 65 THEN '55-64' ELSE '65+' END, 'unknown') AS value, count(DISTINCT coalesce(e.user_id, -e.session_id)) FILTER (WHERE e.engagement_type = 'view') AS viewers,
  count(*) FILTER (WHERE e.engagement_type = 'view') AS views, round((sum(e.watch_time_ms) / 1000.0)::numeric, 3)::float8 AS watch_time
FROM {plain}.events e LEFT JOIN {plain}.viewers v ON v.user_id = e.user_id CROSS JOIN (SELECT extract(year FROM :month_end::timestamptz AT TIME ZONE 'UTC')::int AS year) y
WHERE e.content_id IN (SELECT id FROM {plain}.content WHERE creator_id = :creator::bigint) AND e.created_at >= :month_start::timestamptz AND e.created_at < :month_end::timestamptz
GROUP BY 1 HAVING count(*) FILTER (WHERE e.engagement_type = 'view') > 0 ORDER BY 2 DESC, 1;
--@ask ours
SELECT value, viewers, views, round(watch_time::numeric, 3)::float8 FROM audience_breakdown('age_group', :month_start::timestamptz, :month_end::timestamptz, creator_id => :creator, min_group => 1) WHERE views > 0 ORDER BY 2 DESC, 1;
