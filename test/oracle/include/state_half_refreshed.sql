-- Half of the rows before the last refresh and half after it, late events among both; contents that came
-- later than their events, went, changed creators and even ids, before and after the refresh.
-- First contents and creators are others than they will be.
CALL oracle.add_contents('id % 5 <> 0');
UPDATE explore_content SET creator_id = 1 + id % 12 WHERE id % 7 IN (0, 1) AND id < 400;
UPDATE explore_content SET creator_id = 9223372036854775806 WHERE id = 602;
INSERT INTO explore_content (id, creator_id, title) VALUES (5003, 2, 'Went'), (5004, 9007199254740993, 'Goes'), (5005, 2, 'Was another'), (5006, 1, 'Is another');
CALL oracle.add_events('half AND content_id <> 625');
CALL explore_analytics.refresh();
-- Then some of that is put right, and a small refresh knows it.
CALL oracle.add_contents('id % 10 = 0');
DELETE FROM explore_content WHERE id = 5003;
UPDATE explore_content SET creator_id = d.creator_id FROM oracle.draft_content d WHERE d.id = explore_content.id AND d.id % 7 = 0;
DELETE FROM explore_discovery_videos WHERE content_id = 41;
DELETE FROM explore_content WHERE id = 41;
UPDATE explore_content SET id = 41, creator_id = d.creator_id, title = d.title, category = d.category, area = d.area, is_active = d.is_active FROM oracle.draft_content d WHERE explore_content.id = 5005 AND d.id = 41;
CALL oracle.add_events('NOT half AND content_id % 16 = 3 AND created_at < ''2025-12-01''');
CALL explore_analytics.refresh();
-- The rest is news: late events, contents that the rollups know events of, moves.
CALL oracle.add_events('NOT half AND NOT (content_id % 16 = 3 AND created_at < ''2025-12-01'') OR half AND content_id = 625');
CALL oracle.add_contents('id % 10 = 5');
DELETE FROM explore_content WHERE id = 5004;
DELETE FROM explore_discovery_videos WHERE content_id = 43;
DELETE FROM explore_content WHERE id = 43;
UPDATE explore_content SET id = 43, creator_id = d.creator_id, title = d.title, category = d.category, area = d.area, is_active = d.is_active FROM oracle.draft_content d WHERE explore_content.id = 5006 AND d.id = 43;
UPDATE explore_content SET creator_id = d.creator_id FROM oracle.draft_content d WHERE d.id = explore_content.id AND d.creator_id <> explore_content.creator_id;
DELETE FROM explore_discovery_videos WHERE content_id NOT IN (SELECT id FROM explore_content);
CALL oracle.add_videos();
SELECT CASE WHEN tail_events BETWEEN :events / 3 AND 2 * :events / 3 AND delta_events > 0 AND (SELECT count(*) FROM explore_analytics.creator_changes) > 50 THEN 'ok' ELSE 'FAIL' END
       || ' half of the events are in the rollups, and creators have changed since'
FROM explore_analytics.rollup_status;
