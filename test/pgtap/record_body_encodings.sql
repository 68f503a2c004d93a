-- Recording in databases of other encodings: an escape that the encoding has no character for is one bad item, and a
-- message is cut between characters. Each database is asked first, what it said is judged in this one.
\set QUIET 1
\set home :DBNAME
SET client_min_messages = warning;
CREATE DATABASE record_in_sql_ascii ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0;
CREATE DATABASE record_in_euc_jp ENCODING 'EUC_JP' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0;

\c record_in_sql_ascii
SET client_min_messages = warning;
CREATE EXTENSION explore_analytics;
CALL explore_analytics.install();
INSERT INTO explore_content (id, creator_id) VALUES (1, 1);
SELECT recorded AS ascii_recorded, errors AS ascii_errors FROM record_engagement_body('[{"contentId": 1, "engagementType": "view", "metadata": {"q": "\u20ac"}},
  {"contentId": 1, "engagementType": "view", "metadata": {"\u20ac": 1}}, {"contentId": 1, "engagementType": "view", "\u20ac": "\u20ac", "metadata": {"q": "\u0041"}}]') \gset

\c record_in_euc_jp
SET client_min_messages = warning;
SET client_encoding = 'UTF8';
CREATE EXTENSION explore_analytics;
CALL explore_analytics.install();
-- Two bytes a character, of which the second looks like the first one of UTF-8; at even and at odd places.
SELECT string_agg(errors -> 0 ->> 'message', '|' ORDER BY n) AS euc_batch FROM generate_series(0, 1) n, record_engagement_batch(jsonb_build_array(jsonb_build_object('contentId', repeat('x', n) || repeat('日', 30)))) \gset
SELECT string_agg(errors -> 0 ->> 'message', '|' ORDER BY n) AS euc_body FROM generate_series(0, 1) n, record_engagement_body(format('[{"contentId": "%s"}]', repeat('x', n) || repeat('日', 30))) \gset

\c :home
SET client_min_messages = warning;
DROP DATABASE record_in_sql_ascii;
DROP DATABASE record_in_euc_jp;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(4);
SELECT is(:'ascii_recorded'::int, 1, 'SQL_ASCII: the good item is stored');
SELECT is((SELECT string_agg(concat_ws(' ', e ->> 'index', e ->> 'code', e ->> 'field'), ', ' ORDER BY o) FROM jsonb_array_elements(:'ascii_errors'::jsonb) WITH ORDINALITY x(e, o)), '0 invalid_value metadata, 1 invalid_value metadata', 'the others are bad items');
SELECT is(:'euc_batch', format('contentId must be a positive integer, not "%s..."|contentId must be a positive integer, not "x%s..."', repeat('日', 20), repeat('日', 19)), 'EUC_JP: a batch cuts between characters');
SELECT is(:'euc_body'::text, :'euc_batch'::text, 'and so does a body');
SELECT * FROM finish();
