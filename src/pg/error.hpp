// Errors on the way from C++ to the server. `raise` is the only caller of ereport(ERROR).
#pragma once

#include "core/bytes/error.hpp"
#include "pg/postgres.hpp"

namespace ea::pg {

// A message that owns nothing, so that it survives leaving a C++ handler.
// Empty texts to begin with, of which only the ends are written: one stands in the frame of every function.
struct Failure {
  int sqlstate = 0;
  char message[512], hint[512], detail[256];

  Failure() { message[0] = hint[0] = detail[0] = 0; }
};

Failure failure(int sqlstate, const char* format, ...) __attribute__((format(printf, 2, 3)));
Failure with_hint(Failure base, const char* format, ...) __attribute__((format(printf, 2, 3)));
// <what> "<word>" is unknown; a long word is cut at a character.
Failure unknown(int sqlstate, const char* what, const char* word);
Failure from_core(const core::Error& error);

// Leaves by longjmp: no object with a destructor may be alive in the frames it skips.
[[noreturn]] void raise(const Failure& failure);

// To the client.
void notice(const Failure& message);
void warning(const Failure& message);

// A server error caught by guard(), on its way through C++ frames back to the barrier.
struct ServerError {
  ErrorData* data;
};
[[noreturn]] void rethrow(ErrorData* data);
// The same words as a warning.
void warn_of(const ErrorData* data);

}  // namespace ea::pg
