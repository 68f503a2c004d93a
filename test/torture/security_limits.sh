#!/bin/bash
# Rate limits with 8 clients: what is let through is at least the burst and at most the limit (how near it
# comes depends on how often the machine lets the writers run, and is only said); a writer whom no limit stops pays
# less than 3 percent. Makes its server itself, with the library preloaded.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

clients=8 seconds=$(either 4 10) measured=$(either 5 60)
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
CREATE PROCEDURE flood(seconds float8, session bigint, INOUT stored bigint DEFAULT 0, INOUT refused bigint DEFAULT 0, INOUT bad bigint DEFAULT 0,
  INOUT began numeric DEFAULT 0, INOUT ended numeric DEFAULT 0) LANGUAGE plpgsql AS $$
DECLARE
  until timestamptz := clock_timestamp() + seconds * interval '1 second';
  batch jsonb;
  said text;
BEGIN
  began := extract(epoch FROM clock_timestamp());
  WHILE clock_timestamp() < until LOOP
    batch := (SELECT jsonb_agg(jsonb_build_object('contentId', 1 + i * 7 % 100, 'engagementType', 'view', 'userId', 7, 'sessionId', session))
              FROM generate_series(1, 1 + floor(random() * 20)::int) i);
    BEGIN
      stored := stored + (SELECT recorded FROM record_engagement_batch(batch));
      ended := extract(epoch FROM clock_timestamp());
    EXCEPTION WHEN configuration_limit_exceeded THEN
      GET STACKED DIAGNOSTICS said = PG_EXCEPTION_DETAIL;
      refused := refused + jsonb_array_length(batch);
      IF said !~ '^retry_after_ms=[1-9][0-9]*$' THEN bad := bad + 1; END IF;
      PERFORM pg_sleep(random() * 0.002);
    END;
    COMMIT;
  END LOOP;
END $$;

-- Records batches of 50 events of 50 sessions, and notes the processor time of every four.
CREATE TABLE sample (started timestamptz, ended timestamptz, ns bigint);
GRANT INSERT ON sample TO writer;
CREATE FUNCTION processor_ns() RETURNS bigint LANGUAGE sql AS $$ SELECT split_part(pg_read_file('/proc/self/schedstat', 0, 100), ' ', 1)::bigint $$;
CREATE TABLE done (at timestamptz);
GRANT SELECT ON done TO writer;
CREATE PROCEDURE keep_recording() LANGUAGE plpgsql AS $$
DECLARE
  batch jsonb := (SELECT jsonb_agg(jsonb_build_object('contentId', 1 + i, 'engagementType', 'view', 'userId', i, 'sessionId', 1 + (pg_backend_pid() + i) % 100, 'watchTime', i)) FROM generate_series(1, 50) i);
  started timestamptz;
  ns bigint;
BEGIN
  WHILE NOT EXISTS (SELECT FROM done) LOOP
    started := clock_timestamp();
    ns := -processor_ns();
    FOR i IN 1..4 LOOP
      PERFORM record_engagement_batch(batch);
      COMMIT;
    END LOOP;
    ns := ns + processor_ns();
    INSERT INTO sample VALUES (started, clock_timestamp(), ns);
    COMMIT;
  END LOOP;
END $$;
-- Meanwhile the limits change, back and forth, each at least once; a change is given 20 ms, and lasts until enough was recorded.
CREATE TYPE limited AS ENUM ('nobody', 'others', 'ample', 'ample_sessions');
CREATE TABLE phase (kind limited, started timestamptz, ended timestamptz);
CREATE PROCEDURE change_limits(seconds float8) LANGUAGE plpgsql AS $$
DECLARE
  until timestamptz := clock_timestamp() + seconds * interval '1 second';
  kinds limited[] := enum_range(NULL::limited);
  kind limited;
  since timestamptz;
BEGIN
  LOOP
    kinds := ARRAY(SELECT k FROM unnest(kinds) k ORDER BY random());
    FOREACH kind IN ARRAY kinds LOOP
      DELETE FROM explore_analytics.rate_limits;
      INSERT INTO explore_analytics.rate_limits
      SELECT scope, name, rate, burst FROM (VALUES ('others'::limited, 'role', 'somebody', 1, 1), ('ample', 'role', 'writer', 1e8, 1000000), ('ample', 'role', 'somebody', 1, 1),
        ('ample_sessions', 'session', '*', 1e8, 1000000)) v(k, scope, name, rate, burst) WHERE k = kind;
      COMMIT;
      PERFORM pg_sleep(0.02);
      since := clock_timestamp();
      PERFORM pg_sleep(0.2);
      WHILE (SELECT count(*) FROM sample s WHERE s.started > since) < 8 LOOP
        IF clock_timestamp() > since + interval '300 seconds' THEN RAISE 'nobody records'; END IF;
        PERFORM pg_sleep(0.1);
      END LOOP;
      INSERT INTO phase VALUES (kind, since, clock_timestamp());
      COMMIT;
    END LOOP;
    EXIT WHEN clock_timestamp() >= until;
  END LOOP;
  INSERT INTO done VALUES (clock_timestamp());
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
    # From before the first batch to after the last one that was let through.
    figures=$(awk -F'|' '{ stored += $1; refused += $2; bad += $3; if (began == 0 || $4 < began) began = $4; if ($5 > ended) ended = $5 }
        END { printf "%d %d %d %.6f", stored, refused, bad, ended - began }' "$base"/flood.[0-9])
    read -r stored refused bad time <<<"$figures"
    read -r rows expected error good <<<"$(q limits -F ' ' -c "
        SELECT sum(rows), round(sum(expected)), round(100 * (sum(rows) / sum(expected) - 1), 3), bool_and(rows BETWEEN $burst AND expected)
        FROM (SELECT count(*) AS rows, $burst + $limit * $time AS expected
              FROM explore_engagements WHERE id > $last GROUP BY $key) e")"
    result rate_limit "$([[ $good == t ]] && echo 1 || echo 0) && stored == rows && refused > 0 && bad == 0" \
        clients="$clients" kind="$kind" limit_per_s="$limit" allowed="$rows" expected="$expected" off_percent="$error" refused="$refused" told="$stored" bad_details="$bad"
}

flood role 4000 100 "()" "('role', 'writer', 4000, 100), ('role', 'somebody', 1, 1)" 1 2 3 4 5 6 7 8
flood session 3000 100 session_id "('session', '*', 3000, 100)" 9
# Eight sessions that refuse a great deal: what they refuse must not cost the role anything.
flood sessions_below_role 400 50 session_id "('session', '*', 400, 50), ('role', '*', 3600, 500)" 11 12 13 14 15 16 17 18
flood role_below_sessions 2000 100 "()" "('session', '*', 400, 50), ('role', '*', 2000, 100)" 21 22 23 24 25 26 27 28

limits ''
pids=()
for ((client = 0; client < clients; client++)); do
    PGHOST=$base/limits psql -X -qAt -v ON_ERROR_STOP=1 -U writer -d postgres -c 'CALL keep_recording()' >"$base/work.$client" 2>&1 &
    pids+=($!)
done
sleep 1    # the first calls plan their statements
q limits -c "CALL change_limits($measured - 2)" || kill "${pids[@]}"
wait "${pids[@]}" || { note "recording: $(grep -h ERROR "$base"/work.* | head -n 1)"; failed=1; }
q limits -c 'SELECT shared FROM explore_analytics.rate_limit_status' | grep -q t || { note 'the limits are not shared'; failed=1; }
# Medians over four batches. A short run is too noisy to tell three percent; a limit for sessions is no unlimited writer's, and its figure for information.
kinds=''
while read -r kind runs ratio; do
    most=$(either 1.3 1.03)
    [[ $kind != ample_sessions ]] || most=1.3
    kinds+="$kind "
    result rate_limit_cost "runs >= 8 && $(awk -v r="$ratio" -v most="$most" 'BEGIN { print (r > 0 && r < most) }')" kind="$kind" clients="$clients" runs="$runs" ratio="$ratio"
done < <(q limits -F ' ' -c "
    WITH told AS (SELECT p.kind, s.ns FROM phase p JOIN sample s ON s.started > p.started AND s.ended < p.ended),
    middle AS (SELECT kind, count(*) AS runs, percentile_cont(0.5) WITHIN GROUP (ORDER BY ns) AS ns FROM told GROUP BY kind)
    SELECT m.kind, m.runs, round((m.ns / n.ns)::numeric, 4) FROM middle m, middle n WHERE n.kind = 'nobody' AND m.kind <> 'nobody' ORDER BY m.kind")
[[ $kinds == 'others ample ample_sessions ' ]] || { note "the cost was measured of: $kinds"; failed=1; }

# A process that is killed takes shared memory down with it: levels begin anew, limits hold as before.
limits "('role', 'writer', 0.001, 5)"
q limits -c CHECKPOINT    # this server's commits do not wait for the disk
event='[{"contentId": 1, "engagementType": "view"}]'
state_of_event() { PGUSER=writer state_of limits "SELECT * FROM record_engagement_batch('$event')"; }
said=''
for ((n = 0; n < 6; n++)); do said+=$(state_of_event)' '; done
PGHOST=$base/limits psql -X -qAt -c "SELECT pg_sleep(600), 'victim'" >/dev/null 2>&1 &
poll limits "SELECT count(*) = 1 FROM pg_stat_activity WHERE query LIKE '%''victim''' AND state = 'active' AND pid <> pg_backend_pid()"
kill -9 "$(q limits -c "SELECT pid FROM pg_stat_activity WHERE query LIKE '%''victim''' AND pid <> pg_backend_pid()")"
wait $! || true
poll limits "SELECT shared AND refused_batches = 0 FROM explore_analytics.rate_limit_status"
after=''
for ((n = 0; n < 6; n++)); do after+=$(state_of_event)' '; done
wanted='00000 00000 00000 00000 00000 53400 '
result rate_limit_crash "$([[ $said == *53400* && $after == "$wanted" ]] && echo 1 || echo 0)" before="${said// /,}" after="${after// /,}"
finish
