#!/bin/bash
# A refresh every second while a slow autovacuum works on the raw table: it is never cancelled by one. How long it
# takes until a refresh falls within a vacuum, and until one has ended, is the launcher's to say: the rounds go on until then.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

seconds=$(either 15 60)
cluster_new vacuum "$EA_STAGE" 'fsync = off' 'autovacuum_naptime = 1s' 'autovacuum_vacuum_threshold = 500' 'autovacuum_vacuum_scale_factor = 0' \
    'autovacuum_vacuum_insert_threshold = 500' 'autovacuum_vacuum_insert_scale_factor = 0' 'autovacuum_vacuum_cost_limit = 15' 'autovacuum_vacuum_cost_delay = 10ms' 'deadlock_timeout = 50ms' \
    'log_autovacuum_min_duration = 0' 'autovacuum_max_workers = 3' 'log_min_messages = log'
install_torture vacuum
q vacuum -c 'SELECT torture.put(VARIADIC ARRAY(SELECT generate_series(1, 30000)))' >/dev/null
vacuums() { grep -c 'automatic vacuum of table "postgres.public.explore_engagements' "$base/vacuum/log" || true; }
until=$((EPOCHSECONDS + seconds)) key=100000 refreshes=0 beside=0
seen_enough() { ((refreshes > 3 && beside > 0 && $(vacuums) > 0)); }
while ((EPOCHSECONDS < until)) || { ((EPOCHSECONDS < until + 120)) && ! seen_enough; }; do
    # Events come and go (those that go are not in rollups yet), so that there is something to vacuum.
    q vacuum -c "SELECT torture.put(VARIADIC ARRAY(SELECT generate_series($key, $key + 1500)))" \
        -c "DELETE FROM explore_engagements WHERE (metadata ->> 'k')::bigint BETWEEN $key AND $key + 700" -c 'CALL explore_analytics.refresh()' >/dev/null
    key=$((key + 10000)) refreshes=$((refreshes + 1))
    beside=$((beside + $(q vacuum -c "SELECT count(*) FROM pg_stat_progress_vacuum v JOIN pg_class c ON c.oid = v.relid WHERE c.relname LIKE 'explore_engagements%'")))
    sleep 0.8
done
check vacuum
verified=$(verify_rows vacuum)
cancelled=$(grep -c 'canceling autovacuum' "$base/vacuum/log" || true)
done_raw=$(vacuums)
result autovacuum "cancelled == 0 && done_raw >= 1 && beside >= 1 && refreshes > 3 && mismatches + verified == 0" \
    cancelled="$cancelled" vacuums_done="$done_raw" refreshes="$refreshes" during_a_vacuum="$beside" checks="$checks" mismatches="$mismatches" verify_rows="$verified"
finish
