-- A thousand sequences of questions by a creator who wants to know a competitor's number (psql -v worlds=N, -v sequences=N for each, -v seed=N): see
-- ../pgtap/include/benchmark_attacks.sql. Readers must not be told it; without rounding the same sequences must mostly tell it, of each kind.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET timezone = 'UTC';
\set family nt
\ir ../pgtap/include/callers.sql
\ir ../pgtap/include/benchmark_attacks.sql
CREATE VIEW pg_temp.share AS
SELECT coalesce(kind, 'all') AS kind, count(*) FILTER (WHERE protected) AS sequences, count(*) FILTER (WHERE protected AND told) AS told, count(*) FILTER (WHERE protected AND recovered) AS recovered,
  count(*) FILTER (WHERE NOT protected) AS exact, count(*) FILTER (WHERE NOT protected AND recovered) AS exact_recovered
FROM attack GROUP BY ROLLUP (kind);
SELECT format('RESULT benchmark_attacks seed=%s kind=%s sequences=%s told=%s recovered=%s exact_sequences=%s exact_recovered=%s', :seed, kind, sequences, told, recovered, exact, exact_recovered) FROM share ORDER BY kind = 'all', kind;
SELECT format('FAIL world %s, %s, sequence %s: %s', world, kind, n, questions) FROM attack WHERE protected AND recovered ORDER BY world, n;
DO $$
DECLARE
  s share;
BEGIN
  FOR s IN SELECT * FROM share LOOP
    IF s.recovered > 0 OR s.told * 2 < s.sequences OR s.exact_recovered = 0 OR s.kind = 'all' AND s.exact_recovered * 2 < s.exact THEN
      RAISE EXCEPTION 'FAIL %', s;
    END IF;
  END LOOP;
END $$;
DROP OWNED BY ea_tap_nt_reader, ea_tap_nt_analyst, ea_tap_nt_writer;
DROP EXTENSION explore_analytics CASCADE;
DROP OWNED BY ea_tap_nt_owner CASCADE;
DROP ROLE ea_tap_nt_owner, ea_tap_nt_reader, ea_tap_nt_analyst, ea_tap_nt_writer, ea_tap_nt_nobody;
SELECT 'ok benchmark_attacks';
