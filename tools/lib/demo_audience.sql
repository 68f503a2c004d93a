-- How far the video is watched, who its creator's viewers are, how views lead to saves, and who comes back.
\pset tuples_only on
\pset format unaligned
CREATE TABLE demo.curve AS SELECT * FROM retention_curve(demo.recall('video')::bigint, NULL, demo.as_of(), bins => 60);
CREATE TABLE demo.audience AS SELECT * FROM audience_breakdown('age_group', NULL, demo.as_of(), creator_id => demo.recall('creator')::bigint);
CREATE TABLE demo.funnel AS SELECT * FROM funnel(ARRAY['view', 'save', 'click'], demo.first_day(), demo.as_of(), interval '24 hours', creator_id => demo.recall('creator')::bigint);
CREATE TABLE demo.retention AS SELECT * FROM viewer_retention(demo.first_day(), demo.as_of(), 'week', periods => 8, as_of => demo.as_of());

SELECT format(E'  video %s, second by second       %s\n  of all views, at the start %s %%, in the middle %s %%, at the end %s %%\n', demo.recall('video'),
  sparkline(array_agg(audience_watch_ratio ORDER BY bin)), demo.num(100 * max(audience_watch_ratio) FILTER (WHERE bin = 1)),
  demo.num(100 * max(audience_watch_ratio) FILTER (WHERE bin = 30)), demo.num(100 * max(audience_watch_ratio) FILTER (WHERE bin = 60)))
FROM demo.curve HAVING count(*) > 0;

SELECT format('  the viewers of creator %s by age', demo.recall('creator')) WHERE EXISTS (SELECT FROM demo.audience);
SELECT rtrim(format('  %s %s  %s%%  %s viewers', rpad(value, 10), bar(share_percent, max(share_percent) OVER (), 30), lpad(demo.num(share_percent, 1), 5), lpad(demo.num(viewers), 7)))
FROM demo.audience ORDER BY value = 'unknown', value = '(other)', value <> 'under 13', value;

SELECT format(E'\n  of the viewers of creator %s: a view, then a save, then a click, all within 24 hours', demo.recall('creator'));
SELECT format('  %s. %s %s  %s%%  %s viewers%s', step, rpad(name, 6), bar(viewers, max(viewers) OVER (), 30), lpad(demo.num(rate_from_start, 1), 5), lpad(demo.num(viewers), 7),
  CASE WHEN median_seconds IS NOT NULL THEN ', half of them within ' || demo.hours(median_seconds) ELSE '' END)
FROM demo.funnel ORDER BY step;

SELECT E'\n  who comes back: viewers by the week of their first view, and how many percent of them watch in the weeks after';
SELECT format('  week of       viewers  %s', string_agg(lpad('+' || period, 6), '' ORDER BY period)) FROM (SELECT DISTINCT period FROM demo.retention WHERE period > 0) p;
SELECT rtrim(format('  %s %s  %s', to_char(cohort AT TIME ZONE 'UTC', 'DD Mon YYYY'), lpad(demo.num(cohort_size), 9),
  string_agg(coalesce(' ' || shade(rate, scale.most, 2) || lpad(demo.num(rate), 3), ''), '' ORDER BY period)))
FROM demo.retention, (SELECT max(rate) AS most FROM demo.retention WHERE period > 0) scale
WHERE period > 0 GROUP BY cohort, cohort_size ORDER BY cohort;
