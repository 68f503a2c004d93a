// Stored event logs: what is accepted is in order, normalized, and what the writer would write; and a
// tree of buckets with those events counts any range of them.
#include "../unit/bucket_store.hpp"
#include "fuzz.hpp"

using namespace ea::core;

namespace {

using ea::fuzz::require;
using ea::test::Events;

bool is_of_sessions(Bytes log) { return log[1] == std::byte{kSessionLogVersion}; }

Events read(Bytes log) {
  EventLogReader reader(log);
  Events events;
  for (TimedEvent e; reader.next(&e);) {
    require((is_of_sessions(log) || normalized(e) == e) && e.event.watch_time_ms >= 0);
    require(events.empty() || !(e < events.back()));
    events.push_back(e);
  }
  require(events.size() == reader.count());
  return events;
}

ea::fuzz::Buffer write(const Events& events) {
  ea::fuzz::Buffer log(event_log_size(events));
  write_event_log(events, log);
  return log;
}

void check_range(const ea::test::MapStore& store, const Events& events, std::uint64_t times, const Span& range, std::pmr::memory_resource* memory) {
  Counters counters;
  std::set<std::int64_t> viewers;
  for (const TimedEvent& e : events) {
    if (!range.contains(e.at)) continue;
    for (std::uint64_t i = 0; i < times; ++i) counters.add(e.event);
    if (e.event.counts_viewer()) viewers.insert(e.event.viewer);
  }
  ea::test::Reading reading(memory);
  read_range(store.buckets(), range, &reading);
  require(reading.summary.counters() == counters);
  require(reading.summary.viewers().cardinality() == viewers.size());
  for (const std::int64_t viewer : viewers) require(reading.summary.viewers().contains(viewer));
}

// Each event many times over, so that few bytes make a tree of many levels.
void check_tree(const Events& events) {
  constexpr std::uint64_t kTimes = 50;
  std::pmr::memory_resource* memory = std::pmr::new_delete_resource();
  ea::test::MapStore at_once, in_portions;
  Events all;
  for (std::uint64_t i = 0; i < kTimes; ++i) {
    all.insert(all.end(), events.begin(), events.end());
    if (i % 7 == 0) in_portions.insert(Events(all.end() - static_cast<std::ptrdiff_t>(events.size()), all.end()), memory);
  }
  at_once.insert(all, memory);
  for (std::uint64_t i = 0, rest = kTimes - (kTimes + 6) / 7; i < 2; ++i) {
    in_portions.insert(Events(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(events.size() * (i == 0 ? rest / 2 : rest - rest / 2))), memory);
  }
  require(at_once.misuse() == nullptr && in_portions.misuse() == nullptr);
  require(at_once.buckets() == in_portions.buckets());
  for (std::size_t i = 0; i < events.size(); ++i) {
    const std::int64_t a = events[i].at, b = events[(i * 7 + 3) % events.size()].at;
    const int level = 1 + static_cast<int>(i % (kLevels - 1));
    const Span bucket = span_of({level, bucket_number(level, a)});
    for (const Span& range : {Span{std::min(a, b), std::max(a, b)}, Span{bucket.from, std::max(b, bucket.to)},
                              Span{std::numeric_limits<std::int64_t>::min(), a}, Span{a, std::numeric_limits<std::int64_t>::max()}}) {
      check_range(at_once, events, kTimes, range, memory);
    }
  }
  check_range(at_once, events, kTimes, {}, memory);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = std::as_bytes(std::span(data, size));
  try {
    const Events events = read(input);
    const ea::fuzz::Buffer log = write(events);
    require(ea::fuzz::same(log, input) || input[2] < log[2]);  // a smaller unit than need be is read
    require(read(log) == events);
    if (!events.empty() && events.size() <= 16 && !is_of_sessions(input)) check_tree(events);
  } catch (const Error& error) {
    require(error.code() == Errc::invalid_binary);
  }
  return 0;
}
