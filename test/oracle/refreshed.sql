-- The same with everything in the rollups.
\set events 20000
\set every 1
\set state refreshed
\ir include/all_checks.sql
