# One table that is filled step by step.
# shellcheck shell=bash

growth_ids=(Q1 Q2 Q3 Q4 Q5 Q5u Q6 Q12 D1 D2 D3 V1 L1)
small_slice=4000

# engagements.csv: the history, whose lines are told apart as they are loaded, since a feed of this size should not be on
# disk twice. small.N.M.csv and large.N.csv: what follows it, for refreshes after step N.
make_growing_feed() {
    large_slice=$((sizes[0] / 20 > 100000 ? 100000 : sizes[0] / 20))
    local total=$((last + ${#sizes[@]} * (rounds * small_slice + large_slice)))
    local days=$((history_days * total / last + 1))
    midnight=$(date -u +%Y-%m-%dT00:00:00Z)
    first_day=$(date -u -d "$midnight - $days days" +%Y-%m-%d)
    mkdir -p "$work/feed"
    run "$work/feed_generator" --seed 1 --events $total --sessions $((total / 8)) --videos "$videos" --creators "$creators" \
        --viewers "$viewers" --days $days --end "$midnight" --batch-events 0 ${id_bits:+--id-bits "$id_bits"} --out "$work/feed"
    rm "$work/feed/viewers.csv"
    run awk -v history="$last" -v steps="${#sizes[@]}" -v rounds="$rounds" -v small="$small_slice" \
        -v large="$large_slice" -v feed="$work/feed" 'NR > history + 1 {
            at = NR - history - 2
            number = int(at / (rounds * small + large))
            at -= number * (rounds * small + large)
            if (number < steps) print > (feed "/" (at < large ? "large." number : "small." number "." int((at - large) / small) + 1) ".csv")
        }' "$work/feed/engagements.csv"
}

# The rows of a step, taken evenly out of the history: of each `every`, those behind the ones of the step before.
step_rows() { # NUMBER
    local every=$((last / sizes[0])) from=0
    [[ $1 == 0 ]] || from=$((sizes[$1 - 1] / sizes[0]))
    echo "awk 'NR > 1 && NR % $every >= $from && NR % $every < $((sizes[$1] / sizes[0])) { print } NR > $last { exit }' $work/feed/engagements.csv"
}

growth_gauge() {
    sql -At -F ' ' -c "SELECT tuples_processed, $events FROM pg_stat_progress_copy LIMIT 1"
}

# Contents and sessions come with the first step.
load_step() { # NUMBER
    if [[ $1 == 0 ]]; then
        run psql -X -q -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION explore_analytics' -c 'CALL explore_analytics.install()' \
            -c "SELECT explore_analytics.ensure_partitions('$first_day', '$midnight')" -f "$work/src/bench/sql/questions/raw_tables.sql"
        load_table explore_content content.csv header
        load_table explore_discovery_videos videos.csv header
        load_table explore_feed_sessions sessions.csv header
    fi
    run psql -X -q -v ON_ERROR_STOP=1 -c "COPY explore_engagements ($columns) FROM PROGRAM \$program\$$(step_rows "$1")\$program\$ (FORMAT csv)"
    [[ $1 != $((${#sizes[@]} - 1)) ]] || rm "$work/feed/engagements.csv"
    local rows
    rows=$(sql -At -c 'SELECT count(*) FROM explore_engagements')
    step_note="$rows events"
    # Slices of the steps before are among them.
    ((rows == sizes[$1] + $1 * (rounds * small_slice + large_slice))) || { echo "bench/growth: $rows events were loaded" >&2; return 1; }
}

refresh_step() { # NUMBER
    local since=$EPOCHREALTIME stop line
    run psql -X -q -v ON_ERROR_STOP=1 -c 'VACUUM ANALYZE'
    run psql -X -q -v ON_ERROR_STOP=1 -c 'CALL explore_analytics.refresh()'
    run psql -X -q -v ON_ERROR_STOP=1 -c 'CALL explore_analytics.compact()'
    run psql -X -q -v ON_ERROR_STOP=1 -c 'SELECT batch_update_engagement_scores()' -c 'VACUUM ANALYZE' -c CHECKPOINT
    note_growth "$1" 'first refresh, compaction, rescore and VACUUM' s "$(awk -v a="$since" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }')"
    [[ $1 == 0 ]] || return 0
    stop=$(sql -At -c "SELECT date_trunc('day', max(created_at)) FROM explore_engagements")
    about=(-v "feed=$work/feed" -v "columns=$columns" -v plain=raw)
    while IFS= read -r line; do about+=(-v "$line"); done < <(sql -At -v "stop=$stop" -v plain=raw -f "$work/src/bench/sql/questions/choose.sql" | grep =)
}

# note_growth NUMBER TITLE UNIT VALUE
note_growth() { printf '%s\t%s\t%s\t%s\n' "$@" >>"$work/growth.tsv"; }

measure_step() { # NUMBER
    local id slice
    for id in "${growth_ids[@]}"; do
        ask "$id" --ways ours
        note_growth "$1" "$id $(title_of "$id")" ms "$ours"
    done
    # Once a step each is compared with the raw rows; D1 has no plain SQL of its own.
    for id in "${growth_ids[@]}"; do
        [[ $id == D1 ]] || ask "$id" --rounds 1 --ways plain,ours
    done
    for slice in large small; do
        ask "grow_$slice" --ways ours -v "number=$1"
        note_growth "$1" "$(title_of "grow_$slice")" ms "$ours"
        note_growth "$1" 'WAL of that' bytes/event "$(ratio "$wal_bytes" "$([[ $slice == large ]] && echo "$large_slice" || echo "$small_slice")" 0)"
    done
    note_growth "$1" 'rows and indexes' bytes/event "$(sql -At -c "SELECT round(sum(pg_total_relation_size(relid)) / (SELECT count(*) FROM explore_engagements), 1) FROM pg_partition_tree('explore_engagements')")"
    note_growth "$1" 'rollups' bytes/event "$(sql -At -c 'SELECT round(rollup_bytes::numeric / (SELECT count(*) FROM explore_engagements), 1) FROM explore_analytics.rollup_status')"
}

growth_report() {
    local events
    echo "\`$command_line\`, $(date -u +%Y-%m-%d)"
    echo
    echo "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, $((memory_mb / 1024)) GB of memory, $(sql -At -c 'SELECT version()' | cut -d, -f1); medians at the client"
    echo
    printf '| | unit |'
    for events in "${sizes[@]}"; do printf ' %s events |' "$events"; done
    printf ' last by first |\n|---|---|'
    for events in "${sizes[@]}"; do printf -- '---:|'; done
    printf -- '---:|\n'
    awk -F '\t' -v steps="${#sizes[@]}" '
        function short(x) { return x + 0 < 1 ? sprintf("%.3f", x) : x + 0 < 100 ? sprintf("%.2f", x) : sprintf("%.0f", x) }
        { name = $2; if (name == "WAL of that") name = name " (" before ")"; else before = name }
        !(name in unit) { order[++names] = name; unit[name] = $3 }
        { value[name, $1] = $4 }
        END {
            for (i = 1; i <= names; i++) {
                line = "| " order[i] " | " unit[order[i]] " |"
                for (s = 0; s < steps; s++) line = line " " short(value[order[i], s]) " |"
                first = value[order[i], 0]
                print line " " (first > 0 ? sprintf("%.2f", value[order[i], steps - 1] / first) : "") " |"
            }
        }' "$work/growth.tsv"
}
