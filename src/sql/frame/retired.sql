-- Functions of released versions that are no more. Dumps of those versions grant them, and would not be restored into
-- this one without errors.
CREATE OR REPLACE FUNCTION explore_analytics.bucket_bounds(from_time timestamptz, to_time timestamptz, bucket text) RETURNS timestamptz[]
  AS 'MODULE_PATHNAME', 'ea_retired' LANGUAGE C;
COMMENT ON FUNCTION explore_analytics.bucket_bounds(timestamptz, timestamptz, text) IS 'Of 0.1.0, for its dumps; error 0A000.';
CREATE OR REPLACE FUNCTION explore_analytics.install_rate_limits() RETURNS void AS 'MODULE_PATHNAME', 'ea_retired' LANGUAGE C;
COMMENT ON FUNCTION explore_analytics.install_rate_limits() IS 'Of 0.1.0, for its dumps; error 0A000.';
CREATE OR REPLACE FUNCTION explore_analytics.layout_content_triggers() RETURNS TABLE (trigger_name text, event text, fires text)
  AS 'MODULE_PATHNAME', 'ea_retired' LANGUAGE C;
COMMENT ON FUNCTION explore_analytics.layout_content_triggers() IS 'Of 0.1.0, for its dumps; error 0A000.';
CREATE OR REPLACE FUNCTION explore_analytics.reads_without_identity() RETURNS boolean AS 'MODULE_PATHNAME', 'ea_retired' LANGUAGE C;
COMMENT ON FUNCTION explore_analytics.reads_without_identity() IS 'Of 0.1.0, for its dumps: a right that nobody has any more; error 0A000.';
CREATE OR REPLACE FUNCTION explore_analytics.fill_leaderboard() RETURNS void AS 'MODULE_PATHNAME', 'ea_retired' LANGUAGE C;
COMMENT ON FUNCTION explore_analytics.fill_leaderboard() IS 'Of 0.1.0, for its dumps; error 0A000.';

-- Indexes that install() of released versions made, as the server writes them. One of another definition is somebody's.
CREATE OR REPLACE FUNCTION explore_analytics.drop_retired_indexes(relation regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  retired regclass;
BEGIN
  FOR retired IN
    SELECT i.indexrelid FROM (VALUES
      ('explore_engagements_user', 'USING btree (user_id) WHERE (user_id IS NOT NULL)')) AS r(index_name, definition)
    JOIN pg_class c ON c.relname = r.index_name
    JOIN pg_index i ON i.indexrelid = c.oid AND i.indrelid = relation AND NOT i.indisunique
    WHERE substring(pg_get_indexdef(i.indexrelid) FROM 'USING .*') = r.definition
  LOOP
    EXECUTE format('DROP INDEX %s', retired);
    RAISE NOTICE 'dropped index %, which nothing needs any more', retired;
  END LOOP;
END $$;
COMMENT ON FUNCTION explore_analytics.drop_retired_indexes(regclass) IS 'Internal: drops indexes of a table of the layout that older versions made and nothing needs any more.';
