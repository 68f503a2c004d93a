-- A creator among others: every answer beside plain SQL over the events, before and after refreshes and moves; who the peers are, at
-- every bound; what is left out and when; errors; and what a creator is told of others.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION explore_analytics;
\set family k
\ir include/callers.sql
-- ---------------------------------------------------------------------------------------------------
-- Every answer by plain SQL
-- ---------------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.make_contents() RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_content (id, creator_id, category, area) SELECT n, 1 + n % 45, (ARRAY['Villa', 'villa', 'flat', 'loft', NULL])[1 + floor(5 * random() ^ 1.3)::int], (ARRAY['north', 'North', 'south', NULL])[1 + floor(4 * random())::int] FROM generate_series(1, 200) n $$;
CREATE FUNCTION pg_temp.feed(events int) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
  SELECT 45 * floor(4.4 * random())::int + 1 + floor(45 * random() ^ 2.5)::int, CASE WHEN random() < 0.8 THEN floor(300 * random())::int + 1 END, CASE WHEN random() < 0.3 THEN floor(100 * random())::int + 1 END,
    (ARRAY['view', 'view', 'view', 'view', 'view', 'save', 'share', 'click', 'skip', 'complete', 'impression', 'progress']::engagement_type[])[1 + floor(12 * random())::int], CASE WHEN random() < 0.7 THEN floor(30000 * random())::int ELSE 0 END, random() < 0.3,
    timestamptz '2025-03-01' + floor(random() * 30) * interval '1 day' + floor(random() * 24) * interval '1 hour' FROM generate_series(1, events) $$;
CREATE TEMP TABLE range (name text, s timestamptz, e timestamptz);
INSERT INTO range VALUES ('all', NULL, NULL), ('days', '2025-03-04', '2025-03-19'), ('odd', '2025-03-02 07:00:00.000001', '2025-03-21 13:30'), ('open start', NULL, '2025-03-08'), ('open end', '2025-03-24', NULL), ('without', '2024-01-01', '2024-02-01');
CREATE TEMP TABLE metric (name text, expression text, adds_up boolean);
INSERT INTO metric VALUES ('views', 'views', true), ('unique_viewers', 'viewers', false), ('unidentified_views', 'unidentified', true), ('completions', 'completions', true), ('saves', 'saves', true), ('shares', 'shares', true), ('clicks', 'clicks', true), ('skips', 'skips', true),
  ('impressions', 'impressions', true), ('total_engagements', 'saves + shares + clicks', true), ('total_watch_time', 'ms / 1000.0::float8', true), ('average_watch_time', 'coalesce(ms / 1000.0::float8 / nullif(views, 0), 0)', false), ('completion_rate', 'coalesce(100.0::float8 * completions / nullif(views, 0), 0)', false),
  ('engagement_rate', 'coalesce(100.0::float8 * (saves + shares + clicks) / nullif(views, 0), 0)', false), ('save_rate', 'coalesce(100.0::float8 * saves / nullif(views, 0), 0)', false), ('share_rate', 'coalesce(100.0::float8 * shares / nullif(views, 0), 0)', false), ('click_rate', 'coalesce(100.0::float8 * clicks / nullif(views, 0), 0)', false),
  ('skip_rate', 'coalesce(100.0::float8 * skips / nullif(views, 0), 0)', false), ('engagement_score', 'CASE WHEN views = 0 THEN 0 ELSE greatest(0, least(100, (40 * completions + 30 * saves + 20 * shares + 10 * clicks - 20 * skips)::float8 / views)) END', false);
CREATE TEMP TABLE sums (range text, creator_id bigint, category text, area text, views bigint, viewers bigint, unidentified bigint, completions bigint, saves bigint, shares bigint, clicks bigint, skips bigint, impressions bigint, ms bigint);
CREATE TEMP TABLE numbers (range text, creator_id bigint, category text, area text, views bigint, metric text, adds_up boolean, value float8);
CREATE INDEX ON numbers (range, metric);
CREATE FUNCTION pg_temp.count_plainly() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  item record;
BEGIN
  DELETE FROM sums;
  DELETE FROM numbers;
  INSERT INTO sums
  SELECT r.name, c.creator_id, NULL, NULL, count(*) FILTER (WHERE t = 'view'), count(DISTINCT coalesce(user_id, -session_id)) FILTER (WHERE t = 'view'), count(*) FILTER (WHERE t = 'view' AND user_id IS NULL AND session_id IS NULL),
    count(*) FILTER (WHERE t = 'complete' OR t = 'view' AND completed), count(*) FILTER (WHERE t = 'save'), count(*) FILTER (WHERE t = 'share'), count(*) FILTER (WHERE t = 'click'), count(*) FILTER (WHERE t = 'skip'), count(*) FILTER (WHERE t = 'impression'), sum(watch_time_ms)
  FROM range r CROSS JOIN explore_content c LEFT JOIN LATERAL (SELECT engagement_type AS t, * FROM explore_engagements e WHERE e.content_id = c.id AND (r.s IS NULL OR created_at >= r.s) AND (r.e IS NULL OR created_at < r.e)) x ON true GROUP BY 1, 2;
  UPDATE sums s SET category = (SELECT c.category FROM explore_content c JOIN explore_engagements e ON e.content_id = c.id JOIN range r ON r.name = s.range WHERE c.creator_id = s.creator_id AND c.category IS NOT NULL AND e.engagement_type = 'view' AND e.created_at >= coalesce(r.s, '-infinity') AND e.created_at < coalesce(r.e, 'infinity') GROUP BY 1 ORDER BY count(*) DESC, c.category COLLATE "C" LIMIT 1),
    area = (SELECT c.area FROM explore_content c JOIN explore_engagements e ON e.content_id = c.id JOIN range r ON r.name = s.range WHERE c.creator_id = s.creator_id AND c.area IS NOT NULL AND e.engagement_type = 'view' AND e.created_at >= coalesce(r.s, '-infinity') AND e.created_at < coalesce(r.e, 'infinity') GROUP BY 1 ORDER BY count(*) DESC, c.area COLLATE "C" LIMIT 1);
  FOR item IN SELECT * FROM metric LOOP
    EXECUTE format('INSERT INTO numbers SELECT range, creator_id, category, area, views, %L, %L, coalesce(%s, 0) FROM sums', item.name, item.adds_up, item.expression);
  END LOOP;
END $$;
CREATE FUNCTION pg_temp.differences(creators bigint[]) RETURNS SETOF text LANGUAGE sql AS $$
  WITH asked AS (SELECT n.*, k.kind, f.fewest FROM numbers n, unnest(ARRAY['platform', 'category', 'area', 'size']) k(kind), unnest(ARRAY[1, 5]) f(fewest) WHERE n.creator_id = ANY (creators) AND (n.creator_id + f.fewest + length(n.metric)) % 2 = 0),
  plain AS (
    SELECT a.range, a.creator_id, a.metric, a.kind, a.fewest, a.value, CASE WHEN shown THEN 100 * (below + equal / 2.0) / peers END::float8 AS percentile, CASE WHEN shown THEN 1 + above END AS rank, CASE WHEN shown THEN q[1] END AS p25, CASE WHEN shown THEN q[2] END AS median, CASE WHEN shown THEN q[3] END AS p75,
      CASE WHEN shown AND a.adds_up THEN 100 * a.value / nullif(a.value + total, 0) END AS share, peers
    FROM asked a, LATERAL (
      SELECT count(*) AS peers, count(*) FILTER (WHERE p.value < a.value) AS below, count(*) FILTER (WHERE p.value = a.value) AS equal, count(*) FILTER (WHERE p.value > a.value) AS above, percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY p.value) AS q, sum(p.value) AS total,
        a.views >= 10 AND count(*) >= a.fewest AND max(p.views) * 2 <= sum(p.views) AS shown
      FROM numbers p WHERE p.range = a.range AND p.metric = a.metric AND p.creator_id <> a.creator_id AND p.views >= 10
        AND CASE a.kind WHEN 'category' THEN p.category = a.category WHEN 'area' THEN p.area = a.area WHEN 'size' THEN 2 * p.views >= a.views AND p.views <= 2 * a.views ELSE true END) x),
  answer AS (
    SELECT a.range, a.creator_id, a.kind, a.fewest, b.* FROM asked a JOIN range r ON r.name = a.range, benchmark_creator(a.creator_id, a.metric, r.s, r.e, a.kind, a.fewest) b)
  SELECT format('%s / %s', p::text, a::text) FROM plain p FULL JOIN answer a USING (range, creator_id, metric, kind, fewest)
  WHERE (p.value, p.rank, p.peers) IS DISTINCT FROM (a.value, a.rank, a.peers) OR EXISTS (
    SELECT FROM unnest(ARRAY[p.percentile, p.p25, p.median, p.p75, p.share], ARRAY[a.percentile, a.p25, a.median, a.p75, a.share_percent]) x(plain, told)
    WHERE (plain IS NULL) <> (told IS NULL) OR abs(plain - told) > 1e-9 * greatest(abs(plain), 1e-3)) $$;
CREATE FUNCTION pg_temp.did(content bigint, kind engagement_type, count bigint, at timestamptz DEFAULT '2025-03-05 10:00', ms int DEFAULT 1000) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at) SELECT content, n, kind, ms, at FROM generate_series(1, count) n $$;
CREATE FUNCTION pg_temp.asked(creator bigint, metric text, peers text DEFAULT NULL, min_peers int DEFAULT NULL, s timestamptz DEFAULT '2025-03-01', e timestamptz DEFAULT '2025-04-01') RETURNS text LANGUAGE sql AS $$
  SELECT format('%s|%s|%s|%s|%s|%s|%s|%s', b.value, round(b.percentile::numeric, 8), b.rank, b.p25, b.median, b.p75, round(b.share_percent::numeric, 6), b.peers) FROM benchmark_creator(creator, metric, s, e, peers, min_peers) b $$;
SELECT plan(89);
BEGIN;
SELECT setseed(0.1618) \g /dev/null

-- ---------------------------------------------------------------------------------------------------
-- Worked numbers
-- ---------------------------------------------------------------------------------------------------
SAVEPOINT world;
INSERT INTO explore_content (id, creator_id, category) SELECT n, n, 'c' FROM generate_series(1, 8) n;
SELECT pg_temp.did(n, 'view', 400), pg_temp.did(n, 'save', (4 * r)::int) FROM (VALUES (1, 7.5), (2, 4), (3, 7.5), (4, 7.5), (5, 9), (6, 12.25), (7, 15), (8, 21)) v(n, r) \g /dev/null
SELECT is(pg_temp.asked(1, 'engagement_rate'), '7.5|28.57142857|5|7.5|9|13.625||7', 'the worked numbers');
SELECT is(pg_temp.asked(1, 'saves'), '30|28.57142857|5|30|36|54.5|8.955224|7', 'a count, and its share of all eight');
SELECT is(pg_temp.asked(8, 'save_rate'), '21|100.00000000|1|7.5|7.5|10.625||7', 'the first');
SELECT is(pg_temp.asked(2, 'save_rate'), '4|0.00000000|8|7.5|9|13.625||7', 'the last');
SELECT is(pg_temp.asked(1, 'views'), '400|50.00000000|1|400|400|400|12.500000|7', 'all equal: in the middle, and the first');
SELECT is(pg_temp.asked(1, 'unique_viewers'), '400|50.00000000|1|400|400|400||7', 'viewers are not added up');
SELECT is(pg_temp.asked(1, 'skips'), '0|50.00000000|1|0|0|0||7', 'nothing of nothing is no share');
SELECT is(pg_temp.asked(1, 'total_watch_time'), '430|28.57142857|5|430|436|454.5|12.164074|7', 'seconds');
SELECT is(b.*::text, a.*::text, 'defaults') FROM benchmark_creator(1) b, benchmark_creator(1, 'engagement_rate', NULL, NULL, 'category', 5) a;
SELECT is(b.*::text, a.*::text, 'NULL is the default') FROM benchmark_creator(1, NULL, NULL, NULL, NULL, NULL) b, benchmark_creator(1) a;
SELECT is(pg_temp.asked(1, 'saves', min_peers => 8), '30|||||||7', 'fewer peers than are wanted: only value and peers');
SELECT is(pg_temp.asked(1, 'saves', min_peers => 7), '30|28.57142857|5|30|36|54.5|8.955224|7', 'as many');
SELECT is(pg_temp.asked(99, 'saves', 'platform'), '0|||||||8', 'nobody of that name, with views');
SELECT is(pg_temp.asked(99, 'saves', 'category'), '0|||||||0', 'and without a category');
-- One with more than half of the views of the peers.
SELECT pg_temp.did(8, 'view', 2000) \g /dev/null
SELECT is(pg_temp.asked(1, 'saves'), '30|28.57142857|5|30|36|54.5|8.955224|7', 'half of the views of the peers is not over half');
SELECT pg_temp.did(8, 'view', 1) \g /dev/null
SELECT is(pg_temp.asked(1, 'saves'), '30|||||||7', 'one view more is');
SELECT is(pg_temp.asked(8, 'saves'), '84|100.00000000|1|30|30|42.5|25.074627|7', 'one''s own are not the peers''');
ROLLBACK TO world;

-- Ten views make a peer, and one's own comparison.
INSERT INTO explore_content (id, creator_id, category) SELECT n, n, 'c' FROM generate_series(1, 7) n;
SELECT pg_temp.did(n, 'view', 10) FROM generate_series(1, 6) n \g /dev/null
SELECT pg_temp.did(7, 'view', 9) \g /dev/null
SELECT is(pg_temp.asked(1, 'views'), '10|50.00000000|1|10|10|10|16.666667|5', 'nine views make no peer, ten do');
SELECT is(pg_temp.asked(7, 'views'), '9|||||||6', 'nor can be compared');
SELECT is(pg_temp.asked(1, 'views', e => '2025-03-05 10:00'), '0|||||||0', 'the end is not in the range');
SELECT is(pg_temp.asked(1, 'views', s => '2025-03-05 10:00'), '10|50.00000000|1|10|10|10|16.666667|5', 'the start is');
SELECT is(pg_temp.asked(1, 'views', s => '2025-03-05', e => '2025-03-05'), '0|||||||0', 'an empty range');
ROLLBACK TO world;

-- The category of most views, the first in "C" of those that are equal; contents without one count for none.
INSERT INTO explore_content (id, creator_id, category) VALUES (1, 1, 'b'), (2, 1, 'B'), (3, 1, NULL), (4, 2, 'B'), (5, 3, 'b'), (6, 3, 'a'), (7, 4, NULL), (8, 5, 'B'), (9, 5, 'b');
SELECT pg_temp.did(1, 'view', 10), pg_temp.did(2, 'view', 10), pg_temp.did(3, 'view', 500), pg_temp.did(4, 'view', 10), pg_temp.did(5, 'view', 11), pg_temp.did(6, 'view', 10), pg_temp.did(7, 'view', 50), pg_temp.did(8, 'view', 10), pg_temp.did(9, 'view', 11) \g /dev/null
SELECT is(pg_temp.asked(1, 'views', min_peers => 1), '520|||||||1', 'a tie: B comes before b, whatever the collation; one peer has all their views');
SELECT is(pg_temp.asked(3, 'saves', min_peers => 1), '0|||||||1', 'of most views');
SELECT is(pg_temp.asked(4, 'views', min_peers => 1), '50|||||||0', 'no category: no peers');
SELECT pg_temp.did(1, 'view', 1) \g /dev/null
SELECT is((SELECT peers FROM benchmark_creator(1, 'saves', '2025-03-01', '2025-04-01')), 2::bigint, 'one view more: b, with creators 3 and 5');
SELECT is((SELECT peers FROM benchmark_creator(1, 'saves', '2025-03-01', '2025-04-01', 'area')), 0::bigint, 'no area: no peers');
ROLLBACK TO world;

-- Half to double, both inclusive.
INSERT INTO explore_content (id, creator_id) SELECT n, n FROM generate_series(1, 8) n;
SELECT pg_temp.did(n, 'view', v) FROM (VALUES (1, 40), (2, 19), (3, 20), (4, 21), (5, 79), (6, 80), (7, 81), (8, 40)) x(n, v) \g /dev/null
SELECT is(pg_temp.asked(1, 'views', 'size'), '40|50.00000000|3|21|40|79|14.285714|5', 'size');
SELECT pg_temp.did(1, 'view', 1) \g /dev/null
SELECT is((SELECT peers FROM benchmark_creator(1, 'views', '2025-03-01', '2025-04-01', 'size')), 5::bigint, 'of 41: 21, 40, 79, 80, 81');
ROLLBACK TO world;

-- ---------------------------------------------------------------------------------------------------
-- Errors
-- ---------------------------------------------------------------------------------------------------
CREATE TEMP TABLE bad (n int GENERATED ALWAYS AS IDENTITY, state text, named text, query text);
INSERT INTO bad (state, named, query) VALUES
  ('22004', 'creator', 'SELECT * FROM benchmark_creator()'), ('22023', '0', 'SELECT * FROM benchmark_creator(0)'), ('22023', '-7', 'SELECT * FROM benchmark_creator(-7)'), ('22023', 'likes', $$SELECT * FROM benchmark_creator(1, 'likes')$$), ('22023', 'sessions', $$SELECT * FROM benchmark_creator(1, 'sessions')$$),
  ('22023', 'rivals', $$SELECT * FROM benchmark_creator(1, peers => 'rivals')$$), ('22023', '""', $$SELECT * FROM benchmark_creator(1, peers => '')$$), ('22023', '0', $$SELECT * FROM benchmark_creator(1, min_peers => 0)$$), ('22023', '-1', $$SELECT * FROM benchmark_creator(1, min_peers => -1)$$),
  ('22023', '2025-01-02', $$SELECT * FROM benchmark_creator(1, 'views', '2025-01-02', '2025-01-01')$$), ('22008', 'infinit', $$SELECT * FROM benchmark_creator(1, 'views', '2025-01-02', 'infinity')$$);
CREATE TEMP TABLE told AS SELECT b.*, f.state AS came, f.message, f.hint FROM bad b, LATERAL pg_temp.failure(b.query) f;
SELECT is(came, state, format('%s: %s', state, query)) FROM told ORDER BY n;
SELECT is_empty($$SELECT query, message FROM told WHERE message !~ '^[a-z0-9_]' OR message ~ '\.$' OR position(lower(named) IN lower(message)) = 0 OR coalesce(hint, '') = ''$$, 'messages in lower case, with the value, without a full stop, and with a hint');
SELECT set_config('explore_analytics.user_id', '3', true) \g /dev/null
SELECT lives_ok('SELECT * FROM benchmark_creator()', 'without a creator: the current one');
SELECT set_config('explore_analytics.user_id', '', true) \g /dev/null

-- ---------------------------------------------------------------------------------------------------
-- Every metric, range and kind of peers
-- ---------------------------------------------------------------------------------------------------
SELECT pg_temp.make_contents(), pg_temp.feed(6000), pg_temp.count_plainly() \g /dev/null
SELECT cmp_ok((SELECT count(DISTINCT peers)::int FROM sums s, LATERAL benchmark_creator(s.creator_id, 'views', '2025-03-04', '2025-03-19', 'category') b WHERE range = 'days'), '>', 3, 'groups of several sizes');
SELECT cmp_ok((SELECT count(*)::int FROM sums WHERE range = 'days' AND views BETWEEN 1 AND 9), '>', 0, 'and creators with few views');
SELECT is_empty('SELECT pg_temp.differences(ARRAY[1, 2, 13, 45])', 'out of the tail, in the writing transaction');
ROLLBACK;
SELECT pg_temp.make_contents(), pg_temp.feed(9000) \g /dev/null
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SELECT pg_temp.feed(2000) \g /dev/null
CALL explore_analytics.refresh();
SELECT pg_temp.feed(1000), pg_temp.count_plainly() \g /dev/null
SELECT is_empty('SELECT pg_temp.differences(ARRAY[1, 3, 8, 22, 45])', 'of buckets, what a refresh left beside them, and the tail');
-- Contents that move, to creators who had none too, that go, and that come after their events.
BEGIN;
UPDATE explore_content SET creator_id = creator_id % 46 + 1 WHERE id % 7 = 0;
UPDATE explore_content SET category = 'new', area = 'north' WHERE id % 11 = 0;
DELETE FROM explore_content WHERE id IN (4, 9, 16);
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 301, n, 'view', '2025-03-09' FROM generate_series(1, 40) n;
INSERT INTO explore_content (id, creator_id, category) VALUES (301, 47, 'villa');
SELECT pg_temp.count_plainly() \g /dev/null
SELECT is_empty('SELECT pg_temp.differences(ARRAY[1, 4, 15, 46, 47])', 'after moves that no refresh has seen');
SELECT pg_temp.feed(3000), pg_temp.count_plainly() \g /dev/null
SELECT is_empty('SELECT pg_temp.differences(ARRAY[2, 46, 47])', 'and with events since');
COMMIT;
CALL explore_analytics.refresh();
SELECT is_empty('SELECT pg_temp.differences(ARRAY[1, 4, 15, 46, 47])', 'after the refresh');
SELECT cmp_ok((SELECT count(*)::int FROM sums s, benchmark_creator(s.creator_id, 'views', peers => 'platform') b WHERE s.range = 'all' AND b.rank IS NOT NULL), '>', 30, 'most are told their place');

-- ---------------------------------------------------------------------------------------------------
-- Who may ask, and what a reader is told
-- ---------------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.told(arguments text, identity text DEFAULT '1') RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.answer('ea_tap_k_reader', format('SELECT * FROM benchmark_creator(%s)', arguments), identity) $$;
BEGIN;
DELETE FROM explore_engagements;
DELETE FROM explore_content;
SELECT explore_analytics.rebuild() \g /dev/null
INSERT INTO explore_content (id, creator_id, category) SELECT n, n, 'c' FROM generate_series(1, 8) n;
SELECT pg_temp.did(n, 'view', 400), pg_temp.did(n, 'save', (4 * r)::int), pg_temp.did(n, 'share', 40 + 3 * n) FROM (VALUES (1, 7.5), (2, 4), (3, 7.5), (4, 7.5), (5, 9), (6, 12.25), (7, 15), (8, 21)) v(n, r) \g /dev/null
SELECT is(pg_temp.told($$1, 'save_rate', '2025-03-01', '2025-04-01'$$), '(save_rate,7.5,28.571428571428573,5,7.5,9,13.6,,7)', 'quartiles to three digits');
SELECT is(pg_temp.told($$NULL, 'save_rate', NULL, '2025-04-01', 'platform'$$), '(save_rate,7.5,28.571428571428573,5,7.5,9,13.6,,7)', 'an open start, and no creator');
-- 43 shares among 46, 49, 52, 55, 58, 61, 64: as 45 among 45, 50, 50, 55, 60, 60, 65.
SELECT is(pg_temp.told($$1, 'shares', '2025-03-01', '2025-04-01'$$), format('(shares,43,%s,7,50.5,55,59.5,%s,7)', 50.0::float8 / 7, 4300::float8 / 428), 'places and shares by rounded numbers, quartiles not');
SELECT is(pg_temp.told($$1, 'shares', '2025-03-01', '2025-04-01', 'size'$$), format('(shares,43,%s,7,50,55,60,%s,7)', 50.0::float8 / 7, 4300::float8 / 428), 'of size, quartiles too');
SELECT is(pg_temp.answer('ea_tap_k_analyst', $$SELECT * FROM benchmark_creator(1, 'shares', '2025-03-01', '2025-03-05 10:00:01', 'size', 1)$$, ''), format('(shares,43,0,8,50.5,55,59.5,%s,7)', 4300::float8 / 428), 'an analyst is told all, of any range');
SAVEPOINT before;
SELECT pg_temp.did(7, 'share', 1, '2025-03-09') \g /dev/null
SELECT is(pg_temp.told($$1, 'shares', '2025-03-01', '2025-04-01'$$), format('(shares,43,%s,7,50,55,60,%s,7)', 50.0::float8 / 7, 4300::float8 / 428), 'where the last day is that of one peer, quartiles are of rounded numbers');
SELECT is(pg_temp.told($$1, 'save_rate', '2025-03-01', '2025-04-01'$$), '(save_rate,7.5,28.571428571428573,5,7.5,9,13.6,,7)', 'of another metric they are not');
SELECT pg_temp.did(6, 'share', 1, '2025-03-09') \g /dev/null
SELECT is(pg_temp.told($$1, 'shares', '2025-03-01', '2025-04-01'$$), format('(shares,43,%s,7,50.5,55,60.5,%s,7)', 50.0::float8 / 7, 4300::float8 / 428), 'where it is that of two, they are not');
ROLLBACK TO before;
SELECT pg_temp.did(7, 'share', 1, '2025-03-03') \g /dev/null
SELECT is(pg_temp.told($$1, 'shares', '2025-03-01', '2025-04-01'$$), format('(shares,43,%s,7,50,55,60,%s,7)', 50.0::float8 / 7, 4300::float8 / 428), 'so where the first one is');
ROLLBACK TO before;
INSERT INTO explore_content (id, creator_id, category) VALUES (9, 9, 'alone');
SELECT pg_temp.did(9, 'view', 400), pg_temp.did(9, 'share', 71) \g /dev/null
SELECT is(pg_temp.told($$1, 'shares', '2025-03-01', '2025-04-01'$$), format('(shares,43,%s,7,50.5,55,59.5,%s,7)', 50.0::float8 / 7, 4300::float8 / 428), 'another who is alone in a category leaves this one as it is');
SELECT alike(pg_temp.told($$1, 'shares', '2025-03-01', '2025-04-01', 'platform'$$), '%,8,50,57.5,61.3,%', 'but of the platform quartiles are of rounded numbers');
INSERT INTO explore_content (id, creator_id, category) VALUES (10, 10, 'alone, too');
SELECT pg_temp.did(10, 'view', 400), pg_temp.did(10, 'share', 71) \g /dev/null
SELECT alike(pg_temp.told($$1, 'shares', '2025-03-01', '2025-04-01', 'platform'$$), '%,9,52,58,64,%', 'of two outside of all categories that are told they are not');
UPDATE explore_content SET area = 'a' WHERE id <> 10;
SELECT alike(pg_temp.told($$1, 'shares', '2025-03-01', '2025-04-01', 'platform'$$), '%,9,50,60,65,%', 'by area one is');
SELECT alike(pg_temp.told($$1, 'shares', '2025-03-01', '2025-04-01', 'area'$$), '%,8,50,57.5,61.3,%', 'an area of one more than the category');
ROLLBACK TO before;

-- The others have 6 * 400 views together. 2,450 are as 2,400, which is not over half, and 2,510 are as 2,600.
SELECT pg_temp.did(8, 'view', 2050) \g /dev/null
SELECT alike(pg_temp.told($$1, 'saves', '2025-03-01', '2025-04-01'$$), '(saves,30,28.57%', 'whether a peer has over half of the views is decided by rounded views');
SELECT is(pg_temp.answer('ea_tap_k_analyst', $$SELECT * FROM benchmark_creator(1, 'saves', '2025-03-01', '2025-04-01')$$, ''), '(saves,30,,,,,,,7)', 'and for an analyst by those that there are');
DELETE FROM explore_engagements WHERE id IN (SELECT id FROM explore_engagements WHERE content_id = 7 AND engagement_type = 'view' LIMIT 5);
SELECT alike(pg_temp.told($$1, 'saves', '2025-03-01', '2025-04-01'$$), '(saves,30,28.57%', 'five views less of another, and nothing turns');
SELECT pg_temp.did(8, 'view', 60) \g /dev/null
SELECT is(pg_temp.told($$1, 'saves', '2025-03-01', '2025-04-01'$$), '(saves,30,,,,,,,7)', 'it does where the rounded number is over half');
ROLLBACK TO before;

CREATE TEMP TABLE refused (state text, arguments text);
INSERT INTO refused VALUES ('42501', $$2, 'views', '2025-03-01', '2025-04-01'$$), ('42501', $$999, 'views', '2025-03-01', '2025-04-01'$$), ('22023', $$1, 'views', '2025-03-01', '2025-04-01', min_peers => 4$$), ('22023', $$1, 'views', '2025-03-01', '2025-04-01', min_peers => 1$$),
  ('22023', $$1, 'views', '2025-03-01', '2025-03-07'$$), ('22023', $$1, 'views', '2025-03-01', '2025-03-01'$$), ('22023', $$1, 'views', '2025-03-01 00:00:01', '2025-04-01'$$), ('22023', $$1, 'views', '2025-03-01', '2025-04-01 12:00'$$), ('22023', $$1, 'views', '2025-03-01 00:00+02', '2025-04-01'$$),
  ('22023', $$1, 'views', '2025-03-01'$$), ('22023', '1'), ('22023', $$1, 'views', '2025-03-01', date_trunc('day', now()) + interval '1 day'$$);
SELECT is(left(pg_temp.told(arguments), 5), state, format('a reader: %s', arguments)) FROM refused;
SELECT is(split_part(pg_temp.told('2'), ' ', 1), '42501', 'of another creator nothing, whatever the range');
SELECT is(replace(pg_temp.told('2'), 'creator 2', '#'), replace(pg_temp.told('999'), 'creator 999', '#'), 'in the same words whether it exists or not');
SELECT alike(pg_temp.told($$1, 'views', '2025-03-01', '2025-03-08'$$), '(views,400,%', 'seven days are enough');
SELECT alike(pg_temp.told($$1, 'views', '2025-03-01', date_trunc('day', now())$$), '(views,400,%', 'until today''s midnight');
SELECT alike(pg_temp.told('1', ''), '42501%', 'nobody without an identity');
SELECT alike(pg_temp.answer('ea_tap_k_' || role, 'SELECT * FROM benchmark_creator(1)', '1'), '42501%', role) FROM unnest(ARRAY['writer', 'nobody']) role;
SELECT is(pg_temp.answer(('ea_tap_k_' || role)::name, 'SELECT peers FROM benchmark_creator(1, min_peers => 1)', ''), '(7)', role) FROM unnest(ARRAY['owner', 'analyst']) role;
ROLLBACK;
SELECT * FROM finish();

DROP OWNED BY ea_tap_k_reader, ea_tap_k_analyst, ea_tap_k_writer;
DROP EXTENSION explore_analytics CASCADE;
DROP OWNED BY ea_tap_k_owner CASCADE;
DROP ROLE ea_tap_k_owner, ea_tap_k_reader, ea_tap_k_analyst, ea_tap_k_writer, ea_tap_k_nobody;
