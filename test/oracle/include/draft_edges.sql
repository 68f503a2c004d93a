-- Events where buckets have their edges. Times, in microseconds, count from 2000-01-01 UTC.
INSERT INTO oracle.draft_content (id, creator_id, title) SELECT g, CASE WHEN g BETWEEN 601 AND 620 THEN g ELSE 66 END, 'Edge ' || g FROM generate_series(600, 628) g;
INSERT INTO oracle.draft_content (id, creator_id, title) VALUES (9223372036854775807, 9223372036854775807, 'Largest id');

CREATE FUNCTION oracle.at(us numeric) RETURNS timestamptz LANGUAGE sql IMMUTABLE
RETURN timestamptz '2000-01-01 00:00+00' + make_interval(days => (div(us, 86400000000))::int) + mod(us, 86400000000)::bigint * interval '1 microsecond';
CREATE TABLE oracle.width (level int, us numeric);
INSERT INTO oracle.width (level, us)
SELECT level, minutes * 60000000::numeric FROM unnest(ARRAY[64 * 1440, 16 * 1440, 4 * 1440, 1440, 360, 60, 15, 5, 1]) WITH ORDINALITY w(minutes, level);

-- The time of every n-th event of a content; the rest of an event follows from n.
CREATE FUNCTION oracle.add_edge(content bigint, times timestamptz[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO oracle.draft (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
  SELECT content, CASE WHEN n % 3 = 0 THEN 1 + n % 97 WHEN n % 11 = 0 THEN 9223372036854775807 - n % 7 END,
    CASE WHEN n % 4 < 2 THEN CASE WHEN n % 13 = 0 THEN 9223372036854775807 ELSE 1000000 + n % 40 END END,
    (ARRAY['view', 'view', 'view', 'save', 'share', 'view', 'click', 'skip', 'complete', 'impression', 'progress'])[1 + n % 11]::engagement_type,
    CASE n % 9 WHEN 0 THEN 0 WHEN 1 THEN 2147483647 ELSE n * 7 END, n % 5 = 0, t
  FROM unnest(times) WITH ORDINALITY u(t, n)
$$;
-- Many within one minute, the deepest bucket: at one instant, and spread.
SELECT FROM oracle.add_edge(600, ARRAY(SELECT timestamptz '2025-10-10 10:10+00' + CASE WHEN n <= 150 THEN interval '1.5 s' ELSE random() * interval '59.999 s' END FROM generate_series(1, 450) n));
-- What fits into one log, one less and one more: at an instant, within a minute, a day, all the time.
DO $$
BEGIN
  FOR i IN 0 .. 11 LOOP
    PERFORM oracle.add_edge(601 + i, ARRAY(
      SELECT timestamptz '2025-10-20 23:59:30+00' + (ARRAY[interval '0', '29 s', '24 hours', '60 days'])[1 + i / 3] * random() FROM generate_series(1, 127 + i % 3) n));
  END LOOP;
END $$;
-- On the borders of every level, around 2000 and around the days of the other events, a microsecond
-- before and one after; first so few that no bucket is cut deep, then so many that all are.
SELECT FROM oracle.add_edge(621, ARRAY(SELECT oracle.at(k * us + d) FROM oracle.width, LATERAL (VALUES (-1), (0), (1), (floor(814233600000000 / us))) b(k), generate_series(-1, 1) d));
SELECT FROM oracle.add_edge(622, ARRAY(SELECT oracle.at(k * us + d * m) FROM oracle.width, LATERAL (VALUES (0), (floor(814233600000000 / us))) b(k), generate_series(-1, 1) d, unnest(ARRAY[1, 1000, 30000000]) m, generate_series(1, 15)));
-- Before 2000: rows of an installation from before the rule.
ALTER TABLE explore_engagements DROP CONSTRAINT explore_engagements_since_2000;
SELECT FROM oracle.add_edge(623, ARRAY(SELECT timestamptz '1900-01-01 00:00+00' + n * interval '91 days 7 hours' FROM generate_series(1, 400) n));
SELECT FROM oracle.add_edge(624, ARRAY(SELECT timestamptz '1999-12-31 23:59:59.999999+00' - n % 3 * interval '1 minute' FROM generate_series(1, 300) n));
-- The first and the last times there are: a few, and too many for a log.
SELECT FROM oracle.add_edge(625, ARRAY(SELECT unnest(ARRAY['4714-11-24 00:00:00+00 BC', '294276-12-31 23:59:59.999999+00']::timestamptz[]) FROM generate_series(1, 9)));
SELECT FROM oracle.add_edge(626, ARRAY(SELECT t + n % 2 * d FROM (VALUES (timestamptz '4714-11-24 00:00:00+00 BC', interval '1 microsecond'), ('294276-12-31 23:59:59.999999+00', '-1 microsecond')) e(t, d), generate_series(1, 140) n));
SELECT FROM oracle.add_edge(9223372036854775807, ARRAY(SELECT timestamptz '2025-10-01 00:00+00' + n * interval '3 hours' FROM generate_series(1, 200) n));
-- Only anonymous viewers, and only views of nobody.
INSERT INTO oracle.draft (content_id, session_id, engagement_type, watch_time_ms, created_at)
SELECT 627, 1000000 + n % 50, 'view', n, '2025-10-12 00:00+00'::timestamptz + n * interval '7 minutes' FROM generate_series(1, 200) n;
INSERT INTO oracle.draft (content_id, engagement_type, watch_time_ms, created_at)
SELECT 628, 'view', 2147483647, '2025-10-12 00:00+00'::timestamptz + n * interval '7 minutes' FROM generate_series(1, 200) n;
