CREATE OR REPLACE FUNCTION @extschema@.batch_update_engagement_scores(everything boolean DEFAULT false)
  RETURNS bigint AS 'MODULE_PATHNAME', 'ea_batch_update_engagement_scores' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION @extschema@.batch_update_engagement_scores(boolean) IS
  'Writes views, watch time, rates and scores of all time back to explore_content and explore_discovery_videos where they differ, and returns the number of contents changed. everything: look at every content, not only at those with events since the last rescore.';
