#!/bin/bash
# Guards taken out of the code one by one. Each mutant is built in a copy; rollup_guards.sh must notice it, and must not
# complain of the code as it is. Arguments: numbers of mutants, for some of them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
mutants=0 killed=0 controls=0
copy=$EA_WORK/source
export EA_SHORT=yes

# number|name|file|perl expression that changes it
list() {
    cat <<'EOT'
0|nothing changed|src/store/epoch.cpp|s/\A//
1|current_epoch takes no lock|src/store/epoch.cpp|s/const LockAcquireResult got = LockAcquire\(&tag, ShareLock, false, true\)/LockAcquireResult got = LOCKACQUIRE_OK; (void)tag/
2|nothing changed, slowly|src/store/epoch.cpp|s/(\n    const LOCKTAG tag = epoch_lock\(sequence, epoch\);)/$1 pg_usleep(15000);/
3|the epoch is not looked at again after locking, slowly|src/store/epoch.cpp|s/(\n    const LOCKTAG tag = epoch_lock\(sequence, epoch\);)/$1 pg_usleep(15000);/; s/if \(read_sequence\(sequence\) == epoch\)/if (true)/
4|a savepoint lets go of the epoch|src/store/epoch.cpp|s/CurrentResourceOwner = TopTransactionResourceOwner;/;/g
5|refresh does not wait|src/keep/end_epoch.cpp|s/while \(!VirtualXactLock\(holder, false\)\)/while (false)/
6|refresh waits for the last epoch only|src/keep/end_epoch.cpp|s/for \(const VirtualTransactionId& holder : holders\(low, high\)\)/for (const VirtualTransactionId& holder : holders(high - 1, high))/
7|the epoch is kept for the next transaction|src/store/epoch.cpp|s/return mine.transaction == pg::local_transaction\(\) && /return /
8|an old snapshot for the events|src/keep/refresh.cpp|s/(  result.high = end_epoch\(\);)/  PushActiveSnapshot(GetTransactionSnapshot());\n$1/; s/(  pg::wait_point\(3\);.*?)  PushActiveSnapshot\(GetTransactionSnapshot\(\)\);/$1/s; s/(  if \(!wait_for_epochs.*?\{)/$1 PopActiveSnapshot();/
9|the watermark moves one too far|src/keep/refresh.cpp|s/(const pg::Parameters moved = pg::Parameters\(\)).id\(result.high\)/$1.id(result.high + 1)/
10|the watermark stays|src/keep/refresh.cpp|s/rollup_state SET low = \$1,/rollup_state SET low = least(low, \$1),/
11|no lock on the row|src/keep/refresh.cpp|s/ FOR UPDATE SKIP LOCKED//
12|creators are not made anew|src/keep/refresh.cpp|s/  changed.rebuild\(stored\);//
13|compaction leaves the deltas|src/keep/delta_rows.hpp|s/          pg::guard\(\[&\] \{ writer_.remove\(scan_.tid\(\)\); \}\);//
14|any isolation will do|src/keep/procedure.cpp|s/const bool own = IsolationUsesXactSnapshot\(\) \|\| /const bool own = /
15|the tail begins a row too early|src/store/tail.cpp|s/events::epoch\), low_\).start\(\)/events::epoch), low_ - 1).start()/
16|the tail begins a row too late|src/store/tail.cpp|s/events::epoch\), low_\).start\(\)/events::epoch), low_ + 1).start()/
17|readers do not know of changed creators|src/store/contents.cpp|s/(  moves.known = noted_contents\(snapshot, creator, &noted\);)/$1 noted.clear();/
18|a bucket at the edge counts twice|src/core/tree/bucket_cover.cpp|s/first_inside \* children - 1\}/first_inside * children}/
19|deltas are not read|src/store/deltas.hpp|s/if \(range.meets\(\{scan_.int64_at\(deltas::first_at\)/if (!range.meets({scan_.int64_at(deltas::first_at)/
20|no new epoch|src/keep/end_epoch.cpp|s/  nextval_internal\(sequence, false\);//
21|prepared transactions are not looked for|src/keep/end_epoch.cpp|s/lock.pid == MyProcPid/lock.pid == MyProcPid || lock.pid == 0/
22|only one of those who hold an epoch is waited for|src/keep/end_epoch.cpp|s/if \(VirtualTransactionIdIsValid\(holder\)\) result.append/if (result.empty() \&\& VirtualTransactionIdIsValid(holder)) result.append/
23|who holds an epoch is looked for before the new one begins|src/keep/end_epoch.cpp|s/(int64 end_epoch\(\) \{)/namespace { pg::Array<VirtualTransactionId> early; }\n\n$1 early = holders(0, latest_epoch()); pg_usleep(15000);/; s/: holders\(low, high\)\)/: early)/
24|a partition that had nothing new is passed by for good|src/pg/last_keys.cpp|s/ <= key;/ <= PG_INT64_MAX;/g
25|shelves are not read|src/store/deltas.hpp|s/return key.id > 0 \? kDeltaPlaces : 1;/return 1;/
26|contents do not move|src/keep/refresh.cpp|s/  changed.move\(stored\);//
EOT
}

say() { printf '%s\n' "$*"; }
cp -a "$EA_SOURCE" "$copy"
while IFS='|' read -r number name file change; do
    [[ $# == 0 || " $* " == *" $number "* ]] || continue
    mkdir -p "$EA_WORK/kept"
    cp "$copy/$file" "$EA_WORK/kept/file"
    perl -0pi -e "$change" "$copy/$file"
    if [[ $name != 'nothing changed' ]] && cmp -s "$copy/$file" "$EA_WORK/kept/file"; then
        say "FAIL mutant $number, $name: there is nothing to change in $file"
        mutants=$((mutants + 1))
        continue
    fi
    touch "$copy/$file" "$copy"/src/keep/{refresh,compact,retention}.cpp
    rm -rf "$EA_WORK/stage"
    outcome=alive
    if ! make -s -C "$copy" -j"${EA_JOBS:-2}" PG_CONFIG="$EA_BINDIR/pg_config" with_llvm=no COPT=-DEA_WAIT_POINTS >"$EA_WORK/build" 2>&1 ||
        ! make -s -C "$copy" PG_CONFIG="$EA_BINDIR/pg_config" with_llvm=no COPT=-DEA_WAIT_POINTS DESTDIR="$EA_WORK/stage" install >>"$EA_WORK/build" 2>&1; then
        outcome=unbuilt
    else
        mkdir -p "$EA_WORK/guards"
        chmod 755 "$EA_WORK/guards"
        env EA_FIRST_ONLY=yes EA_WORK="$EA_WORK/guards" EA_WAIT_STAGE="$EA_WORK/stage" EA_STAGE="$EA_WORK/stage" timeout 1800 bash "$here/rollup_guards.sh" >"$EA_WORK/said" 2>&1 || { (($? == 124)) && outcome=hung || outcome=killed; }
        # Only what went wrong after the server was up and the extension in it counts.
        [[ $outcome != killed ]] || grep -q 'the guards are provoked' "$EA_WORK/said" || outcome=unstarted
    fi
    cp "$EA_WORK/kept/file" "$copy/$file"
    touch "$copy/$file"
    wanted=killed
    [[ $name != 'nothing changed'* ]] || wanted=alive
    say "RESULT mutant number=$number outcome=$outcome name=\"$name\" by=\"$(grep -v 'the guards are provoked' "$EA_WORK/said" | grep -m 1 -E 'rollup_guards|ERROR' | sed 's/^[^:]*: //; s/"//g' | cut -c1-80 || true)\""
    [[ $outcome == "$wanted" ]] || say "FAIL mutant $number, $name: $outcome"
    if [[ $wanted == alive && $outcome != alive ]]; then controls=$((controls + 1)); fi
    if [[ $wanted == killed ]]; then
        mutants=$((mutants + 1))
        [[ $outcome != killed ]] || killed=$((killed + 1))
    fi
done < <(list)
# With a control that fails, no mutant's death means anything.
say "RESULT mutants mutants=$mutants killed=$killed controls_failed=$controls"
((mutants == killed && controls == 0))
