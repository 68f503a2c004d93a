#include "pg/job_log.hpp"

#include <cstdarg>

namespace ea::pg {

bool log_jobs = true;

namespace {

void put(const char* line) {
  ereport(LOG, (errmsg_internal("explore_analytics %s", line), errhidestmt(true), errhidecontext(true)));
}

}  // namespace

void log_line(const char* format, ...) {
  if (!log_jobs) return;
  char line[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  put(line);
}

void JobLog::write(const char* format, ...) const {
  if (!log_jobs) return;
  char line[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line - 40, format, arguments);
  va_end(arguments);
  snprintf(line + strlen(line), 40, " took_ms=%lld", (long long)took_ms());
  put(line);
}

}  // namespace ea::pg
