#include "pg/encoding.hpp"

namespace ea::pg {

std::string_view as_utf8(std::string_view text) {
  const int encoding = GetDatabaseEncoding();
  const auto is_ascii = [](char c) { return (static_cast<unsigned char>(c) & 0x80) == 0; };
  if (encoding == PG_UTF8 || std::all_of(text.begin(), text.end(), is_ascii)) return text;
  if (encoding == PG_SQL_ASCII) {
    if (!pg_verify_mbstr(PG_UTF8, text.data(), (int)text.size(), true))
      raise(with_hint(failure(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE, "text is not UTF-8, and the encoding of the database is SQL_ASCII, which is none"),
                      "Pass text in UTF-8."));
    return text;
  }
  auto* source = (unsigned char*)const_cast<char*>(text.data());
  const auto* converted = (const char*)pg_do_encoding_conversion(source, (int)text.size(), encoding, PG_UTF8);
  return converted;
}

}  // namespace ea::pg
