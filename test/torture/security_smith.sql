-- What sqlsmith sees as pg_proc. Run by the role that sqlsmith will be.
-- Ours that return sets, behind functions that return text.
DO $do$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT p.oid, n.nspname, p.proname, pg_get_function_identity_arguments(p.oid) AS arguments, p.pronargs, p.provolatile,
           (SELECT string_agg(format_type(t, NULL), ', ' ORDER BY i) FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY u(t, i)) AS types
    FROM pg_catalog.pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    JOIN pg_depend d ON d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'explore_analytics'
    WHERE p.prokind = 'f' AND (p.proretset OR p.prorettype = 'void'::regtype) AND has_function_privilege(p.oid, 'EXECUTE') AND has_schema_privilege(n.oid, 'USAGE')
  LOOP
    EXECUTE format('CREATE FUNCTION play.%I(%s) RETURNS text LANGUAGE sql AS %L', item.proname, item.types,
      format('SELECT pg_catalog.left(pg_catalog.string_agg(f::pg_catalog.text, %L), 200) FROM (SELECT * FROM %I.%I(%s) LIMIT 50) f', ' ', item.nspname, item.proname,
        (SELECT string_agg('$' || i, ', ' ORDER BY i) FROM generate_series(1, item.pronargs) i)));
  END LOOP;
END $do$;
CREATE FUNCTION play.in_prey(types oid[]) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT types <@ (SELECT pg_catalog.array_agg(a.atttypid) FROM pg_catalog.pg_attribute a WHERE a.attrelid = 'play.value'::pg_catalog.regclass AND a.attnum > 0)
$$;
-- Nothing of pg_catalog that waits, or looks at the machine; nor interval(interval, integer), which knows no errors
-- but internal ones for an integer that is no typmod.
CREATE VIEW play.pg_proc AS
SELECT p.* FROM pg_catalog.pg_proc p
WHERE has_function_privilege(p.oid, 'EXECUTE') AND has_schema_privilege(p.pronamespace, 'USAGE')
  AND (p.pronamespace IN ('public'::regnamespace, 'explore_analytics'::regnamespace) AND p.proname !~ '_(recv|send|in|out)$'
       AND NOT p.proargtypes::oid[] && '{internal,cstring}'::regtype[]::oid[]
    OR p.pronamespace = 'play'::regnamespace AND p.proname <> 'in_prey'
    OR p.pronamespace = 'pg_catalog'::regnamespace AND play.in_prey(p.proargtypes::oid[] || p.prorettype)
       AND p.oid NOT IN (SELECT c.castfunc FROM pg_cast c WHERE c.castsource = c.casttarget)
       AND p.proname !~ '^(pg_|lo_|txid|currval|lastval|nextval|setval|set_config|inet|has_|row_security|gin|gist|spg|brin|hash|bt|bin|ts_|json_|jsonb_path|query_to|table_to|cursor_to|schema_to|database_to|xml)');
