-- The same after viewers were excluded, and some brought back: half of the events rolled up, contents that moved, then more of both.
\set events 20000
\set every 1
\set state half_refreshed
\set exclude 1
\ir include/all_checks.sql
-- And what the rollups hold then is byte for byte what a rebuild makes.
CREATE VIEW oracle.bytes AS SELECT scope, id, 0 AS level, 0::bigint AS bucket, summary::text, events FROM explore_analytics.rollup_totals
  UNION ALL SELECT scope, id, level, bucket, summary::text, events FROM explore_analytics.rollup_buckets;
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
CREATE TABLE oracle.kept AS TABLE oracle.bytes;
SELECT oracle.holds('all is in buckets', count(*) = 0) FROM explore_analytics.rollup_deltas;
SELECT explore_analytics.rebuild() \g /dev/null
SELECT oracle.same('every bucket after rebuild()', 'TABLE oracle.bytes', 'TABLE oracle.kept');
