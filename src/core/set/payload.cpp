#include "core/set/payload.hpp"

#include <array>
#include <limits>

namespace ea::core {

namespace {

constexpr std::int64_t kMaxHigh = std::numeric_limits<std::int64_t>::max() >> 16;
constexpr std::int64_t kMinHigh = std::numeric_limits<std::int64_t>::min() >> 16;

// Distance between two numbers of an ascending sequence, less 1.
std::uint64_t gap(std::int64_t before, std::int64_t after) {
  return static_cast<std::uint64_t>(after) - static_cast<std::uint64_t>(before) - 1;
}

std::int64_t after_gap(std::int64_t before, std::uint64_t gap, std::int64_t max) {
  const std::uint64_t room = static_cast<std::uint64_t>(max) - static_cast<std::uint64_t>(before);
  if (gap >= room) throw Error(Errc::invalid_binary, "viewer key exceeds 64 bits");
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(before) + gap + 1);
}

[[noreturn]] void refuse_count() {
  throw Error(Errc::invalid_binary, "viewer keys are miscounted");
}

std::uint64_t meta_of(Kind kind, BitStats stats) {
  const std::uint64_t m = (kind == Kind::runs ? stats.runs : stats.count) - 1;
  return m << 2 | static_cast<std::uint64_t>(kind);
}

// Throws at the first key that a writer would not have written.
template <class F>
void parse_keys(Reader& reader, std::uint64_t cardinality, F&& f) {
  std::int64_t key = 0;
  for (std::uint64_t i = 0; i < cardinality; ++i) {
    key = i == 0 ? reader.zigzag()
                 : after_gap(key, reader.varint(), std::numeric_limits<std::int64_t>::max());
    f(key);
  }
  reader.expect_end();
}

// Likewise with containers, which are measured by f.
template <class F>
void parse_containers(Bytes payload, F&& f) {
  ContainerCursor cursor(payload);
  Container container;
  std::uint64_t seen = 0;
  while (cursor.next(&container)) {
    const BitStats stats = f(container);
    seen += stats.count;
    if (kind_of(stats) != container.kind) {
      throw Error(Errc::invalid_binary, "container of viewer keys is not in its smallest form");
    }
    if (container.kind == Kind::bitmap && stats.count != container.n) refuse_count();
  }
  if (seen != cursor.cardinality()) refuse_count();
}

}  // namespace

bool ContainerCursor::next(Container* container) {
  if (reader_.remaining() == 0) return false;
  high_ = first_ ? reader_.zigzag() : after_gap(high_, reader_.varint(), kMaxHigh);
  first_ = false;
  if (high_ < kMinHigh || high_ > kMaxHigh) {
    throw Error(Errc::invalid_binary, "viewer key exceeds 64 bits");
  }
  const std::uint64_t meta = reader_.varint();
  const std::uint64_t m = (meta >> 2) + 1;
  if (m > kRange || (meta & 3) > 2) {
    throw Error(Errc::invalid_binary, "unknown container of viewer keys");
  }
  const auto kind = static_cast<Kind>(meta & 3);
  const auto n = static_cast<std::uint32_t>(m);
  *container = {high_, kind, n, reader_.bytes(data_size(kind, n))};
  return true;
}

std::size_t set_payload_size(SetView set) {
  std::uint64_t size = varint_size(set.cardinality);
  bool first = true;
  std::int64_t before = 0;
  const auto add = [&](std::int64_t number, std::uint64_t more) {
    size += varint_size(first ? zigzag_encode(number) : gap(before, number)) + more;
    before = number;
    first = false;
  };
  if (set.cardinality <= kTinyKeys) {
    for_each_key(set, [&](std::int64_t key) { add(key, 0); });
  } else {
    for_each_group(set, [&](const Group& group) {
      const BitStats stats = group.stats();
      const Kind kind = kind_of(stats);
      add(group.high, varint_size(meta_of(kind, stats)) + data_size(kind, stats));
    });
  }
  return checked_size(size);
}

void write_set_payload(SetView set, Writer& writer) {
  writer.varint(set.cardinality);
  bool first = true;
  std::int64_t before = 0;
  const auto put = [&](std::int64_t number) {
    writer.varint(first ? zigzag_encode(number) : gap(before, number));
    before = number;
    first = false;
  };
  if (set.cardinality <= kTinyKeys) {
    for_each_key(set, put);
    return;
  }
  for_each_group(set, [&](const Group& group) {
    const BitStats stats = group.stats();
    const Kind kind = kind_of(stats);
    put(group.high);
    writer.varint(meta_of(kind, stats));
    write_data(kind, group, writer);
  });
}

std::uint64_t check_set_payload(Bytes payload) {
  Reader reader(payload);
  const std::uint64_t cardinality = reader.varint();
  if (cardinality <= kTinyKeys) {
    parse_keys(reader, cardinality, [](std::int64_t) {});
  } else {
    parse_containers(payload, [](const Container& container) { return container.measure(); });
  }
  return cardinality;
}

SetParts read_set_payload(Bytes payload, std::pmr::memory_resource* memory) {
  SetParts parts(memory);
  std::array<std::int64_t, kTinyKeys> keys;
  if (const std::size_t n = read_set_keys(payload, keys); n != kTooManyKeys) {
    parts.loose.assign(keys.begin(), keys.begin() + n);
    return parts;
  }
  // The lengths of the containers say how much to allocate; those bytes are there.
  Tally tally;
  Container container;
  for (ContainerCursor cursor(payload); cursor.next(&container);) tally.add(container);
  tally.reserve(parts);
  parse_containers(payload, [&](const Container& one) { return append(parts, one); });
  return parts;
}

std::size_t read_set_keys(Bytes payload, std::span<std::int64_t> room) {
  Reader reader(payload);
  const std::uint64_t cardinality = reader.varint();
  if (cardinality > room.size()) return kTooManyKeys;
  std::size_t n = 0;
  const auto put = [&](std::int64_t key) { room[n++] = key; };
  if (cardinality <= kTinyKeys) {
    parse_keys(reader, cardinality, put);
    return n;
  }
  parse_containers(payload, [&](const Container& container) {
    const BitStats stats = container.measure();
    if (stats.count > room.size() - n) refuse_count();
    container.for_each_key(put);
    return stats;
  });
  return n;
}

}  // namespace ea::core
