-- What bench/boost charges: campaign 1 is hot, 2 is spent, 3 to 102 are a hundred of as many contents.
CREATE EXTENSION explore_analytics;
CALL explore_analytics.install();
INSERT INTO explore_content (id, creator_id, title) SELECT i, 1 + i % 20, 'content ' || i FROM generate_series(1, 102) i;
SELECT create_boost_campaign(i, budget => CASE i WHEN 2 THEN 0.01 ELSE 100000000 END, currency => 'AED', cost_per_impression => 0.01, cost_per_click => 0.1)
FROM generate_series(1, 102) i \g /dev/null
-- The bench asks by these ids.
SELECT 1 / (min(campaign_id) = 1 AND max(campaign_id) = 102)::int FROM explore_boost_campaigns WHERE content_id = campaign_id \g /dev/null
SELECT 1 / (status = 'charged')::int FROM charge_boost(2, gen_random_uuid(), 'impression', user_id => 1) \g /dev/null
SELECT 1 / (status = 'charged')::int FROM charge_boost(1, '00000000-0000-4000-8000-000000000001', 'impression', user_id => 1) \g /dev/null
-- As explore_boost_campaigns, with room for versions of a row on its page.
CREATE TABLE one_row (id bigint PRIMARY KEY, n bigint NOT NULL) WITH (fillfactor = 50);
INSERT INTO one_row SELECT i, 0 FROM generate_series(1, 102) i;
