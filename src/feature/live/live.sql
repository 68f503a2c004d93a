CREATE OR REPLACE FUNCTION @extschema@.live_metrics(minutes integer DEFAULT 60, creator_id bigint DEFAULT NULL, content_id bigint DEFAULT NULL, as_of timestamptz DEFAULT now())
  RETURNS TABLE (minute timestamptz, views bigint, unique_viewers bigint, watch_time double precision)
  AS 'MODULE_PATHNAME', 'ea_live_metrics' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 60;
COMMENT ON FUNCTION @extschema@.live_metrics(integer, bigint, bigint, timestamptz) IS
  'Views, distinct viewers and seconds watched of a creator, a content or the platform in each of the last minutes (1..10080) of the clock before as_of, oldest first, minutes without events as zeros; the last one as far as as_of, which itself counts if it is now(). unique_viewers must not be added up. Error 22023: minutes, creator_id and content_id together; 22008: as_of infinite; 42501: not yours.';

CREATE OR REPLACE FUNCTION @extschema@.concurrent_viewers(content_id bigint DEFAULT NULL, within interval DEFAULT '5 minutes', as_of timestamptz DEFAULT NULL)
  RETURNS bigint AS 'MODULE_PATHNAME', 'ea_concurrent_viewers' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION @extschema@.concurrent_viewers(bigint, interval, timestamptz) IS
  'Distinct viewers of views in [as_of - within, as_of) of a content, or of all: for a reader all of the own creator. as_of NULL: now, with no upper bound. A month is 30 days, a year 365.25. Error 22023: within not positive; 22008: as_of infinite; 42501: not yours.';

CREATE OR REPLACE FUNCTION @extschema@.trending_content(within interval DEFAULT '24 hours', half_life interval DEFAULT '6 hours', n integer DEFAULT 20, as_of timestamptz DEFAULT now())
  RETURNS TABLE (rank bigint, content_id bigint, title text, score double precision)
  AS 'MODULE_PATHNAME', 'ea_trending_content' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 20;
COMMENT ON FUNCTION @extschema@.trending_content(interval, interval, integer, timestamptz) IS
  'The n contents with the highest score: the sum over scored events in [as_of - within, as_of) of weight * 2^(-age / half_life), weights view 1, complete 2, save 3, share 4, click 3, skip -1; as_of itself counts if it is now(). By score, then content_id; contents without such events are left out; a reader sees the own ones. A month is 30 days, a year 365.25. Error 22023: within, half_life or n not positive; 22008: as_of infinite.';
