-- engagement_summary and viewer_set beside what one would use instead, in one run: psql -v rows=N.
-- Every pair is measured in turns (A B A B ...), five times each; printed are medians and their ratio.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS hll;
SELECT setseed(0.3);
-- Popularity is skewed; ids of a million users, dense or scattered over 64 bits.
CREATE UNLOGGED TABLE event AS
SELECT (1 + 50000 * power(random(), 3))::int AS content, (enum_range(NULL::engagement_type))[1 + floor(power(random(), 2) * 7)::int] AS type,
  1 + floor(random() * 1000000)::bigint AS viewer, floor(random() * 60000)::int AS ms, random() < 0.3 AS completed, (i % 30)::int AS day
FROM generate_series(1, :rows) i;
VACUUM ANALYZE event;
SET work_mem = '256MB';

CREATE TABLE timing (pair text, way text, ms double precision);
CREATE PROCEDURE measure(pair text, a text, query_a text, b text, query_b text, times int DEFAULT 5) LANGUAGE plpgsql AS $$
DECLARE
  since timestamptz;
  answer text[];
  one text;
BEGIN
  FOR turn IN 1 .. times + 1 LOOP   -- the first turn warms up
    FOR i IN 1 .. 2 LOOP
      since := clock_timestamp();
      EXECUTE CASE i WHEN 1 THEN query_a ELSE query_b END INTO one;
      IF turn > 1 THEN
        INSERT INTO timing VALUES (pair, CASE i WHEN 1 THEN a ELSE b END, extract(epoch FROM clock_timestamp() - since) * 1000);
      END IF;
    END LOOP;
    COMMIT;
  END LOOP;
END $$;

\set filters '''SELECT count(*) FILTER (WHERE type = ''''view'''') || '''' '''' || count(*) FILTER (WHERE type = ''''save'''') || count(*) FILTER (WHERE type = ''''share'''') || count(*) FILTER (WHERE type = ''''click'''') || count(*) FILTER (WHERE type = ''''skip'''') || count(*) FILTER (WHERE type = ''''impression'''') || count(*) FILTER (WHERE type = ''''complete'''') || count(*) FILTER (WHERE completed) || sum(ms) FROM event'''
\set summary '''SELECT views(engagement_agg(type, viewer, ms, completed)) FROM event'''
SET max_parallel_workers_per_gather = 0;
CALL measure('one pass over all rows, one core', 'engagement_agg', :summary, 'eight count(*) FILTER + sum', :filters, 3);
SET max_parallel_workers_per_gather = 2;
CALL measure('one pass over all rows, parallel', 'engagement_agg', :summary, 'eight count(*) FILTER + sum', :filters, 3);
CALL measure('exact uniques of all rows', 'engagement_agg', 'SELECT unique_viewers(engagement_agg(type, viewer, ms, completed)) FROM event',
  'count(DISTINCT)', 'SELECT count(DISTINCT viewer) FROM event WHERE type = ''view''', 3);
CALL measure('by content', 'engagement_agg', 'SELECT sum(unique_viewers(s)) FROM (SELECT engagement_agg(type, viewer, ms, completed) AS s FROM event GROUP BY content) x',
  'count(DISTINCT)', 'SELECT sum(u) FROM (SELECT count(DISTINCT viewer) FILTER (WHERE type = ''view'') AS u FROM event GROUP BY content) x', 2);
CALL measure('by content, sketch', 'engagement_agg (exact)', 'SELECT sum(unique_viewers(s)) FROM (SELECT engagement_agg(type, viewer, ms, completed) AS s FROM event GROUP BY content) x',
  'hll_add_agg (approximate)', 'SELECT sum(hll_cardinality(h)) FROM (SELECT hll_add_agg(hll_hash_bigint(viewer)) FILTER (WHERE type = ''view'') AS h FROM event GROUP BY content) x', 2);

-- Stored summaries: thirty days of the platform, and tiny ones.
CREATE TABLE day AS SELECT day, engagement_agg('view', viewer, ms, completed) AS s FROM event GROUP BY day;
CREATE TABLE day_hll AS SELECT day, hll_add_agg(hll_hash_bigint(viewer)) AS h FROM event GROUP BY day;
CALL measure('union of thirty stored days', 'rollup (exact)', 'SELECT unique_viewers(rollup(s)) FROM day',
  'hll_union_agg (approximate)', 'SELECT hll_cardinality(hll_union_agg(h)) FROM day_hll', 15);
CREATE TABLE tiny AS SELECT g, engagement_agg('view', viewer, 1000, false) AS s, array_agg(viewer) AS a, hll_add_agg(hll_hash_bigint(viewer)) AS h
  FROM (SELECT i / 3 AS g, 1 + floor(random() * 1000000)::bigint AS viewer FROM generate_series(1, 600000) i) t GROUP BY g;
CALL measure('merge of 200,000 tiny summaries', 'rollup (exact)', 'SELECT unique_viewers(rollup(s)) FROM tiny',
  'hll_union_agg (approximate)', 'SELECT hll_cardinality(hll_union_agg(h)) FROM tiny', 5);
-- How a value is stored: compressed where it is long (extended) or as it is (external). Dense days do not
-- compress, days of scattered ids might, and a header is read from the first bytes either way.
CREATE TABLE kept (extended engagement_summary, external engagement_summary);
ALTER TABLE kept ALTER COLUMN extended SET STORAGE extended, ALTER COLUMN external SET STORAGE external;
INSERT INTO kept SELECT s, s FROM day;
INSERT INTO kept SELECT s, s FROM (SELECT engagement_agg('view', viewer * 7919, ms, completed) AS s FROM event WHERE content < 2000 GROUP BY content) c;
CALL measure('stored extended or external: union', 'extended', 'SELECT unique_viewers(rollup(extended)) FROM kept',
  'external', 'SELECT unique_viewers(rollup(external)) FROM kept', 9);
CALL measure('stored extended or external: header', 'extended', 'SELECT sum(unique_viewers(extended)) FROM kept, generate_series(1, 20)',
  'external', 'SELECT sum(unique_viewers(external)) FROM kept, generate_series(1, 20)', 9);
-- Groups: the time of each must not depend on how many there are, and memory stays within work_mem.
SET max_parallel_workers_per_gather = 0; SET work_mem = '64MB'; SET enable_sort = off;
CALL measure('3,000,000 groups of 2 viewers, work_mem 64MB', 'engagement_agg', 'SELECT count(s) FROM (SELECT engagement_agg(''view'', k, 1000, false) AS s FROM generate_series(1, 3000000) g, unnest(ARRAY[g, g + 1]) k GROUP BY g) x',
  'array_agg', 'SELECT count(s) FROM (SELECT array_agg(k) AS s FROM generate_series(1, 3000000) g, unnest(ARRAY[g, g + 1]) k GROUP BY g) x', 3);
CALL measure('10,000 and 1,000,000 groups, per group', '1,000,000', 'SELECT count(s) FROM (SELECT engagement_agg(''view'', k, 1000, false) AS s FROM generate_series(1, 1000000) g, unnest(ARRAY[g, g + 1]) k GROUP BY g) x',
  '100 times 10,000', 'SELECT count(s) FROM generate_series(1, 100) o, LATERAL (SELECT engagement_agg(''view'', k + o, 1000, false) AS s FROM generate_series(1, 10000) g, unnest(ARRAY[g, g + 1]) k GROUP BY g) x', 3);

SELECT format('%-46s %-26s %9s ms   %-28s %9s ms   ratio %s', pair, a, round(ma::numeric, 1), b, round(mb::numeric, 1), round((ma / mb)::numeric, 2))
FROM (SELECT pair, min(n) AS n, (array_agg(way ORDER BY n))[1] AS a, (array_agg(way ORDER BY n))[2] AS b, (array_agg(median ORDER BY n))[1] AS ma, (array_agg(median ORDER BY n))[2] AS mb
  FROM (SELECT pair, way, min(seq) AS n, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS median
        FROM (SELECT *, row_number() OVER () AS seq FROM timing) t GROUP BY pair, way) w GROUP BY pair) p ORDER BY n;
SELECT format('%-46s %-26s %9s bytes', 'size of a tiny summary (3 viewers), median', 'engagement_summary', percentile_disc(0.5) WITHIN GROUP (ORDER BY pg_column_size(s))),
  format('array %s bytes, hll %s bytes', percentile_disc(0.5) WITHIN GROUP (ORDER BY pg_column_size(a)), percentile_disc(0.5) WITHIN GROUP (ORDER BY pg_column_size(h))) FROM tiny;
SELECT format('%-46s %-26s %9s bytes', 'size of a platform day, median', 'engagement_summary', percentile_disc(0.5) WITHIN GROUP (ORDER BY pg_column_size(s))) FROM day;
SELECT format('%-46s extended %s kB, external %s kB', 'size of the stored values', sum(pg_column_size(extended)) / 1024, sum(pg_column_size(external)) / 1024) FROM kept;
