-- An experiment of 200,000 units, three metrics with history
-- The bounds are those of the confidence sequence, which need no more than a logarithm.
--@ask plain duckdb
WITH unit AS (
  SELECT viewer_key, min(variant) AS variant, min(exposed_at) AS t FROM {plain}.exposures WHERE exposed_at < :month_end::timestamptz GROUP BY viewer_key HAVING count(*) = 1
), done AS (
  SELECT u.viewer_key, u.variant, count(*) FILTER (WHERE e.engagement_type = 'view' AND e.created_at >= u.t) AS views, count(*) FILTER (WHERE e.engagement_type = 'click' AND e.created_at >= u.t) AS clicks,
    count(*) FILTER (WHERE e.engagement_type = 'view' AND e.created_at < u.t) AS past_views, count(*) FILTER (WHERE e.engagement_type = 'click' AND e.created_at < u.t) AS past_clicks
  FROM unit u LEFT JOIN {plain}.events e ON coalesce(e.user_id, -e.session_id) = u.viewer_key AND e.created_at >= u.t - interval '14 days'
    AND e.created_at >= :month_start::timestamptz - interval '14 days' AND e.created_at < :month_end::timestamptz GROUP BY u.viewer_key, u.variant
), number AS (
  SELECT variant, 'views' AS metric, views::float8 AS m, 1::float8 AS d, past_views::float8 AS mx, 1::float8 AS dx FROM done
  UNION ALL SELECT variant, 'any_click', 100.0 * least(clicks, 1), 1, 100.0 * least(past_clicks, 1), 1 FROM done
  UNION ALL SELECT variant, 'click_rate', 100.0 * clicks, views, 100.0 * past_clicks, past_views FROM done
), side AS (
  SELECT variant, metric, sum(m) / sum(d) AS r, avg(d) AS md, sum(mx) / sum(dx) AS rx, avg(dx) AS mdx FROM number GROUP BY variant, metric
), pair AS (
  SELECT n.variant, n.metric, s.r, s.rx, CASE WHEN n.metric = 'click_rate' THEN (m - r * d) / md ELSE m END AS y, CASE WHEN n.metric = 'click_rate' THEN (mx - rx * dx) / mdx ELSE mx END AS x
  FROM number n JOIN side s ON s.variant = n.variant AND s.metric = n.metric
), moment AS (
  SELECT variant, metric, r, rx, count(*)::float8 AS n, CASE WHEN metric = 'any_click' THEN var_pop(y) ELSE var_samp(y) END AS vy, CASE WHEN metric = 'any_click' THEN var_pop(x) ELSE var_samp(x) END AS vx,
    CASE WHEN metric = 'any_click' THEN covar_pop(y, x) ELSE covar_samp(y, x) END AS cxy FROM pair GROUP BY variant, metric, r, rx
), pooled AS (
  SELECT metric, covar_pop(y, x) / var_pop(x) AS theta FROM pair GROUP BY metric
), contrast AS (
  SELECT a.metric, a.n AS na, b.n AS nb, a.r AS ra, b.r AS rb, CASE WHEN a.metric = 'click_rate' THEN (a.cxy + b.cxy) / (a.vx + b.vx) ELSE p.theta END AS theta,
    a.rx AS rxa, b.rx AS rxb, a.vy AS vya, b.vy AS vyb, a.vx AS vxa, b.vx AS vxb, a.cxy AS ca, b.cxy AS cb
  FROM moment a JOIN moment b ON b.metric = a.metric JOIN pooled p ON p.metric = a.metric WHERE a.variant = 'off' AND b.variant = 'on'
), estimate AS (
  SELECT *, rb - theta * rxb - (ra - theta * rxa) AS diff, sqrt((vya - 2 * theta * ca + theta * theta * vxa) / na + (vyb - 2 * theta * cb + theta * theta * vxb) / nb) AS se, sqrt(vya / na + vyb / nb) AS plain_se,
    (na + nb) * (-2 * ln(0.05::float8) + ln(1 - 2 * ln(0.05::float8))) / 5000 AS nr FROM contrast
)
SELECT metric, na::bigint AS control_units, nb::bigint AS units, floor(1e7 * ra + 0.5) / 1e7 AS control_mean, floor(1e7 * rb + 0.5) / 1e7 AS mean, floor(1e7 * diff + 0.5) / 1e7 AS diff, floor(1e7 * (diff - se * sqrt(2 * (nr + 1) * ln(sqrt(nr + 1) / 0.05) / nr)) + 0.5) / 1e7 AS lower,
  floor(1e7 * (diff + se * sqrt(2 * (nr + 1) * ln(sqrt(nr + 1) / 0.05) / nr)) + 0.5) / 1e7 AS upper, floor(1e7 * least(1, sqrt(nr + 1) * exp(-nr * (diff / se) * (diff / se) / (2 * (nr + 1)))) + 0.5) / 1e7 AS p_value,
  floor(1e7 * theta + 0.5) / 1e7 AS theta, floor(1e7 * (100 * (1 - se * se / (plain_se * plain_se))) + 0.5) / 1e7 AS variance_reduction FROM estimate ORDER BY metric;
--@ask ours
WITH r AS MATERIALIZED (SELECT * FROM experiment_results('bench', ARRAY['views', 'any_click', 'click_rate'], lookback => '14 days', as_of => :month_end::timestamptz))
SELECT b.metric, a.units, b.units, floor(1e7 * a.mean + 0.5) / 1e7, floor(1e7 * b.mean + 0.5) / 1e7, floor(1e7 * b.diff + 0.5) / 1e7, floor(1e7 * b.lower + 0.5) / 1e7, floor(1e7 * b.upper + 0.5) / 1e7,
  floor(1e7 * b.p_value + 0.5) / 1e7, floor(1e7 * b.theta + 0.5) / 1e7, floor(1e7 * b.variance_reduction_percent + 0.5) / 1e7
FROM r a JOIN r b USING (metric) WHERE a.variant = 'off' AND b.variant = 'on' ORDER BY metric;
