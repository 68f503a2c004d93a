-- Statistics of numbers, as an analyst calls them; every edge is in test/pgtap/statistics.sql.
SET extra_float_digits = 0;
\set VERBOSITY terse
\pset null '-'

-- Newcombe 1998: 81 of 263, and 48 of 80 beside 56 of 70.
SELECT round(lower::numeric, 4) AS lower, round(upper::numeric, 4) AS upper FROM wilson_interval(81, 263);
SELECT round(diff::numeric, 4) AS diff, round(lower::numeric, 4) AS lower, round(upper::numeric, 4) AS upper, round(z::numeric, 4) AS z, round(p_value::numeric, 4) AS p_value
FROM two_proportion_test(48, 80, 56, 70);
-- Student 1908: two drugs for sleep.
SELECT round(diff::numeric, 2) AS diff, round(t::numeric, 4) AS t, round(df::numeric, 3) AS df, round(p_value::numeric, 5) AS p_value
FROM welch_test(10, 0.75, 3.20055555555556, 10, 2.33, 4.009);
-- Of rows.
SELECT round(w.t::numeric, 4) AS t FROM (
  SELECT count(*) FILTER (WHERE g = 1) AS n_a, avg(x) FILTER (WHERE g = 1) AS mean_a, var_samp(x) FILTER (WHERE g = 1) AS variance_a,
         count(*) FILTER (WHERE g = 2) AS n_b, avg(x) FILTER (WHERE g = 2) AS mean_b, var_samp(x) FILTER (WHERE g = 2) AS variance_b
  FROM (VALUES (1, 0.7::float8), (1, -1.6), (1, -0.2), (1, -1.2), (1, -0.1), (1, 3.4), (1, 3.7), (1, 0.8), (1, 0), (1, 2),
               (2, 1.9), (2, 0.8), (2, 1.1), (2, 0.1), (2, -0.1), (2, 4.4), (2, 5.5), (2, 1.6), (2, 4.6), (2, 3.4)) sleep(g, x)) s,
  welch_test(n_a, mean_a, variance_a, n_b, mean_b, variance_b) w;
-- Kohavi, Tang and Xu 2020: a split that is not even.
SELECT round(chi2::numeric, 4) AS chi2, df, round(p_value::numeric, 9) AS p_value FROM srm_test('{821588,815482}');
SELECT round(lower::numeric, 6) AS lower, round(upper::numeric, 6) AS upper, round(p_value::numeric, 6) AS p_value FROM confidence_sequence(0.025, 0.01, 4000);
SELECT round(chance::numeric, 6) AS chance, round(expected_loss::numeric, 9) AS expected_loss FROM chance_to_beat(0.025, 0.01);
SELECT m AS method, p_adjust('{0.0001,0.0019,NULL,0.0095,0.0201}', m) FROM unnest(ARRAY['holm', 'bh', 'bonferroni', 'none']) m;
SELECT sample_size(0.50, 0.75, power => 0.90) AS proportions, sample_size(10, 10.5, 4) AS means, sample_size(0.3, 0.3) AS never;

-- Forecasts. A series that repeats goes on; one that is too short for a method is forecast by another.
SELECT step, round(forecast::numeric, 2) AS forecast, round(lower::numeric, 2) AS lower, round(upper::numeric, 2) AS upper
FROM forecast('{71,70,69,68,64,65,72,78,75,75,75,70}', 3, 'ses', alpha => 0.1);
SELECT step, forecast FROM forecast('{1,5,2,1,5,2,1,5,2}', 4, season => 3);
SELECT * FROM forecast('{1,5,2,1}', 3, 'holt_winters_additive', 3, level => 0.8) LIMIT 1;
SELECT count(*) FROM forecast('{0,5,2,1,5,2}', 1, 'holt_winters_multiplicative', 3);
SELECT * FROM forecast('{}', 3);

-- Nothing to compute with is NULL; what has no meaning is refused.
SELECT wilson_interval(0, 0), two_proportion_test(0, 0, 1, 2), chance_to_beat(1, 0);
SELECT wilson_interval(3, 2);
SELECT welch_test(10, 'NaN', 1, 10, 1, 1);
SELECT p_adjust('{0.5,2}');
\set VERBOSITY default
SELECT * FROM forecast('{1,2,3}', 3, 'seasonal_naive');
SELECT * FROM forecast('{1,2,3}', 0);
\set VERBOSITY terse

-- Everybody may: no table is read. Workers may, too.
CREATE ROLE ea_regress_nobody;
SET ROLE ea_regress_nobody;
SELECT round(lower::numeric, 4) AS lower FROM wilson_interval(1, 29);
SELECT count(*) FROM forecast('{1,2,3,4}', 2);
RESET ROLE;
DROP ROLE ea_regress_nobody;
