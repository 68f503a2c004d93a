-- Boost campaigns: what they have cost and done, by joins over the ledger and the raw events.
-- ---------------------------------------------------------------------------------------------------
-- Few viewers who are shown much, at few times; some are held out, some entries credited, some of nobody. All is rolled back.
BEGIN;
INSERT INTO explore_boost_campaigns (content_id, creator_id, budget, currency, cost_per_impression, cost_per_click, starts_at, ends_at, holdout_percent, conversion, conversion_value, within)
SELECT 1 + g % 3, 1 + g % 4, 1000000, (ARRAY['EUR', 'USD', 'ZAR'])[1 + g % 3], (ARRAY[0, 0.01, 0.000001, 7.5])[1 + g % 4], (ARRAY[0.25, 0])[1 + g % 2], '2025-10-01', CASE WHEN g % 5 = 0 THEN timestamptz '2025-11-12' END, (ARRAY[20, 0, 50, 5])[1 + g % 4],
  (ARRAY['click', 'save', 'view'])[1 + g % 3], CASE WHEN g % 4 > 0 THEN 1.5 * g END, (ARRAY['1 hour', '1 day', '2 days 00:00:00.000001', '7 days'])[1 + g % 4]::interval FROM generate_series(1, 12) g;
CREATE TABLE oracle.draw_entry AS
SELECT c.campaign_id, gen_random_uuid() AS event_id, viewer, random() < 0.15 AS credited, viewer IS NOT NULL AND holdout_percent > 0 AND abs(hashint8(viewer)) % 3 = 0 AS held, CASE WHEN random() < 0.8 THEN 'impression' ELSE 'click' END AS kind,
  CASE WHEN g % 40 = 0 THEN timestamptz '2025-10-20 00:00+00' ELSE '2025-11-09 22:00+00' END + floor(160 * random()) * interval '17 minutes' AS at
FROM explore_boost_campaigns c, generate_series(1, 300) g, LATERAL (SELECT CASE WHEN random() < 0.5 + 0 * g THEN 330001 + floor(60 * power(random(), 2))::bigint WHEN random() < 0.9 THEN - (950001 + floor(50 * random())::bigint) END AS viewer) v;
INSERT INTO explore_boost_ledger (campaign_id, event_id, entry, kind, amount, user_id, session_id, charged_at)
SELECT campaign_id, event_id, CASE WHEN held THEN 'ghost' ELSE 'charge' END, kind, CASE WHEN held THEN 0 WHEN kind = 'click' THEN cost_per_click ELSE cost_per_impression END, CASE WHEN viewer > 0 THEN viewer END, CASE WHEN viewer < 0 THEN -viewer END, at
FROM oracle.draw_entry JOIN explore_boost_campaigns USING (campaign_id);
INSERT INTO explore_boost_ledger (campaign_id, event_id, entry, kind, amount, charged_at)
SELECT l.campaign_id, event_id, 'credit', l.kind, - amount, charged_at + floor(50 * random()) * interval '17 minutes' FROM explore_boost_ledger l JOIN oracle.draw_entry USING (campaign_id, event_id) WHERE credited
UNION ALL SELECT campaign_id, gen_random_uuid(), 'credit', NULL, -0.000001, '2025-11-10 03:00+00' FROM explore_boost_campaigns WHERE cost_per_impression > 0;
UPDATE explore_boost_campaigns c SET spend = (SELECT sum(amount) FROM explore_boost_ledger l WHERE l.campaign_id = c.campaign_id);
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at)
SELECT 1 + floor(4 * random())::int, CASE WHEN w < 0.6 THEN 330001 + floor(60 * random())::bigint END, CASE WHEN w > 0.4 AND w < 0.98 THEN 950001 + floor(50 * random())::bigint END, (ARRAY['view', 'view', 'click', 'save', 'share'])[1 + floor(5 * random())::int]::engagement_type,
  timestamptz '2025-11-09 22:00+00' + floor(300 * random()) * interval '17 minutes'
FROM (SELECT random() AS w FROM generate_series(1, 4000)) draw;
-- Some viewers do not count: users and sessions, of both arms.
INSERT INTO explore_analytics.excluded_viewers (viewer_key, epoch) SELECT viewer, 0 FROM (SELECT DISTINCT viewer FROM oracle.draw_entry WHERE viewer IS NOT NULL) v WHERE abs(hashint8(viewer)) % 7 = 1 ON CONFLICT DO NOTHING;
CREATE TABLE oracle.boost_case AS
SELECT row_number() OVER () AS n, campaign_id, s, e, as_of FROM explore_boost_campaigns,
  (VALUES (NULL::timestamptz, NULL::timestamptz), ('2025-11-10 00:00+00', NULL), ('2025-11-10 00:17+00', '2025-11-11 08:12+00'), ('2025-11-11 00:00:00.000001+00', '2025-11-11 00:00:00.000001+00'), (NULL, '2025-11-10 12:27+00')) r(s, e),
  (VALUES (NULL::timestamptz), ('2025-09-01 00:00+00'), ('2025-11-11 12:15+00'), ('2025-11-12 00:00+00')) a(as_of);
CREATE TABLE oracle.boost_unit AS
SELECT n, k.campaign_id, coalesce(l.user_id, f.user_id, -session_id) AS viewer, bool_or(entry = 'ghost') AS ghost, min(charged_at) AS first FROM oracle.boost_case k JOIN explore_boost_ledger l USING (campaign_id) LEFT JOIN explore_feed_sessions f ON f.id = l.session_id
WHERE entry <> 'credit' AND kind = 'impression' AND coalesce(l.user_id, session_id) IS NOT NULL AND (s IS NULL OR charged_at >= s) AND (e IS NULL OR charged_at < e)
  AND (campaign_id, event_id) NOT IN (SELECT campaign_id, event_id FROM explore_boost_ledger WHERE entry = 'credit') AND coalesce(l.user_id, -session_id) NOT IN (SELECT viewer_key FROM explore_analytics.excluded_viewers)
  AND coalesce(l.user_id, f.user_id, -session_id) NOT IN (SELECT viewer_key FROM explore_analytics.excluded_viewers) GROUP BY 1, 2, 3;
SELECT oracle.holds(format('viewers of both arms are excluded: %s ghosts, %s charges', count(*) FILTER (WHERE held), count(*) FILTER (WHERE NOT held)), count(*) FILTER (WHERE held) > 20 AND count(*) FILTER (WHERE NOT held) > 20)
FROM oracle.draw_entry WHERE viewer IN (SELECT viewer_key FROM explore_analytics.excluded_viewers);
SELECT max(range_end) AS horizon, coalesce(max(range_end) > '-infinity', false) AS retained FROM explore_analytics.dropped_partitions \gset
\if :retained
CREATE TABLE oracle.boost_too_old AS SELECT * FROM oracle.boost_case k WHERE EXISTS (SELECT FROM oracle.boost_unit u WHERE u.n = k.n AND first < :'horizon');
SELECT oracle.same('no campaign is asked for from before the horizon', $$SELECT n, oracle.state_of(format('SELECT campaign_analytics(%L, %L, %L, %L)', campaign_id, s, e, as_of)) FROM oracle.boost_too_old$$,
  format($$SELECT n, %L FROM oracle.boost_too_old$$, format('55000 campaigns can be asked about from %s on: raw events before it are gone', :'horizon')));
DELETE FROM oracle.boost_case WHERE n IN (SELECT n FROM oracle.boost_too_old);
DELETE FROM oracle.boost_unit WHERE n NOT IN (SELECT n FROM oracle.boost_case);
\endif
ANALYZE oracle.boost_unit;
CREATE TABLE oracle.boost_deed AS
SELECT u.n, u.viewer, count(x.id) FILTER (WHERE x.engagement_type = 'view') AS views, count(x.id) FILTER (WHERE x.engagement_type::text = c.conversion) > 0 AS converted
FROM oracle.boost_unit u JOIN explore_boost_campaigns c USING (campaign_id)
LEFT JOIN explore_engagements x ON x.content_id = c.content_id AND coalesce(x.user_id, -x.session_id) = viewer
  AND x.created_at >= u.first AND extract(epoch FROM x.created_at) - extract(epoch FROM u.first) < extract(epoch FROM c.within) GROUP BY 1, 2;
CREATE TABLE oracle.boost_reach AS
SELECT k.n, count(viewer) FILTER (WHERE NOT ghost) AS viewers, count(viewer) FILTER (WHERE ghost) AS held_out, coalesce(sum(views) FILTER (WHERE NOT ghost), 0)::bigint AS views, count(viewer) FILTER (WHERE NOT ghost AND converted) AS conversions,
  count(viewer) FILTER (WHERE NOT ghost AND over) AS n_reached, count(viewer) FILTER (WHERE ghost AND over) AS n_held, count(viewer) FILTER (WHERE NOT ghost AND over AND converted) AS x_reached, count(viewer) FILTER (WHERE ghost AND over AND converted) AS x_held
FROM oracle.boost_case k JOIN explore_boost_campaigns c USING (campaign_id)
LEFT JOIN (oracle.boost_unit u JOIN oracle.boost_deed USING (n, viewer)) USING (n), LATERAL (SELECT extract(epoch FROM coalesce(as_of, now())) - extract(epoch FROM first) >= extract(epoch FROM within)) o(over) GROUP BY 1;
CREATE TABLE oracle.boost_money AS
SELECT n, coalesce(sum(amount), 0) AS spend, count(*) FILTER (WHERE entry = 'charge' AND kind = 'impression') - count(*) FILTER (WHERE entry = 'credit' AND kind = 'impression' AND NOT held) AS impressions,
  count(*) FILTER (WHERE entry = 'charge' AND kind = 'click') - count(*) FILTER (WHERE entry = 'credit' AND kind = 'click' AND NOT held) AS clicks
FROM oracle.boost_case k LEFT JOIN (SELECT l.*, d.held FROM explore_boost_ledger l LEFT JOIN oracle.draw_entry d USING (campaign_id, event_id)) l ON l.campaign_id = k.campaign_id AND (s IS NULL OR charged_at >= s) AND (e IS NULL OR charged_at < e) GROUP BY 1;
CREATE TABLE oracle.boost_plain AS
SELECT n, CASE WHEN ends_at <= coalesce(as_of, now()) THEN 'ended' WHEN starts_at > coalesce(as_of, now()) THEN 'scheduled' ELSE 'running' END AS status, currency, budget, m.spend, budget - c.spend AS budget_left, impressions, clicks, 100 * clicks::float8 / nullif(impressions, 0) AS click_rate,
  viewers, views, conversions, round(1000 * m.spend / nullif(impressions, 0), 6) AS mille, round(m.spend / nullif(clicks, 0), 6) AS click, round(m.spend / nullif(views, 0), 6) AS view, round(m.spend / nullif(conversions, 0), 6) AS conversion, round(conversions * conversion_value / nullif(m.spend, 0), 6) AS roas,
  held_out, n_reached * diff AS plus, n_reached * lower AS lower, n_reached * upper AS upper, 100 * diff / nullif(x_held::float8 / nullif(n_held, 0), 0) AS lift, p_value AS p, CASE WHEN n_reached > 0 AND n_held > 0 THEN (srm_test(ARRAY[n_reached, n_held], ARRAY[100 - holdout_percent, holdout_percent])).p_value END AS srm
FROM oracle.boost_case JOIN explore_boost_campaigns c USING (campaign_id) JOIN oracle.boost_money m USING (n) JOIN oracle.boost_reach USING (n), LATERAL two_proportion_test(x_held, n_held, x_reached, n_reached);
SELECT oracle.holds(format('campaigns of every kind: %s questions, %s with a lift', count(*), count(lift)), count(*) > 100 AND count(lift) > 15 AND count(DISTINCT status) = 3 AND count(p) < count(*)) FROM oracle.boost_plain;
SELECT oracle.near('campaign_analytics of prices, holdouts, windows, credits, ranges and times',
  $$SELECT concat_ws(' ', n, status, currency, budget, trim_scale(spend), trim_scale(budget_left), impressions, clicks, viewers, views, conversions, held_out, cost_per_mille, cost_per_click, cost_per_view, cost_per_conversion, roas),
    ARRAY[click_rate, incremental_conversions, incremental_lower, incremental_upper, lift_percent, p_value, srm_p_value] FROM oracle.boost_case k, campaign_analytics(k.campaign_id, s, e, as_of)$$,
  $$SELECT concat_ws(' ', n, status, currency, budget, trim_scale(spend), trim_scale(budget_left), impressions, clicks, viewers, views, conversions, held_out, mille, click, view, conversion, roas), ARRAY[click_rate, plus, lower, upper, lift, p, srm] FROM oracle.boost_plain$$);
SELECT oracle.same('boost_revenue by local days of a creator',
  $$SELECT c, r.* FROM generate_series(1, 4) c, boost_revenue('2025-11-10 00:17+00', '2025-11-11 12:15+00', 'day', 'America/New_York', c) r$$,
  $$SELECT creator_id::int, date_trunc('day', charged_at, 'America/New_York'), date_trunc('day', charged_at, 'America/New_York') + interval '1 day', currency, coalesce(sum(amount) FILTER (WHERE entry = 'charge'), 0), coalesce(-sum(amount) FILTER (WHERE entry = 'credit'), 0), coalesce(sum(amount), 0)
    FROM explore_boost_ledger JOIN explore_boost_campaigns USING (campaign_id) WHERE charged_at >= '2025-11-10 00:17+00' AND charged_at < '2025-11-11 12:15+00' GROUP BY 1, 2, 3, 4$$);
ROLLBACK;
