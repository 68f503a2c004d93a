# Files into tables: the generator's or the user's own.
# shellcheck shell=bash

feed_tables=(content:explore_content videos:explore_discovery_videos viewers:explore_viewers
    sessions:explore_feed_sessions engagements:explore_engagements)

# Columns of a table that a file may bring, and those it must.
table_columns() { # TABLE allowed|required
    sql -At -c "SELECT string_agg(attname::text, ',' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = '$1'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'epoch'
          AND ('$2' = 'allowed' OR (attnotnull AND NOT atthasdef AND attidentity = ''))"
}

# csv_columns FILE TABLE: the header as a column list, or an error with file and line.
csv_columns() {
    local file=$1 table=$2 header column allowed required list=''
    local name=${file##*/}
    IFS= read -r header <"$file" || true
    header=${header#$'\xef\xbb\xbf'}
    header=${header%$'\r'}
    header=${header//\"/}
    header=${header// /}
    [[ -n $header ]] || die "$name, line 1: there is no header line with column names"
    allowed=$(table_columns "$table" allowed)
    required=$(table_columns "$table" required)
    for column in ${header//,/ }; do
        [[ ",$allowed," == *",$column,"* ]] ||
            die "$name, line 1: there is no column \"$column\" in $table" "It has: ${allowed//,/, }"
        [[ ",$list" != *",$column,"* ]] || die "$name, line 1: column \"$column\" appears twice"
        list+=$column,
    done
    for column in ${required//,/ }; do
        [[ ",$list" == *",$column,"* ]] || die "$name, line 1: column \"$column\" is missing; $table needs it"
    done
    echo "${list%,}"
}

# Turns what COPY says into "file, line, column: message".
explain_copy_error() { # FILE MESSAGES
    local message context place
    message=$(sed -n 's/^.*ERROR:  //p' "$2" | head -n 1)
    context=$(sed -n 's/^CONTEXT:  COPY [^,]*, //p' "$2" | head -n 1)
    place=$(sed -nE 's/^(line [0-9]+)(, column ([^:]+))?.*/\1\2/p' <<<"$context")
    message=${message:-$(tail -n 1 "$2")}
    die "${1##*/}${place:+, $place}: $message" \
        "$(sed -n 's/^DETAIL:  /  /p; s/^HINT:  /  /p' "$2" | head -n 3)"
}

copy_gauge() {
    local size
    size=$(stat -L -c %s "$copy_file")
    sql -At -F ' ' -c "SELECT coalesce(max(bytes_processed), 0), $size FROM pg_stat_progress_copy"
}

# load_file FILE TABLE [SQL_BEFORE]
load_file() {
    local columns status=0
    copy_file=$1
    columns=$(csv_columns "$1" "$2") || give_up
    printf '%s\n' "${3:-}" "\\copy $2 ($columns) from '$1' with (format csv, header)" >"$work/load.sql"
    run_psql "$work/load.sql" 2>"$work/load.messages" || status=$?
    cat "$work/load.messages" >>"$log"
    [[ $status == 0 ]] || explain_copy_error "$1" "$work/load.messages"
}

# Like run, with the messages apart from the log.
run_psql() {
    run bash -c 'exec psql -X -q -v ON_ERROR_STOP=1 -f "$1" 2>"$2"' psql "$1" "$work/load.messages"
}

# The months of the user's events, so that every one has its partition before the rows come.
months_of_file() {
    local columns
    columns=$(csv_columns "$1" explore_engagements) || give_up
    [[ ",$columns," == *,created_at,* ]] || return 0
    cat >"$work/load.sql" <<SQL
CREATE TEMP TABLE incoming (LIKE explore_engagements INCLUDING DEFAULTS INCLUDING IDENTITY);
\\copy incoming ($columns) from '$1' with (format csv, header)
SELECT explore_analytics.ensure_partitions(greatest(min(created_at), '2000-01-01')::date,
                                           least(max(created_at), now() + interval '1 year')::date)
FROM incoming WHERE isfinite(created_at) HAVING count(*) > 0;
SQL
    run_psql "$work/load.sql" || explain_copy_error "$1" "$work/load.messages"
}

# load_feed DIRECTORY: the CSV files; ids are explicit, so the sequences follow afterwards.
load_feed() {
    local pair file table
    for pair in "${feed_tables[@]}"; do
        file=$1/${pair%%:*}.csv table=${pair#*:}
        if [[ ! -e $file ]]; then
            [[ $table == explore_viewers ]] || die "There is no ${pair%%:*}.csv in $2."
            continue
        fi
        [[ -r $file ]] || die "${file##*/} cannot be read."
        load_file "$file" "$table"
    done
    sql -At >/dev/null <<'SQL'
SELECT setval(pg_get_serial_sequence('explore_content', 'id'), max(id)) FROM explore_content HAVING max(id) > 0;
SELECT setval(pg_get_serial_sequence('explore_discovery_videos', 'id'), max(id)) FROM explore_discovery_videos HAVING max(id) > 0;
SELECT setval(pg_get_serial_sequence('explore_feed_sessions', 'id'), max(id)) FROM explore_feed_sessions HAVING max(id) > 0;
SELECT setval(pg_get_serial_sequence('explore_engagements', 'id'), max(id)) FROM explore_engagements HAVING max(id) > 0;
INSERT INTO demo.remembered SELECT 'loaded', count(*)::text FROM explore_engagements;
INSERT INTO demo.remembered SELECT 'last_loaded', coalesce(max(id), 0)::text FROM explore_engagements;
ANALYZE explore_content, explore_discovery_videos, explore_viewers, explore_feed_sessions, explore_engagements;
SQL
}

requests_gauge() {
    echo "$(sql -At -c 'SELECT coalesce(max(request), 0) FROM demo.answers') $requests_total"
}

# send_requests FILE: each line a request body, one session, one transaction each, as an app would.
send_requests() {
    local messages=$work/load.messages line
    requests_total=$(wc -l <"$1")
    tr -d '\r' <"$1" | awk -v quote="'" '
        /[^ \t]/ {
            gsub(quote, quote quote)
            printf "INSERT INTO demo.answers SELECT %d, a.* FROM record_engagement_batch(%s%s%s::jsonb) a;\n", NR, quote, $0, quote
            next
        }
        { print "" }' >"$work/requests.sql"
    if ! run_psql "$work/requests.sql"; then
        cat "$messages" >>"$log"
        line=$(sed -nE 's/^psql:[^:]*:([0-9]+): ERROR:.*/\1/p' "$messages" | head -n 1)
        die "${1##*/}, line ${line:-?}: $(sed -n 's/^.*ERROR:  //p' "$messages" | head -n 1)" \
            "$(sed -n 's/^DETAIL:  /  /p; s/^HINT:  /  /p' "$messages" | head -n 2)"
    fi
}
