#!/bin/bash
# Memory: one session calls each function again and again; after the first calls its process grows no more.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

calls=$(either 500 10000)
cluster_new memory "$EA_STAGE" 'fsync = off' 'autovacuum = off' 'log_min_messages = panic'
install_torture memory
q memory -c 'SELECT torture.put(VARIADIC ARRAY(SELECT generate_series(1, 6000)))' -c 'CALL explore_analytics.refresh()' -c 'CALL explore_analytics.compact()' \
    -c 'SELECT torture.put(VARIADIC ARRAY(SELECT generate_series(6001, 6300)))' -c 'CALL explore_analytics.refresh()' -c 'SELECT torture.put(6400, 6401)' >/dev/null

# NAME, divisor of the calls, statement; %d is the number of the call.
functions() {
    cat <<'EOT'
content_summary|1|SELECT views(content_summary(1 + %d % 32, now() - %d % 50 * interval '1 day', NULL))
creator_summary|1|SELECT views(creator_summary(1 + %d % 6, now() - %d % 50 * interval '1 day', NULL))
platform_summary|1|SELECT unique_viewers(platform_summary(now() - %d % 50 * interval '1 day', NULL))
video_analytics|1|SELECT total_views FROM video_analytics(1 + %d % 24)
videos_analytics|4|SELECT count(*) FROM videos_analytics()
creator_analytics|4|SELECT total_views FROM creator_analytics(1 + %d % 6)
aggregated_metrics|4|SELECT total_views FROM aggregated_metrics('week')
creator_dashboard|10|SELECT creator_dashboard(1 + %d % 6)
metric_series|10|SELECT count(*) FROM metric_series('views', content_id => 1 + %d % 32)
top_videos|4|SELECT count(*) FROM top_videos('unique_viewers')
verify|100|SELECT count(*) FROM explore_analytics.verify()
failing|1|SELECT total_views FROM video_analytics(%d + 1000000)
failing_midway|1|SELECT views(content_summary(1 + %d % 32)) / (unique_viewers(platform_summary()) - unique_viewers(platform_summary()))
epoch|1|SELECT explore_analytics.current_epoch()
insert|1|INSERT INTO explore_engagements (content_id, user_id, engagement_type) VALUES (1 + %d % 32, 5, 'view')
refresh|5|SELECT torture.put(7000 + %d); CALL explore_analytics.refresh()
compact|50|CALL explore_analytics.compact()
rebuild|100|SELECT explore_analytics.rebuild(now() - interval '1 day', now())
EOT
}

worst=0 over=0 count=0
while IFS='|' read -r name divisor statement; do
    [[ -n $name ]] || continue
    note "$name"
    n=$((calls / divisor))
    ((n >= 10)) || n=10
    # Half of the calls warm up the session's caches; the server says how large its process is then, and at the end.
    {
        printf '%s\n' '\set ON_ERROR_STOP off' 'SELECT pg_backend_pid() AS pid \gset'
        awk -v n=$((n / 2)) -v s="$statement" 'BEGIN { for (i = 1; i <= n; i++) { t = s; gsub(/%d/, i, t); print t ";" } }'
        echo "SELECT 'size ' || substring(pg_read_file('/proc/' || pg_backend_pid() || '/status', 0, 10000) FROM 'RssAnon:\\s+(\\d+)');"
        awk -v n=$((n - n / 2)) -v s="$statement" 'BEGIN { for (i = 1; i <= n; i++) { t = s; gsub(/%d/, i + 100000, t); print t ";" } }'
        echo "SELECT 'size ' || substring(pg_read_file('/proc/' || pg_backend_pid() || '/status', 0, 10000) FROM 'RssAnon:\\s+(\\d+)');"
    } >"$base/script"
    PGHOST=$base/memory psql -X -qAt -f "$base/script" 2>"$base/err" >"$base/out" || true
    read -r before after <<<"$(sed -nE 's/^size ([0-9]+)$/\1/p' "$base/out" | tr '\n' ' ')"
    growth=$((${after:-999999} - ${before:-0}))
    errors=$(grep -c ERROR "$base/err" || true)
    wanted=0
    [[ $name != failing* ]] || wanted=$n
    ((errors == wanted)) || { note "$name: $errors errors: $(head -n 1 "$base/err")"; over=$((over + 1)); }
    ((growth <= worst)) || worst=$growth
    ((growth <= 512)) || over=$((over + 1))
    count=$((count + 1))
    printf 'RESULT memory_of function=%s calls=%d rss_growth_kB=%d rss_kB=%d errors=%d\n' "$name" "$n" "$growth" "${after:-0}" "$errors"
done < <(functions)
verified=$(verify_rows memory)
check memory
result memory "over == 0 && count >= 18 && mismatches + verified == 0" \
    functions="$count" calls="$calls" worst_growth_kB="$worst" over_limit="$over" checks="$checks" mismatches="$mismatches" verify_rows="$verified"
finish
