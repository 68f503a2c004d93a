-- A table of exposures that was there before, with columns of varchar and another primary key: adopted, and used.
\set QUIET on
SET client_min_messages = warning;
DROP TABLE explore_exposures;
CREATE TABLE explore_exposures (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, variant varchar(40) NOT NULL, viewer_key bigint, experiment varchar NOT NULL);
INSERT INTO explore_exposures (experiment, viewer_key, variant) VALUES ('adopted', 1, 'a'), ('adopted', 2, 'b');
CALL explore_analytics.install();
BEGIN;
SELECT no_plan();
SELECT is(count(*), 2::bigint, 'the rows are there, with a time') FROM explore_exposures WHERE exposed_at <= now();
SELECT define_experiment('adopted', '{a,b}') \g /dev/null
SELECT throws_ok($$SELECT define_experiment('adopted', '{b,a}')$$, '55000');
SELECT is(record_exposure('adopted', u, variant => v, exposed_at => '2025-03-01'), v, 'recorded: ' || u || v) FROM (VALUES (1, 'a'), (1, 'b'), (3, 'a')) w(u, v);
SELECT results_eq($$SELECT viewer_key, variant::text, exposed_at = '2025-03-01' FROM explore_exposures WHERE experiment = 'adopted' ORDER BY 1, 2$$, $$VALUES (1::bigint, 'a', true), (1, 'b', true), (2, 'b', false), (3, 'a', true)$$, 'a row for each');
SELECT is(jsonb_array_length(explore_analytics.export_viewer(1) -> 'exposures'), 2, 'exported');
SELECT explore_analytics.forget_viewer(1) \g /dev/null
SELECT is(count(*), 2::bigint, 'forgotten') FROM explore_exposures;

-- What install() says of keys and columns that are not ours.
CREATE FUNCTION pg_temp.adopted(ddl text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE hint text;
BEGIN
  EXECUTE ddl;
  CALL explore_analytics.install();
  RAISE EXCEPTION 'adopted' USING ERRCODE = 'XX999';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN concat_ws(' ', nullif(SQLSTATE, 'XX999'), SQLERRM, nullif(hint, ''));
END $$;
CREATE COLLATION careless (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
SELECT is(pg_temp.adopted('ALTER TABLE explore_discovery_videos DROP CONSTRAINT explore_discovery_videos_content_id_key, ADD CONSTRAINT explore_discovery_videos_content_id_key ' || d), 'adopted', 'videos with another key of that name: ' || d)
  FROM unnest('{UNIQUE (content_id) DEFERRABLE,"UNIQUE (content_id, id)"}'::text[]) d;
SELECT is(pg_temp.adopted('ALTER TABLE explore_exposures DROP CONSTRAINT explore_exposures_key, ADD ' || k || ' (experiment, viewer_key, variant) ' || d),
    '42P07 table public.explore_exposures exists, but its key (experiment, viewer_key, variant) is DEFERRABLE Make the constraint again without that, then call explore_analytics.install() again.', k || ' ' || d)
  FROM (VALUES ('UNIQUE', 'DEFERRABLE'), ('CONSTRAINT other UNIQUE', 'DEFERRABLE INITIALLY DEFERRED'), ('CONSTRAINT explore_exposures_id UNIQUE', 'INCLUDE (id) DEFERRABLE')) w(k, d);
SELECT matches(pg_temp.adopted('ALTER TABLE explore_exposures DROP COLUMN id, DROP CONSTRAINT explore_exposures_key, ADD PRIMARY KEY (experiment, viewer_key, variant) DEFERRABLE'), '^42P07 .* DEFERRABLE', 'a primary key');
SELECT matches(pg_temp.adopted('ALTER TABLE explore_saved_properties DROP CONSTRAINT explore_saved_properties_pkey, ADD PRIMARY KEY (user_id, content_id) DEFERRABLE'), '^42P07 table public.explore_saved_properties .* DEFERRABLE', 'of saves');
SELECT is(pg_temp.adopted('ALTER TABLE explore_exposures ALTER COLUMN ' || c || ' TYPE text COLLATE careless'),
    '42P07 table public.explore_exposures exists, but the collation of its column ' || c || ' takes different names for the same Change the column or rename the table, then call explore_analytics.install() again.', c) FROM unnest('{experiment,variant}'::text[]) c;
-- In sessions that quote all names keys are known as well.
CREATE TEMP TABLE known AS SELECT conrelid, conname FROM pg_constraint;
SET LOCAL quote_all_identifiers = on;
SELECT count(explore_analytics.adopt_table(table_name)) FROM explore_analytics.layout_tables() \g /dev/null
RESET quote_all_identifiers;
SELECT is_empty('SELECT conrelid::regclass, conname FROM pg_constraint EXCEPT TABLE known', 'no key is made twice');
SELECT is(pg_temp.adopted('ALTER TABLE explore_exposures ALTER COLUMN variant TYPE text COLLATE "C"'), 'adopted', 'any other collation');
SELECT * FROM finish();
ROLLBACK;
