-- Rows of contents and videos are changed straight where an UPDATE would do no more; else statements do it. Whatever is made
-- of the two tables: the numbers are those of plain SQL, and what hangs on the rows happens as after an UPDATE.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
SELECT no_plan();

INSERT INTO explore_content (id, creator_id, title) SELECT i, 1 + i % 2, 'Content ' || i % 3 FROM generate_series(1, 40) i;
INSERT INTO explore_discovery_videos (id, content_id, duration_ms) SELECT 100 + i, i, 9000 FROM generate_series(1, 40) i WHERE i % 4 > 0;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, completed, created_at)
SELECT i, 10 + u, (ARRAY['view', 'view', 'save', 'view', 'skip', 'click'])[1 + (i + u) % 6]::engagement_type, i * u, u % 3 = 0, '2025-03-01'::timestamptz + u * interval '1 hour'
FROM generate_series(1, 36) i, generate_series(1, i) u;
CALL explore_analytics.refresh();

CREATE VIEW wrong AS
SELECT c.id FROM explore_content c
LEFT JOIN (SELECT content_id, count(*) FILTER (WHERE engagement_type = 'view') AS views, count(*) FILTER (WHERE engagement_type = 'view' AND completed) AS completions,
             count(*) FILTER (WHERE engagement_type = 'save') AS saves, count(*) FILTER (WHERE engagement_type = 'click') AS clicks,
             count(*) FILTER (WHERE engagement_type = 'skip') AS skips, sum(watch_time_ms) AS watch_time_ms FROM explore_engagements GROUP BY 1) e ON e.content_id = c.id
LEFT JOIN explore_discovery_videos v ON v.content_id = c.id
WHERE (c.view_count, c.engagement_score) IS DISTINCT FROM (coalesce(e.views, 0),
    CASE WHEN e.views > 0 THEN least(100, greatest(0, (40 * e.completions + 30 * e.saves + 10 * e.clicks - 20 * e.skips)::float8 / e.views)) ELSE 0 END)
  OR v.id IS NOT NULL AND (v.total_views, v.total_watch_time_ms, v.completion_rate, v.save_count, v.click_count) IS DISTINCT FROM (coalesce(e.views, 0), coalesce(e.watch_time_ms, 0),
    CASE WHEN e.views > 0 THEN 100 * e.completions::float8 / e.views ELSE 0 END, coalesce(e.saves, 0), coalesce(e.clicks, 0));
-- Only the statements lock rows before they change them.
CREATE FUNCTION way() RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN count(*) FILTER (WHERE mode = 'RowShareLock') > 0 THEN 'statements' WHEN count(*) > 0 THEN 'straight' ELSE 'unwritten' END
  FROM pg_locks WHERE pid = pg_backend_pid() AND relation = 'explore_content'::regclass AND mode IN ('RowShareLock', 'RowExclusiveLock')
$$;
CREATE FUNCTION told(change text, query text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
  used text;
  seen text;
BEGIN
  UPDATE explore_content SET view_count = -1;
  UPDATE explore_discovery_videos SET save_count = -1;
  EXECUTE change;
  result := batch_update_engagement_scores(true);
  used := way();
  IF query IS NOT NULL THEN EXECUTE query INTO seen; END IF;
  result := format('%s, %s changed, %s wrong, then %s', used, result, (SELECT count(*) FROM wrong), batch_update_engagement_scores(true)) || coalesce(', ' || seen, '');
  RAISE EXCEPTION USING ERRCODE = 'UT001';
EXCEPTION
  WHEN SQLSTATE 'UT001' THEN RETURN result;
  WHEN OTHERS THEN RETURN SQLSTATE;
END $$;
CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.category := NEW.view_count; RETURN NEW; END $$;
CREATE FUNCTION counted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.fired VALUES (TG_OP); RETURN NULL; END $$;
CREATE FUNCTION small(n bigint) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN n < 1000; END';
CREATE TABLE fired (op text);
CREATE TABLE person (id bigint PRIMARY KEY);

CREATE TABLE trial (n integer GENERATED ALWAYS AS IDENTITY, what text, change text, query text, told text);
INSERT INTO trial (what, change, told, query) VALUES
  ('as installed', 'SELECT', 'straight', NULL),
  ('numbers that somebody has taken away', 'ALTER TABLE explore_content ALTER view_count DROP NOT NULL; UPDATE explore_content SET view_count = NULL', 'straight', NULL),
  ('columns elsewhere', 'ALTER TABLE explore_content DROP COLUMN tags; ALTER TABLE explore_content ADD tags text DEFAULT ''x''', 'straight, 40', 'SELECT count(*) FROM explore_content WHERE tags = ''x'''),
  ('a wide text', 'ALTER TABLE explore_content ALTER title SET STORAGE external; UPDATE explore_content SET title = repeat(''long '', 2000)', 'straight, 40', 'SELECT count(*) FROM explore_content WHERE title = repeat(''long '', 2000)'),
  ('an index on a number', 'CREATE INDEX seen ON explore_content (view_count)', 'straight', NULL),
  ('an index without btree', 'CREATE INDEX seen ON explore_content USING brin (view_count); CREATE INDEX wide ON explore_content USING gin (tags)', 'straight', NULL),
  ('a trigger that is off', 'CREATE TRIGGER t BEFORE UPDATE ON explore_content FOR EACH ROW EXECUTE FUNCTION touched(); ALTER TABLE explore_content DISABLE TRIGGER t', 'straight, 0', 'SELECT count(category) FROM explore_content'),
  ('a trigger for other changes', 'CREATE TRIGGER t AFTER INSERT OR DELETE ON explore_content FOR EACH ROW EXECUTE FUNCTION counted()', 'straight', NULL),
  ('a trigger before rows', 'CREATE TRIGGER t BEFORE UPDATE ON explore_content FOR EACH ROW EXECUTE FUNCTION touched()', 'statements, 40', 'SELECT count(*) FROM explore_content WHERE category = view_count::text'),
  ('a trigger after rows', 'CREATE TRIGGER t AFTER UPDATE ON explore_discovery_videos FOR EACH ROW EXECUTE FUNCTION counted()', 'statements, 30', 'SELECT count(*) FROM fired'),
  ('a trigger for a column', 'CREATE TRIGGER t AFTER UPDATE OF view_count ON explore_content FOR EACH ROW EXECUTE FUNCTION counted()', 'statements, 40', 'SELECT count(*) FROM fired'),
  ('a trigger for statements', 'CREATE TRIGGER t AFTER UPDATE ON explore_content FOR EACH STATEMENT EXECUTE FUNCTION counted()', 'statements, 1', 'SELECT count(*) FROM fired'),
  ('a generated column', 'ALTER TABLE explore_content ADD twice bigint GENERATED ALWAYS AS (2 * view_count) STORED', 'statements, 40', 'SELECT count(*) FROM explore_content WHERE twice = 2 * view_count'),
  ('a rule', 'CREATE RULE r AS ON UPDATE TO explore_discovery_videos DO ALSO INSERT INTO public.fired VALUES (''rule'')', 'statements, true', 'SELECT count(*) > 0 FROM fired'),
  ('row level security', 'ALTER TABLE explore_content ENABLE ROW LEVEL SECURITY', 'statements', NULL),
  ('a check by a function', 'ALTER TABLE explore_content ADD CHECK (small(view_count))', 'statements', NULL),
  ('an index by a function', 'CREATE INDEX seen ON explore_content (small(view_count))', 'statements', NULL),
  ('a unique index with a number', 'CREATE UNIQUE INDEX seen ON explore_content (id, view_count)', 'statements', NULL),
  ('a unique index that a number decides about', 'CREATE UNIQUE INDEX seen ON explore_content (title) WHERE view_count > 12', '23505', NULL),
  ('a unique index that the whole row decides about', 'UPDATE explore_discovery_videos SET video_url = ''same'', thumbnail_url = ''same'', scored_at = NULL; CREATE UNIQUE INDEX seen ON explore_discovery_videos (video_url) WHERE explore_discovery_videos IS NOT NULL', '23505', NULL),
  ('a unique index by the whole row', 'CREATE UNIQUE INDEX seen ON explore_content (id, (explore_content IS NULL))', 'statements', NULL),
  ('a unique constraint for the end', 'ALTER TABLE explore_content ADD UNIQUE (id, creator_id) DEFERRABLE INITIALLY DEFERRED', 'statements', NULL),
  ('a check that fails', 'ALTER TABLE explore_content ADD CHECK (view_count < 12) NOT VALID', '23514', NULL),
  ('a check of what stays that fails', 'ALTER TABLE explore_content ADD CHECK (title <> ''Content 1'') NOT VALID', '23514', NULL),
  ('videos without their key', 'ALTER TABLE explore_discovery_videos DROP CONSTRAINT explore_discovery_videos_content_id_key', 'statements', NULL),
  ('a number of another type', 'ALTER TABLE explore_discovery_videos ALTER share_count TYPE integer', 'statements', NULL),
  ('a column under another name', 'ALTER TABLE explore_content RENAME view_count TO seen', '55000', NULL),
  ('published rows that nothing identifies', 'ALTER TABLE explore_discovery_videos REPLICA IDENTITY NOTHING; CREATE PUBLICATION ways FOR TABLE explore_discovery_videos', '55000', NULL),
  ('published rows', 'CREATE PUBLICATION ways FOR TABLE explore_content, explore_discovery_videos', 'straight', NULL);
SELECT is(told(t.change, t.query), regexp_replace(t.told, '^(straight|statements)', '\1, 40 changed, 0 wrong, then 0'), t.what) FROM trial t ORDER BY n;

-- A foreign key looks at what stays only where this transaction has written, and then at the commit.
ALTER TABLE explore_content ADD CONSTRAINT of_person FOREIGN KEY (creator_id) REFERENCES person DEFERRABLE INITIALLY DEFERRED NOT VALID;
ALTER TABLE explore_saved_properties ADD CONSTRAINT of_content FOREIGN KEY (content_id) REFERENCES explore_content ON UPDATE CASCADE;
BEGIN;
SELECT is(batch_update_engagement_scores(true), 36::bigint, 'the numbers of all contents');
SELECT is(way(), 'straight', 'written beside a foreign key');
SELECT lives_ok('SET CONSTRAINTS ALL IMMEDIATE', 'which has nothing to look at');
COMMIT;
BEGIN;
INSERT INTO explore_content (id, creator_id) VALUES (50, 777);
INSERT INTO explore_engagements (content_id, engagement_type) VALUES (50, 'view');
SELECT is(batch_update_engagement_scores(), 1::bigint, 'a content of this transaction');
SELECT is(way(), 'statements', 'is left to statements');
SELECT throws_ok('SET CONSTRAINTS ALL IMMEDIATE', '23503', NULL, 'whose creator is missed all the same');
ROLLBACK;
ALTER TABLE explore_content DROP CONSTRAINT of_person;
ALTER TABLE explore_saved_properties DROP CONSTRAINT of_content;
-- Rows that the transaction has locked itself; a portion of its own for each end; nothing in a read-only transaction.
UPDATE explore_content SET view_count = 7;
BEGIN;
SELECT count(*) FROM (SELECT FROM explore_content WHERE id < 20 FOR UPDATE) l \g /dev/null
SELECT cmp_ok(batch_update_engagement_scores(true), '>', 30::bigint, 'rows locked by oneself are written');
SELECT is_empty('TABLE wrong', 'all of them');
COMMIT;
BEGIN READ ONLY;
SELECT throws_ok('SELECT batch_update_engagement_scores(true)', '25006', NULL, 'nothing is written in a read-only transaction');
ROLLBACK;
-- The largest id there can be, contents without videos, more than a portion.
INSERT INTO explore_content (id, creator_id, view_count) VALUES (9223372036854775807, 1, 3);
INSERT INTO explore_content (id, creator_id, view_count) SELECT i, 1, 2 FROM generate_series(1001, 12000) i;
INSERT INTO explore_engagements (content_id, engagement_type) SELECT i, 'view' FROM generate_series(1001, 12000, 2) i;
INSERT INTO explore_engagements (content_id, engagement_type) VALUES (9223372036854775807, 'view');
SELECT is(batch_update_engagement_scores(true), 11001::bigint, 'contents by portions, to the last');
SELECT is_empty('TABLE wrong', 'and right');
-- Entries are where they should be: every index finds every row.
CREATE FUNCTION by_index(named text, condition text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  plan text;
  found bigint;
BEGIN
  SET LOCAL enable_seqscan = off;
  EXECUTE format('EXPLAIN (FORMAT json) SELECT count(*) FROM explore_content WHERE %s', condition) INTO plan;
  IF plan NOT LIKE '%' || named || '%' THEN RAISE EXCEPTION '%', plan; END IF;
  EXECUTE format('SELECT count(*) FROM explore_content WHERE %s', condition) INTO found;
  RETURN found;
END $$;
SELECT is(by_index('explore_content_pkey', 'id > 0'), 11041::bigint, 'the key finds all');
SELECT is(by_index('explore_content_creator', 'creator_id IN (1, 2)'), 11041::bigint, 'so does the index of creators');
SELECT results_eq('SELECT content_id FROM explore_leaderboard', 'SELECT id FROM (SELECT *, id + 0 AS k FROM explore_content OFFSET 0) c WHERE view_count >= 10 ORDER BY engagement_score DESC, view_count DESC, id', 'and that of the leaderboard');
SELECT * FROM finish();
