-- Nobody's objects in the extension's schema may take part in this script; everything it makes is qualified.
SET LOCAL search_path = pg_catalog, pg_temp;

-- Administration lives in its own schema; a plain CREATE SCHEMA, so that nobody can own it beforehand.
CREATE SCHEMA explore_analytics;
