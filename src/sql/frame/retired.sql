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
