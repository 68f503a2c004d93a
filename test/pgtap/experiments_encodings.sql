-- Buckets in databases of other encodings are those of UTF-8. Each database is asked first, what it said is judged in this one.
\set QUIET 1
\set home :DBNAME
SET client_min_messages = warning;
CREATE DATABASE experiments_in_sql_ascii ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0;
CREATE DATABASE experiments_in_latin1 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0;

\c experiments_in_sql_ascii
SET client_min_messages = warning;
CREATE EXTENSION explore_analytics;
CALL explore_analytics.install();
SELECT experiment_bucket('Zürich', 'é1') AS ascii_bucket \gset
CREATE FUNCTION pg_temp.state(query text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN EXECUTE query; RETURN 'nothing'; EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE; END $$;
SELECT define_experiment('Zürich', '{ä,ö}') \g /dev/null
SELECT concat_ws(' ', pg_temp.state($$SELECT experiment_bucket(E'\xfc', '1')$$), pg_temp.state($$SELECT define_experiment('x', '{a,b}', seed => E'\xfc')$$), pg_temp.state($$SELECT assign_variant('Zürich', E'\xfc')$$)) AS ascii_states \gset

\c experiments_in_latin1
SET client_min_messages = warning;
SET client_encoding = 'UTF8';
CREATE EXTENSION explore_analytics;
CALL explore_analytics.install();
SELECT experiment_bucket('Zürich', 'é1') AS latin_bucket \gset
SELECT define_experiment('Zürich', '{ä,ö}') \g /dev/null
SELECT string_agg(assign_variant('Zürich', 'é' || u), '' ORDER BY u) AS latin_variants FROM generate_series(1, 40) u \gset

\c :home
SET client_min_messages = warning;
DROP DATABASE experiments_in_sql_ascii;
DROP DATABASE experiments_in_latin1;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS explore_analytics;
CALL explore_analytics.install();
SELECT plan(4);
SELECT define_experiment('Zürich', '{ä,ö}') \g /dev/null
SELECT is(:'ascii_bucket'::float8, experiment_bucket('Zürich', 'é1'), 'SQL_ASCII: text in UTF-8 has its bucket');
SELECT is(:'ascii_states'::text, '22021 22021 22021', 'and other text is refused');
SELECT is(:'latin_bucket'::float8, experiment_bucket('Zürich', 'é1'), 'LATIN1: the same bucket');
SELECT is(:'latin_variants'::text, string_agg(assign_variant('Zürich', 'é' || u), '' ORDER BY u), 'and the same variants') FROM generate_series(1, 40) u;
SELECT * FROM finish();
