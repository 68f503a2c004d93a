-- experiment_results: variants against the control. Every edge is in test/pgtap/experiment_results.sql.
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';
SET extra_float_digits = -3;
\set VERBOSITY terse
\pset null '-'
CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

BEGIN;
-- Twelve viewers with a view before and one after, one who saw both variants, and a view that is too long ago.
SELECT define_experiment('autoplay', '{control,treatment}');
INSERT INTO explore_exposures (experiment, viewer_key, variant, exposed_at)
SELECT 'autoplay', v, CASE WHEN v < 5210 THEN 'control' ELSE 'treatment' END, timestamptz '2003-03-10 00:00+00' FROM unnest('{5201,5202,5203,5204,5205,5206,5211,5212,5213,5214,5215,5216}'::bigint[]) v
UNION ALL SELECT 'autoplay', 5220, unnest('{control,treatment}'::text[]), '2003-03-10 00:00+00';
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, completed, created_at)
SELECT 5431, v, 'view', 1000 * seconds, seconds > 12, at FROM (VALUES (5201, 10, 12), (5202, 8, 9), (5203, 15, 15), (5204, 3, 5), (5205, 12, 12), (5206, 7, 6), (5211, 9, 13), (5212, 11, 14), (5213, 4, 8), (5214, 14, 18), (5215, 6, 9), (5216, 10, 13)) u(v, x, y),
  LATERAL (VALUES (x, timestamptz '2003-03-05 12:00+00'), (y, '2003-03-12 12:00+00')) e(seconds, at)
UNION ALL VALUES (5431, 5220, 'view'::engagement_type, 1000000, false, timestamptz '2003-03-12 00:00+00'), (5431, 5201, 'view', 50000, false, '2003-02-23 23:59:59.999999+00');
\x on
SELECT * FROM experiment_results('autoplay', '{total_watch_time}', 'welch', as_of => '2003-04-01 00:00+00');
\x off
SELECT method, cuped, diff, lower, upper, p_value, lift_percent, chance_to_beat, expected_loss, theta, warnings
FROM unnest('{welch,sequential,bayes}'::text[]) method, unnest(ARRAY[true, false]) cuped, experiment_results('autoplay', '{total_watch_time}', method, cuped, as_of => '2003-04-01 00:00+00') r WHERE variant = 'treatment';
-- Several metrics are one family.
SELECT metric, variant, units, mean, diff, p_value, p_adjusted, warnings FROM experiment_results('autoplay', '{any_completion,completion_rate,views,total_watch_time}', 'welch', as_of => '2003-04-01 00:00+00');
-- A window of two days and a half has seen the views; one of a day has not, and one of 30 days is not over.
SELECT w AS within, variant, units, mean, diff, warnings FROM unnest('{1 day,60 hours 1 microsecond,30 days}'::interval[]) WITH ORDINALITY o(w, n), LATERAL experiment_results('autoplay', '{total_watch_time}', within => w, as_of => '2003-04-01 00:00+00') WITH ORDINALITY r ORDER BY n, r.ordinality;
-- The highest two thirds are taken for the last of the others.
SELECT variant, mean, diff, theta FROM experiment_results('autoplay', '{total_watch_time}', winsorize => 0.33, as_of => '2003-04-01 00:00+00');
-- Before anybody is exposed.
SELECT variant, units, mean, diff, srm_p_value, multiple_exposures, warnings FROM experiment_results('autoplay', '{views}', as_of => '2003-03-10 00:00+00');
SELECT pg_temp.refused(format('SELECT * FROM experiment_results(%s)', arguments)) FROM unnest(ARRAY['NULL, ''{views}''', '''autoplay'', NULL', '''autoplay'', ''{}''', '''autoplay'', ''{views,likes}''', '''autoplay'', ''{views,views}''', '''nothing'', ''{views}''', '''autoplay'', ''{views}'', ''t-test''',
  '''autoplay'', ''{views}'', winsorize => 0', '''autoplay'', ''{views}'', correction => ''sidak''', '''autoplay'', ''{views}'', within => ''0''', '''autoplay'', ''{views}'', as_of => ''-infinity''']) arguments;
ROLLBACK;
