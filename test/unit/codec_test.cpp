#include "core/bytes/codec.hpp"

#include "support.hpp"

namespace ea::core {
namespace {

using test::Buffer;
using test::bytes;
using test::code_of;

TEST(Error, keeps_code_and_cuts_long_messages) {
  const Error error(Errc::too_large, "%s %d", std::string(1000, 'x').c_str(), 7);
  EXPECT_EQ(error.code(), Errc::too_large);
  EXPECT_GT(std::string(error.what()).size(), 100U);
  EXPECT_STREQ(Error(Errc::invalid_text, "bad %d", 7).what(), "bad 7");
}

TEST(Codec, varint_round_trip_at_every_length) {
  for (int shift = 0; shift < 64; ++shift) {
    for (const std::int64_t step : {-1, 0, 1}) {
      const std::uint64_t value = (std::uint64_t{1} << shift) + static_cast<std::uint64_t>(step);
      Buffer room(varint_size(value));
      Writer writer(room);
      writer.varint(value);
      writer.expect_full();
      Reader reader(room);
      EXPECT_EQ(reader.varint(), value);
      reader.expect_end();
      for (std::size_t n = 0; n < room.size(); ++n) {
        EXPECT_EQ(code_of([&] { Reader(Bytes(room).first(n)).varint(); }), Errc::invalid_binary);
      }
    }
  }
}

TEST(Codec, varint_accepts_only_the_shortest_form) {
  for (const Buffer& bad :
       {bytes({0x80, 0}), bytes({0xFF, 0}), bytes({0x80, 0x80, 0}),
        bytes({0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2}),
        bytes({0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x81, 0}),
        bytes({0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0})}) {
    EXPECT_EQ(code_of([&] { Reader(bad).varint(); }), Errc::invalid_binary);
  }
  const Buffer max = bytes({0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1});
  EXPECT_EQ(Reader(max).varint(), ~std::uint64_t{0});
}

// Where more bytes follow, eight are looked at together.
TEST(Codec, varint_takes_nothing_of_what_follows) {
  for (const std::byte filler : {std::byte{0}, std::byte{0x7F}, std::byte{0x80}, std::byte{0xFF}}) {
    for (int shift = 0; shift < 64; ++shift) {
      for (const std::int64_t step : {-1, 0, 1, 5}) {
        const std::uint64_t value = (std::uint64_t{1} << shift) + static_cast<std::uint64_t>(step);
        Buffer room(varint_size(value));
        Writer(room).varint(value);
        room.resize(room.size() + 12, filler);
        Reader reader(room);
        EXPECT_EQ(reader.varint(), value);
        EXPECT_EQ(reader.remaining(), 12U);
      }
    }
    for (Buffer bad : {bytes({0x80, 0}), bytes({0xFF, 0}), bytes({0xFF, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0}),
                       bytes({0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2})}) {
      bad.resize(bad.size() + 12, filler);
      EXPECT_EQ(code_of([&] { Reader(bad).varint(); }), Errc::invalid_binary);
    }
  }
}

TEST(Codec, zigzag_keeps_every_sign) {
  for (const std::int64_t value : {test::kMin, test::kMin + 1, std::int64_t{-1}, std::int64_t{0},
                                   std::int64_t{1}, test::kMax}) {
    EXPECT_EQ(zigzag_decode(zigzag_encode(value)), value);
    Buffer room(varint_size(zigzag_encode(value)));
    Writer(room).zigzag(value);
    EXPECT_EQ(Reader(room).zigzag(), value);
  }
  EXPECT_EQ(zigzag_encode(-1), 1U);
  EXPECT_EQ(zigzag_encode(1), 2U);
}

TEST(Codec, fixed_integers_are_little_endian) {
  Buffer room(15);
  Writer writer(room);
  writer.u8(0x01);
  writer.u16(0x0302);
  writer.u32(0x07060504);
  writer.u64(0x0F0E0D0C0B0A0908);
  EXPECT_EQ(test::to_hex(room), "0102030405060708090a0b0c0d0e0f");
  Reader reader(room);
  EXPECT_EQ(reader.u8(), 0x01);
  EXPECT_EQ(reader.u16(), 0x0302);
  EXPECT_EQ(reader.u32(), 0x07060504U);
  EXPECT_EQ(reader.remaining(), 8U);
  EXPECT_EQ(reader.u64(), 0x0F0E0D0C0B0A0908U);
  EXPECT_EQ(code_of([&] { reader.u8(); }), Errc::invalid_binary);
}

TEST(Codec, reader_and_writer_check_their_bounds) {
  Buffer room(2);
  EXPECT_EQ(code_of([&] { Reader(room).u32(); }), Errc::invalid_binary);
  EXPECT_EQ(code_of([&] { Reader(room).bytes(~std::uint64_t{0}); }), Errc::invalid_binary);
  EXPECT_EQ(code_of([&] { Reader(room).expect_end(); }), Errc::invalid_binary);
  EXPECT_EQ(code_of([&] { Writer(room).u32(1); }), Errc::contradiction);
  EXPECT_EQ(code_of([&] { Writer(room).expect_full(); }), Errc::contradiction);
  EXPECT_EQ(code_of([&] { Writer(room).skip(3); }), Errc::contradiction);
}

TEST(Codec, sizes_are_limited) {
  EXPECT_EQ(checked_size(kMaxEncoded), kMaxEncoded);
  EXPECT_EQ(code_of([] { checked_size(kMaxEncoded + 1); }), Errc::too_large);
  EXPECT_EQ(code_of([] { checked_size(~std::uint64_t{0}); }), Errc::too_large);
  EXPECT_EQ(code_of([] { base64_size(~std::size_t{0}); }), Errc::too_large);
}

std::string base64_of(std::string_view text) {
  std::string out(base64_size(text.size()), '?');
  base64_encode(std::as_bytes(std::span(text)), out.data());
  return out;
}

std::string decoded(std::string_view text) {
  Buffer out(base64_decoded_max(text.size()));
  out.resize(base64_decode(text, out));
  return {reinterpret_cast<const char*>(out.data()), out.size()};
}

TEST(Base64, known_texts) {
  const std::pair<const char*, const char*> known[] = {
      {"", ""},         {"f", "Zg=="},     {"fo", "Zm8="},        {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : known) {
    EXPECT_EQ(base64_of(plain), text);
    EXPECT_EQ(decoded(text), plain);
  }
}

TEST(Base64, round_trip_of_every_length_and_byte) {
  test::Random random(1);
  for (std::size_t n = 0; n < 300; ++n) {
    std::string plain(n, '\0');
    for (char& c : plain) c = static_cast<char>(random());
    EXPECT_EQ(decoded(base64_of(plain)), plain);
  }
}

TEST(Base64, refuses_all_but_its_own_texts) {
  for (const char* bad :
       {"Z", "Zg", "Zg=", "=", "====", "Zg==Zg==", "Zh==", "Zm9=", "Zm8=\n", " Zm8=", "Zm 8",
        "Zm9v=", "Z===", "=m9v", "Zm-_", "Z=9v", "Zg=a", "Zm9v====", "Zm9\xff"}) {
    EXPECT_EQ(code_of([&] { decoded(bad); }), Errc::invalid_text) << bad;
  }
}

TEST(Base64, every_accepted_text_is_the_one_we_write) {
  test::Random random(2);
  const std::string_view letters = "AQgw/+=z9 ";
  for (int i = 0; i < 20000; ++i) {
    std::string text(4 * (1 + random() % 2), ' ');
    for (char& c : text) c = letters[random() % letters.size()];
    try {
      EXPECT_EQ(base64_of(decoded(text)), text);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::invalid_text);
    }
  }
}

TEST(Base64, checks_its_room) {
  Buffer room(2);
  EXPECT_EQ(code_of([&] { base64_decode("Zm9v", room); }), Errc::contradiction);
  EXPECT_EQ(base64_decode("Zm8=", room), 2U);
}

}  // namespace
}  // namespace ea::core
