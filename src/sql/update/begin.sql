-- Before every update: nobody's objects in the extension's schema may take part in it; everything is qualified.
SET LOCAL search_path = pg_catalog, pg_temp;

-- A server, or a connection, that has loaded the older library keeps it until it ends.
DO $$
DECLARE
  wanted text := (SELECT e.extversion FROM pg_extension e WHERE e.extname = 'explore_analytics');
BEGIN
  IF explore_analytics.version() <> wanted THEN
    RAISE EXCEPTION 'the loaded library of explore_analytics is of version %, not %', explore_analytics.version(), wanted
      USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = 'Connect again; where shared_preload_libraries names explore_analytics, restart the server. Then run ALTER EXTENSION explore_analytics UPDATE again.';
  END IF;
END $$;
