#!/bin/bash
# Viewers are excluded and brought back while they and others record, one by one, in batches and in longer transactions, log in
# and are erased, while rollups are refreshed and compacted and the server is killed. In the end every event that was told to be
# recorded is there once, counted or set aside as its viewer is on the list or not, no number ever differs from the raw rows, and
# what the rollups hold is byte for byte what a rebuild makes.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

seconds=$(either 12 120) kills=$(either 1 4)
cluster_new traffic "$EA_STAGE" 'autovacuum_naptime = 2s' 'deadlock_timeout = 200ms'
install_torture traffic
q traffic <<'SQL' >/dev/null
INSERT INTO explore_feed_sessions (id, session_start) SELECT 100000 + i, now() - interval '1 hour' FROM generate_series(1, 400) i;
-- What was told to be recorded, in the transaction that recorded it.
CREATE TABLE torture.told (event_id uuid, viewer bigint);
CREATE FUNCTION torture.send(first int, viewers int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  items jsonb := (SELECT jsonb_agg(jsonb_build_object('contentId', 1 + (v * 7) % 32, CASE WHEN v % 4 = 0 THEN 'sessionId' ELSE 'userId' END, CASE WHEN v % 4 = 0 THEN 100001 + v % 400 ELSE 7000 + v % 100 END,
    'engagementType', (ARRAY['view', 'view', 'save', 'click'])[1 + v % 4], 'watchTime', v % 30, 'eventId', gen_random_uuid(), 'createdAt', now() - (v % 50) * interval '5 hours')) FROM generate_series(first, first + viewers - 1) v);
BEGIN
  IF (SELECT recorded FROM record_engagement_batch(items)) <> viewers THEN
    RAISE EXCEPTION 'not all were recorded';
  END IF;
  INSERT INTO torture.told SELECT (i ->> 'eventId')::uuid FROM jsonb_array_elements(items) i;
END $$;
CREATE TABLE torture.changes (what text, events bigint);
CREATE FUNCTION torture.change(place int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  who bigint := CASE WHEN place % 4 > 0 THEN 7000 + place % 100 END;
  session bigint := CASE WHEN place % 4 = 0 THEN 100001 + place % 400 END;
  back boolean := EXISTS (SELECT FROM explore_analytics.excluded_viewers v WHERE v.viewer_key = coalesce(who, -session)) AND random() < 0.7;
BEGIN
  INSERT INTO torture.changes VALUES (CASE WHEN back THEN 'back' ELSE 'out' END,
    CASE WHEN back THEN explore_analytics.restore_traffic(who, session) ELSE explore_analytics.exclude_traffic(who, session, 'torture') END);
EXCEPTION WHEN lock_not_available THEN INSERT INTO torture.changes VALUES ('busy', 0);
END $$;
CREATE FUNCTION torture.log_in(place int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM identify_session(100001 + place % 400, 7000 + place % 100);
EXCEPTION WHEN lock_not_available OR invalid_parameter_value THEN NULL;
END $$;
SQL
printf '%s\n' '\set s random(0, 399)' 'SELECT torture.send(:s, 1);' >"$base/one"
printf '%s\n' '\set s random(0, 399)' 'SELECT torture.send(:s, 30);' >"$base/many"
printf '%s\n' '\set s random(0, 399)' '\set t random(0, 399)' BEGIN\; 'SELECT torture.send(:s, 2);' 'SELECT pg_sleep(0.03);' 'SELECT torture.send(:t, 1);' COMMIT\; >"$base/twice"
printf '%s\n' '\set s random(0, 399)' 'SELECT torture.change(:s);' >"$base/change"
printf '%s\n' '\set s random(0, 399)' '\set t random(0, 399)' BEGIN\; 'SELECT torture.change(:s);' 'SELECT torture.change(:t);' COMMIT\; >"$base/changes"
printf '%s\n' '\set s random(0, 1600)' 'SELECT torture.log_in(:s);' >"$base/login"
{
    echo 'SET lock_timeout = 1000;'
    for ((n = 1; n <= 100000; n++)); do
        if ((n % 11 == 0)); then echo "UPDATE explore_content SET creator_id = 1 + $n % 7 WHERE id = 1 + $n % 32;"
        elif ((n % 5 == 0)); then echo 'CALL explore_analytics.compact();'
        else echo 'CALL explore_analytics.refresh();'; fi
        echo 'SELECT pg_sleep(0.03) \g /dev/null'
    done
} >"$base/keeper"
for ((n = 0; n < seconds * 4; n++)); do
    printf "BEGIN ISOLATION LEVEL REPEATABLE READ;\nSELECT 'C', t.* FROM torture.totals(1) t;\nCOMMIT;\nSELECT pg_sleep(0.2) \\\\g /dev/null\n"
done >"$base/questions"
status=0 deadlocks=0 checks=0 mismatches=0 unexpected_errors=0
for ((round = 0; round <= kills; round++)); do
    loads=()
    for kind in one many twice change changes login; do
        PGHOST=$base/traffic "$EA_BINDIR/pgbench" -n -c 2 -j 1 -R "$([[ $kind == change* ]] && echo 15 || echo 25)" -T "$seconds" -f "$base/$kind" postgres >"$base/pgbench.$kind" 2>&1 &
        loads+=($!)
    done
    PGHOST=$base/traffic psql -X -qAt -v VERBOSITY=sqlstate -f "$base/keeper" >"$base/kept" 2>&1 &
    keeper=$!
    PGHOST=$base/traffic psql -X -qAt -v ON_ERROR_STOP=1 -f "$base/questions" >"$base/answers" 2>&1 &
    asker=$!
    if ((round < kills)); then
        sleep "$((seconds / 2))"
        kill -9 "$(head -n 1 "$base/traffic/data/postmaster.pid")"
        for load in "${loads[@]}"; do wait "$load" || true; done
        wait "$asker" "$keeper" || true
        cluster_start traffic
    else
        for load in "${loads[@]}"; do wait "$load" || status=$?; done
        kill "$asker" "$keeper" 2>/dev/null || true
        wait "$asker" "$keeper" || true
        deadlocks=$(sed -nE 's/^number of failed transactions: ([0-9]+) .*/\1/p' "$base"/pgbench.* | awk '{n += $1} END {print n + 0}')
        unexpected_errors=$(grep -E 'ERROR|FATAL' "$base/kept" | grep -vcE '55P03' || true)
        count_file "$base/answers"
    fi
done
poll traffic "SELECT count(*) = 1 FROM pg_stat_activity WHERE backend_type = 'client backend'"
check traffic 3
IFS='|' read -r moved_out moved_back busy excluded events missing twice misplaced < <(q traffic -c "
  WITH kept AS (SELECT event_id, coalesce(user_id, -session_id) AS viewer, false AS aside FROM explore_engagements
                UNION ALL SELECT event_id, coalesce(user_id, -session_id), true FROM explore_excluded_engagements)
  SELECT (SELECT sum(events) FROM torture.changes WHERE what = 'out'), (SELECT sum(events) FROM torture.changes WHERE what = 'back'), (SELECT count(*) FROM torture.changes WHERE what = 'busy'),
    (SELECT count(*) FROM explore_excluded_engagements), (SELECT count(*) FROM explore_engagements),
    (SELECT count(*) FROM torture.told t WHERE NOT EXISTS (SELECT FROM kept k WHERE k.event_id = t.event_id)),
    (SELECT count(*) FROM (SELECT FROM kept WHERE event_id IN (SELECT event_id FROM torture.told) GROUP BY event_id HAVING count(*) > 1) d),
    (SELECT count(*) FROM kept k WHERE k.aside <> EXISTS (SELECT FROM explore_analytics.excluded_viewers v WHERE v.viewer_key = k.viewer))")
verified=$(verify_rows traffic)
q traffic -c 'CALL explore_analytics.refresh()' -c 'CALL explore_analytics.compact()'
bytes='SELECT scope, id, 0 AS level, 0::bigint AS bucket, summary::text, events FROM explore_analytics.rollup_totals
  UNION ALL SELECT scope, id, level, bucket, summary::text, events FROM explore_analytics.rollup_buckets'
differ=$(q traffic -c "CREATE TABLE torture.kept AS $bytes" -c 'DO $$ BEGIN PERFORM explore_analytics.rebuild(); END $$' \
    -c "SELECT (SELECT count(*) FROM explore_analytics.rollup_deltas) + count(*) FROM ((($bytes) EXCEPT ALL TABLE torture.kept) UNION ALL (TABLE torture.kept EXCEPT ALL ($bytes))) d" | tail -n 1)
result traffic "status == 0 && checks > 10 && mismatches + verified + missing + twice + misplaced + differ + unexpected_errors + deadlocks == 0 && moved_out > seconds && moved_back > seconds && excluded > 0" \
    seconds="$seconds" kills="$kills" events="$events" excluded="$excluded" moved_out="$moved_out" moved_back="$moved_back" busy="$busy" missing="$missing" twice="$twice" misplaced="$misplaced" checks="$checks" mismatches="$mismatches" \
    verify_rows="$verified" bytes_differ="$differ" errors="$unexpected_errors" deadlocks="$deadlocks"
finish
