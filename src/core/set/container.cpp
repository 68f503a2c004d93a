#include "core/set/container.hpp"

namespace ea::core {

namespace {

BitStats measure_array(const Container& array) {
  BitStats stats{array.n, 1};
  std::uint32_t before = array.number(0);
  bool ascending = true;
  for (std::size_t i = 1; i < array.n; ++i) {
    const std::uint32_t key = array.number(i);
    ascending &= key > before;
    stats.runs += key != before + 1 ? 1 : 0;
    before = key;
  }
  if (!ascending) throw Error(Errc::invalid_binary, "viewer keys are not ascending");
  return stats;
}

BitStats measure_runs(const Container& runs) {
  BitStats stats{0, runs.n};
  std::uint32_t next = 0;  // lowest key the next run may begin with
  bool apart = true;
  runs.for_each_run([&](std::uint32_t first, std::uint32_t last) {
    apart &= first >= next && last < kRange;
    stats.count += last - first + 1;
    next = last + 2;
  });
  if (!apart) throw Error(Errc::invalid_binary, "runs of viewer keys overlap or touch");
  return stats;
}

}  // namespace

BitStats Container::measure() const {
  return kind == Kind::array    ? measure_array(*this)
         : kind == Kind::bitmap ? measure_bits(StoredBits{data.data()})
                                : measure_runs(*this);
}

void Container::or_into(std::uint64_t* words) const noexcept {
  if (kind == Kind::bitmap) {
    add_bits(StoredBits{data.data()}, words);
  } else if (kind == Kind::array) {
    for (std::size_t i = 0; i < n; ++i) set_bit(words, number(i));
  } else {
    for_each_run([words](std::uint32_t first, std::uint32_t last) { set_bits(words, first, last); });
  }
}

Runs Container::runs(RunList& room) const noexcept {
  for_each_run([&](std::uint32_t first, std::uint32_t last) { room.append({first, last + 1}); });
  return room.runs();
}

void Tally::reserve(SetParts& parts) const {
  parts.loose.reserve(loose);
  parts.chunks.reserve(chunks);
}

BitStats append(SetParts& parts, const Container& container) {
  if (container.is_dense()) {
    const BitStats stats = append_chunk(parts.chunks, container);
    parts.dense += stats.count;
    return stats;
  }
  const BitStats stats = container.measure();
  const std::size_t size = parts.loose.size();
  parts.loose.resize(size + container.n);
  std::int64_t* const to = parts.loose.data() + size;
  for (std::size_t i = 0; i < container.n; ++i) to[i] = key_of(container.high, container.number(i));
  return stats;
}

BitStats append_chunk(std::pmr::vector<Chunk>& chunks, const Container& container) {
  // In a bitmap nothing can be wrong but the number of keys, which the chunk is going to count.
  if (container.kind != Kind::bitmap) container.measure();
  Chunk& chunk = chunks.emplace_back(container.high, chunks.get_allocator().resource());
  if (container.max_runs() < kMaxRuns) {
    RunList room;
    container.runs(room);
    chunk.assign(room);
  } else {
    container.or_into(chunk.edit_bitmap());
    chunk.measure();
  }
  return chunk.stats();
}

void write_data(Kind kind, const Group& group, Writer& writer) {
  if (kind == Kind::bitmap) {
    Bits bits;
    store_le(writer.skip(kBitmapSize).data(), std::span(group.bitmap(bits), kWords));
  } else if (kind == Kind::runs) {
    group.for_each_run([&](std::uint32_t first, std::uint32_t last) {
      writer.u32(first | (last - first) << 16);  // two numbers in one step
    });
  } else {
    group.for_each_key([&](std::int64_t key) { writer.u16(low_of(key)); });
  }
}

}  // namespace ea::core
