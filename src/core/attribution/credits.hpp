// What keys get of the conversions of many journeys, to the last unit: a conversion is shared out as whole parts of it, which
// are added up as integers, so that the order of journeys changes nothing and nothing gets lost.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

#include "core/attribution/decayed_shares.hpp"
#include "core/attribution/markov_chain.hpp"
#include "core/attribution/model.hpp"
#include "core/attribution/touch.hpp"
#include "core/loop/pulse.hpp"

namespace ea::core {

typedef __int128 Units __attribute__((aligned(8)));    // as memory of the server is
static_assert(alignof(Units) == 8);
inline constexpr int kUnitBits = 80;
inline constexpr Units kConversion = static_cast<Units>(1) << kUnitBits;    // in units

struct KeyCredit {
  Units units = 0;
  std::int64_t touches = 0;    // once for each conversion that they serve
  bool in_vain = false;        // markov: in journeys that end in nothing

  double conversions() const;
};

class Credits {
 public:
  // Lookback and half-life in the unit of moments.
  Credits(AttributionModel model, std::int64_t lookback, double half_life, std::size_t keys, std::pmr::memory_resource* memory);

  // A journey: its touches and its conversions, each in their order. A conversion takes the touches before it that are at most
  // `lookback` old. What the pulse throws ends it.
  void add(std::span<const Touch> touches, std::span<const Moment> conversions, Pulse& pulse);
  // One that comes to nothing, which only markov wants to know of.
  void add_vain(std::span<const Touch> touches, Pulse& pulse);
  void add_untouched(std::int64_t conversions) { conversions_ += conversions, untouched_ += conversions; }

  // Once, when all are in.
  void finish(Pulse& pulse);

  std::span<const KeyCredit> keys() const { return keys_; }
  std::int64_t conversions() const { return conversions_; }
  std::int64_t untouched() const { return untouched_; }    // conversions without touches

 private:
  // How much the touches from one on get more than those before it.
  struct Change {
    Units units = 0;
    std::int64_t served = 0, steps = 0;
  };
  struct Present {
    std::int64_t touches = 0;
    Units since = 0;    // what each key had got when it came
  };

  void share(std::size_t first, std::size_t end, Units units);
  void share_by_age(std::span<const Touch> touches, std::int64_t conversions, Pulse& pulse);
  void share_by_key(std::uint32_t newest);
  void come(std::uint32_t key);
  void go(std::uint32_t key);
  std::size_t state_of(std::uint32_t key);

  AttributionModel model_;
  std::int64_t lookback_;
  std::int64_t conversions_ = 0, untouched_ = 0;
  std::pmr::vector<KeyCredit> keys_;
  // Of the journey at hand.
  std::pmr::vector<Change> changes_;
  // time_decay
  DecayedShares decayed_;
  // shapley
  std::pmr::vector<Present> present_;
  std::int64_t distinct_ = 0;
  Units each_ = 0;
  // markov
  MarkovChain chain_;
  std::pmr::vector<std::int32_t> states_;    // of keys, -1 without
};

}  // namespace ea::core
