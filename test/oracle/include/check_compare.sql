-- A video beside others, a period beside the one before.
-- ---------------------------------------------------------------------------------------------------
CREATE VIEW oracle.video_count AS
SELECT n.*, c.category, c.area FROM oracle.content n JOIN explore_content c ON c.id = n.content_id WHERE n.video_id IS NOT NULL;
-- Much and little seen ones, without views, without a category, of creators of one, three and fourteen videos, with all that is equal.
CREATE TABLE oracle.compared AS
SELECT video_id, content_id, creator_id, category, area FROM oracle.video_count
WHERE range = 'unbounded' AND content_id IN (1, 2, 3, 5, 41, 60, 117, 200, 333, 377, 390, 401, 402, 408, 409, 413, 600, 601, 605, 622, 627, 628, 9007199254740986, 9007199254740987, 9007199254740993, 9223372036854775807) AND (:every = 1 OR content_id % 2 = 1);
SELECT oracle.holds('videos to compare: ' || count(*), count(*) > 20 / least(:every, 2)) FROM oracle.compared;
CREATE TABLE oracle.beside AS
SELECT v.video_id, r.name AS range, b.baseline FROM oracle.compared v, oracle.range r, unnest(ARRAY['creator', 'platform', 'category', 'area']) b(baseline)
WHERE r.name IN ('unbounded', 'days', 'odd microseconds', 'without events') OR (r.name IN ('open end', 'open start', 'empty', 'one microsecond') AND b.baseline <> 'platform');
CREATE TABLE oracle.compare_answer AS
SELECT b.*, a.* FROM oracle.beside b JOIN oracle.range r ON r.name = b.range, compare_video(b.video_id, r.s, r.e, b.baseline) WITH ORDINALITY a(metric, value, baseline_mean, baseline_median, delta_percent, percentile, z, p_value, peers, line);
-- Numbers by metric, of the videos and of their peers: others with a view in the range.
CREATE TABLE oracle.video_value AS
SELECT range, video_id, creator_id, category, area, views, m.metric, m.value
FROM oracle.video_count, LATERAL (VALUES ('views', views::float8), ('unique_viewers', viewers), ('unidentified_views', unidentified), ('completions', completions), ('saves', saves), ('shares', shares), ('clicks', clicks), ('skips', skips),
  ('impressions', impressions), ('total_engagements', saves + shares + clicks), ('total_watch_time', seconds), ('average_watch_time', CASE WHEN views = 0 THEN 0 ELSE seconds / views END), ('completion_rate', oracle.rate(completions, views)),
  ('engagement_rate', oracle.rate(saves + shares + clicks, views)), ('save_rate', oracle.rate(saves, views)), ('share_rate', oracle.rate(shares, views)), ('click_rate', oracle.rate(clicks, views)), ('skip_rate', oracle.rate(skips, views)),
  ('engagement_score', oracle.score(views, completions, saves, shares, clicks, skips))) m(metric, value);
CREATE INDEX ON oracle.video_value (range, metric);
ANALYZE oracle.video_value;
CREATE TABLE oracle.compare_plain AS
SELECT b.range, b.baseline, b.video_id, v.metric, v.views, v.value, count(p.value) AS peers, avg(p.value) AS mean, percentile_cont(0.5) WITHIN GROUP (ORDER BY p.value) AS median, stddev_samp(p.value) AS deviation,
       max(abs(p.value)) AS size, count(*) FILTER (WHERE p.value < v.value) AS below, count(*) FILTER (WHERE p.value = v.value) AS equal
FROM oracle.beside b JOIN oracle.video_value v ON v.range = b.range AND v.video_id = b.video_id
LEFT JOIN oracle.video_value p ON p.range = b.range AND p.metric = v.metric AND p.video_id <> b.video_id AND p.views > 0
  AND CASE b.baseline WHEN 'creator' THEN p.creator_id = v.creator_id WHEN 'category' THEN p.category = v.category WHEN 'area' THEN p.area = v.area ELSE true END
GROUP BY 1, 2, 3, 4, 5, 6;
SELECT oracle.holds('peers: none, one, two, three and hundreds, all equal and not', count(*) FILTER (WHERE peers = 0) > 0 AND count(*) FILTER (WHERE peers = 1) > 0 AND count(*) FILTER (WHERE peers = 2) > 0 AND count(*) FILTER (WHERE peers BETWEEN 3 AND 13) > 0
  AND count(*) FILTER (WHERE peers > 100) > 0 AND count(*) FILTER (WHERE peers > 2 AND deviation = 0) > 0 AND count(*) FILTER (WHERE peers > 2 AND views = 0) > 0 AND count(*) FILTER (WHERE equal > 1) > 0) FROM oracle.compare_plain;
SELECT oracle.near('compare_video with creator, platform, category and area: value, mean, median, delta, percentile, z', $$SELECT format('%s %s %s %s %s', range, baseline, video_id, metric, peers), ARRAY[value, baseline_mean, baseline_median, delta_percent, percentile, z] FROM oracle.compare_answer$$,
  $$SELECT format('%s %s %s %s %s', range, baseline, video_id, metric, peers), CASE WHEN peers < 3 THEN ARRAY[value, NULL, NULL, NULL, NULL, NULL]
      ELSE ARRAY[value, mean, median, 100 * (value - mean) / nullif(mean, 0), CASE WHEN views > 0 THEN 100 * (below + equal / 2.0::float8) / peers END, CASE WHEN views > 0 THEN (value - mean) / nullif(deviation, 0) END] END, 1 FROM oracle.compare_plain$$);
SELECT oracle.near('compare_video: p of z', $$SELECT format('%s %s %s %s', range, baseline, video_id, metric), ARRAY[p_value] FROM oracle.compare_answer$$,
  $$SELECT format('%s %s %s %s', range, baseline, video_id, metric), ARRAY[oracle.normal_tail(z)] FROM oracle.compare_answer$$);
SELECT oracle.same('compare_video: metrics in the order of the accessors', $$SELECT DISTINCT line, metric FROM oracle.compare_answer$$, $$SELECT row_number() OVER (), metric FROM oracle.metric$$);
SELECT oracle.same('compare_video by default: of all time, beside the creator''s', $$SELECT v.video_id, a.* FROM oracle.compared v, compare_video(v.video_id) a$$,
  $$SELECT video_id, metric, value, baseline_mean, baseline_median, delta_percent, percentile, z, p_value, peers FROM oracle.compare_answer WHERE range = 'unbounded' AND baseline = 'creator'$$);

-- Beside itself, in as long a range before.
CREATE TABLE oracle.span (n int GENERATED ALWAYS AS IDENTITY, s timestamptz, e timestamptz, before timestamptz);
INSERT INTO oracle.span (s, e, before) SELECT s, e, s - (extract(epoch FROM e) - extract(epoch FROM s)) * interval '1 second' FROM (VALUES (timestamptz '2025-10-15 00:00+00', timestamptz '2025-11-05 00:00+00'), ('2025-10-30 17:23:45.123457+00', '2025-11-15 03:59:59.999999+00'),
  ('2025-11-01 00:00+00', '2025-11-04 12:00+00'), ('2025-11-15 00:00+00', '2025-11-16 00:00+00'), ('2025-11-15 00:00+00', '2025-11-15 06:00+00'), ('2025-11-15 00:00+00', '2025-11-15 00:00+00'), ('2025-11-15 00:00+00', '2025-11-15 00:00:00.000001+00'),
  ('2031-01-01 00:00+00', '2031-02-01 00:00+00'), ('2025-12-15 00:00+00', '2026-03-01 00:00+00'), ('2025-12-20 00:00+00', '2025-12-23 00:00+00')) v(s, e);
CREATE TABLE oracle.part AS
SELECT n, period, CASE period WHEN 1 THEN s ELSE before END AS s, CASE period WHEN 1 THEN e ELSE s END AS e FROM oracle.span, generate_series(0, 1) period;
CREATE FUNCTION oracle.counted(source text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT 'SELECT count(*) FILTER (WHERE is_view) AS views, count(DISTINCT viewer) FILTER (WHERE is_view) AS viewers, count(*) FILTER (WHERE is_view AND viewer IS NULL) AS unidentified,
    count(*) FILTER (WHERE is_completion) AS completions, count(*) FILTER (WHERE kind = ''save'') AS saves, count(*) FILTER (WHERE kind = ''share'') AS shares, count(*) FILTER (WHERE kind = ''click'') AS clicks,
    count(*) FILTER (WHERE kind = ''skip'') AS skips, count(*) FILTER (WHERE kind = ''impression'') AS impressions, coalesce(sum(ms), 0)::float8 / 1000 AS seconds FROM ' || source $$;
SELECT format('CREATE TABLE oracle.video_part AS SELECT v.video_id, p.n, p.period, x.* FROM oracle.compared v, oracle.part p, LATERAL (%s) x',
  oracle.counted('oracle.event o WHERE o.content_id = v.content_id AND o.at >= p.s AND o.at < p.e')) \gexec
SELECT oracle.near('compare_video with previous', $$SELECT format('%s %s %s', s.n, v.video_id, a.metric), ARRAY[value, baseline_mean, baseline_median, delta_percent, percentile, z, p_value, peers] FROM oracle.compared v, oracle.span s, compare_video(v.video_id, s.s, s.e, 'previous') a$$,
  (SELECT string_agg(format($$SELECT format('%%s %%s %%s', n, video_id, %L), ARRAY[now, before, NULL, 100 * (now - before) / nullif(before, 0), NULL, NULL, NULL, NULL], 0
     FROM (SELECT n, video_id, max(value) FILTER (WHERE period = 1) AS now, max(value) FILTER (WHERE period = 0) AS before FROM (SELECT *, (%s)::float8 AS value FROM oracle.video_part) q GROUP BY 1, 2) b$$, metric, expression), ' UNION ALL ') FROM oracle.metric));

-- ---------------------------------------------------------------------------------------------------
-- Periods: their numbers, and days of 24 hours counted from the start of each, as long as they are whole
-- ---------------------------------------------------------------------------------------------------
CREATE TABLE oracle.asker (creator_id bigint);
INSERT INTO oracle.asker SELECT * FROM unnest(ARRAY[NULL, 1, 3, 55, 66, 605, 9007199254740993, 999]) c WHERE :every = 1 OR c IS NULL OR c IN (3, 66);
CREATE TABLE oracle.span_day AS
SELECT n, period, NULL::int AS day, s, e FROM oracle.part
UNION ALL SELECT n, period, day, s + day * interval '24 hours', s + (day + 1) * interval '24 hours' FROM oracle.part, generate_series(0, 100) day WHERE s + (day + 1) * interval '24 hours' <= e;
CREATE TABLE oracle.ours AS SELECT DISTINCT a.creator_id, e.session_id FROM oracle.asker a JOIN oracle.event e USING (creator_id);
CREATE TABLE oracle.newcomer AS
SELECT a.creator_id, e.viewer, min(e.at) AS at FROM oracle.asker a JOIN oracle.event e ON a.creator_id IS NULL OR e.creator_id = a.creator_id WHERE e.is_view AND e.viewer IS NOT NULL GROUP BY 1, 2;
CREATE INDEX ON oracle.newcomer (at);
SELECT format('CREATE TABLE oracle.day_count AS SELECT a.creator_id, d.n, d.period, d.day, x.*,
    (SELECT count(*) FROM explore_feed_sessions f WHERE f.session_start >= d.s AND f.session_start < d.e AND (a.creator_id IS NULL OR (a.creator_id, f.id) IN (SELECT creator_id, session_id FROM oracle.ours)))::float8 AS sessions,
    (SELECT count(*) FROM oracle.newcomer w WHERE w.at >= d.s AND w.at < d.e AND w.creator_id IS NOT DISTINCT FROM a.creator_id)::float8 AS new_viewers
  FROM oracle.asker a, oracle.span_day d, LATERAL (%s UNION ALL %s) x', oracle.counted('oracle.event o WHERE o.creator_id = a.creator_id AND o.at >= d.s AND o.at < d.e HAVING a.creator_id IS NOT NULL'),
  oracle.counted('oracle.event o WHERE o.at >= d.s AND o.at < d.e AND a.creator_id IS NULL HAVING a.creator_id IS NULL')) \gexec
CREATE TABLE oracle.period_metric AS
SELECT metric, expression, CASE metric WHEN 'completion_rate' THEN 'completions' WHEN 'engagement_rate' THEN 'saves + shares + clicks' WHEN 'save_rate' THEN 'saves' WHEN 'share_rate' THEN 'shares' WHEN 'click_rate' THEN 'clicks' WHEN 'skip_rate' THEN 'skips' END AS part,
  metric IN ('average_watch_time', 'engagement_score') AS of_views FROM oracle.metric UNION ALL VALUES ('sessions', 'sessions', NULL, false), ('new_viewers', 'new_viewers', NULL, false);
-- Means and scores are of days with views; rates are tested by their parts, and need no days.
CREATE TABLE oracle.period_plain (metric text, creator_id bigint, n int, part bigint[], views bigint[], value float8[], days bigint[], mean float8[], variance float8[]);
SELECT format($$INSERT INTO oracle.period_plain SELECT %L, creator_id, n, array_agg(part ORDER BY period), array_agg(views ORDER BY period), array_agg(value ORDER BY period), array_agg(days ORDER BY period), array_agg(mean ORDER BY period), array_agg(variance ORDER BY period)
  FROM (SELECT creator_id, n, period, max(%s) FILTER (WHERE day IS NULL) AS part, max(views) FILTER (WHERE day IS NULL) AS views, max(%s) FILTER (WHERE day IS NULL) AS value,
          count(*) FILTER (WHERE %4$s) AS days, avg(%3$s) FILTER (WHERE %4$s) AS mean, var_samp(%3$s) FILTER (WHERE %4$s) AS variance FROM oracle.day_count GROUP BY 1, 2, 3) p GROUP BY 2, 3$$,
  metric, coalesce(part, 'NULL::bigint'), '(' || expression || ')::float8', 'day IS NOT NULL' || CASE WHEN of_views THEN ' AND views > 0' ELSE '' END) FROM oracle.period_metric \gexec
CREATE TABLE oracle.period_answer AS SELECT m.metric, c.creator_id, s.n, a.* FROM oracle.period_metric m, oracle.asker c, oracle.span s, compare_periods(m.metric, s.s, s.e, c.creator_id) a;
SELECT oracle.near('compare_periods: now, before, the difference', $$SELECT format('%s %s %s', metric, creator_id, n), ARRAY[current_value, previous_value, delta_percent] FROM oracle.period_answer$$,
  $$SELECT format('%s %s %s', metric, creator_id, n), ARRAY[value[2], value[1], 100 * (value[2] - value[1]) / nullif(value[1], 0)], value[2] FROM oracle.period_plain$$);
SELECT oracle.near('compare_periods: p of rates, by two proportions', $$SELECT format('%s %s %s', metric, creator_id, n), ARRAY[p_value] FROM oracle.period_answer JOIN oracle.period_metric m USING (metric) WHERE m.part IS NOT NULL$$,
  $$SELECT format('%s %s %s', metric, creator_id, n), ARRAY[CASE WHEN part[1] <= views[1] AND part[2] <= views[2] AND views[1] > 0 AND views[2] > 0 AND part[1] + part[2] BETWEEN 1 AND views[1] + views[2] - 1 THEN
      oracle.normal_tail((part[2]::float8 / views[2] - part[1]::float8 / views[1]) / sqrt(p * (1 - p) * (1.0 / views[1] + 1.0 / views[2]))) END]
    FROM oracle.period_plain, LATERAL (SELECT (part[1] + part[2])::float8 / nullif(views[1] + views[2], 0) AS p) k WHERE part[1] IS NOT NULL$$);
SELECT oracle.near('compare_periods: p of all else, by Welch''s test of days', $$SELECT format('%s %s %s', metric, creator_id, n), ARRAY[p_value] FROM oracle.period_answer JOIN oracle.period_metric m USING (metric) WHERE m.part IS NULL$$,
  $$SELECT format('%s %s %s', metric, creator_id, n), ARRAY[w.p_value] FROM oracle.period_plain, welch_test(days[1], mean[1], coalesce(variance[1], 0), days[2], mean[2], coalesce(variance[2], 0)) w WHERE part[1] IS NULL$$);
SELECT oracle.holds('some differ, some do not, and of some nothing can be said', count(*) FILTER (WHERE p_value < 0.01) > 10 AND count(*) FILTER (WHERE p_value > 0.1) > 10 AND count(*) FILTER (WHERE p_value IS NULL AND current_value > 0) > 10) FROM oracle.period_answer;
-- Welch's test, once without welch_test(): t, degrees of freedom, and the tail where these are whole.
SELECT oracle.holds('its degrees of freedom and its tail', count(*) = 5 AND bool_and(oracle.is_near(w.t, k.wanted) AND oracle.is_near(w.df, k.freedom) AND oracle.is_near(w.p_value, oracle.t_tail(k.wanted, round(k.freedom)::int))))
FROM (SELECT n, v, (10 - 11.5::float8) / sqrt((4 + v) / n) AS wanted, (4 + v) ^ 2 / ((16 + v ^ 2) / (n - 1)) AS freedom FROM (VALUES (5, 4::float8), (9, 4), (30, 4), (3, 0), (12, 0)) x(n, v)) k, welch_test(n, 11.5, 4, n, 10, v) w;
