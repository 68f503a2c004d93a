-- Every number, from the raw rows alone, against plain SQL.
\set events 20000
\set every 8
\set state unrefreshed
\ir include/all_checks.sql
