-- Laws of the summary value and of the viewer set: a number does not depend on the way it was computed.
-- Each check prints "ok ..." or "FAIL ...".
\set QUIET on
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION explore_analytics;
CALL explore_analytics.install();
CREATE SCHEMA law;

-- Prints whether a condition holds; a condition that is NULL fails.
CREATE FUNCTION law.holds(what text, truth boolean) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE WHEN truth THEN 'ok ' ELSE 'FAIL ' END || what;
-- The plan of a query as one text.
CREATE FUNCTION law.plan(query text, options text DEFAULT 'COSTS OFF') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  line text;
  plan text := '';
BEGIN
  FOR line IN EXECUTE format('EXPLAIN (%s) %s', options, query) LOOP plan := plan || line || E'\n'; END LOOP;
  RETURN plan;
END $$;

-- ---------------------------------------------------------------------------------------------------
-- 120,000 events in 401 groups: one of 40,000, one with viewers all over 64 bits, many small ones, some
-- without viewers, some without views. Every event also lies in one of 16 random parts.
-- ---------------------------------------------------------------------------------------------------
SELECT FROM (SELECT setseed(0.2718)) s;
CREATE TABLE law.event (id int, grp int, part int, type engagement_type, viewer bigint, watch int, completed boolean);
INSERT INTO law.event
SELECT n, grp, floor(16 * random())::int,
       CASE WHEN grp % 20 = 7 THEN (ARRAY['save', 'skip', 'impression', 'complete', 'progress'])[1 + n % 5]
            WHEN grp % 20 = 8 THEN 'progress'
            ELSE (ARRAY['view', 'view', 'view', 'view', 'save', 'share', 'click', 'skip', 'complete', 'impression', 'progress'])[1 + floor(11 * random())::int]
       END::engagement_type,
       CASE WHEN grp % 20 = 9 OR random() < 0.05 THEN NULL
            WHEN grp = 0 THEN 1 + floor(300000 * random())::bigint
            WHEN grp = 1 THEN (random() * 9223372036854775000)::bigint * CASE WHEN random() < 0.5 THEN -1 ELSE 1 END
            WHEN grp = 2 THEN n % 70000                                          -- long runs
            WHEN grp = 3 THEN (ARRAY[-9223372036854775808, -9223372036854775807, -65537, -65536, -1, 0, 1, 65535, 65536, 9223372036854775807])[1 + n % 10]
            ELSE floor(60 * random())::bigint - 20 END,
       CASE WHEN random() < 0.1 THEN NULL ELSE floor(100001 * random())::int END,
       CASE WHEN random() < 0.1 THEN NULL ELSE random() < 0.4 END
FROM (SELECT n, CASE WHEN n <= 40000 THEN 0 WHEN n <= 55000 THEN 1 WHEN n <= 70000 THEN 2 WHEN n <= 71000 THEN 3
                     ELSE 4 + floor(397 * random())::int END AS grp FROM generate_series(1, 120000) n OFFSET 0) g;
ANALYZE law.event;

-- Plain SQL.
CREATE TABLE law.plain AS
SELECT grp, count(*) FILTER (WHERE type = 'view') AS views, count(DISTINCT viewer) FILTER (WHERE type = 'view') AS viewers,
       count(*) FILTER (WHERE type = 'view' AND viewer IS NULL) AS unidentified,
       count(*) FILTER (WHERE (type = 'view' AND completed) OR type = 'complete') AS completions,
       count(*) FILTER (WHERE type = 'save') AS saves, count(*) FILTER (WHERE type = 'share') AS shares,
       count(*) FILTER (WHERE type = 'click') AS clicks, count(*) FILTER (WHERE type = 'skip') AS skips,
       count(*) FILTER (WHERE type = 'impression') AS impressions, coalesce(sum(watch), 0) AS ms,
       coalesce(array_agg(DISTINCT viewer ORDER BY viewer) FILTER (WHERE type = 'view' AND viewer IS NOT NULL), '{}') AS keys
FROM law.event GROUP BY grp;

-- The serial answer, by sorting; all other ways are held against its bytes.
SET max_parallel_workers_per_gather = 0;
SET enable_hashagg = off;
\set agg 'engagement_agg(type, viewer, watch, completed)'
SELECT law.holds('the serial plan sorts', law.plan('SELECT grp, engagement_agg(type, viewer, watch, completed) FROM law.event GROUP BY grp') ~ 'GroupAggregate' ) AS line
\gset
\echo :line
CREATE TABLE law.serial AS SELECT grp, :agg AS summary FROM law.event GROUP BY grp;
RESET enable_hashagg;

SELECT law.holds('serial = plain SQL, every counter and every viewer',
  count(*) = 401 AND bool_and((views(s), unique_viewers(s), unidentified_views(s), completions(s), saves(s), shares(s), clicks(s), skips(s), impressions(s),
     total_engagements(s), total_watch_time(s)) = (p.views, p.viewers, unidentified, p.completions, p.saves, p.shares, p.clicks, p.skips, p.impressions,
     p.saves + p.shares + p.clicks, ms::float8 / 1000) AND ARRAY(SELECT viewer_keys(viewers(s))) = keys))
FROM law.plain p JOIN (SELECT grp, summary AS s FROM law.serial) x USING (grp);

-- The bytes themselves, written in SQL from the description of the format: magic, version, flags and
-- reserve; the counters as varints; the set of up to 64 viewers as zigzag and distances.
CREATE FUNCTION law.varint(value numeric) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  result bytea := '';
BEGIN
  LOOP
    IF value < 128 THEN RETURN result || decode(lpad(to_hex(value::int), 2, '0'), 'hex'); END IF;
    result := result || decode(lpad(to_hex((value % 128)::int + 128), 2, '0'), 'hex');
    value := div(value, 128);
  END LOOP;
END $$;
CREATE FUNCTION law.payload(keys bigint[]) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT law.varint(coalesce(cardinality(keys), 0)) || coalesce(string_agg(
    law.varint(CASE WHEN n = 1 THEN CASE WHEN key < 0 THEN -2 * key::numeric - 1 ELSE 2 * key::numeric END ELSE key::numeric - keys[n - 1] - 1 END), '' ORDER BY n), '')
  FROM unnest(keys) WITH ORDINALITY k(key, n)
$$;
SELECT law.holds('the bytes are those of the documented format (' || count(*) || ' summaries)', count(*) > 300 AND bool_and(
  summary::text = replace(encode('\xe5010000' || law.varint(views) || law.varint(unidentified) || law.varint(completions) || law.varint(saves) || law.varint(shares)
    || law.varint(clicks) || law.varint(skips) || law.varint(impressions) || law.varint(ms) || law.varint(viewers)
    || CASE WHEN viewers = 0 THEN '' ELSE '\x01' || law.varint(length(law.payload(keys))) || law.payload(keys) END, 'base64'), E'\n', '')))
FROM law.plain JOIN law.serial USING (grp) WHERE viewers <= 64;

-- A way to compute, as a query that gives (grp, summary); all groups must have equal bytes.
CREATE FUNCTION law.agrees(what text, query text, wanted_plan text DEFAULT NULL, reference text DEFAULT 'law.serial') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  different bigint;
  plan text;
BEGIN
  IF wanted_plan IS NOT NULL THEN
    plan := law.plan(query);
    IF plan !~ wanted_plan THEN RETURN format(E'FAIL %s: the plan is not %s\n%s', what, wanted_plan, plan); END IF;
  END IF;
  EXECUTE format('SELECT count(*) FROM %s s FULL JOIN (%s) q USING (grp) WHERE s.summary::text IS DISTINCT FROM q.summary::text', reference, query) INTO different;
  RETURN CASE WHEN different = 0 THEN 'ok ' || what ELSE format('FAIL %s: %s groups differ', what, different) END;
END $$;

SET enable_sort = off;
SELECT law.agrees('hash aggregation', $$SELECT grp, engagement_agg(type, viewer, watch, completed) AS summary FROM law.event GROUP BY grp$$, 'HashAggregate');
SET work_mem = '64kB';
SELECT law.agrees('hash aggregation that spills', $$SELECT id % 9973 AS grp, engagement_agg(type, viewer, watch, completed) AS summary FROM law.event GROUP BY 1$$, 'HashAggregate',
  '(SELECT grp, rollup(summary) AS summary FROM (SELECT id % 9973 AS grp, engagement_agg(type, viewer, watch, completed) AS summary FROM law.event GROUP BY id, 1) x GROUP BY grp)');
SELECT law.holds('it did spill', law.plan($$SELECT id % 9973 AS grp, engagement_agg(type, viewer, watch, completed) FROM law.event GROUP BY 1$$, 'ANALYZE, COSTS OFF, TIMING OFF') ~ 'Batches: ([2-9]|\d\d)|Disk Usage');
RESET work_mem;
RESET enable_sort;

-- Parallel: partial states travel between processes.
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SELECT law.agrees('parallel, hashed', $$SELECT grp, engagement_agg(type, viewer, watch, completed) AS summary FROM law.event GROUP BY grp$$,
  'Finalize (Hash|Group)Aggregate(.|\n)*Workers Planned: 2(.|\n)*Partial HashAggregate(.|\n)*Parallel Seq Scan');
SET enable_hashagg = off;
SELECT law.agrees('parallel, sorted', $$SELECT grp, engagement_agg(type, viewer, watch, completed) AS summary FROM law.event GROUP BY grp$$,
  'Finalize GroupAggregate(.|\n)*Workers Planned: 2(.|\n)*Partial GroupAggregate(.|\n)*Parallel Seq Scan');
RESET enable_hashagg;
SET parallel_leader_participation = off;
SELECT law.agrees('parallel, workers only', $$SELECT grp, engagement_agg(type, viewer, watch, completed) AS summary FROM law.event GROUP BY grp$$, 'Partial HashAggregate');
RESET parallel_leader_participation;
SELECT law.agrees('parallel, everything in one group', $$SELECT 1 AS grp, engagement_agg(type, viewer, watch, completed) AS summary FROM law.event$$,
  'Finalize Aggregate(.|\n)*Partial Aggregate', '(SELECT 1 AS grp, rollup(summary) AS summary FROM law.serial)');
SELECT law.agrees('parallel, workers that see no row of ours', $$SELECT 1 AS grp, engagement_agg(type, viewer, watch, completed) FILTER (WHERE id = 5) AS summary FROM law.event$$,
  'Partial Aggregate', '(SELECT 1 AS grp, engagement_agg(type, viewer, watch, completed) AS summary FROM law.event WHERE id = 5)');
SELECT law.agrees('parallel, over nothing', $$SELECT 1 AS grp, engagement_agg(type, viewer, watch, completed) AS summary FROM law.event WHERE id + grp < 0$$,
  'Partial Aggregate', '(SELECT 1 AS grp, rollup(NULL) AS summary)');
SELECT law.holds('viewer_set_agg, parallel = serial = array_agg', law.plan('SELECT viewer_set_agg(viewer) FROM law.event') ~ 'Partial Aggregate'
  AND ARRAY(SELECT viewer_keys((SELECT viewer_set_agg(viewer) FROM law.event))) = (SELECT array_agg(DISTINCT viewer ORDER BY viewer) FROM law.event WHERE viewer IS NOT NULL));
SELECT law.holds('the aggregate engagement_score, parallel = its formula', law.plan('SELECT grp, engagement_score(type, completed) FROM law.event GROUP BY grp') ~ 'Partial HashAggregate'
  AND (SELECT bool_and(s = engagement_score(views, completions, saves, shares, clicks, skips)
          AND s = CASE WHEN views = 0 THEN 0 ELSE least(100, greatest(0, (40 * completions + 30 * saves + 20 * shares + 10 * clicks - 20 * skips)::float8 / views)) END)
       FROM (SELECT grp, engagement_score(type, completed) AS s FROM law.event GROUP BY grp) a JOIN law.plain USING (grp)));

-- Restacking: random parts in random order, stored, in a tree, in parallel.
CREATE TABLE law.part AS SELECT grp, part, :agg AS summary, random() AS r FROM law.event GROUP BY grp, part;
ANALYZE law.part;
SELECT law.agrees('rollup of random parts, in parallel', $$SELECT grp, rollup(summary) AS summary FROM law.part GROUP BY grp$$, 'Partial HashAggregate');
SET max_parallel_workers_per_gather = 0;
SELECT law.agrees('rollup of random parts in random order', $$SELECT grp, rollup(summary ORDER BY r) AS summary FROM law.part GROUP BY grp$$);
SELECT law.agrees('rollup of random parts backwards, with NULLs between', $$SELECT grp, rollup(CASE WHEN n = 1 THEN summary END ORDER BY r DESC, n) AS summary FROM law.part, generate_series(1, 2) n GROUP BY grp$$);
SELECT law.agrees('rollup of rollups', $$SELECT grp, rollup(summary) AS summary FROM (SELECT grp, part % 3, rollup(summary) AS summary FROM law.part GROUP BY 1, 2) t GROUP BY grp$$);
-- A summary that is merged with itself counts twice but has the same viewers.
SELECT law.holds('counters add, viewers unite', bool_and(views(summary + summary) = 2 * views(summary) AND unique_viewers(summary + summary) = unique_viewers(summary)
  AND viewers(summary + summary) = viewers(summary) AND total_watch_time(summary + summary) = 2 * total_watch_time(summary))) FROM law.serial;
CREATE AGGREGATE law.chain(engagement_summary) (SFUNC = engagement_summary_add, STYPE = engagement_summary);
SELECT law.agrees('a chain of +', $$SELECT grp, law.chain(summary ORDER BY r) AS summary FROM law.part GROUP BY grp$$);
SELECT law.holds('+ is commutative and associative, the empty summary neutral', bool_and(
  (a.summary + b.summary)::text = (b.summary + a.summary)::text AND ((a.summary + b.summary) + c.summary)::text = (a.summary + (b.summary + c.summary))::text
  AND (a.summary + e.s)::text = a.summary::text AND (e.s + a.summary)::text = a.summary::text))
FROM law.serial a JOIN law.serial b ON b.grp = (a.grp * 7 + 1) % 401 JOIN law.serial c ON c.grp = (a.grp * 31 + 5) % 401, (SELECT rollup(NULL::engagement_summary) AS s) e;

-- One query, several aggregates over one state; DISTINCT, FILTER, ORDER BY, grouping sets.
SELECT law.agrees('ORDER BY inside the aggregate', $$SELECT grp, engagement_agg(type, viewer, watch, completed ORDER BY part DESC, id) AS summary FROM law.event GROUP BY grp$$);
SELECT law.agrees('FILTER', $$SELECT grp, engagement_agg(type, viewer, watch, completed) FILTER (WHERE part < 5) + engagement_agg(type, viewer, watch, completed) FILTER (WHERE part >= 5) AS summary FROM law.event GROUP BY grp$$);
SELECT law.agrees('DISTINCT', $$SELECT grp, engagement_agg(DISTINCT type, viewer, watch / 1000, completed) AS summary FROM law.event GROUP BY grp$$, NULL,
  '(SELECT grp, engagement_agg(type, viewer, watch, completed) AS summary FROM (SELECT DISTINCT grp, type, viewer, watch / 1000 AS watch, completed FROM law.event) d GROUP BY grp)');
SELECT law.agrees('grouping sets, groups', $$SELECT grp, summary FROM (SELECT grp, engagement_agg(type, viewer, watch, completed) AS summary FROM law.event GROUP BY GROUPING SETS ((grp), (part), ())) x WHERE grp IS NOT NULL$$);
SELECT law.agrees('grouping sets, the total', $$SELECT 1 AS grp, summary FROM (SELECT grouping(grp, part) AS g, engagement_agg(type, viewer, watch, completed) AS summary FROM law.event GROUP BY GROUPING SETS ((grp), (part), ())) x WHERE g = 3$$, NULL,
  '(SELECT 1 AS grp, rollup(summary) AS summary FROM law.serial)');
SELECT law.holds('the same aggregate twice in one query', bool_and(a::text = b::text AND c = views(a)))
FROM (SELECT engagement_agg(type, viewer, watch, completed) AS a, rollup(NULL) + engagement_agg(type, viewer, watch, completed) AS b, count(*) FILTER (WHERE type = 'view') AS c FROM law.event GROUP BY grp) x;

-- Windows: the final function must leave the state as it is.
SELECT law.agrees('a window over the whole group', $$SELECT DISTINCT ON (grp) grp, summary FROM (SELECT grp, engagement_agg(type, viewer, watch, completed) OVER (PARTITION BY grp ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS summary FROM law.event WHERE grp > 3) w$$,
  'WindowAgg', '(SELECT * FROM law.serial WHERE grp > 3)');
CREATE TABLE law.few AS SELECT row_number() OVER (ORDER BY id) AS n, * FROM law.event WHERE id BETWEEN 54600 AND 55300 OR grp IN (0, 30) AND id % 50 = 0;
CREATE INDEX ON law.few (n);
ANALYZE law.few;
SELECT law.agrees('a growing window, row by row (' || count(*) || ' rows)', $$SELECT n AS grp, engagement_agg(type, viewer, watch, completed) OVER (ORDER BY n) AS summary FROM law.few$$, 'WindowAgg',
  $$(SELECT n AS grp, (SELECT engagement_agg(type, viewer, watch, completed) FROM law.few i WHERE i.n <= f.n) AS summary FROM law.few f)$$) FROM law.few;
SELECT law.agrees('a sliding window', $$SELECT id AS grp, engagement_agg(type, viewer, watch, completed) OVER (ORDER BY id ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) AS summary FROM law.event WHERE grp = 30$$, 'WindowAgg',
  $$(SELECT id AS grp, (SELECT engagement_agg(type, viewer, watch, completed) FROM (SELECT * FROM law.event i WHERE grp = 30 AND i.id <= e.id ORDER BY id DESC LIMIT 4) l) AS summary FROM law.event e WHERE grp = 30)$$);
SELECT law.agrees('rollup in a growing window', $$SELECT part AS grp, rollup(summary) OVER (ORDER BY part) AS summary FROM law.part WHERE grp = 0$$, 'WindowAgg',
  $$(SELECT part AS grp, (SELECT rollup(summary) FROM law.part i WHERE grp = 0 AND i.part <= e.part) AS summary FROM law.part e WHERE grp = 0)$$);

-- Out and in again: stored, as text, as binary.
CREATE TEMP TABLE copied (LIKE law.serial);
\set binary_file `mktemp -u /tmp/explore_analytics_summary.XXXXXX`
\set text_file `mktemp -u /tmp/explore_analytics_summary.XXXXXX`
SELECT format('\copy law.serial TO %s WITH (FORMAT binary)', :'binary_file') AS copy_out, format('\copy copied FROM %s WITH (FORMAT binary)', :'binary_file') AS copy_in,
       format('\copy law.serial TO %s', :'text_file') AS text_out, format('\copy copied FROM %s', :'text_file') AS text_in \gset
:copy_out
:copy_in
SELECT law.agrees('COPY BINARY, out and in', 'TABLE copied');
TRUNCATE copied;
:text_out
:text_in
\setenv BINARY_FILE :binary_file
\setenv TEXT_FILE :text_file
\! rm -f "$BINARY_FILE" "$TEXT_FILE"
SELECT law.agrees('COPY as text, out and in', 'TABLE copied');
SELECT law.agrees('a cast to text and back', 'SELECT grp, summary::text::engagement_summary AS summary FROM law.serial');
SELECT law.holds('large ones are stored out of line', max(pg_column_size(summary)) > 8000 AND pg_relation_size(reltoastrelid) > 0) FROM law.serial, pg_class WHERE oid = 'law.serial'::regclass GROUP BY reltoastrelid;

-- ---------------------------------------------------------------------------------------------------
-- viewer_set: 72 arrays of every shape, each against three others
-- ---------------------------------------------------------------------------------------------------
CREATE TABLE law.shape AS
SELECT n, CASE n % 12
    WHEN 0 THEN '{}'::bigint[]
    WHEN 1 THEN ARRAY[n * 1000003::bigint]
    WHEN 2 THEN ARRAY(SELECT g + n FROM generate_series(1, 64) g)                                    -- the last tiny one
    WHEN 3 THEN ARRAY(SELECT g * 3 - n FROM generate_series(1, 65) g)                                -- the first with containers
    WHEN 4 THEN ARRAY(SELECT floor(random() * 200000)::bigint FROM generate_series(1, 300))
    WHEN 5 THEN ARRAY(SELECT g * 2 FROM generate_series(1, 4096) g)                                  -- array or bitmap
    WHEN 6 THEN ARRAY(SELECT g * 2 + n FROM generate_series(1, 4097) g)
    WHEN 7 THEN ARRAY(SELECT g FROM generate_series(n * 100, n * 100 + 70000) g)                     -- a run over a whole container
    WHEN 8 THEN ARRAY(SELECT (random() * 9223372036854775000)::bigint * CASE WHEN random() < 0.5 THEN 1 ELSE -1 END FROM generate_series(1, 500))
    WHEN 9 THEN ARRAY(SELECT -g FROM generate_series(1, 100 * n) g)                                  -- anonymous visitors
    WHEN 10 THEN ARRAY[-9223372036854775808, -65537, -65536, -65535, -1, 0, 1, 65535, 65536, 9223372036854775807] || n::bigint
    ELSE ARRAY(SELECT g FROM generate_series(-40000, 40000) g WHERE random() < 0.3)
  END AS keys
FROM generate_series(0, 71) n;
CREATE TABLE law.set AS
SELECT n, ARRAY(SELECT DISTINCT k FROM unnest(keys) k ORDER BY k) AS keys, (SELECT viewer_set_agg(k) FROM unnest(keys) k) AS set FROM law.shape;
SELECT law.holds('viewer_set_agg, cardinality and viewer_keys agree with arrays', count(*) = 72 AND bool_and(cardinality(set) = cardinality(keys) AND ARRAY(SELECT viewer_keys(set)) = keys)) FROM law.set;
SELECT law.holds('the order of arrival does not show in the bytes', bool_and((SELECT viewer_set_agg(k ORDER BY k DESC) FROM unnest(keys || keys) k)::text = set::text)) FROM law.set;

CREATE TABLE law.pair AS
SELECT a.n AS an, b.n AS bn, a.keys AS ak, b.keys AS bk, a.set AS a, b.set AS b, c.set AS c
FROM law.set a JOIN law.set b ON b.n IN ((a.n + 1) % 72, (a.n + 5) % 72, (a.n * 7 + 3) % 72, a.n) JOIN law.set c ON c.n = (a.n * 13 + b.n) % 72;
SELECT law.holds('union, intersection and difference agree with arrays (' || count(*) || ' pairs)', count(*) > 250 AND bool_and(
       ARRAY(SELECT viewer_keys(a | b)) = ARRAY(SELECT unnest(ak) UNION SELECT unnest(bk) ORDER BY 1)
   AND ARRAY(SELECT viewer_keys(a & b)) = ARRAY(SELECT unnest(ak) INTERSECT SELECT unnest(bk) ORDER BY 1)
   AND ARRAY(SELECT viewer_keys(a - b)) = ARRAY(SELECT unnest(ak) EXCEPT SELECT unnest(bk) ORDER BY 1))) FROM law.pair;
SELECT law.holds('@> and = agree with arrays', bool_and((a @> b) = NOT EXISTS (SELECT unnest(bk) EXCEPT SELECT unnest(ak)) AND (b @> a) = NOT EXISTS (SELECT unnest(ak) EXCEPT SELECT unnest(bk)) AND (a = b) = (ak = bk) AND (a = b) = (a::text = b::text))) FROM law.pair;
SELECT law.holds('@> of a key agrees with arrays', bool_and((set @> k) = (k = ANY (keys)))) FROM law.set, unnest(ARRAY[-9223372036854775808, -65536, -7, -1, 0, 1, 64, 65, 65535, 65536, 70000, 9223372036854775807] || keys[1:3]) k;
SELECT law.holds('commutative', bool_and((a | b)::text = (b | a)::text AND (a & b)::text = (b & a)::text)) FROM law.pair;
SELECT law.holds('associative', bool_and(((a | b) | c)::text = (a | (b | c))::text AND ((a & b) & c)::text = (a & (b & c))::text)) FROM law.pair;
SELECT law.holds('distributive', bool_and((a & (b | c))::text = ((a & b) | (a & c))::text AND (a | (b & c))::text = ((a | b) & (a | c))::text)) FROM law.pair;
SELECT law.holds('absorbing and idempotent', bool_and(a | (a & b) = a AND a & (a | b) = a AND (a | a) = a AND (a & a) = a AND cardinality(a - a) = 0)) FROM law.pair;
SELECT law.holds('De Morgan, relative to a third set', bool_and(c - (a | b) = (c - a) & (c - b) AND c - (a & b) = (c - a) | (c - b))) FROM law.pair;
SELECT law.holds('the parts make the whole', bool_and(((a - b) | (a & b)) = a AND ((a - b) & b) = e.s AND (a | b) @> a AND a @> (a & b))) FROM law.pair, (SELECT viewer_set_agg(NULL) AS s) e;
SELECT law.holds('cardinalities add up', bool_and(cardinality(a) + cardinality(b) = cardinality(a | b) + cardinality(a & b) AND cardinality(a - b) = cardinality(a) - cardinality(a & b))) FROM law.pair;
SELECT law.holds('to_roaring and from_roaring', bool_and(from_roaring(to_roaring(set))::text = set::text AND from_roaring(to_roaring(set)) = set)) FROM law.set;
SELECT law.holds('to_roaring is the portable format', bool_and(to_roaring((SELECT viewer_set_agg(k) FROM unnest(keys) k)) = decode(bytes, 'hex'))) FROM (VALUES
  -- number of parts, the high 32 bits; cookie, number of containers, key and cardinality - 1, offset, members
  ('{}'::bigint[], '0000000000000000'),
  ('{1,2,4}', '0100000000000000 00000000 3a300000 01000000 00000200 10000000 010002000400'),
  ('{-1}', '0100000000000000 ffffffff 3a300000 01000000 ffff0000 10000000 ffff'),
  ('{-1,5}', '0200000000000000 00000000 3a300000 01000000 00000000 10000000 0500 ffffffff 3a300000 01000000 ffff0000 10000000 ffff')) v(keys, bytes);
SELECT law.holds('a cast to text and back', bool_and(set::text::viewer_set::text = set::text)) FROM law.set;
CREATE TEMP TABLE sets (n int, set viewer_set);
\set binary_file `mktemp -u /tmp/explore_analytics_set.XXXXXX`
SELECT format('\copy (SELECT n, set FROM law.set) TO %s WITH (FORMAT binary)', :'binary_file') AS copy_out, format('\copy sets FROM %s WITH (FORMAT binary)', :'binary_file') AS copy_in \gset
:copy_out
:copy_in
\setenv BINARY_FILE :binary_file
\! rm -f "$BINARY_FILE"
SELECT law.holds('COPY BINARY of sets, out and in', count(*) = 72 AND bool_and(s.set::text = l.set::text)) FROM sets s JOIN law.set l USING (n);
SELECT law.holds('viewers() of a merged summary is the union of the viewers', bool_and(viewers(a.summary + b.summary) = (viewers(a.summary) | viewers(b.summary)) AND unique_viewers(a.summary) = cardinality(viewers(a.summary))))
FROM law.serial a JOIN law.serial b ON b.grp = (a.grp + 3) % 401;
