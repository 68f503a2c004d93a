// The rows of audience_breakdown, and which of them may be told apart.
#pragma once

#include "core/audience/few_people.hpp"
#include "feature/audience/cells.hpp"
#include "pg/array.hpp"
#include "pg/varlena.hpp"

namespace ea::audience {

// What a group must be to be shown.
struct Disclosure {
  bool everything = false;        // whatever it is
  int64 fewest_viewers = 0;
  int64 fewest_between = 0;       // how many any two answers must differ by, if they do; 0: does not matter
  bool of_part = false;           // there is an answer about more, of which this one is a part
};

struct Group {
  struct varlena* value;
  int64 viewers, views, completions, watch_time_ms;
  int64 viewers_of_whole;
  int64 deeds_begin, deeds_end;
  bool has_events, counts, counts_in_whole, hidden;
};

class Groups {
 public:
  explicit Groups(const Disclosure& disclosure) : disclosure_(disclosure), context_(CurrentMemoryContext) {}

  void add(const Cell& cell);    // in order of value and viewer
  // Those that are shown, and the others as one; by viewers, the most first, then by the bytes of the value.
  const pg::Array<Group>& finish();

 private:
  // What one is asked about, and the whole that it is a part of.
  enum class Of { part, whole };
  struct Deed {
    int64 viewer;
    int32 day;
    uint8 did;
  };

  bool is_current(const struct varlena* value) const;
  void begin(const struct varlena* value);
  void add_deed(const Cell& cell);
  void end();
  void hide(Of of);
  void join(Group& group);
  bool stands(const Group& group, Of of);
  bool others_stand(Of of);
  bool tells_of_few(const Deed* begin, const Deed* end, Of of);
  int64 viewers_of_others(Of of) const;
  void merge();

  Disclosure disclosure_;
  MemoryContext context_;
  pg::Array<Group> groups_;
  bool open_ = false;                   // the last one has not ended
  // Of each group that may still be hidden, in order of viewer and day, each once.
  pg::Array<Deed> deeds_;
  int64 smallest_ = 0;                  // by viewers, of those that may be shown
  // Of all that are hidden.
  pg::Array<Deed> others_;
  pg::Array<core::GroupActivity> activities_;
};

}  // namespace ea::audience
