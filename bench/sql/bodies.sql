-- 100 bodies of each kind and size: events of a feed as an app sends them, good ones and ones whose last field is bad.
CREATE EXTENSION explore_analytics;
SET client_min_messages = warning;
CALL explore_analytics.install();
INSERT INTO explore_content (id, creator_id) SELECT n, 1 + n % 500 FROM generate_series(1, 60000) n;
INSERT INTO explore_feed_sessions (id, user_id) SELECT n, CASE WHEN n % 3 > 0 THEN n END FROM generate_series(1, 100000) n;
CREATE TABLE body (kind text, items int, n int, body text, PRIMARY KEY (kind, items, n));
ALTER TABLE body ALTER body SET STORAGE EXTERNAL;
INSERT INTO body
SELECT kind, items, n, (SELECT '[' || string_agg(format(
    '{"contentId":%s,"engagementType":"%s","userId":%s,"sessionId":%s,"watchTime":%s,"completed":%s,"createdAt":"%s","metadata":{"screen":"explore","position":%s,"query":"villa with a pool"}%s}',
    1 + floor(10000 * power(random(), 3)), (ARRAY['view', 'view', 'impression', 'view', 'view', 'skip', 'view', 'impression', 'save', 'click'])[1 + i % 10], 1 + floor(random() * 1000000), 1 + floor(random() * 100000),
    round((random() * 60)::numeric, 3), (i % 4 = 0)::text, to_char(now() - random() * interval '1 day', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), i % 20, CASE kind WHEN 'refused' THEN ',"eventId":"none"' ELSE '' END), ',') || ']'
  FROM generate_series(1, items) i)
FROM unnest(ARRAY['stored', 'refused']) kind, unnest(ARRAY[50, 1000]) items, generate_series(1, 100) n;
VACUUM ANALYZE;
