#include "support.hpp"

#include <algorithm>

namespace ea::test {

std::pmr::memory_resource* memory() {
  static Meter meter;
  return &meter;
}

namespace {

// The core must use the resource it is given and no other; and give everything back.
class OnlyGivenMemory : public ::testing::Environment {
 public:
  void SetUp() override { std::pmr::set_default_resource(std::pmr::null_memory_resource()); }
  void TearDown() override { EXPECT_EQ(static_cast<Meter*>(memory())->held(), 0U); }
};

const auto* const environment = ::testing::AddGlobalTestEnvironment(new OnlyGivenMemory);

}  // namespace

Buffer bytes(std::initializer_list<int> values) {
  Buffer result;
  for (const int value : values) result.push_back(static_cast<std::byte>(value));
  return result;
}

Buffer from_hex(std::string_view hex) {
  Buffer result;
  std::string digits;
  for (const char c : hex) {
    if (c == ' ') continue;
    digits.push_back(c);
    if (digits.size() == 2) {
      result.push_back(static_cast<std::byte>(std::stoi(digits, nullptr, 16)));
      digits.clear();
    }
  }
  return result;
}

std::string to_hex(core::Bytes value) {
  static const char kDigits[] = "0123456789abcdef";
  std::string result;
  for (const std::byte b : value) {
    result.push_back(kDigits[std::to_integer<unsigned>(b) >> 4]);
    result.push_back(kDigits[std::to_integer<unsigned>(b) & 15]);
  }
  return result;
}

core::ViewerSet make_set(const Model& keys) {
  core::ViewerSet set(memory());
  // Not in order, and some twice.
  std::vector<std::int64_t> shuffled(keys.begin(), keys.end());
  std::shuffle(shuffled.begin(), shuffled.end(), Random(keys.size()));
  for (std::size_t i = 0; i < shuffled.size(); ++i) {
    set.insert(shuffled[i]);
    if (i % 3 == 0) set.insert(shuffled[i / 2]);
  }
  set.settle();
  return set;
}

core::ViewerSet make_set(std::initializer_list<std::int64_t> keys) { return make_set(Model(keys)); }

Model model_of(const core::ViewerSet& set) {
  Model model;
  set.for_each([&](std::int64_t key) { model.insert(model.end(), key); });
  return model;
}

Buffer encode(const core::ViewerSet& set) {
  Buffer out(core::viewer_set_size(set));
  core::encode_viewer_set(set, out);
  return out;
}

Buffer encode(const core::Summary& summary) {
  Buffer out(summary.encoded_size());
  summary.encode(out);
  return out;
}

Model random_keys(Random& random, int shape) {
  Model keys;
  const auto draw = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
  const auto add_run = [&](std::int64_t start, std::int64_t length) {
    for (std::int64_t i = 0; i < length && start <= kMax - i; ++i) keys.insert(start + i);
  };
  switch (shape) {
    case 0:  // few
      for (std::int64_t i = draw(70); i > 0; --i) keys.insert(draw(1000));
      break;
    case 1:  // scattered over 64 bits
      for (std::int64_t i = draw(3000); i > 0; --i) {
        keys.insert(static_cast<std::int64_t>(random()));
      }
      break;
    case 2:  // dense on both sides of zero
      for (std::int64_t i = draw(30000); i > 0; --i) keys.insert(draw(100000) - 50000);
      break;
    case 3:  // runs of all lengths
      for (std::int64_t i = draw(20); i > 0; --i) add_run(draw(1000000) - 500000, draw(9000));
      break;
    case 4:  // the edges
      for (const std::int64_t key : {kMin, kMin + 1, std::int64_t{-1}, std::int64_t{0},
                                     std::int64_t{1}, kMax - 1, kMax}) {
        if (draw(3) != 0) keys.insert(key);
      }
      if (draw(2) == 0) add_run(kMax - 3000, 3001);
      if (draw(2) == 0) add_run(kMin, 70000);
      break;
    case 5:  // ids and negative session ids
      for (std::int64_t i = draw(6000); i > 0; --i) {
        keys.insert(draw(3) == 0 ? -draw(1 << 20) : draw(1 << 22));
      }
      break;
    case 6:  // around the number of keys at which containers change
      for (const std::int64_t n : {62 + draw(5), 1020 + draw(9), 4093 + draw(8)}) {
        const std::int64_t base = draw(50) << 16;
        for (std::int64_t i = 0; i < n; ++i) keys.insert(base + 3 * i);
      }
      break;
    case 7:  // nearly everything of a range
      add_run(65536 * draw(3), 65536);
      for (std::int64_t i = draw(50); i > 0; --i) keys.erase(draw(3 * 65536));
      break;
    default:
      for (int part = 0; part < 3; ++part) {
        keys.merge(random_keys(random, static_cast<int>(draw(8))));
      }
  }
  return keys;
}

core::Event random_event(Random& random, std::int64_t viewers) {
  const auto n = static_cast<std::uint64_t>(viewers);
  return {static_cast<core::Engagement>(random() % core::kEngagements), random() % 8 != 0,
          static_cast<std::int64_t>(random() % n) - viewers / 4,
          static_cast<std::int32_t>(random() % 60000), random() % 2 == 0};
}

}  // namespace ea::test
