-- A small feed, refreshed, and a role with every grant.
SELECT explore_analytics.grant_access('torture_app', m) FROM unnest('{analyse,define,record,operate}'::text[]) m;
INSERT INTO public.explore_content (creator_id, title, content_type) VALUES (1, 'one', 'video'), (1, 'two', 'video'), (2, 'three', 'video');
INSERT INTO public.explore_discovery_videos (content_id, duration_ms) VALUES (1, 10000), (2, 20000);
INSERT INTO public.explore_feed_sessions (user_id, session_start) VALUES (5, '2025-03-01 00:00+00'), (6, '2025-03-02 00:00+00'), (NULL, '2025-03-03 00:00+00');
INSERT INTO public.explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
SELECT 1 + n % 3, 1 + n % 40, CASE WHEN n % 2 = 0 THEN 1 END, (enum_range(NULL::public.engagement_type))[1 + n % 7], n % 5000, n % 3 = 0, '2025-03-01 00:00+00'::timestamptz + n * interval '7 minutes'
FROM generate_series(1, 600) n;
INSERT INTO public.explore_engagements (content_id, session_id, engagement_type, created_at) VALUES (1, 3, 'view', '2025-03-03 00:01+00'), (2, 3, 'save', '2025-03-03 00:02+00');
CALL explore_analytics.refresh();
INSERT INTO public.explore_engagements (content_id, user_id, engagement_type, watch_time_ms, completed, created_at)
SELECT 1 + n % 3, 1 + n % 40, 'view', n % 5000, n % 3 = 0, '2025-03-20 00:00+00'::timestamptz + n * interval '7 minutes' FROM generate_series(1, 20) n;
