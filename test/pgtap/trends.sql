-- Where a series goes: arguments and errors, whole buckets, days of every length, few points and many, ends of what can be, and who
-- may ask. Numbers of many series are the oracle's business.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION explore_analytics;
\set family t
\ir include/callers.sql
BEGIN;
SELECT plan(510);
-- As many views of a content on each day, by UTC, from a day on.
CREATE FUNCTION pg_temp.fill(content bigint, since timestamptz, counts int[], step interval DEFAULT '1 day') RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
  SELECT content, 1 + n, 'view', 1000, since + (day - 1) * step + n * interval '1 second' FROM unnest(counts) WITH ORDINALITY c(count, day), generate_series(1, count) n $$;

-- ---------------------------------------------------------------------------------------------------
-- Nothing there
-- ---------------------------------------------------------------------------------------------------
SELECT results_eq(format('SELECT * FROM metric_trend(%L, %s)', m, r), $$VALUES (0::bigint, NULL::float8, NULL::float8, NULL::float8, NULL::float8, NULL::float8, NULL::float8, NULL::float8, NULL::text)$$, format('no events: a trend of %s, %s', m, r))
FROM unnest(ARRAY['views', 'sessions', 'new_viewers', 'engagement_score']) m, unnest(ARRAY['NULL, NULL', 'NULL, ''2025-01-01''', '''2025-01-01'', NULL', '''2025-01-01'', ''2025-01-01''', '''2025-01-01 01:00'', ''2025-01-02 23:00''']) r;
SELECT is_empty(format('SELECT * FROM metric_forecast(%L, %s)', m, r), format('and no forecast of %s, %s', m, r))
FROM unnest(ARRAY['views', 'sessions', 'new_viewers', 'engagement_score']) m, unnest(ARRAY['NULL, NULL', 'NULL, ''2025-01-01''', '''2025-01-01'', NULL', '''2025-01-01'', ''2025-01-01''', '''2025-01-01 01:00'', ''2025-01-02 23:00''']) r;
SELECT results_eq($$SELECT n, slope, intercept, r2, mk_z, direction FROM metric_trend('views', '2025-01-01', '2025-01-11', content_id => 44)$$, $$VALUES (10::bigint, 0::float8, 0::float8, NULL::float8, NULL::float8, 'flat')$$, 'an unknown content has a series of zeros');
SELECT results_eq($$SELECT forecast, lower, upper, method, mase FROM metric_forecast('views', '2025-01-01', '2025-01-11', horizon => 1, creator_id => 44)$$, $$VALUES (0::float8, 0::float8, 0::float8, 'naive', NULL::float8)$$, 'as an unknown creator has, and zeros follow');

-- ---------------------------------------------------------------------------------------------------
-- Arguments
-- ---------------------------------------------------------------------------------------------------
INSERT INTO explore_content (id, creator_id, title) SELECT g, 1 + g / 50, 'Clip ' || g FROM generate_series(1, 99) g;
CREATE TEMP TABLE bad (n int GENERATED ALWAYS AS IDENTITY, state text, named text, query text);
-- {f}: both of them.
INSERT INTO bad (state, named, query) SELECT v.state, v.named, format('SELECT * FROM %s(%s)', f, v.arguments) FROM unnest(ARRAY['metric_trend', 'metric_forecast']) f, (VALUES
  ('22023', 'metric', 'NULL'), ('22023', 'likes', '''likes'''), ('22023', '""', ''''''), ('22023', 'Views', '''Views'''),
  ('22023', 'year', '''views'', bucket => ''year'''), ('22023', '""', '''views'', bucket => '''''), ('22023', 'Mars/Olympus', '''views'', time_zone => ''Mars/Olympus'''), ('22023', '+03', '''views'', time_zone => ''+03'''), ('22023', 'FOO3BAR', '''views'', time_zone => ''FOO3BAR'''),
  ('22023', 'content_id', '''views'', content_id => 1, creator_id => 1'), ('22023', '0', '''views'', content_id => 0'), ('22023', '-7', '''views'', creator_id => -7'),
  ('22023', '2025-01-01 00:00:00', '''views'', ''2025-01-01 00:00:00.000001'', ''2025-01-01'''), ('22008', 'infinit', '''views'', ''-infinity'''), ('22008', 'infinit', '''views'', NULL, ''infinity'''), ('22008', 'infinit', '''sessions'', ''infinity'', ''infinity'''),
  ('54000', '100000', '''views'', ''2010-01-01'', ''2025-01-01'', ''hour'''), ('54000', '1000000', '''views'', ''1000-01-01'', ''2025-01-01'', ''hour'''), ('54000', '100000', '''new_viewers'', ''1500-01-01'', ''2025-01-01''')) v(state, named, arguments);
INSERT INTO bad (state, named, query) SELECT '22023', h, format('SELECT * FROM metric_forecast(''views'', horizon => %s)', h) FROM unnest(ARRAY['0', '-1', '10001', '2147483647', '-2147483648']) h;
INSERT INTO bad (state, named, query) SELECT '22023', CASE m WHEN '' THEN '""' ELSE m END, format('SELECT * FROM metric_forecast(''views'', method => %L)', m) FROM unnest(ARRAY['arima', '', 'Holt', 'best']) m;
CREATE TEMP TABLE told AS SELECT b.*, f.state AS came, f.message, f.hint FROM bad b, LATERAL pg_temp.failure(b.query) f;
SELECT is(came, state, format('%s: %s', state, query)) FROM told ORDER BY n;
SELECT is_empty($$SELECT query, message FROM told WHERE message !~ '^[a-z0-9_]' OR message ~ '\.$'$$, 'messages begin in lower case and have no full stop');
SELECT is_empty($$SELECT query, message FROM told WHERE position(lower(named) IN lower(message)) = 0$$, 'messages name the argument or the value');
SELECT is_empty($$SELECT query FROM told WHERE coalesce(hint, '') = ''$$, 'every one of them comes with a hint');
-- At the ends of the calendar.
SELECT results_eq($$SELECT n, direction FROM metric_trend('views', '0001-01-01', '9999-01-01', 'month', content_id => 1)$$, $$SELECT (extract(year FROM now()) * 12 + extract(month FROM now()) - 13)::bigint, 'flat'$$, 'all months of the era, as far as they are over');
SELECT is((SELECT n FROM metric_trend('views', '290000-01-01', '294000-01-01', 'month')), 0::bigint, 'none of these is over');
-- What is to come takes no part, however far it is: neither the end of a range, nor an event that a clock far ahead of ours has stamped.
SELECT results_eq($$SELECT * FROM metric_trend('views', now() - interval '5 hours', '290000-01-01', 'hour')$$, $$SELECT * FROM metric_trend('views', now() - interval '5 hours', now(), 'hour')$$, 'hours until now');
SELECT is((SELECT count(*) FROM metric_forecast('views', now() - interval '5 hours', '290000-01-01', 'hour')), 14::bigint, 'and those after them');
SAVEPOINT ahead;
INSERT INTO explore_content (id, creator_id) VALUES (999001, 1);
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (999001, 5, 'view', now() - interval '7 hours'), (999001, 5, 'view', '9999-12-31');
SELECT results_eq($$SELECT n FROM metric_trend('views', bucket => 'hour', content_id => 999001)$$, 'VALUES (7::bigint)', 'an event of the year 9999');
ROLLBACK TO ahead;
SELECT matches((pg_temp.failure($$SELECT n FROM metric_trend('views', '294276-12-01', '294276-12-31 23:59:59.999999', 'month')$$)).state, '^(22008|none)$', 'the last month there is');
SELECT matches((pg_temp.failure($$SELECT * FROM metric_forecast('views', '4714-11-24 00:00:00+00 BC', '4713-02-01 BC', 'month')$$)).state, '^(22008|none)$', 'and the first');

-- ---------------------------------------------------------------------------------------------------
-- Few points
-- ---------------------------------------------------------------------------------------------------
SELECT pg_temp.fill(1, '2025-03-01', '{3,5,7,9,11}'), pg_temp.fill(2, '2025-03-01', '{4,4,4,4,4,4}'), pg_temp.fill(3, '2025-03-01', '{9,7,5,3,1}'), pg_temp.fill(4, '2025-03-01', '{1,2}') \g /dev/null
CREATE FUNCTION pg_temp.trend(content bigint, days int) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', n, coalesce(slope::text, '-'), coalesce(intercept::text, '-'), coalesce(round(r2::numeric, 9)::text, '-'), coalesce(round(p_value::numeric, 6)::text, '-'), coalesce(sen_slope::text, '-'), coalesce(round(mk_z::numeric, 6)::text, '-'), coalesce(round(mk_p::numeric, 6)::text, '-'), coalesce(direction, '-'))
  FROM metric_trend('views', '2025-03-01', timestamptz '2025-03-01' + days * interval '1 day', content_id => content) $$;
SELECT is(pg_temp.trend(content, days), wanted, format('content %s, %s days', content, days)) FROM (VALUES
  (1, 0, '0 - - - - - - - -'), (1, 1, '1 - - - - - - - -'), (1, 2, '2 2 3 1.000000000 - 2 0.000000 1.000000 flat'), (1, 3, '3 2 3 1.000000000 0.000000 2 1.044466 0.296270 flat'),
  (1, 5, '5 2 3 1.000000000 0.000000 2 2.204541 0.027486 up'), (3, 5, '5 -2 9 1.000000000 0.000000 -2 -2.204541 0.027486 down'), (2, 2, '2 0 4 - - 0 - - flat'), (2, 6, '6 0 4 - - 0 - - flat')) v(content, days, wanted);
-- Four up is p = 0.089: no trend yet.
SELECT is((SELECT direction || round(mk_p::numeric, 3) FROM metric_trend('views', '2025-03-01', '2025-03-05', content_id => 1)), 'flat0.089', 'four points decide nothing');
CREATE FUNCTION pg_temp.next(content bigint, days int, horizon int, method text, metric text DEFAULT 'views') RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(concat_ws(' ', round(forecast::numeric, 3), coalesce(round(lower::numeric, 3)::text, '-'), coalesce(round(upper::numeric, 3)::text, '-'), f.method, coalesce(round(mase::numeric, 6)::text, '-')), ', ' ORDER BY bucket_start)
  FROM metric_forecast(metric, '2025-03-01', timestamptz '2025-03-01' + days * interval '1 day', horizon => horizon, method => method, content_id => content) f $$;
SELECT is(pg_temp.next(content, days, horizon, method), wanted, format('content %s, %s days, %s %s', content, days, method, horizon)) FROM (VALUES
  (1, 1, 2, 'auto', '3.000 - - naive -, 3.000 - - naive -'), (1, 1, 1, 'holt_winters_multiplicative', '3.000 - - naive -'), (1, 2, 1, 'naive', '5.000 1.080 8.920 naive -'), (2, 6, 1, 'auto', '4.000 4.000 4.000 naive -'),
  (1, 5, 2, 'holt', '13.000 13.000 13.000 holt 0.000000, 15.000 15.000 15.000 holt 0.000000'), (1, 5, 1, 'naive', '11.000 7.080 14.920 naive 1.000000'), (1, 5, 1, 'auto', '13.000 13.000 13.000 holt 0.000000'),
  (4, 2, 1, 'naive', '2.000 0.040 3.960 naive -')) v(content, days, horizon, method, wanted);
SELECT is((SELECT string_agg(method, ' ') FROM metric_forecast('views', '2025-03-01', '2025-03-03', horizon => 1, method => 'holt', content_id => 1)), 'ses', 'of two points no trend');
-- What goes down stops at 0, and so do bounds.
SELECT is(pg_temp.next(3, 5, 3, 'holt'), '0.000 0.000 0.000 holt 0.000000, 0.000 0.000 0.000 holt 0.000000, 0.000 0.000 0.000 holt 0.000000', 'nothing below 0');
SELECT is(pg_temp.next(3, 5, 2, 'naive'), '1.000 0.000 4.920 naive 1.500000, 1.000 0.000 6.544 naive 1.500000', 'no lower bound below 0');
-- No score above 100, no rate below: a view that completes twice is 200 %.
INSERT INTO explore_engagements (content_id, user_id, engagement_type, completed, created_at) SELECT 5, 1 + d, t.type, t.type = 'view', timestamptz '2025-03-01 01:00' + d * interval '1 day' FROM generate_series(0, 9) d, (VALUES ('view'::engagement_type), ('complete'), ('save'), ('share')) t(type) WHERE d % 3 <> 1 OR t.type = 'view';    -- scores of 100 and of 40
SELECT results_eq($$SELECT forecast, lower BETWEEN 0 AND 99, upper FROM metric_forecast('engagement_score', '2025-03-01', '2025-03-11', horizon => 3, method => 'naive', content_id => 5)$$, $$VALUES (100::float8, true, 100::float8), (100, true, 100), (100, true, 100)$$, 'no score above 100');
SELECT results_eq($$SELECT forecast, upper > 300 FROM metric_forecast('completion_rate', '2025-03-01', '2025-03-11', horizon => 1, method => 'naive', content_id => 5)$$, 'VALUES (200::float8, true)', 'rates may be more than 100');
-- Zeros: a season that multiplies does not go with them.
SELECT pg_temp.fill(6, '2025-03-01', ARRAY(SELECT g % 7 FROM generate_series(1, 28) g)), pg_temp.fill(7, '2025-03-01', ARRAY(SELECT 1 + g % 7 FROM generate_series(1, 28) g)) \g /dev/null
SELECT results_eq($$SELECT DISTINCT method FROM metric_forecast('views', '2025-03-01', '2025-03-29', method => 'holt_winters_multiplicative', content_id => 6)$$, $$VALUES ('holt_winters_additive')$$, 'with zeros another method is used, and told');
SELECT results_eq($$SELECT DISTINCT method FROM metric_forecast('views', '2025-03-01', '2025-03-29', method => 'holt_winters_multiplicative', content_id => 7)$$, $$VALUES ('holt_winters_multiplicative')$$, 'without them the one that was asked for');
SELECT is(pg_temp.next(6, 28, 8, 'auto'), '1.000 1.000 1.000 seasonal_naive -, 2.000 2.000 2.000 seasonal_naive -, 3.000 3.000 3.000 seasonal_naive -, 4.000 4.000 4.000 seasonal_naive -, 5.000 5.000 5.000 seasonal_naive -, 6.000 6.000 6.000 seasonal_naive -, 0.000 0.000 0.000 seasonal_naive -, 1.000 1.000 1.000 seasonal_naive -', 'what repeats every week goes on');
-- Every season that there is: a series that repeats after it, and after nothing less.
SELECT pg_temp.fill(8, '2025-03-01', ARRAY(SELECT 1 + (g * 7) % 24 FROM generate_series(1, 72) g), '1 hour'), pg_temp.fill(9, '2016-01-04', ARRAY(SELECT 1 + (g * 5) % 52 FROM generate_series(1, 156) g), '7 days') \g /dev/null
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 10, n, 'view', timestamptz '2018-01-01 10:00' + make_interval(months => m - 1) FROM generate_series(1, 48) m, generate_series(1, 1 + m * 5 % 12) n;
SELECT results_eq(format('SELECT bucket_start, forecast, method FROM metric_forecast(''views'', %L, %L, %L, horizon => %s, content_id => %s)', s, e, b, h, c), format('SELECT bucket_start, value, ''seasonal_naive'' FROM (SELECT row_number() OVER (ORDER BY bucket_start) AS n, * FROM metric_series(''views'', %L, %L, %L, content_id => %s)) m', f, t, b, c),
  'a season of ' || b || 's') FROM (VALUES ('hour', 8, 6, timestamptz '2025-03-01', timestamptz '2025-03-03', timestamptz '2025-03-03', timestamptz '2025-03-03 06:00'), ('week', 9, 4, '2016-01-04', '2018-01-01', '2018-01-01', '2018-01-29'), ('month', 10, 3, '2018-01-01', '2021-01-01', '2021-01-01', '2021-04-01')) v(b, c, h, s, e, f, t);

-- ---------------------------------------------------------------------------------------------------
-- Whole buckets that are over
-- ---------------------------------------------------------------------------------------------------
SELECT is((SELECT n || ' ' || coalesce(slope::text, '-') || ' ' || coalesce(intercept::text, '-') FROM metric_trend('views', s, e, content_id => 1)), wanted, format('from %s to %s', s, e)) FROM (VALUES
  (timestamptz '2025-03-01 00:00', timestamptz '2025-03-06 00:00', '5 2 3'), ('2025-03-01 00:00:00.000001', '2025-03-06 00:00', '4 2 5'), ('2025-03-01 00:00', '2025-03-05 23:59:59.999999', '4 2 3'),
  ('2025-03-01 12:00', '2025-03-05 12:00', '3 2 5'), ('2025-03-02 06:00', '2025-03-03 18:00', '0 - -'), ('2025-03-01 23:00', '2025-03-03 01:00', '1 - -'), (NULL, NULL, '5 2 3'), (NULL, '2025-03-04 12:00', '3 2 3'), ('2025-03-01 12:00', NULL, '4 2 5')) v(s, e, wanted);
SELECT is((SELECT min(bucket_start) FROM metric_forecast('views', s, e, content_id => 1)), wanted, format('what is next after %s to %s', s, e)) FROM (VALUES
  (timestamptz '2025-03-01 00:00', timestamptz '2025-03-06 00:00', timestamptz '2025-03-06'), ('2025-03-01 00:00', '2025-03-05 23:59:59.999999', '2025-03-05'), ('2025-03-01 12:00', '2025-03-05 12:00', '2025-03-05'), (NULL, NULL, '2025-03-06'), ('2025-03-02 06:00', '2025-03-03 18:00', NULL)) v(s, e, wanted);
-- The running day is no whole one, whatever the end; nor are days to come.
SELECT pg_temp.fill(11, date_trunc('day', now()) - interval '3 days', '{5,6,7,100}') \g /dev/null
SELECT is((SELECT n || ' ' || slope || ' ' || intercept FROM metric_trend('views', s, e, content_id => 11)), wanted, format('the running day is left out: from %s to %s', s, e))
FROM (SELECT date_trunc('day', now()) AS today) d, LATERAL (VALUES (NULL::timestamptz, NULL::timestamptz, '3 1 5'), (NULL, now(), '3 1 5'), (NULL, today + interval '1 day', '3 1 5'), (today - interval '2 days', today + interval '9 days', '2 1 6'), (today - interval '3 days', today, '3 1 5')) v(s, e, wanted);
SELECT results_eq($$SELECT bucket_start FROM metric_forecast('views', NULL, now() + interval '1 month', horizon => 2, content_id => 11)$$, $$SELECT date_trunc('day', now()) + n * interval '1 day' FROM generate_series(0, 1) n$$, 'and is the first to be forecast');
SELECT results_eq($$SELECT bucket_start FROM metric_forecast('views', bucket => 'hour', horizon => 2, content_id => 11, start_date => now() - interval '1 day', end_date => now())$$, $$SELECT date_trunc('hour', now()) + n * interval '1 hour' FROM generate_series(0, 1) n$$, 'so is the running hour');
SELECT is((SELECT n FROM metric_trend('views', date_trunc('day', now()), NULL, content_id => 11)), 0::bigint, 'today alone is nothing');
SELECT is_empty($$SELECT * FROM metric_forecast('views', now(), now() + interval '9 days', content_id => 11)$$, 'nor are days to come');
-- Rows of the running transaction count, and those of a savepoint until it is rolled back.
SAVEPOINT more;
SELECT record_engagement(11, 'view', 1000 + n, created_at => date_trunc('day', now()) - interval '1 hour') FROM generate_series(1, 3) n \g /dev/null
SELECT is((SELECT slope FROM metric_trend('views', content_id => 11)) || ' ' || (SELECT forecast FROM metric_forecast('views', content_id => 11, method => 'naive', horizon => 1)), '2.5 10', 'rows of this transaction count');
ROLLBACK TO more;
SELECT is((SELECT slope FROM metric_trend('views', content_id => 11)) || ' ' || (SELECT forecast FROM metric_forecast('views', content_id => 11, method => 'naive', horizon => 1)), '1 7', 'until they are rolled back');
-- NULL is the default.
SELECT results_eq($$SELECT * FROM metric_trend('views', NULL, NULL, NULL, NULL, 1, NULL)$$, $$SELECT * FROM metric_trend('views', bucket => 'day', time_zone => 'UTC', content_id => 1)$$, 'NULL is the default: metric_trend');
SELECT results_eq($$SELECT * FROM metric_forecast('views', NULL, NULL, NULL, NULL, NULL, NULL, 1, NULL)$$, $$SELECT * FROM metric_forecast('views', NULL, NULL, 'day', 'UTC', 14, 'auto', 1)$$, 'NULL is the default: metric_forecast');
SELECT is((SELECT count(*) FROM metric_forecast('views', content_id => 1)), 14::bigint, 'a fortnight by default');

-- ---------------------------------------------------------------------------------------------------
-- Zones. The buckets that are forecast are those that metric_series() will have; each date by hand as well.
-- ---------------------------------------------------------------------------------------------------
CREATE TEMP TABLE calendar (zone text, bucket text, until timestamptz, horizon int, starts text);
INSERT INTO calendar VALUES
  ('Europe/Madrid', 'day', '2025-03-29 00:00+01', 4, '2025-03-28 23:00, 2025-03-29 23:00, 2025-03-30 22:00, 2025-03-31 22:00'), ('Europe/Madrid', 'day', '2025-10-25 00:00+02', 4, '2025-10-24 22:00, 2025-10-25 22:00, 2025-10-26 23:00, 2025-10-27 23:00'),
  ('Europe/Madrid', 'hour', '2025-03-30 01:00+01', 3, '2025-03-30 00:00, 2025-03-30 01:00, 2025-03-30 02:00'), ('Europe/Madrid', 'hour', '2025-10-26 02:00+02', 3, '2025-10-26 00:00, 2025-10-26 01:00, 2025-10-26 02:00'),
  ('Europe/Madrid', 'month', '2025-02-01 00:00+01', 4, '2025-01-31 23:00, 2025-02-28 23:00, 2025-03-31 22:00, 2025-04-30 22:00'), ('Europe/Madrid', 'week', '2025-03-24 00:00+01', 3, '2025-03-23 23:00, 2025-03-30 22:00, 2025-04-06 22:00'),
  ('Australia/Lord_Howe', 'day', '2025-04-05 13:00+00', 3, '2025-04-05 13:00, 2025-04-06 13:30, 2025-04-07 13:30'), ('Australia/Lord_Howe', 'day', '2025-10-04 13:30+00', 3, '2025-10-04 13:30, 2025-10-05 13:00, 2025-10-06 13:00'), ('Australia/Lord_Howe', 'hour', '2025-04-05 14:00+00', 4, '2025-04-05 14:00, 2025-04-05 15:30, 2025-04-05 16:30, 2025-04-05 17:30'),
  ('Pacific/Apia', 'day', '2011-12-28 00:00-10', 4, '2011-12-28 10:00, 2011-12-29 10:00, 2011-12-30 10:00, 2011-12-31 10:00'), ('Pacific/Apia', 'week', '2011-12-26 00:00-10', 3, '2011-12-26 10:00, 2012-01-01 10:00, 2012-01-08 10:00'), ('Pacific/Apia', 'month', '2011-12-01 00:00-10', 3, '2011-12-01 10:00, 2011-12-31 10:00, 2012-01-31 10:00'),
  ('Asia/Kathmandu', 'day', '2025-01-01 00:00+05:45', 2, '2024-12-31 18:15, 2025-01-01 18:15'), ('Asia/Kathmandu', 'hour', '2025-01-01 00:00+05:45', 2, '2024-12-31 18:15, 2024-12-31 19:15'), ('Asia/Kathmandu', 'month', '2024-02-01 00:00+05:45', 3, '2024-01-31 18:15, 2024-02-29 18:15, 2024-03-31 18:15'),
  ('UTC', 'week', '2024-12-23', 3, '2024-12-23 00:00, 2024-12-30 00:00, 2025-01-06 00:00'), ('UTC', 'week', '2020-12-21', 3, '2020-12-21 00:00, 2020-12-28 00:00, 2021-01-04 00:00'), ('UTC', 'day', '2024-02-28', 3, '2024-02-28 00:00, 2024-02-29 00:00, 2024-03-01 00:00'), ('UTC', 'day', '2025-02-28', 2, '2025-02-28 00:00, 2025-03-01 00:00'), ('UTC', 'day', '2100-02-28', 0, NULL),
  ('UTC', 'month', '2024-01-01', 3, '2024-01-01 00:00, 2024-02-01 00:00, 2024-03-01 00:00'), ('America/Havana', 'day', '2025-03-08 00:00-05', 3, '2025-03-08 05:00, 2025-03-09 05:00, 2025-03-10 04:00'), ('Antarctica/Casey', 'hour', '2023-03-08 14:00+00', 6, '2023-03-08 14:00, 2023-03-08 15:00, 2023-03-08 16:00, 2023-03-08 17:00, 2023-03-08 18:00, 2023-03-08 19:00');
SELECT is((SELECT string_agg(to_char(bucket_start, 'YYYY-MM-DD HH24:MI'), ', ' ORDER BY bucket_start) FROM metric_forecast('views', until - interval '100 days', until, bucket, zone, nullif(horizon, 0), content_id => 1) WHERE horizon > 0), starts, format('%ss of %s after %s', bucket, zone, until)) FROM calendar;
SELECT results_eq(format('SELECT bucket_start FROM metric_forecast(''views'', %L::timestamptz - interval ''100 days'', %1$L, %L, %L, 200, content_id => 1)', until, bucket, zone),
  format('SELECT bucket_start FROM metric_series(''views'', %L, %1$L::timestamptz + 200 * interval %L, %L, %L, content_id => 1) WHERE bucket_start >= %1$L LIMIT 200', until, CASE bucket WHEN 'hour' THEN '2 hours' WHEN 'day' THEN '2 days' WHEN 'week' THEN '8 days' ELSE '32 days' END, bucket, zone), format('200 %ss of %s after %s, as metric_series() has them', bucket, zone, until)) FROM calendar WHERE horizon > 0;
-- A range that cuts a local day leaves it out, though it is as long as a day of UTC.
SELECT is((SELECT n::int FROM metric_trend('views', s, e, time_zone => z, content_id => 1)), n, format('whole days of %s from %s to %s', z, s, e)) FROM (VALUES
  ('Europe/Madrid', timestamptz '2025-03-29 23:00+00', timestamptz '2025-03-30 22:00+00', 1), ('Europe/Madrid', '2025-03-29 23:00+00', '2025-03-30 21:59:59.999999+00', 0), ('Europe/Madrid', '2025-10-25 22:00+00', '2025-10-26 22:00+00', 0), ('Europe/Madrid', '2025-10-25 22:00+00', '2025-10-26 23:00+00', 1), ('Europe/Madrid', '2025-03-01 00:00+00', '2025-04-01 00:00+00', 30),
  ('Pacific/Apia', '2011-12-28 10:00+00', '2012-01-02 10:00+00', 5), ('Asia/Kathmandu', '2025-01-01 00:00+00', '2025-01-03 18:15+00', 2), ('Australia/Lord_Howe', '2025-04-05 13:00+00', '2025-04-06 13:00+00', 0), ('Australia/Lord_Howe', '2025-04-05 13:00+00', '2025-04-06 13:30+00', 1)) v(z, s, e, n);
-- As far as one may look.
SELECT results_eq(format('SELECT count(*), max(bucket_start) FROM metric_forecast(''views'', ''2025-03-01'', ''2025-05-05'', %L, horizon => 10000, content_id => 1)', b), format('SELECT 10000::bigint, %L::timestamptz', l), '10,000 buckets: ' || b)
FROM (VALUES ('hour', timestamptz '2025-05-05' + interval '9999 hours'), ('day', timestamptz '2025-05-05' + interval '9999 days'), ('week', timestamptz '2025-05-05' + interval '69993 days'), ('month', timestamptz '2025-05-01' + interval '9999 months')) v(b, l);

-- ---------------------------------------------------------------------------------------------------
-- Many points: ten thousand hours
-- ---------------------------------------------------------------------------------------------------
SELECT pg_temp.fill(12, '2023-01-01', ARRAY(SELECT (g / 2500 + g * 7 % 5)::int FROM generate_series(0, 9999) g), '1 hour') \g /dev/null
SELECT results_eq($$SELECT n, round(slope::numeric, 12), round(intercept::numeric, 9), round(r2::numeric, 9), direction, mk_z > 40 FROM metric_trend('views', '2023-01-01', timestamptz '2023-01-01' + interval '10000 hours', 'hour', content_id => 12)$$,
  $$SELECT count(*), round(regr_slope(y, x)::numeric, 12), round(regr_intercept(y, x)::numeric, 9), round(regr_r2(y, x)::numeric, 9), 'up', true FROM (SELECT (g / 2500 + g * 7 % 5)::float8 AS y, g::float8 AS x FROM generate_series(0, 9999) g) p$$, 'a trend of ten thousand hours');
SELECT results_eq($$SELECT round(forecast::numeric, 6), method FROM metric_forecast('views', '2023-01-01', timestamptz '2023-01-01' + interval '10000 hours', 'hour', horizon => 10, method => 'ses', content_id => 12)$$,
  $$SELECT round(forecast::numeric, 6), 'ses' FROM forecast(ARRAY(SELECT (g / 2500 + g * 7 % 5)::float8 FROM generate_series(0, 9999) g), 10, 'ses', 24)$$, 'and a forecast');
SELECT is((SELECT count(*) FROM metric_forecast('views', '2023-01-01', timestamptz '2023-01-01' + interval '10000 hours', 'hour', content_id => 12)), 14::bigint, 'by the best of all methods');

-- ---------------------------------------------------------------------------------------------------
-- Who may ask: creator 1 has the contents to 49
-- ---------------------------------------------------------------------------------------------------
SELECT pg_temp.fill(60, '2025-03-01', '{1,2,3,4,5,6}') \g /dev/null
CREATE TEMP TABLE asked AS
SELECT row_number() OVER () AS n, format(f, format('%L, ''2025-03-01'', ''2025-03-06''%s', m, a)) AS query, whose FROM unnest(ARRAY['SELECT n FROM metric_trend(%s)', 'SELECT bucket_start::date FROM metric_forecast(%s, horizon => 1)']) f, unnest(ARRAY['views', 'sessions', 'new_viewers']) m,
  (VALUES (', content_id => 1', 'own'), (', creator_id => 1', 'own'), (', content_id => 60', 'content 60'), (', creator_id => 2', 'creator 2'), (', content_id => 444', 'content 444'), (', creator_id => 444', 'creator 444'), ('', 'platform-wide numbers')) v(a, whose);
SELECT alike(pg_temp.answer('ea_tap_t_reader', query, '1'), CASE WHEN whose = 'own' THEN CASE WHEN query LIKE '%trend%' THEN '(5)' ELSE '(2025-03-06)' END ELSE '42501 permission denied for ' || whose || '%' END, 'as creator 1: ' || query) FROM asked ORDER BY n;
SELECT is(pg_temp.answer(role, query, identity), CASE WHEN query LIKE '%trend%' THEN '(5)' ELSE '(2025-03-06)' END, format('%s, with the identity "%s": %s', role, identity, query)) FROM asked, (VALUES ('ea_tap_t_analyst'::name, ''), ('ea_tap_t_analyst', '1'), ('ea_tap_t_owner', '1')) r(role, identity) ORDER BY role, identity, n;
SELECT is(pg_temp.answer('ea_tap_t_reader', query, ''), '42501 permission denied without an identity', 'a reader without an identity: ' || query) FROM asked ORDER BY n;
SELECT alike(pg_temp.answer(role, query, '1'), '42501 permission denied for function%', role || ' is refused: ' || query) FROM asked, unnest(ARRAY['ea_tap_t_writer', 'ea_tap_t_nobody']::name[]) role ORDER BY role, n;
SELECT * FROM finish();
ROLLBACK;

DROP OWNED BY ea_tap_t_reader, ea_tap_t_analyst, ea_tap_t_writer;
DROP EXTENSION explore_analytics CASCADE;
DROP OWNED BY ea_tap_t_owner CASCADE;
DROP ROLE ea_tap_t_owner, ea_tap_t_reader, ea_tap_t_analyst, ea_tap_t_writer, ea_tap_t_nobody;
