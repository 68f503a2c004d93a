\pset tuples_only on
\pset format unaligned
SELECT format(E'  %s\n  video %s, creator %s, %s s long, published %s\n', c.title, v.id, c.creator_id,
              demo.num(v.duration_ms / 1000.0, 1), (c.created_at AT TIME ZONE 'UTC')::date)
FROM explore_discovery_videos v JOIN explore_content c ON c.id = v.content_id
WHERE v.id = demo.recall('video')::bigint;

WITH a AS (SELECT * FROM video_analytics(demo.recall('video')::bigint)),
lines (n, label, value, note) AS (
  SELECT 1, 'views', demo.num(total_views), '' FROM a
  UNION ALL SELECT 2, 'unique viewers', demo.num(unique_viewers), '' FROM a
  UNION ALL SELECT 3, 'watch time', demo.hours(total_watch_time), '' FROM a
  UNION ALL SELECT 4, 'a view lasts', demo.hours(average_watch_time),
                   bar(average_watch_time, v.duration_ms / 1000.0, 30) || '  of the video''s length'
            FROM a JOIN explore_discovery_videos v ON v.id = a.video_id
  UNION ALL SELECT 5, 'completion rate', demo.num(completion_rate, 1) || ' %',
                   bar(completion_rate, 100, 30) || '  ' || demo.num(completions) || ' completions' FROM a
  UNION ALL SELECT 6, 'engagement rate', demo.num(engagement_rate, 1) || ' %',
                   bar(engagement_rate, 100, 30) || format('  %s saves, %s shares, %s clicks',
                     demo.num(saves), demo.num(shares), demo.num(clicks)) FROM a
  UNION ALL SELECT 7, 'skips', demo.num(skips), bar(skips, total_views, 30) FROM a
  UNION ALL SELECT 8, 'engagement score', demo.num(average_engagement_score, 1),
                   bar(average_engagement_score, 100, 30) || '  of 100' FROM a
)
SELECT rtrim('  ' || rpad(label, 18) || lpad(value, 10) || '  ' || coalesce(note, '')) FROM lines ORDER BY n;
