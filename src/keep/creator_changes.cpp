#include "keep/creator_changes.hpp"

#include <algorithm>

#include "keep/event_groups.hpp"
#include "pg/job_log.hpp"
#include "pg/memory.hpp"
#include "store/contents.hpp"
#include "store/stored_events.hpp"

namespace ea::rollup {

CreatorChanges::CreatorChanges(const pg::Home& home, Snapshot snapshot) : home_(home), snapshot_(snapshot) {
  pg::TableWriter writer;
  writer.open(tables().changes);
  pg::IndexScan scan;
  scan.open(tables().changes, snapshot);
  scan.start();
  while (scan.next()) {
    notes_.append({scan.int64_at(changes::creator_id), scan.int64_at(changes::content_id)});
    writer.remove(scan.tid());
  }
  scan.close();
  writer.close();
}

bool CreatorChanges::find(StoredBuckets& stored) {
  std::sort(notes_.begin(), notes_.end(), [](const Note& a, const Note& b) {
    return a.content != b.content ? a.content < b.content : a.creator < b.creator;
  });
  AscendingIds contents;
  int64 kept = 0;
  bool known = false;
  // Nobody knows what these count.
  if (!notes_.empty() && has_older_layout(snapshot_)) distrust_all();
  for (int64 i = 0; i < notes_.size(); i++) {
    if (notes_[i].creator == 0) {
      all_ = true;
      continue;
    }
    if (i == 0 || notes_[i].content != notes_[i - 1].content || notes_[i - 1].creator == 0) {
      known = stored.exists({ScopeKind::content, notes_[i].content});
      if (known) contents.append(notes_[i].content);
    }
    if (known) notes_[kept++] = notes_[i];
  }
  notes_.shorten(kept);
  const Owners owners = owners_of(home_, snapshot_, contents);
  for (int64 i = 0, end; i < notes_.size(); i = end) {
    for (end = i; end < notes_.size() && notes_[end].content == notes_[i].content;) end++;
    find_moves(notes_.begin() + i, notes_.begin() + end, owners.creator_of(notes_[i].content));
  }
  make_ascending(&anew_);
  return !notes_.empty() || all_;
}

// Each note says that the creator has lost or got the content, in turn. So a creator with an odd number of them had it when
// the rollups were last brought up to date and has it no more, or the other way round, which the content's row tells;
// whatever there was in between.
void CreatorChanges::find_moves(const Note* first, const Note* last, int64 now) {
  const int64 content = first->content, before = moves_.size();
  int departures = 0;
  bool arrives = false;
  for (const Note *note = first, *next; note < last; note = next) {
    for (next = note; next < last && next->creator == note->creator;) next++;
    if ((next - note) % 2 == 0) continue;
    const bool comes = note->creator == now;
    arrives = arrives || comes;
    departures += !comes;
    moves_.append({note->creator, content, comes});
  }
  // It leaves one creator at most, and then is another's or nobody's.
  if (departures <= (now == 0 || arrives ? 1 : 0)) return;
  moves_.shorten(before);
  for (const Note* note = first; note < last; note++) anew_.append(note->creator);
  if (now != 0) anew_.append(now);
}

AscendingIds CreatorChanges::changed() const {
  AscendingIds result;
  for (const Move& move : moves_) result.append(move.creator);
  for (const int64 creator : anew_) result.append(creator);
  make_ascending(&result);
  return result;
}

void CreatorChanges::distrust() {
  for (const Move& move : moves_) anew_.append(move.creator);
  moves_.clear();
  make_ascending(&anew_);
}

void CreatorChanges::move(StoredBuckets& stored) {
  if (all_) return;
  std::sort(moves_.begin(), moves_.end(), [](const Move& a, const Move& b) {
    return a.creator != b.creator ? a.creator < b.creator : a.content < b.content;
  });
  const AscendingIds contradictory = anew_;
  anew_ = AscendingIds();
  const auto is_contradictory = [&](int64 creator) { return std::binary_search(contradictory.begin(), contradictory.end(), creator); };
  AscendingIds astray, losers;
  for (const Move& move : moves_)
    if (!move.comes && !is_contradictory(move.creator)) losers.append(move.creator);
  make_ascending(&losers);
  stored.take_down(ScopeKind::creator, losers);
  MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics moves", ALLOCSET_DEFAULT_SIZES);
  for (int64 i = 0, end; i < moves_.size(); i = end) {
    const int64 creator = moves_[i].creator;
    for (end = i; end < moves_.size() && moves_[end].creator == creator;) end++;
    if (is_contradictory(creator)) continue;
    MemoryContext outside = MemoryContextSwitchTo(context);
    const bool done = move_all(stored, moves_.begin() + i, moves_.begin() + end);
    MemoryContextSwitchTo(outside);
    MemoryContextReset(context);
    if (done) continue;
    // What it loses may be held by somebody else, notes having been lost: also by those to whom it is said to come.
    for (int64 n = i; n < end; n++)
      if (!moves_[n].comes) astray.append(moves_[n].content);
    pg::log_line("rollups of creator %lld differ from those of its contents and are made anew", (long long)creator);
    anew_.append(creator);
  }
  MemoryContextDelete(context);
  make_ascending(&astray);
  for (const Move& move : moves_)
    if (move.comes && std::binary_search(astray.begin(), astray.end(), move.content)) anew_.append(move.creator);
  for (const int64 creator : contradictory) anew_.append(creator);
  make_ascending(&anew_);
  stored.renew();
}

// All contents that one creator loses and gets; false when its rollups do not hold what it loses.
bool CreatorChanges::move_all(StoredBuckets& stored, const Move* first, const Move* last) {
  const Key key{ScopeKind::creator, first->creator};
  pg::Array<core::TimedEvent> removed, added;
  const auto flush = [&] {
    std::sort(removed.begin(), removed.end());
    std::sort(added.begin(), added.end());
    try {
      stored.change(key, core::TimedEvents(removed.begin(), (size_t)removed.size()), core::TimedEvents(added.begin(), (size_t)added.size()),
                    DeltaRows::Which::own_rows);
    } catch (const core::Error& error) {
      if (error.code() != core::Errc::inconsistent) throw;
      return false;
    }
    removed.clear();
    added.clear();
    return true;
  };
  StoredEvents events(snapshot_);
  bool done = true;
  for (const Move* move = first; done && move < last; move++) {
    pg::Array<core::TimedEvent>& changed = move->comes ? added : removed;
    const auto take = [&](const core::TimedEvent& e) {
      if (!done) return;
      changed.append(e);
      if (changed.size() == kMaxGroup) done = flush();
    };
    events.for_each_in_order({ScopeKind::content, move->content}, {}, take);
    events.each_delta({ScopeKind::content, move->content}, {}, take);
  }
  events.close();
  return done && flush();
}

void CreatorChanges::rebuild(StoredBuckets& stored) {
  if (anew_.empty() && !all_) return;
  stored.put_shelves();
  stored.renew();
  // Everything about contents may be different: all creators there are, and all that something is stored of.
  const AscendingIds anew = all_ ? all_creators_known(home_, snapshot_) : anew_;
  stored.take_down(ScopeKind::creator, anew, DeltaRows::Taken::away);
  MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics creator", ALLOCSET_DEFAULT_SIZES);
  MemoryContext outside = MemoryContextSwitchTo(context);
  for (const int64 creator : anew) {
    CHECK_FOR_INTERRUPTS();
    const Key key{ScopeKind::creator, creator};
    stored.remove(key);
    const AscendingIds contents = contents_of_creator(home_, snapshot_, key.id);
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
