\echo Use "CREATE EXTENSION explore_analytics" to load this file. \quit
-- Nobody's objects in the extension's schema may take part in this script; everything it makes is qualified.
SET LOCAL search_path = pg_catalog, pg_temp;

-- Administration lives in its own schema; a plain CREATE SCHEMA, so that nobody can own it beforehand.
CREATE SCHEMA explore_analytics;
CREATE TYPE @extschema@.engagement_type AS ENUM
  ('view', 'save', 'share', 'click', 'skip', 'complete', 'impression');

-- Stored as they are: sets do not compress (measured), and a header can be sliced off.
CREATE TYPE @extschema@.engagement_summary;
CREATE FUNCTION @extschema@.engagement_summary_in(cstring) RETURNS @extschema@.engagement_summary
  AS 'MODULE_PATHNAME', 'ea_summary_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION @extschema@.engagement_summary_out(@extschema@.engagement_summary) RETURNS cstring
  AS 'MODULE_PATHNAME', 'ea_summary_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION @extschema@.engagement_summary_recv(internal) RETURNS @extschema@.engagement_summary
  AS 'MODULE_PATHNAME', 'ea_summary_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION @extschema@.engagement_summary_send(@extschema@.engagement_summary) RETURNS bytea
  AS 'MODULE_PATHNAME', 'ea_summary_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE @extschema@.engagement_summary (
  INPUT = @extschema@.engagement_summary_in, OUTPUT = @extschema@.engagement_summary_out,
  RECEIVE = @extschema@.engagement_summary_recv, SEND = @extschema@.engagement_summary_send,
  INTERNALLENGTH = VARIABLE, ALIGNMENT = int4, STORAGE = external);

CREATE TYPE @extschema@.viewer_set;
CREATE FUNCTION @extschema@.viewer_set_in(cstring) RETURNS @extschema@.viewer_set
  AS 'MODULE_PATHNAME', 'ea_viewer_set_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION @extschema@.viewer_set_out(@extschema@.viewer_set) RETURNS cstring
  AS 'MODULE_PATHNAME', 'ea_viewer_set_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION @extschema@.viewer_set_recv(internal) RETURNS @extschema@.viewer_set
  AS 'MODULE_PATHNAME', 'ea_viewer_set_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION @extschema@.viewer_set_send(@extschema@.viewer_set) RETURNS bytea
  AS 'MODULE_PATHNAME', 'ea_viewer_set_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE @extschema@.viewer_set (
  INPUT = @extschema@.viewer_set_in, OUTPUT = @extschema@.viewer_set_out,
  RECEIVE = @extschema@.viewer_set_recv, SEND = @extschema@.viewer_set_send,
  INTERNALLENGTH = VARIABLE, ALIGNMENT = int4, STORAGE = external);
-- The two-step aggregation: aggregate -> value -> accessors. The transition state is the value's own
-- type, so that partial results can travel between workers and nodes.
CREATE FUNCTION @extschema@.engagement_agg_step(@extschema@.engagement_summary, @extschema@.engagement_type, bigint, integer, boolean)
  RETURNS @extschema@.engagement_summary AS 'MODULE_PATHNAME', 'ea_engagement_agg_step'
  LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION @extschema@.engagement_summary_step(@extschema@.engagement_summary, @extschema@.engagement_summary)
  RETURNS @extschema@.engagement_summary AS 'MODULE_PATHNAME', 'ea_summary_step'
  LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION @extschema@.engagement_summary_final(@extschema@.engagement_summary)
  RETURNS @extschema@.engagement_summary AS 'MODULE_PATHNAME', 'ea_summary_final'
  LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE @extschema@.engagement_agg(@extschema@.engagement_type, viewer_key bigint, watch_time_ms integer, completed boolean) (
  SFUNC = @extschema@.engagement_agg_step, STYPE = @extschema@.engagement_summary,
  COMBINEFUNC = @extschema@.engagement_summary_step, FINALFUNC = @extschema@.engagement_summary_final,
  FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE);
CREATE AGGREGATE @extschema@.rollup(@extschema@.engagement_summary) (
  SFUNC = @extschema@.engagement_summary_step, STYPE = @extschema@.engagement_summary,
  COMBINEFUNC = @extschema@.engagement_summary_step, FINALFUNC = @extschema@.engagement_summary_final,
  FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE);

CREATE FUNCTION @extschema@.engagement_summary_add(@extschema@.engagement_summary, @extschema@.engagement_summary)
  RETURNS @extschema@.engagement_summary AS 'MODULE_PATHNAME', 'ea_summary_add'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE OPERATOR @extschema@.+ (
  LEFTARG = @extschema@.engagement_summary, RIGHTARG = @extschema@.engagement_summary,
  FUNCTION = @extschema@.engagement_summary_add, COMMUTATOR = OPERATOR(@extschema@.+));

-- viewer_set_agg keeps a summary of views as its state and answers with the viewers of it.
CREATE FUNCTION @extschema@.viewer_set_agg_step(@extschema@.engagement_summary, bigint)
  RETURNS @extschema@.engagement_summary AS 'MODULE_PATHNAME', 'ea_viewer_set_agg_step'
  LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION @extschema@.viewer_set_agg_final(@extschema@.engagement_summary)
  RETURNS @extschema@.viewer_set AS 'MODULE_PATHNAME', 'ea_summary_viewers'
  LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE AGGREGATE @extschema@.viewer_set_agg(viewer_key bigint) (
  SFUNC = @extschema@.viewer_set_agg_step, STYPE = @extschema@.engagement_summary,
  COMBINEFUNC = @extschema@.engagement_summary_step, FINALFUNC = @extschema@.viewer_set_agg_final,
  FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE);

CREATE FUNCTION @extschema@.viewer_set_union(@extschema@.viewer_set, @extschema@.viewer_set)
  RETURNS @extschema@.viewer_set AS 'MODULE_PATHNAME', 'ea_viewer_set_union'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION @extschema@.viewer_set_intersection(@extschema@.viewer_set, @extschema@.viewer_set)
  RETURNS @extschema@.viewer_set AS 'MODULE_PATHNAME', 'ea_viewer_set_intersection'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION @extschema@.viewer_set_difference(@extschema@.viewer_set, @extschema@.viewer_set)
  RETURNS @extschema@.viewer_set AS 'MODULE_PATHNAME', 'ea_viewer_set_difference'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION @extschema@.viewer_set_contains(@extschema@.viewer_set, @extschema@.viewer_set)
  RETURNS boolean AS 'MODULE_PATHNAME', 'ea_viewer_set_contains'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION @extschema@.viewer_set_has(@extschema@.viewer_set, bigint)
  RETURNS boolean AS 'MODULE_PATHNAME', 'ea_viewer_set_has'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION @extschema@.viewer_set_eq(@extschema@.viewer_set, @extschema@.viewer_set)
  RETURNS boolean AS 'MODULE_PATHNAME', 'ea_viewer_set_eq'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE OPERATOR @extschema@.| (
  LEFTARG = @extschema@.viewer_set, RIGHTARG = @extschema@.viewer_set,
  FUNCTION = @extschema@.viewer_set_union, COMMUTATOR = OPERATOR(@extschema@.|));
CREATE OPERATOR @extschema@.& (
  LEFTARG = @extschema@.viewer_set, RIGHTARG = @extschema@.viewer_set,
  FUNCTION = @extschema@.viewer_set_intersection, COMMUTATOR = OPERATOR(@extschema@.&));
CREATE OPERATOR @extschema@.- (
  LEFTARG = @extschema@.viewer_set, RIGHTARG = @extschema@.viewer_set,
  FUNCTION = @extschema@.viewer_set_difference);
CREATE OPERATOR @extschema@.@> (
  LEFTARG = @extschema@.viewer_set, RIGHTARG = @extschema@.viewer_set,
  FUNCTION = @extschema@.viewer_set_contains);
CREATE OPERATOR @extschema@.@> (
  LEFTARG = @extschema@.viewer_set, RIGHTARG = bigint, FUNCTION = @extschema@.viewer_set_has);
CREATE OPERATOR @extschema@.= (
  LEFTARG = @extschema@.viewer_set, RIGHTARG = @extschema@.viewer_set,
  FUNCTION = @extschema@.viewer_set_eq, COMMUTATOR = OPERATOR(@extschema@.=),
  RESTRICT = eqsel, JOIN = eqjoinsel);

-- The aggregate engagement_score keeps a summary without viewers.
CREATE FUNCTION @extschema@.engagement_score_step(@extschema@.engagement_summary, @extschema@.engagement_type, boolean)
  RETURNS @extschema@.engagement_summary AS 'MODULE_PATHNAME', 'ea_score_step' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION @extschema@.engagement_score_final(@extschema@.engagement_summary)
  RETURNS double precision AS 'MODULE_PATHNAME', 'ea_score_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE AGGREGATE @extschema@.engagement_score(@extschema@.engagement_type, completed boolean) (
  SFUNC = @extschema@.engagement_score_step, STYPE = @extschema@.engagement_summary,
  COMBINEFUNC = @extschema@.engagement_summary_step, FINALFUNC = @extschema@.engagement_score_final,
  FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE);
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
  'Administration of explore_analytics: install, jobs, access, support functions and the leaderboard.';
COMMENT ON TYPE @extschema@.engagement_type IS
  'What a viewer did: view, save, share, click, skip, complete (scored), impression (shown in the feed, never scored). Values added later are error 22023 in aggregates.';
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
CREATE OR REPLACE FUNCTION @extschema@.current_creator_id() RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_current_creator_id' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.current_creator_id() IS
  'Who "I" am: the setting explore_analytics.user_id, else what set_identity() said of the login, else NULL. Only a superuser or a role with GRANT SET ON PARAMETER can set it.';

CREATE OR REPLACE FUNCTION explore_analytics.sees_all() RETURNS boolean
  AS 'MODULE_PATHNAME', 'ea_sees_all' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION explore_analytics.sees_all() IS
  'Whether the caller sees every creator''s numbers: superusers, the owner of the tables, analysts, and as long as it has no identity a role that may read without one.';

-- Rights, not questions: to be granted EXECUTE on one is to have it. The library looks at the privilege.
CREATE OR REPLACE FUNCTION explore_analytics.sees_every_creator() RETURNS boolean
  AS 'MODULE_PATHNAME', 'ea_right' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION explore_analytics.sees_every_creator() IS
  'A right: who may call it sees every creator, whatever the identity. create_roles() gives it to the analyst. Always true.';
CREATE OR REPLACE FUNCTION explore_analytics.reads_without_identity() RETURNS boolean
  AS 'MODULE_PATHNAME', 'ea_right' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION explore_analytics.reads_without_identity() IS
  'A right: who may call it sees every creator as long as the session has no identity. grant_access(role, ''read'') gives it. Always true.';

CREATE OR REPLACE FUNCTION explore_analytics.require_installed() RETURNS void
  AS 'MODULE_PATHNAME', 'ea_require_installed' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION explore_analytics.require_installed() IS 'Error 55000 with a hint unless install() has been called.';

CREATE OR REPLACE FUNCTION explore_analytics.version() RETURNS text
  AS 'MODULE_PATHNAME', 'ea_version' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION explore_analytics.version() IS 'Version of the loaded library; the same as that of the extension.';
-- What install() builds, as data: one row a column. {s} is the extension's schema.
CREATE OR REPLACE FUNCTION explore_analytics.layout_tables()
RETURNS TABLE (table_name text, partitioned boolean, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('explore_content', false, 'Content in the Explore feed, one row each; view_count and engagement_score are written back by batch_update_engagement_scores().'),
  ('explore_discovery_videos', false, 'Videos: at most one for each content; the all-time numbers are written back by batch_update_engagement_scores().'),
  ('explore_feed_sessions', false, 'Feed sessions, one row each; open while session_end is null.'),
  ('explore_saved_properties', false, 'Content saved by known users, once each, as recorded by the recording functions.'),
  ('explore_viewers', false, 'Profiles of viewers; every attribute is optional.'),
  ('explore_engagements', true, 'Raw engagement events, the truth behind every number; partitioned by month of created_at (UTC), with a default partition for every other time.')
$$;
COMMENT ON FUNCTION explore_analytics.layout_tables() IS 'The tables install() builds, with their descriptions.';

CREATE OR REPLACE FUNCTION explore_analytics.layout_columns()
RETURNS TABLE (table_name text, column_name text, column_type text, required boolean, identity boolean, default_value text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('explore_content', 'id', 'bigint', true, true, NULL, 'Id of the content.'),
  ('explore_content', 'creator_id', 'bigint', true, false, NULL, 'User id of the creator; numbers follow the current creator.'),
  ('explore_content', 'content_type', 'text', true, false, '''video''', 'Kind of content.'),
  ('explore_content', 'title', 'text', false, false, NULL, 'Title as shown in the feed.'),
  ('explore_content', 'category', 'text', false, false, NULL, 'Category, free text.'),
  ('explore_content', 'area', 'text', false, false, NULL, 'Area or neighbourhood, free text.'),
  ('explore_content', 'country', 'text', false, false, NULL, 'Country of the listing.'),
  ('explore_content', 'tags', 'text[]', false, false, NULL, 'Tags, free text.'),
  ('explore_content', 'created_at', 'timestamp with time zone', true, false, 'now()', 'When the content was published.'),
  ('explore_content', 'updated_at', 'timestamp with time zone', true, false, 'now()', 'When the content was last edited; a rescore leaves it alone.'),
  ('explore_content', 'view_count', 'bigint', true, false, '0', 'Views of all time as of the last rescore.'),
  ('explore_content', 'engagement_score', 'double precision', true, false, '0', 'Engagement score (0..100) of all time as of the last rescore.'),
  ('explore_content', 'is_active', 'boolean', true, false, 'true', 'Whether the feed shows it; analytics count it either way.'),

  ('explore_discovery_videos', 'id', 'bigint', true, true, NULL, 'Id of the video.'),
  ('explore_discovery_videos', 'content_id', 'bigint', true, false, NULL, 'Content the video belongs to; unique.'),
  ('explore_discovery_videos', 'duration_ms', 'integer', false, false, NULL, 'Length in milliseconds; null: unknown.'),
  ('explore_discovery_videos', 'video_url', 'text', false, false, NULL, 'Where the video is.'),
  ('explore_discovery_videos', 'thumbnail_url', 'text', false, false, NULL, 'Where its picture is.'),
  ('explore_discovery_videos', 'created_at', 'timestamp with time zone', true, false, 'now()', 'When the video was added.'),
  ('explore_discovery_videos', 'total_views', 'bigint', true, false, '0', 'Views of all time as of scored_at.'),
  ('explore_discovery_videos', 'total_watch_time_ms', 'bigint', true, false, '0', 'Watch time of all time in milliseconds as of scored_at.'),
  ('explore_discovery_videos', 'completion_rate', 'double precision', true, false, '0', 'Completion rate of all time in percent as of scored_at.'),
  ('explore_discovery_videos', 'save_count', 'bigint', true, false, '0', 'Saves of all time as of scored_at.'),
  ('explore_discovery_videos', 'share_count', 'bigint', true, false, '0', 'Shares of all time as of scored_at.'),
  ('explore_discovery_videos', 'click_count', 'bigint', true, false, '0', 'Clicks of all time as of scored_at.'),
  ('explore_discovery_videos', 'scored_at', 'timestamp with time zone', false, false, NULL, 'When a rescore last changed the stored numbers; null: never.'),

  ('explore_feed_sessions', 'id', 'bigint', true, true, NULL, 'Id of the session.'),
  ('explore_feed_sessions', 'user_id', 'bigint', false, false, NULL, 'User of the session; null: anonymous.'),
  ('explore_feed_sessions', 'session_start', 'timestamp with time zone', true, false, 'now()', 'When the session began.'),
  ('explore_feed_sessions', 'session_end', 'timestamp with time zone', false, false, NULL, 'When the session ended; null: open.'),
  ('explore_feed_sessions', 'device_type', 'text', false, false, NULL, 'Device type, free text.'),
  ('explore_feed_sessions', 'platform', 'text', false, false, NULL, 'Platform, such as ios, android or web.'),
  ('explore_feed_sessions', 'app_version', 'text', false, false, NULL, 'Version of the app.'),
  ('explore_feed_sessions', 'country', 'text', false, false, NULL, 'Country of the visitor.'),
  ('explore_feed_sessions', 'region', 'text', false, false, NULL, 'Region of the visitor.'),
  ('explore_feed_sessions', 'city', 'text', false, false, NULL, 'City of the visitor.'),
  ('explore_feed_sessions', 'traffic_source', 'text', false, false, NULL, 'Where the visitor came from.'),
  ('explore_feed_sessions', 'attributes', 'jsonb', true, false, '''{}''', 'Further attributes as the app sent them.'),

  ('explore_saved_properties', 'user_id', 'bigint', true, false, NULL, 'Who saved.'),
  ('explore_saved_properties', 'content_id', 'bigint', true, false, NULL, 'What was saved.'),
  ('explore_saved_properties', 'saved_at', 'timestamp with time zone', true, false, 'now()', 'When it was saved first.'),

  ('explore_viewers', 'user_id', 'bigint', true, false, NULL, 'Id of the viewer.'),
  ('explore_viewers', 'birth_year', 'integer', false, false, NULL, 'Year of birth.'),
  ('explore_viewers', 'gender', 'text', false, false, NULL, 'Gender, free text.'),
  ('explore_viewers', 'country', 'text', false, false, NULL, 'Country.'),
  ('explore_viewers', 'region', 'text', false, false, NULL, 'Region.'),
  ('explore_viewers', 'city', 'text', false, false, NULL, 'City.'),
  ('explore_viewers', 'language', 'text', false, false, NULL, 'Language.'),
  ('explore_viewers', 'created_at', 'timestamp with time zone', true, false, 'now()', 'When the profile was made.'),

  ('explore_engagements', 'id', 'bigint', true, true, NULL, 'Order of arrival; for order and paging, not a key.'),
  ('explore_engagements', 'content_id', 'bigint', true, false, NULL, 'Content the event is about.'),
  ('explore_engagements', 'user_id', 'bigint', false, false, NULL, 'Viewer; null: anonymous, then the session stands for the viewer.'),
  ('explore_engagements', 'session_id', 'bigint', false, false, NULL, 'Feed session; null: outside a session.'),
  ('explore_engagements', 'engagement_type', '{s}.engagement_type', true, false, NULL, 'What happened: view, save, share, click, skip, complete or impression.'),
  ('explore_engagements', 'watch_time_ms', 'integer', true, false, '0', 'Watch time in milliseconds; longer than the video is legal (clips loop).'),
  ('explore_engagements', 'completed', 'boolean', true, false, 'false', 'Whether a view reached the end; ignored on other types.'),
  ('explore_engagements', 'created_at', 'timestamp with time zone', true, false, 'now()', 'When it happened; finite.'),
  ('explore_engagements', 'event_id', 'uuid', false, false, NULL, 'Id given by the app; a repeat through the recording functions is a duplicate.'),
  ('explore_engagements', 'metadata', 'jsonb', false, false, NULL, 'Anything the app wants to keep with the event.'),
  ('explore_engagements', 'epoch', 'bigint', true, false, '0', 'Write generation for rollups; leave it out of INSERT and COPY.')
$$;
COMMENT ON FUNCTION explore_analytics.layout_columns() IS 'The columns of the tables install() builds, with types, defaults and descriptions.';

-- Constraints and indexes, found again by name.
CREATE OR REPLACE FUNCTION explore_analytics.layout_constraints()
RETURNS TABLE (table_name text, constraint_name text, definition text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('explore_content', 'explore_content_pkey', 'PRIMARY KEY (id)'),
  ('explore_content', 'explore_content_ids_positive', 'CHECK (id > 0 AND creator_id > 0)'),
  ('explore_discovery_videos', 'explore_discovery_videos_pkey', 'PRIMARY KEY (id)'),
  ('explore_discovery_videos', 'explore_discovery_videos_content_id_key', 'UNIQUE (content_id)'),
  ('explore_discovery_videos', 'explore_discovery_videos_ids_positive', 'CHECK (id > 0 AND content_id > 0)'),
  ('explore_discovery_videos', 'explore_discovery_videos_duration_positive', 'CHECK (duration_ms > 0)'),
  ('explore_feed_sessions', 'explore_feed_sessions_pkey', 'PRIMARY KEY (id)'),
  ('explore_feed_sessions', 'explore_feed_sessions_ids_positive', 'CHECK (id > 0 AND user_id > 0)'),
  ('explore_feed_sessions', 'explore_feed_sessions_times', 'CHECK (isfinite(session_start) AND isfinite(session_end) AND session_end >= session_start)'),
  ('explore_saved_properties', 'explore_saved_properties_pkey', 'PRIMARY KEY (user_id, content_id)'),
  ('explore_saved_properties', 'explore_saved_properties_ids_positive', 'CHECK (user_id > 0 AND content_id > 0)'),
  ('explore_viewers', 'explore_viewers_pkey', 'PRIMARY KEY (user_id)'),
  ('explore_viewers', 'explore_viewers_ids_positive', 'CHECK (user_id > 0)'),
  ('explore_engagements', 'explore_engagements_ids_positive', 'CHECK (id > 0 AND content_id > 0 AND user_id > 0 AND session_id > 0)'),
  ('explore_engagements', 'explore_engagements_watch_time', 'CHECK (watch_time_ms >= 0)'),
  ('explore_engagements', 'explore_engagements_created_at', 'CHECK (isfinite(created_at))'),
  ('explore_engagements', 'explore_engagements_epochs', 'CHECK (epoch >= 0)')
$$;
COMMENT ON FUNCTION explore_analytics.layout_constraints() IS 'The constraints of the tables install() builds.';

CREATE OR REPLACE FUNCTION explore_analytics.layout_indexes()
RETURNS TABLE (table_name text, index_name text, definition text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('explore_content', 'explore_content_creator', '(creator_id)'),
  ('explore_feed_sessions', 'explore_feed_sessions_start', '(session_start)'),
  ('explore_feed_sessions', 'explore_feed_sessions_open', '(session_start) WHERE session_end IS NULL'),
  ('explore_engagements', 'explore_engagements_content', '(content_id, created_at)'),
  ('explore_engagements', 'explore_engagements_user', '(user_id) WHERE user_id IS NOT NULL'),
  ('explore_engagements', 'explore_engagements_session', '(session_id) WHERE session_id IS NOT NULL'),
  ('explore_engagements', 'explore_engagements_epoch', '(epoch)'),
  ('explore_engagements', 'explore_engagements_created', 'USING brin (created_at) WITH (autosummarize = on)')
$$;
COMMENT ON FUNCTION explore_analytics.layout_indexes() IS 'The indexes of the tables install() builds.';
-- The views install() makes, as data.

-- The numbers of a day, the same in every daily view: column, accessor of the day's summary, description.
CREATE OR REPLACE FUNCTION explore_analytics.layout_daily_numbers()
RETURNS TABLE (column_name text, accessor text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('views', 'views', 'Views.'),
  ('unique_viewers', 'unique_viewers', 'Exact distinct viewers of the day. Do not add up over days: a viewer of two days would count twice; ask video_analytics() and its kin for longer ranges.'),
  ('watch_time', 'total_watch_time', 'Watch time in seconds.'),
  ('completions', 'completions', 'Completions.'),
  ('completion_rate', 'completion_rate', 'Percent: 100 * completions / views.'),
  ('saves', 'saves', 'Saves.'),
  ('save_rate', 'save_rate', 'Percent: 100 * saves / views.'),
  ('shares', 'shares', 'Shares.'),
  ('clicks', 'clicks', 'Clicks.'),
  ('skips', 'skips', 'Skips.'),
  ('impressions', 'impressions', 'Impressions.'),
  ('engagement_rate', 'engagement_rate', 'Percent: 100 * (saves + shares + clicks) / views.'),
  ('engagement_score', 'engagement_score', 'Engagement score of the day, 0..100.')
$$;
COMMENT ON FUNCTION explore_analytics.layout_daily_numbers() IS 'The numbers of the daily views, with their accessors and descriptions.';

CREATE OR REPLACE FUNCTION explore_analytics.layout_views()
RETURNS TABLE (view_name text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('explore_video_daily', 'Engagement of each content by day (UTC), days without events left out. unique_viewers of several days must not be added up.'),
  ('explore_creator_daily', 'Engagement of each creator by day (UTC), rates pooled over the creator''s content. unique_viewers of several days must not be added up.'),
  ('explore_platform_daily', 'Engagement of the whole platform by day (UTC). unique_viewers of several days must not be added up.'),
  ('explore_leaderboard', 'Contents with at least 10 views, ranked by stored engagement score; as of the last batch_update_engagement_scores().')
$$;
COMMENT ON FUNCTION explore_analytics.layout_views() IS 'The views install() makes, with their descriptions.';

CREATE OR REPLACE FUNCTION explore_analytics.layout_view_columns()
RETURNS TABLE (view_name text, column_name text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT v.view_name, k.column_name, k.description
  FROM explore_analytics.layout_views() v,
       (VALUES ('day', 'Day in UTC.'), ('bucket', 'Start of the day in UTC.')) k(column_name, description)
  WHERE right(v.view_name, 6) = '_daily'
  UNION ALL
  SELECT v.view_name, n.column_name, n.description
  FROM explore_analytics.layout_views() v, explore_analytics.layout_daily_numbers() n WHERE right(v.view_name, 6) = '_daily'
  UNION ALL
  VALUES
    ('explore_video_daily', 'video_id', 'Video; null when the content has none.'),
    ('explore_video_daily', 'content_id', 'Content.'),
    ('explore_video_daily', 'creator_id', 'Current creator of the content.'),
    ('explore_video_daily', 'title', 'Title of the content.'),
    ('explore_video_daily', 'category', 'Category of the content.'),
    ('explore_video_daily', 'area', 'Area of the content.'),
    ('explore_creator_daily', 'creator_id', 'Current creator of the content.'),
    ('explore_leaderboard', 'rank', 'Place, 1 is best: by score, then views, then content id.'),
    ('explore_leaderboard', 'content_id', 'Content.'),
    ('explore_leaderboard', 'video_id', 'Video; null when the content has none.'),
    ('explore_leaderboard', 'creator_id', 'Creator of the content.'),
    ('explore_leaderboard', 'title', 'Title of the content.'),
    ('explore_leaderboard', 'views', 'Views of all time as of the last rescore; at least 10.'),
    ('explore_leaderboard', 'completion_rate', 'Completion rate of all time in percent as of the last rescore; null when the content has no video.'),
    ('explore_leaderboard', 'engagement_score', 'Engagement score (0..100) of all time as of the last rescore.'),
    ('explore_leaderboard', 'scored_at', 'When a rescore last changed the stored numbers.')
$$;
COMMENT ON FUNCTION explore_analytics.layout_view_columns() IS 'The columns of the views install() makes, with their descriptions.';
CREATE OR REPLACE FUNCTION explore_analytics.home() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT n.nspname::text FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
  WHERE e.extname = 'explore_analytics'
$$;
COMMENT ON FUNCTION explore_analytics.home() IS 'The schema that holds the types, functions and tables, unquoted.';

-- One statement of DDL with {s} replaced by the home schema. It executes nothing, and nothing that does takes text.
CREATE OR REPLACE FUNCTION explore_analytics.in_home(statement text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT replace(statement, '{s}', quote_ident(explore_analytics.home()))
$$;
COMMENT ON FUNCTION explore_analytics.in_home(text) IS 'Internal: a text with {s} replaced by the home schema.';

CREATE OR REPLACE FUNCTION explore_analytics.install_table(wanted text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM explore_analytics.layout_tables() t WHERE t.table_name = wanted) THEN
    RAISE EXCEPTION 'unknown table "%"', left(wanted, 60) USING ERRCODE = 'invalid_parameter_value', HINT = 'Known are the tables of layout_tables().';
  END IF;
  EXECUTE explore_analytics.in_home(format('CREATE TABLE {s}.%I (%s) %s', wanted,
    (SELECT string_agg(format('%I %s%s%s%s', c.column_name, c.column_type,
              CASE WHEN c.identity THEN ' GENERATED BY DEFAULT AS IDENTITY' ELSE '' END,
              CASE WHEN c.default_value IS NOT NULL THEN ' DEFAULT ' || c.default_value ELSE '' END,
              CASE WHEN c.required THEN ' NOT NULL' ELSE '' END), ', ' ORDER BY c.ordinality)
     FROM explore_analytics.layout_columns() WITH ORDINALITY c WHERE c.table_name = wanted),
    -- A rescore rewrites rows in place: room on the page keeps it from touching the indexes.
    (SELECT CASE WHEN t.partitioned THEN 'PARTITION BY RANGE (created_at)'
                 WHEN wanted IN ('explore_content', 'explore_discovery_videos') THEN 'WITH (fillfactor = 50)' ELSE '' END
     FROM explore_analytics.layout_tables() t WHERE t.table_name = wanted)));
  RAISE NOTICE 'created table %.%', quote_ident(explore_analytics.home()), wanted;
END $$;
COMMENT ON FUNCTION explore_analytics.install_table(text) IS 'Internal: makes one table of the layout.';

-- Adopts a table that fits, and says what it added. Run with the owner's rights, see as_owner().
CREATE OR REPLACE FUNCTION explore_analytics.adopt_table(wanted text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  home text := explore_analytics.home();
  qualified text := format('%I.%I', home, wanted);
  existing regclass := to_regclass(qualified);
  item record;
  actual record;
  wanted_type regtype;
  reason text;
BEGIN
  -- Rows are read by SQL and by scans of the one table; only events may have partitions.
  SELECT CASE WHEN c.relkind NOT IN ('r', 'p') OR c.relpersistence <> 'p' THEN 'is not an ordinary table'
              WHEN c.relkind = 'p' AND wanted <> 'explore_engagements' THEN 'is partitioned'
              WHEN c.relkind = 'p' AND replace(pg_get_partkeydef(c.oid), '"', '') <> 'RANGE (created_at)' THEN 'is not partitioned by range of created_at'
              WHEN c.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid) THEN 'has tables that inherit from it'
              WHEN c.relhasrules AND EXISTS (SELECT FROM pg_rewrite w WHERE w.ev_class = c.oid) THEN 'has rules'
              WHEN c.relforcerowsecurity THEN 'forces row level security on its owner' END
  INTO reason FROM pg_class c WHERE c.oid = existing;
  IF reason IS NOT NULL THEN
    RAISE EXCEPTION 'relation % exists and %', qualified, reason
      USING ERRCODE = 'duplicate_table', HINT = 'Change that or rename it, then call explore_analytics.install() again.';
  END IF;
  BEGIN
  FOR item IN SELECT * FROM explore_analytics.layout_columns() c WHERE c.table_name = wanted LOOP
    wanted_type := replace(item.column_type, '{s}', quote_ident(home))::regtype;
    SELECT a.attnum, a.atttypid, a.attnotnull, a.atthasdef OR a.attidentity <> '' AS filled INTO actual
    FROM pg_attribute a
    WHERE a.attrelid = existing AND a.attname = item.column_name AND NOT a.attisdropped;
    IF NOT FOUND THEN
      reason := 'could not be added';
      EXECUTE explore_analytics.in_home(format('ALTER TABLE {s}.%I ADD COLUMN %I %s%s%s%s', wanted, item.column_name, item.column_type,
        CASE WHEN item.identity THEN ' GENERATED BY DEFAULT AS IDENTITY' ELSE '' END,
        CASE WHEN item.default_value IS NOT NULL THEN ' DEFAULT ' || item.default_value ELSE '' END,
        CASE WHEN item.required THEN ' NOT NULL' ELSE '' END));
      RAISE NOTICE 'added column % to table %', item.column_name, qualified;
      CONTINUE;
    END IF;
    IF item.column_type = '{s}.engagement_type' AND actual.atttypid IN ('text'::regtype, 'varchar'::regtype) THEN
      -- What uninstall() left behind.
      reason := 'has values that are not engagement types';
      EXECUTE explore_analytics.in_home(format('ALTER TABLE {s}.%I ALTER COLUMN %I TYPE {s}.engagement_type USING %2$I::text::{s}.engagement_type',
        wanted, item.column_name));
      RAISE NOTICE 'converted column % of table % to engagement_type', item.column_name, qualified;
    ELSIF actual.atttypid <> wanted_type
       AND NOT (wanted_type = 'text'::regtype AND actual.atttypid = 'varchar'::regtype) THEN
      RAISE EXCEPTION 'table % exists, but its column % is of type %, not %', qualified, item.column_name,
        format_type(actual.atttypid, NULL), format_type(wanted_type, NULL)
        USING ERRCODE = 'duplicate_table', HINT = 'Change the column or rename the table, then call explore_analytics.install() again.';
    END IF;
    IF item.required AND NOT actual.attnotnull THEN
      reason := 'has null values';
      EXECUTE explore_analytics.in_home(format('ALTER TABLE {s}.%I ALTER COLUMN %I SET NOT NULL', wanted, item.column_name));
      RAISE NOTICE 'set column % of table % not null', item.column_name, qualified;
    END IF;
    IF NOT actual.filled AND item.identity THEN
      reason := 'could not be made an identity';
      EXECUTE explore_analytics.in_home(format('ALTER TABLE {s}.%I ALTER COLUMN %I ADD GENERATED BY DEFAULT AS IDENTITY', wanted, item.column_name));
      EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L), greatest(max(%I), 1), max(%3$I) IS NOT NULL) FROM %1$s',
        qualified, item.column_name, item.column_name);
      RAISE NOTICE 'made column % of table % an identity', item.column_name, qualified;
    ELSIF NOT actual.filled AND item.default_value IS NOT NULL THEN
      EXECUTE explore_analytics.in_home(format('ALTER TABLE {s}.%I ALTER COLUMN %I SET DEFAULT %s', wanted, item.column_name, item.default_value));
    END IF;
  END LOOP;
EXCEPTION
  WHEN not_null_violation OR invalid_text_representation OR data_exception OR feature_not_supported OR invalid_table_definition
    OR undefined_function OR datatype_mismatch THEN
    RAISE EXCEPTION 'table % exists, but its column % %', qualified, item.column_name, reason
      USING ERRCODE = 'duplicate_table', DETAIL = SQLERRM,
            HINT = 'Change the column or rename the table, then call explore_analytics.install() again.';
  END;

  FOR item IN SELECT l.*, existing AS relation FROM explore_analytics.layout_constraints() l WHERE l.table_name = wanted LOOP
    CONTINUE WHEN EXISTS (
      SELECT FROM pg_constraint c WHERE c.conrelid = item.relation
        AND (c.conname = item.constraint_name
             OR regexp_replace(pg_get_constraintdef(c.oid), ' NULLS.*| INCLUDE.*', '') = item.definition));
    -- An adopted table may have a primary key elsewhere: then a unique constraint does.
    BEGIN
      EXECUTE explore_analytics.in_home(format('ALTER TABLE {s}.%I ADD CONSTRAINT %I %s', item.table_name, item.constraint_name,
        CASE WHEN EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = item.relation AND c.contype = 'p')
             THEN replace(item.definition, 'PRIMARY KEY', 'UNIQUE') ELSE item.definition END));
    EXCEPTION WHEN integrity_constraint_violation THEN
      RAISE EXCEPTION 'table %.% exists, but its column % has values that do not fit: %', home, item.table_name,
        explore_analytics.offending_column(item.relation, item.constraint_name), item.definition
        USING ERRCODE = 'duplicate_table', DETAIL = SQLERRM,
              HINT = 'Correct the rows, then call explore_analytics.install() again.';
    END;
  END LOOP;
  FOR item IN SELECT * FROM explore_analytics.layout_indexes() l WHERE l.table_name = wanted LOOP
    CONTINUE WHEN to_regclass(format('%I.%I', home, item.index_name)) IS NOT NULL;
    EXECUTE explore_analytics.in_home(format('CREATE INDEX %I ON {s}.%I %s', item.index_name, item.table_name, item.definition));
  END LOOP;
END $$;
COMMENT ON FUNCTION explore_analytics.adopt_table(text) IS 'Internal: gives one table of the layout the columns, constraints and indexes it lacks.';

-- The column that keeps a constraint of the layout from being added: of a CHECK with several conditions, the
-- first in a condition that some row does not meet; of a key, its first.
CREATE OR REPLACE FUNCTION explore_analytics.offending_column(relation regclass, constraint_name text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  definition text := (SELECT l.definition FROM explore_analytics.layout_constraints() l WHERE l.constraint_name = offending_column.constraint_name);
  condition text;
  violated boolean;
BEGIN
  FOR condition IN SELECT regexp_split_to_table(substring(definition FROM '^CHECK [(](.*)[)]$'), ' AND ') LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE NOT (%s))', relation, condition) INTO violated;
    EXIT WHEN violated;
  END LOOP;
  RETURN (SELECT word.part FROM regexp_split_to_table(coalesce(condition, definition), '[^a-z_]+') WITH ORDINALITY AS word(part, place)
          JOIN pg_attribute a ON a.attrelid = relation AND a.attname = word.part ORDER BY word.place LIMIT 1);
END $$;
COMMENT ON FUNCTION explore_analytics.offending_column(regclass, text) IS 'Internal: the column that install() names when a constraint does not fit existing rows.';

-- What looks at tables, or rewrites them, may run triggers, checks, defaults and expressions of indexes that are
-- the owner's, the latter even while a query is planned: with the owner's rights then, whoever calls install().
CREATE OR REPLACE FUNCTION explore_analytics.as_owner(owner name, step text, argument text DEFAULT NULL) RETURNS void
  AS 'MODULE_PATHNAME', 'ea_as_owner' LANGUAGE C;
COMMENT ON FUNCTION explore_analytics.as_owner(name, text, text) IS
  'Internal: one step of install() or uninstall() with the rights of the owner of the tables and in a restricted operation, so that code of the owner''s in it cannot reach the caller''s. Error 42501 unless the caller has those rights.';

CREATE OR REPLACE PROCEDURE explore_analytics.install(owner name DEFAULT NULL)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  home text := explore_analytics.home();
  installed_owner name;
  unwatched boolean;
  item record;
BEGIN
  IF owner IS NOT NULL AND NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = owner) THEN
    RAISE EXCEPTION 'role "%" does not exist', owner USING ERRCODE = 'undefined_object',
      HINT = 'Create the role first, or leave owner out.';
  END IF;
  PERFORM pg_advisory_xact_lock('explore_analytics.install'::regproc::oid::bigint);
  -- The owner of the key tables owns a finished installation: nobody else can make them.
  installed_owner := (SELECT pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.oid = to_regclass('explore_analytics.event_keys'));
  owner := coalesce(owner, installed_owner, current_user);
  -- A stranger's table would bring triggers and defaults that then run with our owner's rights.
  FOR item IN SELECT * FROM explore_analytics.relations() r WHERE r.owner NOT IN (install.owner, current_user, coalesce(installed_owner, current_user)) LOOP
    RAISE EXCEPTION 'relation % exists and belongs to role "%"', item.relation, item.owner USING ERRCODE = 'duplicate_table',
      HINT = format('To adopt it, run ALTER TABLE %s OWNER TO %I, or call explore_analytics.install(%L).', item.relation, install.owner, item.owner);
  END LOOP;

  FOR item IN SELECT * FROM explore_analytics.relations() r WHERE r.role NOT IN ('table', 'view', 'status', 'derived') AND r.kind NOT IN ('TABLE', 'SEQUENCE') LOOP
    RAISE EXCEPTION 'relation % exists and is not an ordinary table', item.relation
      USING ERRCODE = 'duplicate_table', HINT = 'Rename it, then call explore_analytics.install() again.';
  END LOOP;
  -- From here on all tables are the owner's, and what looks at their rows has the owner's rights.
  FOR item IN SELECT * FROM explore_analytics.layout_tables() t WHERE to_regclass(format('%I.%I', home, t.table_name)) IS NULL LOOP
    PERFORM explore_analytics.install_table(item.table_name);
  END LOOP;
  PERFORM explore_analytics.install_owner(owner);
  FOR item IN SELECT * FROM explore_analytics.layout_tables() LOOP
    PERFORM explore_analytics.as_owner(owner, 'adopt_table', item.table_name);
    EXECUTE explore_analytics.in_home(format('COMMENT ON TABLE {s}.%I IS %L', item.table_name, item.description));
  END LOOP;
  FOR item IN SELECT * FROM explore_analytics.layout_columns() LOOP
    EXECUTE explore_analytics.in_home(format('COMMENT ON COLUMN {s}.%I.%I IS %L', item.table_name, item.column_name, item.description));
  END LOOP;

  PERFORM explore_analytics.as_owner(owner, 'install_partitions');
  PERFORM explore_analytics.install_keys();
  unwatched := explore_analytics.install_rollups();
  PERFORM explore_analytics.install_trust();
  PERFORM explore_analytics.install_rate_limits();
  BEGIN
    PERFORM explore_analytics.install_views();
    PERFORM explore_analytics.install_status_views();
  EXCEPTION WHEN invalid_table_definition OR wrong_object_type THEN
    RAISE EXCEPTION 'another relation has the name of one of our views: %', SQLERRM USING ERRCODE = 'duplicate_table',
      HINT = 'Rename it, then call explore_analytics.install() again.';
  END;
  PERFORM explore_analytics.install_owner(owner);
  PERFORM explore_analytics.as_owner(owner, 'begin_rollups', unwatched::text);
  IF (SELECT c.relkind = 'p' FROM pg_class c WHERE c.oid = to_regclass(format('%I.explore_engagements', home))) THEN
    PERFORM explore_analytics.as_owner(owner, 'make_partitions');
  END IF;
  PERFORM explore_analytics.as_owner(owner, 'take_back');
  PERFORM explore_analytics.as_owner(owner, 'fill_leaderboard');
END $$;
COMMENT ON PROCEDURE explore_analytics.install(name) IS
  'Creates the tables, indexes, partitions and views in the extension''s schema, or adds what is missing; can be run again. owner: role that owns them (NULL: the caller, or the present owner). An existing table that does not fit: error 42P07, nothing changed. Never commits by itself.';

-- Keys that make recording safe to retry. Two tables, because a viewing has a natural key and an
-- event only a random one; both are pruned by the clean-up job.
CREATE OR REPLACE FUNCTION explore_analytics.install_keys() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF to_regclass('explore_analytics.event_keys') IS NULL THEN
    EXECUTE explore_analytics.in_home('CREATE TABLE explore_analytics.event_keys (
      event_id uuid PRIMARY KEY,
      seen timestamptz NOT NULL)');
    EXECUTE explore_analytics.in_home('CREATE INDEX event_keys_seen ON explore_analytics.event_keys USING brin (seen) WITH (autosummarize = on)');
  END IF;
  IF to_regclass('explore_analytics.viewing_keys') IS NULL THEN
    EXECUTE explore_analytics.in_home('CREATE TABLE explore_analytics.viewing_keys (
      session_id bigint, content_id bigint, viewer_key bigint,
      by_complete boolean NOT NULL,
      completions bigint NOT NULL,
      seen timestamptz NOT NULL,
      PRIMARY KEY (session_id, content_id, viewer_key))');
    EXECUTE explore_analytics.in_home('CREATE INDEX viewing_keys_seen ON explore_analytics.viewing_keys USING brin (seen) WITH (autosummarize = on)');
  END IF;
  COMMENT ON TABLE explore_analytics.event_keys IS 'Event ids seen by the recording functions: a repeat is a duplicate.';
  COMMENT ON COLUMN explore_analytics.event_keys.event_id IS 'The app''s id of the event.';
  COMMENT ON COLUMN explore_analytics.event_keys.seen IS 'When it was recorded; rows older than explore_analytics.dedup_horizon are pruned.';
  COMMENT ON TABLE explore_analytics.viewing_keys IS 'Viewings (session, content, viewer) that the recording functions saw complete: a viewing completes once.';
  COMMENT ON COLUMN explore_analytics.viewing_keys.session_id IS 'Feed session.';
  COMMENT ON COLUMN explore_analytics.viewing_keys.content_id IS 'Content viewed.';
  COMMENT ON COLUMN explore_analytics.viewing_keys.viewer_key IS 'User id, or minus the session id of an anonymous visitor.';
  COMMENT ON COLUMN explore_analytics.viewing_keys.by_complete IS 'Whether a complete event came first; otherwise a completed view did.';
  COMMENT ON COLUMN explore_analytics.viewing_keys.completions IS 'How many batches tried to complete the viewing.';
  COMMENT ON COLUMN explore_analytics.viewing_keys.seen IS 'When it completed; rows older than explore_analytics.dedup_horizon are pruned.';
END $$;
COMMENT ON FUNCTION explore_analytics.install_keys() IS 'Internal: makes the key tables of the recording functions.';

-- Hands everything to one role, which the recording and reading functions then act as.
CREATE OR REPLACE FUNCTION explore_analytics.install_owner(owner name) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item record;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = install_owner.owner) THEN
    RAISE EXCEPTION 'role "%" does not exist', owner USING ERRCODE = 'undefined_object', HINT = 'Create the role first.';
  END IF;
  FOR item IN SELECT * FROM explore_analytics.relations() r WHERE r.owner <> install_owner.owner LOOP
    EXECUTE format('ALTER %s %s OWNER TO %I', item.kind, item.relation, owner);
  END LOOP;
  -- Only a superuser holds the extension's own objects; a later call by the owner finds this done.
  IF (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user) THEN
    EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %I TO %I WITH GRANT OPTION', explore_analytics.home(), owner);
    EXECUTE format('GRANT USAGE ON SCHEMA explore_analytics TO %I WITH GRANT OPTION', owner);
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO %I', current_database(), owner);   -- REFRESH ... CONCURRENTLY
    EXECUTE format('GRANT EXECUTE ON ALL ROUTINES IN SCHEMA explore_analytics TO %I WITH GRANT OPTION', owner);
    FOR item IN SELECT * FROM explore_analytics.doors() LOOP
      EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO %I WITH GRANT OPTION', item.signature, owner);
    END LOOP;
  END IF;
END $$;
COMMENT ON FUNCTION explore_analytics.install_owner(name) IS 'Internal: makes one role the owner of everything install() made.';

-- Every relation that belongs to the installation, tables first.
CREATE OR REPLACE FUNCTION explore_analytics.relations()
RETURNS TABLE (relation regclass, kind text, owner name, role text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE named AS (
    SELECT to_regclass(format('%I.%I', explore_analytics.home(), t.table_name)) AS oid, 'table' AS role
    FROM explore_analytics.layout_tables() t
    UNION ALL
    SELECT to_regclass('explore_analytics.' || k), 'key' FROM unnest(ARRAY['event_keys', 'viewing_keys']) k
    UNION ALL
    SELECT to_regclass('explore_analytics.leaderboard'), 'derived'
    UNION ALL
    SELECT to_regclass('explore_analytics.' || r.relation_name), 'rollup' FROM explore_analytics.layout_rollups() r
    UNION ALL
    SELECT to_regclass('explore_analytics.epoch_seq'), 'rollup'
    UNION ALL
    SELECT to_regclass('explore_analytics.' || r.relation_name), 'trust' FROM explore_analytics.layout_trust() r
    UNION ALL
    SELECT to_regclass(format('%I.%I', explore_analytics.home(), k.kept_as)), 'kept' FROM explore_analytics.layout_kept() k
    WHERE to_regclass('explore_analytics.' || k.relation_name) IS NULL
    UNION ALL
    SELECT to_regclass('explore_analytics.' || w.view_name), 'status' FROM explore_analytics.layout_status_views() w
    UNION ALL
    SELECT to_regclass(format('%I.%I', explore_analytics.home(), v.view_name)), 'view'
    FROM explore_analytics.layout_views() v
  ), tree AS (
    SELECT n.oid, n.role FROM named n WHERE n.oid IS NOT NULL
    UNION ALL
    SELECT i.inhrelid::regclass, 'partition' FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid
  )
  SELECT c.oid::regclass,
         CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
         pg_get_userbyid(c.relowner), tree.role
  FROM tree JOIN pg_class c ON c.oid = tree.oid WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S')
$$;
COMMENT ON FUNCTION explore_analytics.relations() IS 'Every relation that belongs to the installation: tables, partitions, keys, rollups, views.';
-- A month's partition is built apart and attached under a short lock timeout with retries: a plain
-- CREATE TABLE ... PARTITION OF would queue behind one slow reader, and every writer behind it.
CREATE OR REPLACE FUNCTION explore_analytics.attach_partition(month date) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '200ms' SET client_min_messages = warning AS $$
DECLARE
  home text := explore_analytics.home();
  name text := 'explore_engagements_' || to_char(month, 'YYYY_MM');
  lower_bound text := quote_literal(to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00');
  upper_bound text := quote_literal(to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
  fallback regclass := (SELECT i.inhrelid FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = to_regclass(format('%I.explore_engagements', home)) AND pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT');
BEGIN
  IF to_regclass(format('%I.%I', home, name)) IS NOT NULL THEN
    IF NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = to_regclass(format('%I.%I', home, name))
                     AND i.inhparent = to_regclass(format('%I.explore_engagements', home))) THEN
      RAISE EXCEPTION 'relation %.% exists and is not a partition of explore_engagements', home, name
        USING ERRCODE = 'duplicate_table', HINT = 'Rename it; the partition of that month needs the name.';
    END IF;
    RETURN false;
  END IF;
  EXECUTE explore_analytics.in_home(format('CREATE TABLE {s}.%I (LIKE {s}.explore_engagements INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING COMMENTS,
    CONSTRAINT month CHECK (created_at >= %s AND created_at < %s))', name, lower_bound, upper_bound));
  EXECUTE explore_analytics.in_home(format('COMMENT ON TABLE {s}.%I IS %L', name,
    'Engagement events of ' || to_char(month, 'YYYY-MM') || ' (UTC); a partition of explore_engagements.'));
  IF fallback IS NOT NULL THEN
    -- The rows move under new versions: a rebuild with an older snapshot would see them in neither place.
    -- It waits for this row, or is refused.
    IF to_regclass('explore_analytics.rollup_state') IS NOT NULL THEN
      UPDATE explore_analytics.rollup_state SET low = low;
    END IF;
    -- Writers must wait before their rows are routed: one that waited at the default partition would
    -- find that it no longer takes the month, and be refused.
    EXECUTE explore_analytics.in_home('LOCK TABLE ONLY {s}.explore_engagements IN SHARE ROW EXCLUSIVE MODE');
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', fallback);
    EXECUTE format('WITH moved AS (DELETE FROM %1$s WHERE created_at >= %2$s AND created_at < %3$s RETURNING *) INSERT INTO %4$I.%5$I SELECT * FROM moved',
      fallback, lower_bound, upper_bound, home, name);
  END IF;
  EXECUTE explore_analytics.in_home(format('ALTER TABLE {s}.explore_engagements ATTACH PARTITION {s}.%I FOR VALUES FROM (%s) TO (%s)', name, lower_bound, upper_bound));
  EXECUTE explore_analytics.in_home(format('ALTER TABLE {s}.%I DROP CONSTRAINT month', name));
  EXECUTE format('ALTER TABLE %I.%I OWNER TO %I', home, name,
    (SELECT pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.oid = to_regclass(format('%I.explore_engagements', home))));
  PERFORM explore_analytics.install_truncate_guard(to_regclass(format('%I.%I', home, name)));
  RETURN true;
END $$;
COMMENT ON FUNCTION explore_analytics.attach_partition(date) IS 'Internal: makes one month''s partition; false when it exists.';

-- Months that retention has dropped do not come back by themselves.
CREATE OR REPLACE FUNCTION explore_analytics.first_month(now timestamptz) RETURNS date
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  first date := date_trunc('month', now AT TIME ZONE 'UTC') - interval '3 months';
BEGIN
  IF to_regclass('explore_analytics.dropped_partitions') IS NOT NULL THEN
    first := greatest(first, (SELECT max(d.range_end) AT TIME ZONE 'UTC' FROM explore_analytics.dropped_partitions d)::date);
  END IF;
  RETURN first;
END $$;
COMMENT ON FUNCTION explore_analytics.first_month(timestamptz) IS 'Internal: the first month that ensure_partitions() makes unasked.';

CREATE OR REPLACE FUNCTION explore_analytics.make_partitions(from_date date, to_date date) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  this_month date := date_trunc('month', now() AT TIME ZONE 'UTC')::date;
  first date := date_trunc('month', coalesce(from_date, explore_analytics.first_month(now()))::timestamp)::date;
  last date := date_trunc('month', coalesce(to_date, (this_month + interval '3 months')::date)::timestamp)::date;
  month date;
  made integer := 0;
BEGIN
  IF NOT isfinite(coalesce(from_date, this_month)) OR NOT isfinite(coalesce(to_date, this_month)) THEN
    RAISE EXCEPTION 'from_date and to_date must be finite' USING ERRCODE = 'datetime_field_overflow',
      HINT = 'Rows outside the monthly partitions are kept in the default partition.';
  END IF;
  IF first > last THEN
    RAISE EXCEPTION 'to_date % is before from_date %', to_date, from_date USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Both months are included.';
  END IF;
  IF last > first + interval '50 years' THEN
    RAISE EXCEPTION 'from % to % is more than 600 monthly partitions', first, last USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Rows outside the monthly partitions are kept in the default partition.';
  END IF;
  IF (SELECT c.relkind <> 'p' FROM pg_class c WHERE c.oid = to_regclass(format('%I.explore_engagements', explore_analytics.home()))) THEN
    RAISE NOTICE 'table explore_engagements is not partitioned: nothing to do';
    RETURN 0;
  END IF;
  FOR month IN SELECT g::date FROM generate_series(first::timestamp, last::timestamp, '1 month') g LOOP
    FOR attempt IN 1 .. 50 LOOP
      BEGIN
        made := made + explore_analytics.attach_partition(month)::integer;
        EXIT;
      EXCEPTION
        WHEN lock_not_available THEN
          IF attempt = 50 THEN
            RAISE EXCEPTION 'could not lock explore_engagements to attach the partition of %', to_char(month, 'YYYY-MM')
              USING ERRCODE = 'lock_not_available', HINT = 'A long transaction holds the table; call ensure_partitions() again.';
          END IF;
          PERFORM pg_sleep(0.05 + random() * 0.1);
        WHEN invalid_object_definition THEN
          RAISE NOTICE 'the month % is covered by another partition', to_char(month, 'YYYY-MM');
          EXIT;
      END;
    END LOOP;
  END LOOP;
  RETURN made;
END $$;
COMMENT ON FUNCTION explore_analytics.make_partitions(date, date) IS 'Internal: the work of ensure_partitions(), done as the owner of the tables.';

CREATE OR REPLACE FUNCTION explore_analytics.install_partitions() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  home text := explore_analytics.home();
BEGIN
  IF (SELECT c.relkind <> 'p' FROM pg_class c WHERE c.oid = to_regclass(format('%I.explore_engagements', home))) THEN
    RETURN;  -- adopted as it is
  END IF;
  IF NOT EXISTS (SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                 WHERE i.inhparent = to_regclass(format('%I.explore_engagements', home))
                   AND pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT') THEN
    EXECUTE explore_analytics.in_home('CREATE TABLE {s}.explore_engagements_default (LIKE {s}.explore_engagements INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING COMMENTS)');
    EXECUTE explore_analytics.in_home('COMMENT ON TABLE {s}.explore_engagements_default IS ''Engagement events outside the monthly partitions; a partition of explore_engagements.''');
    EXECUTE explore_analytics.in_home('ALTER TABLE {s}.explore_engagements ATTACH PARTITION {s}.explore_engagements_default DEFAULT');
  END IF;
END $$;
COMMENT ON FUNCTION explore_analytics.install_partitions() IS 'Internal: the default partition.';
-- BI relations: plain views with plain columns. The rule of the one door is inside: a session with an
-- identity sees its own content, others see all.

CREATE OR REPLACE FUNCTION explore_analytics.install_views() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $install$
DECLARE
  numbers text := (SELECT string_agg(format('{s}.%I(s.summary) AS %I', n.accessor, n.column_name), ', ' ORDER BY n.ordinality)
                   FROM explore_analytics.layout_daily_numbers() WITH ORDINALITY n);
  -- Days and ids come first, so that a condition on either keeps the summaries of all others from being
  -- made; OFFSET 0 keeps each from being made once for every column.
  summary text := $$LEFT JOIN explore_analytics.tail_days(%1$s::smallint) t ON t.bucket = d.bucket AND t.id = %2$s,
    LATERAL (SELECT explore_analytics.day_summary(%1$s::smallint, %2$s, d.bucket, t.summary) AS summary OFFSET 0) s$$;
  item record;
BEGIN
  EXECUTE explore_analytics.in_home(format($$
    CREATE OR REPLACE VIEW {s}.explore_video_daily WITH (security_barrier) AS
    SELECT d.day, d.bucket, v.id AS video_id, c.id AS content_id, c.creator_id, c.title, c.category, c.area, %s
    FROM (SELECT a.day, a.bucket FROM explore_analytics.active_days() a) d
    CROSS JOIN {s}.explore_content c
    LEFT JOIN {s}.explore_discovery_videos v ON v.content_id = c.id
    %s
    WHERE s.summary IS NOT NULL AND ((SELECT explore_analytics.sees_all()) OR c.creator_id = (SELECT {s}.current_creator_id()))
  $$, numbers, format(summary, 2, 'c.id')));
  EXECUTE explore_analytics.in_home(format($$
    CREATE OR REPLACE VIEW {s}.explore_creator_daily WITH (security_barrier) AS
    SELECT d.day, d.bucket, c.creator_id, %s
    FROM (SELECT a.day, a.bucket FROM explore_analytics.active_days() a) d
    CROSS JOIN (SELECT DISTINCT o.creator_id FROM {s}.explore_content o) c
    %s
    WHERE s.summary IS NOT NULL AND ((SELECT explore_analytics.sees_all()) OR c.creator_id = (SELECT {s}.current_creator_id()))
  $$, numbers, format(summary, 1, 'c.creator_id')));
  EXECUTE explore_analytics.in_home(format($$
    CREATE OR REPLACE VIEW {s}.explore_platform_daily WITH (security_barrier) AS
    SELECT d.day, d.bucket, %s
    FROM (SELECT a.day, a.bucket FROM explore_analytics.active_days() a WHERE (SELECT explore_analytics.sees_all())) d
    %s
    WHERE s.summary IS NOT NULL
  $$, numbers, format(summary, 0, '0::bigint')));

  IF to_regclass('explore_analytics.leaderboard') IS NULL THEN
    EXECUTE explore_analytics.in_home($$
      CREATE MATERIALIZED VIEW explore_analytics.leaderboard AS
      SELECT row_number() OVER (ORDER BY c.engagement_score DESC, c.view_count DESC, c.id) AS rank,
             c.id AS content_id, v.id AS video_id, c.creator_id, c.title, c.view_count AS views,
             v.completion_rate, c.engagement_score, v.scored_at
      FROM {s}.explore_content c LEFT JOIN {s}.explore_discovery_videos v ON v.content_id = c.id
      WHERE c.view_count >= 10
      ORDER BY c.engagement_score DESC, c.view_count DESC, c.id
      WITH NO DATA
    $$);
    EXECUTE explore_analytics.in_home('CREATE UNIQUE INDEX leaderboard_content ON explore_analytics.leaderboard (content_id)');
  END IF;
  EXECUTE explore_analytics.in_home($$
    CREATE OR REPLACE VIEW {s}.explore_leaderboard WITH (security_barrier) AS
    SELECT l.rank, l.content_id, l.video_id, l.creator_id, l.title, l.views, l.completion_rate, l.engagement_score, l.scored_at
    FROM explore_analytics.leaderboard l
    WHERE (SELECT explore_analytics.sees_all()) OR l.creator_id = (SELECT {s}.current_creator_id())
    ORDER BY l.rank
  $$);

  FOR item IN SELECT * FROM explore_analytics.layout_views() LOOP
    EXECUTE explore_analytics.in_home(format('COMMENT ON VIEW {s}.%I IS %L', item.view_name, item.description));
  END LOOP;
  FOR item IN SELECT * FROM explore_analytics.layout_view_columns() LOOP
    EXECUTE explore_analytics.in_home(format('COMMENT ON COLUMN {s}.%I.%I IS %L', item.view_name, item.column_name, item.description));
    IF item.view_name = 'explore_leaderboard' THEN
      EXECUTE format('COMMENT ON COLUMN explore_analytics.leaderboard.%I IS %L', item.column_name, item.description);
    END IF;
  END LOOP;
  COMMENT ON MATERIALIZED VIEW explore_analytics.leaderboard IS 'Behind explore_leaderboard; refreshed concurrently by batch_update_engagement_scores().';
END $install$;
COMMENT ON FUNCTION explore_analytics.install_views() IS 'Internal: the BI views and the leaderboard.';

CREATE OR REPLACE FUNCTION explore_analytics.fill_leaderboard() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (SELECT NOT c.relispopulated FROM pg_class c WHERE c.oid = 'explore_analytics.leaderboard'::regclass) THEN
    REFRESH MATERIALIZED VIEW explore_analytics.leaderboard;
  END IF;
END $$;
COMMENT ON FUNCTION explore_analytics.fill_leaderboard() IS 'Internal: the first rows of the leaderboard; run with the owner''s rights.';
CREATE OR REPLACE FUNCTION explore_analytics.release_type() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE explore_analytics.in_home('ALTER TABLE {s}.explore_engagements ALTER COLUMN engagement_type TYPE text');
END $$;
COMMENT ON FUNCTION explore_analytics.release_type() IS 'Internal: turns the types of events into text, so that they outlive the extension.';

CREATE OR REPLACE PROCEDURE explore_analytics.uninstall(drop_data boolean DEFAULT false)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  home text := explore_analytics.home();
  owner name := (SELECT pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.oid = to_regclass(format('%I.explore_engagements', home)));
  item record;
BEGIN
  PERFORM explore_analytics.require_installed();
  IF NOT coalesce(drop_data, false) THEN
    PERFORM explore_analytics.as_owner(owner, 'put_aside');
  END IF;
  IF EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_cron') THEN
    PERFORM explore_analytics.unschedule_jobs();
  END IF;
  PERFORM explore_analytics.uninstall_rollups();
  FOR item IN SELECT * FROM explore_analytics.relations() r WHERE r.role IN ('view', 'status', 'derived', 'key', 'rollup', 'trust')
              ORDER BY r.role IN ('view', 'status') DESC, r.relation = to_regclass('explore_analytics.epoch_holders') LOOP
    EXECUTE format('DROP %s %s', item.kind, item.relation);
  END LOOP;
  IF coalesce(drop_data, false) THEN
    FOR item IN SELECT * FROM explore_analytics.layout_tables() LOOP
      EXECUTE explore_analytics.in_home(format('DROP TABLE {s}.%I', item.table_name));
    END LOOP;
  ELSE
    PERFORM explore_analytics.as_owner(owner, 'release_type');
  END IF;
END $$;
COMMENT ON PROCEDURE explore_analytics.uninstall(boolean) IS
  'Drops our views, keys, rollups and jobs and turns engagement_type into text, so that DROP EXTENSION leaves the data alone; install() adopts the tables again. The audit log and the identities of logins stay as explore_audit_log and explore_identities. drop_data: drops the tables and these, too. Error 55000 without drop_data where raw events were dropped, which only the rollups remember. Never commits by itself.';
-- What rollups live in (docs/rollups.md): the watermark, three tables of summaries and logs, the ledger,
-- and the sequence of epochs. No reader is granted any of it.
CREATE OR REPLACE FUNCTION explore_analytics.layout_rollups()
RETURNS TABLE (relation_name text, definition text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('rollup_state', 'low bigint NOT NULL, rescore_all bigint NOT NULL, layout_version integer NOT NULL, refreshed_at timestamptz,
    failed_at timestamptz, failure text, failure_code text,
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row)',
   'One row: how far rollups reach.'),
  ('rollup_totals', 'id bigint, epoch bigint NOT NULL, views bigint NOT NULL, score double precision NOT NULL, scope smallint,
    summary {s}.engagement_summary, events bytea, PRIMARY KEY (id, scope)',
   'All-time rollup of each content, creator and the platform, as of the last compaction.'),
  ('rollup_buckets', 'id bigint, bucket bigint, scope smallint, level smallint,
    summary {s}.engagement_summary, events bytea, PRIMARY KEY (id, scope, level, bucket)',
   'Rollups by time: buckets of 64, 16, 4 and 1 days, 6 hours, 1 hour, 15 minutes, 5 minutes and 1 minute; a bucket with few events is not cut further.'),
  ('rollup_deltas', 'id bigint, epoch bigint, first_at timestamptz NOT NULL, last_at timestamptz NOT NULL, scope smallint,
    event_count integer NOT NULL, events bytea NOT NULL, PRIMARY KEY (id, scope, epoch, first_at)',
   'Events of refreshes since the last compaction, packed.'),
  ('rollup_ledger', 'low bigint NOT NULL, high bigint PRIMARY KEY, event_count bigint NOT NULL, finished_at timestamptz NOT NULL,
    waited_ms bigint NOT NULL, took_ms bigint NOT NULL, rollup_rows bigint NOT NULL, rollup_bytes bigint NOT NULL',
   'What each refresh brought in.'),
  ('rescores', 'low bigint NOT NULL, rescored_at timestamptz NOT NULL, changed bigint NOT NULL',
   'The last rescore; empty before the first one.'),
  ('creator_changes', 'creator_id bigint NOT NULL, content_id bigint NOT NULL',
   'Creators whose contents changed since the last refresh; 0: all of them.'),
  ('dropped_partitions', 'partition_name text PRIMARY KEY, range_start timestamptz NOT NULL, range_end timestamptz NOT NULL,
    epoch bigint NOT NULL, event_count bigint NOT NULL, dropped_at timestamptz',
   'Partitions of raw events that retention took over; before the latest range_end rollups are the only complete copy.'),
  ('session_rollups', 'session_id bigint PRIMARY KEY, last_at timestamptz NOT NULL, summary {s}.engagement_summary NOT NULL,
    viewed bigint[] NOT NULL, touched bigint[] NOT NULL',
   'What sessions did in raw events that retention took over; without viewers.')
$$;
COMMENT ON FUNCTION explore_analytics.layout_rollups() IS 'The tables of the rollups, with their descriptions.';

CREATE OR REPLACE FUNCTION explore_analytics.layout_rollup_columns()
RETURNS TABLE (relation_name text, column_name text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('rollup_state', 'low', 'The watermark: events of epochs up to this are in the rollups; -1: none.'),
  ('rollup_state', 'rescore_all', 'Watermark at which something changed that concerns more than new events; a rescore that is older looks at every content.'),
  ('rollup_state', 'layout_version', 'Version of the layout of the tables; install() brings older ones up to date.'),
  ('rollup_state', 'refreshed_at', 'When the last refresh succeeded; null: never.'),
  ('rollup_state', 'failed_at', 'When a refresh gave up since then; null: it did not.'),
  ('rollup_state', 'failure', 'Why it gave up.'),
  ('rollup_state', 'failure_code', 'SQLSTATE of that.'),
  ('rollup_state', 'only_row', 'True: there is one row.'),
  ('rollup_totals', 'id', 'Id of the content or creator; 0 of the platform.'),
  ('rollup_totals', 'epoch', 'Epoch of the refresh that last changed the row.'),
  ('rollup_totals', 'views', 'Views in the row.'),
  ('rollup_totals', 'score', 'Engagement score of the row, 0..100.'),
  ('rollup_totals', 'scope', '0: platform, 1: creator, 2: content.'),
  ('rollup_totals', 'summary', 'Summary of more than 128 events; else null.'),
  ('rollup_totals', 'events', 'Up to 128 events, packed; else null.'),
  ('rollup_buckets', 'id', 'Id of the content or creator; 0 of the platform.'),
  ('rollup_buckets', 'bucket', 'Number of the bucket among those of its level; the one that begins at 2000-01-01 00:00 UTC is 0.'),
  ('rollup_buckets', 'scope', '0: platform, 1: creator, 2: content.'),
  ('rollup_buckets', 'level', '1: 64 days, 2: 16 days, 3: 4 days, 4: 1 day, 5: 6 hours, 6: 1 hour, 7: 15 minutes, 8: 5 minutes, 9: 1 minute.'),
  ('rollup_buckets', 'summary', 'Summary of more than 128 events, which the next level holds in parts; else null.'),
  ('rollup_buckets', 'events', 'Up to 128 events (of a minute any number), packed; else null.'),
  ('rollup_deltas', 'id', 'Id of the content or creator; 0 of the platform.'),
  ('rollup_deltas', 'epoch', 'Epoch of the refresh.'),
  ('rollup_deltas', 'first_at', 'Time of the first event.'),
  ('rollup_deltas', 'last_at', 'Time of the last event.'),
  ('rollup_deltas', 'scope', '0: platform, 1: creator, 2: content.'),
  ('rollup_deltas', 'event_count', 'Number of events.'),
  ('rollup_deltas', 'events', 'The events, packed.'),
  ('rollup_ledger', 'low', 'Events of epochs above this ...'),
  ('rollup_ledger', 'high', '... up to this were brought in.'),
  ('rollup_ledger', 'event_count', 'How many they were, less those that retention has taken over.'),
  ('rollup_ledger', 'finished_at', 'When.'),
  ('rollup_ledger', 'waited_ms', 'Milliseconds spent waiting for writers.'),
  ('rollup_ledger', 'took_ms', 'Milliseconds in all.'),
  ('rollup_ledger', 'rollup_rows', 'Rows of rollups written.'),
  ('rollup_ledger', 'rollup_bytes', 'Bytes of summaries and events in them.'),
  ('rescores', 'low', 'The watermark that it saw.'),
  ('rescores', 'rescored_at', 'When.'),
  ('rescores', 'changed', 'Contents of which stored values changed.'),
  ('creator_changes', 'creator_id', 'Creator; 0: all.'),
  ('creator_changes', 'content_id', 'Content that came, went or moved.'),
  ('dropped_partitions', 'partition_name', 'Name of the partition; with its schema where that is another one.'),
  ('dropped_partitions', 'range_start', 'Its events began here ...'),
  ('dropped_partitions', 'range_end', '... and ended before.'),
  ('dropped_partitions', 'epoch', 'Its events up to this epoch are in rollups and session_rollups; they are not read from the partition any more.'),
  ('dropped_partitions', 'event_count', 'How many events it had.'),
  ('dropped_partitions', 'dropped_at', 'When it was dropped; null: not yet.'),
  ('session_rollups', 'session_id', 'Id of the session.'),
  ('session_rollups', 'last_at', 'Time of the last of these events.'),
  ('session_rollups', 'summary', 'Their counters; the set of viewers is empty.'),
  ('session_rollups', 'viewed', 'Contents that were viewed, each once.'),
  ('session_rollups', 'touched', 'Contents with any event, each once.')
$$;
COMMENT ON FUNCTION explore_analytics.layout_rollup_columns() IS 'The columns of the tables of the rollups, with their descriptions.';

CREATE OR REPLACE FUNCTION explore_analytics.layout_content_triggers()
RETURNS TABLE (trigger_name text, event text, fires text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('explore_analytics_content_inserted', 'INSERT ON %s REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT', 'ALWAYS'),
  ('explore_analytics_content_deleted', 'DELETE ON %s REFERENCING OLD TABLE AS gone FOR EACH STATEMENT', 'ALWAYS'),
  ('explore_analytics_content_moved', 'UPDATE OF id, creator_id ON %s FOR EACH ROW WHEN (OLD.creator_id <> NEW.creator_id OR OLD.id <> NEW.id)', 'ALWAYS'),
  ('explore_analytics_content_truncated', 'TRUNCATE ON %s FOR EACH STATEMENT', 'ALWAYS'),
  -- A subscription applies changes row by row and fires no triggers for statements.
  ('explore_analytics_applied_content', 'INSERT OR DELETE ON %s FOR EACH ROW', 'REPLICA')
$$;
COMMENT ON FUNCTION explore_analytics.layout_content_triggers() IS 'The triggers of explore_content, which note creators whose contents change.';

-- True when contents may have changed unseen before.
CREATE OR REPLACE FUNCTION explore_analytics.install_rollups() RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  events regclass := to_regclass(format('%I.explore_engagements', explore_analytics.home()));
  content regclass := to_regclass(format('%I.explore_content', explore_analytics.home()));
  unwatched boolean := false;
  item record;
BEGIN
  IF to_regclass('explore_analytics.epoch_seq') IS NULL THEN
    CREATE SEQUENCE explore_analytics.epoch_seq MINVALUE 0 START 1;
    PERFORM setval('explore_analytics.epoch_seq', 1, true);
  END IF;
  FOR item IN SELECT * FROM explore_analytics.layout_rollups() LOOP
    IF to_regclass(format('explore_analytics.%I', item.relation_name)) IS NULL THEN
      EXECUTE explore_analytics.in_home(format('CREATE TABLE explore_analytics.%I (%s)', item.relation_name, item.definition));
      IF item.relation_name IN ('rollup_totals', 'rollup_buckets', 'rollup_deltas') THEN
        EXECUTE format('ALTER TABLE explore_analytics.%I ALTER COLUMN events SET STORAGE EXTERNAL, SET (autovacuum_vacuum_scale_factor = 0.05)', item.relation_name);
      ELSIF item.relation_name = 'creator_changes' THEN
        CREATE INDEX creator_changes_creator ON explore_analytics.creator_changes (creator_id);
      ELSIF item.relation_name = 'session_rollups' THEN
        CREATE INDEX session_rollups_touched ON explore_analytics.session_rollups USING gin (touched) WITH (fastupdate = off);
      ELSIF item.relation_name = 'rollup_state' THEN
        ALTER TABLE explore_analytics.rollup_state SET (fillfactor = 10);
      END IF;
    END IF;
    EXECUTE format('COMMENT ON TABLE explore_analytics.%I IS %L', item.relation_name, item.description);
  END LOOP;
  IF to_regclass('explore_analytics.rollup_totals_best') IS NULL THEN
    CREATE INDEX rollup_totals_best ON explore_analytics.rollup_totals (score DESC, views DESC, id) WHERE scope = 2;
    CREATE INDEX rollup_totals_epoch ON explore_analytics.rollup_totals (epoch);
  END IF;
  FOR item IN SELECT * FROM explore_analytics.layout_rollup_columns() LOOP
    EXECUTE format('COMMENT ON COLUMN explore_analytics.%I.%I IS %L', item.relation_name, item.column_name, item.description);
  END LOOP;
  COMMENT ON SEQUENCE explore_analytics.epoch_seq IS 'The current epoch; every refresh starts a new one.';

  FOR item IN
    SELECT c.oid::regclass AS relation FROM pg_class c
    WHERE c.oid = events OR c.oid IN (SELECT p.relid FROM pg_partition_tree(events) p)
  LOOP
    IF NOT EXISTS (SELECT FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
                   JOIN pg_depend p ON p.classid = 'pg_attrdef'::regclass AND p.objid = d.oid AND p.refclassid = 'pg_proc'::regclass
                   WHERE d.adrelid = item.relation AND a.attname = 'epoch' AND p.refobjid = 'explore_analytics.current_epoch()'::regprocedure) THEN
      EXECUTE format('ALTER TABLE ONLY %s ALTER COLUMN epoch SET DEFAULT explore_analytics.current_epoch()', item.relation);
    END IF;
    PERFORM explore_analytics.install_truncate_guard(item.relation);
  END LOOP;

  FOR item IN SELECT * FROM explore_analytics.layout_content_triggers() w
    WHERE NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = content AND t.tgname = w.trigger_name) LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER %s EXECUTE FUNCTION explore_analytics.note_creators()', item.trigger_name, format(item.event, content));
    EXECUTE format('ALTER TABLE %s ENABLE %s TRIGGER %I', content, item.fires, item.trigger_name);
    unwatched := true;
  END LOOP;
  RETURN unwatched;
END $$;
COMMENT ON FUNCTION explore_analytics.install_rollups() IS 'Internal: the tables, sequence and triggers of the rollups; brings an older layout up to date.';

CREATE OR REPLACE FUNCTION explore_analytics.begin_rollups(unwatched boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  highest bigint;
BEGIN
  -- Without a watermark every event is read from the raw table, and rollups would count it again.
  IF NOT EXISTS (SELECT FROM explore_analytics.rollup_state) THEN
    IF EXISTS (SELECT FROM explore_analytics.dropped_partitions WHERE dropped_at IS NOT NULL) THEN
      RAISE EXCEPTION 'explore_analytics.rollup_state has lost its row, and raw events before % are dropped',
        (SELECT max(range_end) FROM explore_analytics.dropped_partitions WHERE dropped_at IS NOT NULL)
        USING ERRCODE = 'object_not_in_prerequisite_state',
              HINT = 'Restore all tables explore_analytics.rollup_* from one dump. To go on without these events: DELETE FROM explore_analytics.dropped_partitions; CALL explore_analytics.install();';
    END IF;
    DELETE FROM explore_analytics.dropped_partitions;
    DELETE FROM explore_analytics.session_rollups;
    DELETE FROM explore_analytics.rollup_totals;
    DELETE FROM explore_analytics.rollup_buckets;
    DELETE FROM explore_analytics.rollup_deltas;
    DELETE FROM explore_analytics.rollup_ledger;
    DELETE FROM explore_analytics.rescores;
    INSERT INTO explore_analytics.rollup_state (low, rescore_all, layout_version) VALUES (-1, -1, 2);
  END IF;
  -- Above every epoch that rows carry already, from an earlier installation or by hand, and above the watermark,
  -- if somebody set the sequence back.
  EXECUTE explore_analytics.in_home('SELECT max(epoch) FROM {s}.explore_engagements') INTO highest;
  PERFORM setval('explore_analytics.epoch_seq', greatest(s.low, highest) + 1, true)
  FROM explore_analytics.rollup_state s, explore_analytics.epoch_seq q WHERE q.last_value <= s.low OR q.last_value < highest;
  -- Creators whose contents may have changed unseen are made anew by the next refresh.
  IF unwatched THEN
    INSERT INTO explore_analytics.creator_changes SELECT 0, 0 WHERE EXISTS (SELECT FROM explore_analytics.rollup_totals);
  END IF;
END $$;
COMMENT ON FUNCTION explore_analytics.begin_rollups(boolean) IS 'Internal: the watermark where there is none; run with the owner''s rights.';

CREATE OR REPLACE FUNCTION explore_analytics.install_truncate_guard(relation regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = relation AND t.tgname = 'explore_analytics_no_truncate') THEN
    EXECUTE format('CREATE TRIGGER explore_analytics_no_truncate BEFORE TRUNCATE ON %s
      FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.refuse_truncate()', relation);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER explore_analytics_no_truncate', relation);
  END IF;
END $$;
COMMENT ON FUNCTION explore_analytics.install_truncate_guard(regclass) IS 'Internal: keeps raw events from being truncated while rollups count them.';

-- Undone by uninstall(), for the tables that stay.
CREATE OR REPLACE FUNCTION explore_analytics.uninstall_rollups() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  events regclass := to_regclass(format('%I.explore_engagements', explore_analytics.home()));
  item record;
BEGIN
  FOR item IN SELECT t.tgrelid::regclass AS relation, t.tgname AS name FROM pg_trigger t
              WHERE t.tgfoid IN ('explore_analytics.note_creators()'::regprocedure, 'explore_analytics.refuse_truncate()'::regprocedure) LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', item.name, item.relation);
  END LOOP;
  EXECUTE format('ALTER TABLE %s ALTER COLUMN epoch SET DEFAULT 0', events);
END $$;
COMMENT ON FUNCTION explore_analytics.uninstall_rollups() IS 'Internal: takes our triggers and the default of epoch from the tables that stay.';
CREATE OR REPLACE FUNCTION explore_analytics.current_epoch() RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_current_epoch' LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION explore_analytics.current_epoch() IS
  'Default of explore_engagements.epoch: the epoch of this transaction. Never blocks. Leave the column out of INSERT and COPY.';
CREATE OR REPLACE FUNCTION explore_analytics.note_creators() RETURNS trigger
  AS 'MODULE_PATHNAME', 'ea_note_creators' LANGUAGE C;
COMMENT ON FUNCTION explore_analytics.note_creators() IS 'Internal: trigger on explore_content; notes creators whose contents change.';
CREATE OR REPLACE FUNCTION explore_analytics.refuse_truncate() RETURNS trigger
  AS 'MODULE_PATHNAME', 'ea_refuse_truncate' LANGUAGE C;
COMMENT ON FUNCTION explore_analytics.refuse_truncate() IS 'Internal: trigger on explore_engagements; refuses TRUNCATE, which rollups would not notice.';

CREATE OR REPLACE PROCEDURE explore_analytics.refresh(min_rows bigint DEFAULT 0)
  AS 'MODULE_PATHNAME', 'ea_refresh' LANGUAGE C;
COMMENT ON PROCEDURE explore_analytics.refresh(bigint) IS
  'Brings new events into the rollups; with fewer than min_rows of them it does nothing. Blocks nobody; waits for transactions that are still writing old epochs for lock_timeout (0: 2 s), then gives up with 55P03, nothing changed. While another session refreshes it says busy. Error 25001 in a transaction block or above READ COMMITTED; 25006 on a standby.';
CREATE OR REPLACE PROCEDURE explore_analytics.compact()
  AS 'MODULE_PATHNAME', 'ea_compact' LANGUAGE C;
COMMENT ON PROCEDURE explore_analytics.compact() IS
  'Merges what refreshes have left beside the buckets into them, in transactions of its own. Answers are the same before, meanwhile and after. Error 25001 in a transaction block.';
CREATE OR REPLACE PROCEDURE explore_analytics.run_forever(pause interval DEFAULT '1 second')
  AS 'MODULE_PATHNAME', 'ea_run_forever' LANGUAGE C;
COMMENT ON PROCEDURE explore_analytics.run_forever(interval) IS
  'Refreshes, compacts where it pays, and waits for pause (a fifth of it while events pour in), until cancelled. A second one leaves at once. Error 22023 unless pause is positive and at most a day.';

CREATE OR REPLACE FUNCTION explore_analytics.verify(start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL)
  RETURNS TABLE (scope text, id bigint, range_start timestamptz, range_end timestamptz, problem text, stored bigint, raw bigint)
  AS 'MODULE_PATHNAME', 'ea_verify' LANGUAGE C STABLE PARALLEL UNSAFE COST 100000 ROWS 1;
COMMENT ON FUNCTION explore_analytics.verify(timestamptz, timestamptz) IS
  'Compares rollups with the raw rows they were made from, event by event, in [start_date, end_date), and every stored summary with the events below it. One row for each day or bucket that differs, with the numbers of events; no row: all is good. Reads everything; for the night.';
CREATE OR REPLACE FUNCTION explore_analytics.rebuild(start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL)
  RETURNS bigint AS 'MODULE_PATHNAME', 'ea_rebuild' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION explore_analytics.rebuild(timestamptz, timestamptz) IS
  'Makes the rollups of [start_date, end_date) what the raw rows say, and returns the number of rollup rows written. Change raw rows and call it in the same transaction: nobody sees one without the other. Waits for a running refresh.';
CREATE OR REPLACE FUNCTION explore_analytics.check_ledger()
  RETURNS TABLE (low bigint, high bigint, recorded bigint, found bigint)
  AS 'MODULE_PATHNAME', 'ea_check_ledger' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 1;
COMMENT ON FUNCTION explore_analytics.check_ledger() IS
  'Ledger rows of which the raw table has another number of events: rows came or went behind the rollups'' back; run rebuild(). No row: none did. Cheaper than verify(), and sees less.';

CREATE OR REPLACE FUNCTION explore_analytics.require_good_ledger() RETURNS void
  AS 'MODULE_PATHNAME', 'ea_require_good_ledger' LANGUAGE C STABLE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION explore_analytics.require_good_ledger() IS 'check_ledger() for a job: error XX001 when a row differs.';
-- What administrators look at. Plain views, so that a monitor needs nothing but SELECT on them.
CREATE OR REPLACE FUNCTION explore_analytics.layout_status_views()
RETURNS TABLE (view_name text, definition text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('epoch_holders', $view$
    SELECT s.low + 1 + ((l.objid::bigint - (s.low + 1)) & 4294967295) AS epoch, l.pid, x.gid, coalesce(x.prepared, a.xact_start) AS since
    FROM explore_analytics.rollup_state s, pg_locks l
    LEFT JOIN pg_stat_activity a ON a.pid = l.pid
    LEFT JOIN pg_locks p ON l.pid IS NULL AND p.pid IS NULL AND p.locktype = 'transactionid' AND p.mode = 'ExclusiveLock'
      AND p.virtualtransaction = l.virtualtransaction
    LEFT JOIN pg_prepared_xacts x ON x.transaction = p.transactionid
    WHERE l.locktype = 'advisory' AND l.objsubid = 234 AND l.mode = 'ShareLock' AND l.granted
      AND l.classid = 'explore_analytics.epoch_seq'::regclass
      AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())$view$,
   'Transactions that have written events and have not ended.'),
  ('rollup_status', $view$
    SELECT s.low, q.last_value AS epoch, t.tail_events,
      CASE WHEN t.tail_events = 0 THEN 0 ELSE extract(epoch FROM clock_timestamp() - s.refreshed_at) END::double precision AS lag_seconds,
      s.refreshed_at, r.event_count AS last_events, r.took_ms AS last_took_ms, r.waited_ms AS last_waited_ms,
      s.failed_at, s.failure, s.failure_code, h.pid AS oldest_writer_pid, h.gid AS oldest_writer_gid,
      extract(epoch FROM clock_timestamp() - h.since)::double precision AS oldest_writer_seconds,
      (SELECT coalesce(sum(d.event_count), 0) FROM explore_analytics.rollup_deltas d)::bigint AS delta_events,
      pg_total_relation_size('explore_analytics.rollup_totals') + pg_total_relation_size('explore_analytics.rollup_buckets')
        + pg_total_relation_size('explore_analytics.rollup_deltas') AS rollup_bytes,
      s.layout_version
    FROM explore_analytics.rollup_state s
    CROSS JOIN explore_analytics.epoch_seq q
    CROSS JOIN LATERAL (SELECT count(*) AS tail_events FROM {s}.explore_engagements e WHERE e.epoch > s.low) t
    LEFT JOIN explore_analytics.rollup_ledger r ON r.high = s.low
    LEFT JOIN LATERAL (SELECT o.* FROM explore_analytics.epoch_holders o ORDER BY o.since LIMIT 1) h ON true$view$,
   'How far the rollups reach and what keeps them from reaching further; one row.'),
  ('refresh_progress', $view$
    SELECT a.pid, substring(a.application_name FROM '^explore_analytics ([a-z]+):') AS command,
      substring(a.application_name FROM '^explore_analytics [a-z]+: (.*?)(?: [0-9]+/[0-9]+)?$') AS phase,
      substring(a.application_name FROM ' ([0-9]{1,18})/[0-9]+$')::bigint AS done,
      substring(a.application_name FROM ' [0-9]+/([0-9]{1,18})$')::bigint AS total, a.xact_start AS started_at
    FROM pg_stat_activity a
    WHERE a.datname = current_database() AND coalesce(a.state, 'active') = 'active' AND a.application_name ~ '^explore_analytics [a-z]+: '$view$,
   'Refreshes, compactions, rebuilds and retention that are running now.'),
  ('rate_limit_status', $view$
    SELECT c.shared, c.slots, c.used, c.allowed_events, c.refused_events, c.refused_batches, c.evictions FROM explore_analytics.rate_limit_counters() c$view$,
   'What rate limits have done since the server started, in all databases; without preloading, in this connection.')
$$;
COMMENT ON FUNCTION explore_analytics.layout_status_views() IS 'The views for administrators, with their descriptions.';

CREATE OR REPLACE FUNCTION explore_analytics.layout_status_columns()
RETURNS TABLE (view_name text, column_name text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('epoch_holders', 'epoch', 'Epoch of the transaction''s events.'),
  ('epoch_holders', 'pid', 'Its process; null of a prepared transaction.'),
  ('epoch_holders', 'gid', 'Name of the prepared transaction.'),
  ('epoch_holders', 'since', 'When it began or was prepared; null where the role may not see it.'),
  ('rollup_status', 'low', 'The watermark: events of epochs up to this are in the rollups; -1: none.'),
  ('rollup_status', 'epoch', 'The current epoch.'),
  ('rollup_status', 'tail_events', 'Events not yet in the rollups; every answer reads them from the raw table.'),
  ('rollup_status', 'lag_seconds', 'Seconds since the last refresh; 0 when nothing waits, null before the first one.'),
  ('rollup_status', 'refreshed_at', 'When the last refresh succeeded.'),
  ('rollup_status', 'last_events', 'Events it brought in; null when a rebuild came after it.'),
  ('rollup_status', 'last_took_ms', 'Milliseconds it took.'),
  ('rollup_status', 'last_waited_ms', 'Of these, milliseconds spent waiting for writers.'),
  ('rollup_status', 'failed_at', 'When a refresh gave up after that; null: none did.'),
  ('rollup_status', 'failure', 'Why.'),
  ('rollup_status', 'failure_code', 'SQLSTATE of that.'),
  ('rollup_status', 'oldest_writer_pid', 'Process of the oldest transaction that has written events and not ended.'),
  ('rollup_status', 'oldest_writer_gid', 'Its name, if it is a prepared transaction.'),
  ('rollup_status', 'oldest_writer_seconds', 'Its age in seconds.'),
  ('rollup_status', 'delta_events', 'Events in rollups that wait for a compaction, counted for each scope.'),
  ('rollup_status', 'rollup_bytes', 'Size of the rollups in bytes, with indexes.'),
  ('rollup_status', 'layout_version', 'Version of the layout of the tables.'),
  ('refresh_progress', 'pid', 'Process.'),
  ('refresh_progress', 'command', 'refresh, compact, rebuild or retention.'),
  ('refresh_progress', 'phase', 'What it is doing.'),
  ('refresh_progress', 'done', 'Events or keys done in this phase; null when not counted.'),
  ('refresh_progress', 'total', 'Events or keys in this phase; null when not known.'),
  ('refresh_progress', 'started_at', 'When its transaction began; null where the role may not see it.'),
  ('rate_limit_status', 'shared', 'Whether limits hold for all connections together; false: the library is not preloaded, and each connection counts by itself.'),
  ('rate_limit_status', 'slots', 'Roles and sessions of which the levels can be kept.'),
  ('rate_limit_status', 'used', 'Of these, taken now.'),
  ('rate_limit_status', 'allowed_events', 'Events that came under a limit and were let through.'),
  ('rate_limit_status', 'refused_events', 'Events in batches that were refused.'),
  ('rate_limit_status', 'refused_batches', 'Batches that were refused.'),
  ('rate_limit_status', 'evictions', 'Levels that were forgotten for want of slots; many: raise explore_analytics.rate_limit_slots.')
$$;
COMMENT ON FUNCTION explore_analytics.layout_status_columns() IS 'The columns of the views for administrators, with their descriptions.';

CREATE OR REPLACE FUNCTION explore_analytics.install_status_views() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item record;
BEGIN
  FOR item IN SELECT * FROM explore_analytics.layout_status_views() LOOP
    -- An owner who is no superuser may not make anything in the schema, and finds it made.
    IF to_regclass(format('explore_analytics.%I', item.view_name)) IS NULL OR has_schema_privilege('explore_analytics', 'CREATE') THEN
      EXECUTE explore_analytics.in_home(format('CREATE OR REPLACE VIEW explore_analytics.%I AS %s', item.view_name, item.definition));
    END IF;
    EXECUTE format('COMMENT ON VIEW explore_analytics.%I IS %L', item.view_name, item.description);
  END LOOP;
  FOR item IN SELECT * FROM explore_analytics.layout_status_columns() LOOP
    EXECUTE format('COMMENT ON COLUMN explore_analytics.%I.%I IS %L', item.view_name, item.column_name, item.description);
  END LOOP;
END $$;
COMMENT ON FUNCTION explore_analytics.install_status_views() IS 'Internal: the views for administrators.';
-- Tables of trust: who did what, and what is configured about whom. No reader is granted any of it.
CREATE OR REPLACE FUNCTION explore_analytics.layout_trust()
RETURNS TABLE (relation_name text, definition text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('audit_log', 'id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, logged_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    login name NOT NULL DEFAULT session_user, role name NOT NULL DEFAULT current_user, creator_id bigint DEFAULT {s}.current_creator_id(),
    action text NOT NULL, subject text, row_count bigint, detail text',
   'Erasures, exports and grants, one row each, in the transaction that did them; rows are never changed or removed.'),
  ('rate_limits', 'scope text NOT NULL CHECK (scope IN (''role'', ''session'')),
    name text NOT NULL DEFAULT ''*'' CHECK (name <> '''' AND octet_length(name) < 64),
    events_per_second double precision NOT NULL CHECK (events_per_second > 0 AND events_per_second <= 1000000000),
    burst bigint NOT NULL CHECK (burst > 0), PRIMARY KEY (scope, name),
    CHECK (scope <> ''session'' OR name = ''*''), CHECK (burst <= events_per_second * 1000000000)',
   'How much the recording functions take from a role and for a session; empty: any number. Changed by plain SQL, in force with the commit.'),
  ('identities', 'login name PRIMARY KEY, creator_id bigint NOT NULL CHECK (creator_id > 0)',
   'Logins that stand for a creator; kept by set_identity().')
$$;
COMMENT ON FUNCTION explore_analytics.layout_trust() IS 'The tables of trust, with their descriptions.';

CREATE OR REPLACE FUNCTION explore_analytics.layout_trust_columns()
RETURNS TABLE (relation_name text, column_name text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('audit_log', 'id', 'Order of the entries.'),
  ('audit_log', 'logged_at', 'When it was done.'),
  ('audit_log', 'login', 'Who had logged in.'),
  ('audit_log', 'role', 'Role that called, after SET ROLE.'),
  ('audit_log', 'creator_id', 'Identity of the session, if it had one.'),
  ('audit_log', 'action', 'What was done, such as forget_viewer, export_viewer or grant_access.'),
  ('audit_log', 'subject', 'To whom or what: a role, or the digest of a viewer''s id.'),
  ('audit_log', 'row_count', 'Rows concerned; null where that has no meaning.'),
  ('audit_log', 'detail', 'Particulars, never ids of viewers.'),
  ('rate_limits', 'scope', 'role: each role that calls; session: each feed session.'),
  ('rate_limits', 'name', 'A role''s name, or * for every role without a row of its own (superusers excepted); for sessions *.'),
  ('rate_limits', 'events_per_second', 'Events in the long run, at most 1e9 and more than nothing.'),
  ('rate_limits', 'burst', 'Events that may come at once, and the largest batch; at most what comes in 1e9 seconds.'),
  ('identities', 'login', 'Name of the login role.'),
  ('identities', 'creator_id', 'The creator it stands for.')
$$;
COMMENT ON FUNCTION explore_analytics.layout_trust_columns() IS 'The columns of the tables of trust, with their descriptions.';

-- Those that outlive uninstall(), under another name in the schema of the tables.
CREATE OR REPLACE FUNCTION explore_analytics.layout_kept()
RETURNS TABLE (relation_name text, kept_as text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES ('audit_log', 'explore_audit_log'), ('identities', 'explore_identities'), ('rate_limits', 'explore_rate_limits')
$$;
COMMENT ON FUNCTION explore_analytics.layout_kept() IS 'The tables of trust that uninstall() keeps for the next install(), with the names they have meanwhile.';

CREATE OR REPLACE FUNCTION explore_analytics.install_trust() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item record;
BEGIN
  FOR item IN SELECT * FROM explore_analytics.layout_trust() LOOP
    IF to_regclass(format('explore_analytics.%I', item.relation_name)) IS NULL THEN
      EXECUTE explore_analytics.in_home(format('CREATE TABLE explore_analytics.%I (%s)', item.relation_name, item.definition));
    END IF;
    EXECUTE format('COMMENT ON TABLE explore_analytics.%I IS %L', item.relation_name, item.description);
  END LOOP;
  FOR item IN SELECT * FROM explore_analytics.layout_trust_columns() LOOP
    EXECUTE format('COMMENT ON COLUMN explore_analytics.%I.%I IS %L', item.relation_name, item.column_name, item.description);
  END LOOP;
  IF NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = 'explore_analytics.audit_log'::regclass AND t.tgname = 'audit_log_append_only') THEN
    CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON explore_analytics.audit_log
      FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.refuse_change();
    ALTER TABLE explore_analytics.audit_log ENABLE ALWAYS TRIGGER audit_log_append_only;
  END IF;
END $$;
COMMENT ON FUNCTION explore_analytics.install_trust() IS 'Internal: makes the tables of trust.';

CREATE OR REPLACE FUNCTION explore_analytics.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'table %.% takes new rows only, not %', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege',
    HINT = 'Its entries stay. What must go sooner goes with the whole table: the owner or a superuser can drop the trigger.';
END $$;
COMMENT ON FUNCTION explore_analytics.refuse_change() IS 'Internal: trigger on audit_log; refuses everything but new rows.';

-- Copies, because the table itself has defaults and triggers of ours, which DROP EXTENSION would have to take along.
CREATE OR REPLACE FUNCTION explore_analytics.put_aside() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item record;
  any_row boolean;
  months bigint := 0;
BEGIN
  IF to_regclass('explore_analytics.dropped_partitions') IS NOT NULL THEN
    SELECT count(*) INTO months FROM explore_analytics.dropped_partitions WHERE dropped_at IS NOT NULL;
  END IF;
  IF months > 0 THEN
    RAISE EXCEPTION 'the rollups are the only copy of % dropped partitions of raw events', months
      USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = 'Dump the database first; uninstall(true), drop_data, then drops these numbers and all tables.';
  END IF;
  FOR item IN SELECT l.relation_name, format('%I.%I', explore_analytics.home(), l.kept_as) AS kept FROM explore_analytics.layout_kept() l
              WHERE to_regclass('explore_analytics.' || l.relation_name) IS NOT NULL LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM explore_analytics.%I)', item.relation_name) INTO any_row;
    CONTINUE WHEN NOT any_row;
    IF to_regclass(item.kept) IS NOT NULL THEN
      RAISE EXCEPTION 'relation % exists', item.kept USING ERRCODE = 'duplicate_table',
        HINT = format('uninstall() keeps the rows of explore_analytics.%I under that name; rename the relation.', item.relation_name);
    END IF;
    EXECUTE format('CREATE TABLE %s AS TABLE explore_analytics.%I', item.kept, item.relation_name);
    EXECUTE format('COMMENT ON TABLE %s IS %L', item.kept, format('Rows of explore_analytics.%I, kept by uninstall(); install() takes them back.', item.relation_name));
  END LOOP;
END $$;
COMMENT ON FUNCTION explore_analytics.put_aside() IS 'Internal: copies tables of trust to where uninstall() leaves them; error 55000 where raw events were dropped. Run with the owner''s rights.';

CREATE OR REPLACE FUNCTION explore_analytics.take_back() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item record;
  columns text;
  numbered name;
  kept_name text;
BEGIN
  FOR item IN
    SELECT format('explore_analytics.%I', l.relation_name)::regclass AS target, c.oid::regclass AS kept, c.relkind = 'r' AND pg_get_userbyid(c.relowner) = current_user AS ours
    FROM explore_analytics.layout_kept() l JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', explore_analytics.home(), l.kept_as))
  LOOP
    -- A stranger's view or table would bring functions that run with our owner's rights.
    IF NOT item.ours THEN
      RAISE EXCEPTION 'relation % exists, but is not a table of role "%"', item.kept, current_user USING ERRCODE = 'duplicate_table',
        HINT = format('uninstall() keeps the rows of %s under that name. Rename it, then call explore_analytics.install() again.', item.target);
    END IF;
    kept_name := item.kept::text;
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO columns
    FROM pg_attribute a JOIN pg_attribute k ON k.attrelid = item.kept AND k.attname = a.attname AND k.atttypid = a.atttypid AND NOT k.attisdropped
    WHERE a.attrelid = item.target AND a.attnum > 0 AND NOT a.attisdropped;
    BEGIN
      EXECUTE format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM ONLY %s', item.target, columns, item.kept);
    EXCEPTION WHEN OTHERS THEN
      RAISE EXCEPTION 'relation % exists, but is not what uninstall() left of %', item.kept, item.target USING ERRCODE = 'duplicate_table',
        DETAIL = SQLERRM, HINT = 'Rename it, then call explore_analytics.install() again.';
    END;
    FOR numbered IN SELECT a.attname FROM pg_attribute a WHERE a.attrelid = item.target AND a.attidentity <> '' LOOP
      EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L), max(%I), true) FROM %s', item.target, numbered, numbered, item.target);
    END LOOP;
    EXECUTE format('DROP TABLE %s', item.kept);
    RAISE NOTICE 'took back the rows that an earlier uninstall() left in %', kept_name;
  END LOOP;
END $$;
COMMENT ON FUNCTION explore_analytics.take_back() IS 'Internal: the rows that an earlier uninstall() left, back into the tables of trust; run with the owner''s rights.';

-- An entry of the audit log, written with the owner's rights: the log has the owner's triggers, if any.
CREATE OR REPLACE FUNCTION explore_analytics.write_audit(entry jsonb) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO explore_analytics.audit_log (role, action, subject, detail)
  VALUES ((entry ->> 'role')::name, entry ->> 'action', entry ->> 'subject', entry ->> 'detail')
$$;
COMMENT ON FUNCTION explore_analytics.write_audit(jsonb) IS 'Internal: adds an entry to the audit log; run with the owner''s rights.';
CREATE OR REPLACE FUNCTION explore_analytics.audit(action text, subject text, detail text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  SELECT explore_analytics.as_owner(pg_get_userbyid(c.relowner), 'write_audit',
    jsonb_build_object('role', current_user, 'action', action, 'subject', subject, 'detail', detail)::text)
  FROM pg_class c WHERE c.oid = 'explore_analytics.audit_log'::regclass
$$;
COMMENT ON FUNCTION explore_analytics.audit(text, text, text) IS 'Internal: notes in the audit log what the caller did.';
-- The checks of health_check(), as data: a query for each that returns one row (status, detail, fix). Placeholders:
-- {s} the home schema, {e} the oid of explore_engagements, {d} its default partition, {dq} the same as a literal; $1 how often the rescore runs.
CREATE OR REPLACE FUNCTION explore_analytics.checks_of_rollups()
RETURNS TABLE (check_name text, as_owner boolean, needs text, query text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('installed', true, 'tables', $check$
    WITH wanted AS (
      SELECT format('%I.%I', explore_analytics.home(), t.table_name) AS name FROM explore_analytics.layout_tables() t
      UNION ALL SELECT format('%I.%I', explore_analytics.home(), v.view_name) FROM explore_analytics.layout_views() v
      UNION ALL SELECT 'explore_analytics.' || r.relation_name FROM explore_analytics.layout_rollups() r
      UNION ALL SELECT 'explore_analytics.' || r.relation_name FROM explore_analytics.layout_trust() r
      UNION ALL SELECT 'explore_analytics.' || w.view_name FROM explore_analytics.layout_status_views() w
      UNION ALL SELECT 'explore_analytics.' || k FROM unnest(ARRAY['event_keys', 'viewing_keys', 'leaderboard', 'epoch_seq']) k
    ), missing AS (
      SELECT w.name FROM wanted w WHERE to_regclass(w.name) IS NULL
      UNION ALL
      SELECT format('column %s of %s', c.column_name, c.table_name) FROM explore_analytics.layout_columns() c
      WHERE to_regclass(format('%I.%I', explore_analytics.home(), c.table_name)) IS NOT NULL
        AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attname = c.column_name AND NOT a.attisdropped
                        AND a.attrelid = to_regclass(format('%I.%I', explore_analytics.home(), c.table_name)))
    )
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'FAIL' END,
      CASE WHEN count(*) = 0 THEN format('in schema %s', explore_analytics.home())
           || CASE WHEN pg_is_in_recovery() THEN '; this is a standby, whatever is to be fixed is fixed on the primary' ELSE '' END
           ELSE 'missing: ' || string_agg(m.name, ', ') END,
      CASE WHEN count(*) > 0 THEN 'CALL explore_analytics.install();' END
    FROM missing m$check$),

  ('library', false, 'nothing', $check$
    SELECT CASE WHEN v = e.extversion THEN 'OK' ELSE 'FAIL' END, format('the library is of version %s, the extension of version %s', v, e.extversion),
      CASE WHEN v <> e.extversion THEN format('ALTER EXTENSION explore_analytics UPDATE TO %L;', v) END
    FROM pg_extension e, explore_analytics.version() v WHERE e.extname = 'explore_analytics'$check$),

  -- Releases before the one named lack fixes that matter here; three of them lay out a structure of the server
  -- otherwise than their neighbours, and libraries built for those write past its end.
  ('server_release', false, 'nothing', $check$
    SELECT CASE WHEN r.number IN (150009, 160005, 170001) THEN 'FAIL' WHEN r.number < l.least THEN 'WARN' ELSE 'OK' END,
      'PostgreSQL ' || current_setting('server_version') || CASE
        WHEN r.number IN (150009, 160005, 170001) THEN ', whose binary interface is unlike that of all others of its kind'
        WHEN r.number < l.least THEN format('; %s.%s or later has fixes that matter here', l.least / 10000, l.least % 10000) ELSE '' END,
      CASE WHEN r.number < l.least THEN format('apt-get update && apt-get install --only-upgrade postgresql-%s', r.number / 10000) END
    FROM (SELECT current_setting('server_version_num')::integer AS number) r
    LEFT JOIN (VALUES (150020), (160016), (170012), (180007)) l(least) ON l.least / 10000 = r.number / 10000$check$),

  ('layout', true, 'tables', $check$
    SELECT CASE WHEN s.layout_version = 2 THEN 'OK' ELSE 'FAIL' END,
      CASE WHEN s.layout_version IS NULL THEN 'explore_analytics.rollup_state has lost its row: every question fails'
           ELSE format('the tables have layout %s%s', s.layout_version, CASE WHEN s.layout_version <> 2 THEN ', the library wants 2' END) END,
      CASE WHEN s.layout_version > 2 THEN 'ALTER EXTENSION explore_analytics UPDATE;'
           WHEN s.layout_version = 2 THEN NULL ELSE 'CALL explore_analytics.install();' END
    FROM (SELECT) one LEFT JOIN explore_analytics.rollup_state s ON true$check$),

  ('watermark', true, 'tables', $check$
    SELECT CASE WHEN greatest(t.epoch, l.high) > s.low THEN 'FAIL' ELSE 'OK' END,
      CASE WHEN greatest(t.epoch, l.high) > s.low THEN format('rollups of epoch %s are ahead of the watermark %s', greatest(t.epoch, l.high), s.low)
           ELSE format('the watermark is %s', coalesce(s.low::text, 'unknown')) END,
      CASE WHEN greatest(t.epoch, l.high) > s.low THEN 'SELECT explore_analytics.rebuild();' END
    FROM (SELECT max(epoch) AS epoch FROM explore_analytics.rollup_totals) t
    CROSS JOIN (SELECT max(high) AS high FROM explore_analytics.rollup_ledger) l
    LEFT JOIN explore_analytics.rollup_state s ON true$check$),

  ('epoch_sequence', true, 'tables', $check$
    SELECT CASE WHEN back OR odd THEN 'FAIL' ELSE 'OK' END,
      CASE WHEN back THEN format('it is at %s, behind the watermark %s: refreshes fail', last_value, low)
           WHEN odd THEN 'it must count by 1, without a cache and without starting over'
           ELSE format('it is at %s', last_value) END,
      CASE WHEN back THEN E'CALL explore_analytics.install();\nSELECT explore_analytics.rebuild();'
           WHEN odd THEN 'ALTER SEQUENCE explore_analytics.epoch_seq INCREMENT BY 1 CACHE 1 NO CYCLE;' END
    FROM (SELECT q.last_value, s.low, coalesce(q.last_value <= s.low, false) AS back, p.seqincrement <> 1 OR p.seqcache <> 1 OR p.seqcycle AS odd
          FROM explore_analytics.epoch_seq q JOIN pg_sequence p ON p.seqrelid = 'explore_analytics.epoch_seq'::regclass
          LEFT JOIN explore_analytics.rollup_state s ON true) x$check$),

  ('epoch_default', true, 'tables', $check$
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'FAIL' END,
      CASE WHEN count(*) = 0 THEN 'every partition gives new events their epoch' ELSE 'new events get no epoch in ' || string_agg(c.oid::regclass::text, ', ') END,
      CASE WHEN count(*) > 0 THEN 'CALL explore_analytics.install();' END
    FROM pg_class c
    WHERE (c.oid = {e} OR c.oid IN (SELECT p.relid FROM pg_partition_tree({e}) p))
      AND NOT EXISTS (SELECT FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
                      JOIN pg_depend p ON p.classid = 'pg_attrdef'::regclass AND p.objid = d.oid AND p.refclassid = 'pg_proc'::regclass
                      WHERE d.adrelid = c.oid AND a.attname = 'epoch' AND p.refobjid = 'explore_analytics.current_epoch()'::regprocedure)$check$),

  -- 1000 events are what the scheduled refresh waits for; events are as old as they say, so that a burst after
  -- a quiet night is not late at once.
  ('refresh_lag', true, 'tables', $check$
    WITH s AS MATERIALIZED (
      SELECT r.low, r.tail_events, r.refreshed_at, extract(epoch FROM clock_timestamp() - r.refreshed_at)::bigint AS age FROM explore_analytics.rollup_status r
    ), late AS (
      SELECT coalesce(s.age > l.seconds, true) AND (
               SELECT count(*) FROM (SELECT FROM {s}.explore_engagements e
                 WHERE e.epoch > s.low AND e.created_at < clock_timestamp() - make_interval(secs => l.seconds) LIMIT 1000) x) = 1000 AS late, l.status
      FROM s, (VALUES (300, 'WARN'), (1800, 'FAIL')) l(seconds, status) WHERE s.tail_events >= 1000
    )
    SELECT n.status, CASE WHEN s.tail_events IS NULL THEN 'nobody knows how many events wait' ELSE format('%s events wait for a refresh', s.tail_events) END
        || CASE WHEN s.age IS NULL THEN '; there was none yet' ELSE format('; the last one was %s s ago', s.age) END,
      CASE WHEN n.status <> 'OK' THEN 'CALL explore_analytics.refresh();' END
    FROM (SELECT coalesce((SELECT min(l.status) FROM late l WHERE l.late), 'OK') AS status) n LEFT JOIN s ON true$check$),

  ('last_refresh', true, 'tables', $check$
    SELECT CASE WHEN s.failed_at IS NULL THEN 'OK' WHEN s.refreshed_at > s.failed_at - interval '30 minutes' THEN 'WARN' ELSE 'FAIL' END,
      CASE WHEN s.failed_at IS NOT NULL THEN format('a refresh gave up with %s, and none has succeeded since then: %s', s.failure_code, s.failure)
           WHEN s.refreshed_at IS NULL THEN 'there was none yet'
           ELSE format('it brought in %s events in %s ms', coalesce(s.last_events::text, 'no'), coalesce(s.last_took_ms, 0)) END,
      CASE WHEN s.failed_at IS NOT NULL THEN 'CALL explore_analytics.refresh();' END
    FROM (SELECT) one LEFT JOIN explore_analytics.rollup_status s ON true$check$),

  -- As the caller: the owner of the tables may see less of other sessions than a role that monitors.
  ('blockers', false, 'tables', $check$
    WITH holder AS MATERIALIZED (
      SELECT h.pid, h.gid, extract(epoch FROM clock_timestamp() - h.since)::bigint AS age, a.usename AS role, a.state
      FROM explore_analytics.epoch_holders h LEFT JOIN pg_stat_activity a ON a.pid = h.pid
    ), old AS (
      SELECT count(*) AS old, max(h.age) AS age,
        string_agg(CASE WHEN h.gid IS NULL THEN format('process %s of role %s, %s', h.pid, h.role, h.state) ELSE format('prepared transaction %s', h.gid) END
                   || format(', for %s s', h.age), '; ' ORDER BY h.age DESC) AS who,
        string_agg(CASE WHEN h.gid IS NULL THEN format('SELECT pg_terminate_backend(%s);', h.pid) ELSE format('ROLLBACK PREPARED %L;', h.gid) END,
                   E'\n' ORDER BY h.age DESC) AS fix
      FROM holder h WHERE h.age > 60
    )
    SELECT CASE WHEN o.age > 600 THEN 'FAIL' WHEN o.age > 60 OR NOT seen THEN 'WARN' ELSE 'OK' END,
      CASE WHEN o.old > 0 THEN 'no refresh gets past: ' || o.who
           WHEN NOT seen THEN format('role %s does not see how long others'' transactions have lasted', current_user)
           WHEN pg_is_in_recovery() THEN 'writers are seen on the primary'
           ELSE format('%s transactions are writing events', (SELECT count(*) FROM holder)) END,
      CASE WHEN o.old > 0 THEN o.fix WHEN NOT seen THEN format('GRANT pg_read_all_stats TO %I;', current_user) END
    FROM old o, pg_has_role('pg_read_all_stats', 'USAGE') seen$check$),

  ('ledger', true, 'tables', $check$
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'FAIL' END,
      CASE WHEN count(*) = 0 THEN 'rollups and raw table have the same number of events'
           ELSE format('raw rows came or went behind the rollups'' back: of epochs %s to %s rollups hold %s events, the raw table %s; %s such ranges',
                       (array_agg(l.low ORDER BY l.high))[1] + 1, min(l.high), (array_agg(l.recorded ORDER BY l.high))[1],
                       (array_agg(l.found ORDER BY l.high))[1], count(*)) END,
      CASE WHEN count(*) > 0 THEN 'SELECT explore_analytics.rebuild();' END
    FROM explore_analytics.check_ledger() l$check$),

  ('future_epochs', true, 'tables', $check$
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'WARN' END,
      CASE WHEN count(*) = 0 THEN 'no event has an epoch to come' ELSE format('%s events were inserted with epochs to come, up to %s', count(*), max(x.epoch)) END,
      CASE WHEN count(*) > 0 THEN format('UPDATE {s}.explore_engagements SET epoch = DEFAULT WHERE epoch > %s;', max(x.last_value)) END
    FROM (SELECT e.epoch, q.last_value FROM explore_analytics.epoch_seq q, {s}.explore_engagements e WHERE e.epoch > q.last_value) x$check$),

  -- Years that a partition's name cannot tell are left for a human.
  ('default_partition', true, 'tables', $check$
    WITH month AS (
      SELECT extract(year FROM m.month)::integer * 12 + extract(month FROM m.month)::integer - 1 AS place, sum(m.rows) AS rows
      FROM (SELECT date_trunc('month', e.created_at, 'UTC') AT TIME ZONE 'UTC' AS month, count(*) AS rows FROM {d} e GROUP BY 1) m GROUP BY 1
    ), island AS (
      SELECT min(i.place) AS first, max(i.place) AS last
      FROM (SELECT m.place, m.place - row_number() OVER (ORDER BY m.place) AS island FROM month m WHERE m.place BETWEEN 12 AND 119999) i
      GROUP BY i.island ORDER BY 1 LIMIT 20
    ), fix AS (
      SELECT string_agg(format('SELECT explore_analytics.ensure_partitions(%L, %L);', to_char(make_date(i.first / 12, i.first % 12 + 1, 1), 'YYYY-MM-DD'),
                          to_char(make_date(i.last / 12, i.last % 12 + 1, 1), 'YYYY-MM-DD')), E'\n' ORDER BY i.first) AS fix FROM island i
    )
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'WARN' END,
      CASE WHEN count(*) = 0 THEN 'it is empty' ELSE format('%s events of %s months are in it: they count, but no month keeps them apart', sum(m.rows), count(*)) END,
      CASE WHEN count(*) > 0 THEN coalesce((SELECT f.fix FROM fix f), format('SELECT id, created_at FROM %s WHERE created_at < %L OR created_at >= %L;',
        {dq}, '0001-01-01 00:00:00+00', '10000-01-01 00:00:00+00')) END
    FROM month m$check$),

  ('partitions_ahead', true, 'tables', $check$
    WITH bound AS MATERIALIZED (
      SELECT regexp_match(pg_get_expr(c.relpartbound, c.oid), '^FOR VALUES FROM [(](.*)[)] TO [(](.*)[)]$') AS b
      FROM pg_partitioned_table t JOIN pg_inherits i ON i.inhparent = t.partrelid JOIN pg_class c ON c.oid = i.inhrelid
      WHERE t.partrelid = {e} AND t.partstrat = 'r' AND t.partnatts = 1
        AND t.partattrs[0] = (SELECT a.attnum FROM pg_attribute a WHERE a.attrelid = {e} AND a.attname = 'created_at')
    ), span AS MATERIALIZED (
      SELECT CASE WHEN b.b[1] = 'MINVALUE' THEN '-infinity' ELSE trim('''' FROM b.b[1])::timestamptz END AS first,
             CASE WHEN b.b[2] = 'MAXVALUE' THEN 'infinity' ELSE trim('''' FROM b.b[2])::timestamptz END AS last
      FROM bound b WHERE b.b IS NOT NULL
    ), ahead AS (
      SELECT coalesce(min(m.month) FILTER (WHERE NOT EXISTS (SELECT FROM span s WHERE s.first <= t.time AND s.last > t.time)), 25) - 1 AS months
      FROM generate_series(0, 24) AS m(month),
        LATERAL (SELECT (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => m.month)) AT TIME ZONE 'UTC' AS time) t
    )
    SELECT CASE WHEN NOT EXISTS (SELECT FROM bound) OR a.months >= 2 THEN 'OK' WHEN a.months >= 1 THEN 'WARN' ELSE 'FAIL' END,
      CASE WHEN NOT EXISTS (SELECT FROM bound) THEN 'explore_engagements is not partitioned by created_at'
           WHEN a.months < 0 THEN 'this month has no partition' ELSE format('%s months ahead have their partition', a.months) END,
      CASE WHEN EXISTS (SELECT FROM bound) AND a.months < 2 THEN 'SELECT explore_analytics.ensure_partitions();' END
    FROM ahead a$check$)
$$;
COMMENT ON FUNCTION explore_analytics.checks_of_rollups() IS 'Internal: the checks of health_check() about the installation, the rollups and the partitions.';
-- Checks of who owns what, who may what, and of what jobs leave behind. Placeholders as in 48a_checks_rollups.sql.
CREATE OR REPLACE FUNCTION explore_analytics.checks_of_tables()
RETURNS TABLE (check_name text, as_owner boolean, needs text, query text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('owner', true, 'tables', $check$
    SELECT CASE WHEN o.strange IS NOT NULL THEN 'FAIL' WHEN o.super THEN 'WARN' ELSE 'OK' END,
      CASE WHEN o.strange IS NOT NULL THEN format('not all belongs to role %s: %s', o.name, o.strange)
           WHEN o.super THEN format('role %s owns the tables and is a superuser, so every function works with its rights', o.name)
           ELSE format('role %s owns the tables', o.name) END,
      CASE WHEN o.strange IS NOT NULL THEN format('CALL explore_analytics.install(%L);', o.name)
           WHEN o.super THEN 'CALL explore_analytics.create_roles();' END
    FROM (SELECT pg_get_userbyid(c.relowner) AS name, (SELECT a.rolsuper FROM pg_roles a WHERE a.oid = c.relowner) AS super,
            (SELECT string_agg(r.relation::text, ', ') FROM explore_analytics.relations() r WHERE r.owner <> pg_get_userbyid(c.relowner)) AS strange
          FROM pg_class c WHERE c.oid = {e}) o$check$),

  -- INSERT of columns is how a loader may COPY (docs/record.md), as long as it cannot choose the epoch.
  ('grants', true, 'tables', $check$
    WITH granted AS (
      SELECT r.relation, a.grantee FROM explore_analytics.relations() r JOIN pg_class c ON c.oid = r.relation, aclexplode(c.relacl) a
      WHERE r.role NOT IN ('view', 'status') AND a.grantee <> c.relowner
      UNION
      SELECT r.relation, a.grantee FROM explore_analytics.relations() r JOIN pg_class c ON c.oid = r.relation
        JOIN pg_attribute t ON t.attrelid = c.oid AND t.attnum > 0, aclexplode(t.attacl) a
      WHERE r.role NOT IN ('view', 'status') AND a.grantee <> c.relowner
        AND NOT (r.role IN ('table', 'partition') AND a.privilege_type = 'INSERT' AND t.attname <> 'epoch')
    ), named AS (
      SELECT g.*, g.grantee = 0 AS everybody, coalesce(a.rolname, 'PUBLIC') AS name, c.relkind = 'S' AS sequence
      FROM granted g JOIN pg_class c ON c.oid = g.relation LEFT JOIN pg_roles a ON a.oid = g.grantee WHERE NOT coalesce(a.rolsuper, false)
    )
    SELECT CASE WHEN count(*) = 0 THEN 'OK' WHEN bool_or(n.everybody) THEN 'FAIL' ELSE 'WARN' END,
      CASE WHEN count(*) = 0 THEN 'tables and rollups are granted to nobody'
           ELSE 'roles reach past the functions: ' || string_agg(format('%s on %s', n.name, n.relation), ', ' ORDER BY n.relation::text, n.name) END,
      string_agg(format('REVOKE ALL ON %s %s FROM %s;', CASE WHEN n.sequence THEN 'SEQUENCE' ELSE 'TABLE' END, n.relation,
                        CASE WHEN n.everybody THEN 'PUBLIC' ELSE quote_ident(n.name) END), E'\n' ORDER BY n.relation::text, n.name)
    FROM named n$check$),

  ('public_functions', true, 'tables', $check$
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'FAIL' END,
      CASE WHEN count(*) = 0 THEN 'functions that reach the tables are not granted to everybody' ELSE 'everybody may call ' || string_agg(d.signature::text, ', ') END,
      string_agg(format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC;', d.signature), E'\n' ORDER BY d.signature::text)
    FROM explore_analytics.doors() d JOIN pg_proc p ON p.oid = d.signature
    WHERE EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE')$check$),

  -- install() makes the triggers of explore_content together. Whoever turned one off may have moved contents
  -- meanwhile: all creators are noted, and made anew by the next refresh.
  ('triggers', true, 'tables', $check$
    WITH wanted AS (
      SELECT to_regclass(format('%I.explore_content', explore_analytics.home())) AS oid, w.trigger_name AS name, w.fires, true AS notes
      FROM explore_analytics.layout_content_triggers() w
      UNION ALL
      SELECT c.oid, 'explore_analytics_no_truncate', 'ALWAYS', false FROM pg_class c WHERE c.oid = {e} OR c.oid IN (SELECT p.relid FROM pg_partition_tree({e}) p)
    ), bad AS (
      SELECT w.*, t.oid IS NULL AS missing FROM wanted w LEFT JOIN pg_trigger t ON t.tgrelid = w.oid AND t.tgname = w.name
      WHERE t.tgenabled::text IS DISTINCT FROM left(w.fires, 1)
    )
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'FAIL' END,
      CASE WHEN count(*) = 0 THEN 'all are there and fire'
           ELSE string_agg(format('%s of %s %s', b.name, b.oid::regclass, CASE WHEN b.missing THEN 'is missing' ELSE 'does not always fire' END), ', ') END,
      concat_ws(E'\n',
        string_agg(format('ALTER TABLE %s ENABLE %s TRIGGER %I;', b.oid::regclass, b.fires, b.name), E'\n') FILTER (WHERE NOT b.missing),
        CASE WHEN bool_or(b.missing) THEN 'CALL explore_analytics.install();' END,
        CASE WHEN bool_or(b.notes) THEN E'INSERT INTO explore_analytics.creator_changes VALUES (0, 0);\nCALL explore_analytics.refresh();' END)
    FROM bad b$check$),

  ('foreign_triggers', true, 'tables', $check$
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'WARN' END,
      CASE WHEN count(*) = 0 THEN 'no table has a trigger of a stranger'
           ELSE 'triggers that run a stranger''s code, or change what rollups hold: ' || string_agg(format('%s of %s', t.tgname, r.relation), ', ') END,
      string_agg(format('ALTER TABLE %s DISABLE TRIGGER %I;', r.relation, t.tgname), E'\n')
    FROM explore_analytics.relations() r JOIN pg_class c ON c.oid = r.relation
    JOIN pg_trigger t ON t.tgrelid = r.relation AND NOT t.tgisinternal AND t.tgenabled <> 'D'
    JOIN pg_proc p ON p.oid = t.tgfoid LEFT JOIN pg_roles a ON a.oid = p.proowner
    WHERE NOT EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
                      WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' AND e.extname = 'explore_analytics')
      AND (r.role IN ('rollup', 'key', 'trust') OR NOT (p.proowner = c.relowner OR coalesce(a.rolsuper, false)))$check$),

  ('unlogged', true, 'tables', $check$
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'FAIL' END,
      CASE WHEN count(*) = 0 THEN 'every table survives a crash' ELSE 'a crash empties ' || string_agg(r.relation::text, ', ') END,
      string_agg(format('ALTER %s %s SET LOGGED;', r.kind, r.relation), E'\n')
    FROM explore_analytics.relations() r JOIN pg_class c ON c.oid = r.relation
    WHERE c.relpersistence <> 'p' AND c.relkind IN ('r', 'S')$check$),

  ('rate_limits', true, 'tables', $check$
    SELECT CASE WHEN count(*) = 0 OR bool_and(c.shared) THEN 'OK' ELSE 'WARN' END,
      CASE WHEN count(*) = 0 THEN 'there are none'
           ELSE format('%s, %s', count(*), CASE WHEN bool_and(c.shared) THEN 'kept for all connections together' ELSE 'but every connection counts for itself' END) END,
      CASE WHEN NOT bool_and(c.shared) THEN E'-- in postgresql.conf, beside what is there, and a restart:\nshared_preload_libraries = ''explore_analytics''' END
    FROM explore_analytics.rate_limits l, explore_analytics.rate_limit_counters() c$check$),

  ('rescore', true, 'tables', $check$
    SELECT CASE WHEN NOT x.events OR x.age <= 3 * x.due THEN 'OK' WHEN x.age > 24 * x.due THEN 'FAIL' ELSE 'WARN' END,
      CASE WHEN x.age IS NOT NULL THEN format('the last one was %s s ago; one is due every %s s', x.age::bigint, x.due::bigint)
           WHEN x.events THEN 'there was none yet: stored scores are 0' ELSE 'there is nothing to score' END,
      CASE WHEN x.events AND coalesce(x.age > 3 * x.due, true) THEN 'SELECT {s}.batch_update_engagement_scores();' END
    FROM (SELECT extract(epoch FROM clock_timestamp() - max(r.rescored_at)) AS age, extract(epoch FROM $1) AS due,
            EXISTS (SELECT FROM {s}.explore_engagements) AS events FROM explore_analytics.rescores r) x$check$),

  ('open_sessions', true, 'tables', $check$
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'WARN' END,
      CASE WHEN count(*) = 0 THEN 'no session has been left open for a day' ELSE format('%s sessions are open though nothing has happened in them for hours', count(*)) END,
      CASE WHEN count(*) > 0 THEN 'SELECT {s}.close_idle_sessions();' END
    FROM (SELECT FROM {s}.explore_feed_sessions s WHERE s.session_end IS NULL AND s.session_start < now() - interval '1 day'
            AND NOT EXISTS (SELECT FROM {s}.explore_engagements e WHERE e.session_id = s.id AND e.created_at >= now() - interval '2 hours') LIMIT 10000) x$check$),

  ('keys', true, 'tables', $check$
    SELECT CASE WHEN x.old THEN 'WARN' ELSE 'OK' END,
      format(CASE WHEN x.old THEN 'keys of events are kept that are two days older than the %s of explore_analytics.dedup_horizon'
                  ELSE 'none is much older than the %s of explore_analytics.dedup_horizon' END, x.horizon),
      CASE WHEN x.old THEN 'SELECT explore_analytics.prune_keys();' END
    FROM (SELECT h.horizon, EXISTS (SELECT FROM explore_analytics.event_keys k WHERE k.seen < now() - h.horizon - interval '2 days')
                         OR EXISTS (SELECT FROM explore_analytics.viewing_keys k WHERE k.seen < now() - h.horizon - interval '2 days') AS old
          FROM (SELECT current_setting('explore_analytics.dedup_horizon')::interval AS horizon) h) x$check$),

  -- Twice what autovacuum waits for, and for a day; a table never vacuumed has waited since the server started.
  ('autovacuum', true, 'tables', $check$
    WITH seen AS (
      SELECT r.relation, greatest(c.reltuples, 0) AS rows, t.n_dead_tup AS dead, t.n_ins_since_vacuum AS inserted,
        coalesce(greatest(t.last_vacuum, t.last_autovacuum), pg_postmaster_start_time()) AS vacuumed,
        EXISTS (SELECT FROM pg_options_to_table(c.reloptions) o WHERE o.option_name = 'autovacuum_enabled' AND NOT o.option_value::boolean) AS off
      FROM explore_analytics.relations() r JOIN pg_class c ON c.oid = r.relation AND c.relkind = 'r'
      LEFT JOIN pg_stat_user_tables t ON t.relid = c.oid
    ), neglected AS (
      SELECT s.* FROM seen s, (SELECT current_setting('autovacuum_vacuum_threshold')::float8 AS dead, current_setting('autovacuum_vacuum_scale_factor')::float8 AS dead_share,
        current_setting('autovacuum_vacuum_insert_threshold')::float8 AS inserted, current_setting('autovacuum_vacuum_insert_scale_factor')::float8 AS inserted_share) a
      WHERE s.off OR s.vacuumed < now() - interval '1 day'
        AND (s.dead > 2 * (a.dead + a.dead_share * s.rows) OR a.inserted >= 0 AND s.inserted > 2 * (a.inserted + a.inserted_share * s.rows))
    )
    SELECT CASE WHEN pg_is_in_recovery() OR a.works AND count(n.relation) = 0 THEN 'OK' ELSE 'WARN' END,
      CASE WHEN pg_is_in_recovery() THEN 'tables are vacuumed on the primary'
           WHEN NOT a.works THEN 'it is off: questions read more and more dead rows'
           WHEN count(n.relation) = 0 THEN 'no table has waited for a day'
           ELSE 'it is off for, or a day behind on, ' || string_agg(n.relation::text, ', ') END,
      CASE WHEN pg_is_in_recovery() THEN NULL
           WHEN NOT a.works THEN E'ALTER SYSTEM SET autovacuum = on;\nALTER SYSTEM SET track_counts = on;\nSELECT pg_reload_conf();'
           ELSE string_agg(format(CASE WHEN n.off THEN 'ALTER TABLE %s RESET (autovacuum_enabled);' ELSE 'VACUUM (ANALYZE) %s;' END, n.relation), E'\n') END
    FROM (SELECT current_setting('autovacuum')::boolean AND current_setting('track_counts')::boolean AS works) a LEFT JOIN neglected n ON true
    GROUP BY a.works$check$)
$$;
COMMENT ON FUNCTION explore_analytics.checks_of_tables() IS 'Internal: the checks of health_check() about owners, grants, triggers and what jobs leave behind.';
-- How far apart the runs of a cron schedule are at most, roughly: enough to tell that a job is silent.
CREATE OR REPLACE FUNCTION explore_analytics.schedule_gap(schedule text) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN f.seconds IS NOT NULL THEN make_interval(secs => f.seconds)
    WHEN cardinality(f.field) <> 5 THEN interval '31 days'
    WHEN f.field[4] <> '*' THEN interval '1 year'
    WHEN f.field[3] <> '*' THEN interval '31 days'
    WHEN f.field[5] <> '*' THEN interval '7 days'
    WHEN f.field[2] ~ '^[*]/[0-9]{1,2}$' THEN make_interval(hours => greatest(substr(f.field[2], 3)::integer, 1))
    WHEN f.field[2] <> '*' THEN interval '1 day'
    WHEN f.field[1] = '*' THEN interval '1 minute'
    WHEN f.field[1] ~ '^[*]/[0-9]{1,2}$' THEN make_interval(mins => greatest(substr(f.field[1], 3)::integer, 1))
    ELSE interval '1 hour' END
  FROM (SELECT regexp_split_to_array(trim(schedule), '[[:space:]]+') AS field,
          substring(schedule FROM '^[[:space:]]*([0-9]{1,9}) seconds?[[:space:]]*$')::double precision AS seconds) f
$$;
COMMENT ON FUNCTION explore_analytics.schedule_gap(text) IS 'Internal: the longest time between two runs of a cron schedule, roughly.';

-- Checks of what runs the jobs, as the caller: pg_cron shows a role its own jobs only. Placeholders as in
-- 48a_checks_rollups.sql; a check that needs cron is not asked where pg_cron is not.
CREATE OR REPLACE FUNCTION explore_analytics.checks_of_jobs()
RETURNS TABLE (check_name text, as_owner boolean, needs text, query text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  -- Who may not see settings or other sessions is not told that there are none.
  ('scheduler', false, 'nothing', $check$
    WITH x AS MATERIALIZED (
      SELECT (SELECT e.extversion FROM pg_extension e WHERE e.extname = 'pg_cron') AS here,
        (SELECT s.setting FROM pg_settings s WHERE s.name = 'cron.database_name') AS its_database,
        pg_has_role('pg_read_all_settings', 'USAGE') AND NOT EXISTS (SELECT FROM pg_settings s WHERE s.name = 'cron.database_name') AS not_loaded,
        pg_has_role('pg_read_all_stats', 'USAGE') AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.backend_type = 'pg_cron launcher') AS gone
    ), y AS (
      SELECT x.*, CASE WHEN x.here IS NOT NULL AND (x.not_loaded OR x.gone) AND NOT pg_is_in_recovery() THEN 'FAIL' ELSE 'OK' END AS status FROM x
    )
    SELECT y.status,
      CASE WHEN pg_is_in_recovery() THEN 'jobs run on the primary'
           WHEN y.here IS NULL AND y.its_database <> current_database() THEN format('pg_cron runs in database %s; its jobs cannot be seen from here', y.its_database)
           WHEN y.here IS NULL THEN 'pg_cron is not installed in this database; whatever runs the jobs instead cannot be seen from here'
           WHEN y.not_loaded THEN 'pg_cron is installed, but the server has not loaded it'
           WHEN y.gone THEN 'the launcher of pg_cron does not run'
           ELSE format('pg_cron %s', y.here) END,
      CASE WHEN y.status = 'OK' THEN NULL
           WHEN y.not_loaded THEN format(E'shared_preload_libraries = ''pg_cron''\ncron.database_name = %L\ncron.use_background_workers = on', current_database())
           ELSE 'systemctl restart postgresql' END
    FROM y$check$),

  ('jobs', false, 'cron', $check$
    WITH wanted AS MATERIALIZED (
      SELECT w.job_name, j.jobid, j.active FROM explore_analytics.jobs('', '') w
      LEFT JOIN cron.job j ON j.jobname = w.job_name AND j.database = current_database()
    ), x AS (
      SELECT count(*) FILTER (WHERE w.jobid IS NULL) AS missing, count(*) FILTER (WHERE NOT w.active) AS inactive, count(DISTINCT w.job_name) AS jobs,
        string_agg(DISTINCT w.job_name, ', ') FILTER (WHERE w.jobid IS NULL OR NOT w.active) AS who,
        string_agg(format('SELECT cron.alter_job(%s, active => true);', w.jobid), E'\n') FILTER (WHERE NOT w.active) AS wake,
        row_security_active('cron.job') AND NOT EXISTS (SELECT FROM pg_policy p, unnest(p.polroles) r
          WHERE p.polrelid = 'cron.job'::regclass AND r <> 0 AND pg_has_role(r, 'USAGE')) AS hidden
      FROM wanted w
    )
    SELECT CASE WHEN x.missing + x.inactive = 0 THEN 'OK' ELSE 'WARN' END,
      CASE WHEN x.missing + x.inactive = 0 THEN format('%s are scheduled', x.jobs)
           WHEN x.missing > 0 AND x.hidden THEN format('role %s sees no jobs of others, and of these none of its own: %s', current_user, x.who)
           ELSE 'not scheduled, or not active: ' || x.who END,
      CASE WHEN x.missing > 0 AND x.hidden THEN format(E'CREATE POLICY %1$I ON cron.job FOR SELECT TO %2$I USING (jobname LIKE ''explore!_analytics:%%'' ESCAPE ''!'');\n'
             || 'CREATE POLICY %1$I ON cron.job_run_details FOR SELECT TO %2$I USING (jobid IN (SELECT jobid FROM cron.job));', 'explore_analytics ' || current_user, current_user)
           ELSE concat_ws(E'\n', CASE WHEN x.missing > 0 THEN format('SELECT * FROM explore_analytics.schedule_jobs(rescore => %L, refresh => %L);',
               coalesce((SELECT min(j.schedule) FROM cron.job j WHERE j.jobname = 'explore_analytics:rescore' AND j.database = current_database()), '0 * * * *'),
               coalesce((SELECT min(j.schedule) FROM cron.job j WHERE j.jobname = 'explore_analytics:refresh' AND j.database = current_database()), '* * * * *')) END, x.wake) END
    FROM x$check$),

  -- One job of a role that was dropped can stop all jobs of the server.
  ('job_owners', false, 'cron', $check$
    WITH bad AS (
      SELECT j.jobid, j.jobname, j.username, a.rolname IS NULL AS gone, NOT coalesce(a.rolcanlogin, true) AS locked_out
      FROM cron.job j LEFT JOIN pg_roles a ON a.rolname = j.username
      WHERE j.jobname LIKE 'explore!_analytics:%' ESCAPE '!' AND j.database = current_database() AND (a.rolname IS NULL OR NOT a.rolcanlogin)
    )
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'FAIL' END,
      CASE WHEN count(*) = 0 THEN 'every job belongs to a role that can log in'
           ELSE string_agg(DISTINCT format(CASE WHEN b.gone THEN 'jobs belong to role %s, which does not exist' ELSE 'jobs belong to role %s, which cannot log in' END, b.username), '; ') END,
      concat_ws(E'\n', string_agg(DISTINCT format('ALTER ROLE %I LOGIN;', b.username), E'\n') FILTER (WHERE b.locked_out),
        string_agg(format('SELECT cron.unschedule(%s);', b.jobid), E'\n') FILTER (WHERE b.gone),
        CASE WHEN bool_or(b.gone) THEN 'SELECT * FROM explore_analytics.schedule_jobs();' END)
    FROM bad b$check$),

  ('job_runs', false, 'cron', $check$
    WITH run AS MATERIALIZED (
      SELECT j.jobname, j.command, explore_analytics.schedule_gap(j.schedule) AS gap, d.status, d.return_message,
        row_number() OVER (PARTITION BY j.jobid ORDER BY d.runid DESC) AS place
      FROM cron.job j JOIN cron.job_run_details d ON d.jobid = j.jobid
      WHERE j.jobname LIKE 'explore!_analytics:%' ESCAPE '!' AND j.database = current_database() AND j.active AND d.status IN ('succeeded', 'failed')
    ), job AS (
      SELECT r.jobname, r.command, (array_agg(r.return_message ORDER BY r.place))[1] AS message,
        r.gap >= interval '1 hour' OR count(*) FILTER (WHERE r.status = 'failed') = 3 AS lasting
      FROM run r WHERE r.place <= 3 GROUP BY r.jobname, r.command, r.gap HAVING (array_agg(r.status ORDER BY r.place))[1] = 'failed'
    )
    SELECT CASE WHEN count(*) = 0 THEN 'OK' WHEN bool_or(j.lasting) THEN 'FAIL' ELSE 'WARN' END,
      CASE WHEN count(*) = 0 THEN 'the last run of every job succeeded, as far as it is known'
           ELSE string_agg(format('%s failed: %s', j.jobname, left(split_part(trim(j.message), E'\n', 1), 200)), '; ') END,
      string_agg(format('%s;', j.command), E'\n')
    FROM job j$check$),

  -- A job that runs keeps its next run from starting: it is not silent. The launcher starts anew when it is ended.
  ('jobs_silent', false, 'cron', $check$
    WITH job AS MATERIALIZED (
      SELECT j.jobid, j.jobname, explore_analytics.schedule_gap(j.schedule) AS gap
      FROM cron.job j WHERE j.jobname LIKE 'explore!_analytics:%' ESCAPE '!' AND j.database = current_database() AND j.active
    ), last AS (
      SELECT j.jobname, j.gap, clock_timestamp() - max(coalesce(d.start_time, d.end_time)) AS age,
        coalesce(bool_or(d.status IN ('starting', 'connecting', 'sending', 'running')), false) AS runs
      FROM job j LEFT JOIN cron.job_run_details d ON d.jobid = j.jobid GROUP BY j.jobid, j.jobname, j.gap
    ), silent AS (
      SELECT l.*, coalesce(l.age > 5 * l.gap + interval '5 minutes', false) AS long FROM last l
      WHERE NOT l.runs AND (l.age > 2 * l.gap + interval '2 minutes' OR l.age IS NULL AND l.gap <= interval '10 minutes')
    ), recorded AS (
      SELECT coalesce((SELECT s.setting::boolean FROM pg_settings s WHERE s.name = 'cron.log_run'), true) AS recorded
    )
    SELECT CASE WHEN pg_is_in_recovery() THEN 'OK' WHEN bool_or(s.long) THEN 'FAIL' WHEN NOT r.recorded OR count(s.jobname) > 0 THEN 'WARN' ELSE 'OK' END,
      CASE WHEN pg_is_in_recovery() THEN 'jobs run on the primary'
           WHEN NOT r.recorded THEN 'pg_cron does not record runs'
           WHEN count(s.jobname) = 0 THEN 'every job has started when it was due, as far as it is known'
           ELSE string_agg(format('%s has not started for %s', s.jobname, coalesce(extract(epoch FROM s.age)::bigint || ' s', 'ever')), '; ') END,
      CASE WHEN pg_is_in_recovery() THEN NULL WHEN NOT r.recorded THEN 'cron.log_run = on'
           WHEN count(s.jobname) > 0 THEN coalesce((SELECT format('SELECT pg_terminate_backend(%s);', a.pid) FROM pg_stat_activity a WHERE a.backend_type = 'pg_cron launcher'),
                                                   'systemctl restart postgresql') END
    FROM recorded r LEFT JOIN silent s ON r.recorded GROUP BY r.recorded$check$),

  -- Of the database, the server, and every role that may refresh.
  ('isolation', false, 'tables', $check$
    WITH bad AS (
      SELECT s.setrole, s.setdatabase, coalesce(a.rolname, '') AS role, split_part(c, '=', 1) AS name, split_part(c, '=', 2) AS value
      FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) c LEFT JOIN pg_roles a ON a.oid = s.setrole
      WHERE s.setdatabase IN (0, (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))
        AND c ~ '^(default_)?transaction_isolation=(serializable|repeatable read)$'
        AND (s.setrole = 0 OR has_function_privilege(s.setrole, 'explore_analytics.refresh(bigint)', 'EXECUTE'))
      UNION ALL
      SELECT NULL, NULL, NULL, s.name, s.reset_val FROM pg_settings s
      WHERE s.name = 'default_transaction_isolation' AND s.reset_val IN ('serializable', 'repeatable read')
        AND s.source IN ('configuration file', 'command line', 'environment variable')
    )
    SELECT CASE WHEN count(*) = 0 THEN 'OK' WHEN bool_and(b.setrole > 0) THEN 'WARN' ELSE 'FAIL' END,
      CASE WHEN count(*) = 0 THEN 'read committed, as refreshes want it'
           ELSE 'refreshes fail with 25001: ' || string_agg(format('%s is %s for %s', b.name, b.value, CASE WHEN b.setrole > 0 THEN 'role ' || b.role
             WHEN b.setdatabase > 0 THEN 'this database' ELSE 'the whole server' END), ', ') END,
      string_agg(CASE WHEN b.setrole > 0 AND b.setdatabase > 0 THEN format('ALTER ROLE %I IN DATABASE %I SET %s = ''read committed'';', b.role, current_database(), b.name)
                      WHEN b.setrole > 0 THEN format('ALTER ROLE %I SET %s = ''read committed'';', b.role, b.name)
                      WHEN b.setdatabase > 0 THEN format('ALTER DATABASE %I SET %s = ''read committed'';', current_database(), b.name)
                      WHEN b.setdatabase = 0 THEN format('ALTER ROLE ALL RESET %s;', b.name)
                      ELSE E'ALTER SYSTEM SET default_transaction_isolation = ''read committed'';\nSELECT pg_reload_conf();' END, E'\n')
    FROM bad b$check$),

  -- statement_timeout under ten minutes ends rescores and compactions of large sites, and run_forever() always;
  -- lock_timeout is how long a refresh waits for writers.
  ('timeouts', false, 'tables', $check$
    WITH given AS (
      SELECT s.setrole, s.setdatabase, coalesce(a.rolname, '') AS role, split_part(c, '=', 1) AS name, split_part(c, '=', 2) AS value
      FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) c LEFT JOIN pg_roles a ON a.oid = s.setrole
      WHERE s.setdatabase IN (0, (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))
        AND (s.setrole = 0 OR has_function_privilege(s.setrole, 'explore_analytics.refresh(bigint)', 'EXECUTE'))
      UNION ALL
      SELECT NULL, NULL, NULL, s.name, s.reset_val FROM pg_settings s WHERE s.source IN ('configuration file', 'command line', 'environment variable')
    ), timeout AS (
      SELECT g.*, n.ms FROM given g, regexp_match(g.value, '^[[:space:]]*([0-9]+(?:[.][0-9]+)?)[[:space:]]*(us|ms|s|min|h|d)?[[:space:]]*$') m,
        LATERAL (SELECT m[1]::numeric * CASE m[2] WHEN 'us' THEN 0.001 WHEN 's' THEN 1000 WHEN 'min' THEN 60000 WHEN 'h' THEN 3600000 WHEN 'd' THEN 86400000 ELSE 1 END AS ms) n
      WHERE g.name IN ('statement_timeout', 'transaction_timeout', 'lock_timeout')
    ), bad AS (
      SELECT t.* FROM timeout t
      WHERE t.ms > 0 AND CASE t.name WHEN 'lock_timeout' THEN t.ms < 100 OR t.ms > 60000 ELSE t.ms < 600000 END
    )
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'WARN' END,
      CASE WHEN count(*) = 0 THEN 'none would end a job'
           ELSE 'jobs may be ended, or wait too long: ' || string_agg(format('%s is %s for %s', b.name, b.value, CASE WHEN b.setrole > 0 THEN 'role ' || b.role
             WHEN b.setdatabase > 0 THEN 'this database' ELSE 'the whole server' END), ', ') END,
      string_agg(format(CASE WHEN b.setrole > 0 AND b.setdatabase > 0 THEN 'ALTER ROLE %2$I IN DATABASE %3$I SET %1$s = %4$L;'
                             WHEN b.setrole > 0 THEN 'ALTER ROLE %2$I SET %1$s = %4$L;' WHEN b.setdatabase > 0 THEN 'ALTER DATABASE %3$I SET %1$s = %4$L;'
                             WHEN b.setdatabase = 0 THEN 'ALTER ROLE ALL SET %1$s = %4$L;' ELSE E'ALTER SYSTEM SET %1$s = %4$L;\nSELECT pg_reload_conf();' END,
                        b.name, b.role, current_database(), CASE b.name WHEN 'lock_timeout' THEN '2s' ELSE '0' END), E'\n')
    FROM bad b$check$)
$$;
COMMENT ON FUNCTION explore_analytics.checks_of_jobs() IS 'Internal: the checks of health_check() about jobs and the settings they run with.';
-- health_check(): every check once, in the order of checks(), and nothing raised whatever it finds. What looks into
-- the tables is done as their owner by owner_checks(); what the owner might not see, as the caller.
CREATE OR REPLACE FUNCTION explore_analytics.checks()
RETURNS TABLE (place bigint, check_name text, as_owner boolean, needs text, query text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT row_number() OVER (ORDER BY c.part, c.ordinality), c.check_name, c.as_owner, c.needs, c.query
  FROM (SELECT 1 AS part, r.* FROM explore_analytics.checks_of_rollups() WITH ORDINALITY r
        UNION ALL SELECT 2, j.* FROM explore_analytics.checks_of_jobs() WITH ORDINALITY j
        UNION ALL SELECT 3, t.* FROM explore_analytics.checks_of_tables() WITH ORDINALITY t) c
$$;
COMMENT ON FUNCTION explore_analytics.checks() IS 'Internal: the checks of health_check(), in their order: whether the owner of the tables asks, what has to be there (nothing, tables, cron), and the query.';

-- Runs checks as whoever calls. A check that fails is a finding, too.
CREATE OR REPLACE FUNCTION explore_analytics.run_checks(owners boolean, installed boolean, rescore_gap interval)
RETURNS TABLE (check_name text, status text, detail text, fix text)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  -- A caller need not even have USAGE on the home schema.
  events oid := CASE WHEN owners THEN to_regclass(format('%I.explore_engagements', explore_analytics.home())) END;
  rest regclass := (SELECT t.partdefid FROM pg_partitioned_table t WHERE t.partrelid = events AND t.partdefid <> 0);
  cron_here boolean := EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_cron');
  item record;
BEGIN
  FOR item IN SELECT c.check_name, c.needs, c.query FROM explore_analytics.checks() c
              WHERE c.as_owner = owners AND (installed OR c.needs <> 'tables') ORDER BY c.place LOOP
    check_name := item.check_name;
    IF item.needs = 'cron' AND NOT cron_here THEN
      status := 'OK'; detail := 'pg_cron is not installed in this database'; fix := NULL;
    ELSIF item.needs = 'cron' AND NOT has_schema_privilege('cron', 'USAGE') THEN
      status := 'WARN';
      detail := format('role %s may not look into schema cron', current_user);
      fix := format('GRANT USAGE ON SCHEMA cron TO %I;', current_user);
    ELSE
      BEGIN
        -- In one pass: a name may hold what looks like another mark.
        EXECUTE (SELECT string_agg(CASE m.part[1] WHEN '{s}' THEN quote_ident(explore_analytics.home()) WHEN '{e}' THEN coalesce(events, 0) || '::oid'
                   WHEN '{dq}' THEN coalesce(quote_literal(rest::text), '''''') WHEN '{d}' THEN coalesce(rest::text, '(SELECT now() AS created_at WHERE false)')
                   ELSE m.part[1] END, '' ORDER BY m.place)
                 FROM regexp_matches(item.query, '[{](?:s|e|dq|d)[}]|[^{]+|[{]', 'g') WITH ORDINALITY m(part, place))
          INTO status, detail, fix USING rescore_gap;
        fix := CASE WHEN status <> 'OK' THEN fix END;
      EXCEPTION
        WHEN insufficient_privilege THEN
          status := 'WARN'; detail := SQLERRM;
          fix := format('SELECT explore_analytics.grant_access(%L, ''operate'');', current_user);
        WHEN lock_not_available THEN
          status := 'WARN'; detail := 'somebody keeps a table locked: ' || SQLERRM;
          fix := 'SELECT pid, pg_blocking_pids(pid), query FROM pg_stat_activity WHERE wait_event_type = ''Lock'';';
        WHEN OTHERS THEN
          status := 'FAIL'; detail := format('the check itself fails: %s %s', SQLSTATE, SQLERRM);
          fix := 'CALL explore_analytics.install();';
      END;
    END IF;
    RETURN NEXT;
  END LOOP;
END $$;
COMMENT ON FUNCTION explore_analytics.run_checks(boolean, boolean, interval) IS 'Internal: runs the checks that the owner of the tables asks, or those that the caller does.';

CREATE OR REPLACE FUNCTION explore_analytics.owner_checks(rescore_gap interval)
  RETURNS TABLE (check_name text, status text, detail text, fix text)
  AS 'MODULE_PATHNAME', 'ea_owner_checks' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 20;
COMMENT ON FUNCTION explore_analytics.owner_checks(interval) IS 'Internal: the part of health_check() that looks into the tables, as their owner; one row that says so before install().';

CREATE OR REPLACE FUNCTION explore_analytics.health_check()
RETURNS TABLE (check_name text, status text, detail text, fix text)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 100000 ROWS 30 SET search_path = pg_catalog, pg_temp SET lock_timeout = '200ms' SET jit = off AS $$
#variable_conflict use_column
DECLARE
  rescore_gap interval := '1 hour';
  found jsonb;
BEGIN
  IF EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_cron') AND has_schema_privilege('cron', 'USAGE') THEN
    BEGIN
      EXECUTE 'SELECT coalesce(max(explore_analytics.schedule_gap(j.schedule)), $1) FROM cron.job j
               WHERE j.jobname = ''explore_analytics:rescore'' AND j.database = current_database()' INTO rescore_gap USING rescore_gap;
    EXCEPTION WHEN OTHERS THEN
      NULL;   -- the checks of jobs say what is wrong
    END;
  END IF;
  BEGIN
    found := (SELECT jsonb_agg(to_jsonb(o)) FROM explore_analytics.owner_checks(rescore_gap) o);
  EXCEPTION
    WHEN insufficient_privilege THEN
      found := jsonb_build_array(jsonb_build_object('check_name', 'installed', 'status', 'WARN', 'detail', SQLERRM,
        'fix', format('SELECT explore_analytics.grant_access(%L, ''operate'');', current_user)));
    WHEN OTHERS THEN
      found := jsonb_build_array(jsonb_build_object('check_name', 'installed', 'status', 'FAIL', 'detail', format('%s %s', SQLSTATE, SQLERRM),
        'fix', 'CALL explore_analytics.install();'));
  END;
  RETURN QUERY
    SELECT f.check_name, f.status, f.detail, f.fix
    FROM (SELECT o.* FROM jsonb_to_recordset(found) AS o(check_name text, status text, detail text, fix text)
          UNION ALL
          SELECT * FROM explore_analytics.run_checks(false, jsonb_array_length(found) > 1, rescore_gap)) f
    JOIN explore_analytics.checks() c ON c.check_name = f.check_name ORDER BY c.place;
END $$;
COMMENT ON FUNCTION explore_analytics.health_check() IS
  'One row for each check: OK, WARN or FAIL, what was found, and the statement or line of configuration that mends it. Raises nothing and changes nothing; works before install(), without pg_cron, on a standby and in a read-only transaction. Counts the raw rows of the ledger, which is the costly part.';
-- Every function that reads or writes the tables, and what a role must be granted to call it. privacy: what
-- reaches single viewers; grant_access(role, 'operate') gives it, create_roles() gives it to nobody.
CREATE OR REPLACE FUNCTION explore_analytics.doors()
RETURNS TABLE (signature regprocedure, may text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH door(name, may) AS (VALUES
    ('record_engagement_batch', 'record'), ('record_engagement', 'record'),
    ('create_session', 'record'), ('close_session', 'record'), ('close_idle_sessions', 'operate'),
    ('content_summary', 'read'), ('creator_summary', 'read'), ('platform_summary', 'read'),
    ('video_analytics', 'read'), ('videos_analytics', 'read'), ('creator_analytics', 'read'),
    ('session_analytics', 'read'), ('aggregated_metrics', 'read'), ('creator_dashboard', 'read'),
    ('my_analytics_dashboard', 'read'), ('metric_series', 'read'), ('top_videos', 'read'),
    ('batch_update_engagement_scores', 'operate'), ('ensure_partitions', 'operate'),
    ('prune_keys', 'operate'), ('schedule_jobs', 'operate'), ('unschedule_jobs', 'operate'),
    ('active_days', 'read'), ('tail_days', 'read'), ('day_summary', 'read'),
    ('refresh', 'operate'), ('compact', 'operate'), ('run_forever', 'operate'),
    ('verify', 'operate'), ('rebuild', 'operate'), ('check_ledger', 'operate'),
    ('require_good_ledger', 'operate'), ('apply_retention', 'operate'), ('health_check', 'operate'), ('owner_checks', 'operate'),
    ('forget_viewer', 'privacy'), ('export_viewer', 'privacy'), ('older_views', 'privacy'))
  SELECT p.oid::regprocedure, door.may
  FROM door
  JOIN pg_proc p ON p.proname = door.name
  JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
  WHERE e.extname = 'explore_analytics'
$$;
COMMENT ON FUNCTION explore_analytics.doors() IS 'Every function that reads or writes the tables, with the grant it needs: read, record, operate or privacy.';

CREATE OR REPLACE FUNCTION explore_analytics.grant_doors(role name, may text[]) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item record;
  fresh integer := 0;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = grant_doors.role) THEN
    RAISE EXCEPTION 'role "%" does not exist', role USING ERRCODE = 'undefined_object', HINT = 'Create the role first.';
  END IF;
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', explore_analytics.home(), role);
  FOR item IN SELECT d.signature, has_function_privilege(role, d.signature, 'EXECUTE') AS had FROM explore_analytics.doors() d WHERE d.may = ANY (grant_doors.may) LOOP
    EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO %I', item.signature, role);
    fresh := fresh + (NOT item.had)::integer;
  END LOOP;
  IF 'operate' = ANY (may) THEN
    EXECUTE format('GRANT USAGE ON SCHEMA explore_analytics TO %I', role);
  END IF;
  FOR item IN SELECT r.relation, has_table_privilege(grant_doors.role, r.relation, 'SELECT') AS had FROM explore_analytics.relations() r
              WHERE r.role = 'view' AND 'read' = ANY (may) OR r.role = 'status' AND 'operate' = ANY (may) LOOP
    EXECUTE format('GRANT SELECT ON %s TO %I', item.relation, role);
    fresh := fresh + (NOT item.had)::integer;
  END LOOP;
  RETURN fresh;
END $$;
COMMENT ON FUNCTION explore_analytics.grant_doors(name, text[]) IS 'Internal: grants the doors and views of some kinds; returns how many of them are new to the role.';

CREATE OR REPLACE FUNCTION explore_analytics.grant_access(role name, may text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF role IS NULL OR may IS NULL THEN
    RAISE EXCEPTION 'role and may must not be null' USING ERRCODE = 'null_value_not_allowed',
      HINT = 'For example grant_access(''app'', ''record'').';
  END IF;
  IF may NOT IN ('read', 'record', 'operate') THEN
    RAISE EXCEPTION 'unknown access "%"', left(may, 60) USING ERRCODE = 'invalid_parameter_value',
      HINT = 'may is read, record or operate.';
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = grant_access.role) THEN
    RAISE EXCEPTION 'role "%" does not exist', role USING ERRCODE = 'undefined_object', HINT = 'Create the role first.';
  END IF;
  PERFORM explore_analytics.require_installed();
  -- A GRANT that one may not give is only a warning to the server.
  IF NOT has_table_privilege('explore_analytics.audit_log', 'INSERT')
     OR EXISTS (SELECT FROM (SELECT d.signature FROM explore_analytics.doors() d UNION ALL SELECT 'explore_analytics.reads_without_identity()'::regprocedure) d
                WHERE NOT has_function_privilege(d.signature, 'EXECUTE WITH GRANT OPTION')) THEN
    RAISE EXCEPTION 'permission denied to grant access' USING ERRCODE = 'insufficient_privilege',
      HINT = 'Ask a superuser or the owner of the tables.';
  END IF;
  PERFORM explore_analytics.grant_doors(role, CASE may WHEN 'operate' THEN ARRAY['operate', 'privacy'] ELSE ARRAY[may] END);
  IF may = 'read' THEN
    EXECUTE format('GRANT EXECUTE ON FUNCTION explore_analytics.reads_without_identity() TO %I', role);
  END IF;
  PERFORM explore_analytics.audit('grant_access', role, may);
END $$;
COMMENT ON FUNCTION explore_analytics.grant_access(name, text) IS
  'Lets a role read (analytics functions and BI views: everything without an identity, its own with one), record (recording functions and sessions) or operate (rescore, partitions, jobs). Tables are granted to nobody. Logged in audit_log. Unknown access: error 22023; unknown role: 42704.';
-- Roles are the server's, not the database's, so that CREATE EXTENSION makes none; this is asked for.
CREATE OR REPLACE FUNCTION explore_analytics.layout_roles()
RETURNS TABLE (suffix text, can_login boolean, may text[], description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('owner', false, '{}'::text[], 'Owns the tables of explore_analytics, sees everything; nobody logs in as it.'),
  ('writer', false, '{record}', 'Records events of explore_analytics.'),
  ('reader', false, '{read}', 'Reads explore_analytics, its own creator only; nothing without an identity.'),
  ('analyst', false, '{read}', 'Reads explore_analytics, every creator.'),
  ('job', true, '{operate}', 'Runs the jobs of explore_analytics.')
$$;
COMMENT ON FUNCTION explore_analytics.layout_roles() IS 'The roles of create_roles(), with the grants of doors() that they get.';

CREATE OR REPLACE PROCEDURE explore_analytics.create_roles(prefix text DEFAULT 'explore')
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item record;
  present record;
  made text[] := '{}';
  fresh integer;
  holder name;
BEGIN
  IF NOT (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user) THEN
    RAISE EXCEPTION 'permission denied to create roles' USING ERRCODE = 'insufficient_privilege',
      HINT = 'Ask a superuser: the tables may change their owner.';
  END IF;
  prefix := coalesce(prefix, 'explore');
  IF prefix = '' OR octet_length(prefix) > 55 OR prefix ~ '[[:cntrl:]]' THEN
    RAISE EXCEPTION 'invalid prefix "%"', left(prefix, 60) USING ERRCODE = 'invalid_parameter_value',
      HINT = 'It becomes names such as explore_analyst: 1 to 55 bytes, no control characters.';
  END IF;
  IF starts_with(prefix, 'pg_') THEN
    RAISE EXCEPTION 'prefix "%" is reserved', prefix USING ERRCODE = 'reserved_name', HINT = 'Names of the server''s own roles start with pg_.';
  END IF;
  PERFORM explore_analytics.require_installed();
  PERFORM pg_advisory_xact_lock('explore_analytics.install'::regproc::oid::bigint);

  FOR item IN SELECT (prefix || '_' || l.suffix)::name AS role, l.* FROM explore_analytics.layout_roles() l LOOP
    SELECT r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolreplication INTO present FROM pg_roles r WHERE r.rolname = item.role;
    IF NOT FOUND THEN
      EXECUTE format('CREATE ROLE %I %s', item.role, CASE WHEN item.can_login THEN 'LOGIN' ELSE 'NOLOGIN' END);
      EXECUTE format('COMMENT ON ROLE %I IS %L', item.role, item.description);
      RAISE NOTICE 'created role %', quote_ident(item.role);
      made := made || item.role::text;
    ELSIF present.rolsuper OR present.rolbypassrls OR present.rolcreaterole OR present.rolreplication THEN
      RAISE EXCEPTION 'role "%" exists and is %', item.role,
        CASE WHEN present.rolsuper THEN 'a superuser' ELSE 'more than an ordinary role' END USING ERRCODE = 'duplicate_object',
        HINT = 'Choose another prefix, or take SUPERUSER, BYPASSRLS, CREATEROLE and REPLICATION from it.';
    END IF;
  END LOOP;

  SELECT pg_get_userbyid(c.relowner) INTO holder FROM pg_class c WHERE c.oid = 'explore_analytics.event_keys'::regclass;
  IF (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = holder) THEN
    holder := prefix || '_owner';
    RAISE NOTICE 'the tables belong to role % now', quote_ident(holder);
  ELSIF holder <> (prefix || '_owner')::name THEN
    RAISE NOTICE 'the tables stay with their owner, role %', quote_ident(holder);
  END IF;
  PERFORM explore_analytics.install_owner(holder);

  FOR item IN SELECT (prefix || '_' || l.suffix)::name AS role, l.* FROM explore_analytics.layout_roles() l WHERE l.may <> '{}' LOOP
    fresh := explore_analytics.grant_doors(item.role, item.may);
    IF item.suffix = 'analyst' THEN
      fresh := fresh + (NOT has_function_privilege(item.role, 'explore_analytics.sees_every_creator()', 'EXECUTE'))::integer;
      EXECUTE format('GRANT EXECUTE ON FUNCTION explore_analytics.sees_every_creator() TO %I', item.role);
    ELSIF item.suffix = 'job' AND EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_cron') THEN
      fresh := fresh + (NOT has_schema_privilege(item.role, 'cron', 'USAGE'))::integer;
      EXECUTE format('GRANT USAGE ON SCHEMA cron TO %I', item.role);
    ELSIF item.suffix = 'reader' AND (has_function_privilege(item.role, 'explore_analytics.sees_every_creator()', 'EXECUTE')
                                      OR has_function_privilege(item.role, 'explore_analytics.reads_without_identity()', 'EXECUTE')) THEN
      RAISE WARNING 'role "%" sees more than its own creator', item.role USING
        HINT = 'Revoke EXECUTE on explore_analytics.reads_without_identity() and sees_every_creator() from it, and look at what it is a member of.';
    END IF;
    IF fresh > 0 THEN
      RAISE NOTICE 'granted % functions and views to role %', fresh, quote_ident(item.role);
    END IF;
  END LOOP;
  PERFORM explore_analytics.audit('create_roles', prefix, CASE made WHEN '{}' THEN 'no new role' ELSE 'created ' || array_to_string(made, ', ') END);
END $$;
COMMENT ON PROCEDURE explore_analytics.create_roles(text) IS
  'Makes the roles <prefix>_owner, _writer, _reader, _analyst and _job (LOGIN, without a password) where they are missing, and grants each what it may; can be run again. Tables of a superuser are handed to the owner. For superusers, after install(). A role of that name with superuser rights: error 42710; a bad prefix: 22023. Logged in audit_log.';
-- The table's part of set_identity(); NULL takes an identity away.
CREATE OR REPLACE FUNCTION explore_analytics.put_identity(entry jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  login name := entry ->> 'login';
  creator_id bigint := entry ->> 'creator_id';
  removed boolean := false;
BEGIN
  IF creator_id IS NULL THEN
    DELETE FROM explore_analytics.identities i WHERE i.login = (entry ->> 'login');
    removed := FOUND;
  END IF;
  -- What is left of a role that was dropped can still be removed.
  IF NOT removed AND NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = (entry ->> 'login')) THEN
    RAISE EXCEPTION 'role "%" does not exist', login USING ERRCODE = 'undefined_object', HINT = 'Create the role first.';
  END IF;
  IF creator_id IS NOT NULL THEN
    INSERT INTO explore_analytics.identities AS i VALUES (login, creator_id)
    ON CONFLICT ON CONSTRAINT identities_pkey DO UPDATE SET creator_id = excluded.creator_id;
  END IF;
END $$;
COMMENT ON FUNCTION explore_analytics.put_identity(jsonb) IS 'Internal: writes one row of identities; run with the owner''s rights.';

CREATE OR REPLACE FUNCTION explore_analytics.set_identity(login name, creator_id bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF login IS NULL THEN
    RAISE EXCEPTION 'login must not be null' USING ERRCODE = 'null_value_not_allowed', HINT = 'For example set_identity(''creator_7'', 7).';
  END IF;
  IF creator_id <= 0 THEN
    RAISE EXCEPTION 'creator_id must be positive, not %', creator_id USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Ids start at 1; NULL takes the identity away.';
  END IF;
  PERFORM explore_analytics.require_installed();
  IF NOT (has_table_privilege('explore_analytics.identities', 'INSERT') AND has_table_privilege('explore_analytics.identities', 'DELETE')) THEN
    RAISE EXCEPTION 'permission denied to set identities' USING ERRCODE = 'insufficient_privilege', HINT = 'Ask a superuser or the owner of the tables.';
  END IF;
  PERFORM explore_analytics.as_owner(pg_get_userbyid(c.relowner), 'put_identity', jsonb_build_object('login', login, 'creator_id', creator_id)::text)
  FROM pg_class c WHERE c.oid = 'explore_analytics.identities'::regclass;
  PERFORM explore_analytics.audit('set_identity', login, coalesce('creator ' || creator_id, 'none'));
END $$;
COMMENT ON FUNCTION explore_analytics.set_identity(name, bigint) IS
  'Lets a login role stand for a creator, whatever role it takes on; NULL takes that away. The setting explore_analytics.user_id, where it may be set, comes first. For superusers and the owner of the tables; logged in audit_log. Unknown role: error 42704; creator_id below 1: 22023.';
-- What there is about one viewer: taken away, or handed over.
CREATE OR REPLACE FUNCTION explore_analytics.forget_viewer(user_id bigint) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_forget_viewer' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION explore_analytics.forget_viewer(bigint) IS
  'Removes a viewer: events, also anonymous ones of the viewer''s sessions, sessions, saves, profile, keys and rollups, and returns the number of events removed. Numbers become what they would be without the viewer; of months whose raw rows are gone viewers are one fewer and counters stay. Waits for recordings under way for lock_timeout (0: 2 s), then gives up with 55P03, nothing changed. Logged with a digest of the id. NULL: 22004; not READ COMMITTED: 25001.';

CREATE OR REPLACE FUNCTION explore_analytics.export_viewer(user_id bigint) RETURNS jsonb
  AS 'MODULE_PATHNAME', 'ea_export_viewer' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION explore_analytics.export_viewer(bigint) IS
  'Everything stored about a viewer: profile, sessions, engagements (watch time in seconds), olderViews (views of months whose raw rows are gone) and savedProperties. Ids are numbers up to 2^53 - 1, strings beyond. Logged with a digest of the id. NULL: 22004.';

CREATE OR REPLACE FUNCTION explore_analytics.viewer_digest(user_id bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT encode(sha256(convert_to('explore_analytics viewer ' || user_id, 'UTF8')), 'hex')
$$;
COMMENT ON FUNCTION explore_analytics.viewer_digest(bigint) IS
  'What the audit log says instead of a viewer''s id. Whoever knows an id can look for it; whoever tries all ids finds them, so the log is granted to nobody.';

CREATE OR REPLACE FUNCTION explore_analytics.older_views(viewer_keys bigint[])
  RETURNS TABLE (content_id bigint, created_at timestamptz, viewer_key bigint, watch_time_ms integer, completed boolean)
  AS 'MODULE_PATHNAME', 'ea_older_views' LANGUAGE C STABLE PARALLEL UNSAFE COST 100000 ROWS 100;
COMMENT ON FUNCTION explore_analytics.older_views(bigint[]) IS
  'Internal: views of some viewers that the rollups hold from before the months of the raw table.';
-- Dropping raw events of old months while their numbers stay (docs/retention.md). What lies before the
-- horizon is in rollups and session_rollups alone.

-- The monthly partitions that are there. Empty where explore_engagements is partitioned in another way.
CREATE OR REPLACE FUNCTION explore_analytics.raw_partitions()
RETURNS TABLE (relation regclass, partition_name text, range_start timestamptz, range_end timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO' SET timezone = 'UTC' AS $$
  SELECT b.relation, b.name,
    CASE WHEN b.bounds LIKE 'FOR VALUES FROM (MINVALUE)%' THEN '-infinity' ELSE substring(b.bounds FROM 'FROM [(]''(.*)''[)] TO')::timestamptz END,
    substring(b.bounds FROM 'TO [(]''(.*)''[)]$')::timestamptz
  FROM (SELECT c.oid::regclass AS relation, pg_get_expr(c.relpartbound, c.oid) AS bounds,
          CASE WHEN n.nspname = explore_analytics.home() THEN c.relname::text ELSE format('%I.%I', n.nspname, c.relname) END AS name
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE i.inhparent = to_regclass(format('%I.explore_engagements', explore_analytics.home()))
          AND replace(pg_get_partkeydef(i.inhparent), '"', '') = 'RANGE (created_at)' AND c.relkind IN ('r', 'p')) b
  WHERE b.bounds ~ 'TO [(]''.*''[)]$'
$$;
COMMENT ON FUNCTION explore_analytics.raw_partitions() IS 'Internal: partitions of explore_engagements by time and their bounds; without the default one.';

-- A DROP that waits would keep every reader and writer waiting behind it: short tries, as when attaching.
CREATE OR REPLACE FUNCTION explore_analytics.drop_partition(relation regclass, upto bigint) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '200ms' SET client_min_messages = warning AS $$
DECLARE
  parent regclass := to_regclass(format('%I.explore_engagements', explore_analytics.home()));
  late boolean;
BEGIN
  IF NOT EXISTS (SELECT FROM explore_analytics.raw_partitions() p JOIN explore_analytics.dropped_partitions d ON d.partition_name = p.partition_name
                 WHERE p.relation = drop_partition.relation AND d.dropped_at IS NULL AND d.epoch = upto) THEN
    RAISE EXCEPTION 'rollups have not taken over % up to epoch %', relation, upto USING ERRCODE = 'object_not_in_prerequisite_state',
      HINT = 'CALL explore_analytics.apply_retention(keep) does that first.';
  END IF;
  FOR attempt IN 1 .. 50 LOOP
    BEGIN
      EXECUTE format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', parent);
      EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', relation);
      -- With the lock, nobody can add to it any more.
      EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE epoch > %s)', relation, upto) INTO late;
      IF NOT late THEN
        EXECUTE format('DROP TABLE %s', relation);
      END IF;
      RETURN NOT late;
    EXCEPTION WHEN lock_not_available THEN
      IF attempt = 50 THEN
        RAISE EXCEPTION 'could not lock explore_engagements to drop partition %', relation USING ERRCODE = 'lock_not_available',
          DETAIL = (SELECT coalesce('Process ' || min(l.pid), 'A prepared transaction') || ' holds it.' FROM pg_locks l
                    WHERE l.locktype = 'relation' AND l.granted AND l.pid IS DISTINCT FROM pg_backend_pid()
                      AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
                      AND (l.relation IN (parent, drop_partition.relation)
                           OR l.relation = (SELECT t.partdefid FROM pg_partitioned_table t WHERE t.partrelid = parent))),
          HINT = 'Answers stay exact. End that transaction, or call apply_retention() again later.';
      END IF;
      PERFORM pg_sleep(0.05 + random() * 0.1);
    END;
  END LOOP;
END $$;
COMMENT ON FUNCTION explore_analytics.drop_partition(regclass, bigint) IS 'Internal: drops a partition of raw events; false when it has events of later epochs than upto.';

CREATE OR REPLACE PROCEDURE explore_analytics.apply_retention(keep interval)
  AS 'MODULE_PATHNAME', 'ea_apply_retention' LANGUAGE C;
COMMENT ON PROCEDURE explore_analytics.apply_retention(interval) IS
  'Drops the partitions of raw events that are older than keep; every answer stays what it was, from rollups. Refreshes first, and drops a partition only when rollups hold exactly its events and no running query can need it; waits for those for lock_timeout (0: 30 s). Error 22004 keep is null, 22023 it is not positive; 55P03 a writer or reader did not end in time; XX001 rollups and raw events differ; 55000 explore_engagements is not partitioned by created_at; 25001 in a transaction block or above READ COMMITTED; 25006 on a standby.';
-- Rate limits (docs/limits.md): sessions of the server learn of a change of the table through its triggers.
CREATE OR REPLACE FUNCTION explore_analytics.note_limits() RETURNS trigger
  AS 'MODULE_PATHNAME', 'ea_note_limits' LANGUAGE C;
COMMENT ON FUNCTION explore_analytics.note_limits() IS 'Internal: trigger on explore_analytics.rate_limits; has every session read it again.';

CREATE OR REPLACE FUNCTION explore_analytics.rate_limit_counters(
    OUT shared boolean, OUT slots bigint, OUT used bigint, OUT allowed_events bigint, OUT refused_events bigint, OUT refused_batches bigint, OUT evictions bigint)
  RETURNS SETOF record AS 'MODULE_PATHNAME', 'ea_rate_limit_counters' LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 1000 ROWS 1;
COMMENT ON FUNCTION explore_analytics.rate_limit_counters() IS 'Internal: what explore_analytics.rate_limit_status shows.';

CREATE OR REPLACE FUNCTION explore_analytics.install_rate_limits() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = 'explore_analytics.rate_limits'::regclass AND t.tgname = 'limits_truncated') THEN
    -- By row: a subscription fires no triggers for statements.
    CREATE OR REPLACE TRIGGER limits_changed AFTER INSERT OR UPDATE OR DELETE ON explore_analytics.rate_limits
      FOR EACH ROW EXECUTE FUNCTION explore_analytics.note_limits();
    CREATE TRIGGER limits_truncated AFTER TRUNCATE ON explore_analytics.rate_limits
      FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.note_limits();
    ALTER TABLE explore_analytics.rate_limits ENABLE ALWAYS TRIGGER limits_changed;
    ALTER TABLE explore_analytics.rate_limits ENABLE ALWAYS TRIGGER limits_truncated;
  END IF;
END $$;
COMMENT ON FUNCTION explore_analytics.install_rate_limits() IS 'Internal: the triggers of explore_analytics.rate_limits.';
-- Jobs run inside the database by pg_cron; every name starts with explore_analytics:. Their role's search path
-- is its own, so nothing is left to it, nor to a namesake that takes fewer arguments.
CREATE OR REPLACE FUNCTION explore_analytics.jobs(rescore text, refresh text)
RETURNS TABLE (job_name text, schedule text, command text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT 'explore_analytics:' || j.name, j.schedule, replace(j.command, '{s}', quote_ident(explore_analytics.home()))
  FROM (VALUES
    ('rescore', rescore, 'SELECT {s}.batch_update_engagement_scores(false)'),
    ('refresh', refresh, 'CALL explore_analytics.refresh(1000)'),
    ('compact', '23 * * * *', 'CALL explore_analytics.compact()'),
    ('check ledger', '7 4 * * *', 'SELECT explore_analytics.require_good_ledger()'),
    ('partitions', '17 3 * * *', 'SELECT explore_analytics.ensure_partitions()'),
    ('idle sessions', '*/10 * * * *', 'SELECT {s}.close_idle_sessions(''30 minutes''::pg_catalog.interval)'),
    ('prune keys', '37 3 * * *', 'SELECT explore_analytics.prune_keys()'),
    ('prune job log', '57 3 * * *', 'DELETE FROM cron.job_run_details WHERE end_time OPERATOR(pg_catalog.<) (pg_catalog.now() OPERATOR(pg_catalog.-) ''7 days''::pg_catalog.interval)')
  ) AS j(name, schedule, command)
$$;
COMMENT ON FUNCTION explore_analytics.jobs(text, text) IS 'Internal: the jobs that schedule_jobs() keeps in pg_cron.';

CREATE OR REPLACE FUNCTION explore_analytics.require_cron() RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  cron_database text;
BEGIN
  IF EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_cron') THEN
    IF NOT has_schema_privilege('cron', 'USAGE') THEN
      RAISE EXCEPTION 'permission denied for schema cron' USING ERRCODE = 'insufficient_privilege',
        HINT = format('pg_cron grants its own access: GRANT USAGE ON SCHEMA cron TO %I;', current_user);
    END IF;
    RETURN;
  END IF;
  BEGIN
    cron_database := current_setting('cron.database_name', true);   -- set wherever pg_cron is loaded
  EXCEPTION WHEN insufficient_privilege THEN
    cron_database := NULL;
  END;
  IF cron_database <> current_database() THEN
    RAISE EXCEPTION 'pg_cron runs in database "%", not in "%"', cron_database, current_database()
      USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = format('In that database run: SELECT cron.schedule_in_database(''explore_analytics:rescore'', ''0 * * * *'', %L, %L);',
                          format('SELECT %I.batch_update_engagement_scores(false)', explore_analytics.home()), current_database());
  END IF;
  RAISE EXCEPTION 'pg_cron is not installed in this database'
    USING ERRCODE = 'object_not_in_prerequisite_state',
          HINT = format(E'In postgresql.conf set\n  shared_preload_libraries = ''pg_cron''\n  cron.database_name = ''%s''\n  cron.use_background_workers = on\nrestart, and run: CREATE EXTENSION pg_cron;',
                        current_database());
END $$;
COMMENT ON FUNCTION explore_analytics.require_cron() IS 'Internal: error 55000 with the configuration lines unless pg_cron is installed here.';

CREATE OR REPLACE FUNCTION explore_analytics.schedule_jobs(rescore text DEFAULT '0 * * * *', refresh text DEFAULT '* * * * *')
RETURNS TABLE (job_name text, schedule text, command text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  item record;
BEGIN
  PERFORM explore_analytics.require_installed();
  PERFORM explore_analytics.require_cron();
  FOR item IN SELECT * FROM explore_analytics.jobs(coalesce(schedule_jobs.rescore, '0 * * * *'), coalesce(schedule_jobs.refresh, '* * * * *')) LOOP
    BEGIN
      -- The name is the key: scheduling again replaces.
      EXECUTE 'SELECT cron.schedule($1, $2, $3)' USING item.job_name, item.schedule, item.command;
    EXCEPTION WHEN invalid_parameter_value OR syntax_error OR invalid_text_representation OR raise_exception OR internal_error THEN
      RAISE EXCEPTION 'invalid schedule: "%"', left(item.schedule, 60) USING ERRCODE = 'invalid_parameter_value',
        DETAIL = left(SQLERRM, 200), HINT = 'Use cron syntax, for example 0 * * * * for every full hour.';
    END;
    job_name := item.job_name; schedule := item.schedule; command := item.command;
    RETURN NEXT;
  END LOOP;
END $$;
COMMENT ON FUNCTION explore_analytics.schedule_jobs(text, text) IS
  'Schedules with pg_cron: the rescore and the refresh of rollups (cron syntax, GMT; a refresh with fewer than 1000 new events waits), compaction every hour, the nightly check of the ledger, partitions ahead, closing of idle sessions, pruning of keys and of the job log. Safe to call again: the same names are replaced. Returns the jobs. Without pg_cron: error 55000.';

CREATE OR REPLACE FUNCTION explore_analytics.unschedule_jobs() RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  removed integer;
BEGIN
  PERFORM explore_analytics.require_cron();
  EXECUTE 'SELECT count(cron.unschedule(j.jobid)) FROM cron.job j WHERE starts_with(j.jobname, ''explore_analytics:'') AND j.database = current_database()'
    INTO removed;
  RETURN removed;
END $$;
COMMENT ON FUNCTION explore_analytics.unschedule_jobs() IS 'Removes our jobs from pg_cron and returns how many there were. Without pg_cron: error 55000.';
CREATE OR REPLACE FUNCTION @extschema@.record_engagement_batch(
    engagements jsonb, on_error text DEFAULT 'skip',
    OUT received integer, OUT recorded integer, OUT duplicates integer, OUT rejected integer, OUT errors jsonb)
  RETURNS SETOF record AS 'MODULE_PATHNAME', 'ea_record_engagement_batch'
  LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000 ROWS 1;
COMMENT ON FUNCTION @extschema@.record_engagement_batch(jsonb, text) IS
  'Records a JSON array of engagements (or an object with key engagements), at most 10,000 (54000), by one statement. Keys in camelCase or snake_case: contentId, engagementType, userId, sessionId, watchTime (seconds), completed, createdAt, eventId, metadata. on_error: skip (bad items are listed in errors) or abort (all or nothing). A repeated eventId is a duplicate.';

CREATE OR REPLACE FUNCTION @extschema@.record_engagement(
    content_id bigint, engagement_type text, user_id bigint DEFAULT NULL, session_id bigint DEFAULT NULL,
    watch_time double precision DEFAULT NULL, completed boolean DEFAULT false,
    created_at timestamptz DEFAULT now(), event_id uuid DEFAULT NULL, metadata jsonb DEFAULT NULL)
  RETURNS text AS 'MODULE_PATHNAME', 'ea_record_engagement' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION @extschema@.record_engagement(bigint, text, bigint, bigint, double precision, boolean, timestamptz, uuid, jsonb) IS
  'Records one engagement: recorded or duplicate. watch_time in seconds. User defaults to the session''s user, then to the current user. Errors: 23503 unknown content or session, 22P02 unknown type, 22004 NULL id or type, 22023 bad value, 22003 overflow, 22008 infinite time.';

CREATE OR REPLACE FUNCTION @extschema@.create_session(user_id bigint DEFAULT NULL, attributes jsonb DEFAULT '{}')
  RETURNS bigint AS 'MODULE_PATHNAME', 'ea_create_session' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION @extschema@.create_session(bigint, jsonb) IS
  'Opens a feed session and returns its id. user_id NULL: the current user, or anonymous. attributes: deviceType, platform, appVersion, country, region, city, trafficSource; other keys are kept in attributes.';

CREATE OR REPLACE FUNCTION @extschema@.close_session(session_id bigint, ended_at timestamptz DEFAULT now())
  RETURNS double precision AS 'MODULE_PATHNAME', 'ea_close_session' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION @extschema@.close_session(bigint, timestamptz) IS
  'Closes a session and returns its duration in seconds; closing again keeps the first end. Errors: P0002 unknown session, 22023 end before start, 22008 infinite end.';

CREATE OR REPLACE FUNCTION @extschema@.close_idle_sessions(idle interval DEFAULT '30 minutes')
  RETURNS bigint AS 'MODULE_PATHNAME', 'ea_close_idle_sessions' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION @extschema@.close_idle_sessions(interval) IS
  'Closes the open sessions that had no event for so long, each at its last event (at its start without one), and returns how many.';
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

CREATE OR REPLACE FUNCTION explore_analytics.metric_value(metric text, summary @extschema@.engagement_summary)
  RETURNS double precision AS 'MODULE_PATHNAME', 'ea_metric_value' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION explore_analytics.metric_value(text, @extschema@.engagement_summary) IS
  'The accessor of that name applied to the summary; a NULL summary counts as empty. Unknown metric: error 22023.';

-- Ascending starts of the buckets that cover [from_time, to_time), and the end of the last one, in the
-- session's time zone: a bucket begins where local time reaches it, so that a day has 23, 24 or 25 hours
-- where the zone says so, and a day that a zone skipped does not appear. Where clocks are set back over a
-- start, a day begins at the first of both instants, and an hour at each of them.
CREATE OR REPLACE FUNCTION explore_analytics.bucket_bounds(from_time timestamptz, to_time timestamptz, bucket text)
RETURNS timestamptz[] LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  step interval;
  bounds timestamptz[];
BEGIN
  IF bucket NOT IN ('hour', 'day', 'week', 'month') THEN
    RAISE EXCEPTION 'bucket "%" is unknown', left(bucket, 60) USING ERRCODE = 'invalid_parameter_value', HINT = 'bucket is hour, day, week or month.';
  END IF;
  step := ('1 ' || bucket)::interval;
  -- In seconds: a difference of timestamps can overflow.
  IF extract(epoch FROM to_time) - extract(epoch FROM from_time) > 1000000 * extract(epoch FROM step) THEN
    RAISE EXCEPTION 'the range holds more than 1000000 buckets' USING ERRCODE = 'program_limit_exceeded',
      HINT = 'Ask for a shorter range or a larger bucket.';
  END IF;
  IF from_time < '4713-06-01 00:00+00 BC' OR to_time > '294276-06-01 00:00+00' THEN
    RAISE EXCEPTION 'no buckets from % to %', from_time, to_time USING ERRCODE = 'datetime_field_overflow',
      HINT = 'The range reaches the end of the calendar; ask for a shorter one.';
  END IF;
  -- timestamp::timestamptz gives the later instant of a repeated local time; clocks go back by half an
  -- hour, one hour or two.
  SELECT array_agg(DISTINCT b.start ORDER BY b.start) INTO bounds
  FROM generate_series(date_trunc(bucket, from_time::timestamp) - step, to_time::timestamp + 2 * step, step) AS l(local),
       LATERAL (SELECT l.local::timestamptz - back AS start
                FROM unnest(ARRAY['2 hours', '1 hour', '30 minutes', '0']::interval[]) back
                WHERE (l.local::timestamptz - back)::timestamp = l.local OR back = '0'
                ORDER BY 1 LIMIT CASE bucket WHEN 'hour' THEN 2 ELSE 1 END) b;
  RETURN ARRAY(
    SELECT x.b FROM (SELECT b, lead(b) OVER (ORDER BY b) AS following, lag(b) OVER (ORDER BY b) AS previous FROM unnest(bounds) b) x
    WHERE x.following > from_time AND (x.b < to_time OR x.previous < to_time) ORDER BY x.b);
END $$;
COMMENT ON FUNCTION explore_analytics.bucket_bounds(timestamptz, timestamptz, text) IS
  'Internal: bounds of the hours, days, weeks or months of the session''s time zone that cover a range.';
CREATE OR REPLACE FUNCTION @extschema@.video_analytics(video_id bigint, start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL)
  RETURNS TABLE (video_id bigint, content_id bigint, total_views bigint, unique_viewers bigint, total_watch_time double precision,
    average_watch_time double precision, completion_rate double precision, completions bigint, saves bigint, shares bigint,
    clicks bigint, skips bigint, engagement_rate double precision, average_engagement_score double precision)
  AS 'MODULE_PATHNAME', 'ea_video_analytics' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1;
COMMENT ON FUNCTION @extschema@.video_analytics(bigint, timestamptz, timestamptz) IS
  'Numbers of one video in [start_date, end_date); NULL bounds are open. unique_viewers is exact; watch times in seconds; rates in percent; average_engagement_score 0..100. Unknown video: error P0002; NULL id: 22004; end before start: 22023.';

CREATE OR REPLACE FUNCTION @extschema@.videos_analytics(video_ids bigint[] DEFAULT NULL, start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL, creator_id bigint DEFAULT NULL)
  RETURNS TABLE (video_id bigint, content_id bigint, total_views bigint, unique_viewers bigint, total_watch_time double precision,
    average_watch_time double precision, completion_rate double precision, completions bigint, saves bigint, shares bigint,
    clicks bigint, skips bigint, engagement_rate double precision, average_engagement_score double precision)
  AS 'MODULE_PATHNAME', 'ea_videos_analytics' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 100;
COMMENT ON FUNCTION @extschema@.videos_analytics(bigint[], timestamptz, timestamptz, bigint) IS
  'video_analytics for many videos (NULL: all), of one creator if given, ordered by video_id; unknown ids are left out.';

CREATE OR REPLACE FUNCTION @extschema@.creator_analytics(creator_id bigint DEFAULT NULL, start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL)
  RETURNS TABLE (creator_id bigint, total_videos bigint, total_views bigint, unique_viewers bigint, total_watch_time double precision,
    average_completion_rate double precision, total_saves bigint, total_shares bigint, total_clicks bigint,
    engagement_rate double precision, top_performing_videos jsonb)
  AS 'MODULE_PATHNAME', 'ea_creator_analytics' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1;
COMMENT ON FUNCTION @extschema@.creator_analytics(bigint, timestamptz, timestamptz) IS
  'Numbers of a creator (NULL: the current creator; without one error 22004) in [start_date, end_date). total_videos counts all content whatever the range; rates are pooled, in percent; watch time in seconds; top_performing_videos: the ten best by score, then views, then content id.';

CREATE OR REPLACE FUNCTION @extschema@.session_analytics(session_id bigint)
  RETURNS TABLE (session_id bigint, user_id bigint, duration double precision, videos_viewed bigint, completions bigint,
    saves bigint, shares bigint, clicks bigint, average_watch_time double precision, engagement_rate double precision)
  AS 'MODULE_PATHNAME', 'ea_session_analytics' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1;
COMMENT ON FUNCTION @extschema@.session_analytics(bigint) IS
  'Numbers of one session: duration in seconds (open: until its last event), distinct content viewed; average_watch_time (seconds) and engagement_rate (percent) are per video viewed. Unknown session: error P0002.';

CREATE OR REPLACE FUNCTION @extschema@.aggregated_metrics(period text, creator_id bigint DEFAULT NULL, as_of timestamptz DEFAULT NULL)
  RETURNS TABLE (period text, total_views bigint, total_unique_viewers bigint, total_watch_time double precision,
    average_session_duration double precision, total_sessions bigint, average_completion_rate double precision,
    total_engagements bigint, engagement_rate double precision)
  AS 'MODULE_PATHNAME', 'ea_aggregated_metrics' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1;
COMMENT ON FUNCTION @extschema@.aggregated_metrics(text, bigint, timestamptz) IS
  'Numbers of the last day (24 h), week (7 d), month (30 d) before as_of (NULL: now, without upper bound), or all, for a creator or the platform (NULL). Session duration: mean seconds of closed sessions started in the period. Another period: error 22023.';

CREATE OR REPLACE FUNCTION @extschema@.creator_dashboard(creator_id bigint DEFAULT NULL, period text DEFAULT 'month', as_of timestamptz DEFAULT NULL)
  RETURNS jsonb AS 'MODULE_PATHNAME', 'ea_creator_dashboard' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000;
COMMENT ON FUNCTION @extschema@.creator_dashboard(bigint, text, timestamptz) IS
  'A creator''s dashboard (NULL: the current creator): overview (all time), periodMetrics with previous, topPerformingVideos and engagementBreakdown of the period. Ids are numbers up to 2^53 - 1, strings beyond.';

CREATE OR REPLACE FUNCTION @extschema@.my_analytics_dashboard(period text DEFAULT 'month', as_of timestamptz DEFAULT NULL)
  RETURNS jsonb AS 'MODULE_PATHNAME', 'ea_my_analytics_dashboard' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000;
COMMENT ON FUNCTION @extschema@.my_analytics_dashboard(text, timestamptz) IS
  'creator_dashboard() of the current creator; without one error 22004.';

CREATE OR REPLACE FUNCTION @extschema@.metric_series(metric text, start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL,
    bucket text DEFAULT 'day', time_zone text DEFAULT 'UTC', content_id bigint DEFAULT NULL, creator_id bigint DEFAULT NULL)
  RETURNS TABLE (bucket_start timestamptz, bucket_end timestamptz, value double precision)
  AS 'MODULE_PATHNAME', 'ea_metric_series' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 100;
COMMENT ON FUNCTION @extschema@.metric_series(text, timestamptz, timestamptz, text, text, bigint, bigint) IS
  'A metric by hour, day, week (from Monday) or month of an IANA time zone, gaps filled with 0, in order of time; the first and last bucket hold only what lies in [start_date, end_date), an open bound is the first or last event. Metrics: the names of the accessors, sessions, new_viewers. content_id and creator_id together: error 22023.';

CREATE OR REPLACE FUNCTION @extschema@.top_videos(metric text DEFAULT 'engagement_score', start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL,
    creator_id bigint DEFAULT NULL, n integer DEFAULT 10, min_views bigint DEFAULT 0)
  RETURNS TABLE (rank bigint, video_id bigint, content_id bigint, title text, value double precision, views bigint, completion_rate double precision)
  AS 'MODULE_PATHNAME', 'ea_top_videos' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 10;
COMMENT ON FUNCTION @extschema@.top_videos(text, timestamptz, timestamptz, bigint, integer, bigint) IS
  'The n best videos by a metric in [start_date, end_date), with at least min_views views, of one creator if given; ordered by value, then views, then content id; videos without views take part.';
CREATE OR REPLACE FUNCTION @extschema@.batch_update_engagement_scores(everything boolean DEFAULT false)
  RETURNS bigint AS 'MODULE_PATHNAME', 'ea_batch_update_engagement_scores' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION @extschema@.batch_update_engagement_scores(boolean) IS
  'Writes views, watch time, rates and scores of all time back to explore_content and explore_discovery_videos where they differ, refreshes the leaderboard, and returns the number of contents changed. everything: look at every content, not only at those with events since the last rescore.';

CREATE OR REPLACE FUNCTION explore_analytics.ensure_partitions(from_date date DEFAULT NULL, to_date date DEFAULT NULL)
  RETURNS integer AS 'MODULE_PATHNAME', 'ea_ensure_partitions' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION explore_analytics.ensure_partitions(date, date) IS
  'Makes the monthly partitions from the month of from_date (NULL: 3 months back, and none that retention dropped) to that of to_date (NULL: 3 months ahead), moves their rows out of the default partition, and returns how many it made.';

CREATE OR REPLACE FUNCTION explore_analytics.prune_keys()
  RETURNS bigint AS 'MODULE_PATHNAME', 'ea_prune_keys' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION explore_analytics.prune_keys() IS
  'Removes keys of events and viewings older than the setting explore_analytics.dedup_horizon and returns how many.';
-- Functions that reach the tables, and everything of administration, are nobody's until granted.
-- Pure functions, those that views evaluate as their reader, and harmless look-ups stay public.
DO $$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT d.signature FROM explore_analytics.doors() d
    UNION
    SELECT p.oid::regprocedure FROM pg_catalog.pg_proc p
    WHERE p.pronamespace = 'explore_analytics'::regnamespace AND p.proname NOT IN
        ('sees_all', 'version', 'metric_value', 'home', 'require_installed', 'require_cron', 'jobs', 'current_epoch', 'rate_limit_counters',
         'checks', 'checks_of_rollups', 'checks_of_tables', 'checks_of_jobs', 'schedule_gap', 'run_checks')
  LOOP
    EXECUTE format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC', item.signature);
  END LOOP;
END $$;
