-- Videos, summaries, creators, sessions, periods and dashboards.
-- ---------------------------------------------------------------------------------------------------
-- One video, many videos
-- ---------------------------------------------------------------------------------------------------
CREATE VIEW oracle.video AS
SELECT range, s, e, creator_id, video_id, content_id, views AS total_views, viewers AS unique_viewers, seconds AS total_watch_time,
       CASE WHEN views = 0 THEN 0 ELSE seconds / views END AS average_watch_time, oracle.rate(completions, views) AS completion_rate,
       completions, saves, shares, clicks, skips, oracle.rate(saves + shares + clicks, views) AS engagement_rate,
       oracle.score(views, completions, saves, shares, clicks, skips) AS average_engagement_score
FROM oracle.content WHERE video_id IS NOT NULL;

SELECT oracle.same('video_analytics, video by video, every range',
  $$SELECT r.name, a.* FROM oracle.range r, explore_discovery_videos v, video_analytics(v.id, r.s, r.e) a WHERE v.content_id IN (SELECT id FROM oracle.one_by_one)$$,
  $$SELECT range, video_id, content_id, total_views, unique_viewers, total_watch_time, average_watch_time, completion_rate,
      completions, saves, shares, clicks, skips, engagement_rate, average_engagement_score FROM oracle.video WHERE content_id IN (SELECT id FROM oracle.one_by_one)$$);
SELECT oracle.same('video_analytics with the defaults is all time',
  $$SELECT a.* FROM explore_discovery_videos v, video_analytics(v.id) a WHERE v.id % 5 = 0$$,
  $$SELECT video_id, content_id, total_views, unique_viewers, total_watch_time, average_watch_time, completion_rate,
      completions, saves, shares, clicks, skips, engagement_rate, average_engagement_score
    FROM oracle.video WHERE range = 'unbounded' AND video_id % 5 = 0$$);
SELECT oracle.same('videos_analytics, all, in the order of video_id',
  $$SELECT r.name, a.* FROM oracle.range r, videos_analytics(NULL, r.s, r.e) WITH ORDINALITY a$$,
  $$SELECT range, video_id, content_id, total_views, unique_viewers, total_watch_time, average_watch_time, completion_rate,
      completions, saves, shares, clicks, skips, engagement_rate, average_engagement_score,
      row_number() OVER (PARTITION BY range ORDER BY video_id) FROM oracle.video$$);
SELECT oracle.same('videos_analytics, a list with unknown and repeated ids',
  $$SELECT r.name, a.* FROM oracle.range r,
      videos_analytics(ARRAY[1999, 1700, 1990, 1999, 77777777, 9007199254740991, 1981], r.s, r.e) WITH ORDINALITY a$$,
  $$SELECT range, video_id, content_id, total_views, unique_viewers, total_watch_time, average_watch_time, completion_rate,
      completions, saves, shares, clicks, skips, engagement_rate, average_engagement_score,
      row_number() OVER (PARTITION BY range ORDER BY video_id)
    FROM oracle.video WHERE video_id IN (1999, 1700, 1990, 1981, 9007199254740991)$$);
SELECT oracle.same('videos_analytics, one creator, all or of a list',
  $$SELECT r.name, c.id, l.n, a.* FROM oracle.range r, (VALUES (1), (4), (9007199254740993), (999)) c(id),
      (VALUES (1, NULL::bigint[]), (2, ARRAY(SELECT generate_series(1600, 1999)))) l(n, ids),
      videos_analytics(l.ids, r.s, r.e, c.id) WITH ORDINALITY a$$,
  $$SELECT range, creator_id, n, video_id, content_id, total_views, unique_viewers, total_watch_time, average_watch_time,
      completion_rate, completions, saves, shares, clicks, skips, engagement_rate, average_engagement_score,
      row_number() OVER (PARTITION BY range, creator_id, n ORDER BY video_id)
    FROM oracle.video, generate_series(1, 2) n
    WHERE creator_id IN (1, 4, 9007199254740993, 999) AND (n = 1 OR video_id BETWEEN 1600 AND 1999)$$);

-- ---------------------------------------------------------------------------------------------------
-- The summaries: every accessor, the set of viewers, the bytes
-- ---------------------------------------------------------------------------------------------------
CREATE FUNCTION oracle.accessors(x text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN replace('views(s), unique_viewers(s), unidentified_views(s), completions(s), saves(s), shares(s), clicks(s), skips(s),
  impressions(s), total_engagements(s), total_watch_time(s), average_watch_time(s), completion_rate(s), engagement_rate(s),
  save_rate(s), share_rate(s), click_rate(s), skip_rate(s), engagement_score(s), cardinality(viewers(s))', '(s)', '(' || x || ')');
CREATE FUNCTION oracle.plain_accessors() RETURNS text LANGUAGE sql IMMUTABLE
RETURN 'views, viewers, unidentified, completions, saves, shares, clicks, skips, impressions, saves + shares + clicks, seconds,
  CASE WHEN views = 0 THEN 0 ELSE seconds / views END, oracle.rate(completions, views), oracle.rate(saves + shares + clicks, views),
  oracle.rate(saves, views), oracle.rate(shares, views), oracle.rate(clicks, views), oracle.rate(skips, views),
  oracle.score(views, completions, saves, shares, clicks, skips), viewers';

SELECT oracle.same('content_summary, every accessor, content by content, every range',
  format('SELECT r.name, c.id, %s FROM oracle.range r, oracle.one_by_one c, LATERAL (SELECT content_summary(c.id, r.s, r.e) AS x OFFSET 0) n',
         oracle.accessors('x')),
  format('SELECT range, content_id, %s FROM oracle.content WHERE content_id IN (SELECT id FROM oracle.one_by_one)', oracle.plain_accessors()));
SELECT oracle.same('content_summary of events without a content row, as of any unknown id, is empty: they are the platform''s only',
  $$SELECT c.id, content_summary(c.id)::text, (SELECT count(*) > 5 FROM oracle.event e WHERE e.content_id = c.id) FROM unnest(ARRAY[5000, 5001, 5009]) c(id) UNION ALL SELECT 4999, content_summary(4999)::text, false$$,
  $$SELECT c.id, (SELECT (rollup(NULL::engagement_summary))::text), c.id >= 5000 FROM unnest(ARRAY[5000, 5001, 5009, 4999]) c(id)$$);
SELECT oracle.same('creator_summary, every accessor, every creator, every range',
  format('SELECT r.name, c.id, %s FROM oracle.range r, (SELECT DISTINCT creator_id AS id FROM explore_content UNION SELECT 999) c,
          LATERAL (SELECT creator_summary(c.id, r.s, r.e) AS x OFFSET 0) n', oracle.accessors('x')),
  format('SELECT range, creator_id, %s FROM (
            SELECT r.name AS range, c.creator_id, coalesce(n.views, 0) AS views, coalesce(n.viewers, 0) AS viewers,
              coalesce(n.unidentified, 0) AS unidentified, coalesce(n.completions, 0) AS completions, coalesce(n.saves, 0) AS saves,
              coalesce(n.shares, 0) AS shares, coalesce(n.clicks, 0) AS clicks, coalesce(n.skips, 0) AS skips,
              coalesce(n.impressions, 0) AS impressions, coalesce(n.seconds, 0) AS seconds
            FROM oracle.range r CROSS JOIN (SELECT DISTINCT creator_id FROM explore_content UNION SELECT 999) c
            LEFT JOIN oracle.per_creator n ON n.range = r.name AND n.creator_id = c.creator_id) z', oracle.plain_accessors()));
SELECT oracle.same('platform_summary, every accessor, every range',
  format('SELECT r.name, %s FROM oracle.range r, platform_summary(r.s, r.e) x', oracle.accessors('x')),
  format('SELECT range, %s FROM oracle.per_platform', oracle.plain_accessors()));
SELECT oracle.same('viewers() of the summaries, key by key, ascending',
  $$SELECT 'content', c.id, k.* FROM explore_content c, viewer_keys(viewers(content_summary(c.id, '2025-10-01', '2025-10-08'))) WITH ORDINALITY k(key, n)
    UNION ALL SELECT 'creator', c.id, k.* FROM generate_series(1, 14) c(id), viewer_keys(viewers(creator_summary(c.id, '2025-10-01', '2025-10-08'))) WITH ORDINALITY k(key, n)
    UNION ALL SELECT 'platform', 0, k.* FROM viewer_keys(viewers(platform_summary('2025-10-01', '2025-10-08'))) WITH ORDINALITY k(key, n)$$,
  $$WITH week AS (SELECT * FROM oracle.event WHERE is_view AND viewer IS NOT NULL AND at >= '2025-10-01' AND at < '2025-10-08')
    SELECT 'content', content_id, viewer, row_number() OVER (PARTITION BY content_id ORDER BY viewer) FROM (SELECT DISTINCT content_id, viewer FROM week WHERE creator_id IS NOT NULL) d
    UNION ALL SELECT 'creator', creator_id, viewer, row_number() OVER (PARTITION BY creator_id ORDER BY viewer) FROM (SELECT DISTINCT creator_id, viewer FROM week WHERE creator_id <= 14) d
    UNION ALL SELECT 'platform', 0, viewer, row_number() OVER (ORDER BY viewer) FROM (SELECT DISTINCT viewer FROM week) d$$);
SELECT oracle.same('the summaries are the bytes of engagement_agg over the same rows',
  $$SELECT r.name, platform_summary(r.s, r.e)::text, creator_summary(2, r.s, r.e)::text, content_summary(3, r.s, r.e)::text FROM oracle.range r$$,
  $$SELECT r.name, (engagement_agg(e.engagement_type, coalesce(e.user_id, -e.session_id), e.watch_time_ms, e.completed))::text,
      (engagement_agg(e.engagement_type, coalesce(e.user_id, -e.session_id), e.watch_time_ms, e.completed) FILTER (WHERE c.creator_id = 2))::text,
      (engagement_agg(e.engagement_type, coalesce(e.user_id, -e.session_id), e.watch_time_ms, e.completed) FILTER (WHERE e.content_id = 3))::text
    FROM oracle.range r
    JOIN oracle.raw e ON (r.s IS NULL OR e.created_at >= r.s) AND (r.e IS NULL OR e.created_at < r.e)
    LEFT JOIN explore_content c ON c.id = e.content_id GROUP BY 1
    UNION ALL SELECT r.name, z, z, z FROM oracle.range r, (SELECT (rollup(NULL::engagement_summary))::text AS z) n
    WHERE r.name IN ('empty', 'without events')$$);

-- ---------------------------------------------------------------------------------------------------
-- Creators
-- ---------------------------------------------------------------------------------------------------
CREATE FUNCTION oracle.json_id(id bigint) RETURNS jsonb LANGUAGE sql IMMUTABLE
RETURN CASE WHEN id <= 9007199254740991 THEN to_jsonb(id) ELSE to_jsonb(id::text) END;
CREATE VIEW oracle.top_ten AS
SELECT range, creator_id, jsonb_agg(jsonb_build_object('videoId', oracle.json_id(video_id), 'contentId', oracle.json_id(content_id),
         'title', title, 'views', views, 'completionRate', oracle.rate(completions, views), 'engagementScore', score) ORDER BY place) AS list
FROM (SELECT *, row_number() OVER (PARTITION BY range, creator_id ORDER BY score DESC, views DESC, content_id) AS place
      FROM (SELECT *, oracle.score(views, completions, saves, shares, clicks, skips) AS score FROM oracle.content) scored) placed
WHERE place <= 10 GROUP BY 1, 2;
CREATE VIEW oracle.creator AS
SELECT r.name AS range, c.creator_id, c.videos AS total_videos, coalesce(n.views, 0) AS total_views, coalesce(n.viewers, 0) AS unique_viewers,
       coalesce(n.seconds, 0) AS total_watch_time, oracle.rate(coalesce(n.completions, 0), coalesce(n.views, 0)) AS average_completion_rate,
       coalesce(n.saves, 0) AS total_saves, coalesce(n.shares, 0) AS total_shares, coalesce(n.clicks, 0) AS total_clicks,
       oracle.rate(coalesce(n.saves + n.shares + n.clicks, 0), coalesce(n.views, 0)) AS engagement_rate, coalesce(t.list, '[]') AS top_performing_videos
FROM oracle.range r
CROSS JOIN (SELECT creator_id, count(*) AS videos FROM explore_content GROUP BY 1 UNION ALL SELECT 999, 0) c
LEFT JOIN oracle.per_creator n ON n.range = r.name AND n.creator_id = c.creator_id
LEFT JOIN oracle.top_ten t ON t.range = r.name AND t.creator_id = c.creator_id;

SELECT oracle.same('creator_analytics with the top ten, every creator and an unknown one, every range',
  $$SELECT r.name, a.* FROM oracle.range r, (SELECT DISTINCT creator_id AS id FROM explore_content UNION SELECT 999) c,
      creator_analytics(c.id, r.s, r.e) a$$,
  $$TABLE oracle.creator$$);
SET explore_analytics.user_id = '3';
SELECT oracle.same('creator_analytics of the current creator', $$SELECT 'unbounded', a.* FROM creator_analytics() a$$,
  $$SELECT * FROM oracle.creator WHERE range = 'unbounded' AND creator_id = 3$$);
RESET explore_analytics.user_id;

-- ---------------------------------------------------------------------------------------------------
-- Sessions
-- ---------------------------------------------------------------------------------------------------
SELECT oracle.same('session_analytics, up to 4,000 sessions, open and closed, with and without events',
  $$SELECT a.* FROM explore_feed_sessions f, session_analytics(f.id) a WHERE f.id <= 4000$$,
  $$SELECT f.id, f.user_id,
      (extract(epoch FROM coalesce(f.session_end, n.last, f.session_start) - f.session_start))::float8,
      coalesce(n.contents, 0), coalesce(n.completions, 0), coalesce(n.saves, 0), coalesce(n.shares, 0), coalesce(n.clicks, 0),
      CASE WHEN coalesce(n.contents, 0) = 0 THEN 0 ELSE n.seconds / n.contents END,
      oracle.rate(coalesce(n.saves + n.shares + n.clicks, 0), coalesce(n.contents, 0))
    FROM explore_feed_sessions f LEFT JOIN (
      SELECT session_id, count(DISTINCT content_id) FILTER (WHERE is_view) AS contents, max(at) AS last,
             count(*) FILTER (WHERE is_completion) AS completions, count(*) FILTER (WHERE kind = 'save') AS saves,
             count(*) FILTER (WHERE kind = 'share') AS shares, count(*) FILTER (WHERE kind = 'click') AS clicks,
             sum(ms)::float8 / 1000 AS seconds
      FROM oracle.event GROUP BY 1) n ON n.session_id = f.id
    WHERE f.id <= 4000$$);

-- ---------------------------------------------------------------------------------------------------
-- Periods and dashboards
-- ---------------------------------------------------------------------------------------------------
CREATE TABLE oracle.period (period text, as_of timestamptz, s timestamptz, e timestamptz, asked boolean);
INSERT INTO oracle.period
SELECT p.period, a.as_of, a.as_of - p.length, CASE WHEN p.length IS NOT NULL THEN a.as_of END, a.asked
FROM (VALUES ('day', interval '24 hours'), ('week', interval '168 hours'), ('month', interval '720 hours'), ('all', NULL)) p(period, length),
     (VALUES (timestamptz '2025-11-02 12:34:56.789012+00', true), ('2025-11-15 00:00:00+00', true), ('2031-06-01 00:00:00+00', true),
             -- the periods before the first of these
             ('2025-11-01 12:34:56.789012+00', false), ('2025-10-26 12:34:56.789012+00', false), ('2025-10-03 12:34:56.789012+00', false)) a(as_of, asked)
WHERE a.asked OR p.length = '2025-11-02 12:34:56.789012+00' - a.as_of;
CREATE TABLE oracle.touched AS SELECT DISTINCT creator_id, session_id FROM oracle.event WHERE creator_id IN (2, 9007199254740993);
CREATE TABLE oracle.period_metrics AS
SELECT p.period, p.as_of, p.asked, c.creator_id, n.views, n.viewers, n.seconds, f.duration, f.sessions, n.completions,
       n.saves, n.shares, n.clicks, n.skips
FROM oracle.period p CROSS JOIN (VALUES (NULL::bigint), (2), (9007199254740993), (999)) c(creator_id),
LATERAL (
  SELECT count(*) FILTER (WHERE is_view) AS views, count(DISTINCT viewer) FILTER (WHERE is_view) AS viewers,
         coalesce(sum(ms), 0)::float8 / 1000 AS seconds, count(*) FILTER (WHERE is_completion) AS completions,
         count(*) FILTER (WHERE kind = 'save') AS saves, count(*) FILTER (WHERE kind = 'share') AS shares,
         count(*) FILTER (WHERE kind = 'click') AS clicks, count(*) FILTER (WHERE kind = 'skip') AS skips
  FROM oracle.event e
  WHERE (p.s IS NULL OR e.at >= p.s) AND (p.e IS NULL OR e.at < p.e) AND (c.creator_id IS NULL OR e.creator_id = c.creator_id)) n,
LATERAL (
  SELECT coalesce(avg(extract(epoch FROM f.session_end - f.session_start)), 0)::float8 AS duration, count(*) AS sessions
  FROM explore_feed_sessions f
  WHERE (p.s IS NULL OR f.session_start >= p.s) AND (p.e IS NULL OR f.session_start < p.e)
    AND (c.creator_id IS NULL OR (c.creator_id, f.id) IN (SELECT t.creator_id, t.session_id FROM oracle.touched t))) f;

-- The mean of session durations is rounded: how a mean is added up may show in its last digit.
SELECT oracle.same('aggregated_metrics, four periods, three times, the platform and creators',
  $$SELECT m.creator_id, m.as_of, a.period, a.total_views, a.total_unique_viewers, a.total_watch_time,
      round(a.average_session_duration::numeric, 7), a.total_sessions, a.average_completion_rate, a.total_engagements, a.engagement_rate
    FROM oracle.period_metrics m, aggregated_metrics(m.period, m.creator_id, m.as_of) a WHERE m.asked$$,
  $$SELECT creator_id, as_of, period, views, viewers, seconds, round(duration::numeric, 7), sessions, oracle.rate(completions, views),
      saves + shares + clicks, oracle.rate(saves + shares + clicks, views) FROM oracle.period_metrics WHERE asked$$);

CREATE TABLE oracle.period_content AS
SELECT p.period, c.creator_id, c.id AS content_id, v.id AS video_id, c.title, count(*) FILTER (WHERE is_view) AS views,
       count(*) FILTER (WHERE is_completion) AS completions, count(*) FILTER (WHERE kind = 'save') AS saves, count(*) FILTER (WHERE kind = 'share') AS shares,
       count(*) FILTER (WHERE kind = 'click') AS clicks, count(*) FILTER (WHERE kind = 'skip') AS skips
FROM oracle.period p JOIN explore_content c ON c.creator_id IN (2, 9007199254740993)
LEFT JOIN explore_discovery_videos v ON v.content_id = c.id
LEFT JOIN oracle.event e ON e.content_id = c.id AND (p.s IS NULL OR e.at >= p.s) AND (p.e IS NULL OR e.at < p.e)
WHERE p.as_of = '2025-11-02 12:34:56.789012+00' GROUP BY 1, 2, 3, 4, 5;
CREATE VIEW oracle.period_json AS
SELECT period, as_of, creator_id, jsonb_build_object('period', period, 'totalViews', views, 'totalUniqueViewers', viewers,
  'totalWatchTime', seconds, 'averageSessionDuration', round(duration::numeric, 7), 'totalSessions', sessions,
  'averageCompletionRate', oracle.rate(completions, views), 'totalEngagements', saves + shares + clicks,
  'engagementRate', oracle.rate(saves + shares + clicks, views)) AS metrics,
  jsonb_build_object('totalSaves', saves, 'totalShares', shares, 'totalClicks', clicks, 'totalSkips', skips, 'totalCompletions', completions) AS breakdown
FROM oracle.period_metrics;
CREATE FUNCTION oracle.rounded(d jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN d #> '{periodMetrics,previous}' = 'null' THEN x.d ELSE
    jsonb_set(x.d, '{periodMetrics,previous,averageSessionDuration}', to_jsonb(round((d #>> '{periodMetrics,previous,averageSessionDuration}')::numeric, 7))) END
  FROM (SELECT jsonb_set(d, '{periodMetrics,averageSessionDuration}', to_jsonb(round((d #>> '{periodMetrics,averageSessionDuration}')::numeric, 7)))) x(d)
$$;
SELECT oracle.same('creator_dashboard, the whole document, four periods',
  $$SELECT c.id, p.period, oracle.rounded(creator_dashboard(c.id, p.period, '2025-11-02 12:34:56.789012+00'))
    FROM (VALUES (2), (9007199254740993), (999)) c(id), (VALUES ('day'), ('week'), ('month'), ('all')) p(period)$$,
  $$SELECT p.creator_id, p.period, jsonb_build_object(
      'overview', (SELECT jsonb_build_object('totalVideos', total_videos, 'totalViews', total_views, 'totalWatchTime', total_watch_time,
                     'averageCompletionRate', average_completion_rate, 'engagementRate', engagement_rate)
                   FROM oracle.creator c WHERE c.range = 'unbounded' AND c.creator_id = p.creator_id),
      'periodMetrics', p.metrics || jsonb_build_object('previous', CASE WHEN p.period <> 'all' THEN
         (SELECT b.metrics FROM oracle.period_json b WHERE b.period = p.period AND b.creator_id = p.creator_id AND b.as_of = p.as_of
            - CASE p.period WHEN 'day' THEN interval '1 day' WHEN 'week' THEN '7 days' ELSE '30 days' END) END),
      'topPerformingVideos', coalesce((SELECT jsonb_agg(jsonb_build_object('videoId', oracle.json_id(video_id), 'contentId', oracle.json_id(content_id),
           'title', title, 'views', views, 'completionRate', oracle.rate(completions, views), 'engagementScore', score) ORDER BY score DESC, views DESC, content_id)
         FROM (SELECT *, row_number() OVER (ORDER BY score DESC, views DESC, content_id) AS place FROM (
           SELECT *, oracle.score(views, completions, saves, shares, clicks, skips) AS score FROM oracle.period_content c
           WHERE c.period = p.period AND c.creator_id = p.creator_id) scored) placed WHERE place <= 10), '[]'),
      'engagementBreakdown', p.breakdown)
    FROM oracle.period_json p WHERE p.creator_id IS NOT NULL AND p.as_of = '2025-11-02 12:34:56.789012+00'$$);
SET explore_analytics.user_id = '9007199254740993';
SELECT oracle.same('my_analytics_dashboard is creator_dashboard of the current creator',
  $$SELECT p, my_analytics_dashboard(p, '2025-11-02 12:00+00') FROM unnest(ARRAY['day', 'week', 'month', 'all']) p$$,
  $$SELECT p, creator_dashboard(9007199254740993, p, '2025-11-02 12:00+00') FROM unnest(ARRAY['day', 'week', 'month', 'all']) p$$);
RESET explore_analytics.user_id;

-- as_of NULL means now, without an upper bound: the rows of the running transaction count.
BEGIN;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, completed, created_at)
SELECT 1 + n % 30, 700000 + n % 50, 'view', n, n % 2 = 0, now() - (n - 100) * interval '1 hour' FROM generate_series(0, 900) n;
SELECT oracle.same('aggregated_metrics now, with rows of this transaction and of tomorrow',
  $$SELECT p, c.id, a.total_views, a.total_unique_viewers, a.total_watch_time, a.average_completion_rate
    FROM unnest(ARRAY['day', 'week', 'month']) p, (VALUES (NULL::bigint), (1), (2)) c(id), aggregated_metrics(p, c.id) a$$,
  $$SELECT p.period, c.id, n.views, n.viewers, n.seconds, oracle.rate(n.completions, n.views)
    FROM (VALUES ('day', interval '24 hours'), ('week', '168 hours'), ('month', '720 hours')) p(period, length), (VALUES (NULL::bigint), (1), (2)) c(id), LATERAL (
      SELECT count(*) FILTER (WHERE engagement_type = 'view') AS views, count(DISTINCT coalesce(user_id, -session_id)) FILTER (WHERE engagement_type = 'view') AS viewers,
        sum(watch_time_ms)::float8 / 1000 AS seconds, count(*) FILTER (WHERE engagement_type = 'complete' OR engagement_type = 'view' AND completed) AS completions
      FROM oracle.raw e WHERE e.created_at >= now() - p.length AND (c.id IS NULL OR e.content_id IN (SELECT x.id FROM explore_content x WHERE x.creator_id = c.id))) n$$);
ROLLBACK;
