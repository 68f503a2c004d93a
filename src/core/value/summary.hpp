// The summary of any number of engagements: counters and the set of viewers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>

#include "core/bytes/codec.hpp"
#include "core/set/viewer_set.hpp"
#include "core/value/counters.hpp"

namespace ea::core {

// A prefix of this many bytes holds the whole header, canonical or working.
inline constexpr std::size_t kHeaderSlice = 128;

struct Header {
  Counters counters;
  std::uint64_t unique_viewers;

  bool operator==(const Header&) const = default;
};

// Reads canonical and working bytes, and of them only the header; the set stays closed.
Header read_header(Bytes prefix);

class Summary {
 public:
  explicit Summary(std::pmr::memory_resource* memory) : viewers_(memory) {}

  Counters& counters() { return counters_; }
  const Counters& counters() const { return counters_; }
  ViewerSet& viewers() { return viewers_; }
  const ViewerSet& viewers() const { return viewers_; }

  // If one of these throws an Error, nothing has changed.
  void add(const Event& event);
  void merge(const Summary& other);  // other must be settled
  void merge(Bytes encoded_or_working);

  void settle() { viewers_.settle(); }

  // Both want the summary settled, and refuse counters that no events could have given.
  std::size_t encoded_size() const;
  void encode(MutableBytes out) const;  // out must have exactly encoded_size bytes
  static Summary decode(Bytes encoded_or_working, std::pmr::memory_resource* memory);

 private:
  Counters counters_;
  ViewerSet viewers_;
};

// For input, recv, casts and stored bytes: only the canonical form, and nothing behind it.
void validate_summary(Bytes value);

}  // namespace ea::core
