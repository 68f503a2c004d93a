#include "core/bytes/codec.hpp"

#include <array>
#include <limits>

namespace ea::core {

std::size_t checked_size(std::uint64_t size) {
  if (size > kMaxEncoded) {
    throw Error(Errc::too_large, "value of %llu bytes exceeds the limit of %llu bytes",
                static_cast<unsigned long long>(size),
                static_cast<unsigned long long>(kMaxEncoded));
  }
  return static_cast<std::size_t>(size);
}

std::uint64_t Reader::any_varint() {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < rest_.size(); ++i) {
    const auto byte = std::to_integer<std::uint64_t>(rest_[i]);
    // The tenth byte has room for one bit only.
    if (i == 9 && byte > 1) throw Error(Errc::invalid_binary, "number exceeds 64 bits");
    value |= (byte & 0x7F) << (7 * i);
    if (byte < 0x80) {
      if (byte == 0) throw Error(Errc::invalid_binary, "number is not in its shortest form");
      rest_ = rest_.subspan(i + 1);
      return value;
    }
  }
  truncated();
}

void Reader::expect_end() const {
  if (!rest_.empty()) {
    throw Error(Errc::invalid_binary, "%zu unexpected bytes after the value", rest_.size());
  }
}

void Reader::truncated() { throw Error(Errc::invalid_binary, "value is truncated"); }

void Writer::expect_full() const {
  if (!rest_.empty()) {
    throw Error(Errc::contradiction, "room of the wrong size: %zu bytes too many", rest_.size());
  }
}

void Writer::out_of_room() {
  throw Error(Errc::contradiction, "room of the wrong size: too small");
}

namespace {

constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Every value above 63 marks a character that is no digit, so that one OR over a group finds it.
constexpr std::uint8_t kNoDigit = 0xFF;

constexpr auto kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::uint8_t i = 0; i < 64; ++i) values[static_cast<unsigned char>(kDigits[i])] = i;
  return values;
}();

constexpr std::uint32_t value_of(char c) { return kValues[static_cast<unsigned char>(c)]; }

[[noreturn]] void refuse_base64(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (value_of(text[i]) == kNoDigit && text[i] != '=') {
      throw Error(Errc::invalid_text, "invalid base64: character code %u at position %zu",
                  static_cast<unsigned>(static_cast<unsigned char>(text[i])), i + 1);
    }
  }
  throw Error(Errc::invalid_text, "invalid base64: misplaced padding or stray bits");
}

}  // namespace

std::size_t base64_size(std::size_t n) {
  const std::size_t groups = n / 3 + (n % 3 != 0 ? 1 : 0);
  if (groups > std::numeric_limits<std::size_t>::max() / 4) {
    throw Error(Errc::too_large, "%zu bytes are too many for base64", n);
  }
  return groups * 4;
}

void base64_encode(Bytes bytes, char* out) {
  const auto* from = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t left = bytes.size();
  for (; left >= 3; left -= 3, from += 3, out += 4) {
    const std::uint32_t group =
        std::uint32_t{from[0]} << 16 | std::uint32_t{from[1]} << 8 | std::uint32_t{from[2]};
    out[0] = kDigits[group >> 18];
    out[1] = kDigits[group >> 12 & 63];
    out[2] = kDigits[group >> 6 & 63];
    out[3] = kDigits[group & 63];
  }
  if (left == 0) return;
  const std::uint32_t group =
      std::uint32_t{from[0]} << 16 | (left == 2 ? std::uint32_t{from[1]} << 8 : 0);
  out[0] = kDigits[group >> 18];
  out[1] = kDigits[group >> 12 & 63];
  out[2] = left == 2 ? kDigits[group >> 6 & 63] : '=';
  out[3] = '=';
}

std::size_t base64_decoded_max(std::size_t n) { return n / 4 * 3; }

std::size_t base64_decode(std::string_view text, MutableBytes out) {
  if (text.empty()) return 0;
  if (text.size() % 4 != 0) {
    throw Error(Errc::invalid_text, "invalid base64: length %zu is not a multiple of 4",
                text.size());
  }
  const std::size_t padding = text.back() != '=' ? 0 : text[text.size() - 2] != '=' ? 1 : 2;
  const std::size_t size = text.size() / 4 * 3 - padding;
  if (size > out.size()) throw Error(Errc::contradiction, "room for base64 is too small");

  const char* from = text.data();
  const char* const whole_end = from + text.size() - (padding != 0 ? 4 : 0);
  std::byte* to = out.data();
  for (; from != whole_end; from += 4, to += 3) {
    const std::uint32_t a = value_of(from[0]), b = value_of(from[1]);
    const std::uint32_t c = value_of(from[2]), d = value_of(from[3]);
    if ((a | b | c | d) > 63) refuse_base64(text);
    const std::uint32_t group = a << 18 | b << 12 | c << 6 | d;
    to[0] = static_cast<std::byte>(group >> 16);
    to[1] = static_cast<std::byte>(group >> 8 & 0xFF);
    to[2] = static_cast<std::byte>(group & 0xFF);
  }
  if (padding == 0) return size;

  const std::uint32_t a = value_of(from[0]), b = value_of(from[1]);
  const std::uint32_t c = padding == 1 ? value_of(from[2]) : 0;
  if ((a | b | c) > 63) refuse_base64(text);
  const std::uint32_t group = a << 18 | b << 12 | c << 6;
  // The bits that fall off the end must be zero, else one value would have several texts.
  if ((group & (padding == 1 ? 0xFFU : 0xFFFFU)) != 0) refuse_base64(text);
  to[0] = static_cast<std::byte>(group >> 16);
  if (padding == 1) to[1] = static_cast<std::byte>(group >> 8 & 0xFF);
  return size;
}

}  // namespace ea::core
