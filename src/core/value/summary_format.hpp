// The bytes of a summary. Both stages begin with
//   u8 magic, u8 version, u8 flags (the stage), u8 reserve = 0
// and go on, canonical:
//   varint views, unidentified_views, completions, saves, shares, clicks, skips, impressions,
//          watch_time_ms, unique_viewers
//   sections in ascending order of tag: u8 tag, varint length, bytes; an empty one is left out
//     tag 1: the payload of the set of viewers (set_payload.hpp)
// working (never stored, so its layout may change with any release):
//   u64 for each counter in the same order, u32 number of keys, the keys as sorted u64, spare room
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>

#include "core/bytes/codec.hpp"
#include "core/set/parts.hpp"
#include "core/value/summary.hpp"
#include "core/value/working.hpp"

namespace ea::core {

inline constexpr std::uint8_t kSummaryMagic = 0xE5;
inline constexpr std::uint8_t kSummaryVersion = 1;
inline constexpr std::size_t kPreambleSize = 4;
inline constexpr std::uint8_t kViewersTag = 1;

enum class Stage : std::uint8_t { canonical = 0, working = 1 };

// The counters in their stored order.
inline constexpr std::int64_t Counters::* kCounters[] = {
    &Counters::views,  &Counters::unidentified_views, &Counters::completions,
    &Counters::saves,  &Counters::shares,             &Counters::clicks,
    &Counters::skips,  &Counters::impressions,        &Counters::watch_time_ms,
};

void write_preamble(Writer& writer, Stage stage);
Stage read_preamble(Reader& reader);

// Refuses numbers that no sequence of events can have given.
void check_header(const Header& header, Errc code);

Header read_canonical_header(Reader& reader);  // behind the preamble

struct CanonicalSummary {
  Header header;
  Bytes viewers;  // their payload, not yet opened; meaningless if the header has no viewers
};
// Sees to it that the set claims as many viewers as the header.
CanonicalSummary read_canonical(Bytes value);

std::size_t canonical_size(const Counters& counters, SetView viewers);
void write_canonical(const Counters& counters, SetView viewers, MutableBytes out);

namespace working {

inline constexpr std::size_t kCountersAt = kPreambleSize;
inline constexpr std::size_t kKeyCountAt =
    kCountersAt + sizeof(std::uint64_t) * std::size(kCounters);
inline constexpr std::size_t kKeysAt = kKeyCountAt + sizeof(std::uint32_t);
inline constexpr std::size_t kMaxKeys = (kMaxBytes - kKeysAt) / sizeof(std::uint64_t);

// Reads a prefix of kKeysAt bytes, preamble included.
Header read_header(Bytes prefix);
// Checks a whole state; writes its keys, ascending, and returns their number.
std::size_t read_keys(Bytes bytes, std::span<std::int64_t, kMaxKeys> keys);

}  // namespace working

}  // namespace ea::core
