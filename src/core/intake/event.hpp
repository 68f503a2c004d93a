// One recorded event: from loosely typed fields, as an app sends them, to a checked row.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/value/counters.hpp"

namespace ea::core {

// A field of a request body. Numbers come as their decimal text, so that nothing is rounded twice.
struct Field {
  enum class Kind : std::uint8_t { absent, number, string, boolean, other };
  Kind kind = Kind::absent;
  std::string_view text;
  bool truth = false;
};

enum class FieldName : std::uint8_t {
  content_id, engagement_type, user_id, session_id, watch_time, completed, created_at, event_id, metadata,
};
inline constexpr int kFields = 9;

// The field behind a camelCase or snake_case key; -1 for a key that means nothing to us.
int find_field(std::string_view key, bool* in_snake_case = nullptr);
const char* field_name(FieldName field);   // in camelCase

enum class Fault : std::uint8_t {
  none, not_an_object, missing_field, invalid_value, unknown_content, unknown_session, unknown_type,
  created_at_in_future,
};
const char* fault_code(Fault fault);

// What is wrong with an item; owns nothing.
struct ItemFault {
  Fault fault = Fault::none;
  bool out_of_range = false;      // invalid_value because the number does not fit
  bool infinite = false;          // invalid_value because the time is not finite
  const char* field = nullptr;    // camelCase name, null when the item as a whole is meant
  char message[192] = {};
};
ItemFault make_fault(Fault fault, const char* field, const char* format, ...)
    __attribute__((format(printf, 3, 4)));

struct EventRow {
  std::int64_t content_id = 0;
  std::int64_t user_id = 0;      // 0: none
  std::int64_t session_id = 0;   // 0: none
  Engagement type = Engagement::view;
  std::int32_t watch_time_ms = 0;
  bool completed = false;        // of a view only
  std::int64_t created_at = 0;   // microseconds since 2000-01-01 UTC; never before
  bool has_event_id = false;
  std::uint8_t event_id[16] = {};
};

// The bytes of the whole characters among the first `limit` of a text, in the encoding of the server.
using Clip = int (*)(const char* text, int size, int limit);

// Checks an item in the order of FieldName and reports the first fault.
ItemFault read_event(const Field (&fields)[kFields], std::int64_t now, Clip clip, EventRow* row);

bool find_engagement(std::string_view label, Engagement* type);
const char* engagement_label(Engagement type);

// Decimal seconds ("12", "0.5") to milliseconds, rounded half away from zero.
enum class Parse : std::uint8_t { ok, malformed, negative, out_of_range };
Parse milliseconds_from_seconds(std::string_view decimal, std::int32_t* milliseconds);

}  // namespace ea::core
