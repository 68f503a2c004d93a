// What characters can be shown to the client.
#pragma once

#include "pg/postgres.hpp"

namespace ea::pg {

// Whether text can have any character of Unicode, here and at the client. Asked is the setting, which is the leader's in
// a worker of a parallel query: pg_get_client_encoding() says there in what the worker writes to the leader.
inline bool speaks_utf8() {
  return GetDatabaseEncoding() == PG_UTF8 && pg_valid_client_encoding(GetConfigOption("client_encoding", false, false)) == PG_UTF8;
}

}  // namespace ea::pg
