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

CREATE OR REPLACE FUNCTION @extschema@.session_analytics(session_id bigint)
  RETURNS TABLE (session_id bigint, user_id bigint, duration double precision, videos_viewed bigint, completions bigint,
    saves bigint, shares bigint, clicks bigint, average_watch_time double precision, engagement_rate double precision)
  AS 'MODULE_PATHNAME', 'ea_session_analytics' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1;
COMMENT ON FUNCTION @extschema@.session_analytics(bigint) IS
  'Numbers of one session: duration in seconds (open: until its last event), distinct content viewed; average_watch_time (seconds) and engagement_rate (percent) are per video viewed. Unknown session: error P0002.';
