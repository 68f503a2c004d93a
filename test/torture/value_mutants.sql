-- Mutated bytes of stored values through the binary input, the text input and as stored bytes.
-- psql -v mutants=N -v file=PATH (a file the server may write); N mutants for each of the three ways.
-- What must hold: the backend lives, a mutant is refused with 22P02, 22P03, 54000 or 22003, or it is a
-- canonical value (text out and in again gives the same text).
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SELECT setseed(0.42);

CREATE TABLE seed_value (id int GENERATED ALWAYS AS IDENTITY, kind text, bytes bytea);
CREATE FUNCTION bytes_of(text) RETURNS bytea LANGUAGE sql AS $$ SELECT decode($1, 'base64') $$;
INSERT INTO seed_value (kind, bytes)
SELECT 'engagement_summary', bytes_of(summary::text) FROM (
  SELECT engagement_agg((enum_range(NULL::engagement_type))[1 + i % 7], key, i % 1000, i % 3 = 0) AS summary
  FROM (VALUES (0, 1), (1, 1), (5, 3), (40, 1), (200, 17), (5000, 2), (5000, 7919), (70000, 1), (300000, 1)) AS shape(n, stride),
       LATERAL generate_series(1, n) i, LATERAL (SELECT (i * stride::bigint) - 1000 AS key) k
  GROUP BY n, stride
  UNION ALL SELECT engagement_agg('view', key, 0, false) FROM (VALUES (-9223372036854775808), (9223372036854775807), (0), (-1)) AS edge(key)
  UNION ALL SELECT engagement_agg('view', (random() * 9e18)::bigint, 0, false) FROM generate_series(1, 500)) s;
INSERT INTO seed_value (kind, bytes)
SELECT 'viewer_set', bytes_of(viewers(translate(encode(bytes, 'base64'), E'\n', '')::engagement_summary)::text)
FROM seed_value WHERE kind = 'engagement_summary';

-- One to four changes: a byte, a bit, a cut, a tail, a swap of two stretches.
CREATE FUNCTION mutant(bytes bytea) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
  n int;
  at int;
BEGIN
  FOR change IN 1 .. 1 + floor(random() * 4)::int LOOP
    n := length(bytes);
    IF n = 0 THEN RETURN decode('e501', 'hex'); END IF;
    -- Headers matter most: half of the changes hit the first 40 bytes.
    at := floor(random() * CASE WHEN random() < 0.5 THEN least(n, 40) ELSE n END)::int;
    bytes := CASE floor(random() * 6)::int
      WHEN 0 THEN set_byte(bytes, at, floor(random() * 256)::int)
      WHEN 1 THEN set_byte(bytes, at, get_byte(bytes, at) # (1 << floor(random() * 8)::int))
      WHEN 2 THEN set_byte(bytes, at, (ARRAY[0, 1, 127, 128, 255])[1 + floor(random() * 5)::int])
      WHEN 3 THEN substr(bytes, 1, at)
      WHEN 4 THEN bytes || substr(bytes, at + 1, 8)
      ELSE substr(bytes, 1, at) || substr(bytes, at + 3) || substr(bytes, at + 1, 2)
    END;
  END LOOP;
  RETURN bytes;
END $$;

CREATE TABLE outcome (way text, verdict text, count bigint);

-- Text input, and everything one can ask of a value that was let in.
CREATE FUNCTION try_text(kind text, bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  input text := translate(encode(bytes, 'base64'), E'\n', '');
  output text;
BEGIN
  IF kind = 'viewer_set' THEN
    output := (input::viewer_set | input::viewer_set)::text;
    PERFORM cardinality(input::viewer_set), from_roaring(to_roaring(input::viewer_set)), input::viewer_set @> 5;
  ELSE
    output := input::engagement_summary::text;
    PERFORM rollup(input::engagement_summary), views(input::engagement_summary + output::engagement_summary),
      engagement_score(input::engagement_summary), cardinality(viewers(input::engagement_summary));
  END IF;
  RETURN CASE WHEN output = input THEN 'valid' ELSE 'NOT CANONICAL' END;
EXCEPTION
  WHEN invalid_text_representation OR invalid_binary_representation THEN RETURN 'refused';
  WHEN program_limit_exceeded OR numeric_value_out_of_range THEN RETURN 'out of range';
END $$;
INSERT INTO outcome
SELECT 'text', try_text(s.kind, mutant(s.bytes)), 1
FROM generate_series(1, :mutants) i JOIN seed_value s ON s.id = 1 + i % (SELECT count(*) FROM seed_value);

-- Roaring bytes are foreign too.
CREATE FUNCTION try_roaring(bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM cardinality(from_roaring(bytes));
  RETURN CASE WHEN from_roaring(to_roaring(from_roaring(bytes))) = from_roaring(bytes) THEN 'valid' ELSE 'NOT CANONICAL' END;
EXCEPTION
  WHEN invalid_binary_representation THEN RETURN 'refused';
  WHEN program_limit_exceeded THEN RETURN 'out of range';
END $$;
INSERT INTO outcome
SELECT 'roaring', try_roaring(mutant(to_roaring(translate(encode(s.bytes, 'base64'), E'\n', '')::viewer_set))), 1
FROM generate_series(1, :mutants / 4) i JOIN (SELECT * FROM seed_value WHERE kind = 'viewer_set') s
  ON s.id % 11 = i % 11;

-- Binary input: a bytea and a value travel in the same bytes.
CREATE TABLE received_summary (value engagement_summary);
CREATE TABLE received_set (value viewer_set);
SELECT set_config('torture.file', :'file', false);
CREATE FUNCTION try_binary(kind text, bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  into_table text := CASE kind WHEN 'viewer_set' THEN 'received_set' ELSE 'received_summary' END;
BEGIN
  EXECUTE format('COPY (SELECT %L::bytea) TO %L (FORMAT binary)', bytes, current_setting('torture.file'));
  EXECUTE format('COPY %I FROM %L (FORMAT binary)', into_table, current_setting('torture.file'));
  RETURN 'valid';
EXCEPTION
  WHEN invalid_binary_representation THEN RETURN 'refused';
  WHEN program_limit_exceeded OR numeric_value_out_of_range THEN RETURN 'out of range';
END $$;
INSERT INTO outcome
SELECT 'binary', try_binary(s.kind, mutant(s.bytes)), 1
FROM generate_series(1, :mutants) i
JOIN (SELECT * FROM seed_value WHERE length(bytes) < 20000) s ON s.id = 1 + i % (SELECT count(*) FROM seed_value);

-- Stored bytes that no input function has seen: a bytea column that is declared a summary afterwards.
CREATE TABLE stored (kind text, summary bytea, viewers bytea);
INSERT INTO stored
SELECT s.kind, CASE s.kind WHEN 'engagement_summary' THEN mutant(s.bytes) END, CASE s.kind WHEN 'viewer_set' THEN mutant(s.bytes) END
FROM generate_series(1, :mutants) i
JOIN (SELECT * FROM seed_value WHERE length(bytes) < 20000) s ON s.id = 1 + i % (SELECT count(*) FROM seed_value);
UPDATE pg_attribute SET atttypid = 'engagement_summary'::regtype WHERE attrelid = 'stored'::regclass AND attname = 'summary';
UPDATE pg_attribute SET atttypid = 'viewer_set'::regtype WHERE attrelid = 'stored'::regclass AND attname = 'viewers';
\c
SET client_min_messages = warning;
CREATE FUNCTION try_stored(row_at tid) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  verdict text := 'valid';
BEGIN
  BEGIN   -- the header alone
    PERFORM views(summary), unique_viewers(summary), engagement_score(summary), cardinality(viewers) FROM stored WHERE ctid = row_at;
  EXCEPTION WHEN invalid_binary_representation OR numeric_value_out_of_range THEN verdict := 'refused';
  END;
  BEGIN   -- the whole value
    PERFORM cardinality(viewers(summary)), summary + summary, summary::text FROM stored WHERE ctid = row_at;
    PERFORM rollup(summary) FROM stored WHERE ctid = row_at;
    PERFORM viewers | viewers, viewers & viewers, viewers - viewers, viewers @> viewers, to_roaring(viewers) FROM stored WHERE ctid = row_at;
    PERFORM viewer_keys(viewers) FROM stored WHERE ctid = row_at LIMIT 10;
  EXCEPTION WHEN invalid_binary_representation OR numeric_value_out_of_range OR program_limit_exceeded OR invalid_parameter_value THEN verdict := 'refused';
  END;
  RETURN verdict;
END $$;
INSERT INTO outcome SELECT 'stored', try_stored(ctid), 1 FROM stored;

SELECT format('RESULT value_mutants way=%s inputs=%s refused=%s valid=%s not_canonical=%s', way, count(*),
  count(*) FILTER (WHERE verdict IN ('refused', 'out of range')), count(*) FILTER (WHERE verdict = 'valid'),
  count(*) FILTER (WHERE verdict = 'NOT CANONICAL'))
FROM outcome GROUP BY way ORDER BY way;
-- Reached only when every backend lived.
SELECT CASE WHEN count(*) FILTER (WHERE verdict = 'NOT CANONICAL') = 0 AND count(DISTINCT way) = 4 AND count(*) >= 3 * :mutants * 0.7
                 AND count(*) FILTER (WHERE verdict = 'refused') > count(*) / 2
            THEN 'ok value_mutants' ELSE 'FAIL value_mutants' END FROM outcome;
