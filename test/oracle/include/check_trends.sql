-- Trends and forecasts of series, against least squares, all pairs of points and forecast().
-- ---------------------------------------------------------------------------------------------------
-- Two-sided tails: of the normal distribution by its series and its continued fraction, of Student's t by Abramowitz and
-- Stegun 26.7.3 and 26.7.4.
CREATE FUNCTION oracle.normal_tail(z float8) RETURNS float8 LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  x float8 := abs(z);
  term float8 := abs(z);
  total float8 := 0;
BEGIN
  IF x > 38 THEN RETURN 0; END IF;
  IF x > 4 THEN
    total := x;
    FOR k IN REVERSE 200 .. 1 LOOP total := x + k / total; END LOOP;
    RETURN 2 * exp(-x * x / 2) / sqrt(2 * pi()) / total;
  END IF;
  FOR k IN 1 .. 120 LOOP
    total := total + term / (2 * k - 1);
    EXIT WHEN abs(term) < 1e-40;
    term := -term * x * x / (2 * k);
  END LOOP;
  RETURN 1 - sqrt(2 / pi()) * total;
END $$;
CREATE FUNCTION oracle.t_tail(t float8, df int) RETURNS float8 LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  angle float8 := atan(abs(t) / sqrt(df));
  total float8 := 0;
  term float8 := CASE WHEN df % 2 = 1 THEN cos(atan(abs(t) / sqrt(df))) ELSE 1 END;
BEGIN
  FOR k IN 0 .. df / 2 - 1 LOOP
    total := total + term;
    term := CASE WHEN term < 1e-40 THEN 0 ELSE term * cos(angle) ^ 2 * CASE WHEN df % 2 = 1 THEN (2 * k + 2)::float8 / (2 * k + 3) ELSE (2 * k + 1)::float8 / (2 * k + 2) END END;
  END LOOP;
  RETURN 1 - CASE WHEN df % 2 = 1 THEN 2 / pi() * (angle + sin(angle) * total) ELSE sin(angle) * total END;
END $$;
SELECT oracle.holds('tails are those of the tables', oracle.is_near(oracle.normal_tail(1.959963984540054), 0.05) AND oracle.is_near(oracle.normal_tail(-4.5), 6.795346249460098e-06) AND oracle.is_near(oracle.t_tail(12.706204736432095, 1), 0.05)
  AND oracle.is_near(oracle.t_tail(2.2281388519649385, 10), 0.05) AND oracle.is_near(oracle.t_tail(-4.0321429835552278, 5), 0.01));

-- Only buckets that lie in the range as a whole, and are over.
CREATE TABLE oracle.trend_of (n int GENERATED ALWAYS AS IDENTITY, metric text, content_id bigint, creator_id bigint, zone text, bucket text, s timestamptz, e timestamptz);
INSERT INTO oracle.trend_of (metric, content_id, creator_id, zone, bucket, s, e)
SELECT m, c.content_id, c.creator_id, k.zone, k.bucket, k.s, k.e
FROM oracle.series_case k, (VALUES ('views', 2, NULL::bigint), ('completion_rate', 60, NULL), ('engagement_score', 5, NULL), ('new_viewers', 2, NULL), ('unique_viewers', NULL, 1), ('total_watch_time', NULL, 9007199254740993), ('sessions', NULL, 3), ('saves', NULL, 999)) c(m, content_id, creator_id)
WHERE k.zone IN ('UTC', 'Australia/Lord_Howe') AND (k.s IS NOT NULL OR k.e IS NOT NULL OR k.zone = 'UTC' AND m <> 'sessions') AND (:every = 1 OR m IN ('views', 'engagement_score', 'total_watch_time'));
INSERT INTO oracle.trend_of (metric, zone, bucket, s, e) VALUES ('views', 'Europe/Berlin', 'day', '2025-09-25 00:00+00', '2025-12-20 00:00+00'), ('new_viewers', 'America/New_York', 'week', '2025-09-25 00:00+00', '2025-12-20 00:00+00'),
  ('sessions', 'UTC', 'day', '2025-10-01 00:00+00', '2025-10-10 12:00+00'), ('average_watch_time', 'UTC', 'month', '2025-01-01 00:00+00', '2026-01-01 00:00+00');
INSERT INTO oracle.trend_of (metric, content_id, zone, bucket, s, e) SELECT 'views', c, 'UTC', 'day', '2025-10-01 00:00+00', timestamptz '2025-10-01 00:00+00' + n * interval '1 day' FROM unnest(ARRAY[1, 2, 600]) c, unnest(ARRAY[1, 2, 3, 4, 15]) n;
CREATE TABLE oracle.point AS
SELECT t.n, (row_number() OVER (PARTITION BY t.n ORDER BY a.bucket_start) - 1)::int AS x, a.value AS y, a.bucket_end
FROM oracle.trend_of t, metric_series(t.metric, t.s, t.e, t.bucket, t.zone, t.content_id, t.creator_id) a
WHERE (t.s IS NULL OR a.bucket_start >= t.s) AND (t.e IS NULL OR a.bucket_end <= t.e) AND a.bucket_end <= now();
CREATE INDEX ON oracle.point (n, x);
ANALYZE oracle.point;
CREATE TABLE oracle.line AS
SELECT t.n, count(p.y) AS points, count(DISTINCT p.y) AS ways, max(abs(p.y)) AS size, regr_slope(p.y, p.x) AS slope, regr_intercept(p.y, p.x) AS intercept, CASE WHEN count(DISTINCT p.y) > 1 THEN regr_r2(p.y, p.x) END AS r2,
       regr_syy(p.y, p.x) AS syy, regr_sxy(p.y, p.x) AS sxy, regr_sxx(p.y, p.x) AS sxx
FROM oracle.trend_of t LEFT JOIN oracle.point p USING (n) GROUP BY t.n;
CREATE TABLE oracle.pairs AS
SELECT a.n, percentile_cont(0.5) WITHIN GROUP (ORDER BY (b.y - a.y) / (b.x - a.x)) AS sen, sum(sign(b.y - a.y)) AS s FROM oracle.point a JOIN oracle.point b ON b.n = a.n AND b.x > a.x GROUP BY 1;
CREATE TABLE oracle.kendall AS
SELECT n, points, s, CASE WHEN variance > 0 THEN (s - sign(s)) / sqrt(variance) END AS z
FROM (SELECT l.n, l.points, p.s, (l.points * (l.points - 1) * (2 * l.points + 5) - (SELECT sum(same * (same - 1) * (2 * same + 5)) FROM (SELECT count(*) AS same FROM oracle.point o WHERE o.n = l.n GROUP BY o.y) g))::float8 / 18 AS variance
      FROM oracle.line l LEFT JOIN oracle.pairs p USING (n)) v;
SELECT oracle.holds('series of no, one, two, three and many points, constant ones, ties', count(*) FILTER (WHERE points = 0) > 0 AND count(*) FILTER (WHERE points = 1) > 0 AND count(*) FILTER (WHERE points = 2) > 0 AND count(*) FILTER (WHERE points = 3) > 0 AND count(*) FILTER (WHERE points > 200) > 0
  AND count(*) FILTER (WHERE points > 2 AND ways = 1) > 0 AND count(*) FILTER (WHERE ways > 1 AND ways < points) > 5) FROM oracle.line;
CREATE TABLE oracle.trend AS SELECT t.n AS question, a.* FROM oracle.trend_of t, metric_trend(t.metric, t.s, t.e, t.bucket, t.zone, t.content_id, t.creator_id) a;
SELECT oracle.near('metric_trend: points, slope, intercept, Sen''s slope', $$SELECT question || ' ' || n, ARRAY[slope, intercept, sen_slope] FROM oracle.trend$$,
  $$SELECT n || ' ' || points, ARRAY[slope, intercept, sen], size FROM oracle.line LEFT JOIN oracle.pairs USING (n)$$);
SELECT oracle.near('metric_trend: r2, and p of the slope', $$SELECT question::text, ARRAY[r2, p_value] FROM oracle.trend$$,
  $$SELECT n::text, ARRAY[r2, CASE WHEN points > 2 AND r2 < 1 THEN oracle.t_tail(sqrt(r2 * (points - 2) / (1 - r2)), (points - 2)::int) WHEN points > 2 AND r2 = 1 THEN 0 END], 1 FROM oracle.line$$);
SELECT oracle.near('metric_trend: Mann and Kendall, and what they decide', $$SELECT question || coalesce(direction, 'NULL'), ARRAY[mk_z, mk_p] FROM oracle.trend$$,
  $$SELECT n || CASE WHEN points < 2 THEN 'NULL' WHEN oracle.normal_tail(z) < 0.05 THEN CASE WHEN s > 0 THEN 'up' ELSE 'down' END ELSE 'flat' END, ARRAY[z, oracle.normal_tail(z)] FROM oracle.kendall$$);
SELECT oracle.holds('some go up, some down, some neither', count(DISTINCT direction) = 3) FROM oracle.trend;

-- ---------------------------------------------------------------------------------------------------
-- Forecasts
-- ---------------------------------------------------------------------------------------------------
CREATE TABLE oracle.forecast_of AS
SELECT t.n, t.metric, t.s, t.e, t.bucket, t.zone, t.content_id, t.creator_id, h.horizon, (ARRAY[24, 7, 52, 12])[array_position(ARRAY['hour', 'day', 'week', 'month'], t.bucket)] AS season, p.y, p.points, p.until
FROM oracle.trend_of t JOIN LATERAL (SELECT array_agg(y ORDER BY x) AS y, count(*)::int AS points, max(bucket_end) AS until FROM oracle.point p WHERE p.n = t.n) p ON true,
     unnest(CASE t.bucket WHEN 'month' THEN ARRAY[1, 2] WHEN 'week' THEN ARRAY[5] ELSE ARRAY[4, 30] END) h(horizon)
WHERE (:every = 1 OR t.n % 5 = 0) AND ((t.content_id, t.metric) IN ((1, 'views'), (2, 'views'), (5, 'engagement_score')) OR t.creator_id IN (9007199254740993, 999) OR t.content_id IS NULL AND t.creator_id IS NULL);
CREATE TABLE oracle.method (place int, method text);
INSERT INTO oracle.method VALUES (1, 'naive'), (2, 'seasonal_naive'), (3, 'ses'), (4, 'holt'), (5, 'holt_winters_additive'), (6, 'holt_winters_multiplicative');
CREATE FUNCTION oracle.allows(y float8[], season int, method text) RETURNS boolean LANGUAGE sql IMMUTABLE
RETURN CASE method WHEN 'naive' THEN cardinality(y) >= 1 WHEN 'seasonal_naive' THEN cardinality(y) >= season WHEN 'ses' THEN cardinality(y) >= 2 WHEN 'holt' THEN cardinality(y) >= 3
  ELSE cardinality(y) >= 2 * season AND (method = 'holt_winters_additive' OR NOT 0 >= ANY (y)) END;
-- Errors on the last horizon, at most half of the series, in steps of the points before, of a season where they hold more than one.
CREATE TABLE oracle.tried AS
SELECT f.n, f.horizon, m.place, m.method, (SELECT avg(abs(t.value - a.forecast)) FROM unnest(h.test) WITH ORDINALITY t(value, step) LEFT JOIN forecast(h.train, cardinality(h.test), m.method, f.season) a USING (step)) / nullif(h.step, 0) AS mase
FROM oracle.forecast_of f, LATERAL (SELECT f.y[: f.points - least(f.horizon, f.points / 2)] AS train, f.y[f.points - least(f.horizon, f.points / 2) + 1 :] AS test) k,
     LATERAL (SELECT k.train, k.test, (SELECT avg(abs(k.train[i] - k.train[i - d])) FROM (SELECT CASE WHEN cardinality(k.train) > f.season THEN f.season ELSE 1 END AS d) x, generate_series(1 + d, cardinality(k.train)) i) AS step) h, oracle.method m
WHERE f.points >= 2 AND oracle.allows(h.train, f.season, m.method) AND oracle.allows(f.y, f.season, m.method);
CREATE TABLE oracle.forecast AS
SELECT f.n AS question, f.horizon, m.asked, a.*, row_number() OVER (PARTITION BY f.n, f.horizon, m.asked ORDER BY a.bucket_start) AS step
FROM oracle.forecast_of f, (SELECT method FROM oracle.method UNION ALL VALUES ('auto')) m(asked), metric_forecast(f.metric, f.s, f.e, f.bucket, f.zone, f.horizon, m.asked, f.content_id, f.creator_id) a;
SELECT oracle.holds('series that allow each method, and series that do not: ' || count(*), :every > 1 OR count(*) FILTER (WHERE points = 0) > 0 AND count(*) FILTER (WHERE points = 1) > 0 AND count(*) FILTER (WHERE points BETWEEN 2 AND season) > 0 AND count(*) FILTER (WHERE points > 2 * season) > 5
  AND count(*) FILTER (WHERE oracle.allows(y, season, 'holt_winters_multiplicative')) > 0) FROM oracle.forecast_of f;
SELECT oracle.same('metric_forecast: the buckets after the last whole one, as many as asked for', $$SELECT question, horizon, asked, bucket_start FROM oracle.forecast$$,
  $$SELECT f.n, f.horizon, m, b.s FROM oracle.forecast_of f, (SELECT method FROM oracle.method UNION ALL VALUES ('auto')) m(m), LATERAL (SELECT s FROM oracle.bucket b WHERE b.zone = f.zone AND b.bucket = f.bucket AND b.s >= f.until ORDER BY 1 LIMIT f.horizon) b$$);
SELECT oracle.near('metric_forecast: each method as forecast() of the points, from 0 to the most there is',
  $$SELECT format('%s %s %s %s', question, horizon, asked, step), ARRAY[forecast, lower, upper] FROM oracle.forecast$$,
  $$SELECT format('%s %s %s %s', f.n, f.horizon, m, a.step), ARRAY[least(greatest(a.forecast, 0), most), CASE WHEN a.lower IS NOT NULL THEN least(greatest(a.lower, 0), most) END, CASE WHEN a.upper IS NOT NULL THEN least(greatest(a.upper, 0), most) END]
    FROM oracle.forecast_of f, (SELECT method FROM oracle.method UNION ALL VALUES ('auto')) m(m), LATERAL (SELECT CASE WHEN f.metric = 'engagement_score' THEN 100 ELSE 'infinity'::float8 END AS most) k, forecast(f.y, f.horizon, m, f.season) a$$);
SELECT oracle.holds('some forecasts are at an end of what can be', count(*) FILTER (WHERE lower = 0) > 30 AND count(*) FILTER (WHERE upper = 100) > 0) FROM oracle.forecast;
SELECT oracle.near('metric_forecast: naive and seasonal_naive by plain SQL',
  $$SELECT format('%s %s %s %s', question, horizon, method, step), ARRAY[forecast, lower, upper] FROM oracle.forecast WHERE asked IN ('naive', 'seasonal_naive') AND asked = method$$,
  $$SELECT format('%s %s %s %s', n, horizon, method, step), ARRAY[least(value, most), CASE WHEN wide IS NOT NULL THEN least(greatest(value - 1.959963984540054 * sqrt(wide), 0), most) END, CASE WHEN wide IS NOT NULL THEN least(value + 1.959963984540054 * sqrt(wide), most) END], value
    FROM (SELECT f.n, f.horizon, 'naive' AS method, step, f.y[f.points] AS value, step * (SELECT avg((f.y[i] - f.y[i - 1]) ^ 2) FROM generate_series(2, f.points) i) AS wide, metric FROM oracle.forecast_of f, generate_series(1, f.horizon) step WHERE f.points > 0
          UNION ALL SELECT f.n, f.horizon, 'seasonal_naive', step, f.y[f.points - f.season + 1 + (step - 1) % f.season], (1 + (step - 1) / f.season) * (SELECT avg((f.y[i] - f.y[i - f.season]) ^ 2) FROM generate_series(1 + f.season, f.points) i), metric
          FROM oracle.forecast_of f, generate_series(1, f.horizon) step WHERE f.points >= f.season) x, LATERAL (SELECT CASE WHEN metric = 'engagement_score' THEN 100 ELSE 'infinity'::float8 END AS most) k$$);
SELECT oracle.near('metric_forecast: which method was used, and its error', $$SELECT DISTINCT format('%s %s %s %s', question, horizon, asked, method), ARRAY[mase] FROM oracle.forecast WHERE asked <> 'auto' AND asked = method$$,
  $$SELECT format('%s %s %s %s', f.n, f.horizon, m.method, m.method), ARRAY[t.mase] FROM oracle.forecast_of f JOIN oracle.method m ON oracle.allows(f.y, f.season, m.method) LEFT JOIN oracle.tried t ON (t.n, t.horizon, t.method) = (f.n, f.horizon, m.method)$$);
-- Of methods that err as much to the last digits but one, any.
CREATE TABLE oracle.best AS
SELECT f.n, f.horizon, min(t.mase) AS mase, coalesce((array_agg(t.method ORDER BY t.place) FILTER (WHERE t.mase = m.mase OR t.mase IS NULL))[1], 'naive') AS simplest, array_agg(t.method) FILTER (WHERE t.mase <= (1 + 1e-12) * m.mase) AS equal
FROM oracle.forecast_of f LEFT JOIN oracle.tried t USING (n, horizon) LEFT JOIN LATERAL (SELECT min(mase) AS mase FROM oracle.tried o WHERE (o.n, o.horizon) = (f.n, f.horizon)) m ON true WHERE f.points > 0 GROUP BY 1, 2;
SELECT oracle.near('metric_forecast: auto is the best, or the simplest of the best', $$SELECT DISTINCT format('%s %s %s', question, f.horizon, CASE WHEN f.method = ANY (b.equal) THEN b.simplest ELSE f.method END), ARRAY[f.mase] FROM oracle.forecast f JOIN oracle.best b ON (b.n, b.horizon) = (question, f.horizon) WHERE asked = 'auto'$$,
  $$SELECT format('%s %s %s', n, horizon, simplest), ARRAY[mase] FROM oracle.best$$);
SELECT oracle.holds('of equal ones it takes the simplest: ' || count(*), count(*) > 2 AND count(*) FILTER (WHERE f.method <> b.simplest) <= count(*) / 10)
FROM (SELECT DISTINCT question, horizon, method FROM oracle.forecast WHERE asked = 'auto') f JOIN oracle.best b ON (b.n, b.horizon) = (f.question, f.horizon) WHERE cardinality(b.equal) > 1;
SELECT oracle.holds('it takes each of them somewhere', count(DISTINCT method) = 6 OR :every > 1) FROM oracle.forecast WHERE asked = 'auto';
