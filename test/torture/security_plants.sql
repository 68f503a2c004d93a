-- Hostile objects for a schema. Each notes down that it ran, and for whom, and then does what the real one does.
CREATE SCHEMA canary;
GRANT USAGE ON SCHEMA canary TO PUBLIC;
CREATE SEQUENCE canary.songs;    -- counts what an aborted transaction did, too
CREATE TABLE canary.song (what text, who name);
CREATE FUNCTION canary.sing(what text, who name) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM nextval('canary.songs');
  RAISE WARNING 'SANG % as %', what, who;
  INSERT INTO canary.song VALUES (what, who);
  RETURN true;
END $$;
CREATE FUNCTION canary.count() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
  'SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM canary.songs';
CREATE TABLE canary.prey (type oid PRIMARY KEY);     -- the types that our SQL handles
INSERT INTO canary.prey SELECT unnest('{oid,name,text,"\"char\"",int2,int4,int8,bool,timestamptz,timestamp,date,interval,jsonb,float8,numeric,uuid,bytea,regclass,regtype,regproc,regprocedure,regnamespace,int8[],text[],oid[],timestamptz[]}'::regtype[]);
GRANT SELECT ON canary.prey TO PUBLIC;

-- One function; quietly nothing where the name and arguments are taken.
CREATE FUNCTION canary.plant_function(place text, name text, arguments text, result text, expression text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('CREATE FUNCTION %s.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L', place, name, arguments, result,
    format('BEGIN PERFORM canary.sing(%L, current_user); %s; END', format('%s.%s(%s)', place, name, arguments),
      CASE WHEN result = 'void' THEN 'RETURN' WHEN result LIKE 'SETOF%' THEN 'RETURN QUERY SELECT ' || expression ELSE 'RETURN ' || expression END));
EXCEPTION WHEN duplicate_function OR undefined_object OR feature_not_supported THEN NULL;
END $$;

CREATE FUNCTION canary.plant_operator(place text, name text, l text, r text, result text, expression text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  f text := format('%s%s(%s,%s)', 'op_', md5(name || coalesce(l, '') || '|' || r), '', '');
BEGIN
  f := left(f, 35);
  PERFORM canary.plant_function(place, f, concat_ws(', ', l, r), result, expression);
  EXECUTE format('CREATE OPERATOR %s.%s (%sRIGHTARG = %s, FUNCTION = %s.%I)', place, name, 'LEFTARG = ' || l || ', ', r, place, f);
EXCEPTION WHEN duplicate_function THEN NULL;
END $$;

-- The functions and operators of pg_catalog over our types, and better matches than those over any type.
CREATE FUNCTION canary.plant_routines(place text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET check_function_bodies = off AS $$
DECLARE
  item record;
  t text;
BEGIN
  FOR item IN
    SELECT p.proname, pg_get_function_identity_arguments(p.oid) AS arguments, p.prorettype, p.proretset, p.pronargs, pg_get_function_result(p.oid) AS result
    FROM pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f' AND p.provariadic = 0 AND p.proallargtypes IS NULL
      AND p.prorettype IN (SELECT type FROM canary.prey UNION SELECT 'void'::regtype)
      AND NOT EXISTS (SELECT FROM unnest(p.proargtypes::oid[]) a WHERE a NOT IN (SELECT type FROM canary.prey))
      AND p.proname !~ '^(pg_stat_get|bt|hash|gin|gist|brin|spg|numeric_|binary_upgrade)'
  LOOP
    PERFORM canary.plant_function(place, item.proname, item.arguments, item.result,
      format('pg_catalog.%I(%s)', item.proname, (SELECT string_agg('$' || n, ', ' ORDER BY n) FROM generate_series(1, item.pronargs) n)));
  END LOOP;
  FOR item IN
    SELECT o.oprname, nullif(o.oprleft, 0)::regtype::text AS l, o.oprright::regtype::text AS r, o.oprresult::regtype::text AS result FROM pg_operator o
    WHERE o.oprnamespace = 'pg_catalog'::regnamespace AND o.oprright IN (SELECT type FROM canary.prey) AND (o.oprleft = 0 OR o.oprleft IN (SELECT type FROM canary.prey)) AND o.oprresult <> 0
  LOOP
    PERFORM canary.plant_operator(place, item.oprname, item.l, item.r, item.result,
      CASE WHEN item.l IS NULL THEN format('OPERATOR(pg_catalog.%s) $1', item.oprname) ELSE format('$1 OPERATOR(pg_catalog.%s) $2', item.oprname) END);
  END LOOP;
  -- Pairs that pg_catalog compares by a conversion or as any array.
  FOR item IN SELECT a.type::regtype::text AS l, b.type::regtype::text AS r, a.type IN ('int8[]'::regtype, 'text[]'::regtype, 'oid[]'::regtype, 'timestamptz[]'::regtype) AS is_array
              FROM canary.prey a, canary.prey b WHERE a.type = b.type OR (a.type::regtype::text || b.type::regtype::text ~ '^(reg.*|oid|name|text)(reg.*|oid|name|text)$') LOOP
    PERFORM canary.plant_operator(place, '=', item.l, item.r, 'boolean', '$1::pg_catalog.text OPERATOR(pg_catalog.=) $2::pg_catalog.text');
    PERFORM canary.plant_operator(place, '<>', item.l, item.r, 'boolean', '$1::pg_catalog.text OPERATOR(pg_catalog.<>) $2::pg_catalog.text');
    PERFORM canary.plant_operator(place, '||', item.l, item.r, 'text', 'pg_catalog.concat($1, $2)');
    IF item.is_array AND item.l = item.r THEN
      PERFORM canary.plant_operator(place, '@>', item.l, item.r, 'boolean', '$1 OPERATOR(pg_catalog.@>) $2');
    END IF;
  END LOOP;
  FOREACH t IN ARRAY '{text,bigint,integer,name,oid,regclass,regprocedure,regtype,boolean,jsonb,timestamptz,double precision}'::text[] LOOP
    PERFORM canary.plant_function(place, 'format', 'text, ' || t, 'text', 'pg_catalog.format($1, VARIADIC ARRAY[$2::pg_catalog.text])');
    PERFORM canary.plant_function(place, 'format', 'text, ' || t || ', name', 'text', 'pg_catalog.format($1, VARIADIC ARRAY[$2::pg_catalog.text, $3::pg_catalog.text])');
    PERFORM canary.plant_function(place, 'format', 'text, ' || t || ', text', 'text', 'pg_catalog.format($1, VARIADIC ARRAY[$2::pg_catalog.text, $3])');
    PERFORM canary.plant_function(place, 'format', 'text, text, ' || t || ', text', 'text', 'pg_catalog.format($1, VARIADIC ARRAY[$2, $3::pg_catalog.text, $4])');
    PERFORM canary.plant_function(place, 'format', 'text, text, text, ' || t || ', text', 'text', 'pg_catalog.format($1, VARIADIC ARRAY[$2, $3, $4::pg_catalog.text, $5])');
    PERFORM canary.plant_function(place, 'coalesce', t || ', ' || t, t, '$1');
    PERFORM canary.plant_function(place, 'to_jsonb', t, 'jsonb', 'pg_catalog.to_jsonb($1)');
    PERFORM canary.plant_function(place, 'jsonb_build_object', 'text, ' || t, 'jsonb', 'pg_catalog.jsonb_build_object($1, $2)');
    PERFORM canary.plant_function(place, 'unnest', t || '[]', 'SETOF ' || t, 'pg_catalog.unnest($1)');
    PERFORM canary.plant_function(place, 'cardinality', t || '[]', 'integer', 'pg_catalog.cardinality($1)');
    PERFORM canary.plant_function(place, 'array_length', t || '[], integer', 'integer', 'pg_catalog.array_length($1, $2)');
    PERFORM canary.plant_function(place, 'array_to_string', t || '[], text', 'text', 'pg_catalog.array_to_string($1, $2)');
    PERFORM canary.plant_function(place, 'concat_ws', 'text, ' || t || ', ' || t, 'text', 'pg_catalog.concat_ws($1, $2, $3)');
    PERFORM canary.plant_function(place, 'lead', t, t, '$1');
    PERFORM canary.plant_function(place, 'lag', t, t, '$1');
    -- Aggregates for which nothing but the type speaks; their results are wrong, which would be noticed too.
    PERFORM canary.plant_function(place, 'plant_step', 'text, ' || t, 'text', '$2::pg_catalog.text');
    FOR item IN SELECT unnest('{count,sum,min,max,avg,array_agg,jsonb_agg,bool_and,bool_or}'::text[]) AS name LOOP
      EXECUTE format('CREATE AGGREGATE %s.%I(%s) (SFUNC = %1$s.plant_step, STYPE = text)', place, item.name, t);
    END LOOP;
  END LOOP;
  PERFORM canary.plant_function(place, 'plant_step', 'text', 'text', '''x''');
  EXECUTE format('CREATE AGGREGATE %s.count(*) (SFUNC = %1$s.plant_step, STYPE = text)', place);
  PERFORM canary.plant_function(place, 'plant_step', 'text, text, text', 'text', '$2');
  EXECUTE format('CREATE AGGREGATE %s.string_agg(text, text) (SFUNC = %1$s.plant_step, STYPE = text)', place);
  -- A type that everything turns into, and that turns into everything.
  EXECUTE format('CREATE TYPE %s.chameleon AS (anything text)', place);
  FOREACH t IN ARRAY '{text,bigint,integer,name,oid,regclass,regprocedure,boolean,jsonb,timestamptz,interval,date,uuid,double precision,bigint[],text[]}'::text[] LOOP
    PERFORM canary.plant_function(place, 'into_chameleon', t, place || '.chameleon', format('ROW($1::pg_catalog.text)::%s.chameleon', place));
    PERFORM canary.plant_function(place, 'from_chameleon_' || replace(t, ' ', '_'), place || '.chameleon', t, format('($1).anything::%s', t));
    EXECUTE format('CREATE CAST (%s AS %s.chameleon) WITH FUNCTION %2$s.into_chameleon(%1$s) AS IMPLICIT', t, place);
    EXECUTE format('CREATE CAST (%s.chameleon AS %s) WITH FUNCTION %1$s.%3$I(%1$s.chameleon) AS IMPLICIT', place, t, 'from_chameleon_' || replace(t, ' ', '_'));
  END LOOP;
  PERFORM canary.plant_function(place, 'format', format('text, %s.chameleon', place), 'text', '$1');
  PERFORM canary.plant_function(place, 'quote_ident', format('%s.chameleon', place), 'text', '($1).anything');
  PERFORM canary.plant_operator(place, '=', place || '.chameleon', place || '.chameleon', 'boolean', 'true');
  PERFORM canary.plant_operator(place, '||', place || '.chameleon', place || '.chameleon', 'text', 'NULL');
END $$;

-- What only makes sense where the extension is: over its types, and beside its functions with arguments that
-- match an untyped literal better, with fewer and with more.
CREATE FUNCTION canary.plant_namesakes(place text, home text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET check_function_bodies = off AS $$
DECLARE
  item record;
  t text;
  n integer;
BEGIN
  FOR item IN
    SELECT p.proname, p.proargtypes::oid[] AS types, p.prorettype, CASE WHEN p.proretset THEN 'SETOF ' ELSE '' END || CASE WHEN p.prorettype IN ('record'::regtype, 'void'::regtype) THEN 'text' ELSE p.prorettype::regtype::text END AS result
    FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'explore_analytics'
    WHERE p.prokind IN ('f', 'p') AND p.prorettype NOT IN ('trigger'::regtype, 'cstring'::regtype) AND NOT 'internal'::regtype = ANY (p.proargtypes::oid[]) AND NOT 'cstring'::regtype = ANY (p.proargtypes::oid[])
  LOOP
    n := cardinality(item.types);
    FOR t IN
      -- one argument as text; all as text; all but the first as text; integers for bigints; prefixes; one more
      SELECT (SELECT string_agg(CASE WHEN i = j THEN 'text' ELSE item.types[j - 1]::regtype::text END, ', ' ORDER BY j) FROM generate_series(1, n) j) FROM generate_series(1, n) i
      UNION SELECT repeat('text, ', n - 1) || 'text' WHERE n > 0
      UNION SELECT item.types[0]::regtype || repeat(', text', n - 1) WHERE n > 1
      UNION SELECT (SELECT string_agg(replace(item.types[j - 1]::regtype::text, 'bigint', 'integer'), ', ' ORDER BY j) FROM generate_series(1, n) j) WHERE n > 0
      UNION SELECT coalesce((SELECT string_agg(item.types[j - 1]::regtype::text, ', ' ORDER BY j) FROM generate_series(1, i) j), '') FROM generate_series(0, n - 1) i
      UNION SELECT concat_ws(', ', (SELECT string_agg(item.types[j - 1]::regtype::text, ', ' ORDER BY j) FROM generate_series(1, n) j), 'VARIADIC text[]')
      UNION SELECT repeat('anyelement, ', n - 1) || 'anyelement' WHERE n > 0
    LOOP
      -- In the extension's own schema the very signature is taken, elsewhere it is planted too.
      PERFORM canary.plant_function(place, item.proname, t, item.result, 'NULL');
    END LOOP;
    IF place <> home AND n > 0 THEN
      PERFORM canary.plant_function(place, item.proname, (SELECT string_agg(x::regtype::text, ', ' ORDER BY i) FROM unnest(item.types) WITH ORDINALITY u(x, i)), item.result, 'NULL');
    END IF;
  END LOOP;
  FOR item IN SELECT o.name, format('%I.%I', home, o.type) AS l, CASE WHEN o.r = '' THEN format('%I.%I', home, o.type) ELSE o.r END AS r, o.result FROM (VALUES
      ('=', 'engagement_type', '', 'boolean'), ('<>', 'engagement_type', '', 'boolean'), ('<', 'engagement_type', '', 'boolean'), ('=', 'engagement_type', 'text', 'boolean'), ('=', 'engagement_summary', '', 'boolean'),
      ('<>', 'viewer_set', '', 'boolean'), ('=', 'viewer_set', '', 'boolean'), ('@>', 'viewer_set', '', 'boolean'), ('@>', 'viewer_set', 'bigint', 'boolean'), ('@>', 'viewer_set', 'integer', 'boolean'),
      ('+', 'engagement_summary', '', 'text'), ('|', 'viewer_set', '', 'text'), ('&', 'viewer_set', '', 'text'), ('-', 'viewer_set', '', 'text'), ('||', 'engagement_summary', 'text', 'text'), ('->', 'engagement_summary', 'text', 'text')) o(name, type, r, result) LOOP
    IF place <> home OR item.name || item.l || item.r NOT IN (SELECT o.oprname || format('%I.%I', home, l.typname) || CASE WHEN r.typname = 'int8' THEN 'bigint' ELSE format('%I.%I', home, r.typname) END
         FROM pg_operator o JOIN pg_type l ON l.oid = o.oprleft JOIN pg_type r ON r.oid = o.oprright WHERE o.oprnamespace::regnamespace::text = home) THEN
      PERFORM canary.plant_operator(place, item.name, item.l, item.r, item.result, 'NULL');
    END IF;
  END LOOP;
  FOREACH t IN ARRAY '{engagement_type,engagement_summary,viewer_set}'::text[] LOOP
    PERFORM canary.plant_function(place, 'into_chameleon', format('%I.%I', home, t), place || '.chameleon', format('ROW($1::pg_catalog.text)::%s.chameleon', place));
    EXECUTE format('CREATE CAST (%I.%I AS %s.chameleon) WITH FUNCTION %3$s.into_chameleon(%1$I.%2$I) AS IMPLICIT', home, t, place);
  END LOOP;
END $$;

-- Types and relations by the names of pg_catalog's and ours: what pg_temp can shadow, and a schema in the path.
CREATE FUNCTION canary.plant_names(place text, ours boolean) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  name text;
  columns text;
BEGIN
  FOR name IN SELECT t.typname FROM pg_type t WHERE t.oid IN (SELECT type FROM canary.prey) AND t.typname !~ '^_|^char$' LOOP
    EXECUTE format('CREATE DOMAIN %s.%I AS pg_catalog.%2$I CHECK (canary.sing(%L, current_user))', place, name, 'type ' || place || '.' || name);
  END LOOP;
  IF ours THEN
    FOREACH name IN ARRAY '{engagement_type,engagement_summary,viewer_set}'::text[] LOOP
      EXECUTE format('CREATE DOMAIN %s.%I AS pg_catalog.text CHECK (canary.sing(%L, current_user))', place, name, 'type ' || place || '.' || name);
    END LOOP;
    FOREACH name IN ARRAY '{explore_content,explore_discovery_videos,explore_feed_sessions,explore_saved_properties,explore_viewers,explore_exposures,explore_boost_campaigns,explore_boost_ledger,boost_days,explore_engagements,explore_excluded_engagements,explore_video_daily,explore_leaderboard,event_keys,viewing_keys,rollup_state,rollup_totals,rollup_buckets,rollup_deltas,rollup_ledger,rescores,creator_changes,session_changes,epoch_seq,audit_log,experiments,excluded_viewers,epoch_holders,rollup_status,job,item,event,fresh,stored,number,wanted}'::text[] LOOP
      EXECUTE format('CREATE VIEW %s.%I AS SELECT 1::pg_catalog.int8 AS id, 1::pg_catalog.int8 AS low, 1::pg_catalog.int8 AS content_id, 7::pg_catalog.int8 AS creator_id WHERE canary.sing(%L, current_user)', place, name, 'relation ' || place || '.' || name);
    END LOOP;
  END IF;
  FOR name, columns IN
    SELECT c.relname, (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
                       WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.atttypid NOT IN ('anyarray'::regtype, 'pg_statistic[]'::regtype))
    FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind IN ('r', 'v')
  LOOP
    EXECUTE format('CREATE VIEW %s.%I AS SELECT %s FROM pg_catalog.%2$I WHERE canary.sing(%4$L, current_user)', place, name, columns, 'relation ' || place || '.' || name);
  END LOOP;
END $$;
