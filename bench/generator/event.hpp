// One engagement on its way to a file.
#pragma once

#include <cstdint>

namespace feed {

enum class Type : std::uint8_t { view, save, share, click, skip, complete, impression };

constexpr const char* name_of(Type type) {
    constexpr const char* names[] = {"view", "save",     "share",     "click",
                                     "skip", "complete", "impression"};
    return names[static_cast<unsigned>(type)];
}

struct Event {
    std::int64_t at_ms;
    std::uint64_t session;     // 0: none
    std::uint64_t user;        // the id as stored; 0: anonymous
    std::uint64_t content_id;
    std::uint32_t watch_ms;
    std::uint16_t position;    // of the video in the visit, from 1
    Type type;
    bool completed;
};

}  // namespace feed
