CREATE OR REPLACE FUNCTION @extschema@.viewer_retention(start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL, bucket text DEFAULT 'week',
    time_zone text DEFAULT 'UTC', periods integer DEFAULT 12, kind text DEFAULT 'first_time', creator_id bigint DEFAULT NULL, as_of timestamptz DEFAULT NULL)
  RETURNS TABLE (cohort timestamptz, period integer, cohort_size bigint, retained bigint, rate double precision, lower double precision, upper double precision)
  AS 'MODULE_PATHNAME', 'ea_viewer_retention' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 100;
COMMENT ON FUNCTION @extschema@.viewer_retention(timestamptz, timestamptz, text, text, integer, text, bigint, timestamptz) IS
  'Of the viewers of a bucket (hour, day, week from Monday or month of a time zone) how many viewed something again so many periods later: a row for each bucket that meets [start_date, end_date) and each period from 0, the cohort''s own bucket, to periods - 1 (periods 1..1000), in this order. kind first_time: a cohort are those whose first view ever lies in the bucket and the range; recurring: all who viewed something there. They are looked for in whole buckets, also behind end_date. rate in percent of cohort_size, 0 of nobody; lower and upper: 95 % bounds of Wilson 1927 in percent, NULL of nobody. Views from as_of on do not count; retained, rate and bounds are NULL where the bucket is not over at as_of (NULL: now). Open start: the first event; open end: as_of, or the end of the bucket that is going on. Of a creator''s contents, or of all: for a reader the own ones. Errors as of metric_series(), 22023 also: periods, kind; 22008: as_of infinite; 42501: not yours; 54000: over 1000000 cells.';

CREATE OR REPLACE FUNCTION @extschema@.viewer_lifecycle(start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL, bucket text DEFAULT 'day',
    time_zone text DEFAULT 'UTC', creator_id bigint DEFAULT NULL)
  RETURNS TABLE (bucket_start timestamptz, new_viewers bigint, returning_viewers bigint, resurrecting_viewers bigint, dormant_viewers bigint)
  AS 'MODULE_PATHNAME', 'ea_viewer_lifecycle' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 100;
COMMENT ON FUNCTION @extschema@.viewer_lifecycle(timestamptz, timestamptz, text, text, bigint) IS
  'The viewers of each hour, day, week (from Monday) or month of a time zone that meets [start_date, end_date), as far as the range reaches: new (first view ever), returning (there in the bucket before, too), resurrecting (there before, but not in the bucket before); and minus the number who were there in the bucket before and are not in this one (dormant). The bucket before is looked at as a whole. Gaps are filled, in order of time; open start: the first event, open end: the end of the bucket that is going on. Of a creator''s contents, or of all: for a reader the own ones. Errors as of metric_series(); 42501: not yours.';

CREATE OR REPLACE FUNCTION @extschema@.stickiness(as_of timestamptz DEFAULT NULL, time_zone text DEFAULT 'UTC', creator_id bigint DEFAULT NULL)
  RETURNS TABLE (dau bigint, wau bigint, mau bigint, ratio double precision)
  AS 'MODULE_PATHNAME', 'ea_stickiness' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1;
COMMENT ON FUNCTION @extschema@.stickiness(timestamptz, text, bigint) IS
  'Distinct viewers of the local day that holds the last instant before as_of, as far as as_of (dau), of it and the 6 days before (wau), of it and the 29 days before (mau), and ratio = dau / mau, 0..1, 0 without viewers. as_of NULL: now, with no upper bound. Of a creator''s contents, or of all: for a reader the own ones. Error 22008: as_of infinite; 22023: time zone, creator_id; 42501: not yours.';
