#!/bin/bash
# Hours in little: 2,000 events a second while the background worker refreshes every second. Its tables stay near the size
# that they have when they are made anew, its memory what it was, and numbers those of plain SQL.
# EA_SECONDS says how long, half an hour by itself; a minute in the short form, with an autovacuum that looks as much oftener.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

seconds=${EA_SECONDS:-$(either 60 1800)}
naptime=$((seconds / 12))
cluster_new soak "$EA_STAGE" 'fsync = off' "shared_preload_libraries = 'explore_analytics'" 'max_parallel_workers_per_gather = 0' 'work_mem = 64MB' \
    'shared_buffers = 256MB' "autovacuum_naptime = $((naptime < 1 ? 1 : naptime > 60 ? 60 : naptime))s" "explore_analytics.refresh_interval = '1s'"
q soak -d postgres -c 'CREATE DATABASE soak'
PGDATABASE=soak
install_torture soak
# Few contents and viewers have most of the events; a batch is 20 events of now.
q soak -c "INSERT INTO explore_content (id, creator_id, title) SELECT 1000 + i, 101 + i % 50, 'content ' || i FROM generate_series(1, 1000) i" \
    -c "INSERT INTO explore_discovery_videos (id, content_id, duration_ms) SELECT 1000 + i, 1000 + i, 30000 FROM generate_series(1, 1000) i" \
    -c "CREATE FUNCTION torture.batch() RETURNS void LANGUAGE sql AS \$\$
          INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, completed, created_at)
          SELECT 1001 + floor(1000 * random() ^ 3)::bigint, 1 + floor(50000 * random() ^ 2)::bigint,
            (enum_range(NULL::engagement_type))[CASE WHEN random() < 0.8 THEN 1 ELSE 1 + floor(7 * random())::integer END], floor(30000 * random())::integer, random() < 0.3, clock_timestamp()
          FROM generate_series(1, 20) \$\$" -c 'SELECT pg_reload_conf()' >/dev/null
poll soak "SELECT count(*) = 1 FROM pg_stat_activity WHERE backend_type = 'explore_analytics refresh' AND datname = 'soak'"
worker=$(q soak -c "SELECT pid FROM pg_stat_activity WHERE backend_type = 'explore_analytics refresh' AND datname = 'soak'")

# What the worker has for itself, in kB: the least of each half, which is what it keeps between refreshes; the first tenth
# is to warm up. And how many events wait.
own_memory() { awk '/^RssAnon/ { print $2 }' "/proc/$worker/status"; }
echo 'SELECT torture.batch()' >"$base/batch"
PGHOST=$base/soak "$EA_BINDIR/pgbench" -n -c 4 -j 1 -R 100 -T "$seconds" -f "$base/batch" soak >"$base/pgbench.log" 2>&1 &
load=$!
none=1000000000
began=$EPOCHSECONDS samples=0 early=$none late=$none waiting=0
while kill -0 "$load" 2>/dev/null; do
    sleep 1
    passed=$((EPOCHSECONDS - began))
    memory=$(own_memory) || break
    if ((passed * 10 > seconds && passed * 2 <= seconds && memory < early)); then early=$memory; fi
    if ((passed * 2 > seconds && memory < late)); then late=$memory; fi
    ((passed % 5 > 0)) || {
        tail=$(q soak -c 'SELECT tail_events FROM explore_analytics.rollup_status')
        samples=$((samples + 1))
        ((tail <= waiting)) || waiting=$tail
    }
done
status=0
wait "$load" || status=$?
IFS='|' read -r size refreshes vacuums events < <(q soak -c "SELECT pg_total_relation_size('explore_analytics.rollup_totals') + pg_total_relation_size('explore_analytics.rollup_buckets') + pg_total_relation_size('explore_analytics.rollup_deltas'),
  (SELECT count(*) FROM explore_analytics.rollup_ledger), (SELECT sum(autovacuum_count) FROM pg_stat_user_tables WHERE schemaname = 'explore_analytics' AND relname LIKE 'rollup!_%' ESCAPE '!'),
  (SELECT count(*) FROM explore_engagements)")
same=$(q soak -c "SELECT count(*) FROM pg_stat_activity WHERE pid = $worker")

# The same events in tables without a gap: a copy, whose deltas all go into their buckets.
poll soak 'SELECT tail_events = 0 FROM explore_analytics.rollup_status'
q soak -d postgres -c 'CREATE DATABASE compacted TEMPLATE soak' -c 'ALTER DATABASE compacted SET explore_analytics.refresh_interval = 0'
fresh=$(PGDATABASE=compacted q soak -c 'CALL explore_analytics.compact()' -c 'VACUUM FULL explore_analytics.rollup_totals' -c 'VACUUM FULL explore_analytics.rollup_buckets' \
    -c 'VACUUM FULL explore_analytics.rollup_deltas' -c "SELECT pg_total_relation_size('explore_analytics.rollup_totals') + pg_total_relation_size('explore_analytics.rollup_buckets') + pg_total_relation_size('explore_analytics.rollup_deltas')")
check soak 2
verified=$(verify_rows soak)
# In a minute there are more deltas than buckets, and room that a compaction has left has not been used again.
limit=$(either 300 200)
# A refresh of more events than usual, as a busy machine brings it, leaves room that malloc gives back only when all behind it
# is free. In a minute that is as much as a leak would be; in half an hour a leak is more.
slack=$(either 16384 2048)
rate=$((events / seconds)) percent=$((size * 100 / fresh))
result soak "status == 0 && rate >= 1000 && refreshes * 3 >= seconds && samples > 0 && waiting < 20000 && vacuums > 0 && same == 1 && early < none && late <= early + early / 4 + slack && percent <= limit && mismatches + verified == 0" \
    seconds="$seconds" events="$events" events_per_second="$rate" refreshes="$refreshes" most_waiting="$waiting" autovacuums="$vacuums" rollup_kb=$((size / 1024)) compacted_kb=$((fresh / 1024)) \
    percent="$percent" worker_kb="$early" worker_kb_later="$late" checks="$checks" mismatches="$mismatches" verify_rows="$verified"
finish
