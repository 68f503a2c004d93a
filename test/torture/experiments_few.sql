-- What small_sample warns of (psql -v experiments=N -v seed=N -v every=N): experiments without an effect, of 400 units and tuned to
-- about as many, looked at from 20 units on. The bounds rest on sums being normal, which those of ten units a side are not.
\set batch 20
\set tuning 200
\set methods '\'{sequential}\''
\ir experiments_looks.sql
SELECT format('RESULT aa_few seed=%s experiments=%s looks=%s metric=%s cuped=%s sequential_ever_percent=%s sequential_ever_settled_percent=%s first_two_looks_percent=%s',
  :seed, :experiments, :batches / :every, metric, cuped, percent(s.ever, :experiments), percent(s.ever_settled, :experiments), percent(f.ever, :experiments))
FROM share s JOIN share f USING (metric, cuped, method) WHERE s.looks = :batches AND f.looks = 2 AND method = 'sequential' ORDER BY metric, cuped;
-- Loosely: twice what is promised with the warning; without it what is promised.
SELECT FROM share, verdict(format('few units, %s, cuped %s: rejects in %s of %s', metric, cuped, ever, :experiments), ever <= most(:experiments, 0.1)) WHERE looks = :batches AND method = 'sequential';
SELECT FROM share, verdict(format('few units, %s, cuped %s: rejects without a warning in %s of %s', metric, cuped, ever_settled, :experiments), ever_settled <= most(:experiments, 0.05)) WHERE looks = :batches AND method = 'sequential';
SELECT FROM verdict('few units, without a warning, over all metrics', (SELECT avg(ever_settled) <= 0.05 * :experiments FROM share WHERE looks = :batches AND method = 'sequential'));
SELECT 'ok experiments_few';
