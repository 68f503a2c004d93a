#!/bin/bash
# Dump and restore. A database with everything in it is dumped in three formats and restored into fresh
# databases: the numbers, the grants and the keys of recording must be the same there, and both must go
# on counting alike.
#   test/restore.sh [DIRECTORY]
# The server is the one that PGHOST, PGPORT, PGUSER and PGPASSWORD name; DIRECTORY is a scratch directory.
# Prints a line for every check, "ok ..." or "FAIL ..."; status 1 when one failed.
set -euo pipefail

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

# Everything the functions and views say, as text. The reading functions it calls are compared to the
# list that the extension keeps, so that a new one cannot be left out.
write_questions() {
    cat >"$scratch/questions.sql" <<'SQL'
\set ON_ERROR_STOP on
SET explore_analytics.user_id = '';
CREATE TEMP VIEW ranges AS SELECT * FROM (VALUES
  (1, NULL::timestamptz, NULL::timestamptz), (2, '2024-11-01+00', '2024-12-01+00'), (3, NULL, '2024-12-15 06:30+00'),
  (4, '2024-12-15 06:30+00', NULL), (5, '2020-01-01+00', '2024-01-01+00'), (6, '2025-01-31 23:59:59.999+00', '2025-02-01+00'),
  (7, '2025-02-01+00', '2025-02-01+00')) r(range, from_time, to_time);
CREATE TEMP VIEW creators AS SELECT DISTINCT creator_id FROM explore_content UNION ALL SELECT 999;
CREATE TEMP VIEW summaries AS
  SELECT 'content ' || c.id AS whose, r.range, content_summary(c.id, r.from_time, r.to_time) AS s FROM explore_content c, ranges r
  UNION ALL SELECT 'creator ' || c.creator_id, r.range, creator_summary(c.creator_id, r.from_time, r.to_time) FROM creators c, ranges r
  UNION ALL SELECT 'platform', r.range, platform_summary(r.from_time, r.to_time) FROM ranges r;
\echo == summaries
SELECT whose, range, views(s), unique_viewers(s), unidentified_views(s), completions(s), saves(s), shares(s), clicks(s), skips(s),
  impressions(s), total_engagements(s), total_watch_time(s), average_watch_time(s), completion_rate(s), engagement_rate(s), save_rate(s),
  share_rate(s), click_rate(s), skip_rate(s), engagement_score(s), cardinality(viewers(s)), md5(to_roaring(viewers(s))),
  (SELECT md5(string_agg(k::text, ',' ORDER BY k)) FROM viewer_keys(viewers(s)) k)
FROM summaries ORDER BY whose, range;
\echo == video_analytics, videos_analytics
SELECT r.range, a.* FROM ranges r, explore_discovery_videos v, LATERAL video_analytics(v.id, r.from_time, r.to_time) a ORDER BY 1, 2;
SELECT r.range, a.* FROM ranges r, LATERAL videos_analytics(NULL, r.from_time, r.to_time) a ORDER BY 1, 2;
SELECT c.creator_id, a.* FROM creators c, LATERAL videos_analytics(creator_id => c.creator_id) a ORDER BY 1, 2;
\echo == creator_analytics
SELECT r.range, a.* FROM ranges r, creators c, LATERAL creator_analytics(c.creator_id, r.from_time, r.to_time) a ORDER BY 1, 2;
\echo == session_analytics
SELECT a.* FROM explore_feed_sessions s, LATERAL session_analytics(s.id) a ORDER BY 1;
\echo == aggregated_metrics
SELECT c.creator_id, a.* FROM (SELECT creator_id FROM creators UNION ALL SELECT NULL) c, unnest(ARRAY['day', 'week', 'month', 'all']) p,
  LATERAL aggregated_metrics(p, c.creator_id, '2025-01-20 12:00+00') a ORDER BY 1, 2;
\echo == creator_dashboard, my_analytics_dashboard
SELECT c.creator_id, p, creator_dashboard(c.creator_id, p, '2025-01-20 12:00+00') FROM creators c, unnest(ARRAY['day', 'week', 'month', 'all']) p ORDER BY 1, 2;
SET explore_analytics.user_id = '102';
SELECT current_creator_id(), p, my_analytics_dashboard(p, '2025-01-20 12:00+00') FROM unnest(ARRAY['day', 'week', 'month', 'all']) p ORDER BY 2;
SET explore_analytics.user_id = '';
\echo == metric_series
CREATE TEMP VIEW metrics AS SELECT unnest(ARRAY['views', 'unique_viewers', 'unidentified_views', 'completions', 'saves', 'shares', 'clicks', 'skips',
  'impressions', 'total_engagements', 'total_watch_time', 'average_watch_time', 'completion_rate', 'engagement_rate', 'save_rate', 'share_rate',
  'click_rate', 'skip_rate', 'engagement_score']) AS metric;
SELECT m.metric, s.* FROM (TABLE metrics UNION ALL VALUES ('sessions'), ('new_viewers')) m,
  LATERAL metric_series(m.metric, '2024-11-01+00', '2025-03-01+00', 'week', 'Europe/Berlin') s ORDER BY 1, 2;
SELECT b, s.* FROM unnest(ARRAY['day', 'month']) b, LATERAL metric_series('unique_viewers', bucket => b, creator_id => 101) s ORDER BY 1, 2;
SELECT s.* FROM metric_series('views', '2024-12-24+00', '2024-12-26+00', 'hour', 'Asia/Dubai', content_id => 3) s ORDER BY 1;
\echo == top_videos
SELECT m.metric, t.* FROM metrics m, LATERAL top_videos(m.metric, n => 50) t ORDER BY 1, 2;
SELECT c.creator_id, t.* FROM creators c, LATERAL top_videos('total_watch_time', '2024-12-01+00', '2025-01-01+00', c.creator_id, 5, 2) t ORDER BY 1, 2;
\echo == views
SELECT * FROM explore_video_daily ORDER BY day, content_id;
SELECT * FROM explore_creator_daily ORDER BY day, creator_id;
SELECT * FROM explore_platform_daily ORDER BY day;
SELECT * FROM explore_leaderboard ORDER BY rank;
\echo == what the daily views are made of
SELECT * FROM explore_analytics.active_days() a ORDER BY a.day;
SELECT n, t.* FROM generate_series(0, 2) n, explore_analytics.tail_days(n::smallint) t ORDER BY n, t.id, t.bucket;
SELECT c.id, a.day, explore_analytics.day_summary(2::smallint, c.id, a.bucket, NULL) FROM explore_content c, explore_analytics.active_days() a WHERE c.id % 5 = 0 ORDER BY 1, 2;
SQL
    # What is stored; the times of the last rescore and of recording, once both databases go on by themselves, are their own.
    cat >"$scratch/rows.sql" <<'SQL'
\set ON_ERROR_STOP on
SELECT * FROM explore_content ORDER BY id;
SELECT * FROM explore_discovery_videos ORDER BY id;
SELECT * FROM explore_feed_sessions ORDER BY id;
SELECT * FROM explore_saved_properties ORDER BY user_id, content_id;
SELECT * FROM explore_viewers ORDER BY user_id;
SELECT tableoid::regclass, * FROM explore_engagements ORDER BY id;
SELECT * FROM explore_analytics.event_keys ORDER BY event_id;
SELECT * FROM explore_analytics.viewing_keys ORDER BY session_id, content_id, viewer_key;
SELECT * FROM explore_analytics.rollup_state;
SELECT * FROM explore_analytics.rollup_totals ORDER BY scope, id;
SELECT * FROM explore_analytics.rollup_buckets ORDER BY scope, id, level, bucket;
SELECT * FROM explore_analytics.rollup_deltas ORDER BY scope, id, epoch;
SELECT * FROM explore_analytics.rollup_ledger ORDER BY high;
SELECT * FROM explore_analytics.creator_changes ORDER BY creator_id, content_id;
SELECT * FROM explore_analytics.dropped_partitions ORDER BY partition_name;
SELECT * FROM explore_analytics.session_rollups ORDER BY session_id;
SELECT last_value, is_called FROM explore_analytics.epoch_seq;
SELECT * FROM explore_analytics.relations() ORDER BY relation::text;
SQL
}

answers() { psql -X -qAt -d "$1" -f "$scratch/questions.sql" >"$2" 2>>"$scratch/log" || rm -f "$2"; }
rows() { psql -X -qAt -d "$1" -f "$scratch/rows.sql" >"$2" 2>>"$scratch/log" || rm -f "$2"; }

# Deterministic: every value follows from its number.
fill() {
    sql "$original" -v schema="$schema" -v owner="$owner" -v reader="$reader" -v recorder="$recorder" <<'SQL'
CREATE SCHEMA :schema;
CREATE EXTENSION explore_analytics SCHEMA :schema;
CALL explore_analytics.install(:'owner');
DO $$ BEGIN PERFORM explore_analytics.ensure_partitions('2024-11-01', '2025-01-31'); END $$;

INSERT INTO explore_content (creator_id, title, category, area, tags, created_at, updated_at)
SELECT 101 + i % 4, 'Flat ' || i || CASE i % 3 WHEN 0 THEN E' with "quotes",\ttabs\n and \\ signs' ELSE '' END, 'category ' || i % 3, 'area ' || i % 5,
  ARRAY['a' || i, 'b, "c"'], '2024-10-01 00:00+00'::timestamptz + i * interval '1 day', '2024-10-02 00:00+00'
FROM generate_series(1, 24) i;
INSERT INTO explore_discovery_videos (content_id, duration_ms, created_at) SELECT i, CASE WHEN i % 7 > 0 THEN 8000 + i * 1000 END, '2024-10-03 00:00+00' FROM generate_series(1, 22) i;
INSERT INTO explore_feed_sessions (user_id, session_start, session_end, device_type, platform, country, attributes)
SELECT CASE WHEN i % 3 > 0 THEN 1000 + i % 37 END, t, CASE WHEN i % 5 > 0 THEN t + i * interval '7 seconds' END,
  (ARRAY['phone', 'tablet', 'desktop'])[1 + i % 3], (ARRAY['ios', 'android', 'web'])[1 + i % 3], (ARRAY['AE', 'DE'])[1 + i % 2], jsonb_build_object('n', i)
FROM (SELECT i, '2024-11-01 00:00+00'::timestamptz + i * interval '19 hours' AS t FROM generate_series(1, 120) i) s;
INSERT INTO explore_viewers (user_id, birth_year, gender, country, created_at) SELECT 1000 + i, 1950 + i, 'g' || i % 3, 'AE', '2024-10-04 00:00+00' FROM generate_series(0, 36) i;

-- Plain rows over four months; those of February, of 2020 and of content 999, which has no row, among them.
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, metadata)
SELECT CASE WHEN i % 211 = 0 THEN 999 ELSE 1 + (i * i) % 23 END, CASE WHEN i % 4 > 0 THEN 1000 + (i * 7) % 37 END,
  CASE WHEN i % 5 > 0 THEN 1 + i % 120 END,
  (enum_range(NULL::engagement_type))[CASE WHEN i % 3 > 0 THEN 1 ELSE 1 + (i / 3) % 7 END], CASE WHEN i % 3 > 0 THEN (i * 37) % 45000 ELSE 0 END, i % 6 = 1,
  CASE WHEN i % 97 = 0 THEN '2020-02-29 12:00+00'::timestamptz + i * interval '1 minute' ELSE '2024-11-01 00:00+00'::timestamptz + i * interval '43 minutes' END,
  CASE WHEN i % 50 = 0 THEN jsonb_build_object('n', i, 'text', E'"\\ \t') END
FROM generate_series(1, 3900) i;

-- The first month is in the rollups alone, one late event of it apart.
CREATE TABLE kept_raw AS TABLE explore_engagements;
CALL explore_analytics.apply_retention(now() - '2024-12-10+00');
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at, event_id) VALUES (3, 1003, 5, 'view', 700, '2024-11-05 00:00+00', '00000000-0000-4000-8000-00000000d00e');
DELETE FROM kept_raw k USING explore_engagements e WHERE e.id = k.id;
-- So far it is all in the rollups; what follows is partly beside the buckets and partly news to them.
CALL explore_analytics.refresh();

-- Recorded rows, with event ids and with completions.
SELECT sum(b.recorded) > 500 AND sum(b.duplicates) > 0 AND sum(b.rejected) = 1 AS recorded
FROM generate_series(0, 3) n, LATERAL record_engagement_batch((
  SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('contentId', CASE WHEN i = 777 THEN 12345 ELSE 1 + (i * 5) % 23 END, 'userId', CASE WHEN i % 4 > 0 THEN 1000 + i % 37 END,
    'sessionId', CASE WHEN i % 3 > 0 THEN 1 + i % 40 END, 'engagementType', (ARRAY['view', 'complete', 'save', 'view', 'click'])[1 + i % 5],
    'watchTime', i % 31, 'completed', i % 2 = 0, 'createdAt', '2024-12-20 00:00+00'::timestamptz + i * interval '1 hour', 'eventId', md5('event ' || i)::uuid)))
  FROM generate_series(n * 240, n * 240 + 250) i)) b;
CALL explore_analytics.refresh();
SELECT record_engagement(5, 'save', user_id => 1003, created_at => '2025-01-05 10:00+00', event_id => '00000000-0000-4000-8000-00000000d00d');
SELECT record_engagement(6, 'complete', user_id => 1003, session_id => 7, created_at => '2025-01-05 10:01+00');
SELECT close_session(5, '2024-11-06 00:00+00');
-- A creator whose contents have changed since the last refresh.
UPDATE explore_content SET creator_id = 103 WHERE id = 20;
SELECT batch_update_engagement_scores() > 20 AS rescored;
-- Not in the stored numbers: what is stored must come from the dump, not from a new rescore.
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at) SELECT 1 + i % 22, 1100 + i, 'view', 500, '2025-01-15 00:00+00' FROM generate_series(1, 44) i;
SELECT explore_analytics.grant_access(:'reader', 'read');
SELECT explore_analytics.grant_access(:'recorder', 'record');
SELECT explore_analytics.set_identity(:'recorder', 7);
SQL
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

# Every count of the platform against plain SQL: no row where they agree.
differences() { # DATABASE
    sql "$1" <<'SQL'
WITH told AS (
  SELECT views(s), unique_viewers(s), completions(s), saves(s), shares(s), clicks(s), skips(s), impressions(s), round(total_watch_time(s) * 1000)::bigint FROM platform_summary() s
), plain AS (
  SELECT count(*) FILTER (WHERE engagement_type = 'view'), count(DISTINCT coalesce(user_id, -session_id)) FILTER (WHERE engagement_type = 'view'),
    count(*) FILTER (WHERE engagement_type = 'complete' OR engagement_type = 'view' AND completed), count(*) FILTER (WHERE engagement_type = 'save'),
    count(*) FILTER (WHERE engagement_type = 'share'), count(*) FILTER (WHERE engagement_type = 'click'), count(*) FILTER (WHERE engagement_type = 'skip'),
    count(*) FILTER (WHERE engagement_type = 'impression'), sum(watch_time_ms)::bigint
  FROM (SELECT engagement_type, user_id, session_id, completed, watch_time_ms FROM explore_engagements
        UNION ALL SELECT engagement_type, user_id, session_id, completed, watch_time_ms FROM kept_raw) e
)
SELECT 'functions', * FROM (TABLE told EXCEPT TABLE plain) t UNION ALL SELECT 'plain SQL', * FROM (TABLE plain EXCEPT TABLE told) p;
SQL
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
write_questions
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

unasked=$(sql "$original" -c "SELECT DISTINCT p.proname FROM explore_analytics.doors() d JOIN pg_proc p ON p.oid = d.signature WHERE d.may = 'read'" |
    while read -r name; do grep -qw "$name" "$scratch/questions.sql" || printf '%s ' "$name"; done)
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
    same "$name: the functions count what plain SQL counts" '' "$(differences "$database" 2>&1 || true)"
    same "$name: the rollups hold what the raw table holds" '' "$(rollups_good "$database" 2>&1 || true)"
    same "$name: and the functions still count what plain SQL counts" '' "$(differences "$database" 2>&1 || true)"
    same "$name: the identity columns go on" "$(printf '1\n1\n1\n1')" "$(next_ids "$database" 2>&1 || true)"
    same "$name: a rescore finds the new events, then nothing" $'t\n0' \
        "$(sql "$database" -c 'SELECT batch_update_engagement_scores() > 20' -c 'SELECT batch_update_engagement_scores()' 2>&1 || true)"
    same "$name: install() again says nothing" '' "$(PGOPTIONS="-c search_path=$schema -c client_min_messages=notice" sql "$database" -c 'CALL explore_analytics.install()' 2>&1 || true)"
    schema_of "$database" "$scratch/schema.later"
    same_file "$name: and it changed nothing" "$scratch/schema" "$scratch/schema.later"
    # The session just created began now; nothing else may depend on the time.
    sql "$database" -c "UPDATE explore_feed_sessions SET session_start = '2025-01-07 00:00+00' WHERE id = 121" -c "UPDATE explore_discovery_videos SET scored_at = '2025-01-08 00:00+00'" \
        -c 'REFRESH MATERIALIZED VIEW explore_analytics.leaderboard' >>"$scratch/log" 2>&1 || true
    answers "$database" "$scratch/answers.later.$name"
    [[ $database == "$original" ]] || same_file "$name: with the new rows every function says what it says in the original" "$scratch/answers.later.original" "$scratch/answers.later.$name"
done
if cmp -s "$scratch/answers" "$scratch/answers.later.original"; then fail 'the new rows show'; else ok 'the new rows show'; fi

exit "$failed"
