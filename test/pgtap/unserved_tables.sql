-- Tables that the direct scans and the writer cannot serve as SQL would: triggers, rules, heirs, other storage, other nodes, indexes that
-- are not what they should be. They are refused with a hint, and nothing is answered or lost meanwhile; what they can serve, they do.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
SELECT no_plan();

INSERT INTO explore_content (id, creator_id, title) SELECT n, 1 + n % 2, 'content ' || n FROM generate_series(1, 4) n;
INSERT INTO explore_discovery_videos (id, content_id, duration_ms) SELECT 10 + n, n, 9000 FROM generate_series(1, 4) n;
CREATE FUNCTION pg_temp.put(k integer, n integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, completed, created_at)
  SELECT 1 + i % 4, 1 + i % 53, (ARRAY['view', 'view', 'save', 'click', 'complete'])[1 + i % 5]::engagement_type, i * 10, i % 3 = 0, '2025-02-01'::timestamptz + i * interval '31 minutes'
  FROM generate_series(k, k + n - 1) i
$$;
SELECT pg_temp.put(1, 1500) \g /dev/null
CALL explore_analytics.refresh();
SELECT pg_temp.put(2001, 60) \g /dev/null
CALL explore_analytics.refresh();
SELECT pg_temp.put(3001, 5) \g /dev/null
UPDATE explore_content SET creator_id = 2 WHERE id = 2;

-- The result of a statement after a change, or the error with its hint; both undone.
CREATE FUNCTION pg_temp.told(change text, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
  hint text;
  changed boolean := false;
BEGIN
  EXECUTE change;
  changed := true;
  EXECUTE query INTO result;
  RAISE EXCEPTION USING ERRCODE = 'UT001';
EXCEPTION
  WHEN SQLSTATE 'UT001' THEN RETURN result;
  WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    RETURN CASE WHEN changed THEN SQLSTATE ELSE 'unchanged' END || ': ' || SQLERRM || ' (' || hint || ')';
END $$;
CREATE TABLE call (name text PRIMARY KEY, query text, told text);
INSERT INTO call (name, query) VALUES
  ('read', $$SELECT concat_ws(',', platform_summary('2025-02-03 01:02:03', '2025-02-20'), (SELECT string_agg(creator_summary(c)::text, ',') FROM generate_series(1, 2) c),
     (SELECT string_agg(content_summary(c)::text, ',') FROM generate_series(1, 4) c), (SELECT string_agg(t::text, ',') FROM top_videos('engagement_score', n => 2) t))$$),
  ('write', $$SELECT explore_analytics.rebuild()::text || explore_analytics.forget_viewer(7)$$),
  ('move', 'WITH moved AS (UPDATE explore_content SET creator_id = 2 WHERE id = 4 RETURNING 1) SELECT count(*)::text FROM moved');
UPDATE call c SET told = pg_temp.told('SELECT', c.query);
SELECT is_empty($$SELECT name, told FROM call WHERE told ~ '^[0-9A-Z]{5}: '$$, 'every call tells something of the tables as they are');
CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE ACCESS METHOD other_heap TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE archive (LIKE explore_analytics.rollup_deltas) PARTITION BY LIST (scope);

-- What becomes of reading, writing and moving a content: exact (e), or refused with words in the message or its hint.
CREATE TABLE trial (n integer GENERATED ALWAYS AS IDENTITY, what text, statement text, read text, write text, move text DEFAULT 'e');
INSERT INTO trial (what, statement, read, write) VALUES
  ('a trigger after rows', 'CREATE TRIGGER t AFTER INSERT ON explore_analytics.rollup_totals FOR EACH ROW EXECUTE FUNCTION touched()', 'e', 'table explore_analytics.rollup_totals has trigger t'),
  ('a trigger before rows', 'CREATE TRIGGER t BEFORE DELETE ON explore_analytics.rollup_buckets FOR EACH ROW EXECUTE FUNCTION touched()', 'e', 'table explore_analytics.rollup_buckets has trigger t'),
  ('a trigger for statements', 'CREATE TRIGGER t AFTER INSERT ON explore_analytics.rollup_deltas FOR EACH STATEMENT EXECUTE FUNCTION touched()', 'e', 'table explore_analytics.rollup_deltas has trigger t'),
  ('one that is off', 'CREATE TRIGGER t AFTER INSERT ON explore_analytics.rollup_totals FOR EACH ROW EXECUTE FUNCTION touched(); ALTER TABLE explore_analytics.rollup_totals DISABLE TRIGGER t', 'e', 'e'),
  ('one for replicas', 'CREATE TRIGGER t AFTER INSERT ON explore_analytics.rollup_totals FOR EACH ROW EXECUTE FUNCTION touched(); ALTER TABLE explore_analytics.rollup_totals ENABLE REPLICA TRIGGER t', 'e', 'e'),
  ('one that always fires', 'CREATE TRIGGER t AFTER INSERT ON explore_analytics.rollup_totals FOR EACH ROW EXECUTE FUNCTION touched(); ALTER TABLE explore_analytics.rollup_totals ENABLE ALWAYS TRIGGER t', 'e', 'has trigger t'),
  ('one for TRUNCATE', 'CREATE TRIGGER t AFTER TRUNCATE ON explore_analytics.rollup_totals FOR EACH STATEMENT EXECUTE FUNCTION touched()', 'e', 'e'),
  ('one of a replica, on a replica', 'CREATE TRIGGER t AFTER INSERT ON explore_analytics.rollup_totals FOR EACH ROW EXECUTE FUNCTION touched(); ALTER TABLE explore_analytics.rollup_totals ENABLE REPLICA TRIGGER t; SET LOCAL session_replication_role = replica', 'e', 'has trigger t'),
  ('a reference to it', 'CREATE TABLE noted (id bigint, scope smallint, FOREIGN KEY (id, scope) REFERENCES explore_analytics.rollup_totals)', 'e', 'has trigger "RI_'),
  ('a key that is checked later', 'ALTER TABLE explore_analytics.rollup_totals DROP CONSTRAINT rollup_totals_pkey; ALTER TABLE explore_analytics.rollup_totals ADD CONSTRAINT rollup_totals_pkey PRIMARY KEY (id, scope) DEFERRABLE', 'e', 'has trigger'),
  ('a rule', 'CREATE RULE r AS ON INSERT TO explore_analytics.rollup_totals DO ALSO NOTHING', 'e', 'has rules'),
  ('a check', 'ALTER TABLE explore_analytics.rollup_totals ADD CHECK (views >= 0)', 'e', 'has check constraints'),
  ('another kind of storage', 'ALTER TABLE explore_analytics.rollup_buckets SET ACCESS METHOD other_heap', 'e', 'ALTER TABLE explore_analytics.rollup_buckets SET ACCESS METHOD heap'),
  ('a partition', 'ALTER TABLE archive ATTACH PARTITION explore_analytics.rollup_deltas DEFAULT', 'e', 'rollup_deltas is a partition'),
  ('row level security that spares the owner', 'ALTER TABLE explore_analytics.rollup_totals ENABLE ROW LEVEL SECURITY', 'e', 'e'),
  ('row level security', 'ALTER TABLE explore_analytics.rollup_totals ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', 'NO FORCE ROW LEVEL SECURITY', 'NO FORCE ROW LEVEL SECURITY'),
  ('not logged', 'ALTER TABLE explore_analytics.rollup_totals SET UNLOGGED', 'ALTER TABLE explore_analytics.rollup_totals SET LOGGED', 'ALTER TABLE explore_analytics.rollup_totals SET LOGGED'),
  ('heirs', 'CREATE TABLE heir () INHERITS (explore_analytics.rollup_totals)', 'inherit from it', 'inherit from it'),
  ('heirs that are gone', 'CREATE TABLE heir () INHERITS (explore_analytics.rollup_totals); DROP TABLE heir', 'e', 'e'),
  ('an extra index', 'CREATE INDEX more ON explore_analytics.rollup_totals ((views + 1)) WHERE scope > 0', 'e', 'e'),
  ('contents with heirs', 'CREATE TABLE heir () INHERITS (explore_content)', 'table public.explore_content has tables that inherit', 'table public.explore_content has tables that inherit'),
  ('events that hide from their owner', 'ALTER TABLE explore_engagements ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', 'ALTER TABLE public.explore_engagements NO FORCE', 'e'),
  ('contents that hide from their owner', 'ALTER TABLE explore_content ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', 'ALTER TABLE public.explore_content NO FORCE', 'ALTER TABLE public.explore_content NO FORCE'),
  ('contents in another kind of storage', 'ALTER TABLE explore_content SET ACCESS METHOD other_heap', 'e', 'e'),
  -- Indexes by their name.
  ('a key that is not valid', 'UPDATE pg_index SET indisvalid = false WHERE indexrelid = ''explore_analytics.rollup_totals_pkey''::regclass', 'REINDEX INDEX explore_analytics.rollup_totals_pkey', 'REINDEX INDEX explore_analytics.rollup_totals_pkey'),
  ('buckets'' key is not valid', 'UPDATE pg_index SET indisvalid = false WHERE indexrelid = ''explore_analytics.rollup_buckets_pkey''::regclass', 'index explore_analytics.rollup_buckets_pkey is not valid', 'is not valid'),
  ('deltas'' key is not valid', 'UPDATE pg_index SET indisvalid = false WHERE indexrelid = ''explore_analytics.rollup_deltas_pkey''::regclass', 'index explore_analytics.rollup_deltas_pkey is not valid', 'is not valid'),
  ('the index of notes is not valid', 'UPDATE pg_index SET indisvalid = false WHERE indexrelid = ''explore_analytics.creator_changes_creator''::regclass', 'index explore_analytics.creator_changes_creator is not valid', 'e'),
  ('the index of the best is not valid', 'UPDATE pg_index SET indisvalid = false WHERE indexrelid = ''explore_analytics.rollup_totals_best''::regclass', 'index explore_analytics.rollup_totals_best is not valid', 'e'),
  ('the index of the best is gone', 'DROP INDEX explore_analytics.rollup_totals_best', 'index rollup_totals_best of table explore_analytics.rollup_totals does not exist', 'e'),
  ('the best the other way round', 'DROP INDEX explore_analytics.rollup_totals_best; CREATE INDEX rollup_totals_best ON explore_analytics.rollup_totals (score, views, id) WHERE scope = 2', 'not the one that install() makes', 'e'),
  ('the best of all', 'DROP INDEX explore_analytics.rollup_totals_best; CREATE INDEX rollup_totals_best ON explore_analytics.rollup_totals (score DESC, views DESC, id)', 'not the one that install() makes', 'e'),
  ('notes by another column', 'DROP INDEX explore_analytics.creator_changes_creator; CREATE INDEX creator_changes_creator ON explore_analytics.creator_changes (content_id)', 'not the one that install() makes', 'e'),
  ('notes by hash', 'DROP INDEX explore_analytics.creator_changes_creator; CREATE INDEX creator_changes_creator ON explore_analytics.creator_changes USING hash (creator_id)', 'not the one that install() makes', 'e'),
  ('some notes', 'DROP INDEX explore_analytics.creator_changes_creator; CREATE INDEX creator_changes_creator ON explore_analytics.creator_changes (creator_id) WHERE creator_id > 1', 'not the one that install() makes', 'e'),
  ('an index of another table', 'DROP INDEX explore_analytics.creator_changes_creator; CREATE INDEX creator_changes_creator ON explore_analytics.rollup_buckets (id)', 'not the one that install() makes', 'e'),
  ('a key without its constraint', 'ALTER TABLE explore_analytics.rollup_totals DROP CONSTRAINT rollup_totals_pkey; CREATE UNIQUE INDEX rollup_totals_pkey ON explore_analytics.rollup_totals (id, scope) INCLUDE (views)', 'e', 'e');
INSERT INTO trial (what, statement, read, write, move) VALUES
  ('notes with a trigger', 'CREATE TRIGGER t AFTER INSERT ON explore_analytics.creator_changes FOR EACH ROW EXECUTE FUNCTION touched()', 'e', 'table explore_analytics.creator_changes has trigger t', 'table explore_analytics.creator_changes has trigger t'),
  ('notes in another kind of storage', 'ALTER TABLE explore_analytics.creator_changes SET ACCESS METHOD other_heap', 'e', 'creator_changes is not a heap', 'creator_changes is not a heap');
CREATE TABLE outcome AS
SELECT t.*, c.name, c.told AS before, CASE c.name WHEN 'read' THEN t.read WHEN 'write' THEN t.write ELSE t.move END AS wanted, pg_temp.told(t.statement, c.query) AS told FROM trial t, call c;
SELECT is(told, before, what || ': ' || name || ' as ever') FROM outcome WHERE wanted = 'e' ORDER BY n, name;
SELECT alike(told, '%' || wanted || '%', what || ': ' || name || ' is refused') FROM outcome WHERE wanted <> 'e' ORDER BY n, name;
SELECT is_empty($$SELECT what, name, told FROM outcome WHERE wanted <> 'e' AND told !~ '^(0A000|55000): .+ \(.+\)$'$$, 'with the right codes, and hints');

-- The hint is the cure.
ALTER TABLE explore_analytics.rollup_deltas SET UNLOGGED;
\set ON_ERROR_STOP off
\set VERBOSITY sqlstate
CALL explore_analytics.refresh();
SELECT is(:'SQLSTATE'::text, '0A000', 'a refresh does not write what a crash would take');
\set ON_ERROR_STOP on
ALTER TABLE explore_analytics.rollup_deltas SET LOGGED;
CALL explore_analytics.refresh();
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'and goes on when that is mended');

-- The sequence of epochs, which is read past its functions.
SELECT alike(pg_temp.told(change, 'WITH put AS (INSERT INTO explore_engagements (content_id, engagement_type) VALUES (1, ''view'') RETURNING 1) SELECT count(*)::text FROM put'), wanted, change)
FROM (VALUES
  ('ALTER SEQUENCE explore_analytics.epoch_seq SET UNLOGGED', '0A000: sequence explore_analytics.epoch_seq would be set back%SET LOGGED%'),
  ('ALTER SEQUENCE explore_analytics.epoch_seq RENAME TO old_seq; CREATE TABLE explore_analytics.epoch_seq AS SELECT g FROM generate_series(1, 1000) g', '42809: relation explore_analytics.epoch_seq is not a sequence%install()%'),
  ('DROP INDEX explore_analytics.rollup_totals_epoch, explore_analytics.rollup_totals_best; DROP TABLE explore_analytics.rescores', '1')) v(change, wanted);

-- Citus: a list of the tables whose rows are on other nodes. Imitated: an empty shell and its entry.
SET allow_system_table_mods = on;
CREATE TABLE pg_catalog.pg_dist_partition (logicalrelid regclass NOT NULL, partmethod "char" NOT NULL);
RESET allow_system_table_mods;
TRUNCATE outcome;
INSERT INTO outcome (what, name, before, told) SELECT 'nothing is distributed', c.name, pg_temp.told('SELECT', c.query), pg_temp.told('SELECT', c.query) FROM call c;
SELECT is_empty($$SELECT * FROM outcome WHERE told <> before OR told ~ '^[0-9A-Z]{5}: '$$, 'Citus is there, and our tables are local');
INSERT INTO pg_catalog.pg_dist_partition VALUES ('call', 'h');
CREATE UNIQUE INDEX pg_dist_partition_logical_relid_index ON pg_catalog.pg_dist_partition (logicalrelid);
SELECT is(pg_temp.told('SELECT', c.query), o.before, 'another table is distributed: ' || c.name) FROM call c JOIN outcome o USING (name);
CREATE FUNCTION pg_temp.distributed(relation regclass) RETURNS text LANGUAGE sql AS $$
  SELECT format('INSERT INTO pg_catalog.pg_dist_partition VALUES (%L, ''h''); COMMENT ON TABLE %1$s IS ''touched''; ALTER TABLE %1$s ALTER COLUMN id SET STATISTICS 100', relation)
$$;
SELECT alike(pg_temp.told(pg_temp.distributed(r), q), '0A000: table ' || r || ' is distributed by Citus (%undistribute_table(''' || r || ''')%', format('%s: %s', r, q))
FROM (VALUES ('public.explore_engagements'), ('public.explore_content'), ('public.explore_discovery_videos'), ('explore_analytics.rollup_totals')) v(r),
     (VALUES ('SELECT views(creator_summary(1))::text'), ('SELECT explore_analytics.rebuild()::text'), ('SELECT count(*)::text FROM explore_analytics.verify()'),
             ('SELECT count(*)::text FROM top_videos(''engagement_score'', n => 2)')) w(q);
SELECT alike(pg_temp.told(pg_temp.distributed('explore_engagements_default'), 'SELECT views(platform_summary())::text'), '0A000: table public.explore_engagements_default is distributed by Citus%', 'one partition');
DROP TABLE pg_catalog.pg_dist_partition;

-- What install() makes is a heap, whatever tables are by default.
CALL explore_analytics.uninstall(true);
SET default_table_access_method = other_heap;
CALL explore_analytics.install();
SELECT explore_analytics.ensure_partitions('2025-01-01', '2025-02-28') AS made \gset
RESET default_table_access_method;
SELECT is_empty($$SELECT r.relation, a.amname FROM explore_analytics.relations() r JOIN pg_class c ON c.oid = r.relation JOIN pg_am a ON a.oid = c.relam WHERE a.amname <> 'heap'$$, 'every table of ours is a heap');
SELECT cmp_ok((SELECT count(*) FROM explore_analytics.relations() r JOIN pg_class c ON c.oid = r.relation WHERE c.relam = 2), '>', 20 + :made::bigint, 'all of them, and :made partitions made later');
SELECT * FROM finish();
