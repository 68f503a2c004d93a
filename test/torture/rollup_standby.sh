#!/bin/bash
# A streaming standby under load: every answer there equals plain SQL there, in one snapshot; writing is refused
# cleanly; after a promotion everything goes on.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"
. "$here/rollup_writers.sh"

wanted=$(either 60 1000)
cluster_new primary "$EA_STAGE" 'fsync = off' 'wal_level = replica' 'max_wal_senders = 4'
install_torture primary
mkdir -p "$base/standby"
[[ $EUID != 0 ]] || chown postgres "$base/standby"
"${as[@]}" "$EA_BINDIR/pg_basebackup" -h "$base/primary" -U postgres -D "$base/standby/data" -R -X stream -c fast >"$base/backup.log" 2>&1
printf '%s\n' "unix_socket_directories = '$base/standby'" 'hot_standby_feedback = on' 'max_standby_streaming_delay = -1' |
    "${as[@]}" tee -a "$base/standby/data/postgresql.conf" >/dev/null
clusters+=(standby)
cluster_start standby

sessions=()
number=0
for kind in "${writer_kinds[@]}"; do
    number=$((number + 1))
    writer_script "$kind" $((number * 10000000)) 20000 100 >"$base/script.$kind"
    PGHOST=$base/primary psql -X -qAt -v VERBOSITY=terse -f "$base/script.$kind" >"$base/out.$kind" 2>"$base/err.$kind" &
    sessions+=($!)
done
refresher_script 100000 >"$base/script.refresher"
PGHOST=$base/primary psql -X -qAt -v VERBOSITY=terse -f "$base/script.refresher" >/dev/null 2>"$base/err.refresher" &
sessions+=($!)

# Each question is a transaction of its own, in one snapshot.
poll standby 'SELECT sum(views) > 0 FROM explore_analytics.rollup_totals'
checker_script "$wanted" 0.001 >"$base/script.checker"
# Again on a slow machine, until the watermark has moved often enough under the questions.
for ((turn = 0; turn < 10; turn++)); do
    PGHOST=$base/standby psql -X -qAt -f "$base/script.checker" >>"$base/out.checker" 2>>"$base/err.checker"
    watermarks=$(q primary -c 'SELECT max(high) FROM explore_analytics.rollup_ledger')
    ((watermarks <= 5)) || break
done
snapshots=$(grep -c '^C|' "$base/out.checker" || true)
count_file "$base/out.checker"

unclean=0
for statement in 'CALL explore_analytics.refresh()' 'CALL explore_analytics.compact()' 'SELECT explore_analytics.rebuild()' 'SELECT torture.put(1)' \
    "SELECT record_engagement(1, 'view')" "CALL explore_analytics.run_forever('1 second')"; do
    state=$(state_of standby "$statement")
    [[ $state == 25006 ]] || { note "on the standby, $statement: $state"; unclean=$((unclean + 1)); }
done
ailing=$(q standby -c "SELECT string_agg(check_name || ': ' || detail, '; ') FROM explore_analytics.health_check() WHERE status = 'FAIL'")
[[ -z $ailing ]] || { note "health_check() on the standby: $ailing"; unclean=$((unclean + 1)); }
verified=$(verify_rows standby)

# The primary dies under load; what it had sent is what there is.
cluster_kill primary
wait "${sessions[@]}" || true
complaints=0
for file in "$base"/err.*; do
    said=$(unexpected "$file")
    [[ -z $said ]] || { note "${file##*.}: $(head -n 1 <<<"$said")"; complaints=$((complaints + 1)); }
done
before=$mismatches
check standby
"${as[@]}" "$EA_BINDIR/pg_ctl" -D "$base/standby/data" -w promote >>"$base/standby/pg_ctl.log"
check standby
while read -r gid; do q standby -c "COMMIT PREPARED '$gid'"; done < <(q standby -c 'SELECT gid FROM pg_prepared_xacts')
q standby -c 'SELECT torture.put(VARIADIC ARRAY(SELECT generate_series(200000000, 200001000)))' >/dev/null
check standby
q standby -c 'CALL explore_analytics.refresh()'
check standby
q standby -c 'SELECT torture.put(VARIADIC ARRAY(SELECT generate_series(200002000, 200002100)))' -c 'CALL explore_analytics.refresh()' -c 'CALL explore_analytics.compact()' >/dev/null
check standby
after=$((mismatches - before))
half=$(half_states standby)
verified=$((verified + $(verify_rows standby)))
result standby "snapshots >= wanted && watermarks > 5 && before + after + half + verified + unclean + complaints == 0" \
    checks="$snapshots" comparisons="$checks" watermark="$watermarks" mismatches="$before" after_promote="$after" half_states="$half" \
    verify_rows="$verified" not_25006="$unclean" complaints="$complaints"
finish
