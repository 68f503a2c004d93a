// An exact, mutable set of viewer keys, and its stored form.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <vector>

#include "core/bytes/codec.hpp"
#include "core/set/parts.hpp"

namespace ea::core {

// Keys come in one by one and wait in a buffer until as many are waiting as were sorted before, so
// that n scattered keys cost O(n log n); keys of a range that has become dense go straight into its
// bitmap, which is counted once all are in. All memory comes from the resource given at the start, which must outlive the set.
class ViewerSet {
 public:
  explicit ViewerSet(std::pmr::memory_resource* memory);
  ViewerSet(ViewerSet&& other) noexcept;
  // The set takes over the source's memory resource, as in move construction.
  ViewerSet& operator=(ViewerSet&& other) noexcept;
  ViewerSet(const ViewerSet&) = delete;
  ViewerSet& operator=(const ViewerSet&) = delete;
  ~ViewerSet() = default;

  void insert(std::int64_t key) {
    settled_ = false;
    if (Chunk* chunk = parts_.find_chunk(high_of(key)); chunk != nullptr && chunk->is_bitmap()) {
      chunk->insert(low_of(key));
      return;
    }
    pending_.push_back(key);
    if (pending_.size() >= pending_limit_) fold();
  }
  void merge(const ViewerSet& other);  // other must be settled
  void merge(Bytes payload);           // the same checks as read_payload; a refusal changes nothing

  // Folds the waiting keys in and counts. All functions below want it done, and throw
  // contradiction if not.
  void settle();
  bool settled() const noexcept { return settled_; }

  std::uint64_t cardinality() const;
  bool contains(std::int64_t key) const;
  bool contains_all(const ViewerSet& other) const;
  bool operator==(const ViewerSet& other) const;

  // Keys in ascending signed order.
  template <class F>
  void for_each(F&& f) const {
    for_each_key(view(), f);
  }

  // The same order, one key per call; the set must outlive the cursor and not change meanwhile.
  class Cursor {
   public:
    explicit Cursor(const ViewerSet& set) : view_(set.view()) {}
    bool next(std::int64_t* key);

   private:
    SetView view_;
    std::size_t loose_ = 0;
    std::size_t chunk_ = 0;
    std::uint32_t low_ = 0;
  };

  static ViewerSet unite(const ViewerSet& a, const ViewerSet& b, std::pmr::memory_resource* memory);
  static ViewerSet intersect(const ViewerSet& a, const ViewerSet& b,
                             std::pmr::memory_resource* memory);
  static ViewerSet subtract(const ViewerSet& a, const ViewerSet& b,
                            std::pmr::memory_resource* memory);
  static std::uint64_t intersection_count(const ViewerSet& a, const ViewerSet& b);

  // The payload: what stands behind a value's magic and inside a summary's section.
  std::size_t payload_size() const;
  void write_payload(Writer& writer) const;
  static ViewerSet read_payload(Bytes payload, std::pmr::memory_resource* memory);

  // For the core's own modules: the set as two ascending sequences.
  SetView view() const;
  static ViewerSet from_parts(SetParts parts);

 private:
  explicit ViewerSet(SetParts parts);
  bool empty() const noexcept;
  template <class ForEach>
  void merge_ranges(std::uint64_t cardinality, ForEach&& for_each);
  void fold();
  void update_limit();

  SetParts parts_;
  std::pmr::vector<std::int64_t> pending_;  // keys of ranges without a bitmap; unsorted, repeated
  std::size_t pending_limit_;
  bool settled_ = true;
};

// Values of the SQL type viewer_set: magic, version, flags, reserve, payload.
inline constexpr std::uint8_t kViewerSetMagic = 0xE6;
inline constexpr std::uint8_t kViewerSetVersion = 1;

std::size_t viewer_set_size(const ViewerSet& set);
// out must have exactly viewer_set_size bytes.
void encode_viewer_set(const ViewerSet& set, MutableBytes out);
ViewerSet decode_viewer_set(Bytes value, std::pmr::memory_resource* memory);
// Reads only the first 16 bytes, whatever the size of the set.
std::uint64_t encoded_cardinality(Bytes prefix);
void validate_viewer_set(Bytes value);

}  // namespace ea::core
