-- A viewing completes once, whatever the order of arrival: with V completed views and C completes of a key its
-- completions are greatest(V, least(C, 1)), and neither views nor watch time depend on the order or the batches.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(16);
SELECT FROM (SELECT setseed(0.11)) s;

INSERT INTO explore_content (id, creator_id) SELECT n, 1 + n % 5 FROM generate_series(1, 60) n;

-- What is sent to the viewing of a session: C is a complete, c one with 2.5 s, V a completed view of 8 s, v a
-- view of 1 s that is not completed, p progress of 0.25 s.
CREATE TABLE letter (letter text COLLATE "C", type text, completed boolean, ms int);
INSERT INTO letter VALUES ('C', 'complete', NULL, 0), ('c', 'complete', NULL, 2500), ('V', 'view', true, 8000), ('v', 'view', false, 1000), ('p', 'progress', NULL, 250);
-- One row for each event, in the order and the batches of arrival.
CREATE TABLE sent (trial text, session_id bigint, content_id bigint, place bigint, batch bigint, letter text COLLATE "C", event_id uuid);
CREATE TABLE answer (trial text, batch bigint, received int, recorded int, duplicates int, rejected int);

CREATE FUNCTION send(which text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  part record;
BEGIN
  INSERT INTO explore_feed_sessions (id, user_id) SELECT DISTINCT session_id, CASE WHEN session_id % 3 = 0 THEN session_id END FROM sent WHERE trial = which AND session_id IS NOT NULL
  ON CONFLICT DO NOTHING;
  FOR part IN
    SELECT batch, jsonb_agg(jsonb_strip_nulls(jsonb_build_object('contentId', s.content_id, 'sessionId', s.session_id, 'engagementType', l.type, 'completed', l.completed,
             'watchTime', l.ms / 1000.0, 'eventId', s.event_id, 'metadata', which)) ORDER BY s.place) AS items
    FROM sent s JOIN letter l USING (letter) WHERE s.trial = which GROUP BY batch ORDER BY batch
  LOOP
    INSERT INTO answer SELECT which, part.batch, b.* FROM (SELECT received, recorded, duplicates, rejected FROM record_engagement_batch(part.items)) b;
  END LOOP;
END $$;

-- By the definition, from what was sent: events with an id count once.
CREATE VIEW wanted AS
SELECT trial, session_id, content_id, count(*) FILTER (WHERE letter IN ('V', 'v')) AS views,
  greatest(count(*) FILTER (WHERE letter = 'V'), least(count(*) FILTER (WHERE letter IN ('C', 'c')), 1)) AS completions, sum(ms) AS ms,
  -- Left out is a complete without watch time, unless it is the one that counts.
  count(*) FILTER (WHERE letter <> 'C') AS least_rows, count(*) FILTER (WHERE letter <> 'C') + least(count(*) FILTER (WHERE letter = 'C'), 1) AS most_rows
FROM (SELECT DISTINCT ON (trial, coalesce(event_id, gen_random_uuid())) * FROM sent) s JOIN letter USING (letter) GROUP BY 1, 2, 3;
CREATE VIEW stored AS
SELECT metadata #>> '{}' AS trial, session_id, content_id, count(*) FILTER (WHERE engagement_type = 'view') AS views,
  count(*) FILTER (WHERE engagement_type = 'complete' OR engagement_type = 'view' AND completed) AS completions, sum(watch_time_ms) AS ms, count(*) AS rows
FROM explore_engagements GROUP BY 1, 2, 3;
CREATE FUNCTION differences(which text) RETURNS TABLE (trial text, session_id bigint, letters text, views text, completions text, ms text, rows text) LANGUAGE sql AS $$
  SELECT trial, session_id, (SELECT string_agg(x.letter, '' ORDER BY x.place) FROM sent x WHERE x.trial = w.trial AND x.session_id = w.session_id AND x.content_id = w.content_id),
    s.views || ' not ' || w.views, s.completions || ' not ' || w.completions, s.ms || ' not ' || w.ms, s.rows || ' of ' || w.least_rows || ' to ' || w.most_rows
  FROM (SELECT * FROM wanted WHERE trial = which) w FULL JOIN (SELECT * FROM stored WHERE trial = which) s USING (trial, session_id, content_id)
  WHERE (w.views, w.completions, w.ms) IS DISTINCT FROM (s.views, s.completions, s.ms) OR s.rows NOT BETWEEN w.least_rows AND w.most_rows
$$;

-- Every order of up to four of C, c and V, in every way to cut it into batches.
INSERT INTO sent
SELECT 'orders', 1000 + n, 1 + n % 60, place, n * 10 + (SELECT count(*) FROM generate_series(1, place - 1) i WHERE cut & (1 << i::int) > 0), substr(letters, place, 1)
FROM (SELECT letters, cut, row_number() OVER (ORDER BY letters, cut) AS n
      FROM (WITH RECURSIVE word AS (SELECT '' COLLATE "C" AS letters UNION ALL SELECT letters || l FROM word, unnest('{C,c,V}'::text[]) l WHERE length(letters) < 4)
            SELECT letters FROM word WHERE letters <> '') w,
           LATERAL (SELECT c * 2 AS cut FROM generate_series(0, (1 << (length(letters) - 1)) - 1) c) cuts) trial,
     generate_series(1, length(letters)) place;
SELECT send('orders') \g /dev/null
SELECT cmp_ok((SELECT count(DISTINCT session_id) FROM sent WHERE trial = 'orders'), '=', 777::bigint, 'every order of up to four events in every cut into batches is sent');
SELECT is_empty($$SELECT * FROM differences('orders')$$, 'completions, views and watch time are those of the formula');
SELECT results_eq($$SELECT sum(received), sum(recorded), sum(duplicates), sum(rejected) FROM answer WHERE trial = 'orders'$$,
  $$SELECT count(*), (SELECT sum(rows)::bigint FROM stored WHERE trial = 'orders'), count(*) - (SELECT sum(rows)::bigint FROM stored WHERE trial = 'orders'), 0::bigint FROM sent WHERE trial = 'orders'$$,
  'what is not stored is reported as duplicate');

-- Many viewings at once: sets of up to 12 events each, all shuffled, in batches of 1 to 200 items; a third of the
-- events has an id, and half of those are sent again, somewhere else.
INSERT INTO sent
SELECT 'shuffled', session_id, content_id, row_number() OVER (ORDER BY random()), NULL, letter, event_id
FROM (SELECT session_id, content_id, (ARRAY['C', 'c', 'V', 'v', 'p'])[1 + floor(5 * power(random(), 1.5))::int] AS letter,
        CASE WHEN random() < 0.33 THEN md5(concat_ws('/', session_id, content_id, i))::uuid END AS event_id
      FROM (SELECT 5000 + n / 2 AS session_id, 1 + n % 60 AS content_id, 1 + floor(12 * random())::int AS events FROM generate_series(1, 700) n OFFSET 0) k, generate_series(1, events) i) e,
     LATERAL generate_series(1, CASE WHEN event_id::text < '8' THEN 2 ELSE 1 END);
UPDATE sent s SET batch = b.batch
FROM (SELECT place, 1 + sum(CASE WHEN random() < CASE WHEN place < 1000 THEN 0.3 ELSE 0.01 END THEN 1 ELSE 0 END) OVER (ORDER BY place) AS batch FROM sent WHERE trial = 'shuffled') b
WHERE s.trial = 'shuffled' AND s.place = b.place;
SELECT send('shuffled') \g /dev/null
SELECT is_empty($$SELECT * FROM differences('shuffled')$$, 'shuffled: completions, views and watch time are those of the formula');
SELECT cmp_ok((SELECT count(*) FROM wanted WHERE trial = 'shuffled' AND completions > 1), '>', 100::bigint, 'viewings with several completions take part');
SELECT cmp_ok((SELECT max(n) FROM (SELECT count(*) AS n FROM sent WHERE trial = 'shuffled' GROUP BY batch, session_id, content_id) x), '>=', 4::bigint, 'and batches with many events of one viewing');
SELECT cmp_ok((SELECT count(*) FROM explore_engagements WHERE engagement_type = 'progress' AND watch_time_ms = 2500), '>', 100::bigint, 'and completes that are stored as progress');
SELECT results_eq($$SELECT sum(received), sum(recorded + duplicates), sum(rejected) FROM answer WHERE trial = 'shuffled'$$, $$SELECT count(*), count(*), 0::bigint FROM sent WHERE trial = 'shuffled'$$,
  'shuffled: everything is recorded or a duplicate');
-- Sent once more, in one piece: what has an id is a duplicate, and no viewing completes by a complete again.
SELECT is((SELECT b.recorded FROM record_engagement_batch((
    SELECT jsonb_agg(jsonb_build_object('contentId', content_id, 'sessionId', session_id, 'engagementType', l.type, 'completed', l.completed, 'watchTime', l.ms / 1000.0, 'eventId', event_id,
      'metadata', 'shuffled'::text))
    FROM sent JOIN letter l USING (letter) WHERE trial = 'shuffled' AND event_id IS NOT NULL)) b), 0, 'a retry of all events with ids stores nothing');
SELECT is_empty($$SELECT * FROM differences('shuffled')$$, 'and changes nothing');

-- Without a session nothing is matched, and each function counts what the table says, before and after a refresh.
INSERT INTO sent SELECT 'outside', NULL, 7, n, n / 5, substr('CcVvpVcC', 1 + n % 8, 1), NULL FROM generate_series(0, 79) n;
SELECT send('outside') \g /dev/null
SELECT results_eq($$SELECT views, completions, ms, rows FROM stored WHERE trial = 'outside'$$, $$VALUES (30::bigint, 60::bigint, 222500::bigint, 80::bigint)$$, 'without a session every event is stored as it is');
CREATE VIEW told AS
SELECT c.id, views(s), completions(s), round(total_watch_time(s) * 1000)::bigint AS ms FROM explore_content c, content_summary(c.id) s;
CREATE VIEW counted AS
SELECT c.id, coalesce(sum(s.views), 0)::bigint AS views, coalesce(sum(s.completions), 0)::bigint, coalesce(sum(s.ms), 0)::bigint AS ms FROM explore_content c LEFT JOIN stored s ON s.content_id = c.id GROUP BY 1;
SELECT bag_eq('TABLE told', 'TABLE counted', 'every content has these numbers');
CALL explore_analytics.refresh();
SELECT cmp_ok((SELECT tail_events FROM explore_analytics.rollup_status), '=', 0::bigint, 'a refresh takes them into the rollups');
SELECT bag_eq('TABLE told', 'TABLE counted', 'with the same numbers');

-- record_engagement() follows the same rule, and what a key remembers is one row.
INSERT INTO explore_feed_sessions (id) VALUES (9001);
SELECT is(ARRAY[record_engagement(1, 'complete', session_id => 9001), record_engagement(1, 'complete', session_id => 9001), record_engagement(1, 'complete', session_id => 9001, watch_time => 3),
    record_engagement(1, 'view', session_id => 9001, completed => true), record_engagement(1, 'view', session_id => 9001, completed => true)],
  '{recorded,duplicate,recorded,recorded,recorded}', 'one by one, by the other function');
SELECT results_eq($$SELECT engagement_type::text, completed, watch_time_ms FROM explore_engagements WHERE session_id = 9001 ORDER BY id$$,
  $$VALUES ('complete', false, 0), ('progress', false, 3000), ('view', false, 0), ('view', true, 0)$$, 'the first completed view after a complete takes its place');
SELECT * FROM finish();
