#include "core/intake/json_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace ea::core {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Whether one of eight characters ends a run: a quote, a backslash or a control character.
bool any_special(std::uint64_t eight) {
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHighs = 0x8080808080808080;
  const auto has_zero = [](std::uint64_t x) { return (x - kOnes) & ~x & kHighs; };
  const std::uint64_t control = (eight - kOnes * 0x20) & ~eight & kHighs;
  return (has_zero(eight ^ kOnes * '"') | has_zero(eight ^ kOnes * '\\') | control) != 0;
}

// Four hexadecimal digits; -1 when they are not.
int read_hex4(const char* at, const char* end) {
  if (end - at < 4) return -1;
  int value = 0;
  for (int i = 0; i < 4; i++) {
    const char c = at[i];
    const int digit = is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

bool is_high(int unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low(int unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

void append_utf8(std::uint32_t c, std::pmr::string* text) {
  const auto byte = [&](std::uint32_t b) { text->push_back(static_cast<char>(b)); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F));
  } else {
    byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F)), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F));
  }
}

// A number in parts: sign, digits before and behind the point, exponent.
struct Parts {
  bool minus = false;
  std::string_view whole, fraction;
  std::int64_t exponent = 0;
};

// Of a number that is well formed. An exponent beyond all sense is cut.
Parts parts_of(std::string_view number) {
  constexpr std::int64_t kSenseless = 2'000'000'000;
  Parts parts;
  if (number.front() == '-') {
    parts.minus = true;
    number.remove_prefix(1);
  }
  if (const std::size_t e = number.find_first_of("eE"); e != number.npos) {
    std::string_view digits = number.substr(e + 1);
    const bool negative = digits.front() == '-';
    if (negative || digits.front() == '+') digits.remove_prefix(1);
    if (std::from_chars(digits.data(), digits.data() + digits.size(), parts.exponent).ec != std::errc() || parts.exponent > kSenseless)
      parts.exponent = kSenseless;
    if (negative) parts.exponent = -parts.exponent;
    number = number.substr(0, e);
  }
  const std::size_t point = number.find('.');
  parts.whole = number.substr(0, point);
  if (point != number.npos) parts.fraction = number.substr(point + 1);
  return parts;
}

// Whether the server's numeric holds it: up to 131,072 digits before and 16,383 behind the point. Its digits behind
// the point count also when they are zeros, those before it only from the first that is none; and even zero has no
// exponent of half a 32-bit integer.
bool fits_numeric(const Parts& parts) {
  constexpr std::int64_t kWhole = 131'072, kFraction = 16'383, kExponent = INT32_MAX / 2;
  if (parts.exponent >= kExponent || parts.exponent <= -kExponent) return false;
  if (static_cast<std::int64_t>(parts.fraction.size()) - parts.exponent > kFraction) return false;
  std::int64_t place = static_cast<std::int64_t>(parts.whole.size()) + parts.exponent;   // of the first digit
  for (const std::string_view digits : {parts.whole, parts.fraction}) {
    const std::size_t first = digits.find_first_not_of('0');
    if (first != digits.npos) return place - static_cast<std::int64_t>(first) <= kWhole;
    place -= static_cast<std::int64_t>(digits.size());
  }
  return true;
}

}  // namespace

const char* scan_json_string(const char* at, const char* end, JsonString* string) {
  const char* const begin = at;
  *string = {};
  int high = 0;   // the first half of a pair, when the second is to follow
  const auto flaw = [&](JsonFlaw found) {
    if (string->flaw == JsonFlaw::none) string->flaw = found;
  };
  for (;;) {
    for (std::uint64_t eight; end - at >= 8; at += 8) {
      std::memcpy(&eight, at, 8);
      if (any_special(eight)) break;
      if (high) flaw(JsonFlaw::half_surrogate), high = 0;
    }
    if (at == end || static_cast<unsigned char>(*at) < 0x20) return nullptr;
    const bool escape = *at == '\\';
    if (high && !(escape && end - at > 1 && at[1] == 'u')) flaw(JsonFlaw::half_surrogate), high = 0;
    if (*at == '"') break;
    if (!escape) {
      at++;
      continue;
    }
    string->has_escapes = true;
    if (end - at < 2) return nullptr;
    if (at[1] != 'u') {
      if (std::strchr("\"\\/bfnrt", at[1]) == nullptr || at[1] == '\0') return nullptr;
      at += 2;
      continue;
    }
    const int unit = read_hex4(at + 2, end);
    if (unit < 0) return nullptr;
    if (unit >= 0x80) string->has_unicode_escape = true;
    if (unit == 0) flaw(JsonFlaw::nul);
    if (is_low(unit) != (high != 0)) flaw(JsonFlaw::half_surrogate);
    high = is_high(unit) && !high ? unit : 0;
    at += 6;
  }
  string->raw = {begin, static_cast<std::size_t>(at - begin)};
  return at + 1;
}

void append_unescaped(std::string_view raw, bool utf8, std::pmr::string* text) {
  const char* const end = raw.data() + raw.size();
  for (const char* at = raw.data(); at < end;) {
    const auto* escape = static_cast<const char*>(std::memchr(at, '\\', static_cast<std::size_t>(end - at)));
    if (escape == nullptr) escape = end;
    text->append(at, escape);
    at = escape;
    if (at == end) return;
    switch (at[1]) {
      case 'b': text->push_back('\b'); break;
      case 'f': text->push_back('\f'); break;
      case 'n': text->push_back('\n'); break;
      case 'r': text->push_back('\r'); break;
      case 't': text->push_back('\t'); break;
      case 'u': {
        auto c = static_cast<std::uint32_t>(read_hex4(at + 2, end));
        at += 4;
        if (is_high(static_cast<int>(c))) {
          c = 0x10000 + ((c - 0xD800) << 10) + (static_cast<std::uint32_t>(read_hex4(at + 4, end)) - 0xDC00);
          at += 6;
        }
        if (utf8 || c < 0x80) append_utf8(c, text);
        else text->push_back('?');
        break;
      }
      default: text->push_back(at[1]);
    }
    at += 2;
  }
}

const char* scan_json_number(const char* at, const char* end, JsonNumber* number) {
  const char* const begin = at;
  *number = {};
  const auto digits = [&] {
    const char* const first = at;
    while (at < end && is_digit(*at)) at++;
    return at - first;
  };
  if (at < end && *at == '-') at++;
  const bool zero = at < end && *at == '0';
  const std::ptrdiff_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return nullptr;
  bool plain = whole <= 1000;
  if (at < end && *at == '.') {
    at++;
    const std::ptrdiff_t fraction = digits();
    if (fraction == 0) return nullptr;
    plain = plain && fraction <= 1000;
  }
  if (at < end && (*at == 'e' || *at == 'E')) {
    at++;
    if (at < end && (*at == '+' || *at == '-')) at++;
    if (digits() == 0) return nullptr;
    plain = false;
  }
  number->text = {begin, static_cast<std::size_t>(at - begin)};
  if (!plain && !fits_numeric(parts_of(number->text))) number->flaw = JsonFlaw::number_out_of_range;
  return at;
}

bool is_plain_decimal(std::string_view number) {
  return number.find_first_of("eE") == number.npos && (number.front() != '-' || number.find_first_of("123456789") != number.npos);
}

void append_plain_decimal(std::string_view number, std::pmr::string* text) {
  constexpr std::int64_t kMostZeros = 64;
  Parts parts = parts_of(number);
  parts.exponent = std::clamp(parts.exponent, -kMostZeros - static_cast<std::int64_t>(parts.whole.size()),
                              kMostZeros + static_cast<std::int64_t>(parts.fraction.size()));
  // The digits with the point moved, zeros where there are none, and in front no zero but one.
  const auto whole = static_cast<std::int64_t>(parts.whole.size()), count = whole + static_cast<std::int64_t>(parts.fraction.size());
  const auto digit = [&](std::int64_t i) {
    if (i < 0 || i >= count) return '0';
    return i < whole ? parts.whole[static_cast<std::size_t>(i)] : parts.fraction[static_cast<std::size_t>(i - whole)];
  };
  const std::int64_t point = whole + parts.exponent, end = std::max(point, count);
  std::int64_t first = 0;
  while (first < count && digit(first) == '0') first++;
  const bool zero = first == count;
  if (parts.minus && !zero) text->push_back('-');
  if (zero || first >= point) text->push_back('0');
  if (!zero)
    for (std::int64_t i = first; i < point; i++) text->push_back(digit(i));
  if (end > point) text->push_back('.');
  for (std::int64_t i = point; i < end; i++) text->push_back(digit(i));
}

}  // namespace ea::core
