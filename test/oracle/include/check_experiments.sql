-- Experiments: every estimate by plain SQL from each unit's events, in exact decimals; the distributions are the pure functions'.
-- ---------------------------------------------------------------------------------------------------
-- Viewers of their own, whose events, exposures and windows share a grid of 17 minutes, so that edges meet. All is rolled back.
BEGIN;
INSERT INTO explore_feed_sessions (id, session_start) SELECT 930000 + g, '2025-11-06 00:00+00' FROM generate_series(1, 150) g;
CREATE TABLE oracle.subject AS
SELECT CASE WHEN g <= 250 THEN 310000 + g ELSE -(930000 + g - 250) END AS viewer, exp(1.2 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) AS active FROM generate_series(1, 400) g;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
SELECT 1 + floor(200 * random())::bigint, CASE WHEN viewer > 0 THEN viewer END, CASE WHEN viewer < 0 THEN -viewer WHEN random() < 0.3 THEN 930001 + floor(150 * random())::bigint END,
       (ARRAY['view', 'view', 'view', 'view', 'click', 'save', 'share', 'complete', 'skip', 'impression', 'progress'])[1 + floor(11 * random())::int]::engagement_type,
       CASE WHEN random() < 0.8 THEN floor(20000 * active * random())::int ELSE 0 END, random() < 0.3,
       timestamptz '2025-11-05 22:00+00' + floor(1500 * power(random(), 1.3)) * interval '17 minutes'
FROM oracle.subject, LATERAL generate_series(1, least(60, floor(9 * active)::int));

CREATE TABLE oracle.trial (experiment text, variants text[], weights float8[], alpha float8, tuning float8);
INSERT INTO oracle.trial VALUES ('two', '{off,on}', '{0.5,0.5}', 0.05, 5000), ('four', '{control,a,b,"c d"}', '{0.4,0.3,0.2,0.1}', 0.1, 500), ('three', '{z,y,x}', '{0.2,0.5,0.3}', 0.01, 80), ('recorded', '{left,right}', '{0.7,0.3}', 0.05, 5000);
SELECT FROM oracle.trial t, define_experiment(t.experiment, t.variants, t.weights, alpha => t.alpha, tuning => t.tuning);
-- Some in two variants, some in one the experiment does not know. Of three variants one has a unit, another none.
INSERT INTO explore_exposures (experiment, viewer_key, variant, exposed_at)
SELECT DISTINCT ON (1, 2, 3) * FROM (
  SELECT t.experiment, s.viewer, CASE WHEN random() < 0.02 THEN 'gone' ELSE t.variants[1 + floor(cardinality(t.variants) * power(random(), 1.2))::int] END, timestamptz '2025-11-11 22:00+00' + floor(340 * random()) * interval '17 minutes'
  FROM oracle.trial t, oracle.subject s, generate_series(1, 2) twice WHERE t.experiment IN ('two', 'four') AND (twice = 1 OR random() < 0.06)) x(experiment, viewer, variant, at);
INSERT INTO explore_exposures (experiment, viewer_key, variant, exposed_at)
SELECT 'three', viewer, CASE WHEN viewer = 310001 THEN 'y' ELSE 'z' END, timestamptz '2025-11-12 22:00+00' + abs(viewer) % 7 * interval '1 day' FROM oracle.subject WHERE viewer BETWEEN 310001 AND 310040;
-- Long ago, and nobody's units.
INSERT INTO explore_exposures (experiment, viewer_key, variant, exposed_at) SELECT t.experiment, 310300 + i, t.variants[i], timestamptz '2024-02-02 12:00+00' + i * interval '1 day' FROM oracle.trial t, generate_series(1, 2) i WHERE t.experiment IN ('two', 'four');
INSERT INTO explore_exposures (experiment, viewer_key, variant, exposed_at) SELECT t.experiment, 310303 - i, t.variants[i], timestamptz '2024-02-04 12:00+00' FROM oracle.trial t, generate_series(1, 2) i WHERE t.experiment IN ('two', 'four');
INSERT INTO explore_exposures (experiment, viewer_key, variant, exposed_at) SELECT 'nobody''s', viewer, 'on', '2025-11-12 00:00+00' FROM oracle.subject;
-- Recorded in any order, again and again: the first time counts.
CREATE TABLE oracle.recording AS
SELECT row_number() OVER (ORDER BY random()) AS turn, viewer, CASE WHEN random() < 0.1 THEN 'right' END AS variant, timestamptz '2025-11-11 22:00+00' + floor(340 * random()) * interval '17 minutes' AS at FROM oracle.subject, generate_series(1, 3) WHERE viewer % 2 = 0;
CREATE TABLE oracle.recorded AS SELECT r.*, record_exposure('recorded', CASE WHEN viewer > 0 THEN viewer END, CASE WHEN viewer < 0 THEN -viewer END, r.variant, r.at) AS answer FROM (SELECT * FROM oracle.recording ORDER BY turn) r;
SELECT oracle.same('record_exposure says the variant asked for, or the one of the unit''s id', 'SELECT viewer, at, answer FROM oracle.recorded', $$SELECT viewer, at, coalesce(variant, assign_variant('recorded', abs(viewer)::text)) FROM oracle.recording$$);
SELECT oracle.same('and keeps the first time of each variant', $$SELECT viewer_key, variant, exposed_at FROM explore_exposures WHERE experiment = 'recorded'$$, 'SELECT viewer, answer, min(at) FROM oracle.recorded GROUP BY 1, 2');
SELECT oracle.holds('assigned by weight', count(*) FILTER (WHERE assign_variant('four', g::text) = 'control') BETWEEN 3700 AND 4300 AND count(*) FILTER (WHERE assign_variant('four', g::text) = 'c d') BETWEEN 800 AND 1200 AND count(assign_variant('four', g::text)) = 10000) FROM generate_series(1, 10000) g;

CREATE TABLE oracle.trial_metric AS
SELECT ord, metric, CASE WHEN metric LIKE 'any\_%' THEN 'any' WHEN metric LIKE '%\_rate' OR metric = 'average_watch_time' THEN 'ratio' ELSE 'count' END AS kind
FROM unnest('{clicks,any_view,click_rate,total_watch_time,any_save,views,average_watch_time,any_share,completions,completion_rate,any_click,saves,engagement_rate,shares,any_completion,skips,save_rate,impressions,share_rate,total_engagements,skip_rate,unidentified_views}'::text[]) WITH ORDINALITY m(metric, ord);
CREATE TABLE oracle.trial_case AS
SELECT row_number() OVER () AS n, * FROM (SELECT experiment FROM oracle.trial) t, unnest('{welch,sequential,bayes}'::text[]) m(method), (VALUES (true), (false)) c(cuped),
  (VALUES (interval '3 hours 24 minutes', 12240::numeric), ('4 days', 345600), ('14 days', 1209600), ('1 month', 2592000)) l(lookback, lookback_s),
  (VALUES (NULL::interval, NULL::numeric), ('17 minutes', 1020), ('3 days 34 minutes', 261240), ('16:59.999999 minutes', 1019.999999), ('100 years', 3155760000)) w(within, within_s),
  (VALUES (NULL::float8), (0.9), (0.5), (1)) q(winsorize), unnest('{holm,bh,bonferroni,none}'::text[]) k(correction),
  (VALUES (NULL::timestamptz), ('2025-11-14 08:12+00'), ('2025-11-16 22:00+00'), ('2025-11-11 22:17+00'), ('2025-11-01 00:00+00'), ('2030-01-01 00:00+00')) a(as_of);
DELETE FROM oracle.trial_case WHERE hashint8(n) % (700 + 1500 * least(:every - 1, 1)) <> 0;
SELECT max(range_end) AS horizon, coalesce(max(range_end) > '-infinity', false) AS retained FROM explore_analytics.dropped_partitions \gset

-- Who was exposed to what, when first.
CREATE TABLE oracle.unit AS
SELECT k.n, x.viewer_key AS viewer, min(v.i) AS i, count(*) > 1 AS many, min(x.exposed_at) AS t,
       k.within_s IS NULL OR extract(epoch FROM min(x.exposed_at)) + k.within_s <= extract(epoch FROM coalesce(k.as_of, now())) AS over
FROM oracle.trial_case k JOIN oracle.trial USING (experiment) JOIN explore_exposures x USING (experiment), LATERAL unnest(variants) WITH ORDINALITY v(variant, i)
WHERE v.variant = x.variant AND (k.as_of IS NULL OR x.exposed_at < k.as_of) GROUP BY k.n, x.viewer_key, k.within_s, k.as_of;
\if :retained
-- History that reaches back behind what is left.
CREATE TABLE oracle.too_old AS
SELECT k.* FROM oracle.trial_case k WHERE k.cuped AND EXISTS (SELECT FROM oracle.unit u WHERE u.n = k.n AND u.over AND NOT u.many AND u.t - k.lookback_s * interval '1 second' < :'horizon');
SELECT oracle.same('no history is asked for from before the horizon', $$SELECT DISTINCT oracle.state_of(format('SELECT experiment_results(%L, %L, %L, %L, %L, %L, as_of => %L)', experiment, '{views}', method, cuped, lookback, within, as_of)) FROM oracle.too_old$$,
  format('SELECT %L', format('55000 raw events before %s are gone', :'horizon')));
DELETE FROM oracle.trial_case WHERE n IN (SELECT n FROM oracle.too_old);
DELETE FROM oracle.unit WHERE n IN (SELECT n FROM oracle.too_old);
\endif
CREATE TABLE oracle.arm AS
SELECT k.n, v.variant, v.i, (SELECT count(*) FROM oracle.unit u WHERE u.n = k.n AND u.i = v.i AND NOT u.many) AS exposed,
  (SELECT count(*) FROM oracle.unit u WHERE u.n = k.n AND u.i = v.i AND NOT u.many AND u.over) AS units FROM oracle.trial_case k JOIN oracle.trial USING (experiment), LATERAL unnest(variants) WITH ORDINALITY v(variant, i);
CREATE TABLE oracle.whole AS
SELECT k.n, (SELECT count(*) FROM oracle.unit u WHERE u.n = k.n AND u.many) AS many, (SELECT count(*) FROM oracle.unit u WHERE u.n = k.n) AS everybody,
       (SELECT p_value FROM srm_test((SELECT array_agg(exposed ORDER BY i) FROM oracle.arm a WHERE a.n = k.n), t.weights)) AS srm
FROM oracle.trial_case k JOIN oracle.trial t USING (experiment);
ANALYZE oracle.unit;
-- What each did after, and before.
CREATE TABLE oracle.deed AS
SELECT id, coalesce(user_id, -session_id) AS viewer, created_at AS at, engagement_type::text AS kind, watch_time_ms AS ms, engagement_type::text = 'complete' OR engagement_type::text = 'view' AND completed AS is_completion
FROM explore_engagements WHERE coalesce(user_id, -session_id) IN (SELECT viewer FROM oracle.subject);
CREATE INDEX ON oracle.deed (viewer, at);
ANALYZE oracle.deed;
CREATE TABLE oracle.sums AS
SELECT u.n, u.i, u.viewer, p.past, count(d.id) FILTER (WHERE kind = 'view')::numeric AS views, count(d.id) FILTER (WHERE is_completion)::numeric AS completions, count(d.id) FILTER (WHERE kind = 'save')::numeric AS saves,
       count(d.id) FILTER (WHERE kind = 'share')::numeric AS shares, count(d.id) FILTER (WHERE kind = 'click')::numeric AS clicks, count(d.id) FILTER (WHERE kind = 'skip')::numeric AS skips,
       count(d.id) FILTER (WHERE kind = 'impression')::numeric AS impressions, coalesce(sum(ms), 0) / 1000.0 AS seconds
FROM oracle.unit u JOIN oracle.trial_case k USING (n) CROSS JOIN (VALUES (true), (false)) p(past)
LEFT JOIN oracle.deed d ON d.viewer = u.viewer AND CASE WHEN p.past THEN d.at < u.t AND extract(epoch FROM u.t) - extract(epoch FROM d.at) <= k.lookback_s
  ELSE d.at >= u.t AND (k.as_of IS NULL OR d.at < k.as_of) AND (k.within_s IS NULL OR extract(epoch FROM d.at) - extract(epoch FROM u.t) < k.within_s) END
WHERE u.over AND NOT u.many GROUP BY 1, 2, 3, 4;
CREATE TABLE oracle.number AS
SELECT s.n, s.i, m.metric, m.kind, max(v.a) FILTER (WHERE NOT past) AS a, max(v.b) FILTER (WHERE NOT past) AS b, max(v.a) FILTER (WHERE past) AS past_a, max(v.b) FILTER (WHERE past) AS past_b FROM oracle.sums s CROSS JOIN LATERAL (VALUES
  ('views', views, 1::numeric), ('unidentified_views', 0, 1), ('completions', completions, 1), ('saves', saves, 1), ('shares', shares, 1), ('clicks', clicks, 1), ('skips', skips, 1), ('impressions', impressions, 1),
  ('total_engagements', saves + shares + clicks, 1), ('total_watch_time', seconds, 1), ('any_view', 100 * least(views, 1), 1), ('any_save', 100 * least(saves, 1), 1), ('any_share', 100 * least(shares, 1), 1),
  ('any_click', 100 * least(clicks, 1), 1), ('any_completion', 100 * least(completions, 1), 1), ('average_watch_time', seconds, views), ('completion_rate', 100 * completions, views),
  ('engagement_rate', 100 * (saves + shares + clicks), views), ('save_rate', 100 * saves, views), ('share_rate', 100 * shares, views), ('click_rate', 100 * clicks, views), ('skip_rate', 100 * skips, views)) v(metric, a, b)
JOIN oracle.trial_metric m USING (metric) GROUP BY s.n, s.i, s.viewer, m.metric, m.kind;
CREATE TABLE oracle.cap AS
SELECT n, metric, percentile_disc(winsorize) WITHIN GROUP (ORDER BY a) FILTER (WHERE a > 0) AS a, percentile_disc(winsorize) WITHIN GROUP (ORDER BY b) FILTER (WHERE b > 0) AS b,
       percentile_disc(winsorize) WITHIN GROUP (ORDER BY past_a) FILTER (WHERE past_a > 0) AS past_a, percentile_disc(winsorize) WITHIN GROUP (ORDER BY past_b) FILTER (WHERE past_b > 0) AS past_b
FROM oracle.number JOIN oracle.trial_case USING (n) WHERE winsorize IS NOT NULL AND kind <> 'any' GROUP BY n, metric, winsorize;
SELECT oracle.holds('caps bind', count(*) FILTER (WHERE x.a > c.a) > 50 AND count(*) FILTER (WHERE x.past_b > c.past_b) > 50) FROM oracle.number x JOIN oracle.cap c USING (n, metric);
UPDATE oracle.number x SET a = least(x.a, c.a), b = least(x.b, c.b), past_a = least(x.past_a, c.past_a), past_b = least(x.past_b, c.past_b) FROM oracle.cap c WHERE (c.n, c.metric) = (x.n, x.metric);
-- Of ratios the numerator without its share of the denominator, on the scale of the mean denominator; without any, 0.
CREATE TABLE oracle.side AS SELECT n, i, metric, coalesce(sum(a) / nullif(sum(b), 0), 0) AS mean, avg(b) AS base, sum(past_a) / nullif(sum(past_b), 0) AS past_mean, avg(past_b) AS past_base FROM oracle.number GROUP BY 1, 2, 3;
ANALYZE oracle.number, oracle.side;
CREATE TABLE oracle.trial_moment AS
SELECT n, i, metric, kind, c, base, mean AS my, past_mean AS mx, sy, sx, syy, sxx, sxy, (syy - sy * sy / c) / d AS vy, (sxx - sx * sx / c) / d AS vx, (sxy - sx * sy / c) / d AS cxy
FROM (SELECT n, i, metric, kind, base, mean, past_mean, count(*)::numeric AS c, sum(y) AS sy, sum(x) AS sx, sum(y * y) AS syy, sum(x * x) AS sxx, sum(x * y) AS sxy
      FROM (SELECT n, i, metric, kind, base, mean, past_mean, CASE WHEN kind = 'ratio' THEN coalesce((a - mean * b) / nullif(base, 0), 0) ELSE a END AS y, CASE WHEN kind = 'ratio' THEN (past_a - past_mean * past_b) / nullif(past_base, 0) ELSE past_a END AS x
            FROM oracle.number JOIN oracle.side USING (n, i, metric)) p GROUP BY 1, 2, 3, 4, 5, 6, 7) s, LATERAL (SELECT CASE WHEN kind = 'any' THEN c ELSE nullif(c - 1, 0) END AS d) d;
CREATE TABLE oracle.contrast AS
SELECT e.*, CASE WHEN kind = 'ratio' THEN 1 + diff / nullif(ay, 0) ELSE bym / nullif(ay, 0) END AS c FROM (
  SELECT t.*, bym - theta * coalesce(bxm, 0) - (ay - theta * coalesce(axm, 0)) AS diff, avy - 2 * theta * acxy + theta * theta * avx AS av, bvy - 2 * theta * bcxy + theta * theta * bvx AS bv FROM (
    SELECT b.n, b.i, b.metric, b.kind, a.c AS na, b.c AS nb, a.my AS ay, b.my AS bym, a.mx AS axm, b.mx AS bxm, a.vy AS avy, b.vy AS bvy, coalesce(a.vx, 0) AS avx, coalesce(b.vx, 0) AS bvx, coalesce(a.cxy, 0) AS acxy, coalesce(b.cxy, 0) AS bcxy,
      CASE WHEN NOT k.cuped OR a.base = 0 OR b.base = 0 THEN 0
           WHEN a.kind = 'ratio' THEN coalesce((a.cxy + b.cxy) / nullif(a.vx + b.vx, 0), 0)
           ELSE coalesce((a.sxy + b.sxy - (a.sx + b.sx) * (a.sy + b.sy) / (a.c + b.c)) / nullif(a.sxx + b.sxx - (a.sx + b.sx) * (a.sx + b.sx) / (a.c + b.c), 0), 0) END AS theta
    FROM oracle.trial_moment a JOIN oracle.trial_moment b USING (n, metric) JOIN oracle.trial_case k USING (n) WHERE a.i = 1 AND b.i > 1 AND a.c > 1 AND b.c > 1) t) e;
CREATE TABLE oracle.estimate AS
SELECT n, i, metric, t.alpha, t.tuning, method, na::bigint AS na, nb::bigint AS nb, theta, diff, av, bv, (ay - theta * coalesce(axm, 0))::float8 AS a_mean, (bym - theta * coalesce(bxm, 0))::float8 AS b_mean,
       diff / nullif(ay, 0) AS lift, least(av, bv, avy, bvy) > 0 AS varies, sqrt(av / na + bv / nb)::float8 AS se, CASE WHEN theta = 0 THEN 0 WHEN avy / na + bvy / nb > 0 THEN 1 - (av / na + bv / nb) / (avy / na + bvy / nb) END AS less,
       sqrt(greatest(0, bv / nb + (c * c * avy - 2 * c * theta * acxy + theta * theta * avx) / na) / nullif(ay * ay, 0))::float8 AS lift_se
FROM oracle.contrast JOIN oracle.trial_case k USING (n) JOIN oracle.trial t USING (experiment);
CREATE TABLE oracle.tested AS
SELECT e.n, e.i, e.metric, CASE WHEN method = 'bayes' THEN NULL ELSE coalesce(w.p_value, s.p_value) END AS p, coalesce(w.lower, s.lower, y.lower) AS lower, coalesce(w.upper, s.upper, y.upper) AS upper, y.chance, y.expected_loss AS loss,
       CASE method WHEN 'welch' THEN e.lift::float8 - half.width * lift_se WHEN 'sequential' THEN sl.lower ELSE yl.lower END AS lift_lower,
       CASE method WHEN 'welch' THEN e.lift::float8 + half.width * lift_se WHEN 'sequential' THEN sl.upper ELSE yl.upper END AS lift_upper
FROM oracle.estimate e
LEFT JOIN LATERAL welch_test(e.na, e.a_mean, e.av::float8, e.nb, e.b_mean, e.bv::float8, 1 - e.alpha) w ON method = 'welch'
LEFT JOIN LATERAL (SELECT (u.upper - u.lower) / 2 / u.se AS width FROM welch_test(e.na, 0, e.av::float8, e.nb, 0, e.bv::float8, 1 - e.alpha) u) half ON method = 'welch'
LEFT JOIN LATERAL confidence_sequence(e.diff::float8, e.se, e.na + e.nb, e.alpha, e.tuning) s ON method = 'sequential'
LEFT JOIN LATERAL confidence_sequence(e.lift::float8, e.lift_se, e.na + e.nb, e.alpha, e.tuning) sl ON method = 'sequential'
LEFT JOIN LATERAL chance_to_beat(e.diff::float8, e.se, 1 - e.alpha) y ON method = 'bayes'
LEFT JOIN LATERAL chance_to_beat(e.lift::float8, e.lift_se, 1 - e.alpha) yl ON method = 'bayes'
WHERE varies;
CREATE TABLE oracle.adjusted AS
SELECT f.n, u.i, u.metric, u.p_adjusted FROM (SELECT n, array_agg(p ORDER BY ord, i) AS ps, array_agg(i ORDER BY ord, i) AS is, array_agg(t.metric ORDER BY ord, i) AS metrics FROM oracle.tested t JOIN oracle.trial_metric USING (metric) GROUP BY 1) f
JOIN oracle.trial_case k USING (n), LATERAL unnest(f.is, f.metrics, p_adjust(f.ps, k.correction)) u(i, metric, p_adjusted);
CREATE VIEW oracle.trial_answer AS
SELECT k.n, m.ord, a.i, a.variant, m.metric, a.units, mo.my::float8 AS mean, e.diff::float8 AS diff, t.lower, t.upper, t.p, d.p_adjusted, 100 * e.lift::float8 AS lift, 100 * t.lift_lower AS lift_lower, 100 * t.lift_upper AS lift_upper, t.chance, t.loss,
       CASE WHEN k.cuped AND e.varies THEN e.theta::float8 END AS theta, CASE WHEN k.cuped AND e.varies THEN 100 * e.less::float8 END AS less, w.srm, w.many,
       array_remove(ARRAY[CASE WHEN w.many > 0.01 * w.everybody THEN 'multiple_exposures' END, CASE WHEN k.cuped AND e.theta = 0 THEN 'no_history' END, CASE WHEN a.i > 1 AND least(a.units, c.units) < 100 THEN 'small_sample' END,
                          CASE WHEN w.srm < 0.001 THEN 'srm' END, CASE WHEN a.i > 1 AND least(a.units, c.units) < 2 THEN 'too_few_units' END, CASE WHEN NOT e.varies THEN 'zero_variance' END], NULL) AS warnings
FROM oracle.trial_case k JOIN oracle.arm a USING (n) JOIN oracle.arm c ON c.n = k.n AND c.i = 1 CROSS JOIN oracle.trial_metric m JOIN oracle.whole w ON w.n = k.n
LEFT JOIN oracle.trial_moment mo ON (mo.n, mo.i, mo.metric) = (k.n, a.i, m.metric) LEFT JOIN oracle.estimate e ON (e.n, e.i, e.metric) = (k.n, a.i, m.metric)
LEFT JOIN oracle.tested t ON (t.n, t.i, t.metric) = (k.n, a.i, m.metric) LEFT JOIN oracle.adjusted d ON (d.n, d.i, d.metric) = (k.n, a.i, m.metric);
CREATE TABLE oracle.plain_result AS SELECT * FROM oracle.trial_answer;
SELECT oracle.holds(format('answers of every kind: %s tests of %s rows, %s with history, %s warnings', count(p), count(*), count(*) FILTER (WHERE theta <> 0), count(*) FILTER (WHERE cardinality(warnings) > 0)),
  count(p) > 60 AND count(*) FILTER (WHERE p < 0.2) > 10 AND count(chance) > 20 AND count(*) FILTER (WHERE theta <> 0) > 60 AND count(DISTINCT u) >= 5) FROM oracle.plain_result LEFT JOIN LATERAL unnest(warnings) u ON true;
SELECT 'SELECT k.n, r.* FROM oracle.trial_case k, experiment_results(k.experiment, ARRAY(SELECT metric FROM oracle.trial_metric ORDER BY ord), k.method, k.cuped, k.lookback, k.within, k.winsorize, k.correction, k.as_of) WITH ORDINALITY r' AS question \gset
SELECT format($$SELECT concat_ws(' ', n, ordinality, metric, variant, warnings), ARRAY[units, mean, diff, lower, upper, p_value, p_adjusted, lift_percent, lift_lower_percent, lift_upper_percent, chance_to_beat, expected_loss, theta, variance_reduction_percent, srm_p_value, multiple_exposures] FROM (%s) q$$, :'question') AS answer,
  $$SELECT concat_ws(' ', n, row_number() OVER (PARTITION BY n ORDER BY ord, i), metric, variant, warnings), ARRAY[units, mean, diff, lower, upper, p, p_adjusted, lift, lift_lower, lift_upper, chance, loss, theta, less, srm, many], 1e-4 * (1 + abs(coalesce(mean, 0))) FROM oracle.plain_result$$ AS plain \gset
SELECT oracle.near('experiment_results of methods, windows, histories, caps and times', :'answer', :'plain');
SET LOCAL work_mem = '64kB';
SELECT oracle.near('the same in little memory', :'answer', :'plain');
RESET work_mem;
ROLLBACK;
