-- Experiments with a small effect (psql -v experiments=N -v seed=N): watch time normal, correlated 0.7 with what was watched before, a
-- quarter of a standard deviation more in the treatment. What history saves, and how often each method finds the effect.
\ir experiments_lib.sql
\set batches 10
\set units 400
\set rho 0.7
\set effect 0.25
CREATE TABLE unit AS
SELECT e, u, e * 1000 + u AS viewer, timestamptz '2010-01-01 00:00+00' + e * interval '1 day' AS day, 1 + (u - 1) / (:units / :batches) AS batch, normal() AS x, normal() AS z FROM generate_series(1, :experiments) e, generate_series(1, :units) u;
SELECT FROM generate_series(1, :experiments) e, define_experiment(format('power %s %s', :seed, e), '{a,b}', tuning => 200);
INSERT INTO explore_exposures (experiment, viewer_key, variant, exposed_at)
SELECT format('power %s %s', :seed, e), viewer, CASE WHEN u % 2 = 0 THEN 'a' ELSE 'b' END, day + interval '12 hours' + batch * interval '10 minutes' + random() * interval '5 minutes' FROM unit;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
SELECT 1, viewer, 'view', round(100000 + 10000 * v)::int, at FROM (
  SELECT viewer, x AS v, day + random() * interval '12 hours' AS at FROM unit
  UNION ALL SELECT u.viewer, :rho * x + sqrt(1 - :rho * :rho) * z + CASE WHEN variant = 'b' THEN :effect ELSE 0 END, exposed_at + interval '10 seconds' FROM unit u JOIN explore_exposures ON viewer_key = u.viewer) w ORDER BY at;
VACUUM (ANALYZE) explore_exposures, explore_engagements;
-- Less to clear in every look.
SET work_mem = '1MB';
CREATE TABLE look AS
SELECT e, j, method, cuped, r.p_value AS p, r.diff, r.lower, r.upper, r.variance_reduction_percent AS less
FROM generate_series(1, :experiments) e, generate_series(1, :batches) j, unnest('{welch,sequential}'::text[]) method, unnest('{true,false}'::boolean[]) cuped,
  LATERAL experiment_results(format('power %s %s', :seed, e), '{total_watch_time}', method, cuped, '16 hours', as_of => timestamptz '2010-01-01 00:00+00' + e * interval '1 day' + interval '12 hours' + (j + 1) * interval '10 minutes') r
WHERE r.variant = 'b' AND (method = 'sequential' OR j = :batches);
-- By theory: a test that rejects beyond c standard errors finds an effect of d of them with chance phi(d - c). No error function here:
-- chance_to_beat(x, 1) is phi(x), and its table is in every book.
CREATE TABLE theory AS
SELECT method, cuped, (SELECT chance FROM chance_to_beat(:effect / (sqrt(4.0 / :units) * CASE WHEN cuped THEN sqrt(1 - :rho * :rho) ELSE 1 END) - c, 1)) AS power
FROM (VALUES ('welch', 1.966), ('sequential', (SELECT sqrt(2 * (n * r + 1) * ln(sqrt(n * r + 1) / 0.05) / (n * r)) FROM (SELECT :units::float8 AS n, (-2 * ln(0.05::float8) + ln(1 - 2 * ln(0.05::float8))) / 200 AS r) s))) m(method, c), unnest('{true,false}'::boolean[]) cuped;
CREATE TABLE found AS
SELECT method, cuped, power, count(*) FILTER (WHERE p < 0.05 AND j = :batches) AS at_last, count(DISTINCT e) FILTER (WHERE p < 0.05) AS ever, count(*) FILTER (WHERE j = :batches AND :effect * 10 BETWEEN lower AND upper) AS covered, avg(diff) FILTER (WHERE j = :batches) AS diff,
  avg(less) FILTER (WHERE j = :batches) AS less FROM look JOIN theory USING (method, cuped) GROUP BY 1, 2, 3;
SELECT format('RESULT power seed=%s experiments=%s method=%s cuped=%s expected_percent=%s found_at_last_percent=%s found_ever_percent=%s covered_percent=%s mean_diff=%s variance_reduction_percent=%s', :seed, :experiments, method, cuped,
  round(100 * power::numeric, 1), round(100.0 * at_last / :experiments, 1), round(100.0 * ever / :experiments, 1), round(100.0 * covered / :experiments, 1), round(diff::numeric, 3), round(coalesce(less, 0)::numeric, 2)) FROM found ORDER BY method, cuped;
SELECT FROM found, verdict(format('%s, cuped %s: finds %s of %s, expected %s', method, cuped, at_last, :experiments, power), at_last BETWEEN fewest(:experiments, power - 0.01) AND most(:experiments, power + 0.01));
SELECT FROM found, verdict(format('%s, cuped %s: bounds hold the effect in %s', method, cuped, covered), covered >= fewest(:experiments, 0.95) AND (method = 'sequential' OR covered <= most(:experiments, 0.95)));
-- The mean of N estimates: five errors of one, and what 400 units bias it.
SELECT FROM found, verdict(format('cuped %s: mean effect %s', cuped, diff), abs(diff - :effect * 10) < 5 * 10 * sqrt(4.0 / :units / :experiments));
SELECT FROM found, verdict(format('history saves %s%%', less), abs(less - 100 * :rho * :rho) < 0.5 + 5 * 100 * 2 * :rho * (1 - :rho * :rho) / sqrt(:units * :experiments::float8)) WHERE cuped;
SELECT FROM verdict('with history more is found', (SELECT bool_and(a.at_last > b.at_last) FROM found a JOIN found b USING (method) WHERE a.cuped AND NOT b.cuped));
SELECT 'ok experiments_power';
