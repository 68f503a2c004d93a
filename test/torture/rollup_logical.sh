#!/bin/bash
# A logical subscriber that gets the rows without their epochs: it gives them epochs of its own and keeps its own rollups.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

cluster_new publisher "$EA_STAGE" 'fsync = off' 'wal_level = logical' 'max_wal_senders = 10' 'max_replication_slots = 10'
cluster_new subscriber "$EA_STAGE" 'fsync = off' 'max_logical_replication_workers = 8' 'max_worker_processes = 16'
install_torture publisher
install_torture subscriber
# Both have the same contents; the subscriber gets everything from the publisher.
q subscriber -c 'SET session_replication_role = replica' -c 'DELETE FROM explore_discovery_videos' -c 'DELETE FROM explore_content' -c 'DELETE FROM explore_feed_sessions'
q publisher -c 'SELECT torture.put(VARIADIC ARRAY(SELECT generate_series(1, 3000)))' -c 'CALL explore_analytics.refresh()' >/dev/null
columns=$(q publisher -c "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'explore_engagements'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'epoch'")
q publisher -c 'CREATE PUBLICATION feed FOR TABLE explore_content, explore_discovery_videos, explore_feed_sessions' \
    -c "CREATE PUBLICATION feed_events FOR TABLE explore_engagements ($columns) WITH (publish = 'insert', publish_via_partition_root = true)"
q subscriber -c "CREATE SUBSCRIPTION feed CONNECTION 'host=$base/publisher port=5511 user=postgres dbname=postgres' PUBLICATION feed, feed_events" >/dev/null
poll subscriber "SELECT bool_and(srsubstate = 'r') AND count(*) = 4 FROM pg_subscription_rel"

catch_up() {
    q publisher -c 'SELECT pg_current_wal_lsn()' >"$base/lsn"
    poll publisher "SELECT bool_and(replay_lsn >= '$(<"$base/lsn")') FROM pg_stat_replication"
}
catch_up
check subscriber
own=0 rounds=$(either 6 40)
for ((round = 1; round <= rounds; round++)); do
    # Writers and moves on one side; refreshes on both, not in step, and while rows arrive.
    q publisher -c "SELECT torture.put(VARIADIC ARRAY(SELECT generate_series($round * 10000, $round * 10000 + 400)))" \
        -c "UPDATE explore_content SET creator_id = 1 + $round % 7 WHERE id % 8 = $round % 8" \
        -c "BEGIN; SELECT torture.put($round * 10000 + 500); ROLLBACK" >/dev/null 2>&1
    q subscriber -c 'CALL explore_analytics.refresh()'
    ((round % 3)) || q publisher -c 'CALL explore_analytics.refresh()'
    # A month of the past, first in the default partition, then with a partition of its own: its rows move on one side, and come once.
    q publisher -c "INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 1 + i % 9, $round, 'view', make_timestamptz(2002 + $round, 1, 3, 0, 0, i) FROM generate_series(1, 9) i" \
        -c "SELECT explore_analytics.ensure_partitions(make_date(2002 + $round, 1, 1), make_date(2002 + $round, 1, 1))" >/dev/null
    ((round % 2)) || for side in publisher subscriber; do q "$side" -c 'SELECT batch_update_engagement_scores() + explore_analytics.prune_keys() + close_idle_sessions() >= 0' >/dev/null; done
    ((round % 5)) || q subscriber -c 'CALL explore_analytics.compact()'
    check subscriber 1
done
catch_up
check subscriber
q subscriber -c 'CALL explore_analytics.refresh()'
check subscriber
# An erasure is called on each side; the publisher's is not replicated.
for side in publisher subscriber; do q "$side" -c 'SELECT explore_analytics.forget_viewer(1)' >/dev/null; done
q subscriber -c 'CALL explore_analytics.refresh()'
check subscriber
rows=$(q publisher -c "SELECT count(*) FROM explore_engagements") there=$(q subscriber -c 'SELECT count(*) FROM explore_engagements')
own=$(q subscriber -c 'SELECT count(*) FROM (SELECT 1 FROM explore_engagements GROUP BY epoch) e')
hash="SELECT md5(string_agg(format('%s %s %s', what, id, CASE g WHEN 1 THEN content_summary(id) WHEN 2 THEN creator_summary(id) ELSE platform_summary() END), '|' ORDER BY what, id)) FROM torture.subjects"
same=$([[ $(q publisher -c "$hash") == "$(q subscriber -c "$hash")" ]] && echo 1 || echo 0)
half=$(half_states subscriber) verified=$(verify_rows subscriber)
q subscriber -c 'ALTER SUBSCRIPTION feed DISABLE' -c 'ALTER SUBSCRIPTION feed SET (slot_name = NONE)' -c 'DROP SUBSCRIPTION feed' >/dev/null
result logical "mismatches + half + verified == 0 && rows == there && same == 1 && own > 2" \
    mismatches="$mismatches" checks="$checks" rows="$there" epochs_of_its_own="$own" same_summaries="$same" half_states="$half" verify_rows="$verified"
finish
