-- A creator who wants to know a competitor's number: some sequences of questions of each kind (psql -v sequences=N), of which
-- tools/torture benchmark asks a thousand.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION explore_analytics;
\set family n
\ir include/callers.sql
\if :{?sequences}
\else
  \set sequences 10
\endif
\set worlds 8
\set seed 1
SELECT plan(12);
\ir include/benchmark_attacks.sql
SELECT is((SELECT count(*)::int FROM attack WHERE protected), 8 * :sequences, 'sequences of each kind');
SELECT cmp_ok((SELECT count(*) FILTER (WHERE told) FROM attack WHERE protected), '>', 6 * :sequences::bigint, 'of which most are told something');
SELECT is_empty('SELECT world, kind, n, questions FROM attack WHERE protected AND recovered', 'the one is never recovered');
SELECT cmp_ok((SELECT count(*)::int FROM attack WHERE NOT protected AND kind = k AND recovered), '>', 0, format('without rounding it is: %s', k)) FROM (SELECT DISTINCT kind FROM world ORDER BY 1) x(k);
SELECT cmp_ok((SELECT count(*) FILTER (WHERE recovered) FROM attack WHERE NOT protected), '>', (SELECT count(*) / 2 FROM attack WHERE NOT protected), 'in most sequences');
SELECT * FROM finish();

DROP OWNED BY ea_tap_n_reader, ea_tap_n_analyst, ea_tap_n_writer;
DROP EXTENSION explore_analytics CASCADE;
DROP OWNED BY ea_tap_n_owner CASCADE;
DROP ROLE ea_tap_n_owner, ea_tap_n_reader, ea_tap_n_analyst, ea_tap_n_writer, ea_tap_n_nobody;
