#include "ask/counted_viewers.hpp"

#include <bit>

namespace ea::rollup {

namespace {

constexpr Size kMostParts = 64;
constexpr int64 kAtOnce = 512;

Size memory_limit() { return (Size)work_mem * 1024; }

}  // namespace

CountedViewers::CountedViewers()
    : context_(CurrentMemoryContext),
      memory_(context_),
      counts_(&memory_, std::bit_floor(memory_limit() / 32)),
      // The buffers of the files take a quarter of the memory, or, where that is very little, more.
      bits_(std::bit_width(Min(Max(memory_limit() / (4 * BLCKSZ), (Size)4), kMostParts)) - 1),
      parts_(new_parts()) {}

CountedViewers::Part* CountedViewers::new_parts() const {
  return static_cast<Part*>(MemoryContextAllocZero(context_, sizeof(Part) << bits_));
}

void CountedViewers::put_aside(Part& part, const Sighting& sighting) {
  if (!part.file) part.file = files_.make();
  Sighting copy = sighting;
  BufFileWrite(part.file, &copy, sizeof copy);
  part.count++;
}

void CountedViewers::finish(Part* parts, int depth) {
  counts_.for_each([&](int32 counter, int64 viewer, uint32 count) { emit_(with_, counter, viewer, count); });
  counts_.clear();
  // Where there are no more bits, hashes that are the same to the last bit are as many as counters.
  if ((depth + 2) * bits_ > 64) counts_.lift_limit();
  for (int i = 0; i < 1 << bits_; i++) {
    if (!parts[i].file) continue;
    pg::rewind(parts[i].file);
    Part* inner = new_parts();
    Sighting sightings[kAtOnce];
    for (int64 read = 0; read < parts[i].count; read += kAtOnce) {
      CHECK_FOR_INTERRUPTS();
      const int64 count = Min(parts[i].count - read, kAtOnce);
      pg::read_exactly(parts[i].file, sightings, count * sizeof(Sighting));
      for (int64 k = 0; k < count; k++) see((int32)sightings[k].counter, sightings[k].viewer, inner, depth + 1);
    }
    BufFileClose(parts[i].file);
    finish(inner, depth + 1);
  }
  pfree(parts);
}

}  // namespace ea::rollup
