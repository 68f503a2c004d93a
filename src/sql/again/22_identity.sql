CREATE OR REPLACE FUNCTION @extschema@.current_creator_id() RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_current_creator_id' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.current_creator_id() IS
  'Who "I" am: the setting explore_analytics.user_id, or NULL. Only a superuser or a role with GRANT SET ON PARAMETER can set it.';

CREATE OR REPLACE FUNCTION explore_analytics.sees_all() RETURNS boolean
  AS 'MODULE_PATHNAME', 'ea_sees_all' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION explore_analytics.sees_all() IS
  'Whether the caller sees every creator''s numbers: true without an identity, for superusers and for the owner of the tables.';

CREATE OR REPLACE FUNCTION explore_analytics.require_installed() RETURNS void
  AS 'MODULE_PATHNAME', 'ea_require_installed' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION explore_analytics.require_installed() IS 'Error 55000 with a hint unless install() has been called.';

CREATE OR REPLACE FUNCTION explore_analytics.version() RETURNS text
  AS 'MODULE_PATHNAME', 'ea_version' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION explore_analytics.version() IS 'Version of the loaded library; the same as that of the extension.';
