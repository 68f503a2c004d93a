-- Trending: a day, half-life of six hours, the best twenty
--@ask plain
SELECT content_id, round(score::numeric, 6) FROM (
  SELECT e.content_id, sum(CASE engagement_type WHEN 'view' THEN 1 WHEN 'complete' THEN 2 WHEN 'save' THEN 3 WHEN 'share' THEN 4 WHEN 'click' THEN 3 ELSE -1 END
    * power(2, -extract(epoch FROM :month_end::timestamptz - created_at)::float8 / 21600)) AS score
  FROM {plain}.events e
  WHERE engagement_type IN ('view', 'complete', 'save', 'share', 'click', 'skip')
    AND created_at >= :month_end::timestamptz - interval '1 day' AND created_at < :month_end::timestamptz
  GROUP BY 1 ORDER BY score DESC, content_id LIMIT 20) t;
--@ask ours
SELECT content_id, round(score::numeric, 6) FROM trending_content(as_of => :month_end::timestamptz);
