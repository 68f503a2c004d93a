// ISO 8601 times, read without a server.
#pragma once

#include <cstdint>
#include <string_view>

namespace ea::core {

// Reads YYYY-MM-DD, then T or a space, HH:MM, optionally :SS and a fraction, optionally Z or an offset
// (+HH, +HHMM, +HH:MM, +HH:MM:SS). Without an offset the time is UTC. Gives microseconds since
// 2000-01-01 UTC, the server's epoch; a fraction is rounded to them, half up. False for anything else.
bool read_iso_time(std::string_view text, std::int64_t* microseconds);

}  // namespace ea::core
