-- A batch is stored straight where the tables want nothing but rows, and by a statement otherwise. Whichever way it goes,
-- the same is stored, answered and raised.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(47);
SELECT FROM (SELECT setseed(0.23)) s;

INSERT INTO explore_content (id, creator_id) SELECT n, 1 + n % 5 FROM generate_series(1, 12) n;
INSERT INTO explore_feed_sessions (id, user_id) SELECT n, CASE WHEN n % 3 > 0 THEN 100 + n END FROM generate_series(1, 20) n;

-- Items of all kinds, good and bad; few keys, so that they meet again in a batch and in later ones.
CREATE TABLE sent (batch int PRIMARY KEY, body text);
INSERT INTO sent
SELECT b, (SELECT '[' || string_agg(concat('{"contentId":', 1 + floor(random() * 13)::int,
    ',"engagementType":"', (ARRAY['view', 'view', 'view', 'complete', 'complete', 'save', 'save', 'share', 'click', 'skip', 'impression', 'progress', 'stare'])[1 + floor(random() * 12.3)::int], '"',
    CASE WHEN random() < 0.4 THEN ',"userId":' || 100 + floor(random() * 6)::int END,
    CASE WHEN random() < 0.8 THEN ',"sessionId":' || 1 + floor(random() * 21)::int END,
    CASE WHEN random() < 0.6 THEN ',"watchTime":' || floor(random() * 9000)::int / 1000.0 END,
    CASE WHEN random() < 0.5 THEN ',"completed":true' END,
    CASE WHEN random() < 0.5 THEN ',"eventId":"' || lpad(floor(random() * 900)::int::text, 8, '0') || '-0000-4000-8000-000000000000"' END,
    CASE WHEN random() < 0.3 THEN ',"metadata":{"n":' || i || '}' END,
    ',"createdAt":"', to_char('2026-06-01'::timestamptz - interval '200 days' * random() * (i % 3), 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '"}'), ',') || ']'
  FROM generate_series(1, 1 + b * 7 % 60) i)
FROM generate_series(1, 60) b;
-- More than are stored at once.
INSERT INTO sent SELECT 61, '[' || string_agg(format('{"contentId":%s,"engagementType":"view","sessionId":%s,"completed":true,"createdAt":"2026-04-01T00:00:00Z","eventId":"%s-0000-4000-8000-000000000001"}', 1 + i % 12, 1 + i % 20, lpad((i % 2400)::text, 8, '0')), ',') || ']' FROM generate_series(1, 2500) i;

CREATE VIEW stored AS
SELECT 'event' AS what, jsonb_build_object('place', row_number() OVER (ORDER BY id)) || to_jsonb(e) - '{id,epoch}'::text[] AS stored FROM explore_engagements e
UNION ALL SELECT 'saved', to_jsonb(s) FROM explore_saved_properties s
UNION ALL SELECT 'event key', to_jsonb(k) - 'seen' FROM explore_analytics.event_keys k
UNION ALL SELECT 'viewing', to_jsonb(v) - '{seen,completions}'::text[] FROM explore_analytics.viewing_keys v;
CREATE TABLE seen (way text, what text, seen jsonb);

-- Records everything once more from the beginning, as another way.
CREATE PROCEDURE record_all(way text) LANGUAGE plpgsql AS $$
DECLARE
  part record;
BEGIN
  DELETE FROM explore_engagements;
  DELETE FROM explore_saved_properties;
  DELETE FROM explore_analytics.event_keys;
  DELETE FROM explore_analytics.viewing_keys;
  FOR part IN SELECT * FROM sent ORDER BY batch LOOP
    INSERT INTO seen SELECT way, 'answer', jsonb_build_object('batch', part.batch) || to_jsonb(a) FROM record_engagement_body(part.body) a;
    COMMIT;
  END LOOP;
  INSERT INTO seen SELECT way, s.* FROM stored s;
END $$;
CREATE FUNCTION differences(one text, two text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT format('%s: %s %s', way, what, seen) FROM (
    (SELECT one AS way, what, seen FROM seen WHERE way = one EXCEPT ALL SELECT one, what, seen FROM seen WHERE way = two)
    UNION ALL (SELECT two, what, seen FROM seen WHERE way = two EXCEPT ALL SELECT two, what, seen FROM seen WHERE way = one)) d LIMIT 10
$$;
-- Plans are kept with their texts.
CREATE FUNCTION statement_ran() RETURNS boolean LANGUAGE sql AS $$ SELECT EXISTS (SELECT FROM pg_backend_memory_contexts WHERE ident LIKE '/* explore_analytics: record */%') $$;

CALL record_all('straight');
SELECT ok(NOT statement_ran(), 'tables as install() makes them need no statement');
SELECT cmp_ok((SELECT count(*) FROM seen WHERE way = 'straight' AND what = 'event'), '>', 1500::bigint, 'events are stored');
SELECT set_eq($$ SELECT what FROM seen WHERE way = 'straight' $$, ARRAY['answer', 'event', 'saved', 'event key', 'viewing'], 'everything is stored');
SELECT set_eq($$ SELECT DISTINCT e ->> 'code' FROM seen, jsonb_array_elements(seen.seen -> 'errors') e WHERE what = 'answer' $$, ARRAY['unknown_content', 'unknown_session', 'unknown_type'], 'and refused');
SELECT is((SELECT count(DISTINCT epoch) FROM explore_engagements), 1::bigint, 'with the epoch');
SELECT is((SELECT count(*) FROM explore_engagements WHERE id IS NULL OR id <= 0), 0::bigint, 'and ids');

-- A trigger that does nothing.
CREATE TABLE fired (event text);
CREATE FUNCTION fire() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.fired VALUES (TG_WHEN || ' ' || TG_LEVEL); RETURN NEW; END $$;
CREATE TRIGGER fire BEFORE INSERT ON explore_engagements FOR EACH ROW EXECUTE FUNCTION fire();
CALL record_all('trigger');
SELECT ok(statement_ran(), 'a trigger needs the statement');
SELECT is((SELECT count(*) FROM fired), (SELECT count(*) FROM explore_engagements), 'which fires it');
SELECT is_empty($$ SELECT differences('straight', 'trigger') $$, 'both ways do the same');
DROP TRIGGER fire ON explore_engagements;
CREATE TRIGGER fire AFTER INSERT ON explore_engagements FOR EACH STATEMENT EXECUTE FUNCTION fire();
TRUNCATE fired;
SELECT lives_ok($$ SELECT record_engagement(1, 'view') $$);
SELECT is((SELECT string_agg(event, ',') FROM fired), 'AFTER STATEMENT', 'a trigger for statements');
DROP TRIGGER fire ON explore_engagements;
DO $$ BEGIN EXECUTE format('CREATE TRIGGER fire AFTER INSERT ON %s FOR EACH ROW EXECUTE FUNCTION public.fire()', (SELECT tableoid::regclass FROM explore_engagements ORDER BY id DESC LIMIT 1)); END $$;
TRUNCATE fired;
SELECT lives_ok($$ SELECT record_engagement(1, 'view') $$);
SELECT is((SELECT string_agg(event, ',') FROM fired), 'AFTER ROW', 'a trigger of one partition');
DO $$ BEGIN EXECUTE format('DROP TRIGGER fire ON %s', (SELECT tableoid::regclass FROM explore_engagements ORDER BY id DESC LIMIT 1)); END $$;
CREATE TRIGGER fire BEFORE INSERT ON explore_saved_properties FOR EACH ROW EXECUTE FUNCTION fire();
TRUNCATE fired;
SELECT lives_ok($$ SELECT record_engagement(7, 'save', user_id => 4711) $$);
SELECT is((SELECT count(*) FROM fired), 1::bigint, 'a trigger of saved properties');
DROP TRIGGER fire ON explore_saved_properties;
-- An earlier save moves one that is there, by an UPDATE.
SELECT record_engagement(1, 'save', user_id => 990, created_at => '2026-03-02 00:00Z') AS saved \gset
CREATE TRIGGER fire AFTER UPDATE ON explore_saved_properties FOR EACH ROW EXECUTE FUNCTION fire();
TRUNCATE fired;
SELECT lives_ok($$ SELECT record_engagement(1, 'save', user_id => 990, created_at => '2026-03-01 00:00Z') $$);
SELECT is((SELECT string_agg(event, ',') FROM fired), 'AFTER ROW', 'a trigger on changes of saved properties');
DROP TRIGGER fire ON explore_saved_properties;

-- Who has stopped all writing, by taking the owner's right, has stopped it.
SELECT tableowner AS owner, format('%I', 'record_owner_' || pg_backend_pid()) AS writer FROM pg_tables WHERE tablename = 'explore_engagements' \gset
CREATE ROLE :writer;
GRANT ALL ON ALL TABLES IN SCHEMA public, explore_analytics TO :writer;
GRANT USAGE ON SCHEMA explore_analytics TO :writer;
GRANT ALL ON ALL FUNCTIONS IN SCHEMA explore_analytics TO :writer;
ALTER TABLE explore_engagements OWNER TO :writer;
SELECT lives_ok($$ SELECT record_engagement(1, 'view') $$, 'an owner records');
REVOKE INSERT ON explore_engagements FROM :writer;
SELECT throws_ok($$ SELECT record_engagement(1, 'view') $$, '42501', NULL, 'and not without the privilege');
GRANT INSERT ON explore_engagements TO :writer;
ALTER TABLE explore_engagements OWNER TO :owner;
DROP OWNED BY :writer;
DROP ROLE :writer;

-- Called in ways in which a transaction meets what it has recorded itself: again in one statement, in subtransactions that end
-- either way, from a trigger, from a function that says it is stable.
CREATE TABLE triggering (n int);
CREATE FUNCTION record_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO seen SELECT current_setting('test.way'), 'answer', jsonb_build_object('trigger', NEW.n) || jsonb_build_object('is', record_engagement(2, 'complete', session_id => NEW.n / 2, event_id => ('20000000-0000-4000-8000-00000000000' || NEW.n % 3)::uuid));
  RETURN NULL;
END $$;
CREATE TRIGGER record_it AFTER INSERT ON triggering FOR EACH ROW EXECUTE FUNCTION record_it();
CREATE FUNCTION record_stably(content bigint) RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN record_engagement(content, 'complete', session_id => 9); END $$;
CREATE FUNCTION outcome(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  told text;
BEGIN
  EXECUTE query INTO told;
  RETURN told;
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE PROCEDURE call_oddly(way text) LANGUAGE plpgsql AS $$
DECLARE
  told text;
BEGIN
  DELETE FROM explore_engagements;
  DELETE FROM explore_saved_properties;
  DELETE FROM explore_analytics.event_keys;
  DELETE FROM explore_analytics.viewing_keys;
  PERFORM set_config('test.way', way, false);
  INSERT INTO seen SELECT way, 'answer', jsonb_build_object('n', n, 'is', record_engagement(1, type, session_id => 5, completed => CASE type WHEN 'view' THEN true END, watch_time => 3))
  FROM unnest(ARRAY['complete', 'complete', 'view', 'view', 'complete']) WITH ORDINALITY AS t(type, n);
  INSERT INTO seen SELECT way, 'answer', jsonb_build_object('save', n, 'is', record_engagement(3, 'save', user_id => 4, created_at => timestamptz '2026-03-01' + interval '1 day' * at))
  FROM unnest(ARRAY[5, 6, 4, 4, 3]) WITH ORDINALITY AS t(at, n);
  INSERT INTO triggering SELECT generate_series(4, 12);
  FOR attempt IN 1 .. 3 LOOP
    BEGIN
      told := record_engagement(4, 'view', completed => true, watch_time => attempt, user_id => 5, session_id => 6, event_id => '20000000-0000-4000-8000-00000000000a');
      told := told || record_engagement(1, 'view', completed => true, session_id => 5, event_id => '20000000-0000-4000-8000-00000000000b');
      told := told || record_engagement(3, 'save', user_id => 4, created_at => timestamptz '2026-02-01' - interval '1 day' * attempt);
      IF attempt < 2 THEN RAISE EXCEPTION 'taken back'; END IF;
    EXCEPTION WHEN raise_exception THEN
      NULL;
    END;
    INSERT INTO seen VALUES (way, 'answer', jsonb_build_object('attempt', attempt, 'is', told));
  END LOOP;
  INSERT INTO seen SELECT way, 'answer', jsonb_build_object('stable', outcome(format('SELECT public.record_stably(%s)', n))) FROM unnest(ARRAY[5, 5]) n;
  INSERT INTO seen SELECT way, 'answer', jsonb_build_object('refused', outcome($query$ SELECT record_engagement(6, 'view', completed => true, session_id => 11, watch_time => 1e9) $query$));
  COMMIT;
  PERFORM record_engagement(6, 'view', completed => true, session_id => 11, event_id => '20000000-0000-4000-8000-00000000000c');
  ROLLBACK;
  INSERT INTO seen VALUES (way, 'answer', jsonb_build_object('after', record_engagement(6, 'view', completed => true, session_id => 11, event_id => '20000000-0000-4000-8000-00000000000c')));
  INSERT INTO seen SELECT way, s.what, s.stored - 'created_at' FROM stored s;
END $$;
CALL call_oddly('oddly, straight');
CREATE TRIGGER fire BEFORE INSERT ON explore_engagements FOR EACH ROW EXECUTE FUNCTION fire();
CREATE TRIGGER fire BEFORE INSERT ON explore_saved_properties FOR EACH ROW EXECUTE FUNCTION fire();
CALL call_oddly('oddly, by statement');
DROP TRIGGER fire ON explore_engagements;
DROP TRIGGER fire ON explore_saved_properties;
SELECT cmp_ok((SELECT count(*) FROM seen WHERE way = 'oddly, straight' AND what = 'event'), '>', 15::bigint, 'calls that meet what their own transaction has recorded');
SELECT is_empty($$ SELECT differences('oddly, straight', 'oddly, by statement') $$, 'do the same both ways');

-- Row level security, which the owner is not held to.
ALTER TABLE explore_engagements ENABLE ROW LEVEL SECURITY;
CALL record_all('row level security');
SELECT is_empty($$ SELECT differences('straight', 'row level security') $$, 'row level security');
ALTER TABLE explore_engagements DISABLE ROW LEVEL SECURITY;

-- Partitions with their columns in another order, dropped columns, new ones.
ALTER TABLE explore_engagements ADD COLUMN note text, ADD COLUMN gone int;
ALTER TABLE explore_engagements DROP COLUMN gone;
CREATE TABLE odd (epoch bigint NOT NULL DEFAULT 0, dropped int, metadata jsonb, created_at timestamptz NOT NULL, event_id uuid, completed boolean NOT NULL, note text, content_id bigint NOT NULL,
  session_id bigint, user_id bigint, engagement_type engagement_type NOT NULL, watch_time_ms int NOT NULL, id bigint NOT NULL);
ALTER TABLE odd DROP COLUMN dropped;
DELETE FROM explore_engagements;
DO $$ BEGIN
  EXECUTE (SELECT string_agg(format('ALTER TABLE odd ADD CONSTRAINT %I %s;', conname, pg_get_constraintdef(oid)), ' ') FROM pg_constraint WHERE conrelid = 'explore_engagements'::regclass AND contype = 'c');
END $$;
ALTER TABLE explore_engagements ATTACH PARTITION odd FOR VALUES FROM ('2025-12-01') TO ('2026-02-01');
CALL record_all('odd partition');
SELECT cmp_ok((SELECT count(*) FROM odd), '>', 100::bigint, 'a partition whose columns stand elsewhere');
UPDATE seen SET seen = seen - 'note' WHERE what = 'event';
SELECT is_empty($$ SELECT differences('straight', 'odd partition') $$, 'takes the same rows');
SELECT is((SELECT count(*) FROM explore_analytics.verify()), 0::bigint, 'and they count');
ALTER TABLE explore_engagements DETACH PARTITION odd;
SELECT lives_ok($$ SELECT record_engagement(1, 'view', created_at => '2026-01-05') $$, 'a partition that is gone');
SELECT is((SELECT string_agg(tableoid::regclass::text, ',') FROM explore_engagements WHERE created_at = '2026-01-05'), 'explore_engagements_default', 'its rows go to the default one');

-- Columns of somebody's.
ALTER TABLE explore_engagements ADD COLUMN device text NOT NULL DEFAULT 'phone';
SELECT lives_ok($$ SELECT record_engagement(1, 'view', user_id => 4712) $$);
SELECT is((SELECT device FROM explore_engagements WHERE user_id = 4712), 'phone', 'a column with a default has it');
ALTER TABLE explore_engagements ALTER COLUMN device DROP DEFAULT;
SELECT throws_ok($$ SELECT * FROM record_engagement_body('[{"contentId":1,"engagementType":"view","sessionId":2,"completed":true,"eventId":"10000000-0000-4000-8000-000000000009"}]') $$, '23502', NULL, 'one that must not be null and has none');
SELECT is((SELECT count(*) FROM explore_analytics.event_keys WHERE event_id = '10000000-0000-4000-8000-000000000009'), 0::bigint, 'keeps nothing of the batch');
ALTER TABLE explore_engagements DROP COLUMN device;

-- Checks of somebody's, by functions of the server's and others.
ALTER TABLE explore_engagements ADD CONSTRAINT short CHECK (watch_time_ms < 60000);
SELECT throws_ok($$ SELECT * FROM record_engagement_body('[{"contentId":1,"engagementType":"view","watchTime":3},{"contentId":1,"engagementType":"view","watchTime":61,"eventId":"10000000-0000-4000-8000-00000000000a"}]') $$, '23514', NULL, 'a check that fails');
SELECT is((SELECT count(*) FROM explore_analytics.event_keys WHERE event_id = '10000000-0000-4000-8000-00000000000a'), 0::bigint, 'keeps nothing of the batch');
ALTER TABLE explore_engagements DROP CONSTRAINT short;
CREATE FUNCTION is_short(int) RETURNS boolean LANGUAGE sql AS $$ SELECT $1 < 60000 $$;
ALTER TABLE explore_engagements ADD CONSTRAINT short CHECK (public.is_short(watch_time_ms));
SELECT throws_ok($$ SELECT record_engagement(1, 'view', watch_time => 61) $$, '23514', NULL, 'a check by a function of somebody''s');
SELECT lives_ok($$ SELECT record_engagement(1, 'view', watch_time => 59) $$);
ALTER TABLE explore_engagements DROP CONSTRAINT short;

-- A unique index of somebody's.
CREATE UNIQUE INDEX once ON explore_engagements (event_id, created_at);
SELECT lives_ok($$ SELECT record_engagement(1, 'view', created_at => '2026-05-05', event_id => '10000000-0000-4000-8000-00000000000b') $$);
DELETE FROM explore_analytics.event_keys WHERE event_id = '10000000-0000-4000-8000-00000000000b';
SELECT throws_ok($$ SELECT record_engagement(1, 'view', created_at => '2026-05-05', event_id => '10000000-0000-4000-8000-00000000000b') $$, '23505', NULL, 'a unique index');
DROP INDEX once;

-- Indexes made anew, a sequence with a cache, another default of the epoch.
REINDEX TABLE CONCURRENTLY explore_analytics.event_keys;
REINDEX TABLE CONCURRENTLY explore_engagements;
DO $$ BEGIN EXECUTE format('ALTER SEQUENCE %s CACHE 10', pg_get_serial_sequence('explore_engagements', 'id')); END $$;
CALL record_all('made anew');
UPDATE seen SET seen = seen - 'note' WHERE what = 'event';
SELECT is_empty($$ SELECT differences('straight', 'made anew') $$, 'indexes made anew, and ids from a cache');
SET enable_seqscan = off;
SELECT is((SELECT count(*) FROM explore_engagements WHERE content_id = 3), (SELECT count(*) FROM (SELECT content_id FROM explore_engagements OFFSET 0) e WHERE content_id = 3), 'are complete');
RESET enable_seqscan;
ALTER TABLE explore_engagements ALTER COLUMN epoch SET DEFAULT 0;
SELECT lives_ok($$ SELECT record_engagement(2, 'view', user_id => 4713) $$);
SELECT is((SELECT epoch FROM explore_engagements WHERE user_id = 4713), 0::bigint, 'a default of somebody''s counts');
ALTER TABLE explore_engagements ALTER COLUMN epoch SET DEFAULT explore_analytics.current_epoch();

-- What is not committed yet.
BEGIN;
INSERT INTO explore_content (id, creator_id) VALUES (77, 1);
INSERT INTO explore_feed_sessions (id, user_id) VALUES (77, 777);
SELECT is(record_engagement(77, 'view', session_id => 77), 'recorded', 'content and session of the same transaction');
SELECT is((SELECT user_id FROM explore_engagements WHERE content_id = 77), 777::bigint, 'and the session''s user');
DELETE FROM explore_content WHERE id = 77;
SELECT throws_ok($$ SELECT record_engagement(77, 'view') $$, '23503', NULL, 'content that is gone again');
ROLLBACK;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT is(record_engagement(1, 'view', session_id => 3, event_id => '10000000-0000-4000-8000-00000000000c'), 'recorded', 'with one snapshot for all');
ROLLBACK;
BEGIN READ ONLY;
SELECT throws_ok($$ SELECT record_engagement(1, 'view') $$, '25006', NULL, 'nothing is recorded where nothing may be written');
ROLLBACK;
SELECT is((SELECT string_agg(record_engagement_body::text, ' ') FROM (SELECT (b).duplicates AS record_engagement_body FROM (SELECT record_engagement_body('[{"contentId":1,"engagementType":"view","eventId":"10000000-0000-4000-8000-00000000000d"}]') AS b FROM generate_series(1, 3)) c) d), '0 1 1', 'several calls in one statement see one another');
SELECT * FROM finish();
