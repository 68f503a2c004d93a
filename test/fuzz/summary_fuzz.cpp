// Stored summaries: accepted bytes are canonical, and every reader agrees on them.
#include "core/value/summary.hpp"
#include "core/value/working.hpp"
#include "fuzz.hpp"

using namespace ea::core;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = std::as_bytes(std::span(data, size));
  ea::fuzz::Budget memory(size, 256);
  bool valid = true;
  try {
    validate_summary(input);
  } catch (const Error&) {
    valid = false;
  }
  const bool working = working::is_working(input);
  ea::fuzz::require(!(valid && working));
  try {
    const Summary summary = Summary::decode(input, &memory);
    ea::fuzz::require(valid || working);
    ea::fuzz::Buffer out(summary.encoded_size());
    summary.encode(out);
    ea::fuzz::require(working || ea::fuzz::same(out, input));
    validate_summary(out);
    const Header header = read_header(input.first(std::min(size, kHeaderSlice)));
    ea::fuzz::require(header == Header{summary.counters(), summary.viewers().cardinality()});

    // The aggregate's state takes it in, or says that it is too large.
    ea::fuzz::Buffer state(working::kMaxBytes);
    working::init(state);
    if (working::merge(state, input) == working::Put::done) {
      ea::fuzz::Buffer again(working::encoded_size(state));
      working::encode(state, again);
      ea::fuzz::require(ea::fuzz::same(again, out));
    } else {
      ea::fuzz::require(header.unique_viewers > 1000);
    }

    // Merging with itself doubles the counters and leaves the set alone.
    Summary twice(&memory);
    try {
      twice.merge(input);
      twice.merge(Bytes(out));
      twice.settle();
      ea::fuzz::require(twice.viewers() == summary.viewers());
      ea::fuzz::require(twice.counters().views == 2 * summary.counters().views);
    } catch (const Error& error) {
      ea::fuzz::require(error.code() == Errc::out_of_range);
    }
  } catch (const Error&) {
    ea::fuzz::require(!valid);
  }
  return 0;
}
