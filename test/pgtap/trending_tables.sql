-- trending_content() reads events straight from the blocks that an index names, partition by partition: it says what SQL says, whatever
-- the table's indexes and partitions are, and reads few rows where it can.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
SELECT plan(89);
ALTER TYPE engagement_type ADD VALUE 'applaud';
INSERT INTO explore_content (id, creator_id, title) SELECT g, 1 + g % 2, 'Clip ' || g FROM generate_series(1, 60) g;
SELECT explore_analytics.ensure_partitions('2025-04-01', '2025-07-31') AS made \gset
-- Most of them in May, 25,000 in order of time but for the last 1,250; some of times without a partition.
CREATE FUNCTION pg_temp.put(k integer, n integer, since timestamptz, step interval) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
  SELECT 1 + i % 61 * 17 % 61, 1 + i % 997, (ARRAY['view', 'view', 'save', 'impression', 'share', 'skip', 'complete', 'click', 'progress', 'applaud'])[1 + i * 31 % 10]::engagement_type, i % 1000, since + CASE WHEN i - k >= n * 0.95 THEN (i - k) * 17 % n ELSE i - k END * step
  FROM generate_series(k, k + n - 1) i ORDER BY i $$;
SELECT pg_temp.put(1, 25000, '2025-05-01', '107 seconds'), pg_temp.put(100001, 3000, '2025-04-01', '14 minutes'), pg_temp.put(200001, 3000, '2025-06-01', '14 minutes'), pg_temp.put(300001, 500, '2019-03-01', '1 hour'), pg_temp.put(400001, 500, '2029-03-01', '1 hour') \g /dev/null
CALL explore_analytics.refresh();
SELECT sum(brin_summarize_new_values(i.indexrelid::regclass)) > 0 AS summarized FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam AND a.amname = 'brin' WHERE i.indrelid IN (SELECT relid FROM pg_partition_tree('explore_engagements') WHERE isleaf) \gset
VACUUM ANALYZE explore_engagements;
SELECT ok(:'summarized'::boolean AND pg_relation_size('explore_engagements_2025_05') > 2 * 128 * 8192 AND EXISTS (SELECT FROM explore_engagements_default WHERE created_at < '2020-01-01') AND EXISTS (SELECT FROM explore_engagements_default WHERE created_at > '2029-01-01'), 'May has several ranges of blocks, and the default partition late events');
DROP ROLE IF EXISTS ea_tap_tables_reader;    -- left behind by an interrupted run
CREATE ROLE ea_tap_tables_reader;
SELECT explore_analytics.grant_access('ea_tap_tables_reader', 'read') \g /dev/null

CREATE TABLE asked (n int GENERATED ALWAYS AS IDENTITY, within interval, half_life interval, as_of timestamptz);
INSERT INTO asked (within, half_life, as_of) VALUES ('1 day', '6 hours', '2025-05-10 12:00+00'), ('3 hours', '1 hour', '2025-05-31 23:10+00'), ('5 days', '2 days', '2025-06-03 00:00+00'), ('40 days', '9 days', '2025-06-05 00:00+00'), ('1 hour', '1 hour', '2025-05-01 00:30+00'),
  ('20 days', '4 days', '2029-03-10 00:00+00'), ('5 days', '1 day', '2019-03-05 00:00+00'), ('107 seconds', '1 minute', '2025-05-01 00:53:30+00');
-- How answers to all of them differ from plain SQL, of everybody and of creator 1: '' where they do not.
CREATE FUNCTION pg_temp.differences() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  differences text := '';
  who bigint;
  rows bigint;
BEGIN
  DROP TABLE IF EXISTS plain;
  CREATE TEMP TABLE plain AS
  SELECT a.n, e.content_id, c.creator_id, c.title, sum(w.weight * 2::float8 ^ (-date_part('epoch', a.as_of - e.created_at) / date_part('epoch', a.half_life)) ORDER BY e.created_at) AS score
  FROM asked a JOIN explore_engagements e ON e.created_at >= a.as_of - a.within AND e.created_at < a.as_of JOIN explore_content c ON c.id = e.content_id
  JOIN (VALUES ('view', 1), ('complete', 2), ('save', 3), ('share', 4), ('click', 3), ('skip', -1)) w(type, weight) ON w.type = e.engagement_type::text GROUP BY 1, 2, 3, 4;
  FOREACH who IN ARRAY ARRAY[NULL, 1] LOOP
    DROP TABLE IF EXISTS answer;
    IF who IS NOT NULL THEN
      PERFORM set_config('explore_analytics.user_id', who::text, true);
      GRANT SELECT ON asked TO ea_tap_tables_reader;
      SET LOCAL ROLE ea_tap_tables_reader;
    END IF;
    CREATE TEMP TABLE answer AS SELECT a.n, t.* FROM asked a, trending_content(a.within, a.half_life, 100, a.as_of) t;
    RESET ROLE;
    PERFORM set_config('explore_analytics.user_id', '', true);
    SELECT count(*) INTO rows FROM plain p WHERE who IS NULL OR p.creator_id = who;
    SELECT differences || coalesce(string_agg(format('%s/%s: %s, wanted %s; ', n, content_id, a.score, p.score), ''), '') INTO differences
    FROM answer a FULL JOIN (SELECT * FROM plain p WHERE who IS NULL OR p.creator_id = who) p USING (n, content_id)
    WHERE NOT coalesce(abs(a.score - p.score) < 1e-9 AND a.title = p.title, false);
    IF rows < 50 OR EXISTS (SELECT FROM (SELECT score, lead(score) OVER (PARTITION BY n ORDER BY rank) AS next FROM answer) o WHERE score < next) THEN
      differences := differences || format('%s rows, or out of order', rows);
    END IF;
    DROP TABLE answer;
  END LOOP;
  RETURN left(differences, 400);
END $$;
-- Scans of indexes by blocks, and rows of May that were looked at, of the first question.
CREATE FUNCTION pg_temp.scans() RETURNS bigint LANGUAGE sql AS $$
  SELECT coalesce(sum(pg_stat_get_xact_numscans(i.indexrelid)), 0) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam AND a.amname = 'brin' WHERE i.indrelid IN (SELECT relid FROM pg_partition_tree('explore_engagements') WHERE isleaf) OR i.indrelid = 'explore_engagements'::regclass $$;
CREATE TYPE looked AS (told text, by_index boolean, share numeric);
-- After a change, which is undone.
CREATE FUNCTION pg_temp.after(change text) RETURNS looked LANGUAGE plpgsql AS $$
DECLARE
  result looked;
  before bigint;
  read bigint := 0;
BEGIN
  EXECUTE change;
  before := pg_temp.scans();
  IF to_regclass('explore_engagements_2025_05') IS NOT NULL THEN read := pg_stat_get_xact_tuples_returned('explore_engagements_2025_05'::regclass); END IF;
  PERFORM FROM trending_content('1 day', '6 hours', 20, '2025-05-13 12:00+00');
  IF to_regclass('explore_engagements_2025_05') IS NOT NULL THEN result.share := round((pg_stat_get_xact_tuples_returned('explore_engagements_2025_05'::regclass) - read) / 25000.0, 2); END IF;
  result.by_index := pg_temp.scans() > before;
  result.told := pg_temp.differences();
  RAISE EXCEPTION USING ERRCODE = 'UT001';
EXCEPTION
  WHEN SQLSTATE 'UT001' THEN RETURN result;
  WHEN OTHERS THEN RETURN ROW(SQLSTATE || ': ' || SQLERRM, NULL, NULL)::looked;
END $$;
CREATE ACCESS METHOD other_heap TYPE TABLE HANDLER heap_tableam_handler;

CREATE TABLE trial (n int GENERATED ALWAYS AS IDENTITY, what text, change text, wanted boolean);
INSERT INTO trial (what, change, wanted) VALUES
  ('as installed', 'SELECT', true), ('little memory', 'SET LOCAL work_mem = ''64kB''', true),
  ('rows beyond the summaries', 'SELECT pg_temp.put(500001, 9000, ''2025-05-01'', ''290 seconds'')', true),
  ('ranges without summaries', 'SELECT brin_desummarize_range(i.indexrelid, block) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid AND c.relam = 3580, unnest(ARRAY[0, 256]) block WHERE i.indrelid = ANY (''{explore_engagements_2025_05,explore_engagements_2025_04,explore_engagements_default}''::regclass[])', true),
  ('rows gone', 'DELETE FROM explore_engagements WHERE user_id % 3 = 0', true), ('rows moved in time', 'UPDATE explore_engagements SET created_at = created_at + interval ''20 days'' WHERE user_id % 7 = 0', true), ('other contents', 'UPDATE explore_engagements SET content_id = 1 + content_id % 50 WHERE user_id % 5 = 0', true),
  ('no index', 'DROP INDEX explore_engagements_created', false), ('no index at all', 'DROP INDEX explore_engagements_created, explore_engagements_viewer', false),
  ('the index is not valid', 'UPDATE pg_index SET indisvalid = false WHERE indexrelid::regclass::text ~ ''^explore_engagements_.*created'' AND indexrelid IN (SELECT oid FROM pg_class WHERE relam = 3580); COMMENT ON TABLE explore_engagements IS ''touched''; ALTER TABLE explore_engagements_2025_05 ALTER COLUMN id SET STATISTICS 100; ALTER TABLE explore_engagements_2025_04 ALTER COLUMN id SET STATISTICS 100; ALTER TABLE explore_engagements_2025_06 ALTER COLUMN id SET STATISTICS 100', false),
  ('bloom filters of times', 'DROP INDEX explore_engagements_created; CREATE INDEX ON explore_engagements USING brin (created_at timestamptz_bloom_ops)', false), ('several stretches a range', 'DROP INDEX explore_engagements_created; CREATE INDEX ON explore_engagements USING brin (created_at timestamptz_minmax_multi_ops)', true),
  ('a range a block', 'DROP INDEX explore_engagements_created; CREATE INDEX ON explore_engagements USING brin (created_at) WITH (pages_per_range = 1)', true), ('one of some rows', 'DROP INDEX explore_engagements_created; CREATE INDEX ON explore_engagements USING brin (created_at) WHERE user_id < 500', false),
  ('time first of two', 'DROP INDEX explore_engagements_created; CREATE INDEX ON explore_engagements USING brin (created_at, user_id)', true), ('time second of two', 'DROP INDEX explore_engagements_created; CREATE INDEX ON explore_engagements USING brin (user_id, created_at)', false),
  ('one of an expression', 'DROP INDEX explore_engagements_created; CREATE INDEX ON explore_engagements USING brin ((created_at AT TIME ZONE ''UTC''))', false), ('a tree', 'DROP INDEX explore_engagements_created; CREATE INDEX ON explore_engagements (created_at)', false),
  ('one of one partition', 'DROP INDEX explore_engagements_created; CREATE INDEX ON explore_engagements_2025_05 USING brin (created_at)', true), ('one of another partition', 'DROP INDEX explore_engagements_created; CREATE INDEX ON explore_engagements_2025_04 USING brin (created_at)', false),
  ('some good, some bad', 'DROP INDEX explore_engagements_created; CREATE INDEX ON explore_engagements USING brin (created_at timestamptz_bloom_ops); CREATE INDEX ON explore_engagements USING brin (created_at) WHERE user_id < 9; CREATE INDEX ON explore_engagements USING brin (created_at)', true),
  ('another kind of storage', 'ALTER TABLE explore_engagements_2025_05 SET ACCESS METHOD other_heap', true), ('one more column, and one less', 'ALTER TABLE explore_engagements ADD more text DEFAULT ''x''; ALTER TABLE explore_engagements DROP COLUMN metadata CASCADE', true),
  -- Partitions.
  ('a month is detached', 'ALTER TABLE explore_engagements DETACH PARTITION explore_engagements_2025_05', false),
  ('no default partition', 'ALTER TABLE explore_engagements DETACH PARTITION explore_engagements_default', true),
  ('partitions without ends', 'ALTER TABLE explore_engagements DETACH PARTITION explore_engagements_default; CREATE TABLE old PARTITION OF explore_engagements FOR VALUES FROM (MINVALUE) TO (''2019-03-04 12:00+00''); CREATE TABLE middle PARTITION OF explore_engagements FOR VALUES FROM (''2019-03-04 12:00+00'') TO (''2019-04-01''); CREATE TABLE new PARTITION OF explore_engagements FOR VALUES FROM (''2029-03-01'') TO (MAXVALUE); INSERT INTO explore_engagements SELECT * FROM explore_engagements_default', true),
  ('columns in other places', 'CREATE TABLE other (junk int, junk2 text, LIKE explore_engagements INCLUDING ALL EXCLUDING IDENTITY); ALTER TABLE other DROP COLUMN junk, DROP COLUMN junk2; ALTER TABLE explore_engagements ATTACH PARTITION other FOR VALUES FROM (''2025-01-01'') TO (''2025-02-01''); SELECT pg_temp.put(600001, 2000, ''2025-01-02'', ''20 minutes''); INSERT INTO asked (within, half_life, as_of) VALUES (''9 days'', ''2 days'', ''2025-01-20'')', true),
  ('parts of a month by content', 'CREATE TABLE sub PARTITION OF explore_engagements FOR VALUES FROM (''2025-01-01'') TO (''2025-02-01'') PARTITION BY HASH (content_id); CREATE TABLE sub0 PARTITION OF sub FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE sub1 PARTITION OF sub FOR VALUES WITH (MODULUS 2, REMAINDER 1); SELECT pg_temp.put(600001, 2000, ''2025-01-02'', ''20 minutes''); INSERT INTO asked (within, half_life, as_of) VALUES (''9 days'', ''2 days'', ''2025-01-20'')', true),
  ('parts of a month by day', 'CREATE TABLE sub PARTITION OF explore_engagements FOR VALUES FROM (''2025-01-01'') TO (''2025-02-01'') PARTITION BY RANGE (created_at); CREATE TABLE sub0 PARTITION OF sub FOR VALUES FROM (''2025-01-01'') TO (''2025-01-19''); CREATE TABLE sub1 PARTITION OF sub DEFAULT; SELECT pg_temp.put(600001, 2000, ''2025-01-02'', ''20 minutes''); INSERT INTO asked (within, half_life, as_of) VALUES (''9 days'', ''2 days'', ''2025-01-20''), (''1 day'', ''2 days'', ''2025-01-20''), (''1 day'', ''2 days'', ''2025-01-19'')', true),
  ('parts of a month, the last days first', 'CREATE FUNCTION later(a timestamptz, b timestamptz) RETURNS integer LANGUAGE sql IMMUTABLE RETURN timestamptz_cmp(b, a); CREATE OPERATOR CLASS later_ops FOR TYPE timestamptz USING btree AS OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 later(timestamptz, timestamptz); CREATE TABLE sub PARTITION OF explore_engagements FOR VALUES FROM (''2025-01-01'') TO (''2025-02-01'') PARTITION BY RANGE (created_at later_ops); CREATE TABLE sub0 PARTITION OF sub FOR VALUES FROM (''2025-02-01'') TO (''2025-01-12''); CREATE TABLE sub1 PARTITION OF sub FOR VALUES FROM (''2025-01-12'') TO (''2025-01-01''); CREATE TABLE sub2 PARTITION OF sub DEFAULT; SELECT pg_temp.put(600001, 2000, ''2025-01-02'', ''20 minutes''); INSERT INTO asked (within, half_life, as_of) VALUES (''9 days'', ''2 days'', ''2025-01-20'')', true),
  ('parts of a month by kind and user', 'CREATE TABLE sub PARTITION OF explore_engagements FOR VALUES FROM (''2025-01-01'') TO (''2025-02-01'') PARTITION BY LIST (engagement_type); CREATE TABLE sub0 PARTITION OF sub FOR VALUES IN (''view'') PARTITION BY RANGE (user_id, created_at); CREATE TABLE sub1 PARTITION OF sub DEFAULT; CREATE TABLE sub00 PARTITION OF sub0 FOR VALUES FROM (MINVALUE, MINVALUE) TO (500, ''2025-01-10''); CREATE TABLE sub01 PARTITION OF sub0 DEFAULT; SELECT pg_temp.put(600001, 2000, ''2025-01-02'', ''20 minutes''); INSERT INTO asked (within, half_life, as_of) VALUES (''9 days'', ''2 days'', ''2025-01-20'')', true),
  ('parts of a month by time and user', 'CREATE TABLE sub PARTITION OF explore_engagements FOR VALUES FROM (''2025-01-01'') TO (''2025-02-01'') PARTITION BY RANGE (created_at, user_id); CREATE TABLE sub0 PARTITION OF sub FOR VALUES FROM (''2025-01-01'', 1) TO (''2025-01-10'', 500); CREATE TABLE sub1 PARTITION OF sub FOR VALUES FROM (''2025-01-10'', 500) TO (''2025-02-01'', 1); SELECT pg_temp.put(600001, 2000, ''2025-01-02'', ''20 minutes''); INSERT INTO asked (within, half_life, as_of) VALUES (''12 hours'', ''2 days'', ''2025-01-10 12:00''), (''9 days'', ''2 days'', ''2025-01-20'')', true),
  ('a month without rows', 'DELETE FROM explore_engagements WHERE created_at >= ''2025-06-01'' AND created_at < ''2025-07-01''', true);
CREATE TABLE outcome AS SELECT t.*, (pg_temp.after(t.change)).* FROM trial t ORDER BY n;
SELECT is(told, '', what) FROM outcome ORDER BY n;
SELECT is(by_index, wanted, CASE WHEN wanted THEN 'an index was read: ' ELSE 'no index was read: ' END || what) FROM outcome WHERE what !~ 'detached' ORDER BY n;
SELECT ok(share BETWEEN 0.03 AND 0.75, format('%s: a part of May was read, %s', what, share)) FROM outcome WHERE by_index AND what ~ 'as installed|little memory|range a block|stretches|first of two' ORDER BY n;
SELECT ok(share >= 1, format('%s: all of May was read, %s', what, share)) FROM outcome WHERE what ~ 'no index|bloom|expression|a tree|second of two' ORDER BY n;
SELECT is((SELECT count(*) FROM asked), 8::bigint, 'all of it was undone');
-- Only partitions that may hold such times are read.
BEGIN;
SELECT count(*) FROM trending_content('1 day', '6 hours', 20, '2025-05-13 12:00+00') \g /dev/null
SELECT is((SELECT string_agg(relid::text, ' ' ORDER BY relid::text) FROM pg_partition_tree('explore_engagements') WHERE isleaf AND pg_stat_get_xact_tuples_returned(relid) > 0), 'explore_engagements_2025_05 explore_engagements_default', 'of the partitions, May, and the default one, which may have everything');
ROLLBACK;
-- A serializable transaction has read what it may have read: an event that comes in between is a conflict.
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT count(*) FROM trending_content('1 day', '6 hours', 20, '2025-05-10 12:00+00') \g /dev/null
SELECT ok(EXISTS (SELECT FROM pg_locks WHERE mode = 'SIReadLock' AND relation = 'explore_engagements_2025_05'::regclass AND page IS NULL), 'a serializable transaction locks what was read');
ROLLBACK;

-- As DETACH CONCURRENTLY leaves it when it is interrupted: SQL sees no rows of May any more.
CREATE TABLE kept AS TABLE explore_engagements;
BEGIN;
UPDATE pg_inherits SET inhdetachpending = true WHERE inhrelid = 'explore_engagements_2025_05'::regclass;
CREATE TABLE touching PARTITION OF explore_engagements FOR VALUES FROM ('2010-01-01') TO ('2010-02-01');
COMMIT;
SELECT ok(NOT EXISTS (SELECT FROM explore_engagements WHERE created_at >= '2025-05-01' AND created_at < '2025-06-01') AND EXISTS (SELECT FROM explore_engagements_2025_05), 'May is about to leave');
SELECT is(pg_temp.differences(), '', 'and is not read any more');
ALTER TABLE explore_engagements DETACH PARTITION explore_engagements_2025_05 FINALIZE;

-- ---------------------------------------------------------------------------------------------------
-- A table that is not partitioned, adopted as it is
-- ---------------------------------------------------------------------------------------------------
DROP TABLE explore_engagements_2025_05;
CALL explore_analytics.uninstall(true);
CREATE TABLE explore_engagements (created_at timestamptz NOT NULL, engagement_type text, note text, content_id bigint NOT NULL, user_id bigint, watch_time_ms integer);
INSERT INTO explore_engagements (created_at, engagement_type, content_id, user_id, watch_time_ms) SELECT created_at, engagement_type::text, content_id, user_id, watch_time_ms FROM kept WHERE engagement_type::text <> 'applaud' ORDER BY created_at;
CALL explore_analytics.install();
INSERT INTO explore_content (id, creator_id, title) SELECT g, 1 + g % 2, 'Clip ' || g FROM generate_series(1, 60) g;
SELECT explore_analytics.grant_access('ea_tap_tables_reader', 'read') \g /dev/null
VACUUM ANALYZE explore_engagements;
SELECT is((SELECT relkind FROM pg_class WHERE oid = 'explore_engagements'::regclass), 'r'::"char", 'events are in one table');
SELECT is((pg_temp.after(change)).told, '', 'one table: ' || change) FROM unnest(ARRAY['SELECT', 'DROP INDEX explore_engagements_created', 'DROP INDEX explore_engagements_created; CREATE INDEX ON explore_engagements USING brin (created_at timestamptz_bloom_ops)', 'DELETE FROM explore_engagements WHERE user_id % 3 = 0', 'UPDATE explore_engagements SET created_at = created_at + interval ''20 days'' WHERE user_id % 7 = 0']) change;
SELECT is((pg_temp.after('SELECT')).by_index, true, 'by its index');
SELECT * FROM finish();
DROP OWNED BY ea_tap_tables_reader;
DROP ROLE ea_tap_tables_reader;
