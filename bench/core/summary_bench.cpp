// What an SQL aggregate costs besides the server: one call for each event, and rollup of summaries.
// Times are for the whole job; items are events or summaries.
#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "core/value/summary.hpp"
#include "core/value/working.hpp"

namespace {

namespace working = ea::core::working;
using ea::core::Bytes;
using ea::core::Engagement;
using ea::core::Event;
using ea::core::Summary;
using Buffer = std::vector<std::byte>;

std::vector<Event> make_events(std::size_t n, std::uint64_t viewers) {
  std::mt19937_64 random(n + viewers);
  std::vector<Event> events(n);
  for (Event& event : events) {
    const bool view = random() % 4 != 0;
    event = {view ? Engagement::view : static_cast<Engagement>(1 + random() % 6), random() % 10 != 0,
             static_cast<std::int64_t>(random() % viewers),
             static_cast<std::int32_t>(random() % 60'000), random() % 2 == 0};
  }
  return events;
}

// A group of the aggregate, as the feature summary keeps it: flat bytes first, a Summary when they are too small.
class Group {
 public:
  Group() : state_(working::initial_size()) { working::init(state_); }

  template <class PutWorking, class PutSummary>
  void put(PutWorking&& put_working, PutSummary&& put_summary) {
    while (large_.empty()) {
      if (put_working(state_) == working::Put::done) return;
      const std::size_t size = working::grown_size(state_);
      if (size > working::kMaxBytes) {
        large_.push_back(Summary::decode(state_, std::pmr::new_delete_resource()));
        break;
      }
      Buffer bigger(size);
      working::grow(state_, bigger);
      state_ = std::move(bigger);
    }
    put_summary(large_.front());
  }
  void add(const Event& event) {
    put([&](Buffer& state) { return working::add(state, event); },
        [&](Summary& summary) { summary.add(event); });
  }
  void merge(Bytes other) {
    put([&](Buffer& state) { return working::merge(state, other); },
        [&](Summary& summary) { summary.merge(other); });
  }
  Buffer finish() {
    if (large_.empty()) {
      Buffer out(working::encoded_size(state_));
      working::encode(state_, out);
      return out;
    }
    large_.front().settle();
    Buffer out(large_.front().encoded_size());
    large_.front().encode(out);
    return out;
  }

 private:
  Buffer state_;
  std::vector<Summary> large_;
};

void add_to_one_group(benchmark::State& state) {
  const auto events = make_events(1'000'000, static_cast<std::uint64_t>(state.range(0)));
  for (auto _ : state) {
    Group group;
    for (const Event& event : events) group.add(event);
    benchmark::DoNotOptimize(group.finish());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(events.size()));
}
BENCHMARK(add_to_one_group)->Arg(100)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

// In the order of the groups, as after a sort, and in that of time, as in a hash table.
void add_to_many_groups(benchmark::State& state) {
  constexpr std::size_t kGroups = 10'000, kEach = 100;
  const auto events = make_events(kGroups * kEach, 1'000'000);
  const bool sorted = state.range(0) != 0;
  for (auto _ : state) {
    std::vector<Group> groups(kGroups);
    for (std::size_t i = 0; i < events.size(); ++i) {
      groups[sorted ? i / kEach : i % kGroups].add(events[i]);
    }
    for (Group& group : groups) benchmark::DoNotOptimize(group.finish());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(events.size()));
}
BENCHMARK(add_to_many_groups)->ArgName("sorted")->Arg(1)->Arg(0)->Unit(benchmark::kMillisecond);

// Rows of a few viewers each, rolled up in groups of so many.
void rollup_of_tiny(benchmark::State& state) {
  constexpr std::size_t kRows = 100'000;
  const auto events = make_events(3 * kRows, 50'000);
  std::vector<Buffer> rows(kRows);
  for (std::size_t i = 0; i < kRows; ++i) {
    Group row;
    for (std::size_t j = 0; j < 3; ++j) row.add(events[3 * i + j]);
    rows[i] = row.finish();
  }
  const auto each = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    for (std::size_t i = 0; i < kRows; i += each) {
      Group group;
      for (std::size_t j = i; j < i + each; ++j) group.merge(rows[j]);
      benchmark::DoNotOptimize(group.finish());
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRows));
}
BENCHMARK(rollup_of_tiny)->ArgName("rows")->Arg(10)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
