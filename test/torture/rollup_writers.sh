# Sessions that write in every way there is, for the crash and standby tests: scripts for psql. A line
# "A key..." says that the server has acknowledged these keys, "N key..." that it never may have them, "C|..." what a
# check inside the session found.
# shellcheck shell=bash

# writer_script KIND FIRST_KEY COUNT [PAUSE_MS] >FILE
writer_script() {
    awk -v kind="$1" -v first="$2" -v count="$3" -v pause="${4:-10}" '
    function put(a, b, c) { return "SELECT torture.put(" a (b ? ", " b : "") (c ? ", " c : "") ");" }
    function insert(k) { return "INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, metadata) SELECT * FROM torture.event(" k ");" }
    function silent(s) { sub(/;$/, "", s); print s " \\g /dev/null" }
    function batch(k,    i, s) {
        s = "SELECT recorded + duplicates = 5 AS whole FROM record_engagement_batch((SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(" \
            "\047contentId\047, 1 + k % 32, \047userId\047, 1 + k % 211, \047engagementType\047, e.engagement_type, \047watchTime\047, e.watch_time_ms / 1000.0," \
            "\047completed\047, e.completed, \047createdAt\047, e.created_at, \047eventId\047, md5(k::text)::uuid, \047metadata\047, e.metadata)))" \
            " FROM generate_series(" k ", " k + 4 ") k, LATERAL torture.event(k) e)) \\gset"
        print s
        print "\\if :whole\n\\else\n\\warn a batch was not taken whole\n\\endif"
        print "\\echo A", k, k + 1, k + 2, k + 3, k + 4
    }
    BEGIN {
        print "\\set ON_ERROR_STOP on"
        for (n = 0; n < count; n++) {
            k = first + n * 10
            if (kind == "plain") { print insert(k); print "\\echo A", k; if (n % 3 == 0) { silent(put(k + 1, k + 2, k + 3)); print "\\echo A", k + 1, k + 2, k + 3 } }
            if (kind == "savepoint") {
                print "BEGIN;"
                if (n % 2) print insert(k)
                print "SAVEPOINT s;"; print insert(k + 1); print "ROLLBACK TO s;"; print insert(k + 2)
                print "SAVEPOINT t;"; print insert(k + 3); print "RELEASE t;"
                print "COMMIT;"; print "\\echo A", (n % 2 ? k : ""), k + 2, k + 3; print "\\echo N", k + 1
            }
            if (kind == "abort") {
                print "BEGIN;"; print insert(k)
                if (n % 3 == 0) print "ROLLBACK;\n\\echo N " k
                else if (n % 3 == 1) print "\\set ON_ERROR_STOP off\nSELECT 1 / 0;\nCOMMIT;\n\\set ON_ERROR_STOP on\n\\echo N " k
                else print "DO $$ BEGIN PERFORM torture.put(" k + 1 "); RAISE EXCEPTION \047no\047; EXCEPTION WHEN raise_exception THEN PERFORM torture.put(" k + 2 "); END $$;\nCOMMIT;\n\\echo A " k " " k + 2 "\n\\echo N " k + 1
            }
            if (kind == "copy") {
                if (n % 4 == 3) print "BEGIN;"
                print "COPY explore_engagements (content_id, user_id, engagement_type, watch_time_ms, completed, created_at, metadata) FROM STDIN;"
                said = "\\echo A"
                for (i = 0; i < 10; i++) { printf "%d\t%d\tview\t%d\tt\t%s\t{\"k\": %d}\n", 1 + (k + i) % 34, 1 + (k + i) % 211, i * 100, start - 3600 * ((n * 10 + i) % 1400), k + i; said = said " " k + i }
                print "\\."
                if (n % 4 == 3) print "COMMIT;"
                print said
            }
            if (kind == "prepared") {
                print "BEGIN;"; print insert(k); print insert(k + 1)
                print "PREPARE TRANSACTION \047key " k "\047;"
                if (n > 0) print end_prepared(k - 10)
            }
            if (kind == "repeatable") {
                print "BEGIN ISOLATION LEVEL REPEATABLE READ;"; silent("SELECT count(*) FROM explore_analytics.rollup_state;"); silent("SELECT pg_sleep(0.05);")
                print insert(k)
                if (n % 8 == 0) print "SELECT \047C\047, t.* FROM torture.totals(1) t;"
                print "COMMIT;"; print "\\echo A", k
            }
            if (kind == "batch") { batch(k); if (n % 3 == 0) batch(k - (n ? 10 : 0)) }
            if (kind == "contents") {
                print insert(k); print "\\echo A", k
                if (n % 4 == 0) print "UPDATE explore_content SET creator_id = 1 + " n " % 7 WHERE id = 1 + " n * 5 " % 32;"
                if (n % 16 == 8) print "INSERT INTO explore_content (id, creator_id) VALUES (33, 3), (34, 1 + " n % 5 ") ON CONFLICT DO NOTHING;"
                if (n % 16 == 15) print "DELETE FROM explore_content WHERE id > 32;"
            }
            silent("SELECT pg_sleep(" (pause * (0.5 + rand())) / 1000.0 ");")
        }
    }
    function end_prepared(k) {
        return k % 20 ? "COMMIT PREPARED \047key " k "\047;\n\\echo A " k " " k + 1 : "ROLLBACK PREPARED \047key " k "\047;\n\\echo N " k " " k + 1
    }' | if [[ $1 == copy ]]; then with_times; else cat; fi
}

# COPY takes no expressions: seconds before now become times.
with_times() {
    awk -v now="$EPOCHSECONDS" -F '\t' -v OFS='\t' 'NF == 7 { $6 = strftime("%Y-%m-%d %H:%M:%S+00", now + $6, 1) } { print }'
}

writer_kinds=(plain savepoint abort copy prepared repeatable batch contents)

# refresher_script COUNT: refreshes in a loop, with a compaction now and then and rarely a rebuild of some days.
refresher_script() {
    local n
    echo 'SET lock_timeout = 300;'
    for ((n = 1; n <= $1; n++)); do
        if ((n % 30 == 0)); then
            echo "SELECT explore_analytics.rebuild(now() - interval '3 days', now()) \\g /dev/null"
        elif ((n % 5 == 0)); then
            echo 'CALL explore_analytics.compact();'
        else
            echo 'CALL explore_analytics.refresh();'
        fi
        echo 'SELECT pg_sleep(0.03) \g /dev/null'
    done
}

# checker_script COUNT PAUSE_SECONDS: questions in one snapshot each.
checker_script() {
    local n
    for ((n = 0; n < $1; n++)); do
        echo 'BEGIN ISOLATION LEVEL REPEATABLE READ;'
        echo "SELECT 'C', t.* FROM torture.totals(1) t;"
        echo 'COMMIT;'
        echo "SELECT pg_sleep($2) \\g /dev/null"
    done
}

# What a session may complain of while its server is killed under it, or while a writer is in a refresh's way.
unexpected() { # FILE...
    cat "$@" | grep -vE 'division by zero|server closed|terminat|connection|Connection|could not (send|receive)|still writing|abnormally|before or while|DETAIL|HINT|^$|SSL|WARNING|the database system|rolled back the current|another server process|reset|mismatch' || true
}
