#include "core/bytes/error.hpp"

#include <cstdarg>
#include <cstdio>

namespace ea::core {

Error::Error(Errc code, const char* format, ...) noexcept : code_(code) {
  va_list arguments;
  va_start(arguments, format);
  if (std::vsnprintf(message_, sizeof message_, format, arguments) < 0) message_[0] = '\0';
  va_end(arguments);
}

}  // namespace ea::core
