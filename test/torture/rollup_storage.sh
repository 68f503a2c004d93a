#!/bin/bash
# Events in a kind of storage that lacks what such a kind need not have, as stores of columns do: what is read straight from
# it is what SQL reads.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

cluster_new storage "$EA_STAGE" 'fsync = off'
install_torture storage
server=$("$EA_BINDIR/pg_config" --includedir-server)
cc -std=gnu11 -O1 -fPIC -shared -isystem "$server" -o "$base/plain_storage.so" "$here/plain_storage.c"
chmod 755 "$base" "$base/plain_storage.so"
q storage -c "CREATE FUNCTION plain_storage(internal) RETURNS table_am_handler AS '$base/plain_storage.so' LANGUAGE c" \
    -c 'CREATE ACCESS METHOD plain TYPE TABLE HANDLER plain_storage' -c 'SELECT torture.put(VARIADIC ARRAY(SELECT generate_series(1, 6000)))' -c 'CALL explore_analytics.refresh()' >/dev/null
q storage -c 'SELECT torture.put(VARIADIC ARRAY(SELECT generate_series(6001, 6200)))' >/dev/null
# Of every partition with rows, scores of all their time.
answers="SELECT sum(hashtext(t::text)::bigint) FROM (SELECT min(created_at) AS first, max(created_at) AS last FROM explore_engagements) e,
  LATERAL trending_content(e.last - e.first, '100 days', 100000, e.last) t"
wanted=$(q storage -c "$answers")
moved=0
while read -r partition; do
    q storage -c "ALTER TABLE $partition SET ACCESS METHOD plain"
    moved=$((moved + 1))
done < <(q storage -c "SELECT DISTINCT tableoid::regclass FROM explore_engagements")
wrong=0
[[ -n $wanted && $(q storage -c "$answers") == "$wanted" ]] || wrong=1
check storage 3
verified=$(verify_rows storage)
result storage "moved > 0 && wrong == 0 && checks > 0 && mismatches + verified == 0" partitions="$moved" wrong="$wrong" checks="$checks" mismatches="$mismatches" verify_rows="$verified"
finish
