#!/bin/bash
# apply_retention() is held where a partition is taken over and where it is dropped, before the commit, and killed
# there in every way; meanwhile late events come, readers read and others refresh. Then, and after the next call,
# every answer is that of all events that ever were.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

rounds=$(either 1 12) month=0 key=1 kills=0 verified=0 ledger=0 left=0 survivors=0
cluster_new retained "$EA_WAIT_STAGE" 'fsync = off'
install_torture retained
q retained >/dev/null <<'SQL'
CREATE TABLE torture.kept (LIKE explore_engagements);
CREATE OR REPLACE VIEW torture.raw AS
  SELECT e.content_id, c.creator_id, e.engagement_type AS t, coalesce(e.user_id, -e.session_id) AS viewer, e.watch_time_ms, e.completed, e.created_at
  FROM (SELECT id, content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at FROM explore_engagements
        UNION SELECT id, content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at FROM torture.kept) e
  LEFT JOIN explore_content c ON c.id = e.content_id;
-- Events of a month of 1980 and later, remembered twice.
CREATE FUNCTION torture.put_old(month date, VARIADIC keys bigint[]) RETURNS bigint LANGUAGE sql AS $$
  WITH put AS (INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, metadata)
    SELECT e.content_id, e.user_id, e.session_id, e.engagement_type, e.watch_time_ms, e.completed, month::timestamptz + (k * 7919 % 2419200) * interval '1 second', e.metadata
    FROM unnest(keys) k, LATERAL torture.event(k) e RETURNING *), kept AS (INSERT INTO torture.kept TABLE put) SELECT count(*) FROM put
$$;
CREATE VIEW torture.sessions_differ AS
SELECT count(*) FROM explore_feed_sessions f, session_analytics(f.id) a, LATERAL (
  SELECT count(DISTINCT content_id) FILTER (WHERE t = 'view') AS viewed, count(*) FILTER (WHERE t = 'save') AS saves FROM (
    SELECT id, content_id, session_id, engagement_type AS t FROM explore_engagements UNION SELECT id, content_id, session_id, engagement_type FROM torture.kept) e WHERE e.session_id = f.id) n
WHERE (a.videos_viewed, a.saves) <> (n.viewed, n.saves);
SQL
q retained -c 'SELECT torture.put(VARIADIC ARRAY(SELECT generate_series(9000000, 9002000)))' >/dev/null

put_old() { # MONTHS_BACK: 40 events of that month
    key=$((key + 50))
    q retained -c "SELECT torture.put_old((date '2000-01-01' + interval '$1 months')::date, VARIADIC ARRAY(SELECT generate_series($key, $key + 39)))" >/dev/null
}

# proved: what readers see, verify(), the ledger, sessions.
proved() {
    count_check "$(q retained -c 'SELECT * FROM torture.totals(0)')"
    verified=$((verified + $(verify_rows retained)))
    ledger=$((ledger + $(q retained -c 'SELECT count(*) FROM explore_analytics.check_ledger()')))
    count_check "$(q retained -c "SELECT 1, count, 'sessions' FROM torture.sessions_differ")"
}

wait_for_server() { poll retained "SELECT NOT pg_is_in_recovery()"; }

kill_at() { # POINT WAY
    local point=$1 way=$2 pid='' try
    month=$((month + 1))
    q retained -c "SELECT explore_analytics.ensure_partitions((date '2000-01-01' + interval '$month months')::date, (date '2000-01-01' + interval '$month months')::date)" >/dev/null
    put_old "$month"
    put_old "$((month - 1))"
    hold retained BEGIN "SELECT pg_advisory_xact_lock(234, $point)"
    PGHOST=$base/retained psql -X -qAt -c "CALL explore_analytics.apply_retention('5 years')" >"$base/said" 2>&1 9>&- &
    local retainer=$!
    for ((try = 0; try < 1000; try++)); do
        pid=$(q retained -c "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 234 AND objid = $point AND objsubid = 2 AND NOT granted")
        [[ -z $pid ]] || break
        sleep 0.02
    done
    [[ -n $pid ]] || { note "nobody comes to point $point: $(cat "$base/said")"; return 1; }
    # Before the drop the table is everybody's; the dropper holds it alone.
    if ((point == 8)); then put_old "$month"; q retained -c 'CALL explore_analytics.refresh()' >/dev/null; proved; fi
    case $way in
        kill) kill -9 "$pid" ;;
        terminate) q retained -c "SELECT pg_terminate_backend($pid, 5000)" >/dev/null ;;
        restart) cluster_stop retained immediate; cluster_start retained ;;
    esac
    wait "$retainer" || true
    release
    wait_for_server
    grep -qE 'terminat|closed the connection' "$base/said" || { note "$way at $point: it lived on: $(cat "$base/said")"; survivors=$((survivors + 1)); }
    kills=$((kills + 1))
    proved
    put_old "$month"
    proved
    q retained -c "CALL explore_analytics.apply_retention('5 years')"
    proved
    left=$((left + $(q retained -c "SELECT count(*) FROM explore_engagements WHERE created_at < date '2000-01-01' + interval '$((month + 1)) months'") + $(q retained -c 'SELECT count(*) FROM explore_analytics.dropped_partitions WHERE dropped_at IS NULL')))
}

for ((round = 1; round <= rounds; round++)); do
    for point in 8 9; do
        for way in kill terminate restart; do kill_at "$point" "$way"; done
    done
done
result retention "kills == rounds * 6 && mismatches + verified + ledger + left + survivors == 0 && checks > kills * 12" \
    kills="$kills" dropped="$(q retained -c 'SELECT count(*) FROM explore_analytics.dropped_partitions')" checks="$checks" mismatches="$mismatches" verify_rows="$verified" ledger_rows="$ledger" left="$left" survivors="$survivors"
finish
