// Logs of several keys in one row: what a refresh that brings little to each of many keys writes.
//   u8 magic, u8 version, u16 reserve = 0
//   varint number of logs, at least 1
//   for each log, ascending by id, then by age from the oldest:
//     varint id: the first as zigzag, then the distance to the one before
//     varint age: how many epochs the log is older than the row
//     varint size, the log (event_log.hpp)

#pragma once

#include <span>

#include "core/bytes/codec.hpp"

namespace ea::core {

inline constexpr std::uint8_t kEventShelfMagic = 0xE8;
inline constexpr std::uint8_t kEventShelfVersion = 1;

struct ShelvedLog {
  std::int64_t id;
  std::uint64_t age;
  Bytes log;
};

// Both want logs in order.
std::size_t event_shelf_size(std::span<const ShelvedLog> logs);
void write_event_shelf(std::span<const ShelvedLog> logs, MutableBytes out);  // out has exactly event_shelf_size bytes

inline bool is_event_shelf(Bytes bytes) noexcept { return !bytes.empty() && bytes[0] == std::byte{kEventShelfMagic}; }

// Reads front to back and believes nothing; malformed bytes throw invalid_binary. What is in a log is left to its reader.
class EventShelfReader {
 public:
  explicit EventShelfReader(Bytes shelf);
  bool next(ShelvedLog* log);  // false at the end, which is checked to be one

 private:
  Reader reader_;
  std::uint64_t left_;
  bool first_ = true;
  ShelvedLog last_{};
};

}  // namespace ea::core
