#!/bin/bash
# Dump and restore. A database with everything in it is dumped in three formats and restored into fresh
# databases: the numbers, the grants and the keys of recording must be the same there, and both must go
# on counting alike.
#   test/restore.sh [DIRECTORY]
# The server is the one that PGHOST, PGPORT, PGUSER and PGPASSWORD name; DIRECTORY is a scratch directory.
# Prints a line for every check, "ok ..." or "FAIL ..."; status 1 when one failed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
scratch=${1:-}
own_scratch=''
if [[ -z $scratch ]]; then scratch=$(mktemp -d /tmp/explore_analytics-restore.XXXXXX) own_scratch=yes; fi
mkdir -p "$scratch"
scratch=$(cd "$scratch" && pwd -P)

# The extension lives in a schema of its own, which is the harder case for a dump.
prefix=ea_restore_$$ schema=feed
original=${prefix}_original
copies=(plain custom directory)
owner=${prefix}_owner reader=${prefix}_reader recorder=${prefix}_recorder

export PGOPTIONS="-c search_path=$schema -c timezone=UTC -c client_min_messages=warning"
export PGCLIENTENCODING=UTF8 LC_ALL=C.UTF-8

. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

cleanup() {
    local status=$? name
    set +e
    for name in "$original" "${copies[@]/#/${prefix}_}"; do
        psql -X -q -d postgres -c "DROP DATABASE IF EXISTS $name WITH (FORCE)" >>"$scratch/log" 2>&1
    done
    psql -X -q -d postgres -c "DROP ROLE IF EXISTS $owner, $reader, $recorder" >>"$scratch/log" 2>&1
    [[ -z $own_scratch ]] || rm -rf "$scratch"
    exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

answers() { psql -X -qAt -d "$1" -f "$here/restore/questions.sql" >"$2" 2>>"$scratch/log" || rm -f "$2"; }
rows() { psql -X -qAt -d "$1" -f "$here/restore/rows.sql" >"$2" 2>>"$scratch/log" || rm -f "$2"; }

fill() {
    sql "$original" -v schema="$schema" -v owner="$owner" -v reader="$reader" -v recorder="$recorder" -f "$here/restore/fill.sql"
}

# Where the grants of the original must hold: DATABASE NAME
check_grants() {
    local found
    found=$(sql "$1" -c "SET ROLE $reader" -c "SELECT views(platform_summary()), (SELECT count(*) FROM explore_leaderboard), (SELECT count(*) FROM videos_analytics())" 2>&1 || true)
    same "$2: the reading role reads" "$(sql "$original" -c "SELECT views(platform_summary()), (SELECT count(*) FROM explore_leaderboard), (SELECT count(*) FROM videos_analytics())")" "$found"
    found=$(sql "$1" -c "BEGIN" -c "SET ROLE $recorder" -c "SELECT record_engagement(1, 'view', created_at => '2025-01-25 10:00+00')" -c "ROLLBACK" 2>&1 || true)
    same "$2: the recording role records" recorded "$found"
    refused "$2: the reading role may not record" "$1" "$reader" "SELECT record_engagement(1, 'view')"
    refused "$2: the recording role may not read" "$1" "$recorder" "SELECT * FROM videos_analytics()"
    refused "$2: the tables are granted to nobody" "$1" "$reader" "SELECT count(*) FROM explore_engagements"
    same "$2: the audit log and the identities" "$(sql "$original" -c "$trust")" "$(sql "$1" -c "$trust")"
    refused "$2: the audit log is append-only" "$1" "$owner" "DELETE FROM explore_analytics.audit_log"
}

trust="SELECT a.id, a.action, a.subject, a.detail, i.login, i.creator_id FROM explore_analytics.audit_log a, explore_analytics.identities i ORDER BY a.id"

refused() { # WHAT DATABASE ROLE STATEMENT
    local said
    said=$(sql "$2" -v VERBOSITY=sqlstate -c "SET ROLE $3" -c "$4" 2>&1 || true)
    if [[ $said == *'ERROR:  42501'* ]]; then ok "$1"; else fail "$1: $said"; fi
}

# 500 rows through the recording functions, 500 by INSERT; every tenth of them belongs to no month's partition.
add_rows() { # DATABASE
    sql "$1" <<'SQL'
SELECT b.received, b.recorded, b.duplicates, b.rejected FROM record_engagement_batch((
  SELECT jsonb_agg(jsonb_build_object('contentId', 1 + i % 22, 'userId', 2000 + i % 90, 'sessionId', 1 + i % 120, 'engagementType', (ARRAY['view', 'save', 'share', 'click', 'skip'])[1 + i % 5],
    'watchTime', i % 20, 'createdAt', CASE WHEN i % 10 = 0 THEN '2019-06-01 00:00+00' ELSE '2025-01-02 00:00+00' END::timestamptz + i * interval '1 minute', 'eventId', md5('later ' || i)::uuid))
  FROM generate_series(1, 500) i)) b;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, completed, created_at)
SELECT 1 + i % 22, 2000 + i % 190, (ARRAY['view', 'complete', 'impression', 'view', 'progress'])[1 + i % 5]::engagement_type, i, i % 2 = 0,
  CASE WHEN i % 10 = 0 THEN '2019-06-01 00:00+00' ELSE '2025-01-03 00:00+00' END::timestamptz + i * interval '1 minute'
FROM generate_series(1, 500) i;
SQL
}

# The platform's, with what retention has kept.
counts_differ() { # DATABASE
    differences "$1" 'platform_summary()' "(SELECT engagement_type, user_id, session_id, completed, watch_time_ms FROM explore_engagements
        UNION ALL SELECT engagement_type, user_id, session_id, completed, watch_time_ms FROM kept_raw) e"
}

# What the rollups know of themselves, before and after one more refresh and after a compaction: DATABASE
rollups_good() {
    sql "$1" -c 'SELECT * FROM explore_analytics.verify()' -c 'SELECT * FROM explore_analytics.check_ledger()' -c 'CALL explore_analytics.refresh()' \
        -c 'SELECT * FROM explore_analytics.verify()' -c 'CALL explore_analytics.compact()' -c 'SELECT * FROM explore_analytics.verify()' \
        -c 'SELECT * FROM explore_analytics.check_ledger()' -c 'SELECT tail_events FROM explore_analytics.rollup_status WHERE tail_events > 0'
}

# The next ids, as INSERT and create_session() give them.
next_ids() { # DATABASE
    sql "$1" <<'SQL'
SELECT create_session(1001, '{"deviceType": "phone"}') - 120;
WITH c AS (INSERT INTO explore_content (creator_id, created_at, updated_at) VALUES (101, '2025-01-01+00', '2025-01-01+00') RETURNING id) SELECT id - 24 FROM c;
WITH v AS (INSERT INTO explore_discovery_videos (content_id, created_at) VALUES (25, '2025-01-01+00') RETURNING id) SELECT id - 22 FROM v;
WITH before AS MATERIALIZED (SELECT max(id) AS id FROM explore_engagements),
  e AS (INSERT INTO explore_engagements (content_id, engagement_type, created_at) VALUES (25, 'view', '2025-01-06+00') RETURNING id)
SELECT e.id - before.id FROM e, before;
SQL
}

schema_of() { # DATABASE FILE: without the random words of newer versions
    pg_dump -d "$1" --schema-only 2>>"$scratch/log" | sed -E '/^\\(un)?restrict /d' >"$2"
}

: >"$scratch/log"
psql -X -q -d postgres -v ON_ERROR_STOP=1 -c "CREATE ROLE $owner" -c "CREATE ROLE $reader" -c "CREATE ROLE $recorder" -c "CREATE DATABASE $original" >>"$scratch/log"
if made=$(fill 2>&1) && [[ $made == *$'t\n'* && $made != *$'\nf\n'* ]]; then
    ok 'a database with content, sessions, events, saves, scores and grants'
else
    fail "a database with content, sessions, events, saves, scores and grants: $(tail -n 1 <<<"$made")"
    exit 1
fi
same 'it has rows in the default partition, keys, saves and a leaderboard' t "$(sql "$original" -c "
  SELECT (SELECT count(*) FROM explore_engagements_default) > 100 AND (SELECT count(*) FROM explore_analytics.event_keys) > 500
     AND (SELECT count(*) FROM explore_analytics.viewing_keys) > 100 AND (SELECT count(*) FROM explore_saved_properties) > 50
     AND (SELECT count(*) FROM explore_leaderboard) > 15")"

same 'it has events in the rollups alone' t "$(sql "$original" -c "
  SELECT (SELECT count(*) FROM kept_raw) > 500 AND (SELECT count(*) FROM explore_analytics.dropped_partitions) = 1 AND (SELECT count(*) FROM explore_analytics.session_rollups) > 20")"

same 'it has rollups in buckets, rollups beside them, and news' t "$(sql "$original" -c "
  SELECT (SELECT count(*) FROM explore_analytics.rollup_buckets WHERE summary IS NOT NULL) > 10 AND (SELECT count(*) FROM explore_analytics.rollup_deltas) > 5
     AND (SELECT count(*) FROM explore_analytics.creator_changes) > 0 AND (SELECT tail_events FROM explore_analytics.rollup_status) > 40")"

unasked=$(sql "$original" -c "SELECT DISTINCT p.proname FROM explore_analytics.doors() d JOIN pg_proc p ON p.oid = d.signature WHERE d.may = 'read' OR p.proname LIKE 'cohort%'" |
    while read -r name; do grep -qw "$name" "$here/restore/questions.sql" || printf '%s ' "$name"; done)
same 'every reading function is among the questions' '' "$unasked"

answers "$original" "$scratch/answers"
rows "$original" "$scratch/rows"
schema_of "$original" "$scratch/schema"
check_grants "$original" original

check 'plain: pg_dump' pg_dump -d "$original" -f "$scratch/dump.sql"
check 'custom: pg_dump' pg_dump -d "$original" -Fc -f "$scratch/dump.custom"
rm -rf "$scratch/dump.directory"
check 'directory: pg_dump with two jobs' pg_dump -d "$original" -Fd -j2 -f "$scratch/dump.directory"

restore() { # FORMAT DATABASE, without our search path: a restore sets its own
    case $1 in
        plain) env -u PGOPTIONS psql -X -q -v ON_ERROR_STOP=1 -d "$2" -f "$scratch/dump.sql" ;;
        custom) env -u PGOPTIONS pg_restore --exit-on-error -d "$2" "$scratch/dump.custom" ;;
        directory) env -u PGOPTIONS pg_restore --exit-on-error -j2 -d "$2" "$scratch/dump.directory" ;;
    esac
}

for format in "${copies[@]}"; do
    copy=${prefix}_$format
    psql -X -q -d postgres -v ON_ERROR_STOP=1 -c "CREATE DATABASE $copy TEMPLATE template0" >>"$scratch/log"
    check "$format: restored without an error" restore "$format" "$copy"
    answers "$copy" "$scratch/answers.$format"
    same_file "$format: every function and view says the same" "$scratch/answers" "$scratch/answers.$format"
    rows "$copy" "$scratch/rows.$format"
    same_file "$format: every row is there, where it was" "$scratch/rows" "$scratch/rows.$format"
    schema_of "$copy" "$scratch/schema.$format"
    same_file "$format: a dump of the copy defines the same" "$scratch/schema" "$scratch/schema.$format"
    check_grants "$copy" "$format"
done

# From here on the original and the copies go on, each by itself.
before=$(sql "$original" -c 'SELECT count(*) FROM explore_engagements')
for database in "$original" "${copies[@]/#/${prefix}_}"; do
    name=${database#"${prefix}_"}
    same "$name: an event recorded before the dump is a duplicate" duplicate \
        "$(sql "$database" -c "SELECT record_engagement(5, 'save', user_id => 1003, created_at => '2025-01-05 10:00+00', event_id => '00000000-0000-4000-8000-00000000d00d')" 2>&1 || true)"
    same "$name: a viewing completed before the dump completes once" duplicate \
        "$(sql "$database" -c "SELECT record_engagement(6, 'complete', user_id => 1003, session_id => 7, created_at => '2025-01-05 10:09+00')" 2>&1 || true)"
    same "$name: 500 of 500 recorded" '500|500|0|0' "$(add_rows "$database" 2>&1 || true)"
    same "$name: 1000 rows more" $((before + 1000)) "$(sql "$database" -c 'SELECT count(*) FROM explore_engagements' 2>&1 || true)"
    same "$name: the same batch again is all duplicates" '500|0|500|0' "$(sql "$database" -c "SELECT received, recorded, duplicates, rejected FROM record_engagement_batch((
        SELECT jsonb_agg(jsonb_build_object('contentId', 1, 'engagementType', 'view', 'eventId', md5('later ' || i)::uuid)) FROM generate_series(1, 500) i))" 2>&1 || true)"
    same "$name: the functions count what plain SQL counts" '' "$(counts_differ "$database" 2>&1 || true)"
    same "$name: the rollups hold what the raw table holds" '' "$(rollups_good "$database" 2>&1 || true)"
    same "$name: and the functions still count what plain SQL counts" '' "$(counts_differ "$database" 2>&1 || true)"
    same "$name: the identity columns go on" "$(printf '1\n1\n1\n1')" "$(next_ids "$database" 2>&1 || true)"
    same "$name: a rescore finds the new events, then nothing" $'t\n0' \
        "$(sql "$database" -c 'SELECT batch_update_engagement_scores() > 20' -c 'SELECT batch_update_engagement_scores()' 2>&1 || true)"
    same "$name: install() again says nothing" '' "$(PGOPTIONS="-c search_path=$schema -c client_min_messages=notice" sql "$database" -c 'CALL explore_analytics.install()' 2>&1 || true)"
    schema_of "$database" "$scratch/schema.later"
    same_file "$name: and it changed nothing" "$scratch/schema" "$scratch/schema.later"
    # The session just created began now; nothing else may depend on the time.
    sql "$database" -c "UPDATE explore_feed_sessions SET session_start = '2025-01-07 00:00+00' WHERE id = 121" -c "UPDATE explore_discovery_videos SET scored_at = '2025-01-08 00:00+00'" \
        >>"$scratch/log" 2>&1 || true
    answers "$database" "$scratch/answers.later.$name"
    [[ $database == "$original" ]] || same_file "$name: with the new rows every function says what it says in the original" "$scratch/answers.later.original" "$scratch/answers.later.$name"
done
if cmp -s "$scratch/answers" "$scratch/answers.later.original"; then fail 'the new rows show'; else ok 'the new rows show'; fi

bash "$(dirname "${BASH_SOURCE[0]}")/restore_rights.sh" "$scratch" || failed=1

exit "$failed"
