-- viewer_set: operators, keys, exchange in the Roaring format, garbage.
\set VERBOSITY terse

CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE FUNCTION pg_temp.of(keys bigint[]) RETURNS viewer_set LANGUAGE sql AS 'SELECT viewer_set_agg(k) FROM unnest(keys) k';
CREATE FUNCTION pg_temp.keys(s viewer_set) RETURNS bigint[] LANGUAGE sql AS 'SELECT array_agg(k) FROM viewer_keys(s) k';

-- Members are distinct and come in ascending order, negative and extreme ones included; NULL adds nothing.
SELECT pg_temp.keys(pg_temp.of('{5,-3,9223372036854775807,5,0,-9223372036854775808,NULL,1,-1,65536,4294967296,-4294967296}'));
SELECT cardinality(pg_temp.of('{5,5,NULL,-5}')) AS two, cardinality(pg_temp.of('{}')) AS none, pg_temp.of('{}') IS NULL AS none_is_null,
       cardinality(NULL::viewer_set) IS NULL AS of_null, (SELECT count(*) FROM viewer_keys(NULL)) AS keys_of_null;
-- In any order of arrival the same bytes.
SELECT pg_temp.of('{1,2,3}')::text = pg_temp.of('{3,1,2,1}')::text AS canonical, pg_temp.of('{1,2,3}') = pg_temp.of('{3,2,1}') AS equal, pg_temp.of('{1}') = pg_temp.of('{2}') AS unequal;

-- Union, intersection, difference, containment.
SELECT pg_temp.keys(a | b) AS "union", pg_temp.keys(a & b) AS intersection, pg_temp.keys(a - b) AS difference, pg_temp.keys(b - a) AS reverse, a @> b AS contains, a @> (a & b) AS contains_common
FROM (VALUES (pg_temp.of('{-9,1,2,3,70000}'), pg_temp.of('{-9,3,4,9223372036854775807}')), (pg_temp.of('{}'), pg_temp.of('{1}')), (pg_temp.of('{1}'), pg_temp.of('{}')), (pg_temp.of('{1,2}'), pg_temp.of('{2,1}'))) v(a, b);
SELECT s @> 3::bigint AS has_3, s @> 4::bigint AS has_4, s @> -9::bigint AS has_minus_9, s @> 9223372036854775807 AS has_max, (s @> NULL::bigint) IS NULL AS has_null, (s | NULL) IS NULL AS with_null
FROM (SELECT pg_temp.of('{-9,3,9223372036854775807}') AS s) x;

-- Sets of every density against plain SQL: runs, lists, bitmaps, far apart, negative.
CREATE TEMP TABLE part (name text, keys bigint[], s viewer_set);
INSERT INTO part (name, keys) SELECT name, array_agg(k ORDER BY k) FROM (
  SELECT 'run', g FROM generate_series(60000, 80000) g UNION ALL SELECT 'even', 2 * g FROM generate_series(20000, 50000) g
  UNION ALL SELECT 'sparse', g * 1000003::bigint FROM generate_series(-2000, 2000) g UNION ALL SELECT 'squares', g * g::bigint FROM generate_series(0, 3000) g
  UNION ALL SELECT 'negative', -g FROM generate_series(1, 70000) g) x(name, k) GROUP BY name;
UPDATE part SET s = (SELECT viewer_set_agg(k) FROM unnest(keys) k);
SELECT name, cardinality(s), cardinality(s) = cardinality(keys) AS right_number, ARRAY(SELECT viewer_keys(s)) = keys AS right_keys, from_roaring(to_roaring(s)) = s AS roaring, s::text::viewer_set = s AS text FROM part ORDER BY name;
SELECT count(*) AS pairs,
       bool_and(ARRAY(SELECT viewer_keys(a.s | b.s)) = ARRAY(SELECT unnest(a.keys) UNION SELECT unnest(b.keys) ORDER BY 1)) AS unions,
       bool_and(ARRAY(SELECT viewer_keys(a.s & b.s)) = ARRAY(SELECT unnest(a.keys) INTERSECT SELECT unnest(b.keys) ORDER BY 1)) AS intersections,
       bool_and(ARRAY(SELECT viewer_keys(a.s - b.s)) = ARRAY(SELECT unnest(a.keys) EXCEPT SELECT unnest(b.keys) ORDER BY 1)) AS differences,
       bool_and((a.s | b.s) @> a.s AND (a.s @> b.s) = (a.keys @> b.keys) AND (a.s | b.s) = (b.s | a.s) AND (a.s & b.s) = (b.s & a.s)) AS laws
FROM part a, part b WHERE a.name <= b.name AND (a.name IN ('run', 'squares') OR b.name = 'sparse');

-- The portable Roaring format for 64-bit keys: by hand 1 map, high word 0, cookie 12347 with one run of 1 to 5.
SELECT to_roaring(pg_temp.of('{1,2,3,4,5}')), to_roaring(pg_temp.of('{}'));
-- Two's complement: -1 has both words full; unsigned order puts it last. An array container (cookie 12346) of 1 and 5, made by hand.
SELECT to_roaring(pg_temp.of('{-1}')) AS minus_one, pg_temp.keys(from_roaring('\x0100000000000000000000003a30000001000000000001001000000001000500')) AS one_and_five;
SELECT pg_temp.keys(from_roaring(to_roaring(pg_temp.of('{-9223372036854775808,-4294967297,-1,0,4294967295,9223372036854775807}'))));

-- Text that is none, and bytes that are none.
SELECT text, pg_temp.refused(format('SELECT %L::viewer_set', text)) FROM (VALUES (''), ('garbage'), ('AAAA'), ('!!!!')) v(text);
SELECT bytes, left(pg_temp.refused(format('SELECT from_roaring(%L)', bytes)), 5) FROM (VALUES (''), ('\x00'), ('\xffffffffffffffff'), ('\x0100000000000000'),
  ('\x0100000000000000000000003b30ffff'), ('\x0100000000000000000000003a300000ffffffff')) v(bytes);
CREATE FUNCTION pg_temp.of_text(bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  text text := translate(encode(bytes, 'base64'), E'\n', '');
  s viewer_set;
BEGIN
  s := text;
  PERFORM cardinality(s | s), count(k) FROM viewer_keys(s) k;
  RETURN CASE WHEN s::text = text AND (s & s) = s THEN 'a value' ELSE 'a value with another text' END;
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE;
END $$;
CREATE FUNCTION pg_temp.of_roaring(bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  s viewer_set := from_roaring(bytes);
BEGIN
  PERFORM count(k) FROM viewer_keys(s) k;
  RETURN CASE WHEN from_roaring(to_roaring(s)) = s THEN 'a value' ELSE 'another value' END;
END $$;
CREATE FUNCTION pg_temp.state_of(bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN pg_temp.of_roaring(bytes);
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE;
END $$;
CREATE TEMP TABLE sample AS SELECT name, s FROM (VALUES ('few', pg_temp.of('{-9,1,2,3,70000}')), ('list', (SELECT viewer_set_agg(g * g::bigint) FROM generate_series(1, 100) g)),
  ('run', (SELECT viewer_set_agg(g) FROM generate_series(1, 90000) g))) v(name, s);
SELECT name, bool_and(pg_temp.of_text(substr(b, 1, n)) IN ('22P02', '22P03')) AS beginnings_refused,
       bool_and(NOT EXISTS (SELECT FROM unnest('{1,64,128,255}'::int[]) c WHERE pg_temp.of_text(set_byte(b, n, get_byte(b, n) # c)) NOT IN ('22P03', 'a value'))) AS changes_refused_or_value
FROM (SELECT name, decode(s::text, 'base64') AS b FROM sample) x, generate_series(0, length(b) - 1) n GROUP BY name ORDER BY name;
SELECT name, bool_and(pg_temp.state_of(substr(b, 1, n)) = '22P03') AS beginnings_refused,
       bool_and(NOT EXISTS (SELECT FROM unnest('{1,64,128,255}'::int[]) c WHERE pg_temp.state_of(set_byte(b, n, get_byte(b, n) # c)) NOT IN ('22P03', 'a value'))) AS changes_refused_or_value
FROM (SELECT name, to_roaring(s) AS b FROM sample) x, generate_series(0, length(b) - 1) n GROUP BY name ORDER BY name;

-- Binary COPY: garbage is refused, a value comes back.
CREATE TABLE received (s viewer_set);
CREATE FUNCTION pg_temp.receive(bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  file bytea := '\x5047434f50590aff0d0a00'::bytea || '\x00000000'::bytea || '\x00000000'::bytea || '\x0001'::bytea
    || int4send(length(bytes)) || bytes || '\xffff'::bytea;
  octal text := (SELECT string_agg('\' || (b / 64)::text || (b / 8 % 8)::text || (b % 8)::text, '' ORDER BY n)
                 FROM generate_series(0, length(file) - 1) n, get_byte(file, n) b);
BEGIN
  EXECUTE format('COPY received FROM PROGRAM %L (FORMAT binary)', format('printf ''%s''', octal));
  RETURN 'a value';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE;
END $$;
SELECT name, pg_temp.receive(decode(s::text, 'base64')), viewer_set_send(s) = decode(s::text, 'base64') AS sent FROM sample ORDER BY name;
SELECT count(*) AS same FROM received r, sample WHERE r.s = sample.s;
SELECT pg_temp.receive('') AS empty, pg_temp.receive('\x00') AS zero, pg_temp.receive('\xdeadbeef') AS garbage, pg_temp.receive(decode(repeat('ff', 100), 'hex')) AS ones;
SELECT bool_and(pg_temp.receive(set_byte(b, n, get_byte(b, n) # 255)) IN ('22P03', 'a value')) AS refused_or_value
FROM (SELECT decode(s::text, 'base64') AS b FROM sample WHERE name = 'few') x, generate_series(0, length(b) - 1) n;
DROP TABLE received;
