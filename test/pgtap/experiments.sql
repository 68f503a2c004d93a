-- Experiments: who is assigned what, what a definition may be and when it is frozen, and what an exposure stores.
\set QUIET on
SET client_min_messages = warning;
SET timezone = 'UTC';
BEGIN;
SELECT no_plan();
CREATE ROLE ea_tap_e_owner;
CREATE ROLE ea_tap_e_defines;
CREATE ROLE ea_tap_e_sees;
CREATE ROLE ea_tap_e_reads;
CREATE ROLE ea_tap_e_records;
CREATE ROLE ea_tap_e_nobody;
CALL explore_analytics.install('ea_tap_e_owner');
SELECT explore_analytics.grant_access(r, m) FROM (VALUES ('ea_tap_e_defines'::name, 'define'), ('ea_tap_e_sees', 'analyse'), ('ea_tap_e_reads', 'read'), ('ea_tap_e_records', 'record')) g(r, m) \g /dev/null
INSERT INTO explore_feed_sessions (id, user_id) VALUES (501, 41), (502, NULL), (503, NULL);

-- Buckets: what the SDKs are tested with, and text beyond ASCII. The latter: node's charCodeAt().
SELECT is(experiment_bucket(s, u), b, format('the bucket of %L, %L', s, u)) FROM (VALUES ('seed', 'a', 0.0505::float8), ('seed', 'b', 0.2696), ('foo', 'ab', 0.2575), ('foo', 'def', 0.2019),
  ('89123klj', '8952klfjas09ujkasdf', 0.124), ('90850943850283058242805', '123', 0.7516), ('()**(%$##$%#$#', '___)((*":&', 0.0128)) v(s, u, b);
SELECT is(experiment_bucket(NULL, 'a'), NULL, 'NULL seed') UNION ALL SELECT is(experiment_bucket('seed', NULL), NULL, 'NULL unit');
SELECT is(experiment_bucket('', 'seeda'), experiment_bucket('seed', 'a'), 'seed and unit are one text');

-- The same in SQL: FNV-1a over UTF-16 units, with numerics.
CREATE FUNCTION pg_temp.hashed(t text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  h bigint := 2166136261;
  c int;
BEGIN
  FOR i IN 1 .. length(t) LOOP
    c := ascii(substr(t, i, 1));
    IF c >= 65536 THEN
      h := ((h # (55296 + ((c - 65536) >> 10)))::numeric * 16777619 % 4294967296)::bigint;
      c := 56320 + ((c - 65536) & 1023);
    END IF;
    h := ((h # c)::numeric * 16777619 % 4294967296)::bigint;
  END LOOP;
  RETURN h;
END $$;
SELECT is_empty($$SELECT s, u FROM unnest(ARRAY['x', 'Zürich', '苏黎世', '😀', 'e' || chr(769), chr(65535), chr(1114111), chr(255) || chr(256)]) s, generate_series(1, 200) i, LATERAL (SELECT s || i || chr(100 + i * 200) AS u) u
  WHERE experiment_bucket(s, u) IS DISTINCT FROM (pg_temp.hashed(pg_temp.hashed(s || u)::text) % 10000)::float8 / 10000$$, 'buckets are what SQL says');

-- D2
SELECT define_experiment('feed-rank', '{a,b,c}', '{.2,.3,.5}', coverage => .2) \g /dev/null
CREATE TEMP TABLE published (unit text, bucket float8, covered text, whole text);
INSERT INTO published VALUES ('1001', 0.7343, NULL, 'c'), ('1002', 0.4963, NULL, 'b'), ('1003', 0.0258, 'a', 'a'), ('1004', 0.0154, 'a', 'a'), ('1005', 0.948, NULL, 'c'), ('1006', 0.2026, 'b', 'b'), ('1007', 0.1197, NULL, 'a'),
  ('1008', 0.8195, NULL, 'c'), ('1011', 0.6837, NULL, 'c'), ('1013', 0.6173, NULL, 'c');
SELECT results_eq($$SELECT unit, experiment_bucket('feed-rank', unit), assign_variant('feed-rank', unit) FROM published$$, $$SELECT unit, bucket, covered FROM published$$, 'variants at coverage .2');
SELECT define_experiment('feed-rank', '{a,b,c}', '{.2,.3,.5}') \g /dev/null
SELECT results_eq($$SELECT assign_variant('feed-rank', unit) FROM published$$, $$SELECT whole FROM published$$, 'variants at coverage 1');
SELECT define_experiment('halves', '{one,two}', seed => 'feed-rank', coverage => .5) \g /dev/null
SELECT is(experiment_bucket('feed-rank', u) || ' ' || coalesce(assign_variant('halves', u), 'none'), w, 'at the edge of a range: ' || w) FROM (VALUES ('19160', '0.25 none'), ('4023', '0.5 two')) v(u, w);

-- Everybody is assigned as the ranges say, and coverage that grows moves nobody.
CREATE TEMP TABLE unit AS SELECT u::text AS unit, experiment_bucket('growing', u::text) AS bucket, NULL::text AS was FROM generate_series(1, 100000) u;
SELECT define_experiment('growing', '{a,b,c,d}', '{.1,.2,.3,.4}', coverage => 0) \g /dev/null
SELECT is(count(assign_variant('growing', unit)), 0::bigint, 'coverage 0: nobody') FROM unit;
INSERT INTO explore_exposures VALUES ('growing', 1, 'a', now());
CREATE FUNCTION pg_temp.moved(coverage float8) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  moved bigint;
BEGIN
  PERFORM define_experiment('growing', '{a,b,c,d}', '{.1,.2,.3,.4}', coverage => moved.coverage);
  SELECT count(*) FILTER (WHERE was IS NOT NULL AND was IS DISTINCT FROM assign_variant('growing', unit)) INTO moved FROM unit;
  UPDATE unit SET was = assign_variant('growing', unit);
  RETURN moved;
END $$;
SELECT is(pg_temp.moved(c), 0::bigint, 'nobody has moved at coverage ' || c) FROM unnest(ARRAY[.001, .1, .3333, .5, .9999, 1]::float8[]) c;
SELECT is_empty($$SELECT * FROM unit WHERE was IS DISTINCT FROM CASE WHEN bucket < .1 THEN 'a' WHEN bucket < .1::float8 + .2 THEN 'b' WHEN bucket < .1::float8 + .2 + .3 THEN 'c' ELSE 'd' END$$, 'and everybody is where the ranges say');
SELECT cmp_ok((SELECT max(abs(n / 100000.0 - w)) FROM (SELECT was, count(*) AS n FROM unit GROUP BY was) g JOIN (VALUES ('a', .1), ('b', .2), ('c', .3), ('d', .4)) v(v, w) ON v = was), '<', 0.005, 'in shares that are near the weights');

-- The definition is looked up once for each sight of the tables, and no later than that.
CREATE FUNCTION pg_temp.assigned_in_loop() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  told text := '';
BEGIN
  FOR i IN 1 .. 6 LOOP
    BEGIN
      told := told || coalesce(assign_variant('loop', '1'), 'none') || ' ';
      IF i = 2 THEN PERFORM define_experiment('loop', '{y1,y2}'); END IF;
      IF i = 3 THEN
        PERFORM define_experiment('loop', '{z1,z2}');
        told := told || assign_variant('loop', '1') || ' ';
        RAISE EXCEPTION 'undone' USING ERRCODE = 'UT001';
      END IF;
      IF i = 5 THEN DELETE FROM explore_analytics.experiments WHERE name = 'loop'; END IF;
    EXCEPTION
      WHEN SQLSTATE 'UT001' THEN told := told || 'undone ';
      WHEN no_data_found THEN told := told || 'gone ';
    END;
  END LOOP;
  RETURN told;
END $$;
SELECT define_experiment('loop', '{x1,x2}') \g /dev/null
SELECT is(regexp_replace(pg_temp.assigned_in_loop(), '[12]', '', 'g'), 'x x y z undone y y gone ', 'a loop sees what is defined in it, and what is undone');
SELECT is(string_agg(coalesce(assign_variant(n, '1003'), '-'), ' ' ORDER BY i), 'a one a one', 'one call, several experiments') FROM unnest(ARRAY['feed-rank', 'halves', 'feed-rank', 'halves']) WITH ORDINALITY v(n, i);
SELECT throws_ok($$SELECT assign_variant(n, '1') FROM unnest(ARRAY['feed-rank', 'nope']) n$$, 'P0002', 'experiment "nope" does not exist');
SELECT is(assign_variant('feed-rank', repeat('long unit ', 100000)), CASE WHEN b < .2 THEN 'a' WHEN b < .5 THEN 'b' ELSE 'c' END, 'a unit of any length') FROM experiment_bucket('feed-rank', repeat('long unit ', 100000)) b;

-- What a definition may be.
CREATE TEMP TABLE refused (state text, words text, arguments text);
INSERT INTO refused VALUES
  ('22004', 'name', $$NULL, '{a,b}'$$), ('22023', 'empty', $$'', '{a,b}'$$), ('22023', 'too long', $$repeat('x', 64), '{a,b}'$$),
  ('22023', 'null', $$'x', NULL$$), ('22023', '2 to 100', $$'x', '{}'$$), ('22023', '2 to 100, not 1', $$'x', '{a}'$$), ('22023', 'not 101', $$'x', (SELECT array_agg('v' || i) FROM generate_series(1, 101) i)$$),
  ('22023', 'null', $$'x', '{a,NULL}'$$), ('22023', 'empty', $$'x', '{a,""}'$$), ('22023', '"a" is there twice', $$'x', '{a,b,a}'$$), ('22023', 'too long', $$'x', ARRAY['a', repeat('ü', 64)]$$), ('22023', 'variants', $$'x', '{{a,b},{c,d}}'$$),
  ('22023', '2, not 3', $$'x', '{a,b}', '{.2,.3,.5}'$$), ('22023', 'sum to 1', $$'x', '{a,b}', '{.5,.4}'$$), ('22023', 'sum to 1', $$'x', '{a,b}', '{.5,.500002}'$$), ('22023', '-0.5', $$'x', '{a,b}', '{-.5,1.5}'$$),
  ('22023', 'nan', $$'x', '{a,b}', '{NaN,1}'$$), ('22023', 'inf', $$'x', '{a,b}', '{Infinity,0}'$$), ('22023', 'weights', $$'x', '{a,b}', '{NULL,1}'$$), ('22023', 'weights', $$'x', '{a,b}', '{{.5},{.5}}'$$), ('22023', 'weights', $$'x', '{a,b}', '{}'$$),
  ('22023', 'seed', $$'x', '{a,b}', seed => ''$$), ('22023', 'coverage', $$'x', '{a,b}', coverage => -.01$$), ('22023', 'coverage', $$'x', '{a,b}', coverage => 1.01$$), ('22023', 'coverage', $$'x', '{a,b}', coverage => 'NaN'$$),
  ('22023', 'alpha', $$'x', '{a,b}', alpha => 0$$), ('22023', 'alpha', $$'x', '{a,b}', alpha => 1$$), ('22023', 'alpha', $$'x', '{a,b}', alpha => 'NaN'$$),
  ('22023', 'tuning', $$'x', '{a,b}', tuning => 0$$), ('22023', 'tuning', $$'x', '{a,b}', tuning => 'Infinity'$$), ('22023', 'tuning', $$'x', '{a,b}', tuning => 'NaN'$$);
CREATE FUNCTION pg_temp.raised(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  hint text;
BEGIN
  EXECUTE query;
  RETURN 'nothing';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN SQLSTATE || ' ' || lower(SQLERRM) || CASE WHEN hint = '' THEN ' (no hint)' ELSE '' END;
END $$;
SELECT matches(pg_temp.raised(format('SELECT define_experiment(%s)', arguments)), '^' || state || ' .*' || words || '((?!no hint).)*$', format('define_experiment(%s)', left(arguments, 60))) FROM refused;
SELECT lives_ok(format('SELECT define_experiment(%s)', a), 'define_experiment: ' || left(a, 60)) FROM unnest(ARRAY[$$repeat('ü', 63), '{a,b}'$$, $$'hundred', (SELECT array_agg('v' || i) FROM generate_series(1, 100) i)$$, $$'nearly', '{a,b}', '{.5,.5000009}'$$,
  $$'nothing', '{a,b}', '{0,1}'$$, $$'defaults', '{a,b,c}', NULL, NULL, NULL, NULL, NULL$$, $$'lower "bounds"', '[5:6]={a,b}'::text[], '[0:1]={.5,.5}'::float8[]$$]) a;
SELECT results_eq($$SELECT variants, weights, seed, coverage, alpha, tuning FROM explore_analytics.experiments WHERE name = 'defaults'$$, $$VALUES ('{a,b,c}'::text[], ARRAY[1/3::float8, 1/3::float8, 1/3::float8], 'defaults', 1::float8, .05::float8, 5000::float8)$$, 'what NULLs mean');
SELECT is(count(*) FILTER (WHERE assign_variant('nothing', u::text) = 'a'), 0::bigint, 'a weight of 0') FROM generate_series(1, 1000) u;
SELECT is(count(DISTINCT assign_variant('hundred', u::text)), 100::bigint, 'a hundred variants') FROM generate_series(1, 10000) u;

-- Frozen with the first exposure, but for coverage that grows.
SELECT define_experiment('frozen', '{a,b}', coverage => .5) \g /dev/null
SELECT lives_ok(format('SELECT define_experiment(%s)', a), 'nobody is exposed: ' || a) FROM unnest(ARRAY[$$'frozen', '{x,y,z}', '{.2,.3,.5}', 'other', .1, .1, 100$$, $$'frozen', '{a,b}', coverage => .5$$]) a;
SELECT is(record_exposure('frozen', 7, variant => 'b'), 'b', 'somebody is exposed');
SELECT matches(pg_temp.raised(format('SELECT define_experiment(%s)', a)), '^55000 experiment "frozen" has exposures: its ' || w || '((?!no hint).)*$', 'frozen: ' || a) FROM (VALUES ($$'frozen', '{b,a}', coverage => .5$$, 'variants'), ($$'frozen', '{a,b,c}', coverage => .5$$, 'variants'),
  ($$'frozen', '{a,b}', '{.5,.5000001}', coverage => .5$$, 'weights'), ($$'frozen', '{a,b}', seed => 'x', coverage => .5$$, 'seed'), ($$'frozen', '{a,b}', coverage => .5, alpha => .01$$, 'alpha'), ($$'frozen', '{a,b}', coverage => .5, tuning => 1$$, 'tuning'),
  ($$'frozen', '{a,b}', coverage => .4$$, 'coverage can no longer shrink'), ($$'frozen', '{a,b}', coverage => .6, alpha => .01$$, 'alpha')) v(a, w);
UPDATE explore_analytics.experiments SET defined_at = '2020-01-01' WHERE name = 'frozen';
SELECT define_experiment('frozen', '{a,b}', '{.5,.5}', 'frozen', .5, .05, 5000) \g /dev/null
SELECT is(defined_at, '2020-01-01', 'the same again changes nothing') FROM explore_analytics.experiments WHERE name = 'frozen';
SELECT lives_ok($$SELECT define_experiment('frozen', '{a,b}', coverage => .8)$$, 'coverage may grow');
SELECT is(coverage, .8::float8, 'and has grown') FROM explore_analytics.experiments WHERE name = 'frozen' AND defined_at > '2020-01-02';
SELECT explore_analytics.forget_viewer(7) \g /dev/null
SELECT lives_ok($$SELECT define_experiment('frozen', '{c,d}')$$, 'when the only one exposed is forgotten, nobody is exposed');

-- Exposures: whose they are, and the earliest time.
SELECT define_experiment('shown', '{a,b}') \g /dev/null
CREATE FUNCTION pg_temp.stored() RETURNS text LANGUAGE sql AS $$ SELECT string_agg(concat_ws(' ', viewer_key, variant, to_char(exposed_at, 'MM-DD')), ', ' ORDER BY viewer_key, variant) FROM explore_exposures WHERE experiment = 'shown' $$;
SELECT is(record_exposure('shown', u, s, v, t::timestamptz), w, format('exposure of user %s, session %s: %s at %s', u, s, v, t)) FROM (VALUES (1, 11::bigint, NULL::bigint, 'a', '2025-03-05', 'a'), (2, 11, NULL, 'a', '2025-03-04', 'a'), (3, 11, NULL, 'a', '2025-03-06', 'a'),
  (4, 11, NULL, 'b', '2025-03-07', 'b'), (5, NULL, 501, 'a', '2025-03-05', 'a'), (6, NULL, 502, 'b', '2025-03-05', 'b'), (7, 12, 502, 'b', '2025-03-05', 'b'), (8, 12, 501, 'b', '2025-03-04', 'b')) v(n, u, s, v, t, w) ORDER BY n;
SELECT is(pg_temp.stored(), '-502 b 03-05, 11 a 03-04, 11 b 03-07, 12 b 03-04, 41 a 03-05', 'a row for each viewer and variant, with the earliest time');
DELETE FROM explore_exposures WHERE experiment = 'shown';
SELECT is(record_exposure('shown', u), assign_variant('shown', u::text), 'the variant that a user is assigned') FROM generate_series(901, 905) u;
SELECT is(record_exposure('shown', session_id => s), assign_variant('shown', coalesce(user_id, s)::text), 'the variant that a session is assigned, or its user: ' || s) FROM explore_feed_sessions, LATERAL (SELECT id AS s) i WHERE id IN (501, 502, 503);
SELECT is(pg_temp.stored(), (SELECT string_agg(concat_ws(' ', k, assign_variant('shown', abs(k)::text), to_char(now(), 'MM-DD')), ', ' ORDER BY k) FROM unnest(ARRAY[-503, -502, 41, 901, 902, 903, 904, 905]) k), 'and is stored, now');
SELECT define_experiment('outside', '{a,b}', coverage => 0) \g /dev/null
SELECT is(record_exposure('outside', 1), NULL, 'outside the coverage') UNION ALL SELECT is(count(*)::text, '0', 'nothing is stored') FROM explore_exposures WHERE experiment = 'outside';
SELECT is(record_exposure('outside', 1, variant => 'a'), 'a', 'who says what was shown is believed');
SET LOCAL explore_analytics.user_id = '77';
SELECT is(record_exposure('shown', variant => 'a'), 'a', 'the current user') UNION ALL SELECT is(record_exposure('shown', session_id => 502, variant => 'a'), 'a', 'also in an anonymous session') UNION ALL SELECT is(record_exposure('shown', session_id => 501, variant => 'b'), 'b', 'but not in somebody else''s');
RESET explore_analytics.user_id;
SELECT is(string_agg(viewer_key || variant, ' ' ORDER BY viewer_key, variant), '41b 77a', 'whose they are') FROM explore_exposures WHERE experiment = 'shown' AND (viewer_key = 77 OR viewer_key = 41 AND variant = 'b');
SELECT matches(pg_temp.raised(format('SELECT record_exposure(%s)', a)), '^' || s || ' .*' || w || '((?!no hint).)*$', format('record_exposure(%s)', a)) FROM (VALUES ('22004', 'experiment', 'NULL, 1'), ('P0002', '"nope"', $$'nope', 1$$), ('22004', 'user_id and session_id', $$'shown'$$),
  ('22004', 'user_id and session_id', $$'shown', variant => 'a'$$), ('22023', 'user_id', $$'shown', 0$$), ('22023', 'session_id', $$'shown', 1, -1$$), ('23503', 'session 999', $$'shown', session_id => 999$$), ('23503', 'session 999', $$'shown', 1, 999$$), ('22023', 'variant "c"', $$'shown', 1, variant => 'c'$$),
  ('22023', 'variant ""', $$'shown', 1, variant => ''$$), ('22008', 'finite', $$'shown', 1, exposed_at => 'infinity'$$), ('22008', 'finite', $$'shown', 1, exposed_at => '-infinity'$$), ('22023', 'before 2000', $$'shown', 1, exposed_at => '1999-12-31 23:59:59.999999+00'$$),
  ('22023', 'a day ahead', $$'shown', 1, exposed_at => now() + interval '1 day 1 microsecond'$$)) v(s, w, a);
SELECT lives_ok(format('SELECT record_exposure(%s)', a), a) FROM unnest(ARRAY[$$'shown', 1, exposed_at => '2000-01-01 00:00+00'$$, $$'shown', 1, exposed_at => now() + interval '1 day'$$, $$'shown', 9223372036854775807$$, $$'shown', 1, NULL, NULL, NULL$$]) a;
SELECT matches(pg_temp.raised(format('SELECT assign_variant(%s)', a)), '^' || s || ' .*' || w || '((?!no hint).)*$', format('assign_variant(%s)', a)) FROM (VALUES ('22004', 'name', $$NULL, '1'$$), ('22004', 'unit', $$'shown', NULL$$), ('22023', 'unit', $$'shown', ''$$), ('P0002', '"nope"', $$'nope', '1'$$), ('P0002', '""', $$'', '1'$$)) v(s, w, a);

-- An exposure that is known writes nothing, wherever the time is no earlier; other tables than ours go by a statement, to the same end.
CREATE FUNCTION pg_temp.row_of_shown() RETURNS text LANGUAGE sql AS $$ SELECT ctid::text || xmin || xmax || exposed_at FROM explore_exposures WHERE experiment = 'shown' AND viewer_key = 600 $$;
SELECT record_exposure('shown', 600, variant => 'a', exposed_at => '2025-01-02') \g /dev/null
CREATE TEMP TABLE before AS SELECT pg_temp.row_of_shown() AS row;
SELECT is(record_exposure('shown', 600, variant => 'a', exposed_at => t::timestamptz), 'a', 'known at ' || t) FROM unnest(ARRAY['2025-01-02', '2025-01-03', now()::text]) t;
SELECT is(pg_temp.row_of_shown(), row, 'the row is as it was, and was not locked') FROM before;
CREATE FUNCTION ea_tap_nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER nothing BEFORE INSERT ON explore_exposures FOR EACH ROW EXECUTE FUNCTION ea_tap_nothing();
SELECT record_exposure('shown', 600, variant => 'a', exposed_at => '2025-01-03') \g /dev/null
SELECT is(pg_temp.row_of_shown(), row, 'nor with a trigger') FROM before;
SELECT record_exposure('shown', 600, variant => 'a', exposed_at => '2025-01-01'), record_exposure('shown', 600, variant => 'b', exposed_at => '2025-01-05') \g /dev/null
SELECT is(string_agg(variant || exposed_at::date, ' ' ORDER BY variant), 'a2025-01-01 b2025-01-05', 'what is earlier, or another variant, is stored with a trigger, too') FROM explore_exposures WHERE experiment = 'shown' AND viewer_key = 600;
DROP TRIGGER nothing ON explore_exposures;

-- One that the same command has stored.
SELECT throws_ok($$WITH i AS (INSERT INTO explore_exposures VALUES ('shown', 700, 'a', '2025-06-01') RETURNING viewer_key) SELECT record_exposure('shown', viewer_key, variant => 'a', exposed_at => '2025-01-01') FROM i$$, '21000', 'a row of "explore_exposures" cannot be changed a second time by one command');
SELECT lives_ok($$WITH i AS (INSERT INTO explore_exposures VALUES ('shown', 700, 'a', '2025-06-01') RETURNING viewer_key) SELECT record_exposure('shown', viewer_key, variant => 'a', exposed_at => '2025-06-02') FROM i$$, 'where there is nothing to change it is looked at only');
-- Constraints of the table are those of the moment.
ALTER TABLE explore_exposures ADD CONSTRAINT few CHECK (viewer_key NOT IN (701, 702));
SELECT throws_ok($$SELECT record_exposure('shown', 701)$$, '23514', 'new row for relation "explore_exposures" violates check constraint "few"');
SELECT throws_ok($$SELECT record_exposure('shown', 702)$$, '23514', 'new row for relation "explore_exposures" violates check constraint "few"', 'and again');
SELECT lives_ok($$SELECT record_exposure('shown', 699)$$, 'one that it lets in');
SELECT throws_ok($$SELECT record_exposure('shown', 702)$$, '23514', 'new row for relation "explore_exposures" violates check constraint "few"', 'not the next');
SAVEPOINT fewer;
ALTER TABLE explore_exposures DROP CONSTRAINT few;
SELECT lives_ok($$SELECT record_exposure('shown', 701)$$, 'without it');
ROLLBACK TO fewer;
SELECT throws_ok($$SELECT record_exposure('shown', 701)$$, '23514', 'new row for relation "explore_exposures" violates check constraint "few"', 'it is there again');
ALTER TABLE explore_exposures DROP CONSTRAINT few;
ALTER TABLE explore_exposures ADD CONSTRAINT few CHECK (viewer_key <> 801), ADD COLUMN note text DEFAULT 'none' CHECK (note > '');
SELECT lives_ok($$SELECT record_exposure('shown', 701)$$, 'another one of the same name');
SELECT throws_ok($$SELECT record_exposure('shown', 801)$$, '23514', 'new row for relation "explore_exposures" violates check constraint "few"');
ALTER TABLE explore_exposures DROP CONSTRAINT few, DROP COLUMN note;
-- Without its key.
SAVEPOINT with_key;
ALTER TABLE explore_exposures DROP CONSTRAINT explore_exposures_pkey;
SELECT throws_ok($$SELECT record_exposure('shown', 703)$$, '55000', 'there is no unique or exclusion constraint matching the ON CONFLICT specification', 'what is missing');
ROLLBACK TO with_key;

-- Who may: reading nothing, analysing asks, recording writes, defining defines.
CREATE FUNCTION pg_temp.as_role(role name, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  told text;
BEGIN
  PERFORM set_config('role', role, true);
  BEGIN
    EXECUTE query INTO told;
    RAISE EXCEPTION USING ERRCODE = 'UT001';
  EXCEPTION WHEN OTHERS THEN
    told := CASE SQLSTATE WHEN 'UT001' THEN 'may' ELSE SQLSTATE END;
  END;
  PERFORM set_config('role', 'none', true);
  RETURN told;
END $$;
SELECT is(string_agg(pg_temp.as_role(r, q), ' ' ORDER BY i), w, r) FROM (VALUES ('ea_tap_e_owner', 'may may may may'), ('ea_tap_e_defines', 'may may 42501 may'), ('ea_tap_e_sees', '42501 may 42501 may'), ('ea_tap_e_records', '42501 may may may'),
  ('ea_tap_e_reads', '42501 42501 42501 may'), ('ea_tap_e_nobody', '42501 42501 42501 may')) v(r, w),
  unnest(ARRAY[$$SELECT define_experiment('of a role', '{a,b}')$$, $$SELECT assign_variant('shown', '1')$$, $$SELECT record_exposure('shown', 5)$$, $$SELECT experiment_bucket('seed', '1')$$]) WITH ORDINALITY c(q, i) GROUP BY r, w;
-- Who is held to an identity defines nothing, though it were granted.
GRANT EXECUTE ON FUNCTION define_experiment TO ea_tap_e_reads;
SELECT is(pg_temp.as_role('ea_tap_e_reads', $$SELECT define_experiment('of a role', '{a,b}')$$), '42501', 'experiments are not for one creator');

-- What is nobody's is told of.
SELECT results_eq($$SELECT status FROM explore_analytics.health_check() WHERE check_name = 'exposures'$$, $$VALUES ('OK')$$, 'no exposure is of nothing');
INSERT INTO explore_exposures VALUES ('it''s unknown', 1, 'a', now()), ('zz', 1, 'a', now()), ('shown', 1, 'c', now());
SELECT results_eq($$SELECT status, detail FROM explore_analytics.health_check() WHERE check_name = 'exposures'$$, $$VALUES ('WARN', 'some count nowhere, as nobody has defined experiment "it''s unknown", experiment "zz", variant "c" of experiment "shown"')$$, 'exposures of what is not defined');
SELECT results_eq($$SELECT split_part(fix, E'\n', 1) FROM explore_analytics.health_check() WHERE check_name = 'exposures'$$, $$VALUES ('-- unless you define it: SELECT public.define_experiment(''it''''s unknown'', variants);')$$, 'a definition may be what is missing');
DO $$ BEGIN EXECUTE (SELECT fix FROM explore_analytics.health_check() WHERE check_name = 'exposures'); END $$;
SELECT results_eq($$SELECT status, fix FROM explore_analytics.health_check() WHERE check_name = 'exposures'$$, $$VALUES ('OK', NULL::text)$$, 'and are removed by what it says');
INSERT INTO explore_exposures SELECT E'a\r\nDROP SCHEMA explore_analytics CASCADE; ' || i, 1, 'a' FROM generate_series(1, 25) i;
SELECT is(count(*) || ' lines, dangerous: ' || count(*) FILTER (WHERE line !~ '^(-- unless you define it|DELETE FROM public\.explore_exposures WHERE experiment = |DROP SCHEMA.*''; *$)'), '30 lines, dangerous: 0', 'at most ten, and no line break leads out of a comment')
  FROM explore_analytics.health_check() h, regexp_split_to_table(h.fix, E'\r?\n') line WHERE h.check_name = 'exposures';
SELECT alike(detail, '%, and 15 more', 'how many') FROM explore_analytics.health_check() WHERE check_name = 'exposures';
DO $$ BEGIN FOR i IN 1 .. 3 LOOP EXECUTE (SELECT fix FROM explore_analytics.health_check() WHERE check_name = 'exposures'); END LOOP; END $$;
SELECT results_eq($$SELECT status, fix FROM explore_analytics.health_check() WHERE check_name = 'exposures'$$, $$VALUES ('OK', NULL::text)$$, 'and are removed by what it says, step by step');
SELECT throws_ok(q, '23514') FROM unnest(ARRAY[$$INSERT INTO explore_exposures VALUES ('shown', 0, 'a')$$, $$INSERT INTO explore_exposures VALUES ('shown', 1, 'a', 'infinity')$$]) q;
SELECT throws_ok($$UPDATE explore_analytics.experiments SET weights = '{1}' WHERE name = 'shown'$$, '23514');
-- Not in a transaction that may not write.
SET TRANSACTION READ ONLY;
SELECT throws_ok($$SELECT define_experiment('x', '{a,b}')$$, '25006');
SELECT throws_ok($$SELECT record_exposure('shown', 1)$$, '25006');
SELECT is(assign_variant('feed-rank', '1003'), 'a', 'asking is possible');
SELECT * FROM finish();
ROLLBACK;
