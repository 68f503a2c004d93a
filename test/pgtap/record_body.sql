-- record_engagement_body() says and stores what record_engagement_batch() does, item by item: its text is refused
-- only where type json refuses it, and an item that is no jsonb by itself is one bad item.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
BEGIN;   -- one now() for all calls
SELECT no_plan();
SELECT FROM (SELECT setseed(0.0815)) s;

INSERT INTO explore_content (id, creator_id) SELECT n, 1 FROM generate_series(1, 9) n;
INSERT INTO explore_feed_sessions (id, user_id) VALUES (7, 5), (8, NULL);

-- What a call says and stores, and nothing of it stays; of one that is refused the SQLSTATE.
CREATE FUNCTION told(call text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  answer jsonb;
BEGIN
  BEGIN
    EXECUTE format('SELECT to_jsonb(b) FROM %s b', call) INTO answer;
    answer := answer || jsonb_build_object('stored', (SELECT coalesce(jsonb_agg(to_jsonb(e) - '{id,epoch}'::text[] ORDER BY e.id), '[]') FROM explore_engagements e),
      'saved', (SELECT coalesce(jsonb_agg(s ORDER BY s.user_id, s.content_id), '[]') FROM explore_saved_properties s));
    RAISE EXCEPTION 'back' USING ERRCODE = 'ZZ001';
  EXCEPTION WHEN SQLSTATE 'ZZ001' THEN
    RETURN answer;
  END;
EXCEPTION WHEN OTHERS THEN
  RETURN jsonb_build_object('refused', SQLSTATE);
END $$;
CREATE FUNCTION is_json(t text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM t::json;
  RETURN true;
EXCEPTION WHEN OTHERS THEN
  RETURN false;
END $$;
CREATE FUNCTION as_jsonb(t text) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
  RETURN t::jsonb;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END $$;
-- What the text of an array should do: the batch of its items, with null in the place of objects that are no jsonb.
CREATE FUNCTION wanted(items text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  batch jsonb;
  flawed int[];
  answer jsonb;
BEGIN
  IF NOT is_json(items) THEN RETURN '{"refused": "22P02"}'; END IF;
  IF json_typeof(items::json) <> 'array' THEN RETURN '{"refused": "22023"}'; END IF;
  SELECT coalesce(jsonb_agg(coalesce(as_jsonb(i::text), 'null') ORDER BY o), '[]'), array_agg(o - 1) FILTER (WHERE as_jsonb(i::text) IS NULL AND json_typeof(i) = 'object')
  INTO batch, flawed FROM json_array_elements(items::json) WITH ORDINALITY x(i, o);
  answer := told(format('record_engagement_batch(%L)', batch));
  RETURN jsonb_set(answer, '{errors}', (SELECT coalesce(jsonb_agg(CASE WHEN (e ->> 'index')::int = ANY (flawed) THEN jsonb_build_object('index', e -> 'index', 'code', 'invalid_value') ELSE e END ORDER BY o), '[]')
    FROM jsonb_array_elements(answer -> 'errors') WITH ORDINALITY x(e, o)));
END $$;
-- What it does, with field and message left out where the batch could say nothing.
CREATE FUNCTION got(body text, wanted jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  answer jsonb := told(format('record_engagement_body(%L)', body));
BEGIN
  IF answer ? 'refused' THEN RETURN answer; END IF;
  RETURN jsonb_set(answer, '{errors}', (SELECT coalesce(jsonb_agg(CASE WHEN NOT coalesce(w ? 'message', true) THEN e - '{field,message}'::text[] ELSE e END ORDER BY o), '[]')
    FROM jsonb_array_elements(answer -> 'errors') WITH ORDINALITY x(e, o) LEFT JOIN jsonb_array_elements(wanted -> 'errors') v(w) ON w -> 'index' = e -> 'index'));
END $$;

-- ---------------------------------------------------------------------------------------------------
-- Random texts: keys in both spellings, escaped, repeated and unknown; values good, bad and no jsonb at all
-- ---------------------------------------------------------------------------------------------------
CREATE FUNCTION any_of(VARIADIC texts text[]) RETURNS text LANGUAGE sql VOLATILE RETURN texts[1 + floor(random() * cardinality(texts))::int];
CREATE FUNCTION blank() RETURNS text LANGUAGE sql VOLATILE RETURN CASE WHEN random() < 0.8 THEN '' ELSE any_of(' ', E'\n', E'\t', E' \r\n ', '     ') END;
CREATE FUNCTION any_number() RETURNS text LANGUAGE sql VOLATILE RETURN any_of('0', '1', '2', '7', '8', '-0', '-0.0', '0.0', '1.0', '2.000', '1e0', '20e-1', '0.03E2', '3000e-3', '7.5', '-1', '1.5E+1', '1e-3', '0.0005', '1.0005e0',
  '-0e5', '0e999999', '1e400', '-1e400', '1e-400', '1e131071', '1e131072', '1E-16383', '1e-16384', '0e-16384', '99999e131068', '0.00001e131076', '1e99999999999999999999', '0e99999999999', '9223372036854775807', '9223372036854775808',
  '2147483.6474', '2147483.6475', '2147483647e-3', '21474836475e-4', '123456789012345678901234567890.123456789', '1' || repeat('0', 2000), '0.' || repeat('0', 1500) || '1');
CREATE FUNCTION any_string() RETURNS text LANGUAGE sql VOLATILE RETURN any_of('""', '"view"', '"save"', '"complete"', '"progress"', '"click"', '"v\u0069ew"', '"View"', '"1"', '"2"', '"\u0032"', '"7"', '"-1"', '"x"', '"2025-03-01T10:00:00Z"', '"2025-03-01 10:00:00.25+04"',
  '"1999-12-31T23:59:59Z"', '"2999-01-01T00:00:00Z"', '"infinity"', '"00000000-0000-4000-8000-000000000001"', '"00000000-0000-4000-8000-00000000000\u0032"', '"\u0000"', '"a\u0000b"', '"\ud83d"', '"\ude00"', '"\ud83d\ude00"', '"\uD83D\uDE00"',
  '"\ud83dx"', '"x\ud83d\n"', '"\ud83d\ud83d\ude00"', '"\ude00\ud83d"', '"\\ud83d"', '"\\\ud83d"', '"' || chr(128512) || 'é"', '"\"\\\/\b\f\n\r\t"', '"\u00e9\u4e2d"', '"tab' || chr(127) || '"', '"1.5"', '"a long text, longer than what a message repeats of it, with an é at the end of it: éééé"');
CREATE FUNCTION any_value(depth int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  p float8 := random();
BEGIN
  IF p < 0.35 THEN RETURN any_number(); END IF;
  IF p < 0.75 OR depth > 4 THEN RETURN any_string(); END IF;
  IF p < 0.85 THEN RETURN any_of('true', 'false', 'null', 'null'); END IF;
  IF p < 0.92 THEN
    RETURN '[' || coalesce((SELECT string_agg(blank() || any_value(depth + 1) || blank(), ',') FROM generate_series(1, floor(random() * 4)::int)), blank()) || ']';
  END IF;
  RETURN '{' || coalesce((SELECT string_agg(blank() || any_string() || blank() || ':' || blank() || any_value(depth + 1) || blank(), ',') FROM generate_series(1, floor(random() * 4)::int)), blank()) || '}';
END $$;
-- A value that a field may well have.
CREATE FUNCTION good_value(field text) RETURNS text LANGUAGE sql VOLATILE RETURN CASE field
  WHEN 'contentId' THEN any_of('1', '2', '3', '"4"', '5.0', '6e0', '99') WHEN 'engagementType' THEN any_of('"view"', '"save"', '"share"', '"click"', '"complete"', '"progress"', '"v\u0069ew"') WHEN 'userId' THEN any_of('5', '"6"', 'null', '70e-1')
  WHEN 'sessionId' THEN any_of('7', '8', '"8"', 'null', '9') WHEN 'watchTime' THEN any_of('0', '1.5', '25e-1', '12.3456', 'null') WHEN 'completed' THEN any_of('true', 'false', 'null')
  WHEN 'createdAt' THEN any_of('"2025-03-01T10:00:00Z"', '"2025-03-02T10:00:00.5+04:00"', 'null') WHEN 'eventId' THEN format('"00000000-0000-4000-8000-0000000000%s"', lpad(floor(random() * 99)::text, 2, '0'))
  ELSE any_value(0) END;
CREATE FUNCTION spelled(field text) RETURNS text LANGUAGE sql VOLATILE RETURN CASE WHEN random() < 0.6 THEN field WHEN random() < 0.8 THEN lower(regexp_replace(field, '([A-Z])', '_\1', 'g')) ELSE regexp_replace(field, 'e', '\\u0065') END;
CREATE FUNCTION any_item(p_good float8) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  fields text[] := ARRAY['contentId', 'engagementType'];
BEGIN
  IF random() < 0.03 THEN RETURN any_value(3); END IF;
  fields := fields || ARRAY(SELECT f FROM unnest('{userId,sessionId,watchTime,completed,createdAt,eventId,metadata,contentId,engagementType,watchTime}'::text[]) f WHERE random() < 0.35);
  RETURN '{' || blank() || (SELECT string_agg(pair, ',' || blank() ORDER BY random()) FROM (
      SELECT format('"%s"', spelled(f)) || blank() || ':' || blank() || CASE WHEN random() < p_good THEN good_value(f) ELSE any_value(0) END || blank() AS pair FROM unnest(fields) f
      UNION ALL SELECT any_string() || ':' || any_value(2) FROM generate_series(1, CASE WHEN random() < 0.15 THEN 1 ELSE 0 END)) p) || '}';
END $$;
-- A body, and the array that counts in it.
CREATE FUNCTION any_body(p_good float8, OUT body text, OUT items text) LANGUAGE plpgsql AS $$
DECLARE
  p float8 := random();
BEGIN
  items := '[' || blank() || coalesce((SELECT string_agg(any_item(p_good) || blank(), ',' || blank()) FROM generate_series(1, floor(power(random(), 2) * 9)::int)), '') || ']';
  IF p < 0.7 THEN
    body := blank() || items || blank();
  ELSIF p < 0.9 THEN
    body := format('{%s"engag%sments":%s%s}%s', CASE WHEN random() < 0.3 THEN any_string() || ':' || any_value(3) || ',' ELSE '' END, any_of('e', '\u0065'), items,
      CASE WHEN random() < 0.3 THEN ',"sentAt":' || any_value(3) ELSE '' END, blank());
  ELSIF p < 0.97 THEN
    body := items;
    items := any_of('null', '[]', '{}', items, '7', '"\ud83d"');
    body := format('{"engagements" : %s,"a":1 ,"engagements": %s}', body, items);
  ELSE
    items := any_of('7', '"x"', 'null', 'true', '"\u0000"', '{}', '{"items":[]}', '{"contentId":1,"engagementType":"view"}', '{"Engagements":[]}', '-1e400');
    body := items;
  END IF;
END $$;

-- As many items are good as are bad, or nearly all are good.
CREATE TABLE trial AS SELECT n, b.* FROM generate_series(1, 1200) n, LATERAL any_body(CASE WHEN n % 2 = 0 THEN 0.97 ELSE 0.7 END) b;
ALTER TABLE trial ADD wanted jsonb, ADD got jsonb;
UPDATE trial SET wanted = wanted(items);
UPDATE trial SET got = got(body, wanted);
SELECT is_empty('SELECT n, body, wanted, got FROM trial WHERE wanted IS DISTINCT FROM got', 'random texts do what the batch of their items does');
SELECT cmp_ok((SELECT sum((got ->> 'recorded')::int) FROM trial), '>', 800::bigint, 'enough items are recorded');
SELECT cmp_ok((SELECT sum((got ->> 'rejected')::int) FROM trial), '>', 800::bigint, 'enough are rejected');
SELECT cmp_ok((SELECT count(*) FROM trial, jsonb_array_elements(got -> 'errors') e WHERE NOT e ? 'message'), '>', 100::bigint, 'enough of them because they are no jsonb');
SELECT cmp_ok((SELECT count(DISTINCT e ->> 'code') FROM trial, jsonb_array_elements(got -> 'errors') e), '>=', 7::bigint, 'for every reason');
SELECT cmp_ok((SELECT count(*) FROM trial, jsonb_array_elements(got -> 'stored') s WHERE jsonb_typeof(s -> 'metadata') IN ('object', 'array', 'number')), '>', 50::bigint, 'with metadata of every kind');

-- The other direction: what is jsonb gives the same as text.
CREATE TABLE document AS
SELECT n, jsonb_agg(i) AS batch FROM (SELECT n, as_jsonb(any_item(0.9)) AS i FROM generate_series(1, 300) n, generate_series(1, 6)) x WHERE i IS NOT NULL GROUP BY n;
SELECT is_empty($$SELECT batch, b, t FROM document, told(format('record_engagement_batch(%L)', batch)) b, told(format('record_engagement_body(%L)', batch::text)) t WHERE b IS DISTINCT FROM t$$, 'the text of a batch is the batch');
SELECT is_empty($$SELECT batch, b, t FROM document, told(format('record_engagement_batch(%L, ''abort'')', batch)) b, told(format('record_engagement_body(%L, ''abort'')', jsonb_pretty(batch))) t WHERE b IS DISTINCT FROM t$$, 'with on_error abort, too');

-- One character of a text taken out, put in or replaced: JSON or not is what type json says.
CREATE TABLE mutant AS
SELECT n, CASE n % 3 WHEN 0 THEN overlay(body PLACING c FROM at FOR 1) WHEN 1 THEN overlay(body PLACING '' FROM at FOR 1) ELSE overlay(body PLACING c FROM at FOR 0) END AS body
FROM (SELECT t.n * 10 + k AS n, t.body, 1 + floor(random() * length(t.body))::int AS at, any_of('{', '}', '[', ']', ',', ':', '"', '\', '0', '1', '-', '.', 'e', 'u', 't', ' ', E'\x01', E'\n', 'é', '/') AS c
      FROM (SELECT n, body FROM trial WHERE body ~ '^\s*\[' AND length(body) BETWEEN 2 AND 700 LIMIT 400) t, generate_series(1, 4) k OFFSET 0) m;
ALTER TABLE mutant ADD wanted jsonb, ADD got jsonb;
UPDATE mutant SET wanted = wanted(body);
UPDATE mutant SET got = got(body, wanted);
SELECT is_empty('SELECT n, body, wanted, got FROM mutant WHERE wanted IS DISTINCT FROM got', 'and so do damaged ones');
SELECT cmp_ok((SELECT count(*) FROM mutant WHERE got ->> 'refused' = '22P02'), '>', 500::bigint, 'many of them are not JSON');
SELECT cmp_ok((SELECT count(*) FROM mutant WHERE NOT got ? 'refused'), '>', 200::bigint, 'and many are');
SELECT * FROM finish();
ROLLBACK;
