-- Nothing was ever refreshed: every answer comes from the raw rows.
CALL oracle.add_contents();
CALL oracle.add_events();
SELECT CASE WHEN low = -1 AND tail_events = (SELECT count(*) FROM oracle.draft) AND lag_seconds IS NULL THEN 'ok' ELSE 'FAIL' END || ' no event is in the rollups'
FROM explore_analytics.rollup_status;
