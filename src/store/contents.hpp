// Content rows: whether one exists, and which a creator has.
#pragma once

#include "pg/array.hpp"
#include "pg/home.hpp"
#include "store/tables.hpp"

namespace ea::rollup {

bool content_exists(const pg::Home& home, Snapshot snapshot, int64 id);

using AscendingIds = pg::Array<int64>;    // each once, but for the argument of the next
void make_ascending(AscendingIds* list);
Datum id_array(const AscendingIds& ids);    // a bigint[]
AscendingIds sorted_ids(Datum array);       // of a bigint[]; nulls and repeats are left out
// All, or one more than `most` of those that are more.
AscendingIds contents_of_creator(const pg::Home& home, Snapshot snapshot, int64 creator, int64 most = PG_INT64_MAX);

// The creators of some contents: pairs in ascending order of content, unknown ones left out.
struct Owned {
  int64 content, creator;
};
struct Owners {
  pg::Array<Owned> list;
  int64 creator_of(int64 content) const;    // 0: unknown
};
Owners owners_of(const pg::Home& home, Snapshot snapshot, const AscendingIds& contents);

AscendingIds stored_ids(Snapshot snapshot, ScopeKind scope);    // that rollups hold something of

// Creators of contents, and those that something is stored of.
AscendingIds all_creators_known(const pg::Home& home, Snapshot snapshot);

// Creators whose contents have changed since the last refresh: where that is not known of each, all that are known.
AscendingIds changed_creators(const pg::Home& home, Snapshot snapshot);

// Until install() has brought the tables over: notes may be those of the library of 0.1.0, which left two of one change where
// triggers for statements and for rows fire.
bool has_older_layout(Snapshot snapshot);

// Contents that a creator has got or lost since the last refresh and that something is stored of: others change nothing.
struct CreatorMoves {
  bool known = true;    // else any content may be one
  AscendingIds came, gone;

  bool none() const { return known && came.empty() && gone.empty(); }
};
CreatorMoves moves_of_creator(const pg::Home& home, Snapshot snapshot, int64 creator);

// Whether changes of contents that something is stored of wait for a refresh, or so many of others that questions about
// their creators take time to pass them.
bool changes_wait(Snapshot snapshot);

}  // namespace ea::rollup
