#include "core/intake/body.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "core/intake/json_text.hpp"
#include "core/intake/json_tokens.hpp"

namespace ea::core {

namespace {

constexpr std::size_t kUsualDepth = 100, kUsualSize = 16 * 1024 * 1024;
// So many pairs of an object the server can hold while it makes jsonb, and twice as many elements. Beyond that it fails
// with an internal error.
constexpr std::size_t kMostValues = 8'388'608;
constexpr std::size_t kTokensPerPoll = 4096;

struct NotJson {
  const char* at;
};

// What was found in a value, or in all values of an item.
struct Facts {
  JsonFlaw flaw = JsonFlaw::none;   // the first one
  std::size_t depth = 0, values = 0;
  bool has_unicode_escape = false;

  void add(JsonFlaw found) {
    if (flaw == JsonFlaw::none) flaw = found;
  }
};

// A scalar as it stands, or that it is none.
struct Value {
  Field::Kind kind = Field::Kind::absent;
  std::string_view text;    // of numbers and strings; a string between its quotes
  bool has_escapes = false;
  bool truth = false;
};

// Walks over the tokens. Every byte is in one of them or blank.
class Walk {
 public:
  Walk(std::string_view text, std::span<const std::uint32_t> starts, void (*poll)(), std::pmr::memory_resource* memory)
      : text_(text), starts_(starts), poll_(poll), open_(memory) {
    if (starts.empty()) throw NotJson{nullptr};
    require_blank(text.data(), begin());
  }

  bool done() const { return next_ == starts_.size(); }
  const char* begin() const { return text_.data() + (done() ? text_.size() : starts_[next_]); }
  char peek() const { return done() ? '\0' : *begin(); }

  void take(char structural) {
    if (peek() != structural) throw NotJson{begin()};
    end_token(begin() + 1);
  }
  // Whether it was there.
  bool take_if(char structural) {
    if (peek() != structural) return false;
    end_token(begin() + 1);
    return true;
  }
  // Behind an element: whether another one follows, or the closing bracket.
  bool more(char closing) {
    if (take_if(',')) return true;
    take(closing);
    return false;
  }

  JsonString string(Facts* facts) {
    if (peek() != '"') throw NotJson{begin()};
    JsonString string;
    end_token(scan_json_string(begin() + 1, text_end(), &string));
    facts->add(string.flaw);
    facts->has_unicode_escape |= string.has_unicode_escape;
    return string;
  }
  JsonString key(Facts* facts) {
    const JsonString name = string(facts);
    take(':');
    return name;
  }

  // A value with all that is in it; its text up to what follows. Nothing is called again for what lies deeper.
  Value value(Facts* facts, std::string_view* whole = nullptr) {
    const char* const first = begin();
    Value result;
    open_.clear();
    do {
      if (take_if('{')) {
        result.kind = Field::Kind::other;
        open(facts, true);
        if (take_if('}')) open_.pop_back();
        else { key(facts); continue; }
      } else if (take_if('[')) {
        result.kind = Field::Kind::other;
        open(facts, false);
        if (take_if(']')) open_.pop_back();
        else continue;
      } else {
        const Value read = scalar(facts);
        if (open_.empty()) result = read;
      }
      while (!open_.empty() && !more(open_.back() ? '}' : ']')) open_.pop_back();
      if (!open_.empty() && open_.back()) key(facts);
    } while (!open_.empty());
    if (whole) *whole = {first, static_cast<std::size_t>(last_end_ - first)};
    return result;
  }

 private:
  const char* text_end() const { return text_.data() + text_.size(); }

  void open(Facts* facts, bool object) {
    open_.push_back(object);
    facts->values++;
    facts->depth = std::max(facts->depth, open_.size());
  }

  Value scalar(Facts* facts) {
    Value result;
    facts->values++;
    switch (peek()) {
      case '"': {
        const JsonString read = string(facts);
        result.kind = Field::Kind::string;
        result.text = read.raw;
        result.has_escapes = read.has_escapes;
        break;
      }
      case 't': word("true"), result.kind = Field::Kind::boolean, result.truth = true; break;
      case 'f': word("false"), result.kind = Field::Kind::boolean; break;
      case 'n': word("null"); break;
      default: {
        JsonNumber read;
        end_token(scan_json_number(begin(), text_end(), &read));
        facts->add(read.flaw);
        result.kind = Field::Kind::number;
        result.text = read.text;
      }
    }
    return result;
  }
  void word(std::string_view wanted) {
    if (!std::string_view(begin(), text_end()).starts_with(wanted)) throw NotJson{begin()};
    end_token(begin() + wanted.size());
  }

  // The token ends there, and nothing lies between it and the next one.
  void end_token(const char* end) {
    if (end == nullptr) throw NotJson{begin()};
    if (++next_ % kTokensPerPoll == 0) poll_();
    last_end_ = end;
    require_blank(end, begin());
  }
  static void require_blank(const char* from, const char* to) {
    if (from > to) throw NotJson{to};   // a token within a token
    for (; from < to; from++)
      if (*from != ' ' && *from != '\n' && *from != '\t' && *from != '\r') throw NotJson{from};
  }

  std::string_view text_;
  std::span<const std::uint32_t> starts_;
  void (*poll_)();
  std::size_t next_ = 0;
  const char* last_end_ = nullptr;
  std::pmr::vector<bool> open_;   // brackets not closed yet: whether of an object
};

ItemFault flawed(JsonFlaw flaw, const char* field) {
  const char* const what = field ? field : "item";
  switch (flaw) {
    case JsonFlaw::nul: return make_fault(Fault::invalid_value, field, "%s holds \\u0000, which no text can", what);
    case JsonFlaw::half_surrogate: return make_fault(Fault::invalid_value, field, "%s holds half of a surrogate pair", what);
    default: break;
  }
  ItemFault fault = make_fault(Fault::invalid_value, field, "%s holds a number that is out of range", what);
  fault.out_of_range = true;
  return fault;
}

class BodyReader {
 public:
  BodyReader(std::string_view text, std::span<const std::uint32_t> starts, const Reading& reading, std::pmr::memory_resource* memory)
      : walk_(text, starts, reading.poll, memory), reading_(reading), scratch_(memory), items_(memory), faults_(memory) {}

  Body read(std::pmr::memory_resource* memory) {
    Body body;
    bool found = false;
    if (walk_.peek() == '[') {
      items();
      found = true;
    } else if (walk_.peek() == '{') {
      walk_.take('{');
      if (!walk_.take_if('}')) do {
        Facts ignored;
        const JsonString name = walk_.key(&ignored);
        if (unescaped(name.raw, name.has_escapes) != "engagements") {
          walk_.value(&ignored);
          continue;
        }
        // Of equal keys the last one counts.
        items_.clear(), faults_.clear(), received_ = 0;
        found = walk_.peek() == '[';
        if (found) items();
        else walk_.value(&ignored);
      } while (walk_.more('}'));
    } else {
      Facts ignored;
      walk_.value(&ignored);
    }
    if (!walk_.done()) throw NotJson{walk_.begin()};
    body.shape = found ? Body::Shape::array : Body::Shape::no_array;
    body.received = received_;
    body.items = kept(items_, memory);
    body.faults = kept(faults_, memory);
    return body;
  }

 private:
  template <class T>
  static std::span<const T> kept(const std::pmr::vector<T>& list, std::pmr::memory_resource* memory) {
    if (list.empty()) return {};
    T* const copy = static_cast<T*>(memory->allocate(list.size() * sizeof(T), alignof(T)));
    std::uninitialized_copy(list.begin(), list.end(), copy);
    return {copy, list.size()};
  }

  // The characters of a string; valid until the next one is asked for.
  std::string_view unescaped(std::string_view raw, bool has_escapes) {
    if (!has_escapes) return raw;
    scratch_.clear();
    append_unescaped(raw, reading_.utf8, &scratch_);
    return scratch_;
  }

  void items() {
    walk_.take('[');
    if (walk_.take_if(']')) return;
    do {
      if (received_++ >= reading_.limit) {
        Facts ignored;
        walk_.value(&ignored);
        continue;
      }
      BodyItem item;
      const ItemFault fault = walk_.peek() == '{' ? object(&item) : no_object();
      if (fault.fault != Fault::none) {
        faults_.push_back(fault);
        item.fault = static_cast<std::uint32_t>(faults_.size());
      }
      items_.push_back(item);
    } while (walk_.more(']'));
  }

  ItemFault no_object() {
    Facts ignored;
    walk_.value(&ignored);
    return make_fault(Fault::not_an_object, nullptr, "item is not an object");
  }

  ItemFault object(BodyItem* item) {
    Value values[kFields][2];
    bool given[kFields][2] = {};   // in camelCase, in snake_case
    bool too_many = false;         // of its metadata
    JsonFlaw flaw = JsonFlaw::none;
    const char* flawed_field = nullptr;
    walk_.take('{');
    if (!walk_.take_if('}')) do {
      Facts of_key, facts;
      const JsonString name = walk_.key(&of_key);
      bool snake = false;
      const int field = of_key.flaw == JsonFlaw::none ? find_field(unescaped(name.raw, name.has_escapes), &snake) : -1;
      std::string_view whole;
      const Value value = walk_.value(&facts, &whole);
      if (field >= 0) {
        values[field][snake] = value;
        given[field][snake] = true;
      }
      if (field == static_cast<int>(FieldName::metadata)) {
        item->metadata = value.kind == Field::Kind::absent ? std::string_view{} : whole;
        item->metadata_is_unusual = facts.depth > kUsualDepth || whole.size() > kUsualSize || (facts.has_unicode_escape && !reading_.utf8);
        too_many = facts.values > kMostValues;
      }
      facts.add(of_key.flaw);
      if (flaw == JsonFlaw::none && facts.flaw != JsonFlaw::none) {
        flaw = facts.flaw;
        flawed_field = field >= 0 ? field_name(static_cast<FieldName>(field)) : nullptr;
      }
    } while (walk_.more('}'));
    if (flaw != JsonFlaw::none) return flawed(flaw, flawed_field);

    Field fields[kFields];
    std::size_t rewritten[kFields + 1] = {};   // where in scratch_ the text of a field ends that has to be written anew
    scratch_.clear();
    for (int f = 0; f < kFields; f++) {
      const Value& value = values[f][given[f][0] ? 0 : 1];
      fields[f] = {value.kind, value.text, value.truth};
      if (f == static_cast<int>(FieldName::metadata)) continue;   // is read from its text
      if (value.has_escapes) append_unescaped(value.text, reading_.utf8, &scratch_);
      else if (value.kind == Field::Kind::number && !is_plain_decimal(value.text)) append_plain_decimal(value.text, &scratch_);
      rewritten[f + 1] = scratch_.size();
    }
    for (int f = 0; f < kFields - 1; f++)
      if (rewritten[f + 1] > rewritten[f]) fields[f].text = std::string_view(scratch_).substr(rewritten[f], rewritten[f + 1] - rewritten[f]);
    const ItemFault fault = read_event(fields, reading_.now, reading_.clip, &item->row);
    if (fault.fault != Fault::none || !too_many) return fault;
    return make_fault(Fault::invalid_value, field_name(FieldName::metadata), "metadata holds more than %zu values", kMostValues);
  }

  Walk walk_;
  const Reading& reading_;
  std::size_t received_ = 0;
  std::pmr::string scratch_;
  std::pmr::vector<BodyItem> items_;
  std::pmr::vector<ItemFault> faults_;
};

}  // namespace

Body read_body(std::string_view text, const Reading& reading, std::pmr::memory_resource* memory) {
  const JsonTokens tokens(text);
  try {
    return BodyReader(text, tokens.starts(), reading, memory).read(memory);
  } catch (const NotJson& here) {
    Body body;
    body.shape = Body::Shape::not_json;
    body.at = here.at ? static_cast<std::size_t>(here.at - text.data()) : Body::kNowhere;
    return body;
  }
}

}  // namespace ea::core
