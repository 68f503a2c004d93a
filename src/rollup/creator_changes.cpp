#include "rollup/creator_changes.hpp"

#include <algorithm>

#include "rollup/contents.hpp"
#include "pg/memory.hpp"
#include "rollup/event_groups.hpp"

namespace ea::rollup {

CreatorChanges::CreatorChanges(Snapshot snapshot) : snapshot_(snapshot) {
  pg::TableWriter writer;
  writer.open(tables().changes);
  pg::IndexScan scan;
  scan.open(tables().changes, InvalidOid, snapshot);
  scan.start();
  while (scan.next()) {
    remember(scan.int64_at(changes::creator_id), scan.int64_at(changes::content_id));
    writer.remove(scan.tid());
  }
  scan.close();
  writer.close();
}

void CreatorChanges::remember(int64 creator, int64 content) {
  if (count_ == room_) {
    room_ = room_ ? room_ * 2 : 64;
    const Size bytes = (Size)room_ * sizeof(Change);
    changes_ = static_cast<Change*>(changes_ ? repalloc_huge(changes_, bytes) : palloc(bytes));
  }
  changes_[count_++] = {creator, content};
}

bool CreatorChanges::keep_known(StoredBuckets& stored) {
  if (count_ == 0) return false;
  int kept = 0;
  for (int i = 0; i < count_; i++) {
    if (changes_[i].creator == 0)
      all_ = true;
    else if (stored.exists({ScopeKind::content, changes_[i].content}))
      changes_[kept++] = changes_[i];
  }
  const auto order = [](const Change& a, const Change& b) { return a.creator < b.creator; };
  const auto same = [](const Change& a, const Change& b) { return a.creator == b.creator; };
  std::sort(changes_, changes_ + kept, order);
  count_ = (int)(std::unique(changes_, changes_ + kept, same) - changes_);
  return count_ > 0 || all_;
}

Ids CreatorChanges::creators() const {
  Ids result;
  result.ids = static_cast<int64*>(palloc(sizeof(int64) * Max(count_, 1)));
  for (int i = 0; i < count_; i++) result.ids[result.count++] = changes_[i].creator;
  return result;
}

void CreatorChanges::rebuild(const pg::Home& home, StoredBuckets& stored) {
  if (count_ == 0 && !all_) return;
  stored.renew();
  MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics creator", ALLOCSET_DEFAULT_SIZES);
  MemoryContext outside = MemoryContextSwitchTo(context);
  if (all_) {
    // Everything about contents may be different: all creators there are, and all that something is stored of.
    const Ids creators = all_creators_known(home, snapshot_);
    count_ = 0;
    for (int i = 0; i < creators.count; i++) {
      MemoryContextSwitchTo(outside);
      remember(creators.ids[i], 0);
      MemoryContextSwitchTo(context);
    }
  }
  for (int i = 0; i < count_; i++) {
    CHECK_FOR_INTERRUPTS();
    const Key key{ScopeKind::creator, changes_[i].creator};
    stored.remove(key);
    const Ids contents = contents_of_creator(home, snapshot_, key.id);
    {
      pg::Resource memory(context);
      std::pmr::vector<core::TimedEvent> events(&memory);
      for (int j = 0; j < contents.count; j++) {
        stored.append_events({ScopeKind::content, contents.ids[j]}, &events);
        if ((int64)events.size() >= kMaxGroup || (j + 1 == contents.count && !events.empty())) {
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
