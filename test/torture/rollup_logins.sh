#!/bin/bash
# Visitors log in while others record, one by one and in batches of many sessions, rollups are refreshed and compacted, contents
# move, and users are erased. Whatever a session has recorded through the functions is its user's in the end, no number ever
# differs from the raw rows, and what the rollups hold is byte for byte what a rebuild makes. Beside logins without pause refreshes
# get their turn.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

seconds=$(either 15 180) sessions=$(either 1500 12000) turns=60
cluster_new logins "$EA_STAGE" 'fsync = off' 'autovacuum_naptime = 2s' 'deadlock_timeout = 200ms'
install_torture logins
q logins -v sessions="$sessions" <<'SQL' >/dev/null
INSERT INTO explore_feed_sessions (id, session_start) SELECT 100000 + i, now() - interval '1 hour' FROM generate_series(1, :sessions) i;
CREATE FUNCTION torture.visit(first bigint, visitors int, per_visitor int) RETURNS int LANGUAGE sql AS $$
  SELECT recorded FROM record_engagement_batch((SELECT jsonb_agg(jsonb_build_object('contentId', 1 + (s * 7 + n * 3) % 32, 'sessionId', s,
    'engagementType', (ARRAY['view', 'view', 'view', 'save', 'complete'])[1 + (s + n) % 5], 'completed', n % 2 = 0, 'watchTime', n,
    'createdAt', now() - (s % 50) * interval '5 hours' - n * interval '1 minute') ORDER BY s) FROM generate_series(first, first + visitors - 1) s, generate_series(1, per_visitor) n))
$$;
-- Logins go through the sessions one after the other, and who records does so in those whose turn comes next, or has just come.
CREATE SEQUENCE torture.turn START 100002;
CREATE FUNCTION torture.next(ahead int) RETURNS bigint LANGUAGE sql AS $$ SELECT last_value + ahead - 1 FROM torture.turn $$;
CREATE TABLE torture.logins (said text);
CREATE FUNCTION torture.log_in(session bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  said text := 'moved';
BEGIN
  BEGIN
    IF identify_session(session, 5000 + session % 40) = 0 THEN said := 'nothing'; END IF;
  EXCEPTION WHEN lock_not_available THEN said := 'busy';
  END;
  INSERT INTO torture.logins VALUES (said);
END $$;
SQL
printf '%s\n' '\set s random(0, 6)' 'SELECT torture.visit(torture.next(:s), 1, 4);' >"$base/one"
printf '%s\n' '\set s random(0, 9)' 'SELECT torture.visit(torture.next(:s) - 20, 40, 1);' >"$base/many"
printf '%s\n' '\set s random(1, 6)' BEGIN\; 'SELECT torture.next(:s) AS t \gset' 'SELECT torture.visit(:t, 1, 2);' 'SELECT pg_sleep(0.03);' 'SELECT torture.visit(:t + 1, 2, 1);' COMMIT\; >"$base/twice"
echo "SELECT torture.log_in(nextval('torture.turn'));" >"$base/login"
loads=()
for kind in one many twice login; do
    PGHOST=$base/logins "$EA_BINDIR/pgbench" -n -c 2 -j 1 -R "$([[ $kind == login ]] && echo $turns || echo 25)" -T "$seconds" -f "$base/$kind" postgres >"$base/pgbench.$kind" 2>&1 &
    loads+=($!)
done
{
    echo 'SET lock_timeout = 1000;'
    for ((n = 1; n <= 100000; n++)); do
        if ((n % 40 == 0)); then echo "SELECT explore_analytics.forget_viewer(5000 + $n / 40 % 40) \\g /dev/null"
        elif ((n % 11 == 0)); then echo "UPDATE explore_content SET creator_id = 1 + $n % 7 WHERE id = 1 + $n % 32;"
        elif ((n % 5 == 0)); then echo 'CALL explore_analytics.compact();'
        else echo 'CALL explore_analytics.refresh();'; fi
        echo 'SELECT pg_sleep(0.03) \g /dev/null'
    done
} >"$base/keeper"
PGHOST=$base/logins psql -X -qAt -v VERBOSITY=sqlstate -f "$base/keeper" >"$base/kept" 2>&1 &
keeper=$!
for ((n = 0; n < seconds * 4; n++)); do
    printf "BEGIN ISOLATION LEVEL REPEATABLE READ;\nSELECT 'C', t.* FROM torture.totals(1) t;\nCOMMIT;\nSELECT pg_sleep(0.2) \\\\g /dev/null\n"
done >"$base/questions"
PGHOST=$base/logins psql -X -qAt -v ON_ERROR_STOP=1 -f "$base/questions" >"$base/answers" 2>&1 &
asker=$!
status=0
for load in "${loads[@]}"; do wait "$load" || status=$?; done
deadlocks=$(sed -nE 's/^number of failed transactions: ([0-9]+) .*/\1/p' "$base"/pgbench.* | awk '{n += $1} END {print n + 0}')
kill "$asker" "$keeper" 2>/dev/null || true
wait "$asker" "$keeper" || true
poll logins "SELECT count(*) = 1 FROM pg_stat_activity WHERE backend_type = 'client backend'"

# Logins without pause: refreshes get their turn among them.
asked=20
q logins <<'SQL' >/dev/null
INSERT INTO explore_feed_sessions (id) SELECT 200000 + i FROM generate_series(1, 6000) i;
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) SELECT 1 + i % 32, 200001 + i / 2, 'view', now() - i * interval '10 seconds' FROM generate_series(0, 11999) i;
CALL explore_analytics.refresh();
CREATE SEQUENCE torture.again MINVALUE 200001 MAXVALUE 206000 CYCLE;
SQL
echo "SELECT torture.log_in(nextval('torture.again'));" >"$base/again"
PGHOST=$base/logins "$EA_BINDIR/pgbench" -n -c 4 -j 1 -T "$(either 5 10)" -f "$base/again" postgres >"$base/pgbench.again" 2>&1 &
again=$!
{
    echo 'SET client_min_messages = notice;'
    for ((n = 0; n < asked; n++)); do printf 'SELECT pg_sleep(0.1) \\g /dev/null\nCALL explore_analytics.refresh();\n'; done
} >"$base/turns.sql"
PGHOST=$base/logins psql -X -qAt -v ON_ERROR_STOP=1 -f "$base/turns.sql" >"$base/turns" 2>&1 || status=$?
wait "$again" || status=$?
refused=$(grep -c busy "$base/turns" || true)

# Only a refresh or an erasure that a writer was in the way of may have failed.
unexpected_errors=$(grep -E 'ERROR|FATAL' "$base/kept" | grep -vcE '55P03' || true)
count_file "$base/answers"
check logins 3
IFS='|' read -r moved busy erased anonymous foreign events < <(q logins -c "SELECT count(*) FILTER (WHERE said = 'moved'), count(*) FILTER (WHERE said = 'busy'), (SELECT count(*) FROM explore_analytics.audit_log WHERE action = 'forget_viewer'),
  (SELECT count(*) FROM explore_engagements e JOIN explore_feed_sessions s ON s.id = e.session_id WHERE s.user_id IS NOT NULL AND e.user_id IS NULL),
  (SELECT count(*) FROM explore_engagements e JOIN explore_feed_sessions s ON s.id = e.session_id WHERE s.id > 100000 AND e.user_id <> s.user_id), (SELECT count(*) FROM explore_engagements) FROM torture.logins")
verified=$(verify_rows logins)
q logins -c 'CALL explore_analytics.refresh()' -c 'CALL explore_analytics.compact()'
bytes='SELECT scope, id, 0 AS level, 0::bigint AS bucket, summary::text, events FROM explore_analytics.rollup_totals
  UNION ALL SELECT scope, id, level, bucket, summary::text, events FROM explore_analytics.rollup_buckets'
differ=$(q logins -c "CREATE TABLE torture.kept AS $bytes" -c 'DO $$ BEGIN PERFORM explore_analytics.rebuild(); END $$' \
    -c "SELECT (SELECT count(*) FROM explore_analytics.rollup_deltas) + count(*) FROM ((($bytes) EXCEPT ALL TABLE torture.kept) UNION ALL (TABLE torture.kept EXCEPT ALL ($bytes))) d" | tail -n 1)
result logins "status == 0 && checks > 20 && mismatches + verified + anonymous + foreign + differ + unexpected_errors + deadlocks == 0 && moved > seconds && erased > 0 && busy * 10 < moved && refused * 4 < asked" \
    seconds="$seconds" events="$events" logins_moved="$moved" busy="$busy" refreshes_refused="$refused" refreshes_asked="$asked" erased="$erased" anonymous="$anonymous" foreign="$foreign" checks="$checks" mismatches="$mismatches" \
    verify_rows="$verified" bytes_differ="$differ" errors="$unexpected_errors" deadlocks="$deadlocks"
finish
