// The events of one refresh. As many as fit into memory are read once and sorted there for each kind of
// scope; more are sorted by the server, which may spill.
#pragma once

#include "keep/event_groups.hpp"
#include "store/contents.hpp"
#include "store/tail.hpp"

namespace ea::rollup {

struct Touch {
  int64 creator, session;
};
inline bool comes_before(const Touch& a, const Touch& b) { return a.creator != b.creator ? a.creator < b.creator : a.session < b.session; }

class FreshEvents {
 public:
  // Events of epochs (low, high], in the active snapshot.
  FreshEvents(pg::Query& query, int64 low, int64 high);

  // Stores them for one kind of scope, without some ids, and returns their number.
  int64 store(StoredBuckets& stored, ScopeKind scope, const AscendingIds& without = {});

 private:
  friend class FreshTouches;
  struct Item {
    int64 id;
    core::TimedEvent event;
  };
  class Sorted;

  const Owners& owners();
  void take_ids(ScopeKind scope, const AscendingIds& without);

  pg::Query& query_;
  RawSelection selection_;
  bool in_memory_ = false;
  TailEvent* events_ = nullptr;
  int64 count_ = 0;
  Item* items_ = nullptr;
  Owners owners_;      // of their contents, once they are known
  bool owners_known_ = false;
  int64 item_count_ = 0;
};

// The sessions of fresh events, and the creators these touch, but for some: each pair once, by creator.
class FreshTouches {
 public:
  FreshTouches(FreshEvents& fresh, const AscendingIds& without);
  bool next(Touch* touch);

 private:
  pg::Array<Touch> touches_;    // all of them, or those that were fetched last
  int64 next_ = 0;
  bool fetches_;
  pg::Cursor cursor_;
};

}  // namespace ea::rollup
