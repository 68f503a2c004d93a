CREATE OR REPLACE FUNCTION explore_analytics.require_installed() RETURNS void
  AS 'MODULE_PATHNAME', 'ea_require_installed' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION explore_analytics.require_installed() IS 'Error 55000 with a hint unless install() has been called.';

CREATE OR REPLACE FUNCTION explore_analytics.version() RETURNS text
  AS 'MODULE_PATHNAME', 'ea_version' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION explore_analytics.version() IS 'Version of the loaded library; the same as that of the extension.';
