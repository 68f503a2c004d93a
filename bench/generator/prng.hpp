// A small generator of random numbers. The standard library's distributions
// differ from one implementation to the next; these do not, so a seed names
// the same feed everywhere.
#pragma once

#include <cstdint>

namespace feed {

// The finaliser of splitmix64: a stateless hash of one word.
constexpr std::uint64_t mix(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

// xoshiro256++ 1.0 (Blackman and Vigna, public domain), seeded by splitmix64.
class Prng {
public:
    explicit Prng(std::uint64_t seed) {
        for (auto& word : state_) word = seed = mix(seed);
    }

    std::uint64_t next() {
        const std::uint64_t result = rotate(state_[0] + state_[3], 23) + state_[0];
        const std::uint64_t shifted = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = rotate(state_[3], 45);
        return result;
    }

    // Uniform in [0, 1).
    double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

    // Uniform in [0, bound), for bounds below 2^32.
    std::uint64_t below(std::uint64_t bound) { return ((next() >> 32) * bound) >> 32; }

    // Uniform in [low, high).
    double between(double low, double high) { return low + (high - low) * unit(); }

    bool chance(double probability) { return unit() < probability; }

private:
    static constexpr std::uint64_t rotate(std::uint64_t x, int k) {
        return (x << k) | (x >> (64 - k));
    }

    std::uint64_t state_[4];
};

}  // namespace feed
