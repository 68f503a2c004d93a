-- What is stored.
\set ON_ERROR_STOP on
SELECT * FROM explore_content ORDER BY id;
SELECT * FROM explore_discovery_videos ORDER BY id;
SELECT * FROM explore_feed_sessions ORDER BY id;
SELECT * FROM explore_saved_properties ORDER BY user_id, content_id;
SELECT * FROM explore_viewers ORDER BY user_id;
SELECT * FROM explore_boost_campaigns ORDER BY campaign_id;
SELECT * FROM explore_boost_ledger ORDER BY campaign_id, event_id, entry COLLATE "C";
SELECT * FROM explore_analytics.boost_days ORDER BY campaign_id, day;
SELECT * FROM explore_exposures ORDER BY experiment COLLATE "C", viewer_key, variant;
SELECT * FROM explore_excluded_engagements ORDER BY id;
SELECT * FROM explore_analytics.excluded_viewers ORDER BY viewer_key;
SELECT tableoid::regclass, * FROM explore_engagements ORDER BY id;
SELECT * FROM explore_analytics.event_keys ORDER BY event_id;
SELECT * FROM explore_analytics.viewing_keys ORDER BY session_id, content_id, viewer_key;
SELECT * FROM explore_analytics.rollup_state;
SELECT * FROM explore_analytics.rollup_totals ORDER BY scope, id;
SELECT * FROM explore_analytics.rollup_buckets ORDER BY scope, id, level, bucket;
SELECT * FROM explore_analytics.rollup_deltas ORDER BY scope, id, epoch;
SELECT * FROM explore_analytics.rollup_ledger ORDER BY high;
SELECT * FROM explore_analytics.creator_changes ORDER BY creator_id, content_id;
SELECT * FROM explore_analytics.session_changes ORDER BY session_id, new_start, new_end;
SELECT * FROM explore_analytics.dropped_partitions ORDER BY partition_name;
SELECT * FROM explore_analytics.session_rollups ORDER BY session_id;
SELECT * FROM explore_analytics.idle_runs;
SELECT last_value, is_called FROM explore_analytics.epoch_seq;
SELECT * FROM explore_analytics.relations() ORDER BY relation::text;
