# The feed and its tables: a history, and slices of later events for what is measured while writing.
# shellcheck shell=bash

columns=id,content_id,user_id,session_id,engagement_type,watch_time_ms,completed,created_at,event_id,metadata

# base: the history; late: taken evenly out of the history; copy, newest, later: what follows it, in order of time.
make_feed() {
    rows_per_copy=$((events / 80))
    rows_per_slice=$((events / 20 > 100000 ? 100000 : events / 20))
    local history=$((events + 3 * rows_per_slice))
    local total=$((history + 4 * rows_per_copy + 6 * rows_per_slice))
    local days=$((history_days * total / history + 2))
    midnight=$(date -u +%Y-%m-%dT00:00:00Z)
    first_day=$(date -u -d "$midnight - $days days" +%Y-%m-%d)
    mkdir -p "$work/feed"
    run "$work/feed_generator" --seed 1 --events $total --sessions $((total / 8)) --videos "$videos" --creators "$creators" \
        --viewers "$viewers" --days $days --end "$midnight" --batch-events 0 ${id_bits:+--id-bits "$id_bits"} --out "$work/feed"
    run awk -v history=$history -v copy=$rows_per_copy -v slice=$rows_per_slice -v feed="$work/feed" '
        NR == 1 { stride = int(history / (3 * slice)); next }
        NR - 1 > history {
            at = NR - 2 - history
            if (at < 4 * copy) file = "copy." int(at / copy) + 1
            else if ((at -= 4 * copy) < 3 * slice) file = "newest." int(at / slice) + 1
            else if ((at -= 3 * slice) < 3 * slice) file = "later." int(at / slice) + 1
            else exit
            print > (feed "/" file ".csv"); next
        }
        NR % stride == 0 && late < 3 * slice { print > (feed "/late." late++ % 3 + 1 ".csv"); next }
        { print > (feed "/base.csv") }' "$work/feed/engagements.csv"
    rm "$work/feed/engagements.csv"
}

copy_gauge() {
    sql -At -F ' ' -c "SELECT bytes_processed, bytes_total, relid::regclass FROM pg_stat_progress_copy LIMIT 1"
}

# load_table TABLE FILE [OPTIONS]: the header of the file, or that of the events, names the columns.
load_table() {
    local list=$columns
    [[ -n ${3:-} ]] && IFS= read -r list <"$work/feed/$2"
    run psql -X -q -v ON_ERROR_STOP=1 \
        -c "COPY $1 ($list) FROM '$work/feed/$2' WITH (FORMAT csv${3:+, $3})"
}

load_feed() {
    local table
    run psql -X -q -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION explore_analytics' -c 'CALL explore_analytics.install()' \
        -c "SELECT explore_analytics.ensure_partitions('$first_day', '$midnight')" \
        -f "$work/src/bench/sql/questions/plain_tables.sql" -f "$work/src/bench/sql/questions/raw_tables.sql"
    for table in explore_content plain.content; do load_table $table content.csv header; done
    for table in explore_discovery_videos plain.videos; do load_table $table videos.csv header; done
    for table in explore_viewers plain.viewers; do load_table $table viewers.csv header; done
    for table in explore_feed_sessions plain.sessions; do load_table $table sessions.csv header; done
    for table in explore_engagements plain.events; do load_table $table base.csv; done
    run psql -X -q -v ON_ERROR_STOP=1 -f "$work/src/bench/sql/questions/plain_indexes.sql" \
        -c "SELECT setval(pg_get_serial_sequence('explore_engagements', 'id'), 2000000000)" -c 'VACUUM ANALYZE'
    run psql -X -q -v ON_ERROR_STOP=1 -v "month_start=$(sql -At -c "SELECT date_trunc('day', max(created_at)) - interval '30 days' FROM plain.events")" -f "$work/src/bench/sql/questions/exposures.sql"
    sql -c 'COPY plain.exposures TO STDOUT WITH (FORMAT csv, HEADER)' >"$work/feed/exposures.csv"
    step_note="$(sql -At -c 'SELECT count(*) FROM plain.events') events"
}

refresh_all() {
    run psql -X -q -v ON_ERROR_STOP=1 -c 'CALL explore_analytics.refresh()'
    run psql -X -q -v ON_ERROR_STOP=1 -c 'CALL explore_analytics.compact()'
    run psql -X -q -v ON_ERROR_STOP=1 -c 'SELECT batch_update_engagement_scores()' -c 'VACUUM ANALYZE' -c CHECKPOINT
}

# Sets duckdb, the command that answers questions, and duckdb_bytes; or leaves them empty and says why.
load_duckdb() {
    duckdb='' duckdb_bytes=''
    local directory=$work/src/bench/duckdb
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        duckdb_note='node and npm are not installed'
    elif ! run env -C "$directory" HOME="$work" npm install --no-audit --no-fund --loglevel=warn; then
        duckdb_note='npm could not install it'
    elif ! run bash -c 'exec node "$1/load.mjs" "$2/duck.db" "$2/feed" >"$2/duckdb.bytes"' duckdb "$directory" "$work"; then
        duckdb_note='it could not load the feed'
    else
        duckdb="node $directory/answer.mjs $work/duck.db"
        duckdb_bytes=$(<"$work/duckdb.bytes")
        duckdb_note="version $(sed -n 's/.*node-api": "\(.*\)".*/\1/p' "$directory/package.json")"
        step_note=$duckdb_note
        return 0
    fi
    step_note="left out: $duckdb_note"
}

# The videos, creator, session and ranges that the questions are about, as arguments of turns. Ranges end with
# the last midnight of the history.
choose() {
    local line stop
    stop=$(sql -At -c "SELECT date_trunc('day', max(created_at)) FROM plain.events")
    about=(-v "feed=$work/feed" -v "columns=$columns")
    chosen=()
    while IFS= read -r line; do
        about+=(-v "$line")
        chosen+=("$line")
    done < <(sql -At -v "stop=$stop" -v plain=plain -f "$work/src/bench/sql/questions/choose.sql" | grep =)
}
