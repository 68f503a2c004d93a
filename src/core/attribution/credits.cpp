#include "core/attribution/credits.hpp"

#include <algorithm>
#include <cmath>

namespace ea::core {

namespace {

Units units_of(double conversions) { return static_cast<Units>(std::ldexp(conversions, kUnitBits)); }

std::uint64_t age(const Touch& touch, const Moment& conversion) { return static_cast<std::uint64_t>(conversion.at) - static_cast<std::uint64_t>(touch.when.at); }

}  // namespace

double KeyCredit::conversions() const { return std::ldexp(static_cast<double>(units), -kUnitBits); }

Credits::Credits(AttributionModel model, std::int64_t lookback, double half_life, std::size_t keys, std::pmr::memory_resource* memory)
    : model_(model), lookback_(lookback), keys_(keys, memory), changes_(memory), decayed_(half_life, memory), present_(memory), chain_(memory), states_(memory) {
  if (model == AttributionModel::shapley) present_.resize(keys);
  if (model == AttributionModel::markov) states_.resize(keys, -1);
}

void Credits::add(std::span<const Touch> touches, std::span<const Moment> conversions, Pulse& pulse) {
  changes_.assign(touches.size() + 1, {});
  const bool by_key = model_ == AttributionModel::shapley, by_age = model_ == AttributionModel::time_decay;
  if (by_age) decayed_.begin(touches);
  const std::int64_t before = conversions_ - untouched_;
  std::size_t first = 0, end = 0;    // those that serve the conversion at hand
  for (const Moment& conversion : conversions) {
    pulse();
    for (; end < touches.size() && touches[end].when < conversion; end++) {
      pulse();
      if (by_key) come(touches[end].key);
    }
    for (; first < end && age(touches[first], conversion) > static_cast<std::uint64_t>(lookback_); first++) {
      pulse();
      if (by_key) go(touches[first].key);
    }
    conversions_++;
    if (first == end) {
      untouched_++;
      continue;
    }
    changes_[first].served++, changes_[end].served--;
    switch (model_) {
      case AttributionModel::first: share(first, first + 1, kConversion); break;
      case AttributionModel::last: share(end - 1, end, kConversion); break;
      case AttributionModel::linear: share(first, end, kConversion); break;
      case AttributionModel::position:
        if (end - first < 3) {
          share(first, end, kConversion);
        } else {
          constexpr Units kEnd = kConversion / 5 * 2;
          static_assert(kAtEitherEnd == 0.4);
          share(first, first + 1, kEnd);
          share(first + 1, end - 1, kConversion - 2 * kEnd);
          share(end - 1, end, kEnd);
        }
        break;
      case AttributionModel::time_decay: decayed_.add(first, end, pulse); break;
      case AttributionModel::shapley: share_by_key(touches[end - 1].key); break;
      case AttributionModel::markov:
        chain_.starts(state_of(touches[first].key), 1);
        chain_.converts(state_of(touches[end - 1].key), 1);
        changes_[first].steps++, changes_[end - 1].steps--;
        break;
    }
  }
  for (; by_key && first < end; first++) go(touches[first].key);
  if (by_age) share_by_age(touches, conversions_ - untouched_ - before, pulse);
  Change sum;
  for (std::size_t i = 0; i < touches.size(); i++) {
    pulse();
    sum.units += changes_[i].units;
    sum.served += changes_[i].served;
    sum.steps += changes_[i].steps;
    KeyCredit& credit = keys_[touches[i].key];
    credit.units += sum.units;
    credit.touches += sum.served;
    if (sum.steps > 0) chain_.goes(state_of(touches[i].key), state_of(touches[i + 1].key), static_cast<double>(sum.steps));
  }
}

void Credits::add_vain(std::span<const Touch> touches, Pulse& pulse) {
  if (model_ != AttributionModel::markov || touches.empty()) return;
  chain_.starts(state_of(touches.front().key), 1);
  for (std::size_t i = 0; i < touches.size(); i++) {
    pulse();
    keys_[touches[i].key].in_vain = true;
    if (i > 0) chain_.goes(state_of(touches[i - 1].key), state_of(touches[i].key), 1);
  }
  chain_.ends(state_of(touches.back().key), 1);
}

// In equal parts; what cannot be parted goes to the first ones, a unit each.
void Credits::share(std::size_t first, std::size_t end, Units units) {
  const Units touches = static_cast<Units>(end - first), part = units / touches;
  changes_[first].units += part + 1;
  changes_[first + static_cast<std::size_t>(units % touches)].units -= 1;
  changes_[end].units -= part;
}

// What is left of all conversions by parts that are doubles goes to the touch that has the most.
void Credits::share_by_age(std::span<const Touch> touches, std::int64_t conversions, Pulse& pulse) {
  if (conversions == 0) return;
  Units left = kConversion * conversions;
  const std::span<const double> shares = decayed_.finish(pulse);
  for (std::size_t i = 0; i < touches.size(); i++) {
    pulse();
    const Units units = units_of(shares[i]);
    keys_[touches[i].key].units += units;
    left -= units;
  }
  keys_[touches[static_cast<std::size_t>(std::max_element(shares.begin(), shares.end()) - shares.begin())].key].units += left;
}

// Keys that are there all get the same: it is enough to know what had been given when one came and when it goes.
void Credits::share_by_key(std::uint32_t newest) {
  each_ += kConversion / distinct_;
  keys_[newest].units += kConversion % distinct_;
}

void Credits::come(std::uint32_t key) {
  Present& present = present_[key];
  if (present.touches++ > 0) return;
  present.since = each_;
  distinct_++;
}

void Credits::go(std::uint32_t key) {
  Present& present = present_[key];
  if (--present.touches > 0) return;
  keys_[key].units += each_ - present.since;
  distinct_--;
}

std::size_t Credits::state_of(std::uint32_t key) {
  if (states_[key] < 0) states_[key] = static_cast<std::int32_t>(chain_.add_key());
  return static_cast<std::size_t>(states_[key]);
}

// In proportion to what would be lost without each.
void Credits::finish(Pulse& pulse) {
  const std::int64_t touched = conversions_ - untouched_;
  if (model_ != AttributionModel::markov || touched == 0) return;
  std::pmr::vector<double> effects(chain_.keys(), keys_.get_allocator());
  chain_.removal_effects(effects, pulse);
  double sum = 0;
  for (const double effect : effects) sum += effect;
  Units left = kConversion * touched;
  KeyCredit* most = nullptr;
  for (std::size_t key = 0; key < keys_.size(); key++) {
    if (states_[key] < 0) continue;
    KeyCredit& credit = keys_[key];
    credit.units = units_of(effects[static_cast<std::size_t>(states_[key])] / sum * static_cast<double>(touched));
    left -= credit.units;
    if (!most || most->units < credit.units) most = &credit;
  }
  most->units += left;
}

}  // namespace ea::core
