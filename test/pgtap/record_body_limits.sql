-- record_engagement_body() at its limits: numbers, depth, size, and texts that are nearly JSON.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT no_plan();
SELECT FROM (SELECT setseed(0.0816)) s;
INSERT INTO explore_content (id, creator_id) SELECT n, 1 FROM generate_series(1, 9) n;

CREATE FUNCTION refused(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  hint text;
BEGIN
  EXECUTE call;
  RETURN NULL;
EXCEPTION WHEN OTHERS OR query_canceled THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN SQLSTATE || ' ' || SQLERRM || CASE WHEN hint = '' THEN ' (no hint)' ELSE '' END;
END $$;
-- One good item with something more in it.
CREATE FUNCTION item(more text) RETURNS text LANGUAGE sql IMMUTABLE RETURN '{"contentId": 1, "engagementType": "view", ' || more || '}';

-- The whole is refused only when it is no JSON.
SELECT is(refused(format('SELECT record_engagement_body(%L)', body)), wanted, coalesce(left(body, 40), 'NULL'))
FROM (VALUES
  (NULL, '22004 body must not be null'),
  ('', '22P02 body is not JSON: it is empty, or a string in it is not closed or holds a control character'),
  (E' \n\t ', '22P02 body is not JSON: it is empty, or a string in it is not closed or holds a control character'),
  ('["view]', '22P02 body is not JSON: it is empty, or a string in it is not closed or holds a control character'),
  (E'["a\nb"]', '22P02 body is not JSON: it is empty, or a string in it is not closed or holds a control character'),
  (chr(65279) || '[]', '22P02 body is not JSON: "' || chr(65279) || '[]" does not fit at byte 0'),
  ('[] []', '22P02 body is not JSON: "[]" does not fit at byte 3'), ('[]x', '22P02 body is not JSON: "x" does not fit at byte 2'), ('[],', '22P02 body is not JSON: "," does not fit at byte 2'),
  ('[', '22P02 body is not JSON: it ends too early, after 1 bytes'), ('[1,', '22P02 body is not JSON: it ends too early, after 3 bytes'), (']', '22P02 body is not JSON: "]" does not fit at byte 0'),
  ('[1,]', '22P02 body is not JSON: "]" does not fit at byte 3'), ('[,1]', '22P02 body is not JSON: ",1]" does not fit at byte 1'), ('[1 2]', '22P02 body is not JSON: "2]" does not fit at byte 3'),
  ('{"engagements": []', '22P02 body is not JSON: it ends too early, after 18 bytes'), ('{"engagements" []}', '22P02 body is not JSON: "[]}" does not fit at byte 15'), ('{engagements: []}', '22P02 body is not JSON: "engagements: []}" does not fit at byte 1'),
  ('{"engagements": [],}', '22P02 body is not JSON: "}" does not fit at byte 19'), ('[{"a": 1}}', '22P02 body is not JSON: "}" does not fit at byte 9'), ('[{"a": [1}]]', '22P02 body is not JSON: "}]]" does not fit at byte 9'),
  ('[01]', '22P02 body is not JSON: "01]" does not fit at byte 1'), ('[1.]', '22P02 body is not JSON: "1.]" does not fit at byte 1'), ('[.5]', '22P02 body is not JSON: ".5]" does not fit at byte 1'), ('[+1]', '22P02 body is not JSON: "+1]" does not fit at byte 1'),
  ('[1e]', '22P02 body is not JSON: "1e]" does not fit at byte 1'), ('[-]', '22P02 body is not JSON: "-]" does not fit at byte 1'), ('[0x1]', '22P02 body is not JSON: "x1]" does not fit at byte 2'), ('[NaN]', '22P02 body is not JSON: "NaN]" does not fit at byte 1'),
  ('[truee]', '22P02 body is not JSON: "e]" does not fit at byte 5'), ('[tru]', '22P02 body is not JSON: "tru]" does not fit at byte 1'), ('[nul', '22P02 body is not JSON: "nul" does not fit at byte 1'), ('[''x'']', '22P02 body is not JSON: "''x'']" does not fit at byte 1'),
  ('["\x"]', '22P02 body is not JSON: ""\x"]" does not fit at byte 1'), ('["\u12g4"]', '22P02 body is not JSON: ""\u12g4"]" does not fit at byte 1'), ('["\ud83d\u"]', '22P02 body is not JSON: ""\ud83d\u"]" does not fit at byte 1'),
  ('["a"b]', '22P02 body is not JSON: "b]" does not fit at byte 4'), ('["a""b"]', '22P02 body is not JSON: ""b"]" does not fit at byte 4'), ('/**/[]', '22P02 body is not JSON: "/**/[]" does not fit at byte 0'),
  (repeat('[', 100000), '22P02 body is not JSON: it ends too early, after 100000 bytes'), (repeat('{"a":', 100000), '22P02 body is not JSON: it ends too early, after 500000 bytes'),
  (repeat('[', 100000) || repeat(']', 99999), '22P02 body is not JSON: it ends too early, after 199999 bytes'), (repeat(']', 100000), '22P02 body is not JSON: "]]]]]]]]]]]]]]]]]]]]" does not fit at byte 0'),
  ('[' || repeat('é', 15) || ']', '22P02 body is not JSON: "éééééééééé" does not fit at byte 1'),
  ('"\ud83d"', '22023 engagements is not an array'), ('{}', '22023 engagements is not an array'), ('{"engagements": null}', '22023 engagements is not an array'), ('{"engagements": [], "engagements": {}}', '22023 engagements is not an array'),
  ('1e400', '22023 engagements is not an array'), (repeat('[', 100000) || repeat(']', 100000), NULL), ('{"x": ' || repeat('[', 100000) || repeat(']', 100000) || ', "engagements": []}', NULL),
  ('{"\ud83d": "\u0000", "engagements": []}', NULL), ('[]', NULL), ('  {"engagements":[ ]} ', NULL)) v(body, wanted);
SELECT is(refused($$SELECT record_engagement_body('[]', 'ignore')$$), '22023 on_error "ignore" is unknown', 'on_error');
SELECT is(refused($$SELECT record_engagement_body('[', 'ignore')$$), '22023 on_error "ignore" is unknown', 'on_error comes first');

-- What is no jsonb makes one bad item of that one, and says where.
CREATE FUNCTION faults(body text) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(concat_ws(' ', e ->> 'index', e ->> 'code', e ->> 'field', '(' || (e ->> 'message') || ')'), '; ') FROM record_engagement_body(body) b, jsonb_array_elements(b.errors) e
$$;
SELECT is(faults('[' || item('"userId": 5') || ', ' || i || ', ' || item('"userId": 6') || ']'), wanted, i)
FROM (VALUES
  (item('"metadata": {"q": "\ud83d"}'), '1 invalid_value metadata (metadata holds half of a surrogate pair)'), (item('"metadata": "\u0000"'), '1 invalid_value metadata (metadata holds \u0000, which no text can)'),
  (item('"metadata": [1, {"\ude00": 1}]'), '1 invalid_value metadata (metadata holds half of a surrogate pair)'), (item('"metadata": [1e400, 1e131072]'), '1 invalid_value metadata (metadata holds a number that is out of range)'),
  (item('"watchTime": 1e999999999'), '1 invalid_value watchTime (watchTime holds a number that is out of range)'), (item('"userId": "\ud83d"'), '1 invalid_value userId (userId holds half of a surrogate pair)'),
  (item('"user_id": "7\u0000"'), '1 invalid_value userId (userId holds \u0000, which no text can)'), (item('"title": "\ud83d"'), '1 invalid_value (item holds half of a surrogate pair)'), (item('"\ud83d": 1'), '1 invalid_value (item holds half of a surrogate pair)'),
  (item('"userId": "\ud83d", "userId": 5'), '1 invalid_value userId (userId holds half of a surrogate pair)'), ('{"contentId": "\ud83d", "metadata": "\u0000"}', '1 invalid_value contentId (contentId holds half of a surrogate pair)'),
  ('"\ud83d"', '1 not_an_object (item is not an object)'), ('["\u0000"]', '1 not_an_object (item is not an object)'), ('1e999999', '1 not_an_object (item is not an object)'),
  (item('"metadata": "\ud83d\ude00\\ud83d"'), NULL), (item('"metadata": 1e400'), NULL), (item('"watchTime": 1e-400'), NULL), (item('"watchTime": 1e400'), '1 invalid_value watchTime (watchTime must be at most 2147483.647 seconds, not 1' || repeat('0', 39) || '...)')) v(i, wanted);
SELECT results_eq($$SELECT count(*) FILTER (WHERE user_id IN (5, 6)), count(*) FROM explore_engagements$$, 'VALUES (36::bigint, 39::bigint)', 'the items around them are stored');
SELECT is(refused(format('SELECT record_engagement_body(%L, ''abort'')', '[' || item('"userId": 5') || ', ' || i || ']')), wanted, 'abort: ' || i)
FROM (VALUES (item('"metadata": "\ud83d"'), '22023 item 1: metadata holds half of a surrogate pair'), (item('"x": "\u0000"'), '22023 item 1: item holds \u0000, which no text can'), (item('"metadata": 1e131072'), '22003 item 1: metadata holds a number that is out of range'),
  ('7', '22023 item 1: item is not an object')) v(i, wanted);
SELECT is((SELECT count(*) FROM explore_engagements), 39::bigint, 'abort stores nothing');
DELETE FROM explore_engagements;

-- A number is out of range where it is for numeric; at the very end of exponents servers differ.
CREATE TABLE number AS
SELECT n, CASE WHEN random() < 0.5 THEN '-' ELSE '' END || CASE WHEN random() < 0.3 THEN '0' ELSE (1 + floor(random() * 9))::text || repeat('0', floor(random() * 9)::int) || floor(random() * 99)::text END
  || CASE WHEN random() < 0.6 THEN '.' || repeat('0', floor(random() * 9)::int) || floor(random() * 999)::text ELSE '' END
  || 'e' || ((ARRAY[131072, 131072, -16383, -16383, 1073741823, -1073741823])[1 + floor(random() * 6)::int] + floor(random() * 24)::int - 12)::text AS t
FROM generate_series(1, 3000) n;
INSERT INTO number (t) VALUES ('1' || repeat('0', 131071)), ('1' || repeat('0', 131072)), ('-1' || repeat('9', 131071)), ('0.' || repeat('0', 16382) || '1'), ('0.' || repeat('0', 16383)), ('0.' || repeat('1', 16383)), ('0.' || repeat('1', 16384)),
  ('0.' || repeat('0', 17000) || 'e1000'), ('0.' || repeat('0', 17000) || 'e10'), (repeat('9', 140000) || 'e-9000'), (repeat('9', 140000) || 'e-8928'), (repeat('9', 140000) || 'e-8927');
SELECT is_empty($$SELECT left(t, 40), length(t), taken FROM number, LATERAL (SELECT refused(format('SELECT %L::numeric', t)) IS NULL) n(taken), LATERAL (SELECT b.recorded = 1 FROM record_engagement_body('[' || item('"metadata": ' || t) || ']') b) r(recorded)
  WHERE taken <> recorded AND t !~ 'e-?1073741823$'$$, 'metadata takes the numbers that numeric takes');
SELECT is_empty($$SELECT e.id FROM explore_engagements e WHERE jsonb_typeof(e.metadata) <> 'number'$$, 'as numbers');
SELECT cmp_ok((SELECT count(*) FROM explore_engagements), '>', 700::bigint, 'many of them');
DELETE FROM explore_engagements;

-- What an item says of a number with an exponent is what it says of the number that jsonb has made of it.
SELECT is_empty($$SELECT field, t, b, j FROM unnest('{contentId,engagementType,userId,sessionId,watchTime,completed,createdAt,eventId}'::text[]) field,
    unnest('{1,-1,0,0.0,12.5,-0.00,9223372036854775807,92233720368547758.07,2147483647000,2147483.6474}'::text[]) digits, (SELECT generate_series(-70, 70) UNION ALL VALUES (-16000), (131000)) e(e), LATERAL (SELECT digits || 'e' || e) x(t),
    record_engagement_body('[' || item(format('"%s": %s', field, t)) || ']') b, record_engagement_batch(('[' || item(format('"%s": %s', field, t)) || ']')::jsonb) j WHERE b IS DISTINCT FROM j$$, 'numbers of every size in every field');
DELETE FROM explore_engagements;

-- Metadata is what it would be by the jsonb function: exact, however deep.
CREATE TABLE kept (t text);
INSERT INTO kept VALUES ('1e400'), ('1.10'), ('-0.0'), ('123456789012345678901234567890.12345'), ('"\u00e9\ud83d\ude00é"'), ('{"b": 1, "a": 2, "b": 3, "": null}'), ('[[], {}, [null]]'), ('true'), ('""'), ('"\"\\\/\b\f\n\r\t\u0001"'), ('{"a\u0062": "\u0061b"}'),
  (repeat('[', 50) || repeat(']', 50)), (repeat('[', 101) || repeat(']', 101)), (repeat('{"a":', 1000) || '1' || repeat('}', 1000)), ('"' || repeat('x', 3000000) || '"'), ('[' || repeat('1,', 100000) || '1]');
SELECT is(b.recorded, 1, 'metadata of ' || length(t) || ' bytes: ' || left(t, 20)) FROM kept, record_engagement_body('[' || item('"metadata": ' || t) || ']') b;
SELECT is_empty($$(SELECT metadata FROM explore_engagements EXCEPT ALL SELECT t::jsonb FROM kept) UNION ALL (SELECT t::jsonb FROM kept EXCEPT ALL SELECT metadata FROM explore_engagements)$$, 'it is stored as jsonb makes it of its text');
DELETE FROM explore_engagements;
SELECT is(faults('[' || item('"metadata": ' || repeat('[', 200000) || repeat(']', 200000)) || ', ' || item('"x": ' || repeat('{"a":', 200000) || '1' || repeat('}', 200000)) || ', ' || item('"metadata": [2]') || ']'),
  '0 invalid_value metadata (metadata is too deep or too large, or has a character that the database has not)', 'metadata deeper than the server goes is one bad item, and what is ignored may be deeper');
SELECT results_eq('SELECT metadata::text FROM explore_engagements ORDER BY id', $$VALUES (NULL), ('[2]')$$, 'the others are stored');
-- A depth bomb leaves the backend as it was.
SELECT is(refused('SELECT 1/0'), '22012 division by zero (no hint)', 'the session goes on');
DELETE FROM explore_engagements;

-- Count and size.
SELECT is(refused(format('SELECT record_engagement_body((SELECT ''['' || string_agg(%L, '','') || '']'' FROM generate_series(1, 10001)))', '{}')), '54000 10001 items are more than 10000', '10,001 items');
SELECT is((SELECT (received, rejected)::text FROM record_engagement_body((SELECT '[' || string_agg('{}', ',') || ']' FROM generate_series(1, 10000)))), '(10000,10000)', '10,000 items');
SELECT is((SELECT (received, recorded)::text FROM record_engagement_body((SELECT '{"engagements": [' || string_agg(item('"userId": ' || n), ',') || ']}' FROM generate_series(1, 10000) n))), '(10000,10000)', 'all of them good');
SELECT is(views(content_summary(1)), 10000::bigint, 'counted');
SELECT is(refused($$SELECT record_engagement_body('[' || repeat(' ', 64 * 1024 * 1024 - 1) || ']')$$), '54000 body of 67108865 bytes is larger than 67108864', 'more than 64 MB');
SELECT is(refused($$SELECT record_engagement_body('[' || repeat(' ', 64 * 1024 * 1024 - 2) || ']')$$), NULL, '64 MB');
SELECT is(refused($$SELECT record_engagement_body('[' || repeat('1,', 10000000) || '1]')$$), '54000 10000001 items are more than 10000', 'ten million items');
SELECT is(refused($$SELECT record_engagement_body('[' || repeat('1,', 10000000) || ']')$$), '22P02 body is not JSON: "]" does not fit at byte 20000001', 'of a text that is not JSON');
-- The text is made first, then the call is cancelled, then the text is read.
SELECT is(refused($$SELECT record_engagement_body('[' || repeat('1,', 100000) || left(pg_cancel_backend(pg_backend_pid())::text, 0) || '1]')$$), '57014 canceling statement due to user request (no hint)', 'reading can be cancelled');
SELECT is((SELECT recorded FROM record_engagement_body('[' || item('"userId": 5') || ']')), 1, 'and small ones as ever');
DELETE FROM explore_engagements;
SELECT is(faults('[' || item('"metadata": [' || repeat('1,', 17000000) || '1]') || ', ' || item('"metadata": [3]') || ']'), '0 invalid_value metadata (metadata holds more than 8388608 values)', 'metadata of more values than fit one array');
SELECT is(faults('[' || item('"metadata": {' || repeat('"":1,', 8400000) || '"a":1}') || ', ' || item('"metadata": [4]') || ']'), '0 invalid_value metadata (metadata holds more than 8388608 values)', 'or one object');
SELECT results_eq('SELECT metadata::text FROM explore_engagements ORDER BY id', $$VALUES ('[3]'), ('[4]')$$, 'the others are stored');

-- The memory of the parser is given back after a large text, and kept after small ones.
CREATE FUNCTION process_kb() RETURNS bigint LANGUAGE sql AS $$ SELECT substring(pg_read_file('/proc/self/status', 0, 20000, true) FROM 'RssAnon:\s+(\d+) kB')::bigint $$;
SELECT process_kb() AS before \gset
SELECT recorded FROM record_engagement_body('[' || repeat(' ', 30 * 1024 * 1024) || item('"userId": 5') || ']') \g /dev/null
SELECT refused($$SELECT record_engagement_body('[' || repeat('[1],', 5000000))$$) \g /dev/null
SELECT cmp_ok(coalesce(process_kb() - :'before'::bigint, 0), '<', 4096::bigint, 'after texts of 30 and 20 MB the process has grown by less than 4 MB');
SELECT * FROM finish();
