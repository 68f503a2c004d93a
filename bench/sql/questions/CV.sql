-- Viewers of the last five minutes, platform
--@ask plain
SELECT count(DISTINCT coalesce(user_id, -session_id)) FROM {plain}.events
WHERE engagement_type = 'view' AND created_at >= :moment::timestamptz - interval '5 minutes' AND created_at < :moment::timestamptz;
--@ask ours
SELECT concurrent_viewers(as_of => :moment::timestamptz);
