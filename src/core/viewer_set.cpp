#include "core/viewer_set.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <utility>

#include "core/set_algebra.hpp"
#include "core/set_payload.hpp"

namespace ea::core {

namespace {

// Fewer waiting keys than this are not worth a pass.
constexpr std::size_t kMinPending = 1024;

}  // namespace

ViewerSet::ViewerSet(std::pmr::memory_resource* memory) : ViewerSet(SetParts(memory)) {}

ViewerSet::ViewerSet(SetParts parts) : parts_(std::move(parts)), pending_(parts_.memory()) {
  update_limit();
}

ViewerSet::ViewerSet(ViewerSet&& other) noexcept
    : parts_(std::move(other.parts_)),
      pending_(std::move(other.pending_)),
      pending_limit_(other.pending_limit_),
      last_chunk_(other.last_chunk_) {
  other.parts_.dense = 0;
}

ViewerSet& ViewerSet::operator=(ViewerSet&& other) noexcept {
  // Vectors over different resources cannot trade places: the old set goes and a new one is made.
  if (this != &other) {
    std::destroy_at(this);
    std::construct_at(this, std::move(other));
  }
  return *this;
}

ViewerSet ViewerSet::from_parts(SetParts parts) { return ViewerSet(std::move(parts)); }

SetView ViewerSet::view() const {
  if (!settled()) throw Error(Errc::invalid_argument, "viewer set is read before it is settled");
  return parts_.view();
}

Chunk* ViewerSet::dense_chunk(std::int64_t high) {
  auto& chunks = parts_.chunks;
  if (last_chunk_ < chunks.size() && chunks[last_chunk_].high() == high) {
    return &chunks[last_chunk_];
  }
  const auto found = std::lower_bound(
      chunks.begin(), chunks.end(), high,
      [](const Chunk& chunk, std::int64_t wanted) { return chunk.high() < wanted; });
  if (found == chunks.end() || found->high() != high) return nullptr;
  last_chunk_ = static_cast<std::size_t>(found - chunks.begin());
  return &*found;
}

void ViewerSet::update_limit() { pending_limit_ = std::max(kMinPending, parts_.loose.size()); }

void ViewerSet::settle() {
  if (pending_.empty()) return;
  auto& loose = parts_.loose;
  // A bulk merge leaves them in order.
  if (!std::is_sorted(pending_.begin(), pending_.end())) {
    std::sort(pending_.begin(), pending_.end());
  }

  // Keep only what is new, so that the room needed is known before anything moves.
  std::size_t fresh = 0;
  auto known = loose.begin();
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    const std::int64_t key = pending_[i];
    if (fresh != 0 && pending_[fresh - 1] == key) continue;
    while (known != loose.end() && *known < key) ++known;
    if (known != loose.end() && *known == key) continue;
    pending_[fresh++] = key;
  }

  // Merge from the back, in place.
  std::size_t from = loose.size();
  loose.resize(from + fresh);
  for (std::size_t to = loose.size(); fresh != 0;) {
    if (from != 0 && loose[from - 1] > pending_[fresh - 1]) {
      loose[--to] = loose[--from];
    } else {
      loose[--to] = pending_[--fresh];
    }
  }
  pending_.clear();
  parts_.promote();
  update_limit();
}

void ViewerSet::merge(const ViewerSet& other) {
  const SetView view = other.view();
  if (this == &other) return;
  // Few keys wait with the others. More are worth a pass over ours, which is then paid for by them:
  // any number of merges costs no more than in proportion to the keys merged.
  if (view.cardinality <= std::max(kMinPending, parts_.loose.size() / 8)) {
    for_each_key(view, [this](std::int64_t key) { insert(key); });
  } else {
    merge_in_bulk(view);
  }
}

void ViewerSet::merge(Bytes payload) {
  std::array<std::int64_t, kTinyKeys> keys;
  const std::size_t n = read_set_keys(payload, keys);
  if (n != kTooManyKeys) {
    for (std::size_t i = 0; i < n; ++i) insert(keys[i]);
    return;
  }
  merge(read_payload(payload, parts_.memory()));
}

void ViewerSet::merge_in_bulk(SetView other) {
  settle();
  auto& chunks = parts_.chunks;
  auto& loose = parts_.loose;
  std::pmr::vector<Chunk> fresh(parts_.memory());

  // Loose keys of ours that a new chunk takes in are squeezed out as we pass.
  std::size_t read = 0, kept = 0;
  const auto keep_until = [&](std::int64_t last) {
    for (; read < loose.size() && loose[read] <= last; ++read) loose[kept++] = loose[read];
  };
  for (const Chunk& theirs : other.chunks) {
    Chunk* ours = dense_chunk(theirs.high());
    if (ours != nullptr && ours->is_bitmap() && theirs.is_bitmap()) {
      parts_.dense -= ours->count();
      ours->or_bits(theirs.bitmap());
      parts_.dense += ours->count();
      continue;
    }
    const std::int64_t first = key_of(theirs.high(), 0), last = key_of(theirs.high(), kRange - 1);
    if (first != std::numeric_limits<std::int64_t>::min()) keep_until(first - 1);
    if (ours == nullptr && (read == loose.size() || loose[read] > last)) {
      fresh.emplace_back(theirs, parts_.memory());
      parts_.dense += theirs.count();
      continue;
    }
    Bits bits;
    bits.clear();
    theirs.or_into(bits);
    if (ours != nullptr) {
      ours->or_into(bits);
      parts_.dense -= ours->count();
    } else {
      for (; read < loose.size() && loose[read] <= last; ++read) bits.set(low_of(loose[read]));
      ours = &fresh.emplace_back(theirs.high(), parts_.memory());
    }
    ours->assign(bits, measure_bits(bits.words.data()));
    parts_.dense += ours->count();
  }
  keep_until(std::numeric_limits<std::int64_t>::max());
  loose.resize(kept);

  if (!fresh.empty()) {
    chunks.reserve(chunks.size() + fresh.size());
    for (Chunk& chunk : fresh) chunks.push_back(std::move(chunk));
    parts_.sort_chunks();
    last_chunk_ = 0;
  }
  // Their loose keys: into our chunks where we have one, else they wait, already in order.
  for (std::size_t i = 0; i < other.loose.size();) {
    const auto group = other.loose.subspan(i, group_length(other.loose.subspan(i)));
    i += group.size();
    Chunk* ours = dense_chunk(high_of(group[0]));
    if (ours == nullptr) {
      pending_.insert(pending_.end(), group.begin(), group.end());
    } else if (ours->is_bitmap()) {
      for (const std::int64_t key : group) parts_.dense += ours->insert(low_of(key)) ? 1 : 0;
    } else {
      Bits bits;
      bits.clear();
      ours->or_into(bits);
      for (const std::int64_t key : group) bits.set(low_of(key));
      parts_.dense -= ours->count();
      ours->assign(bits, measure_bits(bits.words.data()));
      parts_.dense += ours->count();
    }
  }
  settle();
  update_limit();
}

std::uint64_t ViewerSet::cardinality() const { return view().cardinality; }

bool ViewerSet::contains(std::int64_t key) const {
  const SetView set = view();
  const auto chunk = std::lower_bound(
      set.chunks.begin(), set.chunks.end(), high_of(key),
      [](const Chunk& one, std::int64_t high) { return one.high() < high; });
  if (chunk != set.chunks.end() && chunk->high() == high_of(key)) {
    return chunk->contains(low_of(key));
  }
  return std::binary_search(set.loose.begin(), set.loose.end(), key);
}

bool ViewerSet::contains_all(const ViewerSet& other) const {
  return contains_set(view(), other.view());
}

bool ViewerSet::operator==(const ViewerSet& other) const {
  return cardinality() == other.cardinality() && contains_all(other);
}

bool ViewerSet::Cursor::next(std::int64_t* key) {
  while (chunk_ < view_.chunks.size()) {
    const Chunk& chunk = view_.chunks[chunk_];
    if (loose_ < view_.loose.size() && high_of(view_.loose[loose_]) < chunk.high()) break;
    const std::uint32_t low = chunk.next(low_);
    if (low < kRange) {
      low_ = low + 1;
      *key = key_of(chunk.high(), low);
      return true;
    }
    ++chunk_;
    low_ = 0;
  }
  if (loose_ == view_.loose.size()) return false;
  *key = view_.loose[loose_++];
  return true;
}

ViewerSet ViewerSet::unite(const ViewerSet& a, const ViewerSet& b,
                           std::pmr::memory_resource* memory) {
  return ViewerSet(unite_sets(a.view(), b.view(), memory));
}

ViewerSet ViewerSet::intersect(const ViewerSet& a, const ViewerSet& b,
                               std::pmr::memory_resource* memory) {
  return ViewerSet(intersect_sets(a.view(), b.view(), memory));
}

ViewerSet ViewerSet::subtract(const ViewerSet& a, const ViewerSet& b,
                              std::pmr::memory_resource* memory) {
  return ViewerSet(subtract_sets(a.view(), b.view(), memory));
}

std::size_t ViewerSet::payload_size() const { return set_payload_size(view()); }

void ViewerSet::write_payload(Writer& writer) const { write_set_payload(view(), writer); }

ViewerSet ViewerSet::read_payload(Bytes payload, std::pmr::memory_resource* memory) {
  return ViewerSet(read_set_payload(payload, memory));
}

}  // namespace ea::core
