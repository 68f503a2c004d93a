#include "core/tree/event_shelf.hpp"

namespace ea::core {

namespace {

[[noreturn]] void malformed(const char* what) { throw Error(Errc::invalid_binary, "shelf of event logs with %s", what); }

// As unsigned: ids may lie as far apart as there are numbers.
std::uint64_t distance(std::int64_t from, std::int64_t to) {
  return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

bool in_order(const ShelvedLog& a, const ShelvedLog& b) { return a.id != b.id ? a.id < b.id : a.age >= b.age; }

}  // namespace

std::size_t event_shelf_size(std::span<const ShelvedLog> logs) {
  std::uint64_t size = 4 + varint_size(logs.size());
  for (std::size_t i = 0; i < logs.size(); ++i) {
    size += varint_size(i == 0 ? zigzag_encode(logs[0].id) : distance(logs[i - 1].id, logs[i].id)) +
            varint_size(logs[i].age) + varint_size(logs[i].log.size()) + logs[i].log.size();
  }
  return checked_size(size);
}

void write_event_shelf(std::span<const ShelvedLog> logs, MutableBytes out) {
  Writer writer(out);
  writer.u8(kEventShelfMagic);
  writer.u8(kEventShelfVersion);
  writer.u16(0);
  writer.varint(logs.size());
  for (std::size_t i = 0; i < logs.size(); ++i) {
    if (i == 0) {
      writer.zigzag(logs[0].id);
    } else {
      if (!in_order(logs[i - 1], logs[i])) throw Error(Errc::contradiction, "shelf of event logs not in order");
      writer.varint(distance(logs[i - 1].id, logs[i].id));
    }
    writer.varint(logs[i].age);
    writer.varint(logs[i].log.size());
    writer.bytes(logs[i].log);
  }
  writer.expect_full();
}

EventShelfReader::EventShelfReader(Bytes shelf) : reader_(shelf) {
  if (reader_.u8() != kEventShelfMagic) malformed("a wrong first byte");
  if (reader_.u8() != kEventShelfVersion) malformed("an unknown version");
  if (reader_.u16() != 0) malformed("reserved bits set");
  left_ = reader_.varint();
  if (left_ == 0) malformed("nothing on it");
}

bool EventShelfReader::next(ShelvedLog* log) {
  if (left_ == 0) {
    reader_.expect_end();
    return false;
  }
  ShelvedLog next{};
  if (first_) {
    next.id = reader_.zigzag();
  } else {
    const std::uint64_t step = reader_.varint();
    if (__builtin_add_overflow(last_.id, step, &next.id)) malformed("an id out of range");
  }
  next.age = reader_.varint();
  next.log = reader_.bytes(reader_.varint());
  if (!first_ && !in_order(last_, next)) malformed("logs out of order");
  first_ = false;
  last_ = next;
  --left_;
  *log = next;
  return true;
}

}  // namespace ea::core
