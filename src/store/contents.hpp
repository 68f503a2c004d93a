// Content rows: whether one exists, and which a creator has.
#pragma once

#include "pg/array.hpp"
#include "pg/home.hpp"

namespace ea::rollup {

bool content_exists(const pg::Home& home, Snapshot snapshot, int64 id);

using Ids = pg::Array<int64>;     // ascending
void make_ascending(Ids* list);   // each once
Datum id_array(const Ids& ids);    // a bigint[]
Ids sorted_ids(Datum array);    // of a bigint[]; nulls and repeats are left out
Ids contents_of_creator(const pg::Home& home, Snapshot snapshot, int64 creator);

// The creators of some contents: pairs in ascending order of content, unknown ones left out.
struct Owned {
  int64 content, creator;
};
struct Owners {
  pg::Array<Owned> list;
  int64 creator_of(int64 content) const;    // 0: unknown
};
Owners owners_of(const pg::Home& home, Snapshot snapshot, const Ids& contents);

// Creators of contents, and those that something is stored of.
Ids all_creators_known(const pg::Home& home, Snapshot snapshot);

// Whether a creator's set of contents has changed since the last refresh, so that only the rollups of
// the contents themselves are right.
bool creator_changed(Snapshot snapshot, int64 creator);

}  // namespace ea::rollup
