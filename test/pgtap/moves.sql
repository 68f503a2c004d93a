-- Contents that move between creators, come late, go and return: after each refresh the rollups are those that the raw rows
-- make, byte for byte, and until then answers follow the owners of the moment.
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT no_plan();

SELECT setseed(0.25);
-- Few viewers of many contents: whoever loses a view has often another one. Contents 31 to 40 have no row yet.
INSERT INTO explore_content (id, creator_id, title) SELECT n, 1 + n % 5, 'c' FROM generate_series(1, 30) n;
CREATE FUNCTION feed(events integer, days integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
  SELECT 1 + floor(40 * random() ^ 2)::bigint, nullif(floor(300 * random() ^ 2), 0)::bigint, 1 + i % 7,
         (enum_range(NULL::engagement_type))[1 + (i % 16) / 2]::engagement_type, i % 3000, i % 4 = 0,
         '2021-03-01'::timestamptz + CASE WHEN i % 3 = 0 THEN random() * days * interval '1 day' ELSE random() ^ 4 * interval '6 hours' END
  FROM generate_series(1, events) i
$$;
CREATE VIEW rows_now AS
  SELECT scope, id, 0 AS level, 0::bigint AS bucket, engagement_summary_send(summary) AS summary, events, views, score FROM explore_analytics.rollup_totals
  UNION ALL SELECT scope, id, level, bucket, engagement_summary_send(summary), events, NULL, NULL FROM explore_analytics.rollup_buckets;
CREATE VIEW told AS SELECT c AS creator, creator_summary(c)::text AS whole, creator_summary(c, '2021-03-01 00:10:07+00', '2021-03-20')::text AS part FROM generate_series(1, 7) c;
CREATE VIEW plain AS
  SELECT c AS creator, (SELECT engagement_agg(e.engagement_type, coalesce(e.user_id, -e.session_id), e.watch_time_ms, e.completed)::text FROM explore_engagements e
      WHERE e.content_id IN (SELECT id FROM explore_content WHERE creator_id = c)) AS whole,
    (SELECT engagement_agg(e.engagement_type, coalesce(e.user_id, -e.session_id), e.watch_time_ms, e.completed)::text FROM explore_engagements e
      WHERE e.content_id IN (SELECT id FROM explore_content WHERE creator_id = c) AND e.created_at >= '2021-03-01 00:10:07+00' AND e.created_at < '2021-03-20') AS part
  FROM generate_series(1, 7) c;

-- One of many things that happen to contents.
CREATE FUNCTION happen(what integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  one bigint := 1 + floor(40 * random() ^ 2);
  owner bigint := 1 + floor(6 * random());
BEGIN
  CASE what % 8
    WHEN 0, 1, 2 THEN UPDATE explore_content SET creator_id = owner WHERE id = one;
    WHEN 3 THEN UPDATE explore_content SET creator_id = CASE creator_id WHEN 1 THEN 2 WHEN 2 THEN 1 ELSE creator_id END WHERE id % 3 = what % 3;
    WHEN 4 THEN DELETE FROM explore_content WHERE id = one;
    WHEN 5 THEN INSERT INTO explore_content (id, creator_id, title) VALUES (one, owner, 'again') ON CONFLICT (id) DO UPDATE SET creator_id = excluded.creator_id;
    WHEN 6 THEN UPDATE explore_content SET id = 41 - id WHERE id = one AND NOT EXISTS (SELECT FROM explore_content o WHERE o.id = 41 - one);
    ELSE    -- as a session that replicates does it, where triggers for statements and for rows fire
      SET LOCAL session_replication_role = replica;
      DELETE FROM explore_content WHERE id = one;
      INSERT INTO explore_content (id, creator_id, title) VALUES (one, owner, 'applied');
      SET LOCAL session_replication_role = origin;
  END CASE;
END $$;

SELECT feed(6000, 40);
CALL explore_analytics.refresh();
CREATE TABLE wrong (round integer, what text, creator bigint);
CREATE PROCEDURE history(rounds integer) LANGUAGE plpgsql AS $$
BEGIN
  FOR round IN 1 .. rounds LOOP
    FOR step IN 0 .. floor(6 * random() ^ 2)::integer LOOP
      PERFORM happen(floor(1000 * random())::integer);
      IF random() < 0.3 THEN PERFORM feed(floor(200 * random() ^ 3)::integer, 60); END IF;
    END LOOP;
    INSERT INTO wrong SELECT round, 'before a refresh', creator FROM ((TABLE told EXCEPT TABLE plain) UNION (TABLE plain EXCEPT TABLE told)) d;
    COMMIT;
    CALL explore_analytics.refresh();
    INSERT INTO wrong SELECT round, 'after a refresh', creator FROM ((TABLE told EXCEPT TABLE plain) UNION (TABLE plain EXCEPT TABLE told)) d;
    INSERT INTO wrong SELECT round, v.problem, v.id FROM explore_analytics.verify() v;
    COMMIT;
    IF round % 4 = 0 THEN CALL explore_analytics.compact(); END IF;
    IF round % 12 = 0 THEN
      CREATE TABLE grown AS TABLE rows_now;
      PERFORM explore_analytics.rebuild();
      INSERT INTO wrong SELECT round, 'bytes', id FROM ((TABLE grown EXCEPT ALL TABLE rows_now) UNION ALL (TABLE rows_now EXCEPT ALL TABLE grown)) d;
      DROP TABLE grown;
    END IF;
    COMMIT;
  END LOOP;
END $$;
CALL history(60);
SELECT is_empty('TABLE wrong', 'whatever happens to contents, creators have the events of those that are theirs');
SELECT is(count(*), 0::bigint, 'no note is left') FROM explore_analytics.creator_changes;

-- All that a creator has goes, and comes to one who has nothing.
UPDATE explore_content SET creator_id = 7 WHERE creator_id = 1;
CALL explore_analytics.refresh();
SELECT is_empty('(TABLE told EXCEPT TABLE plain) UNION (TABLE plain EXCEPT TABLE told)', 'all contents of a creator move');
SELECT is(count(*), 0::bigint, 'nothing is stored of one who has nothing') FROM rows_now WHERE scope = 1 AND id = 1;
TRUNCATE explore_content;
INSERT INTO explore_content (id, creator_id, title) SELECT n, 1 + n % 6, 't' FROM generate_series(1, 40) n;
CALL explore_analytics.refresh();
SELECT is_empty('(TABLE told EXCEPT TABLE plain) UNION (TABLE plain EXCEPT TABLE told)', 'after TRUNCATE all creators are made anew');

-- What an erasure finds while a move is noted.
UPDATE explore_content SET creator_id = 1 + (creator_id + 1) % 6 WHERE id < 20;
SELECT cmp_ok(explore_analytics.forget_viewer(5), '>', 0::bigint, 'a viewer is forgotten between a move and its refresh');
SELECT is_empty('(TABLE told EXCEPT TABLE plain) UNION (TABLE plain EXCEPT TABLE told)', 'and creators are right at once');
CALL explore_analytics.compact();
CREATE TABLE grown AS TABLE rows_now;
SELECT explore_analytics.rebuild() > 0 AS rebuilt \gset
SELECT is_empty('(TABLE grown EXCEPT ALL TABLE rows_now) UNION ALL (TABLE rows_now EXCEPT ALL TABLE grown)', 'byte for byte');

-- Publishing a content without events changes nothing for its creator; one that comes is added, until the next refresh.
CREATE FUNCTION pages(question text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  plan json;
BEGIN
  EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT json) ' || question INTO plan;    -- plans are made
  EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT json) ' || question INTO plan;
  RETURN (plan -> 0 -> 'Plan' ->> 'Shared Hit Blocks')::bigint + (plan -> 0 -> 'Plan' ->> 'Shared Read Blocks')::bigint;
END $$;
INSERT INTO explore_content (id, creator_id, title) SELECT n, 10, 'of ten' FROM generate_series(1000, 1999) n;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at)
SELECT 1000 + i % 1001, 1 + i % 500, 'view', '2021-03-01'::timestamptz + i * interval '17 seconds' FROM generate_series(1, 20000) i;
CALL explore_analytics.refresh();
SELECT pages('SELECT creator_summary(10)') AS before, views(creator_summary(10)) AS views \gset
INSERT INTO explore_content (id, creator_id, title) SELECT n, 10, 'new' FROM generate_series(3000, 3009) n;
SELECT cmp_ok(pages('SELECT creator_summary(10)'), '<', :before + 60::bigint, 'new contents without events: their notes and no more are read');
INSERT INTO explore_content (id, creator_id, title) VALUES (2000, 10, 'late');
SELECT cmp_ok(pages('SELECT creator_summary(10)'), '<', :before + 100::bigint, 'one that has events already is added');
SELECT is(views(creator_summary(10)), (SELECT count(*) FROM explore_engagements WHERE content_id BETWEEN 1000 AND 2000), 'and counted');
SELECT is(unique_viewers(creator_summary(10)), 500::bigint, 'each viewer once');
CALL explore_analytics.refresh(1000000);
SELECT is(count(*), 0::bigint, 'a refresh that waits for many events does not wait with these') FROM explore_analytics.creator_changes;
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'verify() agrees');

-- What leaves is looked for in the rollups of the creator, and the other 999 contents are not read; nor are the raw rows of
-- the creator's sessions. Content 1500 has 20 events of as many viewers; of the viewers of 2001 nobody has another view.
INSERT INTO explore_feed_sessions (id, session_start, session_end)
SELECT 500000 + n, '2021-03-01'::timestamptz + n * interval '1 minute', '2021-03-01'::timestamptz + (n + 5) * interval '1 minute' FROM generate_series(1, 5000) n;
INSERT INTO explore_content (id, creator_id, title) VALUES (2001, 10, 'of its own viewers');
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at)
SELECT 1000 + i % 500, 1 + i % 500, 500001 + i % 4990, 'view'::engagement_type, i % 1000, '2021-03-01'::timestamptz + i * interval '17 seconds' FROM generate_series(1, 20000) i
UNION ALL SELECT 2001, 7000 + i, 504991 + i % 10, 'view', 1000, '2021-03-01'::timestamptz + i * interval '4 hours' FROM generate_series(1, 20) i;
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
ANALYZE;
CREATE FUNCTION of_ten() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT concat_ws(' ', creator_summary(10), creator_summary(10, '2021-03-01 10:00:07+00', '2021-03-03'),
    (SELECT concat_ws(' ', m.total_sessions, m.average_session_duration) FROM aggregated_metrics('all', 10) m),
    (SELECT string_agg(m.value::text, ' ' ORDER BY m.bucket_start) FROM metric_series('unique_viewers', NULL, NULL, 'day', 'UTC', NULL, 10) m)) $$;
SELECT pages('SELECT creator_summary(10)') AS before, pages($$SELECT * FROM aggregated_metrics('all', 10)$$) AS metrics, of_ten() AS whole \gset
UPDATE explore_content SET creator_id = 11 WHERE id IN (1500, 2001);
SELECT cmp_ok(pages('SELECT creator_summary(10)'), '<', :before + 1200::bigint, 'contents that leave: their events are looked for, and no other content');
SELECT cmp_ok(pages($$SELECT * FROM aggregated_metrics('all', 10)$$), '<', :metrics + 2000::bigint, 'and their sessions');
SELECT of_ten() AS waiting \gset
SELECT isnt(:'waiting'::text, :'whole'::text, 'they leave something behind');
CALL explore_analytics.refresh();
SELECT is(of_ten(), :'waiting'::text, 'and what is left is what the refresh makes of it');
SELECT cmp_ok(rollup_rows, '<', 300::bigint, 'which writes no more than what they were, sessions too') FROM explore_analytics.rollup_ledger ORDER BY high DESC LIMIT 1;
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'verify() agrees');

-- One event moves to a creator with many: what is written is that of the event.
INSERT INTO explore_content (id, creator_id, title) VALUES (100, 8, 'many'), (101, 9, 'one');
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at)
SELECT 100, 1 + i % 9000, 'view', '2021-03-01'::timestamptz + i * interval '17 seconds' FROM generate_series(1, 120000) i;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (101, 17, 'view', '2021-03-05 10:00+00');
CALL explore_analytics.refresh();
UPDATE explore_content SET creator_id = 8 WHERE id = 101;
CALL explore_analytics.refresh();
SELECT cmp_ok(rollup_rows, '<', 20::bigint, 'a content of one event joins a creator with many: a few rows') FROM explore_analytics.rollup_ledger ORDER BY high DESC LIMIT 1;
UPDATE explore_content SET creator_id = 9 WHERE id = 101;
CALL explore_analytics.refresh();
SELECT cmp_ok(rollup_rows, '<', 20::bigint, 'and leaves it: a few rows') FROM explore_analytics.rollup_ledger ORDER BY high DESC LIMIT 1;
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'verify() agrees');

-- A creator whose rollups hold something else is made anew.
DELETE FROM explore_analytics.rollup_totals WHERE scope = 1 AND id = 9;
UPDATE explore_content SET creator_id = 8 WHERE id = 101;
CALL explore_analytics.refresh();
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'damage does not keep refreshes from their work');
-- Of a move behind the triggers there is no note: who is said to get the content back still has it.
ALTER TABLE explore_content DISABLE TRIGGER USER;
UPDATE explore_content SET creator_id = 9 WHERE id = 101;
ALTER TABLE explore_content ENABLE TRIGGER USER;
UPDATE explore_content SET creator_id = 8 WHERE id = 101;
CALL explore_analytics.refresh();
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'a content that left without a note and comes back counts once');
-- Who never had the content has nothing to lose by its next move, whether there are viewers among its events or not.
INSERT INTO explore_content (id, creator_id) SELECT n, CASE WHEN n < 110 THEN 20 ELSE 21 END FROM generate_series(102, 121) n;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at)
SELECT 102, 1, 'save'::engagement_type, '2021-03-05 10:00+00'::timestamptz + i * interval '1 second' FROM generate_series(1, 3) i
UNION ALL SELECT 103, 2, 'view', '2021-03-05 10:00+00'::timestamptz + i * interval '1 second' FROM generate_series(1, 3) i
UNION ALL SELECT 110 + i % 10, 1 + i % 50, (ARRAY['view', 'save'])[1 + i % 2]::engagement_type, '2021-03-01'::timestamptz + i * interval '61 seconds' FROM generate_series(1, 20000) i;
CALL explore_analytics.refresh();
CREATE VIEW of_21 AS SELECT creator_summary(21)::text AS whole, creator_summary(21, '2021-03-05 09:59+00', '2021-03-06 11:00+00')::text AS part,
  (SELECT string_agg(m.value::text, ' ' ORDER BY m.bucket_start) FROM metric_series('saves', NULL, NULL, 'day', 'UTC', NULL, 21) m) AS saves,
  (SELECT string_agg(m.value::text, ' ' ORDER BY m.bucket_start) FROM metric_series('views', NULL, NULL, 'day', 'UTC', NULL, 21) m) AS views;
CREATE TABLE before AS TABLE of_21;
ALTER TABLE explore_content DISABLE TRIGGER USER;
UPDATE explore_content SET creator_id = 21 WHERE id IN (102, 103);
ALTER TABLE explore_content ENABLE TRIGGER USER;
UPDATE explore_content SET creator_id = 22 WHERE id = 102;
SELECT is(saves(creator_summary(21)), (SELECT count(*) FROM explore_engagements e JOIN explore_content c ON c.id = e.content_id WHERE c.creator_id = 21 AND e.engagement_type = 'save'),
  'saves that came without a note and leave with one were not there');
UPDATE explore_content SET creator_id = 22 WHERE id = 103;
SELECT results_eq('TABLE of_21', 'TABLE before', 'nor were the views');
CALL explore_analytics.refresh();
SELECT results_eq('TABLE of_21', 'TABLE before', 'and after a refresh');
-- The third one still has it, until its rollups are made anew.
SELECT is(array_agg(DISTINCT id), ARRAY[20::bigint], 'who had it without a note still has it') FROM explore_analytics.verify() WHERE scope = 'creator';
SELECT explore_analytics.rebuild() > 0 AS rebuilt \gset
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'until rebuild()');
-- ENABLE TRIGGER enables what is meant for sessions that replicate, too: a row is noted once all the same.
INSERT INTO explore_engagements (content_id, user_id, engagement_type) VALUES (90001, 1, 'view');
CALL explore_analytics.refresh();
INSERT INTO explore_content (id, creator_id) VALUES (90001, 9);
ALTER TABLE explore_feed_sessions DISABLE TRIGGER USER;
ALTER TABLE explore_feed_sessions ENABLE TRIGGER USER;
INSERT INTO explore_feed_sessions (id, session_start, session_end) VALUES (90001, '2021-03-01', '2021-03-02');
SELECT is((SELECT count(*) FROM explore_analytics.creator_changes WHERE content_id = 90001) + (SELECT count(*) FROM explore_analytics.session_changes WHERE session_id = 90001), 2::bigint, 'one note of each row');
CALL explore_analytics.refresh();
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'a content that came late is its creator''s');
DELETE FROM explore_content WHERE id = 90001;
CALL explore_analytics.refresh();

-- What was found out of events that leave is kept for the next question, as long as the rollups hold the same events.
INSERT INTO explore_content (id, creator_id) SELECT n, 30 FROM generate_series(200, 240) n;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at)
SELECT 201 + i % 40, 1 + i % 5000, 'view'::engagement_type, '2021-03-01'::timestamptz + i * interval '17 seconds' FROM generate_series(1, 60000) i
UNION ALL SELECT 200, 6000 + i, 'view', '2021-03-01'::timestamptz + i * interval '3 hours' FROM generate_series(1, 20) i;
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SELECT pages('SELECT creator_summary(30)') AS before \gset
UPDATE explore_content SET creator_id = 31 WHERE id = 200;
SELECT cmp_ok(pages('SELECT creator_summary(30)'), '<', :before + 50::bigint, 'the next question looks for nothing again');
SELECT is(unique_viewers(creator_summary(30)), 5000::bigint, 'viewers of what has left are gone');
SELECT is(unique_viewers(creator_summary(30, '2021-03-01', '2021-03-03 01:00+00')), 5000::bigint, 'in a range, too');
UPDATE explore_content SET creator_id = 30 WHERE id = 200;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at)
VALUES (201, 6001, 'view', '2021-03-02 00:00:01+00'), (201, 6002, 'view', '2021-03-09 00:00:01+00'), (200, 6021, 'view', '2021-03-02 00:00:01+00');
CALL explore_analytics.refresh();
UPDATE explore_content SET creator_id = 31 WHERE id = 200;
SELECT is(views(creator_summary(30)), 60002::bigint, 'the same content leaves again: what it got meanwhile leaves too');
SELECT is(unique_viewers(creator_summary(30)), 5002::bigint, 'and who has another view since then stays');
SELECT is(unique_viewers(creator_summary(30, '2021-03-01', '2021-03-03 01:00+00')), 5001::bigint, 'where that view is');
SELECT is(unique_viewers(creator_summary(30, '2021-03-01', '2021-03-02 00:00:01+00')), 5000::bigint, 'and nowhere else');
SELECT is(unique_viewers(creator_summary(30, '2021-03-01', '2021-03-09 00:00:02+00')), 5002::bigint, 'to the microsecond');
CALL explore_analytics.refresh();
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'and a refresh takes it all along');

-- What a transaction sees that has changed raw rows is kept for nobody.
INSERT INTO explore_content (id, creator_id) VALUES (301, 40), (302, 40), (303, 40), (304, 41);
INSERT INTO explore_feed_sessions (id, session_start) SELECT n, '2021-03-20' FROM generate_series(91001, 91002) n;
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at)
VALUES (301, 91001, 'view', '2021-03-20'), (303, 91001, 'view', '2021-03-20'), (302, 91002, 'view', '2021-03-20');
CALL explore_analytics.refresh();
UPDATE explore_content SET creator_id = 41 WHERE id = 303;
BEGIN;
DELETE FROM explore_engagements WHERE content_id = 301;
SELECT is(total_sessions, 1::bigint, 'a session without its event does not touch the creator') FROM aggregated_metrics('month', 40, '2021-03-31');
ROLLBACK;
SELECT is(total_sessions, 2::bigint, 'and does when that is rolled back') FROM aggregated_metrics('month', 40, '2021-03-31');
CALL explore_analytics.refresh();

-- Two notes of each change, as the library of 0.1.0 left them in sessions that replicate.
UPDATE explore_analytics.rollup_state SET layout_version = 2;
ALTER TABLE explore_content DISABLE TRIGGER USER;
UPDATE explore_content SET creator_id = 9 WHERE id = 101;
INSERT INTO explore_analytics.creator_changes (creator_id, content_id) VALUES (8, 101), (8, 101), (9, 101), (9, 101);
ALTER TABLE explore_content ENABLE TRIGGER USER;
SELECT is(views(creator_summary(c)), n, 'two notes of one change: creator ' || c || ' before a refresh') FROM (VALUES (8, 120000), (9, 1::bigint)) v (c, n);
CALL explore_analytics.refresh();
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'two notes of one change: after a refresh');
UPDATE explore_analytics.rollup_state SET layout_version = explore_analytics.layout_version();
SELECT * FROM finish();
