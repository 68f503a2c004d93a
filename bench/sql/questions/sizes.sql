-- Bytes for each event: rows and indexes of the plain table, rows and indexes of ours, and the rollups.
WITH events AS (SELECT count(*)::float8 AS n FROM explore_engagements)
SELECT round((pg_total_relation_size('plain.events') / n)::numeric, 1),
  round((own.bytes / n)::numeric, 1), round((rollup.bytes / n)::numeric, 1)
FROM events,
  (SELECT sum(pg_total_relation_size(relid)) AS bytes FROM pg_partition_tree('explore_engagements')) AS own,
  (SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) AS bytes FROM pg_class c
   WHERE c.relnamespace = 'explore_analytics'::regnamespace AND c.relkind IN ('r', 'm')
     AND c.relname NOT IN ('event_keys', 'viewing_keys')) AS rollup;
