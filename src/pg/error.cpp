#include "pg/error.hpp"

#include <cstdarg>

namespace ea::pg {

Failure failure(int sqlstate, const char* format, ...) {
  Failure result;
  result.sqlstate = sqlstate;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(result.message, sizeof result.message, format, arguments);
  va_end(arguments);
  // A cut must not leave half a character behind.
  result.message[pg_mbcliplen(result.message, strlen(result.message), sizeof result.message - 1)] = 0;
  return result;
}

Failure with_hint(Failure base, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(base.hint, sizeof base.hint, format, arguments);
  va_end(arguments);
  return base;
}

Failure unknown(int sqlstate, const char* what, const char* word) {
  const int length = (int)strlen(word), shown = pg_mbcliplen(word, length, 60);
  return failure(sqlstate, "%s \"%s%s\" is unknown", what, pnstrdup(word, shown), shown < length ? "..." : "");
}

Failure from_core(const core::Error& error) {
  int sqlstate = ERRCODE_INTERNAL_ERROR;
  switch (error.code()) {
    case core::Errc::invalid_binary: sqlstate = ERRCODE_INVALID_BINARY_REPRESENTATION; break;
    case core::Errc::invalid_text: sqlstate = ERRCODE_INVALID_TEXT_REPRESENTATION; break;
    case core::Errc::out_of_range: sqlstate = ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE; break;
    case core::Errc::too_large: sqlstate = ERRCODE_PROGRAM_LIMIT_EXCEEDED; break;
    case core::Errc::invalid_argument: sqlstate = ERRCODE_INVALID_PARAMETER_VALUE; break;
    case core::Errc::inconsistent:
      return with_hint(failure(ERRCODE_DATA_CORRUPTED, "%s", error.what()),
                       "SELECT * FROM explore_analytics.verify() shows where rollups and raw rows differ, SELECT explore_analytics.rebuild() cures it.");
    case core::Errc::contradiction: break;
  }
  return failure(sqlstate, "%s", error.what());
}

void raise(const Failure& failure) {
  ereport(ERROR, (errcode(failure.sqlstate), errmsg_internal("%s", failure.message),
                  failure.detail[0] ? errdetail_internal("%s", failure.detail) : 0,
                  failure.hint[0] ? errhint("%s", failure.hint) : 0));
  pg_unreachable();
}

void rethrow(ErrorData* data) {
  ReThrowError(data);
}

void warn_of(const ErrorData* data) {
  ereport(WARNING, (errcode(data->sqlerrcode), errmsg_internal("%s", data->message),
                    data->detail ? errdetail_internal("%s", data->detail) : 0,
                    data->hint ? errhint("%s", data->hint) : 0));
}

void notice(const Failure& message) {
  ereport(NOTICE, (errmsg("%s", message.message), message.hint[0] ? errhint("%s", message.hint) : 0));
}

void warning(const Failure& message) {
  ereport(WARNING, (errcode(message.sqlstate), errmsg("%s", message.message),
                    message.detail[0] ? errdetail("%s", message.detail) : 0,
                    message.hint[0] ? errhint("%s", message.hint) : 0));
}

}  // namespace ea::pg
