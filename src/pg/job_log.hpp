// One line of key=value pairs in the server's log for each run of a job; explore_analytics.log_jobs turns them
// off. Numbers and times only: no line ever names a viewer.
#pragma once

#include "pg/error.hpp"

namespace ea::pg {

extern bool log_jobs;

void log_line(const char* format, ...) __attribute__((format(printf, 1, 2)));

// Measures from where it stands; a line ends with took_ms=.
class JobLog {
 public:
  int64 took_ms() const { return (GetCurrentTimestamp() - start_) / 1000; }
  void write(const char* format, ...) const __attribute__((format(printf, 2, 3)));

 private:
  TimestampTz start_ = GetCurrentTimestamp();
};

}  // namespace ea::pg
