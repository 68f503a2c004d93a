#include "core/intake/json_tokens.hpp"

#include <memory>
#include <new>

#if !__has_include(<simdjson.h>)
#error "simdjson.h is missing: install the package libsimdjson-dev"
#endif
#include <simdjson.h>

namespace ea::core {

namespace {

using Parser = simdjson::internal::dom_parser_implementation;

constexpr std::size_t kLeast = 64 * 1024, kKept = 256 * 1024;   // bytes of text
static_assert(simdjson::SIMDJSON_PADDING <= kJsonPadding);

// Of this process, without a destructor: nothing of it has to be done at exit.
Parser* parser = nullptr;
std::size_t capacity = 0;

void let_go() {
  delete parser;
  parser = nullptr;
  capacity = 0;
}

void make_room(std::size_t size) {
  if (parser != nullptr && size <= capacity) return;
  let_go();
  const std::size_t wanted = size < kLeast ? kLeast : size;
  std::unique_ptr<Parser> made;
  if (simdjson::get_active_implementation()->create_dom_parser_implementation(wanted, 1, made) != simdjson::SUCCESS) throw std::bad_alloc();
  parser = made.release();
  capacity = wanted;
}

}  // namespace

JsonTokens::JsonTokens(std::string_view text) {
  make_room(text.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const simdjson::error_code code = parser->stage1(bytes, text.size(), simdjson::stage1_mode::regular);
  // The server has checked the encoding, which need not be UTF-8; the tokens are found all the same.
  if (code == simdjson::SUCCESS || code == simdjson::UTF8_ERROR)
    starts_ = {parser->structural_indexes.get(), parser->n_structural_indexes};
}

JsonTokens::~JsonTokens() {
  if (capacity > kKept) let_go();
}

}  // namespace ea::core
