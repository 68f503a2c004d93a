-- Everything is in the rollups: most of it in buckets, two small refreshes beside them.
CALL oracle.add_contents();
CALL oracle.add_events('NOT half OR created_at < ''2025-11-20''');
CALL explore_analytics.refresh();
CALL oracle.add_events('half AND created_at BETWEEN ''2025-11-20'' AND ''2025-12-10''');
CALL explore_analytics.refresh();
CALL oracle.add_events('half AND created_at > ''2025-12-10''');
CALL explore_analytics.refresh();
SELECT CASE WHEN tail_events = 0 AND delta_events > :events / 20 AND epoch = low + 1 THEN 'ok' ELSE 'FAIL' END || ' all events are in the rollups, some beside the buckets'
FROM explore_analytics.rollup_status;
SELECT CASE WHEN max(level) = (SELECT count(*) FROM oracle.width) AND count(DISTINCT level) = max(level) THEN 'ok' ELSE 'FAIL' END || ' buckets go down to the minute' FROM explore_analytics.rollup_buckets;
