CREATE OR REPLACE FUNCTION @extschema@.content_summary(content_id bigint, start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL)
  RETURNS @extschema@.engagement_summary AS 'MODULE_PATHNAME', 'ea_content_summary' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION @extschema@.content_summary(bigint, timestamptz, timestamptz) IS
  'Summary of one content''s engagements in [start_date, end_date); NULL bounds are open. An unknown content gives the empty summary.';

CREATE OR REPLACE FUNCTION @extschema@.creator_summary(creator_id bigint, start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL)
  RETURNS @extschema@.engagement_summary AS 'MODULE_PATHNAME', 'ea_creator_summary' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION @extschema@.creator_summary(bigint, timestamptz, timestamptz) IS
  'Summary of the engagements on a creator''s present content in [start_date, end_date); NULL bounds are open. An unknown creator gives the empty summary.';

CREATE OR REPLACE FUNCTION @extschema@.platform_summary(start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL)
  RETURNS @extschema@.engagement_summary AS 'MODULE_PATHNAME', 'ea_platform_summary' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION @extschema@.platform_summary(timestamptz, timestamptz) IS
  'Summary of all engagements in [start_date, end_date); NULL bounds are open.';

CREATE OR REPLACE FUNCTION explore_analytics.content_summaries(contents bigint[], start_date timestamptz, end_date timestamptz)
  RETURNS TABLE (content_id bigint, summary @extschema@.engagement_summary)
  AS 'MODULE_PATHNAME', 'ea_content_summaries' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION explore_analytics.content_summaries(bigint[], timestamptz, timestamptz) IS
  'Internal: the summaries of many contents (NULL: all); contents without events are left out.';

CREATE OR REPLACE FUNCTION explore_analytics.content_counters(contents bigint[], start_date timestamptz, end_date timestamptz)
  RETURNS TABLE (content_id bigint, views bigint, completions bigint, saves bigint, shares bigint, clicks bigint, skips bigint, watch_time_ms bigint,
    completion_rate double precision, engagement_score double precision)
  AS 'MODULE_PATHNAME', 'ea_content_counters' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION explore_analytics.content_counters(bigint[], timestamptz, timestamptz) IS
  'Internal: content_summaries() without viewers.';

CREATE OR REPLACE FUNCTION explore_analytics.contents_to_rescore()
  RETURNS bigint[] AS 'MODULE_PATHNAME', 'ea_contents_to_rescore' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION explore_analytics.contents_to_rescore() IS
  'Internal: contents with events that the last rescore has not seen; NULL when it must look at all.';

CREATE OR REPLACE FUNCTION explore_analytics.metric_value(metric text, summary @extschema@.engagement_summary)
  RETURNS double precision AS 'MODULE_PATHNAME', 'ea_metric_value' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION explore_analytics.metric_value(text, @extschema@.engagement_summary) IS
  'The accessor of that name applied to the summary; a NULL summary counts as empty. Unknown metric: error 22023.';
