-- Text graphics in databases that have no block elements: ASCII, whatever the client speaks. Each database is asked
-- first, what it said is judged in this one.
\set QUIET 1
\set home :DBNAME
SET client_min_messages = warning;
-- What an interrupted run left behind.
DROP DATABASE IF EXISTS pictures_in_sql_ascii;
DROP DATABASE IF EXISTS pictures_in_latin1;
DROP DATABASE IF EXISTS pictures_in_euc_jp;
CREATE DATABASE pictures_in_sql_ascii ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0;
CREATE DATABASE pictures_in_latin1 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0;
CREATE DATABASE pictures_in_euc_jp ENCODING 'EUC_JP' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0;
\set ask 'SELECT concat_ws(\'|\', current_setting(\'client_encoding\'), bar(5, 8, 4), bar(1, 2), sparkline(\'{0,1,2,3,4,5,6,7,NULL,7}\'))'

\c pictures_in_sql_ascii
SET client_min_messages = warning;
CREATE EXTENSION explore_analytics;
SET client_encoding = 'UTF8';
:ask AS sql_ascii_utf8 \gset
SET client_encoding = 'SQL_ASCII';
:ask AS sql_ascii \gset

\c pictures_in_latin1
SET client_min_messages = warning;
CREATE EXTENSION explore_analytics;
SET client_encoding = 'UTF8';
:ask AS latin1_utf8 \gset
SET client_encoding = 'LATIN1';
:ask AS latin1 \gset

\c pictures_in_euc_jp
SET client_min_messages = warning;
CREATE EXTENSION explore_analytics;
SET client_encoding = 'UTF8';
:ask AS euc_jp_utf8 \gset

\c :home
SET client_min_messages = warning;
SET client_encoding = 'UTF8';
DROP DATABASE pictures_in_sql_ascii;
DROP DATABASE pictures_in_latin1;
DROP DATABASE pictures_in_euc_jp;
CREATE EXTENSION explore_analytics;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(6);
SELECT is(:'sql_ascii_utf8'::text, 'UTF8|##- |##########          |_.:-=+*# #', 'SQL_ASCII, to a client of UTF-8');
SELECT is(:'sql_ascii'::text, 'SQL_ASCII|##- |##########          |_.:-=+*# #', 'SQL_ASCII');
SELECT is(:'latin1_utf8'::text, 'UTF8|##- |##########          |_.:-=+*# #', 'LATIN1, to a client of UTF-8');
SELECT is(:'latin1'::text, 'LATIN1|##- |##########          |_.:-=+*# #', 'LATIN1');
SELECT is(:'euc_jp_utf8'::text, 'UTF8|##- |##########          |_.:-=+*# #', 'EUC_JP, to a client of UTF-8');
:ask AS here \gset
SELECT is(:'here'::text, 'UTF8|██▌ |██████████          |▁▂▃▄▅▆▇█ █', 'and UTF8, which has them');
SELECT * FROM finish();
