// Steps of sessions, refresh by refresh, as one change of a tree.
#pragma once

#include <algorithm>

#include "store/sessions.hpp"

namespace ea::rollup {

// What some steps come to: of each session what it takes out, where that is in the tree, and what it puts there, unless the
// session is there already. Of the platform, where no session has a name, what cancels out is left out.
struct NetSteps {
  pg::Array<SessionStep> gone, fresh;

  explicit NetSteps(pg::Array<SessionStep>& steps) {
    std::sort(steps.begin(), steps.end(), [](const SessionStep& a, const SessionStep& b) { return a.before(b); });
    for (int64 i = 0; i < steps.size();) {
      int64 end = i;
      bool out = false;
      for (; end < steps.size() && steps[end].session == steps[i].session; end++) out = out || takes_out(steps[end].entry);
      if (steps[i].session == 0) {
        for (; i < end; i++) (takes_out(steps[i].entry) ? gone : fresh).append(steps[i]);
        break;
      }
      if (out) gone.append({steps[i].session, 0, taken_out(steps[i].entry)});
      if (!takes_out(steps[end - 1].entry)) fresh.append({steps[i].session, 1, steps[end - 1].entry});
      i = end;
    }
    if (!steps.empty() && steps[0].session == 0) cancel();
  }

 private:
  void cancel() {
    for (SessionStep& s : gone) s.entry.event.type = core::Engagement::view;
    const auto by_entry = [](const SessionStep& a, const SessionStep& b) { return a.entry < b.entry; };
    std::sort(gone.begin(), gone.end(), by_entry);
    std::sort(fresh.begin(), fresh.end(), by_entry);
    int64 i = 0, j = 0, left = 0, right = 0;
    while (i < gone.size() || j < fresh.size()) {
      if (j == fresh.size() || (i < gone.size() && gone[i].entry < fresh[j].entry)) {
        gone[left++] = gone[i++];
      } else if (i == gone.size() || fresh[j].entry < gone[i].entry) {
        fresh[right++] = fresh[j++];
      } else {
        i++;
        j++;
      }
    }
    gone.shorten(left);
    fresh.shorten(right);
    for (SessionStep& s : gone) s.entry = taken_out(s.entry);
  }
};

}  // namespace ea::rollup
