-- What every state has in common: the rows of the draft, sessions, and partitions made after the fact.
SELECT CASE WHEN count(*) > 0.99 * :events AND count(*) = (SELECT count(*) FROM oracle.draft) THEN 'ok ' ELSE 'FAIL ' END || count(*) || ' events' FROM explore_engagements;
SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'FAIL' END || ' they are those of the draft'
FROM (SELECT e.event_id FROM explore_engagements e FULL JOIN oracle.draft d USING (event_id)
      WHERE (e.content_id, e.user_id, e.session_id, e.engagement_type, e.watch_time_ms, e.completed, e.created_at)
            IS DISTINCT FROM (d.content_id, d.user_id, d.session_id, d.engagement_type, d.watch_time_ms, d.completed, d.created_at)) x;
SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'FAIL' END || ' and so are the contents'
FROM explore_content c FULL JOIN oracle.draft_content d USING (id) WHERE c.creator_id IS DISTINCT FROM d.creator_id;

-- Sessions start before their first event; half of them are closed, one in twenty is without events.
INSERT INTO explore_feed_sessions (id, user_id, session_start, session_end)
SELECT g, CASE WHEN random() < 0.5 THEN 1 + floor(200000 * random())::bigint END, f.began,
       CASE WHEN random() < 0.5 THEN f.began + random() * interval '2 hours' END
FROM generate_series(1, (0.1 * :events)::int) g,
     LATERAL (SELECT coalesce((SELECT min(e.created_at) - random() * interval '3 minutes'
                               FROM explore_engagements e WHERE e.session_id = g),
                              timestamptz '2025-09-20 00:00+00' + random() * interval '100 days') AS began) f;

-- Half of the months get partitions after the fact: rows move, with their epochs, numbers must not.
SELECT explore_analytics.ensure_partitions('2025-10-01', '2025-12-31') = 3 AS made \gset
SELECT CASE WHEN :'made'::boolean AND (SELECT count(*) FROM explore_engagements_2025_11) > :events / 6
              AND (SELECT count(*) FROM explore_engagements_default) > :events / 8
            THEN 'ok' ELSE 'FAIL' END || ' events lie in monthly partitions and in the default one';
ANALYZE;
