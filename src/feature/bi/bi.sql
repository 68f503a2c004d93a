-- The parts of the daily views; scope 0: platform, 1: creator, 2: content.
CREATE OR REPLACE FUNCTION explore_analytics.active_days()
  RETURNS TABLE (day date, bucket timestamptz)
  AS 'MODULE_PATHNAME', 'ea_active_days' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 100;
COMMENT ON FUNCTION explore_analytics.active_days() IS
  'Internal: the UTC days with events and their starts, of the platform or of the creator the session is held to.';

CREATE OR REPLACE FUNCTION explore_analytics.tail_days(scope smallint)
  RETURNS TABLE (bucket timestamptz, id bigint, summary @extschema@.engagement_summary)
  AS 'MODULE_PATHNAME', 'ea_tail_days' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1000;
COMMENT ON FUNCTION explore_analytics.tail_days(smallint) IS
  'Internal: events not yet in the rollups, by UTC day.';

CREATE OR REPLACE FUNCTION explore_analytics.day_summary(scope smallint, id bigint, day timestamptz, tail @extschema@.engagement_summary)
  RETURNS @extschema@.engagement_summary AS 'MODULE_PATHNAME', 'ea_day_summary' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100;
COMMENT ON FUNCTION explore_analytics.day_summary(smallint, bigint, timestamptz, @extschema@.engagement_summary) IS
  'Internal: what the rollups hold of a UTC day, and the tail''s part given; NULL when neither has an event.';
