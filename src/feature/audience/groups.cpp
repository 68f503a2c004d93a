#include "feature/audience/groups.hpp"

#include <algorithm>

#include "pg/memory.hpp"

namespace ea::audience {

namespace {

using Activity = core::GroupActivity;

constexpr char kOthers[] = "(other)";

bool reads_as_others(const struct varlena* value) {
  const core::Bytes text = pg::bytes_of(value);
  return text.size() == sizeof kOthers - 1 && memcmp(text.data(), kOthers, text.size()) == 0;
}

// A session has several deeds of a viewer and day; a viewer has several sessions.
template <class Deed>
Deed* unite(Deed* begin, Deed* end) {
  Deed* to = begin;
  for (Deed* next = begin; next < end; next++) {
    if (to > begin && to[-1].viewer == next->viewer && to[-1].day == next->day)
      to[-1].did |= next->did;
    else
      *to++ = *next;
  }
  return to;
}

template <class Deed>
bool is_before(const Deed& a, const Deed& b) {
  return a.viewer != b.viewer ? a.viewer < b.viewer : a.day < b.day;
}

}  // namespace

bool Groups::is_current(const struct varlena* value) const {
  return open_ && compare(groups_[groups_.size() - 1].value, value) == 0;
}

void Groups::begin(const struct varlena* value) {
  struct varlena* copy = static_cast<struct varlena*>(palloc(VARSIZE_ANY(value)));
  memcpy(copy, value, VARSIZE_ANY(value));
  Group& group = groups_.append({});
  group.value = copy;
  group.deeds_begin = group.deeds_end = deeds_.size();
  open_ = true;
}

void Groups::add(const Cell& cell) {
  MemoryContext outside = MemoryContextSwitchTo(context_);
  if (!is_current(cell.value)) {
    end();
    begin(cell.value);
  }
  Group& group = groups_[groups_.size() - 1];
  group.has_events = group.has_events || cell.events > 0;
  group.counts = group.counts || cell.counting > 0;
  group.counts_in_whole = group.counts_in_whole || cell.counting > 0 || cell.counting_elsewhere > 0;
  group.views += cell.views;
  group.completions += cell.completions;
  group.watch_time_ms += cell.watch_time_ms;
  if (cell.has_viewer) add_deed(cell);
  MemoryContextSwitchTo(outside);
}

void Groups::add_deed(const Cell& cell) {
  uint8 did = cell.views > 0 ? Activity::kViews : 0;
  if (disclosure_.fewest_between > 0)
    did |= (cell.counting > 0 ? Activity::kAny : 0) | (cell.views_elsewhere > 0 ? Activity::kViewsElsewhere : 0) |
           (cell.counting_elsewhere > 0 ? Activity::kAnyElsewhere : 0);
  if (did == 0) return;
  Group& group = groups_[groups_.size() - 1];
  // Where days do not matter, one deed is all that is known of a viewer.
  const bool is_known = disclosure_.fewest_between == 0 && deeds_.size() > group.deeds_begin && deeds_[deeds_.size() - 1].viewer == cell.viewer;
  if (!is_known) deeds_.append({cell.viewer, cell.day, did});
}

void Groups::end() {
  if (!open_) return;
  open_ = false;
  Group& group = groups_[groups_.size() - 1];
  Deed* const deeds = deeds_.begin() + group.deeds_begin;
  if (disclosure_.fewest_between > 0) {
    std::sort(deeds, deeds_.end(), is_before<Deed>);
    deeds_.shorten(unite(deeds, deeds_.end()) - deeds_.begin());
  }
  group.deeds_end = deeds_.size();
  for (const Deed* next = deeds; next < deeds_.end();) {
    uint8 did = 0;
    for (const int64 viewer = next->viewer; next < deeds_.end() && next->viewer == viewer; next++) did |= next->did;
    group.viewers += (did & Activity::kViews) != 0;
    group.viewers_of_whole += (did & (Activity::kViews | Activity::kViewsElsewhere)) != 0;
  }
  if (disclosure_.fewest_between > 0) return;
  // Without other rules one group at most joins those that are hidden: the smallest.
  const bool is_shown = stands(group, Of::part);
  if (disclosure_.everything || (is_shown && smallest_ > 0 && group.viewers >= smallest_))
    deeds_.shorten(group.deeds_begin), group.deeds_end = group.deeds_begin;
  else if (is_shown)
    smallest_ = group.viewers;
}

bool Groups::tells_of_few(const Deed* begin, const Deed* end, Of of) {
  if (disclosure_.fewest_between == 0) return false;
  activities_.clear();
  int32 person = -1;
  for (const Deed* deed = begin; deed < end; deed++) {
    person += deed == begin || deed->viewer != deed[-1].viewer;
    uint8 did = deed->did;
    if (of == Of::whole) did = (did | did >> 2) & (Activity::kViews | Activity::kAny);
    activities_.append({person, deed->day, did});
  }
  pg::Resource memory(CurrentMemoryContext);
  return core::tells_of_few({activities_.begin(), activities_.end()}, disclosure_.fewest_between, &memory);
}

bool Groups::stands(const Group& group, Of of) {
  return (of == Of::whole ? group.viewers_of_whole : group.viewers) >= disclosure_.fewest_viewers && !reads_as_others(group.value) &&
         !tells_of_few(deeds_.begin() + group.deeds_begin, deeds_.begin() + group.deeds_end, of);
}

void Groups::join(Group& group) {
  group.hidden = true;
  if (group.deeds_begin == group.deeds_end) return;
  const int64 known = others_.size();
  for (int64 i = group.deeds_begin; i < group.deeds_end; i++) others_.append(deeds_[i]);
  std::inplace_merge(others_.begin(), others_.begin() + known, others_.end(), is_before<Deed>);
  others_.shorten(unite(others_.begin(), others_.end()) - others_.begin());
}

int64 Groups::viewers_of_others(Of of) const {
  const uint8 views = of == Of::whole ? Activity::kViews | Activity::kViewsElsewhere : Activity::kViews;
  int64 viewers = 0;
  for (const Deed* next = others_.begin(); next < others_.end();) {
    uint8 did = 0;
    for (const int64 viewer = next->viewer; next < others_.end() && next->viewer == viewer; next++) did |= next->did;
    viewers += (did & views) != 0;
  }
  return viewers;
}

bool Groups::others_stand(Of of) {
  int64 counting = 0;
  for (const Group& group : groups_) counting += group.hidden && (of == Of::whole ? group.counts_in_whole : group.counts);
  if (counting == 1 || (counting > 0 && viewers_of_others(of) < disclosure_.fewest_viewers)) return false;
  return !tells_of_few(others_.begin(), others_.end(), of);
}

// What is hidden of the whole is hidden of the part: so each row of the part is rows of the whole.
void Groups::hide(Of of) {
  pg::Array<uint32> shown;
  for (int64 i = 0; i < groups_.size(); i++) {
    CHECK_FOR_INTERRUPTS();
    Group& group = groups_[i];
    if (group.hidden || (of == Of::part && !group.has_events)) continue;
    if (stands(group, of)) {
      shown.append((uint32)i);
      continue;
    }
    group.hidden = true;
    for (int64 d = group.deeds_begin; d < group.deeds_end; d++) others_.append(deeds_[d]);
  }
  std::sort(others_.begin(), others_.end(), is_before<Deed>);
  others_.shorten(unite(others_.begin(), others_.end()) - others_.begin());
  const auto viewers = [&](uint32 i) { return of == Of::whole ? groups_[i].viewers_of_whole : groups_[i].viewers; };
  std::sort(shown.begin(), shown.end(), [&](uint32 a, uint32 b) { return viewers(a) != viewers(b) ? viewers(a) < viewers(b) : a < b; });
  for (int64 next = 0; next < shown.size() && !others_stand(of); next++) {
    CHECK_FOR_INTERRUPTS();
    join(groups_[shown[next]]);
  }
}

void Groups::merge() {
  Group others{};
  others.value = cstring_to_text(kOthers);
  others.viewers = viewers_of_others(Of::part);
  int64 shown = 0;
  for (const Group& group : groups_) {
    if (!group.has_events) continue;    // of something else alone
    if (!group.hidden) {
      groups_[shown++] = group;
      continue;
    }
    others.has_events = true;
    others.views += group.views;
    others.completions += group.completions;
    others.watch_time_ms += group.watch_time_ms;
  }
  groups_.shorten(shown);
  if (others.has_events) groups_.append(others);
}

const pg::Array<Group>& Groups::finish() {
  end();
  if (!disclosure_.everything) {
    if (disclosure_.of_part) hide(Of::whole);
    hide(Of::part);
  }
  merge();
  std::sort(groups_.begin(), groups_.end(), [](const Group& a, const Group& b) { return a.viewers != b.viewers ? a.viewers > b.viewers : compare(a.value, b.value) < 0; });
  return groups_;
}

}  // namespace ea::audience
