-- The same after corrections of the past.
\set events 20000
\set every 1
\set state rebuilt
\ir include/all_checks.sql
