-- Indexes that are gone, that are not valid, or whose name somebody else has: install() makes what is missing, replaces
-- what cannot be read, and says what is in its way.
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(43);
CREATE TEMP VIEW present AS
SELECT i.indexrelid, i.indrelid::regclass AS relation, c.relname::text AS name, pg_get_indexdef(i.indexrelid) || ' ' || coalesce(pg_get_constraintdef(k.oid), '') AS definition,
  i.indisvalid, k.conname IS NOT NULL AS is_constraint, r.role
FROM explore_analytics.relations() r JOIN pg_index i ON i.indrelid = r.relation JOIN pg_class c ON c.oid = i.indexrelid LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u')
WHERE r.role IN ('rollup', 'key', 'derived', 'table');
CREATE TEMP VIEW installed AS SELECT status, detail, fix FROM explore_analytics.health_check() WHERE check_name = 'installed';
CREATE FUNCTION pg_temp.state(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN 'fine';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE PROCEDURE pg_temp.lose(statement text, which text) LANGUAGE plpgsql AS $$
DECLARE
  item record;
BEGIN
  FOR item IN SELECT p.relation, p.name, p.indexrelid, p.is_constraint FROM present p WHERE p.name ~ which LOOP
    EXECUTE format(CASE WHEN statement = 'invalid' THEN 'UPDATE pg_index SET indisvalid = false WHERE indexrelid = %4$s' WHEN item.is_constraint THEN 'ALTER TABLE %2$s DROP CONSTRAINT %1$I'
                        ELSE 'DROP INDEX %3$s' END, item.name, item.relation, item.indexrelid::regclass, item.indexrelid::oid);
  END LOOP;
END $$;

INSERT INTO explore_content (id, creator_id) SELECT i, i % 3 + 1 FROM generate_series(1, 9) i;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at)
SELECT 1 + i % 9, i % 50 + 1, i % 20 + 1, 'view', '2025-03-01 00:00+00'::timestamptz + i * interval '1 hour' FROM generate_series(1, 500) i;
CALL explore_analytics.refresh();
SELECT bag_eq($$SELECT relation::text, name FROM present WHERE role <> 'table'$$,
  $$SELECT 'explore_analytics.' || relation_name, index_name FROM explore_analytics.layout_rollup_indexes()$$, 'every index of rollups and keys is in the list');
SELECT is_empty($$SELECT table_name, index_name FROM explore_analytics.layout_indexes() EXCEPT SELECT relation::regclass::text, name FROM present WHERE role = 'table'$$, 'and those of the tables are there');
CREATE TEMP TABLE wanted AS SELECT relation::text, name, definition FROM present;

-- One that every question needs.
DROP INDEX explore_analytics.rollup_totals_epoch;
SELECT alike((SELECT status || ': ' || detail || ' ' || fix FROM installed), 'FAIL: missing: index rollup_totals_epoch of explore_analytics.rollup_totals CALL explore_analytics.install();', 'an index is missing');
SELECT is(pg_temp.state('CALL explore_analytics.install()'), 'fine', 'install()');
SELECT is((SELECT status FROM installed), 'OK', 'made it again');
SELECT is(views(platform_summary()), 500::bigint, 'and questions are answered');

-- All of them.
CALL pg_temp.lose('drop', '');
SELECT is((SELECT count(*) FROM present), 0::bigint, 'no index is left');
SELECT alike((SELECT status || ': ' || detail FROM installed), 'FAIL: missing: %explore_engagements_content%rollup_buckets_pkey%', 'all of them are missing');
SELECT is(pg_temp.state('CALL explore_analytics.install()'), 'fine', 'install()');
SELECT results_eq('SELECT relation::text COLLATE "C", name, definition FROM present ORDER BY 1, 2', 'SELECT relation COLLATE "C", name, definition FROM wanted ORDER BY 1, 2', 'all of them are what they were');
SELECT is((SELECT status FROM installed), 'OK', 'health_check() agrees');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'rollups are right');

-- Not valid: those that are no constraints of the tables, which install() never looked at.
CALL pg_temp.lose('invalid', '^(?!explore_.*_(pkey|key)$)');
SELECT cmp_ok((SELECT count(*) FROM present WHERE NOT indisvalid), '>=', 26::bigint, 'no index is valid');
SELECT alike((SELECT status || ': ' || detail FROM installed), 'FAIL: missing: %index explore_content_creator of public.explore_content (not valid)%', 'and that is told');
SELECT is(pg_temp.state('CALL explore_analytics.install()'), 'fine', 'install()');
SELECT is((SELECT count(*) FROM present WHERE NOT indisvalid), 0::bigint, 'replaced them');
SELECT results_eq('SELECT relation::text COLLATE "C", name, definition FROM present ORDER BY 1, 2', 'SELECT relation COLLATE "C", name, definition FROM wanted ORDER BY 1, 2', 'by what they were');
SELECT is((SELECT status FROM installed), 'OK', 'health_check() agrees');
SELECT is((SELECT array_agg(views(content_summary(i)) ORDER BY i) FROM generate_series(1, 9) i), (SELECT array_agg(n ORDER BY content_id) FROM (SELECT content_id, count(*) AS n FROM explore_engagements GROUP BY 1) e), 'and so do the numbers');

-- A partition whose index is not valid makes that of the parent so.
DROP INDEX explore_engagements_epoch;
CREATE INDEX explore_engagements_epoch ON ONLY explore_engagements (epoch);
SELECT alike((SELECT detail FROM installed), '%explore_engagements_epoch of public.explore_engagements (not valid)', 'an index that the partitions lack');
SELECT is(pg_temp.state('CALL explore_analytics.install()'), 'fine', 'install()');
SELECT is((SELECT count(*) FROM pg_inherits i JOIN pg_index x ON x.indexrelid = i.inhrelid AND x.indisvalid WHERE i.inhparent = 'explore_engagements_epoch'::regclass), (SELECT count(*) FROM pg_inherits WHERE inhparent = 'explore_engagements'::regclass), 'makes it for all of them');

-- In its way.
DROP INDEX explore_analytics.rollup_totals_best;
CREATE INDEX rollup_totals_best ON explore_analytics.rollup_deltas (event_count);
SELECT is(pg_temp.state('CALL explore_analytics.install()'), '42P07 relation explore_analytics.rollup_totals_best exists and is not an index of explore_analytics.rollup_totals', 'an index of another table has the name');
DROP INDEX explore_analytics.rollup_totals_best;
DROP INDEX explore_content_creator;
CREATE INDEX explore_content_creator ON explore_viewers (country);
SELECT is(pg_temp.state('CALL explore_analytics.install()'), '42P07 relation public.explore_content_creator exists and is not an index of public.explore_content', 'of a table as well');
DROP INDEX explore_content_creator;
ALTER TABLE explore_analytics.rollup_totals DROP CONSTRAINT rollup_totals_pkey;
INSERT INTO explore_analytics.rollup_totals SELECT * FROM explore_analytics.rollup_totals WHERE scope = 0;
SELECT is(pg_temp.state('CALL explore_analytics.install()'), 'XX001 table explore_analytics.rollup_totals has rows with the same key, so that its index rollup_totals_pkey cannot be made', 'rows that came twice meanwhile');
DELETE FROM explore_analytics.rollup_state;
SELECT is(pg_temp.state('CALL explore_analytics.install()'), 'fine', 'as the hint says');
CALL explore_analytics.refresh();
SELECT is((SELECT status FROM installed), 'OK', 'all indexes are there');
SELECT is(views(platform_summary()), 500::bigint, 'and all numbers right');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'and rollups, too');
-- The index by viewer of 0.1.0 goes where it is as that made it. Any other is somebody's, stays and is used.
CREATE INDEX explore_engagements_user ON explore_engagements (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX by_viewer ON explore_engagements (user_id) WHERE user_id IS NOT NULL;
DROP INDEX explore_engagements_viewer;
SELECT is(pg_temp.state('CALL explore_analytics.install()'), 'fine', 'install()');
SELECT is(to_regclass('explore_engagements_user'), NULL, 'the index of 0.1.0 is gone');
SELECT isnt(to_regclass('explore_engagements_viewer'), NULL, 'another one is there instead');
SELECT isnt(to_regclass('by_viewer'), NULL, 'and one of another name stays');
ALTER INDEX by_viewer RENAME TO explore_engagements_user;
DROP INDEX explore_engagements_user;
CREATE INDEX explore_engagements_user ON explore_engagements (user_id, created_at);
SELECT is(pg_temp.state('CALL explore_analytics.install()'), 'fine', 'install()');
SELECT isnt(to_regclass('explore_engagements_user'), NULL, 'leaves one of other columns');
DROP INDEX explore_engagements_user;

-- Whatever the planner thinks of them, the summaries of viewers are what erasure and export look into.
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at)
SELECT 1 + i % 9, 1000 + i * 7919 % 50000, 'view', '2025-03-01 00:00+00'::timestamptz + i * interval '1 second' FROM generate_series(1, 50000) i;
VACUUM ANALYZE explore_engagements;
CREATE FUNCTION pg_temp.events_read() RETURNS bigint LANGUAGE sql AS $$
  SELECT sum(pg_stat_get_xact_tuples_returned(relid) + pg_stat_get_xact_tuples_fetched(relid))::bigint FROM pg_partition_tree('explore_engagements') WHERE isleaf
$$;
CREATE FUNCTION pg_temp.events_read(statement text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  before bigint := pg_temp.events_read();
BEGIN
  EXECUTE statement;
  RETURN pg_temp.events_read() - before;
END $$;
SELECT cmp_ok(pg_temp.events_read('SELECT explore_analytics.export_viewer(21000)'), '<', 10000::bigint, 'export_viewer() reads a few of the events');
SELECT is(explore_analytics.forget_viewer(22000), 1::bigint, 'forget_viewer()');
SELECT cmp_ok(pg_temp.events_read('SELECT explore_analytics.forget_viewer(21000)'), '<', 20000::bigint, 'too');
SELECT is_empty('SELECT FROM explore_engagements WHERE user_id IN (21000, 22000)', 'and removes all');
-- An owner who is no superuser makes nothing beside the functions, and is told so.
CREATE ROLE indexes_owner;
CALL explore_analytics.install('indexes_owner');
DROP INDEX explore_analytics.rollup_totals_epoch;
SELECT is((SELECT fix FROM installed), 'CALL explore_analytics.install();   /* as a superuser */', 'health_check() says who can');
SET ROLE indexes_owner;
SELECT throws_ok('CALL explore_analytics.install()', '42501', 'permission denied to make what schema explore_analytics lacks: index rollup_totals_epoch of explore_analytics.rollup_totals', 'the owner is told what is missing');
RESET ROLE;
SELECT fix AS again FROM installed \gset
:again
SET ROLE indexes_owner;
SELECT lives_ok('CALL explore_analytics.install()', 'and may call it when nothing is');
RESET ROLE;
SELECT is((SELECT status FROM installed), 'OK', 'all is well');
SELECT * FROM finish();
