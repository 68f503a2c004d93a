# The result as text, Markdown, CSV and a picture.
# shellcheck shell=bash

machine() {
    local setting
    echo "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, $((memory_mb / 1024)) GB of memory"
    sql -At -c 'SELECT version()' | cut -d, -f1
    for setting in shared_buffers work_mem max_parallel_workers_per_gather jit fsync synchronous_commit max_wal_size \
        full_page_writes wal_compression; do
        echo "$setting = $(sql -At -c "SHOW $setting")"
    done
}

# Every row of the result: id, title, unit, plain, ours, times, DuckDB, answers.
table() { # text|markdown
    awk -F '\t' -v form="$1" '
        function short(x) { return x !~ /^[0-9.]+$/ || x ~ /^[0-9]+$/ ? x : sprintf(x < 1 ? "%.3f" : x < 10 ? "%.2f" : x < 100 ? "%.1f" : "%.0f", x) }
        BEGIN {
            text = "%-4s  %-62s %-11s %11s %11s %9s %9s  %s\n"
            if (form == "markdown") {
                text = "| %s | %s | %s | %s | %s | %s | %s | %s |\n"
                printf text, "", "question", "unit", "plain", "ours", "times better", "DuckDB", "answers"
                print "|---|---|---|---:|---:|---:|---:|---|"
            } else printf text, "", "question", "unit", "plain", "ours", "times", "DuckDB", "answers"
        }
        { printf text, $1, $2, $3, short($4), short($5), $6, short($7), $8 }' "$work/results.tsv"
}

# Ours, in ms, for each rate at which events come in.
curve() {
    local rate id
    [[ -s $work/load.tsv ]] || return 0
    echo
    echo 'Questions while 4 clients write and `run_forever` runs, ms (the last with 50 events in a batch and no limit):'
    echo
    printf '| events/s |'
    printf ' %s |' "${load_ids[@]}"
    printf '\n|---:|'
    printf -- '---:|%.0s' "${load_ids[@]}"
    echo
    for rate in 0 2000 10000 full; do
        printf '| %s |' "${achieved[$rate]}"
        for id in "${load_ids[@]}"; do printf ' %.2f |' "$(load_ms $rate "$id")"; done
        echo
    done
}

write_report() {
    {
        echo "# Questions over $events events"
        echo
        echo "\`$command_line\`, $(date -u +%Y-%m-%d). Medians at the client, asked in turns; the smaller the better, except for rates."
        echo "\"Times better\" is plain by ours (rates: ours by plain)."
        echo
        machine | sed 's/^/- /'
        echo "- DuckDB: $duckdb_note"
        echo "- $(IFS=, && echo "${chosen[*]}" | sed 's/,/, /g')"
        echo
        table markdown
        curve
    } >"$out/results.md"
    { echo id,title,unit,plain,ours,times,duckdb,answers; csv "$work/results.tsv"; } >"$out/results.csv"
    { echo id,way,median_ms,fastest_ms,slowest_ms,asked,wal_bytes,full_pages; csv "$work/turns.tsv"; } >"$out/turns.csv"
    if command -v node >/dev/null; then run node "$root/bench/plot.mjs" "$out/results.csv" "$out/results.svg"; fi
}

csv() {
    [[ ! -e $1 ]] || awk -F '\t' -v OFS=, '{ for (i = 1; i <= NF; i++) if ($i ~ /,/) $i = "\"" $i "\""; $1 = $1; print }' "$1"
}

print_report() {
    machine | sed -n '1,2p'
    echo "$events events; DuckDB: $duckdb_note"
    echo
    table text
    curve
    echo
    echo "results.md, results.csv, turns.csv and results.svg are in $out"
}
