-- Who may what: the roles of create_roles() and the words of grant_access(), identities, and the audit log.
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';
\set VERBOSITY terse

CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  hint text;
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN concat_ws(' | ', SQLSTATE || ' ' || SQLERRM, nullif(hint, ''));
END $$;
-- What roles of an interrupted run have left.
SET client_min_messages = error;
DO $$
DECLARE
  role regrole;
BEGIN
  FOR role IN SELECT oid FROM pg_roles WHERE rolname LIKE 'regress\_ea\_%' LOOP
    EXECUTE format('DROP OWNED BY %s CASCADE', role);
    EXECUTE format('DROP ROLE %s', role);
  END LOOP;
END $$;
RESET client_min_messages;
INSERT INTO explore_content (id, creator_id, title) VALUES (7101, 7191, 'Mine'), (7102, 7192, 'Theirs');
INSERT INTO explore_discovery_videos (id, content_id) VALUES (7151, 7101), (7152, 7102);
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at) SELECT 7101 + n % 2, 7111 + n, 'view', 1000, '2024-05-20 10:00+00' FROM generate_series(1, 7) n;

-- Roles are made once, and granted what they may. The tables go to the owner, who is no superuser.
SET client_min_messages = warning;
CALL explore_analytics.create_roles('regress_ea');
RESET client_min_messages;
CALL explore_analytics.create_roles('regress_ea');
SELECT rolname, rolcanlogin, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS special FROM pg_roles WHERE rolname LIKE 'regress\_ea\_%' ORDER BY 1;
SELECT owner, count(*) > 20 AS relations FROM explore_analytics.relations() GROUP BY 1;
SELECT call, pg_temp.refused('CALL explore_analytics.create_roles(' || call || ')') FROM (VALUES (''''''), ('''pg_mine'''), ('repeat(''x'', 56)'), ('E''a\nb''')) v(call);

-- The four words; any other is refused with them.
CREATE ROLE regress_ea_a;
CREATE ROLE regress_ea_b;
SELECT word, pg_temp.refused(format('SELECT explore_analytics.grant_access(''regress_ea_a'', %L)', word)) FROM unnest('{write,READ,Define,deliver,"",NULL}'::text[]) word;
SELECT pg_temp.refused('SELECT explore_analytics.grant_access(''regress_ea_nobody'', ''read'')');
SELECT explore_analytics.grant_access('regress_ea_a', 'read'), explore_analytics.grant_access('regress_ea_b', 'analyse');
-- They give what the roles have.
CREATE FUNCTION pg_temp.has(role regrole) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT p.oid::regprocedure::text FROM pg_proc p, aclexplode(p.proacl) a WHERE a.grantee = role UNION ALL SELECT c.oid::regclass::text FROM pg_class c, aclexplode(c.relacl) a WHERE a.grantee = role
$$;
SELECT v.mine, (SELECT count(*) FROM pg_temp.has(mine)) > 15 AS many, count(*) AS differences FROM (VALUES ('regress_ea_a'::regrole, 'regress_ea_reader'::regrole), ('regress_ea_b', 'regress_ea_analyst')) v(mine, theirs)
LEFT JOIN LATERAL ((SELECT pg_temp.has(mine) EXCEPT SELECT pg_temp.has(theirs)) UNION ALL (SELECT pg_temp.has(theirs) EXCEPT SELECT pg_temp.has(mine))) d(what) ON true WHERE d.what IS NOT NULL GROUP BY v.mine, v.theirs;

-- Who may read is held to the identity, and without one sees nothing and is told what to do.
SET ROLE regress_ea_a;
SELECT current_creator_id();
SELECT call, pg_temp.refused('SELECT * FROM ' || call) FROM (VALUES ('video_analytics(7151)'), ('creator_analytics(7191)'), ('creator_analytics()'), ('platform_summary()'), ('top_videos()'), ('explore_video_daily')) v(call);
SELECT count(*) AS rows FROM explore_video_daily;
RESET ROLE;
SET explore_analytics.user_id = '7191';
SET ROLE regress_ea_a;
SELECT current_creator_id();
SELECT video_id, total_views FROM videos_analytics();
SELECT call, pg_temp.refused('SELECT * FROM ' || call) FROM (VALUES ('video_analytics(7152)'), ('video_analytics(7199)'), ('creator_analytics(7192)'), ('platform_summary()'), ('explore_engagements'), ('record_engagement(7101, ''view'')'), ('batch_update_engagement_scores()')) v(call);
-- Who may analyse sees everything, whatever the identity.
SET ROLE regress_ea_b;
SELECT views(platform_summary()), (SELECT count(*) FROM videos_analytics()) AS videos;
RESET ROLE;
RESET explore_analytics.user_id;
SET ROLE regress_ea_b;
SELECT views(platform_summary()), (SELECT count(*) FROM videos_analytics()) AS videos;
RESET ROLE;
-- The right can be taken away, and what is left reads. It follows memberships.
REVOKE EXECUTE ON FUNCTION explore_analytics.sees_every_creator() FROM regress_ea_b;
SET ROLE regress_ea_b;
SELECT pg_temp.refused('SELECT platform_summary()');
RESET ROLE;
GRANT regress_ea_analyst TO regress_ea_b;
SET ROLE regress_ea_b;
SELECT views(platform_summary());
RESET ROLE;

-- A login of the map is one creator, whatever role it takes on; the setting comes first. Not everybody may set either.
CREATE ROLE regress_ea_login LOGIN IN ROLE regress_ea_reader, regress_ea_writer;
SELECT explore_analytics.set_identity('regress_ea_login', 7192);
SET SESSION AUTHORIZATION regress_ea_login;
SELECT current_creator_id(), (SELECT string_agg(video_id::text, ',') FROM videos_analytics()) AS videos;
SET ROLE regress_ea_reader;
SELECT current_creator_id();
SELECT pg_temp.refused('SET explore_analytics.user_id = ''7191''');
SELECT pg_temp.refused('SELECT explore_analytics.set_identity(''regress_ea_login'', 7191)');
SELECT pg_temp.refused('SELECT explore_analytics.grant_access(''regress_ea_login'', ''analyse'')');
RESET SESSION AUTHORIZATION;
SELECT call, pg_temp.refused('SELECT explore_analytics.set_identity(' || call || ')') FROM (VALUES ('''regress_ea_nobody'', 1'), ('NULL, 1'), ('''regress_ea_login'', 0'), ('''regress_ea_login'', NULL'), ('''regress_ea_login'', NULL')) v(call);
SET SESSION AUTHORIZATION regress_ea_login;
SELECT current_creator_id();
RESET SESSION AUTHORIZATION;

-- Each of these left an entry; the log takes new ones only.
SELECT action, subject, detail FROM explore_analytics.audit_log WHERE subject LIKE 'regress\_ea%' ORDER BY id;
SELECT pg_temp.refused(change || ' explore_analytics.audit_log ' || rest) FROM (VALUES ('UPDATE', 'SET detail = NULL'), ('DELETE FROM', ''), ('TRUNCATE', '')) v(change, rest);

-- Nothing stays behind: the tables are the caller's again.
SET client_min_messages = warning;
REASSIGN OWNED BY regress_ea_owner TO CURRENT_USER;
DROP OWNED BY regress_ea_owner, regress_ea_writer, regress_ea_reader, regress_ea_analyst, regress_ea_job, regress_ea_a, regress_ea_b, regress_ea_login;
DROP ROLE regress_ea_owner, regress_ea_writer, regress_ea_reader, regress_ea_analyst, regress_ea_job, regress_ea_a, regress_ea_b, regress_ea_login;
CALL explore_analytics.install();
RESET client_min_messages;
SELECT count(*) FILTER (WHERE owner <> current_user) AS of_others FROM explore_analytics.relations();
DELETE FROM explore_engagements WHERE content_id IN (7101, 7102);
DELETE FROM explore_discovery_videos WHERE content_id IN (7101, 7102);
DELETE FROM explore_content WHERE id IN (7101, 7102);
SELECT (SELECT count(*) FROM explore_engagements) AS events, (SELECT count(*) FROM explore_content) AS contents, (SELECT count(*) FROM explore_analytics.verify()) AS differences;
