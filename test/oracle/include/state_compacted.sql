-- As after the hourly compaction: nothing beside the buckets.
\ir state_refreshed.sql
CALL explore_analytics.compact();
SELECT CASE WHEN delta_events = 0 AND tail_events = 0 AND NOT EXISTS (SELECT FROM explore_analytics.rollup_deltas) THEN 'ok' ELSE 'FAIL' END || ' no event is beside the buckets'
FROM explore_analytics.rollup_status;
