#include "core/audience/few_people.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace ea::core {

namespace {

using Activities = std::span<const GroupActivity>;

class Few {
 public:
  explicit Few(std::int64_t fewest) : fewest_(fewest) {}
  bool operator()(std::int64_t people) const { return people > 0 && people < fewest_; }

 private:
  std::int64_t fewest_;
};

// The more days are left over, the more people did something on them. So of all days that can be left over beside a run the
// fewest people are those of the first day on which anybody did anything, or of the last.
bool few_at_an_end(Activities activities, std::uint8_t what, Few few) {
  std::int32_t first = std::numeric_limits<std::int32_t>::max(), last = std::numeric_limits<std::int32_t>::min();
  std::int64_t on_first = 0, on_last = 0;
  for (const GroupActivity& a : activities) {
    if ((a.did & what) == 0) continue;
    if (a.day < first) first = a.day, on_first = 0;
    if (a.day > last) last = a.day, on_last = 0;
    on_first += a.day == first;
    on_last += a.day == last;
  }
  return few(on_first) || few(on_last);
}

// The longer a run is, the fewer have all their views beside it. So for each day that a run begins with, the shortest one that
// all but a few have a view in decides: as many, or none.
bool few_beside_a_run(Activities activities, Few few, std::int64_t fewest, std::pmr::memory_resource* memory) {
  std::pmr::vector<GroupActivity> views(memory);
  for (const GroupActivity& a : activities) {
    if ((a.did & GroupActivity::kViews) != 0) views.push_back(a);
  }
  if (views.empty()) return false;
  std::pmr::vector<std::uint32_t> days(static_cast<std::size_t>(activities.back().person) + 1, 0, memory);    // of the run, with a view
  std::int64_t beside = 0;
  for (std::size_t i = 0; i < views.size(); ++i) beside += i == 0 || views[i].person != views[i - 1].person;
  std::sort(views.begin(), views.end(), [](const GroupActivity& a, const GroupActivity& b) { return a.day < b.day; });
  for (auto begin = views.begin(), end = begin; begin != views.end();) {
    while (beside >= fewest && end != views.end()) {
      for (const std::int32_t day = end->day; end != views.end() && end->day == day; ++end) beside -= days[end->person]++ == 0;
    }
    if (few(beside)) return true;
    if (beside > 0) return false;    // a run that ends later ends behind all days, and those that begin later leave more
    for (const std::int32_t day = begin->day; begin != views.end() && begin->day == day; ++begin) beside += --days[begin->person] == 0;
  }
  return false;
}

bool few_elsewhere(Activities activities, Few few) {
  std::int64_t any = 0, views = 0, only = 0;
  for (std::size_t i = 0; i < activities.size();) {
    std::uint8_t did = 0;
    for (const std::int32_t person = activities[i].person; i < activities.size() && activities[i].person == person; ++i) did |= activities[i].did;
    any += (did & GroupActivity::kAnyElsewhere) != 0;
    views += (did & GroupActivity::kViewsElsewhere) != 0;
    only += (did & GroupActivity::kViewsElsewhere) != 0 && (did & GroupActivity::kViews) == 0;
  }
  return few(any) || few(views) || few(only);
}

}  // namespace

bool tells_of_few(Activities activities, std::int64_t fewest, std::pmr::memory_resource* memory) {
  const Few few(fewest);
  return few_at_an_end(activities, GroupActivity::kViews, few) || few_at_an_end(activities, GroupActivity::kAny, few) ||
         few_elsewhere(activities, few) || few_beside_a_run(activities, few, fewest, memory);
}

}  // namespace ea::core
