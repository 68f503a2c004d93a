#include "core/set_container.hpp"

namespace ea::core {

namespace {

BitStats measure_array(const Container& array) {
  BitStats stats{array.stats.count, 1};
  std::uint16_t before = array.number(0);
  for (std::size_t i = 1; i < stats.count; ++i) {
    const std::uint16_t key = array.number(i);
    if (key <= before) throw Error(Errc::invalid_binary, "viewer keys are not ascending");
    stats.runs += key != before + 1 ? 1 : 0;
    before = key;
  }
  return stats;
}

BitStats measure_bitmap(const Container& bitmap) {
  Bits bits;
  bitmap.read_bitmap(bits);
  const BitStats stats = measure_bits(bits.words.data());
  if (stats.count != bitmap.stats.count) {
    throw Error(Errc::invalid_binary, "viewer keys are miscounted");
  }
  return stats;
}

BitStats measure_runs(const Container& runs) {
  BitStats stats{0, runs.stats.runs};
  std::uint32_t next = 0;  // lowest key the next run may begin with
  for (std::size_t i = 0; i < stats.runs; ++i) {
    const std::uint32_t first = runs.number(2 * i);
    const std::uint32_t end = first + runs.number(2 * i + 1) + 1;
    if (first < next || end > kRange) {
      throw Error(Errc::invalid_binary, "runs of viewer keys overlap or touch");
    }
    stats.count += end - first;
    next = end + 1;
  }
  return stats;
}

}  // namespace

void Container::measure() {
  stats = kind == Kind::array    ? measure_array(*this)
          : kind == Kind::bitmap ? measure_bitmap(*this)
                                 : measure_runs(*this);
}

void Container::read_bitmap(Bits& bits) const noexcept {
  for (std::size_t i = 0; i < kWords; ++i) {
    bits.words[i] = load_le<std::uint64_t>(data.data() + 8 * i);
  }
}

void Tally::add(const Container& container) noexcept {
  if (form_of(container.stats) == Form::loose) {
    loose += container.stats.count;
  } else {
    ++chunks;
  }
}

void Tally::reserve(SetParts& parts) const {
  parts.loose.reserve(loose);
  parts.chunks.reserve(chunks);
}

void append(SetParts& parts, const Container& container) {
  const Form form = form_of(container.stats);
  if (form == Form::loose) {
    container.for_each_key([&](std::int64_t key) { parts.loose.push_back(key); });
    return;
  }
  parts.dense += container.stats.count;
  Chunk& chunk = parts.chunks.emplace_back(container.high, parts.memory());
  if (form == Form::runs && container.kind == Kind::runs) {
    chunk.reserve_runs(container.stats.runs);
    container.for_each_run([&](std::uint16_t first, std::uint16_t last) {
      chunk.append_run(first, last);
    });
    return;
  }
  Bits bits;
  if (container.kind == Kind::bitmap) {
    container.read_bitmap(bits);
  } else {
    bits.clear();
    container.for_each_key([&](std::int64_t key) { bits.set(low_of(key)); });
  }
  chunk.assign(bits, container.stats);
}

void write_data(Kind kind, const Group& group, Writer& writer) {
  if (kind == Kind::bitmap) {
    Bits bits;
    bits.clear();
    group.or_into(bits);
    for (const std::uint64_t word : bits.words) writer.u64(word);
  } else if (kind == Kind::runs) {
    group.for_each_run([&](std::uint16_t first, std::uint16_t last) {
      writer.u16(first);
      writer.u16(static_cast<std::uint16_t>(last - first));
    });
  } else {
    group.for_each_run([&](std::uint32_t first, std::uint32_t last) {
      for (std::uint32_t low = first; low <= last; ++low) {
        writer.u16(static_cast<std::uint16_t>(low));
      }
    });
  }
}

}  // namespace ea::core
