-- Drops the raw events of every month up to October, in two goes, with everything that may come between:
-- late events of dropped months, contents that come, go and move, refreshes and compactions. What the
-- raw table then lacks of the draft is kept aside: the oracle knows all of it.
CREATE TABLE oracle.all_raw AS SELECT * FROM explore_engagements;
CREATE FUNCTION oracle.lot(id uuid) RETURNS int LANGUAGE sql IMMUTABLE RETURN get_byte(uuid_send(id), 1) % 20;
-- Lots 1 to 4 come late: recorded only after their month was dropped.
CREATE TABLE oracle.late AS SELECT * FROM explore_engagements WHERE oracle.lot(event_id) <= 4 AND created_at < '2025-11-01';
CREATE PROCEDURE oracle.come_late(which int) LANGUAGE sql AS $$
  INSERT INTO explore_engagements (id, content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id)
  SELECT id, content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id FROM oracle.late WHERE oracle.lot(event_id) = which
$$;
BEGIN;
DELETE FROM explore_engagements e USING oracle.late l WHERE e.event_id = l.event_id;
SELECT explore_analytics.rebuild() > 0 AS rebuilt \gset
COMMIT;
SELECT explore_analytics.ensure_partitions('2025-03-01', '2025-04-30') = 2 AS made \gset
-- Creators differ from what they will be, and one content is not there while its events are dropped.
UPDATE explore_content SET creator_id = 1 + id % 12 WHERE id % 7 = 0 AND id < 400;
CREATE TEMP TABLE away AS SELECT * FROM explore_content WHERE id IN (3, 17);
DELETE FROM explore_content WHERE id IN (3, 17);

CALL explore_analytics.apply_retention(now() - '2025-04-15');
SELECT CASE WHEN (SELECT string_agg(partition_name, ' ' ORDER BY range_start) FROM explore_analytics.dropped_partitions) = 'explore_engagements_2025_03'
            AND (SELECT min(created_at) FROM explore_engagements) >= '2025-04-01' THEN 'ok' ELSE 'FAIL' END || ' March is dropped, and what is older';
CALL oracle.come_late(1);
CALL oracle.come_late(2);
INSERT INTO explore_content SELECT * FROM away WHERE id = 3;
CALL explore_analytics.refresh();
CALL oracle.come_late(3);
CALL explore_analytics.apply_retention(now() - '2025-11-20');
SELECT CASE WHEN count(*) = 3 AND bool_and(dropped_at IS NOT NULL) AND sum(event_count) > :events / 5 AND to_regclass('explore_engagements_2025_10') IS NULL AND to_regclass('explore_engagements_2025_11') IS NOT NULL
            THEN 'ok ' ELSE 'FAIL ' END || sum(event_count) || ' events of March, April and October are dropped' FROM explore_analytics.dropped_partitions;
SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'FAIL' END || ' no older one is left' FROM explore_engagements WHERE created_at < '2025-11-01';
-- One lot in the rollups, in deltas and in the default partition; one above the watermark.
CALL oracle.come_late(4);
CALL explore_analytics.refresh();
CALL oracle.come_late(0);
INSERT INTO explore_content SELECT * FROM away WHERE id = 17;
UPDATE explore_content SET creator_id = d.creator_id FROM oracle.draft_content d WHERE d.id = explore_content.id AND d.creator_id <> explore_content.creator_id;
CREATE TABLE oracle.dropped AS
SELECT a.* FROM oracle.all_raw a WHERE NOT EXISTS (SELECT FROM explore_engagements e WHERE e.event_id = a.event_id);
SELECT CASE WHEN count(*) > :events / 3 THEN 'ok ' ELSE 'FAIL ' END || count(*) || ' events are in the rollups alone' FROM oracle.dropped;
SELECT CASE WHEN count(*) FILTER (WHERE e.epoch <= s.low) > 50 AND count(*) FILTER (WHERE e.epoch > s.low) > 50 THEN 'ok' ELSE 'FAIL' END || ' late events lie on both sides of the watermark'
FROM explore_engagements e, explore_analytics.rollup_state s WHERE e.created_at < '2025-11-01';
SELECT CASE WHEN count(*) > 100 AND count(*) FILTER (WHERE EXISTS (SELECT FROM explore_engagements e WHERE e.session_id = r.session_id)) > 20 THEN 'ok ' ELSE 'FAIL ' END
  || count(*) || ' sessions are folded, some with events after that' FROM explore_analytics.session_rollups r;
ANALYZE;
