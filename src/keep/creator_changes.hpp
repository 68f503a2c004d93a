// Creators whose set of contents has changed: their rollups are made anew from those of their contents.
#pragma once

#include "keep/stored_buckets.hpp"
#include "pg/home.hpp"
#include "store/contents.hpp"

namespace ea::rollup {

class CreatorChanges {
 public:
  // Takes the notes that the snapshot sees.
  explicit CreatorChanges(Snapshot snapshot);

  // Forgets changes of contents that nothing is stored of. True if any is left: a content that came late
  // or moved. Call before new events are stored: where nothing was stored before, there is nothing to move.
  bool keep_known(StoredBuckets& stored);

  void add_all() { all_ = true; }
  bool all_creators() const { return all_; }
  AscendingIds creators() const;
  void rebuild(const pg::Home& home, StoredBuckets& stored);

 private:
  struct Change {
    int64 creator, content;
  };

  Snapshot snapshot_;
  pg::Array<Change> changes_;      // and after keep_known() one for each creator
  bool all_ = false;
};

}  // namespace ea::rollup
