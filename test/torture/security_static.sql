-- Rules about routines and grants, each broken one a row.
CREATE SCHEMA spot;
CREATE VIEW spot.routine AS
SELECT p.*, n.nspname AS schema, l.lanname AS language, p.oid::regprocedure::text AS signature
FROM pg_extension e JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e' AND d.classid = 'pg_proc'::regclass
JOIN pg_proc p ON p.oid = d.objid JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
WHERE e.extname = 'explore_analytics';
-- Bodies without comments, and without what is only written.
CREATE VIEW spot.body AS
SELECT r.oid, r.signature, r.schema, r.proargnames, regexp_replace(r.prosrc, '--[^\n]*', '', 'g') AS text,
       regexp_replace(regexp_replace(r.prosrc, '--[^\n]*', '', 'g'), '''([^'']|'''')*''', '''''', 'g') AS code
FROM spot.routine r WHERE r.language IN ('plpgsql', 'sql');
-- Our names: relations, types and routines.
CREATE VIEW spot.name AS
SELECT c.relname::text AS name FROM pg_class c WHERE c.relnamespace IN ('public'::regnamespace, 'explore_analytics'::regnamespace) AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND c.relname NOT IN ('routine', 'body')
UNION SELECT t.typname FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace AND t.typrelid = 0 AND t.typelem = 0;

CREATE VIEW spot.findings AS
-- Search paths
SELECT 'search path: ' || r.signature AS finding FROM spot.routine r
WHERE r.language NOT IN ('c', 'internal') AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (r.proconfig), false)
UNION ALL SELECT 'security definer: ' || r.signature FROM spot.routine r WHERE r.prosecdef
-- Owners and grants
UNION ALL SELECT 'owner: ' || r.signature FROM spot.routine r WHERE r.proowner <> (SELECT e.extowner FROM pg_extension e WHERE e.extname = 'explore_analytics')
UNION ALL SELECT 'granted to everybody: ' || r.signature FROM spot.routine r
  WHERE (r.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(r.proacl) a WHERE a.grantee = 0))
    AND (r.schema = 'explore_analytics' AND r.proname NOT IN ('sees_all', 'may_read', 'version', 'metric_value', 'home', 'require_installed', 'require_cron', 'jobs', 'current_epoch',
           'is_counted', 'layout_version', 'rate_limit_counters', 'checks', 'checks_of_rollups', 'checks_of_tables', 'checks_of_jobs', 'schedule_gap', 'run_checks')
         OR r.oid IN (SELECT signature FROM explore_analytics.doors()))
UNION ALL SELECT 'granted: ' || c.oid::regclass FROM pg_class c, aclexplode(c.relacl) a
  WHERE c.relnamespace IN ('public'::regnamespace, 'explore_analytics'::regnamespace) AND a.grantee <> c.relowner
UNION ALL SELECT 'schema explore_analytics: ' || a.grantee::regrole FROM pg_namespace n, aclexplode(n.nspacl) a
  WHERE n.nspname = 'explore_analytics' AND a.privilege_type = 'CREATE' AND a.grantee <> n.nspowner
-- Names that are ours, without their schema: in code where a relation stands or a cast, anywhere in statements that are put together
UNION ALL SELECT 'unqualified relation ' || m[2] || ' in ' || b.signature
  FROM spot.body b, regexp_matches(b.text, '\m(FROM|JOIN|INTO|UPDATE|TABLE|ONLY|ON)\s+(?:ONLY\s+)?([a-z_]+)\M(?!\s*[.(])', 'g') m
  WHERE m[2] IN (SELECT name FROM spot.name) AND b.text !~ format('\m%s\M(\s*\([a-z_, ]*\))?\s+AS\s+(MATERIALIZED\s+)?\(', m[2])
UNION ALL SELECT 'unqualified type ' || m[1] || ' in ' || b.signature
  FROM spot.body b, regexp_matches(b.code, '(?:::|\mAS\s+|\m[a-z_]+\s+)(engagement_type|engagement_summary|viewer_set)\M', 'g') m
UNION ALL SELECT 'unqualified call of ' || m[1] || '() in ' || b.signature
  FROM spot.body b, regexp_matches(b.code, '(?<![.a-z_])([a-z_]+)\(', 'g') m
  WHERE m[1] IN (SELECT r.proname FROM spot.routine r) AND m[1] NOT IN (SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace)
    AND m[1] NOT IN ('rollup')
-- Calls into the schema where others may make functions: every argument has a type, so that none matches better
UNION ALL SELECT 'untyped literal in a call in ' || b.signature || ': ' || m[1]
  FROM spot.body b, regexp_matches(replace(b.text, '''''', ''''), '(\{s\}\.[a-z_]+\([^()]*(?<![a-z_])(?:NULL(?!::)|''[^'']*''(?!::))[^()]*\))', 'g') m
-- What stands in views, defaults, checks, triggers and indexes comes from pg_catalog or from us
UNION ALL SELECT 'foreign code: ' || pg_describe_object(d.classid, d.objid, d.objsubid) || ' uses ' || p.oid::regprocedure
  FROM pg_depend d JOIN pg_proc p ON d.refclassid = 'pg_proc'::regclass AND d.refobjid = p.oid
  WHERE d.classid IN ('pg_rewrite'::regclass, 'pg_attrdef'::regclass, 'pg_constraint'::regclass, 'pg_trigger'::regclass)
    AND p.oid NOT IN (SELECT oid FROM spot.routine) AND p.pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'spot'::regnamespace);
