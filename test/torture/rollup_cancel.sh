#!/bin/bash
# Calls that are cancelled after 1 to 50 milliseconds, wherever they are: nothing half done is left, no lock, no file.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

calls=$(either 200 3000) sessions=2
cluster_new cancel "$EA_STAGE" 'fsync = off' 'work_mem = 64kB' 'maintenance_work_mem = 1MB'
install_torture cancel
q cancel -c 'SELECT torture.put(VARIADIC ARRAY(SELECT generate_series(1, 40000)))' -c 'CALL explore_analytics.refresh()' >/dev/null

script() { # SESSION CALLS
    awk -v session="$1" -v calls="$2" '
    function batch(n) { return "SELECT recorded FROM record_engagement_batch((SELECT jsonb_agg(jsonb_build_object(\047contentId\047, 1 + k % 32, \047userId\047, 1 + k % 211," \
        "\047engagementType\047, \047view\047, \047createdAt\047, now() - k % 999 * interval \0471 hour\047, \047eventId\047, md5(" n " || \047 \047 || k)::uuid," \
        "\047metadata\047, jsonb_build_object(\047batch\047, " n "))) FROM generate_series(1, 400) k))" }
    BEGIN {
        srand(session); print "SELECT true AS first \\gset"
        split("CALL explore_analytics.refresh()|CALL explore_analytics.refresh()|CALL explore_analytics.compact()|SELECT explore_analytics.rebuild(now() - interval \0472 days\047, now())|BATCH|BATCH|SELECT count(*) FROM videos_analytics()|SELECT views(platform_summary(now() - interval \04711 days 7 minutes\047, NULL))|SELECT count(*) FROM creator_analytics(2)|SELECT count(*) FROM metric_series(\047unique_viewers\047, bucket => \047hour\047, creator_id => 3)|SELECT count(*) FROM top_videos(\047unique_viewers\047)|SELECT count(*) FROM explore_analytics.verify()|SELECT explore_analytics.rebuild()", call, "|")
        for (i = 1; i <= calls; i++) {
            n = session * 1000000 + i
            what = call[1 + int(rand() * 13)]
            if (i % 7 == 0) print "SELECT torture.put(VARIADIC ARRAY(SELECT generate_series(" n * 1000 ", " n * 1000 + 300 "))) \\g /dev/null"
            print "SET statement_timeout = " 1 + int(rand() * 50) ";"
            print (what == "BATCH" ? batch(n) : what) " \\g /dev/null"
            print "\\echo call :LAST_ERROR_SQLSTATE :SQLSTATE"
            print "SET statement_timeout = 0;"
            print "SELECT \047locks\047, count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND (locktype = \047advisory\047 OR NOT fastpath AND locktype = \047relation\047 AND mode <> \047AccessShareLock\047);"
            if (i % 50 == 0) print "SELECT \047C\047, t.* FROM torture.totals(1) t;"
        }
    }'
}

backgrounds=()
for ((session = 1; session <= sessions; session++)); do
    script "$session" $((calls / sessions)) >"$base/script.$session"
    PGHOST=$base/cancel psql -X -qAt -v VERBOSITY=sqlstate -f "$base/script.$session" >"$base/out.$session" 2>"$base/err.$session" &
    backgrounds+=($!)
done
wait "${backgrounds[@]}"
made=$(cat "$base"/out.* | grep -c '^call' || true)
cancelled=$(cat "$base"/err.* | grep -c 'ERROR:  57014' || true)
other=$(cat "$base"/err.* | grep -vcE 'ERROR:  (57014|55P03)' || true)
orphans=$(cat "$base"/out.* | awk -F '|' '/^locks/ { n += $2 } END { print n + 0 }')
for file in "$base"/out.*; do count_file "$file"; done
check cancel
IFS='|' read -r half keys <<<"$(q cancel -c "SELECT (SELECT count(*) FROM (SELECT 1 FROM explore_engagements WHERE metadata ? 'batch' GROUP BY metadata ->> 'batch' HAVING count(*) <> 400) b),
    (SELECT count(*) FROM explore_engagements e FULL JOIN explore_analytics.event_keys k USING (event_id) WHERE event_id IS NOT NULL AND (e.id IS NULL OR k.seen IS NULL))")"
batches=$(q cancel -c "SELECT count(DISTINCT metadata ->> 'batch') FROM explore_engagements WHERE metadata ? 'batch'")
files=$(q cancel -c 'SELECT count(*) FROM pg_ls_tmpdir()')
spilled=$(q cancel -c "SELECT pg_stat_force_next_flush()" -c "SELECT temp_files FROM pg_stat_database WHERE datname = 'postgres'" | tail -n 1)
q cancel -c 'CALL explore_analytics.refresh()' -c 'CALL explore_analytics.compact()'
check cancel
states=$(half_states cancel) verified=$(verify_rows cancel)
result cancel "made == calls && cancelled * 5 > made && cancelled < made && batches > 0 && spilled > 0 && mismatches + orphans + half + keys + files + states + verified + other == 0" \
    calls="$made" cancelled="$cancelled" checks="$checks" mismatches="$mismatches" orphan_locks="$orphans" whole_batches="$batches" half_batches="$half" keys_without_event="$keys" \
    temp_files="$files" temp_files_made="$spilled" half_states="$states" verify_rows="$verified" other_errors="$other"
finish
