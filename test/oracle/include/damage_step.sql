-- A tenth of the stored values is damaged, then a refresh and a compaction are tried; then all is made good.
DELETE FROM damage.place;
INSERT INTO damage.place
SELECT row_number() OVER (), p.* FROM (
  SELECT 'rollup_totals', ctid, 'events', length(events) FROM explore_analytics.rollup_totals WHERE events IS NOT NULL
  UNION ALL SELECT 'rollup_totals', ctid, 'summary', length(summary::bytea) FROM explore_analytics.rollup_totals WHERE summary IS NOT NULL
  UNION ALL SELECT 'rollup_buckets', ctid, 'events', length(events) FROM explore_analytics.rollup_buckets WHERE events IS NOT NULL
  UNION ALL SELECT 'rollup_buckets', ctid, 'summary', length(summary::bytea) FROM explore_analytics.rollup_buckets WHERE summary IS NOT NULL
  UNION ALL SELECT 'rollup_deltas', ctid, 'events', length(events) FROM explore_analytics.rollup_deltas) p;
SELECT count(damage.damage(n::int)) AS damaged FROM (SELECT n FROM damage.place WHERE random() < 0.1) x \gset
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 1 + n % 8, n, 'view', '2025-03-20 00:00+00'::timestamptz + n * interval '17 minutes' FROM generate_series(1, 2500) n;
UPDATE explore_content SET creator_id = 1 + (creator_id + 1) % 3 WHERE id = 1 + floor(8 * random());
\set ON_ERROR_STOP off
\o /dev/null
CALL explore_analytics.refresh();
\set states :states ' ' :SQLSTATE
CALL explore_analytics.compact();
\set states :states ' ' :SQLSTATE
\o
\set ON_ERROR_STOP on
SELECT explore_analytics.rebuild() AS rows \gset
CALL explore_analytics.refresh();
SELECT CASE WHEN (SELECT count(*) FROM explore_analytics.verify()) = 0 AND views(platform_summary()) = (SELECT count(*) FROM explore_engagements WHERE engagement_type = 'view') THEN 'ok' ELSE 'FAIL' END
  || ' ' || :damaged || ' damaged values are cured';
