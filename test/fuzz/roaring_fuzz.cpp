// Foreign bitmaps: whatever is accepted is a set that survives both formats.
#include "core/set/roaring.hpp"
#include "fuzz.hpp"

using namespace ea::core;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = std::as_bytes(std::span(data, size));
  ea::fuzz::Budget memory(size, 256);
  try {
    {
      ea::fuzz::Budget tight(size, 16);
      from_roaring(input, &tight);
    }
    const ViewerSet set = from_roaring(input, &memory);
    ea::fuzz::Buffer own(viewer_set_size(set));
    encode_viewer_set(set, own);
    ea::fuzz::require(decode_viewer_set(own, &memory) == set);
    ea::fuzz::Buffer portable(roaring_size(set));
    to_roaring(set, portable);
    const ViewerSet again = from_roaring(portable, &memory);
    ea::fuzz::require(again == set);
    ea::fuzz::Buffer same(roaring_size(again));
    to_roaring(again, same);
    ea::fuzz::require(ea::fuzz::same(same, portable));
  } catch (const Error& error) {
    ea::fuzz::require(error.code() == Errc::invalid_binary);
  }
  return 0;
}
