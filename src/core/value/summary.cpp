#include "core/value/summary.hpp"

#include <array>
#include <utility>

#include "core/set/payload.hpp"
#include "core/value/summary_format.hpp"
#include "core/value/working.hpp"

namespace ea::core {

Header read_header(Bytes prefix) {
  Reader reader(prefix);
  if (read_preamble(reader) == Stage::working) return working::read_header(prefix);
  return read_canonical_header(reader);
}

void Summary::add(const Event& event) {
  counters_.add(event);  // the only thing here that refuses anything
  if (event.counts_viewer()) viewers_.insert(event.viewer);
}

void Summary::merge(const Summary& other) {
  Counters next = counters_;
  next.merge(other.counters_);
  viewers_.merge(other.viewers_);
  counters_ = next;
}

void Summary::merge(Bytes encoded_or_working) {
  Counters next = counters_;
  if (working::is_working(encoded_or_working)) {
    std::array<std::int64_t, working::kMaxKeys> keys;
    next.merge(working::read_header(encoded_or_working).counters);
    const std::size_t n = working::read_keys(encoded_or_working, keys);
    for (std::size_t i = 0; i < n; ++i) viewers_.insert(keys[i]);
  } else {
    const CanonicalSummary other = read_canonical(encoded_or_working);
    next.merge(other.header.counters);
    if (other.header.unique_viewers != 0) viewers_.merge(other.viewers);
  }
  counters_ = next;
}

std::size_t Summary::encoded_size() const { return canonical_size(counters_, viewers_.view()); }

void Summary::encode(MutableBytes out) const { write_canonical(counters_, viewers_.view(), out); }

Summary Summary::decode(Bytes encoded_or_working, std::pmr::memory_resource* memory) {
  Summary summary(memory);
  summary.merge(encoded_or_working);
  summary.settle();
  return summary;
}

void validate_summary(Bytes value) {
  const CanonicalSummary summary = read_canonical(value);
  if (summary.header.unique_viewers != 0) check_set_payload(summary.viewers);
}

}  // namespace ea::core
