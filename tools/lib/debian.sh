# The directory debian/ of a package, made from packaging/debian and what the tree says elsewhere.
# shellcheck shell=bash

# debian_directory TREE DATE: into TREE; DATE counts seconds.
debian_directory() {
    local tree=$1 debian=$1/debian maintainer
    maintainer=$(package_maintainer "$tree")
    rm -rf "$debian"
    cp -r "$tree/packaging/debian" "$debian"
    sed -i "s/@MAINTAINER@/$(for_sed "$maintainer")/" "$debian/control.in"
    package_changelog "$tree" "$maintainer" "$2" >"$debian/changelog"
    {
        sed "s/@COPYRIGHT@/$(for_sed "$(sed -n 's/^Copyright (c) //p' "$tree/LICENSE")")/" "$debian/copyright.in"
        sed -n '/^Permission/,$ { s/^$/./; s/^/ /p }' "$tree/LICENSE"
    } >"$debian/copyright"
    rm "$debian/copyright.in"
}

for_sed() { sed 's/[\\&/]/\\&/g' <<<"$1"; } # TEXT, as a replacement

# Debian wants an address; without one (DEBEMAIL, or in META.json) it is one that cannot exist.
package_maintainer() { # TREE
    local name
    name=$(sed -n 's/^  "maintainer": "\(.*\)",$/\1/p' "$1/META.json")
    if [[ -n ${DEBEMAIL:-} ]]; then
        echo "${DEBFULLNAME:-${name% <*}} <$DEBEMAIL>"
    elif [[ $name == *' <'*@*'>' ]]; then
        echo "$name"
    else
        echo "$name <nobody@explore-analytics.invalid>"
    fi
}

# The newest section of CHANGELOG.md; all of it is among the documents.
package_changelog() { # TREE MAINTAINER DATE
    local heading line distribution=unstable
    heading=$(grep -m 1 '^## ' "$1/CHANGELOG.md")
    [[ $heading != *unreleased* ]] || distribution=UNRELEASED
    echo "explore-analytics ($(release_version "$1")) $distribution; urgency=medium"
    echo
    awk '/^## / { if (++sections == 2) exit; next } NF { sub(/^ *- /, ""); print }' "$1/CHANGELOG.md" |
        while IFS= read -r line; do
            fold -s -w 74 <<<"$line" | sed -e '1s/^/  * /' -e '2,$s/^/    /' -e 's/ *$//'
        done
    echo
    echo " -- $2  $(date -u -R -d "@$3")"
}

# The date of a tree: of its last commit, or of its change log.
tree_date() { # TREE
    if [[ -n ${SOURCE_DATE_EPOCH:-} ]]; then
        echo "$SOURCE_DATE_EPOCH"
    elif is_checkout "$1"; then
        git -C "$1" log -1 --format=%ct
    else
        stat -c %Y "$1/CHANGELOG.md"
    fi
}
