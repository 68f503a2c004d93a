#!/bin/bash
# What a release is made of: META.json, the zip, the files of a Debian package, the first example of README.md.
# Nothing is built: that what the zip holds builds is for tools/dist, that the package does for tools/package.
#   test/package.sh DIRECTORY TREE
# DIRECTORY is a scratch directory. TREE is the tree under test, a checkout perhaps; this is run in a copy of it that
# is none, and in which something may have been built. The server is the one that PGHOST, PGPORT, PGUSER and PGPASSWORD name.
# Prints a line for every check, "ok ..." or "FAIL ..."; status 1 when one failed.
set -euo pipefail

tree=$2
mkdir -p "$1"
work=$(cd "$1" && pwd -P)
log=$work/log scratch=$work
export LC_ALL=C.UTF-8
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck disable=SC1091
for part in release debian; do . "$here/tools/lib/$part.sh"; done
. "$here/test/checks.sh"
version=$(release_version "$here")
name=explore_analytics-$version

# Names, modes and contents.
listing() { # DIRECTORY
    (cd "$1" && xargs -0r sh -c 'stat -c "%a %n" "$@"; sha256sum "$@"' listing)
}

"$here/tools/lib/check_meta" "$here" || failed=1

# The files are found alike with git and without.
own_files "$here" | tr '\0' '\n' >"$work/files"
if is_checkout "$tree"; then
    own_files "$tree" | tr '\0' '\n' >"$work/files_tree"
    git -C "$tree" ls-files --cached --others --exclude-per-directory=.gitignore | sort -u |
        while IFS= read -r file; do [[ ! -e $tree/$file ]] || printf '%s\n' "$file"; done >"$work/files_git"
    same_file 'the files of the tree are those that git knows or would take' "$work/files_git" "$work/files_tree"
    same_file 'a built copy has the same files' "$work/files_git" "$work/files"
    make_zip "$tree" "$work/committed.zip"
    unzip -Z1 "$work/committed.zip" | sed -n "s|^$name/\(.*[^/]\)$|\1|p" | sort >"$work/files_zip"
    git -C "$tree" ls-tree -r --name-only HEAD | sort >"$work/files_git"
    same_file 'the zip of a checkout has what is committed' "$work/files_git" "$work/files_zip"
elif [[ -e $tree/.git ]]; then
    echo "not run what is compared with git: $(grep -E 'fatal|git:' "$log" | tail -n 1)"
fi

make_zip "$here" "$work/$name.zip"
rm -rf "$work/unpacked"
unzip -q "$work/$name.zip" -d "$work/unpacked"
own_files "$here" | listing "$here" >"$work/expected"
(cd "$work/unpacked/$name" && find . -type f -printf '%P\0' | sort -z) | listing "$work/unpacked/$name" >"$work/found"
same_file 'the zip of a tree unpacks to the same files' "$work/expected" "$work/found"

debian_directory "$work/unpacked/$name" 1700000000
(cd "$work/unpacked/$name/debian" && head -n 1 changelog && tail -n 1 changelog && grep -rn '@[A-Z]*@' . ; awk 'length > 80 && !/^ -- /' changelog) \
    >"$work/found" || true
distribution=unstable
! grep -qF "## $version (unreleased)" "$here/CHANGELOG.md" || distribution=UNRELEASED
cat >"$work/expected" <<EOT
explore-analytics ($version) $distribution; urgency=medium
 -- $(package_maintainer "$here")  Tue, 14 Nov 2023 22:13:20 +0000
EOT
same_file 'debian/changelog speaks of this version' "$work/expected" "$work/found"
sed -n '/^Permission/,$p' "$here/LICENSE" >"$work/expected"
sed -n '/^ Permission/,$ { s/^ //; s/^\.$//; p }' "$work/unpacked/$name/debian/copyright" >"$work/found"
same_file 'debian/copyright has the licence' "$work/expected" "$work/found"

# The example in README.md stands in a database that has nothing yet.
database=ea_first_example_$$
psql -X -q -d postgres -c "CREATE DATABASE $database" >>"$log" 2>&1
first_example "$here" sql >"$work/example.sql"
psql -X -q -v ON_ERROR_STOP=1 -P pager=off -d "$database" -f "$work/example.sql" >"$work/example.out" 2>>"$log" || true
if [[ -s $work/example.sql && -s $work/example.out ]] && same_as_example "$here" "$work/example.out" >"$work/difference"; then
    ok 'the first example of README.md prints what it says'
else
    fail "the first example of README.md prints what it says: $(grep -m 1 '^[-+][^-+]' "$work/difference" || tail -n 1 "$log")"
fi
psql -X -q -d postgres -c "DROP DATABASE IF EXISTS $database" >>"$log" 2>&1
exit "$failed"
