// Layout, little-endian throughout:
//   u64 number of parts; each: u32 upper half of its keys, then a 32-bit bitmap:
//     without runs: u32 12346, u32 number of containers
//     with runs:    u32 12347 | (number of containers - 1) << 16, then one bit for each container
//     for each container: u16 range, u16 number of keys - 1
//     without runs, or with 4 or more containers: u32 position of each container in the bitmap
//     the containers: sorted u16 up to 4096 keys, else 8192 bytes of bits; or u16 number of runs
//     and for each u16 first key, u16 length - 1
#include "core/set/roaring.hpp"

#include <algorithm>

#include "core/set/container.hpp"

namespace ea::core {

namespace {

constexpr std::uint32_t kPlainCookie = 12346;
constexpr std::uint32_t kRunCookie = 12347;
constexpr std::uint32_t kOffsetsFrom = 4;  // with runs, fewer containers go without positions
constexpr std::uint32_t kMaxContainers = 65536;

bool has_offsets(std::uint32_t containers, bool runs) {
  return !runs || containers >= kOffsetsFrom;
}

std::size_t head_size(std::uint32_t containers, bool runs) {
  return (runs ? 4 + (containers + 7) / 8 : 8) + std::size_t{4} * containers +
         (has_offsets(containers, runs) ? std::size_t{4} * containers : 0);
}

// A container of runs carries their number.
std::size_t container_size(Kind kind, BitStats stats) {
  return data_size(kind, stats) + (kind == Kind::runs ? 2 : 0);
}

// Calls f(upper half, keys) for every part of the set, in the unsigned order of keys.
template <class F>
void for_each_part(SetView set, F&& f) {
  const auto ascending = [&f](SetView rest) {
    while (!rest.loose.empty() || !rest.chunks.empty()) {
      std::int64_t upper = INT64_MAX;
      if (!rest.loose.empty()) upper = rest.loose.front() >> 32;
      if (!rest.chunks.empty()) upper = std::min(upper, rest.chunks.front().high() >> 16);
      std::size_t loose = 0, chunks = 0;
      while (loose < rest.loose.size() && rest.loose[loose] >> 32 == upper) ++loose;
      while (chunks < rest.chunks.size() && rest.chunks[chunks].high() >> 16 == upper) ++chunks;
      f(static_cast<std::uint32_t>(upper & 0xFFFFFFFF),
        SetView{rest.loose.first(loose), rest.chunks.first(chunks), 0});
      rest = {rest.loose.subspan(loose), rest.chunks.subspan(chunks), 0};
    }
  };
  std::size_t loose = 0, chunks = 0;
  loose = static_cast<std::size_t>(
      std::lower_bound(set.loose.begin(), set.loose.end(), 0) - set.loose.begin());
  while (chunks < set.chunks.size() && set.chunks[chunks].high() < 0) ++chunks;
  ascending({set.loose.subspan(loose), set.chunks.subspan(chunks), 0});
  ascending({set.loose.first(loose), set.chunks.first(chunks), 0});
}

// What has to be known of a 32-bit bitmap before its first byte is written.
struct Measure {
  std::uint32_t containers = 0;
  bool runs = false;
  std::uint64_t data = 0;

  std::uint64_t size() const { return head_size(containers, runs) + data; }
};

Measure measure(SetView part) {
  Measure result;
  for_each_group(part, [&](const Group& group) {
    const BitStats stats = group.stats();
    const Kind kind = kind_of(stats);
    ++result.containers;
    result.runs = result.runs || kind == Kind::runs;
    result.data += container_size(kind, stats);
  });
  return result;
}

void write_bitmap(SetView part, const Measure& measured, MutableBytes out) {
  const std::uint32_t n = measured.containers;
  // The four areas of a bitmap are filled side by side, in one pass.
  Writer head(out);
  MutableBytes flags;
  if (measured.runs) {
    head.u32(kRunCookie | (n - 1) << 16);
    flags = out.subspan(4, (n + 7) / 8);
    std::fill(flags.begin(), flags.end(), std::byte{0});
  } else {
    head.u32(kPlainCookie);
    head.u32(n);
  }
  const std::size_t table = measured.runs ? 4 + flags.size() : 8;
  Writer ranges(out.subspan(table, std::size_t{4} * n));
  Writer offsets(out.subspan(table + std::size_t{4} * n));
  std::size_t position = head_size(n, measured.runs);
  Writer data(out.subspan(position));
  std::size_t i = 0;
  for_each_group(part, [&](const Group& group) {
    const BitStats stats = group.stats();
    const Kind kind = kind_of(stats);
    ranges.u16(static_cast<std::uint16_t>(group.high & 0xFFFF));
    ranges.u16(static_cast<std::uint16_t>(stats.count - 1));
    if (has_offsets(n, measured.runs)) offsets.u32(static_cast<std::uint32_t>(position));
    if (kind == Kind::runs) {
      flags[i / 8] |= std::byte{1} << (i % 8);
      data.u16(static_cast<std::uint16_t>(stats.runs));
    }
    write_data(kind, group, data);
    position += container_size(kind, stats);
    ++i;
  });
  data.expect_full();
}

// Calls f(Container, keys as claimed) for every container of one 32-bit bitmap.
template <class F>
void read_bitmap(Reader& reader, std::uint32_t upper, F&& f) {
  const std::size_t start = reader.remaining();
  const std::uint32_t cookie = reader.u32();
  const bool runs = (cookie & 0xFFFF) == kRunCookie;
  if (!runs && cookie != kPlainCookie) {
    throw Error(Errc::invalid_binary, "roaring bitmap with unknown cookie %u", cookie);
  }
  const std::uint32_t n = runs ? (cookie >> 16) + 1 : reader.u32();
  if (n > kMaxContainers) {
    throw Error(Errc::invalid_binary, "roaring bitmap with %u containers", n);
  }
  const Bytes flags = reader.bytes(runs ? (n + 7) / 8 : 0);
  if (runs && n % 8 != 0 && (flags.back() >> (n % 8)) != std::byte{0}) {
    throw Error(Errc::invalid_binary, "roaring bitmap with unknown flags");
  }
  Reader ranges(reader.bytes(std::size_t{4} * n));
  Reader offsets(reader.bytes(has_offsets(n, runs) ? std::size_t{4} * n : 0));
  std::int32_t before = -1;
  for (std::uint32_t i = 0; i < n; ++i) {
    const std::uint16_t range = ranges.u16();
    const std::uint32_t count = std::uint32_t{ranges.u16()} + 1;
    if (range <= before) throw Error(Errc::invalid_binary, "roaring containers are not ascending");
    before = range;
    if (offsets.remaining() != 0 && offsets.u32() != start - reader.remaining()) {
      throw Error(Errc::invalid_binary, "roaring container is not where its offset says");
    }
    const bool is_runs = runs && ((flags[i / 8] >> (i % 8)) & std::byte{1}) != std::byte{0};
    const auto high = static_cast<std::int64_t>(std::uint64_t{upper} << 32 |
                                                std::uint64_t{range} << 16) >> 16;
    const Kind kind = is_runs ? Kind::runs : count <= kMaxArray ? Kind::array : Kind::bitmap;
    const std::uint32_t size = is_runs ? reader.u16() : count;
    if (size == 0) throw Error(Errc::invalid_binary, "roaring container without keys");
    f(Container{high, kind, size, reader.bytes(data_size(kind, size))}, count);
  }
}

template <class F>
void read_parts(Bytes bytes, F&& f) {
  Reader reader(bytes);
  const std::uint64_t parts = reader.u64();
  std::int64_t before = -1;
  // Every part takes bytes, so a false number of parts runs out of them.
  for (std::uint64_t i = 0; i < parts; ++i) {
    const std::uint32_t upper = reader.u32();
    if (upper <= before) throw Error(Errc::invalid_binary, "roaring parts are not ascending");
    before = upper;
    read_bitmap(reader, upper, f);
  }
  reader.expect_end();
}

}  // namespace

std::size_t roaring_size(const ViewerSet& set) {
  std::uint64_t size = sizeof(std::uint64_t);
  for_each_part(set.view(), [&](std::uint32_t, SetView part) {
    size = checked_size(size + sizeof(std::uint32_t) + measure(part).size());
  });
  return static_cast<std::size_t>(size);
}

void to_roaring(const ViewerSet& set, MutableBytes out) {
  std::uint64_t parts = 0;
  for_each_part(set.view(), [&](std::uint32_t, SetView) { ++parts; });
  Writer writer(out);
  writer.u64(parts);
  for_each_part(set.view(), [&](std::uint32_t upper, SetView part) {
    const Measure measured = measure(part);
    writer.u32(upper);
    write_bitmap(part, measured, writer.skip(static_cast<std::size_t>(measured.size())));
  });
  writer.expect_full();
}

ViewerSet from_roaring(Bytes bytes, std::pmr::memory_resource* memory) {
  Tally tally;
  read_parts(bytes, [&](const Container& container, std::uint32_t) { tally.add(container); });
  SetParts parts(memory);
  tally.reserve(parts);
  read_parts(bytes, [&](const Container& container, std::uint32_t count) {
    if (append(parts, container).count != count) {
      throw Error(Errc::invalid_binary, "roaring container is miscounted");
    }
  });
  // Negative keys came last and belong in front.
  const auto loose = std::find_if(parts.loose.begin(), parts.loose.end(),
                                  [](std::int64_t key) { return key < 0; });
  std::rotate(parts.loose.begin(), loose, parts.loose.end());
  const auto chunks = std::find_if(parts.chunks.begin(), parts.chunks.end(),
                                   [](const Chunk& chunk) { return chunk.high() < 0; });
  std::rotate(parts.chunks.begin(), chunks, parts.chunks.end());
  return ViewerSet::from_parts(std::move(parts));
}

}  // namespace ea::core
