\pset tuples_only on
\pset format unaligned
SELECT format(E'  creator %s: %s videos, %s views by %s viewers, %s watched\n  completion rate %s %%, engagement rate %s %%\n',
              creator_id, total_videos, demo.num(total_views), demo.num(unique_viewers), demo.hours(total_watch_time),
              demo.num(average_completion_rate, 1), demo.num(engagement_rate, 1))
FROM creator_analytics(demo.recall('creator')::bigint);

WITH series AS (
  SELECT * FROM metric_series('views', demo.first_day(), demo.as_of(), 'day', 'UTC',
                              creator_id => demo.recall('creator')::bigint)
)
SELECT format(E'  views a day    %s  at most %s\n  viewers a day  %s  at most %s\n',
  sparkline(array_agg(s.value ORDER BY s.bucket_start)), demo.num(max(s.value)),
  sparkline(array_agg(u.value ORDER BY s.bucket_start)), demo.num(max(u.value)))
FROM series s
JOIN metric_series('unique_viewers', demo.first_day(), demo.as_of(), 'day', 'UTC',
                   creator_id => demo.recall('creator')::bigint) u USING (bucket_start);

SELECT '  the creator''s best videos, by engagement score';
SELECT format('  %s  %s  %s views  %s', lpad(demo.num(score, 1), 5),
              bar(score, max(score) OVER (), 20), lpad(demo.num(views), 7), title)
FROM creator_analytics(demo.recall('creator')::bigint) c,
     jsonb_to_recordset(c.top_performing_videos) AS t ("engagementScore" float8, views bigint, title text),
     LATERAL (SELECT t."engagementScore") AS s (score)
ORDER BY score DESC, views DESC LIMIT 6;
