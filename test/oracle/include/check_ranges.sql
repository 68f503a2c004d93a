-- Random ranges of every length, a microsecond to years, from and to events, open ones, and local days of
-- zones with odd offsets; and the laws of ranges: parts make the whole, wherever one cuts.
CREATE INDEX ON oracle.event (content_id, at);
CREATE INDEX ON oracle.event (creator_id, at);
CREATE INDEX ON oracle.event (at);
ANALYZE oracle.event;

CREATE TABLE oracle.asked AS
SELECT 'content' AS scope, id, n FROM (SELECT id FROM explore_content WHERE id >= 600 OR id IN (1, 2, 3, 17, 60, 200) UNION ALL VALUES (5000), (4242)) c, generate_series(1, 24 / :every) n
UNION ALL SELECT 'creator', id, n FROM (SELECT DISTINCT creator_id AS id FROM explore_content WHERE creator_id < 20 OR creator_id > 9000000000 OR creator_id IN (55, 66, 601, 605, 612)) c, generate_series(1, 16 / :every) n
UNION ALL SELECT 'platform', 0, n FROM generate_series(1, 70) n;
-- A range begins at one of the scope's events, or a bit before it; its length is anything.
CREATE TABLE oracle.ask AS
SELECT row_number() OVER () AS ask, scope, id, CASE WHEN open NOT BETWEEN 0.05 AND 0.12 THEN least(s, e) END AS s, CASE WHEN open > 0.07 THEN greatest(s, e) END AS e
FROM (SELECT *, CASE WHEN n % 3 = 0 THEN s + interval '1 microsecond' ELSE greatest(least(s, '294000-01-01'), '4713-12-01 BC') + length END AS e
      FROM (SELECT a.*, random() AS open, power(10, 14.5 * random()) * interval '1 microsecond' AS length,
                   CASE WHEN random() < 0.5 OR v.at < '1800-01-01' THEN v.at ELSE v.at - power(10, 13 * random()) * interval '1 microsecond' END AS s
            FROM (SELECT *, random() AS r FROM oracle.asked) a,
                 LATERAL (SELECT coalesce((SELECT max(at) FROM oracle.event e WHERE a.scope = 'content' AND e.content_id = a.id AND at <= t.at),
                                          (SELECT min(at) FROM oracle.event e WHERE a.scope = 'content' AND e.content_id = a.id), t.at) AS at
                          FROM (SELECT timestamptz '2025-09-18 00:00+00' + a.r * interval '103 days' AS at) t) v) x) y
UNION ALL
SELECT 1000000 + row_number() OVER (), scope, id, day AT TIME ZONE zone, (day + interval '1 day') AT TIME ZONE zone
FROM (VALUES ('content', 1), ('content', 600), ('content', 602), ('content', 621), ('content', 622), ('creator', 2), ('creator', 66), ('platform', 0)) a(scope, id),
     unnest(ARRAY['Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Lord_Howe']) zone,
     (SELECT timestamp '2025-10-03 00:00' + n * interval '1 day' AS day FROM generate_series(0, 3) n UNION ALL SELECT unnest(ARRAY['2025-10-10', '2025-10-20', '2025-10-21', '2000-01-01']::timestamp[])) d;
SELECT oracle.holds('ranges of ' || count(DISTINCT date_bin('1 day', timestamptz 'epoch' + least(e - s, interval '20000 days'), 'epoch')) || ' lengths, open ones, and single microseconds',
  count(*) > 1400 / :every AND count(*) FILTER (WHERE e - s = interval '1 microsecond') > 200 / :every AND count(*) FILTER (WHERE s IS NULL) > 30 / :every AND count(*) FILTER (WHERE e IS NULL) > 30 / :every AND bool_and(s <= e) IS NOT FALSE)
FROM oracle.ask;

CREATE TABLE oracle.told AS
SELECT q.ask, q.scope, q.id, q.s, q.e, n.*
FROM oracle.ask q, LATERAL (
  SELECT count(*) FILTER (WHERE is_view) AS views, count(DISTINCT viewer) FILTER (WHERE is_view) AS viewers, count(*) FILTER (WHERE is_view AND viewer IS NULL) AS unidentified,
         count(*) FILTER (WHERE is_completion) AS completions, count(*) FILTER (WHERE kind = 'save') AS saves, count(*) FILTER (WHERE kind = 'share') AS shares,
         count(*) FILTER (WHERE kind = 'click') AS clicks, count(*) FILTER (WHERE kind = 'skip') AS skips, count(*) FILTER (WHERE kind = 'impression') AS impressions,
         coalesce(sum(ms), 0)::float8 / 1000 AS seconds, (engagement_agg(kind::engagement_type, viewer, ms::int, completed))::text AS summary
  FROM (SELECT * FROM oracle.event v WHERE q.scope = 'content' AND v.content_id = q.id AND v.creator_id IS NOT NULL AND v.at >= coalesce(q.s, '-infinity') AND v.at < coalesce(q.e, 'infinity')
        UNION ALL SELECT * FROM oracle.event v WHERE q.scope = 'creator' AND v.creator_id = q.id AND v.at >= coalesce(q.s, '-infinity') AND v.at < coalesce(q.e, 'infinity')
        UNION ALL SELECT * FROM oracle.event v WHERE q.scope = 'platform' AND v.at >= coalesce(q.s, '-infinity') AND v.at < coalesce(q.e, 'infinity')) v) n;
SELECT oracle.holds('most of them hold events', count(*) FILTER (WHERE views > 0) > 600 / :every AND count(*) FILTER (WHERE views = 0) > 100 / :every) FROM oracle.told;
SELECT oracle.same('summaries of random ranges: contents, creators, the platform',
  $$SELECT ask, CASE scope WHEN 'content' THEN content_summary(id, s, e) WHEN 'creator' THEN creator_summary(id, s, e) ELSE platform_summary(s, e) END::text FROM oracle.ask$$,
  $$SELECT ask, summary FROM oracle.told$$);
SELECT oracle.same('video_analytics of random ranges',
  $$SELECT q.ask, a.total_views, a.unique_viewers, a.total_watch_time, a.completion_rate, a.completions, a.saves, a.shares, a.clicks, a.skips, a.average_engagement_score
    FROM oracle.ask q JOIN explore_discovery_videos v ON v.content_id = q.id, video_analytics(v.id, q.s, q.e) a WHERE q.scope = 'content'$$,
  $$SELECT q.ask, views, viewers, seconds, oracle.rate(completions, views), completions, saves, shares, clicks, skips, oracle.score(views, completions, saves, shares, clicks, skips)
    FROM oracle.told q JOIN explore_discovery_videos v ON v.content_id = q.id WHERE q.scope = 'content'$$);
SELECT oracle.same('creator_analytics of random ranges',
  $$SELECT q.ask, a.total_views, a.unique_viewers, a.total_watch_time, a.total_saves, a.total_shares, a.total_clicks FROM oracle.ask q, creator_analytics(q.id, q.s, q.e) a WHERE q.scope = 'creator'$$,
  $$SELECT ask, views, viewers, seconds, saves, shares, clicks FROM oracle.told WHERE scope = 'creator'$$);
SELECT oracle.same('accessors of the platform in random ranges',
  $$SELECT ask, views(p), unique_viewers(p), unidentified_views(p), completions(p), impressions(p), total_watch_time(p) FROM oracle.ask, platform_summary(s, e) p WHERE scope = 'platform'$$,
  $$SELECT ask, views, viewers, unidentified, completions, impressions, seconds FROM oracle.told WHERE scope = 'platform'$$);
SELECT oracle.same('many contents at once, in random ranges',
  $$SELECT q.ask, a.content_id, a.total_views, a.unique_viewers, a.total_watch_time, a.completions, a.skips FROM oracle.ask q, videos_analytics(NULL, q.s, q.e) a WHERE q.scope = 'platform' AND q.ask % 6 = 0$$,
  $$SELECT q.ask, v.content_id, n.* FROM oracle.ask q, explore_discovery_videos v, LATERAL (
      SELECT count(*) FILTER (WHERE is_view), count(DISTINCT viewer) FILTER (WHERE is_view), coalesce(sum(ms), 0)::float8 / 1000, count(*) FILTER (WHERE is_completion), count(*) FILTER (WHERE kind = 'skip')
      FROM oracle.event x WHERE x.content_id = v.content_id AND x.at >= coalesce(q.s, '-infinity') AND x.at < coalesce(q.e, 'infinity')) n
    WHERE q.scope = 'platform' AND q.ask % 6 = 0$$);
SELECT oracle.same('the hours of local days in odd zones, of contents with events on every border',
  $$SELECT z, c, d, m, a.* FROM unnest(ARRAY['Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Lord_Howe']) z, unnest(ARRAY[600, 602, 605, 608, 622]) c, unnest(ARRAY['2025-10-09', '2025-10-10', '2025-10-20', '1999-12-31']::timestamp[]) d,
      unnest(ARRAY['unique_viewers', 'total_watch_time']) m, metric_series(m, d AT TIME ZONE z, (d + interval '2 days') AT TIME ZONE z, 'hour', z, c) a$$,
  $$SELECT z, c, d, m, h, h + interval '1 hour', CASE m WHEN 'unique_viewers' THEN n.viewers ELSE n.seconds END
    FROM unnest(ARRAY['Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Lord_Howe']) z, unnest(ARRAY[600, 602, 605, 608, 622]) c, unnest(ARRAY['2025-10-09', '2025-10-10', '2025-10-20', '1999-12-31']::timestamp[]) d,
      unnest(ARRAY['unique_viewers', 'total_watch_time']) m, generate_series(d AT TIME ZONE z, (d + interval '2 days') AT TIME ZONE z - interval '1 hour', interval '1 hour') h,
      LATERAL (SELECT count(DISTINCT viewer) FILTER (WHERE is_view)::float8 AS viewers, coalesce(sum(ms), 0)::float8 / 1000 AS seconds FROM oracle.event e WHERE e.content_id = c AND e.at >= h AND e.at < h + interval '1 hour') n$$);

-- Sums over adjacent ranges are the sum over their union.
CREATE TABLE oracle.slice AS
SELECT lag(t) OVER (ORDER BY t) AS s, t AS e FROM (
  SELECT timestamptz '2025-02-20 00:00+00' + random() * interval '320 days' AS t FROM generate_series(1, 30)
  UNION ALL (SELECT at FROM oracle.event ORDER BY random() LIMIT 20)
  UNION ALL SELECT unnest(ARRAY['1950-01-01', '2000-01-01', '2025-10-10 10:10', '2025-10-20']::timestamptz[])) c;
INSERT INTO oracle.slice SELECT max(e), NULL FROM oracle.slice;
SELECT oracle.holds('adjacent ranges of the platform', rollup(platform_summary(s, e))::text = platform_summary()::text AND sum(views(platform_summary(s, e))) = views(platform_summary())) FROM oracle.slice;
SELECT oracle.holds('adjacent ranges of creators', bool_and(parts::text = creator_summary(c)::text))
FROM (SELECT c, rollup(creator_summary(c, s, e)) AS parts FROM oracle.slice, unnest(ARRAY[1, 3, 55, 66, 605, 9223372036854775807]) c GROUP BY c) x;
SELECT oracle.holds('adjacent ranges of contents', bool_and(parts::text = content_summary(c)::text))
FROM (SELECT c, rollup(content_summary(c, s, e)) AS parts FROM oracle.slice, unnest(ARRAY[1, 2, 7, 60, 600, 605, 621, 622, 624, 625, 626]) c GROUP BY c) x;
SELECT oracle.holds('contents make their creator', bool_and(creator_summary(creator_id)::text = parts::text)) FROM (SELECT creator_id, rollup(content_summary(id)) AS parts FROM explore_content GROUP BY 1) x;
SELECT oracle.holds('creators and the events on unknown content make the platform', (rollup(s))::text = platform_summary()::text)
FROM (SELECT creator_summary(c) AS s FROM (SELECT DISTINCT creator_id FROM explore_content) k(c) UNION ALL
      SELECT engagement_agg(kind::engagement_type, viewer, ms::int, completed) FROM oracle.event WHERE creator_id IS NULL) x;
SELECT oracle.holds('an empty range is empty', bool_and(platform_summary(e, e)::text = z.s::text AND content_summary(600, e, e)::text = z.s::text)) FROM oracle.slice, (SELECT rollup(NULL::engagement_summary) AS s) z WHERE e IS NOT NULL;
-- The read path with parallel plans gives the same.
CREATE TEMP TABLE before AS SELECT platform_summary()::text AS p, creator_summary(1)::text AS c, (SELECT string_agg(v::text, ';') FROM top_videos(n => 50) v) AS t;
DISCARD PLANS;
SET max_parallel_workers_per_gather = 2;
SELECT oracle.holds('the read path, planned in parallel', p = platform_summary()::text AND c = creator_summary(1)::text AND t = (SELECT string_agg(v::text, ';') FROM top_videos(n => 50) v)) FROM before;
RESET max_parallel_workers_per_gather;
