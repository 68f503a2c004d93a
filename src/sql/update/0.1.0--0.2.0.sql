-- From 0.1.0: what CREATE OR REPLACE cannot do.
-- Before labels that somebody has added, and none if it is among them.
ALTER TYPE @extschema@.engagement_type ADD VALUE IF NOT EXISTS 'progress' AFTER 'impression';
DROP FUNCTION IF EXISTS explore_analytics.install_rollups();    -- it returns nothing now
