#include "keep/creator_changes.hpp"

#include <algorithm>

#include "keep/event_groups.hpp"
#include "pg/memory.hpp"
#include "store/contents.hpp"

namespace ea::rollup {

CreatorChanges::CreatorChanges(Snapshot snapshot) : snapshot_(snapshot) {
  pg::TableWriter writer;
  writer.open(tables().changes);
  pg::IndexScan scan;
  scan.open(tables().changes, snapshot);
  scan.start();
  while (scan.next()) {
    changes_.append({scan.int64_at(changes::creator_id), scan.int64_at(changes::content_id)});
    writer.remove(scan.tid());
  }
  scan.close();
  writer.close();
}

bool CreatorChanges::keep_known(StoredBuckets& stored) {
  if (changes_.empty()) return false;
  int64 kept = 0;
  for (const Change& change : changes_) {
    if (change.creator == 0)
      all_ = true;
    else if (stored.exists({ScopeKind::content, change.content}))
      changes_[kept++] = change;
  }
  changes_.shorten(kept);
  const auto order = [](const Change& a, const Change& b) { return a.creator < b.creator; };
  const auto same = [](const Change& a, const Change& b) { return a.creator == b.creator; };
  std::sort(changes_.begin(), changes_.end(), order);
  changes_.shorten(std::unique(changes_.begin(), changes_.end(), same) - changes_.begin());
  return !changes_.empty() || all_;
}

AscendingIds CreatorChanges::creators() const {
  AscendingIds result;
  for (const Change& change : changes_) result.append(change.creator);
  return result;
}

void CreatorChanges::rebuild(const pg::Home& home, StoredBuckets& stored) {
  if (changes_.empty() && !all_) return;
  stored.renew();
  // Everything about contents may be different: all creators there are, and all that something is stored of.
  const AscendingIds anew = all_ ? all_creators_known(home, snapshot_) : creators();
  MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics creator", ALLOCSET_DEFAULT_SIZES);
  MemoryContext outside = MemoryContextSwitchTo(context);
  for (const int64 creator : anew) {
    CHECK_FOR_INTERRUPTS();
    const Key key{ScopeKind::creator, creator};
    stored.remove(key);
    const AscendingIds contents = contents_of_creator(home, snapshot_, key.id);
    {
      pg::Resource memory(context);
      std::pmr::vector<core::TimedEvent> events(&memory);
      for (const int64& content : contents) {
        stored.append_events({ScopeKind::content, content}, &events);
        if ((int64)events.size() >= kMaxGroup || (&content + 1 == contents.end() && !events.empty())) {
          std::sort(events.begin(), events.end());
          stored.insert(key, events);
          events.clear();
        }
      }
    }
    MemoryContextSwitchTo(context);
    MemoryContextReset(context);
  }
  MemoryContextSwitchTo(outside);
  MemoryContextDelete(context);
}

}  // namespace ea::rollup
