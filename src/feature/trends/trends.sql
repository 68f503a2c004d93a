CREATE OR REPLACE FUNCTION @extschema@.metric_trend(metric text, start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL,
    bucket text DEFAULT 'day', time_zone text DEFAULT 'UTC', content_id bigint DEFAULT NULL, creator_id bigint DEFAULT NULL)
  RETURNS TABLE (n bigint, slope double precision, intercept double precision, r2 double precision, p_value double precision,
    sen_slope double precision, mk_z double precision, mk_p double precision, direction text)
  AS 'MODULE_PATHNAME', 'ea_metric_trend' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1;
COMMENT ON FUNCTION @extschema@.metric_trend(text, timestamptz, timestamptz, text, text, bigint, bigint) IS
  'Whether a metric_series() goes up or down, by its n buckets that lie in the range as a whole and are over, numbered from 0. slope a bucket, intercept at the first, r2 0..1 and p_value (t with n - 2) by least squares; sen_slope a bucket, the median of all slopes (Sen 1968); mk_z, mk_p: test of Mann 1945 and Kendall 1975, corrected for ties and continuity; direction: up or down where mk_p < 0.05, else flat, NULL under two buckets. NULL: what so few or so equal values do not tell. Errors as of metric_series(); 54000: over 100000 buckets.';

CREATE OR REPLACE FUNCTION @extschema@.metric_forecast(metric text, start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL,
    bucket text DEFAULT 'day', time_zone text DEFAULT 'UTC', horizon integer DEFAULT 14, method text DEFAULT 'auto', content_id bigint DEFAULT NULL, creator_id bigint DEFAULT NULL)
  RETURNS TABLE (bucket_start timestamptz, forecast double precision, lower double precision, upper double precision, method text, mase double precision)
  AS 'MODULE_PATHNAME', 'ea_metric_forecast' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 14;
COMMENT ON FUNCTION @extschema@.metric_forecast(text, timestamptz, timestamptz, text, text, integer, text, bigint, bigint) IS
  'The horizon (1..10000) buckets after those of a metric_series() that lie in the range as a whole and are over, by forecast() with a season of 24 hours, 7 days, 52 weeks or 12 months; lower and upper hold each value with probability 0.95; none is below 0, and no score above 100. method: the one that was used; mase: its mean absolute error in forecasting the last horizon (at most half) of the series from what was before, over that of one naive step of a season there (Hyndman and Koehler 2006), NULL where nothing tells. No whole bucket: no rows. Errors as of metric_series(), and 22023: unknown method, horizon; 54000: over 100000 buckets.';
