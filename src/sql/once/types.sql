CREATE TYPE @extschema@.engagement_type AS ENUM
  ('view', 'save', 'share', 'click', 'skip', 'complete', 'impression', 'progress');

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
