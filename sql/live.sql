-- live_metrics, concurrent_viewers, trending_content: what is going on. Every edge is in test/pgtap/live.sql.
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';
SET extra_float_digits = 0;
\set VERBOSITY terse
CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

-- Contents 5401 and 5402 of creator 5951, 5403 of 5952, and 5409 that has no row. Two events are on the ends of a minute.
BEGIN;
INSERT INTO explore_content (id, creator_id, title) VALUES (5401, 5951, 'Pool'), (5402, 5951, 'Balcony'), (5403, 5952, 'Garage');
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at) VALUES
  (5401, 1, NULL, 'view',       4000, '2003-06-01 11:57:00+00'),
  (5401, 1, NULL, 'progress',   6000, '2003-06-01 11:57:30+00'),
  (5401, 2, NULL, 'view',       2500, '2003-06-01 11:58:59.999999+00'),
  (5402, 2, NULL, 'view',       1000, '2003-06-01 11:59:00+00'),
  (5402, 2, NULL, 'skip',          0, '2003-06-01 11:59:10+00'),
  (5402, NULL, 7, 'view',       1000, '2003-06-01 11:59:20+00'),
  (5403, 3, NULL, 'share',         0, '2003-06-01 11:59:29+00'),
  (5403, 3, NULL, 'skip',          0, '2003-06-01 06:00:00+00'),
  (5409, 4, NULL, 'view',        500, '2003-06-01 11:59:30+00'),
  (5401, 5, NULL, 'save',          0, '2003-06-01 12:00:00+00');

-- The minutes before noon; at half past the last one is half of one; of a creator, and of a content.
SELECT * FROM live_metrics(5, as_of => '2003-06-01 12:00:00+00');
SELECT * FROM live_metrics(2, as_of => '2003-06-01 11:59:30+00');
SELECT * FROM live_metrics(3, creator_id => 5951, as_of => '2003-06-01 12:00:00+00');
SELECT * FROM live_metrics(3, content_id => 5401, as_of => '2003-06-01 12:00:00+00');
SELECT count(*), sum(views) FROM live_metrics(as_of => '2003-06-01 12:00:00+00');

-- Whoever viewed, once: user 2 watched two contents. A content without a row is the platform's only.
SELECT concurrent_viewers(as_of => '2003-06-01 12:00+00') AS all, concurrent_viewers(5402, as_of => '2003-06-01 12:00+00') AS balcony, concurrent_viewers(within => '1 minute', as_of => '2003-06-01 12:00+00') AS last_minute, concurrent_viewers(5409, as_of => '2003-06-01 12:00+00') AS unknown;

-- By age: after a half-life, 6 hours by default, an event counts half. Of one microsecond ago everything.
SELECT rank, content_id, title, round(score::numeric, 6) AS score FROM trending_content(as_of => '2003-06-01 12:00:00.000001+00');
SELECT rank, content_id, round(score::numeric, 6) AS score FROM trending_content('1 hour', '1 minute', 2, '2003-06-01 12:00:00+00');
SELECT * FROM trending_content('1 day', '1 hour', 5, '2003-06-01 07:00:00+00');
SELECT count(*) FROM trending_content('1 hour', as_of => '2003-06-01 11:57:00+00');

-- Now: what this transaction does counts at once.
SELECT record_engagement(5403, 'view', 6, watch_time => 1.5), record_engagement(5403, 'click', 6);
SELECT views, unique_viewers, watch_time, minute = date_trunc('minute', now()) AS now FROM live_metrics(1, content_id => 5403);
SELECT concurrent_viewers(5403), score FROM trending_content('1 minute', n => 1000) WHERE content_id = 5403;

-- Refused.
SELECT pg_temp.refused(q) FROM unnest(ARRAY['SELECT live_metrics(0)', 'SELECT live_metrics(10081)', 'SELECT live_metrics(5, 5951, 5401)', $$SELECT live_metrics(as_of => 'infinity')$$, $$SELECT concurrent_viewers(within => '0')$$, $$SELECT concurrent_viewers(-1)$$,
  $$SELECT trending_content(half_life => '-1 hour')$$, $$SELECT trending_content('1 day -24 hours')$$, 'SELECT trending_content(n => 0)']) q;
ROLLBACK;
