-- Experiments without an effect, each on a day of its own, looked at after each of twenty batches of :batch units. Makes look, one row
-- for each experiment, look, metric and way to ask, and share, how many of the experiments had found an effect by a look.
\ir experiments_lib.sql
\set batches 20
CREATE TABLE unit AS
SELECT e, u, e * 10000 + u AS viewer, timestamptz '2010-01-01 00:00+00' + e * interval '1 day' AS day, 1 + (u - 1) / :batch AS batch, exp(0.7 * normal()) AS active FROM generate_series(1, :experiments) e, generate_series(1, :batches * :batch) u;
SELECT FROM generate_series(1, :experiments) e, define_experiment(format('aa %s %s', :seed, e), '{a,b}', tuning => :tuning);
-- In the order of the batches, ten minutes each; a unit is done within five minutes of its exposure.
INSERT INTO explore_exposures (experiment, viewer_key, variant, exposed_at)
SELECT format('aa %s %s', :seed, e), viewer, assign_variant(format('aa %s %s', :seed, e), viewer::text), day + interval '12 hours' + batch * interval '10 minutes' + random() * interval '5 minutes' FROM unit;
CREATE TABLE visit AS
SELECT x.viewer_key AS viewer, x.exposed_at + random() * interval '299 seconds' AS at, u.active FROM explore_exposures x JOIN unit u ON u.viewer = x.viewer_key, LATERAL generate_series(1, floor(-1.8 * u.active * ln(1 - random()))::int)
UNION ALL SELECT viewer, day + random() * interval '12 hours', active FROM unit, LATERAL generate_series(1, floor(-1.8 * active * ln(1 - random()))::int);
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
SELECT 1, viewer, kind::engagement_type, CASE WHEN kind = 'view' THEN floor(6000 * active * exp(normal()))::int ELSE 0 END, at FROM visit, LATERAL unnest(CASE WHEN random() < 0.3 * active / (0.5 + active) THEN '{view,click}'::text[] ELSE '{view}' END) kind ORDER BY at;
-- Else every look reads everything: what BRIN has not summarised may be of any time.
VACUUM (ANALYZE) explore_exposures, explore_engagements;
-- Less to clear in every look.
SET work_mem = '1MB';

CREATE TABLE look AS
SELECT e, j, method, cuped, r.metric, r.units, r.p_value AS p, r.srm_p_value AS srm, 'small_sample' = ANY (r.warnings) AS small, r.diff, (r.upper - r.lower) / 2 AS half
FROM generate_series(1, :experiments) e, generate_series(:every, :batches, :every) j, unnest(:methods::text[]) method, unnest('{true,false}'::boolean[]) cuped,
  LATERAL experiment_results(format('aa %s %s', :seed, e), '{any_click,views,total_watch_time,click_rate}', method, cuped, '16 hours', correction => 'none',
    as_of => timestamptz '2010-01-01 00:00+00' + e * interval '1 day' + interval '12 hours' + (j + 1) * interval '10 minutes') r WHERE r.variant = 'b';
-- The same once more with bounds that are narrowest at the last look, as of one who knew how many would come. Half the width of a
-- bound is the standard error times what that of an error of 1 is.
INSERT INTO look
SELECT e, j, 'tuned', cuped, metric, units, c.p_value, srm, small, diff, NULL
FROM look, LATERAL (SELECT j * :batch AS n) l, LATERAL confidence_sequence(0, 1, n, 0.05, :tuning) one, LATERAL confidence_sequence(diff, half / one.upper, n, 0.05, :batches * :batch) c WHERE method = 'sequential';
SELECT FROM verdict('every look had its units, and the last an answer', (SELECT count(*) = count(DISTINCT (method, cuped)) * 4 * :experiments * (:batches / :every) AND bool_and(p IS NOT NULL) FILTER (WHERE j = :batches)
  AND bool_and(abs(units - j * :batch / 2.0) <= 6 * sqrt(j * :batch / 4.0)) FROM look));
CREATE TABLE share AS
SELECT j AS looks, method, cuped, metric, count(*) FILTER (WHERE p < 0.05) AS at_last, count(*) FILTER (WHERE least_p < 0.05) AS ever, count(*) FILTER (WHERE least_settled_p < 0.05) AS ever_settled, count(*) FILTER (WHERE small) AS small FROM (
  SELECT *, min(p) OVER (PARTITION BY e, method, cuped, metric ORDER BY j) AS least_p, min(p) FILTER (WHERE NOT small) OVER (PARTITION BY e, method, cuped, metric ORDER BY j) AS least_settled_p FROM look) l GROUP BY 1, 2, 3, 4;
CREATE FUNCTION percent(part bigint, whole bigint) RETURNS numeric LANGUAGE sql IMMUTABLE RETURN round(100.0 * part / whole, 2);
