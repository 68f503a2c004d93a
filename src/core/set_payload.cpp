#include "core/set_payload.hpp"

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

std::uint64_t meta_of(Kind kind, BitStats stats) {
  const std::uint64_t m = (kind == Kind::runs ? stats.runs : stats.count) - 1;
  return m << 2 | static_cast<std::uint64_t>(kind);
}

Container read_container(Reader& reader, std::int64_t high) {
  const std::uint64_t meta = reader.varint();
  const std::uint64_t m = (meta >> 2) + 1;
  if (m > kRange || (meta & 3) > 2) {
    throw Error(Errc::invalid_binary, "unknown container of viewer keys");
  }
  const auto n = static_cast<std::uint32_t>(m);
  Container container{high, static_cast<Kind>(meta & 3), {n, n}, {}};
  container.data = reader.bytes(data_size(container.kind, container.stats));
  container.measure();
  if (kind_of(container.stats) != container.kind) {
    throw Error(Errc::invalid_binary, "container of viewer keys is not in its smallest form");
  }
  return container;
}

// The one reader: calls key() for every key of a tiny set, container() for every container of a
// larger one, and throws at the first byte that a writer would not have written.
template <class OnKey, class OnContainer>
std::uint64_t parse(Bytes payload, OnKey&& key, OnContainer&& container) {
  Reader reader(payload);
  const std::uint64_t cardinality = reader.varint();
  if (cardinality <= kTinyKeys) {
    std::int64_t current = 0;
    for (std::uint64_t i = 0; i < cardinality; ++i) {
      current = i == 0 ? reader.zigzag()
                       : after_gap(current, reader.varint(),
                                   std::numeric_limits<std::int64_t>::max());
      key(current);
    }
    reader.expect_end();
    return cardinality;
  }
  std::uint64_t seen = 0;
  std::int64_t high = 0;
  while (reader.remaining() != 0) {
    high = seen == 0 ? reader.zigzag() : after_gap(high, reader.varint(), kMaxHigh);
    if (high < kMinHigh || high > kMaxHigh) {
      throw Error(Errc::invalid_binary, "viewer key exceeds 64 bits");
    }
    const Container next = read_container(reader, high);
    seen += next.stats.count;
    container(next);
  }
  if (seen != cardinality) throw Error(Errc::invalid_binary, "viewer keys are miscounted");
  return cardinality;
}

}  // namespace

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
  return parse(payload, [](std::int64_t) {}, [](const Container&) {});
}

SetParts read_set_payload(Bytes payload, std::pmr::memory_resource* memory) {
  // Two passes: the first believes nothing and measures, so that the second allocates exactly.
  Tally tally;
  parse(payload, [&](std::int64_t) { ++tally.loose; },
        [&](const Container& container) { tally.add(container); });
  SetParts parts(memory);
  tally.reserve(parts);
  parse(payload, [&](std::int64_t key) { parts.loose.push_back(key); },
        [&](const Container& container) { append(parts, container); });
  return parts;
}

std::size_t read_set_keys(Bytes payload, std::span<std::int64_t> room) {
  std::size_t n = 0;
  bool fits = true;
  const auto put = [&](std::int64_t key) { room[n++] = key; };
  parse(
      payload,
      [&](std::int64_t key) {
        if (n == room.size()) {
          fits = false;
        } else {
          put(key);
        }
      },
      [&](const Container& container) {
        fits = fits && container.stats.count <= room.size() - n;
        if (fits) container.for_each_key(put);
      });
  return fits ? n : kTooManyKeys;
}

}  // namespace ea::core
