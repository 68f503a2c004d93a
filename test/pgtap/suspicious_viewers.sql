-- Viewers who are no people: bots of each kind, one step on either side of every limit; random events beside plain SQL; arguments,
-- and who may ask.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'Asia/Kolkata';
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION explore_analytics;
\set family v
\ir include/callers.sql
BEGIN;
SELECT plan(67);
SELECT setseed(0.7071) \g /dev/null
CREATE FUNCTION pg_temp.did(u bigint, kind engagement_type, count int, at timestamptz, step interval, content bigint DEFAULT 1, ms int DEFAULT 1000) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at) SELECT content, CASE WHEN u > 0 THEN u END, CASE WHEN u < 0 THEN -u END, kind, ms, at + n * step FROM generate_series(0, count - 1) n $$;
CREATE FUNCTION pg_temp.found(arguments text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  told text;
BEGIN
  EXECUTE format('SELECT coalesce(string_agg(format(''%%s %%s %%s %%s %%s %%s %%s %%s'', viewer_key, coalesce(user_id::text, ''-''), coalesce(session_id::text, ''-''), array_to_string(reasons, ''+''), events, views, peak_per_minute, contents), ''; ''), ''nobody'') FROM suspicious_viewers(%s)', arguments) INTO told;
  RETURN told;
END $$;
INSERT INTO explore_content (id, creator_id) VALUES (1, 1), (2, 1), (3, 2);
SELECT is(pg_temp.found(), 'nobody', 'no events');

-- rate: more views in a minute of the clock than the limit.
SELECT pg_temp.did(10, 'view', 30, '2025-03-05 10:00:00+00', '2 s') \g /dev/null
SELECT is(pg_temp.found(), 'nobody', '30 views in a minute');
SELECT is(pg_temp.found('max_views_per_minute => 29'), '10 10 - rate 30 30 30 1', 'are more than 29');
SELECT pg_temp.did(10, 'view', 1, '2025-03-05 10:01:00+00', '1 s') \g /dev/null
SELECT is(pg_temp.found(), 'nobody', 'and one in the next minute');
SELECT pg_temp.did(10, 'impression', 100, '2025-03-05 10:00:30+00', '0 s', 2) \g /dev/null
SELECT is(pg_temp.found(), 'nobody', 'impressions are no views');
SELECT pg_temp.did(10, 'view', 1, '2025-03-05 10:00:59.999999+00', '0 s', 2) \g /dev/null
SELECT is(pg_temp.found(), '10 10 - rate 132 32 31 2', '31 views in a minute');
SELECT is(pg_temp.found($$'2025-03-05 10:00:00.000001+00'$$), 'nobody', 'of the range only');
SELECT is(pg_temp.found($$NULL, '2025-03-05 10:00:59.999999+00'$$), 'nobody', 'the end of which is not in it');
SELECT is(pg_temp.found($$'2025-03-05 10:00+00', '2025-03-05 10:01+00'$$), '10 10 - rate 131 31 31 2', 'the start is');
SELECT is(pg_temp.found('creator_id => 2'), 'nobody', 'not of another creator''s contents');
SELECT is(pg_temp.found('creator_id => 1'), '10 10 - rate 132 32 31 2', 'but of this one''s');
SELECT is(pg_temp.found('creator_id => 99'), 'nobody', 'nor of a creator without any');
SELECT is(pg_temp.found('NULL, NULL, NULL, 2147483647, 2147483647'), 'nobody', 'limits that nobody reaches');
SELECT is(pg_temp.found('NULL, NULL, NULL, NULL, NULL'), '10 10 - rate 132 32 31 2', 'NULL is the default');
DELETE FROM explore_engagements;

-- repeat: more views of one content in a day of UTC.
SELECT pg_temp.did(-11, 'view', 50, '2025-03-05 00:00+00', '20 min') \g /dev/null
SELECT is(pg_temp.found(), 'nobody', '50 views of a content in a day');
SELECT is(pg_temp.found('max_same_content_per_day => 49'), '-11 - 11 repeat 50 50 1 1', 'are more than 49');
SELECT pg_temp.did(-11, 'view', 1, '2025-03-04 23:59:59.999999+00', '0 s') \g /dev/null
SELECT pg_temp.did(-11, 'view', 1, '2025-03-06 00:00+00', '0 s') \g /dev/null
SELECT pg_temp.did(-11, 'view', 1, '2025-03-05 12:00+00', '0 s', 2) \g /dev/null
SELECT is(pg_temp.found(), 'nobody', 'others a moment before and after the day, and of another content');
SELECT pg_temp.did(-11, 'view', 1, '2025-03-05 23:59:59.999999+00', '0 s') \g /dev/null
SELECT is(pg_temp.found(), '-11 - 11 repeat 54 54 2 2', '51 views: an anonymous visitor, by session');
DELETE FROM explore_engagements;

-- no_watch_time: 100 views or more, none over 0 s.
SELECT pg_temp.did(12, 'view', 99, '2025-03-05 00:00+00', '7 h', 1, 0) \g /dev/null
SELECT is(pg_temp.found(), 'nobody', '99 views without watch time');
SELECT pg_temp.did(12, 'view', 1, '2025-03-05 01:00+00', '0 s', 3, 0), pg_temp.did(12, 'progress', 1, '2025-03-05 01:00+00', '0 s', 3, 500) \g /dev/null
SELECT is(pg_temp.found(), '12 12 - no_watch_time 101 100 1 2', '100');
SELECT is(pg_temp.found('creator_id => 1'), 'nobody', '99 of them of a creator');
SELECT pg_temp.did(12, 'view', 1, '2025-03-05 01:00+00', '0 s', 3, 1) \g /dev/null
SELECT is(pg_temp.found(), 'nobody', 'one of a millisecond');
DELETE FROM explore_engagements;

-- always_on: events in 20 hours or more of a day of UTC.
SELECT pg_temp.did(13, 'save', 19, '2025-03-05 00:59:59.999999+00', '1 h') \g /dev/null
SELECT is(pg_temp.found(), 'nobody', '19 hours');
SELECT pg_temp.did(13, 'save', 12, '2025-03-04 12:00+00', '1 h'), pg_temp.did(13, 'save', 5, '2025-03-05 18:00+00', '10 min') \g /dev/null
SELECT is(pg_temp.found(), 'nobody', 'more of the day before, and of the same hour');
SELECT pg_temp.did(13, 'impression', 1, '2025-03-05 19:00+00', '0 s') \g /dev/null
SELECT is(pg_temp.found(), '13 13 - always_on 37 0 0 1', '20 hours');
SELECT is(pg_temp.found($$'2025-03-05 01:00+00'$$), 'nobody', 'of the range only');
DELETE FROM explore_engagements;

-- All reasons at once, and the order of viewers.
SELECT pg_temp.did(u, 'view', 120, '2025-03-05 00:00+00', '12 min', 1, 0), pg_temp.did(u, 'view', 40, '2025-03-05 10:00+00', '1 s', 2, 0) FROM unnest(ARRAY[14, -14, 15]) u \g /dev/null
SELECT pg_temp.did(15, 'click', 1, '2025-03-05 10:00+00', '1 s') \g /dev/null
INSERT INTO explore_engagements (content_id, engagement_type, created_at) SELECT 1, 'view', '2025-03-05 10:00+00' FROM generate_series(1, 500);
SELECT is(pg_temp.found(), '15 15 - rate+repeat+no_watch_time+always_on 161 160 41 2; -14 - 14 rate+repeat+no_watch_time+always_on 160 160 41 2; 14 14 - rate+repeat+no_watch_time+always_on 160 160 41 2', 'by events, then by viewer; views of nobody are nobody''s');
SELECT is((SELECT reasons FROM suspicious_viewers() LIMIT 1), ARRAY['rate', 'repeat', 'no_watch_time', 'always_on'], 'reasons');
DELETE FROM explore_engagements;

-- Random events: a few busy viewers, many by chance, on contents that are somebody's, and nobody's.
CREATE FUNCTION pg_temp.plainly(s timestamptz, e timestamptz, creator bigint, per_minute int, per_day int) RETURNS TABLE (viewer_key bigint, user_id bigint, session_id bigint, reasons text[], events bigint, views bigint, peak_per_minute bigint, contents bigint) LANGUAGE sql AS $$
  WITH event AS (
    SELECT coalesce(x.user_id, -x.session_id) AS k, engagement_type = 'view' AS is_view, content_id, watch_time_ms, created_at AT TIME ZONE 'UTC' AS at FROM explore_engagements x
    WHERE (s IS NULL OR created_at >= s) AND (e IS NULL OR created_at < e) AND (creator IS NULL OR content_id IN (SELECT id FROM explore_content WHERE creator_id = creator)) AND coalesce(x.user_id, -x.session_id) IS NOT NULL),
  viewer AS (SELECT k, count(*) AS events, count(*) FILTER (WHERE is_view) AS views, count(DISTINCT content_id) AS contents, coalesce(bool_or(watch_time_ms > 0) FILTER (WHERE is_view), false) AS watched FROM event GROUP BY k),
  minute AS (SELECT k, max(n) AS peak FROM (SELECT k, count(*) AS n FROM event WHERE is_view GROUP BY k, date_trunc('minute', at)) m GROUP BY k),
  day AS (SELECT k, max(n) AS most FROM (SELECT k, count(*) AS n FROM event WHERE is_view GROUP BY k, content_id, at::date) d GROUP BY k),
  hour AS (SELECT k, max(n) AS hours FROM (SELECT k, count(DISTINCT date_trunc('hour', at)) AS n FROM event GROUP BY k, at::date) h GROUP BY k)
  SELECT k, CASE WHEN k > 0 THEN k END, CASE WHEN k < 0 THEN -k END, r.reasons, events, views, coalesce(peak, 0), contents
  FROM viewer LEFT JOIN minute USING (k) LEFT JOIN day USING (k) JOIN hour USING (k), LATERAL (
    SELECT array_remove(ARRAY[CASE WHEN peak > per_minute THEN 'rate' END, CASE WHEN most > per_day THEN 'repeat' END, CASE WHEN views >= 100 AND NOT watched THEN 'no_watch_time' END, CASE WHEN hours >= 20 THEN 'always_on' END], NULL) AS reasons) r
  WHERE r.reasons <> '{}' ORDER BY events DESC, k $$;
INSERT INTO explore_content (id, creator_id) SELECT n, n % 4 + 1 FROM generate_series(4, 30) n;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at)
SELECT 1 + floor(35 * random() ^ 3)::int, CASE WHEN v % 3 > 0 THEN v END, CASE WHEN v % 4 < 2 THEN v END, (ARRAY['view', 'view', 'view', 'save', 'impression', 'progress']::engagement_type[])[1 + floor(6 * random())::int],
  CASE WHEN v % 5 > 0 THEN floor(2000 * random())::int ELSE 0 END, timestamptz '2025-03-01 00:00+00' + CASE WHEN v % 2 = 0 THEN floor(72 * random()) * interval '1 hour' ELSE floor(40 * random() ^ 2) * interval '7 min' END + floor(3 * random()) * interval '20 s'
FROM (SELECT floor(60 * random() ^ 2)::int + 1 AS v FROM generate_series(1, 12000)) x;
CREATE TEMP TABLE question AS
SELECT row_number() OVER () AS n, * FROM (VALUES (NULL::timestamptz, NULL::timestamptz), ('2025-03-01 03:10:20+00', '2025-03-02 20:00+00'), ('2025-03-02 00:00+00', NULL), ('2026-01-01', NULL)) r(s, e), unnest(ARRAY[NULL, 1, 2, 77]) creator, (VALUES (30, 50), (3, 4)) l(per_minute, per_day);
CREATE TEMP TABLE answer AS SELECT q.n, a.* FROM question q, suspicious_viewers(q.s, q.e, q.creator, q.per_minute, q.per_day) WITH ORDINALITY a(viewer_key, user_id, session_id, reasons, events, views, peak_per_minute, contents, line);
SELECT results_eq(format('SELECT viewer_key, user_id, session_id, reasons, events, views, peak_per_minute, contents FROM answer WHERE n = %s ORDER BY line', n), format('SELECT * FROM pg_temp.plainly(%L, %L, %L, %s, %s)', s, e, creator, per_minute, per_day), format('random events: %s', q)) FROM question q WHERE per_minute = 3 OR n <= 4;
SELECT ok(count(*) FILTER (WHERE reason = ANY (reasons)) > 2, format('some for %s', reason)) FROM answer, unnest(ARRAY['rate', 'repeat', 'no_watch_time', 'always_on']) reason GROUP BY reason ORDER BY reason;
-- In work_mem of nothing the events go through files.
SET LOCAL work_mem = '64kB';
SET LOCAL hash_mem_multiplier = 1;
SELECT results_eq('SELECT * FROM suspicious_viewers(NULL, NULL, NULL, 3, 4)', 'SELECT * FROM pg_temp.plainly(NULL, NULL, NULL, 3, 4)', 'through files');
RESET work_mem;

-- Errors, and who may ask.
CREATE TEMP TABLE bad (n int GENERATED ALWAYS AS IDENTITY, state text, named text, arguments text);
INSERT INTO bad (state, named, arguments) VALUES ('22023', 'max_views_per_minute must be at least 1, not 0', 'max_views_per_minute => 0'), ('22023', 'max_views_per_minute must be at least 1, not -5', 'max_views_per_minute => -5'), ('22023', 'max_same_content_per_day must be at least 1, not 0', 'max_same_content_per_day => 0'),
  ('22023', '-2147483648', 'max_same_content_per_day => -2147483648'), ('22023', 'creator_id', 'creator_id => 0'), ('22023', 'creator_id', 'creator_id => -1'), ('22023', '2025', $$'2025-01-02', '2025-01-01'$$), ('22008', 'infinit', $$'-infinity'$$);
SELECT is(f.came || ' ' || (position(named IN message) > 0)::text || ' ' || (coalesce(hint, '') <> '')::text, b.state || ' true true', arguments) FROM bad b, LATERAL (SELECT f.message, f.hint, f.state AS state FROM pg_temp.failure(format('SELECT * FROM suspicious_viewers(%s)', b.arguments)) f) f(message, hint, came) ORDER BY n;
SELECT is(pg_temp.answer(('ea_tap_v_' || role)::name, 'SELECT count(*) > 0 FROM suspicious_viewers(NULL, NULL, NULL, 3, 4)', ''), '(t)', role) FROM unnest(ARRAY['owner', 'analyst']) role;
SELECT alike(pg_temp.answer(('ea_tap_v_' || role)::name, 'SELECT count(*) FROM suspicious_viewers()', '1'), '42501%', role) FROM unnest(ARRAY['reader', 'writer', 'nobody']) role;
SELECT explore_analytics.grant_access('ea_tap_v_nobody', 'operate') \g /dev/null
SELECT is(pg_temp.answer('ea_tap_v_nobody', 'SELECT count(*) > 0 FROM suspicious_viewers(NULL, NULL, NULL, 3, 4)', ''), '(t)', 'an operator');
SELECT * FROM finish();
ROLLBACK;

DROP OWNED BY ea_tap_v_reader, ea_tap_v_analyst, ea_tap_v_writer;
DROP EXTENSION explore_analytics CASCADE;
DROP OWNED BY ea_tap_v_owner CASCADE;
DROP ROLE ea_tap_v_owner, ea_tap_v_reader, ea_tap_v_analyst, ea_tap_v_writer, ea_tap_v_nobody;
