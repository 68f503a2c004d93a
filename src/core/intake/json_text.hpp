// The tokens of JSON, as the server's type json takes them, and what of them jsonb could not hold.
#pragma once

#include <cstddef>
#include <memory_resource>
#include <string>
#include <string_view>

namespace ea::core {

// Valid JSON, and yet no jsonb.
enum class JsonFlaw : unsigned char { none, nul, half_surrogate, number_out_of_range };

struct JsonString {
  std::string_view raw;            // between the quotes, as it stands
  bool has_escapes = false;
  bool has_unicode_escape = false; // of a character beyond ASCII: not every encoding has it
  JsonFlaw flaw = JsonFlaw::none;  // the first one
};

// Reads a string behind its opening quote; the position behind its closing quote, null when it is malformed.
const char* scan_json_string(const char* at, const char* end, JsonString* string);

// The characters that a string without a flaw stands for, appended; in UTF-8, or with a question mark for what is not
// in ASCII.
void append_unescaped(std::string_view raw, bool utf8, std::pmr::string* text);

struct JsonNumber {
  std::string_view text;
  JsonFlaw flaw = JsonFlaw::none;
};

// Reads a number; the position behind it, null when it is malformed.
const char* scan_json_number(const char* at, const char* end, JsonNumber* number);

// A number as the server's numeric is written: without an exponent, and zero without a sign. Of the zeros that the
// exponent would put in a row no more than 64 are written: with them a number is as surely too large, or next to
// nothing, and its first characters are the same.
bool is_plain_decimal(std::string_view number);
void append_plain_decimal(std::string_view number, std::pmr::string* text);

}  // namespace ea::core
