#include "core/experiments/bucket.hpp"

#include <charconv>

#include "core/bytes/error.hpp"

namespace ea::core {

namespace {

[[noreturn]] void not_utf8(std::size_t at) { throw Error(Errc::invalid_text, "text is not UTF-8 at byte %zu", at + 1); }

// The code point at `at`, which moves behind it.
std::uint32_t next_character(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t start = at;
  const std::uint32_t first = byte(at);
  const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  if (first < 0xC2 || first > 0xF4 || text.size() - at <= static_cast<std::size_t>(more)) not_utf8(start);
  std::uint32_t character = first & (0x3Fu >> more);
  for (int i = 1; i <= more; i++) {
    const std::uint32_t next = byte(at + static_cast<std::size_t>(i));
    if ((next & 0xC0) != 0x80) not_utf8(start);
    character = character << 6 | (next & 0x3F);
  }
  constexpr std::uint32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
  if (character < kLeast[more] || character > 0x10FFFF || (character >= 0xD800 && character < 0xE000)) not_utf8(start);
  at += static_cast<std::size_t>(more) + 1;
  return character;
}

}  // namespace

UnitHash& UnitHash::add(std::string_view utf8) {
  for (std::size_t at = 0; at < utf8.size();) {
    const auto first = static_cast<unsigned char>(utf8[at]);
    if (first < 0x80) {
      add_unit(first);
      at++;
      continue;
    }
    const std::uint32_t character = next_character(utf8, at);
    if (character < 0x10000) {
      add_unit(character);
    } else {    // a pair of surrogates
      add_unit(0xD800 + ((character - 0x10000) >> 10));
      add_unit(0xDC00 + ((character - 0x10000) & 0x3FF));
    }
  }
  return *this;
}

double experiment_bucket(UnitHash seeded, std::string_view unit) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, seeded.add(unit).value());
  return (UnitHash().add({digits, static_cast<std::size_t>(end.ptr - digits)}).value() % 10000) / 10000.0;
}

int choose_variant(double bucket, std::span<const double> weights, double coverage) {
  double start = 0;
  for (std::size_t i = 0; i < weights.size(); i++) {
    if (bucket >= start && bucket < start + coverage * weights[i]) return static_cast<int>(i);
    start += weights[i];
  }
  return -1;
}

}  // namespace ea::core
