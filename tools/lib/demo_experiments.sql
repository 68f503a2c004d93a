-- An experiment in which nothing was changed, with what it finds all the same, and where the clicks came from.
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
SELECT define_experiment('demo', ARRAY['control', 'treatment']) AS defined \gset
-- Whoever watched something in the last 14 days was exposed at the first view of them.
INSERT INTO explore_exposures (experiment, viewer_key, variant, exposed_at)
SELECT 'demo', viewer, assign_variant('demo', viewer::text), min(created_at)
FROM (SELECT coalesce(user_id, -session_id) AS viewer, created_at FROM explore_engagements
      WHERE engagement_type = 'view' AND created_at >= demo.as_of() - interval '14 days' AND created_at < demo.as_of()) v
WHERE viewer IS NOT NULL GROUP BY viewer;
CREATE TABLE demo.results AS
SELECT * FROM experiment_results('demo', ARRAY['any_save', 'total_watch_time', 'click_rate'], as_of => demo.as_of());
CREATE TABLE demo.attributed AS
SELECT m.n, m.model, a.* FROM unnest(ARRAY['first', 'linear', 'last']) WITH ORDINALITY m (model, n),
  attribution('click', '{view}', demo.as_of() - interval '30 days', demo.as_of(), m.model, interval '7 days', key => 'source') a;

SELECT format('  an experiment of %s viewers in which both variants are the same: what differs is chance', demo.num(sum(units))) FROM demo.results WHERE metric = 'any_save';
SELECT format('  %s %s against %s%s', rpad(t.metric, 16), lpad(demo.num(t.mean, 2), 9), lpad(demo.num(c.mean, 2), 9),
  coalesce(format('   lift %s %%, between %s and %s   p %s', lpad(demo.num(t.lift_percent, 1), 5), lpad(demo.num(t.lift_lower_percent, 1), 6),
    lpad(demo.num(t.lift_upper_percent, 1), 5), demo.num(t.p_value, 3)), ''))
FROM demo.results t JOIN demo.results c USING (metric) WHERE t.variant = 'treatment' AND c.variant = 'control' ORDER BY t.metric;

SELECT E'\n  clicks of 30 days by the sources of the views in the 7 days before';
SELECT '  ' || rpad('', 12) || string_agg(lpad(model, 10), '' ORDER BY n) FROM (SELECT DISTINCT n, model FROM demo.attributed) m;
SELECT '  ' || rpad(key, 12) || string_agg(lpad(demo.num(conversions, 1), 10), '' ORDER BY n)
FROM demo.attributed GROUP BY key ORDER BY key = '(none)', max(conversions) DESC, key;
