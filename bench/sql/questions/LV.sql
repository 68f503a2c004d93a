-- The last hour of the platform, minute by minute with unique viewers
--@ask plain
SELECT extract(epoch FROM date_trunc('minute', created_at))::bigint AS minute, count(*) AS views, count(DISTINCT coalesce(user_id, -session_id)) AS viewers
FROM {plain}.events
WHERE engagement_type = 'view' AND created_at >= date_trunc('minute', :moment::timestamptz) - interval '59 minutes' AND created_at < :moment::timestamptz
GROUP BY 1 ORDER BY 1;
--@ask ours
SELECT extract(epoch FROM minute)::bigint, views, unique_viewers FROM live_metrics(60, as_of => :moment::timestamptz) WHERE views > 0;
