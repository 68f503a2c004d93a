// Where the tokens of a JSON text begin. The one place that knows simdjson.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ea::core {

// So many bytes behind the text must be readable; what they are does not matter.
inline constexpr std::size_t kJsonPadding = 64;

// simdjson looks at 64 bytes at a time and leaves behind where each bracket, comma, colon, string, number and word
// begins; what these are, and that nothing else is there, is for the reader to see to. Its memory comes from new:
// four bytes for each of the text. Small memory is kept for the next text, at most one of these is alive at a time.
class JsonTokens {
 public:
  // Throws std::bad_alloc.
  explicit JsonTokens(std::string_view text);
  ~JsonTokens();
  JsonTokens(const JsonTokens&) = delete;
  JsonTokens& operator=(const JsonTokens&) = delete;

  // Empty when the text cannot be JSON: it has no token, an unclosed string, or a control character in one.
  std::span<const std::uint32_t> starts() const { return starts_; }

 private:
  std::span<const std::uint32_t> starts_;
};

}  // namespace ea::core
