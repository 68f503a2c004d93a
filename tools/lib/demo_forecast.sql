-- The creator's last week, what the next two may bring, and the video among others: of whole days.
\pset tuples_only on
\pset format unaligned
-- Compared with what has enough of it: a small feed may have few videos of a category.
INSERT INTO demo.remembered
SELECT 'baseline', b.name
FROM unnest(ARRAY['category', 'creator', 'platform']) WITH ORDINALITY b (name, n),
     LATERAL (SELECT peers FROM compare_video(demo.recall('video')::bigint, demo.last_midnight() - interval '30 days', demo.last_midnight(), b.name) LIMIT 1) c
WHERE c.peers >= 3 ORDER BY b.n LIMIT 1;

CREATE TABLE demo.forecast AS
SELECT * FROM metric_forecast('views', demo.first_day(), demo.as_of(), creator_id => demo.recall('creator')::bigint);
CREATE TABLE demo.trend AS
SELECT * FROM metric_trend('views', demo.first_day(), demo.as_of(), creator_id => demo.recall('creator')::bigint);

SELECT format(E'  views a day of creator %s: the last whole days, and the next %s\n', demo.recall('creator'), count(*)) FROM demo.forecast HAVING count(*) > 0;
WITH week AS (
  SELECT bucket_start, value FROM metric_series('views', greatest(demo.first_midnight(), demo.last_midnight() - interval '7 days'),
    greatest(demo.first_midnight(), demo.last_midnight()), creator_id => demo.recall('creator')::bigint)
),
days (day, value, lower, upper, known) AS (
  SELECT bucket_start, value, NULL, NULL, true FROM week UNION ALL SELECT bucket_start, forecast, lower, upper, false FROM demo.forecast
),
-- Columns of the drawing: 40 for the greatest.
scale (most) AS (SELECT nullif(max(greatest(value, upper)), 0) FROM days),
places AS (
  SELECT days.*, coalesce(round(40 * value / most), 0)::int AS middle, round(40 * lower / most)::int AS low, round(40 * upper / most)::int AS high FROM days, scale
)
SELECT rtrim(format('  %s%s  %s%s', to_char(day AT TIME ZONE 'UTC', 'Dy DD Mon'), lpad(demo.num(value), 9),
  CASE WHEN known THEN bar(value, coalesce(most, 0), 40)
       ELSE rpad(repeat(' ', coalesce(low, middle)) || repeat('─', middle - coalesce(low, middle)) || '┼' || repeat('─', coalesce(high, middle) - middle), 43) END,
  CASE WHEN NOT known AND lower IS NOT NULL THEN format('%s to %s', demo.num(lower), demo.num(upper)) END))
FROM places, scale ORDER BY day;

SELECT coalesce((SELECT format(E'\n  forecast by %s; whole days before it: %s', f.method, demo.num(t.n)) || CASE WHEN lower IS NOT NULL THEN '; each day lies in its band with 95 %' ELSE '' END
                 FROM demo.forecast f LIMIT 1), '  there is no whole day to forecast from')
FROM demo.trend t;
SELECT format('  the trend is %s: with each day %s views a day %s, by the median of all slopes', direction, demo.num(abs(sen_slope), 2), CASE WHEN sen_slope < 0 THEN 'less' ELSE 'more' END)
FROM demo.trend WHERE direction IS NOT NULL;
SELECT format(E'\n  video %s in 30 days: completion rate %s %%, at percentile %s among %s other videos of %s; their median is %s %%', demo.recall('video'),
  demo.num(value, 1), demo.num(percentile), demo.num(peers), CASE demo.recall('baseline') WHEN 'platform' THEN 'the platform' ELSE 'its ' || demo.recall('baseline') END,
  demo.num(baseline_median, 1))
FROM compare_video(demo.recall('video')::bigint, demo.last_midnight() - interval '30 days', demo.last_midnight(), demo.recall('baseline'))
WHERE metric = 'completion_rate' AND percentile IS NOT NULL AND demo.recall('baseline') IS NOT NULL;
