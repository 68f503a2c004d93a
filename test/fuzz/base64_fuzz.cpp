// Text: accepted text is the text we write, and bytes survive.
#include <string>

#include "core/bytes/codec.hpp"
#include "fuzz.hpp"

using namespace ea::core;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    ea::fuzz::Buffer bytes(base64_decoded_max(size));
    bytes.resize(base64_decode(text, bytes));
    std::string again(base64_size(bytes.size()), '\0');
    base64_encode(bytes, again.data());
    ea::fuzz::require(again == text);
  } catch (const Error& error) {
    ea::fuzz::require(error.code() == Errc::invalid_text);
  }

  const Bytes input = std::as_bytes(std::span(data, size));
  std::string encoded(base64_size(size), '\0');
  base64_encode(input, encoded.data());
  ea::fuzz::Buffer decoded(base64_decoded_max(encoded.size()));
  decoded.resize(base64_decode(encoded, decoded));
  ea::fuzz::require(ea::fuzz::same(decoded, input));
  return 0;
}
