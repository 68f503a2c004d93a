-- A video among its category, 30 days
--@ask plain
WITH subject AS (
  SELECT c.id, c.category, c.creator_id FROM {plain}.videos v JOIN {plain}.content c ON c.id = v.content_id WHERE v.id = :category_video::bigint
), number AS (
  SELECT e.content_id, count(*) FILTER (WHERE engagement_type = 'view') AS views, count(DISTINCT coalesce(user_id, -session_id)) FILTER (WHERE engagement_type = 'view') AS viewers
  FROM {plain}.events e JOIN {plain}.content c ON c.id = e.content_id JOIN {plain}.videos v ON v.content_id = c.id JOIN subject s ON c.category = s.category
  WHERE true AND e.created_at >= :month_start::timestamptz AND e.created_at < :month_end::timestamptz
  GROUP BY 1 HAVING count(*) FILTER (WHERE engagement_type = 'view') > 0
)
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY views), round(avg(views), 6), percentile_cont(0.5) WITHIN GROUP (ORDER BY viewers), round(avg(viewers), 6)
FROM number WHERE content_id <> (SELECT id FROM subject);
--@ask ours
SELECT max(peers), max(baseline_median) FILTER (WHERE metric = 'views'), round((max(baseline_mean) FILTER (WHERE metric = 'views'))::numeric, 6),
  max(baseline_median) FILTER (WHERE metric = 'unique_viewers'), round((max(baseline_mean) FILTER (WHERE metric = 'unique_viewers'))::numeric, 6)
FROM compare_video(:category_video, :month_start, :month_end, 'category');
