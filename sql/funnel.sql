-- window_funnel and funnel: how far viewers get. Every edge is in test/pgtap/funnel.sql.
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

-- Letters are events, a minute apart; steps are a, b, c. What the modes make of them.
CREATE FUNCTION pg_temp.funnel(events text, within interval, mode text) RETURNS int LANGUAGE sql AS $$
  SELECT window_funnel(within, mode, timestamptz '2003-03-03 12:00+00' + place * interval '1 minute', event = 'a', event = 'b', event = 'c')
  FROM string_to_table(events, NULL) WITH ORDINALITY e(event, place)
$$;
SELECT events, pg_temp.funnel(events, '1 hour', '') AS plain, pg_temp.funnel(events, '1 hour', 'once') AS once, pg_temp.funnel(events, '1 hour', 'order') AS "order",
  pg_temp.funnel(events, '1 hour', 'increase') AS increase, pg_temp.funnel(events, '1 hour', 'dedup') AS dedup, pg_temp.funnel(events, '2 minutes', '') AS two_minutes, pg_temp.funnel(events, '00:01:59.999999', '') AS less
FROM unnest(ARRAY['', 'c', 'a', 'abc', 'acb', 'adbc', 'aabbcc', 'abbc', 'abab.c', 'cba', 'ab..abc', 'a.....bc']) events;
-- One row of two steps, and two rows of one time.
SELECT mode, what, window_funnel('1 hour', mode, at, first, second) FROM unnest(ARRAY['', 'once', 'order', 'increase', 'dedup', NULL]) mode,
  (VALUES ('one row', timestamptz '2003-03-03', true, true), ('one time', '2003-03-03', false, true), ('one time', '2003-03-03', true, false), ('no first', '2003-03-03', NULL, true), ('no first', NULL, true, NULL)) v(what, at, first, second)
GROUP BY 1, 2 ORDER BY 2, 1;

BEGIN;
INSERT INTO explore_content (id, creator_id, title) VALUES (5421, 5961, 'One'), (5422, 5961, 'Two'), (5423, 5962, 'Another''s');
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at)
SELECT content, viewer, session, type::engagement_type, timestamptz '2003-03-03 12:00+00' + minutes * interval '1 minute' FROM (VALUES
  (5421, 1, 71, 'view', 0), (5421, 1, 71, 'click', 2), (5421, 1, 72, 'save', 5), (5421, 1, 72, 'save', 9),
  (5421, 2, 73, 'view', 0), (5422, 2, 73, 'click', 10), (5422, 2, 74, 'view', 11), (5422, 2, 74, 'click', 14),
  (5422, 3, 75, 'view', 0), (5422, 3, 75, 'save', 1), (5423, 4, 76, 'view', 0), (5423, 4, 76, 'click', 1440), (5423, 4, NULL, 'save', 1441),
  (5421, NULL, 77, 'view', 3), (5421, NULL, 77, 'click', 3), (5421, NULL, NULL, 'view', 3), (5422, 5, NULL, 'view', 59), (5422, 5, NULL, 'click', 61)) e(content, viewer, session, type, minutes);
SELECT * FROM funnel('{view,click,save}', '2003-03-03', '2003-03-04');
SELECT * FROM funnel('{view,click,save}', '2003-03-03', '2003-03-04', '1 day 1 minute');
SELECT * FROM funnel('{view,click,save}', '2003-03-03', '2003-03-04', scope => 'same_content');
SELECT * FROM funnel('{view,click,save}', '2003-03-03', '2003-03-04', scope => 'same_session');
-- The click of the last is after the end of the range.
SELECT * FROM funnel('{view,click}', '2003-03-03 12:50', '2003-03-03 13:00');
SELECT * FROM funnel('{view,click}', '2003-03-03', '2003-03-04', creator_id => 5962);
SELECT step, name, viewers, median_seconds FROM funnel('{save,save}', '2003-03-03', '2003-03-04');
SELECT * FROM funnel('{share,click}', '2003-03-03', '2003-03-04');
-- Refused.
SELECT pg_temp.refused(q) FROM unnest(ARRAY[$$SELECT funnel('{}')$$, $$SELECT funnel(NULL)$$, $$SELECT funnel('{view,like}')$$, $$SELECT funnel('{view,NULL}')$$, $$SELECT funnel('{view}', '2003-03-04', '2003-03-03')$$, $$SELECT funnel('{view}', within => '0')$$, $$SELECT funnel('{view}', scope => 'content')$$,
  $$SELECT window_funnel('1 hour', 'strict', now(), true)$$, $$SELECT window_funnel(NULL, '', now(), true)$$, $$SELECT window_funnel('-1 hour', '', now(), true)$$]) q;
ROLLBACK;
