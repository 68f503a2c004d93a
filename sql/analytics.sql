-- The numbers of videos, creators, sessions and periods, against numbers computed by hand.
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';
\set VERBOSITY terse

CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE FUNCTION pg_temp.hint(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  hint text;
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN hint;
END $$;

-- Creator 4901 has contents 4001 and 4002 with videos, and 4004 that is inactive and has none;
-- 4902 has 4003 and 4005; 4903 has nothing; content 4006 has events before it has a row.
INSERT INTO explore_content (id, creator_id, title, is_active) VALUES
  (4001, 4901, 'Roof garden', true), (4002, 4901, 'Loft', true), (4004, 4901, 'Old tower', false),
  (4003, 4902, 'Skipped', true), (4005, 4902, 'Disliked', true);
INSERT INTO explore_discovery_videos (id, content_id, duration_ms) VALUES (4101, 4001, 10000), (4102, 4002, 4000), (4103, 4003, 9000), (4105, 4005, 8000);
INSERT INTO explore_feed_sessions (id, user_id, session_start, session_end) VALUES
  (4501, 4201, '2024-06-10 10:00+00', '2024-06-10 10:05+00'),     -- 300 s
  (4502, NULL, '2024-06-10 12:00+00', NULL),                      -- open, anonymous
  (4503, 4201, '2024-06-09 11:59+00', '2024-06-09 12:00+00'),     -- 60 s
  (4504, 4204, '2024-06-11 00:00+00', '2024-06-11 00:00:40+00'),  -- 40 s
  (4505, 4204, '2024-06-10 00:00+00', '2024-06-10 00:01:40+00'),  -- 100 s
  (4506, 4204, '2024-01-01 00:00+00', NULL);                      -- open, without events
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at) VALUES
  -- Content 4001 on 10 June: 5 views (viewers 4208, 4201, 4202, -4502 and nobody), 2 completions (a view, a complete),
  -- 2 saves (completed on a save counts nothing), 1 share, 2 clicks, 1 skip; 3 + 20 + 10.5 + 5 + 1 + 0.5 = 40 s.
  -- Completion rate 100 * 2 / 5 = 40, engagement rate 100 * 5 / 5 = 100, score (80 + 60 + 20 + 20 - 20) / 5 = 32.
  (4001, 4208, NULL, 'view',        3000, false, '2024-06-10 00:00:00+00'),          -- the first instant of the day
  (4001, 4201, 4501, 'impression',     0, false, '2024-06-10 10:00:00+00'),
  (4001, 4201, 4501, 'view',       20000, true,  '2024-06-10 10:00:01+00'),          -- looped: longer than the video
  (4001, 4201, 4501, 'save',           0, false, '2024-06-10 10:00:20+00'),
  (4001, 4201, 4501, 'click',          0, false, '2024-06-10 10:01:00+00'),
  (4001, 4202, NULL, 'view',       10500, false, '2024-06-10 11:00:00+00'),
  (4001, 4202, NULL, 'share',          0, false, '2024-06-10 11:00:30+00'),
  (4001, 4202, NULL, 'complete',     500, false, '2024-06-10 11:01:00+00'),
  (4001, NULL, 4502, 'view',        5000, false, '2024-06-10 12:00:10+00'),
  (4001, NULL, 4502, 'click',          0, false, '2024-06-10 12:00:20+00'),
  (4001, NULL, NULL, 'view',        1000, false, '2024-06-10 13:00:00+00'),
  (4001, NULL, NULL, 'skip',           0, false, '2024-06-10 13:00:05+00'),
  (4001, 4203, NULL, 'save',           0, true,  '2024-06-10 14:00:00+00'),
  -- Around it: the day before (8 s, session 4503), the month (4 s), long ago (2 s), and the first instant after (1 s).
  -- All time: 9 views, 7 viewers, 55 s; completion rate 200 / 9, score 160 / 9.
  (4001, 4201, 4503, 'view',        8000, false, '2024-06-09 11:59:30+00'),
  (4001, 4205, NULL, 'view',        4000, false, '2024-05-20 12:00:00+00'),
  (4001, 4206, NULL, 'view',        2000, false, '2024-01-01 12:00:00+00'),
  (4001, 4207, NULL, 'view',        1000, false, '2024-06-11 00:00:00+00'),
  -- Content 4002: 2 views, 4 completions (3 came without their view): 200 percent; 2 saves; (160 + 60) / 2 = 110, so score 100.
  (4002, 4201, 4501, 'view',        6000, false, '2024-06-10 10:02:00+00'),
  (4002, 4209, NULL, 'view',        4000, true,  '2024-06-10 15:00:00+00'),
  (4002, 4209, NULL, 'complete',       0, false, '2024-06-10 16:00:00+00'),
  (4002, 4209, NULL, 'complete',       0, true,  '2024-06-10 16:01:00+00'),
  (4002, 4209, NULL, 'complete',       0, false, '2024-06-10 16:02:00+00'),
  (4002, 4209, NULL, 'save',           0, false, '2024-06-10 16:03:00+00'),
  (4002, 4210, NULL, 'save',           0, false, '2024-06-10 16:04:00+00'),
  -- Content 4003: a skip of 0.7 s and no view: rates and score 0. Content 4005: (-40) / 1, so score 0.
  (4003, 4201, 4501, 'skip',         700, false, '2024-06-10 10:03:00+00'),
  (4005, 4202, NULL, 'view',        1000, false, '2024-06-10 17:00:00+00'),
  (4005, 4202, NULL, 'skip',           0, false, '2024-06-10 17:00:01+00'),
  (4005, 4203, NULL, 'skip',           0, true,  '2024-06-10 17:00:02+00'),
  -- Content 4004, without a video: 1 view, 1 share: score 20. Content 4006: 1 view, unknown so far.
  (4004, 4210, NULL, 'view',        2000, false, '2024-06-10 18:00:00+00'),
  (4004, 4210, NULL, 'share',          0, false, '2024-06-10 18:00:01+00'),
  (4006, 4299, NULL, 'view',        9000, false, '2024-06-10 19:00:00+00');

\x
SELECT * FROM video_analytics(4101, '2024-06-10', '2024-06-11');
SELECT * FROM video_analytics(video_id => 4101);
SELECT * FROM video_analytics(4102, '2024-06-10', '2024-06-11');
SELECT * FROM video_analytics(4103);
SELECT * FROM video_analytics(4105);
\x
-- Half-open bounds, to the microsecond, and an empty range.
SELECT from_time, to_time, total_views, unique_viewers, total_watch_time FROM (VALUES
  ('2024-06-10 00:00+00'::timestamptz, '2024-06-11 00:00+00'::timestamptz), ('2024-06-10 00:00:00.000001+00', '2024-06-11 00:00+00'),
  ('2024-06-10 00:00+00', '2024-06-11 00:00:00.000001+00'), ('2024-06-10 00:00+00', '2024-06-10 00:00+00'), ('2024-06-11 00:00+00', NULL), (NULL, '2024-05-20 12:00+00')) v(from_time, to_time),
  LATERAL video_analytics(4101, from_time, to_time);
-- Sums over adjacent ranges are those of their union, distinct viewers are not: 4201 comes on both days.
SELECT sum(total_views) AS views, sum(total_watch_time) AS watch_time, sum(completions) AS completions, sum(saves) AS saves, sum(unique_viewers) AS unique_viewers FROM (
  SELECT * FROM video_analytics(4101, NULL, '2024-06-10') UNION ALL SELECT * FROM video_analytics(4101, '2024-06-10', NULL)) x;
-- Every rate of the day of 4001 from its summary.
SELECT average_watch_time(s), completion_rate(s), engagement_rate(s), save_rate(s), share_rate(s), click_rate(s), skip_rate(s), unidentified_views(s), impressions(s), total_engagements(s)
FROM content_summary(4001, '2024-06-10', '2024-06-11') s;
-- Ids that are not there, and arguments that cannot be.
CREATE TEMP TABLE bad (n int GENERATED ALWAYS AS IDENTITY, call text);
INSERT INTO bad (call) VALUES
  ('video_analytics(4199)'), ('video_analytics(4001)'), ('video_analytics(NULL)'), ('video_analytics(0)'), ('video_analytics(-4101)'),
  ('video_analytics(4101, ''2024-06-11'', ''2024-06-10'')'), ('video_analytics(4101, ''-infinity'')'), ('video_analytics(4101, NULL, ''infinity'')'),
  ('videos_analytics(NULL, ''2024-06-11'', ''2024-06-10'')'), ('videos_analytics(creator_id => 0)'),
  ('creator_analytics()'), ('creator_analytics(0)'), ('creator_analytics(4901, ''2024-06-11'', ''2024-06-10'')'), ('creator_analytics(4901, ''infinity'')'),
  ('session_analytics(4599)'), ('session_analytics(NULL)'), ('session_analytics(0)'),
  ('aggregated_metrics(''year'')'), ('aggregated_metrics(''Day'')'), ('aggregated_metrics('''')'), ('aggregated_metrics(''day'', 0)'), ('aggregated_metrics(''day'', NULL, ''infinity'')'),
  ('creator_dashboard()'), ('creator_dashboard(4901, ''year'')'), ('creator_dashboard(-1)'), ('my_analytics_dashboard()'), ('my_analytics_dashboard(''decade'')'),
  ('content_summary(NULL)'), ('content_summary(0)'), ('creator_summary(NULL)'), ('creator_summary(-1)'),
  ('platform_summary(''2024-06-11'', ''2024-06-10'')'), ('platform_summary(''infinity'')');
SELECT call, pg_temp.refused('SELECT * FROM ' || call) FROM bad ORDER BY n;
SELECT call AS without_a_hint FROM bad WHERE coalesce(pg_temp.hint('SELECT * FROM ' || call), '') = '' ORDER BY n;
-- A content's id passed as a video's gets the video named; the others say what to do.
SELECT pg_temp.hint('SELECT * FROM video_analytics(4001)');
SELECT call, pg_temp.hint('SELECT * FROM ' || call) <> '' AS has_hint FROM (VALUES ('video_analytics(4199)'), ('video_analytics(4004)'), ('session_analytics(4599)')) v(call);
SELECT call, pg_temp.hint('SELECT ' || call) ~ 'explore_analytics\.user_id' AS names_the_setting FROM (VALUES ('creator_analytics()'), ('creator_dashboard()'), ('my_analytics_dashboard()')) v(call);
SELECT hint ~ 'day' AND hint ~ 'week' AND hint ~ 'month' AND hint ~ 'all' AS names_the_four FROM pg_temp.hint('SELECT aggregated_metrics(''year'')') hint;

-- Many videos: ordered by video_id, once each, unknown ids left out; NULL is all, an empty array is none.
SELECT video_id, content_id, total_views, unique_viewers, total_watch_time, completion_rate, completions, saves, shares, clicks, skips, engagement_rate, average_engagement_score
FROM videos_analytics(ARRAY[4105, 4101, 4199, NULL, 4101, 4102], '2024-06-10', '2024-06-11');
SELECT video_id, total_views FROM videos_analytics();
SELECT video_id, total_views FROM videos_analytics(creator_id => 4902);
SELECT video_id, total_views FROM videos_analytics('{4101,4103}', creator_id => 4902);
SELECT count(*) FROM videos_analytics('{}');
SELECT count(*) FROM videos_analytics(creator_id => 4903);
-- The one and the many say the same.
SELECT count(*) FROM explore_discovery_videos v, LATERAL (SELECT * FROM video_analytics(v.id, '2024-06-10', '2024-06-11') EXCEPT SELECT * FROM videos_analytics(NULL, '2024-06-10', '2024-06-11')) d;

-- A creator on 10 June: 3 contents; 5 + 2 + 1 views by 4208, 4201 (twice), 4202, -4502, 4209, 4210 and nobody: 6 viewers;
-- 40 + 10 + 2 s; 6 completions: 75 percent, pooled; 4 saves, 2 shares, 2 clicks: 100 percent.
\x
SELECT creator_id, total_videos, total_views, unique_viewers, total_watch_time, average_completion_rate, total_saves, total_shares, total_clicks, engagement_rate,
       jsonb_pretty(top_performing_videos) AS top_performing_videos
FROM creator_analytics(4901, '2024-06-10', '2024-06-11');
-- All time: 9 + 2 + 1 views by 9 viewers, 55 + 10 + 2 s, 100 * 6 / 12 and 100 * 8 / 12 percent.
SELECT creator_id, total_videos, total_views, unique_viewers, total_watch_time, average_completion_rate, total_saves, total_shares, total_clicks, engagement_rate
FROM creator_analytics(4901);
-- Contents without views are listed; a creator without content, known or not, gets zeros.
SELECT * FROM creator_analytics(4902, '2024-06-10', '2024-06-11');
SELECT * FROM creator_analytics(4903);
\x
-- NULL is the current creator.
SET explore_analytics.user_id = '4901';
SELECT creator_id, total_views FROM creator_analytics(NULL, '2024-06-10', '2024-06-11');
SELECT creator_id, total_views FROM creator_analytics();
RESET explore_analytics.user_id;
-- The ten best by score, views, content id. The scores of 4011 to 4022: 4015 has 40, 4020 and 4013 have 30 (4020 with more views), the others none.
INSERT INTO explore_content (id, creator_id, title) SELECT n, 4904, 'Number ' || n FROM generate_series(4011, 4022) n;
INSERT INTO explore_engagements (content_id, engagement_type, completed, created_at) VALUES
  (4015, 'view', true, '2024-06-10'), (4013, 'view', false, '2024-06-10'), (4013, 'save', false, '2024-06-10'),
  (4020, 'view', false, '2024-06-10'), (4020, 'view', false, '2024-06-10'), (4020, 'save', false, '2024-06-10'), (4020, 'save', false, '2024-06-10');
SELECT string_agg(t->>'contentId' || '=' || (t->>'engagementScore'), ' ' ORDER BY o) FROM creator_analytics(4904), jsonb_array_elements(top_performing_videos) WITH ORDINALITY x(t, o);
DELETE FROM explore_engagements WHERE content_id BETWEEN 4011 AND 4022;
DELETE FROM explore_content WHERE creator_id = 4904;

-- Session 4501: views of 2 contents (26.7 s with the skip), 1 completion, 1 save, 1 click; 26.7 / 2 and 100 * 2 / 2.
-- 4502 is open: 20 s until its last event. 4503 belongs to the day before. 4504 has no events, 4506 is open without any.
SELECT s.* FROM unnest('{4501,4502,4503,4504,4506}'::bigint[]) id, session_analytics(id) s;

-- Periods before 11 June 00:00, that instant excluded. The day: 8 + 1 + 1 + 0 views of 4901, 4005 and 4006 by 6 viewers and 4299
-- (4202 is known already); 52 + 1 + 0.7 + 9 s; sessions 4501 (300 s), 4505 (100 s) and 4502 (open).
-- The week adds session 4503 (60 s) and its view of 8 s; the month the view of 4205 (4 s); all 4206 (2 s), 4207 (1 s) and sessions 4504 (40 s) and 4506.
SELECT m.* FROM unnest('{day,week,month,all}'::text[]) p, aggregated_metrics(p, NULL, '2024-06-11 00:00+00') m;
-- A creator's sessions are those with an event on their content: 4501 and 4502 for 4901, 4501 for 4902.
SELECT m.* FROM unnest('{day,week,month,all}'::text[]) p, aggregated_metrics(p, creator_id => 4901, as_of => '2024-06-11 00:00+00') m;
SELECT * FROM aggregated_metrics('day', 4902, '2024-06-11 00:00+00');
SELECT * FROM aggregated_metrics('day', 4903, '2024-06-11 00:00+00');
-- as_of counts to the microsecond: the view at 00:00 of the 11th comes in, that at 00:00 of the 10th goes out.
SELECT total_views, total_watch_time FROM aggregated_metrics('day', 4901, '2024-06-11 00:00:00.000001+00');
-- 30 days, not a calendar month; 7 days likewise.
SELECT period, total_views FROM (VALUES ('month', '2024-06-19 12:00+00'::timestamptz), ('month', '2024-06-19 12:00:00.000001+00'), ('week', '2024-06-16 11:59:30+00'), ('week', '2024-06-16 11:59:30.000001+00')) v(p, at),
  aggregated_metrics(p, 4901, at);
-- all ignores as_of.
SELECT total_views, total_sessions FROM aggregated_metrics('all', NULL, '2000-01-01');
-- Now: the rows of the running transaction count, with no upper bound.
BEGIN;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES
  (4001, 4211, 'view', now()), (4001, 4212, 'view', clock_timestamp()), (4001, 4213, 'view', now() + interval '1 hour'),
  (4001, 4214, 'view', now() - interval '23 hours'), (4001, 4215, 'view', now() - interval '25 hours'), (4001, 4216, 'view', now() - interval '29 days');
SELECT period, total_views, total_unique_viewers FROM unnest('{day,week,month}'::text[]) p, aggregated_metrics(p, 4901);
ROLLBACK;

-- The dashboard of a day, and of the day before for comparison: 1 view by 4201, 8 s, session 4503 of 60 s.
SELECT jsonb_pretty(creator_dashboard(4901, 'day', '2024-06-11 00:00+00'));
SET explore_analytics.user_id = '4901';
SELECT my_analytics_dashboard('day', '2024-06-11 00:00+00') = creator_dashboard(4901, 'day', '2024-06-11 00:00+00') AS same,
       my_analytics_dashboard() = creator_dashboard(NULL, NULL, NULL) AS defaults, my_analytics_dashboard()#>>'{periodMetrics,period}' AS period;
RESET explore_analytics.user_id;
-- all has no period before it.
SELECT d#>'{periodMetrics,previous}' AS previous, d#>'{periodMetrics,totalViews}' AS views, d->'engagementBreakdown' AS breakdown FROM creator_dashboard(4901, 'all') d;
SELECT jsonb_pretty(creator_dashboard(4903, 'week', '2024-06-11 00:00+00') - 'periodMetrics');
-- Ids in jsonb are numbers up to 2^53 - 1, and strings beyond.
INSERT INTO explore_content (id, creator_id, title) VALUES (9007199254740991, 4905, 'Number'), (9007199254740993, 4905, 'String');
INSERT INTO explore_discovery_videos (id, content_id) VALUES (9007199254740992, 9007199254740991), (9007199254740990, 9007199254740993);
SELECT t->'contentId' AS content, t->'videoId' AS video FROM creator_analytics(4905), jsonb_array_elements(top_performing_videos) t;
SELECT t->'contentId' AS content, t->'videoId' AS video FROM creator_dashboard(4905) d, jsonb_array_elements(d->'topPerformingVideos') t;
DELETE FROM explore_discovery_videos WHERE content_id > 9007199254740000;
DELETE FROM explore_content WHERE creator_id = 4905;

-- A content's row appears: its event counts for the creator from now on, and always did for the platform.
SELECT views(platform_summary()) AS platform, views(content_summary(4006)) AS content, views(creator_summary(4902)) AS creator;
INSERT INTO explore_content (id, creator_id) VALUES (4006, 4902);
SELECT views(platform_summary()) AS platform, views(content_summary(4006)) AS content, views(creator_summary(4902)) AS creator;
-- Unknown ids give the empty summary.
SELECT views(content_summary(4099)) AS content, unique_viewers(creator_summary(4999)) AS creator, content_summary(4099) IS NULL AS is_null;
-- The numbers follow the present creator: 4001 goes from 4901 to 4902, with all its history.
SELECT creator_id, total_videos, total_views, unique_viewers FROM unnest('{4901,4902}'::bigint[]) c, creator_analytics(c);
UPDATE explore_content SET creator_id = 4902 WHERE id = 4001;
SELECT creator_id, total_videos, total_views, unique_viewers FROM unnest('{4901,4902}'::bigint[]) c, creator_analytics(c);
SELECT total_views, total_sessions FROM aggregated_metrics('day', 4902, '2024-06-11 00:00+00');
SELECT total_views FROM video_analytics(4101);

-- One door: a role with an identity sees its own content, and the same words whether the rest exists or not.
SET client_min_messages = warning;
DROP ROLE IF EXISTS regress_explore_reader;
RESET client_min_messages;
CREATE ROLE regress_explore_reader;
SELECT explore_analytics.grant_access('regress_explore_reader', 'read');
SET explore_analytics.user_id = '4902';
SET ROLE regress_explore_reader;
SELECT video_id, total_views FROM videos_analytics();
SELECT call, pg_temp.refused('SELECT * FROM ' || call) FROM (VALUES ('video_analytics(4101)'), ('video_analytics(4102)'), ('video_analytics(4199)'), ('creator_analytics(4902)'), ('creator_analytics(4901)'), ('creator_analytics(4999)'),
  ('creator_dashboard(4901)'), ('content_summary(4002)'), ('content_summary(4099)'), ('platform_summary()'), ('aggregated_metrics(''day'')'), ('aggregated_metrics(''day'', 4902)'),
  ('session_analytics(4501)'), ('session_analytics(4599)'), ('record_engagement(4001, ''view'')'), ('explore_engagements'), ('explore_content')) v(call);
SELECT count(*) FROM explore_creator_daily WHERE creator_id <> 4902;
RESET ROLE;
RESET explore_analytics.user_id;
DROP OWNED BY regress_explore_reader;
DROP ROLE regress_explore_reader;

-- Nothing stays behind.
DELETE FROM explore_engagements WHERE content_id BETWEEN 4001 AND 4099;
DELETE FROM explore_discovery_videos WHERE content_id BETWEEN 4001 AND 4099;
DELETE FROM explore_content WHERE id BETWEEN 4001 AND 4099;
DELETE FROM explore_feed_sessions WHERE id BETWEEN 4501 AND 4599;
SELECT (SELECT count(*) FROM explore_engagements) AS events, (SELECT count(*) FROM explore_content) AS contents, (SELECT count(*) FROM explore_feed_sessions) AS sessions;
