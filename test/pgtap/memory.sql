-- A backend that lives long: ten thousand failing and ten thousand succeeding calls of each door leave
-- the memory of the backend where it was after warming up.
\set QUIET on
SET client_min_messages = warning;
SET timezone = 'UTC';
-- Each call is one of a loop in one backend; the events themselves are not kept, the memory would be.
INSERT INTO explore_content (id, creator_id, title) SELECT n, 1 + n % 3, 'content ' || n FROM generate_series(1, 20) n;
INSERT INTO explore_discovery_videos (id, content_id) SELECT 100 + n, n FROM generate_series(1, 20) n;
INSERT INTO explore_feed_sessions (id, user_id) SELECT n, n FROM generate_series(1, 5) n;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
SELECT 1 + n % 20, n, 'view', n, now() - n * interval '1 hour' FROM generate_series(1, 200) n;
ANALYZE explore_engagements, explore_content, explore_discovery_videos, explore_feed_sessions;

SELECT plan(30);

-- Runs a call n times, and counts how many of them raised.
CREATE FUNCTION pg_temp.repeat_call(call text, n int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  failed int := 0;
BEGIN
  FOR i IN 1 .. n LOOP
    BEGIN
      EXECUTE call;
    EXCEPTION WHEN OTHERS THEN
      failed := failed + 1;
    END;
  END LOOP;
  RETURN failed;
END $$;

CREATE TEMPORARY TABLE loop (n serial, name text, fails boolean, call text);
INSERT INTO loop (name, fails, call) VALUES
  -- The good ones write nothing that stays, or the same again: a duplicate goes the whole way too.
  ('record_engagement_batch', false, $$SELECT * FROM record_engagement_batch('[{"contentId": 1, "engagementType": "save", "userId": 5, "sessionId": 1, "watchTime": 1.5, "eventId": "00000000-0000-4000-8000-000000000001", "metadata": {"a": [1, 2, 3]}}, {"contentId": 99, "engagementType": "view"}, {"contentId": 1, "engagementType": "like"}, 5]')$$),
  ('record_engagement_batch', true, $$SELECT * FROM record_engagement_batch('[{"contentId": 1, "engagementType": "view", "userId": 5, "createdAt": "2026-01-01T00:00:00Z"}, {"contentId": 99, "engagementType": "view"}, {"contentId": "x"}]', 'abort')$$),
  ('record_engagement_body', false, $$SELECT * FROM record_engagement_body('[{"contentId": 1, "engagementType": "save", "userId": 5, "sessionId": 1, "watchTime": 1.5e0, "eventId": "00000000-0000-4000-8000-000000000001", "metadata": {"a": [1, 2, 3]}}, {"contentId": 99, "engagementType": "view"}, {"contentId": 1, "engagementType": "view", "metadata": "\ud83d"}]')$$),
  -- Text that ends too early, each time somewhere else.
  ('record_engagement_body', true, $$SELECT * FROM record_engagement_body(left(b, floor(random() * length(b))::int)) FROM (VALUES ('[{"contentId": 1, "engagementType": "view", "userId": 5, "metadata": {"a": [1, 2e5, "\u00e9\ud83d"]}}, {"contentId": "x"}, {"content_id": null}, true]')) x(b)$$),
  ('record_engagement', false, $$SELECT record_engagement(1, 'save', 5, 1, 1.5, false, '2026-01-01', '00000000-0000-4000-8000-000000000002', '{"a": [1, 2, 3]}')$$),
  ('record_engagement', true, $$SELECT record_engagement(99, 'view', 5, 1, 1.5, true, '2026-01-01', '00000000-0000-4000-8000-000000000003', '{"a": 1}')$$),
  ('video_analytics', false, $$SELECT * FROM video_analytics(107, now() - interval '5 days', now())$$),
  ('video_analytics', true, $$SELECT * FROM video_analytics(7)$$),
  ('aggregates', false, $$SELECT views(s), unique_viewers(s + s), cardinality(viewers(s)), engagement_score(s), length(s::text) FROM (SELECT rollup(s) AS s FROM (SELECT engagement_agg('view', v * v * 7919, 5, true) AS s FROM generate_series(1::bigint, 2000, 100) v GROUP BY v % 3) x) y$$),
  ('aggregates', true, $$SELECT rollup(s) FROM (SELECT engagement_agg(CASE WHEN v < 20 THEN 'view' END::engagement_type, v * v * 7919, 5, true) AS s FROM generate_series(1::bigint, 20) v) x$$),
  ('viewer_set', false, $$SELECT cardinality(s::text::viewer_set), cardinality(from_roaring(to_roaring(s)) | s), (s & s) = s, s @> 7919::bigint, (SELECT count(*) FROM viewer_keys(s - s)) FROM (SELECT viewer_set_agg(v * v * 7919) AS s FROM generate_series(1::bigint, 20) v) x$$),
  ('viewer_set input of garbage', true, $$SELECT 'AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8w'::viewer_set$$),
  ('from_roaring of garbage', true, $$SELECT from_roaring('\x0100000000000000000000003a30000001000000000000ff')$$),
  ('videos_analytics', false, $$SELECT * FROM videos_analytics('{101,102,103}')$$);

-- The loops run one after the other in this backend, each in a transaction of its own; memory is read
-- between transactions, so that what the server keeps of 10,000 subtransactions does not count.
CREATE TEMPORARY TABLE total (n int, moment text, bytes bigint, largest text, process bigint);
CREATE TEMPORARY TABLE result (n int, failed int);
PREPARE look (int, text) AS
  INSERT INTO total SELECT $1, $2, sum(total_bytes), string_agg(format('%s %s', name, total_bytes), ', ' ORDER BY total_bytes DESC) FILTER (WHERE place <= 3),
    substring(pg_read_file('/proc/self/status', 0, 20000, true) FROM 'RssAnon:\s+(\d+) kB')::bigint * 1024
  FROM (SELECT name, sum(total_bytes) AS total_bytes, row_number() OVER (ORDER BY sum(total_bytes) DESC) AS place FROM pg_backend_memory_contexts GROUP BY name) x;
-- Plans, catalog caches, and what this file itself needs, come with the first calls.
SELECT pg_temp.repeat_call(call, 1000) FROM loop ORDER BY n \g /dev/null
EXECUTE look (0, 'warm');
EXECUTE look (0, 'warm again');
SELECT format('EXECUTE look (%s, ''before'')', n), format('INSERT INTO result SELECT n, pg_temp.repeat_call(call, 10000) FROM loop WHERE n = %s', n), format('EXECUTE look (%s, ''after'')', n)
FROM loop ORDER BY n \gexec
CREATE TEMPORARY VIEW growth AS
SELECT l.n, l.name, CASE WHEN l.fails THEN 'fail' ELSE 'succeed' END AS what, l.fails, r.failed, a.bytes - b.bytes AS growth, a.bytes, a.largest
FROM loop l LEFT JOIN result r USING (n) LEFT JOIN total b ON b.n = l.n AND b.moment = 'before' LEFT JOIN total a ON a.n = l.n AND a.moment = 'after';

SELECT diag(format('%s, 10,000 calls that %s: the backend grows by %s bytes to %s; largest: %s', name, what, growth, bytes, largest)) FROM growth ORDER BY n;
SELECT is(failed, CASE WHEN fails THEN 10000 ELSE 0 END, format('%s: %s of 10,000 calls fail', name, CASE WHEN fails THEN 'all' ELSE 'none' END)) FROM growth ORDER BY n;
SELECT cmp_ok(growth, '<=', 512 * 1024::bigint, format('%s, calls that %s: the backend grows by at most 512 kB', name, what)) FROM growth ORDER BY n;
SELECT cmp_ok((SELECT max(bytes) FILTER (WHERE moment = 'after') - max(bytes) FILTER (WHERE moment = 'warm again') FROM total), '<=', 512 * 1024::bigint, 'all loops together: the backend grows by at most 512 kB');
-- What is allocated past the server's contexts: the memory of simdjson.
SELECT cmp_ok((SELECT coalesce(max(process) FILTER (WHERE moment = 'after') - max(process) FILTER (WHERE moment = 'warm again'), 0) FROM total), '<=', 4 * 1024 * 1024::bigint, 'all loops together: the process grows by at most 4 MB');
SELECT * FROM finish();
