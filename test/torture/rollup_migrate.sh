#!/bin/bash
# An installation of layout 1, which had no rollups: install() brings it up to date, and it is then as a fresh one.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

cluster_new migrate "$EA_STAGE" 'fsync = off'
q migrate -c 'CREATE DATABASE old' -c 'CREATE DATABASE fresh'
export PGDATABASE=fresh
q migrate -c 'CREATE EXTENSION explore_analytics' -c 'CALL explore_analytics.install()'
PGHOST=$base/migrate "$EA_BINDIR/pg_dump" -s fresh >"$base/schema.fresh"
export PGDATABASE=old
q migrate -c 'CREATE EXTENSION explore_analytics' -c 'CALL explore_analytics.install()'

# Everything that layout 1 had not.
q migrate >/dev/null <<'SQL'
DO $$
DECLARE item record;
BEGIN
  FOR item IN SELECT view_name FROM explore_analytics.layout_status_views() LOOP
    EXECUTE format('DROP VIEW IF EXISTS explore_analytics.%I CASCADE', item.view_name);
  END LOOP;
  FOR item IN SELECT t.tgrelid::regclass AS relation, t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
      WHERE p.pronamespace = 'explore_analytics'::regnamespace AND t.tgparentid = 0 AND NOT t.tgisinternal LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', item.tgname, item.relation);
  END LOOP;
  ALTER TABLE public.explore_engagements ALTER COLUMN epoch SET DEFAULT 0;
  FOR item IN SELECT p.relid FROM pg_partition_tree('public.explore_engagements') p WHERE p.isleaf LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN epoch SET DEFAULT 0', item.relid::regclass);
  END LOOP;
  FOR item IN SELECT relation_name FROM explore_analytics.layout_rollups() LOOP
    EXECUTE format('DROP TABLE explore_analytics.%I CASCADE', item.relation_name);
  END LOOP;
END $$;
DROP SEQUENCE explore_analytics.epoch_seq;
DROP INDEX public.explore_engagements_epoch;
ALTER TABLE public.explore_engagements DROP CONSTRAINT explore_engagements_epochs;
SQL
left=$(q migrate -c "SELECT count(*) FROM pg_class WHERE relnamespace = 'explore_analytics'::regnamespace AND relname ~ 'rollup|epoch'")
refused=$(state_of migrate 'SELECT views(platform_summary())')

# Years of layout 1.
sed '/^-- What only a half/,$d' "$here/rollup_checks.sql" >"$base/checks_before.sql"
q migrate -f "$base/checks_before.sql" -c 'SELECT torture.put(VARIADIC ARRAY(SELECT generate_series(1, 8000)))' >/dev/null
q migrate -c "SELECT e::text FROM explore_engagements e ORDER BY 1" >"$base/rows.before"
zero=$(q migrate -c 'SELECT bool_and(epoch = 0) FROM explore_engagements')

q migrate -c 'CALL explore_analytics.install()'
sed -n '/^-- What only a half/,$p' "$here/rollup_checks.sql" >"$base/checks_after.sql"
q migrate -c "SELECT e::text FROM explore_engagements e ORDER BY 1" >"$base/rows.after"
data=$(diff "$base/rows.before" "$base/rows.after" | grep -c '^[<>]' || true)
q migrate -f "$base/checks_after.sql" >/dev/null
check migrate
q migrate -c 'CALL explore_analytics.refresh()'
check migrate
q migrate -c 'SELECT torture.put(VARIADIC ARRAY(SELECT generate_series(20001, 21000)))' -c 'CALL explore_analytics.install()' >/dev/null
check migrate
q migrate -c 'CALL explore_analytics.refresh()' -c 'CALL explore_analytics.compact()'
check migrate
half=$(half_states migrate) verified=$(verify_rows migrate)
q migrate -c 'DROP SCHEMA torture CASCADE' -c 'DROP EXTENSION amcheck'
PGHOST=$base/migrate "$EA_BINDIR/pg_dump" -s old >"$base/schema.old"
# The order in which things were made is no difference.
schema=$(diff <(sort "$base/schema.fresh") <(sort "$base/schema.old") | grep '^[<>]' | grep -cvE '^[<>] (--.*)?$|unrestrict|restrict' || true)
((schema == 0)) || diff <(sort "$base/schema.fresh") <(sort "$base/schema.old") | grep '^[<>]' | head -n 8 | cut -c1-200 >&2
result migrate "left == 0 && data + schema + mismatches + half + verified == 0 && $([[ $zero == t && $refused == 55000 ]] && echo 1 || echo 0) && $(wc -l <"$base/rows.before") == 8000" \
    data_diff="$data" schema_diff="$schema" checks="$checks" mismatches="$mismatches" half_states="$half" verify_rows="$verified" before_install="$refused"
finish
