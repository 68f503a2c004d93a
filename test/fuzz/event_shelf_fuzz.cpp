// Shelves of event logs: what is accepted is in order, lies within the input, and is what the writer would write.
#include "core/tree/event_shelf.hpp"
#include "fuzz.hpp"

using namespace ea::core;
using ea::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = std::as_bytes(std::span(data, size));
  std::vector<ShelvedLog> logs;
  try {
    EventShelfReader reader(input);
    for (ShelvedLog log; reader.next(&log);) {
      require(logs.empty() || logs.back().id < log.id || (logs.back().id == log.id && logs.back().age >= log.age));
      require(log.log.empty() || (log.log.data() >= input.data() && log.log.data() + log.log.size() <= input.data() + input.size()));
      logs.push_back(log);
    }
  } catch (const Error& error) {
    require(error.code() == Errc::invalid_binary);
    return 0;
  }
  ea::fuzz::Buffer shelf(event_shelf_size(logs));
  write_event_shelf(logs, shelf);
  require(ea::fuzz::same(shelf, input));
  return 0;
}
