-- The data behind the examples of README.md and docs/: March 2025, two creators, six videos. No clock
-- and no random number is involved, so that every number is the same wherever it is loaded.
CREATE EXTENSION IF NOT EXISTS explore_analytics;
CALL explore_analytics.install();
SELECT explore_analytics.ensure_partitions('2025-03-01', '2025-04-30');

-- Roles are shared by the databases of a server, hence the check.
DO $$
DECLARE
  wanted name;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['feed_owner', 'feed_app', 'feed_bi', 'feed_reader', 'feed_gateway', 'feed_jobs'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I', wanted);
    END IF;
  END LOOP;
END $$;

INSERT INTO explore_content (id, creator_id, content_type, title, category, area, country, tags, created_at, updated_at) VALUES
  (101, 7, 'video', 'Two bedrooms above the marina', 'apartment', 'Dubai Marina', 'AE', '{sea view,balcony}', '2025-02-20 08:00+00', '2025-02-20 08:00+00'),
  (102, 7, 'video', 'Garden villa with a pool', 'villa', 'Al Barari', 'AE', '{garden,pool}', '2025-02-21 08:00+00', '2025-02-21 08:00+00'),
  (103, 7, 'video', 'Studio next to the metro', 'apartment', 'Al Barsha', 'AE', '{studio}', '2025-02-22 08:00+00', '2025-02-22 08:00+00'),
  (104, 8, 'video', 'Penthouse at sunset', 'penthouse', 'Downtown', 'AE', '{sea view,terrace}', '2025-02-23 08:00+00', '2025-02-23 08:00+00'),
  (105, 8, 'video', 'Townhouse for a family', 'townhouse', 'Arabian Ranches', 'AE', '{garden}', '2025-02-24 08:00+00', '2025-02-24 08:00+00'),
  (106, 8, 'video', 'Loft in the old harbour', 'loft', 'Al Jaddaf', 'AE', '{}', '2025-03-30 08:00+00', '2025-03-30 08:00+00'),
  (107, 8, 'article', 'The market in spring', NULL, NULL, 'AE', '{}', '2025-02-25 08:00+00', '2025-02-25 08:00+00');
INSERT INTO explore_discovery_videos (id, content_id, duration_ms, created_at) VALUES
  (41, 101, 24000, '2025-02-20 08:00+00'), (42, 102, 31500, '2025-02-21 08:00+00'), (43, 103, 15000, '2025-02-22 08:00+00'),
  (44, 104, 48000, '2025-02-23 08:00+00'), (45, 105, 20000, '2025-02-24 08:00+00'), (46, 106, 12000, '2025-03-30 08:00+00');
INSERT INTO explore_viewers (user_id, birth_year, gender, country, region, city, language, created_at)
SELECT 1000 + n, 1960 + n * 13 % 45, (ARRAY['female', 'male'])[1 + n % 2], 'AE', 'Dubai', 'Dubai',
       (ARRAY['en', 'ar', 'ru'])[1 + n % 3], '2025-01-01 00:00+00'
FROM generate_series(1, 41) n;

-- Two sessions a day; every sixth is an anonymous visitor, every tenth was never closed.
INSERT INTO explore_feed_sessions (id, user_id, session_start, device_type, platform, app_version, country, city, traffic_source)
SELECT s, CASE WHEN s % 6 <> 0 THEN 1001 + s * 17 % 41 END,
       timestamptz '2025-03-01 00:00+00' + make_interval(days => (s - 501) / 2, hours => 6 + s * 5 % 16, mins => s * 11 % 60),
       (ARRAY['phone', 'phone', 'tablet'])[1 + s % 3], (ARRAY['ios', 'android', 'web'])[1 + s % 3], '5.2.0', 'AE', 'Dubai',
       (ARRAY['search', 'direct', 'campaign', 'friend'])[1 + s % 4]
FROM generate_series(501, 560) s;

-- A visit: perhaps an impression, a view, and what follows it.
CREATE TEMP TABLE visit AS
SELECT n, s.id AS session_id, s.user_id, v.content_id, v.duration_ms,
       s.session_start + make_interval(secs => 45 * place) AS viewed_at,
       (v.duration_ms * (8 + n * 29 % 113) / 100) AS watched_ms,
       n * 31 % CASE v.content_id WHEN 102 THEN 5 WHEN 103 THEN 23 ELSE 11 END = 0 AS saves
FROM explore_feed_sessions s
CROSS JOIN LATERAL generate_series(0, 2 + s.id * 7 % 5) place
CROSS JOIN LATERAL (SELECT (s.id - 500) * 8 + place AS n) x
CROSS JOIN LATERAL (
  SELECT c.content_id, c.duration_ms FROM (VALUES
    (30, 102, 31500), (54, 101, 24000), (72, 104, 48000), (86, 105, 20000), (96, 103, 15000), (100, 107, 30000)) c(below, content_id, duration_ms)
  WHERE n * 37 % 100 < c.below ORDER BY c.below LIMIT 1) v;

INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
SELECT content_id, user_id, session_id, what::engagement_type, watch_time_ms, completed, at
FROM visit, LATERAL (VALUES
  ('impression', n % 2 = 0, 0, false, viewed_at - interval '1 second'),
  ('view', true, watched_ms, watched_ms >= duration_ms, viewed_at),
  ('complete', watched_ms >= 0.92 * duration_ms AND watched_ms < duration_ms, 0, false, viewed_at + interval '30 seconds'),
  ('save', saves, 0, false, viewed_at + interval '32 seconds'),
  ('share', n % 17 = 0, 0, false, viewed_at + interval '34 seconds'),
  ('click', n % 7 = 0, 0, false, viewed_at + interval '36 seconds'),
  ('skip', watched_ms < 0.2 * duration_ms, 0, false, viewed_at + interval '5 seconds')) e(what, happens, watch_time_ms, completed, at)
WHERE happens ORDER BY at, n;
-- Embedded players that know neither user nor session.
INSERT INTO explore_engagements (content_id, engagement_type, watch_time_ms, created_at)
SELECT 102, 'view', 9000, timestamptz '2025-03-10 12:00+00' + make_interval(days => d) FROM generate_series(0, 3) d;

INSERT INTO explore_saved_properties (user_id, content_id, saved_at)
SELECT user_id, content_id, min(created_at) FROM explore_engagements
WHERE engagement_type = 'save' AND user_id IS NOT NULL GROUP BY user_id, content_id;
UPDATE explore_feed_sessions s SET session_end = (
  SELECT max(created_at) + interval '20 seconds' FROM explore_engagements e WHERE e.session_id = s.id)
WHERE s.id % 10 <> 3;
DROP TABLE visit;

-- New rows get ids of their own.
SELECT setval(pg_get_serial_sequence('explore_content', 'id'), 107),
       setval(pg_get_serial_sequence('explore_discovery_videos', 'id'), 46),
       setval(pg_get_serial_sequence('explore_feed_sessions', 'id'), 560);
