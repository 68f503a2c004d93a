-- The world as it will be: 426 contents of 15 creators, most of them with a video, and :events events.
-- How it comes about is the business of state_*.sql.
SELECT FROM (SELECT setseed(0.4711)) s;
CREATE SCHEMA oracle;

CREATE TABLE oracle.draft_content (id bigint, creator_id bigint, title text, category text, area text, is_active boolean DEFAULT true);
INSERT INTO oracle.draft_content
SELECT g, 1 + floor(12 * power(random(), 2))::bigint, 'Clip ' || g, 'category ' || g % 5, 'area ' || g % 7, random() < 0.9
FROM generate_series(1, 400) g;
-- Ids beyond 2^53 - 1, which JSON numbers cannot carry, and the last one they can.
INSERT INTO oracle.draft_content (id, creator_id, title)
SELECT 9007199254740985 + g, CASE WHEN g <= 3 THEN 9007199254740993 ELSE 3 END, 'Large id ' || g FROM generate_series(1, 12) g;
-- A creator whose videos all have the same score, some of them as many views, and some just enough for
-- the leaderboard: their order is decided by the rest.
INSERT INTO oracle.draft_content (id, creator_id, title) SELECT 400 + g, 55, 'Tie ' || g FROM generate_series(1, 14) g;

-- The ranges that every function is asked about.
CREATE TABLE oracle.range (name text PRIMARY KEY, s timestamptz, e timestamptz);
INSERT INTO oracle.range VALUES
  ('unbounded', NULL, NULL),
  ('open end', '2025-11-20 00:00:00+00', NULL),
  ('open start', NULL, '2025-10-26 01:00:00.000001+00'),
  ('days', '2025-10-01 00:00:00+00', '2025-11-01 00:00:00+00'),
  ('odd microseconds', '2025-10-30 17:23:45.123457+00', '2025-11-15 03:59:59.999999+00'),
  ('one microsecond', '2025-11-15 00:00:00+00', '2025-11-15 00:00:00.000001+00'),
  ('empty', '2025-11-15 00:00:00+00', '2025-11-15 00:00:00+00'),
  ('without events', '2031-01-01 00:00:00+00', '2031-02-01 00:00:00+00');

-- Nine of ten events in the hundred days from 20 September 2025 (the autumn's changes of clocks), the
-- others in the spring's, and some exactly on bounds, one microsecond before and one after. event_id
-- tells them apart; half is random.
CREATE TABLE oracle.draft (content_id bigint, user_id bigint, session_id bigint, engagement_type engagement_type, watch_time_ms int DEFAULT 0,
  completed boolean DEFAULT false, created_at timestamptz, event_id uuid DEFAULT gen_random_uuid(), half boolean DEFAULT random() < 0.5);
INSERT INTO oracle.draft (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
SELECT CASE WHEN p < 0.01 THEN 5000 + floor(10 * random())::bigint              -- content without a row
            WHEN p < 0.02 THEN 9007199254740986 + floor(10 * random())::bigint
            ELSE 1 + floor(380 * power(random(), 3))::bigint END,               -- 381 and on: without events
       CASE WHEN w < 0.02 THEN 9223372036854775807 - floor(50 * random())::bigint
            WHEN w < 0.70 THEN 1 + floor(200000 * power(random(), 2))::bigint END,
       CASE WHEN w BETWEEN 0.3 AND 0.9 THEN 1 + floor(:events * 0.11 * random())::bigint END,
       (ARRAY['view', 'view', 'view', 'view', 'view', 'save', 'share', 'click', 'skip', 'complete', 'impression', 'progress']
       )[1 + floor(12 * random())::int]::engagement_type,
       floor(100001 * random())::int, random() < 0.2,
       CASE WHEN g <= 0.9 * :events THEN timestamptz '2025-09-20 00:00+00' + random() * interval '100 days'
            ELSE timestamptz '2025-02-27 00:00+00' + random() * interval '45 days' END
FROM (SELECT g, random() AS p, random() AS w FROM generate_series(1, :events) g OFFSET 0) draw;
INSERT INTO oracle.draft (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
SELECT 1 + n % 40, CASE WHEN n % 3 > 0 THEN n END, CASE WHEN n % 3 < 2 THEN n END,
       (ARRAY['view', 'view', 'save', 'share', 'click', 'skip', 'complete', 'impression', 'progress'])[1 + n % 9]::engagement_type,
       n * 10, n % 2 = 0, b.at + (n % 3 - 1) * interval '1 microsecond'
FROM (SELECT DISTINCT unnest(ARRAY[s, e]) AS at FROM oracle.range
      UNION SELECT unnest(ARRAY['2025-11-01', '2025-12-01', '2025-11-02 05:00', '2025-03-09 05:00',
                                '2025-11-01 18:30']::timestamptz[])) b,
     generate_series(1, 84) n
WHERE b.at IS NOT NULL AND b.at < '2031-01-01';
INSERT INTO oracle.draft (content_id, user_id, engagement_type, watch_time_ms, completed, created_at)
SELECT 400 + g, u, 'view', 5000, true, '2025-10-05 12:00+00'
FROM unnest(ARRAY[9, 10, 10, 11, 12, 10, 9, 1, 2, 2, 3, 3, 3, 4]) WITH ORDINALITY v(views, g), generate_series(1, v.views) u;

-- Contents with rows: all of the draft, as they are now. Videos have other ids than their contents; one
-- content in seventeen has none.
CREATE PROCEDURE oracle.add_videos() LANGUAGE sql AS $$
  INSERT INTO explore_discovery_videos (id, content_id, duration_ms)
  SELECT CASE WHEN c.id < 1000 THEN 2000 - c.id ELSE c.id END, c.id, 8000 + (c.id % 50000)::int
  FROM explore_content c WHERE c.id % 17 <> 0 AND NOT EXISTS (SELECT FROM explore_discovery_videos v WHERE v.content_id = c.id)
$$;
CREATE PROCEDURE oracle.add_contents(which text DEFAULT 'true') LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('INSERT INTO explore_content (id, creator_id, title, category, area, is_active)
    SELECT id, creator_id, title, category, area, is_active FROM oracle.draft_content WHERE %s', which);
  CALL oracle.add_videos();
END $$;
CREATE PROCEDURE oracle.add_events(which text DEFAULT 'true') LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id)
    SELECT content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id FROM oracle.draft WHERE %s', which);
END $$;
