-- A creator among its peers; a boost campaign that is charged to the end of its budget, with viewers held out; a script that
-- watches, found, taken out and paid back; and what the campaign has brought.
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
CREATE TABLE demo.benchmark AS
SELECT b.* FROM unnest(ARRAY['views', 'engagement_rate', 'completion_rate']) m,
  benchmark_creator(demo.recall('creator')::bigint, m, demo.as_of() - interval '30 days', demo.as_of(), peers => 'platform') b;
SELECT '  creator ' || demo.recall('creator') || ' among all with 10 views in 30 days';
SELECT format('  %s%s   %s', rpad(metric, 18), lpad(demo.num(value, CASE metric WHEN 'views' THEN 0 ELSE 1 END), 9),
  CASE WHEN rank IS NULL THEN format('%s peers are too few to tell', demo.num(peers))
       ELSE format('rank %s of %s, percentile %s; half of them between %s and %s', demo.num(rank), demo.num(peers + 1), demo.num(percentile, 1),
                   demo.num(p25, 1), demo.num(p75, 1)) END)
FROM demo.benchmark;

-- Whoever viewed the video in 30 days had the impression right before the first view; and a script viewed it 400 times in
-- two minutes, twenty days ago. The budget is for three fifths of the viewers.
SELECT content_id AS content FROM explore_discovery_videos WHERE id = demo.recall('video')::bigint \gset
CREATE TABLE demo.impressions AS
SELECT gen_random_uuid() AS event_id, viewer, min(created_at) - interval '1 second' AS shown_at, false AS script, NULL::text AS status
FROM (SELECT coalesce(user_id, -session_id) AS viewer, created_at FROM explore_engagements
      WHERE content_id = :content AND engagement_type = 'view' AND created_at >= demo.as_of() - interval '30 days' AND created_at < demo.as_of()) v
WHERE viewer > 0 OR -viewer IN (SELECT id FROM explore_feed_sessions) GROUP BY viewer;
ALTER TABLE demo.impressions ADD PRIMARY KEY (event_id);
SELECT create_boost_campaign(:content, budget => 0.02 * (3 * count(*) / 5), currency => 'ZAR', cost_per_impression => 0.02,
  starts_at => demo.as_of() - interval '31 days', holdout_percent => 20, conversion_value => 1.5, within => '3 days') AS campaign
FROM demo.impressions \gset
INSERT INTO demo.remembered VALUES ('campaign', :'campaign');
-- A user whom the campaign does not hold out.
INSERT INTO demo.remembered
SELECT 'script', id::text FROM (SELECT greatest((SELECT max(user_id) FROM explore_engagements), 0) + n AS id FROM generate_series(1, 100) n) u
WHERE experiment_bucket('boost:' || :'campaign', id::text) >= 0.2 ORDER BY id LIMIT 1;
SELECT demo.recall('script') AS script \gset
CREATE TABLE demo.watching AS
SELECT demo.as_of() - interval '20 days' + n * interval '0.3 seconds' AS shown_at FROM generate_series(1, 400) n;
INSERT INTO demo.impressions SELECT gen_random_uuid(), :script, shown_at, true, NULL FROM demo.watching;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
SELECT :content, :script, 'view', 0, shown_at + interval '0.1 seconds' FROM demo.watching;

-- An app charges before it shows; here the impressions of 30 days come one after the other, by their time.
CREATE PROCEDURE demo.charge(campaign bigint) LANGUAGE plpgsql AS $$
DECLARE
  i demo.impressions;
BEGIN
  FOR i IN SELECT * FROM demo.impressions WHERE status IS NULL OR status = 'budget' ORDER BY shown_at, event_id LOOP
    UPDATE demo.impressions m SET status = c.status
    FROM charge_boost(campaign, i.event_id, 'impression', user_id => CASE WHEN i.viewer > 0 THEN i.viewer END,
                      session_id => CASE WHEN i.viewer < 0 THEN -i.viewer END, charged_at => i.shown_at) c
    WHERE m.event_id = i.event_id;
    COMMIT;
  END LOOP;
END $$;
CALL demo.charge(:campaign);
SELECT format(E'\n  a campaign of %s %s at 0.02 an impression, a fifth of the viewers held out', budget, currency) FROM explore_boost_campaigns WHERE campaign_id = :campaign;
SELECT '  ' || string_agg(demo.num(n) || ' ' || replace(status, '_', ' '), ', ' ORDER BY status)
FROM (SELECT CASE status WHEN 'budget' THEN 'refused, the budget was spent' ELSE status END AS status, count(*) AS n FROM demo.impressions GROUP BY 1) s;

-- The script.
SELECT total_views AS views_before FROM video_analytics(demo.recall('video')::bigint) \gset
INSERT INTO demo.remembered VALUES ('views_before', :'views_before');
SELECT format(E'\n  suspicious: user %s, %s: %s views, up to %s a minute', user_id, array_to_string(reasons, ', '), demo.num(views), demo.num(peak_per_minute))
FROM suspicious_viewers(demo.as_of() - interval '30 days', demo.as_of()) WHERE user_id = :script;
INSERT INTO demo.remembered SELECT 'excluded', explore_analytics.exclude_traffic(user_id => :script, reason => 'a script')::text;
-- Ghosts, too, if there were any.
INSERT INTO demo.remembered SELECT 'credited', sum(credit_boost(:campaign, event_id => event_id, reason => 'a script'))::text
FROM explore_boost_ledger WHERE campaign_id = :campaign AND user_id = :script;
SELECT format('  taken out of every number with %s events: the video had %s views, and has %s; %s ZAR are paid back', demo.num(demo.recall('excluded')::float8),
  demo.num(:views_before), demo.num(total_views), demo.recall('credited'))
FROM video_analytics(demo.recall('video')::bigint);
-- What was freed is charged for people; the script is refused.
CALL demo.charge(:campaign);
SELECT format('  what was freed is charged for people: %s of them in all, and %s held out', demo.num(count(*) FILTER (WHERE status = 'charged' AND NOT script)), demo.num(count(*) FILTER (WHERE status = 'held_out')))
FROM demo.impressions;

CREATE TABLE demo.campaign AS SELECT * FROM campaign_analytics(:campaign, as_of => demo.as_of());
CREATE TABLE demo.revenue AS SELECT * FROM boost_revenue(creator_id => demo.recall('creator')::bigint);
SELECT format(E'\n  %s: %s of %s %s spent on %s impressions; %s viewers, %s conversions for %s each, %s back for each spent',
  status, spend, budget, currency, demo.num(impressions), demo.num(viewers), demo.num(conversions), coalesce(round(cost_per_conversion, 2)::text, '-'), coalesce(round(roas, 2)::text, '-'))
FROM demo.campaign;
SELECT format('  beside %s held out: %s more conversions, between %s and %s, p %s (nobody saw anything else: chance)', demo.num(held_out),
  demo.num(incremental_conversions, 1), demo.num(incremental_lower, 1), demo.num(incremental_upper, 1), demo.num(p_value, 3))
FROM demo.campaign;
SELECT format('  %s   charged %s, credited %s, earned %s %s', to_char(bucket_start, 'YYYY-MM'), lpad(charges::text, 8), lpad(credits::text, 8), lpad(revenue::text, 8), currency)
FROM demo.revenue ORDER BY bucket_start;
