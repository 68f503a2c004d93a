-- The demo's own corner: drawing in text, and what it remembers from step to step.
CREATE SCHEMA demo;

CREATE FUNCTION demo.bar(value float8, maximum float8, width int DEFAULT 30) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN value > 0 AND maximum > 0
              THEN repeat('█', eighths / 8) || rtrim(substr(' ▏▎▍▌▋▊▉', eighths % 8 + 1, 1)) ELSE '' END
  FROM (SELECT greatest(1, round(least(value / nullif(maximum, 0), 1) * width * 8)::int)) AS e (eighths)
$$;

CREATE FUNCTION demo.spark(series float8[]) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT string_agg(CASE WHEN high > 0 THEN substr('▁▂▃▄▅▆▇█', 1 + least(7, floor(v / high * 8)::int), 1)
                         ELSE '▁' END, '' ORDER BY n)
  FROM unnest(series) WITH ORDINALITY u (v, n), (SELECT max(m) FROM unnest(series) m) AS h (high)
$$;

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
