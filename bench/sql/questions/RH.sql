-- Retention curve of the hottest video, all time, 100 bins
--@ask plain duckdb
SELECT b.bin, round((sum(least(greatest(e.watch_time_ms::bigint * 100 - (b.bin - 1) * v.duration_ms::bigint, 0), v.duration_ms)) / (v.duration_ms::float8 * count(*)))::numeric(20,9), 9)::float8
FROM {plain}.events e JOIN {plain}.videos v ON v.content_id = e.content_id CROSS JOIN (SELECT * FROM generate_series(1, 100) AS g(bin)) b
WHERE v.id = :hot_video::bigint AND e.engagement_type = 'view' GROUP BY b.bin, v.duration_ms ORDER BY b.bin;
--@ask ours
SELECT bin, round(audience_watch_ratio::numeric(20,9), 9)::float8 FROM retention_curve(:hot_video, bins => 100) ORDER BY bin;
