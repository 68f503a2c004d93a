-- Who may what on objects of the extension and of install(), owners apart: one privilege a line, for comm.
\set ON_ERROR_STOP on
SET search_path = pg_catalog;
WITH object AS (
  SELECT 'routine' AS kind, p.oid::regprocedure::text AS name, p.proacl AS acl, p.proowner AS owner FROM pg_proc p
  JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
  WHERE e.extname = 'explore_analytics'
  UNION ALL SELECT 'schema', n.nspname, n.nspacl, n.nspowner FROM pg_namespace n WHERE n.nspname IN ('explore_analytics', explore_analytics.home())
  UNION ALL SELECT 'relation', r.relation::text, c.relacl, c.relowner FROM explore_analytics.relations() r JOIN pg_class c ON c.oid = r.relation
  UNION ALL SELECT 'column', r.relation || '.' || a.attname, a.attacl, c.relowner FROM explore_analytics.relations() r JOIN pg_class c ON c.oid = r.relation
    JOIN pg_attribute a ON a.attrelid = r.relation AND a.attacl IS NOT NULL
)
SELECT format('%s %s: %s %s%s', o.kind, o.name, a.grantee::regrole, a.privilege_type, CASE WHEN a.is_grantable THEN ' with grant option' ELSE '' END) COLLATE "C"
FROM object o, aclexplode(o.acl) a WHERE a.grantee NOT IN (0, o.owner) ORDER BY 1;
