-- A visitor logs in.
CREATE OR REPLACE FUNCTION @extschema@.identify_session(session_id bigint, user_id bigint) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_identify_session' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION @extschema@.identify_session(bigint, bigint) IS
  'A visitor logs in: the session gets its user, and its anonymous events, saves and viewings become that user''s, in every number at once; returns how many events these are (0 when called again). Later events of the session that name no user are the user''s. Events of a visitor taken out by exclude_traffic() stay set aside (the saves become the user''s), and the user counts, with a notice. Waits for recordings in the session and for a refresh under way, for lock_timeout (0: 2 s), then gives up with 55P03, nothing changed. Errors: P0002 unknown session, 22023 the session has another user, or an id is not positive, 22004 NULL, 25001 not READ COMMITTED, 53400 rate limited.';
