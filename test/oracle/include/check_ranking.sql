-- The best videos, the BI relations and the rescore. Changes the world, hence the last.
-- ---------------------------------------------------------------------------------------------------
-- The best
-- ---------------------------------------------------------------------------------------------------
SELECT oracle.same('top_videos, every metric, every range, of all and of creators, with and without a threshold',
  $$SELECT r.name, m.metric, c.id, k.n, k.min_views, a.* FROM oracle.metric m
      JOIN oracle.range r ON r.name IN ('days', 'without events') OR m.metric IN ('engagement_score', 'views'),
      (VALUES (NULL::bigint), (3), (999)) c(id), (VALUES (10, 0), (500, 40)) k(n, min_views),
      top_videos(m.metric, r.s, r.e, c.id, k.n, k.min_views) a$$,
  (SELECT string_agg(format($$SELECT range, %L, creator, n, min_views, place, video_id, content_id, title, value, views, oracle.rate(completions, views)
      FROM (SELECT o.*, c.id AS creator, k.*, (%s)::float8 AS value, row_number() OVER (PARTITION BY range, c.id, k.n ORDER BY (%2$s) DESC, views DESC, content_id) AS place
            FROM oracle.content o, (VALUES (NULL::bigint), (3), (999)) c(id), (VALUES (10, 0), (500, 40)) k(n, min_views)
            WHERE (c.id IS NULL OR o.creator_id = c.id) AND o.views >= k.min_views %s) ranked WHERE place <= n$$, metric, expression,
      CASE WHEN metric NOT IN ('engagement_score', 'views') THEN $$AND range IN ('days', 'without events')$$ END), ' UNION ALL ') FROM oracle.metric));
SELECT oracle.same('top_videos by default: the ten best by score, in this order',
  $$SELECT * FROM top_videos() WITH ORDINALITY$$,
  $$SELECT place, video_id, content_id, title, score, views, oracle.rate(completions, views), place FROM (
      SELECT *, row_number() OVER (ORDER BY score DESC, views DESC, content_id) AS place FROM (
        SELECT *, oracle.score(views, completions, saves, shares, clicks, skips) AS score FROM oracle.content WHERE range = 'unbounded') s) p WHERE place <= 10$$);

-- ---------------------------------------------------------------------------------------------------
-- The relations for BI tools
-- ---------------------------------------------------------------------------------------------------
CREATE VIEW oracle.day AS
SELECT e.at::date AS day, date_trunc('day', e.at, 'UTC') AS bucket, e.content_id, e.creator_id, e.viewer, e.is_view, e.is_completion, e.kind, e.ms FROM oracle.event e;
CREATE FUNCTION oracle.daily(keys text, filter text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT format($q$SELECT day, bucket, %1$s views, viewers, seconds, completions, oracle.rate(completions, views), saves, oracle.rate(saves, views),
      shares, clicks, skips, impressions, oracle.rate(saves + shares + clicks, views), oracle.score(views, completions, saves, shares, clicks, skips)
    FROM (SELECT day, bucket, %1$s count(*) FILTER (WHERE is_view) AS views, count(DISTINCT viewer) FILTER (WHERE is_view) AS viewers,
       count(*) FILTER (WHERE is_completion) AS completions, count(*) FILTER (WHERE kind = 'save') AS saves,
       count(*) FILTER (WHERE kind = 'share') AS shares, count(*) FILTER (WHERE kind = 'click') AS clicks,
       count(*) FILTER (WHERE kind = 'skip') AS skips, count(*) FILTER (WHERE kind = 'impression') AS impressions, sum(ms)::float8 / 1000 AS seconds
      FROM oracle.day WHERE %2$s GROUP BY %1$s day, bucket) n$q$, keys, filter)
$$;
SELECT oracle.same('explore_video_daily',
  $$SELECT day, bucket, content_id, views, unique_viewers, watch_time, completions, completion_rate, saves, save_rate, shares, clicks, skips, impressions,
      engagement_rate, engagement_score FROM explore_video_daily$$, oracle.daily('content_id,', 'creator_id IS NOT NULL'));
SELECT oracle.same('explore_video_daily: what it says of the content',
  $$SELECT DISTINCT video_id, content_id, creator_id, title, category, area FROM explore_video_daily$$,
  $$SELECT v.id, c.id, c.creator_id, c.title, c.category, c.area FROM explore_content c LEFT JOIN explore_discovery_videos v ON v.content_id = c.id
    WHERE c.id IN (SELECT content_id FROM oracle.event)$$);
SELECT oracle.same('explore_creator_daily', $$TABLE explore_creator_daily$$,
  oracle.daily('creator_id,', 'creator_id IS NOT NULL'));
SELECT oracle.same('explore_platform_daily', $$TABLE explore_platform_daily$$, oracle.daily('', 'true'));

-- ---------------------------------------------------------------------------------------------------
-- The rescore
-- ---------------------------------------------------------------------------------------------------
CREATE VIEW oracle.stored AS
SELECT content_id, video_id, creator_id, title, views, oracle.score(views, completions, saves, shares, clicks, skips) AS score,
       CASE WHEN video_id IS NOT NULL THEN (seconds * 1000)::bigint END AS watch_time_ms,
       CASE WHEN video_id IS NOT NULL THEN oracle.rate(completions, views) END AS completion_rate,
       CASE WHEN video_id IS NOT NULL THEN saves END AS saves, CASE WHEN video_id IS NOT NULL THEN shares END AS shares,
       CASE WHEN video_id IS NOT NULL THEN clicks END AS clicks
FROM oracle.content WHERE range = 'unbounded';
SELECT oracle.same('batch_update_engagement_scores returns the number of contents whose stored values changed',
  $$SELECT batch_update_engagement_scores()$$,
  $$SELECT count(*) FROM oracle.stored WHERE views > 0 OR score > 0 OR watch_time_ms > 0 OR completion_rate > 0 OR saves > 0 OR shares > 0 OR clicks > 0$$);
SELECT oracle.same('the stored columns',
  $$SELECT c.id, v.id, c.view_count, c.engagement_score, v.total_views, v.total_watch_time_ms, v.completion_rate, v.save_count, v.share_count, v.click_count
    FROM explore_content c LEFT JOIN explore_discovery_videos v ON v.content_id = c.id$$,
  $$SELECT content_id, video_id, views, score, CASE WHEN video_id IS NOT NULL THEN views END, watch_time_ms, completion_rate, saves, shares, clicks FROM oracle.stored$$);
SELECT oracle.same('explore_leaderboard, in its order',
  $$SELECT row_number() OVER (), rank, content_id, video_id, creator_id, title, views, completion_rate, engagement_score, scored_at IS NOT NULL FROM explore_leaderboard$$,
  $$SELECT place, place, content_id, video_id, creator_id, title, views, completion_rate, score, video_id IS NOT NULL
    FROM (SELECT *, row_number() OVER (ORDER BY score DESC, views DESC, content_id) AS place FROM oracle.stored WHERE views >= 10) p$$);
SELECT CASE WHEN batch_update_engagement_scores() = 0 AND batch_update_engagement_scores(true) = 0 THEN 'ok' ELSE 'FAIL' END || ' a second rescore changes nothing';

-- Three kinds of news: events on content without any, on much seen content, and on content without a
-- row (for the platform only, until the row appears); a view changes no stored score but the views.
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at)
VALUES (390, 1, 'view', '2025-10-10'), (390, 1, 'save', '2025-10-10'), (391, 2, 'impression', '2025-10-10'), (1, 1, 'view', '2025-10-10'), (5000, 1, 'view', '2025-10-10');
SELECT CASE WHEN batch_update_engagement_scores() = 2 AND batch_update_engagement_scores() = 0 THEN 'ok' ELSE 'FAIL' END
       || ' a rescore after a few events changes two contents, then none';
INSERT INTO explore_content (id, creator_id, title) VALUES (5000, 77, 'Late');
INSERT INTO explore_discovery_videos (id, content_id) VALUES (5000, 5000);
SELECT oracle.same('a content row that appears late takes its earlier events along',
  $$SELECT a.total_views, v.total_views, t.views, batch_update_engagement_scores(), views(content_summary(5000))
    FROM creator_analytics(77) a, video_analytics(5000) v, top_videos(creator_id => 77) t$$,
  $$SELECT n, n, n, 1, n FROM (SELECT count(*) AS n FROM oracle.raw WHERE content_id = 5000 AND engagement_type = 'view') x$$);
-- The numbers of a content follow it to another creator.
UPDATE explore_content SET creator_id = 78 WHERE id IN (1, 60);
SELECT oracle.same('numbers follow the current creator',
  $$SELECT a.total_videos, a.total_views, a.unique_viewers, (SELECT sum(views) FROM explore_creator_daily WHERE creator_id = 78) FROM creator_analytics(78) a$$,
  $$SELECT 2, count(*), count(DISTINCT coalesce(user_id, -session_id)), count(*) FROM oracle.raw WHERE content_id IN (1, 60) AND engagement_type = 'view'$$);
-- Raw rows may be corrected, with the rollups in the same transaction: the truth is the table.
BEGIN;
DELETE FROM explore_engagements WHERE content_id = 60 AND engagement_type = 'view' AND created_at >= '2025-11-01' AND created_at < '2025-12-01';
SELECT explore_analytics.rebuild('2025-11-01', '2025-12-01') AS rows \gset
COMMIT;
SELECT oracle.same('rows that are deleted are gone from every number',
  $$SELECT total_views, unique_viewers FROM videos_analytics(creator_id => 78) WHERE content_id = 60$$,
  $$SELECT count(*), count(DISTINCT coalesce(user_id, -session_id)) FROM oracle.raw WHERE content_id = 60 AND engagement_type = 'view'$$);
-- A video may outlive its content: its events are then the platform's only.
DELETE FROM explore_content WHERE id = 200;
SELECT oracle.same('a video whose content went, alone and among many',
  $$SELECT a.total_views, a.unique_viewers, m.total_views, m.unique_viewers FROM video_analytics(1800) a, videos_analytics(ARRAY[1800]) m$$,
  $$SELECT 0, 0, 0, 0$$);
