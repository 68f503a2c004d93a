-- The daily views make the columns that a query reads and no others: each of them, and however it is asked for, is what it is beside all.
\set QUIET on
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(49);

INSERT INTO explore_content (id, creator_id, title, category) SELECT i, 1 + i % 7, 'Content ' || i, 'c' || i % 3 FROM generate_series(1, 200) i;
INSERT INTO explore_discovery_videos (id, content_id) SELECT 1000 + i, i FROM generate_series(1, 200, 2) i;
CREATE FUNCTION pg_temp.add_events(first int, last int) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, completed, created_at)
  SELECT CASE WHEN i % 4 = 0 THEN 5 ELSE 1 + i * 7 % 200 END, 1 + i * 13 % 211, (enum_range(NULL::engagement_type))[1 + i % 8], i % 9000, i % 8 = 0 AND i % 3 = 0,
         '2025-02-20'::timestamptz + i * 7919 % 43000 * interval '1 minute' FROM generate_series(first, last) i
$$;
-- Buckets, deltas and a tail.
SELECT pg_temp.add_events(1, 8000);
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SELECT pg_temp.add_events(8001, 9000);
CALL explore_analytics.refresh();
SELECT pg_temp.add_events(9001, 9500);
ANALYZE;

CREATE TABLE video AS SELECT * FROM explore_video_daily;
CREATE TABLE creator AS SELECT * FROM explore_creator_daily;
CREATE TABLE platform AS SELECT * FROM explore_platform_daily;
SELECT results_eq('SELECT day, content_id, views, unique_viewers, completions, saves FROM video ORDER BY 1, 2',
  $$SELECT created_at::date, content_id, count(*) FILTER (WHERE engagement_type = 'view'), count(DISTINCT user_id) FILTER (WHERE engagement_type = 'view'),
      count(*) FILTER (WHERE engagement_type = 'complete' OR engagement_type = 'view' AND completed), count(*) FILTER (WHERE engagement_type = 'save')
    FROM explore_engagements GROUP BY 1, 2 ORDER BY 1, 2$$, 'all columns at once are those of the raw rows');
-- One column at a time, and each with the viewers.
SELECT results_eq(format('SELECT %I FROM explore_%s_daily ORDER BY day, %s', a.attname, t, k), format('SELECT %I FROM %s ORDER BY day, %s', a.attname, t, k), t || ': ' || a.attname)
FROM (VALUES ('video', 'content_id'), ('creator', 'creator_id'), ('platform', 'day')) v(t, k), pg_attribute a
WHERE a.attrelid = t::regclass AND a.attnum > 0 AND (t = 'video' OR a.attname IN ('unique_viewers', 'engagement_score')) ORDER BY t, a.attnum;

CREATE TEMP TABLE form (name text, query text);
INSERT INTO form VALUES
  ('counting', 'SELECT count(*) FROM {v}'),
  ('grouping', 'SELECT day, sum(views), max(unique_viewers) FROM {v} GROUP BY day ORDER BY 1'),
  ('the row', 'SELECT v::text FROM {v} v ORDER BY 1'),
  ('the row as json', 'SELECT to_jsonb(v) FROM {v} v ORDER BY v.day, v.content_id'),
  ('a column for a condition only', 'SELECT count(*) FROM {v} WHERE clicks > 1 AND save_rate < 50'),
  ('a column for the order only', 'SELECT day FROM {v} ORDER BY unique_viewers DESC, watch_time, content_id, day LIMIT 20'),
  ('a join with itself', 'SELECT sum(a.views * b.shares) FROM {v} a JOIN {v} b USING (day, content_id)'),
  ('a join with a name', 'SELECT j.day, j.skips FROM ({v} v JOIN explore_content c ON c.id = v.content_id) AS j ORDER BY 1, 2'),
  ('a subquery that looks out', 'SELECT (SELECT count(*) FROM explore_content c WHERE c.id < v.unique_viewers) FROM {v} v ORDER BY v.day, v.content_id'),
  ('one that looks out from deeper', 'SELECT (SELECT (SELECT v.impressions + c.id) FROM explore_content c WHERE c.id = 3) FROM {v} v ORDER BY v.day, v.content_id'),
  ('LATERAL', 'SELECT sum(x) FROM {v} v, LATERAL (SELECT v.completions * 2 AS x) l'),
  ('WITH', 'WITH w AS MATERIALIZED (SELECT * FROM {v}) SELECT sum(w.saves) FROM w WHERE w.clicks >= 0'),
  ('UNION ALL', 'SELECT sum(n) FROM (SELECT shares AS n, day FROM {v} UNION ALL SELECT clicks, day FROM {v}) u WHERE day > ''2025-03-01'''),
  ('windows', 'SELECT day, content_id, rank() OVER (PARTITION BY day ORDER BY engagement_score, content_id) FROM {v} ORDER BY 1, 2'),
  ('DISTINCT', 'SELECT DISTINCT ON (content_id) content_id, completion_rate FROM {v} ORDER BY content_id, watch_time DESC, day');
SELECT results_eq(replace(query, '{v}', 'explore_video_daily'), replace(query, '{v}', 'video'), name) FROM form;
WITH changed AS (UPDATE explore_content c SET area = v.views::text FROM explore_video_daily v WHERE v.content_id = c.id AND v.day = '2025-03-01' RETURNING c.id, c.area)
SELECT is((SELECT count(*) FROM changed), (SELECT count(*) FROM video WHERE day = '2025-03-01'), 'UPDATE ... FROM');
SELECT is_empty($$SELECT * FROM explore_content c JOIN video v ON v.content_id = c.id AND v.day = '2025-03-01' WHERE c.area IS DISTINCT FROM v.views::text$$, 'and what it has written');

CREATE FUNCTION pg_temp.plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY EXECUTE 'EXPLAIN (VERBOSE, COSTS OFF) ' || query;
END $$;
-- Day, id and views are columns 1, 3 and 4: 1 + 4 + 8.
SELECT ok(EXISTS (SELECT FROM pg_temp.plan(query) line WHERE line LIKE '%Function Call: %NULL::bigint, ' || columns || ')'), query || ' reads no others')
FROM (VALUES ('SELECT count(*) FROM explore_video_daily', 4), ('SELECT day, sum(views) FROM explore_video_daily GROUP BY day', 13), ('SELECT title FROM explore_video_daily WHERE views > 0', 12),
  ('SELECT views FROM explore_creator_daily', 12), ('SELECT * FROM explore_video_daily', 65535)) q(query, columns);

-- What is not read is not made: the rows that are kept meanwhile are smaller.
SET work_mem = '64kB';
CREATE FUNCTION pg_temp.kept(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  plan json;
BEGIN
  EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, FORMAT json) ' || query INTO plan;
  RETURN (plan -> 0 -> 'Plan' ->> 'Temp Written Blocks')::bigint;
END $$;
SELECT cmp_ok(3 * pg_temp.kept('SELECT count(*) FROM explore_analytics.daily_numbers(2::smallint, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)'), '<',
              pg_temp.kept('SELECT count(d) FROM explore_analytics.daily_numbers(2::smallint, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) d'), 'of rows that are counted little is kept');
SELECT * FROM finish();
