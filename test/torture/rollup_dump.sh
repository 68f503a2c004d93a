#!/bin/bash
# Dump and restore of a database in which rollups reach half way: every answer is the same afterwards, and rows
# written after the restore are counted once.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

cluster_new dump "$EA_STAGE" 'fsync = off'
install_torture dump
# Buckets and deltas, creators that moved, a tail, a writer's epoch in the past.
q dump >/dev/null <<'SQL'
SELECT torture.put(VARIADIC ARRAY(SELECT generate_series(1, 6000)));
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SELECT torture.put(VARIADIC ARRAY(SELECT generate_series(6001, 7000)));
UPDATE explore_content SET creator_id = 7 WHERE id % 5 = 0;
CALL explore_analytics.refresh();
SELECT torture.put(VARIADIC ARRAY(SELECT generate_series(7001, 7500)));
UPDATE explore_content SET creator_id = 2 WHERE id % 9 = 0;
SQL

# Everything that summaries say, whole and of days, as one hash; and what the tables hold, row by row.
summaries() {
    q "$1" -d "$2" -c "SELECT md5(string_agg(x::text, '|' ORDER BY x::text)) FROM (
        SELECT s.what, s.id, d, CASE g WHEN 1 THEN content_summary(id, d, d + '5 days') WHEN 2 THEN creator_summary(id, d, d + '5 days') ELSE platform_summary(d, d + '5 days') END
        FROM torture.subjects s, (SELECT NULL::timestamptz AS d UNION ALL SELECT date_trunc('day', now()) - n * interval '5 days 1 hour' FROM generate_series(0, 12) n) d) x"
}
rows() {
    local table
    for table in public.explore_engagements public.explore_content explore_analytics.rollup_state explore_analytics.rollup_totals explore_analytics.rollup_buckets \
        explore_analytics.rollup_deltas explore_analytics.rollup_ledger explore_analytics.creator_changes explore_analytics.session_changes \
        explore_analytics.dropped_partitions explore_analytics.session_rollups explore_analytics.idle_runs; do
        q "$1" -d "$2" -c "SELECT '$table', t::text FROM $table t ORDER BY 2"
    done
    q "$1" -d "$2" -c "SELECT 'epoch', last_value, is_called FROM explore_analytics.epoch_seq"
}
diff_rows=0 after=0 rc=0 other_hashes=0 ways=0
PGHOST=$base/dump
export PGHOST
wanted=$(summaries dump postgres)
rows dump postgres >"$base/rows.original"

compare() { # DATABASE: restored; then it lives on
    local differs saved_checks=$checks
    ways=$((ways + 1))
    [[ $(summaries dump "$1") == "$wanted" ]] || { note "$1: other summaries"; other_hashes=$((other_hashes + 1)); }
    if [[ ${2:-} != fresh ]]; then
        rows dump "$1" >"$base/rows.$1"
        differs=$(diff "$base/rows.original" "$base/rows.$1" | grep -c '^[<>]' || true)
        ((differs == 0)) || note "$1: $(diff "$base/rows.original" "$base/rows.$1" | head -n 4 | cut -c1-150)"
        diff_rows=$((diff_rows + differs))
    fi
    differs=$mismatches
    export PGDATABASE=$1
    check dump 2
    q dump -c 'SELECT torture.put(VARIADIC ARRAY(SELECT generate_series(50001, 51000)))' >/dev/null
    check dump 2
    q dump -c 'CALL explore_analytics.refresh()'
    check dump 2
    q dump -c 'CALL explore_analytics.compact()'
    check dump 1
    mismatches=$((mismatches + $(half_states dump) + $(verify_rows dump)))
    export PGDATABASE=postgres
    after=$((after + mismatches - differs))
    ((checks > saved_checks + 20)) || after=$((after + 1))
}
restore() { # DATABASE COMMAND...
    local database=$1
    shift
    q dump -c "CREATE DATABASE $database TEMPLATE template0"
    "$@" >"$base/restore.$database" 2>&1 || rc=$((rc + 1))
    if grep -qE 'error|ERROR' "$base/restore.$database"; then
        note "$database: $(grep -m 1 -E 'error|ERROR' "$base/restore.$database")"
        rc=$((rc + 1))
    fi
}

bin=$EA_BINDIR
"$bin/pg_dump" -f "$base/plain.sql" postgres
"$bin/pg_dump" -Fc -f "$base/custom.dump" postgres
rm -rf "$base/directory"
"$bin/pg_dump" -Fd -j 2 -f "$base/directory" postgres
"$bin/pg_dump" --schema-only -f "$base/schema.sql" postgres
"$bin/pg_dump" --data-only --disable-triggers -f "$base/data.sql" postgres
restore plain psql -X -q -v ON_ERROR_STOP=1 -d plain -f "$base/plain.sql"
restore custom "$bin/pg_restore" --exit-on-error -d custom "$base/custom.dump"
restore directory "$bin/pg_restore" --exit-on-error -j 2 -d directory "$base/directory"
restore parts psql -X -q -v ON_ERROR_STOP=1 -d parts -f "$base/schema.sql" -f "$base/data.sql"
for database in plain custom directory parts; do compare "$database"; done

# The extension is taken out and put back around the tables.
q dump -c 'CREATE DATABASE reinstalled TEMPLATE custom' >/dev/null
export PGDATABASE=reinstalled
q dump -c "DELETE FROM explore_engagements WHERE (metadata ->> 'k')::bigint > 50000" -c 'SELECT explore_analytics.rebuild()' >/dev/null
q dump -c 'DROP SCHEMA torture CASCADE' -c 'CALL explore_analytics.uninstall()' -c 'DROP EXTENSION explore_analytics CASCADE' >/dev/null
tables=$(q dump -c "SELECT count(*) FROM explore_engagements")
q dump -c 'CREATE EXTENSION explore_analytics' -c 'CALL explore_analytics.install()' >/dev/null
sed '/^INSERT INTO explore_/d; /^SELECT setval/d' "$here/rollup_checks.sql" >"$base/checks_only.sql"
q dump -f "$base/checks_only.sql" >/dev/null
export PGDATABASE=postgres
compare reinstalled fresh
result dump "ways == 5 && tables == 7500 && rc + diff_rows + after + other_hashes == 0" \
    ways="$ways" pg_restore_rc="$rc" rows="$(wc -l <"$base/rows.original")" diff_rows="$diff_rows" other_summaries="$other_hashes" checks="$checks" after_writes_mismatch="$after" rows_kept="$tables"
finish
