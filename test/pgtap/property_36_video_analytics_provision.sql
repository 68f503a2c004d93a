-- Property 36: for any video and any mix of engagements recorded through the API, video_analytics
-- provides views, watch time, completion rate, saves, shares and clicks that agree with plain SQL over
-- explore_engagements and with what was sent.
\set QUIET on
SET client_min_messages = warning;
SET timezone = 'UTC';
BEGIN;
SELECT plan(114);
SELECT FROM (SELECT setseed(0.36)) s;

-- 100 videos; ids of videos, contents and creators have nothing to do with each other.
INSERT INTO explore_content (id, creator_id, title) SELECT 1000 + 7 * n, 1 + n % 9, 'video ' || n FROM generate_series(1, 100) n;
INSERT INTO explore_discovery_videos (id, content_id, duration_ms) SELECT 5000 - n, 1000 + 7 * n, 8000 + floor(52000 * random())::int FROM generate_series(1, 100) n;
INSERT INTO explore_feed_sessions (id, user_id) SELECT n, CASE WHEN n % 3 > 0 THEN n END FROM generate_series(1, 30) n;

-- ---------------------------------------------------------------------------------------------------
-- What is sent: 0 to 120 items a video, of types in proportions of the video's own, some without views
-- ---------------------------------------------------------------------------------------------------
CREATE TEMPORARY TABLE video AS
SELECT v.id AS video_id, v.content_id, CASE WHEN random() < 0.05 THEN 0 ELSE 1 + floor(120 * random() ^ 2)::int END AS items,
       random() AS p_view, random() AS p_complete, random() AS p_user, random() AS p_event
FROM explore_discovery_videos v ORDER BY v.id;
CREATE TEMPORARY TABLE sent AS
SELECT row_number() OVER (ORDER BY random()) AS n, x.*
FROM (SELECT v.content_id,
             CASE WHEN random() < p_view * p_view THEN 'view' ELSE (ARRAY['view', 'save', 'share', 'click', 'skip', 'complete', 'impression', 'progress'])[1 + floor(8 * random())::int] END AS type,
             CASE WHEN random() < p_user / 2 THEN 1 + floor(40 * random())::bigint END AS user_id,
             CASE WHEN random() < 0.5 THEN 1 + floor(6 * random())::bigint END AS session_id,
             -- Watch times at and around half a millisecond take part.
             CASE WHEN random() < 0.8 THEN (floor(1200000 * random()) / 10000)::numeric(12, 4) END AS watch_time,
             CASE WHEN random() < 0.9 THEN random() < p_complete END AS completed,
             now() - floor(200 * 86400 * random() * random()) * interval '1 second' AS created_at,
             -- Ids of events come back now and then: a repeat is a duplicate.
             CASE WHEN random() < p_event THEN ('00000000-0000-4000-8000-' || lpad(floor(9000 * random())::int::text, 12, '0'))::uuid END AS event_id
      FROM video v, generate_series(1, v.items) i) x;
-- Few completes bring watch time.
UPDATE sent SET watch_time = NULL WHERE type = 'complete' AND n % 3 > 0;

-- What is to be stored, decided row by row in the order of sending, by the words of the definitions: a
-- repeated event id is a duplicate; a viewing (viewer, content, session) completes once: a complete counts when nothing
-- completed it before, else its watch time is progress, and the first completed view after it takes its place.
CREATE TEMPORARY TABLE stored (n bigint, content_id bigint, type text, viewer bigint, ms int, completed boolean, created_at timestamptz);
CREATE TEMPORARY TABLE expected_duplicate (n bigint);
CREATE FUNCTION pg_temp.decide() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  s record;
  viewer bigint;
  viewing text;
  is_complete boolean;
  counts boolean;
  events uuid[] := '{}';
  by_view text[] := '{}';       -- viewings with a completed view
  by_complete text[] := '{}';   -- viewings with a complete that no completed view has taken the place of
BEGIN
  FOR s IN SELECT x.*, f.user_id AS session_user_id FROM sent x LEFT JOIN explore_feed_sessions f ON f.id = x.session_id ORDER BY x.n LOOP
    IF s.event_id = ANY (events) THEN
      INSERT INTO expected_duplicate VALUES (s.n);
      CONTINUE;
    END IF;
    IF s.event_id IS NOT NULL THEN events := events || s.event_id; END IF;
    viewer := coalesce(s.user_id, s.session_user_id, -s.session_id);
    is_complete := s.type = 'complete';
    counts := s.type = 'view' AND coalesce(s.completed, false);
    IF s.session_id IS NOT NULL AND (is_complete OR counts) THEN
      viewing := concat_ws('/', s.session_id, s.content_id, viewer);
      IF is_complete AND (viewing = ANY (by_view) OR viewing = ANY (by_complete)) THEN
        IF coalesce(round(s.watch_time * 1000), 0) = 0 THEN
          INSERT INTO expected_duplicate VALUES (s.n);
          CONTINUE;
        END IF;
        s.type := 'progress';
      ELSIF is_complete THEN
        by_complete := by_complete || viewing;
      ELSIF viewing = ANY (by_complete) THEN
        counts := false;
        by_complete := array_remove(by_complete, viewing);
        by_view := by_view || viewing;
      ELSE
        by_view := by_view || viewing;
      END IF;
    END IF;
    INSERT INTO stored VALUES (s.n, s.content_id, s.type, viewer, coalesce(round(s.watch_time * 1000), 0), counts, s.created_at);
  END LOOP;
END $$;
SELECT pg_temp.decide() \g /dev/null

-- ---------------------------------------------------------------------------------------------------
-- Sent in that order: one by one, or in batches of runs of items, with keys in camelCase or snake_case
-- ---------------------------------------------------------------------------------------------------
CREATE TEMPORARY TABLE run AS
SELECT n / 40 AS grp, n / 40 % 3 = 0 AS single, array_agg(n ORDER BY n) AS ns FROM sent GROUP BY 1, 2;
CREATE TEMPORARY TABLE answer (way text, recorded bigint, duplicates bigint, rejected bigint);
CREATE FUNCTION pg_temp.send() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  r record;
  s record;
  said text;
BEGIN
  FOR r IN SELECT * FROM run ORDER BY grp LOOP
    IF r.single THEN
      FOR s IN SELECT * FROM sent WHERE n = ANY (r.ns) ORDER BY n LOOP
        said := record_engagement(s.content_id, s.type, s.user_id, s.session_id, s.watch_time, s.completed, s.created_at, s.event_id, jsonb_build_object('n', s.n));
        INSERT INTO answer VALUES ('single', (said = 'recorded')::int, (said = 'duplicate')::int, 0);
      END LOOP;
    ELSE
      INSERT INTO answer SELECT 'batch', b.recorded, b.duplicates, b.rejected FROM record_engagement_batch(
        (SELECT CASE WHEN r.grp % 2 = 0 THEN jsonb_agg(item ORDER BY n) ELSE jsonb_build_object('engagements', jsonb_agg(item ORDER BY n)) END
         FROM (SELECT x.n, CASE WHEN x.n % 2 = 0
             THEN jsonb_build_object('contentId', x.content_id, 'engagementType', x.type, 'userId', x.user_id, 'sessionId', x.session_id, 'watchTime', x.watch_time,
                    'completed', x.completed, 'createdAt', x.created_at, 'eventId', x.event_id, 'metadata', jsonb_build_object('n', x.n))
             ELSE jsonb_strip_nulls(jsonb_build_object('content_id', x.content_id::text, 'engagement_type', x.type, 'user_id', x.user_id::text, 'session_id', x.session_id, 'watch_time', x.watch_time,
                    'completed', x.completed, 'created_at', to_char(x.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'event_id', x.event_id, 'metadata', jsonb_build_object('n', x.n), 'color', 'red')) END AS item
           FROM sent x WHERE x.n = ANY (r.ns)) i)) b;
    END IF;
  END LOOP;
END $$;
SELECT pg_temp.send() \g /dev/null

SELECT diag(format('%s items sent, %s one by one in %s calls, %s batches; %s stored, %s duplicates, of which %s by viewing', (SELECT count(*) FROM sent),
  (SELECT sum(cardinality(ns)) FROM run WHERE single), (SELECT count(*) FROM answer WHERE way = 'single'), (SELECT count(*) FROM answer WHERE way = 'batch'),
  (SELECT count(*) FROM stored), (SELECT count(*) FROM expected_duplicate),
  (SELECT count(*) FROM expected_duplicate d JOIN sent s USING (n) WHERE s.type = 'complete' AND NOT EXISTS (SELECT FROM sent e WHERE e.event_id = s.event_id AND e.n < s.n))));
SELECT cmp_ok((SELECT count(*) FROM answer WHERE way = way2), '>=', least_of::bigint, 'Property 36: video analytics provision: enough is sent by ' || way2) FROM (VALUES ('single', 1000), ('batch', 50)) w(way2, least_of);
SELECT cmp_ok((SELECT count(*) FROM expected_duplicate d JOIN sent s USING (n) WHERE s.type = 'complete' AND s.event_id IS NULL), '>=', 10::bigint,
  'Property 36: video analytics provision: viewings that complete twice take part');
SELECT cmp_ok((SELECT count(*) FROM stored JOIN sent USING (n) WHERE sent.completed AND sent.type = 'view' AND NOT stored.completed), '>=', 10::bigint,
  'Property 36: video analytics provision: views completed after their complete take part');
SELECT results_eq('SELECT sum(recorded)::bigint, sum(duplicates)::bigint, sum(rejected)::bigint FROM answer',
  'SELECT (SELECT count(*) FROM stored), (SELECT count(*) FROM expected_duplicate), 0::bigint', 'Property 36: video analytics provision: recorded and duplicate as expected');
SELECT results_eq($$SELECT (metadata ->> 'n')::bigint, content_id, engagement_type::text, coalesce(user_id, -session_id), watch_time_ms, completed, created_at FROM explore_engagements ORDER BY 1$$,
  'SELECT * FROM stored ORDER BY 1', 'Property 36: video analytics provision: each row is stored as it was sent');

-- ---------------------------------------------------------------------------------------------------
-- The numbers: by the function, by plain SQL over the table, and from what was sent
-- ---------------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.by_function(video bigint, from_time timestamptz DEFAULT NULL, to_time timestamptz DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
  SELECT to_jsonb(a) FROM video_analytics(video, from_time, to_time) a
$$;
CREATE FUNCTION pg_temp.numbers(video bigint, content bigint, views numeric, viewers numeric, ms numeric, completions numeric, saves numeric, shares numeric, clicks numeric, skips numeric)
RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('video_id', video, 'content_id', content, 'total_views', views, 'unique_viewers', viewers, 'total_watch_time', (ms / 1000)::float8,
    'average_watch_time', CASE WHEN views = 0 THEN 0 ELSE (ms / 1000)::float8 / views::float8 END,
    'completion_rate', CASE WHEN views = 0 THEN 0 ELSE 100::float8 * completions::float8 / views::float8 END,
    'completions', completions, 'saves', saves, 'shares', shares, 'clicks', clicks, 'skips', skips,
    'engagement_rate', CASE WHEN views = 0 THEN 0 ELSE 100::float8 * (saves + shares + clicks)::float8 / views::float8 END,
    'average_engagement_score', CASE WHEN views = 0 THEN 0 ELSE least(100, greatest(0, (40 * completions + 30 * saves + 20 * shares + 10 * clicks - 20 * skips)::float8 / views::float8)) END)
$$;
CREATE FUNCTION pg_temp.by_table(video bigint, from_time timestamptz DEFAULT '-infinity', to_time timestamptz DEFAULT 'infinity') RETURNS jsonb LANGUAGE sql AS $$
  SELECT pg_temp.numbers(v.id, v.content_id, count(*) FILTER (WHERE engagement_type = 'view'), count(DISTINCT coalesce(user_id, -session_id)) FILTER (WHERE engagement_type = 'view'),
    coalesce(sum(watch_time_ms), 0), count(*) FILTER (WHERE engagement_type = 'complete' OR engagement_type = 'view' AND completed), count(*) FILTER (WHERE engagement_type = 'save'),
    count(*) FILTER (WHERE engagement_type = 'share'), count(*) FILTER (WHERE engagement_type = 'click'), count(*) FILTER (WHERE engagement_type = 'skip'))
  FROM explore_discovery_videos v LEFT JOIN explore_engagements e ON e.content_id = v.content_id AND e.created_at >= from_time AND e.created_at < to_time
  WHERE v.id = video GROUP BY v.id
$$;
CREATE FUNCTION pg_temp.by_sending(video bigint, content bigint) RETURNS jsonb LANGUAGE sql AS $$
  SELECT pg_temp.numbers(video, content, count(*) FILTER (WHERE type = 'view'), count(DISTINCT viewer) FILTER (WHERE type = 'view'), coalesce(sum(ms), 0),
    count(*) FILTER (WHERE type = 'complete' OR completed), count(*) FILTER (WHERE type = 'save'), count(*) FILTER (WHERE type = 'share'),
    count(*) FILTER (WHERE type = 'click'), count(*) FILTER (WHERE type = 'skip'))
  FROM stored WHERE content_id = content
$$;
-- Averages that are one division may differ in the last bit from two; the rest is compared exactly.
CREATE FUNCTION pg_temp.difference(got jsonb, wanted jsonb) RETURNS text LANGUAGE sql AS $$
  SELECT coalesce(string_agg(format('%s: %s, not %s', k, got -> k, wanted -> k), '; '), '')
  FROM (SELECT jsonb_object_keys(got) UNION SELECT jsonb_object_keys(wanted)) x(k)
  WHERE got -> k IS DISTINCT FROM wanted -> k
    AND NOT (k = 'average_watch_time' AND abs((got ->> k)::float8 - (wanted ->> k)::float8) <= 1e-12 * (wanted ->> k)::float8)
$$;
-- Three ranges of each video's own take part as well: they split all time in three.
CREATE TEMPORARY TABLE bound AS
SELECT video_id, least(a, b) AS a, greatest(a, b) AS b
FROM (SELECT video_id, now() - 200 * random() * interval '1 day' AS a, coalesce((SELECT created_at FROM stored s WHERE s.content_id = v.content_id ORDER BY random() LIMIT 1), now()) AS b FROM video v) x;
SELECT is(concat_ws(' | ', nullif(pg_temp.difference(pg_temp.by_function(v.video_id), pg_temp.by_table(v.video_id)), ''),
                    nullif('sent: ' || nullif(pg_temp.difference(pg_temp.by_function(v.video_id), pg_temp.by_sending(v.video_id, v.content_id)), ''), ''),
                    nullif('range: ' || nullif(pg_temp.difference(pg_temp.by_function(v.video_id, b.a, b.b), pg_temp.by_table(v.video_id, b.a, b.b)), ''), ''),
                    nullif('sums: ' || nullif((SELECT string_agg(k, ', ') FROM unnest(ARRAY['total_views', 'completions', 'saves', 'shares', 'clicks', 'skips']) k
                       WHERE (pg_temp.by_function(v.video_id, NULL, b.a) ->> k)::bigint + (pg_temp.by_function(v.video_id, b.a, b.b) ->> k)::bigint
                             + (pg_temp.by_function(v.video_id, b.b) ->> k)::bigint <> (pg_temp.by_function(v.video_id) ->> k)::bigint), ''), '')),
          '', format('Property 36: video analytics provision: video %s, %s events', v.video_id, (SELECT count(*) FROM stored s WHERE s.content_id = v.content_id)))
FROM video v JOIN bound b USING (video_id) ORDER BY v.video_id;

-- The videos were worth it.
SELECT cmp_ok((SELECT count(*) FROM video v WHERE (pg_temp.by_function(video_id) ->> k)::float8 > 0), '>=', least_of::bigint, format('Property 36: video analytics provision: %s is above 0 for enough videos', k))
FROM (VALUES ('total_views', 70), ('total_watch_time', 80), ('completion_rate', 60), ('saves', 50), ('shares', 50), ('clicks', 50)) k(k, least_of);
SELECT cmp_ok((SELECT count(*) FROM video v WHERE (pg_temp.by_function(video_id) ->> 'total_views') = '0'), '>=', 1::bigint, 'Property 36: video analytics provision: some videos have no views');
SELECT bag_eq('SELECT a::text FROM videos_analytics() a', 'SELECT a::text FROM video v, video_analytics(v.video_id) a', 'Property 36: video analytics provision: videos_analytics says the same');

SELECT * FROM finish();
ROLLBACK;
