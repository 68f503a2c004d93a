-- Ten best videos by score, all time
--@ask plain duckdb
SELECT content_id,
  CASE WHEN views = 0 THEN 0
       ELSE least(100, greatest(0, (40 * completions + 30 * saves + 20 * shares + 10 * clicks - 20 * skips)::float8 / views))
  END AS score, views
FROM (SELECT content_id,
        count(*) FILTER (WHERE engagement_type = 'view') AS views,
        count(*) FILTER (WHERE engagement_type = 'complete' OR engagement_type = 'view' AND completed) AS completions,
        count(*) FILTER (WHERE engagement_type = 'save') AS saves,
        count(*) FILTER (WHERE engagement_type = 'share') AS shares,
        count(*) FILTER (WHERE engagement_type = 'click') AS clicks,
        count(*) FILTER (WHERE engagement_type = 'skip') AS skips
      FROM {plain}.events GROUP BY content_id) AS video
ORDER BY score DESC, views DESC, content_id LIMIT 10;
--@ask ours
SELECT content_id, value, views FROM top_videos();
