CREATE OR REPLACE FUNCTION @extschema@.current_creator_id() RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_current_creator_id' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.current_creator_id() IS
  'Who "I" am: the setting explore_analytics.user_id, else what set_identity() said of the login, else NULL. Only a superuser or a role with GRANT SET ON PARAMETER can set it.';

-- What the library teaches the planner, it must know before the first query of a connection is planned.
CREATE OR REPLACE FUNCTION explore_analytics.load_while_planning(internal) RETURNS internal
  AS 'MODULE_PATHNAME', 'ea_load_while_planning' LANGUAGE C IMMUTABLE PARALLEL SAFE STRICT;
COMMENT ON FUNCTION explore_analytics.load_while_planning(internal) IS
  'Internal: planner support that says nothing; a query with a function of it is planned with the library loaded.';

CREATE OR REPLACE FUNCTION explore_analytics.sees_all() RETURNS boolean
  AS 'MODULE_PATHNAME', 'ea_sees_all' LANGUAGE C STABLE PARALLEL SAFE SUPPORT explore_analytics.load_while_planning;
COMMENT ON FUNCTION explore_analytics.sees_all() IS
  'Whether the caller sees every creator''s numbers: superusers, the owner of the tables, and analysts.';

-- A right, not a question: to be granted EXECUTE is to have it. The library looks at the privilege.
CREATE OR REPLACE FUNCTION explore_analytics.sees_every_creator() RETURNS boolean
  AS 'MODULE_PATHNAME', 'ea_right' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION explore_analytics.sees_every_creator() IS
  'A right: who may call it sees every creator, whatever the identity. grant_access(role, ''analyse'') gives it, and create_roles() to the analyst. Always true.';
