#include "core/funnel/window_funnel.hpp"

#include <algorithm>
#include <bit>

namespace ea::core {

namespace {

constexpr const char* kNames[kFunnelModes] = {"", "once", "order", "increase", "dedup"};

constexpr std::uint32_t bit(int step) { return 1u << (step - 1); }
constexpr std::uint32_t up_to(int step) { return step >= kMostSteps ? ~0u : (1u << step) - 1; }

// Of all chains that end at a step only the one that began last matters: it has the most time left.
class Chains {
 public:
  bool any(int step) const { return open_ & bit(step); }
  std::int64_t start(int step) const { return start_[step - 1]; }
  void put(int step, std::int64_t start) {
    if (!any(step) || start > start_[step - 1]) start_[step - 1] = start;
    open_ |= bit(step);
    longest = std::max(longest, step);
  }
  void drop(int step) { open_ &= ~bit(step); }
  // Whether a chain of so many steps is there that may go on at that time.
  bool reaches(int step, std::int64_t at, std::int64_t within) const {
    return any(step) && static_cast<std::uint64_t>(at) - static_cast<std::uint64_t>(start(step)) <= static_cast<std::uint64_t>(within);
  }
  std::uint32_t open() const { return open_; }

  int longest = 0;

 private:
  std::int64_t start_[kMostSteps] = {};
  std::uint32_t open_ = 0;
};

template <class F>
void for_each_step(std::uint32_t steps, F&& f) {
  for (; steps != 0; steps &= steps - 1) f(std::countr_zero(steps) + 1);
}

// The rows of one time.
struct Moment {
  std::int64_t at;
  std::span<const FunnelRow> rows;
  std::uint32_t steps = 0, again = 0;    // that one row has, and another one too

  Moment(std::span<const FunnelRow> rows, Pulse& pulse) : at(rows.front().at), rows(rows) {
    for (const FunnelRow& row : rows) {
      pulse();
      again |= steps & row.steps;
      steps |= row.steps;
    }
  }
};

void pass_any(Chains& chains, const Moment& moment, std::int64_t within) {
  for_each_step(moment.steps, [&](int step) {
    if (step == 1)
      chains.put(1, moment.at);
    else if (chains.reaches(step - 1, moment.at, within))
      chains.put(step, chains.start(step - 1));
  });
}

void pass_increase(Chains& chains, const Moment& moment, std::int64_t within) {
  // From the last step on, so that none is reached twice at one time.
  for (int step = kMostSteps; step > 0; step--) {
    if (!(moment.steps & bit(step))) continue;
    if (step == 1)
      chains.put(1, moment.at);
    else if (chains.reaches(step - 1, moment.at, within))
      chains.put(step, chains.start(step - 1));
  }
}

void pass_order(Chains& chains, const Moment& moment, std::int64_t within) {
  pass_any(chains, moment, within);
  // The row whose first step is the furthest.
  int first = 0;
  for (const FunnelRow& row : moment.rows) first = std::max(first, row.steps ? std::countr_zero(row.steps) + 1 : kMostSteps + 2);
  for_each_step(chains.open(), [&](int step) {
    if (step + 1 < first && chains.start(step) < moment.at) chains.drop(step);
  });
}

// Rows of one time and steps that follow one another: how many of these can be served, each by a row of its own.
class Matching {
 public:
  // Rows beyond as many as there are steps change nothing: whoever has a step finds one free among those kept.
  Matching(std::span<const FunnelRow> rows, Pulse& pulse) {
    std::uint8_t kept[kMostSteps] = {};
    for (const FunnelRow& row : rows) {
      pulse();
      bool wanted = false;
      for_each_step(row.steps, [&](int step) { wanted |= kept[step - 1] < kMostSteps; });
      if (!wanted) continue;
      for_each_step(row.steps, [&](int step) { kept[step - 1] = static_cast<std::uint8_t>(std::min(kept[step - 1] + 1, kMostSteps)); });
      steps_[count_] = row.steps;
      count_++;
    }
  }

  // From that step on.
  int count(int first) {
    std::fill_n(served_, count_, 0);
    int step = first;
    for (; step <= kMostSteps; step++) {
      seen_ = 0;
      if (!serve(step)) break;
    }
    return step - first;
  }

 private:
  // As many for each step as there are steps.
  static constexpr int kMost = kMostSteps * kMostSteps;

  // By a free row, or by one whose step finds another one.
  bool serve(int step) {
    seen_ |= bit(step);
    for (int i = 0; i < count_; i++)
      if ((steps_[i] & bit(step)) && served_[i] == 0) {
        served_[i] = static_cast<std::uint8_t>(step);
        return true;
      }
    for (int i = 0; i < count_; i++) {
      if (!(steps_[i] & bit(step)) || (seen_ & bit(served_[i])) || !serve(served_[i])) continue;
      served_[i] = static_cast<std::uint8_t>(step);
      return true;
    }
    return false;
  }

  std::uint32_t steps_[kMost];
  std::uint8_t served_[kMost];    // 0: none
  int count_ = 0;
  std::uint32_t seen_ = 0;        // steps that were tried for the one to be served
};

void pass_once(Chains& chains, const Moment& moment, std::int64_t within, Pulse& pulse) {
  if (moment.rows.size() == 1) {
    pass_increase(chains, moment, within);
    return;
  }
  Matching matching(moment.rows, pulse);
  const Chains before = chains;
  const auto extend = [&](int step, std::int64_t start) {
    pulse.at_once();    // a long step
    const int more = matching.count(step + 1);
    for (int i = 1; i <= more; i++) chains.put(step + i, start);
  };
  if (moment.steps & bit(1)) extend(0, moment.at);
  for_each_step(before.open(), [&](int step) {
    if (step < kMostSteps && (moment.steps & bit(step + 1)) && before.reaches(step, moment.at, within)) extend(step, before.start(step));
  });
}

void pass_dedup(Chains& chains, const Moment& moment, std::int64_t within) {
  const Chains before = chains;
  for_each_step(before.open(), [&](int step) { chains.drop(step); });
  const auto go_on = [&](int step, std::int64_t start) {
    bool ended = false;
    for_each_step(moment.steps & ~bit(1), [&](int next) {
      if (ended || next > step + 1) return;
      ended = next <= step;
      if (ended) return;
      chains.longest = std::max(chains.longest, step = next);
      ended = moment.again & bit(next);
    });
    if (!ended) chains.put(step, start);
  };
  for_each_step(before.open(), [&](int step) {
    if (before.reaches(step, moment.at, within)) go_on(step, before.start(step));
  });
  if (moment.steps & bit(1)) {
    chains.longest = std::max(chains.longest, 1);
    go_on(1, moment.at);
  }
}

}  // namespace

bool find_funnel_mode(std::string_view name, FunnelMode* mode) {
  for (int i = 0; i < kFunnelModes; i++)
    if (name == kNames[i]) {
      *mode = static_cast<FunnelMode>(i);
      return true;
    }
  return false;
}

int window_funnel(std::span<const FunnelRow> rows, std::int64_t within, FunnelMode mode, Pulse& pulse) {
  Chains chains;
  for (std::size_t first = 0, next; first < rows.size(); first = next) {
    for (next = first + 1; next < rows.size() && rows[next].at == rows[first].at; next++) {
    }
    const Moment moment(rows.subspan(first, next - first), pulse);
    switch (mode) {
      case FunnelMode::any: pass_any(chains, moment, within); break;
      case FunnelMode::once: pass_once(chains, moment, within, pulse); break;
      case FunnelMode::order: pass_order(chains, moment, within); break;
      case FunnelMode::increase: pass_increase(chains, moment, within); break;
      case FunnelMode::dedup: pass_dedup(chains, moment, within); break;
    }
  }
  return chains.longest;
}

}  // namespace ea::core
