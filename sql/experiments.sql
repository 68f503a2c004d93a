-- Experiments: buckets, definitions, assignment and exposures. Every edge is in test/pgtap/experiments.sql.
SET timezone = 'UTC';
\pset null '-'
BEGIN;
INSERT INTO explore_feed_sessions (id, user_id) VALUES (6581, 6591), (6582, NULL);
-- What the SDKs are tested with.
SELECT seed, unit, experiment_bucket(seed, unit) FROM (VALUES ('seed', 'a'), ('seed', 'b'), ('foo', 'ab'), ('foo', 'def'), ('89123klj', '8952klfjas09ujkasdf'), ('', ''), ('seed', NULL)) v(seed, unit);

SELECT define_experiment('regress', '{a,b,c}', '{.2,.3,.5}', 'feed-rank', 0.2);
SELECT unit, experiment_bucket('feed-rank', unit) AS bucket, assign_variant('regress', unit) FROM unnest('{1001,1002,1003,1004,1005,1006,1007,1008,1011,1013}'::text[]) unit;
SELECT define_experiment('regress', '{a,b,c}', '{.2,.3,.5}', 'feed-rank', 1, 0.01, 2000);
SELECT string_agg(assign_variant('regress', unit), ' ' ORDER BY unit) FROM unnest('{1001,1002,1003,1004,1005,1006,1007,1008,1011,1013}'::text[]) unit;
SELECT name, variants, weights, seed, coverage, alpha, tuning FROM explore_analytics.experiments WHERE name = 'regress';

-- A row for each viewer and variant, with the earliest time.
SELECT record_exposure('regress', 1003, exposed_at => '2003-06-02 10:00+00') AS first, record_exposure('regress', 1003, exposed_at => '2003-06-01 10:00+00') AS earlier, record_exposure('regress', 1003, exposed_at => '2003-06-03 10:00+00') AS later;
SELECT record_exposure('regress', session_id => 6581, variant => 'b', exposed_at => '2003-06-01 11:00+00') AS of_its_user, record_exposure('regress', session_id => 6582, variant => 'c', exposed_at => '2003-06-01 12:00+00') AS of_nobody_else;
SELECT viewer_key, variant, exposed_at FROM explore_exposures WHERE experiment = 'regress' ORDER BY exposed_at;
SELECT identify_session(6582, 6592);
SELECT explore_analytics.export_viewer(6592) -> 'exposures' AS exposures;

-- Frozen, but for coverage that grows.
SELECT define_experiment('regress', '{a,b,c}', '{.2,.3,.5}', 'feed-rank', 1, 0.01, 2000);
SAVEPOINT frozen;
SELECT define_experiment('regress', '{a,b,c}', '{.2,.3,.5}', 'feed-rank', 0.9, 0.01, 2000);
ROLLBACK TO frozen;
SELECT define_experiment('regress', '{a,b,c}', '{.2,.3,.5}', 'feed-rank', 1, 0.02, 2000);
ROLLBACK TO frozen;
SELECT explore_analytics.forget_viewer(6592);
SELECT viewer_key, variant FROM explore_exposures WHERE experiment = 'regress' ORDER BY exposed_at;
ROLLBACK;

-- Errors say what to do.
SELECT define_experiment(NULL, '{a,b}');
SELECT define_experiment('regress', '{a}');
SELECT define_experiment('regress', '{a,b}', '{.5,.6}');
SELECT define_experiment('regress', '{a,b,a}');
SELECT assign_variant('regress', '1001');
SELECT assign_variant('regress', '');
SELECT record_exposure('regress', 1001);
SELECT record_exposure('regress');
SELECT record_exposure('regress', 1001, exposed_at => 'infinity');
