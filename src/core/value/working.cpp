#include "core/value/working.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/set/payload.hpp"
#include "core/value/summary_format.hpp"

namespace ea::core::working {

namespace {

// With the server's length word of 4 bytes in front, this and every size it grows to fills a power
// of two, which is what the server's allocator hands out anyway. Room for 5 keys.
constexpr std::size_t kLengthWord = 4;
constexpr std::size_t kInitialSize = 128 - kLengthWord;

std::size_t key_count(const std::byte* bytes) {
  return load_le<std::uint32_t>(bytes + kKeyCountAt);
}
std::size_t room_for(std::size_t size) { return (size - kKeysAt) / sizeof(std::uint64_t); }

std::int64_t key_at(const std::byte* bytes, std::size_t i) {
  return static_cast<std::int64_t>(load_le<std::uint64_t>(bytes + kKeysAt + 8 * i));
}
void put_key(std::byte* bytes, std::size_t i, std::int64_t key) {
  store_le(bytes + kKeysAt + 8 * i, static_cast<std::uint64_t>(key));
}

Counters load_counters(const std::byte* bytes) {
  Counters counters;
  const std::byte* from = bytes + kCountersAt;
  for (const auto counter : kCounters) {
    counters.*counter = static_cast<std::int64_t>(load_le<std::uint64_t>(from));
    from += sizeof(std::uint64_t);
  }
  return counters;
}

void store_state(std::byte* bytes, const Counters& counters, std::size_t keys) {
  std::byte* to = bytes + kCountersAt;
  for (const auto counter : kCounters) {
    store_le(to, static_cast<std::uint64_t>(counters.*counter));
    to += sizeof(std::uint64_t);
  }
  store_le(bytes + kKeyCountAt, static_cast<std::uint32_t>(keys));
}

// Enough to touch no byte outside; the whole state is checked where it is read as a value.
void check_bounds(Bytes bytes) {
  if (!is_working(bytes) || bytes.size() < kKeysAt || bytes.size() > kMaxBytes ||
      key_count(bytes.data()) > room_for(bytes.size())) {
    throw Error(Errc::invalid_binary, "invalid state of an engagement aggregate");
  }
}

// Index of the first of the n keys from `first` on that is not below. The halves are chosen without
// a branch: processors cannot guess where a viewer stands.
std::size_t find_key(const std::byte* bytes, std::size_t first, std::size_t n, std::int64_t key) {
  for (; n > 1; n -= n / 2) first += key_at(bytes, first + n / 2 - 1) < key ? n / 2 : 0;
  return first + (n != 0 && key_at(bytes, first) < key ? 1 : 0);
}

// The same for keys that are looked for in ascending order: what is near is found soon.
std::size_t find_next_key(const std::byte* bytes, std::size_t first, std::size_t end,
                          std::int64_t key) {
  std::size_t step = 1;
  for (; step <= end - first && key_at(bytes, first + step - 1) < key; step *= 2) first += step;
  return find_key(bytes, first, std::min(step - 1, end - first), key);
}

void move_keys(std::byte* bytes, std::size_t from, std::size_t to, std::size_t n) {
  std::memmove(bytes + kKeysAt + 8 * to, bytes + kKeysAt + 8 * from, 8 * n);
}

}  // namespace

std::size_t initial_size() { return kInitialSize; }

void init(MutableBytes bytes) {
  if (bytes.size() < kKeysAt || bytes.size() > kMaxBytes) {
    throw Error(Errc::contradiction, "no state of an engagement aggregate has %zu bytes",
                bytes.size());
  }
  std::memset(bytes.data(), 0, bytes.size());
  Writer writer(bytes);
  write_preamble(writer, Stage::working);
}

bool is_working(Bytes bytes) {
  return bytes.size() >= kPreambleSize && bytes[0] == std::byte{kSummaryMagic} &&
         bytes[1] == std::byte{kSummaryVersion} &&
         bytes[2] == static_cast<std::byte>(Stage::working) && bytes[3] == std::byte{0};
}

Put add(MutableBytes bytes, const Event& event) {
  check_bounds(bytes);
  std::byte* const state = bytes.data();
  Counters next = load_counters(state);
  next.add(event);
  std::size_t n = key_count(state);
  if (event.counts_viewer()) {
    const std::size_t at = find_key(state, 0, n, event.viewer);
    if (at == n || key_at(state, at) != event.viewer) {
      if (n == room_for(bytes.size())) return Put::full;
      move_keys(state, at, at + 1, n - at);
      put_key(state, at, event.viewer);
      ++n;
    }
  }
  store_state(state, next, n);
  return Put::done;
}

Put merge(MutableBytes bytes, Bytes encoded_or_working) {
  check_bounds(bytes);
  std::byte* const state = bytes.data();
  std::array<std::int64_t, kMaxKeys> keys;
  std::size_t n = 0;
  Counters next = load_counters(state);
  if (is_working(encoded_or_working)) {
    next.merge(read_header(encoded_or_working).counters);
    n = read_keys(encoded_or_working, keys);
  } else {
    const CanonicalSummary other = read_canonical(encoded_or_working);
    next.merge(other.header.counters);
    if (other.header.unique_viewers > kMaxKeys) return Put::full;
    if (other.header.unique_viewers != 0) n = read_set_keys(other.viewers, keys);
  }

  // Only what is new, and where it goes.
  const std::size_t ours = key_count(state);
  std::array<std::uint16_t, kMaxKeys> places;
  std::size_t fresh = 0;
  for (std::size_t i = 0, at = 0; i < n; ++i) {
    at = find_next_key(state, at, ours, keys[i]);
    if (at != ours && key_at(state, at) == keys[i]) continue;
    places[fresh] = static_cast<std::uint16_t>(at);
    keys[fresh++] = keys[i];
  }
  if (ours + fresh > room_for(bytes.size())) return Put::full;

  // From the back, so that no key of ours is overwritten before it has moved.
  for (std::size_t left = fresh, end = ours; left != 0; --left) {
    const std::size_t at = places[left - 1];
    move_keys(state, at, at + left, end - at);
    put_key(state, at + left - 1, keys[left - 1]);
    end = at;
  }
  store_state(state, next, ours + fresh);
  return Put::done;
}

std::size_t grown_size(Bytes bytes) { return 2 * (bytes.size() + kLengthWord) - kLengthWord; }

void grow(Bytes old, MutableBytes bigger) {
  check_bounds(old);
  if (bigger.size() < old.size() || bigger.size() > kMaxBytes) {
    throw Error(Errc::contradiction, "state of %zu bytes cannot grow to %zu bytes", old.size(),
                bigger.size());
  }
  const std::size_t used = kKeysAt + 8 * key_count(old.data());
  std::memcpy(bigger.data(), old.data(), used);
  std::memset(bigger.data() + used, 0, bigger.size() - used);
}

std::size_t encoded_size(Bytes bytes) {
  std::array<std::int64_t, kMaxKeys> keys;
  const std::size_t n = read_keys(bytes, keys);
  return canonical_size(load_counters(bytes.data()), {std::span(keys).first(n), {}, n});
}

void encode(Bytes bytes, MutableBytes out) {
  std::array<std::int64_t, kMaxKeys> keys;
  const std::size_t n = read_keys(bytes, keys);
  write_canonical(load_counters(bytes.data()), {std::span(keys).first(n), {}, n}, out);
}

Header read_header(Bytes prefix) {
  if (!is_working(prefix) || prefix.size() < kKeysAt) {
    throw Error(Errc::invalid_binary, "invalid state of an engagement aggregate");
  }
  const Header header{load_counters(prefix.data()), key_count(prefix.data())};
  check_header(header, Errc::invalid_binary);
  return header;
}

std::size_t read_keys(Bytes bytes, std::span<std::int64_t, kMaxKeys> keys) {
  check_bounds(bytes);
  read_header(bytes);
  const std::size_t n = key_count(bytes.data());
  for (std::size_t i = 0; i < n; ++i) {
    keys[i] = key_at(bytes.data(), i);
    if (i != 0 && keys[i] <= keys[i - 1]) {
      throw Error(Errc::invalid_binary, "invalid state of an engagement aggregate");
    }
  }
  return n;
}

}  // namespace ea::core::working
