-- Included by the oracles random_*.sql: 300,000 random events and the definitions in plain SQL.
\set QUIET on
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
SET timezone = 'UTC';
-- ---------------------------------------------------------------------------------------------------
-- The world: 426 contents of 15 creators, most of them with a video, 31,000 sessions.
-- ---------------------------------------------------------------------------------------------------
SELECT FROM (SELECT setseed(0.4711)) s;

INSERT INTO explore_content (id, creator_id, title, category, area, is_active)
SELECT g, 1 + floor(12 * power(random(), 2))::bigint, 'Clip ' || g, 'category ' || g % 5, 'area ' || g % 7, random() < 0.9
FROM generate_series(1, 400) g;
-- Ids beyond 2^53 - 1, which JSON numbers cannot carry, and the last one they can.
INSERT INTO explore_content (id, creator_id, title)
SELECT 9007199254740985 + g, CASE WHEN g <= 3 THEN 9007199254740993 ELSE 3 END, 'Large id ' || g FROM generate_series(1, 12) g;
-- A creator whose videos all have the same score, some of them as many views, and some just enough for
-- the leaderboard: their order is decided by the rest.
INSERT INTO explore_content (id, creator_id, title) SELECT 400 + g, 55, 'Tie ' || g FROM generate_series(1, 14) g;
-- One content in seventeen has no video; the video's id is another one than the content's.
INSERT INTO explore_discovery_videos (id, content_id, duration_ms)
SELECT CASE WHEN c.id < 1000 THEN 2000 - c.id ELSE c.id END, c.id, 8000 + (random() * 50000)::int
FROM explore_content c WHERE c.id % 17 <> 0;

CREATE SCHEMA oracle;

-- The ranges that every function is asked about.
CREATE TABLE oracle.range (name text PRIMARY KEY, s timestamptz, e timestamptz);
INSERT INTO oracle.range VALUES
  ('unbounded', NULL, NULL),
  ('open end', '2025-11-20 00:00:00+00', NULL),
  ('open start', NULL, '2025-10-26 01:00:00.000001+00'),
  ('days', '2025-10-01 00:00:00+00', '2025-11-01 00:00:00+00'),
  ('odd microseconds', '2025-10-30 17:23:45.123457+00', '2025-11-15 03:59:59.999999+00'),
  ('one microsecond', '2025-11-15 00:00:00+00', '2025-11-15 00:00:00.000001+00'),
  ('empty', '2025-11-15 00:00:00+00', '2025-11-15 00:00:00+00'),
  ('without events', '2031-01-01 00:00:00+00', '2031-02-01 00:00:00+00');

-- 270,000 events in the hundred days from 20 September 2025 (the autumn's changes of clocks), 29,000 in
-- the spring's, and the rest exactly on bounds, one microsecond before and one after.
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
SELECT CASE WHEN p < 0.01 THEN 5000 + floor(10 * random())::bigint              -- content without a row
            WHEN p < 0.02 THEN 9007199254740986 + floor(10 * random())::bigint
            ELSE 1 + floor(380 * power(random(), 3))::bigint END,               -- 381 and on: without events
       CASE WHEN w < 0.02 THEN 9223372036854775807 - floor(50 * random())::bigint
            WHEN w < 0.70 THEN 1 + floor(200000 * power(random(), 2))::bigint END,
       CASE WHEN w BETWEEN 0.3 AND 0.9 THEN 1 + floor(33000 * random())::bigint END,
       (ARRAY['view', 'view', 'view', 'view', 'view', 'save', 'share', 'click', 'skip', 'complete', 'impression']
       )[1 + floor(11 * random())::int]::engagement_type,
       floor(100001 * random())::int, random() < 0.2,
       CASE WHEN g <= 270000 THEN timestamptz '2025-09-20 00:00+00' + random() * interval '100 days'
            ELSE timestamptz '2025-02-27 00:00+00' + random() * interval '45 days' END
FROM (SELECT g, random() AS p, random() AS w FROM generate_series(1, 299000) g OFFSET 0) draw;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
SELECT 1 + n % 40, CASE WHEN n % 3 > 0 THEN n END, CASE WHEN n % 3 < 2 THEN n END,
       (ARRAY['view', 'view', 'save', 'share', 'click', 'skip', 'complete', 'impression'])[1 + n % 8]::engagement_type,
       n * 10, n % 2 = 0, b.at + (n % 3 - 1) * interval '1 microsecond'
FROM (SELECT DISTINCT unnest(ARRAY[s, e]) AS at FROM oracle.range
      UNION SELECT unnest(ARRAY['2025-11-01', '2025-12-01', '2025-11-02 05:00', '2025-03-09 05:00',
                                '2025-11-01 18:30']::timestamptz[])) b,
     generate_series(1, 84) n
WHERE b.at IS NOT NULL AND b.at < '2031-01-01';
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, completed, created_at)
SELECT 400 + g, u, 'view', 5000, true, '2025-10-05 12:00+00'
FROM unnest(ARRAY[9, 10, 10, 11, 12, 10, 9, 1, 2, 2, 3, 3, 3, 4]) WITH ORDINALITY v(views, g), generate_series(1, v.views) u;
SELECT 'ok ' || count(*) || ' events' FROM explore_engagements HAVING count(*) BETWEEN 300000 AND 301000;

-- Sessions start before their first event; half of them are closed, one in twenty is without events.
INSERT INTO explore_feed_sessions (id, user_id, session_start, session_end)
SELECT g, CASE WHEN random() < 0.5 THEN 1 + floor(200000 * random())::bigint END, f.began,
       CASE WHEN random() < 0.5 THEN f.began + random() * interval '2 hours' END
FROM generate_series(1, 31000) g,
     LATERAL (SELECT coalesce((SELECT min(e.created_at) - random() * interval '3 minutes'
                               FROM explore_engagements e WHERE e.session_id = g),
                              timestamptz '2025-09-20 00:00+00' + random() * interval '100 days') AS began) f;

-- Half of the months get partitions after the fact: rows move, numbers must not.
SELECT explore_analytics.ensure_partitions('2025-10-01', '2025-12-31') = 3 AS made \gset
SELECT CASE WHEN :'made'::boolean AND (SELECT count(*) FROM explore_engagements_2025_11) > 50000
              AND (SELECT count(*) FROM explore_engagements_default) > 40000
            THEN 'ok' ELSE 'FAIL' END || ' events lie in monthly partitions and in the default one';
ANALYZE;

-- ---------------------------------------------------------------------------------------------------
-- The definitions, in plain SQL.
-- ---------------------------------------------------------------------------------------------------
CREATE TABLE oracle.event AS
SELECT e.id, e.content_id, c.creator_id, e.session_id, e.created_at AS at, e.watch_time_ms::bigint AS ms,
       coalesce(e.user_id, -e.session_id) AS viewer,
       e.engagement_type::text = 'view' AS is_view,
       (e.engagement_type::text = 'view' AND e.completed) OR e.engagement_type::text = 'complete' AS is_completion,
       e.engagement_type::text AS kind
FROM explore_engagements e LEFT JOIN explore_content c ON c.id = e.content_id;
ANALYZE oracle.event;

CREATE FUNCTION oracle.rate(part bigint, views bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
RETURN CASE WHEN views = 0 THEN 0 ELSE (100 * part)::float8 / views END;
CREATE FUNCTION oracle.score(views bigint, completions bigint, saves bigint, shares bigint, clicks bigint, skips bigint)
RETURNS float8 LANGUAGE sql IMMUTABLE
RETURN CASE WHEN views = 0 THEN 0
            ELSE least(100, greatest(0, (40 * completions + 30 * saves + 20 * shares + 10 * clicks - 20 * skips)::float8 / views)) END;

CREATE TABLE oracle.per_content AS
SELECT r.name AS range, e.content_id,
       count(*) FILTER (WHERE is_view) AS views, count(DISTINCT viewer) FILTER (WHERE is_view) AS viewers,
       count(*) FILTER (WHERE is_view AND viewer IS NULL) AS unidentified,
       count(*) FILTER (WHERE is_completion) AS completions, count(*) FILTER (WHERE kind = 'save') AS saves,
       count(*) FILTER (WHERE kind = 'share') AS shares, count(*) FILTER (WHERE kind = 'click') AS clicks,
       count(*) FILTER (WHERE kind = 'skip') AS skips, count(*) FILTER (WHERE kind = 'impression') AS impressions,
       sum(ms)::float8 / 1000 AS seconds
FROM oracle.range r JOIN oracle.event e ON (r.s IS NULL OR e.at >= r.s) AND (r.e IS NULL OR e.at < r.e)
GROUP BY 1, 2;
CREATE TABLE oracle.per_creator AS
SELECT r.name AS range, e.creator_id,
       count(*) FILTER (WHERE is_view) AS views, count(DISTINCT viewer) FILTER (WHERE is_view) AS viewers,
       count(*) FILTER (WHERE is_view AND viewer IS NULL) AS unidentified,
       count(*) FILTER (WHERE is_completion) AS completions, count(*) FILTER (WHERE kind = 'save') AS saves,
       count(*) FILTER (WHERE kind = 'share') AS shares, count(*) FILTER (WHERE kind = 'click') AS clicks,
       count(*) FILTER (WHERE kind = 'skip') AS skips, count(*) FILTER (WHERE kind = 'impression') AS impressions,
       sum(ms)::float8 / 1000 AS seconds
FROM oracle.range r JOIN oracle.event e ON (r.s IS NULL OR e.at >= r.s) AND (r.e IS NULL OR e.at < r.e)
WHERE e.creator_id IS NOT NULL GROUP BY 1, 2;
CREATE TABLE oracle.per_platform AS
SELECT r.name AS range,
       count(*) FILTER (WHERE is_view) AS views, count(DISTINCT viewer) FILTER (WHERE is_view) AS viewers,
       count(*) FILTER (WHERE is_view AND viewer IS NULL) AS unidentified,
       count(*) FILTER (WHERE is_completion) AS completions, count(*) FILTER (WHERE kind = 'save') AS saves,
       count(*) FILTER (WHERE kind = 'share') AS shares, count(*) FILTER (WHERE kind = 'click') AS clicks,
       count(*) FILTER (WHERE kind = 'skip') AS skips, count(*) FILTER (WHERE kind = 'impression') AS impressions,
       coalesce(sum(ms), 0)::float8 / 1000 AS seconds
FROM oracle.range r LEFT JOIN oracle.event e ON (r.s IS NULL OR e.at >= r.s) AND (r.e IS NULL OR e.at < r.e)
GROUP BY 1;

-- Every content in every range, zeros where there was nothing.
CREATE VIEW oracle.content AS
SELECT r.name AS range, r.s, r.e, c.id AS content_id, v.id AS video_id, c.creator_id, c.title,
       coalesce(n.views, 0) AS views, coalesce(n.viewers, 0) AS viewers, coalesce(n.unidentified, 0) AS unidentified,
       coalesce(n.completions, 0) AS completions, coalesce(n.saves, 0) AS saves, coalesce(n.shares, 0) AS shares,
       coalesce(n.clicks, 0) AS clicks, coalesce(n.skips, 0) AS skips, coalesce(n.impressions, 0) AS impressions,
       coalesce(n.seconds, 0) AS seconds
FROM oracle.range r CROSS JOIN explore_content c
LEFT JOIN explore_discovery_videos v ON v.content_id = c.id
LEFT JOIN oracle.per_content n ON n.range = r.name AND n.content_id = c.id;

-- Rows are compared by their text, in which every double is exact.
CREATE FUNCTION oracle.same(what text, answer text, plain text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  rows bigint;
  extra bigint;
  missing bigint;
BEGIN
  DROP TABLE IF EXISTS answer, plain;
  EXECUTE format('CREATE TEMP TABLE answer AS SELECT q::text AS row FROM (%s) q', answer);
  EXECUTE format('CREATE TEMP TABLE plain AS SELECT q::text AS row FROM (%s) q', plain);
  SELECT count(*) INTO rows FROM plain;
  SELECT count(*) INTO extra FROM (TABLE answer EXCEPT ALL TABLE plain) d;
  SELECT count(*) INTO missing FROM (TABLE plain EXCEPT ALL TABLE answer) d;
  IF extra + missing > 0 THEN
    RETURN format(E'FAIL %s: %s of its rows are not in plain SQL, %s of plain SQL are not in it; first\n  answer %s\n  plain  %s',
      what, extra, missing, (SELECT min(row) FROM (TABLE answer EXCEPT ALL TABLE plain) d),
      (SELECT min(row) FROM (TABLE plain EXCEPT ALL TABLE answer) d));
  END IF;
  RETURN CASE WHEN rows = 0 THEN format('FAIL %s: compared nothing', what) ELSE format('ok %s: %s rows', what, rows) END;
END $$;

-- Every metric as an expression over the counts.
CREATE VIEW oracle.metric AS
SELECT m.metric, m.expression FROM (VALUES
  ('views', 'views'), ('unique_viewers', 'viewers'), ('unidentified_views', 'unidentified'), ('completions', 'completions'), ('saves', 'saves'),
  ('shares', 'shares'), ('clicks', 'clicks'), ('skips', 'skips'), ('impressions', 'impressions'), ('total_engagements', 'saves + shares + clicks'),
  ('total_watch_time', 'seconds'), ('average_watch_time', 'CASE WHEN views = 0 THEN 0 ELSE seconds / views END'),
  ('completion_rate', 'oracle.rate(completions, views)'), ('engagement_rate', 'oracle.rate(saves + shares + clicks, views)'),
  ('save_rate', 'oracle.rate(saves, views)'), ('share_rate', 'oracle.rate(shares, views)'), ('click_rate', 'oracle.rate(clicks, views)'),
  ('skip_rate', 'oracle.rate(skips, views)'), ('engagement_score', 'oracle.score(views, completions, saves, shares, clicks, skips)')) m(metric, expression);
