-- The same with half of the events in the rollups, and contents that have changed since.
\set events 20000
\set every 8
\set state half_refreshed
\ir include/all_checks.sql
