#!/bin/bash
# The last minutes while eight sessions write and the background worker refreshes every second: numbers are those of the raw
# rows in the same snapshot, every refresh of events is told to who listens, and nothing else is; and what it costs to look
# at a live page once a second.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

seconds=$(either 20 300)
cluster_new live "$EA_STAGE" 'fsync = off' "shared_preload_libraries = 'explore_analytics'" 'max_parallel_workers_per_gather = 0' 'work_mem = 64MB' \
    'shared_buffers = 256MB' 'autovacuum_naptime = 5s' "explore_analytics.refresh_interval = '1s'"
q live -d postgres -c 'CREATE DATABASE live'
export PGDATABASE=live
install_torture live
q live -c "INSERT INTO explore_content (id, creator_id, title) SELECT 1000 + i, 101 + i % 50, 'content ' || i FROM generate_series(1, 1000) i" -f "$here/rollup_live.sql" \
    -c 'SELECT pg_reload_conf()' >/dev/null
poll live "SELECT count(*) = 1 FROM pg_stat_activity WHERE backend_type = 'explore_analytics refresh' AND datname = 'live'"

# Listens from before the first event until after the last; psql tells of what has come when a statement ends.
for ((i = 0; i < seconds + 600; i++)); do echo 'SELECT pg_sleep(0.5) \g /dev/null'; done | PGHOST=$base/live psql -X -qAt -c 'LISTEN explore_live' -f - >"$base/told" 2>&1 9>&- &
listener=$!
poll live "SELECT count(*) = 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(0.5)%'"

echo 'SELECT torture.live_batch(25)' >"$base/plain"
echo 'SELECT torture.live_body(25)' >"$base/body"
for kind in plain body; do
    PGHOST=$base/live "$EA_BINDIR/pgbench" -n -c 4 -j 1 -R 40 -T "$seconds" -f "$base/$kind" live >"$base/pgbench.$kind" 2>&1 &
    loads+=($!)
done
{
    for ((i = 0; i < seconds * 4; i++)); do
        echo 'BEGIN ISOLATION LEVEL REPEATABLE READ;'
        echo "SELECT 'C', l.* FROM torture.live() l;"
        echo 'COMMIT;'
        echo 'SELECT pg_sleep(0.15) \g /dev/null'
    done
} >"$base/questions"
PGHOST=$base/live psql -X -qAt -v ON_ERROR_STOP=1 -f "$base/questions" >"$base/answers" 2>&1 &
asker=$!

# A page that is looked at once a second, by the processor time of its session.
hold live 'SET plan_cache_mode = auto'
poller=$(q live -c "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SET plan_cache_mode%'")
used() { cut -d ' ' -f 1 "/proc/$poller/schedstat"; }
look() { echo 'SELECT * FROM live_metrics() \g /dev/null' >&9; echo 'SELECT concurrent_viewers() \g /dev/null' >&9; }
look
sleep 1
before=$(used) looks=0
while kill -0 "${loads[0]}" 2>/dev/null; do
    look
    looks=$((looks + 1))
    sleep 1
done
cost=$((($(used) - before) / 1000 / looks))
release
status=0
for load in "${loads[@]}"; do wait "$load" || status=$?; done
kill "$asker" 2>/dev/null || true
wait "$asker" || true

poll live 'SELECT tail_events = 0 FROM explore_analytics.rollup_status'
sleep 1.5
told=$(sed -nE 's/^Asynchronous notification "explore_live" with payload "([0-9]+)" received.*/\1/p' "$base/told" | paste -sd,)
kill "$listener" 2>/dev/null || true
count_file "$base/answers"
IFS='|' read -r refreshes untold invented events < <(q live -c "WITH ledger AS (SELECT high FROM explore_analytics.rollup_ledger WHERE event_count > 0), told AS (SELECT unnest(('{' || '$told' || '}')::bigint[]) AS high)
  SELECT (SELECT count(*) FROM ledger), (SELECT count(*) FROM (TABLE ledger EXCEPT ALL TABLE told) x), (SELECT count(*) FROM (TABLE told EXCEPT ALL TABLE ledger) x), (SELECT count(*) FROM explore_engagements)")
# What comes without events says nothing, and neither does recording.
quiet=$(PGOPTIONS='-c timezone=UTC' q live -c 'LISTEN explore_live' -c "ALTER DATABASE live SET explore_analytics.refresh_interval = 0" -c "UPDATE explore_content SET creator_id = 103 WHERE id = 1001" -c 'CALL explore_analytics.refresh()' \
    -c 'SELECT torture.put(900000001)' -c 'SELECT 1' 2>&1 | grep -c 'Asynchronous' || true)
check live 2
verified=$(verify_rows live)
# Where the queue of notifications is full, which is soon done from 17 on: a refresh goes on without telling, and tells when
# there is room again.
full=0
if [[ -n $(q live -c "SELECT 1 FROM pg_settings WHERE name = 'max_notify_queue_pages'") ]]; then
    q live -c 'ALTER SYSTEM SET max_notify_queue_pages = 64'
    cluster_stop live
    cluster_start live
    hold live 'LISTEN something' BEGIN 'SELECT 1'
    while q live -c "SELECT pg_notify('something', repeat('x', 7900))" >/dev/null 2>&1; do :; done
    [[ $(state_of live 'SELECT torture.put(900000002)' 'CALL explore_analytics.refresh()') == 00000 ]] || full=$((full + 1))
    release
    poll live 'SELECT pg_notification_queue_usage() < 0.1'
    q live -c 'LISTEN explore_live' -c 'SELECT torture.put(900000003)' -c 'CALL explore_analytics.refresh()' -c 'SELECT 1' 2>&1 | grep -q 'Asynchronous' || full=$((full + 1))
fi
# 20,000 microseconds once a second are 2 % of a processor.
result live "status == 0 && checks > 100 && mismatches + verified == 0 && refreshes * 3 >= seconds && untold + invented + quiet + full == 0 && looks > 0 && cost < 20000" \
    seconds="$seconds" events="$events" checks="$checks" mismatches="$mismatches" refreshes="$refreshes" untold="$untold" invented="$invented" told_of_nothing="$quiet" full_queue="$full" looks="$looks" microseconds_a_look="$cost" verify_rows="$verified"
finish
