-- 200 texts that mean something to somebody: to a parser of SQL, a formatter, a shell, cron, a time zone, a regexp.
-- Whatever executes one calls boom(), or leaves something named pwned. :file is where a program would leave it.
CREATE SCHEMA bomb;
GRANT USAGE ON SCHEMA bomb TO PUBLIC;
CREATE SEQUENCE bomb.booms;      -- not taken back by a rollback
CREATE FUNCTION bomb.boom() RETURNS text LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT nextval('bomb.booms')::text $$;
CREATE TABLE bomb.payload (n integer GENERATED ALWAYS AS IDENTITY, text text);
GRANT SELECT ON bomb.payload TO PUBLIC;

INSERT INTO bomb.payload (text)
SELECT replace(w.wrapper, 'BODY', b.body)
FROM (VALUES
  (1, $p$'; BODY; --$p$), (2, $p$"; BODY; --$p$), (3, $p$$$; BODY; $$$p$), (4, $p$$x$; BODY; --$p$), (5, $p$'); BODY; --$p$), (6, $p$*/ BODY; /*$p$),
  (7, $p$\'; BODY; --$p$), (8, $p$%s'; BODY; --$p$), (9, $p$%1$s%L%I"; BODY; --$p$), (10, $p$E'\''; BODY; --$p$), (11, $p$U&'\0027'; BODY; --$p$),
  (12, chr(8217) || '; BODY; --'), (13, chr(700) || '; BODY; --'), (14, chr(65287) || '; BODY; --'), (15, $p${s}'; BODY; --$p$), (16, $p$$1'; BODY; --$p$),
  (17, E'x\n; BODY;\n--'), (18, E'x\r\n''; BODY;\r\n'), (19, $p$'||(BODY)||'$p$), (20, $p$x' OR (BODY) IS NOT NULL OR 'a'='$p$), (21, $p$1); BODY; --$p$), (22, $p$\\'; BODY; --$p$),
  (23, $p$'; END $$; BODY; --$p$), (24, E'\t''\x0b;BODY'), (25, $p$view'::text); BODY; SELECT ('$p$), (26, $p$"."explore_content"; BODY; --$p$),
  (27, ''';' || repeat(' ', 3) || 'BODY'), (28, $p$BODY$p$)) w(n, wrapper),
  (VALUES (1, 'SELECT bomb.boom()'), (2, 'CREATE TABLE public.pwned AS SELECT bomb.boom()'), (3, 'ALTER ROLE torture_app SUPERUSER'), (4, 'COPY (SELECT bomb.boom()) TO PROGRAM ' || quote_literal('touch ' || :'file'))) b(n, body)
ORDER BY w.n, b.n;

INSERT INTO bomb.payload (text)
SELECT * FROM (VALUES
  (''), (' '), ('NULL'), (E'\t\n'), (repeat('x', 1000000)), (repeat('''', 1000000)), (repeat('{s}', 300000)), (repeat('(', 100000)), (repeat('$$', 50000) || 'SELECT bomb.boom()'),
  (repeat('i', 63)), (repeat('i', 64)), (repeat(chr(233), 40)), (repeat(chr(128512), 16)), ('"' || repeat('i', 62)),
  (chr(65533)), (chr(192) || chr(175)), (chr(237) || chr(160) || chr(128)), (chr(1)), (chr(127) || chr(8)), (chr(65279)), (chr(8238) || 'weiv'), ('vie' || chr(119) || chr(769)), (chr(1114109)),
  ('{s}'), ('{s}.explore_content'), ('{S}'), ('%s'), ('%I.%I%%%n%n%n%s%s%s%p%x'), ('%1$s %2$L %99$I'), ('$1'), ('$12$13'), (':file'), ('@extschema@'), ('\gexec'), ('\! touch pwned'), ('\.'),
  ('(a+)+$' || repeat('a', 40) || '!'), ('((((((((((a*)*)*)*)*)*)*)*)*)*)*b'), ('(.*){1,255}' || repeat('.*', 50)), ('$.**{1 to 255} ? (@ like_regex "(a+)+b")'), ('$[*] ? (@.a == bomb.boom())'),
  ('1e309'), ('-1e309'), ('NaN'), ('Infinity'), ('-0'), ('0x10'), ('9223372036854775808'), ('-9223372036854775809'), ('1_000'), (chr(1635) || chr(1636)), ('1' || repeat('0', 140000)), ('1e-999999999'), ('1; SELECT bomb.boom()'),
  ('FOO+3'), ('<+03>-3'), ('GMT+99999999999'), ('../../etc/passwd'), ('/etc/passwd'), ('posix/../UTC'), (':UTC'), ('localtime'), (E'UTC\n'),
  ('infinity'), ('now'), ('allballs'), ('2025-02-30T25:61:61Z'), ('00000000-0000-0000-0000-00000000000g'),
  ('* * * * *; touch pwned'), ('* * * * * root touch pwned'), ('@reboot'), ('*/0 * * * *'), ('61 25 32 13 8'), ('1-99999999999 * * * *'), (E'* * * * *\n* * * * * SELECT bomb.boom()'), ('5 seconds'), ('@@@@@'),
  ('LISTEN pwned'), ('NOTIFY pwned, ''x'''), ('CURRENT_USER'), ('none'), ('public'), ('pg_temp'), ('`touch pwned`'), ('$(touch pwned)'), ('{"contentId": [1, {"'), ('view,save'), ('{view,NULL,"x}')) v(text);

-- One document for each place of a JSON body that a text can be in.
CREATE FUNCTION bomb.bodies(routine text, payload text) RETURNS SETOF jsonb LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT to_jsonb(payload) UNION ALL SELECT jsonb_build_array(payload, jsonb_build_array(payload)) UNION ALL SELECT jsonb_build_object(payload, payload)
  UNION ALL SELECT jsonb_build_object('engagements', payload)
  UNION ALL
  SELECT jsonb_agg('{"contentId": 1, "engagementType": "view", "userId": 5}'::jsonb || jsonb_build_object(k, payload))
  FROM unnest('{contentId,engagementType,userId,sessionId,watchTime,completed,createdAt,eventId,metadata,content_id,engagement_type}'::text[] || payload) k WHERE routine = 'record_engagement_batch'
  UNION ALL
  SELECT jsonb_build_array('{"contentId": 1, "engagementType": "view", "userId": 5}'::jsonb || jsonb_build_object('metadata', jsonb_build_object(payload, jsonb_build_array(payload)))) WHERE routine = 'record_engagement_batch'
  UNION ALL
  SELECT jsonb_object_agg(k, payload) FROM unnest('{deviceType,platform,appVersion,country,region,city,trafficSource,device_type}'::text[] || payload) k WHERE routine = 'create_session'
$$;

-- What may not change: everything that could be made, and who may do what.
CREATE VIEW bomb.world AS
SELECT 'relation ' || c.oid::regclass::text AS thing FROM pg_class c WHERE c.relname !~ '^explore_engagements_\d' AND c.relnamespace <> 'pg_toast'::regnamespace
  AND c.relname !~ '_(pkey|idx)\d*$' AND c.relpersistence <> 't'
UNION ALL SELECT 'function ' || p.oid::regprocedure::text || md5(p.prosrc || coalesce(p.proconfig::text, '') || p.prosecdef) FROM pg_proc p
UNION ALL SELECT 'role ' || r.rolname || r.rolsuper || r.rolcreaterole || r.rolcreatedb FROM pg_roles r
UNION ALL SELECT 'member ' || m.roleid || ' ' || m.member FROM pg_auth_members m
UNION ALL SELECT 'setting of a role ' || s::text FROM pg_db_role_setting s
UNION ALL SELECT 'schema ' || n.nspname FROM pg_namespace n WHERE n.nspname !~ '^pg_(toast_)?temp'
UNION ALL SELECT 'trigger ' || t.tgname || t.tgrelid::regclass::text FROM pg_trigger t WHERE t.tgrelid::regclass::text !~ 'explore_engagements_\d'
UNION ALL SELECT 'cast ' || c.oid FROM pg_cast c UNION ALL SELECT 'operator ' || o.oid FROM pg_operator o UNION ALL SELECT 'type ' || t.oid FROM pg_type t WHERE t.typrelid = 0 AND t.typelem = 0
UNION ALL SELECT 'extension ' || e.extname FROM pg_extension e UNION ALL SELECT 'subscription ' || s.oid FROM pg_subscription s
UNION ALL SELECT 'prepared ' || gid FROM pg_prepared_xacts UNION ALL SELECT 'large object ' || l.oid FROM pg_largeobject_metadata l;
