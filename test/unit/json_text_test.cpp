// Strings and numbers of JSON: where they end, what they stand for, and what of them jsonb could not hold.
#include "core/intake/json_text.hpp"

#include <optional>

#include "support.hpp"

namespace ea::core {
namespace {

using test::memory;

// A string with its quotes and something behind it; nothing when it is malformed.
std::optional<JsonString> string_of(std::string_view text) {
  const std::string with_more = std::string(text) + "more";
  JsonString string;
  const char* const end = scan_json_string(with_more.data() + 1, with_more.data() + with_more.size(), &string);
  if (end == nullptr) return std::nullopt;
  EXPECT_EQ(end - with_more.data(), static_cast<std::ptrdiff_t>(text.size())) << text;
  EXPECT_EQ(string.raw, text.substr(1, text.size() - 2));
  string.raw = text.substr(1, text.size() - 2);
  return string;
}

std::string unescaped(std::string_view raw, bool utf8 = true) {
  std::pmr::string text(memory());
  append_unescaped(raw, utf8, &text);
  return std::string(text);
}

TEST(JsonText, StringsEndAtTheirQuote) {
  EXPECT_FALSE(string_of(R"("")")->has_escapes);
  EXPECT_TRUE(string_of(R"("\"")")->has_escapes);
  EXPECT_TRUE(string_of(R"("\\")")->has_escapes);
  // At every place of the blocks of eight.
  for (std::size_t length = 0; length < 40; length++) {
    const std::string plain(length, 'x');
    EXPECT_FALSE(string_of('"' + plain + '"')->has_escapes);
    EXPECT_EQ(unescaped(string_of('"' + plain + R"(\n\")" + plain + '"')->raw), plain + "\n\"" + plain);
    EXPECT_FALSE(string_of('"' + plain + '\x1f' + plain + '"'));
    EXPECT_TRUE(string_of('"' + plain + "\x7f\xC3\xA9\xFF" + plain + '"'));
  }
}

TEST(JsonText, MalformedStrings) {
  for (const char* text : {R"("\x")", R"("\u12")", R"("\u123g")", R"("\U0041")", "\"\t\"", "\"\\\n\"", R"("\u 041")"}) EXPECT_FALSE(string_of(text)) << text;
  JsonString string;
  for (const std::string text : {"", "abc", "abc\\", "abc\\\"", "\\u12", "12345678", "1234567\\"})
    EXPECT_EQ(scan_json_string(text.data(), text.data() + text.size(), &string), nullptr) << text;
  const std::string nul("a\0b\"", 4);
  EXPECT_EQ(scan_json_string(nul.data(), nul.data() + nul.size(), &string), nullptr);
}

TEST(JsonText, Escapes) {
  EXPECT_EQ(unescaped(R"(\"\\\/\b\f\n\r\t)"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(unescaped(R"(\u0041\u00e9\u4E2D\ud83d\uDE00)"), "A\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80");
  EXPECT_EQ(unescaped(R"(\u0041\u00e9\u4E2D\ud83d\uDE00.)", false), "A???.");
  EXPECT_FALSE(string_of(R"("\u0041")")->has_unicode_escape);
  EXPECT_TRUE(string_of(R"("\u0080")")->has_unicode_escape);
}

TEST(JsonText, FlawsOfStrings) {
  for (const char* text : {R"("\ud83d")", R"("\ude00")", R"("\ud83dx")", R"("\ud83d12345678")", R"("x\ud83d\n")", R"("\ud83d\u0041")", R"("\ud83d\ud83d\ude00")", R"("\ude00\ud83d")", R"("\ud83d\ude00\ude00")"})
    EXPECT_EQ(string_of(text)->flaw, JsonFlaw::half_surrogate) << text;
  EXPECT_EQ(string_of(R"("a\u0000")")->flaw, JsonFlaw::nul);
  EXPECT_EQ(string_of(R"("\u0000\ud83d")")->flaw, JsonFlaw::nul);
  for (const char* text : {R"("\ud83d\ude00")", R"("\ud83d\ude00\ud83d\ude00x")", R"("\\ud83d")", R"("\udbff\udfff\ud800\udc00")", R"("\ud7ff\ue000")"}) EXPECT_EQ(string_of(text)->flaw, JsonFlaw::none) << text;
}

// The number at the front of a text, or nothing.
std::string number_of(std::string_view text, JsonFlaw flaw = JsonFlaw::none) {
  JsonNumber number;
  const char* const end = scan_json_number(text.data(), text.data() + text.size(), &number);
  if (end == nullptr) return {};
  EXPECT_EQ(number.flaw, flaw) << text.substr(0, 40);
  return std::string(text.data(), end);
}

TEST(JsonText, NumbersEndWhereTheyDo) {
  for (const char* text : {"0", "-0", "1", "10.25", "1e5", "1E+05", "-1.5e-3", "0.0"}) EXPECT_EQ(number_of(text), text);
  EXPECT_EQ(number_of("1,2"), "1");
  EXPECT_EQ(number_of("1x"), "1");
  EXPECT_EQ(number_of("1e5e5"), "1e5");
  for (const char* text : {"", "-", "+1", ".5", "1.", "1.e5", "01", "-01", "1e", "1e+", "e5", "x"}) EXPECT_EQ(number_of(text), "") << text;
}

TEST(JsonText, NumbersOutOfRangeOfNumeric) {
  const auto out = JsonFlaw::number_out_of_range;
  const std::string zeros(131'071, '0'), fraction(16'383, '0');
  number_of("1e131071"), number_of("1e131072", out), number_of("0.1e131072"), number_of("0.1e131073", out), number_of("10e131070"), number_of("-10e131071", out);
  number_of("1" + zeros), number_of("1" + zeros + "0", out);
  number_of("1e-16383"), number_of("1e-16384", out), number_of("0e-16384", out), number_of("0.0e-16383", out), number_of("0." + fraction), number_of("0." + fraction + "0", out);
  number_of("0e131072"), number_of("0e1073741822"), number_of("0e1073741823", out), number_of("1e99999999999999999999999", out), number_of("1e-99999999999999999999999", out);
}

TEST(JsonText, PlainDecimals) {
  const auto plain = [](std::string_view number) {
    std::pmr::string text(memory());
    append_plain_decimal(number, &text);
    return std::string(text);
  };
  for (const auto& [number, expected] : {std::pair{"1e0", "1"}, {"1e3", "1000"}, {"1.50e1", "15.0"}, {"1e-3", "0.001"}, {"12e-1", "1.2"}, {"0e5", "0"}, {"0.00e1", "0.0"}, {"-0", "0"}, {"-0.0", "0.0"}, {"0.5e1", "5"},
                                         {"-1.5e1", "-15"}, {"0.003E2", "0.3"}, {"3000e-3", "3.000"}, {"-0e-2", "0.00"}, {"0e999999", "0"}, {"123.456e-5", "0.00123456"}, {"123.456e2", "12345.6"}})
    EXPECT_EQ(plain(number), expected) << number;
  for (const char* number : {"0", "12", "-1", "1.50", "-0.5"}) {
    EXPECT_TRUE(is_plain_decimal(number));
    EXPECT_EQ(plain(number), number);
  }
  for (const char* number : {"-0", "-0.00", "1e0", "1E5"}) EXPECT_FALSE(is_plain_decimal(number)) << number;
  // Zeros that tell nothing are left out, those that stand in the number are not.
  EXPECT_EQ(plain("1e64"), "1" + std::string(64, '0'));
  EXPECT_EQ(plain("-12.5e131000"), "-125" + std::string(64, '0'));
  EXPECT_EQ(plain("1e-65"), "0." + std::string(64, '0') + "1");
  EXPECT_EQ(plain("12e-16000"), "0." + std::string(64, '0') + "12");
  EXPECT_EQ(plain("0e-16000"), "0." + std::string(64, '0') + "0");
  const std::string zeros(1000, '0');
  EXPECT_EQ(plain("7" + zeros + "1e-1001"), "7." + zeros + "1");
  EXPECT_EQ(plain("0." + zeros + "1e1001"), "1");
}

}  // namespace
}  // namespace ea::core
