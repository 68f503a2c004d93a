// Request bodies: what is taken is JSON and nothing else is, every item is good or has its fault, metadata is JSON of
// the text, and the memory is bounded and given back.
#include "core/intake/body.hpp"

#include <string>

#include "core/intake/json_text.hpp"
#include "core/intake/json_tokens.hpp"
#include "fuzz.hpp"
#include "json_oracle.hpp"

using namespace ea::core;

namespace {

using ea::fuzz::JsonOracle;
using ea::fuzz::require;

constexpr std::size_t kLimit = 100;
constexpr std::int64_t kNow = 800'000'000'000'000;

void check_items(const Body& body, std::string_view text) {
  require(body.items.size() == std::min(body.received, kLimit));
  std::uint32_t faults = 0;
  for (const BodyItem& item : body.items) {
    if (item.fault != 0) {
      require(item.fault == ++faults);
      const ItemFault& fault = body.faults[item.fault - 1];
      require(fault.fault != Fault::none && fault.message[0] != '\0');
      continue;
    }
    const EventRow& row = item.row;
    require(row.content_id > 0 && row.user_id >= 0 && row.session_id >= 0 && row.watch_time_ms >= 0 && row.created_at >= 0);
    require(row.created_at <= kNow + 86'400'000'000 && static_cast<int>(row.type) < kEngagements);
    if (item.metadata.empty()) continue;
    require(item.metadata.data() >= text.data() && item.metadata.data() + item.metadata.size() <= text.data() + text.size());
    JsonOracle metadata(item.metadata);
    require(metadata.valid() || metadata.too_deep());
  }
  require(faults == body.faults.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The padding is poison to whoever takes it for text.
  std::string buffer(reinterpret_cast<const char*>(data), size);
  buffer.append(kJsonPadding, '1');
  const std::string_view text(buffer.data(), size);
  JsonOracle oracle(text);
  const bool json = oracle.valid();
  for (const bool utf8 : {true, false}) {
    // Also a number of a few characters that has 150,000 digits.
    ea::fuzz::Budget budget(size + (32 << 10), 16);
    std::pmr::monotonic_buffer_resource memory(&budget);
    const Reading reading{utf8, kLimit, kNow, [](const char*, int, int limit) { return limit; }, [] {}};
    const Body body = read_body(text, reading, &memory);
    if (!oracle.too_deep()) require((body.shape != Body::Shape::not_json) == json);
    if (body.shape == Body::Shape::not_json)
      require(body.at == Body::kNowhere || body.at <= size);
    else
      check_items(body, text);
  }
  return 0;
}
