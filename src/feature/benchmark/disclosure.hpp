// Who is compared with whom, and what is told of others to a caller who does not see their numbers.
//
// All that such a caller is told of peers, but for quartiles, is made of numbers rounded to marks (core/stat/rounding.hpp), and
// so is what decides whether they have the size, and whether one has most views: one may be a creator of the caller's own. So
// no number of questions about a range, and no number of the caller's own, among the peers or not, that is moved to measure
// others, gives more of anybody's number than its mark. Who is there is told: who has ten views, and the same group.
//
// Quartiles are of the numbers themselves, which belong to somebody, and nobody can say to whom, unless two questions differ by
// one peer. Where they can, quartiles are of marks too. Who has another creator to put beside that one knows more.
#pragma once

#include "feature/benchmark/creators.hpp"

namespace ea::benchmark {

enum class PeerKind { category, platform, area, size };

inline constexpr int32 kFewestPeers = 5;    // that are told of to a caller who does not see their numbers

pg::Array<Creator> peers_of(const Creators& creators, PeerKind kind, bool held);

// Whether one of them has over half of the views of all, so that nothing is told.
bool one_has_most_views(const pg::Array<Creator>& peers, bool held);

double mark_of(core::Metric metric, double value);
double told(double quartile);    // to three digits

// Whether there are questions that differ by one of these peers alone: about other days of the range, or other peers. With the
// rounded number of that one, its exact one would be known among quartiles.
bool tells_one_apart(const pg::Home& home, const Creators& creators, const pg::Array<Creator>& peers, core::Metric metric, PeerKind kind,
                     const pg::Range& range);

}  // namespace ea::benchmark
