-- The same million events in a plain table with the obvious indexes and in ours, and as many event ids seen before.
INSERT INTO plain.events (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
SELECT 993 + (8 * exp(random() * 8.74))::bigint, 1 + floor(random() * 1000000), 1 + floor(random() * 100000),
  (ARRAY['view', 'impression', 'view', 'skip'])[1 + n % 4]::engagement_type, n % 60 * 1000, n % 10 = 0, now() - random() * interval '60 days'
FROM generate_series(1, 1000000) n ORDER BY 7;
CREATE INDEX ON plain.events (content_id, created_at);
CREATE INDEX ON plain.events (user_id);
CREATE INDEX ON plain.events (session_id);
CREATE INDEX ON plain.events USING brin (created_at);
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
SELECT content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at FROM plain.events ORDER BY id;
INSERT INTO explore_analytics.event_keys SELECT gen_random_uuid(), now() FROM generate_series(1, 1000000);
VACUUM ANALYZE;
CHECKPOINT;
