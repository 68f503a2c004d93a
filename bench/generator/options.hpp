// What the command line may ask for.
#pragma once

#include <cstdint>
#include <string>

namespace feed {

struct Options {
    std::uint64_t seed = 1;
    std::uint64_t videos = 600;
    std::uint64_t creators = 45;
    std::uint64_t viewers = 25000;
    std::uint64_t events = 300000;
    std::uint64_t sessions = 0;  // 0: one for every six events
    std::uint64_t days = 60;
    std::uint64_t batch_events = 6000;
    std::uint64_t event_ids = 0;  // percent of the rows of engagements.csv that carry one
    std::uint64_t id_bits = 0;    // 0: dense user ids; 32 or 62: scattered over that many bits
    std::int64_t end_ms = 0;
    std::string out;
    bool help = false;
};

extern const char* const usage;

// Throws std::invalid_argument with a message for the user.
Options parse_options(int argc, char** argv);

}  // namespace feed
