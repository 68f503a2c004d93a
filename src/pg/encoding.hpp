// What characters can be shown to the client, and text as UTF-8.
#pragma once

#include "pg/error.hpp"

namespace ea::pg {

// Whether text can have any character of Unicode, here and at the client. Asked is the setting, which is the leader's in
// a worker of a parallel query: pg_get_client_encoding() says there in what the worker writes to the leader.
inline bool speaks_utf8() {
  return GetDatabaseEncoding() == PG_UTF8 && pg_valid_client_encoding(GetConfigOption("client_encoding", false, false)) == PG_UTF8;
}

// Text of the server in UTF-8: itself, where it is that already, or else in the present memory context. 22021 for bytes that
// are of no known encoding and not UTF-8, 22P05 for characters that Unicode has not.
std::string_view as_utf8(std::string_view text);

}  // namespace ea::pg
