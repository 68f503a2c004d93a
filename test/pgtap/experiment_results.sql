-- What experiments have found out: worked numbers, edges of windows, warnings, what is NULL, errors, who may ask, memory, retention. Experiments of
-- many viewers are the oracle's business, and the arithmetic that of the unit tests.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION explore_analytics;
\set family e
\ir include/callers.sql
SELECT explore_analytics.ensure_partitions('2025-02-01', '2025-04-30') \g /dev/null
SELECT no_plan();

CREATE FUNCTION pg_temp.experiment(name text, variants text[], weights float8[] = NULL, alpha float8 = 0.05, tuning float8 = 5000) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_analytics.experiments (name, variants, weights, seed, coverage, alpha, tuning)
  VALUES (name, variants, coalesce(weights, array_fill(1.0 / cardinality(variants), ARRAY[cardinality(variants)])), name, 1, alpha, tuning)
$$;
CREATE FUNCTION pg_temp.expose(name text, variant text, viewers bigint[], at timestamptz) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_exposures SELECT name, v, variant, at FROM unnest(viewers) v
$$;
CREATE FUNCTION pg_temp.watch(viewer bigint, seconds float8, at timestamptz) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at) VALUES (1, CASE WHEN viewer > 0 THEN viewer END, CASE WHEN viewer < 0 THEN -viewer END, 'view', seconds * 1000, at)
$$;

-- ---------------------------------------------------------------------------------------------------
-- Worked numbers
-- ---------------------------------------------------------------------------------------------------
SELECT pg_temp.experiment('autoplay', '{control,treatment}') \g /dev/null
CREATE TEMP TABLE worked (viewer bigint, before float8, after float8);
INSERT INTO worked VALUES (201, 10, 12), (202, 8, 9), (203, 15, 15), (204, 3, 5), (205, 12, 12), (206, 7, 6), (211, 9, 13), (212, 11, 14), (213, 4, 8), (214, 14, 18), (215, 6, 9), (216, 10, 13);
SELECT pg_temp.expose('autoplay', CASE WHEN viewer < 210 THEN 'control' ELSE 'treatment' END, ARRAY[viewer], '2025-03-10'), pg_temp.watch(viewer, before, '2025-03-05 12:00'), pg_temp.watch(viewer, after, '2025-03-12 12:00') FROM worked \g /dev/null
-- Who was exposed to both, and what is longer ago than two weeks.
SELECT pg_temp.expose('autoplay', v, '{220}', '2025-03-10') FROM unnest(ARRAY['control', 'treatment']) v \g /dev/null
SELECT pg_temp.watch(220, 1000, '2025-03-12'), pg_temp.watch(201, 50, '2025-02-23 23:59:59.999999') \g /dev/null

CREATE FUNCTION pg_temp.near(got float8, wanted float8) RETURNS boolean LANGUAGE sql AS $$ SELECT abs(got - wanted) <= 1e-8 * greatest(abs(wanted), 1e-3) $$;
CREATE FUNCTION pg_temp.number(r jsonb, name text) RETURNS float8 LANGUAGE sql AS $$ SELECT (r ->> name)::float8 $$;
CREATE TEMP TABLE told AS
SELECT cuped, method, to_jsonb(r) AS r FROM unnest(ARRAY[true, false]) cuped, unnest(ARRAY['welch', 'sequential', 'bayes']) method, experiment_results('autoplay', '{total_watch_time}', method, cuped, as_of => '2025-04-01') r;
SELECT ok(pg_temp.near(pg_temp.number(r, name), wanted), format('%s, cuped %s: %s is %s', method, cuped, name, pg_temp.number(r, name)))
FROM told JOIN (VALUES
  ('welch', true, 'mean', 12.5), ('welch', true, 'diff', 2.821093319), ('welch', true, 'lower', 1.60434669), ('welch', true, 'upper', 4.037839947), ('welch', true, 'p_value', 0.0007559617312), ('welch', true, 'p_adjusted', 0.0007559617312),
  ('welch', true, 'lift_percent', 28.6890846), ('welch', true, 'lift_lower_percent', 11.68379755), ('welch', true, 'lift_upper_percent', 45.69437165), ('welch', true, 'theta', 0.9265599117), ('welch', true, 'variance_reduction_percent', 94.13752745),
  ('welch', false, 'diff', 2.666666667), ('welch', false, 'lower', -2.155281097), ('welch', false, 'upper', 7.488614431), ('welch', false, 'p_value', 0.2459099403), ('welch', false, 'lift_percent', 27.11864407), ('welch', false, 'lift_lower_percent', -29.40011059), ('welch', false, 'lift_upper_percent', 83.63739873),
  ('sequential', true, 'diff', 2.821093319), ('bayes', true, 'diff', 2.821093319), ('bayes', false, 'diff', 2.666666667)) v(method, cuped, name, wanted) USING (method, cuped)
WHERE r ->> 'variant' = 'treatment';
SELECT ok(pg_temp.near(pg_temp.number(r, 'mean'), 9.833333333), 'the control''s mean: ' || (r ->> 'mean')) FROM told WHERE r ->> 'variant' = 'control';
-- The other two methods, from what is left of the viewers' numbers.
CREATE TEMP TABLE error AS
SELECT cuped, sum(sign * mean) AS diff, sqrt(sum(variance / 6)) AS se
FROM (SELECT cuped, CASE WHEN viewer < 210 THEN -1 ELSE 1 END AS sign, avg(after - theta * before) AS mean, var_samp(after - theta * before) AS variance
      FROM worked, (SELECT regr_slope(after, before) FROM worked) s(slope), LATERAL (VALUES (true, slope), (false, 0)) m(cuped, theta) GROUP BY 1, 2) v GROUP BY 1;
SELECT ok(pg_temp.near(pg_temp.number(r, 'lower'), s.lower) AND pg_temp.near(pg_temp.number(r, 'upper'), s.upper) AND pg_temp.near(pg_temp.number(r, 'p_value'), s.p_value), 'sequential is confidence_sequence, cuped ' || cuped)
FROM told JOIN error USING (cuped), confidence_sequence(diff, se, 12) s WHERE r ->> 'variant' = 'treatment' AND method = 'sequential';
SELECT ok(pg_temp.near(pg_temp.number(r, 'lower'), c.lower) AND pg_temp.near(pg_temp.number(r, 'upper'), c.upper) AND pg_temp.near(pg_temp.number(r, 'chance_to_beat'), c.chance) AND pg_temp.near(pg_temp.number(r, 'expected_loss'), c.expected_loss), 'bayes is chance_to_beat, cuped ' || cuped)
FROM told JOIN error USING (cuped), chance_to_beat(diff, se) c WHERE r ->> 'variant' = 'treatment' AND method = 'bayes';
SELECT is(r ->> 'multiple_exposures', '1', 'one saw both') FROM told;
SELECT is(r ->> 'srm_p_value', '1', 'six and six') FROM told;
SELECT is(r -> 'warnings', w::jsonb, format('warnings of %s, %s, cuped %s', v, method, cuped)) FROM told JOIN (VALUES ('control', '["multiple_exposures"]'), ('treatment', '["multiple_exposures", "small_sample"]')) x(v, w) ON r ->> 'variant' = v;
SELECT is(array_agg(k ORDER BY k), wanted, format('NULL of %s, %s, cuped %s', r ->> 'variant', method, cuped))
FROM told, jsonb_each_text(r) j(k, value), LATERAL (SELECT array_agg(c ORDER BY c) AS wanted FROM unnest(CASE
    WHEN r ->> 'variant' = 'control' THEN '{diff,lower,upper,p_value,p_adjusted,lift_percent,lift_lower_percent,lift_upper_percent,chance_to_beat,expected_loss,theta,variance_reduction_percent}'::text[]
    ELSE CASE WHEN method = 'bayes' THEN '{p_value,p_adjusted}'::text[] ELSE '{chance_to_beat,expected_loss}' END || CASE WHEN cuped THEN '{}'::text[] ELSE '{theta,variance_reduction_percent}' END END) c) w
WHERE value IS NULL GROUP BY r, method, cuped, wanted;
SELECT results_eq($$SELECT * FROM experiment_results('autoplay', '{views}', NULL, NULL, NULL, NULL, NULL, NULL, '2025-04-01')$$, $$SELECT * FROM experiment_results('autoplay', '{views}', as_of => '2025-04-01')$$, 'NULL is the default');
SELECT results_eq($$SELECT metric, variant, units, mean FROM experiment_results('autoplay', '{any_save,completion_rate,average_watch_time,any_view,impressions}', as_of => '2025-04-01')$$, $$VALUES
  ('any_save', 'control', 6::bigint, 0::float8), ('any_save', 'treatment', 6, 0), ('completion_rate', 'control', 6, 0), ('completion_rate', 'treatment', 6, 0), ('average_watch_time', 'control', 6, 59.0 / 6), ('average_watch_time', 'treatment', 6, 12.5),
  ('any_view', 'control', 6, 100), ('any_view', 'treatment', 6, 100), ('impressions', 'control', 6, 0), ('impressions', 'treatment', 6, 0)$$, 'metrics in the order given, means in their unit');

-- Alpha is that of the definition, however small.
SELECT pg_temp.experiment('careful', '{control,treatment}', alpha => 1e-20) \g /dev/null
INSERT INTO explore_exposures SELECT 'careful', viewer_key, variant, exposed_at FROM explore_exposures WHERE experiment = 'autoplay';
SELECT ok(w.upper > 4.1 AND w.upper < 'Infinity' AND b.upper > w.diff AND pg_temp.near((b.upper - b.diff) / (SELECT se FROM error WHERE cuped), 9.33604484923406) AND w.p_value = p.p_value, 'an alpha of 1e-20: ' || b.upper)
FROM experiment_results('careful', '{total_watch_time}', 'welch', as_of => '2025-04-01') w, experiment_results('careful', '{total_watch_time}', 'bayes', as_of => '2025-04-01') b, experiment_results('autoplay', '{total_watch_time}', 'welch', as_of => '2025-04-01') p
WHERE w.variant = 'treatment' AND b.variant = 'treatment' AND p.variant = 'treatment';

-- ---------------------------------------------------------------------------------------------------
-- Metrics, by hand: two units a side with a bit of everything
-- ---------------------------------------------------------------------------------------------------
SELECT pg_temp.experiment('kinds', '{a,b}') \g /dev/null
SELECT pg_temp.expose('kinds', 'a', '{301,302}', '2025-03-10'), pg_temp.expose('kinds', 'b', '{303,-304}', '2025-03-10') \g /dev/null
ALTER TYPE engagement_type ADD VALUE 'like';
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at) VALUES
  (1, 301, 9, 'view', 1500, true, '2025-03-11'), (1, 301, NULL, 'complete', 0, false, '2025-03-11'), (1, 301, NULL, 'save', 0, true, '2025-03-11'), (1, 301, NULL, 'progress', 500, true, '2025-03-11'), (2, 302, NULL, 'view', 1000, false, '2025-03-12'), (2, 302, NULL, 'impression', 250, false, '2025-03-12'),
  (2, 303, NULL, 'view', 700, false, '2025-03-11'), (2, 303, NULL, 'view', 0, true, '2025-03-11'), (3, 303, NULL, 'share', 0, false, '2025-03-11'), (3, 303, NULL, 'click', 0, false, '2025-03-11'), (3, 303, NULL, 'click', 0, false, '2025-03-11'), (4, NULL, 304, 'skip', 300, false, '2025-03-11'), (4, NULL, 304, 'view', 300, false, '2025-03-11'),
  (4, 305, 304, 'view', 90000, false, '2025-03-11'), (4, NULL, NULL, 'view', 90000, false, '2025-03-11'), (4, 301, NULL, 'like', 90000, false, '2025-03-11');
CREATE TEMP TABLE kind (metric text, a float8, b float8);
INSERT INTO kind VALUES ('any_view', 100, 100), ('any_save', 50, 0), ('any_share', 0, 50), ('any_click', 0, 50), ('any_completion', 50, 50), ('views', 1, 1.5), ('unidentified_views', 0, 0), ('completions', 1, 0.5), ('saves', 0.5, 0), ('shares', 0, 0.5), ('clicks', 0, 1),
  ('skips', 0, 0.5), ('impressions', 0.5, 0), ('total_engagements', 0.5, 1.5), ('total_watch_time', 1.625, 0.65), ('average_watch_time', 3.25 / 2, 1.3 / 3), ('completion_rate', 100, 100.0 / 3), ('engagement_rate', 50, 100), ('save_rate', 50, 0), ('share_rate', 0, 100.0 / 3),
  ('click_rate', 0, 200.0 / 3), ('skip_rate', 0, 100.0 / 3);
SELECT ok(bool_and(pg_temp.near(r.mean, CASE r.variant WHEN 'a' THEN k.a ELSE k.b END)), format('%s: %s', k.metric, array_agg(r.mean))) FROM kind k, experiment_results('kinds', (SELECT array_agg(metric) FROM kind), as_of => '2025-04-01') r WHERE r.metric = k.metric GROUP BY k.metric;
SELECT is((SELECT count(*)::int FROM experiment_results('kinds', (SELECT array_agg(metric) FROM kind), as_of => '2025-04-01')), 44, 'all of them at once');

-- ---------------------------------------------------------------------------------------------------
-- Edges of time, to the microsecond
-- ---------------------------------------------------------------------------------------------------
SELECT pg_temp.experiment('edges', '{a,b}') \g /dev/null
SELECT pg_temp.expose('edges', 'a', '{401,402}', '2025-03-10'), pg_temp.expose('edges', 'b', '{403,404}', '2025-03-10') \g /dev/null
CREATE FUNCTION pg_temp.sums(arguments text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  told text;
BEGIN
  EXECUTE format('SELECT string_agg(units || '':'' || coalesce(round((units * mean)::numeric, 3)::text, ''-''), '' '' ORDER BY variant) FROM experiment_results(''edges'', ''{total_watch_time}'', %s)', arguments) INTO told;
  RETURN told;
END $$;
-- 1 s at the exposure, 2 s a microsecond before it, 4 and 8 s at the end of a window of a day and a microsecond before; 16 and 32 s where two weeks before begin.
SELECT pg_temp.watch(401, 1, '2025-03-10'), pg_temp.watch(401, 2, '2025-03-09 23:59:59.999999'), pg_temp.watch(401, 4, '2025-03-11'), pg_temp.watch(401, 8, '2025-03-10 23:59:59.999999'),
  pg_temp.watch(401, 16, '2025-02-24'), pg_temp.watch(401, 32, '2025-02-23 23:59:59.999999') \g /dev/null
SELECT is(pg_temp.sums(q), wanted, q) FROM (VALUES
  ('as_of => NULL', '2:13.000 2:0.000'), ('as_of => ''2025-03-11''', '2:9.000 2:0.000'), ('as_of => ''2025-03-11 00:00:00.000001''', '2:13.000 2:0.000'), ('as_of => ''2025-03-10 00:00:00.000001''', '2:1.000 2:0.000'), ('as_of => ''2025-03-10''', '0:- 0:-'),
  ('within => ''1 day''', '2:9.000 2:0.000'), ('within => ''24:00:00.000001''', '2:13.000 2:0.000'), ('within => ''1 day'', as_of => ''2025-03-11''', '2:9.000 2:0.000'), ('within => ''1 day'', as_of => ''2025-03-10 23:59:59.999999''', '0:- 0:-'),
  ('within => ''1 day'', as_of => ''2025-03-11 00:00:00.000001''', '2:9.000 2:0.000'), ('within => ''300000 years''', '0:- 0:-'), ('lookback => ''300000 years''', '2:13.000 2:0.000'), ('within => ''1 microsecond''', '2:1.000 2:0.000')) v(q, wanted);
-- What was before is seen by theta, the slope of a line through the four viewers.
SELECT pg_temp.watch(403, 1, '2025-03-10 01:00'), pg_temp.watch(403, 9, '2025-02-01') \g /dev/null
SELECT ok(pg_temp.near(r.theta, s.theta), format('lookback %s: theta %s', l, r.theta)) FROM (VALUES ('14 days', 18), ('14 days 00:00:00.000001', 50), ('1 second', 2), ('1 microsecond', 2), ('13 days 23:59:59.999999', 2)) v(l, x),
  LATERAL (SELECT regr_slope(y, before) AS theta FROM (VALUES (13, x), (0, 0), (1, 0), (0, 0)) u(y, before)) s, LATERAL experiment_results('edges', '{total_watch_time}', 'welch', lookback => l::interval) r WHERE r.variant = 'b';
DELETE FROM explore_engagements WHERE user_id = 403;
-- Each unit has its own window, in whatever order exposures lie: 1 s at each end counts for nobody, 2 s a microsecond earlier for both.
SELECT pg_temp.experiment('apart', '{a,b}') \g /dev/null
SELECT pg_temp.expose('apart', 'b', '{471}', '2025-03-20'), pg_temp.expose('apart', 'a', '{472}', '2025-03-10') \g /dev/null
SELECT pg_temp.watch(v, w, t + interval '1 day' - w * interval '1 microsecond' + interval '1 microsecond') FROM (VALUES (471, timestamptz '2025-03-20'), (472, '2025-03-10')) u(v, t), generate_series(1, 2) w \g /dev/null
SELECT results_eq($$SELECT units, mean FROM experiment_results('apart', '{total_watch_time}', within => '1 day', as_of => '2025-04-01')$$, $$VALUES (1::bigint, 2::float8), (1, 2)$$, 'windows of their own');
-- Windows that are not over: not analysed, but units all the same.
SELECT pg_temp.experiment('late', '{a,b}') \g /dev/null
SELECT pg_temp.expose('late', 'a', '{411,412,413}', '2025-03-10'), pg_temp.expose('late', 'b', '{414}', '2025-03-10'), pg_temp.expose('late', 'b', ARRAY(SELECT generate_series(1000, 1020)::bigint), '2025-03-12') \g /dev/null
SELECT pg_temp.expose('late', v, '{430}', '2025-03-12') FROM unnest(ARRAY['a', 'b']) v \g /dev/null
SELECT results_eq($$SELECT units, srm_p_value, multiple_exposures FROM experiment_results('late', '{views}', within => '2 days', as_of => '2025-03-13')$$, $$SELECT u, p_value, 1::bigint FROM (VALUES (3::bigint), (1)) v(u), srm_test('{3,22}')$$, 'windows that are not over are in the split alone');
SELECT results_eq($$SELECT units, srm_p_value, multiple_exposures FROM experiment_results('late', '{views}', as_of => '2025-03-12')$$, $$SELECT u, p_value, 0::bigint FROM (VALUES (3::bigint), (1)) v(u), srm_test('{3,1}')$$, 'who is exposed later is nobody yet');
SELECT is(array_agg(warnings::text ORDER BY variant), '{"{multiple_exposures,srm}","{multiple_exposures,small_sample,srm,too_few_units}"}'::text[], 'warnings of both') FROM experiment_results('late', '{views}', within => '2 days', as_of => '2025-03-13');
-- With a window, now is where it must be over.
INSERT INTO explore_exposures SELECT 'edges', v, CASE WHEN v < 443 THEN 'a' ELSE 'b' END, now() - CASE WHEN v % 2 = 0 THEN interval '1 hour' ELSE '50 minutes' END FROM generate_series(440, 445) v;
SELECT is((SELECT array_agg(units ORDER BY variant) FROM experiment_results('edges', '{views}', within => '1 hour')), '{4,3}', 'over now');
SELECT is((SELECT array_agg(units ORDER BY variant) FROM experiment_results('edges', '{views}')), '{5,5}', 'without a window all');
DELETE FROM explore_exposures WHERE viewer_key BETWEEN 440 AND 445;

-- ---------------------------------------------------------------------------------------------------
-- Whose units they are
-- ---------------------------------------------------------------------------------------------------
SELECT pg_temp.expose('edges', 'C', '{451}', '2025-03-10'), pg_temp.expose('edges', 'c', '{401}', '2025-03-01'), pg_temp.expose('no such', 'a', '{402,452}', '2025-03-01'), pg_temp.expose('edges', '', '{403}', '2025-03-01') \g /dev/null
SELECT results_eq($$SELECT units, multiple_exposures, mean FROM experiment_results('edges', '{total_watch_time}')$$, $$VALUES (2::bigint, 0::bigint, 6.5::float8), (2, 0, 0)$$, 'unknown variants and experiments are nobody''s');
SELECT pg_temp.expose('edges', 'b', '{402}', '2025-06-01') \g /dev/null
SELECT results_eq($$SELECT units, multiple_exposures FROM experiment_results('edges', '{views}')$$, $$VALUES (1::bigint, 1::bigint), (2, 1)$$, 'in two variants: in none');
SELECT results_eq($$SELECT units, multiple_exposures FROM experiment_results('edges', '{views}', as_of => '2025-06-01')$$, $$VALUES (2::bigint, 0::bigint), (2, 0)$$, 'not before the second');
DELETE FROM explore_exposures WHERE viewer_key = 402 AND variant = 'b';
-- A visitor who logs in is analysed as randomised: what was done is the user's from then on.
INSERT INTO explore_feed_sessions (id, session_start) VALUES (9001, '2025-03-10');
SELECT pg_temp.expose('edges', 'b', '{-9001}', '2025-03-10'), pg_temp.watch(-9001, 5, '2025-03-10 01:00') \g /dev/null
SELECT is(pg_temp.sums('as_of => ''2025-04-01'''), '2:13.000 3:5.000', 'a visitor');
SELECT identify_session(9001, 999) \g /dev/null
SELECT is(pg_temp.sums('as_of => ''2025-04-01'''), '2:13.000 3:0.000', 'who has logged in as somebody who was not exposed: the unit stays, with nothing');
SELECT pg_temp.expose('edges', 'a', '{999}', '2025-03-10') \g /dev/null
SELECT is(pg_temp.sums('as_of => ''2025-04-01'''), '3:18.000 3:0.000', 'who was: two units');
DELETE FROM explore_exposures WHERE viewer_key = 999;
BEGIN;
SELECT pg_temp.watch(404, 7, now()), pg_temp.expose('edges', 'a', '{460}', now()) \g /dev/null
SELECT is(pg_temp.sums('as_of => NULL'), '3:13.000 3:7.000', 'rows of the own transaction');
ROLLBACK;

-- ---------------------------------------------------------------------------------------------------
-- Nothing, little, and nothing that varies
-- ---------------------------------------------------------------------------------------------------
SELECT pg_temp.experiment(n, '{a,b,c}', w) FROM (VALUES ('empty', NULL::float8[]), ('few', '{0.5,0.25,0.25}')) v(n, w) \g /dev/null
SELECT results_eq($$SELECT variant, units, mean, diff, srm_p_value, multiple_exposures, warnings FROM experiment_results('empty', '{views,save_rate}')$$, $$VALUES
  ('a', 0::bigint, NULL::float8, NULL::float8, 1::float8, 0::bigint, '{}'::text[]), ('b', 0, NULL, NULL, 1, 0, '{small_sample,too_few_units}'), ('c', 0, NULL, NULL, 1, 0, '{small_sample,too_few_units}'),
  ('a', 0, NULL, NULL, 1, 0, '{}'), ('b', 0, NULL, NULL, 1, 0, '{small_sample,too_few_units}'), ('c', 0, NULL, NULL, 1, 0, '{small_sample,too_few_units}')$$, 'without exposures there are all rows');
SELECT pg_temp.expose('few', 'a', '{501,502,503}', '2025-03-10'), pg_temp.expose('few', 'b', '{504}', '2025-03-10'), pg_temp.expose('few', 'c', '{505,506}', '2025-03-10') \g /dev/null
SELECT pg_temp.watch(v, 2, '2025-03-11') FROM generate_series(504, 506) v \g /dev/null
SELECT pg_temp.watch(501, 1, '2025-03-11') \g /dev/null
CREATE TEMP TABLE little AS SELECT * FROM experiment_results('few', '{views,save_rate,any_view}', 'welch', as_of => '2025-04-01');
SELECT results_eq('SELECT metric, variant, mean, round(diff::numeric, 9), lower, p_value, round(lift_percent::numeric, 9), lift_lower_percent, theta, variance_reduction_percent, warnings FROM little WHERE variant <> ''a''', $$VALUES
  ('views', 'b', 1::float8, NULL::numeric, NULL::float8, NULL::float8, NULL::numeric, NULL::float8, NULL::float8, NULL::float8, '{small_sample,too_few_units}'::text[]), ('views', 'c', 1, 0.666666667, NULL, NULL, 200.000000000, NULL, NULL, NULL, '{no_history,small_sample,zero_variance}'),
  ('save_rate', 'b', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{small_sample,too_few_units}'), ('save_rate', 'c', 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, '{no_history,small_sample,zero_variance}'),
  ('any_view', 'b', 100, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{small_sample,too_few_units}'), ('any_view', 'c', 100, 66.666666667, NULL, NULL, 200, NULL, NULL, NULL, '{no_history,small_sample,zero_variance}')$$, 'too few units, and nothing that varies');
SELECT is(warnings, '{small_sample,zero_variance}', 'history that is not asked for is not missed') FROM experiment_results('few', '{views}', cuped => false) WHERE variant = 'c';
-- Nobody of the control has clicked since, somebody has before: what is taken off varies, and is no measure of what it is taken off from.
SELECT pg_temp.experiment('clicked', '{a,b,c}') \g /dev/null
INSERT INTO explore_exposures SELECT 'clicked', 600 + v, CASE WHEN v <= 6 THEN 'a' WHEN v <= 20 THEN 'b' ELSE 'c' END, '2025-03-10' FROM generate_series(1, 34) v;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 1, 600 + v, t::engagement_type, timestamptz '2025-03-11' FROM generate_series(1, 34) v, unnest('{view,click}'::text[]) t WHERE t = 'view' OR v IN (8, 9, 14, 25, 26)
  UNION ALL SELECT 1, 600 + v, t::engagement_type, timestamptz '2025-03-08' FROM unnest('{1,2,8,14,15,25,30}'::int[]) v, unnest('{view,click}'::text[]) t WHERE t = 'view' OR v NOT IN (2, 15, 30);
SELECT is(array_agg(DISTINCT warnings::text), '{"{small_sample,zero_variance}"}', 'warned, ' || metric) FROM experiment_results('clicked', '{click_rate,clicks,any_click}', as_of => '2025-04-01') WHERE variant <> 'a' GROUP BY metric;
SELECT is(count(diff) || ' ' || count(coalesce(lower, upper, p_value, p_adjusted, lift_percent, lift_lower_percent, theta, variance_reduction_percent, chance_to_beat)), '6 0', 'only the difference, ' || m)
FROM unnest('{welch,sequential,bayes}'::text[]) m, experiment_results('clicked', '{click_rate,clicks,any_click}', m, as_of => '2025-04-01') WHERE variant <> 'a' GROUP BY m;
SELECT isnt(r.diff, p.diff, 'which is adjusted') FROM experiment_results('clicked', '{clicks}', as_of => '2025-04-01') r, experiment_results('clicked', '{clicks}', cuped => false, as_of => '2025-04-01') p WHERE r.variant = 'b' AND p.variant = 'b';
-- 1 % is not over 1 %, and a hundred are enough.
SELECT pg_temp.experiment('warned', '{a,b}') \g /dev/null
SELECT pg_temp.expose('warned', 'a', ARRAY(SELECT generate_series(2000, 2098)::bigint), '2025-03-10'), pg_temp.expose('warned', 'b', ARRAY(SELECT generate_series(2100, 2198)::bigint), '2025-03-10'), pg_temp.expose('warned', 'b', '{2999,2998}', '2025-03-10'), pg_temp.expose('warned', 'a', '{2999,2998}', '2025-03-10') \g /dev/null
SELECT pg_temp.watch(v, 1, '2025-03-11') FROM unnest('{2000,2001,2100}'::bigint[]) v \g /dev/null
SELECT is(warnings, '{no_history,small_sample}', '2 of 200 saw both, 99 a side') FROM experiment_results('warned', '{views}') WHERE variant = 'b';
SELECT pg_temp.expose('warned', 'a', '{2099}', '2025-03-10'), pg_temp.expose('warned', 'b', '{2199}', '2025-03-10'), pg_temp.expose('warned', 'b', '{2997}', '2025-03-10'), pg_temp.expose('warned', 'a', '{2997}', '2025-03-10') \g /dev/null
SELECT is(warnings, '{multiple_exposures,no_history}', '3 of 203, 100 a side') FROM experiment_results('warned', '{views}') WHERE variant = 'b';
SELECT pg_temp.expose('warned', 'b', ARRAY(SELECT generate_series(3000, 3051)::bigint), '2025-03-10') \g /dev/null
SELECT is((bool_or('srm' = ANY (warnings)), min(srm_p_value))::text, (false, (SELECT p_value FROM srm_test('{100,152}')))::text, 'a split of 100 and 152') FROM experiment_results('warned', '{views}');
SELECT pg_temp.expose('warned', 'b', ARRAY(SELECT generate_series(3060, 3060)::bigint), '2025-03-10') \g /dev/null
SELECT is((bool_and('srm' = ANY (warnings)), min(srm_p_value))::text, (true, (SELECT p_value FROM srm_test('{100,153}')))::text, 'a split of 100 and 153') FROM experiment_results('warned', '{views}');

-- ---------------------------------------------------------------------------------------------------
-- Many: the numbers in SQL, winsorizing, corrections, memory
-- ---------------------------------------------------------------------------------------------------
SELECT pg_temp.experiment('many', '{a,b,c}', '{0.5,0.3,0.2}', 0.1, 1000) \g /dev/null
INSERT INTO explore_exposures SELECT 'many', v, (ARRAY['a', 'a', 'a', 'a', 'a', 'b', 'b', 'b', 'c', 'c'])[1 + v % 10], timestamptz '2025-03-10' + v * 7919 % 10007 * interval '1 minute' FROM generate_series(20000, 23999) v;
INSERT INTO explore_exposures SELECT 'many', v, 'b', '2025-03-12' FROM generate_series(20000, 20099) v ON CONFLICT DO NOTHING;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, completed, created_at)
SELECT 1 + n % 7, 20000 + n * 31 % 5003, (ARRAY['view', 'view', 'view', 'save', 'share', 'progress'])[1 + n * 7 % 6]::engagement_type, (n * 7919::bigint % 104729) * n % 60000, n % 3 = 0, timestamptz '2025-03-01' + n * 7919::bigint % 50021 * interval '1 minute' FROM generate_series(1, 60000) n;
CREATE TEMP TABLE unit AS
SELECT x.viewer_key, x.variant, count(e) FILTER (WHERE e.created_at >= t AND e.engagement_type = 'view') AS views, coalesce(sum(e.watch_time_ms) FILTER (WHERE e.created_at >= t), 0) AS ms, coalesce(sum(e.watch_time_ms) FILTER (WHERE e.created_at < t), 0) AS ms_before,
  count(e) FILTER (WHERE e.created_at >= t AND e.engagement_type = 'save') AS saves
FROM (SELECT viewer_key, min(variant) AS variant, min(exposed_at) AS t FROM explore_exposures WHERE experiment = 'many' GROUP BY 1 HAVING count(DISTINCT variant) = 1) x
LEFT JOIN explore_engagements e ON e.user_id = x.viewer_key AND e.created_at >= t - interval '5 days' AND e.created_at < '2025-04-01' GROUP BY 1, 2;
CREATE TEMP TABLE asked AS SELECT * FROM experiment_results('many', '{total_watch_time,save_rate,views}', 'welch', lookback => '5 days', correction => 'none', as_of => '2025-04-01');
SELECT ok(a.units = u.n AND pg_temp.near(a.mean, u.mean), format('%s of %s: %s', a.metric, a.variant, a.mean)) FROM asked a JOIN (
  SELECT variant, count(*) AS n, unnest(ARRAY['total_watch_time', 'save_rate', 'views']) AS metric, unnest(ARRAY[avg(ms) / 1000, 100 * sum(saves) / sum(views), avg(views)]) AS mean FROM unit GROUP BY 1) u USING (variant, metric);
SELECT is((SELECT max(multiple_exposures)::int FROM asked), (SELECT count(*)::int FROM (SELECT FROM explore_exposures WHERE experiment = 'many' GROUP BY viewer_key HAVING count(*) > 1) m), 'who saw several');
SELECT ok(pg_temp.near(a.theta, t.theta) AND pg_temp.near(a.diff, (b.mean - c.mean) / 1000) AND pg_temp.near(a.p_value, w.p_value) AND pg_temp.near(a.lower, w.lower / 1000) AND pg_temp.near(a.upper, w.upper / 1000), format('%s: theta %s, p %s', a.variant, a.theta, a.p_value))
FROM asked a, LATERAL (SELECT regr_slope(ms, ms_before) AS theta FROM unit WHERE variant IN ('a', a.variant)) t, LATERAL (SELECT count(*) AS n, avg(ms - t.theta * ms_before) AS mean, var_samp(ms - t.theta * ms_before) AS variance FROM unit WHERE variant = 'a') c,
  LATERAL (SELECT count(*) AS n, avg(ms - t.theta * ms_before) AS mean, var_samp(ms - t.theta * ms_before) AS variance FROM unit WHERE variant = a.variant) b, welch_test(c.n, c.mean, c.variance, b.n, b.mean, b.variance, 0.9) w
WHERE a.metric = 'total_watch_time' AND a.variant <> 'a';
SELECT results_eq(format($$SELECT p_adjusted FROM experiment_results('many', '{total_watch_time,save_rate,views}', 'welch', lookback => '5 days', correction => %L, as_of => '2025-04-01') WHERE variant <> 'a'$$, m), format($$SELECT unnest(p_adjust((SELECT array_agg(p_value) FILTER (WHERE variant <> 'a') FROM asked), %L))$$, m), 'the family is the call: ' || m) FROM unnest('{holm,bh,bonferroni,none}'::text[]) m;
SELECT ok(pg_temp.near(r.mean, u.mean), format('cut at %s: %s of %s is %s', q, r.metric, r.variant, r.mean)) FROM unnest(ARRAY[0.0001, 0.5, 0.9, 0.99, 1]) q,
  LATERAL (SELECT percentile_disc(q) WITHIN GROUP (ORDER BY ms) FILTER (WHERE ms > 0) AS ms, percentile_disc(q) WITHIN GROUP (ORDER BY views) FILTER (WHERE views > 0) AS views, percentile_disc(q) WITHIN GROUP (ORDER BY saves) FILTER (WHERE saves > 0) AS saves FROM unit) cap,
  LATERAL (SELECT variant, unnest(ARRAY['total_watch_time', 'save_rate', 'any_save']) AS metric, unnest(ARRAY[sum(least(u.ms, cap.ms)) / count(*) / 1000, 100 * sum(least(u.saves, cap.saves)) / sum(least(u.views, cap.views)), 100.0 * count(*) FILTER (WHERE u.saves > 0) / count(*)])::float8 AS mean FROM unit u GROUP BY 1) u,
  experiment_results('many', '{total_watch_time,save_rate,any_save}', winsorize => q, as_of => '2025-04-01') r WHERE r.metric = u.metric AND r.variant = u.variant;
SELECT ok(pg_temp.near(r.theta, regr_slope(least(u.ms, cap.ms), least(u.ms_before, cap.ms_before))), 'what was before has a cap of its own') FROM (SELECT percentile_disc(0.8) WITHIN GROUP (ORDER BY ms) FILTER (WHERE ms > 0) AS ms, percentile_disc(0.8) WITHIN GROUP (ORDER BY ms_before) FILTER (WHERE ms_before > 0) AS ms_before FROM unit) cap, unit u,
  experiment_results('many', '{total_watch_time}', lookback => '5 days', winsorize => 0.8, as_of => '2025-04-01') r WHERE r.variant = 'b' AND u.variant <> 'c' GROUP BY r.theta;
CREATE TEMP TABLE large AS SELECT w, r.* FROM (VALUES (NULL), (0.95)) v(w), experiment_results('many', '{total_watch_time,save_rate,any_save,views}', winsorize => w, as_of => '2025-04-01') r;
SET work_mem = '64kB';
SELECT set_eq($$SELECT w, r.* FROM (VALUES (NULL), (0.95)) v(w), experiment_results('many', '{total_watch_time,save_rate,any_save,views}', winsorize => w, as_of => '2025-04-01') r$$, 'TABLE large', 'the same in 64 kB');
SET temp_file_limit = '100kB';
SELECT is((pg_temp.failure($$SELECT experiment_results('many', '{views}')$$)).state, '53400', 'temporary files are held to their limit');
RESET temp_file_limit;
RESET work_mem;
SELECT pg_temp.experiment('hundred', ARRAY(SELECT 'v' || n FROM generate_series(1, 100) n)) \g /dev/null
INSERT INTO explore_exposures SELECT 'hundred', v, 'v' || 1 + v % 100, '2025-03-10' FROM generate_series(20000, 20999) v;
SELECT is((SELECT count(*) || ' ' || min(units) || ' ' || max(units) || ' ' || count(p_value) FROM experiment_results('hundred', '{views,total_watch_time}')), '200 10 10 198', 'a hundred variants');

-- ---------------------------------------------------------------------------------------------------
-- Arguments, and who may ask
-- ---------------------------------------------------------------------------------------------------
CREATE TEMP TABLE bad (n int GENERATED ALWAYS AS IDENTITY, state text, named text, query text);
INSERT INTO bad (state, named, query) SELECT state, named, format('SELECT * FROM experiment_results(%s)', arguments) FROM (VALUES
  ('22004', 'name', 'NULL, ''{views}'''), ('22023', 'metrics', '''edges'', NULL'), ('22023', 'metric 2', '''edges'', ''{views,NULL}'''), ('22023', 'empty', '''edges'', ''{}'''), ('22023', 'dimension', '''edges'', ''{{views},{saves}}'''), ('P0002', 'nowhere', '''nowhere'', ''{views}'''), ('P0002', '""', ''''', ''{views}'''),
  ('22023', 'unique_viewers', '''edges'', ''{unique_viewers}'''), ('22023', 'engagement_score', '''edges'', ''{views,engagement_score}'''), ('22023', 'sessions', '''edges'', ''{sessions}'''), ('22023', 'new_viewers', '''edges'', ''{new_viewers}'''), ('22023', 'Views', '''edges'', ''{Views}'''), ('22023', 'views', '''edges'', ''{views,views}'''),
  ('22023', 't-test', '''edges'', ''{views}'', ''t-test'''), ('22023', 'lookback', '''edges'', ''{views}'', lookback => ''0'''), ('22023', 'lookback', '''edges'', ''{views}'', cuped => false, lookback => ''-1 day'''), ('22023', 'within', '''edges'', ''{views}'', within => ''0'''), ('22023', 'winsorize', '''edges'', ''{views}'', winsorize => 0'),
  ('22023', 'winsorize', '''edges'', ''{views}'', winsorize => 1.01'), ('22023', 'winsorize', '''edges'', ''{views}'', winsorize => ''NaN'''), ('22023', 'sidak', '''edges'', ''{views}'', correction => ''sidak'''), ('22008', 'as_of', '''edges'', ''{views}'', as_of => ''infinity''')) v(state, named, arguments);
CREATE TEMP TABLE refused AS SELECT b.*, f.state AS came, f.message, f.hint FROM bad b, LATERAL pg_temp.failure(b.query) f;
SELECT is(came, state, format('%s: %s', state, query)) FROM refused ORDER BY n;
SELECT is_empty($$SELECT query, message FROM refused WHERE message !~ '^[a-z0-9_]' OR message ~ '\.$'$$, 'messages begin in lower case and have no full stop');
SELECT is_empty($$SELECT query, message FROM refused WHERE position(lower(named) IN lower(message)) = 0$$, 'messages name the argument or the value');
SELECT is_empty($$SELECT query FROM refused WHERE coalesce(hint, '') = ''$$, 'every one of them comes with a hint');
SELECT matches((SELECT hint FROM refused WHERE named = 't-test'), 'sequential.*welch.*bayes', 'the methods are named');
SELECT is(pg_temp.answer(role, 'SELECT units FROM public.experiment_results(''edges'', ''{views}'', as_of => ''2025-04-01'')', identity), wanted, role || ' as ' || identity) FROM (VALUES
  ('ea_tap_e_owner', '', '(2) (3)'), ('ea_tap_e_analyst', '', '(2) (3)'), ('ea_tap_e_analyst', '7', '(2) (3)'), ('ea_tap_e_reader', '7', '42501 permission denied for function experiment_results'), ('ea_tap_e_writer', '7', '42501 permission denied for function experiment_results'), ('ea_tap_e_nobody', '', '42501 permission denied for function experiment_results')) v(role, identity, wanted);
-- Who has the function alone is held to the own content, of which this is none.
GRANT EXECUTE ON FUNCTION experiment_results TO ea_tap_e_reader;
SELECT matches(pg_temp.answer('ea_tap_e_reader', format('SELECT units FROM public.experiment_results(%L, ''{views}'')', name), identity), '^42501 permission denied for experiments', format('%s as %s', name, identity)) FROM unnest(ARRAY['edges', 'nowhere']) name, unnest(ARRAY['', '7']) identity;
REVOKE EXECUTE ON FUNCTION experiment_results FROM ea_tap_e_reader;

-- Tables that are not what they were.
BEGIN;
ALTER TABLE explore_exposures RENAME COLUMN variant TO arm;
SELECT is(f.state || ' ' || (f.message ~ 'variant'), '55000 true', 'a column is missing: ' || f.message) FROM pg_temp.failure($$SELECT * FROM experiment_results('edges', '{views}')$$) f;
ROLLBACK;
BEGIN;
DROP TABLE explore_exposures;
SELECT is(f.state || ' ' || (f.hint ~ 'install'), '55000 true', 'the table is missing: ' || f.message) FROM pg_temp.failure($$SELECT * FROM experiment_results('edges', '{views}')$$) f;
ROLLBACK;
-- Experiments in one query, as LATERAL and in a prepared statement, and a change of the definition behind its back.
PREPARE asked_again AS SELECT units, mean FROM experiment_results($1, $2);
SELECT results_eq($$EXECUTE asked_again('apart', '{views}')$$, $$VALUES (1::bigint, 2::float8), (1, 2)$$, 'prepared');
UPDATE explore_analytics.experiments SET variants = '{b,a,c}', weights = '{0.2,0.3,0.5}' WHERE name = 'apart';
SELECT results_eq($$EXECUTE asked_again('apart', '{views}')$$, $$VALUES (1::bigint, 2::float8), (1, 2), (0, NULL)$$, 'and asked again, of another definition');
SELECT set_eq($$SELECT n, variant, units FROM unnest('{apart,empty}'::text[]) n, experiment_results(n, '{views}')$$, $$VALUES ('apart', 'b', 1::bigint), ('apart', 'a', 1), ('apart', 'c', 0), ('empty', 'a', 0), ('empty', 'b', 0), ('empty', 'c', 0)$$, 'several in one query');

-- ---------------------------------------------------------------------------------------------------
-- Raw events that are gone
-- ---------------------------------------------------------------------------------------------------
CREATE TEMP TABLE before AS SELECT * FROM experiment_results('autoplay', '{views}', cuped => false);
CALL explore_analytics.refresh();
CALL explore_analytics.apply_retention(now() - '2025-03-02');
SELECT set_eq($$SELECT * FROM experiment_results('autoplay', '{views}', cuped => false)$$, 'TABLE before', 'what was before the exposures is not needed without cuped');
SELECT lives_ok($$SELECT * FROM experiment_results('autoplay', '{views}', lookback => '9 days')$$, 'a shorter look back');
SELECT is(f.state || ' ' || f.message, '55000 raw events before 2025-03-01 00:00:00+00 are gone', q) FROM unnest(ARRAY[$$SELECT * FROM experiment_results('autoplay', '{views}')$$, $$SELECT * FROM experiment_results('autoplay', '{views}', lookback => '9 days 00:00:00.000001')$$]) q, LATERAL pg_temp.failure(q) f;
-- Of viewers who are nobody's units, and of a unit's windows that are not over, nothing is needed.
INSERT INTO explore_exposures (experiment, viewer_key, variant, exposed_at) SELECT 'autoplay', 88000 + g, CASE WHEN g = 4 THEN 'no variant' WHEN v = 1 THEN e.variants[1] ELSE e.variants[2] END, timestamptz '2025-01-10' + g * v * interval '1 day'
  FROM explore_analytics.experiments e, generate_series(1, 4) g, generate_series(1, 2) v WHERE e.name = 'autoplay' AND (g < 4 OR v = 1);
SELECT set_eq($$SELECT metric, variant, units, mean, diff, lower, upper, p_value, multiple_exposures FROM experiment_results('autoplay', '{views}', cuped => false)$$, 'SELECT metric, variant, units, mean, diff, lower, upper, p_value, multiple_exposures + 3 FROM before', 'viewers who saw several variants before the horizon');
INSERT INTO explore_exposures (experiment, viewer_key, variant, exposed_at) SELECT 'autoplay', 88010, e.variants[1], timestamptz '2025-01-10' FROM explore_analytics.experiments e WHERE e.name = 'autoplay';
SELECT is(f.state || ' ' || f.message || ' ' || f.hint, '55000 raw events before 2025-03-01 00:00:00+00 are gone What units did since their first exposure is needed: keep raw events until the experiment is over.', 'one who saw one: the hint is another without cuped') FROM pg_temp.failure($$SELECT * FROM experiment_results('autoplay', '{views}', cuped => false)$$) f;
DELETE FROM explore_exposures WHERE experiment = 'autoplay' AND viewer_key >= 88000;
SELECT matches(hint, 'cuped => false.*shorter lookback', 'the hint says what to do') FROM pg_temp.failure($$SELECT * FROM experiment_results('autoplay', '{views}')$$);
SELECT lives_ok($$SELECT * FROM experiment_results('empty', '{views}')$$, 'without exposures nothing is missing');
SELECT * FROM finish();

DROP OWNED BY ea_tap_e_reader, ea_tap_e_analyst, ea_tap_e_writer;
DROP EXTENSION explore_analytics CASCADE;
DROP OWNED BY ea_tap_e_owner CASCADE;
DROP ROLE ea_tap_e_owner, ea_tap_e_reader, ea_tap_e_analyst, ea_tap_e_writer, ea_tap_e_nobody;
