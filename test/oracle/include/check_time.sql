-- The last minutes, who is there, what is trending.
-- ---------------------------------------------------------------------------------------------------
CREATE TABLE oracle.moment (at timestamptz, odd boolean);
-- In the minute of many events, on its ends, on borders of ranges, partitions and days, before and after everything.
INSERT INTO oracle.moment VALUES ('2025-10-10 10:10:30.5+00', true), ('2025-10-10 10:11:00+00', false), ('2025-10-10 10:10:00.000001+00', true), ('2025-10-05 12:00:00+00', false), ('2025-10-05 12:00:00.000001+00', true),
  ('2025-10-20 23:59:59.123456+00', true), ('2025-10-21 00:00:00+00', false), ('2025-11-01 00:00:00+00', false), ('2025-11-15 00:00:00+00', false), ('2025-11-15 00:00:00.000001+00', true),
  ('2025-11-16 07:08:09.101112+00', true), ('2025-12-05 12:34:56.789+00', true), ('2000-01-01 00:00:30+00', true), ('2031-06-01 00:00:00+00', false);
CREATE TABLE oracle.watched (n int GENERATED ALWAYS AS IDENTITY, content_id bigint, creator_id bigint);
INSERT INTO oracle.watched (content_id, creator_id) VALUES (NULL, NULL), (NULL, 1), (NULL, 55), (NULL, 66), (NULL, 9007199254740993), (NULL, 999), (1, NULL), (3, NULL), (17, NULL), (600, NULL), (602, NULL), (622, NULL), (624, NULL), (5003, NULL), (4242, NULL);
CREATE TABLE oracle.live_case AS
SELECT row_number() OVER () AS n, w.n AS scope, w.content_id, w.creator_id, m.at, minutes, date_trunc('minute', m.at - interval '1 microsecond') - (minutes - 1) * interval '1 minute' AS since
FROM oracle.watched w, oracle.moment m, unnest(ARRAY[1, 5, 60, 1440]) minutes
WHERE minutes < 1440 OR (w.n IN (1, 2, 10) AND m.at IN ('2025-10-10 10:11:00+00', '2025-11-15 00:00:00.000001+00') AND (:every = 1 OR w.n = 10));
CREATE TABLE oracle.live_event AS
SELECT k.n, date_trunc('minute', e.at) AS minute, e.viewer, e.is_view, e.ms
FROM oracle.live_case k JOIN oracle.event e ON e.at >= k.since AND e.at < k.at
  AND CASE WHEN k.content_id IS NOT NULL THEN e.content_id = k.content_id AND e.creator_id IS NOT NULL WHEN k.creator_id IS NOT NULL THEN e.creator_id = k.creator_id ELSE true END;
SELECT oracle.holds('the last minutes hold events: ' || count(*), count(*) > 3000 / :every AND count(DISTINCT n) > 60) FROM oracle.live_event;
SELECT oracle.same('live_metrics of the platform, creators and contents, 1 to 1440 minutes, in their order',
  $$SELECT k.n, a.* FROM oracle.live_case k, live_metrics(k.minutes, k.creator_id, k.content_id, k.at) WITH ORDINALITY a$$,
  $$SELECT n, minute, count(e.minute) FILTER (WHERE is_view), count(DISTINCT viewer) FILTER (WHERE is_view), coalesce(sum(ms), 0)::float8 / 1000, row_number() OVER (PARTITION BY n ORDER BY minute)
    FROM (SELECT k.n, k.since + g * interval '1 minute' AS minute FROM oracle.live_case k, generate_series(0, k.minutes - 1) g) m LEFT JOIN oracle.live_event e USING (n, minute) GROUP BY n, minute$$);

CREATE TABLE oracle.present_case AS
SELECT row_number() OVER () AS n, w.content_id, m.at, within, m.at - make_interval(secs => seconds) AS since
FROM oracle.watched w, oracle.moment m, (VALUES (interval '1 microsecond', 0.000001), ('00:05', 300), ('1 hour', 3600), ('1 day 02:03:04.000005', 93784.000005), ('1 month', 2592000), ('1 year 2 months -1 day', 36655200)) l(within, seconds)
WHERE w.creator_id IS NULL;
SELECT oracle.same('concurrent_viewers of the platform and of contents, from a microsecond to a year',
  $$SELECT n, concurrent_viewers(content_id, within, at) FROM oracle.present_case$$,
  $$SELECT k.n, (SELECT count(DISTINCT e.viewer) FROM oracle.event e WHERE e.is_view AND e.at >= k.since AND e.at < k.at AND (k.content_id IS NULL OR e.content_id = k.content_id AND e.creator_id IS NOT NULL)) FROM oracle.present_case k$$);

-- ---------------------------------------------------------------------------------------------------
-- Trending. Scores agree to a billionth of all that went in; equal events make equal scores, wherever they lie.
-- ---------------------------------------------------------------------------------------------------
CREATE TABLE oracle.trend_case AS
SELECT row_number() OVER () AS n, x.*, at - seconds * interval '1 second' AS since
FROM (SELECT m.at, l.* FROM oracle.moment m, (VALUES (interval '24 hours', 86400::numeric, interval '6 hours', 21600::numeric, 20), ('3 days 02:03:04.000005', 266584.000005, '1 day 12:00', 129600, 1000), ('00:00:00.000001', 0.000001, '00:00:01', 1, 10)) l(within, seconds, half_life, half_seconds, rows)
      WHERE m.at > '2000-01-01 00:01+00'
      UNION ALL SELECT at, w, s, h, hs, rows FROM (VALUES
        -- Everything there is; half a year; half-lives of a microsecond and of a year; the horizon of the retained state, and a microsecond before it.
        (timestamptz '2031-06-01 00:00+00', interval '100 years', 3155760000::numeric, interval '1 year', 31557600::numeric, 3000), ('2025-12-29 00:00+00', '6 months', 15552000, '30 days', 2592000, 3000), ('2025-12-29 00:00+00', '1 month -1 day', 2505600, '1 hour', 3600, 3000),
        ('2025-11-15 00:00:00.000002+00', '00:00:00.000005', 0.000005, '00:00:00.000001', 0.000001, 10), ('2025-11-16 00:00+00', '1 day', 86400, '10 days', 864000, 500), ('2025-11-16 00:00+00', '1 day', 86400, '10 days', 864000, 1),
        ('2025-11-02 00:00+00', '1 day', 86400, '6 hours', 21600, 500), ('2025-11-02 00:00+00', '24:00:00.000001', 86400.000001, '6 hours', 21600, 500), ('2025-10-06 00:00+00', '1 day', 86400, '06:00', 21600, 500)) v(at, w, s, h, hs, rows)) x;
CREATE TABLE oracle.weight (kind text, weight int);
INSERT INTO oracle.weight VALUES ('view', 1), ('complete', 2), ('save', 3), ('share', 4), ('click', 3), ('skip', -1);
CREATE TABLE oracle.trending AS
SELECT n, content_id, score, size, row_number() OVER (PARTITION BY n ORDER BY score DESC, content_id) AS rank
FROM (SELECT k.n, e.content_id, sum(d.part ORDER BY e.at, d.part) AS score, sum(abs(d.part)) AS size
      FROM oracle.trend_case k JOIN oracle.event e ON e.at >= k.since AND e.at < k.at AND e.creator_id IS NOT NULL JOIN oracle.weight w USING (kind),
           LATERAL (SELECT extract(epoch FROM k.at) - extract(epoch FROM e.at) AS age) g,
           LATERAL (SELECT CASE WHEN age / half_seconds < 1000 THEN weight * power(2::float8, -(age / half_seconds)::float8) ELSE 0 END AS part) d GROUP BY 1, 2) s;
SELECT oracle.holds('of contents that trend some are below 0, some equal, some as low as decay goes',
  count(*) FILTER (WHERE score < 0) > 5 AND count(*) FILTER (WHERE same > 1) > 10 AND count(*) FILTER (WHERE size BETWEEN 1e-300 AND 1e-60) > 5) FROM (SELECT *, count(*) OVER (PARTITION BY n, score) AS same FROM oracle.trending) t;
SELECT oracle.holds('some contents have events that are not scored, and some events no content', count(*) FILTER (WHERE e.creator_id IS NOT NULL AND NOT EXISTS (SELECT FROM oracle.trending t WHERE t.n = k.n AND t.content_id = e.content_id)) > 5
  AND count(*) FILTER (WHERE e.creator_id IS NULL AND e.kind = 'view') > 5) FROM oracle.trend_case k JOIN oracle.event e ON e.at >= k.since AND e.at < k.at;
-- Where retention has dropped raw events, rollups have each with its time.
CREATE TABLE oracle.trending_answer AS SELECT k.n, a.* FROM oracle.trend_case k, trending_content(k.within, k.half_life, k.rows, k.at) a;
SELECT oracle.near('trending_content, of a microsecond, a day, all time: rank, content, title, score',
  $$SELECT format('%s %s %s %s', n, rank, content_id, title), ARRAY[score] FROM oracle.trending_answer$$,
  $$SELECT format('%s %s %s %s', t.n, t.rank, t.content_id, c.title), ARRAY[t.score], 100 * t.size FROM oracle.trending t JOIN oracle.trend_case k USING (n) JOIN explore_content c ON c.id = t.content_id WHERE t.rank <= k.rows$$);
-- With the defaults, now, and rows of this transaction and of tomorrow.
BEGIN;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
SELECT 1 + n % 30, 700000 + n % 50, (ARRAY['view', 'save', 'skip', 'impression', 'share'])[1 + n % 5]::engagement_type, n, now() - (n - 100) * interval '3 minutes' FROM generate_series(0, 900) n;
SELECT oracle.same('live_metrics now', $$SELECT * FROM live_metrics()$$,
  $$SELECT m, count(id) FILTER (WHERE engagement_type = 'view'), count(DISTINCT user_id) FILTER (WHERE engagement_type = 'view'), coalesce(sum(watch_time_ms), 0)::float8 / 1000
    FROM generate_series(date_trunc('minute', now()) - interval '59 minutes', date_trunc('minute', now()), interval '1 minute') m LEFT JOIN oracle.raw e ON e.created_at >= m AND e.created_at < m + interval '1 minute' AND e.created_at <= now() GROUP BY m$$);
SELECT oracle.same('concurrent_viewers now, without an upper bound', $$SELECT c.id, concurrent_viewers(c.id), concurrent_viewers(c.id, '2 hours') FROM (VALUES (NULL::bigint), (6)) c(id)$$,
  $$SELECT c.id, (SELECT count(DISTINCT coalesce(user_id, -session_id)) FROM oracle.raw WHERE engagement_type = 'view' AND created_at >= now() - interval '5 minutes' AND (c.id IS NULL OR content_id = c.id)),
      (SELECT count(DISTINCT coalesce(user_id, -session_id)) FROM oracle.raw WHERE engagement_type = 'view' AND created_at >= now() - interval '2 hours' AND (c.id IS NULL OR content_id = c.id)) FROM (VALUES (NULL::bigint), (6)) c(id)$$);
SELECT oracle.near('trending_content now', $$SELECT rank || ' ' || content_id, ARRAY[score] FROM trending_content()$$,
  $$SELECT row_number() OVER (ORDER BY score DESC, content_id) || ' ' || content_id, ARRAY[score], size * 100 FROM (SELECT content_id, sum(part) AS score, sum(abs(part)) AS size FROM oracle.raw e JOIN oracle.weight w ON w.kind = e.engagement_type::text,
      LATERAL (SELECT weight * power(2::float8, -extract(epoch FROM now() - created_at)::float8 / 21600) AS part) p
      WHERE created_at >= now() - interval '24 hours' AND created_at <= now() GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20) t$$);
ROLLBACK;
