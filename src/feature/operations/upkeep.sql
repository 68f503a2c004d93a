CREATE OR REPLACE FUNCTION explore_analytics.ensure_partitions(from_date date DEFAULT NULL, to_date date DEFAULT NULL)
  RETURNS integer AS 'MODULE_PATHNAME', 'ea_ensure_partitions' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION explore_analytics.ensure_partitions(date, date) IS
  'Makes the monthly partitions from the month of from_date (NULL: 3 months back, and none that retention dropped) to that of to_date (NULL: 3 months ahead), moves their rows out of the default partition, and returns how many it made.';

CREATE OR REPLACE FUNCTION explore_analytics.prune_keys()
  RETURNS bigint AS 'MODULE_PATHNAME', 'ea_prune_keys' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION explore_analytics.prune_keys() IS
  'Removes keys of events and viewings older than the setting explore_analytics.dedup_horizon and returns how many.';
