-- The experiment and the sources of clicks, for demo_checks.sql, which shows what is checked.

ANALYZE explore_exposures;

-- What each viewer did from the exposure on, and in the 14 days before: a number, and what it is divided by.
CREATE TEMP TABLE plain_unit AS
WITH unit AS (
  SELECT x.viewer_key, x.variant, count(e) FILTER (WHERE after AND is_save) AS saves, coalesce(sum(ms) FILTER (WHERE after), 0) AS ms,
    count(e) FILTER (WHERE after AND is_click) AS clicks, count(e) FILTER (WHERE after AND is_view) AS views,
    count(e) FILTER (WHERE NOT after AND is_save) AS saves_x, coalesce(sum(ms) FILTER (WHERE NOT after), 0) AS ms_x,
    count(e) FILTER (WHERE NOT after AND is_click) AS clicks_x, count(e) FILTER (WHERE NOT after AND is_view) AS views_x
  FROM explore_exposures x
  LEFT JOIN plain_event e ON e.viewer = x.viewer_key AND e.created_at >= x.exposed_at - interval '14 days' AND e.created_at < demo.as_of()
  CROSS JOIN LATERAL (SELECT e.created_at >= x.exposed_at AS after) a
  WHERE x.experiment = 'demo' GROUP BY 1, 2)
SELECT variant, w.* FROM unit, LATERAL (VALUES
  ('any_save', 100.0::float8 * (saves > 0)::int, 1::float8, 100.0::float8 * (saves_x > 0)::int, 1::float8),
  ('total_watch_time', ms / 1000.0, 1, ms_x / 1000.0, 1), ('click_rate', 100.0 * clicks, views, 100.0 * clicks_x, views_x)) w (metric, m, d, mx, dx);

-- Rates by the delta method, the others as the means that they are; how much of what was so before is taken off; and the rest.
CREATE TEMP TABLE plain_result AS
WITH side AS (SELECT metric, variant, coalesce(sum(m) / nullif(sum(d), 0), 0) AS r, nullif(avg(d), 0) AS d, coalesce(sum(mx) / nullif(sum(dx), 0), 0) AS rx, nullif(avg(dx), 0) AS dx
              FROM plain_unit GROUP BY 1, 2),
unit AS (SELECT metric, variant, u.m, u.mx, (u.m - s.r * u.d) / s.d AS y, coalesce((u.mx - s.rx * u.dx) / s.dx, 0) AS x FROM plain_unit u JOIN side s USING (metric, variant)),
moment AS (SELECT metric, variant, covar_samp(y, x) AS yx, var_samp(x) AS xx FROM unit GROUP BY 1, 2),
theta AS (
  SELECT metric, coalesce(CASE WHEN metric LIKE '%_rate' THEN (SELECT sum(yx) / nullif(sum(xx), 0) FROM moment m WHERE m.metric = unit.metric)
                               ELSE covar_pop(m, mx) / nullif(var_pop(mx), 0) END, 0) AS theta
  FROM unit GROUP BY metric),
rest AS (
  SELECT metric, variant, count(*) AS n, CASE WHEN metric LIKE 'any%' THEN var_pop(y - theta * x) ELSE var_samp(y - theta * x) END AS variance
  FROM unit JOIN theta USING (metric) GROUP BY 1, 2)
SELECT metric, a.n AS control, b.n AS treatment, sb.r AS mean, CASE WHEN least(a.n, b.n) > 1 THEN (sb.r - theta * sb.rx) - (sa.r - theta * sa.rx) END AS diff,
       sqrt(nullif(a.variance, 0) / a.n + nullif(b.variance, 0) / b.n) AS se
FROM theta JOIN rest a USING (metric) JOIN rest b USING (metric) JOIN side sa USING (metric) JOIN side sb USING (metric)
WHERE a.variant = 'control' AND sa.variant = 'control' AND b.variant = 'treatment' AND sb.variant = 'treatment';

INSERT INTO checked (what, answer, plain)
SELECT format('treatment, %s: %s', metric, k.what), k.answer, k.plain
FROM demo.results f JOIN plain_result p USING (metric), confidence_sequence(p.diff, p.se, p.control + p.treatment) c,
     LATERAL (VALUES (1, 'its viewers', f.units::float8, p.treatment::float8), (2, 'mean', f.mean, p.mean), (3, 'difference', f.diff, p.diff),
       (4, 'lower bound', f.lower, c.lower), (5, 'p value', f.p_value, c.p_value)) AS k (n, what, answer, plain)
WHERE f.variant = 'treatment' ORDER BY metric, k.n;

-- Clicks of 30 days, each with the views of the same person in the 7 days before. An event without a user is that of the
-- user of its session, or of the only user who has an event in it.
CREATE TEMP TABLE plain_journey AS
SELECT e.id, e.created_at, e.engagement_type, coalesce(e.user_id, s.user_id, o.user_id, -e.session_id) AS journey, coalesce(s.traffic_source, 'unknown') AS source
FROM explore_engagements e LEFT JOIN explore_feed_sessions s ON s.id = e.session_id
LEFT JOIN (SELECT session_id, min(user_id) AS user_id FROM explore_engagements GROUP BY 1 HAVING min(user_id) = max(user_id)) o ON o.session_id = e.session_id
WHERE e.engagement_type IN ('view', 'click');
ANALYZE plain_journey;
CREATE TEMP TABLE plain_touch AS
SELECT c.id, t.source, row_number() OVER (PARTITION BY c.id ORDER BY t.created_at, t.id) AS place, count(t.id) OVER (PARTITION BY c.id) AS touches
FROM plain_journey c LEFT JOIN plain_journey t ON t.journey = c.journey AND t.engagement_type = 'view' AND (t.created_at, t.id) < (c.created_at, c.id)
  AND t.created_at >= c.created_at - interval '7 days'
WHERE c.engagement_type = 'click' AND c.created_at >= demo.as_of() - interval '30 days' AND c.created_at < demo.as_of();
CREATE TEMP VIEW plain_attributed AS
SELECT model, CASE touches WHEN 0 THEN '(none)' ELSE source END AS key,
       sum(CASE WHEN touches = 0 THEN 1 WHEN model = 'linear' THEN 1.0::float8 / touches WHEN model = 'first' THEN (place = 1)::int ELSE (place = touches)::int END) AS conversions
FROM plain_touch, unnest(ARRAY['first', 'linear', 'last']) model GROUP BY 1, 2;

INSERT INTO checked (what, answer, plain)
SELECT format('clicks by source, %s: %s', model, key), a.conversions, p.conversions
FROM demo.attributed a FULL JOIN plain_attributed p USING (model, key) ORDER BY model, key;
