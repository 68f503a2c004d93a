-- Accessors of engagement_summary and viewer_set; strict: NULL gives NULL.
CREATE OR REPLACE FUNCTION @extschema@.views(summary @extschema@.engagement_summary) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_summary_views' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.views(@extschema@.engagement_summary) IS
  'Number of views. NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.unique_viewers(summary @extschema@.engagement_summary) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_summary_unique_viewers' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.unique_viewers(@extschema@.engagement_summary) IS
  'Exact number of distinct viewers among the views; never an estimate. NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.unidentified_views(summary @extschema@.engagement_summary) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_summary_unidentified_views' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.unidentified_views(@extschema@.engagement_summary) IS
  'Views with neither user nor session; they count as views, never as a viewer. NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.completions(summary @extschema@.engagement_summary) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_summary_completions' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.completions(@extschema@.engagement_summary) IS
  'Views with completed, plus complete events. NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.saves(summary @extschema@.engagement_summary) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_summary_saves' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.saves(@extschema@.engagement_summary) IS
  'Number of saves. NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.shares(summary @extschema@.engagement_summary) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_summary_shares' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.shares(@extschema@.engagement_summary) IS
  'Number of shares. NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.clicks(summary @extschema@.engagement_summary) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_summary_clicks' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.clicks(@extschema@.engagement_summary) IS
  'Number of clicks. NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.skips(summary @extschema@.engagement_summary) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_summary_skips' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.skips(@extschema@.engagement_summary) IS
  'Number of skips. NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.impressions(summary @extschema@.engagement_summary) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_summary_impressions' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.impressions(@extschema@.engagement_summary) IS
  'Number of impressions (shown in the feed, never scored). NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.total_engagements(summary @extschema@.engagement_summary) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_summary_total_engagements' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.total_engagements(@extschema@.engagement_summary) IS
  'Saves + shares + clicks. NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.total_watch_time(summary @extschema@.engagement_summary) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ea_summary_total_watch_time' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.total_watch_time(@extschema@.engagement_summary) IS
  'Watch time in seconds, summed over all events. NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.average_watch_time(summary @extschema@.engagement_summary) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ea_summary_average_watch_time' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.average_watch_time(@extschema@.engagement_summary) IS
  'Watch time in seconds per view; 0 without views. NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.completion_rate(summary @extschema@.engagement_summary) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ea_summary_completion_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.completion_rate(@extschema@.engagement_summary) IS
  'Percent: 100 * completions / views; not clamped; 0 without views. NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.engagement_rate(summary @extschema@.engagement_summary) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ea_summary_engagement_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.engagement_rate(@extschema@.engagement_summary) IS
  'Percent: 100 * (saves + shares + clicks) / views; not clamped; 0 without views. NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.save_rate(summary @extschema@.engagement_summary) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ea_summary_save_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.save_rate(@extschema@.engagement_summary) IS
  'Percent: 100 * saves / views; 0 without views. NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.share_rate(summary @extschema@.engagement_summary) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ea_summary_share_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.share_rate(@extschema@.engagement_summary) IS
  'Percent: 100 * shares / views; 0 without views. NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.click_rate(summary @extschema@.engagement_summary) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ea_summary_click_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.click_rate(@extschema@.engagement_summary) IS
  'Percent: 100 * clicks / views; 0 without views. NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.skip_rate(summary @extschema@.engagement_summary) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ea_summary_skip_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.skip_rate(@extschema@.engagement_summary) IS
  'Percent: 100 * skips / views; 0 without views. NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.engagement_score(summary @extschema@.engagement_summary) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ea_summary_engagement_score' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.engagement_score(@extschema@.engagement_summary) IS
  '0..100: (40*completions + 30*saves + 20*shares + 10*clicks - 20*skips) / views, clamped; 0 without views. NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.viewers(summary @extschema@.engagement_summary) RETURNS @extschema@.viewer_set
  AS 'MODULE_PATHNAME', 'ea_summary_viewers' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.viewers(@extschema@.engagement_summary) IS
  'The exact set of viewer keys of a summary (user id, or minus the session id of an anonymous visitor). NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.cardinality(viewers @extschema@.viewer_set) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_viewer_set_cardinality' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.cardinality(@extschema@.viewer_set) IS
  'Number of members of a viewer set; reads only the first bytes of the value. NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.viewer_keys(viewers @extschema@.viewer_set) RETURNS SETOF bigint
  AS 'MODULE_PATHNAME', 'ea_viewer_set_keys' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 1000;
COMMENT ON FUNCTION @extschema@.viewer_keys(@extschema@.viewer_set) IS
  'The members of a viewer set in ascending order. NULL gives no rows.';
CREATE OR REPLACE FUNCTION @extschema@.to_roaring(viewers @extschema@.viewer_set) RETURNS bytea
  AS 'MODULE_PATHNAME', 'ea_viewer_set_to_roaring' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.to_roaring(@extschema@.viewer_set) IS
  'The set in the portable Roaring 64-bit format; keys as two''s complement. NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.from_roaring(roaring bytea) RETURNS @extschema@.viewer_set
  AS 'MODULE_PATHNAME', 'ea_viewer_set_from_roaring' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.from_roaring(bytea) IS
  'A viewer set from the portable Roaring 64-bit format. Malformed bytes: error 22P03. NULL gives NULL.';
CREATE OR REPLACE FUNCTION @extschema@.engagement_score(views bigint, completions bigint, saves bigint, shares bigint, clicks bigint, skips bigint) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ea_engagement_score' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.engagement_score(bigint, bigint, bigint, bigint, bigint, bigint) IS
  'The engagement score, 0..100: (40*completions + 30*saves + 20*shares + 10*clicks - 20*skips) / views, one division, clamped; 0 without views. NULL counts as 0; a negative count is error 22023.';
-- What was created once is described here, so that descriptions cannot drift between fresh and upgraded.
COMMENT ON SCHEMA explore_analytics IS
  'Administration of explore_analytics: install, jobs, access and support functions.';
COMMENT ON TYPE @extschema@.engagement_type IS
  'What a viewer did: view, save, share, click, skip, complete (scored), impression (shown in the feed, never scored), progress (watch time between or after other events, never scored). Values added later are error 22023 in aggregates.';
COMMENT ON TYPE @extschema@.engagement_summary IS
  'Mergeable summary of engagements: exact counters, watch time and the exact set of viewers. Made by engagement_agg, restacked by rollup or +, read by accessors such as views() and unique_viewers().';
COMMENT ON TYPE @extschema@.viewer_set IS
  'Exact set of viewer keys (bigint), canonical: equal sets are equal bytes.';
COMMENT ON AGGREGATE @extschema@.engagement_agg(@extschema@.engagement_type, bigint, integer, boolean) IS
  'Summary of engagements: type, viewer key (NULL: unidentified), watch time in ms (NULL: 0), completed (NULL: false). Over nothing: the empty summary. NULL type: error 22004; a label added by a user: 22023; overflow: 22003.';
COMMENT ON AGGREGATE @extschema@.rollup(@extschema@.engagement_summary) IS
  'Merges summaries into one; NULL adds nothing; over nothing: the empty summary.';
COMMENT ON AGGREGATE @extschema@.viewer_set_agg(bigint) IS
  'Exact set of the viewer keys; NULL adds nothing; over nothing: the empty set.';
COMMENT ON AGGREGATE @extschema@.engagement_score(@extschema@.engagement_type, boolean) IS
  'The engagement score (0..100) of raw events: type, completed (NULL: false). 0 without views. NULL type: error 22004.';
COMMENT ON OPERATOR @extschema@.+ (@extschema@.engagement_summary, @extschema@.engagement_summary) IS
  'Merge of two summaries.';
COMMENT ON OPERATOR @extschema@.| (@extschema@.viewer_set, @extschema@.viewer_set) IS
  'Union of two viewer sets.';
COMMENT ON OPERATOR @extschema@.& (@extschema@.viewer_set, @extschema@.viewer_set) IS
  'Intersection of two viewer sets.';
COMMENT ON OPERATOR @extschema@.- (@extschema@.viewer_set, @extschema@.viewer_set) IS
  'Members of the left set that are not in the right one.';
COMMENT ON OPERATOR @extschema@.@> (@extschema@.viewer_set, @extschema@.viewer_set) IS
  'Does the left set contain every member of the right one?';
COMMENT ON OPERATOR @extschema@.@> (@extschema@.viewer_set, bigint) IS
  'Does the set contain this viewer key?';
COMMENT ON OPERATOR @extschema@.= (@extschema@.viewer_set, @extschema@.viewer_set) IS
  'Do both sets have the same members?';
COMMENT ON FUNCTION @extschema@.engagement_summary_in(cstring) IS 'Input of engagement_summary: base64 text; malformed: error 22P02 or 22P03.';
COMMENT ON FUNCTION @extschema@.engagement_summary_out(@extschema@.engagement_summary) IS 'Output of engagement_summary: base64 text.';
COMMENT ON FUNCTION @extschema@.engagement_summary_recv(internal) IS 'Binary input of engagement_summary.';
COMMENT ON FUNCTION @extschema@.engagement_summary_send(@extschema@.engagement_summary) IS 'Binary output of engagement_summary.';
COMMENT ON FUNCTION @extschema@.viewer_set_in(cstring) IS 'Input of viewer_set: base64 text; malformed: error 22P02 or 22P03.';
COMMENT ON FUNCTION @extschema@.viewer_set_out(@extschema@.viewer_set) IS 'Output of viewer_set: base64 text.';
COMMENT ON FUNCTION @extschema@.viewer_set_recv(internal) IS 'Binary input of viewer_set.';
COMMENT ON FUNCTION @extschema@.viewer_set_send(@extschema@.viewer_set) IS 'Binary output of viewer_set.';
COMMENT ON FUNCTION @extschema@.engagement_agg_step(@extschema@.engagement_summary, @extschema@.engagement_type, bigint, integer, boolean) IS 'Transition of engagement_agg.';
COMMENT ON FUNCTION @extschema@.engagement_summary_step(@extschema@.engagement_summary, @extschema@.engagement_summary) IS 'Transition of rollup and combine step of engagement_agg.';
COMMENT ON FUNCTION @extschema@.engagement_summary_final(@extschema@.engagement_summary) IS 'Final step of engagement_agg and rollup: canonical bytes.';
COMMENT ON FUNCTION @extschema@.engagement_summary_add(@extschema@.engagement_summary, @extschema@.engagement_summary) IS 'Behind the operator +.';
COMMENT ON FUNCTION @extschema@.viewer_set_agg_step(@extschema@.engagement_summary, bigint) IS 'Transition of viewer_set_agg.';
COMMENT ON FUNCTION @extschema@.viewer_set_agg_final(@extschema@.engagement_summary) IS 'Final step of viewer_set_agg.';
COMMENT ON FUNCTION @extschema@.viewer_set_union(@extschema@.viewer_set, @extschema@.viewer_set) IS 'Behind the operator |.';
COMMENT ON FUNCTION @extschema@.viewer_set_intersection(@extschema@.viewer_set, @extschema@.viewer_set) IS 'Behind the operator &.';
COMMENT ON FUNCTION @extschema@.viewer_set_difference(@extschema@.viewer_set, @extschema@.viewer_set) IS 'Behind the operator -.';
COMMENT ON FUNCTION @extschema@.viewer_set_contains(@extschema@.viewer_set, @extschema@.viewer_set) IS 'Behind the operator @>.';
COMMENT ON FUNCTION @extschema@.viewer_set_has(@extschema@.viewer_set, bigint) IS 'Behind the operator @> for one key.';
COMMENT ON FUNCTION @extschema@.viewer_set_eq(@extschema@.viewer_set, @extschema@.viewer_set) IS 'Behind the operator =.';
COMMENT ON FUNCTION @extschema@.engagement_score_step(@extschema@.engagement_summary, @extschema@.engagement_type, boolean) IS 'Transition of the aggregate engagement_score.';
COMMENT ON FUNCTION @extschema@.engagement_score_final(@extschema@.engagement_summary) IS 'Final step of the aggregate engagement_score.';

CREATE OR REPLACE FUNCTION explore_analytics.is_counted(engagement @extschema@.engagement_type) RETURNS boolean
  AS 'MODULE_PATHNAME', 'ea_is_counted' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION explore_analytics.is_counted(@extschema@.engagement_type) IS
  'Whether events of that type count: false for a label that somebody has added to engagement_type, for which engagement_agg raises 22023. NULL gives NULL.';
