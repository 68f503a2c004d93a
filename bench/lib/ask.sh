# Questions asked in turns, and what came out.
# shellcheck shell=bash

title_of() { sed -n '1s/^-- //p' "$root/bench/sql/questions/$1.sql"; }

# record ID TITLE UNIT PLAIN OURS TIMES DUCKDB ANSWERS: a row of the result.
record() {
    local IFS=$'\t'
    printf '%s\n' "$*" >>"$work/results.tsv"
}

# ask ID [OPTION]...: sets plain, ours, duck (median ms), wal, pages and answers.
ask() {
    local id=$1 way median wal pages
    shift
    plain='' ours='' duck='' answers='' wal_bytes=0 full_pages=0
    echo "$id" >"$work/turns.said"
    run bash -c 'out=$1 said=$2; shift 2; exec "$@" >"$out" 2> >(tee -a "$said" >&2)' ask "$work/turns.out" "$work/turns.said" \
        "$work/turns" --rounds "$rounds" --duckdb "$duckdb" "${about[@]}" "$@" \
        "$work/src/bench/sql/questions/$id.sql"
    while IFS=$'\t' read -r way median _ _ _ wal pages; do
        case $way in
            plain) plain=$median ;;
            ours) ours=$median wal_bytes=$wal full_pages=$pages ;;
            duckdb) duck=$median ;;
            answers) answers=$median ;;
        esac
    done <"$work/turns.out"
    [[ $answers != differ ]] || { failed+="$id " && cat "$work/turns.said" >>"$work/differences"; }
}

# ratio A B [DIGITS]: A / B, or nothing.
ratio() {
    [[ -n $1 && -n $2 ]] || return 0
    awk -v a="$1" -v b="$2" -v digits="${3:-}" 'BEGIN {
        if (b == 0) exit
        r = a / b
        printf "%.*f", digits != "" ? digits : r < 10 ? 2 : r < 100 ? 1 : 0, r }'
}

measure_question() {
    local id=$1 title per_event
    title=$(title_of "$id")
    ask "$id"
    sed "/^answers/d; s/^/$id\t/" "$work/turns.out" >>"$work/turns.tsv"
    case $id in
        I1)
            record I1 "$title, $rows_per_copy rows at a time" rows/s "$(ratio $((rows_per_copy * 1000)) "$plain" 0)" \
                "$(ratio $((rows_per_copy * 1000)) "$ours" 0)" "$(ratio "$plain" "$ours")" '' "$answers"
            ;;
        R | Rc)
            per_event=$(ratio "$wal_bytes" "$rows_per_slice" 0)
            record "$id" "$title ($rows_per_slice)" ms '' "$ours" '' '' ''
            record "$id" 'WAL of that' bytes/event '' "$per_event" '' '' ''
            record "$id" 'Full pages in it' pages '' "$full_pages" '' '' ''
            step_note="$ours ms, $per_event bytes of WAL for each event"
            return 0
            ;;
        *) record "$id" "$title" ms "$plain" "$ours" "$(ratio "$plain" "$ours")" "$duck" "$answers" ;;
    esac
    step_note="plain $plain ms, ours $ours ms: $(ratio "$plain" "$ours") times"
    [[ -z $duck ]] || step_note+=", DuckDB $duck ms"
    [[ $answers != differ ]] || step_note+=', ANSWERS DIFFER'
}

measure_sizes() {
    local plain_bytes own rollups
    IFS='|' read -r plain_bytes own rollups < <(sql -At -f "$work/src/bench/sql/questions/sizes.sql")
    record S 'Rows and indexes' bytes/event "$plain_bytes" "$own" '' "$duckdb_bytes" ''
    record S 'Rollups' bytes/event '' "$rollups" '' '' ''
    step_note="plain $plain_bytes, ours $own + $rollups"
}

# After all that was written: the rollups against a recount, and the questions against the raw rows.
verify_all() {
    local differing id wrong=0
    run psql -X -q -v ON_ERROR_STOP=1 -c 'CALL explore_analytics.refresh()'
    differing=$(sql -At -c 'SELECT count(*) FROM explore_analytics.verify()')
    if [[ $differing != 0 ]]; then
        failed+="verify() "
        sql -c 'SELECT * FROM explore_analytics.verify() LIMIT 20' >>"$work/differences"
    fi
    for id in Q1 Q2 Q3 Q4 Q5 Q5u Q6 Q9 Q12 Q12k LV CV TR CC CM CP Q10 Q11 LI AC AA AP AG EX AT RH; do
        ask "$id" --rounds 1 --ways plain,ours -v plain=raw
        [[ $answers == equal ]] || wrong=$((wrong + 1))
    done
    record V 'Rows that verify() finds wrong' rows '' "$differing" '' '' "$([[ $differing == 0 ]] && echo equal || echo differ)"
    record V 'Questions again, against the raw rows: wrong' answers '' "$wrong" '' '' "$([[ $wrong == 0 ]] && echo equal || echo differ)"
    step_note="verify(): $differing rows differ; $wrong answers are wrong"
}
