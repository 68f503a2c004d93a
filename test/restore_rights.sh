#!/bin/bash
# Restored without what only some may restore: grants, which pg_dump -x leaves out, and triggers, which a plain role may
# not make on our functions. health_check() names install(), and that mends it.
#   test/restore_rights.sh DIRECTORY
# The server is the one that PGHOST, PGPORT, PGUSER and PGPASSWORD name; DIRECTORY is a scratch directory. Prints a line
# for every check, "ok ..." or "FAIL ..."; status 1 when one failed.
set -euo pipefail

scratch=$1
prefix=ea_rights_$$
owner=${prefix}_owner plain=${prefix}_plain
export PGOPTIONS='-c timezone=UTC -c client_min_messages=warning' PGCLIENTENCODING=UTF8 LC_ALL=C.UTF-8

. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
told() { sql "$@" 2>&1 || true; } # DATABASE ARGUMENT...: errors, too
admin() { psql -X -q -v ON_ERROR_STOP=1 -d postgres "$@" >>"$scratch/log" 2>&1; }
cleanup() {
    local status=$? name
    set +e
    for name in original granted plain; do admin -c "DROP DATABASE IF EXISTS ${prefix}_$name WITH (FORCE)"; done
    admin -c "DROP ROLE IF EXISTS $owner, $plain"
    exit "$status"
}
trap cleanup EXIT

answers="SELECT views(platform_summary()), views(creator_summary(1)), views(creator_summary(2)), views(content_summary(1)), (SELECT count(*) FROM videos_analytics())"
# The statements that health_check() has for what fails, each once.
fixes="SELECT DISTINCT line FROM explore_analytics.health_check() h, regexp_split_to_table(h.fix, E'\n') line WHERE h.status = 'FAIL'"
faults="SELECT check_name || ': ' || detail FROM explore_analytics.health_check() WHERE status = 'FAIL'"

admin -c "CREATE ROLE $owner" -c "CREATE ROLE $plain LOGIN PASSWORD '${PGPASSWORD:-none}'" -c "CREATE DATABASE ${prefix}_original"
told "${prefix}_original" >/dev/null <<SQL
CREATE EXTENSION explore_analytics;
CALL explore_analytics.install('$owner');
INSERT INTO explore_content (id, creator_id) SELECT i, 1 + i % 2 FROM generate_series(1, 10) i;
INSERT INTO explore_discovery_videos (content_id) SELECT i FROM generate_series(1, 10) i;
INSERT INTO explore_engagements (content_id, user_id, engagement_type) SELECT 1 + i % 10, i, 'view' FROM generate_series(1, 2000) i;
CALL explore_analytics.refresh();
SELECT batch_update_engagement_scores();
CALL explore_analytics.install();
SQL
same 'a database of a plain owner' '2000|1000|1000|200|10' "$(told "${prefix}_original" -c "$answers")"
same 'nothing fails there' '' "$(told "${prefix}_original" -c "$faults")"
pg_dump -d "${prefix}_original" -Fc -x -f "$scratch/rights.dump" 2>>"$scratch/log"

# Without grants: the owner may not even look into the schema.
admin -c "CREATE DATABASE ${prefix}_granted"
same 'without grants: restored' 0 "$(env -u PGOPTIONS pg_restore -d "${prefix}_granted" "$scratch/rights.dump" >>"$scratch/log" 2>&1; echo $?)"
same 'without grants: health_check() says what the owner lacks' "installed: the owner of the tables lacks rights: permission denied for schema explore_analytics" "$(told "${prefix}_granted" -c "$faults")"
same 'without grants: and names what mends it' 'CALL explore_analytics.install();' "$(told "${prefix}_granted" -c "$fixes")"
told "${prefix}_granted" -c "$(told "${prefix}_granted" -c "$fixes")" >>"$scratch/log"
same 'without grants: so it does' '' "$(told "${prefix}_granted" -c "$faults")"
same 'without grants: every number is there' '2000|1000|1000|200|10' "$(told "${prefix}_granted" -c "$answers")"
same 'without grants: and the rescore works' 0 "$(told "${prefix}_granted" -c 'SELECT batch_update_engagement_scores()')"

# By a plain role, into an extension that is there: no trigger of ours, and contents move unseen.
admin -c "CREATE DATABASE ${prefix}_plain OWNER $plain"
told "${prefix}_plain" -c 'CREATE EXTENSION explore_analytics' -c "GRANT USAGE, CREATE ON SCHEMA explore_analytics, public TO $plain" >>"$scratch/log"
same 'a plain role: some is refused' 1 "$(env -u PGOPTIONS PGUSER="$plain" pg_restore --no-owner -x -d "${prefix}_plain" "$scratch/rights.dump" >>"$scratch/log" 2>&1; echo $?)"
same 'a plain role: no trigger is there' 0 "$(told "${prefix}_plain" -c "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'explore_analytics%'")"
told "${prefix}_plain" -c 'UPDATE explore_content SET creator_id = 1' >>"$scratch/log"
same 'a plain role: creators are wrong' '1000|1000' "$(told "${prefix}_plain" -c 'SELECT views(creator_summary(1)), views(creator_summary(2))')"
same 'a plain role: health_check() says what the owner lacks' "installed: role $plain owns the tables, and lacks rights: permission denied for function missing_relations" "$(told "${prefix}_plain" -c "$faults" | head -n 1)"
same 'a plain role: and names what mends it' 'CALL explore_analytics.install();' "$(told "${prefix}_plain" -c "$fixes")"
told "${prefix}_plain" -c "$(told "${prefix}_plain" -c "$fixes")" >>"$scratch/log"
same 'a plain role: so it does' '' "$(told "${prefix}_plain" -c "$faults")"
same 'a plain role: creators are right' '2000|2000|0|200|10' "$(told "${prefix}_plain" -c "$answers")"
same 'a plain role: and stay so' '2000|2000|0|200|10' "$(told "${prefix}_plain" -c 'CALL explore_analytics.refresh()' -c "$answers")"
same 'a plain role: as verify() finds' '' "$(told "${prefix}_plain" -c 'SELECT * FROM explore_analytics.verify()')"
exit "$failed"
