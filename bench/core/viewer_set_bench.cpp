// Viewer sets against libroaring's Roaring64Map: from bytes to bytes, as values live in a database,
// and in memory. Usage: viewer_set_bench [--benchmark_filter=...]; rows come in pairs ours/roaring.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <random>
#include <roaring/roaring64map.hh>
#include <string>
#include <vector>

#include "core/set/viewer_set.hpp"

namespace {

using ea::core::Bytes;
using ea::core::ViewerSet;
using Keys = std::vector<std::int64_t>;
using Buffer = std::vector<std::byte>;

std::pmr::memory_resource* heap() { return std::pmr::new_delete_resource(); }

enum Shape { tiny, hundred, sparse, dense, runs, scattered };
constexpr const char* kShapes[] = {"tiny4", "hundred", "sparse", "dense1M", "runs", "scattered64"};

// Two sets of a shape that overlap by about half; keys in random order, as they arrive.
Keys make_keys(Shape shape, int which) {
  std::mt19937_64 random(17 * shape + which);
  Keys keys;
  const auto some = [&](std::size_t n, std::int64_t universe) {
    for (std::size_t i = 0; i < n; i++) keys.push_back(1 + static_cast<std::int64_t>(random() % universe));
  };
  switch (shape) {
    case tiny: some(4, 1'000'000); break;
    case hundred: some(100, 1'000'000); break;
    case sparse: some(10'000, 10'000'000); break;
    case dense: some(700'000, 1'000'000); break;
    case runs:
      for (std::int64_t run = 0; run < 500; run++)
        for (std::int64_t i = 0; i < 1'500; i++) keys.push_back(run * 2'000 + which * 700 + i);
      break;
    case scattered:
      for (int i = 0; i < 100'000; i++) keys.push_back(static_cast<std::int64_t>(random() ^ 0));
      break;
  }
  if (which == 1 && shape != runs) {   // half of them from the other set
    const Keys other = make_keys(shape, 0);
    for (std::size_t i = 0; i < keys.size() / 2 && i < other.size(); i++) keys[i] = other[i];
  }
  std::shuffle(keys.begin(), keys.end(), random);
  return keys;
}

ViewerSet our_set(const Keys& keys) {
  ViewerSet set(heap());
  for (const std::int64_t key : keys) set.insert(key);
  set.settle();
  return set;
}

Roaring64Map their_set(const Keys& keys) {
  Roaring64Map set;
  for (const std::int64_t key : keys) set.add(static_cast<std::uint64_t>(key));
  return set;
}

Buffer our_bytes(const ViewerSet& set) {
  Buffer bytes(ea::core::viewer_set_size(set));
  ea::core::encode_viewer_set(set, bytes);
  return bytes;
}

Buffer their_bytes(Roaring64Map& set) {
  set.runOptimize();
  Buffer bytes(set.getSizeInBytes());
  set.write(reinterpret_cast<char*>(bytes.data()));
  return bytes;
}

struct Pair {
  Keys keys[2];
  Buffer ours[2], theirs[2];
  explicit Pair(Shape shape) {
    for (int i = 0; i < 2; i++) {
      keys[i] = make_keys(shape, i);
      ours[i] = our_bytes(our_set(keys[i]));
      Roaring64Map map = their_set(keys[i]);
      theirs[i] = their_bytes(map);
    }
  }
};

const Pair& pair_of(int shape) {
  static std::unique_ptr<Pair> pairs[6];
  if (!pairs[shape]) pairs[shape] = std::make_unique<Pair>(static_cast<Shape>(shape));
  return *pairs[shape];
}

ViewerSet decode(const Buffer& bytes) { return ea::core::decode_viewer_set(bytes, heap()); }
Roaring64Map read(const Buffer& bytes) {
  return Roaring64Map::readSafe(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

void insert_ours(benchmark::State& state) {
  const Pair& pair = pair_of(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(our_bytes(our_set(pair.keys[0])));
}
void insert_roaring(benchmark::State& state) {
  const Pair& pair = pair_of(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    Roaring64Map map = their_set(pair.keys[0]);
    benchmark::DoNotOptimize(their_bytes(map));
  }
}

void union_bytes_ours(benchmark::State& state) {
  const Pair& pair = pair_of(static_cast<int>(state.range(0)));
  for (auto _ : state)
    benchmark::DoNotOptimize(our_bytes(ViewerSet::unite(decode(pair.ours[0]), decode(pair.ours[1]), heap())));
}
void union_bytes_roaring(benchmark::State& state) {
  const Pair& pair = pair_of(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    Roaring64Map sum = read(pair.theirs[0]) | read(pair.theirs[1]);
    benchmark::DoNotOptimize(their_bytes(sum));
  }
}

void intersection_bytes_ours(benchmark::State& state) {
  const Pair& pair = pair_of(static_cast<int>(state.range(0)));
  for (auto _ : state)
    benchmark::DoNotOptimize(our_bytes(ViewerSet::intersect(decode(pair.ours[0]), decode(pair.ours[1]), heap())));
}
void intersection_bytes_roaring(benchmark::State& state) {
  const Pair& pair = pair_of(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    Roaring64Map both = read(pair.theirs[0]) & read(pair.theirs[1]);
    benchmark::DoNotOptimize(their_bytes(both));
  }
}

void union_ours(benchmark::State& state) {
  const Pair& pair = pair_of(static_cast<int>(state.range(0)));
  const ViewerSet a = decode(pair.ours[0]), b = decode(pair.ours[1]);
  for (auto _ : state) benchmark::DoNotOptimize(ViewerSet::unite(a, b, heap()).cardinality());
}
void union_roaring(benchmark::State& state) {
  const Pair& pair = pair_of(static_cast<int>(state.range(0)));
  const Roaring64Map a = read(pair.theirs[0]), b = read(pair.theirs[1]);
  for (auto _ : state) benchmark::DoNotOptimize((a | b).cardinality());
}

void intersection_ours(benchmark::State& state) {
  const Pair& pair = pair_of(static_cast<int>(state.range(0)));
  const ViewerSet a = decode(pair.ours[0]), b = decode(pair.ours[1]);
  for (auto _ : state) benchmark::DoNotOptimize(ViewerSet::intersect(a, b, heap()).cardinality());
}
void intersection_roaring(benchmark::State& state) {
  const Pair& pair = pair_of(static_cast<int>(state.range(0)));
  const Roaring64Map a = read(pair.theirs[0]), b = read(pair.theirs[1]);
  for (auto _ : state) benchmark::DoNotOptimize((a & b).cardinality());
}

void cardinality_ours(benchmark::State& state) {
  const Pair& pair = pair_of(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(ea::core::encoded_cardinality(pair.ours[0]));
  state.SetLabel(std::to_string(pair.ours[0].size()));
}
void cardinality_roaring(benchmark::State& state) {
  const Pair& pair = pair_of(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(read(pair.theirs[0]).cardinality());
  state.SetLabel(std::to_string(pair.theirs[0].size()));
}

// Thirty days of a platform with a million dense ids, half of them seen each day.
void month_ours(benchmark::State& state) {
  std::vector<Buffer> days;
  for (int day = 0; day < 30; day++) {
    std::mt19937_64 random(day);
    Keys keys;
    for (int i = 0; i < 700'000; i++) keys.push_back(1 + static_cast<std::int64_t>(random() % 1'000'000));
    days.push_back(our_bytes(our_set(keys)));
  }
  for (auto _ : state) {
    ViewerSet month(heap());
    for (const Buffer& day : days) month.merge(Bytes(day).subspan(4));
    month.settle();
    benchmark::DoNotOptimize(month.cardinality());
  }
}
void month_roaring(benchmark::State& state) {
  std::vector<Buffer> days;
  for (int day = 0; day < 30; day++) {
    std::mt19937_64 random(day);
    Keys keys;
    for (int i = 0; i < 700'000; i++) keys.push_back(1 + static_cast<std::int64_t>(random() % 1'000'000));
    Roaring64Map map = their_set(keys);
    days.push_back(their_bytes(map));
  }
  for (auto _ : state) {
    Roaring64Map month;
    for (const Buffer& day : days) month |= read(day);
    benchmark::DoNotOptimize(month.cardinality());
  }
}

}  // namespace

int main(int argc, char** argv) {
  const auto add = [](const char* name, auto ours, auto theirs) {
    for (int shape = 0; shape < 6; shape++) {
      const std::string label = std::string(name) + "/" + kShapes[shape];
      benchmark::RegisterBenchmark((label + "/ours").c_str(), ours)->Arg(shape);
      benchmark::RegisterBenchmark((label + "/roaring").c_str(), theirs)->Arg(shape);
    }
  };
  add("insert", insert_ours, insert_roaring);
  add("union_of_bytes", union_bytes_ours, union_bytes_roaring);
  add("intersection_of_bytes", intersection_bytes_ours, intersection_bytes_roaring);
  add("union", union_ours, union_roaring);
  add("intersection", intersection_ours, intersection_roaring);
  add("cardinality", cardinality_ours, cardinality_roaring);
  benchmark::RegisterBenchmark("month_of_days/ours", month_ours);
  benchmark::RegisterBenchmark("month_of_days/roaring", month_roaring);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
