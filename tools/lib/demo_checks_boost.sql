-- The campaign, the script and the peers, for demo_checks.sql, which shows what is checked.

-- Impressions that count: not turned round, and of viewers who count; of both arms alike.
CREATE TEMP TABLE plain_impression AS
SELECT coalesce(l.user_id, -l.session_id) AS viewer, l.entry = 'ghost' AS held, l.charged_at, l.amount
FROM explore_boost_ledger l
WHERE l.campaign_id = demo.recall('campaign')::bigint AND l.entry <> 'credit'
  AND coalesce(l.user_id, -l.session_id) NOT IN (SELECT viewer_key FROM explore_analytics.excluded_viewers)
  AND NOT EXISTS (SELECT FROM explore_boost_ledger k WHERE k.campaign_id = l.campaign_id AND k.event_id = l.event_id AND k.entry = 'credit');
CREATE TEMP TABLE plain_reached AS
SELECT v.viewer, v.held, v.first + interval '3 days' <= demo.as_of() AS over,
       count(e) FILTER (WHERE e.engagement_type = 'view') AS views, count(e) FILTER (WHERE e.engagement_type = 'click') > 0 AS converted
FROM (SELECT viewer, held, min(charged_at) AS first FROM plain_impression GROUP BY 1, 2) v
LEFT JOIN explore_engagements e ON e.content_id = (SELECT content_id FROM explore_discovery_videos WHERE id = demo.recall('video')::bigint)
  AND CASE WHEN v.viewer > 0 THEN e.user_id = v.viewer ELSE e.session_id = -v.viewer END
  AND e.created_at >= v.first AND e.created_at < v.first + interval '3 days' AND e.created_at < demo.as_of()
GROUP BY v.viewer, v.held, v.first;

WITH f AS (SELECT * FROM demo.campaign),
c AS (SELECT * FROM explore_boost_campaigns WHERE campaign_id = demo.recall('campaign')::bigint),
l AS (SELECT sum(amount) AS spend, count(*) FILTER (WHERE entry = 'charge') AS charged FROM explore_boost_ledger WHERE campaign_id = demo.recall('campaign')::bigint),
i AS (SELECT count(*) FILTER (WHERE NOT held) AS impressions FROM plain_impression),
v AS (SELECT count(*) FILTER (WHERE NOT held) AS viewers, count(*) FILTER (WHERE held) AS held, sum(views) FILTER (WHERE NOT held) AS views,
             count(*) FILTER (WHERE NOT held AND converted) AS conversions, count(*) FILTER (WHERE NOT held AND over) AS n, count(*) FILTER (WHERE held AND over) AS n_held,
             count(*) FILTER (WHERE NOT held AND over AND converted) AS x, count(*) FILTER (WHERE held AND over AND converted) AS x_held FROM plain_reached),
t AS (SELECT v.n * diff AS incremental, v.n * lower AS lower, v.n * upper AS upper, p_value FROM v, two_proportion_test(v.x_held, v.n_held, v.x, v.n)),
s AS (SELECT p_value FROM v, srm_test(ARRAY[v.n, v.n_held], ARRAY[80, 20]))
INSERT INTO checked (what, answer, plain)
SELECT 'campaign: ' || k.what, k.answer, k.plain FROM f, c, l, i, v, t, s, LATERAL (VALUES
  ('spend', f.spend, l.spend), ('spend, by the campaign', c.spend, l.spend), ('left of the budget', f.budget_left, c.budget - l.spend),
  ('impressions', f.impressions, i.impressions), ('impressions that fit the budget', f.impressions, floor(c.budget / c.cost_per_impression)),
  ('viewers', f.viewers, v.viewers), ('held out', f.held_out, v.held), ('views', f.views, v.views), ('conversions', f.conversions, v.conversions),
  ('cost of a thousand', f.cost_per_mille, round(1000 * l.spend / nullif(i.impressions, 0), 6)), ('cost of a view', f.cost_per_view, round(l.spend / nullif(v.views, 0), 6)),
  ('return', f.roas, round(v.conversions * c.conversion_value / nullif(l.spend, 0), 6)),
  ('incremental', f.incremental_conversions::numeric, t.incremental::numeric), ('lower bound', f.incremental_lower::numeric, t.lower::numeric),
  ('upper bound', f.incremental_upper::numeric, t.upper::numeric), ('p value', f.p_value::numeric, t.p_value::numeric),
  ('p value of the split', f.srm_p_value::numeric, s.p_value::numeric)) AS k (what, answer, plain);

INSERT INTO checked (what, answer, plain)
SELECT format('revenue %s: %s', to_char(f.bucket_start, 'YYYY-MM'), k.what), k.answer, k.plain
FROM demo.revenue f FULL JOIN (
  SELECT date_trunc('month', charged_at, 'UTC') AS bucket_start, sum(amount) FILTER (WHERE entry = 'charge') AS charges, -sum(amount) FILTER (WHERE entry = 'credit') AS credits
  FROM explore_boost_ledger GROUP BY 1) p USING (bucket_start), LATERAL (VALUES
  ('charges', f.charges, coalesce(p.charges, 0)), ('credits', f.credits, coalesce(p.credits, 0)),
  ('revenue', f.revenue, coalesce(p.charges, 0) - coalesce(p.credits, 0))) AS k (what, answer, plain)
ORDER BY f.bucket_start;

-- The script has watched and is in no number.
INSERT INTO checked (what, answer, plain)
SELECT 'script: events taken out', demo.recall('excluded')::float8, count(*) FROM explore_excluded_engagements WHERE user_id = demo.recall('script')::bigint
UNION ALL
SELECT 'script: events that count', demo.recall('views_before')::float8 - demo.recall('excluded')::float8, count(*) FILTER (WHERE e.engagement_type = 'view')
FROM explore_engagements e JOIN explore_discovery_videos v USING (content_id) WHERE v.id = demo.recall('video')::bigint
UNION ALL
SELECT 'script: paid back', demo.recall('credited')::float8, sum(amount)::float8 FROM explore_boost_ledger WHERE entry = 'charge' AND user_id = demo.recall('script')::bigint;

-- Peers: other creators with ten views in the 30 days.
CREATE TEMP TABLE plain_peer AS
SELECT creator_id, metric, value FROM (
  SELECT creator_id, count(*) FILTER (WHERE is_view) AS views, count(*) FILTER (WHERE is_save OR is_share OR is_click) AS engagements,
         count(*) FILTER (WHERE is_completion) AS completions
  FROM plain_event WHERE creator_id IS NOT NULL AND created_at >= demo.as_of() - interval '30 days' AND created_at < demo.as_of() GROUP BY 1) c,
  LATERAL (VALUES ('views', views::float8), ('engagement_rate', 100.0 * engagements / views), ('completion_rate', 100.0 * completions / views)) m (metric, value)
WHERE views >= 10;
INSERT INTO checked (what, answer, plain)
SELECT format('among peers, %s: %s', metric, k.what), k.answer, k.plain
FROM demo.benchmark f JOIN LATERAL (
  SELECT m.value, count(o) AS peers, 1 + count(o) FILTER (WHERE o.value > m.value) AS rank,
         100.0 * (count(o) FILTER (WHERE o.value < m.value) + count(o) FILTER (WHERE o.value = m.value) / 2.0) / count(o) AS percentile,
         percentile_cont(0.25) WITHIN GROUP (ORDER BY o.value) AS p25, percentile_cont(0.5) WITHIN GROUP (ORDER BY o.value) AS median
  FROM plain_peer m LEFT JOIN plain_peer o ON o.metric = m.metric AND o.creator_id <> m.creator_id
  WHERE m.metric = f.metric AND m.creator_id = demo.recall('creator')::bigint GROUP BY m.value) p ON true,
  LATERAL (VALUES (1, 'value', f.value, p.value), (2, 'peers', f.peers, p.peers), (3, 'rank', f.rank, p.rank), (4, 'percentile', f.percentile, p.percentile),
    (5, 'lower quartile', f.p25, p.p25), (6, 'median', f.median, p.median)) AS k (n, what, answer, plain)
WHERE f.rank IS NOT NULL ORDER BY metric, k.n;
