-- A creator who asks twice and subtracts: a thousand random pairs of questions that differ by range or by filter, over creators with few
-- and many viewers. Rows of both that are about the same values, (other) among them, may not tell of one to four people; nor may a
-- group that is hidden be had from its answer. And what is shown is what the rule allows, by each of its cases.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION explore_analytics;
\set family b
\ir include/callers.sql
BEGIN;
SELECT no_plan();
SELECT setseed(0.2718) \g /dev/null

-- Creators 1 to 8, with three contents each but for the first; the later ones have more viewers, who come back more often. Genders are
-- of 1 to some 60 percent, and who has the rare ones comes on few days.
-- On one day of four there are few views, and much else.
INSERT INTO explore_content (id, creator_id) SELECT c * 10 + k, c FROM generate_series(1, 8) c, generate_series(1, 3) k WHERE c > 1 OR k = 1;
CREATE TEMP TABLE people AS
SELECT c * 10000 + v AS id, c AS creator, v, random() AS rare FROM generate_series(1, 8) c, generate_series(1, (ARRAY[40, 25, 60, 120, 250, 400, 700, 900])[c]) v;
INSERT INTO explore_viewers (user_id, birth_year, gender, language)
SELECT id, 1950 + v % 60, CASE WHEN rare < 0.55 THEN 'a' WHEN rare < 0.85 THEN 'b' WHEN rare < 0.93 THEN 'c' WHEN rare < 0.97 THEN 'd' WHEN rare < 0.985 THEN 'e' WHEN rare < 0.99 THEN '(other)' END, (ARRAY['en', 'en', 'ar', 'ru'])[1 + v % 4] FROM people;
INSERT INTO explore_feed_sessions (id, user_id, session_start, device_type, country)
SELECT id * 10 + s, CASE WHEN v % 7 > 0 THEN id END, '2025-03-01 00:00+00', CASE WHEN random() < 0.7 THEN 'phone' WHEN random() < 0.8 THEN 'tablet' ELSE 'tv' END, CASE WHEN rare > 0.1 THEN 'AE' ELSE 'country ' || v % 5 END
FROM people, generate_series(0, 2) s;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
SELECT CASE WHEN creator = 1 OR random() < 0.75 THEN creator * 10 + 1 ELSE creator * 10 + 1 + floor(3 * random())::int END, CASE WHEN v % 7 > 0 THEN id END, CASE WHEN v % 5 > 0 THEN id * 10 + floor(3 * random())::int END,
       (ARRAY['view', 'view', 'view', 'view', 'progress', 'complete', 'save', 'impression']::engagement_type[])[CASE WHEN day % 4 = 1 AND n > 1 THEN 4 + floor(4.5 * random())::int WHEN n = 1 THEN 1 ELSE 1 + floor(8 * random())::int END],
       CASE WHEN random() < 0.8 THEN floor(20000 * random())::int ELSE 0 END, random() < 0.3, timestamptz '2025-03-03 00:00+00' + day * interval '1 day' + random() * interval '23 hours'
FROM (SELECT *, CASE WHEN rare > 0.93 THEN floor(3 * random())::int * 5 ELSE floor(16 * random() ^ 1.5)::int END AS day FROM people, generate_series(1, 1 + v % 6) n OFFSET 0) p;
-- Regulars, who watch on each of ten days; after that three of them once more (g), or six, five of whom do not view (h).
INSERT INTO explore_viewers (user_id, birth_year, gender, language) SELECT c * 10000 + 5000 + v, CASE v / 20 WHEN 0 THEN 2011 ELSE 1941 END, (ARRAY['g', 'h'])[1 + v / 20], (ARRAY['de', 'fr'])[1 + v / 20] FROM generate_series(1, 8) c, generate_series(0, 39) v;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
SELECT c * 10 + 1, c * 10000 + 5000 + v, CASE WHEN day < 10 OR v % 20 = 0 THEN 'view' ELSE (ARRAY['view', 'progress'])[1 + v / 20] END::engagement_type, 1000 + v, timestamptz '2025-03-03 12:00+00' + day * interval '1 day'
FROM generate_series(1, 8) c, generate_series(0, 39) v, generate_series(0, 11) day WHERE day < 10 OR v % 20 < 3 + 3 * (v / 20);
INSERT INTO explore_engagements (content_id, engagement_type, watch_time_ms, created_at) SELECT 10 * c + 1, 'view', 500, timestamptz '2025-03-03 12:00+00' + n * interval '1 day' FROM generate_series(1, 8) c, generate_series(0, 15) n;

CREATE FUNCTION pg_temp.asked(creator bigint, dimension text, s date, e date, content bigint) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  told jsonb;
BEGIN
  PERFORM set_config('explore_analytics.user_id', creator::text, true), set_config('role', 'ea_tap_b_reader', true);
  SELECT coalesce(jsonb_object_agg(a.value, to_jsonb(a)), '{}') INTO told FROM audience_breakdown(dimension, s::timestamptz, e::timestamptz, content_id => content) a;
  PERFORM set_config('role', 'none', true);
  RETURN told;
END $$;

-- Pairs: a range and one within it, one that is moved, one that reaches further; a content and all. Both of a pair are of one creator
-- and dimension.
CREATE TEMP TABLE pair AS
SELECT n, 1 + n % 8 AS creator, (ARRAY['gender', 'age_group', 'language', 'device_type', 'country'])[1 + floor(5 * random())::int] AS dimension, (ARRAY['part', 'moved', 'further', 'filter'])[1 + n / 8 % 4] AS kind,
       date '2025-03-01' + floor(12 * random())::int AS s, 1 + floor(16 * random())::int AS days, random() AS x, random() AS y, random() < 0.5 AS of_content
FROM generate_series(1, 1000) n;
CREATE TEMP TABLE question AS
SELECT n, 1 AS side, creator, dimension, kind, s, s + days AS e, CASE WHEN kind = 'filter' OR of_content THEN creator * 10 + CASE WHEN creator = 1 THEN 1 ELSE 1 + floor(3 * y)::int END END AS content FROM pair
UNION ALL SELECT n, 2, creator, dimension, kind,
  CASE kind WHEN 'part' THEN s + floor(days * x)::int WHEN 'moved' THEN s + 1 + floor(5 * x)::int WHEN 'further' THEN s - floor(4 * x)::int ELSE s END,
  CASE kind WHEN 'part' THEN s + floor(days * x)::int + ceil((days - floor(days * x)) * y)::int WHEN 'moved' THEN s + 1 + floor(5 * x)::int + days WHEN 'further' THEN s + days + floor(5 * y)::int ELSE s + days END,
  CASE WHEN kind <> 'filter' AND of_content THEN creator * 10 + CASE WHEN creator = 1 THEN 1 ELSE 1 + floor(3 * y)::int END END FROM pair;
-- Three that are made up, by pairs of their own. Of creator 21 one of gender a watches 17.123 s on the tenth day, and of z there is an
-- impression alone; of 22 one of gender c comes on the tenth day; of 23 the only one of gender z is on the other content.
INSERT INTO explore_content (id, creator_id) VALUES (211, 21), (221, 22), (231, 23), (232, 23);
INSERT INTO explore_viewers (user_id, gender) SELECT c * 10000 + ascii(g) * 50 + v, g FROM (VALUES (21, 'a', 20), (21, 'b', 10), (21, 'c', 30), (21, 'z', 1), (22, 'a', 12), (22, 'b', 20), (22, 'c', 30), (22, 'd', 40), (23, 'a', 30), (23, 'y', 20), (23, 'z', 1)) x(c, g, people), generate_series(1, people) v;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
SELECT creator * 10 + 1, user_id, 'view'::engagement_type, 1000, timestamptz '2025-04-01 12:00+00' + day * interval '1 day' FROM explore_viewers, LATERAL (SELECT user_id / 10000 AS creator) c, generate_series(0, 8) day WHERE creator IN (21, 22) AND gender <> 'z'
UNION ALL SELECT CASE gender WHEN 'z' THEN 232 ELSE content END, user_id, 'view', 1000, '2025-04-01 12:00+00'::timestamptz FROM explore_viewers, (VALUES (231), (232)) x(content) WHERE user_id / 10000 = 23 AND (gender = 'a' OR content = 231)
UNION ALL SELECT 211, 210000 + ascii('a') * 50 + 1, 'view', 17123, '2025-04-10' UNION ALL SELECT 211, 210000 + ascii('z') * 50 + 1, 'impression', 0, '2025-04-02' UNION ALL SELECT 221, 220000 + ascii('c') * 50 + 1, 'view', 16123, '2025-04-10';
INSERT INTO pair (n, creator, dimension, kind) VALUES (2001, 21, 'gender', 'part'), (2002, 22, 'gender', 'part'), (2003, 23, 'gender', 'filter');
INSERT INTO question SELECT n, side, creator, dimension, kind, '2025-04-01', CASE WHEN side = 1 AND kind = 'part' THEN date '2025-04-11' ELSE '2025-04-10' END, CASE WHEN side = 1 AND kind = 'filter' THEN 231 END FROM pair, generate_series(1, 2) side WHERE n > 2000;
CREATE TEMP TABLE answer AS SELECT q.*, pg_temp.asked(creator, dimension, s, e, content) AS told FROM question q;
CREATE TEMP TABLE shown AS SELECT a.n, a.side, t.key AS value, (t.value ->> 'viewers')::bigint AS viewers, (t.value ->> 'views')::bigint AS views, (t.value ->> 'watch_time')::numeric AS watch_time FROM answer a, jsonb_each(a.told) t;
SELECT is((SELECT string_agg(value || viewers, ' ' ORDER BY value) FROM shown WHERE n = q.n AND side = q.side), told, format('pair %s, side %s', q.n, q.side))
FROM (VALUES (2001, 1, '(other)60'), (2001, 2, '(other)0 a20 b10 c30'), (2002, 1, '(other)102'), (2002, 2, 'a12 b20 c30 d40'), (2003, 1, '(other)50'), (2003, 2, '(other)21 a30')) q(n, side, told);

-- What the questions were about.
CREATE TEMP TABLE event AS
SELECT c.creator_id AS creator, e.content_id AS content, (e.created_at AT TIME ZONE 'UTC')::date AS day, coalesce(e.user_id, -e.session_id) AS viewer, e.engagement_type = 'view' AS is_view, e.engagement_type IN ('view', 'complete') OR e.watch_time_ms > 0 AS counts, e.watch_time_ms AS ms,
  d.dimension, coalesce(CASE d.dimension WHEN 'gender' THEN p.gender WHEN 'language' THEN p.language WHEN 'device_type' THEN f.device_type WHEN 'country' THEN f.country
    ELSE CASE WHEN p.birth_year IS NOT NULL THEN (ARRAY['under 13', '13-17', '18-24', '25-34', '35-44', '45-54', '55-64', '65+'])[1 + width_bucket(2025 - p.birth_year, ARRAY[13, 18, 25, 35, 45, 55, 65])] END END, 'unknown') AS value
FROM explore_engagements e JOIN explore_content c ON c.id = e.content_id LEFT JOIN explore_viewers p ON p.user_id = e.user_id LEFT JOIN explore_feed_sessions f ON f.id = e.session_id, unnest(ARRAY['gender', 'age_group', 'language', 'device_type', 'country']) d(dimension);
CREATE INDEX ON event (creator, dimension, day);
CREATE TEMP TABLE met AS
SELECT q.n, v.value, v.viewer, v.is_view, v.counts, v.ms, bool_or(q.side = 1) AS in_first, bool_or(q.side = 2) AS in_second
FROM question q JOIN (SELECT row_number() OVER () AS id, * FROM event) v ON v.creator = q.creator AND v.dimension = q.dimension AND v.day >= q.s AND v.day < q.e AND (q.content IS NULL OR v.content = q.content)
GROUP BY q.n, v.id, v.value, v.viewer, v.is_view, v.counts, v.ms;
CREATE INDEX ON met (n, value);
ANALYZE met, shown;

-- What is hidden: values with views, watch time or completions that have no row.
CREATE TEMP TABLE truth AS
SELECT q.n, q.side, q.content, v.value, count(DISTINCT v.viewer) FILTER (WHERE v.is_view) AS viewers, bool_or(v.counts) AS counts, v.value <> '(other)' AND EXISTS (SELECT FROM shown s WHERE (s.n, s.side, s.value) = (q.n, q.side, v.value)) AS shown
FROM question q JOIN event v ON v.creator = q.creator AND v.dimension = q.dimension AND v.day >= q.s AND v.day < q.e AND (q.content IS NULL OR v.content = q.content) GROUP BY q.n, q.side, q.content, v.value;
CREATE TEMP TABLE alone AS SELECT n, side, NOT bool_or(shown) AS everything FROM truth GROUP BY n, side;

-- The smallest sets of values that are rows, or rows added up, of both answers. Values that are hidden in one and not in the other
-- are in one set with all that are hidden; those without anything to count are in whichever one likes.
CREATE TEMP TABLE part AS
SELECT n, value, h1, h2, CASE WHEN (h1 OR h2) AND bool_or(h1 AND h2) OVER (PARTITION BY n) THEN '(other) of both' WHEN h1 THEN '(other) of the first' WHEN h2 THEN '(other) of the second' ELSE value END AS part
FROM (SELECT n, value, bool_or(side = 1 AND counts AND NOT shown) AS h1, bool_or(side = 2 AND counts AND NOT shown) AS h2 FROM truth GROUP BY n, value) v;
-- It tells of those that are in one of the answers alone, where there are none on the other side. Everything is no secret: so where a
-- range has one row alone, it tells nothing of a part of it, nor does a content of its creator.
CREATE TEMP TABLE difference AS
SELECT p.kind, p.dimension, u.n, u.part, u.hidden, a.viewers - b.viewers AS viewers, a.views - b.views AS views, a.watch_time - b.watch_time AS watch_time, a.rows + b.rows AS rows, t.*,
  (first_only = 0) <> (second_only = 0) AND NOT EXISTS (SELECT FROM alone WHERE n = u.n AND everything AND (side = CASE WHEN second_only = 0 THEN 1 ELSE 2 END OR p.kind = 'filter')) AS tells
FROM (SELECT n, part, bool_or(h1 OR h2) AS hidden, array_agg(value) AS members, array_agg(value) FILTER (WHERE value <> '(other)' AND NOT h1) || CASE WHEN bool_or(h1) THEN ARRAY['(other)'] END AS of_first,
        array_agg(value) FILTER (WHERE value <> '(other)' AND NOT h2) || CASE WHEN bool_or(h2) THEN ARRAY['(other)'] END AS of_second FROM part GROUP BY n, part) u
JOIN pair p USING (n), LATERAL (SELECT coalesce(sum(viewers), 0) AS viewers, coalesce(sum(views), 0) AS views, coalesce(sum(watch_time), 0) AS watch_time, count(*) AS rows FROM shown s WHERE s.n = u.n AND side = 1 AND value = ANY (of_first)) a,
LATERAL (SELECT coalesce(sum(viewers), 0) AS viewers, coalesce(sum(views), 0) AS views, coalesce(sum(watch_time), 0) AS watch_time, count(*) AS rows FROM shown s WHERE s.n = u.n AND side = 2 AND value = ANY (of_second)) b, LATERAL (
  SELECT count(*) FILTER (WHERE NOT in_second AND counts) AS first_only, count(*) FILTER (WHERE NOT in_first AND counts) AS second_only, count(DISTINCT viewer) FILTER (WHERE in_first <> in_second AND counts) AS people,
    count(DISTINCT viewer) FILTER (WHERE in_first <> in_second AND is_view) AS with_views, count(*) FILTER (WHERE is_view AND in_first) - count(*) FILTER (WHERE is_view AND in_second) AS true_views, coalesce(sum(ms) FILTER (WHERE in_first), 0) - coalesce(sum(ms) FILTER (WHERE in_second), 0) AS true_ms,
    count(DISTINCT viewer) FILTER (WHERE is_view AND in_first) - count(DISTINCT viewer) FILTER (WHERE is_view AND in_second) AS true_viewers
  FROM met m WHERE m.n = u.n AND m.value = ANY (u.members)) t;
SELECT is_empty($$SELECT * FROM difference WHERE (views, watch_time * 1000) IS DISTINCT FROM (true_views::numeric, true_ms::numeric) OR viewers <> true_viewers AND (dimension IN ('gender', 'language', 'age_group') OR NOT hidden)$$, 'differences are those of the events');
SELECT cmp_ok((SELECT count(*)::int FROM difference WHERE kind = k AND tells AND rows > 0 AND hidden = h), '>', 10, format('values that both tell of, with a difference: %s%s', k, CASE WHEN h THEN ', of what one of them hides' END))
FROM unnest(ARRAY['part', 'further', 'filter', 'moved']) k, unnest(ARRAY[false, true]) h WHERE k <> 'moved' OR NOT h;
SELECT cmp_ok((SELECT count(DISTINCT (dimension, part))::int FROM difference WHERE NOT hidden), '>', 15, 'values of every dimension');
SELECT is_empty($$SELECT * FROM difference WHERE tells AND abs(true_viewers) BETWEEN 1 AND 4 AND dimension IN ('gender', 'language', 'age_group')$$, 'no difference tells of one to four viewers who watched in one of them only');
SELECT is_empty('SELECT * FROM difference WHERE tells AND with_views BETWEEN 1 AND 4', 'nor of views of one to four');
SELECT is_empty('SELECT * FROM difference WHERE tells AND people BETWEEN 1 AND 4', 'nor of what one to four watched');
SELECT is_empty($$SELECT * FROM shown WHERE viewers < 5 AND value <> '(other)'$$, 'no value of fewer than five is shown');

-- Groups that are hidden, in each answer.
CREATE TEMP TABLE hidden AS
SELECT t.n, t.side, count(*) FILTER (WHERE NOT shown AND counts) AS groups, bool_or(shown) AS some_shown, max(h.viewers) AS viewers
FROM truth t LEFT JOIN (
  SELECT u.n, u.side, count(DISTINCT v.viewer) AS viewers FROM truth u JOIN question q USING (n, side) JOIN event v ON v.creator = q.creator AND v.dimension = q.dimension AND v.day >= q.s AND v.day < q.e AND (q.content IS NULL OR v.content = q.content) AND v.value = u.value
  WHERE NOT u.shown AND v.is_view GROUP BY 1, 2) h USING (n, side) GROUP BY t.n, t.side;
SELECT cmp_ok((SELECT count(*)::int FROM hidden WHERE groups = 2 AND some_shown), '>', 20, 'some hide two groups and show others');
SELECT is_empty('SELECT * FROM hidden WHERE some_shown AND groups > 0 AND (groups = 1 OR coalesce(viewers, 0) < 5)', 'no answer hides one group alone, or fewer than five viewers, beside others that it shows');

-- The rule itself: each run of days in the range, tried one by one, for each value, and for all that is hidden.
CREATE TEMP TABLE deed AS
SELECT q.n, v.value, v.viewer, v.day - q.s AS day, bool_or(v.is_view AND here) AS views, bool_or(v.counts AND here) AS counts, bool_or(v.is_view AND NOT here) AS views_elsewhere, bool_or(v.counts AND NOT here) AS counts_elsewhere
FROM question q JOIN event v ON v.creator = q.creator AND v.dimension = q.dimension AND v.day >= q.s AND v.day < q.e, LATERAL (SELECT q.content IS NULL OR v.content = q.content AS here) h
WHERE q.side = 1 AND q.n % 7 = 0 AND v.viewer IS NOT NULL GROUP BY q.n, v.value, v.viewer, v.day - q.s;
CREATE INDEX ON deed (n, value);
ANALYZE deed;
CREATE FUNCTION pg_temp.few(of integer, members text[]) RETURNS boolean LANGUAGE sql AS $$
  SELECT EXISTS (SELECT FROM (SELECT count(DISTINCT viewer) AS viewers FROM deed WHERE n = of AND value = ANY (members) AND views) v WHERE viewers < 5) OR EXISTS (
    SELECT FROM question q, generate_series(0, q.e - q.s) p, generate_series(p, q.e - q.s) u, LATERAL (
      SELECT count(*) FILTER (WHERE views_outside) AS with_views, count(*) FILTER (WHERE outside) AS people, count(*) FILTER (WHERE views_outside AND NOT views_inside) AS gone
      FROM (SELECT bool_or(views AND NOT inside) AS views_outside, bool_or(counts AND NOT inside) AS outside, bool_or(views AND inside) AS views_inside
            FROM (SELECT *, day >= p AND day < u AS inside FROM deed d WHERE d.n = of AND d.value = ANY (members)) o GROUP BY viewer) v) x
    WHERE q.n = of AND q.side = 1 AND (with_views BETWEEN 1 AND 4 OR people BETWEEN 1 AND 4 OR gone BETWEEN 1 AND 4))
  OR EXISTS (
    SELECT FROM (SELECT count(*) FILTER (WHERE e) AS with_views, count(*) FILTER (WHERE c) AS people, count(*) FILTER (WHERE e AND NOT h) AS gone
                 FROM (SELECT bool_or(views_elsewhere) AS e, bool_or(counts_elsewhere) AS c, bool_or(views) AS h FROM deed d WHERE d.n = of AND d.value = ANY (members) GROUP BY viewer) v) x
    WHERE with_views BETWEEN 1 AND 4 OR people BETWEEN 1 AND 4 OR gone BETWEEN 1 AND 4) $$;
CREATE TEMP TABLE ruled AS SELECT t.*, t.value = '(other)' OR pg_temp.few(n, ARRAY[value]) AS few FROM truth t WHERE side = 1 AND n % 7 = 0 AND counts;
SELECT cmp_ok((SELECT count(*)::int FROM ruled WHERE NOT few), '>', 30, 'it allows some');
SELECT is_empty('SELECT * FROM ruled WHERE shown AND few', 'nothing is shown that the rule hides');
-- In order of joining: first what the rule hides, then the smallest. Of a content, all that its creator hides is hidden, and more of it.
CREATE TEMP TABLE joined AS
SELECT n, content, array_agg(value) AS members, count(*) AS groups, bool_or(NOT few) AS more, max(viewers) FILTER (WHERE NOT few) AS largest, array_agg(value) FILTER (WHERE few) AS by_rule,
  (array_agg(value ORDER BY few, viewers DESC, value COLLATE "C" DESC))[1] AS last, (SELECT min(viewers) FROM ruled s WHERE s.n = r.n AND s.shown) AS smallest_shown
FROM ruled r WHERE NOT shown GROUP BY n, content;
SELECT cmp_ok((SELECT count(*)::int FROM joined WHERE smallest_shown > 0 AND more), '>', 10, 'some join the others, and some do not');
SELECT is_empty('SELECT * FROM joined WHERE smallest_shown > 0 AND pg_temp.few(n, members)', 'nor is (other), of which it is asked as well');
SELECT is_empty('SELECT * FROM joined WHERE content IS NULL AND more AND largest > smallest_shown', 'the smallest join the others');
SELECT is_empty('SELECT * FROM joined WHERE content IS NULL AND more AND groups > 2 AND NOT pg_temp.few(n, array_remove(members, last))', 'and not one more than is wanted');
SELECT * FROM finish();
ROLLBACK;

DROP OWNED BY ea_tap_b_reader, ea_tap_b_analyst, ea_tap_b_writer;
DROP EXTENSION explore_analytics CASCADE;
DROP OWNED BY ea_tap_b_owner CASCADE;
DROP ROLE ea_tap_b_owner, ea_tap_b_reader, ea_tap_b_analyst, ea_tap_b_writer, ea_tap_b_nobody;
