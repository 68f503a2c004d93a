-- What the daily views read; scope 0: platform, 1: creator, 2: content. The arguments after it bound what is read, and are
-- what daily_conditions() finds in a query: among its conditions, of which a row may be outside, and which columns it reads.
CREATE OR REPLACE FUNCTION explore_analytics.daily_conditions(internal) RETURNS internal
  AS 'MODULE_PATHNAME', 'ea_daily_conditions' LANGUAGE C IMMUTABLE PARALLEL SAFE STRICT;
COMMENT ON FUNCTION explore_analytics.daily_conditions(internal) IS
  'Internal: hands the conditions of a query on days, ids and creators, and which columns it reads, to daily_numbers(), while it is planned.';

CREATE OR REPLACE FUNCTION explore_analytics.daily_numbers(scope smallint, day_from date, day_to date, bucket_from timestamptz, bucket_to timestamptz,
    days date[], one_id bigint, ids bigint[], creator_id bigint, columns integer)
  RETURNS TABLE (day date, bucket timestamptz, id bigint, views bigint, unique_viewers bigint, watch_time double precision, completions bigint,
    completion_rate double precision, saves bigint, save_rate double precision, shares bigint, clicks bigint, skips bigint, impressions bigint,
    engagement_rate double precision, engagement_score double precision)
  AS 'MODULE_PATHNAME', 'ea_daily_numbers' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1000000
  SUPPORT explore_analytics.daily_conditions;
COMMENT ON FUNCTION explore_analytics.daily_numbers(smallint, date, date, timestamptz, timestamptz, date[], bigint, bigint[], bigint, integer) IS
  'Internal: the numbers of each content, creator or the platform by UTC day, of what the session may see; NULL bounds are open. columns: a bit for each column that is not to be NULL; NULL: all.';

-- Whose days are read is settled with the first row of a cursor; each is asked for by itself, since somebody else may read on.
CREATE OR REPLACE FUNCTION explore_analytics.may_read(creator_id bigint, row_id bigint) RETURNS boolean
  AS 'MODULE_PATHNAME', 'ea_may_read' LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION explore_analytics.may_read(bigint, bigint) IS
  'Internal: whether the session may see a row of that creator (NULL: of the platform). row_id has a join ask for each row that it gives.';

-- The parts that the daily views of 0.1.0 are made of, until install() has replaced them.
CREATE OR REPLACE FUNCTION explore_analytics.active_days()
  RETURNS TABLE (day date, bucket timestamptz)
  AS 'MODULE_PATHNAME', 'ea_active_days' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 100;
COMMENT ON FUNCTION explore_analytics.active_days() IS
  'Internal: the UTC days with events and their starts, of the platform or of the creator the session is held to.';

CREATE OR REPLACE FUNCTION explore_analytics.tail_days(scope smallint)
  RETURNS TABLE (bucket timestamptz, id bigint, summary @extschema@.engagement_summary)
  AS 'MODULE_PATHNAME', 'ea_tail_days' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1000;
COMMENT ON FUNCTION explore_analytics.tail_days(smallint) IS
  'Internal: events not yet in the rollups, by UTC day.';

CREATE OR REPLACE FUNCTION explore_analytics.day_summary(scope smallint, id bigint, day timestamptz, tail @extschema@.engagement_summary)
  RETURNS @extschema@.engagement_summary AS 'MODULE_PATHNAME', 'ea_day_summary' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100;
COMMENT ON FUNCTION explore_analytics.day_summary(smallint, bigint, timestamptz, @extschema@.engagement_summary) IS
  'Internal: what the rollups hold of a UTC day, and the tail''s part given; NULL when neither has an event.';
