-- What the pictures will show: the week's most viewed video, its creator, and the end of the data.
INSERT INTO demo.remembered
SELECT 'as_of', (max(created_at) + interval '1 microsecond')::text
FROM explore_engagements WHERE created_at <= now();

INSERT INTO demo.remembered
SELECT k.name, k.value
FROM top_videos('views', demo.as_of() - interval '7 days', demo.as_of(), n => 1) t
JOIN explore_content c ON c.id = t.content_id
CROSS JOIN LATERAL (VALUES ('video', t.video_id::text), ('creator', c.creator_id::text)) k (name, value);

INSERT INTO demo.remembered
SELECT 'from', greatest(demo.as_of() - interval '60 days', min(created_at))::text FROM explore_engagements;

-- Among many videos the top ten leaves out those with few views; a small feed needs them all.
INSERT INTO demo.remembered
SELECT 'min_views', CASE WHEN count(*) = 10 AND min(views) >= 100 THEN 100 ELSE 1 END::text
FROM top_videos('views', demo.as_of() - interval '30 days', demo.as_of(), n => 10);
