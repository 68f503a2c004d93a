// Creators whose set of contents has changed: what is stored of the contents that moved leaves the rollups of one creator and
// joins those of another.
#pragma once

#include "keep/stored_buckets.hpp"
#include "pg/home.hpp"
#include "store/contents.hpp"

namespace ea::rollup {

class CreatorChanges {
 public:
  struct Move {
    int64 creator, content;
    bool comes;
  };

  // Takes the notes that the snapshot sees.
  CreatorChanges(const pg::Home& home, Snapshot snapshot);

  // What the notes mean for contents that something is stored of. True if any is about one: a content that came late, moved
  // or went. Call before anything else is stored: where nothing was stored before, there is nothing to move.
  bool find(StoredBuckets& stored);
  // Brings the creators' rollups to the contents they have now, as these were stored at find().
  void move(StoredBuckets& stored);
  // Creators that rebuild() makes anew from the rollups of their contents: those that move() could not bring there.
  AscendingIds creators() const { return anew_; }
  AscendingIds changed() const;    // with those that move() could bring there
  const pg::Array<Move>& moves() const { return moves_; }
  bool all_creators() const { return all_; }
  void rebuild(StoredBuckets& stored);

  // In place of move(), for whoever does not trust what is stored of creators.
  void distrust();
  void distrust_all() { all_ = true; }

 private:
  struct Note {
    int64 creator, content;
  };
  void find_moves(const Note* first, const Note* last, int64 now);
  bool move_all(StoredBuckets& stored, const Move* first, const Move* last);

  const pg::Home& home_;
  Snapshot snapshot_;
  pg::Array<Note> notes_;
  pg::Array<Move> moves_;
  AscendingIds anew_;
  bool all_ = false;
};

}  // namespace ea::rollup
