// The text of a request body, read into rows: what record_engagement_batch() does with jsonb, without making one.
#pragma once

#include <memory_resource>
#include <span>
#include <string_view>

#include "core/intake/event.hpp"

namespace ea::core {

// An item of the array.
struct BodyItem {
  EventRow row;                      // of an item without a fault
  std::uint32_t fault = 0;           // 0: none; else its place among the faults, from 1
  std::string_view metadata;         // JSON, a part of the text; empty: none
  bool metadata_is_unusual = false;  // deep, large, or with an escape that the encoding may not have
};

struct Body {
  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
  enum class Shape : std::uint8_t { array, no_array, not_json };
  Shape shape = Shape::array;
  std::size_t at = 0;         // not_json: the byte that does not fit, or kNowhere
  std::size_t received = 0;   // items in the array
  std::span<const BodyItem> items;   // at most the limit
  std::span<const ItemFault> faults;
};

struct Reading {
  bool utf8;          // whether that is the encoding of the text
  std::size_t limit;  // so many items are read; more are only counted
  std::int64_t now;
  Clip clip;
  void (*poll)();     // called once in some thousand tokens; what it throws ends the reading
};

// Reads a body, an array or an object with the key "engagements". The text must have kJsonPadding bytes behind it. A
// text is JSON when the server's json takes it. An item that would be no jsonb by itself (a NUL, half a surrogate pair,
// a number out of range, anywhere in it) is invalid_value, and so is one whose metadata has more values than jsonb
// could hold in one array or object. What is returned lies in `memory`, which has to free it as a whole.
Body read_body(std::string_view text, const Reading& reading, std::pmr::memory_resource* memory);

}  // namespace ea::core
