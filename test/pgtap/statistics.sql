-- Statistics as SQL has them: NULL, defaults, refusals, labels. Numbers are those of the unit tests.
\set QUIET 1
SET client_min_messages = warning;
SELECT plan(121);

CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  hint text;
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN SQLSTATE || CASE WHEN hint = '' THEN ' without a hint' ELSE '' END || ' ' || SQLERRM;
END $$;
CREATE FUNCTION pg_temp.close_to(got double precision, wanted double precision) RETURNS boolean LANGUAGE sql AS
  $$SELECT abs(got - wanted) <= 1e-8 * abs(wanted)$$;

-- ---------------------------------------------------------------------------------------------------
-- Worked numbers
-- ---------------------------------------------------------------------------------------------------
SELECT ok(pg_temp.close_to(got, wanted), what) FROM (
  SELECT 'wilson lower' AS what, lower AS got, 0.2552885199 AS wanted FROM wilson_interval(81, 263)
  UNION ALL SELECT 'wilson upper', upper, 0.366209577 FROM wilson_interval(81, 263)
  UNION ALL SELECT 'wilson at 0', upper, 0.1611251581 FROM wilson_interval(0, 20)
  UNION ALL SELECT 'two proportions lower', lower, 0.0524314724 FROM two_proportion_test(48, 80, 56, 70)
  UNION ALL SELECT 'two proportions upper', upper, 0.333872654 FROM two_proportion_test(48, 80, 56, 70)
  UNION ALL SELECT 'two proportions z', z, 2.650171951 FROM two_proportion_test(48, 80, 56, 70)
  UNION ALL SELECT 'two proportions p', p_value, 0.008045081368 FROM two_proportion_test(48, 80, 56, 70)
  UNION ALL SELECT 'two proportions diff', diff, -0.06097115736 FROM two_proportion_test(12, 99, 5, 83)
  UNION ALL SELECT 'welch se', se, 0.1247836316 FROM welch_test(3407, 0.41, 15.21, 3461, 0.7, 38.44)
  UNION ALL SELECT 'welch t', t, 2.324022761 FROM welch_test(3407, 0.41, 15.21, 3461, 0.7, 38.44)
  UNION ALL SELECT 'welch df', df, 5841.742032 FROM welch_test(3407, 0.41, 15.21, 3461, 0.7, 38.44)
  UNION ALL SELECT 'welch lower', lower, 0.04537789256 FROM welch_test(3407, 0.41, 15.21, 3461, 0.7, 38.44)
  UNION ALL SELECT 'welch upper', upper, 0.5346221074 FROM welch_test(3407, 0.41, 15.21, 3461, 0.7, 38.44)
  UNION ALL SELECT 'welch p', p_value, 0.02015840264 FROM welch_test(3407, 0.41, 15.21, 3461, 0.7, 38.44)
  UNION ALL SELECT 'srm chi2', chi2, 22.77436884 FROM srm_test('{821588,815482}')
  UNION ALL SELECT 'srm p', p_value, 1.821792873e-06 FROM srm_test('{821588,815482}')
  UNION ALL SELECT 'srm by weights', p_value, 0.3173105079 FROM srm_test('{5050,4950}', '{0.5,0.5}')
  UNION ALL SELECT 'sequence lower', lower, -0.005403737125 FROM confidence_sequence(0.025, 0.01, 4000)
  UNION ALL SELECT 'sequence upper', upper, 0.05540373712 FROM confidence_sequence(0.025, 0.01, 4000)
  UNION ALL SELECT 'sequence p', p_value, 0.182229075 FROM confidence_sequence(0.025, 0.01, 4000)
  UNION ALL SELECT 'sequence tuned', lower, -0.5584405051 FROM confidence_sequence(0.5033610859, 0.3334122146, 6461, tuning => 1000)
  UNION ALL SELECT 'chance', chance, 0.993790334674224 FROM chance_to_beat(0.025, 0.01)
  UNION ALL SELECT 'expected loss', expected_loss, 2.0041371791282e-05 FROM chance_to_beat(0.025, 0.01)
  UNION ALL SELECT 'credible upper', upper, 0.0445996398454005 FROM chance_to_beat(0.025, 0.01)) x;
SELECT is(p_adjust('{0.0001,0.0004,0.0019,0.0095,0.0201}'), '{0.0005,0.0016,0.0057,0.019,0.0201}', 'holm is the default');
SELECT is(p_adjust('{0.5,0.125,NULL}', 'bh'), '{0.5,0.25,NULL}', 'NULLs stay and are not counted');
SELECT is(p_adjust('{0.04,0.01,NULL}', 'bonferroni'), '{0.08,0.02,NULL}', 'bonferroni');
SELECT is(p_adjust('{0.04,0.01,NULL}', 'none'), '{0.04,0.01,NULL}', 'none');
SELECT is(p_adjust('{}'), '{}', 'of nothing');
SELECT is(p_adjust('{NULL,NULL}'), '{NULL,NULL}', 'of unknown ones');
SELECT is(p_adjust('[5:6]={0.01,0.02}'), '[5:6]={0.02,0.02}', 'subscripts stay');
SELECT is(sample_size(0.50, 0.75, power => 0.90), 77::bigint, 'power.prop.test');
SELECT is(sample_size(10, 10.5, 4), 252::bigint, 'two means');

-- ---------------------------------------------------------------------------------------------------
-- Nothing to compute with
-- ---------------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.is_nothing(call text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  nothing boolean;
BEGIN
  EXECUTE format('SELECT (SELECT bool_and(value = ''null'') FROM jsonb_each(to_jsonb(r))) FROM %s r', call) INTO nothing;
  RETURN nothing;
END $$;
SELECT ok(pg_temp.is_nothing(call), call || ' is NULL') FROM unnest(ARRAY[
  'wilson_interval(NULL, 10)', 'wilson_interval(1, NULL)', 'wilson_interval(0, 0)', 'welch_test(1, 1, 1, 9, 1, 1)', 'welch_test(9, 1, 0, 9, 2, 0)', 'welch_test(9, 1, NULL, 9, 2, 0)',
  'two_proportion_test(0, 0, 1, 2)', 'two_proportion_test(1, 2, 1, NULL)', 'srm_test(NULL)', 'confidence_sequence(1, 1, 0)', 'confidence_sequence(1, 0, 9)', 'confidence_sequence(NULL, 1, 9)',
  'chance_to_beat(1, 0)', 'chance_to_beat(NULL, 1)']) call;
SELECT is((sample_size(0.3, 0.3), sample_size(1, 2, 0), sample_size(NULL, 1), p_adjust(NULL)), (NULL::bigint, NULL::bigint, NULL::bigint, NULL::double precision[]), 'and sizes, and p values');
SELECT is((SELECT (diff, upper IS NULL, z, p_value)::text FROM two_proportion_test(0, 10, 0, 10)), '(0,f,,)', 'nobody succeeded: bounds, no z');
SELECT is((SELECT (w.lower, w.upper > 0)::text FROM wilson_interval(0, 9, 1e-17) w), '(0,t)', 'nobody succeeded: from 0 at any level');
SELECT is((SELECT srm_test('{0,0}')::text), '(0,1,1)', 'no units');
SELECT is((SELECT srm_test('{5,1}', '{1,0}')::text), '(Infinity,0,0)', 'units where none should be');
SELECT is((SELECT srm_test('{5}')::text), '(0,0,1)', 'one variant');
-- NULL is the default.
SELECT ok(wilson_interval(8, 10, NULL) = wilson_interval(8, 10, 0.95) AND welch_test(9, 1, 1, 9, 2, 1, NULL) = welch_test(9, 1, 1, 9, 2, 1) AND
  two_proportion_test(1, 9, 2, 9, NULL) = two_proportion_test(1, 9, 2, 9) AND srm_test('{1,2}', NULL) = srm_test('{1,2}', '{7,7}') AND
  confidence_sequence(1, 1, 9, NULL, NULL) = confidence_sequence(1, 1, 9, 0.05, 5000) AND chance_to_beat(1, 1, NULL) = chance_to_beat(1, 1) AND
  p_adjust('{0.1,0.2}', NULL) = p_adjust('{0.1,0.2}', 'holm') AND sample_size(0.1, 0.2, NULL, NULL, NULL) = sample_size(0.1, 0.2), 'NULL is the default');
SELECT is((SELECT array_agg(f::text) FROM forecast('{1,2,3,4}', 3, NULL, NULL, NULL, NULL, NULL, NULL) f), (SELECT array_agg(f::text) FROM forecast('{1,2,3,4}', 3) f), 'also of forecasts');

-- ---------------------------------------------------------------------------------------------------
-- Refusals: 22023, the bad value, a hint
-- ---------------------------------------------------------------------------------------------------
CREATE TEMP TABLE bad (call text, wanted text);
INSERT INTO bad VALUES
  ('wilson_interval(3, 2)', '22023 successes must not be more than n, 3 of 2'), ('wilson_interval(-1, 2)', '22023 successes must not be negative, not -1'),
  ('wilson_interval(0, -2)', '22023 successes must not be more than n, 0 of -2'), ('wilson_interval(1, 2, 1)', '22023 level must be between 0 and 1, not 1'),
  ('wilson_interval(1, 2, 0)', '22023 level must be between 0 and 1, not 0'), ('wilson_interval(1, 2, ''NaN'')', '22023 level must be between 0 and 1, not nan'),
  ('welch_test(-1, 1, 1, 9, 1, 1)', '22023 n must not be negative, not -1'), ('welch_test(9, 1, -1, 9, 1, 1)', '22023 variance must not be negative, not -1'),
  ('welch_test(9, ''NaN'', 1, 9, 1, 1)', '22023 mean must be finite, not nan'), ('welch_test(9, 1, 1, 9, 1, ''Infinity'')', '22023 variance must be finite, not inf'),
  ('welch_test(9, 1, 1, 9, 1, 1, 95)', '22023 level must be between 0 and 1, not 95'),
  ('two_proportion_test(1, 2, 4, 3)', '22023 successes must not be more than n, 4 of 3'), ('two_proportion_test(1, 2, 1, 3, -0.5)', '22023 level must be between 0 and 1, not -0.5'),
  ('srm_test(''{}'')', '22023 observed must not be empty'), ('srm_test(''{1,NULL}'')', '22023 observed must not have null elements'),
  ('srm_test(''{{1,2},{3,4}}'')', '22023 observed must have one dimension, not 2'), ('srm_test(''{1,-2}'')', '22023 a count must not be negative, not -2'),
  ('srm_test(''{1,2}'', ''{1}'')', '22023 observed and weights must be as many, not 2 and 1'), ('srm_test(''{1,2}'', ''{}'')', '22023 weights must not be empty'),
  ('srm_test(''{1,2}'', ''{0,0}'')', '22023 weights must have a finite sum above 0, not 0'), ('srm_test(''{1,2}'', ''{1,-1}'')', '22023 a weight must not be negative, not -1'),
  ('srm_test(''{1,2}'', ''{1,NaN}'')', '22023 a weight must be finite, not nan'), ('srm_test(''{1,2}'', ''{1,NULL}'')', '22023 weights must not have null elements'),
  ('confidence_sequence(1, -1, 9)', '22023 se must not be negative, not -1'), ('confidence_sequence(1, 1, -9)', '22023 n must not be negative, not -9'),
  ('confidence_sequence(''-Infinity'', 1, 9)', '22023 diff must be finite, not -inf'), ('confidence_sequence(1, 1, 9, 1)', '22023 alpha must be between 0 and 1, not 1'),
  ('confidence_sequence(1, 1, 9, 0.05, 0)', '22023 tuning must be positive, not 0'),
  ('chance_to_beat(1, -1)', '22023 se must not be negative, not -1'), ('chance_to_beat(1, 1, 2)', '22023 level must be between 0 and 1, not 2'),
  ('p_adjust(''{0.1,1.5}'')', '22023 a p value must be from 0 to 1, not 1.5'), ('p_adjust(''{0.1,NaN}'')', '22023 a p value must be from 0 to 1, not nan'),
  ('p_adjust(''{{0.1,0.2}}'')', '22023 p_values must have one dimension, not 2'), ('p_adjust(''{0.1}'', ''fdr'')', '22023 method "fdr" is unknown'),
  ('p_adjust(NULL, ''BH'')', '22023 method "BH" is unknown'),
  ('sample_size(-0.1, 0.2)', '22023 a proportion must be from 0 to 1, not -0.1'), ('sample_size(1, 2)', '22023 a proportion must be from 0 to 1, not 2'),
  ('sample_size(1, 2, -1)', '22023 variance must not be negative, not -1'), ('sample_size(0.1, 0.2, power => 1)', '22023 power must be between 0 and 1, not 1'),
  ('sample_size(0.1, 0.2, alpha => 0)', '22023 alpha must be between 0 and 1, not 0'),
  ('forecast(''{1,2}'', 0)', '22023 horizon must be from 1 to 10000, not 0'), ('forecast(''{1,2}'', 10001)', '22023 horizon must be from 1 to 10000, not 10001'),
  ('forecast(''{1,2}'', 1, ''arima'')', '22023 method "arima" is unknown'), ('forecast(''{1,2}'', 1, ''auto'', 1)', '22023 season must be at least 2 points, not 1'),
  ('forecast(''{1,2}'', 1, ''seasonal_naive'')', '22023 seasonal_naive wants a season'), ('forecast(''{1,2}'', 1, alpha => 1.5)', '22023 smoothing constants must be from 0 to 1, not 1.5'),
  ('forecast(''{1,2}'', 1, beta => -0.1)', '22023 smoothing constants must be from 0 to 1, not -0.1'), ('forecast(''{1,2}'', 1, gamma => ''NaN'')', '22023 smoothing constants must be from 0 to 1, not nan'),
  ('forecast(''{1,2}'', 1, level => 1)', '22023 level must be between 0 and 1, not 1'), ('forecast(''{1,NULL}'', 1)', '22023 series must not have null elements'),
  ('forecast(''{1,NaN}'', 1)', '22023 series must be finite, not nan'), ('forecast(''{1,Infinity}'', 1)', '22023 series must be finite, not inf'),
  ('forecast(''{{1,2}}'', 1)', '22023 series must have one dimension, not 2'),
  ('forecast((SELECT array_agg(1) FROM generate_series(1, 100001)), 1)', '54000 series of 100001 points is longer than 100000');
SELECT is(pg_temp.refused('SELECT * FROM ' || call || ' r'), wanted, call) FROM bad;
SELECT is(pg_temp.refused('SELECT sample_size(0, 1e-9, 1e9)'), '22003 sample size is more than a bigint holds', 'more units than a bigint holds');
SELECT matches(pg_temp.refused('SELECT * FROM forecast(''{0,1e308,1.7e308}'', 5, ''holt'', alpha => 1, beta => 1)'), '^22003 ', 'beyond the last double');

-- ---------------------------------------------------------------------------------------------------
-- Forecasts
-- ---------------------------------------------------------------------------------------------------
-- NIST/SEMATECH e-Handbook 6.4.3.1: 71.50 is next.
SELECT is((SELECT array_agg((step, round(forecast::numeric, 2))::text ORDER BY step) FROM forecast('{71,70,69,68,64,65,72,78,75,75,75,70}', 2, 'ses', alpha => 0.1)), '{"(1,71.50)","(2,71.50)"}', 'single exponential smoothing');
SELECT is((SELECT count(*) FROM forecast('{}', 5)), 0::bigint, 'nothing follows nothing');
SELECT is((SELECT count(*) FROM forecast(NULL, 5)), 0::bigint, 'no series');
SELECT is((SELECT count(*) FROM forecast('{1,2}', NULL)), 0::bigint, 'no horizon');
SELECT is((SELECT array_agg(f::text) FROM forecast('{7}', 2) f), '{"(1,7,,)","(2,7,,)"}', 'one point: no bounds');
SELECT is((SELECT array_agg(f::text) FROM forecast('{7,7,7,7,7,7}', 1, season => 2) f), '{"(1,7,7,7)"}', 'nothing varies');
SELECT ok(bool_and(a.forecast = b.forecast AND b.lower < a.lower AND a.upper < b.upper), 'a higher level has wider bounds') FROM forecast('{3,5,4,8,6,9,7}', 5) a JOIN forecast('{3,5,4,8,6,9,7}', 5, level => 0.99) b USING (step);
SELECT is((SELECT array_agg(forecast) FROM forecast('{1,5,2,1,5,2,1,5,2,1,5,2}', 6, 'auto', 3)), '{1,5,2,1,5,2}', 'a season goes on');

-- A forecast that is cancelled ends, and does not first go on to its end.
CREATE FUNCTION pg_temp.milliseconds(query text) RETURNS double precision LANGUAGE plpgsql AS $$
DECLARE
  began timestamptz := clock_timestamp();
BEGIN
  BEGIN
    EXECUTE query;
  EXCEPTION WHEN query_canceled THEN
  END;
  RETURN extract(epoch FROM clock_timestamp() - began) * 1000;
END $$;
CREATE TEMP TABLE long AS SELECT array_agg(1000 + 100 * sin(2 * pi() * i / 10000) + i % 17 ORDER BY i) AS series FROM generate_series(1, 100000) i;
SELECT pg_temp.milliseconds('SELECT count(*) FROM long, forecast(series, 10000, season => 10000)') AS whole \gset
SET statement_timeout = '20ms';
SELECT pg_temp.milliseconds('SELECT count(*) FROM long, forecast(series, 10000, season => 10000)') AS ended \gset
RESET statement_timeout;
SELECT cmp_ok(:ended, '<', :whole / 2, 'a long forecast can be cancelled');

-- ---------------------------------------------------------------------------------------------------
-- Labels: whoever asks, wherever
-- ---------------------------------------------------------------------------------------------------
SELECT is_empty($$SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  AND proname IN ('wilson_interval', 'welch_test', 'two_proportion_test', 'srm_test', 'confidence_sequence', 'chance_to_beat', 'p_adjust', 'sample_size', 'forecast')
  AND NOT (provolatile = 'i' AND proparallel = 's' AND NOT proisstrict AND NOT prosecdef AND has_function_privilege('public', oid, 'EXECUTE'))$$, 'immutable, parallel safe, everybody''s');
SELECT * FROM finish();
