-- What the simulations need: dice, and how far from what is expected a share may be.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET timezone = 'UTC';
SET max_parallel_workers_per_gather = 0;
SELECT FROM (SELECT setseed((:seed % 1000000007) / 1000000007.0)) s;
CALL explore_analytics.install();
-- A month of experiments to a partition, so that a look reads little of the others.
SELECT FROM explore_analytics.ensure_partitions('2010-01-01', '2010-01-01'::date + :experiments + 1);
-- Standard normal, of two draws.
CREATE FUNCTION normal() RETURNS float8 LANGUAGE sql VOLATILE RETURN sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random());
-- Out of n tries with chance p more than most(n, p) succeed once in a million times, and so do fewer than fewest(n, p).
CREATE FUNCTION most(n bigint, p float8) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  term float8 := n * ln(p);
  tail float8 := exp(greatest(term, -700));
BEGIN
  FOR k IN REVERSE n - 1 .. 0 LOOP
    IF tail > 1e-6 THEN RETURN k + 1; END IF;
    term := term + ln(1 - p) - ln(p) + ln(k + 1::float8) - ln(n - k::float8);
    tail := tail + exp(greatest(term, -700));
  END LOOP;
  RETURN 0;
END $$;
CREATE FUNCTION fewest(n bigint, p float8) RETURNS bigint LANGUAGE sql IMMUTABLE RETURN n - most(n, 1 - p);
CREATE FUNCTION verdict(what text, truth boolean) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  IF truth IS NOT TRUE THEN RAISE EXCEPTION 'FAIL %', what; END IF;
  RETURN what;
END $$;
