// The last hours as an application sends them: request bodies with all the
// variety and the mistakes of real clients.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "event.hpp"
#include "prng.hpp"
#include "writer.hpp"

namespace feed {

std::string make_uuid(Prng& random);

class Batches {
public:
    Batches(const std::string& path, std::uint64_t seed);

    void add(const Event& event);
    void close();

private:
    struct Body {
        std::string text;
        bool repeatable = false;
    };

    void start_body();
    void add_item(std::string item);
    void send_body();
    std::string item_of(const Event& event);
    std::string mistake(const Event& event);

    Writer file_;
    TimeText time_{'T', "Z"};
    Prng random_;
    std::vector<std::string> items_;
    std::size_t size_ = 0;        // of the body under way
    bool with_event_ids_ = true;  // old clients send none
    std::vector<Body> sent_;      // the latest, for whole bodies sent again
    std::vector<std::string> repeatable_;  // the latest items with an event id
    unsigned mistakes_ = 0;
};

}  // namespace feed
