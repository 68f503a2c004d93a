-- Rate limits (docs/limits.md): sessions of the server learn of a change of the table through its triggers.
CREATE OR REPLACE FUNCTION explore_analytics.note_limits() RETURNS trigger
  AS 'MODULE_PATHNAME', 'ea_note_limits' LANGUAGE C;
COMMENT ON FUNCTION explore_analytics.note_limits() IS 'Internal: trigger on explore_analytics.rate_limits; has every session read it again.';

CREATE OR REPLACE FUNCTION explore_analytics.rate_limit_counters(
    OUT shared boolean, OUT slots bigint, OUT used bigint, OUT allowed_events bigint, OUT refused_events bigint, OUT refused_batches bigint, OUT evictions bigint)
  RETURNS SETOF record AS 'MODULE_PATHNAME', 'ea_rate_limit_counters' LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 1000 ROWS 1;
COMMENT ON FUNCTION explore_analytics.rate_limit_counters() IS 'Internal: what explore_analytics.rate_limit_status shows.';
