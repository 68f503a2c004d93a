// Who and what the feed is about: markets, users and videos.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "options.hpp"
#include "prng.hpp"

namespace feed {

struct Market {
    const char* country;
    const char* region;
    const char* city;
    const char* language;
    std::vector<const char*> areas;
    unsigned weight;  // share of users and videos, in hundredths
};

const std::vector<Market>& markets();

// Picks a market by weight; `random` is any 64 random bits.
unsigned market_of(std::uint64_t random);

struct Video {
    std::uint64_t content_id;
    std::uint64_t creator;  // a user number, from 1
    std::int64_t published_ms;
    std::uint32_t duration_ms;
    float quality;     // 0 to 1: how well it holds and moves its viewers
    float popularity;  // the Zipf part of how often it is shown
    std::uint16_t market;
    std::uint16_t area;
    std::uint64_t random;  // what its title is made of
};

// Who a user is follows from the seed and the number, so nothing is stored.
struct User {
    unsigned market;
    unsigned birth_year;  // 0: not known
    const char* gender;   // "": not known
    const char* language;
    unsigned device;
    bool has_profile;
};

class World {
public:
    explicit World(const Options& options);

    const std::vector<Video>& videos() const { return videos_; }
    User user(std::uint64_t number) const;
    // The id of a user as the tables have it.
    std::uint64_t user_id(std::uint64_t number) const;

    void write_content(const std::string& path) const;
    void write_videos(const std::string& path) const;
    void write_viewers(const std::string& path) const;

private:
    Options options_;
    std::vector<Video> videos_;
};

struct Text {
    std::string title;
    const char* category;
    std::string tags;  // a PostgreSQL array literal
};

Text describe(const Video& video);

}  // namespace feed
