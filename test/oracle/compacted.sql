-- The same after a compaction.
\set events 20000
\set every 1
\set state compacted
\ir include/all_checks.sql
