-- Rate limits (docs/limits.md): sessions of the server learn of a change of the table through its triggers.
CREATE OR REPLACE FUNCTION explore_analytics.note_limits() RETURNS trigger
  AS 'MODULE_PATHNAME', 'ea_note_limits' LANGUAGE C;
COMMENT ON FUNCTION explore_analytics.note_limits() IS 'Internal: trigger on explore_analytics.rate_limits; has every session read it again.';

CREATE OR REPLACE FUNCTION explore_analytics.rate_limit_counters(
    OUT shared boolean, OUT slots bigint, OUT used bigint, OUT allowed_events bigint, OUT refused_events bigint, OUT refused_batches bigint, OUT evictions bigint)
  RETURNS SETOF record AS 'MODULE_PATHNAME', 'ea_rate_limit_counters' LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 1000 ROWS 1;
COMMENT ON FUNCTION explore_analytics.rate_limit_counters() IS 'Internal: what explore_analytics.rate_limit_status shows.';

CREATE OR REPLACE FUNCTION explore_analytics.install_rate_limits() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = 'explore_analytics.rate_limits'::regclass AND t.tgname = 'limits_truncated') THEN
    -- By row: a subscription fires no triggers for statements.
    CREATE OR REPLACE TRIGGER limits_changed AFTER INSERT OR UPDATE OR DELETE ON explore_analytics.rate_limits
      FOR EACH ROW EXECUTE FUNCTION explore_analytics.note_limits();
    CREATE TRIGGER limits_truncated AFTER TRUNCATE ON explore_analytics.rate_limits
      FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.note_limits();
    ALTER TABLE explore_analytics.rate_limits ENABLE ALWAYS TRIGGER limits_changed;
    ALTER TABLE explore_analytics.rate_limits ENABLE ALWAYS TRIGGER limits_truncated;
  END IF;
END $$;
COMMENT ON FUNCTION explore_analytics.install_rate_limits() IS 'Internal: the triggers of explore_analytics.rate_limits.';
