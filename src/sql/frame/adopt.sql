-- What install() looks at in tables that were there before.

-- Older rows may be there from before the rule: they stay and count, and only new ones are refused. A later
-- install() finds out when they have gone, for which only partitions that reach back so far are looked at; the
-- constraint itself, made or validated, reads every row.
CREATE OR REPLACE FUNCTION explore_analytics.hold_to_2000(events regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  valid boolean := (SELECT c.convalidated FROM pg_constraint c WHERE c.conrelid = events AND c.conname = 'explore_engagements_since_2000');
  old_rows boolean;
BEGIN
  IF valid THEN
    RETURN;
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE created_at < %L)', events, '2000-01-01 00:00:00+00') INTO old_rows;
  IF valid IS NULL THEN
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT explore_engagements_since_2000 %s%s', events,
      (SELECT l.definition FROM explore_analytics.layout_constraints() l WHERE l.constraint_name = 'explore_engagements_since_2000'), CASE WHEN old_rows THEN ' NOT VALID' ELSE '' END);
  ELSIF NOT old_rows THEN
    EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT explore_engagements_since_2000', events);
  END IF;
  IF old_rows THEN
    RAISE NOTICE 'table % has rows from before 2000: they stay and count, new ones are refused', events;
  END IF;
END $$;
COMMENT ON FUNCTION explore_analytics.hold_to_2000(regclass) IS 'Internal: the constraint that nothing happened before 2000, not valid as long as older rows are there.';

-- Rows that were loaded with their ids leave the sequence where it was, and the next id it gives may be taken. Of ids that
-- are keys alone: events have none, and no index to ask.
CREATE OR REPLACE FUNCTION explore_analytics.sequences_behind()
RETURNS TABLE (table_name text, sequence regclass, reached bigint, highest bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT c.table_name, c.column_name, a.attrelid::regclass AS relation, pg_get_serial_sequence(a.attrelid::regclass::text, a.attname::text)::regclass AS sequence
    FROM explore_analytics.layout_columns() c
    JOIN pg_attribute a ON a.attrelid = to_regclass(format('%I.%I', explore_analytics.home(), c.table_name)) AND a.attname = c.column_name AND NOT a.attisdropped
    WHERE c.identity AND EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum)
  LOOP
    EXECUTE format('SELECT max(%I) FROM %s', item.column_name, item.relation) INTO highest;
    table_name := item.table_name;
    sequence := item.sequence;
    reached := pg_sequence_last_value(item.sequence);
    IF sequence IS NOT NULL AND highest > coalesce(reached, 0) THEN
      RETURN NEXT;
    END IF;
  END LOOP;
END $$;
COMMENT ON FUNCTION explore_analytics.sequences_behind() IS 'Internal: sequences that would give ids which are taken; run with the owner''s rights.';

-- The column that keeps a constraint of the layout from being added: of a CHECK with several conditions, the
-- first in a condition that some row does not meet; of a key, its first.
CREATE OR REPLACE FUNCTION explore_analytics.offending_column(relation regclass, constraint_name text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  definition text := (SELECT l.definition FROM explore_analytics.layout_constraints() l WHERE l.constraint_name = offending_column.constraint_name);
  condition text;
  violated boolean;
BEGIN
  FOR condition IN SELECT regexp_split_to_table(substring(definition FROM '^CHECK [(](.*)[)]$'), ' AND ') LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE NOT (%s))', relation, condition) INTO violated;
    EXIT WHEN violated;
  END LOOP;
  RETURN (SELECT word.part FROM regexp_split_to_table(coalesce(condition, definition), '[^a-z_]+') WITH ORDINALITY AS word(part, place)
          JOIN pg_attribute a ON a.attrelid = relation AND a.attname = word.part ORDER BY word.place LIMIT 1);
END $$;
COMMENT ON FUNCTION explore_analytics.offending_column(regclass, text) IS 'Internal: the column that install() names when a constraint does not fit existing rows.';
