-- Experiments without an effect as defined by default (psql -v experiments=N -v seed=N -v every=N: looks after every Nth batch): how
-- often a method ever says that there is one. docs/img/peeking.csv is its lines aa_peeking.
\set batch 50
\set tuning 5000
\set methods '\'{welch,sequential}\''
\ir experiments_looks.sql
SELECT format('RESULT aa seed=%s experiments=%s looks=%s metric=%s cuped=%s welch_last_percent=%s welch_ever_percent=%s sequential_ever_percent=%s sequential_ever_settled_percent=%s tuned_ever_percent=%s tuned_ever_settled_percent=%s',
  :seed, :experiments, :batches / :every, w.metric, w.cuped, percent(w.at_last, :experiments), percent(w.ever, :experiments), percent(s.ever, :experiments), percent(s.ever_settled, :experiments), percent(t.ever, :experiments), percent(t.ever_settled, :experiments))
FROM share w JOIN share s USING (looks, metric, cuped) JOIN share t USING (looks, metric, cuped) WHERE looks = :batches AND w.method = 'welch' AND s.method = 'sequential' AND t.method = 'tuned' ORDER BY w.metric, w.cuped;
SELECT format('RESULT aa_assignment seed=%s experiments=%s srm_below_thousandth=%s', :seed, :experiments, count(*) FILTER (WHERE srm < 0.001)) FROM look WHERE j = :batches AND method = 'welch' AND cuped AND metric = 'views';
SELECT format('RESULT aa_peeking looks=%s welch_percent=%s sequential_percent=%s tuned_percent=%s small_sample_percent=%s', w.looks, percent(w.ever, :experiments), percent(s.ever, :experiments), percent(t.ever, :experiments), percent(w.small, :experiments))
FROM share w JOIN share s USING (looks, metric, cuped) JOIN share t USING (looks, metric, cuped) WHERE w.method = 'welch' AND s.method = 'sequential' AND t.method = 'tuned' AND w.metric = 'total_watch_time' AND w.cuped ORDER BY looks;
-- A twentieth at most, however often one looks: in many experiments without any allowance for chance, for it is a bound that nothing
-- reaches. A twentieth where one looks once; far more where one looks with a test made for one look.
SELECT FROM share, verdict(format('%s, %s, cuped %s: rejects in %s of %s', method, metric, cuped, ever, :experiments), ever <= CASE WHEN :experiments >= 2000 THEN :experiments * 0.05 ELSE most(:experiments, 0.05) END) WHERE looks = :batches AND method <> 'welch';
SELECT FROM share, verdict(format('welch once, %s, cuped %s: rejects in %s of %s', metric, cuped, at_last, :experiments), at_last BETWEEN fewest(:experiments, 0.05) AND most(:experiments, 0.05)) WHERE looks = :batches AND method = 'welch';
SELECT FROM verdict('welch once, over all metrics, 5% give or take 1', :experiments < 2000 OR (SELECT avg(at_last) / :experiments BETWEEN 0.04 AND 0.06 FROM share WHERE looks = :batches AND method = 'welch'));
SELECT FROM share, verdict(format('welch at every look, %s, cuped %s: rejects in %s of %s', metric, cuped, ever, :experiments), ever > CASE WHEN :experiments >= 2000 THEN 0.15 * :experiments ELSE fewest(:experiments, 0.15) END) WHERE looks = :batches AND method = 'welch';
-- Few experiments say little metric by metric, more together.
SELECT FROM verdict('sequential over all metrics: a twentieth at most', (SELECT avg(ever) / :experiments <= 0.05 FROM share WHERE looks = :batches AND method <> 'welch'));
SELECT FROM verdict('welch at every look, over all metrics: more than twice that', (SELECT avg(ever) / :experiments > 0.1 FROM share WHERE looks = :batches AND method = 'welch'));
SELECT FROM verdict('assignment splits as it should', (SELECT count(*) FILTER (WHERE srm < 0.001) <= most(:experiments, 0.001) FROM look WHERE j = :batches AND method = 'welch' AND cuped AND metric = 'views'));
SELECT 'ok experiments_aa';
