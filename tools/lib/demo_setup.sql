-- The demo's own corner: how it writes numbers, and what it remembers from step to step.
CREATE SCHEMA demo;

CREATE FUNCTION demo.num(value float8, decimals int DEFAULT 0) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(trim(to_char(value, 'FM999,999,999,999,990' || CASE decimals WHEN 0 THEN '' ELSE '.' || repeat('0', decimals) END)), '-')
$$;

CREATE FUNCTION demo.hours(seconds float8) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN seconds >= 3600 THEN demo.num(seconds / 3600, 1) || ' h'
              WHEN seconds >= 60 THEN demo.num(seconds / 60, 1) || ' min'
              ELSE demo.num(seconds, 1) || ' s' END
$$;

CREATE TABLE demo.answers (request int, received int, recorded int, duplicates int, rejected int, errors jsonb);
CREATE TABLE demo.remembered (name text PRIMARY KEY, value text);

CREATE FUNCTION demo.recall(wanted text) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT value FROM demo.remembered WHERE name = wanted $$;
CREATE FUNCTION demo.as_of() RETURNS timestamptz
LANGUAGE sql STABLE AS $$ SELECT demo.recall('as_of')::timestamptz $$;
CREATE FUNCTION demo.first_day() RETURNS timestamptz
LANGUAGE sql STABLE AS $$ SELECT demo.recall('from')::timestamptz $$;
-- The first and the last midnight of what is shown: between them lie whole days.
CREATE FUNCTION demo.first_midnight() RETURNS timestamptz
LANGUAGE sql STABLE AS $$ SELECT date_trunc('day', demo.first_day() + interval '1 day' - interval '1 microsecond', 'UTC') $$;
CREATE FUNCTION demo.last_midnight() RETURNS timestamptz
LANGUAGE sql STABLE AS $$ SELECT date_trunc('day', demo.as_of(), 'UTC') $$;
