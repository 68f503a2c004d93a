-- audience_breakdown: who watches. Every edge is in test/pgtap/audience.sql, attacks in test/pgtap/audience_attacks.sql.
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';
SET extra_float_digits = 0;
\set VERBOSITY terse
\pset null '-'
CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

-- Twelve viewers of content 5611, eight of 5612; two visitors, and a view of nobody.
BEGIN;
INSERT INTO explore_content (id, creator_id, title) VALUES (5611, 5971, 'One'), (5612, 5972, 'Two');
INSERT INTO explore_viewers (user_id, birth_year, gender, language)
SELECT 56000 + n, 1985 + n, CASE WHEN n < 8 THEN 'f' WHEN n < 13 THEN 'm' WHEN n < 16 THEN 'x' END, CASE WHEN n % 4 > 0 THEN 'en' ELSE 'ar' END FROM generate_series(1, 18) n;
INSERT INTO explore_feed_sessions (id, user_id, session_start, device_type)
SELECT 56000 + n, CASE WHEN n < 19 THEN 56000 + n END, '2003-05-01', (ARRAY['phone', 'phone', 'tablet'])[1 + n % 3] FROM generate_series(1, 20) n;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
SELECT CASE WHEN n < 13 THEN 5611 ELSE 5612 END, CASE WHEN n < 19 THEN 56000 + n END, CASE WHEN n <> 5 THEN 56000 + n END, t::engagement_type, 1000, n % 2 = 0, '2003-05-02 12:00+00'
FROM generate_series(1, 20) n, unnest(ARRAY['view', 'save', 'progress']) t;
INSERT INTO explore_engagements (content_id, engagement_type, created_at) VALUES (5612, 'view', '2003-05-02 12:00+00');
SELECT * FROM audience_breakdown('gender', '2003-05-01', '2003-06-01', min_group => 1);
SELECT * FROM audience_breakdown('gender', '2003-05-01', '2003-06-01');
SELECT * FROM audience_breakdown('age_group', '2003-05-01', '2003-12-31 23:59:59.999999', min_group => 1);
SELECT value, viewers FROM audience_breakdown('age_group', '2003-05-01', '2004-01-01', min_group => 1);
SELECT value, viewers, views FROM audience_breakdown('device_type', '2003-05-01', '2003-06-01', content_id => 5611);
SELECT value, viewers, views FROM audience_breakdown('language', '2003-05-01', '2003-06-01', creator_id => 5972);
SELECT value, viewers FROM audience_breakdown('city', '2003-05-01', '2003-06-01');
SELECT * FROM audience_breakdown('gender', '2004-05-01', '2004-06-01');
SELECT pg_temp.refused(q) FROM unnest(ARRAY[$$SELECT * FROM audience_breakdown('shoe_size')$$, 'SELECT * FROM audience_breakdown(NULL)', $$SELECT * FROM audience_breakdown('gender', content_id => 5611, creator_id => 5971)$$,
  $$SELECT * FROM audience_breakdown('gender', creator_id => 0)$$, $$SELECT * FROM audience_breakdown('gender', '2003-05-02', '2003-05-01')$$]) q;
ROLLBACK;
