-- Our triggers: what a BEFORE trigger changes is seen by them, and install() replaces those that are not what it makes.
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT no_plan();

INSERT INTO explore_content (id, creator_id, title) SELECT n, 7, 'one' FROM generate_series(1, 4) n;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 1 + n % 4, n % 50 + 1, 'view', now() - n * interval '1 hour' FROM generate_series(1, 400) n;
CALL explore_analytics.refresh();
CREATE FUNCTION views_are(seven integer, eight integer, what text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT is(ARRAY[views(creator_summary(7)), views(creator_summary(8)), total_views], ARRAY[seven, eight, eight]::bigint[], what) FROM creator_analytics(8)
$$;
SELECT views_are(400, 0, 'all contents are of creator 7');

-- A trigger of the app's moves contents whose title changes.
CREATE FUNCTION move_by_title() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.creator_id := CASE NEW.title WHEN ''two'' THEN 8 ELSE 7 END; RETURN NEW; END';
CREATE TRIGGER app_moves BEFORE UPDATE ON explore_content FOR EACH ROW EXECUTE FUNCTION move_by_title();
UPDATE explore_content SET title = 'two' WHERE id = 1;
SELECT views_are(300, 100, 'a content that such a trigger moved counts for its new creator');
CALL explore_analytics.refresh();
SELECT views_are(300, 100, 'and after a refresh');
UPDATE explore_content SET creator_id = 9 WHERE id = 1;
SELECT views_are(300, 100, 'also where the statement wanted another creator');
UPDATE explore_content SET title = 'one' WHERE id = 1;
INSERT INTO explore_content (id, creator_id, title) VALUES (1, 8, 'two') ON CONFLICT (id) DO UPDATE SET title = excluded.title;
SELECT views_are(300, 100, 'and by way of INSERT ... ON CONFLICT');
CALL explore_analytics.refresh();
SELECT views_are(300, 100, 'and after a refresh');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'the rollups are sound');
CREATE TRIGGER app_moves_new BEFORE INSERT ON explore_content FOR EACH ROW EXECUTE FUNCTION move_by_title();
INSERT INTO explore_content (id, creator_id, title) VALUES (5, 8, 'one'), (6, 7, 'two');
SELECT bag_eq('SELECT creator_id, content_id FROM explore_analytics.creator_changes', 'VALUES (7::bigint, 5::bigint), (8, 6)', 'of new contents the creator is noted that they have in the end');
UPDATE explore_content SET title = 'one' WHERE id = 2;
SELECT is(count(*), 2::bigint, 'an update that moves nothing notes nothing') FROM explore_analytics.creator_changes;
DROP TRIGGER app_moves ON explore_content;
DROP TRIGGER app_moves_new ON explore_content;
CALL explore_analytics.refresh();

-- What install() says.
CREATE VIEW ours AS SELECT tgrelid::regclass::text AS relation, tgname::text, pg_get_triggerdef(oid) AS definition, tgenabled FROM pg_trigger WHERE tgfoid IN (SELECT oid FROM pg_proc WHERE pronamespace = 'explore_analytics'::regnamespace);
CREATE TABLE made AS TABLE ours;
SELECT cmp_ok(count(*), '>', 12::bigint, 'there are triggers on contents, events, partitions, the audit log and the rate limits') FROM made;
SELECT is_empty('SELECT * FROM explore_analytics.wrong_triggers()', 'they are what they should be');
SET quote_all_identifiers = on;
SELECT is_empty('SELECT * FROM explore_analytics.wrong_triggers()', 'whatever a session does with names');
RESET quote_all_identifiers;
CREATE TABLE identity_of AS SELECT oid, tgname FROM pg_trigger WHERE NOT tgisinternal;
CALL explore_analytics.install();
SELECT bag_eq('SELECT oid, tgname FROM pg_trigger WHERE NOT tgisinternal', 'TABLE identity_of', 'install() leaves them alone then');
SELECT is(count(*), 0::bigint, 'and notes no creator') FROM explore_analytics.creator_changes;

-- As version 0.1.0 made it; contents may have moved unseen since then.
DROP TRIGGER explore_analytics_content_moved ON explore_content;
CREATE TRIGGER explore_analytics_content_moved AFTER UPDATE OF id, creator_id ON explore_content FOR EACH ROW
  WHEN (OLD.creator_id <> NEW.creator_id OR OLD.id <> NEW.id) EXECUTE FUNCTION explore_analytics.note_creators();
ALTER TABLE explore_content ENABLE ALWAYS TRIGGER explore_analytics_content_moved;
CREATE TRIGGER app_moves BEFORE UPDATE ON explore_content FOR EACH ROW EXECUTE FUNCTION move_by_title();
UPDATE explore_content SET title = 'two' WHERE id = 2;
SELECT views_are(300, 100, 'the older trigger did not see it');
SELECT results_eq('SELECT relation::text, trigger_name, fault, notes FROM explore_analytics.wrong_triggers()', $$VALUES ('explore_content', 'explore_analytics_content_moved', 'is another', true)$$, 'it is found');
SELECT is(h.status || ' ' || h.detail || E'\n' || h.fix, E'FAIL explore_analytics_content_moved of public.explore_content is another\nCALL explore_analytics.install();\nCALL explore_analytics.refresh();', 'health_check() tells')
FROM explore_analytics.health_check() h WHERE h.check_name = 'triggers';
CALL explore_analytics.install();
CALL explore_analytics.refresh();
SELECT views_are(200, 200, 'install() replaces it, and the next refresh makes creators anew');
DROP TRIGGER app_moves ON explore_content;

-- Each of them in turn: gone, asleep, of the same name and for something else.
CREATE FUNCTION spoil(way text, relation text, tgname text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  CASE way
    WHEN 'gone' THEN EXECUTE format('DROP TRIGGER %I ON %s', tgname, relation);
    WHEN 'asleep' THEN EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', relation, tgname);
    WHEN 'at the origin' THEN EXECUTE format('ALTER TABLE %s ENABLE TRIGGER %I', relation, tgname);
    WHEN 'another' THEN
      EXECUTE format('DROP TRIGGER %I ON %s', tgname, relation);
      EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION suppress_redundant_updates_trigger()', tgname, relation);
  END CASE;
END $$;
CREATE TABLE seen (way text, relation text, tgname text, found bigint, noted boolean);
DO $$
DECLARE
  t record;
  way text;
BEGIN
  FOR t IN SELECT m.relation, m.tgname FROM made m WHERE m.relation NOT LIKE 'explore\_engagements\_2%' ORDER BY 1, 2 LOOP
    FOREACH way IN ARRAY ARRAY['gone', 'asleep', 'at the origin', 'another'] LOOP
      PERFORM spoil(way, t.relation, t.tgname);
      INSERT INTO seen SELECT way, t.relation, t.tgname, (SELECT count(*) FROM explore_analytics.wrong_triggers());
      DELETE FROM explore_analytics.creator_changes;
      CALL explore_analytics.install();
      UPDATE seen SET noted = EXISTS (SELECT FROM explore_analytics.creator_changes WHERE creator_id = 0) WHERE noted IS NULL;
    END LOOP;
  END LOOP;
  DELETE FROM explore_analytics.creator_changes;
END $$;
SELECT bag_eq('TABLE ours', 'TABLE made', 'install() makes them what they were');
SELECT is_empty('SELECT * FROM seen WHERE found <> 1', 'each fault was found');
SELECT is_empty($$SELECT * FROM seen WHERE noted <> (relation = 'explore_content')$$, 'creators are noted where contents may have moved, and only then');
-- A month's partition brings its own, and leaves others alone.
SELECT spoil('gone', 'explore_content', 'explore_analytics_content_moved');
SELECT is(explore_analytics.ensure_partitions('2019-01-01', '2019-01-01'), 1, 'a partition is made');
SELECT results_eq('SELECT relation::text, fault FROM explore_analytics.wrong_triggers()', $$VALUES ('explore_content', 'is missing')$$, 'with its trigger; what else is wrong is left to install()');
SELECT * FROM finish();
