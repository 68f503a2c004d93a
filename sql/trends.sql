-- metric_trend and metric_forecast: where a series goes. Every edge is in test/pgtap/trends.sql.
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';
SET extra_float_digits = 0;
\set VERBOSITY terse
\pset null '-'
CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

-- Four weeks of content 5411: 2 to 8 views by day of week, and one more each week. 5412 goes down, 5413 stays.
BEGIN;
INSERT INTO explore_content (id, creator_id, title) VALUES (5411, 5951, 'Up'), (5412, 5951, 'Down'), (5413, 5952, 'Flat');
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at)
SELECT c, n, 'view', timestamptz '2003-03-03 12:00+00' + d * interval '1 day' + n * interval '1 second'
FROM generate_series(0, 27) d, (VALUES (5411), (5412), (5413)) v(c), generate_series(1, CASE c WHEN 5411 THEN 2 + d % 7 + d / 7 WHEN 5412 THEN 28 - d ELSE 3 END) n;

-- Slopes are a bucket; n counts whole buckets: the range of the second begins and ends within days, the third has weeks.
SELECT c AS content, n, round(slope::numeric, 4) AS slope, round(intercept::numeric, 4) AS intercept, round(r2::numeric, 4) AS r2, round(p_value::numeric, 5) AS p_value, round(sen_slope::numeric, 4) AS sen, round(mk_z::numeric, 4) AS mk_z, round(mk_p::numeric, 5) AS mk_p, direction
FROM (VALUES (5411), (5412), (5413)) v(c), metric_trend('views', '2003-03-03', '2003-03-31', content_id => c);
SELECT n, round(slope::numeric, 4) AS slope, direction FROM metric_trend('views', '2003-03-05 06:00+00', '2003-03-12 18:00+00', content_id => 5412);
SELECT n, slope, intercept, r2, p_value, sen_slope, round(mk_z::numeric, 4) AS mk_z, direction FROM metric_trend('views', '2003-03-03', '2003-03-31', 'week', content_id => 5411);
SELECT * FROM metric_trend('views', '2003-03-03', '2003-03-04 23:00+00', content_id => 5411);
SELECT * FROM metric_trend('views', '2003-03-03', '2003-03-03', content_id => 5411);
SELECT n, slope, direction FROM metric_trend('unique_viewers', '2003-03-03', '2003-03-31', time_zone => 'Asia/Kathmandu', creator_id => 5952);

-- The next days, by the best of the methods; days that nobody has watched on are forecast as 0, and nothing below.
SELECT bucket_start::date, round(forecast::numeric, 2) AS forecast, round(lower::numeric, 2) AS lower, round(upper::numeric, 2) AS upper, method, round(mase::numeric, 3) AS mase FROM metric_forecast('views', '2003-03-03', '2003-03-31', horizon => 7, content_id => 5411);
SELECT bucket_start::date, round(forecast::numeric, 6) AS forecast, lower >= 0 AS lower, method FROM metric_forecast('views', '2003-03-20', '2003-03-31', horizon => 3, method => 'holt', content_id => 5412);
SELECT m AS asked, method, round(forecast::numeric, 3) AS forecast, round(mase::numeric, 3) AS mase FROM unnest(ARRAY['naive', 'seasonal_naive', 'ses', 'holt', 'holt_winters_additive', 'holt_winters_multiplicative']) m, metric_forecast('views', '2003-03-03', '2003-03-31', method => m, horizon => 1, content_id => 5411);
-- Madrid set its clocks forward on 30 March 2003, a day of 23 hours.
SELECT bucket_start, bucket_start AT TIME ZONE 'Europe/Madrid' AS local, forecast FROM metric_forecast('views', '2003-03-03 23:00+00', '2003-03-28 23:00+00', time_zone => 'Europe/Madrid', method => 'naive', horizon => 4, content_id => 5413);
SELECT bucket_start::date, forecast, method FROM metric_forecast('views', '2003-03-03', '2003-03-31', 'week', horizon => 2, method => 'naive', content_id => 5411);
-- What the series does not allow is forecast by another method, and told.
SELECT DISTINCT method FROM metric_forecast('views', '2003-03-03', '2003-03-14', method => 'holt_winters_additive', content_id => 5411);
SELECT DISTINCT method FROM metric_forecast('views', '2003-03-03', '2003-04-14', method => 'holt_winters_multiplicative', content_id => 5411);
SELECT count(*) FROM metric_forecast('views', '2003-03-03', '2003-03-31', content_id => 5411);
SELECT count(*) FROM metric_forecast('views', '2003-03-03 01:00+00', '2003-03-04', content_id => 5411);

-- Refused.
SELECT pg_temp.refused(q) FROM unnest(ARRAY[$$SELECT metric_trend('likes')$$, $$SELECT metric_trend('views', bucket => 'year')$$, $$SELECT metric_trend('views', time_zone => 'CEST-2')$$, $$SELECT metric_forecast('views', content_id => 1, creator_id => 1)$$, $$SELECT metric_forecast('views', horizon => 0)$$,
  $$SELECT metric_forecast('views', method => 'arima')$$, $$SELECT metric_trend('views', '2003-03-04', '2003-03-03')$$, $$SELECT metric_trend('views', '1990-01-01', '2003-01-01', 'hour')$$]) q;
ROLLBACK;
