-- How far views got, and who watches.
-- ---------------------------------------------------------------------------------------------------
-- A view of watch time w covers [0, least(w, duration)): in units of a bin's length over the duration, so that all are whole.
CREATE TABLE oracle.curve_case AS
SELECT row_number() OVER () AS n, v.id, v.content_id, v.duration_ms::numeric AS d, r.s, r.e, bins
FROM explore_discovery_videos v, oracle.range r, unnest(ARRAY[1, 7, 100]) bins
WHERE v.content_id IN (1, 2, 3, 17, 35, 60, 600, 606, 621, 622, 623, 626, 627, 628, 9223372036854775807) AND (bins = 7 OR r.name IN ('unbounded', 'days', 'odd microseconds'))
   OR v.content_id % 40 = 0 AND bins = 7 AND r.name IN ('unbounded', 'days');
CREATE TABLE oracle.curve_view AS
SELECT k.n, least(e.ms, k.d) AS w FROM oracle.curve_case k JOIN oracle.event e ON e.content_id = k.content_id AND e.is_view AND (k.s IS NULL OR e.at >= k.s) AND (k.e IS NULL OR e.at < k.e);
SELECT oracle.holds('some views loop, some are of no time, some end within a bin and some on its border',
  count(*) FILTER (WHERE w = d) > 20 AND count(*) FILTER (WHERE w = 0) > 0 AND count(*) FILTER (WHERE w * bins % d > 0) > 1000 AND count(*) FILTER (WHERE w < d AND w > 0 AND w * bins % d = 0) > 0)
FROM oracle.curve_view JOIN oracle.curve_case USING (n);
CREATE TABLE oracle.curve_answer AS SELECT k.n, a.* FROM oracle.curve_case k, retention_curve(k.id, k.s, k.e, k.bins) a;
SELECT oracle.same('retention_curve: bins, and where they begin and end', 'SELECT n, bin, from_seconds, to_seconds, elapsed_ratio FROM oracle.curve_answer',
  $$SELECT n, b, ((b - 1) * d)::float8 / (1000 * bins), (b * d)::float8 / (1000 * bins), b::float8 / bins FROM oracle.curve_case, generate_series(1, bins) b$$);
SELECT oracle.near('retention_curve: covered time over length and views', $$SELECT n || ' ' || bin, ARRAY[audience_watch_ratio] FROM oracle.curve_answer$$,
  $$SELECT k.n || ' ' || b, ARRAY[coalesce(sum(least(greatest(w * bins - (b - 1) * d, 0), d)) / nullif(d * count(w), 0), 0)::float8] FROM oracle.curve_case k CROSS JOIN LATERAL generate_series(1, k.bins) b LEFT JOIN oracle.curve_view v USING (n) GROUP BY k.n, k.d, b$$);
SELECT oracle.near('retention_curve: their mean is the mean share watched', $$SELECT n::text, ARRAY[avg(audience_watch_ratio)] FROM oracle.curve_answer GROUP BY n$$,
  $$SELECT k.n::text, ARRAY[coalesce(avg(w / d), 0)::float8] FROM oracle.curve_case k LEFT JOIN oracle.curve_view USING (n) GROUP BY k.n$$);

-- ---------------------------------------------------------------------------------------------------
-- Profiles and sessions with and without attributes, some that read like those that are made up
-- ---------------------------------------------------------------------------------------------------
BEGIN;
INSERT INTO explore_viewers (user_id, birth_year, gender, language)
SELECT v, CASE WHEN v % 9 > 0 THEN (ARRAY[2025, 2013, 2012, 2007, 2000, 1991, 1990, 1980, 1960, 1900, -2147483648])[1 + v % 11] END, (ARRAY['f', 'm', NULL, '', 'unknown', '(other)', 'F'])[1 + v % 7],
       CASE WHEN v % 5 > 0 THEN 'language ' || v % 60 END
FROM (SELECT DISTINCT viewer AS v FROM oracle.event WHERE viewer > 0) k WHERE v % 4 > 0
ON CONFLICT (user_id) DO UPDATE SET birth_year = excluded.birth_year, gender = excluded.gender, language = excluded.language;
UPDATE explore_feed_sessions SET device_type = (ARRAY['phone', 'tv', NULL, 'tablet', 'Zürich', 'phone ', '(other)'])[1 + id % 7], country = CASE id % 50 WHEN 0 THEN 'rare ' || id ELSE (ARRAY['AE', 'DE', NULL])[1 + id % 3] END,
  region = CASE WHEN id % 2 = 0 THEN repeat('long ', (id % 3 * 1000)::int) END, city = 'city ' || id % 400, platform = (ARRAY['ios', 'web'])[1 + id % 2], app_version = id::text, traffic_source = NULL;
ANALYZE explore_viewers, explore_feed_sessions;
CREATE TABLE oracle.audience_case (n int GENERATED ALWAYS AS IDENTITY, dimension text, s timestamptz, e timestamptz, content_id bigint, creator_id bigint, fewest int, year int);
INSERT INTO oracle.audience_case (dimension, s, e, content_id, creator_id, fewest, year)
SELECT d, r.s, r.e, w.content_id, w.creator_id, f, extract(year FROM coalesce(r.e, now()))
FROM unnest(ARRAY['age_group', 'gender', 'language', 'country', 'region', 'city', 'device_type', 'platform', 'app_version', 'traffic_source']) WITH ORDINALITY d(d, place),
  (SELECT name, s, e FROM oracle.range UNION ALL VALUES ('end of a year', timestamptz '2025-11-15 00:00+00', timestamptz '2026-01-01 00:00+00'), ('the year before', '2025-11-15 00:00+00', '2025-12-31 23:59:59.999999+00')) r, oracle.watched w, unnest(ARRAY[-1, 1, 5, 40]) f
WHERE (:every = 1 OR f IN (1, 5) AND w.n IN (1, 2, 7, 8)) AND (w.n + place + f) % 4 = 0 AND (r.s >= (SELECT max(range_end) FROM explore_analytics.dropped_partitions) OR NOT EXISTS (SELECT FROM explore_analytics.dropped_partitions));
CREATE TABLE oracle.audience_event AS
SELECT k.n, e.viewer, e.is_view, e.is_completion, e.ms,
  coalesce(CASE k.dimension WHEN 'gender' THEN p.gender WHEN 'language' THEN p.language WHEN 'country' THEN f.country WHEN 'region' THEN f.region WHEN 'city' THEN f.city WHEN 'device_type' THEN f.device_type
    WHEN 'platform' THEN f.platform WHEN 'app_version' THEN f.app_version WHEN 'traffic_source' THEN f.traffic_source ELSE a.name END, 'unknown') COLLATE "C" AS value
FROM oracle.audience_case k JOIN oracle.event e ON (k.s IS NULL OR e.at >= k.s) AND (k.e IS NULL OR e.at < k.e)
  AND CASE WHEN k.content_id IS NOT NULL THEN e.content_id = k.content_id AND e.creator_id IS NOT NULL WHEN k.creator_id IS NOT NULL THEN e.creator_id = k.creator_id ELSE true END
LEFT JOIN explore_viewers p ON p.user_id = e.viewer LEFT JOIN explore_feed_sessions f ON f.id = e.session_id
LEFT JOIN (VALUES ('under 13', -100000, 12), ('13-17', 13, 17), ('18-24', 18, 24), ('25-34', 25, 34), ('35-44', 35, 44), ('45-54', 45, 54), ('55-64', 55, 64), ('65+', 65, 2147483647)) a(name, youngest, oldest)
  ON k.year - p.birth_year::bigint BETWEEN a.youngest AND CASE a.name WHEN '65+' THEN 9999999999 ELSE a.oldest END;
CREATE TABLE oracle.audience_group AS
SELECT n, value, count(DISTINCT viewer) FILTER (WHERE is_view) AS viewers, count(*) FILTER (WHERE is_view) AS views, count(*) FILTER (WHERE is_completion) AS completions, sum(ms) AS ms, k.fewest > 1 AND (count(DISTINCT viewer) FILTER (WHERE is_view) < k.fewest OR value = '(other)') AS hidden
FROM oracle.audience_event JOIN oracle.audience_case k USING (n) GROUP BY n, value, k.fewest;
-- As long as the others are one group that has anything to count, or too few viewers of such, the smallest that is shown joins them.
CREATE TABLE oracle.audience_joined (n int, value text COLLATE "C");
DO $$
DECLARE
  more int := 1;
BEGIN
  WHILE more > 0 LOOP
    WITH others AS (SELECT g.n, count(DISTINCT g.value) FILTER (WHERE e.is_view OR e.is_completion OR e.ms > 0) AS groups, count(DISTINCT e.viewer) FILTER (WHERE e.is_view) AS viewers FROM oracle.audience_group g JOIN oracle.audience_event e USING (n, value) WHERE g.hidden GROUP BY g.n),
      next AS (SELECT DISTINCT ON (g.n) g.n, g.value FROM oracle.audience_group g JOIN others o USING (n) JOIN oracle.audience_case k USING (n) WHERE NOT g.hidden AND (o.groups = 1 OR o.groups > 0 AND o.viewers < k.fewest) ORDER BY g.n, g.viewers, g.value),
      done AS (INSERT INTO oracle.audience_joined TABLE next)
    UPDATE oracle.audience_group g SET hidden = true FROM next WHERE (g.n, g.value) = (next.n, next.value);
    GET DIAGNOSTICS more = ROW_COUNT;
  END LOOP;
END $$;
SELECT oracle.holds('groups of every kind: hidden ones, ones that join them, ones without viewers: ' || count(*), count(*) > 300 AND count(*) FILTER (WHERE hidden) > 50 AND count(*) FILTER (WHERE viewers = 0) > 5
  AND (SELECT count(*) FROM oracle.audience_joined) > 3 AND count(DISTINCT value) > 100) FROM oracle.audience_group;
SELECT oracle.holds('no question is joined by a second one', count(*) = count(DISTINCT n)) FROM oracle.audience_joined;
SELECT oracle.same('audience_breakdown of the platform, creators and contents, by everything, in its order',
  $$SELECT k.n, a.* FROM oracle.audience_case k, audience_breakdown(k.dimension, k.s, k.e, k.content_id, k.creator_id, k.fewest) WITH ORDINALITY a$$,
  $$SELECT n, value, viewers, views, ms::float8 / 1000, oracle.rate(completions, views), CASE WHEN everyone > 0 THEN 100 * viewers::float8 / everyone ELSE 0 END, row_number() OVER (PARTITION BY n ORDER BY viewers DESC, value COLLATE "C")
    FROM (SELECT n, value, viewers, views, completions, ms FROM oracle.audience_group WHERE NOT hidden
          UNION ALL SELECT n, '(other)', count(DISTINCT viewer) FILTER (WHERE is_view), count(*) FILTER (WHERE is_view), count(*) FILTER (WHERE is_completion), sum(e.ms) FROM oracle.audience_event e JOIN oracle.audience_group g USING (n, value) WHERE hidden GROUP BY n) g
    JOIN (SELECT n, count(DISTINCT viewer) FILTER (WHERE is_view) AS everyone FROM oracle.audience_event GROUP BY n) t USING (n)$$);
-- What does not fit into memory is sorted by the server.
CREATE TABLE oracle.audience_before AS SELECT k.n, a.* FROM oracle.audience_case k, audience_breakdown(k.dimension, k.s, k.e, k.content_id, k.creator_id, k.fewest) WITH ORDINALITY a WHERE k.content_id IS NULL;
SET LOCAL work_mem = '64kB';
SELECT oracle.same('audience_breakdown with little memory', $$SELECT k.n, a.* FROM oracle.audience_case k, audience_breakdown(k.dimension, k.s, k.e, k.content_id, k.creator_id, k.fewest) WITH ORDINALITY a WHERE k.content_id IS NULL$$, 'TABLE oracle.audience_before');
ROLLBACK;
