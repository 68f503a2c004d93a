// Values as they were stored once, in golden/*.txt: they decode to the same keys and counters and
// encode to the same bytes for ever.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/value/summary.hpp"
#include "core/value/working.hpp"
#include "timed_events.hpp"

namespace ea::core {
namespace {

using test::Buffer;
using test::encode;
using test::memory;

// Calls f(fields of a line) for every line that is not a comment, and returns their number.
template <class F>
int for_each_line(const char* file, F&& f) {
  std::ifstream lines(std::filesystem::path(__FILE__).parent_path() / "golden" / file);
  int n = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    ++n;
    std::istringstream fields(line);
    std::string name;
    fields >> name;
    SCOPED_TRACE(name);
    f(fields);
    EXPECT_TRUE(fields) << "unreadable line";
  }
  return n;
}

std::string hash_of(const ViewerSet& set) {
  std::uint64_t hash = 14695981039346656037U;
  set.for_each([&](std::int64_t key) {
    for (int shift = 0; shift < 64; shift += 8) {
      hash = (hash ^ (static_cast<std::uint64_t>(key) >> shift & 0xFF)) * 1099511628211U;
    }
  });
  Buffer bytes(8);
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<std::byte>(hash >> (56 - 8 * i));
  return test::to_hex(bytes);
}

TEST(Golden, viewer_sets) {
  const int n = for_each_line("viewer_sets.txt", [](std::istream& fields) {
    std::uint64_t cardinality;
    std::string hash, hex;
    fields >> cardinality >> hash >> hex;
    const Buffer value = test::from_hex(hex);
    validate_viewer_set(value);
    const ViewerSet set = decode_viewer_set(value, memory());
    EXPECT_EQ(set.cardinality(), cardinality);
    EXPECT_EQ(encoded_cardinality(value), cardinality);
    EXPECT_EQ(hash_of(set), hash);
    EXPECT_TRUE(encode(set) == value);

    ViewerSet one_by_one(memory());
    set.for_each([&](std::int64_t key) { one_by_one.insert(key); });
    one_by_one.settle();
    EXPECT_TRUE(encode(one_by_one) == value);
  });
  EXPECT_GE(n, 38);
}

TEST(Golden, summaries) {
  const int n = for_each_line("summaries.txt", [](std::istream& fields) {
    Header header;
    std::string hash, hex;
    char comma;
    Counters& c = header.counters;
    fields >> c.views >> comma >> c.unidentified_views >> comma >> c.completions >> comma >>
        c.saves >> comma >> c.shares >> comma >> c.clicks >> comma >> c.skips >> comma >>
        c.impressions >> comma >> c.watch_time_ms >> header.unique_viewers >> hash >> hex;
    const Buffer value = test::from_hex(hex);
    validate_summary(value);
    EXPECT_EQ(read_header(Bytes(value).first(std::min(kHeaderSlice, value.size()))), header);
    const Summary summary = Summary::decode(value, memory());
    EXPECT_EQ(summary.counters(), c);
    EXPECT_EQ(hash_of(summary.viewers()), hash);
    EXPECT_TRUE(encode(summary) == value);

    Buffer state(working::kMaxBytes);
    working::init(state);
    if (working::merge(state, value) == working::Put::full) return;
    Buffer again(working::encoded_size(state));
    working::encode(state, again);
    EXPECT_TRUE(again == value);
  });
  EXPECT_GE(n, 26);
}

// "at,type,viewer or -,watch_time_ms,completed;...", or "-" for none.
test::Events read_events(const std::string& text) {
  static const char* const kTypes[] = {"view", "save", "share", "click", "skip", "complete", "impression", "progress"};
  test::Events events;
  std::istringstream list(text == "-" ? "" : text);
  for (std::string one; std::getline(list, one, ';');) {
    std::istringstream parts(one);
    std::string at, type, viewer, watch_time, completed;
    std::getline(parts, at, ',') && std::getline(parts, type, ',') && std::getline(parts, viewer, ',') &&
        std::getline(parts, watch_time, ',') && std::getline(parts, completed);
    TimedEvent e{std::stoll(at), {}};
    const auto found = std::find(std::begin(kTypes), std::end(kTypes), type);
    EXPECT_NE(found, std::end(kTypes)) << type;
    e.event.type = static_cast<Engagement>(found - kTypes);
    e.event.has_viewer = viewer != "-";
    if (e.event.has_viewer) e.event.viewer = std::stoll(viewer);
    e.event.watch_time_ms = std::stoi(watch_time);
    e.event.completed = completed == "1";
    events.push_back(e);
  }
  return events;
}

TEST(Golden, event_logs) {
  const int n = for_each_line("event_logs.txt", [](std::istream& fields) {
    std::uint64_t count;
    std::string text, hex;
    fields >> count >> text >> hex;
    const Buffer value = test::from_hex(hex);
    const test::Events events = read_events(text);
    EXPECT_EQ(EventLogReader(value).count(), count);
    EXPECT_EQ(events.size(), count);
    EXPECT_EQ(test::events_of(value), events);
    EXPECT_EQ(test::to_hex(encode(events)), hex);
  });
  EXPECT_GE(n, 65);
}

}  // namespace
}  // namespace ea::core
