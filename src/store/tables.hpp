// The tables that rollups live in, and their columns.
//   rollup_totals   one row for each video, creator and the platform: the bucket of all time
//   rollup_buckets  the buckets below it (core/tree/bucket_tree.hpp)
//   rollup_deltas   events of a refresh too few to be worth a change of the buckets, as logs
//   dropped_partitions, session_rollups   raw events that retention took over (raw_horizon.hpp, retention.hpp)
#pragma once

#include "pg/error.hpp"

namespace ea::rollup {

enum class ScopeKind : int16 { platform = 0, creator = 1, content = 2 };

struct Key {
  ScopeKind scope;
  int64 id;    // 0 of the platform
};

struct Tables {
  Oid state, totals, totals_key, totals_best, totals_epoch, buckets, buckets_key, deltas, deltas_key, changes, changes_key, rescores, dropped, sessions, sequence;
};

// Looked up once and again after any DDL; 55000 when one is missing.
const Tables& tables();

namespace totals {
inline constexpr AttrNumber id = 1, epoch = 2, views = 3, score = 4, scope = 5, summary = 6, events = 7;
namespace key { inline constexpr int id = 1, scope = 2; }
}  // namespace totals

namespace buckets {
inline constexpr AttrNumber id = 1, number = 2, scope = 3, level = 4, summary = 5, events = 6;
namespace key { inline constexpr int id = 1, scope = 2, level = 3, number = 4; }
}  // namespace buckets

namespace deltas {
inline constexpr AttrNumber id = 1, epoch = 2, first_at = 3, last_at = 4, scope = 5, event_count = 6, events = 7;
namespace key { inline constexpr int id = 1, scope = 2, epoch = 3; }
}  // namespace deltas

namespace state {
inline constexpr AttrNumber low = 1, rescore_all = 2;
}

namespace rescores {
inline constexpr AttrNumber low = 1;
}

namespace changes {
inline constexpr AttrNumber creator_id = 1, content_id = 2;
}

}  // namespace ea::rollup
