// The stored form of a set, without magic: its cardinality as a varint; then up to kTinyKeys keys
// as zigzag and deltas, or else containers, one for each range with keys, up to the end:
//   varint  range: the first as zigzag, then the distance to the one before, less 1
//   varint  (m << 2) | kind, where m is the number of keys, or of runs, less 1
//   array   2 bytes for each key
//   bitmap  8192 bytes
//   runs    2 bytes first key, 2 bytes length less 1, for each run
// Which form is written depends on the keys alone and no other is read: equal sets, equal bytes.
#pragma once

#include <cstdint>
#include <span>

#include "core/bytes/codec.hpp"
#include "core/set/container.hpp"

namespace ea::core {

inline constexpr std::uint64_t kTinyKeys = 64;

std::size_t set_payload_size(SetView set);
void write_set_payload(SetView set, Writer& writer);

// Checks everything without allocating and returns the cardinality.
std::uint64_t check_set_payload(Bytes payload);
SetParts read_set_payload(Bytes payload, std::pmr::memory_resource* memory);

inline constexpr std::size_t kTooManyKeys = static_cast<std::size_t>(-1);
// Checks everything, writes the keys in ascending order and returns their number. If the payload
// claims more than there is room for it returns kTooManyKeys, and nothing else is checked.
std::size_t read_set_keys(Bytes payload, std::span<std::int64_t> room);

// Front to back through the containers of a larger set: from range to range and from length to
// length. Their data is not looked at, so behind check_set_payload this costs next to nothing.
class ContainerCursor {
 public:
  explicit ContainerCursor(Bytes payload) : reader_(payload), cardinality_(reader_.varint()) {}

  std::uint64_t cardinality() const noexcept { return cardinality_; }  // as claimed
  bool next(Container* container);

 private:
  Reader reader_;
  std::uint64_t cardinality_;
  bool first_ = true;
  std::int64_t high_ = 0;
};

}  // namespace ea::core
