-- What the functions and views say of the fixture, as text. Every range and time is given, so that the answer is for ever.
\set ON_ERROR_STOP on
SET search_path = :home;
SET timezone = 'UTC';
SET explore_analytics.user_id = '';
CREATE TEMP VIEW ranges AS SELECT * FROM (VALUES
  (1, NULL::timestamptz, NULL::timestamptz), (2, '2024-10-01+00', '2024-11-01+00'), (3, NULL, '2024-10-10 08:00:20+00'),
  (4, '2024-12-15 06:30+00', NULL), (5, '2020-01-01+00', '2024-01-01+00'), (6, '2024-10-10 08:00:00.5+00', '2025-01-15 00:20+00')) r(range, from_time, to_time);
CREATE TEMP VIEW creators AS SELECT DISTINCT creator_id FROM explore_content UNION ALL SELECT 999;
CREATE TEMP VIEW summaries AS
  SELECT 'content ' || c.id AS whose, r.range, content_summary(c.id, r.from_time, r.to_time) AS s FROM explore_content c, ranges r
  UNION ALL SELECT 'creator ' || c.creator_id, r.range, creator_summary(c.creator_id, r.from_time, r.to_time) FROM creators c, ranges r
  UNION ALL SELECT 'platform', r.range, platform_summary(r.from_time, r.to_time) FROM ranges r;
\echo == summaries
SELECT whose, range, views(s), unique_viewers(s), unidentified_views(s), completions(s), saves(s), shares(s), clicks(s), skips(s),
  impressions(s), total_watch_time(s), engagement_score(s), md5(to_roaring(viewers(s)))
FROM summaries ORDER BY whose COLLATE "C", range;
\echo == kept values
SELECT month, views(summary), unique_viewers(summary), total_watch_time(summary), cardinality(viewers), md5(summary::text), md5(viewers::text) FROM kept_values ORDER BY month;
SELECT views(rollup(summary)), unique_viewers(rollup(summary)) FROM kept_values;
\echo == video_analytics, videos_analytics
SELECT r.range, a.* FROM ranges r, LATERAL videos_analytics(NULL, r.from_time, r.to_time) a WHERE r.range IN (1, 6) ORDER BY 1, 2;
SELECT count(*) FROM ranges r, explore_discovery_videos v, LATERAL video_analytics(v.id, r.from_time, r.to_time) a
WHERE NOT EXISTS (SELECT FROM videos_analytics(ARRAY[v.id], r.from_time, r.to_time) m WHERE m = a);
\echo == creator_analytics
SELECT r.range, a.* FROM ranges r, creators c, LATERAL creator_analytics(c.creator_id, r.from_time, r.to_time) a ORDER BY 1, 2;
\echo == session_analytics
SELECT a.* FROM explore_feed_sessions s, LATERAL session_analytics(s.id) a ORDER BY 1;
\echo == aggregated_metrics
SELECT c.creator_id, a.* FROM (SELECT creator_id FROM creators UNION ALL SELECT NULL) c, unnest(ARRAY['week', 'month', 'all']) p,
  LATERAL aggregated_metrics(p, c.creator_id, '2025-01-20 12:00+00') a ORDER BY 1, 2;
\echo == creator_dashboard, my_analytics_dashboard
SELECT creator_dashboard(102, 'month', '2025-01-20 12:00+00');
SELECT c.creator_id, p, md5(creator_dashboard(c.creator_id, p, '2025-01-20 12:00+00')::text) FROM creators c, unnest(ARRAY['week', 'month', 'all']) p ORDER BY 1, 2;
SET explore_analytics.user_id = '102';
SELECT current_creator_id(), my_analytics_dashboard('month', '2025-01-20 12:00+00') = creator_dashboard(102, 'month', '2025-01-20 12:00+00');
SET explore_analytics.user_id = '';
\echo == metric_series
SELECT m.metric, s.* FROM unnest(ARRAY['views', 'unique_viewers', 'engagement_score', 'sessions', 'new_viewers']) AS m(metric),
  LATERAL metric_series(m.metric, '2024-09-20+00', '2025-02-01+00', 'month', 'Europe/Berlin') s ORDER BY 1, 2;
SELECT s.* FROM metric_series('views', '2024-12-24+00', '2024-12-25+00', 'hour', 'Asia/Dubai', content_id => 3) s WHERE s.value > 0 ORDER BY 1;
\echo == top_videos
SELECT m.metric, t.* FROM unnest(ARRAY['views', 'completion_rate', 'total_watch_time']) AS m(metric), LATERAL top_videos(m.metric, n => 4) t ORDER BY 1, 2;
SELECT t.* FROM top_videos('unique_viewers', '2024-12-01+00', '2025-01-01+00', 103, 5, 2) t ORDER BY 1, 2;
\echo == views
SELECT day, views, unique_viewers, saves, shares, clicks, skips, impressions, completions, watch_time FROM explore_platform_daily ORDER BY day LIMIT 40;
SELECT count(*), md5(string_agg(md5(d::text), '' ORDER BY d.day, d.content_id)) FROM explore_video_daily d;
SELECT count(*), md5(string_agg(md5(d::text), '' ORDER BY d.day, d.creator_id)) FROM explore_creator_daily d;
SELECT rank, content_id, video_id, creator_id, views, completion_rate, engagement_score FROM explore_leaderboard ORDER BY rank;
\echo == what is kept about recording, roles and viewers
SELECT count(*), md5(string_agg(k.event_id::text, ',' ORDER BY k.event_id)) FROM explore_analytics.event_keys k;
SELECT action, subject, row_count, detail FROM explore_analytics.audit_log ORDER BY id;
SELECT * FROM explore_analytics.identities ORDER BY login;
SELECT scope, name, events_per_second, burst FROM explore_analytics.rate_limits ORDER BY scope, name;
SELECT user_id, content_id, saved_at FROM explore_saved_properties ORDER BY 1, 2;
SELECT low, epoch, tail_events, delta_events FROM explore_analytics.rollup_status;
BEGIN;
SELECT md5((explore_analytics.export_viewer(1003) - 'exportedAt' - 'cohorts' - 'exposures' - 'boosts' - 'excluded' - 'excludedEngagements')::text);
ROLLBACK;
\echo == proof
SELECT * FROM explore_analytics.verify();
SELECT * FROM explore_analytics.check_ledger();
