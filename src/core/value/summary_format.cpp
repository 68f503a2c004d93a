#include "core/value/summary_format.hpp"

#include <limits>

#include "core/set/payload.hpp"

namespace ea::core {

namespace {

constexpr std::uint64_t kMaxCounter = std::numeric_limits<std::int64_t>::max();

// What the counters and the section's own length take before the set.
std::uint64_t head_size(const Counters& counters, SetView viewers) {
  std::uint64_t size = kPreambleSize + varint_size(viewers.cardinality);
  for (const auto counter : kCounters) {
    size += varint_size(static_cast<std::uint64_t>(counters.*counter));
  }
  return size;
}

void check_cardinality(std::uint64_t cardinality, const Header& header) {
  if (cardinality != header.unique_viewers) {
    throw Error(Errc::invalid_binary, "engagement summary with %llu viewers counted as %llu",
                static_cast<unsigned long long>(cardinality),
                static_cast<unsigned long long>(header.unique_viewers));
  }
}

}  // namespace

void write_preamble(Writer& writer, Stage stage) {
  writer.u8(kSummaryMagic);
  writer.u8(kSummaryVersion);
  writer.u8(static_cast<std::uint8_t>(stage));
  writer.u8(0);
}

Stage read_preamble(Reader& reader) {
  if (reader.u8() != kSummaryMagic) {
    throw Error(Errc::invalid_binary, "not an engagement summary");
  }
  if (const unsigned version = reader.u8(); version != kSummaryVersion) {
    throw Error(Errc::invalid_binary, "engagement summary of unknown version %u", version);
  }
  const unsigned flags = reader.u8();
  if (flags > 1 || reader.u8() != 0) {
    throw Error(Errc::invalid_binary, "engagement summary with unknown flags");
  }
  return static_cast<Stage>(flags);
}

void check_header(const Header& header, Errc code) {
  const Counters& c = header.counters;
  for (const auto counter : kCounters) {
    if (c.*counter < 0) throw Error(code, "engagement summary with a negative counter");
  }
  if (c.unidentified_views > c.views) {
    throw Error(code, "engagement summary with more unidentified views than views");
  }
  // Every viewer has a view, and every identified view has a viewer.
  const auto identified = static_cast<std::uint64_t>(c.views - c.unidentified_views);
  if (header.unique_viewers > identified || (header.unique_viewers == 0) != (identified == 0)) {
    throw Error(code, "engagement summary with %llu viewers in %llu identified views",
                static_cast<unsigned long long>(header.unique_viewers),
                static_cast<unsigned long long>(identified));
  }
}

Header read_canonical_header(Reader& reader) {
  Header header;
  for (const auto counter : kCounters) {
    const std::uint64_t value = reader.varint();
    if (value > kMaxCounter) {
      throw Error(Errc::invalid_binary, "engagement summary with a counter that exceeds 64 bits");
    }
    header.counters.*counter = static_cast<std::int64_t>(value);
  }
  header.unique_viewers = reader.varint();
  check_header(header, Errc::invalid_binary);
  return header;
}

CanonicalSummary read_canonical(Bytes value) {
  Reader reader(value);
  if (read_preamble(reader) != Stage::canonical) {
    throw Error(Errc::invalid_binary, "engagement summary is an unfinished aggregate state");
  }
  CanonicalSummary summary{read_canonical_header(reader), {}};
  if (summary.header.unique_viewers != 0) {
    if (reader.u8() != kViewersTag) {
      throw Error(Errc::invalid_binary, "engagement summary with an unknown section");
    }
    summary.viewers = reader.bytes(reader.varint());
    // The length of the payload says nothing yet; its cardinality has to agree first.
    check_cardinality(Reader(summary.viewers).varint(), summary.header);
  }
  reader.expect_end();
  return summary;
}

std::size_t canonical_size(const Counters& counters, SetView viewers) {
  check_header({counters, viewers.cardinality}, Errc::contradiction);
  std::uint64_t size = head_size(counters, viewers);
  if (viewers.cardinality != 0) {
    const std::uint64_t payload = set_payload_size(viewers);
    size += 1 + varint_size(payload) + payload;
  }
  return checked_size(size);
}

void write_canonical(const Counters& counters, SetView viewers, MutableBytes out) {
  check_header({counters, viewers.cardinality}, Errc::contradiction);
  Writer writer(out);
  write_preamble(writer, Stage::canonical);
  for (const auto counter : kCounters) {
    writer.varint(static_cast<std::uint64_t>(counters.*counter));
  }
  writer.varint(viewers.cardinality);
  if (viewers.cardinality != 0) {
    writer.u8(kViewersTag);
    writer.varint(set_payload_size(viewers));
    write_set_payload(viewers, writer);
  }
  writer.expect_full();
}

}  // namespace ea::core
