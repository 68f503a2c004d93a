-- Every payload through every text, name, jsonb and text[] argument of every routine the caller may call.
-- Clean is an answer, or an error that is about the argument: not one of the parser's, of a look-up in our own
-- statements, of a file, or an internal one; and one that can be read.
CREATE UNLOGGED TABLE bomb.outcome (caller name, routine text, argument text, payload integer, state text, message text, context text);
GRANT INSERT ON bomb.outcome TO PUBLIC;

CREATE FUNCTION bomb.unclean(state text, message text) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT state ~ '^(XX|58|57P|0A|26|34|3B|2D|25|P0001)' OR state IN ('42601', '42P01', '42P02', '42P18', '42703', '42883', '42804', '42725', '42710', '42P06', '42P07', '42602', '53200') OR length(message) > 1000
$$;

-- Calls one routine with one argument replaced.
CREATE FUNCTION bomb.try(call text, routine text, argument text, number integer, payload_text text, body jsonb, list text[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  state text := '00000';
  said text;
  place text;
BEGIN
  BEGIN
    EXECUTE call USING payload_text, body, list;
  EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, said = MESSAGE_TEXT, place = PG_EXCEPTION_CONTEXT;
  END;
  INSERT INTO bomb.outcome VALUES (current_user, routine, argument, number, state, left(said, 2000), left(place, 500));
END $$;

-- It commits, so the session sets the path.
CREATE PROCEDURE bomb.drop_all(every integer, routine text DEFAULT NULL) LANGUAGE plpgsql AS $$
DECLARE
  item record;
  p record;
  body jsonb;
  call text;
BEGIN
  FOR item IN
    SELECT r.oid, r.name, r.signature, i, r.types[i] AS type, coalesce(nullif(r.names[i], ''), i::text) AS argument
    FROM torture.routine r, generate_series(1, cardinality(r.types)) i
    WHERE NOT r.not_for_sql AND (routine IS NULL OR r.name = routine) AND r.types[i] IN ('text'::regtype, 'name'::regtype, 'jsonb'::regtype, 'text[]'::regtype)
      AND has_function_privilege(r.oid, 'EXECUTE') AND has_schema_privilege(r.schema, 'USAGE')
    ORDER BY r.signature, i
  LOOP
    call := torture.call_of(item.oid, item.i::integer, CASE WHEN item.type = 'jsonb'::regtype THEN '$2::pg_catalog.jsonb' WHEN item.type = 'text[]'::regtype THEN '$3::pg_catalog._text'
                                             ELSE '$1::pg_catalog.' || (SELECT typname FROM pg_type WHERE oid = item.type) END);
    IF call IS NULL THEN
      RAISE EXCEPTION 'no arguments are known for %: teach torture.value_of() in security_calls.sql', item.signature;
    END IF;
    FOR p IN SELECT * FROM bomb.payload l WHERE l.n % every = 0 ORDER BY l.n LOOP
      IF item.type = 'jsonb'::regtype THEN
        FOR body IN SELECT * FROM bomb.bodies(item.name, p.text) LOOP
          PERFORM bomb.try(call, item.signature, item.argument, p.n, p.text, body, NULL);
        END LOOP;
      ELSE
        PERFORM bomb.try(call, item.signature, item.argument, p.n, p.text, NULL, ARRAY[p.text, p.text]);
      END IF;
    END LOOP;
    COMMIT;
  END LOOP;
END $$;
