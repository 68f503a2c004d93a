// Sets of viewers that stay: each in a memory context of its own, which goes when the set is no longer asked for. Nobody is no
// set and takes no memory: of many hours of many years most are empty.
#pragma once

#include "ask/read_path.hpp"
#include "core/set/viewer_set.hpp"

namespace ea::viewers {

struct Viewers {
  MemoryContext context = nullptr;
  const core::ViewerSet* set = nullptr;

  uint64 count() const { return set ? set->cardinality() : 0; }
  void release() {
    if (context) MemoryContextDelete(context);
    *this = Viewers();
  }
  Viewers& unless_empty() {
    if (count() == 0) release();
    return *this;
  }
};

// Who viewed something in the range.
Viewers viewers_in(rollup::Question& question, const core::Span& range, MemoryContext parent);
Viewers without(const Viewers& viewers, const core::ViewerSet& others, MemoryContext parent);
uint64 shared(const Viewers& a, const Viewers& b);

// Everybody who was ever seen up to a time that moves on.
class Everybody {
 public:
  explicit Everybody(MemoryContext parent);
  const core::ViewerSet& set() const { return *set_; }
  uint64 add(const Viewers& viewers);    // how many of them were not there

 private:
  MemoryContext context_;
  core::ViewerSet* set_;
};

}  // namespace ea::viewers
