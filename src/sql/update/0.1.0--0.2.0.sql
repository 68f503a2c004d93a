-- From 0.1.0: what CREATE OR REPLACE cannot do.
ALTER TYPE @extschema@.engagement_type ADD VALUE 'progress';
