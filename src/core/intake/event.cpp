#include "core/intake/event.hpp"

#include <charconv>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <limits>

#include "core/intake/calendar.hpp"

namespace ea::core {

namespace {

constexpr const char* kLabels[kEngagements] = {"view", "save", "share", "click", "skip", "complete", "impression", "progress"};

struct Name {
  std::string_view camel;
  std::string_view snake;
};
constexpr Name kNames[kFields] = {
    {"contentId", "content_id"}, {"engagementType", "engagement_type"}, {"userId", "user_id"},
    {"sessionId", "session_id"}, {"watchTime", "watch_time"},           {"completed", "completed"},
    {"createdAt", "created_at"}, {"eventId", "event_id"},               {"metadata", "metadata"},
};

constexpr std::int64_t kDay = 86400LL * 1000000;

// At most this many bytes of a bad value are repeated in a message, cut at a character.
struct Quoted {
  char text[44];
  Quoted(std::string_view value, Clip clip) {
    std::size_t size = value.size();
    const bool cut = size > 40;
    if (cut) size = static_cast<std::size_t>(clip(value.data(), static_cast<int>(size), 40));
    std::memcpy(text, value.data(), size);
    std::memcpy(text + size, cut ? "..." : "", cut ? 4 : 1);
  }
};

ItemFault invalid(FieldName field, const char* expected, const Field& value, Clip clip) {
  switch (value.kind) {
    case Field::Kind::number:
      return make_fault(Fault::invalid_value, field_name(field), "%s must be %s, not %s", field_name(field), expected,
                        Quoted(value.text, clip).text);
    case Field::Kind::string:
      return make_fault(Fault::invalid_value, field_name(field), "%s must be %s, not \"%s\"", field_name(field),
                        expected, Quoted(value.text, clip).text);
    case Field::Kind::boolean:
      return make_fault(Fault::invalid_value, field_name(field), "%s must be %s, not %s", field_name(field), expected,
                        value.truth ? "true" : "false");
    default:
      return make_fault(Fault::invalid_value, field_name(field), "%s must be %s", field_name(field), expected);
  }
}

bool read_id(const Field& field, std::int64_t* id) {
  if (field.kind != Field::Kind::number && field.kind != Field::Kind::string) return false;
  std::string_view text = field.text;
  // A JSON number may carry a fraction that is nothing: 7.0 is 7.
  if (field.kind == Field::Kind::number && text.find('.') != text.npos) {
    text = text.substr(0, text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.remove_suffix(1);
  }
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, *id);
  return result.ec == std::errc() && result.ptr == end && *id > 0;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// 32 hexadecimal digits, bare or in the usual groups of 8-4-4-4-12.
bool read_uuid(std::string_view text, std::uint8_t (&uuid)[16]) {
  const bool grouped = text.size() == 36;
  if (!grouped && text.size() != 32) return false;
  std::size_t at = 0;
  for (int i = 0; i < 16; i++) {
    if (grouped && (i == 4 || i == 6 || i == 8 || i == 10) && text[at++] != '-') return false;
    const int high = hex_digit(text[at]), low = hex_digit(text[at + 1]);
    if (high < 0 || low < 0) return false;
    uuid[i] = static_cast<std::uint8_t>(high << 4 | low);
    at += 2;
  }
  return true;
}

}  // namespace

int find_field(std::string_view key, bool* in_snake_case) {
  for (int i = 0; i < kFields; i++) {
    const bool camel = key == kNames[i].camel;
    if (!camel && key != kNames[i].snake) continue;
    if (in_snake_case) *in_snake_case = !camel;
    return i;
  }
  return -1;
}

const char* field_name(FieldName field) { return kNames[static_cast<int>(field)].camel.data(); }

const char* fault_code(Fault fault) {
  constexpr const char* kCodes[] = {"none",          "not_an_object",   "missing_field", "invalid_value",
                                    "unknown_content", "unknown_session", "unknown_type",  "created_at_in_future"};
  return kCodes[static_cast<int>(fault)];
}

ItemFault make_fault(Fault fault, const char* field, const char* format, ...) {
  ItemFault result;
  result.fault = fault;
  result.field = field;
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(result.message, sizeof result.message, format, arguments);
  va_end(arguments);
  return result;
}

bool find_engagement(std::string_view label, Engagement* type) {
  for (std::size_t i = 0; i < std::size(kLabels); i++)
    if (label == kLabels[i]) {
      *type = static_cast<Engagement>(i);
      return true;
    }
  return false;
}

const char* engagement_label(Engagement type) { return kLabels[static_cast<int>(type)]; }

Parse milliseconds_from_seconds(std::string_view decimal, std::int32_t* milliseconds) {
  constexpr std::int64_t kMax = std::numeric_limits<std::int32_t>::max();
  std::size_t at = 0;
  const bool minus = at < decimal.size() && decimal[at] == '-';
  if (minus) at++;
  std::int64_t value = 0;
  int digits = 0, decimals = -1;   // decimals: -1 before the point
  bool round_up = false, nonzero = false, too_large = false;
  for (; at < decimal.size(); at++) {
    const char c = decimal[at];
    if (c == '.' && decimals < 0) {
      decimals = 0;
      continue;
    }
    if (c < '0' || c > '9') return Parse::malformed;
    digits++;
    nonzero |= c != '0';
    if (decimals < 3) {
      value = value * 10 + (c - '0');
      too_large |= value > kMax;
      if (too_large) value = kMax;
      if (decimals >= 0) decimals++;
    } else if (decimals == 3) {
      round_up = c >= '5';
      decimals++;
    }
  }
  if (digits == 0) return Parse::malformed;
  if (minus && nonzero) return Parse::negative;
  for (int d = decimals < 0 ? 0 : decimals; d < 3; d++) {
    value *= 10;
    too_large |= value > kMax;
    if (too_large) value = kMax;
  }
  value += round_up;
  if (too_large || value > kMax) return Parse::out_of_range;
  *milliseconds = static_cast<std::int32_t>(value);
  return Parse::ok;
}

ItemFault read_event(const Field (&fields)[kFields], std::int64_t now, Clip clip, EventRow* row) {
  using Kind = Field::Kind;
  const auto field = [&](FieldName name) -> const Field& { return fields[static_cast<int>(name)]; };
  *row = EventRow{};

  const Field& content = field(FieldName::content_id);
  if (content.kind == Kind::absent)
    return make_fault(Fault::missing_field, field_name(FieldName::content_id), "contentId is missing");
  if (!read_id(content, &row->content_id))
    return invalid(FieldName::content_id, "a positive integer", content, clip);

  const Field& type = field(FieldName::engagement_type);
  if (type.kind == Kind::absent)
    return make_fault(Fault::missing_field, field_name(FieldName::engagement_type), "engagementType is missing");
  if (type.kind != Kind::string) return invalid(FieldName::engagement_type, "a string", type, clip);
  if (!find_engagement(type.text, &row->type))
    return make_fault(Fault::unknown_type, field_name(FieldName::engagement_type),
                      "engagementType \"%s\" is not view, save, share, click, skip, complete, impression or progress",
                      Quoted(type.text, clip).text);

  const Field& user = field(FieldName::user_id);
  if (user.kind != Kind::absent && !read_id(user, &row->user_id))
    return invalid(FieldName::user_id, "a positive integer", user, clip);
  const Field& session = field(FieldName::session_id);
  if (session.kind != Kind::absent && !read_id(session, &row->session_id))
    return invalid(FieldName::session_id, "a positive integer", session, clip);

  const Field& watch = field(FieldName::watch_time);
  if (watch.kind != Kind::absent) {
    if (watch.kind != Kind::number) return invalid(FieldName::watch_time, "a number of seconds", watch, clip);
    switch (milliseconds_from_seconds(watch.text, &row->watch_time_ms)) {
      case Parse::ok: break;
      case Parse::malformed: return invalid(FieldName::watch_time, "a number of seconds", watch, clip);
      case Parse::negative: return invalid(FieldName::watch_time, "zero or more seconds", watch, clip);
      case Parse::out_of_range: {
        ItemFault fault = invalid(FieldName::watch_time, "at most 2147483.647 seconds", watch, clip);
        fault.out_of_range = true;
        return fault;
      }
    }
  }

  const Field& completed = field(FieldName::completed);
  if (completed.kind != Kind::absent && completed.kind != Kind::boolean)
    return invalid(FieldName::completed, "true or false", completed, clip);
  row->completed = completed.truth && row->type == Engagement::view;

  const Field& created = field(FieldName::created_at);
  row->created_at = now;
  if (created.kind != Kind::absent) {
    if (created.kind != Kind::string || !read_iso_time(created.text, &row->created_at)) {
      ItemFault fault = invalid(FieldName::created_at, "an ISO 8601 time", created, clip);
      fault.infinite = created.text == "infinity" || created.text == "-infinity";
      return fault;
    }
    if (row->created_at < 0) return invalid(FieldName::created_at, "in 2000 or later", created, clip);
    if (row->created_at - kDay > now)
      return make_fault(Fault::created_at_in_future, field_name(FieldName::created_at),
                        "createdAt is more than a day ahead: %s", Quoted(created.text, clip).text);
  }

  const Field& event = field(FieldName::event_id);
  if (event.kind != Kind::absent) {
    if (event.kind != Kind::string || !read_uuid(event.text, row->event_id))
      return invalid(FieldName::event_id, "a UUID", event, clip);
    row->has_event_id = true;
  }
  return {};
}

}  // namespace ea::core
