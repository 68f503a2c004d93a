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
