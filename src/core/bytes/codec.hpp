// Bytes in and out: little-endian integers, varints and base64, every length checked.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "core/bytes/error.hpp"

namespace ea::core {

using Bytes = std::span<const std::byte>;
using MutableBytes = std::span<std::byte>;

// The server stores at most 1 GB in one value; the rest is left for its own headers.
inline constexpr std::size_t kMaxEncoded = (std::size_t{1} << 30) - 1024;

// Throws too_large for a size no stored value may have.
std::size_t checked_size(std::uint64_t size);

// The order of bytes in memory on a little-endian machine, reversed on any other.
template <class T>
constexpr T little_endian(T value) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    return value;
  } else {
    T reversed = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      reversed = static_cast<T>(reversed | (value >> (8 * i) & 0xFF) << (8 * (sizeof(T) - 1 - i)));
    }
    return reversed;
  }
}

// Through memcpy: nothing is assumed of the alignment, and compilers make one move of it.
template <class T>
T load_le(const std::byte* from) noexcept {
  T value;
  std::memcpy(&value, from, sizeof value);
  return little_endian(value);
}

template <class T>
void store_le(std::byte* to, T value) noexcept {
  value = little_endian(value);
  std::memcpy(to, &value, sizeof value);
}

// Many at once.
template <class T>
void store_le(std::byte* to, std::span<const T> values) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(to, values.data(), values.size_bytes());
  } else {
    for (std::size_t i = 0; i < values.size(); ++i) store_le(to + i * sizeof(T), values[i]);
  }
}

constexpr std::uint64_t zigzag_encode(std::int64_t value) noexcept {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}

constexpr std::int64_t zigzag_decode(std::uint64_t value) noexcept {
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

constexpr std::size_t varint_size(std::uint64_t value) noexcept {
  return (static_cast<std::size_t>(std::bit_width(value | 1)) + 6) / 7;
}

// Reads a value front to back; whatever is missing or malformed throws invalid_binary.
class Reader {
 public:
  explicit Reader(Bytes bytes) noexcept : rest_(bytes) {}

  std::size_t remaining() const noexcept { return rest_.size(); }

  // Only the shortest spelling of a number is accepted: equal values are equal bytes.
  std::uint64_t varint() {
    if (!rest_.empty() && rest_[0] < std::byte{0x80}) [[likely]] {
      const auto value = std::to_integer<std::uint64_t>(rest_[0]);
      rest_ = rest_.subspan(1);
      return value;
    }
    // Up to eight bytes without a branch on how many they are, which nothing foretells.
    if (rest_.size() >= sizeof(std::uint64_t)) [[likely]] {
      const auto ahead = load_le<std::uint64_t>(rest_.data());
      const std::uint64_t ends = ~ahead & 0x8080808080808080;
      const std::uint64_t number = ahead & (ends ^ (ends - 1));    // up to the first end
      const auto size = static_cast<std::size_t>(std::countr_zero(ends)) / 8 + 1;
      if (ends != 0 && number >> (8 * size - 8) != 0) [[likely]] {
        rest_ = rest_.subspan(size);
        return gathered(number);
      }
    }
    return any_varint();
  }
  std::int64_t zigzag() { return zigzag_decode(varint()); }

  std::uint8_t u8() { return fixed<std::uint8_t>(); }
  std::uint16_t u16() { return fixed<std::uint16_t>(); }
  std::uint32_t u32() { return fixed<std::uint32_t>(); }
  std::uint64_t u64() { return fixed<std::uint64_t>(); }

  Bytes bytes(std::uint64_t size) {
    if (size > rest_.size()) [[unlikely]] truncated();
    const Bytes taken = rest_.first(static_cast<std::size_t>(size));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }

  // Throws if bytes are left.
  void expect_end() const;

 private:
  template <class T>
  T fixed() {
    return load_le<T>(bytes(sizeof(T)).data());
  }
  // The groups of seven bits of a number's bytes, put together.
  static std::uint64_t gathered(std::uint64_t bytes) noexcept {
    bytes = (bytes & 0x007F007F007F007F) | (bytes & 0x7F007F007F007F00) >> 1;
    bytes = (bytes & 0x00003FFF00003FFF) | (bytes & 0x3FFF00003FFF0000) >> 2;
    return (bytes & 0x000000000FFFFFFF) | (bytes & 0x0FFFFFFF00000000) >> 4;
  }
  std::uint64_t any_varint();    // byte by byte, and what is wrong with it
  [[noreturn]] static void truncated();

  Bytes rest_;
};

// Writes into room the caller measured. Running out of it is a bug of ours, and it is caught in
// every build rather than left to overwrite memory.
class Writer {
 public:
  explicit Writer(MutableBytes room) noexcept : rest_(room) {}

  std::size_t remaining() const noexcept { return rest_.size(); }

  void varint(std::uint64_t value) {
    std::byte* to = take(varint_size(value));
    while (value >= 0x80) {
      *to++ = static_cast<std::byte>((value & 0x7F) | 0x80);
      value >>= 7;
    }
    *to = static_cast<std::byte>(value);
  }
  void zigzag(std::int64_t value) { varint(zigzag_encode(value)); }

  void u8(std::uint8_t value) { store_le(take(sizeof value), value); }
  void u16(std::uint16_t value) { store_le(take(sizeof value), value); }
  void u32(std::uint32_t value) { store_le(take(sizeof value), value); }
  void u64(std::uint64_t value) { store_le(take(sizeof value), value); }

  void bytes(Bytes value) {
    if (!value.empty()) std::memcpy(take(value.size()), value.data(), value.size());
  }

  // Leaves room for somebody else to fill.
  MutableBytes skip(std::size_t size) { return {take(size), size}; }

  // Throws unless the room was measured exactly.
  void expect_full() const;

 private:
  std::byte* take(std::size_t size) {
    if (size > rest_.size()) [[unlikely]] out_of_room();
    std::byte* taken = rest_.data();
    rest_ = rest_.subspan(size);
    return taken;
  }
  [[noreturn]] static void out_of_room();

  MutableBytes rest_;
};

// Standard base64 with padding, no line breaks.
std::size_t base64_size(std::size_t n);
void base64_encode(Bytes bytes, char* out);  // writes base64_size(bytes.size()) characters

std::size_t base64_decoded_max(std::size_t n);
// Returns the number of bytes written. Only the text base64_encode would write is accepted.
std::size_t base64_decode(std::string_view text, MutableBytes out);

}  // namespace ea::core
