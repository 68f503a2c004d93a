#!/bin/bash
# Rate limits with 8 clients: what is let through is the limit, to 2 percent; a writer whom no limit stops pays
# less than 3 percent. Makes its server itself, with the library preloaded.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

clients=8 seconds=$(either 2 10) rounds=$(either 3 15)
cluster_new limits "$EA_STAGE" 'fsync = off' 'synchronous_commit = off' 'autovacuum = off' 'log_min_messages = panic' \
    "shared_preload_libraries = 'explore_analytics'"
q limits -f - >/dev/null <<'EOT'
CREATE EXTENSION explore_analytics;
CALL explore_analytics.install();
INSERT INTO explore_content (id, creator_id) SELECT n, 1 FROM generate_series(1, 100) n;
INSERT INTO explore_feed_sessions (id) SELECT n FROM generate_series(1, 100) n;
CREATE ROLE writer LOGIN;
CREATE ROLE somebody;
SELECT explore_analytics.grant_access('writer', 'record');
GRANT pg_read_server_files TO writer;
GRANT EXECUTE ON FUNCTION pg_read_file(text, bigint, bigint) TO writer;

-- Sends batches of 1 to 20 events without listening to when it should come back, and counts.
CREATE PROCEDURE flood(seconds float8, session bigint, INOUT stored bigint DEFAULT 0, INOUT refused bigint DEFAULT 0, INOUT bad bigint DEFAULT 0) LANGUAGE plpgsql AS $$
DECLARE
  until timestamptz := clock_timestamp() + seconds * interval '1 second';
  batch jsonb;
  said text;
BEGIN
  WHILE clock_timestamp() < until LOOP
    batch := (SELECT jsonb_agg(jsonb_build_object('contentId', 1 + i * 7 % 100, 'engagementType', 'view', 'userId', 7, 'sessionId', session))
              FROM generate_series(1, 1 + floor(random() * 20)::int) i);
    BEGIN
      stored := stored + (SELECT recorded FROM record_engagement_batch(batch));
    EXCEPTION WHEN configuration_limit_exceeded THEN
      GET STACKED DIAGNOSTICS said = PG_EXCEPTION_DETAIL;
      refused := refused + jsonb_array_length(batch);
      IF said !~ '^retry_after_ms=[1-9][0-9]*$' THEN bad := bad + 1; END IF;
      PERFORM pg_sleep(random() * 0.002);
    END;
    COMMIT;
  END LOOP;
END $$;

-- Records batches of 50 and tells the processor time of this connection, in microseconds.
CREATE FUNCTION processor_us() RETURNS bigint LANGUAGE sql AS $$ SELECT split_part(pg_read_file('/proc/self/schedstat', 0, 100), ' ', 1)::bigint / 1000 $$;
CREATE PROCEDURE work(batches int, INOUT took_us bigint DEFAULT 0) LANGUAGE plpgsql AS $$
DECLARE
  batch jsonb := (SELECT jsonb_agg(jsonb_build_object('contentId', 1 + i, 'engagementType', 'view', 'userId', i, 'sessionId', 1 + (pg_backend_pid() + i) % 100, 'watchTime', i)) FROM generate_series(1, 50) i);
BEGIN
  took_us := -processor_us();
  FOR i IN 1..batches LOOP
    PERFORM record_engagement_batch(batch);
    COMMIT;
  END LOOP;
  took_us := took_us + processor_us();
END $$;
EOT

# limits ROWS: what the table holds from now on.
limits() { q limits -c 'DELETE FROM explore_analytics.rate_limits' ${1:+-c "INSERT INTO explore_analytics.rate_limits VALUES $1"}; }

# flood KIND LIMIT BURST KEY ROWS SESSION...: all clients at once; LIMIT is for each KEY of the events.
flood() {
    local kind=$1 limit=$2 burst=$3 key=$4 client figures pids=()
    limits "$5"
    shift 5
    local last
    last=$(q limits -c 'SELECT coalesce(max(id), 0) FROM explore_engagements')
    for ((client = 0; client < clients; client++)); do
        PGHOST=$base/limits psql -X -qAt -v ON_ERROR_STOP=1 -U writer -d postgres -c "CALL flood($seconds, ${!#})" >"$base/flood.$client" 2>&1 &
        pids+=($!)
        (($# == 1)) || set -- "${@: -1}" "${@:1:$#-1}"
    done
    wait "${pids[@]}" || { note "$kind: $(grep -h ERROR "$base"/flood.* | head -n 1)"; failed=1; }
    # The time is that of the events themselves: each batch is a transaction of its own.
    figures=$(awk -F'|' '{ stored += $1; refused += $2; bad += $3 } END { print stored + 0, refused + 0, bad + 0 }' "$base"/flood.[0-9])
    read -r stored refused bad <<<"$figures"
    read -r rows expected error good <<<"$(q limits -F ' ' -c "
        SELECT sum(rows), round(sum(expected)), round(100 * abs(sum(rows) / sum(expected) - 1), 3), sum(rows) / sum(expected) BETWEEN 0.98 AND 1.02
        FROM (SELECT count(*) AS rows, ($burst + $limit * extract(epoch FROM max(created_at) - min(created_at)))::numeric AS expected
              FROM explore_engagements WHERE id > $last GROUP BY $key) e")"
    result rate_limit "$([[ $good == t ]] && echo 1 || echo 0) && stored == rows && refused > 0 && bad == 0" \
        clients="$clients" kind="$kind" limit_per_s="$limit" allowed="$rows" expected="$expected" error_percent="$error" refused="$refused" told="$stored" bad_details="$bad"
}

flood role 4000 100 "()" "('role', 'writer', 4000, 100), ('role', 'somebody', 1, 1)" 1 2 3 4 5 6 7 8
flood session 3000 100 session_id "('session', '*', 3000, 100)" 9
# Eight sessions that refuse a great deal: what they refuse must not cost the role anything.
flood sessions_below_role 400 50 session_id "('session', '*', 400, 50), ('role', '*', 3600, 500)" 11 12 13 14 15 16 17 18
flood role_below_sessions 2000 100 "()" "('session', '*', 400, 50), ('role', '*', 2000, 100)" 21 22 23 24 25 26 27 28

# measure ROWS: microseconds of processor time that the clients needed for a share of batches each.
measure() {
    local client pids=()
    limits "$1"
    for ((client = 0; client < clients; client++)); do
        PGHOST=$base/limits psql -X -qAt -v ON_ERROR_STOP=1 -U writer -d postgres -c 'CALL work(3)' -c 'CALL work(20)' 2>&1 | tail -n 1 >"$base/work.$client" &
        pids+=($!)
    done
    wait "${pids[@]}"
    awk '{ sum += $1 } END { print sum + 0 }' "$base"/work.[0-9]
}
median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

nobody='' others="('role', 'somebody', 1, 1)" ample="('role', 'writer', 1e8, 1000000), ('session', '*', 1e8, 1000000)"
# There and back again, so that a growing table and a machine that warms up weigh the same on all.
for ((round = 1; round <= rounds; round++)); do
    for rows in "$nobody" "$others" "$ample" "$ample" "$others" "$nobody"; do printf '%s ' "$(measure "$rows")"; done
    echo
done >"$base/costs"
q limits -c 'SELECT shared FROM explore_analytics.rate_limit_status' | grep -q t || { note 'the limits are not shared'; failed=1; }
# A short run is too noisy to tell three percent.
for kind in others ample; do
    ratio=$(awk -v kind="$kind" '{ print (kind == "others" ? $2 + $5 : $3 + $4) / ($1 + $6) }' "$base/costs" | median)
    result rate_limit_cost "$(awk -v r="$ratio" -v most="$(either 1.15 1.03)" 'BEGIN { print (r < most) }')" kind="$kind" clients="$clients" runs=$((rounds * 6)) ratio="$ratio"
done
finish
