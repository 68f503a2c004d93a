-- Everything the functions and views say, as text. test/restore.sh compares the reading functions asked here to
-- the list that the extension keeps, so that a new one cannot be left out.
\set ON_ERROR_STOP on
SET explore_analytics.user_id = '';
CREATE TEMP VIEW ranges AS SELECT * FROM (VALUES
  (1, NULL::timestamptz, NULL::timestamptz), (2, '2024-11-01+00', '2024-12-01+00'), (3, NULL, '2024-12-15 06:30+00'),
  (4, '2024-12-15 06:30+00', NULL), (5, '2020-01-01+00', '2024-01-01+00'), (6, '2025-01-31 23:59:59.999+00', '2025-02-01+00'),
  (7, '2025-02-01+00', '2025-02-01+00')) r(range, from_time, to_time);
CREATE TEMP VIEW creators AS SELECT DISTINCT creator_id FROM explore_content UNION ALL SELECT 999;
CREATE TEMP VIEW summaries AS
  SELECT 'content ' || c.id AS whose, r.range, content_summary(c.id, r.from_time, r.to_time) AS s FROM explore_content c, ranges r
  UNION ALL SELECT 'creator ' || c.creator_id, r.range, creator_summary(c.creator_id, r.from_time, r.to_time) FROM creators c, ranges r
  UNION ALL SELECT 'platform', r.range, platform_summary(r.from_time, r.to_time) FROM ranges r;
\echo == summaries
SELECT whose, range, views(s), unique_viewers(s), unidentified_views(s), completions(s), saves(s), shares(s), clicks(s), skips(s),
  impressions(s), total_engagements(s), total_watch_time(s), average_watch_time(s), completion_rate(s), engagement_rate(s), save_rate(s),
  share_rate(s), click_rate(s), skip_rate(s), engagement_score(s), cardinality(viewers(s)), md5(to_roaring(viewers(s))),
  (SELECT md5(string_agg(k::text, ',' ORDER BY k)) FROM viewer_keys(viewers(s)) k)
FROM summaries ORDER BY whose, range;
\echo == video_analytics, videos_analytics
SELECT r.range, a.* FROM ranges r, explore_discovery_videos v, LATERAL video_analytics(v.id, r.from_time, r.to_time) a ORDER BY 1, 2;
SELECT r.range, a.* FROM ranges r, LATERAL videos_analytics(NULL, r.from_time, r.to_time) a ORDER BY 1, 2;
SELECT c.creator_id, a.* FROM creators c, LATERAL videos_analytics(creator_id => c.creator_id) a ORDER BY 1, 2;
\echo == creator_analytics
SELECT r.range, a.* FROM ranges r, creators c, LATERAL creator_analytics(c.creator_id, r.from_time, r.to_time) a ORDER BY 1, 2;
\echo == session_analytics
SELECT a.* FROM explore_feed_sessions s, LATERAL session_analytics(s.id) a ORDER BY 1;
\echo == aggregated_metrics
SELECT c.creator_id, a.* FROM (SELECT creator_id FROM creators UNION ALL SELECT NULL) c, unnest(ARRAY['day', 'week', 'month', 'all']) p,
  LATERAL aggregated_metrics(p, c.creator_id, '2025-01-20 12:00+00') a ORDER BY 1, 2;
\echo == creator_dashboard, my_analytics_dashboard
SELECT c.creator_id, p, creator_dashboard(c.creator_id, p, '2025-01-20 12:00+00') FROM creators c, unnest(ARRAY['day', 'week', 'month', 'all']) p ORDER BY 1, 2;
SET explore_analytics.user_id = '102';
SELECT current_creator_id(), p, my_analytics_dashboard(p, '2025-01-20 12:00+00') FROM unnest(ARRAY['day', 'week', 'month', 'all']) p ORDER BY 2;
SET explore_analytics.user_id = '';
\echo == metric_series
CREATE TEMP VIEW metrics AS SELECT unnest(ARRAY['views', 'unique_viewers', 'unidentified_views', 'completions', 'saves', 'shares', 'clicks', 'skips',
  'impressions', 'total_engagements', 'total_watch_time', 'average_watch_time', 'completion_rate', 'engagement_rate', 'save_rate', 'share_rate',
  'click_rate', 'skip_rate', 'engagement_score']) AS metric;
SELECT m.metric, s.* FROM (TABLE metrics UNION ALL VALUES ('sessions'), ('new_viewers')) m,
  LATERAL metric_series(m.metric, '2024-11-01+00', '2025-03-01+00', 'week', 'Europe/Berlin') s ORDER BY 1, 2;
SELECT b, s.* FROM unnest(ARRAY['day', 'month']) b, LATERAL metric_series('unique_viewers', bucket => b, creator_id => 101) s ORDER BY 1, 2;
SELECT s.* FROM metric_series('views', '2024-12-24+00', '2024-12-26+00', 'hour', 'Asia/Dubai', content_id => 3) s ORDER BY 1;
\echo == top_videos
SELECT m.metric, t.* FROM metrics m, LATERAL top_videos(m.metric, n => 50) t ORDER BY 1, 2;
SELECT c.creator_id, t.* FROM creators c, LATERAL top_videos('total_watch_time', '2024-12-01+00', '2025-01-01+00', c.creator_id, 5, 2) t ORDER BY 1, 2;
\echo == live_metrics, concurrent_viewers, trending_content
CREATE TEMP VIEW moments AS SELECT * FROM (VALUES (1, '2024-11-20 12:34:56+00'::timestamptz), (2, '2025-01-10 00:00+00'), (3, '2025-02-14 18:00:00.5+00')) m(moment, at);
SELECT m.moment, l.* FROM moments m, LATERAL live_metrics(10080, as_of => m.at) l WHERE l.views > 0 ORDER BY 1, 2;
SELECT m.moment, c.creator_id, l.* FROM moments m, creators c, LATERAL live_metrics(1440, c.creator_id, as_of => m.at) l WHERE l.watch_time > 0 ORDER BY 1, 2, 3;
SELECT m.moment, w, concurrent_viewers(NULL, w, m.at), (SELECT sum(concurrent_viewers(c.id, w, m.at)) FROM explore_content c) FROM moments m, unnest('{5 minutes,1 day,30 days}'::interval[]) w ORDER BY 1, 2;
SELECT m.moment, h, t.* FROM moments m, unnest('{1 hour,3 days}'::interval[]) h, LATERAL trending_content('20 days', h, 50, m.at) t WHERE m.moment > 1 ORDER BY 1, 2, 3;
\echo == attribution
SELECT m, k, c.creator_id, a.* FROM unnest(ARRAY['first', 'last', 'linear', 'position', 'time_decay', 'shapley', 'markov']) m, unnest(ARRAY['content', 'creator', 'source']) k, (SELECT creator_id FROM creators UNION ALL SELECT NULL) c, LATERAL attribution('click', '{view,save}', '2024-12-21+00', '2025-01-15+00', m, '20 days', key => k, creator_id => c.creator_id) WITH ORDINALITY a ORDER BY 1, 2, 3, a.ordinality;
\echo == funnel
SELECT t, s, c.creator_id, f.* FROM unnest(ARRAY['1 hour', '3 days']::interval[]) t, unnest(ARRAY['any', 'same_content', 'same_session']) s, (SELECT creator_id FROM creators UNION ALL SELECT NULL) c, LATERAL funnel('{view,click,view,save}', '2024-12-20+00', '2025-01-15+00', t, s, c.creator_id) f ORDER BY 1, 2, 3, 4;
\echo == metric_trend, metric_forecast
SELECT m.metric, b, t.* FROM (TABLE metrics UNION ALL VALUES ('sessions'), ('new_viewers')) m, unnest(ARRAY['day', 'week']) b, LATERAL metric_trend(m.metric, '2024-11-01+00', '2025-03-01+00', b, 'Europe/Berlin') t ORDER BY 1, 2;
SELECT m.metric, f.* FROM (TABLE metrics UNION ALL VALUES ('sessions'), ('new_viewers')) m, LATERAL metric_forecast(m.metric, '2024-11-01+00', '2025-03-01+00', horizon => 9, creator_id => 101) f ORDER BY 1, 2;
\echo == viewer_retention, viewer_lifecycle, stickiness
SELECT k, c.creator_id, r.* FROM unnest('{first_time,recurring}'::text[]) k, (SELECT creator_id FROM creators UNION ALL SELECT NULL) c, LATERAL viewer_retention('2024-11-05 06:00+00', '2025-02-20+00', 'week', 'Europe/Berlin', 8, k, c.creator_id, '2025-03-01+00') r ORDER BY 1, 2, 3, 4;
SELECT b, c.creator_id, l.* FROM unnest('{day,month}'::text[]) b, (SELECT creator_id FROM creators UNION ALL SELECT NULL) c, LATERAL viewer_lifecycle('2024-11-05 06:00+00', '2025-02-20+00', b, 'Asia/Dubai', c.creator_id) l ORDER BY 1, 2, 3;
SELECT m.moment, c.creator_id, s.* FROM moments m, (SELECT creator_id FROM creators UNION ALL SELECT NULL) c, LATERAL stickiness(m.at, 'Asia/Dubai', c.creator_id) s ORDER BY 1, 2;
\echo == retention_curve, audience_breakdown
SELECT v.id, r.range, c.* FROM ranges r, explore_discovery_videos v, LATERAL retention_curve(v.id, r.from_time, r.to_time, 5) c WHERE v.id % 3 = 0 AND v.duration_ms IS NOT NULL ORDER BY 1, 2, 3;
SELECT d, f, a.* FROM unnest(ARRAY['gender', 'age_group', 'country', 'device_type']) d, unnest(ARRAY[1, 5]) f, LATERAL audience_breakdown(d, '2025-01-01+00', min_group => f) WITH ORDINALITY a ORDER BY 1, 2, ordinality;
\echo == compare_video, compare_periods
SELECT b, r.range, v.id, c.* FROM unnest(ARRAY['creator', 'platform', 'category', 'area']) b, ranges r, explore_discovery_videos v, LATERAL compare_video(v.id, r.from_time, r.to_time, b) c WHERE v.id % 3 = 0 ORDER BY 1, 2, 3, c.metric;
SELECT v.id, c.* FROM explore_discovery_videos v, LATERAL compare_video(v.id, '2024-12-20+00', '2025-01-15+00', 'previous') c ORDER BY 1, c.metric;
SELECT m.metric, c.creator_id, p.* FROM (TABLE metrics UNION ALL VALUES ('sessions'), ('new_viewers')) m, (SELECT creator_id FROM creators UNION ALL SELECT NULL) c, LATERAL compare_periods(m.metric, '2024-12-20 06:00+00', '2025-01-15 06:00+00', c.creator_id) p ORDER BY 1, 2;
\echo == cohort, cohort_metrics
SELECT c.name, c.owner, c.rule, c.defined_at, cardinality(cohort(c.name)), (SELECT string_agg(k::text, ',') FROM viewer_keys(cohort(c.name)) k) FROM explore_analytics.cohorts c ORDER BY c.name COLLATE "C";
SELECT c.name, r.range, m.* FROM explore_analytics.cohorts c, (VALUES (1, '2024-12-15 06:30+00'::timestamptz, NULL::timestamptz), (2, '2025-01-31 23:59:59.999+00', '2025-02-01+00')) r(range, from_time, to_time), LATERAL cohort_metrics(c.name, r.from_time, r.to_time) m ORDER BY c.name COLLATE "C", 2;
\echo == benchmark_creator
SELECT p, m.metric, c.creator_id, b.* FROM unnest(ARRAY['platform', 'category', 'area', 'size']) p, metrics m, creators c, LATERAL benchmark_creator(c.creator_id, m.metric, '2024-12-02+00', '2025-02-01+00', p, 1) b ORDER BY 1, 2, 3;
SELECT c.creator_id, b.* FROM creators c, LATERAL benchmark_creator(c.creator_id, peers => 'platform') b ORDER BY 1;
\echo == suspicious_viewers
SELECT c.creator_id, s.* FROM (SELECT creator_id FROM creators UNION ALL SELECT NULL) c, LATERAL suspicious_viewers('2024-12-02+00', '2025-02-01+00', c.creator_id, 1, 1) WITH ORDINALITY s ORDER BY 1, s.ordinality;
\echo == experiment_results
SELECT m, c, w, r.* FROM unnest('{sequential,welch,bayes}'::text[]) m, unnest(ARRAY[true, false]) c, unnest(ARRAY[NULL, 0.9]) w,
  LATERAL experiment_results('restored', '{any_save,views,total_watch_time,completion_rate}', m, c, '10 days', CASE WHEN c THEN NULL ELSE '12 days'::interval END, w, 'bh', '2025-02-01+00') WITH ORDINALITY r ORDER BY 1, 2, 3, r.ordinality;
\echo == experiments
SELECT * FROM explore_analytics.experiments ORDER BY name COLLATE "C";
SELECT e.name, u, assign_variant(e.name, u::text), experiment_bucket(e.seed, u::text) FROM explore_analytics.experiments e, generate_series(1, 20) u ORDER BY e.name COLLATE "C", u;
\echo == excluded traffic
SELECT * FROM explore_analytics.excluded_viewers ORDER BY viewer_key;
SELECT * FROM explore_excluded_engagements ORDER BY created_at, id;
\echo == views
SELECT * FROM explore_video_daily ORDER BY day, content_id;
SELECT * FROM explore_creator_daily ORDER BY day, creator_id;
SELECT * FROM explore_platform_daily ORDER BY day;
SELECT * FROM explore_leaderboard ORDER BY rank;
\echo == what the daily views are made of
SELECT * FROM explore_analytics.active_days() a ORDER BY a.day;
SELECT n, d.* FROM generate_series(0, 2) n, explore_analytics.daily_numbers(n::smallint, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) d ORDER BY n, d.day, d.id;
SELECT n, t.* FROM generate_series(0, 2) n, explore_analytics.tail_days(n::smallint) t ORDER BY n, t.id, t.bucket;
SELECT c.id, a.day, explore_analytics.day_summary(2::smallint, c.id, a.bucket, NULL) FROM explore_content c, explore_analytics.active_days() a WHERE c.id % 5 = 0 ORDER BY 1, 2;
\echo == boost campaigns
SELECT campaign_id, entry, kind, count(*), sum(amount) FROM explore_boost_ledger GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
SELECT * FROM explore_analytics.boost_faults();
SELECT a.* FROM explore_boost_campaigns c, campaign_analytics(c.campaign_id, '2024-12-01', as_of => '2025-06-01') a ORDER BY 1;
SELECT * FROM boost_revenue(bucket => 'week', time_zone => 'Asia/Dubai') WHERE credits = 0;
