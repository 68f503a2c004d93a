-- Everything that the catalogue knows of the extension and of what install() made, as text without oids, for diff.
-- Months come and go, so that partitions of months are one, whatever they are called, and said once. Of privileges
-- only those of everybody and of owners: what else is granted is the users' and compared by privileges.sql.
\set ON_ERROR_STOP on
SET search_path = pg_catalog;
SET client_min_messages = warning;

CREATE FUNCTION pg_temp.plain(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT regexp_replace(regexp_replace(regexp_replace($1, 'explore_engagements_\d{4}_\d{2}', 'explore_engagements_MONTH', 'g'),
    'FROM \(''[^'']*''\) TO \(''[^'']*''\)', 'FROM (MONTH) TO (MONTH)', 'g'), '\m\d{4}-\d{2}\M', 'MONTH', 'g') $$;
CREATE FUNCTION pg_temp.privileges(acl aclitem[], owner oid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT string_agg(CASE WHEN a.grantee = 0 THEN 'PUBLIC ' ELSE 'owner ' END || a.privilege_type, ', ' ORDER BY a.grantee <> 0, a.privilege_type)
  FROM aclexplode(acl) a WHERE a.grantee IN (0, owner) $$;
CREATE FUNCTION pg_temp.born_with(class regclass, object oid, owner oid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT string_agg(format('%s %s', CASE a.grantee WHEN 0 THEN 'PUBLIC' WHEN owner THEN 'owner' ELSE 'somebody' END, a.privilege_type), ', ' ORDER BY 1)
  FROM pg_init_privs i, aclexplode(i.initprivs) a WHERE i.classoid = class AND i.objoid = object AND i.objsubid = 0 $$;

CREATE TEMP VIEW member AS
SELECT d.classid, d.objid, d.objsubid FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
WHERE e.extname = 'explore_analytics' AND d.deptype = 'e';
CREATE TEMP VIEW relation AS
SELECT r.oid, c.relname, c.relkind, r.role, pg_temp.plain(r.oid::regclass::text) AS name
FROM (SELECT t.relation::oid AS oid, t.role FROM explore_analytics.relations() t
      UNION SELECT i.indexrelid, 'index' FROM explore_analytics.relations() t JOIN pg_index i ON i.indrelid = t.relation
      UNION SELECT d.objid, 'sequence' FROM explore_analytics.relations() t JOIN pg_depend d ON d.refobjid = t.relation AND d.refclassid = 'pg_class'::regclass
              AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S') r
JOIN pg_class c ON c.oid = r.oid;

\echo == extension
SELECT e.extname, e.extversion, e.extnamespace::regnamespace, e.extrelocatable, e.extconfig, e.extcondition, obj_description(e.oid, 'pg_extension') FROM pg_extension e WHERE e.extname = 'explore_analytics';
\echo == members
SELECT o.type, o.identity FROM member m, pg_identify_object(m.classid, m.objid, m.objsubid) o ORDER BY o.type COLLATE "C", o.identity COLLATE "C";
\echo == schemas
SELECT n.nspname, pg_temp.privileges(coalesce(n.nspacl, acldefault('n', n.nspowner)), n.nspowner), pg_temp.born_with('pg_namespace', n.oid, n.nspowner), obj_description(n.oid, 'pg_namespace')
FROM member m JOIN pg_namespace n ON m.classid = 'pg_namespace'::regclass AND n.oid = m.objid ORDER BY 1;
\echo == functions
SELECT p.oid::regprocedure, p.prokind, p.prorettype::regtype, p.proargnames, p.proargmodes, p.provolatile, p.proparallel, p.proisstrict, p.prosecdef, p.proleakproof,
  p.procost, p.prorows, p.proconfig, p.prosupport, p.probin, CASE WHEN p.probin IS NOT NULL THEN p.prosrc END, pg_get_expr(p.proargdefaults, 0),
  pg_temp.privileges(coalesce(p.proacl, acldefault('f', p.proowner)), p.proowner), pg_temp.born_with('pg_proc', p.oid, p.proowner), obj_description(p.oid, 'pg_proc')
FROM member m JOIN pg_proc p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid ORDER BY p.oid::regprocedure::text COLLATE "C";
\echo == bodies
SELECT pg_get_functiondef(p.oid) FROM member m JOIN pg_proc p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid
WHERE p.prokind <> 'a' ORDER BY p.oid::regprocedure::text COLLATE "C";
\echo == aggregates
SELECT a.aggfnoid::regprocedure, a.aggkind, a.aggnumdirectargs, a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn, a.aggmtransfn, a.aggminvtransfn,
  a.aggmfinalfn, a.aggfinalextra, a.aggmfinalextra, a.aggfinalmodify, a.aggmfinalmodify, a.aggsortop, a.aggtranstype::regtype, a.aggtransspace, a.aggmtranstype::regtype, a.agginitval
FROM member m JOIN pg_aggregate a ON m.classid = 'pg_proc'::regclass AND a.aggfnoid::oid = m.objid ORDER BY a.aggfnoid::regprocedure::text COLLATE "C";
\echo == types
SELECT t.oid::regtype, t.typtype, t.typlen, t.typbyval, t.typcategory, t.typispreferred, t.typalign, t.typstorage, t.typinput, t.typoutput, t.typreceive, t.typsend,
  t.typmodin, t.typanalyze, t.typsubscript, t.typelem::regtype, t.typarray::regtype, pg_temp.privileges(coalesce(t.typacl, acldefault('T', t.typowner)), t.typowner), obj_description(t.oid, 'pg_type'),
  (SELECT string_agg(l.enumlabel, ', ' ORDER BY l.enumsortorder) FROM pg_enum l WHERE l.enumtypid = t.oid)
FROM member m JOIN pg_type t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid ORDER BY t.oid::regtype::text COLLATE "C";
\echo == operators
SELECT o.oid::regoperator, o.oprkind, o.oprcanmerge, o.oprcanhash, o.oprresult::regtype, o.oprcom::regoperator, o.oprnegate::regoperator, o.oprcode, o.oprrest, o.oprjoin,
  obj_description(o.oid, 'pg_operator')
FROM member m JOIN pg_operator o ON m.classid = 'pg_operator'::regclass AND o.oid = m.objid ORDER BY o.oid::regoperator::text COLLATE "C";
\echo == casts
SELECT c.castsource::regtype, c.casttarget::regtype, c.castfunc::regprocedure, c.castcontext, c.castmethod, obj_description(c.oid, 'pg_cast')
FROM member m JOIN pg_cast c ON m.classid = 'pg_cast'::regclass AND c.oid = m.objid ORDER BY 1, 2;
\echo == layout
SELECT s.layout_version FROM explore_analytics.rollup_state s;
\echo == relations
SELECT DISTINCT r.name, r.role, c.relkind, c.relpersistence, a.amname, c.relowner::regrole, c.reloptions, t.reloptions, c.relreplident, c.relrowsecurity, c.relforcerowsecurity,
  c.relispartition, c.relispopulated, pg_temp.plain(pg_get_expr(c.relpartbound, c.oid)), pg_get_partkeydef(c.oid), c.reltablespace,
  pg_temp.privileges(coalesce(c.relacl, acldefault(CASE WHEN c.relkind = 'S' THEN 's' ELSE 'r' END::"char", c.relowner)), c.relowner), pg_temp.plain(obj_description(c.oid, 'pg_class')),
  (SELECT string_agg(pg_temp.plain(h.inhparent::regclass::text), ', ') FROM pg_inherits h WHERE h.inhrelid = c.oid)
FROM relation r JOIN pg_class c ON c.oid = r.oid LEFT JOIN pg_am a ON a.oid = c.relam LEFT JOIN pg_class t ON t.oid = c.reltoastrelid ORDER BY 1;
\echo == columns
SELECT DISTINCT r.name, a.place, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid), a.attstorage,
  a.attcompression, coalesce(a.attstattarget::integer, -1), 
  (SELECT string_agg(o, ', ') FROM unnest(a.attoptions) o WHERE o !~ '^pg_'), a.attislocal, a.attinhcount, nullif(a.attcollation, t.typcollation)::regcollation,
  pg_temp.privileges(a.attacl, c.relowner), col_description(r.oid, a.attnum)
FROM relation r JOIN pg_class c ON c.oid = r.oid
JOIN LATERAL (SELECT a.*, row_number() OVER (ORDER BY a.attnum) AS place FROM pg_attribute a WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped) a ON true
JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE r.relkind <> 'S' ORDER BY 1, 2;
-- NOT NULL is said of the columns; as a constraint, on 18, it is called by whatever the server made it for.
\echo == constraints
SELECT DISTINCT r.name, pg_temp.plain(k.conname), k.contype, pg_get_constraintdef(k.oid), k.convalidated, k.condeferrable, k.condeferred, k.conislocal, k.coninhcount, k.connoinherit,
  pg_temp.plain(k.conindid::regclass::text), obj_description(k.oid, 'pg_constraint')
FROM relation r JOIN pg_constraint k ON k.conrelid = r.oid WHERE r.relkind IN ('r', 'p') AND k.contype <> 'n' ORDER BY 1, 2;
\echo == indexes
SELECT DISTINCT r.name, pg_temp.plain(i.indrelid::regclass::text), pg_temp.plain(pg_get_indexdef(i.indexrelid)), i.indisunique, i.indisprimary, i.indisexclusion, i.indimmediate, i.indisclustered,
  i.indisvalid, i.indisready, i.indislive, i.indisreplident
FROM relation r JOIN pg_index i ON i.indexrelid = r.oid ORDER BY 1, 2;
\echo == triggers
SELECT DISTINCT r.name, t.tgname, t.tgenabled, t.tgparentid <> 0, pg_temp.plain(pg_get_triggerdef(t.oid)), obj_description(t.oid, 'pg_trigger')
FROM relation r JOIN pg_trigger t ON t.tgrelid = r.oid WHERE NOT t.tgisinternal ORDER BY 1, 2;
\echo == sequences
SELECT DISTINCT r.name, s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
  (SELECT string_agg(format('%s %s %s', d.deptype, d.refobjid::regclass, d.refobjsubid), ', ') FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass)
FROM relation r JOIN pg_sequence s ON s.seqrelid = r.oid ORDER BY 1;
\echo == views
SELECT r.name, pg_get_viewdef(r.oid) FROM relation r WHERE r.relkind IN ('v', 'm') ORDER BY 1;
\echo == what else hangs on them
SELECT DISTINCT r.name, p.polname FROM relation r JOIN pg_policy p ON p.polrelid = r.oid ORDER BY 1, 2;
SELECT DISTINCT r.name, s.stxname FROM relation r JOIN pg_statistic_ext s ON s.stxrelid = r.oid ORDER BY 1, 2;
SELECT DISTINCT r.name, w.rulename FROM relation r JOIN pg_rewrite w ON w.ev_class = r.oid ORDER BY 1, 2;
-- kept_values is the fixture's own.
\echo == the schema of the tables
SELECT DISTINCT pg_temp.plain(c.relname::text) COLLATE "C", c.relkind FROM pg_class c WHERE c.relnamespace = explore_analytics.home()::regnamespace AND c.relname <> 'kept_values' ORDER BY 1, 2;
\echo == the schema of the extension
SELECT c.relname, c.relkind FROM pg_class c WHERE c.relnamespace = 'explore_analytics'::regnamespace ORDER BY 1;
SELECT p.oid::regprocedure::text COLLATE "C" FROM pg_proc p WHERE p.pronamespace = 'explore_analytics'::regnamespace ORDER BY 1;
SELECT t.typname COLLATE "C", t.typtype FROM pg_type t WHERE t.typnamespace = 'explore_analytics'::regnamespace AND t.typtype <> 'c' AND t.typelem = 0 ORDER BY 1;
