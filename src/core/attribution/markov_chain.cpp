#include "core/attribution/markov_chain.hpp"

#include <algorithm>
#include <cmath>

#include "core/bytes/error.hpp"

namespace ea::core {

namespace {

using Numbers = std::pmr::vector<double>;

// Let C have the journeys from key to key, and M = D - C, where D has those that leave each key for another one, for a
// conversion or for nothing; who stays changes nothing. Then M h = conversions is solved by the chance h to convert from each
// key, and what comes to a key from the start is x M^-1 of the starts, over the diagonal of M^-1. M is taken to pieces by
// the way of Grassmann, Taksar and Heyman (1985): a pivot is the sum of what leaves, and never a difference. All numbers are
// then sums, products and quotients of what is not negative, and as exact as these, however rarely a journey ends.
class Elimination {
 public:
  Elimination(const Numbers& steps, std::size_t stride, const Numbers& leaving, std::pmr::memory_resource* memory)
      : n_(leaving.size()), cells_(n_ * n_, memory), pivots_(n_, memory), leaving_(leaving, memory) {
    for (std::size_t i = 0; i < n_; i++) std::copy_n(&steps[i * stride], n_, row(i));
  }

  // M = L U: of L what is below its diagonal of ones, of U what is right of the pivots, both with the sign turned round.
  void eliminate(Pulse& pulse) {
    for (std::size_t k = 0; k < n_; k++) {
      double pivot = leaving_[k];
      for (std::size_t j = k + 1; j < n_; j++) pivot += row(k)[j];
      pivots_[k] = pivot > 0 ? pivot : 1;    // nobody comes to such a key
      for (std::size_t i = k + 1; i < n_; i++) {
        pulse();
        if (row(i)[k] == 0) continue;
        const double part = row(i)[k] /= pivots_[k];
        add_scaled(row(i), row(k), part, k + 1, n_);
        leaving_[i] += part * leaving_[k];
      }
    }
  }

  // M h = y, in place.
  void solve(Numbers& y) const {
    for (std::size_t i = 0; i < n_; i++)
      for (std::size_t k = 0; k < i; k++) y[i] += row(i)[k] * y[k];
    for (std::size_t i = n_; i-- > 0;) {
      for (std::size_t j = i + 1; j < n_; j++) y[i] += row(i)[j] * y[j];
      y[i] /= pivots_[i];
    }
  }

  // x M = z, in place.
  void solve_transposed(Numbers& z) const {
    for (std::size_t i = 0; i < n_; i++) {
      z[i] /= pivots_[i];
      add_scaled(z.data(), row(i), z[i], i + 1, n_);
    }
    for (std::size_t i = n_; i-- > 0;) add_scaled(z.data(), row(i), z[i], 0, i);
  }

  // The diagonal of M^-1; nothing can be solved any more.
  void diagonal(Numbers& diagonal, Pulse& pulse) {
    for (std::size_t i = 0; i < n_; i++)    // L^-1 in its place
      for (std::size_t k = 1; k < i; k++) {
        pulse();
        add_scaled(row(i), row(k), row(i)[k], 0, k);
      }
    for (std::size_t i = n_; i-- > 0;) {    // U^-1 in its place
      for (std::size_t k = n_; --k > i;) {
        pulse();
        const double part = row(i)[k];
        row(i)[k] = part * pivots_[k];
        add_scaled(row(i), row(k), part, k + 1, n_);
      }
      pivots_[i] = 1 / pivots_[i];
      for (std::size_t j = i + 1; j < n_; j++) row(i)[j] *= pivots_[i];
    }
    for (std::size_t i = 0; i < n_; i++) {
      pulse();
      diagonal[i] = pivots_[i];
      for (std::size_t m = i + 1; m < n_; m++) diagonal[i] += row(i)[m] * row(m)[i];
    }
  }

 private:
  double* row(std::size_t i) { return &cells_[i * n_]; }
  const double* row(std::size_t i) const { return &cells_[i * n_]; }
  static void add_scaled(double* to, const double* what, double factor, std::size_t from, std::size_t end) {
    if (factor == 0) return;
    for (std::size_t j = from; j < end; j++) to[j] += factor * what[j];
  }

  std::size_t n_;
  Numbers cells_, pivots_, leaving_;
};

void require_equal(double a, double b) {
  if (!(std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b)))) throw Error(Errc::contradiction, "the equations of a Markov chain were not solved: %g is not %g", a, b);
}

}  // namespace

std::size_t MarkovChain::add_key() {
  const std::size_t key = keys();
  if (key == kMostKeys) throw Error(Errc::too_large, "markov takes at most %zu keys", kMostKeys);
  if (key == room_) {
    const std::size_t room = room_ ? room_ * 2 : 16;
    Numbers grown(room * room, steps_.get_allocator());
    for (std::size_t i = 0; i < key; i++) std::copy_n(&steps_[i * room_], key, &grown[i * room]);
    steps_.swap(grown);
    room_ = room;
  }
  starts_.push_back(0);
  conversions_.push_back(0);
  ends_.push_back(0);
  return key;
}

void MarkovChain::removal_effects(std::span<double> effects, Pulse& pulse) const {
  const std::size_t n = keys();
  std::pmr::memory_resource* memory = steps_.get_allocator().resource();
  Numbers leaving(n, memory), chances(conversions_, memory), visits(starts_, memory), inverse(n, memory);
  for (std::size_t i = 0; i < n; i++) leaving[i] = conversions_[i] + ends_[i];
  Elimination elimination(steps_, room_, leaving, memory);
  elimination.eliminate(pulse);
  elimination.solve(chances);
  elimination.solve_transposed(visits);

  // Whatever comes to a key leaves it, in both ways to say so.
  Numbers came(starts_, memory);
  double conversions = 0, converted = 0;
  for (std::size_t i = 0; i < n; i++) {
    pulse();
    double left = leaving[i], chance = conversions_[i];
    for (std::size_t j = 0; j < n; j++) {
      if (j == i) continue;
      const double journeys = steps_[i * room_ + j];
      left += journeys;
      chance += journeys * chances[j];
      came[j] += journeys * visits[i];
    }
    require_equal(left * chances[i], chance);
    leaving[i] = left;
    conversions += starts_[i] * chances[i];
    converted += conversions_[i] * visits[i];
  }
  for (std::size_t i = 0; i < n; i++) require_equal(leaving[i] * visits[i], came[i]);
  require_equal(conversions, converted);

  elimination.diagonal(inverse, pulse);
  for (std::size_t i = 0; i < n; i++) {
    effects[i] = conversions > 0 ? std::min(visits[i] / inverse[i] * chances[i] / conversions, 1.0) : 0;
    require_equal(effects[i], effects[i]);    // which no NaN does
  }
}

}  // namespace ea::core
