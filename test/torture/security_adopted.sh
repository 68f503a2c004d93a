#!/bin/bash
# Tables of our names with defaults, checks, generated columns, triggers, rules, policies and indexes that call
# hostile functions: a stranger's are refused; those of a role that a superuser names as the owner run with that
# role's rights and never with the superuser's, in install(), again in a second install(), and in uninstall().
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

cluster_new adopted "$EA_STAGE" 'fsync = off'
cases=0 bad=0
expect() { # WHAT WANTED FOUND
    cases=$((cases + 1))
    [[ $2 == "$3" ]] || { note "$1: $3, not $2"; bad=$((bad + 1)); }
}
q adopted -c 'CREATE ROLE torture_mallory LOGIN' -c 'CREATE ROLE torture_app LOGIN' -c 'CREATE DATABASE canaries'
q adopted -d canaries -f "$here/security_plants.sql" -c 'GRANT CREATE ON SCHEMA public TO torture_mallory' -c 'CREATE EXTENSION explore_analytics' >/dev/null

fresh() { q adopted -c "CREATE DATABASE $1 TEMPLATE ${2:-canaries}"; }
mallory() { q adopted -d "$1" -U torture_mallory "${@:2}" >/dev/null 2>&1; }   # the canary sings while it plants
silence() { q adopted -d "$1" -c 'DELETE FROM canary.song' -c 'ALTER SEQUENCE canary.songs RESTART'; }
# Whoever else a plant ran for.
others() { q adopted -d "$1" -c "SELECT coalesce(string_agg(DISTINCT what || ' as ' || who, ', '), '') FROM canary.song WHERE who <> 'torture_mallory'"; }
own() { q adopted -d "$1" -c "SELECT count(*) FROM canary.song WHERE who = 'torture_mallory'"; }
run_as_superuser() { # DATABASE STATEMENT: its SQLSTATE
    local said
    if said=$(q adopted -d "$1" -v VERBOSITY=verbose -c "$2" 2>&1); then echo 00000; return; fi
    grep -A 1 ERROR <<<"$said" >&2
    sed -nE 's/.*(ERROR|FATAL): +([0-9A-Z]{5}).*/\2/p' <<<"$said" | tail -n 1
}

# A stranger's tables.
for table in explore_content explore_engagements explore_viewers; do
    fresh "stranger_$table"
    mallory "stranger_$table" -f "$here/security_hostile_tables.sql" -c "SELECT public.hostile_$table()"
    silence "stranger_$table"
    expect "a stranger's $table" 42P07 "$(run_as_superuser "stranger_$table" 'CALL explore_analytics.install()')"
    expect "nothing of $table ran" 0 "$(q adopted -d "stranger_$table" -c 'SELECT canary.count()')"
done

# The owner's.
fresh owned
mallory owned -f "$here/security_hostile_tables.sql" -c 'SELECT public.hostile_explore_content(), public.hostile_explore_engagements(), public.hostile_explore_viewers()'
silence owned
expect 'tables of a role are adopted' 00000 "$(run_as_superuser owned "CALL explore_analytics.install('torture_mallory')")"
expect 'with its rights alone' '' "$(others owned)"
ran=$(own owned)
expect 'its code did run' t "$([[ $ran -gt 0 ]] && echo t || echo f)"

# Plants in what install() made, then another install() by the superuser, then the doors, then uninstall().
q adopted -d owned -c "SELECT explore_analytics.grant_access('torture_app', m) FROM unnest('{analyse,record,operate}'::text[]) m" >/dev/null
mallory owned -c 'SELECT public.hostile_rollups()' 
silence owned
expect 'a second install()' 00000 "$(run_as_superuser owned 'CALL explore_analytics.install()')"
expect 'grant_access()' 00000 "$(run_as_superuser owned "SELECT explore_analytics.grant_access('torture_app', 'read')")"
expect 'set_identity()' 00000 "$(run_as_superuser owned "SELECT explore_analytics.set_identity('torture_app', 5), explore_analytics.set_identity('torture_app', NULL)")"
expect 'create_roles()' 00000 "$(run_as_superuser owned "CALL explore_analytics.create_roles('torture')")"
expect 'health_check()' 00000 "$(run_as_superuser owned 'SELECT * FROM explore_analytics.health_check()')"
# Rows are written straight into four of them, past checks and triggers: that is refused as long as there are any.
expect 'an erasure past hostile checks' 0A000 "$(run_as_superuser owned 'SELECT explore_analytics.forget_viewer(5)' 2>/dev/null)"
mallory owned -c 'SELECT public.disarm_written()'
expect 'forget_viewer() and export_viewer()' 00000 "$(run_as_superuser owned 'SELECT explore_analytics.export_viewer(5), explore_analytics.forget_viewer(5)')"
expect 'with the rights of the owner alone' '' "$(others owned)"
q adopted -d owned -U torture_app -c "SELECT public.record_engagement(1, 'view', 5)" -c 'SELECT explore_analytics.ensure_partitions()' \
    -c 'CALL explore_analytics.refresh()' -c 'SELECT public.batch_update_engagement_scores(true)' -c 'SELECT explore_analytics.prune_keys()' >/dev/null
expect 'doors, called by somebody' '' "$(others owned)"
# The policy makes the past invisible to nobody but the rows' tests; it is not asked for the owner.
expect 'uninstall()' 00000 "$(run_as_superuser owned 'CALL explore_analytics.uninstall()')"
expect 'rewrites with the rights of the owner alone' '' "$(others owned)"
ran=$((ran + $(own owned)))

# What would run at the end of the superuser's transaction is refused.
fresh deferred
mallory deferred -f "$here/security_hostile_tables.sql" -c 'SELECT public.hostile_explore_engagements(), public.hostile_deferred()'
silence deferred
expect 'a deferred trigger' 42501 "$(run_as_superuser deferred "CALL explore_analytics.install('torture_mallory')")"
expect 'never fires' '' "$(others deferred)"

# A table of ours turned into a view by its owner.
fresh rule
q adopted -d rule -c "CALL explore_analytics.install('torture_mallory')"
mallory rule -c 'DELETE FROM explore_analytics.rescores' -c 'ALTER TABLE explore_analytics.rescores DROP CONSTRAINT rescores_pkey' -c 'DROP TABLE IF EXISTS pg_temp.x'
mallory rule -c "CREATE RULE \"_RETURN\" AS ON SELECT TO explore_analytics.rescores DO INSTEAD SELECT 1::bigint AS low, pg_catalog.now() AS rescored_at, 1::bigint AS changed, '{}'::bigint[] AS busy, true AS only_row WHERE canary.sing('rule', current_user)" || note 'no table can become a view here'
if [[ $(q adopted -d rule -c "SELECT relkind FROM pg_class WHERE oid = 'explore_analytics.rescores'::regclass") == v ]]; then
    expect 'a view in place of a table' 42P07 "$(run_as_superuser rule 'CALL explore_analytics.install()')"
fi
expect 'is not read' '' "$(others rule)"

# What the scans of tables could not read, or would read otherwise than SQL does.
while IFS='|' read -r what statements; do
    fresh refused
    q adopted -d refused -c "$statements" >/dev/null
    expect "$what" 42P07 "$(run_as_superuser refused 'CALL explore_analytics.install()' 2>/dev/null)"
    q adopted -c 'DROP DATABASE refused'
done <<'EOT'
contents with partitions|CREATE TABLE public.explore_content (id bigint, creator_id bigint) PARTITION BY RANGE (id)
contents with heirs|CREATE TABLE public.explore_content (id bigint, creator_id bigint); CREATE TABLE public.heir () INHERITS (public.explore_content)
contents with a rule|CREATE TABLE public.explore_content (id bigint, creator_id bigint); CREATE RULE r AS ON DELETE TO public.explore_content DO INSTEAD NOTHING
events that hide from their owner|CREATE TABLE public.explore_engagements (id bigint, created_at timestamptz); ALTER TABLE public.explore_engagements FORCE ROW LEVEL SECURITY
a view for viewers|CREATE VIEW public.explore_viewers AS SELECT 1::bigint AS user_id
a foreign table for viewers|CREATE FOREIGN DATA WRAPPER w; CREATE SERVER v FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE public.explore_viewers (user_id bigint) SERVER v
an unlogged table|CREATE UNLOGGED TABLE public.explore_viewers (user_id bigint)
EOT
# Later, behind install()'s back.
fresh later
q adopted -d later -c 'CALL explore_analytics.install()' -c 'INSERT INTO public.explore_content (creator_id) VALUES (1)' -c 'CREATE FOREIGN DATA WRAPPER w' -c 'CREATE SERVER v FOREIGN DATA WRAPPER w' \
    -c "CREATE FOREIGN TABLE public.elsewhere PARTITION OF public.explore_engagements FOR VALUES FROM ('1990-01-01') TO ('1990-02-01') SERVER v"
expect 'a foreign partition is no crash' 42809 "$(run_as_superuser later 'SELECT public.platform_summary()' 2>/dev/null)"

# Nobody becomes the owner who is not.
fresh steps
q adopted -d steps -c 'CALL explore_analytics.install()' -c "GRANT USAGE ON SCHEMA explore_analytics TO torture_app" -c 'GRANT EXECUTE ON FUNCTION explore_analytics.as_owner(name, text, text) TO torture_app'
q adopted -d steps -U torture_app -v ON_ERROR_STOP=0 -v VERBOSITY=sqlstate -c "SELECT explore_analytics.as_owner('postgres', 'make_partitions')" >"$base/said" 2>&1 || true
expect 'acting as somebody else' 42501 "$(sed -nE 's/.*ERROR: +([0-9A-Z]{5}).*/\1/p' "$base/said")"

result adopted_tables 'bad == 0 && cases >= 31 && ran > 0' cases="$cases" ran_as_owner="$ran" bad="$bad"
finish
