#include "core/tree/event_shelf.hpp"

#include "support.hpp"

namespace ea::core {
namespace {

using test::Buffer;
using test::code_of;
using test::from_hex;
using test::kMax;
using test::kMin;
using test::Random;
using test::to_hex;

struct Held {
  std::int64_t id;
  std::uint64_t age;
  Buffer log;
  bool operator==(const Held&) const = default;
};

Buffer shelf_of(const std::vector<Held>& held) {
  std::vector<ShelvedLog> logs;
  for (const Held& h : held) logs.push_back({h.id, h.age, h.log});
  Buffer bytes(event_shelf_size(logs));
  write_event_shelf(logs, bytes);
  return bytes;
}

std::vector<Held> held_by(Bytes bytes) {
  std::vector<Held> result;
  EventShelfReader reader(bytes);
  for (ShelvedLog log; reader.next(&log);) result.push_back({log.id, log.age, Buffer(log.log.begin(), log.log.end())});
  return result;
}

Errc refusal(std::string_view hex) {
  return code_of([&] { held_by(from_hex(hex)); });
}

std::vector<Held> random_shelf(Random& random) {
  const std::int64_t edges[] = {kMin, kMin + 1, -1, 0, 1, 127, 128, kMax - 1, kMax};
  std::vector<Held> held;
  for (std::size_t n = 1 + random() % 60; held.size() < n;) {
    const std::int64_t id = random() % 4 == 0 ? edges[random() % std::size(edges)] : static_cast<std::int64_t>(random() >> (random() % 64));
    held.push_back({id, random() >> (random() % 64), Buffer(random() % 300, static_cast<std::byte>(random()))});
  }
  std::sort(held.begin(), held.end(), [](const Held& a, const Held& b) { return a.id != b.id ? a.id < b.id : a.age > b.age; });
  return held;
}

TEST(EventShelf, BytesAreTheseAndNoOthers) {
  const std::vector<Held> held = {{-3, 200, from_hex("aabb")}, {-3, 0, from_hex("")}, {130, 1, from_hex("cc")}};
  EXPECT_EQ(to_hex(shelf_of(held)), to_hex(from_hex("e8 01 0000 03"
                                                    "05 c801 02 aabb"
                                                    "00 00 00"
                                                    "8501 01 01 cc")));
}

TEST(EventShelf, RoundTrip) {
  Random random(1);
  for (int trial = 0; trial < 500; ++trial) {
    SCOPED_TRACE(trial);
    const std::vector<Held> held = random_shelf(random);
    const Buffer bytes = shelf_of(held);
    EXPECT_TRUE(is_event_shelf(bytes));
    EXPECT_EQ(held_by(bytes), held);
  }
}

TEST(EventShelf, IsNoLogAndNoLogIsOne) {
  EXPECT_FALSE(is_event_shelf({}));
  EXPECT_FALSE(is_event_shelf(from_hex("e701020000")));
  EXPECT_EQ(refusal("e701020000"), Errc::invalid_binary);
}

TEST(EventShelf, WriterWantsLogsInOrder) {
  EXPECT_EQ(code_of([] { shelf_of({{2, 0, {}}, {1, 0, {}}}); }), Errc::contradiction);
  EXPECT_EQ(code_of([] { shelf_of({{1, 0, {}}, {1, 1, {}}}); }), Errc::contradiction);
}

TEST(EventShelf, RefusesWhatIsNone) {
  for (const char* hex : {"", "e8", "e801", "e8010000", "e802 0000 01 02 00 00", "e801 0100 01 02 00 00", "e801 0001 01 02 00 00",
                          "e801 0000 00",                          // nothing on it
                          "e801 0000 01 02 00 01",                 // a log that is cut
                          "e801 0000 01 02 00 00 00",              // something behind the end
                          "e801 0000 02 02 00 00 00 01 00",        // a younger log of the key first
                          "e801 0000 02 feffffffffffffffff01 00 00 02 00 00",    // beyond the last id
                          "e801 0000 01 8200 00 00",               // a number in more bytes than it needs
                          "e801 0000 ffffffffffffffffff01 02 00 00"}) {
    SCOPED_TRACE(hex);
    EXPECT_EQ(refusal(hex), Errc::invalid_binary);
  }
}

TEST(EventShelf, DamageIsRefusedOrOtherBytes) {
  Random random(2);
  for (int trial = 0; trial < 3000; ++trial) {
    SCOPED_TRACE(trial);
    Buffer bytes = shelf_of(random_shelf(random));
    if (random() % 3 == 0)
      bytes.resize(random() % bytes.size());
    else
      bytes[random() % bytes.size()] ^= static_cast<std::byte>(1 + random() % 255);
    try {
      const std::vector<Held> held = held_by(bytes);
      EXPECT_EQ(shelf_of(held), bytes);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::invalid_binary);
    }
  }
}

}  // namespace
}  // namespace ea::core
