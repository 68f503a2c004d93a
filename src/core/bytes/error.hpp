// The one exception type of the core. The wall around the server maps its code to an SQLSTATE.
#pragma once

namespace ea::core {

enum class Errc {
  invalid_binary,    // bytes that are not a value of ours
  invalid_text,      // text that is not base64 of such bytes
  out_of_range,      // a counter would leave 64 bits
  too_large,         // a value over the size the server can store
  invalid_argument,  // the caller asked for something that has no meaning
  inconsistent,      // stored parts that do not fit each other
  contradiction,     // we contradict ourselves: a fault of this program, whatever was asked
};

// Thrown by value. The message lives in the object, so that reporting an error never allocates.
class Error {
 public:
  Error(Errc code, const char* format, ...) noexcept __attribute__((format(printf, 3, 4)));

  Errc code() const noexcept { return code_; }
  const char* what() const noexcept { return message_; }

 private:
  Errc code_;
  char message_[200];
};

}  // namespace ea::core
