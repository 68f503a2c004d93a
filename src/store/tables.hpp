// The tables that rollups live in, and their columns.
//   rollup_totals   one row for each video, creator and the platform: the bucket of all time
//   rollup_buckets  the buckets below it (core/tree/bucket_tree.hpp)
//   rollup_deltas   events of a refresh too few to be worth a change of the buckets, as logs
//   dropped_partitions, session_rollups   raw events that retention took over (raw_horizon.hpp, retention.hpp)
#pragma once

#include "pg/index_scan.hpp"

namespace ea::rollup {

enum class ScopeKind : int16 { platform = 0, creator = 1, content = 2, sessions = 3, creator_sessions = 4 };    // the latter two: store/sessions.hpp

struct Key {
  ScopeKind scope;
  int64 id;    // 0 of the platform and its sessions
};

inline bool is_of_sessions(const Key& key) { return key.scope == ScopeKind::sessions || key.scope == ScopeKind::creator_sessions; }

// Layouts that this library reads and writes: that of the install() of its version, which notes it in rollup_state,
// and those of older versions, of which a database is until it is updated.
inline constexpr int kOldestLayout = 2, kNewestLayout = 3;

// Numbers of columns, in the order of the lists in tables.cpp.
namespace totals {
inline constexpr int id = 1, epoch = 2, views = 3, score = 4, scope = 5, summary = 6, events = 7;
namespace key { inline constexpr int id = 1, scope = 2; }
}  // namespace totals

namespace buckets {
inline constexpr int id = 1, number = 2, scope = 3, level = 4, summary = 5, events = 6;
namespace key { inline constexpr int id = 1, scope = 2, level = 3, number = 4; }
}  // namespace buckets

namespace deltas {
inline constexpr int id = 1, epoch = 2, first_at = 3, last_at = 4, scope = 5, event_count = 6, events = 7;
namespace key { inline constexpr int id = 1, scope = 2, epoch = 3; }
}  // namespace deltas

namespace state {
inline constexpr int low = 1, rescore_all = 2, layout_version = 3;
}

namespace session_state {
inline constexpr int made = 1, strangers = 2;
}

namespace session_changes {
inline constexpr int session_id = 1, old_start = 2, old_end = 3, new_start = 4, new_end = 5;
}

namespace rescores {
inline constexpr int low = 1;
}

namespace changes {
inline constexpr int creator_id = 1, content_id = 2;
}

namespace dropped {
inline constexpr int range_end = 1;
}

struct Tables {
  pg::Table state, totals, buckets, deltas, changes, rescores, dropped, sessions;
  // Of databases that install() has brought over; else both are invalid.
  pg::Table session_changes, session_state;
  Oid sequence = InvalidOid;

  static constexpr pg::Index totals_key{"rollup_totals_pkey", {totals::id, totals::scope}},
      totals_best{"rollup_totals_best", {-totals::score, -totals::views, totals::id}, true},
      totals_epoch{"rollup_totals_epoch", {totals::epoch}},
      buckets_key{"rollup_buckets_pkey", {buckets::id, buckets::scope, buckets::level, buckets::number}},
      deltas_key{"rollup_deltas_pkey", {deltas::id, deltas::scope, deltas::epoch}},
      changes_key{"creator_changes_creator", {changes::creator_id}};
};

// Looked up once, and again after any change of one of them; 55000 when one is missing, or when their layout is
// none of this library's.
const Tables& tables();

// The sequence of epochs alone: writers of events need nothing else.
Oid epoch_sequence();

}  // namespace ea::rollup
