# What a release is made of: its version, its files, the zip for PGXN, the first example of its README.
# shellcheck shell=bash

release_version() { # TREE
    sed -n "s/^default_version *= *'\(.*\)'/\1/p" "$1/explore_analytics.control"
}

# own_files TREE: what .gitignore leaves, without asking git; names end in NUL.
own_files() {
    local pattern ignored=()
    while IFS= read -r pattern; do
        case $pattern in
            '' | \#*) ;;
            /*) ignored+=(-o -path ".${pattern%/}") ;;
            *) ignored+=(-o -name "${pattern%/}") ;;
        esac
    done <"$1/.gitignore"
    (cd "$1" && find . \( -name .git "${ignored[@]}" \) -prune -o \( -type f -o -type l \) -printf '%P\0' | sort -z)
}

copy_own_files() { # TREE DIRECTORY
    mkdir -p "$2"
    own_files "$1" | tar -C "$1" --null --no-recursion -T - -cf - | tar -C "$2" --no-same-owner -xf -
}

# is_checkout TREE: status 1 where it is none, 2 where git cannot say (it is not installed, the owner is another);
# why not is in the log.
is_checkout() {
    [[ -e $1/.git ]] || return 1
    [[ $(git -C "$1" rev-parse --show-toplevel 2>>"$log") == "$1" ]] || return 2
}

# make_zip TREE ZIP: in a checkout what is committed, elsewhere the files.
make_zip() {
    local name
    name=explore_analytics-$(release_version "$1")
    rm -rf "$2" "$work/zip"
    if is_checkout "$1"; then
        git -C "$1" archive --format=zip --prefix="$name/" -o "$2" HEAD 2>>"$log"
    else
        copy_own_files "$1" "$work/zip/$name"
        (cd "$work/zip" && zip -X -q -r "$2" "$name") >>"$log" 2>&1
    fi
}

# deliver FILE DIRECTORY: whole or not at all; in a directory of somebody else's (sudo) it is theirs.
deliver() {
    local target=$2/${1##*/}
    [[ -d $2 ]] || { mkdir -p "$2" && chown --reference="$2/.." "$2" 2>>"$log" || true; }
    cp "$1" "$target.part" && chmod 644 "$target.part" && mv "$target.part" "$target"
    chown --reference="$2" "$target" 2>>"$log" || true
}

# first_example TREE sql|text: the block below "Use it in your database" that a newcomer pastes, or what it prints.
first_example() {
    awk -v kind="$2" '
        /^## / { here = $0 == "## Use it in your database" }
        here && $0 == "```" && inside { exit }
        inside { print }
        here && $0 == "```" kind { inside = 1 }' "$1/README.md"
}

# same_as_example TREE OUTPUT: what psql -q printed is what README.md says, but for blanks at the ends.
same_as_example() {
    diff -u <(first_example "$1" text) <(printf '%s\n' "$(sed 's/ *$//' "$2")")
}
