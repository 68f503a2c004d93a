-- Everything the extension and install() make says what it is.
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION explore_analytics;
CALL explore_analytics.install();
BEGIN;
SELECT plan(15);

CREATE TEMP VIEW member AS
SELECT d.classid, d.objid, d.objsubid, i.type, i.identity
FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND e.extname = 'explore_analytics',
     LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) i
WHERE d.deptype = 'e';
-- The relations of install(): tables, partitions, views, and what stands in schema explore_analytics.
CREATE TEMP VIEW relation AS
SELECT c.oid, c.oid::regclass::text AS name, c.relkind
FROM pg_class c
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND (c.relnamespace = 'explore_analytics'::regnamespace OR c.relnamespace = 'public'::regnamespace AND c.relname LIKE 'explore\_%');

SELECT cmp_ok((SELECT count(*)::int FROM member), '>=', 100, 'the members were found');
SELECT cmp_ok((SELECT count(*)::int FROM relation), '>=', 20, 'the relations were found');
SELECT is_empty($$SELECT type, identity FROM member WHERE type IN ('function', 'procedure', 'aggregate') AND obj_description(objid, 'pg_proc') IS NULL$$, 'every function, procedure and aggregate has a comment');
SELECT is_empty($$SELECT type, identity FROM member JOIN pg_type t ON classid = 'pg_type'::regclass AND t.oid = objid
  WHERE t.typcategory <> 'A' AND obj_description(objid, 'pg_type') IS NULL$$, 'every type has a comment');
SELECT is_empty($$SELECT type, identity FROM member WHERE type = 'operator' AND obj_description(objid, 'pg_operator') IS NULL$$, 'every operator has a comment');
SELECT is_empty($$SELECT type, identity FROM member WHERE type NOT IN ('function', 'procedure', 'aggregate', 'type', 'operator')
  AND obj_description(objid, classid::regclass::name) IS NULL$$, 'everything else has one, too');
SELECT isnt(obj_description((SELECT oid FROM pg_extension WHERE extname = 'explore_analytics'), 'pg_extension'), NULL, 'the extension has one');
SELECT is_empty($$SELECT name FROM relation WHERE obj_description(oid, 'pg_class') IS NULL$$, 'every relation has a comment');
SELECT is_empty($$SELECT r.name, a.attname FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid
  WHERE a.attnum > 0 AND NOT a.attisdropped AND col_description(r.oid, a.attnum) IS NULL$$, 'every column has a comment');
SELECT is_empty($$SELECT identity FROM member WHERE objsubid = 0 AND obj_description(objid, classid::regclass::name) ~* '^\s*$|todo|fixme|xxx|tbd'$$, 'no comment is a promise to write one');
SELECT ok(bool_and(obj_description(('explore_' || x || '_daily')::regclass, 'pg_class') ~* 'must not be added' AND obj_description(('explore_' || x || '_daily')::regclass, 'pg_class') ~ 'UTC'),
  'the daily views say that their days are UTC and that unique_viewers must not be added up') FROM unnest(ARRAY['video', 'creator', 'platform']) x;
SELECT is_empty($$SELECT r.name FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attname = 'unique_viewers'
  WHERE col_description(r.oid, a.attnum) !~* 'not add'$$, 'so do their columns unique_viewers');
SELECT is_empty($$SELECT r.name, a.attname FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid
  WHERE a.attname ~ '(_rate|_percent)$' AND col_description(r.oid, a.attnum) !~* 'percent'$$, 'every rate says that it is percent');
SELECT is_empty($$SELECT r.name, a.attname FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid
  WHERE a.attname ~ '_ms$' AND col_description(r.oid, a.attnum) !~* 'millisecond' OR a.attname = 'watch_time' AND col_description(r.oid, a.attnum) !~* 'second'$$, 'every time says its unit');

-- A partition made later is described like the first ones.
SELECT explore_analytics.ensure_partitions('2001-05-01', '2001-05-01') AS made \gset
SELECT is_empty($$SELECT 1 FROM pg_attribute a WHERE a.attrelid = 'explore_engagements_2001_05'::regclass AND a.attnum > 0
  AND (col_description(a.attrelid, a.attnum) IS NULL OR obj_description(a.attrelid, 'pg_class') IS NULL)$$, 'so is a partition that is made later');
SELECT * FROM finish();
ROLLBACK;
