// Whether a text is JSON by RFC 8259, read the plain way, one character after the other.
#pragma once

#include <string_view>

namespace ea::fuzz {

class JsonOracle {
 public:
  explicit JsonOracle(std::string_view text) : text_(text) {}
  // Nothing deeper than this is asked about.
  static constexpr int kDepth = 500;

  bool valid() {
    blank();
    return value(0) && (blank(), at_ == text_.size());
  }
  bool too_deep() const { return too_deep_; }

 private:
  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    at_++;
    return true;
  }
  bool one_of(std::string_view set) const { return at_ < text_.size() && set.find(text_[at_]) != set.npos; }
  void blank() {
    while (one_of(" \t\n\r")) at_++;
  }
  bool word(std::string_view wanted) {
    if (text_.substr(at_, wanted.size()) != wanted) return false;
    at_ += wanted.size();
    return true;
  }
  bool digits() {
    const std::size_t from = at_;
    while (one_of("0123456789")) at_++;
    return at_ > from;
  }
  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (one_of("eE")) {
      at_++;
      if (one_of("+-")) at_++;
      if (!digits()) return false;
    }
    return true;
  }
  bool string() {
    if (!take('"')) return false;
    while (at_ < text_.size()) {
      const auto c = static_cast<unsigned char>(text_[at_++]);
      if (c == '"') return true;
      if (c < 0x20) return false;
      if (c != '\\') continue;
      if (take('u')) {
        for (int i = 0; i < 4; i++) {
          if (!one_of("0123456789abcdefABCDEF")) return false;
          at_++;
        }
      } else if (one_of("\"\\/bfnrt")) {
        at_++;
      } else {
        return false;
      }
    }
    return false;
  }
  bool value(int depth) {
    if (depth > kDepth) {
      too_deep_ = true;
      return false;
    }
    if (take('[')) {
      blank();
      if (take(']')) return true;
      do {
        blank();
        if (!value(depth + 1)) return false;
        blank();
      } while (take(','));
      return take(']');
    }
    if (take('{')) {
      blank();
      if (take('}')) return true;
      do {
        blank();
        if (!string()) return false;
        blank();
        if (!take(':')) return false;
        blank();
        if (!value(depth + 1)) return false;
        blank();
      } while (take(','));
      return take('}');
    }
    if (one_of("\"")) return string();
    return word("true") || word("false") || word("null") || number();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool too_deep_ = false;
};

}  // namespace ea::fuzz
