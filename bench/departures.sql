-- What a content costs that leaves a creator: questions about both creators before it moves, while the move waits for a refresh,
-- and after it; and the refresh. In an empty database:
--   psql -c 'CREATE EXTENSION explore_analytics' -c 'CALL explore_analytics.install()' -f bench/departures.sql
-- Creator 1 has 20,000 contents, 600,000 events and 100,000 sessions, creator 2 has 200 contents and 200,000 events. Content 1 and
-- content 20001 are their hottest, 20000 and 20200 have 20 events each. Milliseconds in the server, the least of some runs.
\set QUIET on
SET client_min_messages = warning;
SELECT setseed(0.5) \g /dev/null
INSERT INTO explore_content (id, creator_id, title)
SELECT g, CASE WHEN g <= 20000 THEN 1 WHEN g <= 20200 THEN 2 ELSE 3 + g % 2000 END, 'c' FROM generate_series(1, 60200) g;
INSERT INTO explore_feed_sessions (id, user_id, session_start, session_end)
SELECT g, g % 200000, '2025-01-01'::timestamptz + (g % 180000) * interval '43 seconds', '2025-01-01'::timestamptz + (g % 180000) * interval '43 seconds' + interval '10 minutes' FROM generate_series(1, 180000) g;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at)
SELECT c, u, s, (ARRAY['view','view','view','save','impression'])[1 + i % 5]::engagement_type, i % 9000, '2025-01-01'::timestamptz + (s % 180000) * interval '43 seconds' + (i % 600) * interval '1 second'
FROM (SELECT i, CASE WHEN i % 25 = 0 THEN 1 ELSE 2 + floor(19997 * random() ^ 2)::bigint END AS c, 1 + floor(200000 * random() ^ 2)::bigint AS u, 1 + floor(100000 * random())::bigint * 1 AS s FROM generate_series(1, 600000) i) x;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at)
SELECT CASE WHEN i % 12 = 0 THEN 20001 ELSE 20002 + floor(197 * random() ^ 2)::bigint END, 1 + floor(200000 * random() ^ 2)::bigint, 100000 + floor(80000 * random())::bigint, (ARRAY['view','view','view','save','impression'])[1 + i % 5]::engagement_type, i % 9000,
  '2025-01-01'::timestamptz + random() * interval '90 days' FROM generate_series(1, 200000) i;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at)
SELECT CASE WHEN i % 2 = 0 THEN 20000 ELSE 20200 END, 1 + floor(200000 * random() ^ 2)::bigint, 1 + floor(100000 * random())::bigint, (ARRAY['view','view','view','save','impression'])[1 + (i / 2) % 5]::engagement_type, i % 9000,
  '2025-01-01'::timestamptz + random() * interval '90 days' FROM generate_series(0, 39) i;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at)
SELECT 20201 + floor(40000 * random())::bigint, 1 + floor(200000 * random() ^ 2)::bigint, 1 + floor(180000 * random())::bigint, 'view', i % 9000,
  '2025-01-01'::timestamptz + random() * interval '90 days' FROM generate_series(1, 300000) i;
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
VACUUM ANALYZE;
CREATE FUNCTION least_ms(question text, runs int) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
  start timestamptz;
  best numeric;
BEGIN
  FOR i IN 1 .. runs LOOP
    start := clock_timestamp();
    EXECUTE question;
    best := least(best, extract(epoch FROM clock_timestamp() - start) * 1000);
  END LOOP;
  RETURN round(best, 3);
END $$;
CREATE FUNCTION report(state text, c bigint) RETURNS TABLE (at text, creator bigint, all_time numeric, days_30 numeric, metrics numeric, series_90 numeric) LANGUAGE sql AS $$
  SELECT state, c, least_ms(format('SELECT views(s), unique_viewers(s) FROM creator_summary(%s) s', c), 12),
    least_ms(format('SELECT views(s), unique_viewers(s) FROM creator_summary(%s, ''2025-02-10 10:11:12.131415+00'', ''2025-03-12 10:11:12.131415+00'') s', c), 12),
    least_ms(format('SELECT * FROM aggregated_metrics(''month'', %s, ''2025-03-12 10:11:12.131415+00'')', c), 6),
    least_ms(format('SELECT count(*), sum(value) FROM metric_series(''unique_viewers'', ''2025-01-01'', ''2025-04-01'', ''day'', ''UTC'', NULL, %s)', c), 3) $$;
\timing on
SELECT format($q$SELECT * FROM report('before', %s) UNION ALL SELECT * FROM report('before', 9)$q$, creator),
  format('UPDATE explore_content SET creator_id = 9 WHERE id = %s', content),
  format($q$SELECT * FROM report('content %s waits', %s) UNION ALL SELECT * FROM report('waits', 9)$q$, content, creator),
  'CALL explore_analytics.refresh()',
  format($q$SELECT * FROM report('after', %s) UNION ALL SELECT * FROM report('after', 9)$q$, creator),
  format('UPDATE explore_content SET creator_id = %s WHERE id = %s', creator, content), 'CALL explore_analytics.refresh()', 'CALL explore_analytics.compact()'
FROM (VALUES (1, 20000), (1, 1), (2, 20200), (2, 20001)) v (creator, content) \gexec
