-- One backend, tens of thousands of calls that succeed and that fail: what it holds afterwards must not
-- have grown. Contexts are the server's own memory; the process also shows what a library hides from it.
\set QUIET on
\pset tuples_only on
\pset format unaligned
SET client_min_messages = error;
SET timezone = 'UTC';
CREATE EXTENSION explore_analytics;
CALL explore_analytics.install();
CREATE SCHEMA memory;

INSERT INTO explore_content (id, creator_id, title) SELECT g, 1 + g % 5, 'Clip ' || g FROM generate_series(1, 50) g;
INSERT INTO explore_discovery_videos (id, content_id, duration_ms) SELECT g, g, 20000 FROM generate_series(1, 50) g;
INSERT INTO explore_feed_sessions (user_id) SELECT 100 + g FROM generate_series(1, 20) g;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
SELECT 1 + g % 50, g, 1 + g % 20, (ARRAY['view', 'view', 'save', 'click'])[1 + g % 4]::engagement_type, g % 60000, g % 3 = 0, now() - g * interval '1 minute'
FROM generate_series(1, 4000) g;
CREATE TABLE memory.value AS
SELECT engagement_agg('view', g * 977, 10, g % 2 = 0) AS summary, viewer_set_agg(g * 977) AS set, NULL::text AS damaged FROM generate_series(1, 5000) g;
UPDATE memory.value SET damaged = replace(encode(overlay(decode(set::text, 'base64') PLACING '\x00ff' FROM 1500), 'base64'), E'\n', '');
CREATE TABLE memory.event AS SELECT row_number() OVER () AS n, * FROM explore_engagements LIMIT 160;
ANALYZE;

-- state: the SQLSTATE that has to come, NULL where the call has to succeed.
CREATE TABLE memory.kind (n int GENERATED ALWAYS AS IDENTITY, what text, state text, query text, times int DEFAULT 10000);
INSERT INTO memory.kind (what, state, query) VALUES
  ('record_engagement_batch', NULL, $$SELECT record_engagement_batch(jsonb_build_array(
      jsonb_build_object('contentId', 49, 'engagementType', 'view', 'userId', 5, 'sessionId', 3, 'watchTime', 1.5, 'completed', true, 'eventId', gen_random_uuid(), 'metadata', '{"a": [1, 2]}'::jsonb),
      jsonb_build_object('contentId', 'x'), '3'::jsonb, jsonb_build_object('contentId', 999, 'engagementType', 'save')))$$),
  ('record_engagement_batch', '23503', $$SELECT record_engagement_batch('[{"contentId": 49, "engagementType": "view", "metadata": {"a": 1}}, {"contentId": 999, "engagementType": "save"}]', 'abort')$$),
  ('record_engagement_batch', '22023', $$SELECT record_engagement_batch('"text"')$$),
  ('record_engagement_body', NULL, $$SELECT record_engagement_body(format('[{"contentId": 49, "engagementType": "view", "userId": 5, "sessionId": 3, "watchTime": 15e-1, "completed": true, "eventId": "%s", "metadata": {"a": [1, 2]}}, {"contentId": "x"}, 3, {"contentId": 49, "engagementType": "view", "metadata": "\ud83d"}]', gen_random_uuid()))$$),
  ('record_engagement_body', '23503', $$SELECT record_engagement_body('[{"contentId": 49, "engagementType": "view", "metadata": {"a": 1}}, {"contentId": 999, "engagementType": "save"}]', 'abort')$$),
  ('record_engagement_body', '22P02', $$SELECT record_engagement_body('[{"contentId": 49, "engagementType": "view", "metadata": {"a": 1}}, {"contentId": 999, "engagementType": "save"]')$$),
  ('record_engagement_body', '22023', $$SELECT record_engagement_body('{"engagements": null}')$$),
  ('record_engagement', NULL, $$SELECT record_engagement(49, 'view', 9, watch_time => 3.25)$$),
  ('record_engagement', '22P02', $$SELECT record_engagement(49, 'look')$$),
  ('create_session, close_session', NULL, $$SELECT close_session(create_session(5, '{"deviceType": "phone", "x": {"y": 1}}'))$$),
  ('identify_session', NULL, $$SELECT identify_session(create_session(), 5)$$),
  ('identify_session', 'P0002', $$SELECT identify_session(987654321, 5)$$),
  ('close_session', 'P0002', $$SELECT close_session(987654321)$$),
  ('video_analytics', NULL, $$SELECT * FROM video_analytics(7, now() - interval '3 hours')$$),
  ('video_analytics', 'P0002', $$SELECT * FROM video_analytics(987654321)$$),
  ('video_analytics', '22023', $$SELECT * FROM video_analytics(7, '2025-01-02', '2025-01-01')$$),
  ('session_analytics', NULL, $$SELECT * FROM session_analytics(4)$$),
  ('metric_series', '22023', $$SELECT * FROM metric_series('views', time_zone => 'Mars/Olympus')$$),
  ('creator_dashboard', '22004', $$SELECT creator_dashboard()$$),
  ('engagement_agg', NULL, $$SELECT engagement_agg(engagement_type, user_id, watch_time_ms, completed) FROM memory.event$$),
  ('engagement_agg', '22023', $$SELECT engagement_agg(engagement_type, user_id, CASE WHEN n < 150 THEN 1 ELSE -1 END, completed) FROM memory.event$$),
  ('engagement_agg', '22004', $$SELECT engagement_agg(NULL, 1, 1, true)$$),
  ('viewer_set text', '22P02', $$SELECT '*garbage*'::viewer_set$$),
  ('viewer_set bytes', '22P03', $$SELECT 'Z2FyYmFnZQ=='::viewer_set$$),
  ('engagement_summary bytes', '22P03', $$SELECT '5QEAAAAA'::engagement_summary$$),
  ('from_roaring', '22P03', $$SELECT from_roaring('\x01000000000000000000000000')$$);
INSERT INTO memory.kind (what, state, query, times) VALUES
  ('large bodies', NULL, $$SELECT record_engagement_body((SELECT '[' || string_agg('{"contentId": "x", "metadata": "' || repeat('x', 2000) || '"}', ', ') || ']' FROM generate_series(1, 1000)))$$, 300),
  ('large bodies that end too early', '22P02', $$SELECT record_engagement_body((SELECT '[' || string_agg('{"contentId": "x", "metadata": "' || repeat('x', 2000) || '"}', ', ') FROM generate_series(1, 1000)))$$, 300),
  ('metadata too deep', NULL, $$SELECT record_engagement_body('[{"contentId": 49, "engagementType": "view", "metadata": ' || repeat('[', 50000) || repeat(']', 50000) || '}]')$$, 300),
  ('viewer_keys, stopped early', NULL, $$SELECT k FROM memory.value, viewer_keys(set) k LIMIT 1$$, 2000),
  ('creator_analytics', NULL, $$SELECT * FROM creator_analytics(2)$$, 1000),
  ('metric_series', NULL, $$SELECT * FROM metric_series('unique_viewers', bucket => 'day', content_id => 7)$$, 1000),
  ('large aggregates', NULL, $$SELECT rollup(summary + summary), (SELECT viewer_set_agg(k) FROM viewer_keys(viewers(max(summary::text)::engagement_summary)) k) FROM memory.value$$, 1000),
  ('a large aggregate that fails late', '22023', $$SELECT engagement_agg('view', g * 977, CASE WHEN g < 20000 THEN 1 ELSE -1 END, true) FROM generate_series(1, 20000) g$$, 300),
  ('large sets', NULL, $$SELECT (set | set) - (set & set) = (set - set) AND set @> set AND from_roaring(to_roaring(set)) = set FROM memory.value$$, 1000),
  ('a damaged large set', '22P03', $$SELECT damaged::viewer_set FROM memory.value$$, 1000);

CREATE PROCEDURE memory.work(kind int, times int) LANGUAGE plpgsql AS $$
DECLARE
  wanted record;
  came text;
BEGIN
  SELECT * INTO wanted FROM memory.kind k WHERE k.n = kind;
  FOR i IN 1 .. times LOOP
    came := NULL;
    BEGIN
      EXECUTE wanted.query;
    EXCEPTION WHEN OTHERS THEN
      came := SQLSTATE;
    END;
    IF came IS DISTINCT FROM wanted.state THEN
      RAISE EXCEPTION '%: SQLSTATE %, not %', wanted.what, coalesce(came, 'none'), coalesce(wanted.state, 'none');
    END IF;
  END LOOP;
END $$;

CREATE TABLE memory.mark (kind int, at text, contexts bigint, process bigint, largest text);
CREATE PROCEDURE memory.measure(kind int, at text) LANGUAGE sql AS $$
  INSERT INTO memory.mark
  SELECT kind, at, sum(total_bytes) / 1024, substring(pg_read_file('/proc/self/status', 0, 20000, true) FROM 'RssAnon:\s+(\d+) kB')::bigint,
         (SELECT string_agg(format('%s %s kB', name, kb), ', ' ORDER BY kb DESC)
          FROM (SELECT name, sum(total_bytes) / 1024 AS kb FROM pg_backend_memory_contexts GROUP BY 1 ORDER BY 2 DESC LIMIT 4) l)
  FROM pg_backend_memory_contexts
$$;

-- Every call is warmed up before anything is measured: plans, caches, the first growth of the heap.
SELECT format('CALL memory.work(%s, %s)', n, least(times / 5, 200)) FROM memory.kind, generate_series(1, 2) ORDER BY n \gexec
SELECT format('CALL memory.measure(%s, %L)', 0, 'warm'), format('CALL memory.measure(%s, %L)', 0, 'warm') \gexec
TRUNCATE memory.mark;
-- Statement by statement, a hundred calls each, as an application would send them.
SELECT s.command FROM (
  SELECT n, 0 AS step, format('CALL memory.measure(%s, %L)', n, 'before') AS command FROM memory.kind
  UNION ALL SELECT n, step, format('CALL memory.work(%s, %s)', n, greatest(times / 100, 1)) FROM memory.kind, generate_series(1, 100) step
  UNION ALL SELECT n, 1000, format('CALL memory.measure(%s, %L)', n, 'after') FROM memory.kind) s
ORDER BY s.n, s.step \gexec

SELECT format('%s %s, %s: %s calls, contexts %s kB %s, process %s',
         CASE WHEN a.contexts - b.contexts <= 512 AND coalesce(a.process - b.process, 0) <= 4096 THEN 'ok' ELSE 'FAIL' END,
         k.what, coalesce('error ' || k.state, 'succeeding'), k.times, a.contexts, to_char(a.contexts - b.contexts, 'FMSG999990'),
         coalesce(format('%s kB %s', a.process, to_char(a.process - b.process, 'FMSG999990')), 'not known'))
       || CASE WHEN a.contexts - b.contexts > 512 THEN E'\n  before: ' || b.largest || E'\n  after:  ' || a.largest ELSE '' END
FROM memory.kind k JOIN memory.mark b ON b.kind = k.n AND b.at = 'before' JOIN memory.mark a ON a.kind = k.n AND a.at = 'after' ORDER BY k.n;
SELECT format('%s all %s calls together: contexts %s kB %s', CASE WHEN a.contexts - b.contexts <= 512 THEN 'ok' ELSE 'FAIL' END,
         (SELECT sum(times) FROM memory.kind), a.contexts, to_char(a.contexts - b.contexts, 'FMSG999990'))
FROM (SELECT * FROM memory.mark WHERE at = 'before' ORDER BY kind LIMIT 1) b, (SELECT * FROM memory.mark WHERE at = 'after' ORDER BY kind DESC LIMIT 1) a;
