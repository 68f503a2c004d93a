// Stand-alone values of type viewer_set.
#include "core/set/payload.hpp"
#include "core/set/viewer_set.hpp"

namespace ea::core {

namespace {

constexpr std::size_t kHeaderSize = 4;

Bytes payload_of(Bytes value) {
  Reader reader(value);
  if (reader.u8() != kViewerSetMagic) throw Error(Errc::invalid_binary, "not a viewer set");
  if (const unsigned version = reader.u8(); version != kViewerSetVersion) {
    throw Error(Errc::invalid_binary, "viewer set of unknown version %u", version);
  }
  if (reader.u16() != 0) throw Error(Errc::invalid_binary, "viewer set with unknown flags");
  return reader.bytes(reader.remaining());
}

}  // namespace

std::size_t viewer_set_size(const ViewerSet& set) {
  return checked_size(kHeaderSize + std::uint64_t{set.payload_size()});
}

void encode_viewer_set(const ViewerSet& set, MutableBytes out) {
  Writer writer(out);
  writer.u8(kViewerSetMagic);
  writer.u8(kViewerSetVersion);
  writer.u16(0);
  set.write_payload(writer);
  writer.expect_full();
}

ViewerSet decode_viewer_set(Bytes value, std::pmr::memory_resource* memory) {
  return ViewerSet::read_payload(payload_of(value), memory);
}

std::uint64_t encoded_cardinality(Bytes prefix) { return Reader(payload_of(prefix)).varint(); }

void validate_viewer_set(Bytes value) { check_set_payload(payload_of(value)); }

}  // namespace ea::core
