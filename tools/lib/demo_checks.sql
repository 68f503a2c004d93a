-- Every number shown, against the plain SQL over the raw table.
\pset tuples_only on
\pset format unaligned
\pset fieldsep '|'
CREATE TEMP VIEW plain_event AS
SELECT e.content_id, c.creator_id, e.session_id, e.created_at, e.watch_time_ms::bigint AS ms,
       coalesce(e.user_id, -e.session_id) AS viewer,
       e.engagement_type = 'view' AS is_view, e.engagement_type = 'save' AS is_save,
       e.engagement_type = 'share' AS is_share, e.engagement_type = 'click' AS is_click,
       e.engagement_type = 'skip' AS is_skip,
       (e.engagement_type = 'view' AND e.completed) OR e.engagement_type = 'complete' AS is_completion
FROM explore_engagements e LEFT JOIN explore_content c ON c.id = e.content_id;

CREATE TEMP TABLE checked (n int GENERATED ALWAYS AS IDENTITY, what text, answer float8, plain float8);

-- The platform, everything.
WITH f AS (SELECT views(s), unique_viewers(s), completions(s), total_engagements(s), total_watch_time(s)
           FROM platform_summary(NULL, NULL) s),
p AS (SELECT count(*) FILTER (WHERE is_view) AS views,
             count(DISTINCT viewer) FILTER (WHERE is_view) AS viewers,
             count(*) FILTER (WHERE is_completion) AS completions,
             count(*) FILTER (WHERE is_save OR is_share OR is_click) AS engagements,
             sum(ms) / 1000.0 AS seconds FROM plain_event)
INSERT INTO checked (what, answer, plain)
SELECT 'platform, all time: ' || k.what, k.answer, k.plain FROM f, p, LATERAL (VALUES
  ('views', f.views::float8, p.views::float8), ('unique viewers', f.unique_viewers, p.viewers),
  ('completions', f.completions, p.completions), ('saves, shares, clicks', f.total_engagements, p.engagements),
  ('seconds watched', f.total_watch_time, p.seconds)) AS k (what, answer, plain);

-- The platform, this week.
WITH f AS (SELECT * FROM aggregated_metrics('week', NULL, demo.as_of())),
p AS (SELECT count(*) FILTER (WHERE is_view) AS views,
             count(DISTINCT viewer) FILTER (WHERE is_view) AS viewers,
             count(*) FILTER (WHERE is_save OR is_share OR is_click) AS engagements,
             sum(ms) / 1000.0 AS seconds
      FROM plain_event WHERE created_at >= demo.as_of() - interval '7 days' AND created_at < demo.as_of()),
s AS (SELECT count(*) AS sessions, avg(extract(epoch FROM session_end - session_start)) AS duration
      FROM explore_feed_sessions
      WHERE session_start >= demo.as_of() - interval '7 days' AND session_start < demo.as_of())
INSERT INTO checked (what, answer, plain)
SELECT 'platform, week: ' || k.what, k.answer, k.plain FROM f, p, s, LATERAL (VALUES
  ('views', f.total_views::float8, p.views::float8), ('unique viewers', f.total_unique_viewers, p.viewers),
  ('saves, shares, clicks', f.total_engagements, p.engagements), ('seconds watched', f.total_watch_time, p.seconds),
  ('sessions', f.total_sessions, s.sessions),
  ('mean session, seconds', f.average_session_duration, s.duration)) AS k (what, answer, plain);

-- The video.
WITH f AS (SELECT * FROM video_analytics(demo.recall('video')::bigint)),
p AS (SELECT count(*) FILTER (WHERE is_view) AS views,
             count(DISTINCT viewer) FILTER (WHERE is_view) AS viewers,
             count(*) FILTER (WHERE is_completion) AS completions,
             count(*) FILTER (WHERE is_save) AS saves, count(*) FILTER (WHERE is_share) AS shares,
             count(*) FILTER (WHERE is_click) AS clicks, count(*) FILTER (WHERE is_skip) AS skips,
             sum(ms) / 1000.0 AS seconds
      FROM plain_event JOIN explore_discovery_videos v USING (content_id)
      WHERE v.id = demo.recall('video')::bigint)
INSERT INTO checked (what, answer, plain)
SELECT 'video ' || demo.recall('video') || ': ' || k.what, k.answer, k.plain FROM f, p, LATERAL (VALUES
  ('views', f.total_views::float8, p.views::float8), ('unique viewers', f.unique_viewers, p.viewers),
  ('seconds watched', f.total_watch_time, p.seconds), ('completion rate', f.completion_rate, 100.0 * p.completions / p.views),
  ('engagement rate', f.engagement_rate, 100.0 * (p.saves + p.shares + p.clicks) / p.views),
  ('skips', f.skips, p.skips),
  ('engagement score', f.average_engagement_score, least(100, greatest(0, (40 * p.completions + 30 * p.saves
     + 20 * p.shares + 10 * p.clicks - 20 * p.skips)::float8 / p.views)))) AS k (what, answer, plain);

-- The creator.
WITH f AS (SELECT * FROM creator_analytics(demo.recall('creator')::bigint)),
p AS (SELECT count(*) FILTER (WHERE is_view) AS views,
             count(DISTINCT viewer) FILTER (WHERE is_view) AS viewers,
             count(*) FILTER (WHERE is_completion) AS completions,
             count(*) FILTER (WHERE is_save) AS saves, sum(ms) / 1000.0 AS seconds
      FROM plain_event WHERE creator_id = demo.recall('creator')::bigint)
INSERT INTO checked (what, answer, plain)
SELECT 'creator ' || demo.recall('creator') || ': ' || k.what, k.answer, k.plain FROM f, p, LATERAL (VALUES
  ('videos', f.total_videos::float8, (SELECT count(*) FROM explore_content WHERE creator_id = demo.recall('creator')::bigint)),
  ('views', f.total_views, p.views), ('unique viewers', f.unique_viewers, p.viewers), ('saves', f.total_saves, p.saves),
  ('seconds watched', f.total_watch_time, p.seconds),
  ('completion rate', f.average_completion_rate, 100.0 * p.completions / p.views)) AS k (what, answer, plain);

-- The daily series of the creator adds up.
INSERT INTO checked (what, answer, plain)
SELECT 'creator ' || demo.recall('creator') || ': views day by day, summed', (
  SELECT sum(value) FROM metric_series('views', demo.first_day(), demo.as_of(), 'day', 'UTC',
                                       creator_id => demo.recall('creator')::bigint)),
  (SELECT count(*) FROM plain_event WHERE is_view AND creator_id = demo.recall('creator')::bigint
     AND created_at >= demo.first_day() AND created_at < demo.as_of());

-- The forecast: what it was made from, day by day; the naive ones by hand, with their bounds; and the one that was shown by
-- forecast() of the plain days.
SET client_min_messages = warning;
CREATE TEMP TABLE plain_day AS
SELECT row_number() OVER (ORDER BY d.day) AS n, d.day, count(e.created_at)::float8 AS views
FROM generate_series(demo.first_midnight(), demo.last_midnight() - interval '1 day', interval '1 day') d (day)
LEFT JOIN plain_event e ON e.is_view AND e.creator_id = demo.recall('creator')::bigint AND e.created_at >= d.day AND e.created_at < d.day + interval '1 day'
GROUP BY d.day;
CREATE TEMP VIEW our_day AS
SELECT bucket_start AS day, value AS views FROM metric_series('views', least(demo.first_midnight(), demo.last_midnight()), demo.last_midnight(),
                                                              creator_id => demo.recall('creator')::bigint);
INSERT INTO checked (what, answer, plain)
SELECT 'whole days before the forecast', (SELECT n FROM demo.trend), (SELECT count(*) FROM plain_day)
UNION ALL
SELECT 'views a day: days in ours that plain SQL has not', (SELECT count(*) FROM (TABLE our_day EXCEPT ALL SELECT day, views FROM plain_day) d), 0
UNION ALL
SELECT 'views a day: days of plain SQL that ours has not', (SELECT count(*) FROM (SELECT day, views FROM plain_day EXCEPT ALL TABLE our_day) d), 0;

-- With m days to a season: the value of m days before, and the root of the mean square of such steps for each season ahead.
WITH method (name, m) AS (SELECT 'naive', 1 UNION ALL SELECT 'seasonal_naive', CASE WHEN count(*) < 7 THEN 1 ELSE 7 END FROM plain_day),
step AS (SELECT name, m, h, (SELECT views FROM plain_day WHERE n = (SELECT max(n) FROM plain_day) - m + 1 + (h - 1) % m) AS value,
                1.959963984540054 * sqrt((SELECT avg((b.views - a.views) ^ 2) FROM plain_day a JOIN plain_day b ON b.n = a.n + m) * ((h - 1) / m + 1)) AS half
         FROM method, generate_series(1, 14) h),
p AS (SELECT name, sum(value) AS value, sum(CASE WHEN half < value THEN value - half ELSE 0 * half END) AS lower, sum(value + half) AS upper FROM step GROUP BY name)
INSERT INTO checked (what, answer, plain)
SELECT format('forecast %s, 14 days: %s', p.name, k.what), k.answer, k.plain
FROM p, LATERAL (SELECT sum(forecast) AS value, sum(lower) AS lower, sum(upper) AS upper
                 FROM metric_forecast('views', demo.first_day(), demo.as_of(), method => p.name, creator_id => demo.recall('creator')::bigint)) f,
     LATERAL (VALUES ('views', f.value, p.value), ('lower bounds', f.lower, p.lower), ('upper bounds', f.upper, p.upper)) AS k (what, answer, plain);

INSERT INTO checked (what, answer, plain)
SELECT 'forecast shown, 14 days: ' || k.what, k.answer, k.plain
FROM (SELECT sum(forecast) AS value, sum(lower) AS lower, sum(upper) AS upper FROM demo.forecast) f,
     (SELECT sum(greatest(forecast, 0)) AS value, sum(CASE WHEN lower < 0 THEN 0 ELSE lower END) AS lower, sum(CASE WHEN upper < 0 THEN 0 ELSE upper END) AS upper
      FROM (SELECT array_agg(views ORDER BY n) AS views FROM plain_day) d, forecast(d.views, 14, season => 7)) p,
     LATERAL (VALUES ('views', f.value, p.value), ('lower bounds', f.lower, p.lower), ('upper bounds', f.upper, p.upper)) AS k (what, answer, plain);

-- How far the video is watched: a view that lasts w covers the seconds up to w.
WITH v AS (SELECT content_id, duration_ms::float8 AS ms FROM explore_discovery_videos WHERE id = demo.recall('video')::bigint),
p AS (SELECT b.bin, avg(least(greatest(least(e.ms, v.ms) - (b.bin - 1) * v.ms / 60, 0), v.ms / 60) / (v.ms / 60)) AS ratio
      FROM v JOIN plain_event e ON e.content_id = v.content_id AND e.is_view AND e.created_at < demo.as_of(), generate_series(1, 60) b (bin) GROUP BY b.bin)
INSERT INTO checked (what, answer, plain)
SELECT format('video %s: ', demo.recall('video')) || k.what, k.answer, k.plain
FROM (SELECT sum(c.audience_watch_ratio) AS ours, sum(p.ratio) AS plain, max(abs(c.audience_watch_ratio - p.ratio)) AS most FROM demo.curve c JOIN p USING (bin)) d,
     LATERAL (VALUES ('share watched, sum of 60 parts', d.ours, d.plain), ('parts that differ by a millionth', (d.most > 1e-6)::int::float8, 0)) AS k (what, answer, plain);

-- Who watches the creator. A group that is not shown is in "(other)".
WITH p AS (
  SELECT coalesce(a.age_group, 'unknown') AS value, count(DISTINCT e.viewer) AS viewers
  FROM plain_event e LEFT JOIN explore_viewers w ON w.user_id = e.viewer
  CROSS JOIN LATERAL (SELECT extract(year FROM demo.as_of() AT TIME ZONE 'UTC') - w.birth_year AS age) y
  CROSS JOIN LATERAL (SELECT (ARRAY['under 13', '13-17', '18-24', '25-34', '35-44', '45-54', '55-64', '65+'])[width_bucket(y.age, ARRAY[13, 18, 25, 35, 45, 55, 65]::numeric[]) + 1] AS age_group) a
  WHERE e.is_view AND e.creator_id = demo.recall('creator')::bigint AND e.created_at < demo.as_of() GROUP BY 1)
INSERT INTO checked (what, answer, plain)
SELECT format('creator %s: viewers of age %s', demo.recall('creator'), a.value), a.viewers,
       CASE WHEN a.value = '(other)' THEN (SELECT sum(viewers) FROM p WHERE p.value NOT IN (SELECT value FROM demo.audience)) ELSE (SELECT viewers FROM p WHERE p.value = a.value) END
FROM demo.audience a;

-- The funnel: of each save the latest view before it, of each click the latest of those of the saves before it.
WITH event AS (
  SELECT viewer, e.created_at, e.id, engagement_type AS type FROM explore_engagements e JOIN explore_content c ON c.id = e.content_id, LATERAL (SELECT coalesce(e.user_id, -e.session_id) AS viewer) w
  WHERE c.creator_id = demo.recall('creator')::bigint AND engagement_type IN ('view', 'click', 'save') AND viewer IS NOT NULL
    AND e.created_at >= demo.first_day() AND e.created_at <= demo.as_of() + interval '24 hours'),
started AS (
  SELECT *, max(created_at) FILTER (WHERE type = 'view' AND created_at < demo.as_of()) OVER before AS view_at FROM event
  WINDOW before AS (PARTITION BY viewer ORDER BY created_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
saved AS (
  SELECT *, max(view_at) FILTER (WHERE type = 'save' AND created_at <= view_at + interval '24 hours') OVER before AS saved_view_at FROM started
  WINDOW before AS (PARTITION BY viewer ORDER BY created_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
p (step, viewers) AS (
  SELECT k.* FROM (
    SELECT count(DISTINCT viewer) FILTER (WHERE type = 'view' AND created_at < demo.as_of()) AS one,
      count(DISTINCT viewer) FILTER (WHERE type = 'save' AND created_at <= view_at + interval '24 hours') AS two,
      count(DISTINCT viewer) FILTER (WHERE type = 'click' AND created_at <= saved_view_at + interval '24 hours') AS three FROM saved) s,
    LATERAL (VALUES (1, one), (2, two), (3, three)) k)
INSERT INTO checked (what, answer, plain)
SELECT format('funnel, step %s (%s): viewers', f.step, f.name), f.viewers, p.viewers FROM demo.funnel f JOIN p USING (step);

-- Who comes back: each period over all weeks.
WITH active AS (
  SELECT viewer, date_trunc('week', created_at AT TIME ZONE 'UTC') AS week, min(created_at) AS at FROM plain_event WHERE is_view AND viewer IS NOT NULL AND created_at < demo.as_of() GROUP BY 1, 2),
newcomer AS (SELECT viewer, min(week) AS week FROM active GROUP BY viewer HAVING min(at) >= demo.first_day()),
p AS (
  SELECT (a.week::date - n.week::date) / 7 AS period, count(*) AS retained FROM newcomer n JOIN active a USING (viewer)
  WHERE a.week + interval '7 days' <= demo.as_of() AT TIME ZONE 'UTC' GROUP BY 1)
INSERT INTO checked (what, answer, plain)
SELECT format('retention: viewers back after %s weeks', r.period), r.retained, coalesce((SELECT p.retained FROM p WHERE p.period = r.period), 0)
FROM (SELECT period, sum(retained) AS retained FROM demo.retention WHERE period > 0 GROUP BY period HAVING sum(retained) IS NOT NULL) r ORDER BY r.period;

-- The trend, by all pairs of days.
WITH pair AS (SELECT (b.views - a.views) / (b.n - a.n) AS slope, sign(b.views - a.views) AS sign FROM plain_day a JOIN plain_day b ON b.n > a.n),
ties AS (SELECT sum(t * (t - 1) * (2 * t + 5)) AS ties, sum(t) AS n FROM (SELECT count(*) AS t FROM plain_day GROUP BY views) g),
p AS (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY slope) AS slope, sum(sign) AS s FROM pair)
INSERT INTO checked (what, answer, plain)
SELECT 'trend: ' || k.what, k.answer, k.plain
FROM demo.trend t, p, ties, LATERAL (VALUES ('median slope of all pairs of days', t.sen_slope, p.slope),
  ('Mann-Kendall z', t.mk_z, (p.s - sign(p.s)) / sqrt(nullif((ties.n * (ties.n - 1) * (2 * ties.n + 5) - ties.ties)::float8 / 18, 0)))) AS k (what, answer, plain);

-- The video among others.
WITH rate AS (
  SELECT v.id, c.creator_id, c.category, 100.0::float8 * count(*) FILTER (WHERE e.is_completion) / count(*) FILTER (WHERE e.is_view) AS rate
  FROM explore_discovery_videos v JOIN explore_content c ON c.id = v.content_id JOIN plain_event e ON e.content_id = c.id
  WHERE e.created_at >= demo.last_midnight() - interval '30 days' AND e.created_at < demo.last_midnight()
  GROUP BY v.id, c.creator_id, c.category HAVING count(*) FILTER (WHERE e.is_view) > 0),
f AS (SELECT * FROM compare_video(demo.recall('video')::bigint, demo.last_midnight() - interval '30 days', demo.last_midnight(), demo.recall('baseline'))
      WHERE metric = 'completion_rate'),
p AS (SELECT me.rate, count(*) AS peers, percentile_cont(0.5) WITHIN GROUP (ORDER BY o.rate) AS median,
             50.0 * (count(*) FILTER (WHERE o.rate < me.rate) + count(*) FILTER (WHERE o.rate <= me.rate)) / count(*) AS percentile
      FROM rate me JOIN rate o ON o.id <> me.id AND CASE demo.recall('baseline') WHEN 'category' THEN o.category = me.category
                                                        WHEN 'creator' THEN o.creator_id = me.creator_id ELSE true END
      WHERE me.id = demo.recall('video')::bigint GROUP BY me.rate)
INSERT INTO checked (what, answer, plain)
SELECT format('video %s among others: %s', demo.recall('video'), k.what), k.answer, k.plain
FROM f, p, LATERAL (VALUES ('peers', f.peers::float8, p.peers::float8), ('completion rate', f.value, p.rate),
  ('median of theirs', f.baseline_median, p.median), ('percentile', f.percentile, p.percentile)) AS k (what, answer, plain)
WHERE demo.recall('baseline') IS NOT NULL;

-- The top ten, both directions.
CREATE TEMP VIEW plain_top AS
SELECT row_number() OVER (ORDER BY score DESC, views DESC, content_id) AS rank, content_id, score, views FROM (
  SELECT content_id, least(100, greatest(0, (40 * count(*) FILTER (WHERE is_completion)
           + 30 * count(*) FILTER (WHERE is_save) + 20 * count(*) FILTER (WHERE is_share)
           + 10 * count(*) FILTER (WHERE is_click) - 20 * count(*) FILTER (WHERE is_skip))::float8
           / count(*) FILTER (WHERE is_view))) AS score,
         count(*) FILTER (WHERE is_view) AS views
  FROM plain_event
  WHERE creator_id IS NOT NULL AND created_at >= demo.as_of() - interval '30 days' AND created_at < demo.as_of()
  GROUP BY content_id HAVING count(*) FILTER (WHERE is_view) >= demo.recall('min_views')::bigint) AS scored
ORDER BY rank LIMIT 10;
CREATE TEMP VIEW our_top AS
SELECT rank::bigint, content_id, value AS score, views
FROM top_videos('engagement_score', demo.as_of() - interval '30 days', demo.as_of(), n => 10, min_views => demo.recall('min_views')::bigint);
INSERT INTO checked (what, answer, plain)
SELECT 'top ten: rows in ours that plain SQL has not',
       (SELECT count(*) FROM (TABLE our_top EXCEPT ALL TABLE plain_top) d), 0
UNION ALL
SELECT 'top ten: rows of plain SQL that ours has not',
       (SELECT count(*) FROM (TABLE plain_top EXCEPT ALL TABLE our_top) d), 0;

-- What was sent, what was stored, and what the job wrote back.
INSERT INTO checked (what, answer, plain)
SELECT 'requests: events recorded', (SELECT coalesce(sum(recorded), 0) FROM demo.answers),
       (SELECT count(*) FROM explore_engagements) - demo.recall('loaded')::bigint
UNION ALL
SELECT 'requests: recorded + duplicates + refused', coalesce(sum(recorded + duplicates + rejected), 0), coalesce(sum(received), 0)
FROM demo.answers
UNION ALL
SELECT 'event ids: distinct among stored', count(DISTINCT event_id), count(event_id)
FROM explore_engagements WHERE id > demo.recall('last_loaded')::bigint
UNION ALL
SELECT 'stored scores that differ from plain SQL', count(*), 0
FROM explore_content c LEFT JOIN (
  SELECT content_id, count(*) FILTER (WHERE is_view) AS views,
         coalesce(least(100, greatest(0, (40 * count(*) FILTER (WHERE is_completion)
           + 30 * count(*) FILTER (WHERE is_save) + 20 * count(*) FILTER (WHERE is_share)
           + 10 * count(*) FILTER (WHERE is_click) - 20 * count(*) FILTER (WHERE is_skip))::float8
           / nullif(count(*) FILTER (WHERE is_view), 0))), 0) AS score
  FROM plain_event GROUP BY content_id) p ON p.content_id = c.id
WHERE c.view_count <> coalesce(p.views, 0) OR c.engagement_score <> coalesce(p.score, 0);

\ir demo_checks_experiments.sql
\ir demo_checks_boost.sql

-- Counts are equal; seconds and rates to the twelfth digit.
SELECT format('  %s%s%s   %s', rpad(what, 50),
              lpad(demo.num(answer, CASE WHEN answer = trunc(answer) AND plain = trunc(plain) THEN 0 ELSE 3 END), 16),
              lpad(demo.num(plain, CASE WHEN answer = trunc(answer) AND plain = trunc(plain) THEN 0 ELSE 3 END), 16),
              CASE WHEN coalesce(abs(answer - plain) <= 1e-12 * greatest(abs(plain), 1),
                                 answer IS NOT DISTINCT FROM plain) THEN 'ok' ELSE 'MISMATCH' END)
FROM checked ORDER BY n;
