#include "core/set/viewer_set.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <utility>

#include "core/set/algebra.hpp"
#include "core/set/payload.hpp"

namespace ea::core {

namespace {

// Fewer waiting keys than this are not worth a pass.
constexpr std::size_t kMinPending = 1024;

}  // namespace

ViewerSet::ViewerSet(std::pmr::memory_resource* memory) : ViewerSet(SetParts(memory)) {}

ViewerSet::ViewerSet(SetParts parts) : parts_(std::move(parts)), pending_(parts_.memory()) {
  update_limit();
}

void ViewerSet::update_limit() { pending_limit_ = std::max(kMinPending, parts_.loose.size()); }

ViewerSet::ViewerSet(ViewerSet&& other) noexcept
    : parts_(std::move(other.parts_)),
      pending_(std::move(other.pending_)),
      pending_limit_(other.pending_limit_),
      settled_(other.settled_) {
  other.parts_.dense = 0;
  other.settled_ = true;
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
  if (!settled()) throw Error(Errc::contradiction, "viewer set is read before it is settled");
  return parts_.view();
}

void ViewerSet::fold() {
  // Many keys at once come in order.
  if (!std::is_sorted(pending_.begin(), pending_.end())) {
    std::sort(pending_.begin(), pending_.end());
  }
  pending_.erase(std::unique(pending_.begin(), pending_.end()), pending_.end());
  parts_.add_keys(pending_);
  update_limit();
}

void ViewerSet::settle() {
  if (settled_) return;
  if (!pending_.empty()) fold();
  parts_.measure();
  settled_ = true;
}

bool ViewerSet::empty() const noexcept {
  return parts_.loose.empty() && parts_.chunks.empty() && pending_.empty();
}

void ViewerSet::merge(const ViewerSet& other) {
  const SetView view = other.view();
  if (this == &other) return;
  merge_ranges(view.cardinality, [&](auto&& f) { for_each_group(view, f); });
}

void ViewerSet::merge(Bytes payload) {
  std::array<std::int64_t, kTinyKeys> keys;
  if (const std::size_t n = read_set_keys(payload, keys); n != kTooManyKeys) {
    for (std::size_t i = 0; i < n; ++i) insert(keys[i]);
    return;
  }
  if (empty()) {
    parts_ = read_set_payload(payload, parts_.memory());
    update_limit();
    return;
  }
  // Checked as a whole first: a refusal changes nothing.
  const std::uint64_t cardinality = check_set_payload(payload);
  merge_ranges(cardinality, [&](auto&& f) {
    Container container;
    for (ContainerCursor cursor(payload); cursor.next(&container);) f(container);
  });
}

// for_each calls a function with the keys of each range, as Groups or Containers.
template <class ForEach>
void ViewerSet::merge_ranges(std::uint64_t cardinality, ForEach&& for_each) {
  // Few keys are not worth moving the chunks for new ones between them.
  if (cardinality <= kMinPending) {
    for_each([this](const auto& range) {
      range.for_each_key([this](std::int64_t key) { insert(key); });
    });
    return;
  }
  settled_ = false;
  std::pmr::vector<Chunk> fresh(parts_.memory());
  for_each([&](const auto& range) {
    Chunk* const ours = parts_.find_chunk(range.high);
    if (ours != nullptr && (ours->is_bitmap() || range.is_dense())) {
      ours->unite(range);
    } else if (range.is_dense()) {
      append_chunk(fresh, range);
    } else {
      range.for_each_key([this](std::int64_t key) { pending_.push_back(key); });
    }
  });
  parts_.add_chunks(fresh);
  if (pending_.size() >= pending_limit_) fold();
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

std::uint64_t ViewerSet::intersection_count(const ViewerSet& a, const ViewerSet& b) {
  return core::intersection_count(a.view(), b.view());
}

std::size_t ViewerSet::payload_size() const { return set_payload_size(view()); }

void ViewerSet::write_payload(Writer& writer) const { write_set_payload(view(), writer); }

ViewerSet ViewerSet::read_payload(Bytes payload, std::pmr::memory_resource* memory) {
  return ViewerSet(read_set_payload(payload, memory));
}

}  // namespace ea::core
