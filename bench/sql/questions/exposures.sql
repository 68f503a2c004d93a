-- Who took part in experiment "bench": up to 200,000 of the viewers of two weeks, each exposed at its first event in them, a month before
-- the history ends. psql -v month_start=TIME.
CREATE TABLE plain.exposures (viewer_key bigint, variant text, exposed_at timestamptz, PRIMARY KEY (viewer_key, variant));
INSERT INTO plain.exposures
SELECT viewer_key, CASE WHEN hashint8(viewer_key) & 1 = 0 THEN 'off' ELSE 'on' END, exposed_at FROM (
  SELECT coalesce(user_id, -session_id) AS viewer_key, min(created_at) AS exposed_at FROM plain.events
  WHERE created_at >= :'month_start' AND created_at < :'month_start'::timestamptz + interval '14 days' AND coalesce(user_id, -session_id) IS NOT NULL GROUP BY 1) v
ORDER BY hashint8extended(viewer_key, 1) LIMIT 200000;
SELECT FROM define_experiment('bench', '{off,on}');
INSERT INTO explore_exposures (experiment, viewer_key, variant, exposed_at) SELECT 'bench', viewer_key, variant, exposed_at FROM plain.exposures;
VACUUM ANALYZE plain.exposures, explore_exposures;
