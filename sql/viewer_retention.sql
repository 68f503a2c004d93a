-- viewer_retention, viewer_lifecycle and stickiness: who comes back. Every edge is in test/pgtap/viewer_retention.sql.
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

-- Four weeks from Monday, 7 April 2003: 5 viewers are new in the first week, 3 in the second, 2 in the third, one of them anonymous.
BEGIN;
INSERT INTO explore_content (id, creator_id, title) VALUES (5511, 5961, 'Mine'), (5512, 5962, 'Another''s');
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at)
SELECT 5511, v, 'view', timestamptz '2003-04-07 12:00+00' + w * interval '7 days' + v % 6 * interval '1 day'
FROM (VALUES (1, '{0,1,2,3}'::int[]), (2, '{0,1}'), (3, '{0,2}'), (4, '{0}'), (5, '{0,3}'), (6, '{1,2}'), (7, '{1,3}'), (8, '{1}'), (9, '{2,3}')) x(v, weeks), unnest(weeks) w;
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) VALUES (5511, 71, 'view', '2003-04-22 09:00+00'), (5511, 71, 'view', '2003-04-23 09:00+00'), (5511, NULL, 'view', '2003-04-23 09:00+00');
-- Viewer 4 was there before, but with another creator.
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (5512, 4, 'view', '2003-03-31 12:00+00');

SELECT cohort::date, period, cohort_size, retained, round(rate::numeric, 2) AS rate, round(lower::numeric, 2) AS lower, round(upper::numeric, 2) AS upper FROM viewer_retention('2003-04-07', '2003-05-05', periods => 4, creator_id => 5961, as_of => '2003-05-05');
SELECT cohort::date, string_agg(retained::text, ' ' ORDER BY period) AS recurring FROM viewer_retention('2003-04-07', '2003-05-05', periods => 4, kind => 'recurring', creator_id => 5961, as_of => '2003-05-05') GROUP BY 1 ORDER BY 1;
-- Of everybody viewer 4 is none of the first week's cohort; open cells are NULL.
SELECT cohort::date, cohort_size, string_agg(coalesce(retained::text, '-'), ' ' ORDER BY period) AS retained FROM viewer_retention('2003-04-07', '2003-05-05', periods => 3, as_of => '2003-04-29') GROUP BY 1, 2 ORDER BY 1;
SELECT cohort, period, cohort_size, retained FROM viewer_retention('2003-04-07 04:00+00', '2003-04-09 18:00+00', 'day', 'Asia/Kathmandu', 2, 'recurring', 5961, '2003-04-20');

SELECT bucket_start::date, new_viewers AS new, returning_viewers AS returning, resurrecting_viewers AS resurrecting, dormant_viewers AS dormant FROM viewer_lifecycle('2003-04-07', '2003-05-12', 'week', creator_id => 5961);
SELECT bucket_start::date, new_viewers AS new, returning_viewers AS returning, resurrecting_viewers AS resurrecting, dormant_viewers AS dormant FROM viewer_lifecycle('2003-04-21', '2003-04-25', creator_id => 5961);

SELECT a, s.* FROM unnest(ARRAY['2003-04-24 00:00+00', '2003-04-24 00:00:00.000001+00', '2003-05-04 00:00+00']::timestamptz[]) a, stickiness(a, creator_id => 5961) s;
SELECT * FROM stickiness('2003-04-24 00:00+00', 'Asia/Kathmandu', 5961);

-- Refused.
SELECT pg_temp.refused(q) FROM unnest(ARRAY['SELECT viewer_retention(bucket => ''year'')', 'SELECT viewer_retention(time_zone => ''CEST-2'')', 'SELECT viewer_retention(periods => 0)', 'SELECT viewer_retention(kind => ''returning'')', 'SELECT viewer_retention(creator_id => 0)',
  'SELECT viewer_retention(as_of => ''infinity'')', 'SELECT viewer_retention(''2003-01-01'', ''2004-01-01'', ''hour'', periods => 1000)', 'SELECT viewer_retention(''2003-03-04'', ''2003-03-03'')', 'SELECT viewer_lifecycle(bucket => ''minute'')', 'SELECT stickiness(time_zone => ''CEST-2'')']) q;
ROLLBACK;
