// Stored sets: accepted bytes are canonical, and the algebra of two of them holds.
#include "core/set/viewer_set.hpp"
#include "fuzz.hpp"

using namespace ea::core;

namespace {

ea::fuzz::Buffer encode(const ViewerSet& set) {
  ea::fuzz::Buffer out(viewer_set_size(set));
  encode_viewer_set(set, out);
  return out;
}

// Reads one set and checks everything that can be said of it alone.
ViewerSet read(Bytes value, std::pmr::memory_resource* memory) {
  bool valid = true;
  try {
    validate_viewer_set(value);
  } catch (const Error&) {
    valid = false;
  }
  try {
    {
      ea::fuzz::Budget tight(value.size(), 16);
      decode_viewer_set(value, &tight);
    }
    ViewerSet set = decode_viewer_set(value, memory);
    ea::fuzz::require(valid);
    ea::fuzz::require(ea::fuzz::same(encode(set), value));
    ea::fuzz::require(encoded_cardinality(value.first(std::min<std::size_t>(value.size(), 16))) ==
                      set.cardinality());
    return set;
  } catch (const Error&) {
    ea::fuzz::require(!valid);
    throw;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  // Two bytes say where the first value ends.
  const Bytes input = std::as_bytes(std::span(data, size)).subspan(2);
  const std::size_t cut = std::min<std::size_t>(input.size(), data[0] | data[1] << 8);
  ea::fuzz::Budget memory(size, 512);
  try {
    const ViewerSet a = read(input.first(cut), &memory);
    ViewerSet b(&memory);
    if (cut < input.size()) b = read(input.subspan(cut), &memory);
    const ViewerSet both = ViewerSet::unite(a, b, &memory);
    const ViewerSet common = ViewerSet::intersect(a, b, &memory);
    const ViewerSet rest = ViewerSet::subtract(a, b, &memory);
    using ea::fuzz::require;
    require(both.cardinality() + common.cardinality() == a.cardinality() + b.cardinality());
    require(rest.cardinality() + common.cardinality() == a.cardinality());
    require(both.contains_all(a) && both.contains_all(b));
    require(a.contains_all(common) && b.contains_all(common) && a.contains_all(rest));
    require(ViewerSet::unite(rest, common, &memory) == a);
    require(ViewerSet::unite(b, a, &memory) == both);
    ViewerSet sum(&memory);
    sum.merge(b);
    sum.merge(a);
    sum.settle();
    require(sum == both);
    require(ea::fuzz::same(encode(sum), encode(both)));

    ViewerSet::Cursor cursor(both);
    std::int64_t key = 0, before = 0;
    for (int i = 0; i < 5000 && cursor.next(&key); ++i) {
      require(i == 0 || key > before);
      require(both.contains(key) && a.contains(key) + b.contains(key) == 1 + common.contains(key));
      before = key;
    }
  } catch (const Error& error) {
    ea::fuzz::require(error.code() == Errc::invalid_binary);
  }
  return 0;
}
