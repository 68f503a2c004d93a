-- Traffic that should not count: every number is, while a viewer is excluded, what it would be had there been no such viewer,
-- and afterwards what it was.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
SELECT no_plan();

INSERT INTO explore_content (id, creator_id, title, category) SELECT n, 1 + n % 3, 'content ' || n, 'category ' || n % 2 FROM generate_series(1, 9) n;
INSERT INTO explore_discovery_videos (id, content_id, duration_ms) SELECT 10 + n, n, 9000 FROM generate_series(1, 9) n;
INSERT INTO explore_feed_sessions (id, user_id, session_start, session_end, device_type)
SELECT 100 + n, CASE WHEN n % 2 = 0 THEN 20 + n END, '2025-02-01'::timestamptz + n * interval '1 hour', CASE WHEN n % 3 = 0 THEN '2025-02-20'::timestamptz END, 'device ' || n % 2 FROM generate_series(1, 12) n;
INSERT INTO explore_viewers (user_id, gender, birth_year) SELECT n, CASE WHEN n % 2 = 0 THEN 'f' ELSE 'm' END, 1970 + n FROM generate_series(1, 60) n;
-- 17 comes first in many things; also in a month of the default partition.
CREATE FUNCTION put(k integer, n integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id, metadata)
  SELECT 1 + i % 9, CASE WHEN i % 6 = 0 THEN NULL WHEN i % 4 = 0 THEN 17 ELSE 1 + i % 53 END, CASE WHEN i % 3 = 0 THEN 101 + i % 12 END,
         (ARRAY['view', 'view', 'save', 'click', 'complete', 'view', 'share', 'skip', 'impression', 'progress'])[1 + i % 10]::engagement_type,
         i * 7 % 20000, i % 3 = 0, '2025-02-01'::timestamptz + i * interval '29 minutes', gen_random_uuid(), jsonb_build_object('i', i)
  FROM generate_series(k, k + n - 1) i
$$;
SELECT put(1, 1500) \g /dev/null
CALL explore_analytics.refresh();
SELECT put(1501, 300) \g /dev/null
CALL explore_analytics.refresh();
SELECT put(1801, 60) \g /dev/null
SELECT define_cohort('savers', '{"did": "save"}') \g /dev/null
SELECT define_experiment('page', '{a,b}') \g /dev/null
SELECT record_exposure('page', n, variant => CASE WHEN n % 2 = 0 THEN 'a' ELSE 'b' END, exposed_at => '2025-02-02') FROM generate_series(1, 53) n \g /dev/null

CREATE FUNCTION numbers() RETURNS TABLE (what text, told text) LANGUAGE sql AS $$
  SELECT 'videos', string_agg(v::text, E'\n') FROM videos_analytics() v
  UNION ALL SELECT 'a week of videos', string_agg(v::text, E'\n') FROM videos_analytics(NULL, '2025-02-05 07:13', '2025-02-12') v
  UNION ALL SELECT 'creators', string_agg(c::text, E'\n') FROM generate_series(1, 3) i, creator_analytics(i) c
  UNION ALL SELECT 'platform', string_agg(p || ' ' || a::text, E'\n') FROM unnest('{day,week,month,all}'::text[]) p, aggregated_metrics(p, NULL, '2025-02-20') a
  UNION ALL SELECT 'periods of creators', string_agg(a::text, E'\n') FROM generate_series(1, 3) i, aggregated_metrics('all', i) a
  UNION ALL SELECT 'dashboard', creator_dashboard(2, 'month', '2025-03-01')::text
  UNION ALL SELECT 'viewers', string_agg(c.id || ': ' || ARRAY(SELECT viewer_keys(viewers(content_summary(c.id))))::text, ' ' ORDER BY c.id) FROM explore_content c
  UNION ALL SELECT 'sessions', string_agg(s::text, E'\n') FROM generate_series(101, 112) i, session_analytics(i) s
  UNION ALL SELECT 'live', string_agg(l::text, E'\n') FROM live_metrics(600, as_of => '2025-02-10') l
  UNION ALL SELECT 'trending', string_agg(t::text, E'\n') FROM trending_content('30 days', as_of => '2025-03-01') t
  UNION ALL SELECT 'series', string_agg(s::text, E'\n') FROM metric_series('unique_viewers', '2025-02-01', '2025-03-10') s
  UNION ALL SELECT 'new viewers', string_agg(s::text, E'\n') FROM metric_series('new_viewers', '2025-02-01', '2025-03-10') s
  UNION ALL SELECT 'top', string_agg(t::text, E'\n') FROM top_videos('views') t
  UNION ALL SELECT 'audience', string_agg(a::text, E'\n') FROM unnest('{gender,age_group,device_type}'::text[]) d, audience_breakdown(d, min_group => 1) a
  UNION ALL SELECT 'funnel', string_agg(f::text, E'\n') FROM funnel('{view,save,click}', within => '3 days') f
  UNION ALL SELECT 'retention curve', string_agg(c::text, E'\n') FROM retention_curve(12, bins => 10) c
  UNION ALL SELECT 'retention', string_agg(r::text, E'\n') FROM viewer_retention('2025-02-01', '2025-03-10', as_of => '2025-03-10') r
  UNION ALL SELECT 'lifecycle', string_agg(l::text, E'\n') FROM viewer_lifecycle('2025-02-01', '2025-02-10') l
  UNION ALL SELECT 'stickiness', string_agg(s::text, E'\n') FROM stickiness('2025-02-20') s
  UNION ALL SELECT 'cohort', viewer_keys::text FROM (SELECT array_agg(k) AS viewer_keys FROM viewer_keys(cohort('savers')) k) k
  UNION ALL SELECT 'attribution', string_agg(a::text, E'\n') FROM attribution('click', model => 'linear') a
  UNION ALL SELECT 'experiment', string_agg(e::text, E'\n') FROM experiment_results('page', '{views,any_save,total_watch_time}', as_of => '2025-03-10') e
  UNION ALL SELECT 'compare', string_agg(c::text, E'\n') FROM compare_video(12, baseline => 'platform') c
  UNION ALL SELECT 'days', string_agg(d::text, E'\n' ORDER BY d.day, d.content_id) FROM explore_video_daily d
  UNION ALL SELECT 'days of all', string_agg(d::text, E'\n' ORDER BY d.day) FROM explore_platform_daily d
$$;
CREATE VIEW oddities AS SELECT v.scope, v.problem FROM explore_analytics.verify() v UNION ALL SELECT 'ledger', c.high::text FROM explore_analytics.check_ledger() c;
CREATE VIEW all_rows AS SELECT id, content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id, metadata FROM explore_engagements;
CREATE TABLE first_numbers AS SELECT * FROM numbers();
CREATE TABLE first_rows AS TABLE all_rows;

-- What it would be: the rows of the viewer deleted and everything made anew, undone.
CREATE FUNCTION without(viewer bigint) RETURNS SETOF first_numbers LANGUAGE plpgsql AS $$
DECLARE
  found first_numbers[];
BEGIN
  BEGIN
    DELETE FROM explore_engagements WHERE coalesce(user_id, -session_id) = viewer;
    DELETE FROM explore_exposures WHERE viewer_key = viewer;
    PERFORM explore_analytics.rebuild();
    found := ARRAY(SELECT n::first_numbers FROM numbers() n);
    RAISE EXCEPTION 'undo' USING ERRCODE = 'UND00';
  EXCEPTION WHEN SQLSTATE 'UND00' THEN NULL;
  END;
  RETURN QUERY SELECT f.* FROM unnest(found) f;
END $$;
CREATE TABLE without_17 AS SELECT * FROM without(17);
CREATE TABLE without_visitor AS SELECT * FROM without(-103);
SELECT cmp_ok((SELECT count(*) FROM without_17 w JOIN first_numbers f USING (what) WHERE w.told IS DISTINCT FROM f.told), '>=', 24::bigint, 'the viewer is in nearly every number');

BEGIN;
SELECT is(explore_analytics.exclude_traffic(17, reason => 'bot'), (SELECT count(*) FROM first_rows WHERE user_id = 17), 'all events of the user go');
SELECT is((SELECT count(*) FROM explore_excluded_engagements WHERE user_id = 17 AND reason = 'bot' AND excluded_at = now()), (SELECT count(*) FROM first_rows WHERE user_id = 17), 'at the time of that transaction');
COMMIT;
SELECT is(n.told, w.told, 'without the user: ' || what) FROM without_17 w FULL JOIN numbers() n USING (what);
SELECT is_empty('TABLE oddities', 'and the rollups are as a rebuild makes them');
SELECT results_eq('SELECT viewer_key, reason FROM explore_analytics.excluded_viewers', $$VALUES (17::bigint, 'bot')$$, 'the user is on the list');
SELECT is(explore_analytics.exclude_traffic(17), 0::bigint, 'once more: nothing');
SELECT is((SELECT reason FROM explore_analytics.excluded_viewers), 'bot', 'the reason stays');
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (1, 17, 'view', '2025-02-03');
SELECT is(explore_analytics.exclude_traffic(17, reason => 'farm'), 1::bigint, 'what plain SQL has brought since');
SELECT results_eq('SELECT reason, count(*) FROM explore_excluded_engagements WHERE created_at = ''2025-02-03'' GROUP BY 1', $$VALUES ('farm', 1::bigint)$$, 'with another reason');
DELETE FROM explore_excluded_engagements WHERE created_at = '2025-02-03';
CALL explore_analytics.refresh();
SELECT is(n.told, w.told, 'after a refresh: ' || what) FROM without_17 w FULL JOIN numbers() n USING (what);
CALL explore_analytics.compact();
SELECT is_empty('TABLE oddities', 'and after a compaction');
SELECT is(explore_analytics.restore_traffic(17), (SELECT count(*) FROM first_rows WHERE user_id = 17), 'all come back');
SELECT is(n.told, w.told, 'as at first: ' || what) FROM first_numbers w FULL JOIN numbers() n USING (what);
SELECT bag_eq('TABLE all_rows', 'TABLE first_rows', 'every row is as it was, with its id');
CALL explore_analytics.refresh();
SELECT is(n.told, w.told, 'as at first, refreshed: ' || what) FROM first_numbers w FULL JOIN numbers() n USING (what);
SELECT is(explore_analytics.exclude_traffic(session_id => 103), (SELECT count(*) FROM first_rows WHERE user_id IS NULL AND session_id = 103), 'a visitor');
SELECT is(n.told, w.told, 'without the visitor: ' || what) FROM without_visitor w FULL JOIN numbers() n USING (what);
SELECT explore_analytics.rebuild() \g /dev/null
SELECT is(n.told, w.told, 'after a rebuild: ' || what) FROM without_visitor w FULL JOIN numbers() n USING (what);
SELECT explore_analytics.restore_traffic(session_id => 103) \g /dev/null
SELECT is(n.told, w.told, 'the visitor is back: ' || what) FROM first_numbers w FULL JOIN numbers() n USING (what);
SELECT is_empty('SELECT FROM explore_excluded_engagements UNION ALL SELECT FROM explore_analytics.excluded_viewers', 'nothing is left aside');

-- Recording: the same rules, another place; the three functions, straight and by a statement.
SELECT is(explore_analytics.exclude_traffic(700), 0::bigint, 'somebody without events');
SELECT is(record_engagement(1, 'view', 700, 104, 5, true, '2025-02-03', '70000000-0000-4000-8000-000000000001', '{"a": 1}'), 'recorded', 'recorded, it says');
SELECT is(record_engagement(1, 'view', 700, event_id => '70000000-0000-4000-8000-000000000001'), 'duplicate', 'an event id counts there, too');
SELECT is(record_engagement(1, 'complete', 700, 104), 'duplicate', 'a viewing completes once');
SELECT is(record_engagement(1, 'complete', 700, 104, 2), 'recorded', 'or brings watch time');
SELECT is(record_engagement(2, 'save', 700, created_at => '2025-02-04'), 'recorded', 'a save');
SELECT results_eq($$SELECT b::text FROM record_engagement_batch('[{"contentId": 1, "engagementType": "view", "userId": 700}, {"contentId": 99, "engagementType": "view", "userId": 700}, {"contentId": 1, "engagementType": "view", "userId": 1, "createdAt": "2025-02-04T00:00:00Z"}]') b$$,
  $$VALUES ('(3,2,0,1,"[{""code"": ""unknown_content"", ""field"": ""contentId"", ""index"": 1, ""message"": ""content 99 does not exist""}]")')$$, 'a batch of several');
SELECT results_eq($$SELECT recorded, rejected FROM record_engagement_body('[{"contentId": 1, "engagementType": "view", "userId": 700}]')$$, 'VALUES (1, 0)', 'a body');
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER nothing BEFORE INSERT ON explore_engagements FOR EACH ROW EXECUTE FUNCTION nothing();
SELECT is(record_engagement(1, 'view', 700), 'recorded', 'where a trigger takes the statement''s way');
DROP TRIGGER nothing ON explore_engagements;
SELECT is((SELECT count(*) FROM explore_engagements WHERE user_id = 700), 0::bigint, 'none of it is among the events');
SELECT results_eq('SELECT engagement_type::text, count(*), bool_or(completed), sum(watch_time_ms), count(id) FROM explore_excluded_engagements WHERE user_id = 700 GROUP BY 1 ORDER BY 1',
  $$VALUES ('progress', 1::bigint, false, 2000::bigint, 1::bigint), ('save', 1, false, 0, 1), ('view', 4, true, 5000, 4)$$, 'all of it is set aside');
SELECT results_eq('SELECT content_id, saved_at FROM explore_saved_properties WHERE user_id = 700', $$VALUES (2::bigint, '2025-02-04'::timestamptz)$$, 'and saved');
SELECT is(explore_analytics.restore_traffic(700), 6::bigint, 'all of it counts in the end');
SELECT is(record_engagement(1, 'view', 700, event_id => '70000000-0000-4000-8000-000000000001'), 'duplicate', 'its event id is known still');
SELECT is(record_engagement(1, 'complete', 700, 104), 'duplicate', 'and so is its viewing');
SELECT is((SELECT count(DISTINCT id) FROM explore_engagements WHERE user_id = 700), 6::bigint, 'with ids of their own');
SELECT set_config('explore_analytics.user_id', '701', false) \g /dev/null
SELECT explore_analytics.exclude_traffic(701) \g /dev/null
SELECT is(record_engagement(1, 'view'), 'recorded', 'by the identity of the session');
SELECT set_config('explore_analytics.user_id', NULL, false) \g /dev/null
SELECT is((SELECT user_id FROM explore_excluded_engagements), 701::bigint, 'whose event it is');
SELECT explore_analytics.restore_traffic(701) \g /dev/null
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT throws_ok('SELECT explore_analytics.exclude_traffic(1)', '25001', NULL, 'not in an older snapshot');
ROLLBACK;

-- Columns that somebody has added.
ALTER TABLE explore_engagements ADD COLUMN "app's note" jsonb, ADD COLUMN price numeric(10, 3), ADD COLUMN double_id bigint GENERATED ALWAYS AS (content_id * 2) STORED, ADD COLUMN lane int NOT NULL DEFAULT 5, ADD COLUMN tags text[];
INSERT INTO explore_engagements (content_id, user_id, engagement_type, "app's note", price, lane, tags, created_at) VALUES
  (1, 702, 'view', '{"a": [null, 1]}', 1.5, 6, '{x,"y z"}', '2025-02-05'), (2, 702, 'view', NULL, NULL, 7, NULL, '2025-02-05');
CREATE TABLE noted AS SELECT id, content_id, "app's note", price, double_id, lane, tags FROM explore_engagements WHERE user_id = 702;
SELECT is(explore_analytics.exclude_traffic(702), 2::bigint, 'events with columns of somebody''s');
SELECT is(record_engagement(3, 'view', 702), 'recorded', 'one that has none');
ALTER TABLE explore_engagements DROP COLUMN tags;
ALTER TABLE noted DROP COLUMN tags;
SELECT is(explore_analytics.restore_traffic(702), 3::bigint, 'come back');
SELECT bag_eq($$SELECT id, content_id, "app's note", price, double_id, lane FROM explore_engagements WHERE user_id = 702 AND content_id < 3$$, 'TABLE noted', 'as they were');
SELECT results_eq($$SELECT "app's note", double_id, lane FROM explore_engagements WHERE user_id = 702 AND content_id = 3$$, 'VALUES (NULL::jsonb, 6::bigint, 5)', 'and the one that had none has the defaults');
ALTER TABLE explore_engagements DROP COLUMN "app's note", DROP COLUMN price, DROP COLUMN double_id, DROP COLUMN lane;

-- Values of every kind, whatever settings the two of them have who move the events; names of every kind.
CREATE EXTENSION IF NOT EXISTS hstore;
CREATE TYPE place AS (name text, at float8);
CREATE DOMAIN note AS json;
CREATE DOMAIN note_of_notes AS note;
ALTER TABLE explore_engagements ADD COLUMN score float8, ADD COLUMN ratios float4[], ADD COLUMN season daterange, ADD COLUMN pause interval, ADD COLUMN raw bytea, ADD COLUMN cost money,
  ADD COLUMN "{s}" json, ADD COLUMN noted note_of_notes, ADD COLUMN nothing jsonb, ADD COLUMN pairs hstore, ADD COLUMN spot place, ADD COLUMN spots place[], ADD COLUMN document xml,
  ADD COLUMN padded char(5), ADD COLUMN letter "char", ADD COLUMN kind regclass, ADD COLUMN moments tstzmultirange, ADD COLUMN flags bit(3), ADD COLUMN whole numeric(20, 2), ADD COLUMN about name,
  ADD COLUMN all_of_it text, ADD COLUMN reason text, ADD COLUMN extra text, ADD COLUMN excluded_at date, ADD COLUMN "quo""te\d'" text;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at, score, ratios, season, pause, raw, cost, "{s}", noted, nothing, pairs, spot, spots, document, padded, letter, kind, moments,
  flags, whole, about, all_of_it, reason, extra, excluded_at, "quo""te\d'") VALUES
  (1, 706, 'view', '2025-02-05', 0.1::float8 + 0.2, '{0.1,NaN,-0}', '[2025-02-03,2025-03-04)', '-1 day +02:03:04', '\x00ff5c', 12.34, '{"b": 1,  "a": 2, "a": 3}', '[1,  2]', 'null', 'a=>1, "b c"=>NULL',
   (NULL, 1e-300), ARRAY[ROW('x,"y', 0.1::float8 + 0.2)::place, NULL], '<a/>text', 'ab', 'x', 'explore_content', '{[2025-02-03 04:05:06.000001+00, infinity]}', '101', 12345678901234.5, 'n',
   '', 'e''s', '{"a": 1}', '2025-03-04', '\ "'),
  (2, 706, 'view', '2025-02-05', '-Infinity', '{}', 'empty', NULL, '', NULL, 'null', NULL, NULL, '', ROW(NULL, NULL), '{}', '', '', '', NULL, '{}', NULL, 'NaN', '', NULL, NULL, NULL, '-infinity', NULL);
SET extra_float_digits = 1;
-- Without the epoch, which is another one.
CREATE FUNCTION told() RETURNS SETOF text LANGUAGE plpgsql SET datestyle = 'ISO' SET intervalstyle = 'postgres' SET bytea_output = 'hex' SET extra_float_digits = 1 AS $$
DECLARE
  it explore_engagements;
BEGIN
  FOR it IN SELECT * FROM explore_engagements e WHERE e.user_id = 706 ORDER BY e.content_id LOOP
    it.epoch := 0;
    RETURN NEXT it::text;
  END LOOP;
END $$;
CREATE TABLE told_at_first AS SELECT told FROM told();
SET extra_float_digits = -15;
SET datestyle = 'SQL, DMY';
SET intervalstyle = sql_standard;
SET bytea_output = escape;
SELECT is(explore_analytics.exclude_traffic(706), 2::bigint, 'values of all kinds are set aside');
SELECT is(explore_analytics.exclude_traffic(706, reason => 'again'), 0::bigint, 'once more');
SET datestyle = 'ISO, MDY';
SET intervalstyle = iso_8601;
SET extra_float_digits = 3;
SET bytea_output = hex;
SET xmloption = document;
SELECT is(explore_analytics.restore_traffic(706), 2::bigint, 'come back with other settings');
SELECT bag_eq('SELECT told()', 'TABLE told_at_first', 'and are what they were');
RESET xmloption;
RESET intervalstyle;
RESET extra_float_digits;
RESET datestyle;
DELETE FROM explore_engagements WHERE user_id = 706;
ALTER TABLE explore_engagements DROP COLUMN score, DROP COLUMN ratios, DROP COLUMN season, DROP COLUMN pause, DROP COLUMN raw, DROP COLUMN cost, DROP COLUMN "{s}", DROP COLUMN noted, DROP COLUMN nothing,
  DROP COLUMN pairs, DROP COLUMN spot, DROP COLUMN spots, DROP COLUMN document, DROP COLUMN padded, DROP COLUMN letter, DROP COLUMN kind, DROP COLUMN moments, DROP COLUMN flags, DROP COLUMN whole,
  DROP COLUMN about, DROP COLUMN all_of_it, DROP COLUMN reason, DROP COLUMN extra, DROP COLUMN excluded_at, DROP COLUMN "quo""te\d'";

-- A login, an erasure, an export.
INSERT INTO explore_feed_sessions (id, session_start) VALUES (201, '2025-02-05'), (202, '2025-02-05');
SELECT record_engagement(4, 'view', session_id => 201, created_at => '2025-02-06'), record_engagement(4, 'view', session_id => 202, created_at => '2025-02-06') \g /dev/null
SELECT explore_analytics.exclude_traffic(session_id => 201), explore_analytics.exclude_traffic(703) \g /dev/null
SELECT is(identify_session(202, 703), 1::bigint, 'who logs in as somebody excluded');
SELECT is((SELECT count(*) FROM explore_engagements WHERE user_id = 703), 0::bigint, 'does not count from then on');
SELECT is_empty('TABLE oddities', 'in any rollup');
SELECT is(identify_session(201, 704), 0::bigint, 'of an excluded visitor nothing becomes the user''s');
SELECT is(record_engagement(4, 'view', session_id => 201, created_at => '2025-02-07'), 'recorded', 'what comes now is the user''s');
SELECT is((SELECT user_id FROM explore_engagements WHERE created_at = '2025-02-07' AND session_id = 201), 704::bigint, 'and counts');
SELECT is(explore_analytics.restore_traffic(session_id => 201), 1::bigint, 'brought back');
SELECT is((SELECT count(*) FROM explore_engagements WHERE user_id = 704), 2::bigint, 'it is the user''s as well');
SELECT is(jsonb_array_length(explore_analytics.export_viewer(703) -> 'excludedEngagements'), 1, 'an export has the excluded events');
SELECT is(explore_analytics.export_viewer(703) #>> '{excluded,0,reason}', NULL, 'and that the user is excluded');
SELECT is(explore_analytics.forget_viewer(703), 1::bigint, 'an erasure removes them');
SELECT is_empty('SELECT FROM explore_excluded_engagements UNION ALL SELECT FROM explore_analytics.excluded_viewers', 'and takes the user from the list');

-- Without statistics, too, only what is the viewer's is read.
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at)
SELECT 1 + i % 9, 10000 + i % 3000, 101 + i % 12, 'view', '2025-03-01'::timestamptz + i * interval '1 second' FROM generate_series(1, 60000) i;
CALL explore_analytics.refresh();
-- What is counted of this transaction may have the refresh in it, too, which did read by epoch.
CREATE TEMP VIEW looked AS SELECT sum(pg_stat_get_xact_tuples_returned(i.indexrelid))::bigint AS entries FROM pg_index i JOIN pg_inherits h ON h.inhrelid = i.indrelid
WHERE h.inhparent = 'explore_engagements'::regclass AND pg_get_indexdef(i.indexrelid) ~ '\((epoch|created_at)\)';
BEGIN;
SELECT entries AS before FROM looked \gset
SELECT is(explore_analytics.exclude_traffic(10077), 20::bigint, 'one of many');
SELECT cmp_ok((SELECT entries FROM looked) - :before, '<', 5000::bigint, 'is not looked for by epoch or time');
ROLLBACK;
DELETE FROM explore_engagements WHERE user_id >= 10000;
SELECT explore_analytics.rebuild() \g /dev/null

-- Errors.
SELECT throws_ok('SELECT explore_analytics.exclude_traffic()', '22023', 'neither user_id nor session_id is given', 'nobody');
SELECT throws_ok('SELECT explore_analytics.exclude_traffic(NULL, NULL, ''x'')', '22023', 'neither user_id nor session_id is given', 'NULLs');
SELECT throws_ok('SELECT explore_analytics.restore_traffic(1, 2)', '22023', 'user_id and session_id are both given', 'two');
SELECT throws_ok('SELECT explore_analytics.exclude_traffic(0)', '22023', NULL, 'no id');
SELECT throws_ok('SELECT explore_analytics.exclude_traffic(session_id => -5)', '22023', NULL, 'no id of a session');
SELECT throws_ok('SELECT explore_analytics.exclude_traffic(1, reason => repeat(''x'', 1001))', '22023', 'reason is 1001 characters long', 'a reason that is a story');
SELECT is(explore_analytics.exclude_traffic(9223372036854775807, reason => repeat(chr(8364), 1000)) + explore_analytics.restore_traffic(9223372036854775807), 0::bigint, 'one that is a short one');
SELECT is(explore_analytics.restore_traffic(9223372036854775807), 0::bigint, 'somebody who is not excluded');
SELECT is(explore_analytics.exclude_traffic(session_id => 9223372036854775807) + explore_analytics.restore_traffic(session_id => 9223372036854775807), 0::bigint, 'a session that nobody knows');
CREATE FUNCTION kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
SELECT explore_analytics.exclude_traffic(5) \g /dev/null
CREATE TRIGGER kept BEFORE INSERT ON explore_engagements FOR EACH ROW EXECUTE FUNCTION kept();
SELECT throws_like('SELECT explore_analytics.restore_traffic(5)', 'a trigger keeps %', 'a trigger that would lose them');
DROP TRIGGER kept ON explore_engagements;
CREATE TRIGGER kept BEFORE DELETE ON explore_engagements FOR EACH ROW WHEN (OLD.user_id = 6 AND OLD.id % 2 = 0) EXECUTE FUNCTION kept();
SELECT explore_analytics.exclude_traffic(6) \g /dev/null
SELECT is_empty('TABLE oddities', 'what a trigger keeps stays counted');
DROP TRIGGER kept ON explore_engagements;
SELECT explore_analytics.exclude_traffic(6) \g /dev/null
SELECT explore_analytics.restore_traffic(5), explore_analytics.restore_traffic(6) \g /dev/null
SELECT is_empty('TABLE oddities', 'all is well in the end');
SELECT bag_eq('SELECT action, count(*) FILTER (WHERE subject ~ ''^[0-9a-f]{64}$'') > 0, bool_and(detail IN (''a user'', ''a visitor'')) FROM explore_analytics.audit_log WHERE action ~ ''traffic'' GROUP BY 1',
  $$VALUES ('exclude_traffic', true, true), ('restore_traffic', true, true)$$, 'the audit log tells of it, without ids');

-- A visitor who is excluded logs in: the saves are the user's, as those of any other visitor.
INSERT INTO explore_feed_sessions (id, session_start) VALUES (211, '2025-02-05'), (212, '2025-02-05');
INSERT INTO explore_saved_properties (user_id, content_id, saved_at) VALUES (711, 3, '2025-02-01');
SELECT record_engagement(c, 'save', session_id => s, created_at => '2025-02-10'::timestamptz - c * interval '1 day') FROM unnest(ARRAY[211, 212]) s, generate_series(2, 3) c \g /dev/null
SELECT record_engagement(2, 'save', session_id => 211, created_at => '2025-02-11') \g /dev/null
SELECT explore_analytics.exclude_traffic(session_id => 211) \g /dev/null
SELECT is(identify_session(211, 711), 0::bigint, 'no event of an excluded visitor moves');
SELECT identify_session(212, 712) \g /dev/null
SELECT bag_eq('SELECT user_id, content_id, saved_at FROM explore_saved_properties WHERE user_id IN (711, 712)',
  $$VALUES (711::bigint, 2::bigint, '2025-02-08'::timestamptz), (711, 3, '2025-02-01'), (712, 2, '2025-02-08'), (712, 3, '2025-02-07')$$, 'its saves do, with the earliest time, as of a visitor who counts');
SELECT is(explore_analytics.restore_traffic(session_id => 211), 3::bigint, 'and its events when they come back');
SELECT * FROM finish();
